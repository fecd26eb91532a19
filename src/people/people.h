/*
 * Accounts and who is visiting. An account is a person, a body or a program that signs in; what it may do follows from
 * its kind (citizens and enterprises) or from the post in use (officers). Passwords are Argon2id, made and checked
 * outside of any command and never more than two at once; sessions and tokens are kept as hashes only. Sessions are no
 * subjects of the journal; every change of an account is.
 */
#ifndef PEOPLE_PEOPLE_H
#define PEOPLE_PEOPLE_H

#include "agency/post.h"
#include "http/http.h"
#include "journal/journal.h"
#include "people/identity.h"

enum { LOGIN_MOST = 60, PASSWORD_LEAST = 8, PASSWORD_MOST = 200 };

struct people; /* the service: semaphore of Argon2, limits of attempts, cache of visitors */
struct people *people_new(struct store *s, const struct identity_keys *keys);
void people_free(struct people *p); /* NULL is fine */

/* How long people stay signed in: settings session-hours, officer-session-hours, officer-idle-minutes. */
struct session_lengths {
    int64_t others_us, officer_us, officer_idle_us;
};
void people_set_lengths(struct people *p, struct session_lengths l);
/* Another process has signed somebody out, closed an account, changed a post. */
#define NEWS_VISITORS "visitors"
void people_forget_visitors(struct people *p);
/* Tries to sign in and to open accounts are counted together with other processes (attempts.h). */
void people_join_attempts(struct people *p, struct sha256 secret);
void people_hear_attempts(struct people *p, struct str word);
/* Called by a thread just before it waits for its turn at Argon2 and right after, like the store's. */
void people_on_wait(struct people *p, void (*before)(void *), void (*after)(void *), void *context);
struct people *app_people(const struct app *app); /* defined in app/ */

/* ---- accounts ---- */

struct account {
    int64_t id, version;
    struct str login, name;
    struct str kind; /* citizen foreigner business cooperative organisation officer program */
    struct str language, email, phone, address;
    bool must_change;                  /* the password */
    instant_t created_at, disabled_at; /* INSTANT_NONE: may sign in */
};

extern const char *const account_kinds[]; /* NULL at the end */

/* ERR_MISSING with a sentence. */
enum outcome account_load(struct tx *tx, int64_t id, struct account *out, struct fail *why) MUST_USE;
void account_ahead(struct tx *tx, struct value id); /* store_ahead */
enum outcome account_find(struct tx *tx, struct str login, struct account *out, struct fail *why) MUST_USE;

/* A new account; post_role empty: without a post. Problems are noted under "#/login" and so on, all at once. */
struct user_new {
    struct actor actor;
    struct str login, name, kind, password;
    struct str language; /* empty: vi */
    struct str email, phone, address;
    const struct identity *identities;
    size_t identity_count;
    struct str number_pointer; /* where the form has the number; empty: "#/personal_id" and so on */
    bool must_change;
    bool is_without_password; /* cannot sign in until one is chosen with a code (code.h) */
    int64_t post_agency;
    struct str post_role;
};
enum outcome people_user_add(struct people *p, const struct user_new *n, int64_t *out_id, struct fail *why) MUST_USE;
/* Officers of a list, all of them or none: the account without a post of its own (post_role is empty), then the post,
 * and a second one in the same role at a unit. */
struct staff_new {
    struct user_new user;
    struct str role, procedure_group; /* group empty: all procedures */
    int64_t agency, unit;             /* unit 0: none */
};
enum outcome people_staff_add(struct people *p, const struct staff_new *staff, size_t count, struct fail *why) MUST_USE;
enum outcome people_user_disable(struct people *p, struct actor actor, struct str login, bool is_disabled,
                                 struct fail *why) MUST_USE;
/* must_change: at the next sign-in. Ends every session of the account but `but_session` (a cookie; empty: none). */
struct password_new {
    struct actor actor;
    struct str login, password;
    bool must_change;
    struct str but_session;
};
enum outcome people_user_password(struct people *p, const struct password_new *n, struct fail *why) MUST_USE;
/* Language, e-mail, telephone, address. */
struct contact_new {
    struct actor actor;
    int64_t account;
    struct str language, email, phone, address;
};
enum outcome people_user_contact(struct people *p, const struct contact_new *n, struct fail *why) MUST_USE;

/* One line of `motcua user list`. */
struct user_line {
    struct account account;
    struct str roles; /* "receiver@G11 leader@H36.25159"; the kind's role for citizens */
};
/* By login, at most `most` after `after_login`. */
enum outcome people_user_list(struct people *p, struct arena *a, struct str after_login, size_t most,
                              struct user_line **out, size_t *out_count, struct fail *why) MUST_USE;
/* Words that are read without doubt, four groups of four: for first passwords. */
struct str people_make_password(struct arena *a);

/* ---- signing in ---- */

struct sign_in {
    struct str login, password, peer;
    struct str device; /* "Chrome, Android" (session_pages.h); empty: not known */
};
struct signed_in {
    struct account account;
    struct str cookie; /* its value: 32 random bytes, base64url */
    int64_t max_age_s;
};
/* ERR_SIGN_IN when the two do not fit (the same sentence and time whether the login exists or not), ERR_TOO_MANY after
 * too many attempts: then out_retry_s says how long to wait. */
enum outcome people_sign_in(struct people *p, struct arena *a, const struct sign_in *in, struct signed_in *out,
                            int64_t *out_retry_s, struct fail *why) MUST_USE;
/* The same check without a session: for who is about to change the password. */
enum outcome people_check_password(struct people *p, struct arena *a, const struct sign_in *in,
                                   struct fail *why) MUST_USE;
enum outcome people_sign_out(struct people *p, struct str cookie, struct fail *why) MUST_USE;
/* Ends sessions of this account and no other: one by its key (session_pages.h), or all but that of a cookie. */
enum outcome people_end_session(struct people *p, int64_t account, struct sha256 key, struct fail *why) MUST_USE;
enum outcome people_end_others(struct people *p, int64_t account, struct str but_cookie, struct fail *why) MUST_USE;
/* From now on the session acts in another of the account's posts. */
enum outcome people_use_post(struct people *p, struct str cookie, int64_t account, int64_t post,
                             struct fail *why) MUST_USE;
/* Deletes what has expired; the app calls it now and then. */
enum outcome people_forget_expired(struct people *p, struct fail *why) MUST_USE;

/* A bearer token for a program, in clear this once. post 0: the account's oldest post. */
struct token_new {
    struct actor actor;
    struct str login, label;
    int64_t post;
    int64_t days; /* 0: 365 */
};
enum outcome people_token_create(struct people *p, struct arena *a, const struct token_new *n, struct str *out,
                                 struct fail *why) MUST_USE;

/* ---- for the router ---- */

/* Fills rq->visitor from the cookie `motcua` or from "Authorization: Bearer ..."; a token that is not good is
 * ERR_SIGN_IN, a stale cookie is nobody. */
enum outcome people_identify(struct request *rq, struct fail *why) MUST_USE;
enum outcome people_identify_with(struct people *p, struct request *rq, struct fail *why) MUST_USE; /* the same */
enum outcome people_authorise(struct request *rq, unsigned permission, struct fail *why) MUST_USE;
/* The visitor as the actor of a change. */
struct actor people_actor(const struct request *rq);
/* The agency of the visitor's post, whose letters and phrases they word. ERR_CONFLICT for who has no post. */
struct agency;
enum outcome people_own_agency(const struct request *rq, struct tx *tx, struct agency *out, struct fail *why) MUST_USE;

extern const struct route people_routes[];
extern const size_t people_routes_count;

#endif
