/*
 * What somebody orders to be done to many dossiers, read and checked before anything begins: the act, the fields that
 * are the same for all, the dossiers with the versions that were seen. Every mistake is told at once. Whether an act is
 * possible for a dossier is judged later, when its turn comes.
 */
#ifndef BATCH_BATCH_ORDER_H
#define BATCH_BATCH_ORDER_H

#include "batch/batch.h"
#include "http/http.h"

struct batch_order {
    const struct action *action;
    yyjson_val *fields; /* an object or NULL */
    struct batch_item_new *items;
    size_t count;
};

/* body: {"act": name, "dossiers": [code | {"code", "version"}, ...], "fields": {...}}. Without a version the present
 * one is taken. ERR_DENIED when the visitor's role does not include the act at all. */
enum outcome batch_order_read(struct request *rq, yyjson_val *body, struct batch_order *out, struct fail *why) MUST_USE;

/* The fields as the act's row has them, judged with the first dossier; notes problems below `place` ("/fields"). */
enum outcome batch_order_check_fields(struct request *rq, struct tx *tx, const struct batch_order *order,
                                      struct str place, struct fail *why) MUST_USE;

/* Starts a batch of kind "act". key: of the request; may be empty. */
enum outcome batch_order_start(struct request *rq, const struct batch_order *order, struct str key,
                               struct sha256 body_hash, struct batch_started *out, struct fail *why) MUST_USE;

#endif
