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
};

#define SESSION_COOKIE "motcua"

struct sha256 session_hash(struct str cookie); /* what the store keeps of a cookie or token */

#endif
