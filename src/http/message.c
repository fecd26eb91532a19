#include "http/message.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/list.h"
#include "base/parse.h"
#include "base/text.h"
#include "http/form.h"

/* ---- what llhttp tells while it reads ---- */

static enum outcome refuse(struct message *m, enum outcome outcome, const char *sentence)
{
    m->refusal = fail(m->why, outcome, sentence);
    return m->refusal;
}

/* Pieces of one span lie one behind the other because the buffer does; anything else is a folded header. */
static bool extend(struct str *span, bool is_open, const char *at, size_t len)
{
    if (!is_open) {
        *span = str_of(at, len);
        return true;
    }
    if (span->at + span->len != at) return false;
    span->len += len;
    return true;
}

static int on_url(llhttp_t *p, const char *at, size_t len)
{
    struct message *m = p->data;
    (void)extend(&m->target, m->target.len > 0, at, len); /* llhttp never splits a target otherwise */
    return 0;
}

static struct pair *open_header(struct message *m)
{
    return m->header_count < HTTP_HEADER_COUNT ? &m->headers[m->header_count] : NULL;
}

/* Fields after the head are trailers: counted, then ignored (RFC 9110, 6.5.1). */
static int count_noise(struct message *m, size_t len)
{
    m->noise_bytes += len;
    if (m->noise_bytes <= HTTP_CHUNK_NOISE_BYTES) return 0;
    (void)refuse(m, ERR_HEADERS, N_("The body has too many chunk extensions or trailers."));
    return -1;
}

static int on_header_name(llhttp_t *p, const char *at, size_t len)
{
    struct message *m = p->data;
    if (m->stage != MESSAGE_IN_HEAD) return count_noise(m, len + 1);
    struct pair *h = open_header(m);
    if (!h) {
        (void)refuse(m, ERR_HEADERS, N_("The request has too many headers."));
        return -1;
    }
    if (!extend(&h->name, m->is_name_open, at, len)) return -1;
    m->is_name_open = true;
    m->is_value_open = false;
    return 0;
}

static int on_header_value(llhttp_t *p, const char *at, size_t len)
{
    struct message *m = p->data;
    if (m->stage != MESSAGE_IN_HEAD) return count_noise(m, len);
    struct pair *h = open_header(m);
    if (!h || !extend(&h->value, m->is_value_open, at, len)) return -1;
    m->is_name_open = false;
    m->is_value_open = true;
    return 0;
}

static int on_header_complete(llhttp_t *p)
{
    struct message *m = p->data;
    if (m->stage != MESSAGE_IN_HEAD) return 0;
    struct pair *h = open_header(m);
    if (!h) return -1;
    if (!m->is_value_open) h->value = STR_NONE;
    h->value = str_trim(h->value);
    m->is_name_open = m->is_value_open = false;
    m->header_count++;
    return 0;
}

static int on_head(llhttp_t *p)
{
    struct message *m = p->data;
    m->stage = MESSAGE_AT_BODY;
    m->has_body = message_is_chunked(m) || p->content_length > 0;
    return HPE_PAUSED;
}

static int on_chunk_noise(llhttp_t *p, const char *at, size_t len)
{
    (void)at;
    return count_noise(p->data, len + 1);
}

static int on_chunk(llhttp_t *p)
{
    struct message *m = p->data;
    if (p->content_length <= m->body_limit - m->body_bytes) return 0;
    (void)refuse(m, ERR_TOO_LARGE, N_("The request is larger than this address takes."));
    return -1;
}

static int on_body(llhttp_t *p, const char *at, size_t len)
{
    struct message *m = p->data;
    if (len > m->body_limit - m->body_bytes) {
        (void)refuse(m, ERR_TOO_LARGE, N_("The request is larger than this address takes."));
        return -1;
    }
    m->body_bytes += len;
    m->refusal = m->body(m->body_context, str_of(at, len), m->why);
    return m->refusal == OK ? 0 : -1;
}

static int on_complete(llhttp_t *p)
{
    struct message *m = p->data;
    m->stage = MESSAGE_COMPLETE;
    return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
    .on_url = on_url,
    .on_header_field = on_header_name,
    .on_header_value = on_header_value,
    .on_header_value_complete = on_header_complete,
    .on_headers_complete = on_head,
    .on_chunk_header = on_chunk,
    .on_chunk_extension_name = on_chunk_noise,
    .on_chunk_extension_value = on_chunk_noise,
    .on_body = on_body,
    .on_message_complete = on_complete,
};

/* ---- feeding ---- */

void message_init(struct message *m)
{
    llhttp_init(&m->parser, HTTP_REQUEST, &settings);
    m->parser.data = m;
    m->stage = MESSAGE_IN_HEAD;
    m->target = STR_NONE;
    m->header_count = m->head_bytes = m->noise_bytes = 0;
    m->is_name_open = m->is_value_open = m->has_body = false;
    m->body = NULL;
    m->body_context = NULL;
    m->body_limit = m->body_bytes = 0;
    m->why = NULL;
    m->refusal = OK;
}

static bool is_token_char(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           memchr("!#$%&'*+-.^_`|~", c, 15);
}

static enum outcome parser_refusal(struct message *m, llhttp_errno_t error, struct str bytes)
{
    if (m->refusal != OK) return m->refusal;
    bool is_word = bytes.len > 0 && is_token_char(bytes.at[0]);
    switch (error) {
    case HPE_INVALID_METHOD:
        return is_word ? refuse(m, ERR_UNKNOWN_METHOD, NULL) : refuse(m, ERR_BAD, N_("This is not an HTTP request."));
    case HPE_INVALID_VERSION:
    case HPE_PAUSED_H2_UPGRADE: return refuse(m, ERR_VERSION, NULL);
    case HPE_INVALID_CONTENT_LENGTH:
    case HPE_UNEXPECTED_CONTENT_LENGTH:
    case HPE_INVALID_TRANSFER_ENCODING:
        return refuse(m, ERR_BAD, N_("The length of the request is stated in a wrong or double way."));
    case HPE_INVALID_URL: return refuse(m, ERR_BAD, N_("The address has characters that must be percent-encoded."));
    default: return refuse(m, ERR_BAD, N_("The request is not well-formed HTTP."));
    }
}

/* Where the head stands too long: still in the target (414) or in the headers (431). */
static enum outcome check_head_bounds(struct message *m)
{
    if (m->target.len > HTTP_TARGET_BYTES) return refuse(m, ERR_TARGET, NULL);
    if (m->head_bytes > HTTP_HEAD_BYTES) return refuse(m, ERR_HEADERS, NULL);
    return OK;
}

enum outcome message_feed(struct message *m, char *at, size_t len, size_t *used, struct fail *why)
{
    m->why = why;
    bool is_head = m->stage == MESSAGE_IN_HEAD;
    llhttp_errno_t error = llhttp_execute(&m->parser, at, len);
    size_t taken = len;
    if (error == HPE_PAUSED || error == HPE_PAUSED_UPGRADE) {
        taken = (size_t)(llhttp_get_error_pos(&m->parser) - at);
        if (error == HPE_PAUSED) llhttp_resume(&m->parser);
    } else if (error != HPE_OK) {
        return parser_refusal(m, error, str_of(at, len));
    }
    *used = taken;
    if (!is_head) return OK;
    m->head_bytes += taken;
    return check_head_bounds(m);
}

enum outcome message_take_body(struct message *m, body_fn *body, void *context, uint64_t limit, struct fail *why)
{
    m->body = body;
    m->body_context = context;
    m->body_limit = limit;
    m->stage = MESSAGE_IN_BODY;
    if (!message_is_chunked(m) && m->parser.content_length > limit) {
        return fail(why, ERR_TOO_LARGE, N_("The request is larger than this address takes."));
    }
    return OK;
}

bool message_is_chunked(const struct message *m)
{
    return (m->parser.flags & F_CHUNKED) != 0;
}

bool message_has_body(const struct message *m)
{
    return m->has_body;
}

uint64_t message_body_left(const struct message *m)
{
    return m->parser.content_length; /* llhttp counts it down */
}

bool message_keeps_alive(const struct message *m)
{
    return m->parser.http_minor >= 1 && !m->parser.upgrade && !(m->parser.flags & F_CONNECTION_CLOSE);
}

static struct str header_of(const struct message *m, const char *name)
{
    for (size_t i = 0; i < m->header_count; i++) {
        if (str_eq_nocase(m->headers[i].name, str_from(name))) return m->headers[i].value;
    }
    return STR_NONE;
}

bool message_expects_continue(const struct message *m)
{
    return m->parser.http_minor >= 1 && str_eq_nocase(header_of(m, "expect"), STR("100-continue"));
}

/* ---- from the head to a request ---- */

static const struct {
    llhttp_method_t theirs;
    enum method ours;
    const char *name;
} methods[] = {
    {HTTP_GET,     GET,     "GET"    },
    {HTTP_HEAD,    HEAD,    "HEAD"   },
    {HTTP_POST,    POST,    "POST"   },
    {HTTP_PUT,     PUT,     "PUT"    },
    {HTTP_PATCH,   PATCH,   "PATCH"  },
    {HTTP_DELETE,  DELETE,  "DELETE" },
    {HTTP_OPTIONS, OPTIONS, "OPTIONS"},
};

const char *method_name(enum method m)
{
    for (size_t i = 0; i < LENGTH(methods); i++) {
        if (methods[i].ours == m) return methods[i].name;
    }
    return "?";
}

static enum outcome take_method(const struct message *m, struct request *rq, struct fail *why)
{
    for (size_t i = 0; i < LENGTH(methods); i++) {
        if (methods[i].theirs != m->parser.method) continue;
        rq->method = methods[i].ours;
        return OK;
    }
    return fail(why, ERR_UNKNOWN_METHOD, NULL);
}

/* llhttp lets several spaces, other protocols and HTTP/0.9 pass: the request line must read exactly "M T HTTP/1.x". */
static enum outcome check_request_line(const struct message *m, struct fail *why)
{
    const char *before = m->target.at, *behind = m->target.at + m->target.len;
    if (m->parser.http_major != 1) return fail(why, ERR_VERSION, NULL);
    if (before[-1] != ' ' || before[-2] == ' ' || memcmp(behind, " HTTP/1.", 8) != 0) {
        return fail(why, ERR_BAD, N_("The request line is not well-formed."));
    }
    return OK;
}

/* What may be said once only; a second one is how requests are smuggled past a proxy. */
static const char *const single_headers[] = {"authorization", "content-length", "content-type",     "host",
                                             "origin",        "referer",        "transfer-encoding"};

static enum outcome check_singles(const struct message *m, struct fail *why)
{
    unsigned seen = 0;
    for (size_t i = 0; i < m->header_count; i++) {
        for (size_t k = 0; k < LENGTH(single_headers); k++) {
            if (!str_eq(m->headers[i].name, str_from(single_headers[k]))) continue;
            if (seen & (1u << k))
                return fail(why, ERR_BAD, N_("A header that may stand once stands twice: {0}."), m->headers[i].name);
            seen |= 1u << k;
        }
    }
    return OK;
}

static void lower_in_place(struct str s)
{
    char *at = (char *)(uintptr_t)s.at; /* the caller's buffer, given to message_feed as writable */
    for (size_t i = 0; i < s.len; i++) {
        if (at[i] >= 'A' && at[i] <= 'Z') at[i] = (char)(at[i] | 0x20);
    }
}

static enum outcome take_headers(struct message *m, struct request *rq, struct fail *why)
{
    for (size_t i = 0; i < m->header_count; i++) lower_in_place(m->headers[i].name);
    rq->headers = m->headers;
    rq->header_count = m->header_count;
    TRY(check_singles(m, why));
    if (!(m->parser.flags & F_TRANSFER_ENCODING)) return OK;
    if (m->parser.http_minor == 0 || !str_eq_nocase(header_of(m, "transfer-encoding"), STR("chunked"))) {
        return fail(why, ERR_BAD, N_("The length of the request is stated in a wrong or double way."));
    }
    return OK;
}

static bool is_name_char(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_';
}

static bool address_is_valid(struct str address)
{
    char text[INET6_ADDRSTRLEN];
    struct in6_addr parsed;
    if (address.len == 0 || address.len >= sizeof text) return false;
    memcpy(text, address.at, address.len);
    text[address.len] = '\0';
    return inet_pton(AF_INET6, text, &parsed) == 1;
}

bool host_is_valid(struct str host)
{
    struct str name = host, port = STR_NONE;
    int number;
    if (host.len == 0 || host.len > HTTP_HOST_BYTES) return false;
    if (host.at[0] == '[') {
        ptrdiff_t end = str_find(host, STR("]"), 0);
        if (end < 0 || !address_is_valid(str_part(host, 1, (size_t)end - 1))) return false;
        struct str rest = str_part(host, (size_t)end + 1, host.len);
        if (rest.len == 0) return true;
        return rest.at[0] == ':' && parse_int(str_part(rest, 1, rest.len), 1, 65535, &number);
    }
    if (str_cut(host, ':', &name, &port) && !parse_int(port, 1, 65535, &number)) return false;
    for (size_t i = 0; i < name.len; i++) {
        if (!is_name_char(name.at[i])) return false;
    }
    return name.len > 0;
}

static enum outcome check_host(const struct message *m, const struct request *rq, struct fail *why)
{
    struct str host = request_header(rq, "host");
    if (host.len == 0 && m->parser.http_minor == 0) return OK;
    if (!host_is_valid(host)) return fail(why, ERR_BAD, N_("The Host header is missing or wrong."));
    return OK;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool percent_decode(struct arena *a, struct str text, bool plus, struct str *out)
{
    if (!str_has(text, STR("%")) && !(plus && str_has(text, STR("+")))) {
        *out = text;
        return text_is_plain(text);
    }
    char *at = arena_alloc(a, text.len + 1), *end = at;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '%') {
            int high = i + 2 < text.len ? hex_value(text.at[i + 1]) : -1;
            int low = i + 2 < text.len ? hex_value(text.at[i + 2]) : -1;
            if (high < 0 || low < 0) return false;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (plus && c == '+') {
            c = ' ';
        }
        if (c == '\0') return false;
        *end++ = c;
    }
    *out = str_of(at, (size_t)(end - at));
    return text_is_utf8(*out);
}

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if ((unsigned char)s.at[i] < 0x20 || s.at[i] == 0x7f) return true;
    }
    return false;
}

/* No empty, "." or ".." segment: such an address has another spelling, and only one may reach the routes. */
static bool segments_are_plain(struct str path)
{
    struct str rest = str_part(path, 1, path.len), segment;
    while (rest.len > 0) {
        bool is_more = str_cut(rest, '/', &segment, &rest);
        if (segment.len == 0 || str_eq(segment, STR(".")) || str_eq(segment, STR(".."))) return false;
        if (!is_more) break;
    }
    return true;
}

static enum outcome take_path(struct request *rq, struct str raw, struct fail *why)
{
    struct str decoded;
    if (!percent_decode(rq->arena, raw, false, &decoded) || has_control(decoded)) {
        return fail(why, ERR_BAD, N_("The address is not valid UTF-8 text."));
    }
    /* An encoded slash would be one segment here and two behind a proxy that decodes it. */
    for (size_t i = 0; i + 2 < raw.len; i++) {
        if (raw.at[i] == '%' && raw.at[i + 1] == '2' && (raw.at[i + 2] | 0x20) == 'f') {
            return fail(why, ERR_BAD, N_("The address has an encoded slash."));
        }
    }
    if (decoded.at[0] != '/' || !segments_are_plain(decoded)) {
        return fail(why, ERR_BAD, N_("The address has empty or dotted segments."));
    }
    rq->path = decoded.at == raw.at ? decoded : text_clean(rq->arena, decoded);
    return OK;
}

/* "http://host/path": the host must be the one of the Host header (RFC 9112, 3.2.2), userinfo is refused. */
static enum outcome cut_absolute_form(const struct request *rq, struct str *target, struct fail *why)
{
    struct str rest = str_part(*target, str_starts(*target, STR("http://")) ? 7 : 8, target->len);
    ptrdiff_t slash = str_find(rest, STR("/"), 0);
    struct str host = slash < 0 ? rest : str_part(rest, 0, (size_t)slash);
    struct str expected = request_header(rq, "host");
    if (!host_is_valid(host)) return fail(why, ERR_BAD, N_("The address is not well-formed."));
    if (!str_eq_nocase(host, expected)) return fail(why, ERR_HOST, NULL);
    *target = slash < 0 ? STR("/") : str_part(rest, (size_t)slash, rest.len);
    return OK;
}

static enum outcome take_target(struct message *m, struct request *rq, struct fail *why)
{
    struct str target = m->target, path, query;
    if (str_has(target, STR("#"))) return fail(why, ERR_BAD, N_("The address is not well-formed."));
    if (rq->method == OPTIONS && str_eq(target, STR("*"))) {
        rq->target = rq->path = target;
        return OK;
    }
    if (str_starts(target, STR("http://")) || str_starts(target, STR("https://"))) {
        TRY(cut_absolute_form(rq, &target, why));
    }
    if (target.len == 0 || target.at[0] != '/') return fail(why, ERR_BAD, N_("The address is not well-formed."));
    rq->target = target;
    (void)str_cut(target, '?', &path, &query); /* no query is fine */
    TRY(take_path(rq, path, why));
    return form_parse(rq->arena, query, HTTP_QUERY_COUNT, &rq->query, &rq->query_count, why);
}

enum outcome message_request(struct message *m, struct request *rq, struct fail *why)
{
    TRY(check_request_line(m, why));
    TRY(take_headers(m, rq, why));
    TRY(take_method(m, rq, why));
    TRY(check_host(m, rq, why));
    return take_target(m, rq, why);
}
