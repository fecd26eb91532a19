/* Accounts as rows, and the commands that change them: check, save, journal. */
#include "people/people_store.h"

#include "base/auto.h"
#include "base/text.h"
#include "queries.h"

enum { PAYLOAD_BYTES = 1024 };

const char *const account_kinds[] = {"citizen",      "foreigner", "business", "cooperative",
                                     "organisation", "officer",   "program",  NULL};

struct str login_fold(struct arena *a, struct str login)
{
    return text_lower(a, text_one_line(a, text_clean(a, login)));
}

struct account account_of_row(const struct row *r)
{
    return (struct account){
        .id = row_int(r, 0),
        .version = row_int(r, 1),
        .login = row_str(r, 2),
        .name = row_str(r, 3),
        .kind = row_str(r, 4),
        .language = row_str(r, 5),
        .email = row_str(r, 6),
        .phone = row_str(r, 7),
        .address = row_str(r, 8),
        .must_change = row_bool(r, 9),
        .created_at = row_instant(r, 10),
        .disabled_at = row_instant(r, 11),
    };
}

enum outcome account_load(struct tx *tx, int64_t id, struct account *out, struct fail *why)
{
    struct row row;
    enum outcome r = store_one(tx, Q_ACCOUNT_BY_ID, VALUES(v_int(id)), &row, why);
    if (r == ERR_MISSING) return fail(why, ERR_MISSING, N_("This account is not known."));
    TRY(r);
    *out = account_of_row(&row);
    return OK;
}

void account_ahead(struct tx *tx, struct value id)
{
    store_ahead(tx, Q_ACCOUNT_BY_ID, VALUES(id));
}

enum outcome account_find_secret(struct tx *tx, struct str login, struct account *out, struct str *out_hash,
                                 struct fail *why)
{
    struct row row;
    struct str folded = text_is_utf8(login) ? login_fold(tx_arena(tx), login) : STR_NONE;
    enum outcome r = store_one(tx, Q_ACCOUNT_BY_LOGIN, VALUES(v_str(folded)), &row, why);
    if (r == ERR_MISSING) return fail(why, ERR_MISSING, N_("Nobody has the login {0}."), folded);
    TRY(r);
    *out = account_of_row(&row);
    *out_hash = row_str(&row, 12);
    return OK;
}

enum outcome account_find(struct tx *tx, struct str login, struct account *out, struct fail *why)
{
    struct str unused_hash;
    return account_find_secret(tx, login, out, &unused_hash, why);
}

/* ---- commands ---- */

static enum outcome append(struct tx *tx, int64_t account, int64_t version, const char *act, const struct actor *actor,
                           struct str payload, struct fail *why)
{
    return journal_append(tx,
                          &(struct entry){.subject_kind = SUBJECT_ACCOUNT,
                                          .subject = account,
                                          .version = version,
                                          .act = act,
                                          .actor = *actor,
                                          .payload = payload},
                          NULL, why);
}

static enum outcome must_be_free(struct tx *tx, const struct account_add *in, struct fail *why)
{
    struct row row;
    enum outcome r = store_one(tx, Q_ACCOUNT_BY_LOGIN, VALUES(v_str(in->user->login)), &row, why);
    if (r == OK) return fail(why, ERR_CONFLICT, N_("The login {0} is taken: choose another one."), in->user->login);
    if (r != ERR_MISSING) return r;
    for (size_t i = 0; i < in->user->identity_count; i++) {
        struct str lookup = str_of((const char *)in->sealed[i].lookup.at, SHA256_BYTES);
        r = store_one(tx, Q_ACCOUNT_OF_NUMBER, VALUES(v_blob(lookup)), &row, why);
        if (r == OK)
            return fail(why, ERR_CONFLICT, N_("The number {0} has an account already: sign in with it."),
                        in->sealed[i].masked);
        if (r != ERR_MISSING) return r;
    }
    return OK;
}

enum outcome account_add(struct tx *tx, const void *input, void *out, struct fail *why)
{
    const struct account_add *in = input;
    const struct user_new *u = in->user;
    TRY(must_be_free(tx, in, why));
    int64_t id = tx_new_id(tx);
    TRY(store_do(tx, Q_ACCOUNT_INSERT,
                 VALUES(v_int(id), v_str(u->login), v_str(u->kind), v_str(u->name), v_blob(in->name_sort_key),
                        v_str(in->password_hash), v_bool(u->must_change), v_str(u->language), v_str(u->email),
                        v_str(u->phone), v_str(u->address), v_instant(tx_now(tx))),
                 NULL, why));
    TRY(identity_save(tx, OWNER_ACCOUNT, id, 0, in->sealed, u->identity_count, why));
    /* The login is left out: people use their own numbers as logins. */
    AUTO_BUF struct buf payload;
    buf_init(&payload, PAYLOAD_BYTES);
    struct json_writer w;
    jw_init(&w, &payload);
    jw_open(&w, '{');
    jw_put_str(&w, "kind", u->kind);
    jw_put_str(&w, "language", u->language);
    jw_close(&w);
    TRY(append(tx, id, 1, "account.add", &u->actor, buf_str(&payload), why));
    if (u->post_role.len > 0) {
        struct post_new post = {.actor = u->actor,
                                .account = id,
                                .agency = u->post_agency,
                                .role = u->post_role,
                                .valid_from = day_of(tx_now(tx)),
                                .valid_to = DAY_OPEN};
        TRY(post_add(tx, &post, NULL, why));
    }
    *(int64_t *)out = id;
    return OK;
}

static enum outcome end_sessions(struct tx *tx, const struct account_change *in, bool with_tokens, struct fail *why)
{
    struct str but = str_of((const char *)in->but_session.at, SHA256_BYTES);
    TRY(store_do(tx, Q_SESSION_DELETE_OF_ACCOUNT, VALUES(v_int(in->account), v_blob(but)), NULL, why));
    return with_tokens ? store_do(tx, Q_TOKEN_DELETE_OF_ACCOUNT, VALUES(v_int(in->account)), NULL, why) : OK;
}

static enum outcome change_row(struct tx *tx, const struct account_change *in, struct fail *why)
{
    struct value id = v_int(in->account);
    struct str act = str_from(in->act);
    if (str_eq(act, STR("account.password"))) {
        TRY(store_do(tx, Q_ACCOUNT_SET_PASSWORD, VALUES(v_str(in->password_hash), v_bool(in->must_change), id), NULL,
                     why));
        return end_sessions(tx, in, false, why);
    }
    if (str_eq(act, STR("account.disable"))) {
        TRY(store_do(tx, Q_ACCOUNT_SET_DISABLED, VALUES(v_instant(tx_now(tx)), id), NULL, why));
        return end_sessions(tx, in, true, why);
    }
    if (str_eq(act, STR("account.enable")))
        return store_do(tx, Q_ACCOUNT_SET_DISABLED, VALUES(v_null(), id), NULL, why);
    const struct contact_new *c = in->contact;
    return store_do(tx, Q_ACCOUNT_SET_CONTACT,
                    VALUES(v_str(c->language), v_str(c->email), v_str(c->phone), v_str(c->address), id), NULL, why);
}

enum outcome account_change(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* nothing to say but OK */
    const struct account_change *in = input;
    struct account account;
    TRY(account_load(tx, in->account, &account, why));
    TRY(change_row(tx, in, why));
    return append(tx, account.id, account.version + 1, in->act, &in->actor, STR("{}"), why);
}
