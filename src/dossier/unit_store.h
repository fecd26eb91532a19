/* Rows of the units that are asked for an opinion: no rules here. */
#ifndef DOSSIER_UNIT_STORE_H
#define DOSSIER_UNIT_STORE_H

#include "dossier/unit.h"

enum outcome unit_insert(struct tx *tx, int64_t dossier, const struct unit *u, struct fail *why) MUST_USE;
enum outcome unit_update(struct tx *tx, int64_t dossier, const struct unit *u, struct fail *why) MUST_USE;
enum outcome unit_delete(struct tx *tx, int64_t dossier, int64_t n, struct fail *why) MUST_USE;
/* ERR_MISSING (without a sentence) when no deadline has passed. */
enum outcome unit_overdue(struct tx *tx, instant_t now, int64_t *out_dossier, struct fail *why) MUST_USE;

#endif
