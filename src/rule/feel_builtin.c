#include <string.h>

#include "rule/feel_functions.h"

/*
 * Every function that the standard has (DMN 1.5, tables 62 to 81), in its order; several signatures are several rows,
 * tried in turn. Kinds, a letter for each parameter, the last one for all that follow:
 *   n number  s text  b boolean  d date  t time  m date and time  D days and time duration  Y years and months duration
 *   r range  l list (another value is a list of one)  c context  f function  w date or date and time  p anything with
 * an order  * anything  ? anything, null too  N number or null  S text or null  o days and time duration or null
 */
/* clang-format off */
static const struct builtin builtins[] = {
    {STR_INIT("date"), 1, 1, {"from"}, "*", fn_date},
    {STR_INIT("date"), 3, 3, {"year", "month", "day"}, "nnn", fn_date_of_parts},
    {STR_INIT("date and time"), 2, 2, {"date", "time"}, "wt", fn_moment_of_two},
    {STR_INIT("date and time"), 1, 1, {"from"}, "*", fn_moment},
    {STR_INIT("time"), 1, 1, {"from"}, "*", fn_time},
    {STR_INIT("time"), 3, 4, {"hour", "minute", "second", "offset"}, "nnno", fn_time_of_parts},
    {STR_INIT("number"), 1, 1, {"from"}, "s", fn_number},
    {STR_INIT("number"), 3, 3, {"from", "grouping separator", "decimal separator"}, "sSS", fn_number},
    {STR_INIT("string"), 1, 1, {"from"}, "?", fn_string},
    {STR_INIT("duration"), 1, 1, {"from"}, "s", fn_duration},
    {STR_INIT("years and months duration"), 2, 2, {"from", "to"}, "w", fn_months_between},
    {STR_INIT("range"), 1, 1, {"from"}, "s", fn_range},

    {STR_INIT("not"), 1, 1, {"negand"}, "?", fn_not},
    {STR_INIT("is"), 1, 2, {"value1", "value2"}, "?", fn_is},

    {STR_INIT("substring"), 2, 3, {"string", "start position", "length"}, "snN", fn_substring},
    {STR_INIT("string length"), 1, 1, {"string"}, "s", fn_string_length},
    {STR_INIT("upper case"), 1, 1, {"string"}, "s", fn_upper_case},
    {STR_INIT("lower case"), 1, 1, {"string"}, "s", fn_lower_case},
    {STR_INIT("substring before"), 2, 2, {"string", "match"}, "s", fn_substring_before},
    {STR_INIT("substring after"), 2, 2, {"string", "match"}, "s", fn_substring_after},
    {STR_INIT("replace"), 3, 4, {"input", "pattern", "replacement", "flags"}, "sssS", fn_replace},
    {STR_INIT("contains"), 2, 2, {"string", "match"}, "s", fn_contains},
    {STR_INIT("starts with"), 2, 2, {"string", "match"}, "s", fn_starts_with},
    {STR_INIT("ends with"), 2, 2, {"string", "match"}, "s", fn_ends_with},
    {STR_INIT("matches"), 2, 3, {"input", "pattern", "flags"}, "ssS", fn_matches},
    {STR_INIT("split"), 2, 2, {"string", "delimiter"}, "s", fn_split},
    {STR_INIT("string join"), 1, 2, {"list", "delimiter"}, "lS", fn_string_join},

    {STR_INIT("list contains"), 2, 2, {"list", "element"}, "l?", fn_list_contains},
    {STR_INIT("list replace"), 3, 3, {"list", "position", "newItem"}, "ln?", fn_list_replace},
    {STR_INIT("list replace"), 3, 3, {"list", "match", "newItem"}, "lf?", fn_list_replace},
    {STR_INIT("count"), 1, 1, {"list"}, "l", fn_count},
    {STR_INIT("count"), 2, ANY_NUMBER, {NULL}, "?", fn_count},
    {STR_INIT("min"), 1, 1, {"list"}, "l", fn_min},
    {STR_INIT("min"), 2, ANY_NUMBER, {NULL}, "?", fn_min},
    {STR_INIT("max"), 1, 1, {"list"}, "l", fn_max},
    {STR_INIT("max"), 2, ANY_NUMBER, {NULL}, "?", fn_max},
    {STR_INIT("sum"), 1, 1, {"list"}, "l", fn_sum},
    {STR_INIT("sum"), 2, ANY_NUMBER, {NULL}, "?", fn_sum},
    {STR_INIT("mean"), 1, 1, {"list"}, "l", fn_mean},
    {STR_INIT("mean"), 2, ANY_NUMBER, {NULL}, "?", fn_mean},
    {STR_INIT("all"), 1, 1, {"list"}, "l", fn_all},
    {STR_INIT("all"), 2, ANY_NUMBER, {NULL}, "?", fn_all},
    {STR_INIT("any"), 1, 1, {"list"}, "l", fn_any},
    {STR_INIT("any"), 2, ANY_NUMBER, {NULL}, "?", fn_any},
    {STR_INIT("sublist"), 2, 3, {"list", "start position", "length"}, "lnN", fn_sublist},
    {STR_INIT("append"), 2, ANY_NUMBER, {"list", "item"}, "l?", fn_append},
    {STR_INIT("concatenate"), 1, ANY_NUMBER, {"list"}, "l", fn_concatenate},
    {STR_INIT("insert before"), 3, 3, {"list", "position", "newItem"}, "ln?", fn_insert_before},
    {STR_INIT("remove"), 2, 2, {"list", "position"}, "ln", fn_remove},
    {STR_INIT("reverse"), 1, 1, {"list"}, "l", fn_reverse},
    {STR_INIT("index of"), 2, 2, {"list", "match"}, "l?", fn_index_of},
    {STR_INIT("union"), 1, ANY_NUMBER, {"list"}, "l", fn_union},
    {STR_INIT("distinct values"), 1, 1, {"list"}, "l", fn_distinct_values},
    {STR_INIT("flatten"), 1, 1, {"list"}, "l", fn_flatten},
    {STR_INIT("product"), 1, 1, {"list"}, "l", fn_product},
    {STR_INIT("product"), 2, ANY_NUMBER, {NULL}, "?", fn_product},
    {STR_INIT("median"), 1, 1, {"list"}, "l", fn_median},
    {STR_INIT("median"), 2, ANY_NUMBER, {NULL}, "?", fn_median},
    {STR_INIT("stddev"), 1, 1, {"list"}, "l", fn_stddev},
    {STR_INIT("stddev"), 2, ANY_NUMBER, {NULL}, "?", fn_stddev},
    {STR_INIT("mode"), 1, 1, {"list"}, "l", fn_mode},
    {STR_INIT("mode"), 2, ANY_NUMBER, {NULL}, "?", fn_mode},
    {STR_INIT("sort"), 2, 2, {"list", "precedes"}, "lf", fn_sort},

    {STR_INIT("decimal"), 2, 2, {"n", "scale"}, "n", fn_decimal},
    {STR_INIT("floor"), 1, 2, {"n", "scale"}, "n", fn_floor},
    {STR_INIT("ceiling"), 1, 2, {"n", "scale"}, "n", fn_ceiling},
    {STR_INIT("round up"), 2, 2, {"n", "scale"}, "n", fn_round_up},
    {STR_INIT("round down"), 2, 2, {"n", "scale"}, "n", fn_round_down},
    {STR_INIT("round half up"), 2, 2, {"n", "scale"}, "n", fn_round_half_up},
    {STR_INIT("round half down"), 2, 2, {"n", "scale"}, "n", fn_round_half_down},
    {STR_INIT("abs"), 1, 1, {"n"}, "*", fn_abs},
    {STR_INIT("modulo"), 2, 2, {"dividend", "divisor"}, "n", fn_modulo},
    {STR_INIT("sqrt"), 1, 1, {"number"}, "n", fn_sqrt},
    {STR_INIT("log"), 1, 1, {"number"}, "n", fn_log},
    {STR_INIT("exp"), 1, 1, {"number"}, "n", fn_exp},
    {STR_INIT("odd"), 1, 1, {"number"}, "n", fn_odd},
    {STR_INIT("even"), 1, 1, {"number"}, "n", fn_even},

    {STR_INIT("before"), 2, 2, {"point1", "point2"}, "pp", fn_before},
    {STR_INIT("before"), 2, 2, {"point", "range"}, "pr", fn_before},
    {STR_INIT("before"), 2, 2, {"range", "point"}, "rp", fn_before},
    {STR_INIT("before"), 2, 2, {"range1", "range2"}, "rr", fn_before},
    {STR_INIT("after"), 2, 2, {"point1", "point2"}, "pp", fn_after},
    {STR_INIT("after"), 2, 2, {"point", "range"}, "pr", fn_after},
    {STR_INIT("after"), 2, 2, {"range", "point"}, "rp", fn_after},
    {STR_INIT("after"), 2, 2, {"range1", "range2"}, "rr", fn_after},
    {STR_INIT("meets"), 2, 2, {"range1", "range2"}, "r", fn_meets},
    {STR_INIT("met by"), 2, 2, {"range1", "range2"}, "r", fn_met_by},
    {STR_INIT("overlaps"), 2, 2, {"range1", "range2"}, "r", fn_overlaps},
    {STR_INIT("overlaps before"), 2, 2, {"range1", "range2"}, "r", fn_overlaps_before},
    {STR_INIT("overlaps after"), 2, 2, {"range1", "range2"}, "r", fn_overlaps_after},
    {STR_INIT("finishes"), 2, 2, {"point", "range"}, "pr", fn_finishes},
    {STR_INIT("finishes"), 2, 2, {"range1", "range2"}, "rr", fn_finishes},
    {STR_INIT("finished by"), 2, 2, {"range", "point"}, "rp", fn_finished_by},
    {STR_INIT("finished by"), 2, 2, {"range1", "range2"}, "rr", fn_finished_by},
    {STR_INIT("includes"), 2, 2, {"range", "point"}, "rp", fn_includes},
    {STR_INIT("includes"), 2, 2, {"range1", "range2"}, "rr", fn_includes},
    {STR_INIT("during"), 2, 2, {"point", "range"}, "pr", fn_during},
    {STR_INIT("during"), 2, 2, {"range1", "range2"}, "rr", fn_during},
    {STR_INIT("starts"), 2, 2, {"point", "range"}, "pr", fn_starts},
    {STR_INIT("starts"), 2, 2, {"range1", "range2"}, "rr", fn_starts},
    {STR_INIT("started by"), 2, 2, {"range", "point"}, "rp", fn_started_by},
    {STR_INIT("started by"), 2, 2, {"range1", "range2"}, "rr", fn_started_by},
    {STR_INIT("coincides"), 2, 2, {"point1", "point2"}, "pp", fn_coincides},
    {STR_INIT("coincides"), 2, 2, {"range1", "range2"}, "rr", fn_coincides},

    {STR_INIT("day of year"), 1, 1, {"date"}, "w", fn_day_of_year},
    {STR_INIT("day of week"), 1, 1, {"date"}, "w", fn_day_of_week},
    {STR_INIT("month of year"), 1, 1, {"date"}, "w", fn_month_of_year},
    {STR_INIT("week of year"), 1, 1, {"date"}, "w", fn_week_of_year},
    {STR_INIT("now"), 0, 0, {NULL}, "", fn_now},
    {STR_INIT("today"), 0, 0, {NULL}, "", fn_today},

    {STR_INIT("get value"), 2, 2, {"m", "key"}, "cs", fn_get_value},
    {STR_INIT("get entries"), 1, 1, {"m"}, "c", fn_get_entries},
    {STR_INIT("context"), 1, 1, {"entries"}, "l", fn_context},
    {STR_INIT("context put"), 3, 3, {"context", "key", "value"}, "cs?", fn_context_put},
    {STR_INIT("context put"), 3, 3, {"context", "keys", "value"}, "cl?", fn_context_put},
    {STR_INIT("context merge"), 1, 1, {"contexts"}, "l", fn_context_merge},
};
/* clang-format on */

const struct builtin *builtin_find(struct str name)
{
    for (size_t i = 0; i < LENGTH(builtins); i++)
        if (str_eq(builtins[i].name, name)) return &builtins[i];
    return NULL;
}

/* ---- matching names in a text ---- */

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           ((unsigned char)c & 0x80) != 0;
}

static size_t match_one(struct str text, struct str name)
{
    size_t at = 0;
    for (size_t i = 0; i < name.len; i++) {
        if (name.at[i] != ' ') {
            if (at >= text.len || text.at[at++] != name.at[i]) return 0;
            continue;
        }
        size_t start = at;
        while (at < text.len && memchr(" \t\r\n", text.at[at], 4) != NULL) at++;
        if (at == start) return 0;
    }
    return at < text.len && is_word_byte(text.at[at]) ? 0 : at;
}

size_t builtin_match(struct str text)
{
    size_t best = 0;
    for (size_t i = 0; i < LENGTH(builtins); i++) {
        size_t n = match_one(text, builtins[i].name);
        if (n > best) best = n;
    }
    return best;
}

/* ---- arguments ---- */

static bool has_order(enum feel_kind kind)
{
    return kind == FEEL_NUMBER || kind == FEEL_STRING || kind == FEEL_DATE || kind == FEEL_TIME ||
           kind == FEEL_MOMENT || kind == FEEL_DAYS || kind == FEEL_MONTHS;
}

static bool is_of_letter(char letter, enum feel_kind kind)
{
    switch (letter) {
    case 'n': return kind == FEEL_NUMBER;
    case 'N': return kind == FEEL_NUMBER || kind == FEEL_NULL;
    case 's': return kind == FEEL_STRING;
    case 'S': return kind == FEEL_STRING || kind == FEEL_NULL;
    case 'b': return kind == FEEL_BOOLEAN;
    case 't': return kind == FEEL_TIME;
    case 'm': return kind == FEEL_MOMENT;
    case 'o': return kind == FEEL_DAYS || kind == FEEL_NULL;
    case 'r': return kind == FEEL_RANGE;
    case 'c': return kind == FEEL_CONTEXT;
    case 'f': return kind == FEEL_FUNCTION;
    case 'w': return kind == FEEL_DATE || kind == FEEL_MOMENT;
    case 'p': return has_order(kind);
    case '*': return kind != FEEL_NULL;
    default: return true;
    }
}

/* Does it fit, perhaps as a list of one or taken out of one? */
static bool fit(struct feel_run *run, char letter, struct feel_value *v)
{
    if (letter == 'l') {
        if (v->kind == FEEL_NULL) return false;
        if (v->kind != FEEL_LIST) *v = feel_list(arena_dup(run->arena, v, sizeof *v), 1);
        return true;
    }
    if (is_of_letter(letter, v->kind)) return true;
    if (v->kind != FEEL_LIST || v->count != 1 || !is_of_letter(letter, v->items[0].kind)) return false;
    *v = v->items[0];
    return true;
}

static char letter_at(const struct builtin *b, size_t i)
{
    size_t last = strlen(b->kinds) - 1;
    return b->kinds[i < last ? i : last];
}

static bool fit_all(struct feel_run *run, const struct builtin *b, struct feel_value *args, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!fit(run, letter_at(b, i), &args[i])) return false;
    return true;
}

static int parameter_at(const struct builtin *b, struct str name)
{
    for (int i = 0; i < BUILTIN_PARAMETERS && b->parameters[i] != NULL; i++)
        if (str_eq(name, str_from(b->parameters[i]))) return i;
    return -1;
}

/* By name into the row's order; what is left out is null and must be optional. */
static bool put_in_order(const struct builtin *b, const struct str *named, const struct feel_value *args, size_t count,
                         struct feel_value out[BUILTIN_PARAMETERS], size_t *out_count)
{
    bool is_given[BUILTIN_PARAMETERS] = {false};
    *out_count = 0;
    for (size_t i = 0; i < count; i++) {
        int at = parameter_at(b, named[i]);
        if (at < 0 || is_given[at]) return false;
        is_given[at] = true;
        out[at] = args[i];
        if ((size_t)at + 1 > *out_count) *out_count = (size_t)at + 1;
    }
    for (size_t i = 0; i < *out_count; i++)
        if (!is_given[i]) out[i] = feel_null();
    return *out_count >= b->least;
}

static struct feel_value refuse(struct feel_run *run, const struct builtin *b, const struct feel_value *args,
                                size_t count)
{
    struct str kinds = STR("");
    for (size_t i = 0; i < count && i < BUILTIN_PARAMETERS; i++)
        kinds = str_format(run->arena, "%.*s%s%s", STR_ARG(kinds), i > 0 ? ", " : "", feel_kind_name(args[i].kind));
    return feel_error(run, N_("The function “{0}” does not take ({1})."), b->name, kinds);
}

enum { BYTES_OF_STEP = 16 };

/* What a function has to go through, in steps: the items of lists, and the bytes of texts, which are quicker. */
static int64_t size_of_all(const struct feel_value *args, size_t count)
{
    int64_t size = 0;
    for (size_t i = 0; i < count; i++) {
        if (args[i].kind == FEEL_LIST) size += args[i].count;
        if (args[i].kind == FEEL_STRING) size += (int64_t)(args[i].string.len / BYTES_OF_STEP);
    }
    return size;
}

struct feel_value builtin_call(struct feel_run *run, const struct builtin *b, const struct str *named,
                               const struct feel_value *args, size_t count)
{
    for (const struct builtin *row = b; row < &builtins[LENGTH(builtins)] && str_eq(row->name, b->name); row++) {
        struct feel_value few[BUILTIN_PARAMETERS], *given = few;
        size_t given_count = count;
        if (named != NULL && count > 0) {
            if (!put_in_order(row, named, args, count, few, &given_count)) continue;
        } else if (count > BUILTIN_PARAMETERS) {
            given = arena_dup(run->arena, args, count * sizeof *args);
        } else {
            for (size_t i = 0; i < count; i++) few[i] = args[i];
        }
        bool has_room = row->most == ANY_NUMBER || given_count <= row->most;
        if (given_count < row->least || !has_room || !fit_all(run, row, given, given_count)) continue;
        if (!feel_spend(run, size_of_all(given, given_count))) return feel_null();
        struct feel_value result = row->call(run, given, given_count);
        return feel_spend(run, 0) ? result : feel_null();
    }
    return refuse(run, b, args, count);
}
