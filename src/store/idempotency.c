#include "store/idempotency.h"

#include <string.h>

#include "queries.h"

enum { CLEAN_MOST = 1000 };

void idempotency_ahead(struct tx *tx, const struct idempotency *id)
{
    if (id->key.len > 0 && id->key.len <= IDEMPOTENCY_KEY_BYTES_MOST)
        store_ahead(tx, Q_IDEMPOTENCY_FIND, VALUES(v_int(day_of(tx_now(tx))), v_int(id->actor), v_str(id->key)));
}

enum outcome idempotency_begin(struct tx *tx, const struct idempotency *id, struct replay *out, struct fail *why)
{
    *out = (struct replay){0};
    if (id->key.len == 0) return OK;
    if (id->key.len > IDEMPOTENCY_KEY_BYTES_MOST) {
        return fail(why, ERR_INVALID, N_("The key of the request is longer than 255 bytes."));
    }
    struct row r;
    enum outcome found =
        store_one(tx, Q_IDEMPOTENCY_FIND, VALUES(v_int(day_of(tx_now(tx))), v_int(id->actor), v_str(id->key)), &r, why);
    if (found == ERR_MISSING) return OK;
    TRY(found);
    struct str hash = row_str(&r, 0);
    if (hash.len != SHA256_BYTES || memcmp(hash.at, id->body_hash.at, SHA256_BYTES) != 0) {
        return fail(why, ERR_INVALID, N_("The key was used before with another body."));
    }
    *out = (struct replay){true, (int)row_int(&r, 1), row_str(&r, 2)};
    return OK;
}

enum outcome idempotency_finish(struct tx *tx, const struct idempotency *id, int status, struct str reply,
                                struct fail *why)
{
    if (id->key.len == 0) return OK;
    struct str hash = str_of((const char *)id->body_hash.at, SHA256_BYTES);
    return store_do(
        tx, Q_IDEMPOTENCY_ADD,
        VALUES(v_int(day_of(tx_now(tx))), v_int(id->actor), v_str(id->key), v_blob(hash), v_int(status), v_str(reply)),
        NULL, why);
}

static enum outcome drop_old(struct tx *tx, const void *in, void *out, struct fail *why)
{
    (void)in;
    return store_do(tx, Q_IDEMPOTENCY_DROP_OLD, VALUES(v_int(day_of(tx_now(tx)) - 1), v_int(CLEAN_MOST)), out, why);
}

enum outcome idempotency_clean(struct store *s, int64_t *out_dropped, struct fail *why)
{
    return store_run(s, drop_old, NULL, out_dropped, why);
}
