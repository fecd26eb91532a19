/*
 * Forgets how dossiers were before acts that nobody may undo any more. What is remembered of each (dossier_undo.h) is
 * needed for minutes; kept for ever it would be a tenth of a large office. The table is walked by its key, so that no
 * act pays for an index by time: it holds an hour's acts, except once after an office was filled by an older program.
 */
#ifndef DOSSIER_UNDO_FORGET_H
#define DOSSIER_UNDO_FORGET_H

#include "store/store.h"

enum { UNDO_SPARE_MINUTES = 60 }; /* so much longer it is remembered, so that people are told why it is too late */

/* A chore of the app: bounded commands until the end of the table, or half a million rows at once. */
enum outcome undo_forget(struct store *s, int64_t undo_us, struct fail *why) MUST_USE;

#endif
