#include "base/clock.h"
#include "rule/feel_functions.h"

static struct feel_value not_a(struct feel_run *run, const char *what, struct feel_value v)
{
    if (v.kind == FEEL_STRING) return feel_error(run, N_("“{0}” is no {1}."), v.string, str_from(what));
    return feel_error(run, N_("A {0} cannot be made of a {1}."), str_from(what), str_from(feel_kind_name(v.kind)));
}

static struct feel_date day_part(struct feel_value v)
{
    return v.kind == FEEL_DATE ? v.date : v.moment->date;
}

struct feel_value fn_date(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct feel_date d;
    (void)count;
    if (args[0].kind == FEEL_DATE || args[0].kind == FEEL_MOMENT) return feel_date_value(day_part(args[0]));
    if (args[0].kind == FEEL_STRING && date_parse(args[0].string, &d)) return feel_date_value(d);
    return not_a(run, "date", args[0]);
}

struct feel_value fn_date_of_parts(struct feel_run *run, const struct feel_value *args, size_t count)
{
    int64_t parts[3];
    for (size_t i = 0; i < count; i++)
        if (!decimal_to_int(args[i].number, &parts[i])) return not_a(run, "date", args[i]);
    if (!date_is_valid(parts[0], parts[1], parts[2]))
        return feel_error(run, N_("There is no such day: year {0}, month {1}, day {2}."),
                          decimal_format(run->arena, args[0].number), decimal_format(run->arena, args[1].number),
                          decimal_format(run->arena, args[2].number));
    return feel_date_value((struct feel_date){(int32_t)parts[0], (int8_t)parts[1], (int8_t)parts[2]});
}

struct feel_value fn_time(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct feel_time t;
    (void)count;
    if (args[0].kind == FEEL_TIME) return args[0];
    if (args[0].kind == FEEL_MOMENT) return feel_time_value(args[0].moment->time);
    if (args[0].kind == FEEL_DATE) return feel_time_value((struct feel_time){.zone = zone_of_offset(run->arena, 0)});
    if (args[0].kind == FEEL_STRING && time_parse(run->arena, args[0].string, &t)) return feel_time_value(t);
    return not_a(run, "time", args[0]);
}

/* Hour, minute, second with its fraction; false when one is no time of day. */
static bool time_of_parts(const struct feel_value *args, struct feel_time *out)
{
    int64_t hour, minute, second;
    decimal whole = decimal_round(args[2].number, 0, ROUND_DOWN);
    if (!decimal_to_int(args[0].number, &hour) || !decimal_to_int(args[1].number, &minute) ||
        !decimal_to_int(whole, &second) || hour < 0 || hour > 23 || minute < 0 || minute > 59 || args[2].number < 0 ||
        second > 59)
        return false;
    *out = (struct feel_time){.second = (int32_t)(hour * 3600 + minute * 60 + second),
                              .nanos = (int32_t)((args[2].number - whole) * (decimal)NANOS_PER_S)};
    return true;
}

struct feel_value fn_time_of_parts(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct feel_time t;
    if (!time_of_parts(args, &t)) return feel_error(run, N_("There is no such time of day."));
    if (count > 3 && args[3].kind == FEEL_DAYS) {
        nanos_t offset = args[3].nanos / NANOS_PER_S;
        if (offset > OFFSET_MOST_S || offset < -OFFSET_MOST_S)
            return feel_error(run, N_("An offset is at most 18 hours."));
        t.zone = zone_of_offset(run->arena, (int32_t)offset);
    }
    return feel_time_value(t);
}

struct feel_value fn_moment(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct feel_moment m;
    const struct feel_zone *zone;
    if (args[0].kind == FEEL_STRING && count == 1) {
        if (moment_parse(run->arena, args[0].string, &m)) return feel_moment_value(run->arena, m);
        return not_a(run, "date and time", args[0]);
    }
    if (args[0].kind == FEEL_DATE) return feel_moment_value(run->arena, (struct feel_moment){.date = args[0].date});
    if (args[0].kind != FEEL_MOMENT) return not_a(run, "date and time", args[0]);
    if (count == 1) return args[0];
    /* The same moment as another zone's clocks show it. */
    struct str name = str_format(run->arena, "@%.*s", STR_ARG(args[1].string));
    if (!zone_parse(run->arena, name, &zone) && !zone_parse(run->arena, args[1].string, &zone))
        return feel_error(run, N_("There is no time zone “{0}”."), args[1].string);
    const struct feel_zone utc = {.offset_s = 0};
    struct feel_moment at = {
        .date = {1970, 1, 1},
          .time = {.zone = &utc  }
    };
    nanos_t n = moment_nanos(args[0].moment);
    if (!moment_add(&at, n, &at)) return not_a(run, "date and time", args[0]);
    at.time.zone = zone;
    nanos_t shift = (nanos_t)zone_offset(&at) * NANOS_PER_S;
    at.time.zone = &utc;
    if (!moment_add(&at, shift, &at)) return not_a(run, "date and time", args[0]);
    at.time.zone = zone;
    return feel_moment_value(run->arena, at);
}

struct feel_value fn_moment_of_two(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)count;
    return feel_moment_value(run->arena, (struct feel_moment){day_part(args[0]), args[1].time});
}

struct feel_value fn_duration(struct feel_run *run, const struct feel_value *args, size_t count)
{
    int64_t months;
    nanos_t nanos;
    (void)count;
    if (months_parse(args[0].string, &months)) return feel_months_value(months);
    if (nanos_parse(args[0].string, &nanos)) return feel_days_value(nanos);
    return not_a(run, "duration", args[0]);
}

struct feel_value fn_months_between(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)run;
    (void)count;
    return feel_months_value(date_months_between(day_part(args[0]), day_part(args[1])));
}

/* ---- now ---- */

static struct feel_moment present(struct feel_run *run)
{
    const struct feel_zone *zone = zone_of_offset(run->arena, (int32_t)(LOCAL_OFFSET_US / US_PER_S));
    struct feel_moment start =
                           {
                               .date = {1970, 1, 1},
                                 .time = {.zone = zone  }
    },
                       out = start;
    int64_t us = run->now_us == INSTANT_NONE ? clock_now() : run->now_us;
    nanos_t since = (nanos_t)us * 1000 + (nanos_t)LOCAL_OFFSET_US * 1000;
    (void)moment_add(&start, since, &out); /* the clock is within the years of dates */
    return out;
}

struct feel_value fn_now(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)args;
    (void)count;
    return feel_moment_value(run->arena, present(run));
}

struct feel_value fn_today(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)args;
    (void)count;
    return feel_date_value(present(run).date);
}

/* ---- of a day ---- */

struct feel_value fn_day_of_year(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)run;
    (void)count;
    return feel_integer(date_day_of_year(day_part(args[0])));
}

struct feel_value fn_day_of_week(struct feel_run *run, const struct feel_value *args, size_t count)
{
    static const char *const names[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
    (void)run;
    (void)count;
    return feel_string(str_from(names[date_weekday(day_part(args[0])) - 1]));
}

struct feel_value fn_month_of_year(struct feel_run *run, const struct feel_value *args, size_t count)
{
    static const char *const names[] = {"January", "February", "March",     "April",   "May",      "June",
                                        "July",    "August",   "September", "October", "November", "December"};
    (void)run;
    (void)count;
    return feel_string(str_from(names[day_part(args[0]).month - 1]));
}

struct feel_value fn_week_of_year(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)run;
    (void)count;
    return feel_integer(date_week_of_year(day_part(args[0])));
}
