/*
 * Who was behind a cookie or token a moment ago, so that a request costs no query for it. Bounded, and true for a
 * second or two only; what changes through this process (sign-out, a closed account, another post) empties it at once.
 */
#ifndef PEOPLE_VISITOR_CACHE_H
#define PEOPLE_VISITOR_CACHE_H

#include "base/clock.h"
#include "http/http.h"

struct known_visitor {
    struct visitor visitor; /* login, name and role only; session_key and csrf are the request's own */
    instant_t expires_at, seen_at;
};

struct visitor_cache;
struct visitor_cache *visitor_cache_new(void);
void visitor_cache_free(struct visitor_cache *c);

/* Texts are copied into the arena. out_epoch belongs to a later put: what was read before a clearing is not kept. */
bool visitor_cache_find(struct visitor_cache *c, struct sha256 key, struct arena *a, struct known_visitor *out,
                        uint64_t *out_epoch);
void visitor_cache_put(struct visitor_cache *c, struct sha256 key, uint64_t epoch, const struct known_visitor *v);
void visitor_cache_clear(struct visitor_cache *c);

#endif
