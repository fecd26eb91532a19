#include <stdlib.h>

#include "rule/feel_functions.h"

/* ---- one number ---- */

enum { SCALE_LEAST = DECIMAL_SCALE_LEAST, SCALE_MOST = DECIMAL_SCALE_MOST };

static struct feel_value checked(struct feel_run *run, decimal d)
{
    if (decimal_is_finite(d)) return feel_number(d);
    return feel_error(run, N_("The function has no result for this number."));
}

static struct feel_value rounded(struct feel_run *run, const struct feel_value *args, size_t count, enum rounding how)
{
    int64_t scale = 0;
    if (count > 1 && !decimal_to_int(decimal_round(args[1].number, 0, ROUND_DOWN), &scale)) scale = INT64_MAX;
    if (scale < SCALE_LEAST || scale > SCALE_MOST)
        return feel_error(run, N_("The number of digits goes from {0} to {1}."),
                          str_format(run->arena, "%d", SCALE_LEAST), str_format(run->arena, "%d", SCALE_MOST));
    return feel_number(decimal_round(args[0].number, (int)scale, how));
}

struct feel_value fn_decimal(struct feel_run *run, const struct feel_value *args, size_t count)
{
    return rounded(run, args, count, ROUND_HALF_EVEN);
}

struct feel_value fn_floor(struct feel_run *run, const struct feel_value *args, size_t count)
{
    return rounded(run, args, count, ROUND_FLOOR);
}

struct feel_value fn_ceiling(struct feel_run *run, const struct feel_value *args, size_t count)
{
    return rounded(run, args, count, ROUND_CEILING);
}

struct feel_value fn_round_up(struct feel_run *run, const struct feel_value *args, size_t count)
{
    return rounded(run, args, count, ROUND_UP);
}

struct feel_value fn_round_down(struct feel_run *run, const struct feel_value *args, size_t count)
{
    return rounded(run, args, count, ROUND_DOWN);
}

struct feel_value fn_round_half_up(struct feel_run *run, const struct feel_value *args, size_t count)
{
    return rounded(run, args, count, ROUND_HALF_UP);
}

struct feel_value fn_round_half_down(struct feel_run *run, const struct feel_value *args, size_t count)
{
    return rounded(run, args, count, ROUND_HALF_DOWN);
}

struct feel_value fn_abs(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct feel_value v = args[0];
    (void)count;
    if (v.kind == FEEL_NUMBER) return feel_number(v.number < 0 ? -v.number : v.number);
    if (v.kind == FEEL_DAYS) return feel_days_value(v.nanos < 0 ? -v.nanos : v.nanos);
    if (v.kind == FEEL_MONTHS) return feel_months_value(v.months < 0 ? -v.months : v.months);
    return feel_error(run, N_("“{0}” is not defined for {1}."), STR("abs"), str_from(feel_kind_name(v.kind)));
}

struct feel_value fn_modulo(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)count;
    if (args[1].number == 0) return feel_error(run, N_("The function has no result for this number."));
    return checked(run, decimal_modulo(args[0].number, args[1].number));
}

struct feel_value fn_sqrt(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)count;
    return checked(run, decimal_sqrt(args[0].number));
}

struct feel_value fn_log(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)count;
    return checked(run, decimal_log(args[0].number));
}

struct feel_value fn_exp(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)count;
    return checked(run, decimal_exp(args[0].number));
}

static struct feel_value parity(const struct feel_value *args, decimal wanted)
{
    decimal rest = decimal_modulo(args[0].number, 2);
    return feel_boolean(rest == wanted);
}

struct feel_value fn_odd(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)run;
    (void)count;
    return parity(args, 1);
}

struct feel_value fn_even(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)run;
    (void)count;
    return parity(args, 0);
}

/* ---- many numbers: a list, or each an argument ---- */

static struct feel_value all_of(const struct feel_value *args, size_t count)
{
    return count == 1 && args[0].kind == FEEL_LIST ? args[0] : feel_list(args, count);
}

static bool are_numbers(struct feel_run *run, struct feel_value list)
{
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i].kind != FEEL_NUMBER) {
            (void)feel_error(run, N_("The list holds a {0} among the numbers."),
                             str_from(feel_kind_name(list.items[i].kind)));
            return false;
        }
    return true;
}

static struct feel_value empty(struct feel_run *run)
{
    return feel_error(run, N_("The list is empty."));
}

struct feel_value fn_count(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)run;
    return feel_integer(all_of(args, count).count);
}

static struct feel_value extreme(struct feel_run *run, struct feel_value list, int wanted)
{
    int order;
    if (list.count == 0) return empty(run);
    struct feel_value best = list.items[0];
    for (size_t i = 0; i < list.count; i++) {
        if (!feel_compare(list.items[i], best, &order))
            return feel_error(run, N_("The items of the list have no common order."));
        if (order == wanted) best = list.items[i];
    }
    return best;
}

struct feel_value fn_min(struct feel_run *run, const struct feel_value *args, size_t count)
{
    return extreme(run, all_of(args, count), -1);
}

struct feel_value fn_max(struct feel_run *run, const struct feel_value *args, size_t count)
{
    return extreme(run, all_of(args, count), 1);
}

/* Durations are added too. */
struct feel_value fn_sum(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct feel_value list = all_of(args, count);
    if (list.count == 0) return empty(run);
    struct feel_value sum = list.items[0];
    bool is_fine = sum.kind == FEEL_NUMBER || sum.kind == FEEL_DAYS || sum.kind == FEEL_MONTHS;
    for (size_t i = 1; i < list.count && is_fine; i++) {
        is_fine = list.items[i].kind == sum.kind;
        if (is_fine) sum = feel_add(run, sum, list.items[i]);
    }
    if (!is_fine) return feel_error(run, N_("Only numbers or durations of one kind can be added up."));
    return sum;
}

static decimal sum_of(struct feel_value list)
{
    decimal sum = 0;
    for (size_t i = 0; i < list.count; i++) sum += list.items[i].number;
    return sum;
}

struct feel_value fn_mean(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct feel_value list = all_of(args, count);
    if (list.count == 0) return empty(run);
    if (!are_numbers(run, list)) return feel_null();
    return checked(run, sum_of(list) / (decimal)list.count);
}

struct feel_value fn_product(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct feel_value list = all_of(args, count);
    decimal product = 1;
    if (list.count == 0) return empty(run);
    if (!are_numbers(run, list)) return feel_null();
    for (size_t i = 0; i < list.count; i++) product *= list.items[i].number;
    return checked(run, product);
}

static int by_number(const void *a, const void *b)
{
    decimal x = ((const struct feel_value *)a)->number, y = ((const struct feel_value *)b)->number;
    return (x > y) - (x < y);
}

static struct feel_value *sorted_numbers(struct arena *a, struct feel_value list)
{
    struct feel_value *items = arena_dup(a, list.items, list.count * sizeof *items);
    qsort(items, list.count, sizeof *items, by_number);
    return items;
}

struct feel_value fn_median(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct feel_value list = all_of(args, count);
    if (list.count == 0) return empty(run);
    if (!are_numbers(run, list)) return feel_null();
    struct feel_value *items = sorted_numbers(run->arena, list);
    size_t half = list.count / 2;
    if (list.count % 2 == 1) return items[half];
    return checked(run, (items[half - 1].number + items[half].number) / 2);
}

/* Of a sample: divided by one less than their number. */
struct feel_value fn_stddev(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct feel_value list = all_of(args, count);
    if (list.count < 2) return feel_error(run, N_("A standard deviation needs two numbers at least."));
    if (!are_numbers(run, list)) return feel_null();
    decimal mean = sum_of(list) / (decimal)list.count, squares = 0;
    for (size_t i = 0; i < list.count; i++) squares += (list.items[i].number - mean) * (list.items[i].number - mean);
    return checked(run, decimal_sqrt(squares / (decimal)(list.count - 1)));
}

/* The most frequent ones, in order. */
struct feel_value fn_mode(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct feel_value list = all_of(args, count);
    if (!are_numbers(run, list)) return feel_null();
    struct feel_value *items = sorted_numbers(run->arena, list);
    struct feel_value *out = ARENA_ARRAY(run->arena, struct feel_value, list.count + 1);
    size_t out_count = 0, most = 0;
    for (size_t i = 0, run_length; i < list.count; i += run_length) {
        for (run_length = 1; i + run_length < list.count && items[i + run_length].number == items[i].number;)
            run_length++;
        if (run_length > most) out_count = 0;
        if (run_length >= most) {
            most = run_length;
            out[out_count++] = items[i];
        }
    }
    return feel_list(out, out_count);
}
