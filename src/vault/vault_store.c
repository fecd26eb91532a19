/* What people keep, as rows. */
#include <string.h>

#include "queries.h"
#include "vault/vault.h"

bool vault_is_valid(const struct vault_item *item, day_t today)
{
    return item->valid_until == 0 || today <= item->valid_until;
}

static struct str hash_str(const struct sha256 *h)
{
    return str_of((const char *)h->at, SHA256_BYTES);
}

static struct sha256 hash_of_cell(const struct row *r, size_t column)
{
    struct sha256 h = {{0}};
    struct str bytes = row_str(r, column);
    if (bytes.len == SHA256_BYTES) memcpy(h.at, bytes.at, SHA256_BYTES);
    return h;
}

static struct vault_item item_of_row(const struct row *r)
{
    return (struct vault_item){
        .id = row_int(r, 0),
        .is_result = str_eq(row_str(r, 1), STR("result")),
        .title = row_str(r, 2),
        .paper = {hash_of_cell(r, 3), row_str(r, 4), row_str(r, 5), row_int(r, 6)},
        .code = row_str(r, 7),
        .procedure_code = row_str(r, 8),
        .agency_name = row_str(r, 9),
        .issued = (day_t)row_int(r, 10),
        .valid_until = (day_t)row_int(r, 11),
        .kept_at = row_instant(r, 12),
    };
}

enum outcome vault_list(struct tx *tx, int64_t account, int64_t before, size_t most, struct vault_item **out,
                        size_t *out_count, struct fail *why)
{
    struct rows rows;
    int64_t until = before > 0 ? before : INT64_MAX;
    TRY(store_all(tx, Q_VAULT_OF_ACCOUNT, VALUES(v_int(account), v_int(until), v_int((int64_t)most)), &rows, why));
    struct vault_item *list = ARENA_ARRAY(tx_arena(tx), struct vault_item, rows.count + 1);
    for (size_t i = 0; i < rows.count; i++) list[i] = item_of_row(&rows.at[i]);
    *out = list;
    *out_count = rows.count;
    return OK;
}

enum outcome vault_find(struct tx *tx, int64_t account, int64_t id, struct vault_item *out, struct fail *why)
{
    struct row row;
    enum outcome r = store_one(tx, Q_VAULT_BY_ID, VALUES(v_int(id), v_int(account)), &row, why);
    if (r == ERR_MISSING) return fail(why, ERR_MISSING, N_("Your store has no such paper."));
    TRY(r);
    *out = item_of_row(&row);
    return OK;
}

enum outcome vault_find_file(struct tx *tx, int64_t account, struct sha256 hash, struct vault_item *out,
                             struct fail *why)
{
    struct row row;
    TRY(store_one(tx, Q_VAULT_BY_FILE, VALUES(v_int(account), v_blob(hash_str(&hash))), &row, why));
    *out = item_of_row(&row);
    return OK;
}

/* ---- results of a dossier ---- */

static enum outcome insert_result(struct tx *tx, const struct vault_dossier *d, const struct vault_result *r,
                                  struct fail *why)
{
    struct value lookup = d->owner_lookup.len > 0 ? v_blob(d->owner_lookup) : v_null();
    return store_do(tx, Q_VAULT_INSERT,
                    VALUES(v_int(tx_new_id(tx)), v_int(d->account), lookup, v_str(STR("result")), v_str(d->title),
                           v_blob(hash_str(&r->paper.hash)), v_str(r->paper.name), v_str(r->paper.type),
                           v_int(r->paper.bytes), v_int(d->dossier), v_int(r->file), v_str(d->code),
                           v_str(d->procedure_code), v_int(d->agency), v_int(d->issued), v_null(),
                           v_instant(tx_now(tx))),
                    NULL, why);
}

static bool is_in_force(const struct vault_dossier *d, int64_t file)
{
    for (size_t i = 0; i < d->count; i++)
        if (d->results[i].file == file) return true;
    return false;
}

enum outcome vault_settle(struct tx *tx, const struct vault_dossier *d, struct fail *why)
{
    struct rows kept;
    TRY(store_all(tx, Q_VAULT_FILES_OF_DOSSIER, VALUES(v_int(d->dossier)), &kept, why));
    for (size_t i = 0; i < kept.count; i++) {
        int64_t file = row_int(&kept.at[i], 0);
        if (!is_in_force(d, file))
            TRY(store_do(tx, Q_VAULT_DELETE_OF_DOSSIER, VALUES(v_int(d->dossier), v_int(file)), NULL, why));
    }
    for (size_t i = 0; i < d->count; i++) TRY(insert_result(tx, d, &d->results[i], why)); /* once: the rest is there */
    return OK;
}

enum outcome vault_owner_of(struct tx *tx, int64_t dossier, int64_t party, struct str *out, struct fail *why)
{
    struct row row;
    *out = STR_NONE;
    enum outcome r = store_one(tx, Q_VAULT_OWNER_NUMBER, VALUES(v_int(dossier), v_int(party)), &row, why);
    if (r == ERR_MISSING) return OK;
    TRY(r);
    *out = row_str(&row, 0);
    return OK;
}

/* ---- own papers ---- */

enum outcome vault_keep(struct tx *tx, const void *input, void *out, struct fail *why)
{
    const struct vault_keep *in = input;
    struct row row;
    TRY(store_one(tx, Q_VAULT_OWN_COUNT, VALUES(v_int(in->account)), &row, why));
    if (row_int(&row, 0) >= VAULT_OWN_MOST)
        return fail(why, ERR_CONFLICT, N_("Your store is full: remove papers that you no longer need."));
    int64_t id = tx_new_id(tx);
    TRY(store_do(tx, Q_VAULT_INSERT,
                 VALUES(v_int(id), v_int(in->account), v_null(), v_str(STR("own")), v_str(in->title),
                        v_blob(hash_str(&in->paper.hash)), v_str(in->paper.name), v_str(in->paper.type),
                        v_int(in->paper.bytes), v_null(), v_int(0), v_str(STR("")), v_str(STR("")), v_int(0), v_null(),
                        in->valid_until != 0 ? v_int(in->valid_until) : v_null(), v_instant(tx_now(tx))),
                 NULL, why));
    *(int64_t *)out = id;
    return OK;
}

enum outcome vault_drop(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* nothing to say but OK */
    const struct vault_drop *in = input;
    int64_t gone;
    TRY(store_do(tx, Q_VAULT_DELETE_OWN, VALUES(v_int(in->id), v_int(in->account)), &gone, why));
    if (gone == 0) return fail(why, ERR_MISSING, N_("Your store has no such paper of your own."));
    return OK;
}
