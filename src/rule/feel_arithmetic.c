/* Arithmetic (DMN 1.5, tables 50 to 53). */
#include "rule/feel_eval.h"

#include <string.h>

static struct feel_value finite(struct feel_run *run, decimal d)
{
    if (decimal_is_finite(d)) return feel_number(d);
    return feel_error(run, N_("The result is not a number: divided by zero, or too large."));
}

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
    if (when.kind != FEEL_MOMENT) return eval_wrong_kinds(run, sign > 0 ? "+" : "-", when, by);
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

static struct feel_value joined(struct feel_run *run, struct str a, struct str b)
{
    char *text = arena_alloc(run->arena, a.len + b.len);
    if (a.len > 0) memcpy(text, a.at, a.len);
    if (b.len > 0) memcpy(&text[a.len], b.at, b.len);
    return feel_string(str_of(text, a.len + b.len));
}

struct feel_value feel_add(struct feel_run *run, struct feel_value a, struct feel_value b)
{
    int64_t months;
    if (a.kind == FEEL_NUMBER && b.kind == FEEL_NUMBER) {
        int64_t x, y;
        if (decimal_is_small(a.number, &x) && decimal_is_small(b.number, &y)) return feel_integer(x + y);
        return finite(run, a.number + b.number);
    }
    if (a.kind == FEEL_STRING && b.kind == FEEL_STRING) return joined(run, a.string, b.string);
    if (a.kind == FEEL_DAYS && b.kind == FEEL_DAYS) return days(run, a.nanos + b.nanos);
    if (a.kind == FEEL_MONTHS && b.kind == FEEL_MONTHS && !__builtin_add_overflow(a.months, b.months, &months))
        return feel_months_value(months);
    if (is_when(a) && is_duration(b)) return shifted(run, a, b, 1);
    if (is_duration(a) && is_when(b)) return shifted(run, b, a, 1);
    return eval_wrong_kinds(run, "+", a, b);
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
    if (a.kind == FEEL_NUMBER && b.kind == FEEL_NUMBER) {
        int64_t x, y;
        if (decimal_is_small(a.number, &x) && decimal_is_small(b.number, &y)) return feel_integer(x - y);
        return finite(run, a.number - b.number);
    }
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
    return eval_wrong_kinds(run, "-", a, b);
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
    if (a.kind == FEEL_NUMBER && b.kind == FEEL_NUMBER) {
        int64_t x, y, product;
        if (decimal_is_small(a.number, &x) && decimal_is_small(b.number, &y) && !__builtin_mul_overflow(x, y, &product))
            return feel_integer(product);
        return finite(run, a.number * b.number);
    }
    if (a.kind == FEEL_NUMBER && is_duration(b)) return multiply(run, b, a);
    if (a.kind == FEEL_DAYS && b.kind == FEEL_NUMBER) return days_of_seconds(run, nanos_to_decimal(a.nanos) * b.number);
    if (a.kind == FEEL_MONTHS && b.kind == FEEL_NUMBER) return months_of(run, (decimal)a.months * b.number);
    return eval_wrong_kinds(run, "*", a, b);
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
    return eval_wrong_kinds(run, "/", a, b);
}

static struct feel_value power(struct feel_run *run, struct feel_value a, struct feel_value b)
{
    if (a.kind != FEEL_NUMBER || b.kind != FEEL_NUMBER) return eval_wrong_kinds(run, "**", a, b);
    return finite(run, decimal_power(a.number, b.number));
}

struct feel_value eval_arithmetic(struct feel_run *run, const struct feel_node *n, const struct frame *f)
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

struct feel_value eval_negate(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_value a = eval(run, n->a, f);
    if (a.kind == FEEL_NUMBER) return feel_number(-a.number);
    if (a.kind == FEEL_DAYS) return feel_days_value(-a.nanos);
    if (a.kind == FEEL_MONTHS) return feel_months_value(-a.months);
    return feel_error(run, N_("“{0}” is not defined for {1}."), STR("-"), eval_kind_of(a));
}
