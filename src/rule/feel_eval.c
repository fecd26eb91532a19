#include <string.h>

#include "base/clock.h"
#include "base/list.h"
#include "rule/feel_node.h"

/* Each level of an evaluation costs some 300 bytes of a stack that may have only 256 KiB. */
enum { EVAL_DEPTH = 500 };

typedef struct feel_value eval_fn(struct feel_run *run, const struct feel_node *n, const struct frame *f);

/* ---- the run ---- */

void feel_run_init(struct feel_run *run, struct arena *a)
{
    memset(run, 0, sizeof *run);
    run->arena = a;
    run->arena_start_bytes = a->used_bytes;
    run->steps_left = FEEL_STEPS;
    run->now_us = INSTANT_NONE;
}

struct feel_value feel_error_with(struct feel_run *run, const char *sentence, const struct str args[FAIL_ARGS])
{
    if (run->is_stopped) return feel_null(); /* what follows from it says nothing new */
    if (run->problem_count < FEEL_PROBLEMS) {
        struct feel_problem *p = &run->problems[run->problem_count];
        *p = (struct feel_problem){sentence, {STR_NONE}, run->line, run->column, run->where};
        for (size_t i = 0; i < FAIL_ARGS; i++) p->args[i] = str_dup(run->arena, args[i]);
    }
    run->problem_count++;
    return feel_null();
}

enum outcome feel_run_outcome(const struct feel_run *run, struct fail *why)
{
    for (size_t i = 0; i < run->problem_count && i < FEEL_PROBLEMS; i++) {
        const struct feel_problem *p = &run->problems[i];
        struct str place =
            str_format(why->arena, "%.*s%s%u:%u", STR_ARG(p->where), p->where.len > 0 ? " " : "", p->line, p->column);
        fail_problem_with(why, place, "feel", p->sentence, p->args);
    }
    return fail_if_problems(why);
}

static bool is_stopped(const struct feel_run *run)
{
    return run->steps_left <= 0;
}

/* Ends the whole evaluation; said once. */
static struct feel_value stop(struct feel_run *run, const char *sentence)
{
    if (!run->is_stopped) (void)feel_error(run, sentence); /* null either way */
    run->is_stopped = true;
    run->steps_left = 0;
    return feel_null();
}

static struct str kind_of(struct feel_value v)
{
    return str_from(feel_kind_name(v.kind));
}

static struct feel_value wrong_kinds(struct feel_run *run, const char *sign, struct feel_value a, struct feel_value b)
{
    return feel_error(run, N_("“{0}” is not defined between {1} and {2}."), str_from(sign), kind_of(a), kind_of(b));
}

static struct feel_value finite(struct feel_run *run, decimal d)
{
    if (decimal_is_finite(d)) return feel_number(d);
    return feel_error(run, N_("The result is not a number: divided by zero, or too large."));
}

/* ---- arithmetic (DMN 1.5, tables 50 to 53) ---- */

static struct feel_value checked_moment(struct feel_run *run, bool is_fine, struct feel_moment m)
{
    if (!is_fine) return feel_error(run, N_("The date is beyond the years that dates can have."));
    return feel_moment_value(run->arena, m);
}

static struct feel_value checked_date(struct feel_run *run, bool is_fine, struct feel_date d)
{
    if (!is_fine) return feel_error(run, N_("The date is beyond the years that dates can have."));
    return feel_date_value(d);
}

static struct feel_moment first_moment(struct feel_date d)
{
    return (struct feel_moment){.date = d};
}

/* A date, a time or a moment, so much later. */
static struct feel_value shifted(struct feel_run *run, struct feel_value when, struct feel_value by, int sign)
{
    struct feel_moment m;
    struct feel_date d;
    bool is_fine;
    nanos_t nanos = by.kind == FEEL_DAYS ? sign * by.nanos : 0;
    int64_t months = by.kind == FEEL_MONTHS ? sign * by.months : 0;
    if (when.kind == FEEL_TIME && by.kind == FEEL_DAYS) return feel_time_value(time_add(when.time, nanos));
    if (when.kind == FEEL_DATE && by.kind == FEEL_MONTHS) {
        is_fine = date_add_months(when.date, months, &d);
        return checked_date(run, is_fine, d);
    }
    if (when.kind == FEEL_DATE && by.kind == FEEL_DAYS) {
        m = first_moment(when.date);
        is_fine = moment_add(&m, nanos, &m);
        return checked_date(run, is_fine, m.date);
    }
    if (when.kind != FEEL_MOMENT) return wrong_kinds(run, sign > 0 ? "+" : "-", when, by);
    m = *when.moment;
    if (by.kind == FEEL_MONTHS)
        is_fine = date_add_months(m.date, months, &m.date);
    else
        is_fine = moment_add(when.moment, nanos, &m);
    return checked_moment(run, is_fine, m);
}

static bool is_duration(struct feel_value v)
{
    return v.kind == FEEL_DAYS || v.kind == FEEL_MONTHS;
}

static bool is_when(struct feel_value v)
{
    return v.kind == FEEL_DATE || v.kind == FEEL_TIME || v.kind == FEEL_MOMENT;
}

/* Far below where products of the two would leave 128 bits. */
static bool is_bearable(nanos_t n)
{
    const nanos_t most = (nanos_t)INT64_MAX * NANOS_PER_S;
    return n < most && n > -most;
}

static struct feel_value days(struct feel_run *run, nanos_t n)
{
    if (!is_bearable(n)) return feel_error(run, N_("The duration is too long."));
    return feel_days_value(n);
}

struct feel_value feel_add(struct feel_run *run, struct feel_value a, struct feel_value b)
{
    int64_t months;
    if (a.kind == FEEL_NUMBER && b.kind == FEEL_NUMBER) return finite(run, a.number + b.number);
    if (a.kind == FEEL_STRING && b.kind == FEEL_STRING)
        return feel_string(str_format(run->arena, "%.*s%.*s", STR_ARG(a.string), STR_ARG(b.string)));
    if (a.kind == FEEL_DAYS && b.kind == FEEL_DAYS) return days(run, a.nanos + b.nanos);
    if (a.kind == FEEL_MONTHS && b.kind == FEEL_MONTHS && !__builtin_add_overflow(a.months, b.months, &months))
        return feel_months_value(months);
    if (is_when(a) && is_duration(b)) return shifted(run, a, b, 1);
    if (is_duration(a) && is_when(b)) return shifted(run, b, a, 1);
    return wrong_kinds(run, "+", a, b);
}

/* A date counts as its first moment in UTC (DMN 1.5, 10.3.2.3.5). */
static struct feel_value moments_between(struct feel_run *run, struct feel_value a, struct feel_value b)
{
    struct feel_moment from, to;
    to = a.kind == FEEL_DATE ? first_moment(a.date) : *a.moment;
    from = b.kind == FEEL_DATE ? first_moment(b.date) : *b.moment;
    const struct feel_zone utc = {.offset_s = 0};
    if (a.kind == FEEL_DATE) to.time.zone = &utc;
    if (b.kind == FEEL_DATE) from.time.zone = &utc;
    if ((to.time.zone == NULL) != (from.time.zone == NULL))
        return feel_error(run, N_("One of the two moments has a time zone, the other has none."));
    return days(run, moment_nanos(&to) - moment_nanos(&from));
}

struct feel_value feel_subtract(struct feel_run *run, struct feel_value a, struct feel_value b)
{
    int64_t months;
    bool is_day = a.kind == FEEL_DATE || a.kind == FEEL_MOMENT,
         is_other_day = b.kind == FEEL_DATE || b.kind == FEEL_MOMENT;
    if (a.kind == FEEL_NUMBER && b.kind == FEEL_NUMBER) return finite(run, a.number - b.number);
    if (a.kind == FEEL_DAYS && b.kind == FEEL_DAYS) return days(run, a.nanos - b.nanos);
    if (a.kind == FEEL_MONTHS && b.kind == FEEL_MONTHS && !__builtin_sub_overflow(a.months, b.months, &months))
        return feel_months_value(months);
    if (is_day && is_other_day) return moments_between(run, a, b);
    if (a.kind == FEEL_TIME && b.kind == FEEL_TIME) {
        const struct feel_date day = {1970, 1, 1};
        struct feel_moment to = {day, a.time}, from = {day, b.time};
        return days(run, moment_nanos(&to) - moment_nanos(&from));
    }
    if (is_when(a) && is_duration(b)) return shifted(run, a, b, -1);
    return wrong_kinds(run, "-", a, b);
}

static decimal nanos_to_decimal(nanos_t n)
{
    return (decimal)(int64_t)(n / NANOS_PER_S) + (decimal)(int64_t)(n % NANOS_PER_S) / (decimal)NANOS_PER_S;
}

static struct feel_value days_of_seconds(struct feel_run *run, decimal seconds)
{
    if (!decimal_is_finite(seconds) || seconds > (decimal)INT64_MAX || seconds < -(decimal)INT64_MAX)
        return feel_error(run, N_("The duration is too long."));
    int64_t whole = (int64_t)seconds;
    nanos_t rest = (nanos_t)(int64_t)((seconds - (decimal)whole) * (decimal)NANOS_PER_S);
    return days(run, (nanos_t)whole * NANOS_PER_S + rest);
}

static struct feel_value months_of(struct feel_run *run, decimal months)
{
    int64_t whole;
    if (!decimal_to_int(decimal_round(months, 0, ROUND_DOWN), &whole))
        return feel_error(run, N_("The duration is too long."));
    return feel_months_value(whole);
}

static struct feel_value multiply(struct feel_run *run, struct feel_value a, struct feel_value b)
{
    if (a.kind == FEEL_NUMBER && b.kind == FEEL_NUMBER) return finite(run, a.number * b.number);
    if (a.kind == FEEL_NUMBER && is_duration(b)) return multiply(run, b, a);
    if (a.kind == FEEL_DAYS && b.kind == FEEL_NUMBER) return days_of_seconds(run, nanos_to_decimal(a.nanos) * b.number);
    if (a.kind == FEEL_MONTHS && b.kind == FEEL_NUMBER) return months_of(run, (decimal)a.months * b.number);
    return wrong_kinds(run, "*", a, b);
}

static struct feel_value divide(struct feel_run *run, struct feel_value a, struct feel_value b)
{
    if (a.kind == FEEL_NUMBER && b.kind == FEEL_NUMBER) return finite(run, a.number / b.number);
    if (a.kind == FEEL_DAYS && b.kind == FEEL_DAYS)
        return finite(run, nanos_to_decimal(a.nanos) / nanos_to_decimal(b.nanos));
    if (a.kind == FEEL_MONTHS && b.kind == FEEL_MONTHS) return finite(run, (decimal)a.months / (decimal)b.months);
    if (b.kind == FEEL_NUMBER && is_duration(a)) {
        if (b.number == 0) return feel_error(run, N_("A duration cannot be divided by zero."));
        return a.kind == FEEL_DAYS ? days_of_seconds(run, nanos_to_decimal(a.nanos) / b.number)
                                   : months_of(run, (decimal)a.months / b.number);
    }
    return wrong_kinds(run, "/", a, b);
}

static struct feel_value power(struct feel_run *run, struct feel_value a, struct feel_value b)
{
    if (a.kind != FEEL_NUMBER || b.kind != FEEL_NUMBER) return wrong_kinds(run, "**", a, b);
    return finite(run, decimal_power(a.number, b.number));
}

static struct feel_value eval_arithmetic(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_value a = eval(run, n->a, f), b = eval(run, n->b, f);
    run->line = n->line;
    run->column = n->column;
    switch (n->kind) {
    case NODE_ADD: return feel_add(run, a, b);
    case NODE_SUBTRACT: return feel_subtract(run, a, b);
    case NODE_MULTIPLY: return multiply(run, a, b);
    case NODE_DIVIDE: return divide(run, a, b);
    default: return power(run, a, b);
    }
}

static struct feel_value eval_negate(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_value a = eval(run, n->a, f);
    if (a.kind == FEEL_NUMBER) return feel_number(-a.number);
    if (a.kind == FEEL_DAYS) return feel_days_value(-a.nanos);
    if (a.kind == FEEL_MONTHS) return feel_months_value(-a.months);
    return feel_error(run, N_("“{0}” is not defined for {1}."), STR("-"), kind_of(a));
}

/* ---- comparison and logic ---- */

static struct feel_value eval_equal(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_value a = eval(run, n->a, f), b = eval(run, n->b, f);
    enum feel_answer same = feel_equal(a, b);
    if (same == FEEL_UNKNOWN) return wrong_kinds(run, "=", a, b);
    return feel_boolean((same == FEEL_YES) == (n->kind == NODE_EQUAL));
}

static struct feel_value eval_order(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    static const char *const signs[] = {"<", "<=", ">", ">="};
    struct feel_value a = eval(run, n->a, f), b = eval(run, n->b, f);
    int order;
    if (!feel_compare(a, b, &order)) return wrong_kinds(run, signs[n->kind - NODE_LESS], a, b);
    switch (n->kind) {
    case NODE_LESS: return feel_boolean(order < 0);
    case NODE_LESS_EQUAL: return feel_boolean(order <= 0);
    case NODE_GREATER: return feel_boolean(order > 0);
    default: return feel_boolean(order >= 0);
    }
}

static struct feel_value eval_between(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_value v = eval(run, n->a, f), from = eval(run, n->b, f), to = eval(run, n->c, f);
    int low, high;
    if (!feel_compare(v, from, &low)) return wrong_kinds(run, "between", v, from);
    if (!feel_compare(v, to, &high)) return wrong_kinds(run, "between", v, to);
    return feel_boolean(low >= 0 && high <= 0);
}

/* Three-valued (DMN 1.5, table 48): what is not a boolean is unknown, but the other side may decide. */
static struct feel_value eval_logic(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    bool deciding = n->kind == NODE_OR;
    struct feel_value a = eval(run, n->a, f);
    if (a.kind == FEEL_BOOLEAN && a.boolean == deciding) return a;
    struct feel_value b = eval(run, n->b, f);
    if (b.kind == FEEL_BOOLEAN && b.boolean == deciding) return b;
    if (a.kind == FEEL_BOOLEAN && b.kind == FEEL_BOOLEAN) return b;
    struct feel_value wrong = a.kind != FEEL_BOOLEAN ? a : b;
    if (wrong.kind != FEEL_NULL)
        return feel_error(run, N_("“{0}” is not defined for {1}."), deciding ? STR("or") : STR("and"), kind_of(wrong));
    return feel_null();
}

/* ---- tests ---- */

static enum feel_answer value_passes(struct feel_value tested, struct feel_value test);

static enum feel_answer list_passes(struct feel_value tested, struct feel_value list)
{
    if (feel_equal(tested, list) == FEEL_YES) return FEEL_YES;
    for (size_t i = 0; i < list.count; i++)
        if (value_passes(tested, list.items[i]) == FEEL_YES) return FEEL_YES;
    return FEEL_NO;
}

static enum feel_answer value_passes(struct feel_value tested, struct feel_value test)
{
    if (test.kind == FEEL_RANGE && tested.kind != FEEL_RANGE) return feel_range_has(test.range, tested);
    if (test.kind == FEEL_LIST) return list_passes(tested, test);
    return feel_equal(tested, test);
}

static enum feel_answer test_passes(struct feel_run *run, const struct feel_node *test, struct feel_value tested,
                                    const struct frame *f)
{
    size_t problems = run->problem_count;
    struct feel_value v = eval(run, test->a, f);
    if (v.kind == FEEL_NULL && run->problem_count > problems) return FEEL_UNKNOWN;
    if (test->is_maybe_member && v.kind == FEEL_BOOLEAN) return v.boolean ? FEEL_YES : FEEL_NO;
    if (tested.kind == FEEL_BOOLEAN || v.kind != FEEL_BOOLEAN) return value_passes(tested, v);
    return tested.kind == FEEL_NULL ? FEEL_NO : FEEL_UNKNOWN;
}

static enum feel_answer tests_pass(struct feel_run *run, const struct feel_node *tests, struct feel_value tested,
                                   const struct frame *f)
{
    enum feel_answer all = FEEL_NO;
    if (tests->kind == NODE_TEST_ALWAYS) return FEEL_YES;
    for (size_t i = 0; i < tests->count; i++) {
        enum feel_answer one = test_passes(run, tests->items[i], tested, f);
        if (one == FEEL_YES) return tests->kind == NODE_TESTS_NOT ? FEEL_NO : FEEL_YES;
        if (one == FEEL_UNKNOWN) all = FEEL_UNKNOWN;
    }
    if (all == FEEL_UNKNOWN) return all;
    return tests->kind == NODE_TESTS_NOT ? FEEL_YES : FEEL_NO;
}

static struct feel_value eval_in(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_value tested = eval(run, n->a, f);
    enum feel_answer passes = tests_pass(run, n->b, tested, f);
    if (passes == FEEL_UNKNOWN)
        return feel_error(run, N_("Whether {0} is in what follows cannot be told: the kinds differ."), kind_of(tested));
    return feel_boolean(passes == FEEL_YES);
}

/* ---- names, paths, filters ---- */

static const struct feel_value *member_of_items(struct str name, const struct frame *f, const struct frame *until)
{
    for (; f != until; f = f->up) {
        if (f->item == NULL || f->item->kind != FEEL_CONTEXT) continue;
        const struct feel_value *v = feel_context_find(f->item->context, name);
        if (v != NULL) return v;
    }
    return NULL;
}

static struct feel_value eval_name(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    (void)run;
    const struct frame *at = f;
    for (int hops = n->hops; at->item != NULL || hops > 0; at = at->up) hops -= at->item == NULL;
    const struct feel_value *member = n->is_maybe_member ? member_of_items(n->name, f, at) : NULL;
    return member != NULL ? *member : at->values[n->slot];
}

static struct feel_value eval_member(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    const struct feel_value *v = member_of_items(n->name, f, NULL);
    if (v != NULL) return *v;
    if (n->a != NULL) return n->a->value; /* a built-in function of that name */
    if (!str_eq(n->name, STR("item"))) return feel_error(run, N_("There is no name “{0}” here."), n->name);
    while (f->item == NULL) f = f->up; /* a member stands in a filter only */
    return *f->item;
}

static struct feel_value time_part(struct feel_run *run, struct feel_time t, struct str name, struct feel_moment at)
{
    if (str_eq(name, STR("hour"))) return feel_integer(t.second / 3600);
    if (str_eq(name, STR("minute"))) return feel_integer(t.second / 60 % 60);
    if (str_eq(name, STR("second")))
        return feel_number((decimal)(t.second % 60) + (decimal)t.nanos / (decimal)NANOS_PER_S);
    if (str_eq(name, STR("time offset"))) {
        if (t.zone == NULL) return feel_null();
        return feel_days_value((nanos_t)zone_offset(&at) * NANOS_PER_S);
    }
    if (str_eq(name, STR("timezone")))
        return t.zone != NULL && t.zone->name.len > 0 ? feel_string(t.zone->name) : feel_null();
    return feel_error(run, N_("A date or time has no part “{0}”."), name);
}

static struct feel_value date_part(struct feel_run *run, struct feel_date d, struct str name)
{
    if (str_eq(name, STR("year"))) return feel_integer(d.year);
    if (str_eq(name, STR("month"))) return feel_integer(d.month);
    if (str_eq(name, STR("day"))) return feel_integer(d.day);
    if (str_eq(name, STR("weekday"))) return feel_integer(date_weekday(d));
    return feel_error(run, N_("A date or time has no part “{0}”."), name);
}

static bool is_of_date(struct str name)
{
    return str_eq(name, STR("year")) || str_eq(name, STR("month")) || str_eq(name, STR("day")) ||
           str_eq(name, STR("weekday"));
}

static struct feel_value duration_part(struct feel_run *run, struct feel_value v, struct str name)
{
    static const struct {
        struct str name;
        enum feel_kind kind;
        int64_t unit, most; /* seconds or months; 0: as many as there are */
    } parts[] = {
        {STR_INIT("years"),   FEEL_MONTHS, 12,        0 },
        {STR_INIT("months"),  FEEL_MONTHS, 1,         12},
        {STR_INIT("days"),    FEEL_DAYS,   S_PER_DAY, 0 },
        {STR_INIT("hours"),   FEEL_DAYS,   3600,      24},
        {STR_INIT("minutes"), FEEL_DAYS,   60,        60},
        {STR_INIT("seconds"), FEEL_DAYS,   1,         60},
    };
    for (size_t i = 0; i < LENGTH(parts); i++) {
        if (v.kind != parts[i].kind || !str_eq(name, parts[i].name)) continue;
        int64_t all = (v.kind == FEEL_MONTHS ? v.months : (int64_t)(v.nanos / NANOS_PER_S)) / parts[i].unit;
        return feel_integer(parts[i].most > 0 ? all % parts[i].most : all);
    }
    return feel_error(run, N_("A {0} has no part “{1}”."), kind_of(v), name);
}

/* A range without the other end still says what its signs mean. */
static struct feel_value range_part(struct feel_run *run, const struct feel_range *r, struct str name)
{
    if (str_eq(name, STR("start"))) return r->from;
    if (str_eq(name, STR("end"))) return r->to;
    if (str_eq(name, STR("start included"))) return feel_boolean(r->has_from);
    if (str_eq(name, STR("end included"))) return feel_boolean(r->has_to);
    return feel_error(run, N_("A {0} has no part “{1}”."), STR("range"), name);
}

static struct feel_value path_of(struct feel_run *run, struct feel_value v, struct str name);

static struct feel_value list_path(struct feel_run *run, struct feel_value list, struct str name)
{
    struct feel_value *out = ARENA_ARRAY(run->arena, struct feel_value, list.count + 1);
    for (size_t i = 0; i < list.count; i++) out[i] = path_of(run, list.items[i], name);
    return feel_list(out, list.count);
}

static struct feel_value path_of(struct feel_run *run, struct feel_value v, struct str name)
{
    switch (v.kind) {
    case FEEL_CONTEXT: {
        const struct feel_value *found = feel_context_find(v.context, name);
        return found != NULL ? *found : feel_error(run, N_("The context has no entry “{0}”."), name);
    }
    case FEEL_LIST: return list_path(run, v, name);
    case FEEL_DATE: return date_part(run, v.date, name);
    case FEEL_TIME:
        return time_part(run, v.time, name,
                         (struct feel_moment){
                             {1970, 1, 1},
                             v.time
        });
    case FEEL_MOMENT:
        return is_of_date(name) ? date_part(run, v.moment->date, name)
                                : time_part(run, v.moment->time, name, *v.moment);
    case FEEL_DAYS:
    case FEEL_MONTHS: return duration_part(run, v, name);
    case FEEL_RANGE: return range_part(run, v.range, name);
    default: return feel_error(run, N_("A {0} has no part “{1}”."), kind_of(v), name);
    }
}

static struct feel_value eval_path(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    return path_of(run, eval(run, n->a, f), n->name);
}

static struct feel_value as_list(struct arena *a, struct feel_value v)
{
    if (v.kind == FEEL_LIST) return v;
    if (v.kind == FEEL_NULL) return feel_list(NULL, 0);
    return feel_list(arena_dup(a, &v, sizeof v), 1);
}

static struct feel_value item_at(struct feel_run *run, struct feel_value list, decimal index)
{
    int64_t i;
    if (!decimal_to_int(decimal_round(index, 0, ROUND_DOWN), &i) || i == 0 || i > list.count || -i > list.count)
        return feel_error(run, N_("The list has {0} items, not one with the number {1}."),
                          str_format(run->arena, "%u", list.count), decimal_format(run->arena, index));
    return list.items[i > 0 ? i - 1 : list.count + i];
}

static struct feel_value eval_filter(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_value list = as_list(run->arena, eval(run, n->a, f));
    if (n->b->kind == NODE_LITERAL && n->b->value.kind == FEEL_NUMBER) return item_at(run, list, n->b->value.number);
    struct feel_value *out = ARENA_ARRAY(run->arena, struct feel_value, list.count + 1);
    size_t count = 0;
    const struct feel_value none = feel_context_value(run->arena, NULL, 0);
    if (list.count == 0) { /* an index may still be asked for */
        struct frame item = {.up = f, .item = &none};
        size_t before = run->problem_count;
        struct feel_value index = eval(run, n->b, &item);
        run->problem_count = before < FEEL_PROBLEMS ? before : run->problem_count;
        return index.kind == FEEL_NUMBER ? item_at(run, list, index.number) : list;
    }
    for (size_t i = 0; i < list.count; i++) {
        struct frame item = {.up = f, .item = &list.items[i]};
        struct feel_value v = eval(run, n->b, &item);
        if (v.kind == FEEL_NUMBER) return item_at(run, list, v.number);
        if (v.kind != FEEL_BOOLEAN && v.kind != FEEL_NULL)
            return feel_error(run, N_("A filter is a condition or a number, not {0}."), kind_of(v));
        if (feel_is_true(v)) out[count++] = list.items[i];
    }
    return feel_list(out, count);
}

/* ---- iteration ---- */

struct iteration {
    const struct feel_node *node;
    struct frame frame;
    struct feel_value *out;
    size_t count, room;
};

enum { ITERATION_MOST = 1000000 };

static bool add_result(struct feel_run *run, struct iteration *it, struct feel_value v)
{
    if (it->count >= ITERATION_MOST) {
        (void)stop(run, N_("The evaluation takes too many steps."));
        return false;
    }
    if (it->count == it->room) list_grow(run->arena, (void **)&it->out, &it->room, sizeof *it->out);
    it->out[it->count++] = v;
    return true;
}

static bool iterate(struct feel_run *run, struct iteration *it, size_t depth);

/* False: no more is wanted. */
static bool visit(struct feel_run *run, struct iteration *it, size_t depth, struct feel_value v)
{
    const struct feel_node *n = it->node;
    it->frame.values[depth] = v;
    if (depth + 1 < n->count) return iterate(run, it, depth + 1);
    if (n->kind == NODE_FOR) it->frame.values[n->count] = feel_list(it->out, it->count); /* partial */
    return add_result(run, it, eval(run, n->a, &it->frame)) && !is_stopped(run);
}

static bool iterate_numbers(struct feel_run *run, struct iteration *it, size_t depth, int64_t from, int64_t to)
{
    int64_t step = from <= to ? 1 : -1;
    for (int64_t i = from;; i += step) {
        if (!visit(run, it, depth, feel_integer(i))) return false;
        if (i == to) return true;
    }
}

static bool iterate_dates(struct feel_run *run, struct iteration *it, size_t depth, struct feel_date from,
                          struct feel_date to)
{
    int64_t last = date_to_days(to), step = date_to_days(from) <= last ? 1 : -1;
    for (int64_t i = date_to_days(from);; i += step) {
        struct feel_date d;
        if (!date_from_days(i, &d) || !visit(run, it, depth, feel_date_value(d))) return false;
        if (i == last) return true;
    }
}

static bool iterate_span(struct feel_run *run, struct iteration *it, size_t depth, struct feel_value from,
                         struct feel_value to)
{
    int64_t first, last;
    if (from.kind == FEEL_NUMBER && to.kind == FEEL_NUMBER && decimal_to_int(from.number, &first) &&
        decimal_to_int(to.number, &last))
        return iterate_numbers(run, it, depth, first, last);
    if (from.kind == FEEL_DATE && to.kind == FEEL_DATE) return iterate_dates(run, it, depth, from.date, to.date);
    (void)feel_error(run, N_("Only whole numbers and dates can be counted through, not {0} to {1}."), kind_of(from),
                     kind_of(to));
    it->node = NULL;
    return false;
}

/* The ends that belong to a range that is gone through. */
static bool iterate_range(struct feel_run *run, struct iteration *it, size_t depth, const struct feel_range *r)
{
    struct feel_value from = r->from, to = r->to;
    int order;
    if (!feel_compare(from, to, &order) || (from.kind != FEEL_NUMBER && from.kind != FEEL_DATE))
        return iterate_span(run, it, depth, feel_null(), from);
    int64_t first = from.kind == FEEL_DATE ? date_to_days(from.date) : 0;
    int64_t last = to.kind == FEEL_DATE ? date_to_days(to.date) : 0;
    if (from.kind == FEEL_NUMBER && (!decimal_to_int(from.number, &first) || !decimal_to_int(to.number, &last)))
        return iterate_span(run, it, depth, feel_null(), from);
    for (int64_t i = first + !r->has_from; i <= last - !r->has_to; i++) {
        struct feel_date d;
        if (from.kind == FEEL_DATE && !date_from_days(i, &d)) return false;
        if (!visit(run, it, depth, from.kind == FEEL_DATE ? feel_date_value(d) : feel_integer(i))) return false;
    }
    return true;
}

static bool iterate(struct feel_run *run, struct iteration *it, size_t depth)
{
    const struct iterator *source = &it->node->iterators[depth];
    struct feel_value from = eval(run, source->from, &it->frame);
    if (source->to != NULL) return iterate_span(run, it, depth, from, eval(run, source->to, &it->frame));
    if (from.kind == FEEL_RANGE) return iterate_range(run, it, depth, from.range);
    if (from.kind == FEEL_NULL) {
        (void)feel_error(run, N_("There is no list to go through."));
        it->node = NULL;
        return false;
    }
    struct feel_value list = as_list(run->arena, from);
    for (size_t i = 0; i < list.count; i++)
        if (!visit(run, it, depth, list.items[i])) return false;
    return true;
}

static struct iteration begin(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_value *values = ARENA_ARRAY(run->arena, struct feel_value, n->count + 1);
    return (struct iteration){
        .node = n, .frame = {.up = f, .values = values}
    };
}

static struct feel_value eval_for(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    /* In the arena: a function made in the body may outlive this call. */
    struct iteration *it = ARENA_NEW(run->arena, struct iteration);
    *it = begin(run, n, f);
    if (!iterate(run, it, 0) && (it->node == NULL || is_stopped(run))) return feel_null();
    return feel_list(it->out, it->count);
}

static struct feel_value eval_quantified(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    bool deciding = n->kind == NODE_SOME;
    struct iteration it = begin(run, n, f);
    if (!iterate(run, &it, 0) && (it.node == NULL || is_stopped(run))) return feel_null();
    bool is_known = true;
    for (size_t i = 0; i < it.count; i++) {
        if (it.out[i].kind == FEEL_BOOLEAN && it.out[i].boolean == deciding) return feel_boolean(deciding);
        is_known = is_known && it.out[i].kind == FEEL_BOOLEAN;
    }
    if (!is_known)
        return feel_error(run, N_("A condition of “{0}” is neither true nor false."),
                          deciding ? STR("some") : STR("every"));
    return feel_boolean(!deciding);
}

/* ---- lists, contexts, ranges ---- */

static struct feel_value eval_list(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_value *items = ARENA_ARRAY(run->arena, struct feel_value, n->count + 1);
    for (size_t i = 0; i < n->count; i++) items[i] = eval(run, n->items[i], f);
    return feel_list(items, n->count);
}

static struct feel_value eval_context(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_entry *entries = ARENA_ARRAY(run->arena, struct feel_entry, n->count + 1);
    struct frame *inner = ARENA_NEW(run->arena, struct frame);
    *inner = (struct frame){.up = f, .values = ARENA_ARRAY(run->arena, struct feel_value, n->count + 1)};
    for (size_t i = 0; i < n->count; i++) {
        for (size_t k = 0; k < i; k++)
            if (str_eq(n->names[k], n->names[i]))
                return feel_error(run, N_("The context has two entries “{0}”."), n->names[i]);
        inner->values[i] = eval(run, n->items[i], inner);
        entries[i] = (struct feel_entry){n->names[i], inner->values[i]};
    }
    return feel_context_value(run->arena, entries, n->count);
}

static struct feel_value eval_range(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_range *r = ARENA_NEW(run->arena, struct feel_range);
    *r = (struct feel_range){
        .from = n->a != NULL ? eval(run, n->a, f) : feel_null(),
        .to = n->b != NULL && n->b != n->a ? eval(run, n->b, f) : feel_null(),
        .has_from = n->has_from,
        .has_to = n->has_to,
        .comparison = n->comparison,
    };
    if (n->b == n->a) r->to = r->from;
    struct feel_value whole = {.kind = FEEL_RANGE, .range = r};
    int order;
    if (n->comparison != 0) return whole;
    if (r->from.kind == FEEL_NULL || r->to.kind == FEEL_NULL) {
        bool is_closed = (r->from.kind == FEEL_NULL && n->has_from) || (r->to.kind == FEEL_NULL && n->has_to);
        if (is_closed || r->from.kind == r->to.kind)
            return feel_error(run, N_("An end of the range is null but belongs to it."));
        return whole;
    }
    if (!feel_compare(r->from, r->to, &order)) return wrong_kinds(run, "..", r->from, r->to);
    if (order > 0) return feel_error(run, N_("The range begins after its end."));
    return whole;
}

/* ---- functions ---- */

static struct feel_value eval_function(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_function *function = ARENA_NEW(run->arena, struct feel_function);
    *function =
        (struct feel_function){.lambda = n, .frame = f, .parameters = n->parameters, .parameter_count = n->count};
    return (struct feel_value){.kind = FEEL_FUNCTION, .function = function};
}

struct feel_value feel_native_function(struct arena *a, feel_native *call, const void *context,
                                       const struct feel_parameter *parameters, size_t count)
{
    struct feel_function *function = ARENA_NEW(a, struct feel_function);
    *function =
        (struct feel_function){.native = call, .context = context, .parameters = parameters, .parameter_count = count};
    return (struct feel_value){.kind = FEEL_FUNCTION, .function = function};
}

const struct feel_parameter *feel_parameters(struct feel_value function, size_t *out_count)
{
    *out_count = 0;
    if (function.kind != FEEL_FUNCTION || function.function->builtin != NULL) return NULL;
    *out_count = function.function->parameter_count;
    return function.function->parameters;
}

static struct str count_text(struct feel_run *run, size_t n)
{
    return str_format(run->arena, "%zu", n);
}

struct feel_value feel_call(struct feel_run *run, struct feel_value function, const struct feel_value *args,
                            size_t count)
{
    if (function.kind != FEEL_FUNCTION) return feel_error(run, N_("A {0} cannot be called."), kind_of(function));
    const struct feel_function *fn = function.function;
    if (fn->builtin != NULL) return builtin_call(run, fn->builtin, NULL, args, count);
    if (count != fn->parameter_count)
        return feel_error(run, N_("The function takes {0} arguments, not {1}."), count_text(run, fn->parameter_count),
                          count_text(run, count));
    struct feel_value *values = ARENA_ARRAY(run->arena, struct feel_value, count + 1);
    for (size_t i = 0; i < count; i++) {
        values[i] = args[i];
        if (fn->parameters[i].type != NULL && !feel_coerce(run, &values[i], fn->parameters[i].type))
            return feel_error(run, N_("The argument “{0}” is of another type."), fn->parameters[i].name);
    }
    if (fn->native != NULL) return fn->native(run, fn->context, values);
    struct frame *frame = ARENA_NEW(run->arena, struct frame);
    *frame = (struct frame){.up = fn->frame, .values = values};
    return eval(run, fn->lambda->a, frame);
}

/* Arguments by name in the order of the parameters. */
static bool put_in_order(struct feel_run *run, const struct feel_node *n, struct feel_value function,
                         struct feel_value *args)
{
    size_t count;
    const struct feel_parameter *parameters = feel_parameters(function, &count);
    struct feel_value *given = arena_dup(run->arena, args, (n->count + 1) * sizeof *args);
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        while (k < n->count && !str_eq(n->names[k], parameters[i].name)) k++;
        if (k == n->count || count != n->count) {
            (void)feel_error(run, N_("The function has a parameter “{0}” that the call does not name."),
                             parameters[i].name);
            return false;
        }
        args[i] = given[k];
    }
    if (count == n->count) return true;
    (void)feel_error(run, N_("The function takes {0} arguments, not {1}."), count_text(run, count),
                     count_text(run, n->count));
    return false;
}

static struct feel_value *eval_arguments(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_value *args = ARENA_ARRAY(run->arena, struct feel_value, n->count + 1);
    for (size_t i = 0; i < n->count; i++) args[i] = eval(run, n->items[i], f);
    return args;
}

static struct feel_value eval_call(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_value function = eval(run, n->a, f);
    struct feel_value *args = eval_arguments(run, n, f);
    if (function.kind == FEEL_FUNCTION && n->names != NULL) {
        if (function.function->builtin != NULL)
            return builtin_call(run, function.function->builtin, n->names, args, n->count);
        if (!put_in_order(run, n, function, args)) return feel_null();
    }
    return feel_call(run, function, args, n->count);
}

static struct feel_value eval_builtin_call(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_value few[BUILTIN_PARAMETERS];
    struct feel_value *args = few;
    if (n->count > BUILTIN_PARAMETERS) {
        args = eval_arguments(run, n, f);
    } else {
        for (size_t i = 0; i < n->count; i++) few[i] = eval(run, n->items[i], f);
    }
    run->line = n->line;
    run->column = n->column;
    return builtin_call(run, n->builtin, n->names, args, n->count);
}

/* ---- the walk ---- */

static struct feel_value eval_literal(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    (void)run;
    (void)f;
    return n->value;
}

static struct feel_value eval_if(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_value condition = eval(run, n->a, f);
    if (condition.kind != FEEL_BOOLEAN && condition.kind != FEEL_NULL)
        (void)feel_error(run, N_("A condition is true or false, not {0}."), kind_of(condition)); /* then: else */
    return eval(run, feel_is_true(condition) ? n->b : n->c, f);
}

static struct feel_value eval_instance(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    return feel_boolean(feel_is_instance(eval(run, n->a, f), n->type));
}

static struct feel_value eval_tests(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    (void)f;
    (void)n;
    return feel_error(run, N_("Tests stand after “in” or in a cell only."));
}

static eval_fn *const evaluators[] = {
    [NODE_LITERAL] = eval_literal,
    [NODE_NAME] = eval_name,
    [NODE_MEMBER] = eval_member,
    [NODE_PATH] = eval_path,
    [NODE_FILTER] = eval_filter,
    [NODE_CALL] = eval_call,
    [NODE_BUILTIN_CALL] = eval_builtin_call,
    [NODE_NEGATE] = eval_negate,
    [NODE_ADD] = eval_arithmetic,
    [NODE_SUBTRACT] = eval_arithmetic,
    [NODE_MULTIPLY] = eval_arithmetic,
    [NODE_DIVIDE] = eval_arithmetic,
    [NODE_POWER] = eval_arithmetic,
    [NODE_EQUAL] = eval_equal,
    [NODE_NOT_EQUAL] = eval_equal,
    [NODE_LESS] = eval_order,
    [NODE_LESS_EQUAL] = eval_order,
    [NODE_GREATER] = eval_order,
    [NODE_GREATER_EQUAL] = eval_order,
    [NODE_BETWEEN] = eval_between,
    [NODE_IN] = eval_in,
    [NODE_AND] = eval_logic,
    [NODE_OR] = eval_logic,
    [NODE_IF] = eval_if,
    [NODE_FOR] = eval_for,
    [NODE_SOME] = eval_quantified,
    [NODE_EVERY] = eval_quantified,
    [NODE_INSTANCE_OF] = eval_instance,
    [NODE_LIST] = eval_list,
    [NODE_CONTEXT] = eval_context,
    [NODE_RANGE] = eval_range,
    [NODE_FUNCTION] = eval_function,
    [NODE_TESTS] = eval_tests,
    [NODE_TESTS_NOT] = eval_tests,
    [NODE_TEST_ALWAYS] = eval_tests,
    [NODE_TEST] = eval_tests,
};

bool feel_enter(struct feel_run *run)
{
    const char *too_much = NULL;
    if (--run->steps_left <= 0) too_much = N_("The evaluation takes too many steps.");
    if (run->depth >= EVAL_DEPTH) too_much = N_("The evaluation calls itself too deeply.");
    if (run->arena->used_bytes - run->arena_start_bytes > FEEL_MEMORY)
        too_much = N_("The evaluation needs too much memory.");
    if (too_much != NULL) {
        (void)stop(run, too_much);
        return false;
    }
    run->depth++;
    return true;
}

struct feel_value eval(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    if (n->kind == NODE_LITERAL) return n->value;
    if (!feel_enter(run)) return feel_null();
    run->line = n->line;
    run->column = n->column;
    struct feel_value v = evaluators[n->kind](run, n, f);
    run->depth--;
    return v;
}

struct feel_value feel_eval(struct feel_run *run, const struct feel_node *node, const struct feel_value *values)
{
    /* In the arena: functions that the evaluation gives back keep what they saw. */
    struct frame *root = ARENA_NEW(run->arena, struct frame);
    root->values = (struct feel_value *)values;
    return eval(run, node, root);
}

bool feel_passes(struct feel_run *run, const struct feel_node *tests, const struct feel_value *values,
                 struct feel_value tested)
{
    struct frame root = {.values = (struct feel_value *)values};
    return tests_pass(run, tests, tested, &root) == FEEL_YES;
}
