/*
 * A time limit as the law states it: how many of which unit. The unit stays with the number for ever: "15 days" and "15
 * working days" are different promises, and neither is turned into the other. A procedure that states no
 * limit has TERM_NONE, which is shown as such and never replaced by a guess. Pure values; calendar.h gives them dates.
 */
#ifndef CALENDAR_TERM_H
#define CALENDAR_TERM_H

#include "base/fail.h"
#include "base/language.h"

enum term_unit { TERM_NONE, TERM_HOURS, TERM_DAYS, TERM_WORKING_DAYS, TERM_MONTHS };

enum { TERM_HUNDREDTHS_MOST = 1000000 };

struct term {
    enum term_unit unit;
    int64_t hundredths; /* half an hour is 50; 0 hours or days: settled on the spot */
    bool is_continuous; /* hours that run day and night, as at border gates; else hours run in shifts */
};

/* Hours and working days may have hundredths; days are whole; months are whole or end in a half (15 days, Civil Code
 * 2015 art. 146). At most 10,000 units. Only hours can be continuous; TERM_NONE has no number. */
bool term_is_valid(struct term t);
bool term_eq(struct term a, struct term b);

/* "10wd" "0.5h" "15d" "2m" "24h/7" (continuous), and empty for TERM_NONE; exact inverses. */
struct str term_format(struct arena *a, struct term t);
enum outcome term_parse(struct str text, struct term *out, struct fail *why) MUST_USE;

/* "10 working days", "0.5 hours", "on the spot"; empty for TERM_NONE. */
struct str term_for_people(struct arena *a, enum language l, struct term t);

#endif
