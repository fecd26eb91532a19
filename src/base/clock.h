/*
 * Time. An instant is UTC microseconds since 1970 in an int64_t, named `..._us` or `at`; a legal day is a local date of
 * Asia/Ho_Chi_Minh, a `day_t` counting days since 1970-01-01. Vietnam has kept +07:00 without daylight saving
 * since 1975-06-13, and every legal deadline here is later, so the offset is one constant.
 * All reading of the clock goes through here so that a test can hold it still (clock_hold, or MOTCUA_CLOCK for a
 * process).
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/fail.h"

typedef int64_t instant_t; /* UTC microseconds since 1970-01-01T00:00:00Z */
typedef int32_t day_t;     /* local days since 1970-01-01 */

#define US_PER_S INT64_C(1000000)
#define US_PER_MINUTE (60 * US_PER_S)
#define US_PER_HOUR (3600 * US_PER_S)
#define US_PER_DAY (86400 * US_PER_S)
#define LOCAL_OFFSET_US (7 * US_PER_HOUR)
#define INSTANT_NONE INT64_MIN /* no such moment; NULL in SQL and JSON */

struct civil {
    int year, month, day; /* month 1-12, day 1-31 */
};

instant_t clock_now(void);
int64_t clock_monotonic_us(void); /* for measuring; never held */
/* Holds the clock at an instant until clock_release(); clock_hold again moves it. For tests. */
void clock_hold(instant_t at);
void clock_release(void);
/* Reads MOTCUA_CLOCK (RFC 3339) when set: the process starts at that instant and its clock runs on from there. */
enum outcome clock_init(struct fail *why) MUST_USE;

bool civil_is_valid(struct civil c); /* the Gregorian calendar, years 1 to 9999 */
day_t day_from_civil(struct civil c);
struct civil day_to_civil(day_t d);
int day_of_week(day_t d); /* ISO: 1 Monday ... 7 Sunday */
day_t day_of(instant_t at);
instant_t day_start(day_t d);    /* local midnight */
int64_t us_of_day(instant_t at); /* since local midnight */

/* "2026-11-22" and "2026-11-22T18:36:00.123456Z" (fraction only when not zero; empty for INSTANT_NONE); exact
 * inverses of the parsers. */
struct str day_format(struct arena *a, day_t d);
struct str instant_format(struct arena *a, instant_t at);
enum { INSTANT_BYTES = 32 };
size_t instant_write(char out[INSTANT_BYTES], instant_t at); /* instant_format without an arena; ends with a NUL */
enum outcome day_parse(struct str text, day_t *out, struct fail *why) MUST_USE;
/* A problem at the pointer when it is none; *out stays then. */
bool day_or_problem(struct str text, struct str pointer, day_t *out, struct fail *why);
/* A day as somebody typed it where the browser has no calendar, without the blanks around it: of "22/11/2026",
 * "2-9-2026", "22.11.2026" what day_parse reads; anything else as it is. */
struct str day_typed(struct arena *a, struct str text);
/* RFC 3339 with Z or a numeric offset; years 1 to 9999 in UTC, digits after the microsecond are cut, no leap second. */
enum outcome instant_parse(struct str text, instant_t *out, struct fail *why) MUST_USE;
/* For people, local time: "22/11/2026" and "18:36 22/11/2026". */
struct str day_for_people(struct arena *a, day_t d);
struct str instant_for_people(struct arena *a, instant_t at);

#endif
