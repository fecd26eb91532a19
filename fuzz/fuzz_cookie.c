/*
 * Headers by which a browser says who it is: cookies, the form's token, languages, what it has already, what it calls
 * itself. Whatever is sent, a cookie is a part of the header, no token is good that this office did not make, and a
 * device's name is one of ours. What an answer says again of it (a file's name, an address to go to, a sentence with
 * it) stands within its header, and begins none. The input is the header's text.
 */
#include <string.h>

#include "base/auto.h"
#include "base/json.h"
#include "base/text.h"
#include "http/csrf.h"
#include "http/http.h"
#include "http/reply.h"
#include "people/session_pages.h"

enum { ROOM = 16 << 20, DEVICE_MOST = 60, HEAD_ROOM = 64 << 10, NAME_MOST = 500, HEADERS_MOST = 24, SENT_MOST = 4096 };

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

/* ---- what answers say again ---- */

/* Every line of the head is a header of ours, and the head ends once. */
static void check_head(struct request *rq)
{
    AUTO_BUF struct buf head;
    struct str line, rest;
    size_t count = 0;
    buf_init(&head, HEAD_ROOM);
    (void)reply_render(rq, false, STR("Mon, 23 Nov 2026 14:00:00 GMT"), &head); /* the body is not written */
    rest = buf_str(&head);
    for (; str_cut(rest, '\n', &line, &rest) && line.len > 1; count++) {
        if (!str_ends(line, STR("\r")) || memchr(line.at, '\r', line.len - 1) != NULL) BUG("a header in a header");
        if (count > 0 && (line.at[0] < 'A' || line.at[0] > 'Z')) BUG("a header that is not ours");
    }
    if (rest.len > 0 || count > HEADERS_MOST) BUG("an answer within an answer");
}

static void check_answers(struct request *rq, struct str sent)
{
    struct fail why;
    fail_init(&why, rq->arena);
    reply_file(rq, -1, 0, STR("application/pdf"), str_part(sent, 0, NAME_MOST), "attachment");
    check_head(rq);
    reply_redirect(rq, sent);
    const struct pair *to = reply_find(rq->reply, "location");
    bool is_here = to != NULL && to->value.len > 0 && to->value.at[0] == '/';
    if (!is_here || (to->value.len > 1 && (to->value.at[1] == '/' || to->value.at[1] == '\\'))) BUG("led elsewhere");
    reply_cookie(rq, "language", csrf_token(rq->arena, sent), 60);
    check_head(rq);
    reply_clear(rq->reply);
    if (!text_is_utf8(sent)) return; /* refused before anybody reads it */
    fail_problem(&why, sent, "format", "“{0}” is no place of a party.", sent);
    (void)fail_if_problems(&why); /* it fails, of course */
    rq->path = sent;
    reply_problem(rq, &why);
    yyjson_val *said;
    if (json_read(rq->arena, buf_str(&rq->reply->body), &said, &why) != OK) BUG("no JSON");
    check_head(rq);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    struct reply reply;
    arena_init(&a, ROOM);
    if (size > SENT_MOST) return 0; /* no header is so long */
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
    reply_clear(&reply);
    check_answers(&rq, sent);
    reply_end(&reply);
    return 0;
}
