/* The inside of struct people, for this room's own files. */
#ifndef PEOPLE_PEOPLE_SERVICE_H
#define PEOPLE_PEOPLE_SERVICE_H

#include "people/attempts.h"
#include "people/password.h"
#include "people/people_store.h"
#include "people/visitor_cache.h"

struct people {
    struct store *store;
    const struct identity_keys *keys;
    struct turns *turns;                 /* Argon2 */
    struct attempts *by_login, *by_peer; /* of signing in */
    struct attempts *sign_ups;           /* by peer */
    struct visitor_cache *cache;
    struct session_lengths lengths;
    int64_t code_life_us; /* of one-time codes */
};

/* Checks a new account and pays for it (sealed numbers, Argon2), ready for the command account_add; lives in the arena
 * of the failure. */
enum outcome people_prepare_user(struct people *p, const struct user_new *n, struct account_add *out,
                                 struct fail *why) MUST_USE;

/* What a change may have made untrue: forgotten here, and told to other processes. */
void people_visitors_changed(struct people *p);

#define SESSION_COOKIE "motcua"

/* Checked by the rules of passwords, hashed with its turn. */
enum outcome people_password_hash(struct people *p, struct str password, struct str login, struct str *out,
                                  struct fail *why) MUST_USE;

struct sha256 session_hash(struct str cookie); /* what the store keeps of a cookie or token */

#endif
