/*
 * A request sent twice is done once. Inside the command that does the work: idempotency_begin first; when it finds an
 * answer, the command changes nothing and gives that one; otherwise it does its work and ends with idempotency_finish.
 * A refused command leaves no row, so the same key may try again. A concurrent duplicate waits and finds the answer,
 * because a command is alone on either engine; of two that say tx_run_beside (store.h) and lock nothing in common the
 * unique key refuses the second: ERR_CONFLICT. Answers are kept for today and yesterday (local days).
 */
#ifndef STORE_IDEMPOTENCY_H
#define STORE_IDEMPOTENCY_H

#include "base/hash.h"
#include "store/store.h"

enum { IDEMPOTENCY_KEY_BYTES_MOST = 255 };

struct idempotency {
    int64_t actor;           /* the account that asks; 0: nobody signed in */
    struct str key;          /* empty: the client gave none; nothing is found and nothing kept */
    struct sha256 body_hash; /* of all that the request asks: method, path and body */
};

struct replay {
    bool is_found;
    int status;
    struct str reply; /* in tx_arena: copy it to where the command's output lives */
};

/* What idempotency_begin is going to ask (store_ahead). */
void idempotency_ahead(struct tx *tx, const struct idempotency *id);
/* ERR_INVALID when the key was used before with another body, or is too long. */
enum outcome idempotency_begin(struct tx *tx, const struct idempotency *id, struct replay *out,
                               struct fail *why) MUST_USE;
enum outcome idempotency_finish(struct tx *tx, const struct idempotency *id, int status, struct str reply,
                                struct fail *why) MUST_USE;
/* Drops up to a thousand answers from before yesterday; out_dropped tells whether to call again. For housekeeping. */
enum outcome idempotency_clean(struct store *s, int64_t *out_dropped, struct fail *why) MUST_USE;

#endif
