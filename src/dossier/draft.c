#include "dossier/draft.h"

#include "base/id.h"
#include "base/parse.h"
#include "queries.h"

enum { FORGET_AT_ONCE = 500 };

/* ---- saving ---- */

struct sealed_draft {
    const struct draft *draft;
    struct str cipher;
};

static enum outcome gone(struct fail *why)
{
    return fail(why, ERR_MISSING, N_("This draft does not exist any more."));
}

static enum outcome update(struct tx *tx, const struct sealed_draft *in, struct fail *why)
{
    int64_t changed = 0;
    struct row row;
    const struct draft *d = in->draft;
    TRY(store_do(tx, Q_DRAFT_UPDATE,
                 VALUES(v_blob(in->cipher), v_instant(tx_now(tx)), v_str(d->step), v_int(d->parts),
                        v_int(d->parts_done), v_int(d->id), v_int(d->account), v_int(d->version)),
                 &changed, why));
    if (changed > 0) return OK;
    enum outcome found = store_one(tx, Q_DRAFT_FIND, VALUES(v_int(d->id), v_int(d->account)), &row, why);
    if (found == ERR_MISSING) return gone(why);
    TRY(found);
    return fail(why, ERR_STALE, N_("This draft was saved in another window or on another device meanwhile."));
}

static enum outcome insert(struct tx *tx, const struct sealed_draft *in, int64_t *out_id, struct fail *why)
{
    struct row row;
    TRY(store_one(tx, Q_DRAFT_COUNT, VALUES(v_int(in->draft->account)), &row, why));
    if (row_int(&row, 0) >= DRAFTS_MOST)
        return fail(why, ERR_CONFLICT, N_("You have {0} drafts already. Delete one that you do not need any more."),
                    str_format(why->arena, "%d", DRAFTS_MOST));
    int64_t id = tx_new_id(tx);
    TRY(store_do(tx, Q_DRAFT_INSERT,
                 VALUES(v_int(id), v_int(in->draft->account), v_str(in->draft->procedure_code), v_instant(tx_now(tx)),
                        v_int(in->draft->dossier), v_str(in->draft->step), v_int(in->draft->parts),
                        v_int(in->draft->parts_done), v_blob(in->cipher)),
                 NULL, why));
    *out_id = id;
    return OK;
}

static enum outcome insert_once(struct tx *tx, const struct sealed_draft *in, int64_t *out_id, struct fail *why)
{
    struct replay before;
    TRY(idempotency_begin(tx, &in->draft->key, &before, why));
    if (before.is_found && parse_i64(before.reply, out_id)) return OK;
    TRY(insert(tx, in, out_id, why));
    return idempotency_finish(tx, &in->draft->key, 303, id_format(tx_arena(tx), *out_id), why);
}

static enum outcome write_draft(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct sealed_draft *in = input;
    int64_t *out_id = output;
    if (in->draft->id == 0) return insert_once(tx, in, out_id, why);
    *out_id = in->draft->id;
    return update(tx, in, why);
}

enum outcome draft_save(struct store *s, const struct identity_keys *keys, const struct draft *d, int64_t *out_id,
                        struct fail *why)
{
    if (d->content.len > DRAFT_BYTES)
        return fail(why, ERR_TOO_LARGE, N_("The draft is too long to be kept. Shorten the longest answers."));
    struct sealed_draft sealed = {d, secret_seal(keys, why->arena, d->content)};
    return store_run(s, write_draft, &sealed, out_id, why);
}

/* ---- reading ---- */

static struct draft of_row(const struct row *r)
{
    return (struct draft){.id = row_int(r, 0),
                          .account = row_int(r, 1),
                          .procedure_code = row_str(r, 2),
                          .updated_at = row_instant(r, 3),
                          .version = row_int(r, 4),
                          .dossier = row_int(r, 5),
                          .step = row_str(r, 6),
                          .parts = row_int(r, 7),
                          .parts_done = row_int(r, 8)};
}

static enum outcome open_draft(struct tx *tx, const struct identity_keys *keys, const struct row *row,
                               struct draft *out, struct fail *why)
{
    struct str content;
    TRY(secret_unseal(keys, tx_arena(tx), row_str(row, 9), &content, why));
    *out = of_row(row);
    out->content = content;
    return OK;
}

enum outcome draft_load(struct tx *tx, const struct identity_keys *keys, int64_t account, int64_t id, struct draft *out,
                        struct fail *why)
{
    struct row row;
    enum outcome found = store_one(tx, Q_DRAFT_FIND, VALUES(v_int(id), v_int(account)), &row, why);
    if (found == ERR_MISSING) return gone(why);
    TRY(found);
    return open_draft(tx, keys, &row, out, why);
}

enum outcome draft_of_dossier(struct tx *tx, const struct identity_keys *keys, int64_t account, int64_t dossier,
                              struct draft *out, struct fail *why)
{
    struct row row;
    TRY(store_one(tx, Q_DRAFT_FOR_DOSSIER, VALUES(v_int(dossier), v_int(account)), &row, why));
    return open_draft(tx, keys, &row, out, why);
}

void drafts_ahead(struct tx *tx, int64_t account)
{
    store_ahead(tx, Q_DRAFT_OF_ACCOUNT, VALUES(v_int(account), v_int(DRAFTS_MOST)));
}

enum outcome drafts_of_account(struct tx *tx, int64_t account, struct draft **out, size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_DRAFT_OF_ACCOUNT, VALUES(v_int(account), v_int(DRAFTS_MOST)), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct draft, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) (*out)[i] = of_row(&rows.at[i]);
    return OK;
}

/* ---- sending ---- */

enum outcome draft_note_sent(struct tx *tx, int64_t account, int64_t id, int64_t dossier, struct fail *why)
{
    TRY(store_do(tx, Q_DRAFT_DELETE, VALUES(v_int(id), v_int(account)), NULL, why));
    return store_do(tx, Q_DRAFT_SENT_INSERT, VALUES(v_int(id), v_int(account), v_int(dossier)), NULL, why);
}

enum outcome draft_became(struct tx *tx, int64_t account, int64_t id, struct str *out, struct fail *why)
{
    struct row row;
    TRY(store_one(tx, Q_DRAFT_SENT_FIND, VALUES(v_int(id), v_int(account)), &row, why));
    *out = row_str(&row, 0);
    return OK;
}

/* ---- forgetting ---- */

static enum outcome delete_draft(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct draft *d = input;
    (void)output; /* gone either way */
    return store_do(tx, Q_DRAFT_DELETE, VALUES(v_int(d->id), v_int(d->account)), NULL, why);
}

enum outcome draft_delete(struct store *s, int64_t account, int64_t id, struct fail *why)
{
    struct draft d = {.id = id, .account = account};
    return store_run(s, delete_draft, &d, NULL, why);
}

struct expiry {
    unsigned query;
    int64_t days;
};

static enum outcome forget(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct expiry *e = input;
    instant_t before = tx_now(tx) - e->days * US_PER_DAY;
    return store_do(tx, e->query, VALUES(v_instant(before), v_int(FORGET_AT_ONCE)), output, why);
}

enum outcome dossier_housekeep(struct store *s, int64_t draft_days, struct fail *why)
{
    const struct expiry expiries[] = {
        {Q_DRAFT_EXPIRE,        draft_days},
        {Q_UPLOAD_EXPIRE,       draft_days},
        {Q_CONFIRMATION_EXPIRE, draft_days}
    };
    for (size_t i = 0; i < LENGTH(expiries); i++) {
        int64_t forgotten = FORGET_AT_ONCE;
        while (forgotten == FORGET_AT_ONCE && !store_is_ending(s))
            TRY(store_run(s, forget, &expiries[i], &forgotten, why));
    }
    return OK;
}
