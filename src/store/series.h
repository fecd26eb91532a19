/*
 * Numbers for people: dossiers, receipts, registers. One row `series(name, scope, period, next)` per series, locked
 * last in the command, so numbers are unique under concurrency; a command that is refused after taking one gives it
 * back with its rollback, so a gap is always a row that once was.
 */
#ifndef STORE_SERIES_H
#define STORE_SERIES_H

#include "store/store.h"

/* name: which series; scope: whose (an agency); period: "2026", "261122" or ""; out: 1, 2, 3, ... */
enum outcome series_next(struct tx *tx, struct str name, struct str scope, struct str period, int64_t *out,
                         struct fail *why) MUST_USE;
void series_ahead(struct tx *tx, struct str name, struct str scope, struct str period); /* store_ahead */

#endif
