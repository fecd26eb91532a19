/*
 * The kinds of batches that this room itself has; app/ registers them beside those of later rooms.
 */
#ifndef BATCH_BATCH_KINDS_H
#define BATCH_BATCH_KINDS_H

#include "batch/batch.h"

/* Any act of the action table that is for many. Parameters: {"act": name, "fields": {...}}. */
extern const struct batch_kind act_kind;
/* What somebody holds goes to another. Parameters: {"absence": id, "act": "assign", "fields": {"note", "to": login},
 * "from": account, "name"}. */
extern const struct batch_kind desk_kind;

#endif
