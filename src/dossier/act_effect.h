/*
 * What an act does beyond the row of its dossier: rows of other concepts (payments, units that are asked, contacts),
 * written in the transaction of the act, each with the version that the act makes, so that undoing it finds them again.
 */
#ifndef DOSSIER_ACT_EFFECT_H
#define DOSSIER_ACT_EFFECT_H

#include "dossier/dossier_act.h"

/* What the journal tells beyond the act's own input. */
struct act_trace {
    struct str receipt_number; /* of a payment; empty: none */
};

/* d: moved already, not saved yet; may be changed further (units_due). d->version is the one that the act makes. */
enum outcome act_effects_take(struct tx *tx, const struct act *in, struct dossier *d, struct act_trace *out,
                              struct fail *why) MUST_USE;
/* The act that made `version` is undone by `in`: what it wrote goes or is cancelled, what it closed is open again. d:
 * as it was before the act; units_due is counted anew. */
enum outcome act_effects_undo(struct tx *tx, const struct act *in, struct dossier *d, int64_t version,
                              struct fail *why) MUST_USE;

#endif
