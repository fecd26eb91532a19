#include "dossier/confirmation.h"

#include <string.h>

#include "queries.h"

enum { TOKEN_TEXT = 22 }; /* 16 bytes in base64url */

bool confirmation_token_read(struct str token, struct sha256 *out)
{
    if (token.len != TOKEN_TEXT) return false;
    for (size_t i = 0; i < token.len; i++) {
        char c = token.at[i];
        bool is_fine =
            (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
        if (!is_fine) return false;
    }
    *out = sha256_of(token);
    return true;
}

static struct value hash_value(const struct sha256 *h)
{
    return v_blob(str_of((const char *)h->at, SHA256_BYTES));
}

enum outcome confirmation_ask(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct confirmation_ask *in = input;
    (void)output; /* there is none */
    instant_t now = tx_now(tx);
    return store_do(tx, Q_CONFIRMATION_INSERT,
                    VALUES(v_int(tx_new_id(tx)), v_int(in->draft), v_int(in->account), v_null(),
                           hash_value(&in->content), hash_value(&in->token), v_str(STR("phone")), v_instant(now),
                           v_instant(now + CONFIRMATION_MINUTES * US_PER_MINUTE), v_str(STR("")), v_null()),
                    NULL, why);
}

enum outcome confirmation_answer(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct confirmation_reply *in = input;
    int64_t changed = 0;
    (void)output; /* there is none */
    instant_t now = tx_now(tx);
    TRY(store_do(tx, Q_CONFIRMATION_ANSWER,
                 VALUES(v_str(in->answer), v_str(in->said), v_instant(now), hash_value(&in->token), v_instant(now)),
                 &changed, why));
    if (changed == 1) return OK;
    return fail(why, ERR_CONFLICT, N_("This was answered already, or the half hour has passed. Ask the officer."));
}

enum outcome confirmation_file(struct tx *tx, const struct confirmation_filing *in, struct str *out, struct fail *why)
{
    int64_t changed = 0;
    instant_t now = tx_now(tx);
    *out = STR("");
    if (in->draft != 0)
        TRY(store_do(tx, Q_CONFIRMATION_FILE,
                     VALUES(v_int(in->dossier), v_int(in->draft), v_int(in->account), hash_value(&in->content)),
                     &changed, why));
    if (changed == 1) *out = STR("phone");
    if (changed == 1 || !in->is_signed_on_paper) return OK;
    *out = STR("paper");
    return store_do(tx, Q_CONFIRMATION_INSERT,
                    VALUES(v_int(tx_new_id(tx)), v_int(in->draft), v_int(in->account), v_int(in->dossier),
                           hash_value(&in->content), v_null(), v_str(*out), v_instant(now), v_instant(now),
                           v_str(STR("yes")), v_instant(now)),
                    NULL, why);
}

/* ---- reading ---- */

static struct confirmation of_row(const struct row *r)
{
    struct confirmation c = {.draft = row_int(r, 0),
                             .account = row_int(r, 1),
                             .manner = row_str(r, 3),
                             .made_at = row_instant(r, 4),
                             .expires_at = row_instant(r, 5),
                             .answer = row_str(r, 6),
                             .said = row_str(r, 7),
                             .answered_at = row_instant(r, 8)};
    memcpy(c.content.at, row_str(r, 2).at, SHA256_BYTES);
    if (row_str(r, 9).len == SHA256_BYTES) memcpy(c.token.at, row_str(r, 9).at, SHA256_BYTES);
    return c;
}

enum outcome confirmation_by_token(struct tx *tx, struct sha256 token, struct confirmation *out, struct fail *why)
{
    struct row row;
    TRY(store_one(tx, Q_CONFIRMATION_BY_TOKEN, VALUES(hash_value(&token)), &row, why));
    *out = of_row(&row);
    return OK;
}

enum outcome confirmation_of_draft(struct tx *tx, int64_t draft, int64_t account, struct confirmation *out,
                                   struct fail *why)
{
    struct row row;
    TRY(store_one(tx, Q_CONFIRMATION_OF_DRAFT, VALUES(v_int(draft), v_int(account)), &row, why));
    *out = of_row(&row);
    return OK;
}

enum outcome confirmation_of_dossier(struct tx *tx, int64_t dossier, struct confirmation *out, struct fail *why)
{
    struct row row;
    *out = (struct confirmation){.manner = STR(""), .answered_at = INSTANT_NONE};
    enum outcome found = store_one(tx, Q_CONFIRMATION_OF_DOSSIER, VALUES(v_int(dossier)), &row, why);
    if (found == ERR_MISSING) return OK;
    TRY(found);
    *out = of_row(&row);
    return OK;
}
