/*
 * What waits in the many queues of one role, read in its order from one index (agency, role, stage, due) instead of
 * from the beginning of each queue: whoever serves most of the groups of procedures finds nearly every row to be
 * theirs. Rows of other queues are dropped; when most are, the walk ends where it is, and the queues are to be merged
 * behind that place (tasks.c). Rows that an older program wrote stand under no agency until a chore has placed them
 * (worklist_place): the walk reads those too, so what it gives is whole at any time. Only where every query is a trip
 * to a server (tx_is_far). Rows live in tx_arena(tx).
 */
#ifndef DOSSIER_ROLE_WALK_H
#define DOSSIER_ROLE_WALK_H

#include "dossier/list_merge.h"

struct role_walk {
    struct tx *tx;
    const int64_t *offices; /* the agency, and those whose work it goes on with */
    size_t office_count;
    struct str role;
    int stage;             /* the kind of work; 0: all */
    const int64_t *queues; /* those that are wanted, ascending */
    size_t queue_count;
    bool (*wants)(const void *context, int64_t holder); /* of a row: whose it is */
    const void *context;
    struct place reached;   /* of the last row that was looked at */
    bool is_over, is_worse; /* there is nothing behind `reached`; or there is, but not for this walk */
    struct rows rows;
    size_t at, portion, walked, kept;
    bool is_last; /* nothing is behind `rows` */
};

/* The caller has set the first nine. page: how many rows are likely to be wanted. */
void role_walk_begin(struct role_walk *w, struct place after, size_t page);
/* The next row that is wanted: due, dossier, holder, queue. *out NULL: is_over or is_worse says why. */
enum outcome role_walk_next(struct role_walk *w, const struct row **out, struct fail *why) MUST_USE;

/* The chore: places rows that an older program wrote, in portions. */
enum outcome role_walk_place_rows(struct store *s, struct fail *why) MUST_USE;

#endif
