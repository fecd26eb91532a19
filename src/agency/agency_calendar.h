/*
 * By which calendar an agency works: its own, else its parent's, and at the top the State's. What a calendar says is
 * calendar/calendar.h; here is only who uses which, from which day. A dossier is counted by the calendar of the agency
 * that answers for it, on the day on which it is counted.
 */
#ifndef AGENCY_AGENCY_CALENDAR_H
#define AGENCY_AGENCY_CALENDAR_H

#include "agency/agency.h"
#include "calendar/calendars.h"

/* Costs no query when it was asked for within seconds. An agency nobody knows works by the State's. */
enum outcome agency_calendar_of(struct calendars *c, struct tx *tx, int64_t agency, day_t day,
                                const struct calendar **out, struct fail *why) MUST_USE;

/* Whose row decides: for people who wonder why. */
struct agency_calendar {
    int64_t agency;   /* whose row it is: its own or an ancestor's; 0: nobody's, the State's calendar */
    day_t valid_from; /* 0 when agency is 0 */
    struct str name;  /* of the calendar; empty: the State's */
};
enum outcome agency_calendar_find(struct tx *tx, int64_t agency, day_t day, struct agency_calendar *out,
                                  struct fail *why) MUST_USE;

/* From a day on the agency, and those below it without a row of their own, work by the calendar of a name; an empty
 * name: by the parent's again. A day that is there already is decided anew. */
struct agency_calendar_set {
    struct actor actor;
    int64_t agency, version; /* version of the agency that was seen; 0: whatever it is */
    struct str name;
    day_t valid_from;
};
store_command agency_calendar_set; /* no output; then calendars_forget */

/* Inside a command: the agencies whose calendar was set ahead for a day that has come, at most so many; they are not
 * given again. */
enum outcome agency_calendars_begun(struct tx *tx, size_t most, int64_t *out_agencies, size_t *out_count,
                                    struct fail *why) MUST_USE;

/* Agencies that ever had work, in order of id, behind `after`: those whose deadlines may have to be counted anew. */
enum outcome agencies_with_work(struct tx *tx, int64_t after, size_t most, int64_t *out_ids, size_t *out_count,
                                struct fail *why) MUST_USE;

#endif
