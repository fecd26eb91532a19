/*
 * A visit: one request, its answer, and what a handler may ask of it. The server (server.h) parses and bounds it,
 * the router (router.h) finds its row, checks the permission and calls the handler, which is plain sequential C and may
 * block on a commit. Everything hanging on the request lives in rq->arena and dies when the answer is sent.
 */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/auto.h"
#include "base/fail.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/language.h"

struct contract; /* http/contract.h */
struct app;      /* app/app.h: the services; machinery only passes it on */
struct route;

enum method { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, METHOD_COUNT };
const char *method_name(enum method m);

struct pair {
    struct str name, value;
};

/* A file of a multipart form or a raw body, spooled to disk while it arrived. */
struct upload {
    struct str field;     /* form field; empty for a raw body */
    struct str file_name; /* as the client said, cleaned to a base name, NFC */
    struct str type;      /* as the client said */
    struct str path;      /* the spool file; removed with the request unless renamed away */
    uint64_t bytes;
    struct sha256 hash;
    struct str head; /* its first bytes (at most 512), to tell the type by content */
};

/* Who is visiting. Filled by the app's `identify` callback before the permission check. */
struct visitor {
    int64_t account; /* 0: nobody signed in */
    struct str login, name;
    uint64_t permissions;   /* one bit for each permission */
    int64_t agency;         /* the agency of the post in use, 0 for citizens */
    struct str role;        /* the role in use */
    struct str session_key; /* empty for bearer tokens */
    struct str csrf;        /* secret of the tokens that forms carry (csrf.h); empty for bearer tokens */
    bool is_token;          /* came with a bearer token: no CSRF check */
};

struct request {
    struct app *app;
    struct arena *arena;
    enum method method;
    struct str path;    /* decoded, normalised: "/ho-so/G11-261122-0001" */
    struct str target;  /* as sent, for return addresses: path and query */
    struct pair *query; /* decoded */
    size_t query_count;
    struct pair *headers; /* names in lower case */
    size_t header_count;
    struct pair params[8]; /* {name} segments of the route */
    size_t param_count;
    struct str body;   /* the whole body when it is not spooled */
    struct pair *form; /* fields of urlencoded and multipart forms, UTF-8 checked, NFC */
    size_t form_count;
    struct upload *uploads;
    size_t upload_count;
    const struct route *route;
    const struct contract *contract; /* what JSON the route takes; NULL: the handler says all of it */
    enum language language;
    struct visitor visitor;
    struct str peer; /* "127.0.0.1" */
    struct str id;   /* the error id a person can quote: 10 characters */
    int64_t retry_s; /* told with 429 and 503: how long to wait; 0: the usual */
    struct fail why; /* initialised; the router passes &rq->why to the handler */
    struct reply *reply;
    bool is_to_hold; /* nobody is signed in any more: the form is held, the handler not called */
};

/*
 * The language is the cookie `language` (a code), else the best for Accept-Language; identify may choose another. The
 * peer is the last of X-Forwarded-For when the connection comes from this machine itself (a proxy), else of the socket.
 */

/* Empty when absent. */
struct str request_header(const struct request *rq, const char *lower_name);
struct str request_query(const struct request *rq, const char *name);
/* ?cursor= and ?limit= of a list; a wrong one is noted as a problem. start, standard: when none is given. */
int64_t request_cursor(const struct request *rq, int64_t start, struct fail *why);
size_t request_limit(const struct request *rq, int standard, int most, struct fail *why);
struct str request_form(const struct request *rq, const char *name);
struct str request_param(const struct request *rq, const char *name);
struct str request_cookie(const struct request *rq, const char *name);
bool request_has_form(const struct request *rq, const char *name);
bool request_wants_json(const struct request *rq); /* a path under /api/, or Accept prefers application/json */
/* Where this site is for the one who asks: "https://dichvu.example.vn", without a path. For links that leave the page:
 * QR codes, letters. https when the proxy in front says so. */
struct str request_origin(const struct request *rq);
/* The JSON body as an object, as the route's contract has it; ERR_TYPE when the content type is not application/json.
 */
enum outcome request_json(struct request *rq, yyjson_val **out, struct fail *why) MUST_USE;

/* The version in If-Match: "7". ERR_NO_MATCH_HEADER (428) when there is none, ERR_STALE (412) for what names none. */
enum outcome request_if_match(struct request *rq, int64_t *out, struct fail *why) MUST_USE;
/* What a key of idempotency stands for: method, path and body, so that no other request is taken for the same. */
struct sha256 request_print(const struct request *rq);

/* ---- the answer: exactly one reply_* ---- */

struct reply {
    int status;
    struct pair headers[24];
    size_t header_count;
    struct buf body;
    int file_fd; /* >= 0: send this file instead of the body */
    uint64_t file_bytes;
    struct str static_body; /* used instead of `body` when not empty: memory that outlives the request */
};

void reply_header(struct request *rq, const char *name, struct str value);         /* CR, LF or NUL in value is a BUG */
struct buf *reply_begin(struct request *rq, int status, const char *content_type); /* then write into the buf */
void reply_json(struct request *rq, int status, struct str json);
void reply_empty(struct request *rq, int status);
/* 303; only paths of this site: "/...", not "//", at most HTTP_LOCATION_BYTES; anything else leads to "/". */
void reply_redirect(struct request *rq, struct str local_path);
/* Sends a file; the fd is taken. disposition: "inline" or "attachment". Sets the strict CSP of file responses. */
void reply_file(struct request *rq, int fd, uint64_t bytes, struct str type, struct str name, const char *disposition);
void reply_etag(struct request *rq, struct str tag); /* ETag: "tag" */
/* True (and answers 304) when If-None-Match names the tag. */
bool reply_not_modified(struct request *rq, struct str tag);
void reply_cookie(struct request *rq, const char *name, struct str value,
                  int64_t max_age_s); /* HttpOnly SameSite=Lax */

/* This page may show files of this site in frames (an officer's papers beside the dossier); no other page may. */
void reply_allow_frames(struct request *rq);

/* A handler: answers, or fails with a sentence; the router then makes the problem+json or the error page. */
typedef enum outcome handler_fn(struct request *rq, struct fail *why);

struct route {
    enum method method;
    const char *path;    /* "/api/v1/dossiers/{code}"; {name} takes one segment */
    unsigned permission; /* a row of the permission table; PERMIT_PUBLIC is a decision someone signed; 0 is refused */
    handler_fn *handler;
    const char *title;   /* gettext message: the page's title, the operation's summary */
    uint64_t body_bytes; /* most bytes of the body; 0: HTTP_BODY_BYTES (64 KiB) */
    bool takes_files;    /* multipart files and raw bodies are spooled */
    const void *context; /* what the handler of several rows needs to tell them apart, such as an action */
    bool keeps_form;     /* a form that arrives without a valid session is held until somebody has signed in again */
    bool can_wait;       /* tables and figures over many dossiers: the first to hear 503 when all is too much */
};

/* application/problem+json for this failure (RFC 9457): type, title, status, detail, instance, errors[]. */
void reply_problem(struct request *rq, const struct fail *why);

#endif
