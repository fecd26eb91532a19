/* The built-in functions by what they are about; the table that names them is feel_builtin.c. Arguments fit the row's
 * kinds already. */
#ifndef RULE_FEEL_FUNCTIONS_H
#define RULE_FEEL_FUNCTIONS_H

#include "rule/feel_node.h"

typedef struct feel_value feel_function_call(struct feel_run *run, const struct feel_value *args, size_t count);

/* feel_text_functions.c */
feel_function_call fn_substring, fn_string_length, fn_upper_case, fn_lower_case, fn_substring_before,
    fn_substring_after, fn_contains, fn_starts_with, fn_ends_with, fn_string_join, fn_string, fn_number;
/* feel_pattern_functions.c */
feel_function_call fn_matches, fn_replace, fn_split;
/* feel_number_functions.c */
feel_function_call fn_decimal, fn_floor, fn_ceiling, fn_round_up, fn_round_down, fn_round_half_up, fn_round_half_down,
    fn_abs, fn_modulo, fn_sqrt, fn_log, fn_exp, fn_odd, fn_even, fn_sum, fn_mean, fn_product, fn_median, fn_stddev,
    fn_mode, fn_min, fn_max, fn_count;
/* feel_list_functions.c */
feel_function_call fn_list_contains, fn_all, fn_any, fn_sublist, fn_append, fn_concatenate, fn_insert_before, fn_remove,
    fn_list_replace, fn_reverse, fn_index_of, fn_union, fn_distinct_values, fn_flatten, fn_sort, fn_not, fn_is;
/* feel_time_functions.c */
feel_function_call fn_date, fn_date_of_parts, fn_time, fn_time_of_parts, fn_moment, fn_moment_of_two, fn_duration,
    fn_months_between, fn_now, fn_today, fn_day_of_year, fn_day_of_week, fn_month_of_year, fn_week_of_year;
/* feel_range_functions.c */
feel_function_call fn_range, fn_before, fn_after, fn_meets, fn_met_by, fn_overlaps, fn_overlaps_before,
    fn_overlaps_after, fn_finishes, fn_finished_by, fn_includes, fn_during, fn_starts, fn_started_by, fn_coincides;
/* feel_context_functions.c */
feel_function_call fn_get_value, fn_get_entries, fn_context, fn_context_put, fn_context_merge;

#endif
