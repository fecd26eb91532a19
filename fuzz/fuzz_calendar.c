/* Calendar files: whatever parses counts limits that end on working days and never before they began; a limit that
 * stood still ends later, and one that is carried over to the same calendar is not over by that. */
#include <stdlib.h>

#include "base/auto.h"
#include "calendar/calendar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One limit's life: it stood still for three days, went on, was set to a day, was carried over. */
static void live(const struct calendar *c, struct term t, instant_t at, struct due due, struct fail *why)
{
    const struct clock_event events[] = {
        {CLOCK_BEGAN,   at,                   0              },
        {CLOCK_STOOD,   at + 2 * US_PER_DAY,  0              },
        {CLOCK_WENT_ON, at + 5 * US_PER_DAY,  0              },
        {CLOCK_SET,     at + 40 * US_PER_DAY, day_of(at) + 60},
    };
    struct clock_state s;
    struct due later;
    if (calendar_replay(c, t, events, 3, &s, why) != OK || s.due.at < due.at || s.held_at != INSTANT_NONE) abort();
    if (calendar_replay(c, t, events, 2, &s, why) != OK || s.due.at != due.at || s.held_at == INSTANT_NONE) abort();
    if (calendar_replay(c, t, events, 4, &s, why) != OK || day_of(s.due.at - 1) < day_of(at) + 60) abort();
    if (calendar_remaining(c, t, due.at, at) < 0 || calendar_remaining(c, t, at, due.at) > 0) abort();
    if (calendar_resume(c, t, due.at, at, at, &later, why) != OK || later.at < due.at) abort();
    if (due.at > at && calendar_carry(c, c, t, due.at, at).at <= at) abort();
}

static void look(struct arena *a, const struct calendar *c, instant_t at)
{
    struct str shifts = calendar_day_shifts(a, c, day_of(at));
    if ((shifts.len > 0) != calendar_is_working_day(c, day_of(at))) abort();
    if ((calendar_minutes_of_day(c, day_of(at)) > 0) != (shifts.len > 0)) abort();
    if (calendar_is_open(c, at) && !calendar_counter_is_open(c, at)) abort();
    (void)calendar_is_provisional(c, day_to_civil(day_of(at)).year); /* only that it does not crash */
}

static void count(struct arena *a, const struct calendar *c, struct fail *why)
{
    static const struct term terms[] = {
        {TERM_HOURS,        0,    false},
        {TERM_HOURS,        1450, false},
        {TERM_WORKING_DAYS, 1000, false},
        {TERM_DAYS,         1500, false},
        {TERM_MONTHS,       150,  false}
    };
    for (instant_t at = INT64_C(1704067200) * US_PER_S; at < INT64_C(1767225600) * US_PER_S;
         at += 9 * US_PER_DAY + 12345) {
        for (size_t i = 0; i < LENGTH(terms); i++) {
            struct due due;
            if (calendar_due(c, at, terms[i], &due, why) != OK || due.at < at) abort();
            if (!calendar_is_working_day(c, day_of(due.at - 1))) abort();
            live(c, terms[i], at, due, why);
        }
        look(a, c, at);
        if (calendar_working_us(c, at, calendar_add_working(c, at, US_PER_DAY)) != US_PER_DAY) abort();
        if (!calendar_is_open(c, calendar_next_open(c, at))) abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    const struct calendar *c;
    arena_init(&a, 256 << 20);
    fail_init(&why, &a);
    if (calendar_parse(&a, str_of((const char *)data, size), NULL, &c, &why) == OK) count(&a, c, &why);
    return 0;
}
