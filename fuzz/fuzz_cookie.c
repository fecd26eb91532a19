/*
 * Headers by which a browser says who it is: cookies, the form's token, languages, what it has already, what it calls
 * itself. Whatever is sent, a cookie is a part of the header, no token is good that this office did not make, and a
 * device's name is one of ours. The input is the header's text.
 */
#include <string.h>

#include "base/auto.h"
#include "base/text.h"
#include "http/csrf.h"
#include "http/http.h"
#include "http/reply.h"
#include "people/session_pages.h"

enum { ROOM = 16 << 20, DEVICE_MOST = 60 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_cookies(struct request *rq, struct str sent)
{
    static const char *const names[] = {"session", "language", "theme", "counter", "=", ""};
    for (size_t i = 0; i < LENGTH(names); i++) {
        struct str value = request_cookie(rq, names[i]);
        if (value.len == 0) continue;
        if (value.at < sent.at || value.at + value.len > sent.at + sent.len) BUG("a cookie that was not sent");
        if (memchr(value.at, ';', value.len) != NULL) BUG("two cookies in one");
    }
}

static void check_tokens(struct arena *a, struct str sent)
{
    struct str secret = STR("0123456789abcdef0123456789abcdef"), made = csrf_token(a, secret);
    if (csrf_is_good(a, sent, secret)) BUG("a token that nobody made"); /* 2^-128 */
    if (!csrf_is_good(a, made, secret)) BUG("our own token is refused");
    if (csrf_is_good(a, sent, STR_NONE)) BUG("a token without a session");
    if (csrf_is_good(a, made, str_join(a, STR_NONE, (struct str[]){secret, STR("x")}, 2))) BUG("another's token");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    struct reply reply;
    arena_init(&a, ROOM);
    struct str sent = str_dup(&a, str_of((const char *)data, size));
    struct pair headers[] = {
        {STR("cookie"),        sent},
        {STR("if-none-match"), sent},
        {STR("accept"),        sent},
        {STR("user-agent"),    sent}
    };
    struct request rq = {.arena = &a, .path = STR("/"), .headers = headers, .header_count = LENGTH(headers)};
    reply_init(&reply);
    rq.reply = &reply;
    check_cookies(&rq, sent);
    check_tokens(&a, sent);
    (void)request_wants_json(&rq); /* must only not crash */
    if (reply_not_modified(&rq, STR("7-vi")) && !str_has(sent, STR("\"7-vi\"")) && !str_has(sent, STR("*")))
        BUG("unchanged for who never had it");
    struct str device = device_of(&rq);
    if (device.len > DEVICE_MOST || !text_is_utf8(device)) BUG("a device with a strange name");
    reply_end(&reply);
    return 0;
}
