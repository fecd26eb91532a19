/*
 * The token that forms carry, so that no other site can send them in a visitor's name. Each answer gets one of its own:
 * random bytes and what the session's secret makes of them. The secret itself never leaves the server, and no two pages
 * hold the same text, so that the length of a compressed page tells nothing of it (compress.h). Every token of a
 * session is good as long as it lasts.
 */
#ifndef HTTP_CSRF_H
#define HTTP_CSRF_H

#include "base/arena.h"
#include "base/str.h"

/* secret: visitor.csrf; empty: the answer is empty. */
struct str csrf_token(struct arena *a, struct str secret);
bool csrf_is_good(struct arena *a, struct str token, struct str secret);

#endif
