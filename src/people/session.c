/*
 * Signing in and recognising who visits. A cookie or token is 32 random bytes; the store keeps its SHA-256, which is
 * enough for a secret that nobody can guess. A session ends after its time, after an officer's silence (setting
 * officer-idle-minutes), at sign-out, when the password changes and when the account is closed.
 */
#include <string.h>

#include "agency/permission.h"
#include "agency/role.h"
#include "base/text.h"
#include "people/people_service.h"
#include "queries.h"

enum {
    KEY_BYTES = 32,
    KEY_TEXT = 43,
    RETRY_WHEN_FULL_S = 5,
    TOKEN_DAYS = 365,
    TOKEN_DAYS_MOST = 3660,
    LABEL_MOST = 100
};

static const int64_t touch_after_us = 5 * US_PER_MINUTE;

/* Seldom enough for the disk, often enough for the shortest silence that an office may choose. */
static int64_t touch_after(const struct people *p)
{
    int64_t idle = p->lengths.officer_idle_us / 4;
    return idle < touch_after_us ? idle : touch_after_us;
}

struct sha256 session_hash(struct str cookie)
{
    return sha256_of(cookie);
}

static struct str hash_str(const struct sha256 *h)
{
    return str_of((const char *)h->at, SHA256_BYTES);
}

static bool is_officer_kind(struct str kind)
{
    return str_eq(kind, STR("officer")) || str_eq(kind, STR("program"));
}

/* ---- signing in ---- */

struct session_new {
    struct sha256 key;
    int64_t account, post;
    instant_t expires_at;
    struct str device;
};

static enum outcome session_add(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* nothing to say but OK */
    const struct session_new *s = input;
    return store_do(tx, Q_SESSION_INSERT,
                    VALUES(v_blob(hash_str(&s->key)), v_int(s->account), s->post == 0 ? v_null() : v_int(s->post),
                           v_instant(tx_now(tx)), v_instant(s->expires_at), v_str(s->device)),
                    NULL, why);
}

static enum outcome too_many(int64_t retry_s, int64_t *out_retry_s, struct fail *why)
{
    *out_retry_s = retry_s;
    return fail(why, ERR_TOO_MANY, N_("Too many attempts. Wait {0} seconds, then try again."),
                str_format(why->arena, "%lld", (long long)retry_s));
}

/* With a turn at Argon2: counts the attempt, and gives it back when the password fits. */
static enum outcome check_attempt(struct people *p, const struct sign_in *in, struct str login, struct str hash,
                                  int64_t *out_retry_s, struct fail *why)
{
    int64_t wait_s = attempts_take(p->by_login, login);
    if (wait_s > 0) return too_many(wait_s, out_retry_s, why);
    wait_s = attempts_take(p->by_peer, in->peer);
    if (wait_s > 0) return too_many(wait_s, out_retry_s, why);
    if (!password_fits(why->arena, hash, in->password))
        return fail(why, ERR_SIGN_IN, N_("Login and password do not fit together. Check both."));
    attempts_give_back(p->by_login, login);
    attempts_give_back(p->by_peer, in->peer);
    return OK;
}

static enum outcome load_candidate(struct people *p, struct arena *a, struct str login, struct account *out,
                                   struct str *out_hash, int64_t *out_post, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(p->store, a, &tx, why));
    struct fail nobody;
    fail_init(&nobody, a);
    enum outcome r = account_find_secret(tx, login, out, out_hash, &nobody);
    if (r == ERR_MISSING) return OK; /* goes on with an empty hash: as slow, and refused in the same words */
    if (r != OK) return fail(why, r, nobody.sentence);
    struct post *posts;
    size_t count;
    TRY(posts_of_account(tx, out->id, day_of(tx_now(tx)), &posts, &count, why));
    *out_post = count > 0 ? posts[0].id : 0;
    return OK;
}

/* Who signs in with which post; as slow for a login that nobody has. */
static enum outcome verify(struct people *p, struct arena *a, const struct sign_in *in, struct account *out,
                           int64_t *out_post, int64_t *out_retry_s, struct fail *why)
{
    struct str hash = STR_NONE;
    *out_retry_s = 0;
    if (in->password.len > PASSWORD_MOST || in->login.len > 4 * LOGIN_MOST || !text_is_utf8(in->login))
        return fail(why, ERR_SIGN_IN, N_("Login and password do not fit together. Check both."));
    TRY(load_candidate(p, a, in->login, out, &hash, out_post, why));
    if (!turns_take(p->turns)) return too_many(RETRY_WHEN_FULL_S, out_retry_s, why);
    enum outcome r = check_attempt(p, in, login_fold(a, in->login), hash, out_retry_s, why);
    turns_give(p->turns);
    return r;
}

enum outcome people_check_password(struct people *p, struct arena *a, const struct sign_in *in, struct fail *why)
{
    struct account account = {0};
    int64_t post, retry_s;
    return verify(p, a, in, &account, &post, &retry_s, why);
}

enum outcome people_sign_in(struct people *p, struct arena *a, const struct sign_in *in, struct signed_in *out,
                            int64_t *out_retry_s, struct fail *why)
{
    struct account account = {0};
    int64_t post = 0;
    TRY(verify(p, a, in, &account, &post, out_retry_s, why));
    if (account.disabled_at != INSTANT_NONE)
        return fail(why, ERR_DENIED, N_("This account is closed. Ask the office that opened it."));

    int64_t lasts_us = is_officer_kind(account.kind) ? p->lengths.officer_us : p->lengths.others_us;
    struct str cookie = random_token(a, KEY_BYTES);
    struct session_new s = {session_hash(cookie), account.id, post, clock_now() + lasts_us, in->device};
    TRY(store_run(p->store, session_add, &s, NULL, why));
    *out = (struct signed_in){account, cookie, lasts_us / US_PER_S};
    return OK;
}

/* ---- changes of a session ---- */

struct session_change {
    struct sha256 key;
    int64_t account, post;
};

static enum outcome session_end(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* nothing to say but OK */
    const struct session_change *c = input;
    return store_do(tx, Q_SESSION_DELETE, VALUES(v_blob(hash_str(&c->key))), NULL, why);
}

static enum outcome session_touch(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* nothing to say but OK */
    const struct session_change *c = input;
    return store_do(tx, Q_SESSION_TOUCH, VALUES(v_instant(tx_now(tx)), v_blob(hash_str(&c->key))), NULL, why);
}

static enum outcome session_use(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* nothing to say but OK */
    const struct session_change *c = input;
    struct post *posts;
    size_t count;
    TRY(posts_of_account(tx, c->account, day_of(tx_now(tx)), &posts, &count, why));
    for (size_t i = 0; i < count; i++)
        if (posts[i].id == c->post)
            return store_do(tx, Q_SESSION_USE_POST,
                            VALUES(v_int(c->post), v_blob(hash_str(&c->key)), v_int(c->account)), NULL, why);
    return fail(why, ERR_MISSING, N_("This post is not one of yours."));
}

static enum outcome delete_expired(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)input;
    (void)out; /* the moment is the transaction's */
    TRY(store_do(tx, Q_SESSION_DELETE_EXPIRED, VALUES(v_instant(tx_now(tx))), NULL, why));
    return store_do(tx, Q_TOKEN_DELETE_EXPIRED, VALUES(v_instant(tx_now(tx))), NULL, why);
}

enum outcome people_sign_out(struct people *p, struct str cookie, struct fail *why)
{
    struct session_change c = {.key = session_hash(cookie)};
    enum outcome r = store_run(p->store, session_end, &c, NULL, why);
    people_visitors_changed(p);
    return r;
}

static enum outcome session_end_one(struct tx *tx, const void *input, void *out, struct fail *why)
{
    const struct session_change *c = input;
    return store_do(tx, Q_SESSION_DELETE_ONE, VALUES(v_blob(hash_str(&c->key)), v_int(c->account)), out, why);
}

static enum outcome session_end_others(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* nothing to say but OK */
    const struct session_change *c = input;
    return store_do(tx, Q_SESSION_DELETE_OF_ACCOUNT, VALUES(v_int(c->account), v_blob(hash_str(&c->key))), NULL, why);
}

enum outcome people_end_session(struct people *p, int64_t account, struct sha256 key, struct fail *why)
{
    struct session_change c = {.key = key, .account = account};
    int64_t gone = 0;
    enum outcome r = store_run(p->store, session_end_one, &c, &gone, why);
    people_visitors_changed(p);
    if (r == OK && gone == 0) return fail(why, ERR_MISSING, N_("This browser is signed out already."));
    return r;
}

enum outcome people_end_others(struct people *p, int64_t account, struct str but_cookie, struct fail *why)
{
    struct session_change c = {.key = session_hash(but_cookie), .account = account};
    enum outcome r = store_run(p->store, session_end_others, &c, NULL, why);
    people_visitors_changed(p);
    return r;
}

enum outcome people_use_post(struct people *p, struct str cookie, int64_t account, int64_t post, struct fail *why)
{
    struct session_change c = {session_hash(cookie), account, post};
    enum outcome r = store_run(p->store, session_use, &c, NULL, why);
    people_visitors_changed(p);
    return r;
}

enum outcome people_forget_expired(struct people *p, struct fail *why)
{
    return store_run(p->store, delete_expired, NULL, NULL, why);
}

/* ---- tokens ---- */

struct token_add {
    const struct token_new *new;
    struct sha256 key;
    int64_t account, post, days;
};

static enum outcome token_add(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* the token is known already */
    const struct token_add *t = input;
    instant_t now = tx_now(tx);
    struct account account;
    TRY(account_load(tx, t->account, &account, why));
    TRY(store_do(tx, Q_TOKEN_INSERT,
                 VALUES(v_blob(hash_str(&t->key)), v_int(t->account), t->post == 0 ? v_null() : v_int(t->post),
                        v_str(t->new->label), v_instant(now), v_instant(now + t->days * US_PER_DAY)),
                 NULL, why));
    return journal_append(tx,
                          &(struct entry){.subject_kind = SUBJECT_ACCOUNT,
                                          .subject = t->account,
                                          .version = account.version,
                                          .act = "account.token",
                                          .actor = t->new->actor,
                                          .payload = STR("{}")},
                          NULL, why);
}

enum outcome people_token_create(struct people *p, struct arena *a, const struct token_new *n, struct str *out,
                                 struct fail *why)
{
    struct account account;
    struct token_add add = {.new = n, .post = n->post, .days = n->days == 0 ? TOKEN_DAYS : n->days};
    struct post *posts;
    size_t count;
    if (add.days < 1 || add.days > TOKEN_DAYS_MOST)
        return fail(why, ERR_INVALID, N_("A token lives from 1 to 3660 days."));
    if (n->label.len > LABEL_MOST) return fail(why, ERR_INVALID, N_("The label of a token has at most 100 bytes."));
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(p->store, a, &tx, why));
        TRY(account_find(tx, n->login, &account, why));
        TRY(posts_of_account(tx, account.id, day_of(tx_now(tx)), &posts, &count, why));
    }
    if (account.disabled_at != INSTANT_NONE)
        return fail(why, ERR_CONFLICT, N_("The account {0} is closed."), account.login);
    if (add.post == 0 && count > 0) add.post = posts[0].id;
    struct str token = random_token(a, KEY_BYTES);
    add.key = session_hash(token);
    add.account = account.id;
    TRY(store_run(p->store, token_add, &add, NULL, why));
    *out = token;
    return OK;
}

/* ---- who is visiting ---- */

/* With a password that somebody else chose, a person may do nothing but choose another one. */
static uint64_t permissions_of(const struct row *r, instant_t now, struct str *out_role, int64_t *out_agency)
{
    const uint64_t least = PERMISSION_BIT(PERMIT_PUBLIC) | PERMISSION_BIT(PERMIT_SIGNED_IN);
    struct str own = role_of_account_kind(row_str(r, 3));
    day_t today = day_of(now);
    bool has_post = !row_is_null(r, 7) && row_int(r, 9) <= today && (row_is_null(r, 10) || row_int(r, 10) >= today);
    *out_role = has_post ? row_str(r, 8) : own;
    *out_agency = has_post ? row_int(r, 7) : 0;
    return out_role->len > 0 && !row_bool(r, 11) ? role_permissions(*out_role) : least;
}

/* ERR_MISSING: nobody, or no longer. */
static enum outcome load_visitor(struct people *p, struct arena *a, struct sha256 key, bool is_token,
                                 struct known_visitor *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct row row;
    TRY(store_read_begin(p->store, a, &tx, why));
    TRY(store_one(tx, is_token ? Q_TOKEN_BY_KEY : Q_SESSION_BY_KEY, VALUES(v_blob(hash_str(&key))), &row, why));
    instant_t now = clock_now();
    struct known_visitor v = {.expires_at = row_instant(&row, 5), .seen_at = row_instant(&row, 6)};
    if (!is_token && is_officer_kind(row_str(&row, 3)) && v.seen_at + p->lengths.officer_idle_us < v.expires_at)
        v.expires_at = v.seen_at + p->lengths.officer_idle_us;
    if (!row_is_null(&row, 4) || v.expires_at <= now) return ERR_MISSING;
    v.visitor.account = row_int(&row, 0);
    v.visitor.login = row_str(&row, 1);
    v.visitor.name = row_str(&row, 2);
    v.visitor.is_token = is_token;
    v.visitor.permissions = permissions_of(&row, now, &v.visitor.role, &v.visitor.agency);
    *out = v;
    return OK;
}

/* Finds who is behind a key; an account of 0 means nobody. Renews a session that has been silent for some minutes. */
static enum outcome recognise(struct people *p, struct arena *a, struct sha256 key, bool is_token, struct visitor *out,
                              struct fail *why)
{
    struct known_visitor known = {0};
    uint64_t epoch;
    instant_t now = clock_now();
    bool is_cached = visitor_cache_find(p->cache, key, a, &known, &epoch) && known.expires_at > now &&
                     known.visitor.is_token == is_token && (is_token || now - known.seen_at < touch_after_us);
    if (!is_cached) {
        known = (struct known_visitor){0};
        enum outcome r = load_visitor(p, a, key, is_token, &known, why);
        if (r == ERR_MISSING) return OK;
        TRY(r);
        if (!is_token && now - known.seen_at >= touch_after(p)) {
            TRY(store_run(p->store, session_touch, &(struct session_change){.key = key}, NULL, why));
            known.seen_at = now;
        }
        visitor_cache_put(p->cache, key, epoch, &known);
    }
    *out = known.visitor;
    return OK;
}

static bool is_key(struct str text)
{
    if (text.len != KEY_TEXT) return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        bool is_good =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        if (!is_good) return false;
    }
    return true;
}

/* The token that our forms carry: made from the cookie, which pages never show. */
static struct str csrf_of(struct arena *a, struct str cookie)
{
    struct sha256 h = hmac_sha256(cookie, STR("form"));
    return base64url_encode(a, hash_str(&h));
}

static enum outcome identify_token(struct people *p, struct request *rq, struct str token, struct fail *why)
{
    if (is_key(token)) TRY(recognise(p, rq->arena, session_hash(token), true, &rq->visitor, why));
    if (rq->visitor.account == 0) return fail(why, ERR_SIGN_IN, N_("The token is not valid, or no longer."));
    return OK;
}

enum outcome people_identify_with(struct people *p, struct request *rq, struct fail *why)
{
    struct str authorization = request_header(rq, "authorization"), scheme, token;
    struct str cookie = request_cookie(rq, SESSION_COOKIE);
    (void)str_cut(authorization, ' ', &scheme, &token); /* without a space it is not a bearer token */
    if (str_eq_nocase(scheme, STR("Bearer"))) return identify_token(p, rq, str_trim(token), why);
    if (is_key(cookie)) {
        TRY(recognise(p, rq->arena, session_hash(cookie), false, &rq->visitor, why));
        if (rq->visitor.account != 0) {
            rq->visitor.session_key = cookie;
            rq->visitor.csrf = csrf_of(rq->arena, cookie);
            return OK;
        }
    }
    rq->visitor = (struct visitor){.permissions = PERMISSION_BIT(PERMIT_PUBLIC)};
    return OK;
}

enum outcome people_authorise(struct request *rq, unsigned permission, struct fail *why)
{
    if (permission_is_in(rq->visitor.permissions, (enum permission)permission)) return OK;
    if (rq->visitor.account == 0) return fail(why, ERR_SIGN_IN, N_("Sign in to go on."));
    if (permission_is_in(role_permissions(rq->visitor.role), (enum permission)permission))
        return fail(why, ERR_DENIED, N_("First choose a password of your own, on the page of your account."));
    return fail(why, ERR_DENIED, N_("The role in which you are signed in may not do this."));
}

struct actor people_actor(const struct request *rq)
{
    return (struct actor){rq->visitor.account, rq->visitor.agency, rq->visitor.role};
}

enum outcome people_own_agency(const struct request *rq, struct tx *tx, struct agency *out, struct fail *why)
{
    if (rq->visitor.agency != 0) return agency_load(tx, rq->visitor.agency, out, why);
    return fail(why, ERR_CONFLICT, N_("Only who has a post at an agency words its letters."));
}
