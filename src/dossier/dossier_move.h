/*
 * From which agency a dossier went to which, by a transfer or by undoing one, as the payload of the journal's entry
 * tells (dossier_act.c writes `agency` and `agency_before`).
 */
#ifndef DOSSIER_DOSSIER_MOVE_H
#define DOSSIER_DOSSIER_MOVE_H

#include "journal/journal.h"

struct dossier_move {
    int64_t from, to; /* agencies; both 0: it stayed */
    instant_t at;
};

enum outcome dossier_move_of(struct tx *tx, const struct journal_entry *e, struct dossier_move *out,
                             struct fail *why) MUST_USE;
/* How it last left an agency. */
enum outcome dossier_move_last(struct tx *tx, int64_t dossier, int64_t from, struct dossier_move *out,
                               struct fail *why) MUST_USE;

#endif
