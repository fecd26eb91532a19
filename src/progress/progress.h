/*
 * How the work stands: what is late, due today, tomorrow and within three working days, and what waits for others; of
 * one's own post, and for a leader of the whole agency by officer, and of the agencies below it. Numbers come from the
 * rows that the lists come from (dossier/task_count.h), so a number and its list agree.
 */
#ifndef PROGRESS_PROGRESS_H
#define PROGRESS_PROGRESS_H

#include "agency/agency.h"
#include "dossier/desk.h"
#include "dossier/task_count.h"

enum { PROGRESS_ROWS_MOST = 20000 }; /* of the worklist, looked at for one page */

struct progress_line {
    struct str key, name; /* login or e-identifier; empty: nobody */
    struct task_count count;
};

struct progress {
    struct agency agency;
    bool is_of_agency; /* all of it, not the queues of one post */
    struct due_bounds bounds;
    struct task_count all;
    struct waiting_count waiting;
    bool is_more;       /* every number is "at least" */
    bool is_later_more; /* only of what is due later than in three days */
    struct progress_line *holders, *agencies;
    size_t holder_count, agency_count;
};

/* agency: of the post in use, or below it; empty: the officer's own queues. Whole agencies are for who may approve
 * there. ERR_DENIED and ERR_MISSING with a sentence. Lives in tx_arena. */
enum outcome progress_load(const struct desk *desk, struct tx *tx, const struct standing *who, struct str agency,
                           struct progress *out, struct fail *why) MUST_USE;
bool progress_may_see_agencies(const struct standing *who);

#endif
