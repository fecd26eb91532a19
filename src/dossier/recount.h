/*
 * A deadline counted anew, because the calendar of the dossier's agency is another one now: the year's holidays were
 * announced, a local festival was entered, the agency works by another calendar. The whole life of the clock (receipt,
 * holds, restarts, a promised date) is read from the journal and counted again, as if the new calendar had been known
 * from the first day. What the journal cannot explain keeps what was left of it. Who waits is told when the date moves.
 */
#ifndef DOSSIER_RECOUNT_H
#define DOSSIER_RECOUNT_H

#include "dossier/desk.h"
#include "dossier/dossier.h"
#include "journal/journal.h"

/* Read before the command: everything that costs. */
struct recount {
    int64_t dossier, version;
    struct actor actor;
    const struct calendar *before, *after; /* before NULL: there is nothing to count anew */
    struct str version_before, version_after;
    struct clock_state state; /* by `after` */
    bool is_explained;        /* the journal tells how the present deadline came about */
    struct term within;       /* of the present step */
};
/* A dossier that is over, or whose clock has not begun, or that is counted by its agency's calendar already, needs
 * nothing: the command then changes nothing. out lives in a. */
enum outcome recount_prepare(const struct desk *desk, struct tx *tx, struct arena *a, int64_t dossier,
                             struct recount *out, struct fail *why) MUST_USE;

struct recounted {
    bool is_changed, is_moved;
    instant_t before, after; /* due moments; of a clock that stands, those that it will go on with */
};
store_command dossier_recount; /* in: struct recount; out: struct recounted, or NULL */

/* Which open dossiers of an agency are counted by another version than this one. */
typedef void recount_found_fn(void *found, int64_t dossier);
enum outcome recount_find(struct tx *tx, int64_t agency, struct str version, recount_found_fn *found_one, void *found,
                          struct fail *why) MUST_USE;

/* What a calendar would change, before it is in use: counts at most `most` dossiers. */
struct recount_effect {
    int64_t open, moved; /* dossiers with a deadline; of those, whose deadline would be another */
    bool is_more;        /* there are more than were counted */
};
enum outcome recount_effect(struct tx *tx, int64_t agency, const struct calendar *in_use,
                            const struct calendar *planned, int64_t most, struct recount_effect *effect,
                            struct fail *why) MUST_USE;

#endif
