/*
 * Where somebody is signed in, for their own eyes: which device, since when, last seen when; ending a session that one
 * does not know. What recognises a visitor is people.h; this only tells. No address of the network is kept.
 */
#ifndef PEOPLE_SESSION_PAGES_H
#define PEOPLE_SESSION_PAGES_H

#include "html/html.h"
#include "http/router.h"
#include "store/store.h"

struct session_line {
    struct sha256 key;
    instant_t created_at, seen_at, expires_at;
    struct str device; /* "Chrome, Android"; empty: not known */
};
/* The most recently seen first, at most 50; in tx_arena. */
enum outcome sessions_of_account(struct tx *tx, int64_t account, struct session_line **out, size_t *out_count,
                                 struct fail *why) MUST_USE;
/* What the visitor's browser calls itself, shortened to names that people know. Lives as long as the program or the
 * request. */
struct str device_of(const struct request *rq);

extern const struct route session_routes[];
extern const size_t session_route_count;
extern const struct page_template session_templates[];
extern const size_t session_template_count;

#endif
