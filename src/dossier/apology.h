/*
 * An apology drafted before it is too late for one: the extension of the time limit as a proposal, which its officer
 * finds in the form of the act `extend` and changes or sends (Decree 61/2018 art. 19, kept by Decree 118/2025). When it
 * is drafted is the progress room's to decide; it is never sent by itself.
 */
#ifndef DOSSIER_APOLOGY_H
#define DOSSIER_APOLOGY_H

#include "dossier/dossier.h"
#include "store/store.h"

struct apology {
    int64_t dossier;
    instant_t due;     /* that will not be kept */
    day_t until;       /* proposed */
    struct str reason; /* to be completed */
};

/* The proposal for a deadline: two working days more, or as much as it is late already. */
struct apology apology_of(struct arena *a, const struct dossier *d, const struct calendar *c, instant_t now);

/* Inside a command. Another draft of the dossier is replaced. */
enum outcome apology_save(struct tx *tx, const struct apology *apology, struct fail *why) MUST_USE;
enum outcome apology_drop(struct tx *tx, int64_t dossier, struct fail *why) MUST_USE;
/* ERR_MISSING (without a sentence) when there is none for this deadline. */
enum outcome apology_find(struct tx *tx, int64_t dossier, instant_t due, struct apology *out,
                          struct fail *why) MUST_USE;

#endif
