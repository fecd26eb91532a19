/*
 * What follows from a change of working time: a batch that counts the open deadlines anew. A calendar in use that
 * becomes another one, and an agency that changes its calendar, start it in their own transaction, so that no change is
 * ever without it. An item is one dossier; what is counted by its agency's calendar already costs nothing.
 */
#ifndef BATCH_RECOUNT_KIND_H
#define BATCH_RECOUNT_KIND_H

#include "agency/agency_calendar.h"
#include "batch/batch.h"
#include "dossier/recount.h"

extern const struct batch_kind recount_kind; /* "recount"; parameters {"calendar": name} */

calendars_change_fn recount_after_change; /* for calendars_on_change */

/* A command: agency_calendar_set, and the batch when it holds from today or earlier. out: struct batch_started, id 0
 * when there is none. Then calendars_forget. */
store_command agency_calendar_change;

/* The batches of those that were set ahead and whose day has come; the app calls it each minute. */
enum outcome agency_calendars_begin(const struct desk *desk, struct fail *why) MUST_USE;

/* What a planned calendar, which is parsed but not in use, would change: over all agencies that work by the one of its
 * name and by those laid over it. Counts at most `most` dossiers. */
enum outcome recount_weigh(const struct desk *desk, struct tx *tx, const struct calendar *planned, int64_t most,
                           struct recount_effect *out, struct fail *why) MUST_USE;

#endif
