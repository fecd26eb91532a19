#include "rule/legal_time.h"

enum { DAYS_MOST = 10000, YEAR_LEAST = 2000, YEAR_LAST = 8000 };

const struct str legal_time_names[LEGAL_TIME_FUNCTIONS] = {STR_INIT("working days after"), STR_INIT("end of term")};

static const struct calendar *find_calendar(const void *context, struct str name)
{
    const struct legal_office *office = context;
    return name.len == 0 ? office->usual : calendars_current(office->calendars, name);
}

struct legal_time legal_time_of(const struct legal_office *office)
{
    return (struct legal_time){find_calendar, office};
}

static const struct calendar *calendar_of(struct feel_run *run, struct feel_value name)
{
    const struct calendar *c = NULL;
    if (name.kind != FEEL_NULL && name.kind != FEEL_STRING) {
        (void)feel_error(run, N_("A calendar is named by a text, not by a {0}."), str_from(feel_kind_name(name.kind)));
        return NULL;
    }
    struct str wanted = name.kind == FEEL_STRING ? name.string : STR("");
    if (run->legal_time != NULL) c = run->legal_time->find(run->legal_time->context, wanted);
    if (c == NULL) (void)feel_error(run, N_("There is no calendar “{0}”."), wanted);
    return c;
}

/* The local day of a date or of a moment; false: recorded. */
static bool day_of_value(struct feel_run *run, struct feel_value v, day_t *out)
{
    struct feel_date d = v.kind == FEEL_MOMENT ? v.moment->date : v.date;
    if ((v.kind != FEEL_DATE && v.kind != FEEL_MOMENT) || d.year < YEAR_LEAST || d.year > YEAR_LAST) {
        (void)feel_error(run, N_("A term begins with a date of the years 2000 to 8000, not with a {0}."),
                         str_from(feel_kind_name(v.kind)));
        return false;
    }
    *out = (day_t)date_to_days(d);
    return true;
}

static struct feel_value working_days_after(struct feel_run *run, const void *context, const struct feel_value *args)
{
    (void)context;
    const struct calendar *c = calendar_of(run, args[2]);
    day_t day;
    int64_t n;
    struct feel_date d;
    if (c == NULL || !day_of_value(run, args[0], &day)) return feel_null();
    if (args[1].kind != FEEL_NUMBER || !decimal_to_int(args[1].number, &n) || n < 0 || n > DAYS_MOST)
        return feel_error(run, N_("Working days are counted in whole numbers from 0 to 10000."));
    if (!feel_spend(run, n)) return feel_null(); /* each is looked up */
    if (n == 0) day = calendar_working_day_from(c, day);
    for (; n > 0; n--) day = calendar_working_day_from(c, day + 1);
    return date_from_days(day, &d) ? feel_date_value(d) : feel_null();
}

/* A moment without a zone is of the local clock, as a day is. */
static instant_t instant_of(struct feel_value v, day_t day)
{
    if (v.kind == FEEL_DATE) return day_start(day);
    instant_t at = (instant_t)(moment_nanos(v.moment) / (NANOS_PER_S / US_PER_S));
    return v.moment->time.zone != NULL ? at : at - LOCAL_OFFSET_US;
}

static struct feel_value end_of_term(struct feel_run *run, const void *context, const struct feel_value *args)
{
    (void)context;
    const struct calendar *c = calendar_of(run, args[2]);
    day_t day;
    struct term term;
    struct due due;
    struct fail why;
    fail_init(&why, run->arena);
    if (c == NULL || !day_of_value(run, args[0], &day)) return feel_null();
    if (args[1].kind != FEEL_STRING || term_parse(args[1].string, &term, &why) != OK || term.unit == TERM_NONE)
        return feel_error(run, N_("“{0}” is no term: write 10wd, 15d, 2m or 4h."), feel_format(run->arena, args[1]));
    if (!feel_spend(run, term.hundredths / 100)) return feel_null();
    if (calendar_due(c, instant_of(args[0], day), term, &due, &why) != OK)
        return feel_error(run, N_("The date is beyond the years that dates can have."));
    struct feel_moment m = {
        .time = {.second = (int32_t)(us_of_day(due.at) / US_PER_S),
                 .nanos = (int32_t)(us_of_day(due.at) % US_PER_S * 1000)}
    };
    if (!date_from_days(day_of(due.at), &m.date)) return feel_null();
    if (args[0].kind == FEEL_MOMENT && args[0].moment->time.zone != NULL)
        m.time.zone = zone_of_offset(run->arena, (int32_t)(LOCAL_OFFSET_US / US_PER_S));
    return feel_moment_value(run->arena, m);
}

void legal_time_values(struct arena *a, struct feel_value out[LEGAL_TIME_FUNCTIONS])
{
    static const struct feel_parameter days[] = {
        {STR_INIT("date"),     NULL},
        {STR_INIT("n"),        NULL},
        {STR_INIT("calendar"), NULL}
    };
    static const struct feel_parameter terms[] = {
        {STR_INIT("from"),     NULL},
        {STR_INIT("term"),     NULL},
        {STR_INIT("calendar"), NULL}
    };
    out[0] = feel_native_function(a, working_days_after, NULL, days, LENGTH(days));
    out[1] = feel_native_function(a, end_of_term, NULL, terms, LENGTH(terms));
}
