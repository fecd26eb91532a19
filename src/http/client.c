#include "http/client.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/parse.h"
#include "base/text.h"
#include "base/version.h"

enum {
    SENDING_BYTES = 4 * 1024 * 1024,
    ANSWER_MOST = 64 * 1024, /* more than that is no answer to a message */
    LINE_MOST = 512,
    CONNECT_S = 10,
    RETRY_MOST_S = 24 * 3600,
    REPLY_MOST = 999,
};

/* One transfer on its way. */
struct sending {
    struct arena arena;
    struct client *client;
    struct sending *next;
    CURL *easy;
    struct curl_slist *headers, *to;
    void *context;
    struct str body;
    size_t body_at, answer_bytes;
    bool is_mail, is_plain, is_closed; /* plain: http without TLS; closed: led to a closed address */
    char line[LINE_MOST];              /* the last line that the other side said */
    size_t line_len;
    int64_t retry_after_s;
    char error[CURL_ERROR_SIZE];
};

struct client {
    CURLM *multi;
    struct client_options options;
    struct sending *all;
    size_t count;
};

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void start_curl(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) BUG("libcurl does not start");
}

struct client *client_new(const struct client_options *o)
{
    struct client *c = calloc(1, sizeof *c);
    (void)pthread_once(&curl_once, start_curl); /* it cannot fail */
    if (c == NULL || (c->multi = curl_multi_init()) == NULL) BUG("out of memory");
    c->options = *o;
    return c;
}

static void sending_free(struct sending *s)
{
    (void)curl_multi_remove_handle(s->client->multi, s->easy); /* it may never have been added */
    curl_easy_cleanup(s->easy);
    curl_slist_free_all(s->headers);
    curl_slist_free_all(s->to);
    arena_end(&s->arena);
    free(s);
}

void client_free(struct client *c)
{
    if (c == NULL) return;
    while (c->all != NULL) {
        struct sending *s = c->all;
        c->all = s->next;
        sending_free(s);
    }
    (void)curl_multi_cleanup(c->multi);
    free(c);
}

void client_wake(struct client *c)
{
    (void)curl_multi_wakeup(c->multi); /* the next round comes anyhow */
}

/* ---- what libcurl asks while it works ---- */

static size_t give_body(char *out, size_t size, size_t count, void *context)
{
    struct sending *s = context;
    struct str piece = str_part(s->body, s->body_at, size * count);
    if (piece.len > 0) memcpy(out, piece.at, piece.len);
    s->body_at += piece.len;
    return piece.len;
}

static int rewind_body(void *context, curl_off_t offset, int origin)
{
    struct sending *s = context;
    if (origin != SEEK_SET || offset < 0 || (uint64_t)offset > s->body.len) return CURL_SEEKFUNC_CANTSEEK;
    s->body_at = (size_t)offset;
    return CURL_SEEKFUNC_OK;
}

/* Whether what follows the cut belongs to the character before it. */
static bool is_inside_character(struct str line, size_t cut)
{
    return cut < line.len && ((unsigned char)line.at[cut] & 0xC0) == 0x80;
}

static void keep_line(struct sending *s, struct str line)
{
    line = str_trim(line);
    size_t len = line.len < LINE_MOST ? line.len : LINE_MOST;
    while (len > 0 && is_inside_character(line, len)) len--;
    if (len == 0) return;
    memcpy(s->line, line.at, len);
    s->line_len = len;
}

/* Replies of a mail server; headers of HTTP, of which one matters. */
static size_t take_header(char *at, size_t size, size_t count, void *context)
{
    struct sending *s = context;
    struct str line = str_of(at, size * count), name, value;
    bool is_refused = s->line_len > 0 && (s->line[0] == '4' || s->line[0] == '5'); /* what follows is only goodbye */
    if (s->is_mail && !is_refused)
        keep_line(s, line);
    else if (s->is_mail)
        return size * count;
    else if (str_cut(line, ':', &name, &value) && str_eq_nocase(name, STR("retry-after")))
        s->retry_after_s = client_retry_after(value);
    return size * count;
}

static size_t take_answer(char *at, size_t size, size_t count, void *context)
{
    struct sending *s = context;
    s->answer_bytes += size * count;
    if (s->answer_bytes > ANSWER_MOST) return 0; /* breaks off; the status is known already */
    if (s->line_len == 0) keep_line(s, str_of(at, size * count));
    return size * count;
}

/* The last moment at which the address is certain: what is refused here gets no packet. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct sending *s = context;
    struct address address;
    (void)purpose; /* only one is possible */
    bool is_known = address_of_socket(&to->addr, &address);
    bool is_allowed = is_known && address_list_has(&s->client->options.allowed, address);
    bool is_open = is_allowed || (is_known && !s->is_plain && address_is_public(address));
    if (!s->is_mail && !is_open) {
        s->is_closed = true;
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* ---- starting ---- */

#define SET(option, value)                                                                                             \
    do {                                                                                                               \
        if (curl_easy_setopt(s->easy, (option), (value)) != CURLE_OK) BUG("libcurl does not know " #option);           \
    } while (0)

static void add_line(struct curl_slist **list, const char *line)
{
    struct curl_slist *longer = curl_slist_append(*list, line);
    if (longer == NULL) BUG("out of memory");
    *list = longer;
}

static bool is_one_line(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] == '\r' || s.at[i] == '\n' || s.at[i] == '\0') return false;
    return true;
}

static const char *line_of(struct sending *s, struct str text)
{
    if (!is_one_line(text)) BUG("a line break in an address or header");
    return str_cstr(&s->arena, text);
}

static void set_up(struct sending *s, const struct transfer *t)
{
    const struct client_options *o = &s->client->options;
    SET(CURLOPT_URL, line_of(s, t->url));
    SET(CURLOPT_PRIVATE, s);
    SET(CURLOPT_ERRORBUFFER, s->error);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_PROXY, ""); /* nor one of the environment */
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_TIMEOUT, (long)o->timeout_s);
    SET(CURLOPT_CONNECTTIMEOUT, (long)(o->timeout_s < CONNECT_S ? o->timeout_s : CONNECT_S));
    SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
    SET(CURLOPT_OPENSOCKETDATA, s);
    SET(CURLOPT_HEADERFUNCTION, take_header);
    SET(CURLOPT_HEADERDATA, s);
    SET(CURLOPT_WRITEFUNCTION, take_answer);
    SET(CURLOPT_WRITEDATA, s);
    SET(CURLOPT_READFUNCTION, give_body);
    SET(CURLOPT_READDATA, s);
    SET(CURLOPT_SEEKFUNCTION, rewind_body);
    SET(CURLOPT_SEEKDATA, s);
}

static void set_up_post(struct sending *s, const struct transfer *t)
{
    add_line(&s->headers, "Expect:"); /* the body is small: no asking first */
    for (size_t i = 0; i < t->header_count; i++) {
        struct str line =
            str_format(&s->arena, "%.*s: %.*s", STR_ARG(t->headers[i].name), STR_ARG(t->headers[i].value));
        add_line(&s->headers, line_of(s, line));
    }
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_USERAGENT, line_of(s, str_format(&s->arena, "Motcua/%s", motcua_version)));
    SET(CURLOPT_POST, 1L);
    SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->body.len);
    SET(CURLOPT_HTTPHEADER, s->headers);
}

static void set_up_mail(struct sending *s, const struct transfer *t)
{
    add_line(&s->to, line_of(s, t->to));
    SET(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    SET(CURLOPT_UPLOAD, 1L);
    SET(CURLOPT_INFILESIZE_LARGE, (curl_off_t)t->body.len);
    SET(CURLOPT_MAIL_FROM, line_of(s, t->from));
    SET(CURLOPT_MAIL_RCPT, s->to);
    SET(CURLOPT_USE_SSL, t->needs_tls ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_NONE);
    if (t->ca_file.len > 0) SET(CURLOPT_CAINFO, line_of(s, t->ca_file));
    if (t->user.len == 0) return;
    SET(CURLOPT_USERNAME, line_of(s, t->user));
    SET(CURLOPT_PASSWORD, line_of(s, t->password));
}

bool client_start(struct client *c, const struct transfer *t)
{
    if (c->count == c->options.at_once) return false;
    struct sending *s = calloc(1, sizeof *s);
    if (s == NULL || (s->easy = curl_easy_init()) == NULL) BUG("out of memory");
    arena_init(&s->arena, SENDING_BYTES);
    s->client = c;
    s->context = t->context;
    s->body = str_dup(&s->arena, t->body);
    s->is_mail = t->from.len > 0;
    s->is_plain = str_starts(str_lower_ascii(&s->arena, t->url), STR("http:"));
    set_up(s, t);
    if (s->is_mail)
        set_up_mail(s, t);
    else
        set_up_post(s, t);
    s->next = c->all;
    c->all = s;
    c->count++;
    if (curl_multi_add_handle(c->multi, s->easy) != CURLM_OK) BUG("libcurl takes no transfer");
    return true;
}

/* ---- ending ---- */

static enum client_end end_of(const struct sending *s, CURLcode code, long status)
{
    if (s->is_closed && status == 0) return CLIENT_CLOSED_ADDRESS;
    switch (code) {
    case CURLE_OK: return CLIENT_ANSWERED;
    case CURLE_OPERATION_TIMEDOUT: return CLIENT_TOO_SLOW;
    case CURLE_LOGIN_DENIED: return CLIENT_NOT_SIGNED_IN;
    case CURLE_USE_SSL_FAILED:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_PEER_FAILED_VERIFICATION: return CLIENT_UNTRUSTED;
    case CURLE_WRITE_ERROR: return CLIENT_ANSWERED; /* our own limit */
    default: break;
    }
    /* A mail server that says no ends the transfer with an error, and its reply says why. */
    return s->is_mail && status >= 400 ? CLIENT_ANSWERED : CLIENT_UNREACHABLE;
}

static struct client_result result_of(struct sending *s, CURLcode code)
{
    long status = 0;
    (void)curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &status); /* 0 when there was none */
    /* libcurl takes all digits of a mail server's line for its code, and of an HTTP line more than a number holds. */
    if (status < 0 || status > REPLY_MOST) status = 0;
    enum client_end end = end_of(s, code, status);
    struct str said = str_of(s->line, s->line_len);
    if (end != CLIENT_ANSWERED || said.len == 0)
        said = str_from(s->error[0] != '\0' ? s->error : curl_easy_strerror(code));
    bool is_silent = end == CLIENT_ANSWERED && code == CURLE_OK && s->line_len == 0;
    if (is_silent || end == CLIENT_CLOSED_ADDRESS) said = STR_NONE; /* the end says it all */
    return (struct client_result){s->context, end, (int)status, s->retry_after_s, client_said(&s->arena, said)};
}

static void unlink_sending(struct client *c, struct sending *s)
{
    struct sending **at = &c->all;
    while (*at != s) at = &(*at)->next;
    *at = s->next;
    c->count--;
}

static bool tell_done(struct client *c, client_done_fn *done, void *context)
{
    int left;
    bool did = false;
    for (CURLMsg *m; (m = curl_multi_info_read(c->multi, &left)) != NULL;) {
        struct sending *s = NULL;
        if (m->msg != CURLMSG_DONE) continue;
        CURLcode code = m->data.result;
        if (curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &s) != CURLE_OK || s == NULL)
            BUG("a transfer of nobody");
        struct client_result r = result_of(s, code);
        unlink_sending(c, s);
        done(context, &r);
        sending_free(s);
        did = true;
    }
    return did;
}

void client_run(struct client *c, int wait_ms, client_done_fn *done, void *context)
{
    int running;
    if (curl_multi_perform(c->multi, &running) != CURLM_OK) BUG("libcurl stands still");
    if (tell_done(c, done, context)) return;
    (void)curl_multi_poll(c->multi, NULL, 0, wait_ms, NULL); /* an interrupted wait is a short one */
    if (curl_multi_perform(c->multi, &running) != CURLM_OK) BUG("libcurl stands still");
    (void)tell_done(c, done, context);
}

/* ---- addresses and answers of others ---- */

static char *part_of(CURLU *u, CURLUPart part)
{
    char *value = NULL;
    return curl_url_get(u, part, &value, 0) == CURLUE_OK ? value : NULL;
}

static bool is_sendable(CURLU *u)
{
    char *scheme = part_of(u, CURLUPART_SCHEME), *host = part_of(u, CURLUPART_HOST), *user = part_of(u, CURLUPART_USER),
         *password = part_of(u, CURLUPART_PASSWORD), *fragment = part_of(u, CURLUPART_FRAGMENT);
    bool is_web = scheme != NULL && (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
    bool is_good = is_web && host != NULL && host[0] != '\0' && !user && !password && !fragment;
    curl_free(scheme);
    curl_free(host);
    curl_free(user);
    curl_free(password);
    curl_free(fragment);
    return is_good;
}

enum outcome client_url_check(struct str url, struct fail *why)
{
    bool is_good = url.len > 0 && url.len <= CLIENT_URL_MOST && is_one_line(url);
    if (is_good) {
        CURLU *u = curl_url();
        if (u == NULL) BUG("out of memory");
        is_good = curl_url_set(u, CURLUPART_URL, str_cstr(why->arena, url), 0) == CURLUE_OK && is_sendable(u);
        curl_url_cleanup(u);
    }
    return is_good ? OK
                   : fail(why, ERR_INVALID,
                          N_("Write an address that begins with https:// and has neither a password nor a # in it."));
}

struct str client_said(struct arena *a, struct str text)
{
    struct str line = text_is_utf8(text) ? text_one_line(a, text_clean(a, text)) : STR("...");
    char *out = ARENA_ARRAY(a, char, line.len + 1);
    size_t len = 0;
    bool is_address = false;
    for (size_t i = 0; i < line.len; i++) {
        if (line.at[i] == '@') { /* instead of the whole word */
            while (len > 0 && out[len - 1] != ' ') len--;
            out[len++] = '@';
            is_address = true;
            continue;
        }
        if (line.at[i] == ' ') is_address = false;
        if (!is_address) out[len++] = line.at[i];
    }
    while (len > CLIENT_SAID_MOST) { /* whole characters */
        do len--;
        while (((unsigned char)out[len] & 0xC0) == 0x80);
    }
    return str_of(out, len);
}

int64_t client_retry_after(struct str value)
{
    int seconds = 0;
    value = str_trim(value);
    if (!parse_is_digits(value, 1, 9) || !parse_int(value, 0, INT32_MAX, &seconds)) return 0;
    return seconds < RETRY_MOST_S ? seconds : RETRY_MOST_S;
}
