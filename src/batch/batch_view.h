/*
 * A batch and its items as people and programs see them: titles and refusals in the reader's language.
 */
#ifndef BATCH_BATCH_VIEW_H
#define BATCH_BATCH_VIEW_H

#include "batch/batch_runner.h"

struct batch_view {
    struct batch batch;
    struct str title; /* "Assign: 500 dossiers" */
    struct str act;   /* of kind "act"; else empty */
};
void batch_view_of(const struct batches *b, struct arena *a, enum language l, const struct batch *batch,
                   struct batch_view *out);

struct item_view {
    struct batch_item item;
    struct str dossier;            /* its code */
    struct str code, said, advice; /* refused: the stable code, the sentence, what to do; else empty */
};
/* In tx_arena. */
enum outcome item_views(struct tx *tx, enum language l, const struct batch_item *items, size_t count,
                        struct item_view **out, struct fail *why) MUST_USE;

/* Who looks, by the post in use. */
struct request;
struct batch_reader batch_reader_of(const struct request *rq);

#endif
