/* Parts of dates, times, durations, ranges and contexts (DMN 1.5, table 65). */
#include "rule/feel_eval.h"

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
    return feel_error(run, N_("A {0} has no part “{1}”."), eval_kind_of(v), name);
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
    default: return feel_error(run, N_("A {0} has no part “{1}”."), eval_kind_of(v), name);
    }
}

struct feel_value eval_path(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    return path_of(run, eval(run, n->a, f), n->name);
}
