/*
 * The head of a request: llhttp cuts the bytes, this module refuses what llhttp lets pass and fills a struct request.
 * It knows no socket, so it is fuzzed as it is. Names and values are views into the caller's buffer, which therefore
 * must not move between the first byte of a head and the end of the request; names are put into lower case in place.
 */
#ifndef HTTP_MESSAGE_H
#define HTTP_MESSAGE_H

#include <llhttp.h>

#include "http/http.h"
#include "http/http_limits.h"

enum message_stage {
    MESSAGE_IN_HEAD, /* wants more bytes */
    MESSAGE_AT_BODY, /* the head is complete: decide, then feed on */
    MESSAGE_IN_BODY, /* wants more bytes */
    MESSAGE_COMPLETE,
};

/* Where the body goes. Called with pieces in order. */
typedef enum outcome body_fn(void *context, struct str piece, struct fail *why);

struct message {
    llhttp_t parser;
    enum message_stage stage;
    struct str target;
    struct pair headers[HTTP_HEADER_COUNT];
    size_t header_count;
    size_t head_bytes, noise_bytes;
    bool is_name_open, is_value_open; /* a name or value goes on in the next piece */
    bool has_body;
    body_fn *body;
    void *body_context;
    uint64_t body_limit, body_bytes;
    struct fail *why; /* during message_feed */
    enum outcome refusal;
};

void message_init(struct message *m);
/* Takes bytes; stops at the end of the head and at the end of the message, so that *used may be less than given. */
enum outcome message_feed(struct message *m, char *at, size_t len, size_t *used, struct fail *why) MUST_USE;
/* After MESSAGE_AT_BODY: where the body goes and how large it may be; ERR_TOO_LARGE when it says that it is larger. */
enum outcome message_take_body(struct message *m, body_fn *body, void *context, uint64_t limit,
                               struct fail *why) MUST_USE;
/* Checks the head (version, host, target) and fills rq: method, path, target, query, headers. */
enum outcome message_request(struct message *m, struct request *rq, struct fail *why) MUST_USE;

bool message_has_body(const struct message *m); /* the head announces one; also true after it has arrived */
bool message_is_chunked(const struct message *m);
uint64_t message_body_left(const struct message *m); /* of a Content-Length; bytes that did not arrive yet */
bool message_keeps_alive(const struct message *m);   /* HTTP/1.1 without "close" or an upgrade */
bool message_expects_continue(const struct message *m);

/* "name", "name:80", "[::1]:80": letters, digits, dots, hyphens and underscores, or an IPv6 address; port 1-65535. */
bool host_is_valid(struct str host);
/* Percent-decoding in an arena. False for a bad escape, %00 or text that is not UTF-8. `plus` turns + into a space. */
bool percent_decode(struct arena *a, struct str text, bool plus, struct str *out);

#endif
