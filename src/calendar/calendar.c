#include "calendar/calendar.h"

#include "calendar/calendar_data.h"

static const char *const clock_rule_names[CLOCK_RULE_COUNT] = {
    [CLOCK_RUNS] = "runs",
    [CLOCK_NOT_STARTED] = "not-started",
    [CLOCK_HOLD] = "hold",
    [CLOCK_RESTART] = "restart",
};

const char *clock_rule_name(enum clock_rule r)
{
    return clock_rule_names[r];
}

bool clock_rule_parse(struct str text, enum clock_rule *out)
{
    for (int i = 0; i < CLOCK_RULE_COUNT; i++) {
        if (!str_eq(text, str_from(clock_rule_names[i]))) continue;
        *out = (enum clock_rule)i;
        return true;
    }
    return false;
}

struct str calendar_name(const struct calendar *c)
{
    return c->name;
}

struct str calendar_title(const struct calendar *c)
{
    return c->title;
}

struct sha256 calendar_version(const struct calendar *c)
{
    return c->version;
}

bool calendar_is_provisional(const struct calendar *c, int year)
{
    if (year < CALENDAR_FIRST_YEAR || year > CALENDAR_LAST_YEAR) return true;
    return !c->is_announced[year - CALENDAR_FIRST_YEAR];
}

/* ---- the table ---- */

void calendar_lay_out(struct arena *a, struct calendar *c)
{
    for (int w = 1; w <= 7; w++) c->week_before[w + 1] = c->week_before[w] + c->patterns[c->week[w]].minutes;
    c->first_day = day_from_civil((struct civil){CALENDAR_FIRST_YEAR, 1, 1});
    c->day_count = day_from_civil((struct civil){CALENDAR_LAST_YEAR + 1, 1, 1}) - c->first_day;
    c->rows = ARENA_ARRAY(a, struct day_row, (size_t)c->day_count + 1);
    for (int i = 0; i < c->day_count; i++) c->rows[i].pattern = c->week[day_of_week(c->first_day + i)];
    for (size_t i = 0; i < c->special_count; i++) {
        const struct special *s = &c->specials[i];
        struct day_row *row = &c->rows[s->day - c->first_day];
        row->pattern = s->as_weekday ? c->week[s->as_weekday] : s->pattern;
        row->note = s->note;
    }
    for (int i = 0; i < c->day_count; i++) {
        c->rows[i + 1].minutes_before = c->rows[i].minutes_before + c->patterns[c->rows[i].pattern].minutes;
    }
}

static bool is_in_table(const struct calendar *c, day_t d)
{
    return d >= c->first_day && d < c->first_day + c->day_count;
}

static const struct pattern *pattern_of(const struct calendar *c, day_t d)
{
    return &c->patterns[is_in_table(c, d) ? c->rows[d - c->first_day].pattern : c->week[day_of_week(d)]];
}

/* Working minutes of ordinary weeks between the Monday 1969-12-29 and d. */
static int64_t ordinary_minutes_before(const struct calendar *c, day_t d)
{
    int64_t since_monday = (int64_t)d + 3, weeks = since_monday / 7, rest = since_monday % 7;
    if (rest < 0) {
        rest += 7;
        weeks--;
    }
    return weeks * c->week_before[8] + c->week_before[rest + 1];
}

/* Working minutes from the first day of the table to the beginning of d; outside the table only the weekly rule is
 * known. */
static int64_t minutes_before(const struct calendar *c, day_t d)
{
    if (d < c->first_day) return ordinary_minutes_before(c, d) - ordinary_minutes_before(c, c->first_day);
    day_t end = c->first_day + c->day_count;
    if (d <= end) return c->rows[d - c->first_day].minutes_before;
    return c->rows[c->day_count].minutes_before + ordinary_minutes_before(c, d) - ordinary_minutes_before(c, end);
}

/* Working time from the first day of the table to a moment. Never falls; rises with the time exactly while the office
 * is open. Everything below is this function or its inverse. */
static int64_t worked_until(const struct calendar *c, instant_t at)
{
    day_t d = day_of(at);
    const struct pattern *p = pattern_of(c, d);
    int64_t now = us_of_day(at), worked = minutes_before(c, d) * US_PER_MINUTE;
    for (int i = 0; i < p->shift_count; i++) {
        int64_t start = p->shifts[i].start * US_PER_MINUTE, end = p->shifts[i].end * US_PER_MINUTE;
        if (now > start) worked += (now < end ? now : end) - start;
    }
    return worked;
}

/* The earliest moment at which worked_until is `worked`, at or after day d; worked lies after the beginning of d. */
static instant_t moment_worked(const struct calendar *c, day_t d, int64_t worked)
{
    day_t step = 1, low = d, high; /* minutes_before(low) < worked <= minutes_before(high) */
    while (minutes_before(c, d + step) * US_PER_MINUTE < worked) step *= 2;
    high = d + step;
    while (high - low > 1) {
        day_t middle = low + (high - low) / 2;
        if (minutes_before(c, middle) * US_PER_MINUTE < worked) {
            low = middle;
        } else {
            high = middle;
        }
    }
    const struct pattern *p = pattern_of(c, low);
    int64_t left = worked - minutes_before(c, low) * US_PER_MINUTE;
    for (int i = 0; i < p->shift_count; i++) {
        int64_t length = (p->shifts[i].end - p->shifts[i].start) * US_PER_MINUTE;
        if (left <= length) return day_start(low) + p->shifts[i].start * US_PER_MINUTE + left;
        left -= length;
    }
    BUG("a day of the calendar works longer than its shifts");
}

/* ---- one day, one moment ---- */

bool calendar_is_working_day(const struct calendar *c, day_t d)
{
    return pattern_of(c, d)->shift_count > 0;
}

int calendar_minutes_of_day(const struct calendar *c, day_t d)
{
    return pattern_of(c, d)->minutes;
}

struct str calendar_day_note(const struct calendar *c, day_t d)
{
    return is_in_table(c, d) ? c->notes[c->rows[d - c->first_day].note] : STR("");
}

instant_t calendar_day_open(const struct calendar *c, day_t d)
{
    const struct pattern *p = pattern_of(c, d);
    return p->shift_count == 0 ? INSTANT_NONE : day_start(d) + p->shifts[0].start * US_PER_MINUTE;
}

instant_t calendar_day_close(const struct calendar *c, day_t d)
{
    const struct pattern *p = pattern_of(c, d);
    return p->shift_count == 0 ? INSTANT_NONE : day_start(d) + p->shifts[p->shift_count - 1].end * US_PER_MINUTE;
}

day_t calendar_working_day_from(const struct calendar *c, day_t d)
{
    while (!calendar_is_working_day(c, d)) d++; /* ends: the parser refuses a week without work */
    return d;
}

instant_t calendar_next_open(const struct calendar *c, instant_t at)
{
    day_t d = day_of(at);
    int64_t now = us_of_day(at);
    const struct pattern *p = pattern_of(c, d);
    for (int i = 0; i < p->shift_count; i++) {
        if (now < p->shifts[i].start * US_PER_MINUTE) return day_start(d) + p->shifts[i].start * US_PER_MINUTE;
        if (now < p->shifts[i].end * US_PER_MINUTE) return at;
    }
    return calendar_day_open(c, calendar_working_day_from(c, d + 1));
}

bool calendar_is_open(const struct calendar *c, instant_t at)
{
    return calendar_next_open(c, at) == at;
}

bool calendar_is_round_the_clock(const struct calendar *c)
{
    return c->is_round_the_clock;
}

/* A special day without work is a holiday: the counter is closed too. */
static bool is_holiday(const struct calendar *c, day_t d)
{
    return pattern_of(c, d)->shift_count == 0 && calendar_day_note(c, d).len > 0;
}

bool calendar_counter_is_open(const struct calendar *c, instant_t at)
{
    if (c->is_round_the_clock || calendar_is_open(c, at)) return true;
    day_t d = day_of(at);
    const struct pattern *p = &c->patterns[c->counter[day_of_week(d)]];
    if (is_holiday(c, d)) return false;
    for (int i = 0; i < p->shift_count; i++) {
        int64_t now = us_of_day(at);
        if (now >= p->shifts[i].start * US_PER_MINUTE && now < p->shifts[i].end * US_PER_MINUTE) return true;
    }
    return false;
}

struct str calendar_day_shifts(struct arena *a, const struct calendar *c, day_t d)
{
    const struct pattern *p = pattern_of(c, d);
    struct str parts[SHIFTS_MOST];
    for (int i = 0; i < p->shift_count; i++) {
        const struct shift *s = &p->shifts[i];
        parts[i] = str_format(a, "%02d:%02d-%02d:%02d", s->start / 60, s->start % 60, s->end / 60, s->end % 60);
    }
    return str_join(a, STR(", "), parts, (size_t)p->shift_count);
}

/* ---- working time ---- */

int64_t calendar_working_us(const struct calendar *c, instant_t from, instant_t to)
{
    return worked_until(c, to) - worked_until(c, from);
}

instant_t calendar_add_working(const struct calendar *c, instant_t from, int64_t us)
{
    return us <= 0 ? from : moment_worked(c, day_of(from), worked_until(c, from) + us);
}

/* ---- limits ---- */

static bool is_span_provisional(const struct calendar *c, day_t from, day_t to)
{
    for (int year = day_to_civil(from).year; year <= day_to_civil(to).year; year++) {
        if (calendar_is_provisional(c, year)) return true;
    }
    return false;
}

/* The close of the first working day at or after d. */
static struct due due_at_close(const struct calendar *c, day_t d)
{
    day_t last = calendar_working_day_from(c, d);
    return (struct due){calendar_day_close(c, last), is_span_provisional(c, d, last)};
}

/* Hours run day and night when the limit says so, or where the office never closes. */
static bool runs_day_and_night(const struct calendar *c, struct term t)
{
    return t.is_continuous || (t.unit == TERM_HOURS && c->is_round_the_clock);
}

/* Settled while the applicant waits, at the latest when the office closes: the law gives no hour. A gate that never
 * closes has until midnight; due at the very moment of receipt, everything would be late. */
static struct due due_on_the_spot(const struct calendar *c, instant_t from, bool is_continuous)
{
    day_t d = day_of(from);
    if (is_continuous) return (struct due){day_start(d + 1), false};
    return due_at_close(c, calendar_is_working_day(c, d) && from < calendar_day_close(c, d) ? d : d + 1);
}

static struct due due_after_working(const struct calendar *c, instant_t from, int64_t us)
{
    instant_t at = calendar_add_working(c, from, us);
    return (struct due){at, is_span_provisional(c, day_of(from), day_of(at))};
}

/* Civil Code 2015 (Law 91/2015/QH13) art. 148(3): the corresponding day of the last month, or the last day of that
 * month when it has none; art. 146(1): half a month is 15 days. */
static day_t day_after_months(day_t d, int64_t hundredths)
{
    struct civil civil = day_to_civil(d);
    int months = civil.year * 12 + civil.month - 1 + (int)(hundredths / 100);
    civil.year = months / 12;
    civil.month = months % 12 + 1;
    while (!civil_is_valid(civil)) civil.day--;
    return day_from_civil(civil) + (hundredths % 100 ? 15 : 0);
}

static const int first_year = 2000, last_year = 8000;

static bool is_year_within(instant_t at)
{
    int year = day_to_civil(day_of(at)).year;
    return year >= first_year && year <= last_year;
}

/* 10,000 units of the longest unit are 834 years, so nothing overflows between here and the year 9999. */
static const instant_t earliest = INT64_C(-62135596800) * US_PER_S, latest = INT64_C(253402300799) * US_PER_S;

enum outcome calendar_due(const struct calendar *c, instant_t from, struct term t, struct due *out, struct fail *why)
{
    if (!term_is_valid(t)) return fail(why, ERR_INVALID, N_("This time limit cannot be counted."));
    if (from < earliest || from > latest || !is_year_within(from))
        return fail(why, ERR_INVALID, N_("The moment lies outside the years that the calendar counts."));
    if (t.unit == TERM_NONE) {
        *out = (struct due){INSTANT_NONE, false};
    } else if (t.hundredths == 0) {
        *out = due_on_the_spot(c, from, runs_day_and_night(c, t));
    } else if (runs_day_and_night(c, t)) {
        *out = (struct due){from + t.hundredths * (US_PER_HOUR / 100), false};
    } else if (t.unit == TERM_HOURS) {
        *out = due_after_working(c, from, t.hundredths * (US_PER_HOUR / 100));
    } else if (t.unit == TERM_WORKING_DAYS) {
        *out = due_after_working(c, from, t.hundredths * (WORKING_DAY_US / 100));
    } else if (t.unit == TERM_DAYS) {
        *out = due_at_close(c, day_of(from) + (day_t)(t.hundredths / 100));
    } else {
        *out = due_at_close(c, day_after_months(day_of(from), t.hundredths));
    }
    return OK;
}

static bool is_counted_in_days(struct term t)
{
    return t.unit == TERM_DAYS || t.unit == TERM_MONTHS;
}

/* The day on which a limit in days ends: a shift that closes at 24:00 belongs to the day before. */
static day_t last_day(instant_t due)
{
    return day_of(due - 1);
}

int64_t calendar_remaining(const struct calendar *c, struct term t, instant_t due, instant_t at)
{
    if (runs_day_and_night(c, t)) return due - at;
    if (is_counted_in_days(t)) return (int64_t)(last_day(due) - day_of(at)) * US_PER_DAY;
    return calendar_working_us(c, at, due);
}

enum outcome calendar_resume(const struct calendar *c, struct term t, instant_t due, instant_t held_at,
                             instant_t resumed_at, struct due *out, struct fail *why)
{
    if (due < earliest || due > latest || held_at < earliest || resumed_at > latest || resumed_at < held_at ||
        !is_year_within(due) || !is_year_within(resumed_at))
        return fail(why, ERR_INVALID, N_("The moment lies outside the years that the calendar counts."));
    if (runs_day_and_night(c, t)) {
        *out = (struct due){due + (resumed_at - held_at), false};
    } else if (is_counted_in_days(t)) {
        *out = due_at_close(c, last_day(due) + (day_of(resumed_at) - day_of(held_at)));
    } else {
        *out = due_after_working(c, due, calendar_working_us(c, held_at, resumed_at));
    }
    return OK;
}

struct due calendar_carry(const struct calendar *from, const struct calendar *to, struct term t, instant_t due,
                          instant_t at)
{
    struct due as_it_is = {due, is_span_provisional(to, day_of(due), day_of(due))};
    if (due <= at) return as_it_is;
    if (is_counted_in_days(t)) return due_at_close(to, last_day(due));
    int64_t left = runs_day_and_night(from, t) ? due - at : calendar_working_us(from, at, due);
    if (left <= 0) return as_it_is;
    return runs_day_and_night(to, t) ? (struct due){at + left, false} : due_after_working(to, at, left);
}

/* ---- the life of one clock ---- */

static enum outcome replay_one(const struct calendar *c, struct term t, const struct clock_event *e,
                               struct clock_state *s, struct fail *why)
{
    bool was_provisional = s->due.is_provisional;
    switch (e->kind) {
    case CLOCK_BEGAN: s->held_at = INSTANT_NONE; return calendar_due(c, e->at, t, &s->due, why);
    case CLOCK_STOOD:
        if (s->held_at == INSTANT_NONE) s->held_at = e->at;
        return OK;
    case CLOCK_WENT_ON:
        if (s->held_at == INSTANT_NONE || s->due.at == INSTANT_NONE) break;
        TRY(calendar_resume(c, t, s->due.at, s->held_at, e->at, &s->due, why));
        s->due.is_provisional |= was_provisional;
        break;
    case CLOCK_SET: s->due = due_at_close(c, e->until); return OK;
    }
    s->held_at = INSTANT_NONE;
    return OK;
}

enum outcome calendar_replay(const struct calendar *c, struct term t, const struct clock_event *events, size_t count,
                             struct clock_state *out, struct fail *why)
{
    struct clock_state s = {
        {INSTANT_NONE, false},
        INSTANT_NONE
    };
    for (size_t i = 0; i < count; i++) TRY(replay_one(c, t, &events[i], &s, why));
    *out = s;
    return OK;
}
