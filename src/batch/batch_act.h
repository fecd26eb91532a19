/*
 * The commands that the worker runs on a batch, beside those that people ask for (batch.h). Each does its work once,
 * however often it is run.
 */
#ifndef BATCH_BATCH_ACT_H
#define BATCH_BATCH_ACT_H

#include "batch/batch.h"

/* One item: does its thing and is done, in one transaction. Nothing happens when the item is not waiting any more or
 * the batch is over. ERR_DENIED when the post of who asked is no longer theirs. */
struct item_run {
    int64_t batch, n;
    struct actor actor;
    struct batch_call call;
};
store_command item_run; /* no output */

struct item_refusal {
    int64_t n;
    struct str why; /* batch_keep_reason */
};
struct items_refuse {
    int64_t batch;
    const struct item_refusal *items;
    size_t count;
};
store_command items_refuse; /* no output */

/* The next items of a batch whose kind lists them; `from` is where the last portion ended. */
struct items_add {
    int64_t batch;
    const int64_t *subjects; /* in ascending order, all above `from` */
    size_t count;
    int64_t from;
    bool is_last;
};
store_command items_add; /* no output; nothing happens when another portion came first */

/* Inside another command: one more item for a batch that is not over yet; false in out_added: it is over. */
enum outcome batch_add(struct tx *tx, int64_t batch, const struct batch_item_new *item, bool *out_added,
                       struct fail *why) MUST_USE;

store_command batch_finish; /* in: int64_t, the batch; no output */

#endif
