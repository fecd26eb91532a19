#include "http/reply.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "http/http_limits.h"

#define PAGE_POLICY                                                                                                    \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "                 \
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
#define FILE_POLICY "default-src 'none'; frame-ancestors 'self'"
#define DATA_POLICY "default-src 'none'; frame-ancestors 'none'"

void reply_init(struct reply *r)
{
    buf_init(&r->body, HTTP_REPLY_BYTES);
    r->file_fd = -1;
    reply_clear(r);
}

void reply_clear(struct reply *r)
{
    if (r->file_fd >= 0) (void)close(r->file_fd); /* opened for reading */
    r->status = 0;
    r->header_count = 0;
    r->file_fd = -1;
    r->file_bytes = 0;
    r->static_body = STR_NONE;
    buf_clear(&r->body);
    if (r->body.room > HTTP_KEPT_BYTES) buf_end(&r->body);
}

void reply_end(struct reply *r)
{
    reply_clear(r);
    buf_end(&r->body);
}

struct pair *reply_find(struct reply *r, const char *name)
{
    for (size_t i = 0; i < r->header_count; i++) {
        if (str_eq_nocase(r->headers[i].name, str_from(name))) return &r->headers[i];
    }
    return NULL;
}

void reply_header(struct request *rq, const char *name, struct str value)
{
    struct reply *r = rq->reply;
    for (size_t i = 0; i < value.len; i++) {
        if (value.at[i] == '\r' || value.at[i] == '\n' || value.at[i] == '\0') BUG("a line break in header %s", name);
    }
    struct pair *h = str_eq_nocase(str_from(name), STR("set-cookie")) ? NULL : reply_find(r, name);
    if (!h) {
        if (r->header_count == LENGTH(r->headers)) BUG("too many headers in an answer: %s", name);
        h = &r->headers[r->header_count++];
    }
    *h = (struct pair){str_from(name), str_dup(rq->arena, value)};
}

static void default_header(struct request *rq, const char *name, struct str value)
{
    if (!reply_find(rq->reply, name)) reply_header(rq, name, value);
}

struct buf *reply_begin(struct request *rq, int status, const char *content_type)
{
    struct reply *r = rq->reply;
    if (r->file_fd >= 0) (void)close(r->file_fd); /* opened for reading */
    r->file_fd = -1;
    r->static_body = STR_NONE;
    r->status = status;
    buf_clear(&r->body);
    if (content_type) reply_header(rq, "Content-Type", str_from(content_type));
    return &r->body;
}

void reply_json(struct request *rq, int status, struct str json)
{
    buf_add(reply_begin(rq, status, "application/json; charset=utf-8"), json);
}

void reply_empty(struct request *rq, int status)
{
    (void)reply_begin(rq, status, NULL); /* nothing is written */
}

/* "/..." of this site: neither "//host" nor "/\host", which browsers take for another site. */
static bool is_local_path(struct str path)
{
    return path.len > 0 && path.at[0] == '/' && !(path.len > 1 && (path.at[1] == '/' || path.at[1] == '\\'));
}

void reply_redirect(struct request *rq, struct str local_path)
{
    bool is_clean = is_local_path(local_path) && local_path.len <= HTTP_LOCATION_BYTES;
    for (size_t i = 0; i < local_path.len; i++) {
        if ((unsigned char)local_path.at[i] <= ' ' || local_path.at[i] == 0x7f) is_clean = false;
    }
    (void)reply_begin(rq, 303, NULL); /* nothing is written */
    reply_header(rq, "Location", is_clean ? local_path : STR("/"));
}

/* RFC 6266: an ASCII stand-in and the real name percent-encoded. */
static struct str disposition_with_name(struct arena *a, const char *disposition, struct str name)
{
    static const char hex[] = "0123456789ABCDEF";
    AUTO_BUF struct buf plain, encoded;
    buf_init(&plain, HTTP_REPLY_HEAD_BYTES);
    buf_init(&encoded, HTTP_REPLY_HEAD_BYTES);
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.at[i];
        bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
                        c == '-' || c == '_';
        if ((c & 0xC0) != 0x80) buf_add_char(&plain, is_plain ? (char)c : '_');
        if (is_plain) {
            buf_add_char(&encoded, (char)c);
        } else {
            buf_add(&encoded, str_of((char[]){'%', hex[c >> 4], hex[c & 15]}, 3));
        }
    }
    return str_format(a, "%s; filename=\"%.*s\"; filename*=UTF-8''%.*s", disposition, STR_ARG(buf_str(&plain)),
                      STR_ARG(buf_str(&encoded)));
}

void reply_file(struct request *rq, int fd, uint64_t bytes, struct str type, struct str name, const char *disposition)
{
    (void)reply_begin(rq, 200, NULL); /* the file is the body */
    rq->reply->file_fd = fd;
    rq->reply->file_bytes = bytes;
    reply_header(rq, "Content-Type", type);
    reply_header(rq, "Content-Security-Policy", STR(FILE_POLICY));
    reply_header(rq, "Content-Disposition",
                 name.len > 0 ? disposition_with_name(rq->arena, disposition, name) : str_from(disposition));
}

void reply_allow_frames(struct request *rq)
{
    reply_header(rq, "Content-Security-Policy", STR(PAGE_POLICY "; frame-src 'self'"));
}

void reply_etag(struct request *rq, struct str tag)
{
    reply_header(rq, "ETag", str_format(rq->arena, "\"%.*s\"", STR_ARG(tag)));
}

bool reply_not_modified(struct request *rq, struct str tag)
{
    struct str rest = request_header(rq, "if-none-match"), entry;
    while (rest.len > 0) {
        (void)str_cut(rest, ',', &entry, &rest); /* the last entry has no separator */
        entry = str_trim(entry);
        if (str_starts(entry, STR("W/"))) entry = str_part(entry, 2, entry.len);
        bool is_named = entry.len == tag.len + 2 && entry.at[0] == '"' && entry.at[entry.len - 1] == '"' &&
                        str_eq(str_part(entry, 1, tag.len), tag);
        if (!is_named && !str_eq(entry, STR("*"))) continue;
        reply_empty(rq, 304);
        reply_etag(rq, tag);
        return true;
    }
    return false;
}

/* What the proxy in front says; who forges it harms only the own visit. */
static bool came_by_https(const struct request *rq)
{
    return str_eq(request_header(rq, "x-forwarded-proto"), STR("https"));
}

void reply_cookie(struct request *rq, const char *name, struct str value, int64_t max_age_s)
{
    bool is_https = came_by_https(rq);
    reply_header(rq, "Set-Cookie",
                 str_format(rq->arena, "%s=%.*s; Path=/; Max-Age=%" PRId64 "; HttpOnly; SameSite=Lax%s", name,
                            STR_ARG(value), max_age_s, is_https ? "; Secure" : ""));
}

/* ---- problem+json ---- */

static void put_problem(struct json_writer *w, struct request *rq, const struct problem *p)
{
    jw_open(w, '{');
    jw_put_str(w, "pointer", p->pointer);
    jw_put_str(w, "code", str_from(p->code));
    jw_put_str(w, "detail", problem_sentence(rq->arena, rq->language, p));
    if (p->args[0].len > 0) { /* what the sentence names, for programs */
        jw_key(w, "values");
        jw_open(w, '[');
        for (int i = 0; i < FAIL_ARGS && p->args[i].len > 0; i++) jw_str(w, p->args[i]);
        jw_close(w);
    }
    jw_close(w);
}

void reply_problem(struct request *rq, const struct fail *why)
{
    struct json_writer w;
    jw_init(&w, reply_begin(rq, outcome_status(why->outcome), "application/problem+json; charset=utf-8"));
    jw_open(&w, '{');
    jw_put_str(&w, "type", str_format(rq->arena, "/problems/%s", outcome_type(why->outcome)));
    jw_put_str(&w, "title", translate(rq->language, outcome_title(why->outcome)));
    jw_put_int(&w, "status", outcome_status(why->outcome));
    jw_put_str(&w, "detail", fail_sentence(rq->arena, rq->language, why));
    if (rq->path.len > 0) jw_put_str(&w, "instance", rq->path);
    jw_put_str(&w, "error_id", fail_id(rq->arena, why));
    jw_put_str(&w, "request_id", rq->id);
    if (why->problem_count > 0) {
        jw_key(&w, "errors");
        jw_open(&w, '[');
        for (size_t i = 0; i < why->problem_count; i++) put_problem(&w, rq, &why->problems[i]);
        jw_close(&w);
    }
    jw_close(&w);
    reply_header(rq, "Content-Language", str_from(language_code(rq->language)));
    if (why->outcome == ERR_SIGN_IN) default_header(rq, "WWW-Authenticate", STR("Bearer"));
}

/*
 * ---- from the answer to bytes ----
 *
 * Answers that handlers make are not compressed, but for pages that a visitor went to (compress.h says which, and why
 * not the others). Assets are compressed at build time.
 */

static const struct {
    int status;
    const char *reason;
} reasons[] = {
    {200, "OK"                             },
    {201, "Created"                        },
    {202, "Accepted"                       },
    {204, "No Content"                     },
    {301, "Moved Permanently"              },
    {303, "See Other"                      },
    {304, "Not Modified"                   },
    {308, "Permanent Redirect"             },
    {400, "Bad Request"                    },
    {401, "Unauthorized"                   },
    {403, "Forbidden"                      },
    {404, "Not Found"                      },
    {405, "Method Not Allowed"             },
    {406, "Not Acceptable"                 },
    {408, "Request Timeout"                },
    {409, "Conflict"                       },
    {411, "Length Required"                },
    {412, "Precondition Failed"            },
    {413, "Content Too Large"              },
    {414, "URI Too Long"                   },
    {415, "Unsupported Media Type"         },
    {421, "Misdirected Request"            },
    {422, "Unprocessable Content"          },
    {428, "Precondition Required"          },
    {429, "Too Many Requests"              },
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"          },
    {501, "Not Implemented"                },
    {503, "Service Unavailable"            },
    {505, "HTTP Version Not Supported"     },
};

static const char *reason_of(int status)
{
    for (size_t i = 0; i < LENGTH(reasons); i++) {
        if (reasons[i].status == status) return reasons[i].reason;
    }
    return "";
}

/* What every answer says, so that no handler can forget it; what a handler said itself stands. */
static void add_defaults(struct request *rq)
{
    const struct reply *r = rq->reply;
    const struct pair *type = reply_find(rq->reply, "Content-Type");
    bool is_page = type && str_starts(type->value, STR("text/html"));
    default_header(rq, "Content-Security-Policy", is_page ? STR(PAGE_POLICY) : STR(DATA_POLICY));
    default_header(rq, "Cache-Control", reply_find(rq->reply, "ETag") ? STR("private, no-cache") : STR("no-store"));
    if (came_by_https(rq)) default_header(rq, "Strict-Transport-Security", STR("max-age=31536000"));
    if (r->status == 429 || r->status == 503) {
        default_header(rq, "Retry-After",
                       str_format(rq->arena, "%lld", (long long)(rq->retry_s > 0 ? rq->retry_s : HTTP_RETRY_AFTER_S)));
    }
}

static uint64_t body_bytes_of(const struct reply *r)
{
    if (r->file_fd >= 0) return r->file_bytes;
    return r->static_body.len > 0 ? r->static_body.len : r->body.len;
}

uint64_t reply_render(struct request *rq, bool keeps_alive, struct str date, struct buf *head)
{
    struct reply *r = rq->reply;
    add_defaults(rq);
    buf_clear(head);
    /* The referrer for this office alone: no address with a secret in it leaves, and the forms of a page have an
     * origin, which browsers take away where a page says no-referrer. */
    buf_addf(head, "HTTP/1.1 %d %s\r\nDate: %.*s\r\n", r->status, reason_of(r->status), STR_ARG(date));
    buf_add(head, STR("X-Content-Type-Options: nosniff\r\n"
                      "Referrer-Policy: same-origin\r\n"
                      "Cross-Origin-Opener-Policy: same-origin\r\n"
                      "Cross-Origin-Resource-Policy: same-origin\r\n"
                      "Permissions-Policy: geolocation=(), microphone=(), camera=()\r\n"
                      "X-Request-Id: "));
    buf_add(head, rq->id);
    for (size_t i = 0; i < r->header_count; i++) {
        buf_add(head, STR("\r\n"));
        buf_add(head, r->headers[i].name);
        buf_add(head, STR(": "));
        buf_add(head, r->headers[i].value);
    }
    uint64_t bytes = body_bytes_of(r);
    if (r->status != 204 && r->status != 304) buf_addf(head, "\r\nContent-Length: %" PRIu64, bytes);
    if (!keeps_alive) buf_add(head, STR("\r\nConnection: close"));
    buf_add(head, STR("\r\n\r\n"));
    if (head->is_full) BUG("the headers of an answer are larger than %d bytes", HTTP_REPLY_HEAD_BYTES);
    return rq->method == HEAD || r->status == 204 || r->status == 304 ? 0 : bytes;
}
