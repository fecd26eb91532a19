/*
 * What an act does beyond the row of its dossier: rows of other concepts (payments, units that are asked, contacts),
 * written in the transaction of the act. One table, in the order of enum action_id; an empty row has no such effect.
 */
#ifndef DOSSIER_ACT_EFFECT_H
#define DOSSIER_ACT_EFFECT_H

#include "dossier/dossier_act.h"

struct act_effect {
    /* d: moved already, not saved yet; may be changed further (units_due). d->version is the one that the act makes. */
    enum outcome (*take)(struct tx *tx, const struct act *in, struct dossier *d, struct fail *why);
    /* The act that made `version` is undone: what take wrote goes or is cancelled. d: as it was before the act. */
    enum outcome (*undo)(struct tx *tx, const struct act *in, const struct dossier *d, int64_t version,
                         struct fail *why);
};
extern const struct act_effect act_effects[ACTION_COUNT];

#endif
