/* Calendar files: whatever parses counts limits that end on working days and never before they began. */
#include <stdlib.h>

#include "base/auto.h"
#include "calendar/calendar.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void count(const struct calendar *c, struct fail *why)
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
        }
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
    if (calendar_parse(&a, str_of((const char *)data, size), NULL, &c, &why) == OK) count(c, &why);
    return 0;
}
