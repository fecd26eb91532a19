/* The service and the changes of accounts: check everything at once, do the costly work, then one command. */
#include "people/people.h"

#include <stdlib.h>

#include "agency/role.h"
#include "base/text.h"
#include "people/party.h"
#include "people/people_service.h"
#include "queries.h"

enum { ARGON2_AT_ONCE = 2, ARGON2_WAITING_MOST = 48 };

/* Tries at once and seconds until one more: enough for a tired person, too few for a machine. */
enum {
    LOGIN_BURST = 10,
    LOGIN_REFILL_S = 30,
    PEER_BURST = 200,
    PEER_REFILL_S = 1,
    SIGN_UP_BURST = 60,
    SIGN_UP_REFILL_S = 30
};

struct people *people_new(struct store *s, const struct identity_keys *keys)
{
    struct people *p = calloc(1, sizeof *p);
    if (p == NULL) BUG("out of memory");
    p->store = s;
    p->keys = keys;
    p->turns = turns_new(ARGON2_AT_ONCE, ARGON2_WAITING_MOST);
    p->by_login = attempts_new(LOGIN_BURST, LOGIN_REFILL_S);
    p->by_peer = attempts_new(PEER_BURST, PEER_REFILL_S);
    p->sign_ups = attempts_new(SIGN_UP_BURST, SIGN_UP_REFILL_S);
    p->cache = visitor_cache_new();
    p->code_life_us = US_PER_DAY;
    p->lengths = (struct session_lengths){24 * US_PER_HOUR, 10 * US_PER_HOUR, US_PER_HOUR};
    return p;
}

void people_free(struct people *p)
{
    if (p == NULL) return;
    turns_free(p->turns);
    attempts_free(p->by_login);
    attempts_free(p->by_peer);
    attempts_free(p->sign_ups);
    visitor_cache_free(p->cache);
    free(p);
}

void people_forget_visitors(struct people *p)
{
    visitor_cache_clear(p->cache);
}

static void share_try(void *context, struct str word)
{
    struct people *p = context;
    store_share(p->store, word);
}

void people_join_attempts(struct people *p, struct sha256 secret)
{
    attempts_join(p->by_login, 'l', secret, share_try, p);
    attempts_join(p->by_peer, 'p', secret, share_try, p);
    attempts_join(p->sign_ups, 's', secret, share_try, p);
}

void people_hear_attempts(struct people *p, struct str word)
{
    attempts_hear(p->by_login, word);
    attempts_hear(p->by_peer, word);
    attempts_hear(p->sign_ups, word);
}

void people_visitors_changed(struct people *p)
{
    visitor_cache_clear(p->cache);
    store_tell(p->store, NEWS_VISITORS);
}

void people_set_lengths(struct people *p, struct session_lengths l)
{
    p->lengths = l;
}

void people_on_wait(struct people *p, void (*before)(void *), void (*after)(void *), void *context)
{
    turns_on_wait(p->turns, before, after, context);
}

/* ---- checking ---- */

static bool is_kind(struct str kind)
{
    for (size_t i = 0; account_kinds[i] != NULL; i++)
        if (str_eq(kind, str_from(account_kinds[i]))) return true;
    return false;
}

static bool is_login(struct str s)
{
    if (s.len < 3 || s.len > LOGIN_MOST) return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        bool is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        bool is_mark = c == '.' || c == '_' || c == '-' || c == '@' || c == '+';
        if (!is_word && !(is_mark && i > 0)) return false;
    }
    return true;
}

static void check_password(struct str password, struct str login, struct fail *why)
{
    struct str at = STR("#/password");
    if (password.len == 0)
        fail_problem(why, at, "required", N_("Choose a password."));
    else if (!text_is_utf8(password) || text_length(password) < PASSWORD_LEAST)
        fail_problem(why, at, "too-short", N_("A password has at least 8 characters; several words are good."));
    else if (password.len > PASSWORD_MOST)
        fail_problem(why, at, "too-long", N_("A password has at most 200 bytes."));
    else if (str_eq_nocase(password, login))
        fail_problem(why, at, "weak", N_("The password may not be the login."));
}

static void check_contact(struct str language, struct str email, struct str phone, struct fail *why)
{
    enum language unused;
    if (!language_parse(language, &unused))
        fail_problem(why, STR("#/language"), "unknown", N_("The language is vi or en."));
    if (phone.len > 0 && !phone_is_valid(phone))
        fail_problem(why, STR("#/phone"), "format",
                     N_("Write the telephone number with 8 to 15 digits, such as 0912 345 678."));
    if (email.len > 0 && !email_is_valid(email))
        fail_problem(why, STR("#/email"), "format", N_("Write the e-mail address like name@example.vn."));
}

static void check_identities(struct arena *a, const struct user_new *n, struct fail *why)
{
    for (size_t i = 0; i < n->identity_count; i++) {
        struct fail number;
        fail_init(&number, a);
        if (identity_check(n->identities[i], &number) == OK) continue;
        struct str at = n->number_pointer.len > 0 ? n->number_pointer
                                                  : str_format(a, "#/%s", identity_type_code(n->identities[i].type));
        fail_problem_with(why, at, "format", number.sentence, number.args);
    }
}

/* In the order of the form: so the list of mistakes above it is read from the top down. */
static void check_user(struct arena *a, const struct user_new *n, struct fail *why)
{
    if (!is_kind(n->kind)) fail_problem(why, STR("#/kind"), "unknown", N_("“{0}” is not one of the choices."), n->kind);
    if (n->name.len == 0) fail_problem(why, STR("#/name"), "required", N_("Write the full name."));
    if (text_length(n->name) > PARTY_NAME_MOST)
        fail_problem(why, STR("#/name"), "too-long", N_("At most {0} characters."),
                     str_format(a, "%d", PARTY_NAME_MOST));
    check_identities(a, n, why);
    check_contact(n->language, n->email, n->phone, why);
    if (text_length(n->address) > PARTY_ADDRESS_MOST)
        fail_problem(why, STR("#/address"), "too-long", N_("At most {0} characters."),
                     str_format(a, "%d", PARTY_ADDRESS_MOST));
    if (!is_login(n->login))
        fail_problem(why, STR("#/login"), n->login.len == 0 ? "required" : "format",
                     N_("A login has 3 to 60 small letters without accents, digits and . _ - @ +."));
    const struct role *role = n->post_role.len > 0 ? role_find(n->post_role) : NULL;
    if (n->post_role.len > 0 && (role == NULL || !role->is_officer))
        fail_problem(why, STR("#/role"), "unknown", N_("There is no officer's role {0}."), n->post_role);
    if (!n->is_without_password) check_password(n->password, n->login, why);
}

static struct str line_of(struct arena *a, struct str s)
{
    return text_is_utf8(s) ? text_one_line(a, text_clean(a, s)) : STR_NONE;
}

/* Argon2 with its turn. */
static enum outcome hash_in_turn(struct people *p, struct str password, struct str *out, struct fail *why)
{
    if (!turns_take(p->turns))
        return fail(why, ERR_DOWN, N_("Many people are signing in just now. Try again in a minute."));
    *out = password_hash(why->arena, password);
    turns_give(p->turns);
    return OK;
}

enum outcome people_password_hash(struct people *p, struct str password, struct str login, struct str *out,
                                  struct fail *why)
{
    check_password(password, login, why);
    TRY(fail_if_problems(why));
    return hash_in_turn(p, password, out, why);
}

/* ---- changes ---- */

enum outcome people_prepare_user(struct people *p, const struct user_new *n, struct account_add *out, struct fail *why)
{
    struct arena *a = why->arena;
    struct user_new *kept = ARENA_NEW(a, struct user_new);
    struct user_new user = *n;
    user.login = text_is_utf8(n->login) ? login_fold(a, n->login) : STR_NONE;
    user.name = line_of(a, n->name);
    user.language = n->language.len > 0 ? n->language : STR("vi");
    user.email = line_of(a, n->email);
    user.phone = line_of(a, n->phone);
    user.address = line_of(a, n->address);
    check_user(a, &user, why);
    TRY(fail_if_problems(why));

    *kept = user;
    struct account_add add = {.user = kept, .name_sort_key = text_name_sort_key(a, user.name)};
    struct sealed_identity *sealed = ARENA_ARRAY(a, struct sealed_identity, user.identity_count);
    for (size_t i = 0; i < user.identity_count; i++) sealed[i] = identity_seal(p->keys, a, user.identities[i]);
    add.sealed = sealed;
    if (!user.is_without_password) TRY(hash_in_turn(p, user.password, &add.password_hash, why));
    *out = add;
    return OK;
}

enum outcome people_user_add(struct people *p, const struct user_new *n, int64_t *out_id, struct fail *why)
{
    struct account_add add;
    int64_t id = 0;
    TRY(people_prepare_user(p, n, &add, why));
    TRY(store_run(p->store, account_add, &add, &id, why));
    if (out_id != NULL) *out_id = id;
    return OK;
}

static enum outcome change(struct people *p, struct str login, struct account_change *in, struct fail *why)
{
    {
        AUTO_READ struct tx *tx = NULL;
        struct account account;
        TRY(store_read_begin(p->store, why->arena, &tx, why));
        TRY(account_find(tx, login, &account, why));
        in->account = account.id;
    }
    enum outcome r = store_run(p->store, account_change, in, NULL, why);
    people_visitors_changed(p);
    return r;
}

enum outcome people_user_disable(struct people *p, struct actor actor, struct str login, bool is_disabled,
                                 struct fail *why)
{
    struct account_change in = {.actor = actor, .act = is_disabled ? "account.disable" : "account.enable"};
    return change(p, login, &in, why);
}

enum outcome people_user_password(struct people *p, const struct password_new *n, struct fail *why)
{
    struct account_change in = {.actor = n->actor, .act = "account.password", .must_change = n->must_change};
    if (n->but_session.len > 0) in.but_session = session_hash(n->but_session);
    TRY(people_password_hash(p, n->password, n->login, &in.password_hash, why));
    return change(p, n->login, &in, why);
}

enum outcome people_user_contact(struct people *p, const struct contact_new *n, struct fail *why)
{
    struct arena *a = why->arena;
    struct contact_new contact = *n;
    contact.email = line_of(a, n->email);
    contact.phone = line_of(a, n->phone);
    contact.address = line_of(a, n->address);
    check_contact(contact.language, contact.email, contact.phone, why);
    if (text_length(contact.address) > PARTY_ADDRESS_MOST)
        fail_problem(why, STR("#/address"), "too-long", N_("At most {0} characters."),
                     str_format(a, "%d", PARTY_ADDRESS_MOST));
    TRY(fail_if_problems(why));
    struct account_change in = {
        .actor = n->actor, .act = "account.contact", .account = n->account, .contact = &contact};
    enum outcome r = store_run(p->store, account_change, &in, NULL, why);
    people_visitors_changed(p);
    return r;
}

/* ---- lists ---- */

static enum outcome roles_of(struct tx *tx, const struct account *account, struct str *out, struct fail *why)
{
    struct arena *a = tx_arena(tx);
    struct post *posts;
    size_t count;
    *out = role_of_account_kind(account->kind);
    TRY(posts_of_account(tx, account->id, day_of(tx_now(tx)), &posts, &count, why));
    struct str *words = ARENA_ARRAY(a, struct str, count);
    for (size_t i = 0; i < count; i++)
        words[i] = str_format(a, "%.*s@%.*s", STR_ARG(posts[i].role), STR_ARG(posts[i].agency_identifier));
    if (count > 0) *out = str_join(a, STR(" "), words, count);
    return OK;
}

enum outcome people_user_list(struct people *p, struct arena *a, struct str after_login, size_t most,
                              struct user_line **out, size_t *out_count, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct rows rows;
    TRY(store_read_begin(p->store, a, &tx, why));
    TRY(store_all(tx, Q_ACCOUNT_LIST, VALUES(v_str(after_login), v_int((int64_t)most)), &rows, why));
    struct user_line *list = ARENA_ARRAY(a, struct user_line, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        list[i].account = account_of_row(&rows.at[i]);
        TRY(roles_of(tx, &list[i].account, &list[i].roles, why));
    }
    *out = list;
    *out_count = rows.count;
    return OK;
}

struct str people_make_password(struct arena *a)
{
    /* 32 letters and digits that nobody mistakes for one another: 5 bits each, 80 bits in all. */
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789A";
    enum { GROUPS = 4, GROUP = 4 };
    unsigned char bytes[GROUPS * GROUP];
    char out[GROUPS * (GROUP + 1)];
    random_bytes(bytes, sizeof bytes);
    size_t len = 0;
    for (size_t i = 0; i < sizeof bytes; i++) {
        if (i > 0 && i % GROUP == 0) out[len++] = '-';
        out[len++] = letters[bytes[i] % 32];
    }
    return str_dup(a, str_of(out, len));
}
