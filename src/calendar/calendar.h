/*
 * Working time. A calendar says for every day of its years whether the office works and in which shifts; from it come
 * due dates, waiting times and "is the counter open". It is made once from a dated data file (vietnam.json is the
 * State's; an agency may lay its own shifts, half days and local holidays over it) and never changes: a new
 * announcement makes a new calendar with another content hash, and a dossier remembers which one it was promised by.
 *
 * It refuses to guess silently: a year that the authorities have not announced is computed from the Labour Code's rules
 * and every date that leans on it is marked provisional. It knows nothing of dossiers and does no input or output.
 *
 * How time is counted:
 * - working days: 8 working hours each, from the moment of receipt: one working day from Monday 10:00 is due Tuesday
 *   10:00. Receipt outside shifts counts from the next shift. The due moment is the earliest at which the time is used
 *   up, so 4 hours from 07:30 are due 11:30, not 13:00.
 * - hours: the same, in shifts; or 24 x 7 when the term is continuous or the office never closes (border gates).
 * - days: the first day is not counted; due at the close of the last day, which moves past days off (Civil Code 2015,
 *   art. 147 and 148).
 * - months: to the corresponding day of the last month, or that month's last day; then as days (the same articles);
 *   half a month is 15 days (art. 146).
 * - zero: on the spot, due at the close of the same working day (of the next one when received after hours).
 *
 * A counter may be open when nobody's working time runs (many one-stops on Saturday morning): who files then is
 * received then, and the limit counts from the next shift.
 *
 * Calendars live in the arena they were parsed into and may be read by any thread.
 */
#ifndef CALENDAR_CALENDAR_H
#define CALENDAR_CALENDAR_H

#include "base/clock.h"
#include "base/hash.h"
#include "calendar/term.h"

struct calendar;

enum {
    CALENDAR_FIRST_YEAR = 2020, /* the years with holidays; before and after only the weekly rule is known */
    CALENDAR_LAST_YEAR = 2045,
    CALENDAR_TEXT_BYTES = 256 * 1024,
    WORKING_DAY_HOURS = 8 /* a working day in a time limit is 8 working hours, whatever the local shifts */
};
#define WORKING_DAY_US (WORKING_DAY_HOURS * US_PER_HOUR)

/* What becomes of the clock while a dossier waits for its applicant (domain: supplement at intake, payment, appraisal).
 */
enum clock_rule {
    CLOCK_RUNS,
    CLOCK_NOT_STARTED, /* the limit has not begun: it begins at receipt */
    CLOCK_HOLD,        /* the remainder is kept: calendar_resume */
    CLOCK_RESTART,     /* begins anew when the complete dossier comes back: calendar_due */
    CLOCK_RULE_COUNT
};
const char *clock_rule_name(enum clock_rule r); /* "runs", "not-started", "hold", "restart" */
bool clock_rule_parse(struct str text, enum clock_rule *out);

/* text: the JSON of docs/calendar.md. base: the calendar that it names as its base, or NULL when it names none. Every
 * mistake is reported at its place before it returns. */
enum outcome calendar_parse(struct arena *a, struct str text, const struct calendar *base, const struct calendar **out,
                            struct fail *why) MUST_USE;
/* The name of the base that a calendar's text asks for; empty when it stands alone. */
enum outcome calendar_base_name(struct arena *a, struct str text, struct str *out, struct fail *why) MUST_USE;

#define STANDARD_CALENDAR "vietnam" /* the State's, calendars/vietnam.json: what an agency without its own works by */
struct str calendar_name(const struct calendar *c);               /* "vietnam" */
struct str calendar_title(const struct calendar *c);              /* for people */
struct sha256 calendar_version(const struct calendar *c);         /* of the canonical content and of its base */
bool calendar_is_provisional(const struct calendar *c, int year); /* not announced: computed by rule */

/* ---- one day, one moment ---- */

bool calendar_is_working_day(const struct calendar *c, day_t d);
int calendar_minutes_of_day(const struct calendar *c, day_t d);  /* working minutes; 0 on a day off */
struct str calendar_day_note(const struct calendar *c, day_t d); /* "Tết Nguyên đán"; empty for an ordinary day */
instant_t calendar_day_open(const struct calendar *c, day_t d);  /* INSTANT_NONE on a day off */
instant_t calendar_day_close(const struct calendar *c, day_t d); /* end of the last shift; INSTANT_NONE on a day off */
day_t calendar_working_day_from(const struct calendar *c, day_t d); /* d itself, or the next working day */
bool calendar_is_open(const struct calendar *c, instant_t at); /* from the first moment of a shift to before its last */
/* The counter takes dossiers: in every shift, in its own hours besides (but not on a holiday), at a gate always. */
bool calendar_counter_is_open(const struct calendar *c, instant_t at);
bool calendar_is_round_the_clock(const struct calendar *c); /* hours run day and night */
/* "07:30-11:30, 13:00-17:00", from the pattern of the day; empty on a day off. */
struct str calendar_day_shifts(struct arena *a, const struct calendar *c, day_t d);
instant_t calendar_next_open(const struct calendar *c, instant_t at); /* at itself when open */

/* ---- working time ---- */

int64_t calendar_working_us(const struct calendar *c, instant_t from, instant_t to); /* negative when to is earlier */
/* The earliest moment at which so much working time has passed; from itself when us <= 0. */
instant_t calendar_add_working(const struct calendar *c, instant_t from, int64_t us);

/* ---- limits ---- */

struct due {
    instant_t at;        /* INSTANT_NONE when the term states no limit */
    bool is_provisional; /* leans on a year whose holidays are not announced */
};

/* ERR_INVALID when the term is not one or the date leaves the years 2000 to 8000. */
enum outcome calendar_due(const struct calendar *c, instant_t from, struct term t, struct due *out,
                          struct fail *why) MUST_USE;

/* ---- the life of one clock ---- */

/* What happened to a limit, in order of time: it began (or began anew), stood still, went on, or was set to a day. */
enum clock_event_kind { CLOCK_BEGAN, CLOCK_STOOD, CLOCK_WENT_ON, CLOCK_SET };
struct clock_event {
    enum clock_event_kind kind;
    instant_t at;
    day_t until; /* CLOCK_SET: the new last day, as a date was promised in an apology */
};
struct clock_state {
    struct due due;
    instant_t held_at; /* it stands since then, with this due moment; INSTANT_NONE: it runs */
};
/* Counts a whole life anew by one calendar: so a change of calendar moves a deadline exactly as if that calendar had
 * been known from the first day. No event: no due moment. */
enum outcome calendar_replay(const struct calendar *c, struct term t, const struct clock_event *events, size_t count,
                             struct clock_state *out, struct fail *why) MUST_USE;
/* The same when the life is not known: what was left at a moment by one calendar is left by the other; a day that ended
 * the limit still ends it, or the next working day. What was late by then stays as it is. */
struct due calendar_carry(const struct calendar *from, const struct calendar *to, struct term t, instant_t due,
                          instant_t at);

/* What is left of a limit at a moment: working time for hours and working days, time for continuous hours, whole days
 * (as multiples of US_PER_DAY) for days and months. Negative when late. due is a moment, never INSTANT_NONE. */
int64_t calendar_remaining(const struct calendar *c, struct term t, instant_t due, instant_t at);
/* The due moment after a hold: what remained when it was held remains when it is resumed. A dossier that was late stays
 * exactly as late. */
enum outcome calendar_resume(const struct calendar *c, struct term t, instant_t due, instant_t held_at,
                             instant_t resumed_at, struct due *out, struct fail *why) MUST_USE;

#endif
