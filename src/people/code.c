#include "people/code.h"

#include "agency/role.h"
#include "base/text.h"
#include "people/people_service.h"
#include "queries.h"

enum { CODE_MOST = 60 };

void people_set_code_life(struct people *p, int64_t us)
{
    p->code_life_us = us;
}

struct card card_of_scan(struct str scanned)
{
    struct str number, old, name, rest;
    if (!str_cut(scanned, '|', &number, &rest)) return (struct card){str_trim(scanned), STR_NONE};
    (void)str_cut(rest, '|', &old, &rest); /* a card with only a number still has one */
    (void)str_cut(rest, '|', &name, &rest);
    return (struct card){str_trim(number), str_trim(name)};
}

/* As people type it: without the hyphens, in capitals, with spaces. */
static struct sha256 key_of(struct arena *a, struct str code)
{
    struct str clean = str_replace(a, str_replace(a, code, STR("-"), STR_NONE), STR(" "), STR_NONE);
    return sha256_of(text_is_utf8(clean) ? text_lower(a, clean) : clean);
}

static struct str hash_str(const struct sha256 *h)
{
    return str_of((const char *)h->at, SHA256_BYTES);
}

/* ---- giving ---- */

struct code_give {
    struct actor actor;
    int64_t account;
    struct sha256 key;
    instant_t expires_at;
};

static enum outcome append(struct tx *tx, const struct account *account, const char *act, struct actor actor,
                           struct fail *why)
{
    return journal_append(tx,
                          &(struct entry){.subject_kind = SUBJECT_ACCOUNT,
                                          .subject = account->id,
                                          .version = account->version,
                                          .act = act,
                                          .actor = actor,
                                          .payload = STR("{}")},
                          NULL, why);
}

static enum outcome code_give(struct tx *tx, const void *input, void *out, struct fail *why)
{
    const struct code_give *in = input;
    struct account *account = out;
    struct account found;
    TRY(account_load(tx, in->account, &found, why));
    TRY(store_do(tx, Q_ACCOUNT_CODE_DELETE_OF_ACCOUNT, VALUES(v_int(in->account)), NULL, why));
    TRY(store_do(tx, Q_ACCOUNT_CODE_INSERT,
                 VALUES(v_blob(hash_str(&in->key)), v_int(in->account), v_instant(in->expires_at)), NULL, why));
    TRY(store_do(tx, Q_ACCOUNT_CHECK_SAVE,
                 VALUES(v_int(in->account), v_instant(tx_now(tx)), v_int(in->actor.account), v_int(in->actor.agency)),
                 NULL, why));
    account->version = found.version;
    return append(tx, &found, "account.code", in->actor, why);
}

/* The account that holds the number; ERR_MISSING without a sentence when it has none. */
static enum outcome find_by_number(struct people *p, struct arena *a, struct identity number, struct account *out,
                                   struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct row row;
    struct sealed_identity sealed = identity_seal(p->keys, a, number);
    TRY(store_read_begin(p->store, a, &tx, why));
    TRY(store_one(tx, Q_ACCOUNT_OF_NUMBER, VALUES(v_blob(hash_str(&sealed.lookup))), &row, why));
    return account_load(tx, row_int(&row, 0), out, why);
}

static struct str login_of(struct arena *a, const struct code_person *n)
{
    if (n->login.len > 0) return n->login;
    char *digits = arena_dup(a, n->phone.at, n->phone.len);
    size_t len = 0;
    for (size_t i = 0; i < n->phone.len; i++)
        if (n->phone.at[i] >= '0' && n->phone.at[i] <= '9') digits[len++] = n->phone.at[i];
    return str_of(digits, len);
}

static enum outcome open_account(struct people *p, struct arena *a, const struct code_person *n, struct account *out,
                                 struct fail *why)
{
    struct user_new user = {.actor = n->actor,
                            .login = login_of(a, n),
                            .name = n->name,
                            .kind = n->kind,
                            .is_without_password = true,
                            .language = n->language,
                            .email = n->email,
                            .phone = n->phone,
                            .identities = &n->number,
                            .identity_count = 1,
                            .number_pointer = STR("#/card")};
    int64_t id;
    TRY(people_user_add(p, &user, &id, why));
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(p->store, a, &tx, why));
    return account_load(tx, id, out, why);
}

static enum outcome may_give(struct arena *a, const struct account *account, struct str name, struct fail *why)
{
    if (role_of_account_kind(account->kind).len == 0)
        return fail(why, ERR_CONFLICT, N_("The account of this number is not a citizen's: its administrator helps."));
    if (account->disabled_at != INSTANT_NONE)
        return fail(why, ERR_CONFLICT, N_("The account {0} is closed."), account->login);
    if (!str_eq(text_fold(a, account->name), text_fold(a, name)))
        return fail(why, ERR_CONFLICT,
                    N_("The account of this number is in another name. Compare the card again; its administrator "
                       "corrects a wrong name."));
    return OK;
}

enum outcome people_code_give(struct people *p, struct arena *a, const struct code_person *n, struct code_given *out,
                              struct fail *why)
{
    struct fail nobody;
    fail_init(&nobody, a);
    *out = (struct code_given){0};
    enum outcome found = identity_check(n->number, &nobody) == OK
                             ? find_by_number(p, a, n->number, &out->account, &nobody)
                             : ERR_MISSING; /* opening an account says what is wrong with it */
    if (found == ERR_DOWN) return fail(why, found, nobody.sentence);
    out->is_new = found != OK;
    if (out->is_new)
        TRY(open_account(p, a, n, &out->account, why));
    else
        TRY(may_give(a, &out->account, n->name, why));
    out->code = people_make_password(a);
    out->expires_at = clock_now() + p->code_life_us;
    struct code_give give = {n->actor, out->account.id, key_of(a, out->code), out->expires_at};
    return store_run(p->store, code_give, &give, &out->account, why);
}

/* ---- using ---- */

static enum outcome load_code(struct tx *tx, struct sha256 key, struct account *out, struct fail *why)
{
    struct row row;
    enum outcome r =
        store_one(tx, Q_ACCOUNT_CODE_BY_KEY, VALUES(v_blob(hash_str(&key)), v_instant(tx_now(tx))), &row, why);
    if (r == ERR_MISSING)
        return fail(
            why, ERR_MISSING,
            N_("This code is not good, or no longer: codes are used once, and not for long. The one-stop office "
               "gives you another one."));
    TRY(r);
    return account_load(tx, row_int(&row, 0), out, why);
}

enum outcome people_code_find(struct people *p, struct arena *a, struct str code, struct account *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(p->store, a, &tx, why));
    return load_code(tx, key_of(a, str_part(code, 0, CODE_MOST)), out, why);
}

struct code_use {
    struct sha256 key;
    int64_t account;
    struct str password_hash;
};

static enum outcome code_use(struct tx *tx, const void *input, void *out, struct fail *why)
{
    const struct code_use *in = input;
    struct account account;
    TRY(load_code(tx, in->key, &account, why));
    TRY(store_do(tx, Q_ACCOUNT_CODE_DELETE_OF_ACCOUNT, VALUES(v_int(account.id)), NULL, why));
    struct account_change change = {
        .actor = {account.id, 0, role_of_account_kind(account.kind)},
        .account = account.id,
        .act = "account.password",
        .password_hash = in->password_hash
    };
    return account_change(tx, &change, out, why);
}

enum outcome people_code_use(struct people *p, struct str code, struct str password, struct account *out,
                             struct fail *why)
{
    struct arena *a = why->arena;
    struct code_use in = {.key = key_of(a, str_part(code, 0, CODE_MOST))};
    TRY(people_code_find(p, a, code, out, why));
    TRY(people_password_hash(p, password, out->login, &in.password_hash, why));
    enum outcome r = store_run(p->store, code_use, &in, NULL, why);
    people_visitors_changed(p);
    return r;
}
