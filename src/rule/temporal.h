/*
 * The temporal values of FEEL (DMN 1.5, 10.3.2.3.4 to 10.3.2.3.8): dates of the proleptic Gregorian calendar with years
 * of up to nine digits, times and moments without a zone, with an offset or in an IANA zone, and the two durations that
 * are never turned into one another. Texts are those of ISO 8601 / XML Schema with "@Area/City" for zones. Pure values;
 * zones' rules are ICU's.
 */
#ifndef RULE_TEMPORAL_H
#define RULE_TEMPORAL_H

#include "base/str.h"

#define NANOS_PER_S INT64_C(1000000000)
#define S_PER_DAY INT64_C(86400)
enum { YEAR_MOST = 999999999, OFFSET_MOST_S = 18 * 3600 };

struct feel_date {
    int32_t year; /* -999,999,999 to 999,999,999 */
    int8_t month, day;
};

struct feel_zone {
    struct str name;  /* "Europe/Paris"; empty: a fixed offset */
    int32_t offset_s; /* east is positive; of a named zone it depends on the moment: zone_offset */
};

struct feel_time {
    int32_t second, nanos;        /* of the day; of the second */
    const struct feel_zone *zone; /* NULL: local, wherever that is */
};

struct feel_moment {
    struct feel_date date;
    struct feel_time time;
};

typedef __int128 nanos_t; /* a days and time duration */

bool date_is_valid(int64_t year, int64_t month, int64_t day);
int64_t date_to_days(struct feel_date d); /* since 1970-01-01 */
bool date_from_days(int64_t days, struct feel_date *out);
int date_weekday(struct feel_date d); /* ISO: 1 Monday ... 7 Sunday */
int date_day_of_year(struct feel_date d);
int date_week_of_year(struct feel_date d); /* ISO 8601 */
/* To the same day of another month, or its last; false beyond the years. */
bool date_add_months(struct feel_date d, int64_t months, struct feel_date *out);
/* Whole months from one to the other, negative when `to` is earlier. */
int64_t date_months_between(struct feel_date from, struct feel_date to);

/* Whole texts only; false when it is none. Zones live in the arena. */
bool date_parse(struct str text, struct feel_date *out);
bool time_parse(struct arena *a, struct str text, struct feel_time *out);
bool moment_parse(struct arena *a, struct str text, struct feel_moment *out); /* a date alone: its first moment */
bool months_parse(struct str text, int64_t *out);                             /* "P1Y2M" */
bool nanos_parse(struct str text, nanos_t *out);                              /* "-P1DT2H3.5S" */
struct str date_format(struct arena *a, struct feel_date d);
struct str time_format(struct arena *a, struct feel_time t);
struct str moment_format(struct arena *a, struct feel_moment m);
struct str months_format(struct arena *a, int64_t months);
struct str nanos_format(struct arena *a, nanos_t n);

/* "Z", "+07:00", "@Asia/Ho_Chi_Minh"; false when there is no such zone. */
bool zone_parse(struct arena *a, struct str text, const struct feel_zone **out);
const struct feel_zone *zone_of_offset(struct arena *a, int32_t offset_s);
/* East of Greenwich at that local moment; 0 without a zone. */
int32_t zone_offset(const struct feel_moment *m);

/* Nanoseconds since 1970-01-01T00:00:00, UTC when there is a zone. */
nanos_t moment_nanos(const struct feel_moment *m);
/* The same zone, so much later by the clock of the world; false beyond the years. */
bool moment_add(const struct feel_moment *m, nanos_t n, struct feel_moment *out);
struct feel_time time_add(struct feel_time t, nanos_t n); /* around midnight */

#endif
