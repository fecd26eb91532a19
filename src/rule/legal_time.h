/*
 * Legal time in rules: two functions that the standard does not have, counted by the calendars of the office. They are
 * not built in: their names are given to a text as variables only where they are switched on (docs/rules.md), so a
 * standard model never meets them.
 *
 *     working days after(date, n, calendar)   the n-th working day behind a date, a date
 *     end of term(from, term, calendar)       when a term that begins at a moment or with a day ends, a date and time
 *
 * A term is written as the program writes it: "10wd" "15d" "2m" "4h" (calendar/term.h).
 *
 * The calendar is a name ("vietnam"), or null for the one that the run says is usual.
 */
#ifndef RULE_LEGAL_TIME_H
#define RULE_LEGAL_TIME_H

#include "calendar/calendars.h"
#include "rule/feel.h"

enum { LEGAL_TIME_FUNCTIONS = 2 };
#define LEGAL_TIME_NAMESPACE "urn:motcua:legal-time" /* of the import that switches them on in a model of DMN */

/* Where a run finds its calendars; set feel_run.legal_time. */
struct legal_time {
    /* Empty name: the usual one. NULL: none of that name. */
    const struct calendar *(*find)(const void *context, struct str name);
    const void *context;
};

/* An office: its own calendar is the usual one, the others go by their names. Borrowed by what is made of it. */
struct legal_office {
    struct calendars *calendars;
    const struct calendar *usual;
};
struct legal_time legal_time_of(const struct legal_office *office);

extern const struct str legal_time_names[LEGAL_TIME_FUNCTIONS];
void legal_time_values(struct arena *a, struct feel_value out[LEGAL_TIME_FUNCTIONS]);

#endif
