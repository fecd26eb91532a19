/*
 * Rows of batches and items, for this room's own files: no rules here. What is read lives in tx_arena(tx).
 */
#ifndef BATCH_BATCH_STORE_H
#define BATCH_BATCH_STORE_H

#include "batch/batch.h"

enum outcome batch_load(struct tx *tx, int64_t id, struct batch *out, struct fail *why) MUST_USE;
/* Not finished, the oldest first. */
enum outcome batches_open(struct tx *tx, size_t most, struct batch **out, size_t *out_count, struct fail *why) MUST_USE;
/* Over from now on; state: done or stopped. False in out: it was over already. The journal is the caller's. */
enum outcome batch_end(struct tx *tx, int64_t id, enum batch_state state, bool *out, struct fail *why) MUST_USE;
enum outcome batch_item_insert(struct tx *tx, int64_t batch, int64_t n, const struct batch_item_new *item,
                               struct fail *why) MUST_USE;

#endif
