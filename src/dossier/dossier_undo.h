/*
 * Undoing a mistake: its author takes the latest act back within a set time, and the dossier is again exactly as it was
 * before it, except that its version goes on and the journal keeps both. Here is what is remembered of a dossier before
 * an act, as text, and whether somebody may undo. Pure; the command is in dossier_act.c.
 */
#ifndef DOSSIER_DOSSIER_UNDO_H
#define DOSSIER_DOSSIER_UNDO_H

#include "dossier/dossier.h"

/* Everything that acts change, and the number of its last paper: canonical JSON. */
struct str dossier_state(struct arena *a, const struct dossier *d, int64_t last_file);
/* Puts it back; texts live in a. A BUG when the text is not one that dossier_state made. */
void dossier_restore(struct dossier *d, struct arena *a, struct str state, int64_t *out_last_file);

enum outcome dossier_can_undo(const struct dossier *d, int64_t undo_us, const struct standing *who,
                              struct fail *why) MUST_USE;

#endif
