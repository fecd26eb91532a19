/*
 * Requests as bytes, without sockets: the first byte says in what pieces the rest arrives. Checks what handlers rely
 * on: a path begins with a slash, is UTF-8 and has no dotted segment; a body never grows beyond its limit.
 */
#include <string.h>

#include "base/text.h"
#include "http/message.h"

enum { FUZZ_ARENA_BYTES = 16 * 1024 * 1024, FUZZ_BODY_BYTES = 1000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum outcome count(void *context, struct str piece, struct fail *why)
{
    size_t *all = context;
    (void)why;
    *all += piece.len;
    if (*all > FUZZ_BODY_BYTES) BUG("a body of %zu bytes", *all);
    return OK;
}

static void check(const struct request *rq)
{
    if (rq->path.len == 0 || !text_is_utf8(rq->path)) BUG("a path that is not one");
    if (rq->path.at[0] != '/' && !str_eq(rq->path, STR("*"))) BUG("a path without a slash");
    if (str_has(rq->path, STR("/../")) || str_has(rq->path, STR("//"))) BUG("a path with another spelling");
    if (memchr(rq->path.at, '\0', rq->path.len)) BUG("a path with a NUL");
    for (size_t i = 0; i < rq->query_count; i++) {
        if (!text_is_utf8(rq->query[i].name) || !text_is_utf8(rq->query[i].value)) BUG("a query that is not text");
    }
    (void)request_wants_json(rq); /* must only not crash */
    (void)request_cookie(rq, "session");
}

/* One request; how many bytes it took, 0 when it was refused or needs more. */
static size_t take_request(struct arena *a, char *at, size_t len, size_t piece)
{
    static struct message m;
    struct request rq = {.arena = a};
    struct fail why;
    size_t done = 0, body = 0;
    fail_init(&why, a);
    message_init(&m);
    while (m.stage != MESSAGE_COMPLETE) {
        size_t used, now = len - done < piece ? len - done : piece;
        if (m.stage == MESSAGE_AT_BODY) {
            if (message_request(&m, &rq, &why) != OK) return 0;
            check(&rq);
            if (message_take_body(&m, count, &body, FUZZ_BODY_BYTES, &why) != OK) return 0;
            if (!message_has_body(&m)) break;
            continue;
        }
        if (now == 0 || message_feed(&m, at + done, now, &used, &why) != OK) return 0;
        done += used;
    }
    return done;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) return 0;
    struct arena a;
    arena_init(&a, FUZZ_ARENA_BYTES);
    size_t piece = data[0] == 0 ? size : data[0], len = size - 1, taken;
    char *bytes = arena_dup(&a, data + 1, len);
    while (len > 0 && (taken = take_request(&a, bytes, len, piece)) > 0) {
        bytes += taken;
        len -= taken;
    }
    arena_end(&a);
    return 0;
}
