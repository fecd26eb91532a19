/* The server in this process, talked to over raw sockets: what a hostile, slow or hurried visitor gets. */
#include "base/test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "http/csrf.h"
#include "http/http_limits.h"
#include "http/server.h"

enum { TRIES = 20000 }; /* of a millisecond: a state is waited for, however loaded the machine is */
enum { TEST_ARENA_BYTES = 64 * 1024 * 1024, PUBLIC = 1, OFFICERS = 2, BIG_BYTES = 6 * 1024 * 1024 };

struct office {
    struct arena arena;
    struct fail why;
    struct router *router;
    struct server *server;
    char spool[64];
};

static struct office office;

/* ---- the routes of the test ---- */

static enum outcome hello(struct request *rq, struct fail *why)
{
    (void)why;
    buf_addf(reply_begin(rq, 200, "text/plain; charset=utf-8"), "hello %.*s\n", STR_ARG(request_query(rq, "name")));
    return OK;
}

static enum outcome peer(struct request *rq, struct fail *why)
{
    (void)why;
    buf_add(reply_begin(rq, 200, "text/plain; charset=utf-8"), rq->peer);
    return OK;
}

static enum outcome echo(struct request *rq, struct fail *why)
{
    (void)why;
    buf_add(reply_begin(rq, 200, "text/plain; charset=utf-8"), rq->body);
    return OK;
}

static enum outcome page(struct request *rq, struct fail *why)
{
    (void)why;
    buf_add(reply_begin(rq, 200, "text/html; charset=utf-8"), STR("<!doctype html><title>x</title>"));
    return OK;
}

static enum outcome show_form(struct request *rq, struct fail *why)
{
    (void)why;
    struct buf *out = reply_begin(rq, 200, "text/plain; charset=utf-8");
    for (size_t i = 0; i < rq->form_count; i++) {
        buf_addf(out, "%.*s=%.*s\n", STR_ARG(rq->form[i].name), STR_ARG(rq->form[i].value));
    }
    return OK;
}

static enum outcome show_uploads(struct request *rq, struct fail *why)
{
    (void)why;
    struct buf *out = reply_begin(rq, 201, "text/plain; charset=utf-8");
    for (size_t i = 0; i < rq->upload_count; i++) {
        const struct upload *u = &rq->uploads[i];
        struct stat found;
        if (stat(u->path.at, &found) != 0 || (uint64_t)found.st_size != u->bytes)
            BUG("the spool file is not what was said");
        buf_addf(out, "%.*s|%.*s|%.*s|%" PRIu64 "|%.*s\n", STR_ARG(u->field), STR_ARG(u->file_name), STR_ARG(u->type),
                 u->bytes, STR_ARG(sha256_format(rq->arena, u->hash)));
    }
    return OK;
}

static enum outcome big(struct request *rq, struct fail *why)
{
    (void)why;
    struct buf *out = reply_begin(rq, 200, "application/octet-stream");
    char *at = buf_reserve(out, BIG_BYTES);
    for (size_t i = 0; i < BIG_BYTES; i++) at[i] = (char)(i * 31 >> 3);
    buf_commit(out, BIG_BYTES);
    return OK;
}

static enum outcome big_file(struct request *rq, struct fail *why)
{
    (void)why;
    char path[] = "/tmp/motcua-http-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    (void)unlink(path);
    for (int i = 0; i < BIG_BYTES; i += 4096) {
        char block[4096];
        memset(block, i >> 12, sizeof block);
        assert_int_equal(write(fd, block, sizeof block), sizeof block);
    }
    reply_file(rq, fd, BIG_BYTES, STR("application/pdf"), STR("Giấy phép.pdf"), "inline");
    return OK;
}

static enum outcome refuse_form(struct request *rq, struct fail *why)
{
    (void)rq;
    fail_problem(why, STR("#/name"), "required", N_("Enter {0}."), STR("name"));
    fail_problem(why, STR("#/fee"), "format", N_("Enter {0}."), STR("fee"));
    return fail_if_problems(why);
}

static enum outcome slow(struct request *rq, struct fail *why)
{
    (void)why;
    (void)usleep(300 * 1000);
    reply_empty(rq, 204);
    return OK;
}

static const struct route routes[] = {
    {GET,         "/hello",    PUBLIC,       hello,      N_("Test"), 0,                false},
    {GET,         "/page",     PUBLIC,       page,       N_("Test"), 0,                false},
    {GET,         "/peer",     PUBLIC,       peer,       N_("Test"), 0,                false},
    {GET,         "/big",      PUBLIC,       big,        N_("Test"), 0,                false},
    {GET,         "/big-file", PUBLIC,       big_file,   N_("Test"), 0,                false},
    {GET,         "/slow",     PUBLIC,       slow,       N_("Test"), 0,                false},
    {GET,         "/figures",  PUBLIC,       slow,       N_("Test"), .can_wait = true},
    {POST,    "/slow",      PUBLIC,         slow, N_("Test"),          0,            false     },
    {POST,    "/echo",      PUBLIC,         echo, N_("Test"),          0,            false},
    {POST,    "/form",      PUBLIC,    show_form, N_("Test"),          0,            false     },
    {POST,  "/refuse",      PUBLIC,  refuse_form, N_("Test"),          0,            false},
    {POST, "/uploads",      PUBLIC, show_uploads, N_("Test"),   64 << 20,             true     },
    {POST,  "/secret",    OFFICERS, show_uploads, N_("Test"),   64 << 20,             true},
};

/* A cookie `session=1` signs in; an officer's is `session=2`. */
static enum outcome identify(struct request *rq, struct fail *why)
{
    (void)why;
    struct str session = request_cookie(rq, "session");
    if (session.len == 0) return OK;
    rq->visitor.account = 1;
    rq->visitor.session_key = session;
    rq->visitor.csrf = STR("the-token");
    rq->visitor.permissions = str_eq(session, STR("2")) ? OFFICERS : 0;
    return OK;
}

static enum outcome authorise(struct request *rq, unsigned permission, struct fail *why)
{
    if (permission == PUBLIC || rq->visitor.permissions & permission) return OK;
    return fail(why, rq->visitor.account ? ERR_DENIED : ERR_SIGN_IN, NULL);
}

/* ---- life ---- */

static void start_listening(struct office *o, struct server_options options)
{
    static const struct route_list list = {routes, LENGTH(routes)};
    arena_init(&o->arena, TEST_ARENA_BYTES);
    fail_init(&o->why, &o->arena);
    (void)snprintf(o->spool, sizeof o->spool, "/tmp/motcua-spool-XXXXXX");
    assert_non_null(mkdtemp(o->spool));
    struct router_options r = {.lists = &list, .list_count = 1, .identify = identify, .authorise = authorise};
    assert_int_equal(router_new(&r, &o->router, &o->why), OK);
    options.listen = STR("127.0.0.1:0");
    options.router = o->router;
    options.spool_folder = str_from(o->spool);
    if (options.thread_count == 0) options.thread_count = 8;
    assert_int_equal(server_listen(&options, &o->server, &o->why), OK);
}

static void start(struct office *o, struct server_options options)
{
    start_listening(o, options);
    server_run(o->server);
}

static void stop(struct office *o)
{
    server_stop(o->server);
    router_free(o->router);
    assert_int_equal(rmdir(o->spool), 0); /* no spool file is left */
    arena_end(&o->arena);
}

static int open_office(void **state)
{
    (void)state;
    log_set_level(LOG_QUIET);
    start(&office, (struct server_options){0});
    return 0;
}

static int close_office(void **state)
{
    (void)state;
    stop(&office);
    return 0;
}

/* ---- a visitor ---- */

static int dial(const struct office *o)
{
    int port;
    assert_int_equal(sscanf(server_url(o->server).at, "http://127.0.0.1:%d", &port), 1);
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    struct timeval patience = {.tv_sec = 60}; /* as long as a watched program on a busy machine needs */
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

static void say(int fd, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t n = send(fd, bytes.at, bytes.len, MSG_NOSIGNAL);
        if (n < 0 && (errno == EPIPE || errno == ECONNRESET)) return; /* the server has said enough */
        assert_true(n > 0);
        bytes = str_part(bytes, (size_t)n, bytes.len);
    }
}

/* Everything until the server closes. */
static struct str hear_all(int fd)
{
    struct buf heard;
    buf_init(&heard, 64 << 20);
    for (;;) {
        char *at = buf_reserve(&heard, 64 * 1024);
        assert_non_null(at);
        ssize_t n = recv(fd, at, 64 * 1024, 0);
        if (n < 0) assert_int_equal(errno, ECONNRESET);
        if (n <= 0) break;
        buf_commit(&heard, (size_t)n);
    }
    struct str all = str_dup(&office.arena, buf_str(&heard));
    buf_end(&heard);
    return all;
}

static size_t length_of(struct str head)
{
    ptrdiff_t at = str_find(head, STR("Content-Length: "), 0);
    return at < 0 ? 0 : (size_t)strtoul(head.at + at + 16, NULL, 10);
}

/* One whole answer of a connection that stays open. */
static struct str hear_one(int fd)
{
    char *text = arena_alloc(&office.arena, 64 * 1024 + 1);
    size_t len = 0, wanted = SIZE_MAX;
    while (len < wanted) {
        ssize_t n = recv(fd, text + len, 1, 0); /* byte by byte: the next answer must stay in the socket */
        if (n <= 0) break;
        len += (size_t)n;
        struct str heard = str_of(text, len);
        if (wanted == SIZE_MAX && str_ends(heard, STR("\r\n\r\n"))) wanted = len + length_of(heard);
    }
    return str_of(text, len);
}

static int status_of(struct str answer)
{
    return str_starts(answer, STR("HTTP/1.1 ")) ? (int)strtol(answer.at + 9, NULL, 10) : 0;
}

static struct str body_of(struct str answer)
{
    ptrdiff_t at = str_find(answer, STR("\r\n\r\n"), 0);
    return at < 0 ? STR_NONE : str_part(answer, (size_t)at + 4, answer.len);
}

static struct str ask(struct str request)
{
    int fd = dial(&office);
    say(fd, request);
    struct str answer = hear_one(fd);
    (void)close(fd);
    return answer;
}

#define ASK(literal) ask(STR(literal))
#define HOST "Host: office\r\n"

/* ---- what is asked properly ---- */

static void an_answer_carries_what_every_answer_must(void **state)
{
    (void)state;
    struct str a = ASK("GET /page HTTP/1.1\r\n" HOST "\r\n");
    static const char *const lines[] = {
        "HTTP/1.1 200 OK\r\n",
        "\r\nDate: ",
        "\r\nX-Content-Type-Options: nosniff\r\n",
        "\r\nReferrer-Policy: same-origin\r\n",
        "\r\nCross-Origin-Opener-Policy: same-origin\r\n",
        "\r\nX-Request-Id: ",
        "\r\nCache-Control: no-store\r\n",
        "\r\nContent-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "font-src "
        "'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src "
        "'self'\r\n",
    };
    for (size_t i = 0; i < LENGTH(lines); i++) assert_true(str_has(a, str_from(lines[i])));
    assert_str(body_of(a), "<!doctype html><title>x</title>");
}

static void queries_are_decoded(void **state)
{
    (void)state;
    assert_str(body_of(ASK("GET /hello?name=T%E1%BB%95+1&x HTTP/1.1\r\n" HOST "\r\n")), "hello Tổ 1\n");
    assert_str(body_of(ASK("GET http://office/hello?name=a HTTP/1.1\r\n" HOST "\r\n")), "hello a\n");
}

/* A proxy writes what it saw behind what it was told, in the same line or in one of its own. */
static void the_visitor_is_the_last_that_the_proxy_names(void **state)
{
    (void)state;
    static const struct {
        const char *lines, *peer;
    } cases[] = {
        {"",                                                                                "127.0.0.1"  },
        {"X-Forwarded-For: 203.0.113.7\r\n",                                                "203.0.113.7"},
        {"X-Forwarded-For: 198.51.100.1, 203.0.113.7\r\n",                                  "203.0.113.7"},
        {"X-Forwarded-For: 198.51.100.1\r\nX-Forwarded-For: 203.0.113.7\r\n",               "203.0.113.7"},
        {"X-Forwarded-For: 198.51.100.1\r\nX-Other: 1\r\nX-Forwarded-For: 2001:db8::1\r\n", "2001:db8::1"},
        {"X-Forwarded-For: 203.0.113.7, somebody\r\n",                                      "127.0.0.1"  },
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct str request = str_format(&office.arena, "GET /peer HTTP/1.1\r\n" HOST "%s\r\n", cases[i].lines);
        assert_str(body_of(ask(request)), cases[i].peer);
    }
}

static void head_is_get_without_a_body(void **state)
{
    (void)state;
    struct str a = ASK("HEAD /page HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n");
    assert_int_equal(status_of(a), 200);
    assert_int_equal(length_of(a), 31);
    assert_int_equal(body_of(a).len, 0);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    (void)state;
    int fd = dial(&office);
    AUTO_BUF struct buf all;
    buf_init(&all, 1 << 20);
    for (int i = 0; i < 200; i++) {
        if (i % 3 == 0)
            buf_addf(&all, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 8\r\n\r\nhello %02d", i % 100);
        else
            buf_addf(&all, "GET /hello?name=%d HTTP/1.1\r\n" HOST "\r\n", i);
    }
    say(fd, buf_str(&all));
    for (int i = 0; i < 200; i++) {
        char expected[32];
        (void)snprintf(expected, sizeof expected, i % 3 == 0 ? "hello %02d" : "hello %d\n", i % 3 == 0 ? i % 100 : i);
        assert_str(body_of(hear_one(fd)), expected);
    }
    (void)close(fd);
}

static void a_request_may_arrive_byte_by_byte(void **state)
{
    (void)state;
    static const struct str request =
        STR_INIT("POST /echo HTTP/1.1\r\n" HOST
                 "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nT: v\r\n\r\n");
    int fd = dial(&office), one = 1;
    (void)setsockopt(fd, IPPROTO_TCP, 1, &one, sizeof one); /* TCP_NODELAY */
    for (size_t i = 0; i < request.len; i++) {
        say(fd, str_part(request, i, 1));
        if (i % 16 == 0) (void)usleep(500);
    }
    assert_str(body_of(hear_one(fd)), "abc0123456789");
    (void)close(fd);
}

static void http_1_0_and_close_end_the_connection(void **state)
{
    (void)state;
    int fd = dial(&office);
    say(fd, STR("GET /hello HTTP/1.0\r\n\r\n"));
    struct str a = hear_all(fd);
    assert_int_equal(status_of(a), 200);
    assert_true(str_has(a, STR("\r\nConnection: close\r\n")));
    (void)close(fd);
    fd = dial(&office);
    say(fd, STR("GET /hello HTTP/1.1\r\n" HOST "Connection: close\r\n\r\nGET /hello HTTP/1.1\r\n" HOST "\r\n"));
    a = hear_all(fd);
    assert_str(body_of(a), "hello \n");
    (void)close(fd);
}

static void expect_continue_is_answered_before_the_body(void **state)
{
    (void)state;
    int fd = dial(&office);
    say(fd, STR("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 4\r\nExpect: 100-continue\r\n\r\n"));
    assert_int_equal(status_of(hear_one(fd)), 100);
    say(fd, STR("abcd"));
    assert_str(body_of(hear_one(fd)), "abcd");
    say(fd, STR("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 4000000\r\nExpect: 100-continue\r\n\r\n"));
    assert_int_equal(status_of(hear_all(fd)), 413);
    (void)close(fd);
}

static void paths_and_methods_are_told_apart(void **state)
{
    (void)state;
    assert_int_equal(status_of(ASK("GET /nothing HTTP/1.1\r\n" HOST "\r\n")), 404);
    struct str a = ASK("DELETE /hello HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(status_of(a), 405);
    assert_true(str_has(a, STR("\r\nAllow: GET, HEAD, OPTIONS\r\n")));
    a = ASK("OPTIONS /echo HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(status_of(a), 204);
    assert_true(str_has(a, STR("\r\nAllow: POST, OPTIONS\r\n")));
    assert_int_equal(status_of(ASK("OPTIONS * HTTP/1.1\r\n" HOST "\r\n")), 204);
    a = ASK("GET /hello/?name=x HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(status_of(a), 308);
    assert_true(str_has(a, STR("\r\nLocation: /hello?name=x\r\n")));
}

static void refusals_are_problems_in_the_callers_language(void **state)
{
    (void)state;
    struct str a = ASK("POST /refuse HTTP/1.1\r\n" HOST "Accept-Language: en\r\nContent-Length: 0\r\n\r\n");
    assert_int_equal(status_of(a), 422);
    assert_true(str_has(a, STR("\r\nContent-Type: application/problem+json; charset=utf-8\r\n")));
    assert_true(str_has(a, STR("\"type\":\"/problems/invalid\"")));
    assert_true(str_has(a, STR("\"errors\":[{\"pointer\":\"#/name\",\"code\":\"required\",\"detail\":\"Enter "
                               "name.\",\"values\":[\"name\"]}")));
    assert_true(str_has(a, STR("\"pointer\":\"#/fee\"")));
    assert_true(str_has(a, STR("\"request_id\":\"")));
}

/* ---- who may ---- */

static void a_large_upload_is_refused_before_its_body(void **state)
{
    (void)state;
    int fd = dial(&office);
    say(fd, STR("POST /secret HTTP/1.1\r\n" HOST "Content-Length: 50000000\r\n\r\n"));
    struct str a = hear_all(fd);
    assert_int_equal(status_of(a), 401);
    assert_true(str_has(a, STR("\r\nWWW-Authenticate: Bearer\r\n")));
    (void)close(fd);
    fd = dial(&office);
    say(fd, STR("POST /secret HTTP/1.1\r\n" HOST "Cookie: a=b; session=1\r\nContent-Length: 50000000\r\n\r\n"));
    assert_int_equal(status_of(hear_all(fd)), 403);
    (void)close(fd);
}

static void a_session_needs_the_token_of_the_page(void **state)
{
    (void)state;
    static const struct {
        const char *headers, *body;
        int status;
    } cases[] = {
        {"",                                                                         "a=b",                200},
        {"Cookie: session=1\r\n",                                                    "a=b",                403},
        {"Cookie: session=1\r\n",                                                    "csrf=the-token&a=b", 403},
        {"Cookie: session=1\r\n",                                                    "csrf=@&a=b",         200},
        {"Cookie: session=1\r\nX-CSRF-Token: @\r\n",                                 "a=b",                200},
        {"Cookie: session=1\r\nX-CSRF-Token: @\r\nSec-Fetch-Site: cross-site\r\n",   "a=b",                403},
        {"Cookie: session=1\r\nX-CSRF-Token: @\r\nSec-Fetch-Site: same-origin\r\n",  "a=b",                200},
        {"Cookie: session=1\r\nX-CSRF-Token: @\r\nOrigin: https://evil.example\r\n", "a=b",                403},
        {"Cookie: session=1\r\nX-CSRF-Token: @\r\nOrigin: null\r\n",                 "a=b",                403},
        {"Cookie: session=1\r\nX-CSRF-Token: @\r\nOrigin: https://office\r\n",       "a=b",                200},
        {"Origin: http://evil.example\r\n",                                          "a=b",                403},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct str token = csrf_token(&office.arena, STR("the-token"));
        struct str headers = str_replace(&office.arena, str_from(cases[i].headers), STR("@"), token);
        struct str body = str_replace(&office.arena, str_from(cases[i].body), STR("@"), token);
        struct str request =
            str_format(&office.arena,
                       "POST /form HTTP/1.1\r\n" HOST
                       "Content-Type: application/x-www-form-urlencoded\r\n%.*sContent-Length: %zu\r\n\r\n%.*s",
                       STR_ARG(headers), body.len, STR_ARG(body));
        if (status_of(ask(request)) != cases[i].status) print_error("case %zu\n", i);
        assert_int_equal(status_of(ask(request)), cases[i].status);
    }
}

static void a_token_is_new_in_each_answer_and_good_for_its_session_only(void **state)
{
    (void)state;
    struct arena *a = &office.arena;
    struct str secret = STR("the-token"), one = csrf_token(a, secret), other = csrf_token(a, secret);
    assert_false(str_eq(one, other));
    assert_true(csrf_is_good(a, one, secret));
    assert_true(csrf_is_good(a, other, secret));
    assert_false(csrf_is_good(a, one, STR("another")));
    assert_false(csrf_is_good(a, str_part(one, 1, one.len), secret));
    assert_false(csrf_is_good(a, STR("@@@"), secret));
    assert_int_equal(csrf_token(a, STR("")).len, 0);
    assert_false(csrf_is_good(a, csrf_token(a, STR("x")), STR("")));
}

/* ---- uploads ---- */

static void fill(char *at, size_t len)
{
    uint32_t x = 12345;
    for (size_t i = 0; i < len; i++) {
        x = x * 1664525 + 1013904223;
        at[i] = (char)(x >> 24);
    }
}

static void a_large_upload_is_spooled_with_its_hash(void **state)
{
    (void)state;
    enum { BYTES = 20 << 20 };
    char *file = arena_alloc(&office.arena, BYTES);
    fill(file, BYTES);
    struct str expected = sha256_format(&office.arena, sha256_of(str_of(file, BYTES)));
    int fd = dial(&office);
    say(fd,
        str_format(&office.arena,
                   "POST /uploads HTTP/1.1\r\n" HOST "Content-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n", BYTES));
    say(fd, str_of(file, BYTES));
    struct str a = hear_one(fd);
    assert_int_equal(status_of(a), 201);
    assert_str(body_of(a), str_format(&office.arena, "||image/jpeg|%d|%.*s\n", BYTES, STR_ARG(expected)).at);

    static const char head[] =
        "--xyz\r\nContent-Disposition: form-data; name=\"paper\"; filename=\"C:\\anh\\Đơn.jpg\"\r\n"
        "Content-Type: image/jpeg\r\n\r\n";
    static const char foot[] = "\r\n--xyz\r\nContent-Disposition: form-data; name=\"empty\"; filename=\"\"\r\n"
                               "Content-Type: application/octet-stream\r\n\r\n\r\n--xyz--\r\n";
    size_t length = sizeof head - 1 + BYTES + sizeof foot - 1;
    say(fd, str_format(&office.arena,
                       "POST /uploads HTTP/1.1\r\n" HOST
                       "Content-Type: multipart/form-data; boundary=xyz\r\nContent-Length: %zu\r\n\r\n%s",
                       length, head));
    say(fd, str_of(file, BYTES));
    say(fd, str_from(foot));
    a = hear_one(fd);
    assert_int_equal(status_of(a), 201);
    assert_str(body_of(a),
               str_format(&office.arena, "paper|Đơn.jpg|image/jpeg|%d|%.*s\n", BYTES, STR_ARG(expected)).at);
    (void)close(fd);
}

static void an_upload_in_chunks_is_bounded(void **state)
{
    (void)state;
    int fd = dial(&office);
    say(fd, STR("POST /uploads HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n5000001\r\n"));
    assert_int_equal(status_of(hear_all(fd)), 413);
    (void)close(fd);
    fd = dial(&office);
    say(fd, STR("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"));
    char chunk[1024 + 16];
    (void)snprintf(chunk, sizeof chunk, "400\r\n%01024d\r\n", 0);
    for (int i = 0; i < 65; i++) say(fd, str_from(chunk));
    assert_int_equal(status_of(hear_all(fd)), 413);
    (void)close(fd);
}

static void fields_come_from_both_kinds_of_forms(void **state)
{
    (void)state;
    assert_str(body_of(ASK("POST /form HTTP/1.1\r\n" HOST "Content-Type: application/x-www-form-urlencoded\r\n"
                           "Content-Length: 26\r\n\r\nname=Tra%CC%82n&b=1%0D%0A2")),
               "name=Trân\nb=1\n2\n");
    assert_str(
        body_of(
            ASK("POST /form HTTP/1.1\r\n" HOST "Content-Type: multipart/form-data; boundary=\"b\"\r\n"
                "Content-Length: 61\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\nyes\r\n--b--\r\n")),
        "x=yes\n");
    /* A file where none is taken. */
    assert_int_equal(
        status_of(ASK("POST /form HTTP/1.1\r\n" HOST "Content-Type: multipart/form-data; boundary=b\r\n"
                      "Content-Length: 75\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"x\"; filename=\"y\"\r\n"
                      "\r\nyes\r\n--b--\r\n")),
        415);
}

static void thousands_of_parts_cost_little_memory(void **state)
{
    (void)state;
    static const struct {
        int parts, status;
    } cases[] = {
        {HTTP_FORM_COUNT,     201},
        {HTTP_FORM_COUNT + 1, 413}
    };
    char padding[3500];
    memset(padding, 'x', sizeof padding);
    for (size_t i = 0; i < LENGTH(cases); i++) {
        AUTO_BUF struct buf body;
        buf_init(&body, 64 << 20);
        for (int n = 0; n < cases[i].parts; n++) {
            buf_addf(&body, "--b\r\nContent-Disposition: form-data; name=\"x%d\"; filename=\"%.*s/\"\r\n\r\n\r\n", n,
                     (int)sizeof padding, padding);
        }
        buf_add(&body, STR("--b--\r\n"));
        int fd = dial(&office);
        say(fd, str_format(&office.arena,
                           "POST /uploads HTTP/1.1\r\n" HOST "Content-Type: multipart/form-data; boundary=b\r\n"
                           "Connection: close\r\nContent-Length: %zu\r\n\r\n",
                           body.len));
        say(fd, buf_str(&body));
        assert_int_equal(status_of(hear_all(fd)), cases[i].status);
        (void)close(fd);
    }
}

/* ---- hostile requests ---- */

#define GET_HELLO "GET /hello HTTP/1.1\r\n" HOST
#define POST_ECHO "POST /echo HTTP/1.1\r\n" HOST
#define POST_FORM "POST /form HTTP/1.1\r\n" HOST

/* clang-format off */
static const struct {
    const char *name;
    int status, other; /* either is right */
    struct str bytes;
} hostile[] = {
    {"both lengths", 400, 0, STR_INIT(POST_ECHO "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")},
    {"both lengths, other way", 400, 0,
     STR_INIT(POST_ECHO "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n")},
    {"two lengths", 400, 0, STR_INIT(POST_ECHO "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd")},
    {"two equal lengths", 400, 0, STR_INIT(POST_ECHO "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc")},
    {"list of lengths", 400, 0, STR_INIT(POST_ECHO "Content-Length: 3, 3\r\n\r\nabc")},
    {"signed length", 400, 0, STR_INIT(POST_ECHO "Content-Length: +3\r\n\r\nabc")},
    {"negative length", 400, 0, STR_INIT(POST_ECHO "Content-Length: -3\r\n\r\nabc")},
    {"hexadecimal length", 400, 0, STR_INIT(POST_ECHO "Content-Length: 0x3\r\n\r\nabc")},
    {"length beyond 64 bits", 400, 413, STR_INIT(POST_ECHO "Content-Length: 99999999999999999999999\r\n\r\n")},
    {"empty length", 400, 0, STR_INIT(POST_ECHO "Content-Length: \r\n\r\n")},
    {"unknown coding", 400, 501, STR_INIT(POST_ECHO "Transfer-Encoding: gzip\r\n\r\n")},
    {"two codings", 400, 501, STR_INIT(POST_ECHO "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")},
    {"chunked not last", 400, 501, STR_INIT(POST_ECHO "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")},
    {"coding twice", 400, 0,
     STR_INIT(POST_ECHO "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")},
    {"disguised coding", 400, 501, STR_INIT(POST_ECHO "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")},
    {"chunks in 1.0", 400, 0, STR_INIT("POST /echo HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")},
    {"bare LF in the request line", 400, 505, STR_INIT("GET /hello HTTP/1.1\n" HOST "\r\n")},
    {"bare LF after a header", 400, 0, STR_INIT("GET /hello HTTP/1.1\r\nHost: office\nX: y\r\n\r\n")},
    {"bare LF at the end", 400, 0, STR_INIT(GET_HELLO "\n")},
    {"bare CR in a value", 400, 0, STR_INIT(GET_HELLO "X: a\rb\r\n\r\n")},
    {"NUL in a value", 400, 0, STR_INIT(GET_HELLO "X: a\0b\r\n\r\n")},
    {"NUL in the target", 400, 0, STR_INIT("GET /he\0llo HTTP/1.1\r\n" HOST "\r\n")},
    {"control character in a name", 400, 0, STR_INIT(GET_HELLO "X\x01: a\r\n\r\n")},
    {"folded header", 400, 0, STR_INIT(GET_HELLO "X: a\r\n b\r\n\r\n")},
    {"space before the colon", 400, 0, STR_INIT("GET /hello HTTP/1.1\r\nHost : office\r\n\r\n")},
    {"header without a name", 400, 0, STR_INIT(GET_HELLO ": a\r\n\r\n")},
    {"header without a colon", 400, 0, STR_INIT(GET_HELLO "abc\r\n\r\n")},
    {"space before the first header", 400, 0, STR_INIT("GET /hello HTTP/1.1\r\n X: a\r\n" HOST "\r\n")},
    {"no Host", 400, 0, STR_INIT("GET /hello HTTP/1.1\r\n\r\n")},
    {"empty Host", 400, 0, STR_INIT("GET /hello HTTP/1.1\r\nHost:\r\n\r\n")},
    {"two Hosts", 400, 0, STR_INIT(GET_HELLO "Host: other\r\n\r\n")},
    {"Host with a path", 400, 0, STR_INIT("GET /hello HTTP/1.1\r\nHost: a/b\r\n\r\n")},
    {"Host with a name before @", 400, 0, STR_INIT("GET /hello HTTP/1.1\r\nHost: a@b\r\n\r\n")},
    {"Host with port 0", 400, 0, STR_INIT("GET /hello HTTP/1.1\r\nHost: a:0\r\n\r\n")},
    {"bad escape", 400, 0, STR_INIT("GET /hel%zzlo HTTP/1.1\r\n" HOST "\r\n")},
    {"cut escape", 400, 0, STR_INIT("GET /hello%4 HTTP/1.1\r\n" HOST "\r\n")},
    {"escaped NUL", 400, 0, STR_INIT("GET /hello%00 HTTP/1.1\r\n" HOST "\r\n")},
    {"escaped line break", 400, 0, STR_INIT("GET /hello%0d%0aX:y HTTP/1.1\r\n" HOST "\r\n")},
    {"escaped slash", 400, 0, STR_INIT("GET /a%2Fb HTTP/1.1\r\n" HOST "\r\n")},
    {"not UTF-8", 400, 0, STR_INIT("GET /%c3%28 HTTP/1.1\r\n" HOST "\r\n")},
    {"overlong UTF-8", 400, 0, STR_INIT("GET /%c0%af HTTP/1.1\r\n" HOST "\r\n")},
    {"raw UTF-8", 400, 0, STR_INIT("GET /h\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n")},
    {"dots", 400, 0, STR_INIT("GET /a/../hello HTTP/1.1\r\n" HOST "\r\n")},
    {"escaped dots", 400, 0, STR_INIT("GET /a/%2e%2e/hello HTTP/1.1\r\n" HOST "\r\n")},
    {"one dot", 400, 0, STR_INIT("GET /./hello HTTP/1.1\r\n" HOST "\r\n")},
    {"two slashes", 400, 0, STR_INIT("GET //evil.example/ HTTP/1.1\r\n" HOST "\r\n")},
    {"fragment", 400, 0, STR_INIT("GET /hello#x HTTP/1.1\r\n" HOST "\r\n")},
    {"bad query", 400, 0, STR_INIT("GET /hello?a=%ff HTTP/1.1\r\n" HOST "\r\n")},
    {"other host in the target", 400, 421, STR_INIT("GET http://evil.example/hello HTTP/1.1\r\n" HOST "\r\n")},
    {"name in the target", 400, 0, STR_INIT("GET http://u@office/hello HTTP/1.1\r\n" HOST "\r\n")},
    {"relative target", 400, 0, STR_INIT("GET hello HTTP/1.1\r\n" HOST "\r\n")},
    {"star with GET", 400, 0, STR_INIT("GET * HTTP/1.1\r\n" HOST "\r\n")},
    {"two spaces", 400, 0, STR_INIT("GET  /hello HTTP/1.1\r\n" HOST "\r\n")},
    {"unknown method", 501, 0, STR_INIT("FROB /hello HTTP/1.1\r\n" HOST "\r\n")},
    {"lower-case method", 501, 0, STR_INIT("get /hello HTTP/1.1\r\n" HOST "\r\n")},
    {"CONNECT", 501, 0, STR_INIT("CONNECT office:80 HTTP/1.1\r\n" HOST "\r\n")},
    {"TRACE", 501, 0, STR_INIT("TRACE /hello HTTP/1.1\r\n" HOST "\r\n")},
    {"HTTP/0.9", 505, 400, STR_INIT("GET /hello\r\n\r\n")},
    {"HTTP/2 by prior knowledge", 505, 0, STR_INIT("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")},
    {"HTTP/2.0", 505, 0, STR_INIT("GET /hello HTTP/2.0\r\n" HOST "\r\n")},
    {"HTTP/1.2", 505, 0, STR_INIT("GET /hello HTTP/1.2\r\n" HOST "\r\n")},
    {"another protocol", 400, 505, STR_INIT("GET /hello RTSP/1.0\r\n" HOST "\r\n")},
    {"TLS", 400, 0, STR_INIT("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")},
    {"chunk size with a space", 400, 0, STR_INIT(POST_ECHO "Transfer-Encoding: chunked\r\n\r\n3 \r\nabc\r\n0\r\n\r\n")},
    {"chunk size with 0x", 400, 0, STR_INIT(POST_ECHO "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n")},
    {"chunk size beyond 64 bits", 400, 413,
     STR_INIT(POST_ECHO "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n")},
    {"chunk longer than said", 400, 0, STR_INIT(POST_ECHO "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n")},
    {"LF after a chunk size", 400, 0, STR_INIT(POST_ECHO "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n")},
    {"body larger than taken", 413, 0, STR_INIT(POST_ECHO "Content-Length: 65537\r\n\r\n")},
    {"compressed body", 415, 0, STR_INIT(POST_ECHO "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")},
    {"form that is not UTF-8", 400, 0,
     STR_INIT(POST_FORM "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5\r\n\r\na=%ff")},
    {"boundary missing", 400, 0,
     STR_INIT(POST_FORM "Content-Type: multipart/form-data\r\nContent-Length: 3\r\n\r\nabc")},
    {"multipart cut short", 400, 0,
     STR_INIT(POST_FORM "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 5\r\n\r\n--b\r\n")},
};
/* clang-format on */

static void hostile_requests_are_refused_and_the_connection_closed(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(hostile); i++) {
        int fd = dial(&office);
        say(fd, hostile[i].bytes);
        struct str a = hear_all(fd); /* ends only when the server closes */
        int status = status_of(a);
        if (status != hostile[i].status && status != hostile[i].other)
            print_error("%s: %d\n%.*s\n", hostile[i].name, status, STR_ARG(a));
        assert_true(status == hostile[i].status || status == hostile[i].other);
        assert_true(str_has(a, STR("\r\nConnection: close\r\n")));
        assert_int_equal(body_of(a).len, length_of(a)); /* and nothing after the one answer */
        (void)close(fd);
    }
}

static void oversized_heads_are_refused(void **state)
{
    (void)state;
    AUTO_BUF struct buf request;
    buf_init(&request, 1 << 20);
    buf_add(&request, STR("GET /"));
    for (int i = 0; i < 9000; i++) buf_add_char(&request, 'a');
    buf_add(&request, STR(" HTTP/1.1\r\n" HOST "\r\n"));
    int fd = dial(&office);
    say(fd, buf_str(&request));
    assert_int_equal(status_of(hear_all(fd)), 414);
    (void)close(fd);

    for (int count = 65; count <= 20000; count += 19935) { /* too many, too large */
        buf_clear(&request);
        buf_add(&request, STR("GET /hello HTTP/1.1\r\n" HOST));
        for (int i = 0; i < (count < 100 ? count : 1); i++) buf_addf(&request, "X-%d: y\r\n", i);
        buf_add(&request, STR("Y: "));
        for (int i = 0; i < (count < 100 ? 1 : count); i++) buf_add_char(&request, 'a');
        buf_add(&request, STR("\r\n\r\n"));
        fd = dial(&office);
        say(fd, buf_str(&request));
        assert_int_equal(status_of(hear_all(fd)), 431);
        (void)close(fd);
    }
    buf_clear(&request);
    buf_add(&request, STR("POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n1;"));
    for (int i = 0; i < 5000; i++) buf_add_char(&request, 'x');
    fd = dial(&office);
    say(fd, buf_str(&request));
    assert_int_equal(status_of(hear_all(fd)), 431);
    (void)close(fd);
}

/* ---- slow and many ---- */

static void a_slow_reader_gets_the_whole_answer(void **state)
{
    (void)state;
    static const char *const requests[] = {"GET /big HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n",
                                           "GET /big-file HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"};
    for (size_t i = 0; i < LENGTH(requests); i++) {
        int fd = dial(&office), small = 128 * 1024;
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        say(fd, str_from(requests[i]));
        (void)usleep(100 * 1000); /* the server's socket is full by now */
        struct str a = hear_all(fd), body = body_of(a);
        assert_int_equal(status_of(a), 200);
        assert_int_equal(body.len, BIG_BYTES);
        for (size_t k = 0; k < BIG_BYTES; k += 4095) {
            assert_int_equal(body.at[k], i == 0 ? (char)(k * 31 >> 3) : (char)(k >> 12));
        }
        if (i == 1) {
            assert_true(str_has(a, STR("\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'self'\r\n")));
            assert_true(str_has(a, STR("filename*=UTF-8''Gi%E1%BA%A5y%20ph%C3%A9p.pdf\r\n")));
        }
        (void)close(fd);
    }
}

static void slow_senders_are_sent_away(void **state)
{
    (void)state;
    struct office o;
    start(&o,
          (struct server_options){.header_timeout_us = 300000, .body_timeout_us = 300000, .idle_timeout_us = 300000});
    int head = dial(&o), body = dial(&o), idle = dial(&o), silent = dial(&o);
    say(head, STR("GET /hello HTT"));
    say(body, STR("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 100\r\n\r\nabc"));
    say(idle, STR("GET /hello HTTP/1.1\r\n" HOST "\r\n"));
    assert_int_equal(status_of(hear_one(idle)), 200);
    assert_int_equal(status_of(hear_all(head)), 408);
    assert_int_equal(status_of(hear_all(body)), 408);
    assert_int_equal(hear_all(idle).len, 0);
    assert_int_equal(hear_all(silent).len, 0);
    (void)close(head);
    (void)close(body);
    (void)close(idle);
    (void)close(silent);
    stop(&o);
}

/* Long enough in the middle of a request to be slow; and until the accepting thread has looked. */
enum { SILENCE_US = HTTP_SLOW_US + 100000, LOOK_US = 5 * HTTP_SLOW_TICK_MS * 1000 };

/* A request that has become slow: its end is still to be said. */
static int begin_slowly(const struct office *o, const char *begun, const char *drop)
{
    int fd = dial(o);
    say(fd, str_from(begun));
    (void)usleep(SILENCE_US);
    say(fd, str_from(drop));
    (void)usleep(LOOK_US);
    return fd;
}

static void what_comes_in_drops_is_heard_whole(void **state)
{
    enum { DROPS = 5 };
    static const struct {
        const char *begun, *drops[DROPS];
        int answers;
        const char *heard; /* in the last answer */
    } slow[] = {
        {"GET /hel",                                                                {"l", "o HTTP/1.1\r\n" HOST, "\r", "\n"},        1, "hello"  },
        {"GET /hel",                                                                {"l", "o HTTP/1.1\r\n" HOST "X: y\r\n", "\r\n"}, 1, "hello"  },
        {"POST /echo HTTP/1.1\r\n" HOST "Content-Length: 7\r\n\r\na",               {"b", "cd", "e", "fg"},                          1, "abcdefg"},
        {"POST /echo HTTP/1.1\r\n" HOST "Content-Length: 4\r\n\r\na",
         {"b", "c", "dGET /hello HTTP/1.1\r\n" HOST "\r\n"},
         2,                                                                                                                             "hello"  },
        {"POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n2\r\na",
         {"b", "\r\n1\r\nc\r", "\n0\r\n", "\r", "\n"},
         1,                                                                                                                             "abc"    },
        {"POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n2\r\na",
         {"b", "\r\n0\r\n", "X: y\r\n\r\nGET /hello HTTP/1.1\r\n" HOST "\r\n"},
         2,                                                                                                                             "hello"  },
    };
    (void)state;
    int fds[LENGTH(slow)];
    uint64_t before = server_stats(office.server).drops;
    for (size_t i = 0; i < LENGTH(slow); i++) {
        fds[i] = dial(&office);
        say(fds[i], str_from(slow[i].begun));
    }
    (void)usleep(SILENCE_US);
    for (int d = 0; d < DROPS; d++) {
        for (size_t i = 0; i < LENGTH(slow); i++)
            if (slow[i].drops[d]) say(fds[i], str_from(slow[i].drops[d]));
        (void)usleep(LOOK_US);
    }
    assert_true(server_stats(office.server).drops >= before + LENGTH(slow)); /* or it was heard as all are */
    for (size_t i = 0; i < LENGTH(slow); i++) {
        struct str a = STR_NONE;
        for (int k = 0; k < slow[i].answers; k++) {
            a = hear_one(fds[i]);
            assert_int_equal(status_of(a), 200);
        }
        assert_true(str_has(body_of(a), str_from(slow[i].heard)));
        (void)close(fds[i]);
    }
}

/* More than the room for drops, and more than is read in one piece. */
static void a_body_that_began_in_drops_may_go_on_fast(void **state)
{
    enum { MOST = 60000 };
    (void)state;
    char *body = arena_alloc(&office.arena, MOST);
    fill(body, MOST);
    for (size_t len = HTTP_CHUNK_ROOM_BYTES - 1; len <= MOST; len += len < 2 * HTTP_CHUNK_ROOM_BYTES ? 1365 : 20000) {
        char head[128];
        (void)snprintf(head, sizeof head, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: %zu\r\n\r\n<", len + 2);
        int fd = begin_slowly(&office, head, ">");
        say(fd, str_of(body, len));
        struct str heard = body_of(hear_one(fd));
        assert_int_equal(heard.len, len + 2);
        assert_true(str_eq(str_part(heard, 2, heard.len), str_of(body, len)));
        (void)close(fd);
    }
}

static void drops_move_no_limit_of_time(void **state)
{
    enum { TURNS = 5, PIECE = 600, LATE_US = 2500000 };
    (void)state;
    char piece[PIECE];
    memset(piece, 'a', sizeof piece);
    struct office o;
    start(&o, (struct server_options){.header_timeout_us = LATE_US, .body_timeout_us = LATE_US});
    int head = dial(&o), faint = dial(&o), steady = dial(&o), gone = dial(&o);
    say(head, STR("GET /hello HTTP/1.1\r\nX: "));
    say(gone, STR("GET /hello HTTP/1.1\r\nX: "));
    say(faint, STR("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3000\r\n\r\n"));
    say(steady, STR("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3000\r\n\r\n"));
    for (int i = 0; i < TURNS; i++) {
        (void)usleep(SILENCE_US);
        say(head, STR("y"));
        say(faint, STR("y"));
        say(steady, str_of(piece, sizeof piece));
        if (i == 0) say(gone, STR("y"));
        if (i == 1) (void)close(gone);
    }
    assert_int_equal(status_of(hear_all(head)), 408);
    assert_int_equal(status_of(hear_all(faint)), 408);
    assert_int_equal(status_of(hear_one(steady)), 200); /* longer than LATE_US, but never too slow */
    assert_true(server_stats(o.server).drops > 0);
    (void)close(head);
    (void)close(faint);
    (void)close(steady);
    stop(&o);
}

static void who_has_asked_and_was_not_heard_in_time_is_told_so(void **state)
{
    enum { ASKING = 8 };
    (void)state;
    struct office o;
    int fds[ASKING], served = 0, busy = 0;
    start(&o, (struct server_options){.thread_count = 1, .header_timeout_us = 100000});
    for (int i = 0; i < ASKING; i++) {
        fds[i] = dial(&o);
        say(fds[i], STR("GET /slow HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"));
    }
    for (int i = 0; i < ASKING; i++) {
        int status = status_of(hear_all(fds[i])); /* nobody is left without a word */
        served += status == 204;
        busy += status == 503;
        (void)close(fds[i]);
    }
    assert_int_equal(served + busy, ASKING);
    assert_in_range(served, 1, ASKING - 1);
    stop(&o);
}

static void a_full_house_says_503_at_once(void **state)
{
    (void)state;
    struct office o;
    int guests[16];
    start(&o, (struct server_options){.connection_limit = LENGTH(guests)});
    for (size_t i = 0; i < LENGTH(guests); i++) {
        guests[i] = dial(&o);
        say(guests[i], STR("GET /hello HTTP/1.1\r\n" HOST "\r\n"));
        assert_int_equal(status_of(hear_one(guests[i])), 200);
    }
    int64_t before_us = clock_monotonic_us();
    int late = dial(&o);
    struct str a = hear_all(late);
    assert_int_equal(status_of(a), 503);
    assert_true(str_has(a, STR("\r\nRetry-After: ")));
    assert_true(clock_monotonic_us() - before_us < HTTP_HEADER_US); /* nobody has waited for a place */
    (void)close(late);
    for (size_t i = 0; i < LENGTH(guests); i++) (void)close(guests[i]);
    for (int i = 0; i < TRIES && server_stats(o.server).connections > 0; i++) (void)usleep(1000);
    late = dial(&o);
    say(late, STR("GET /hello HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"));
    assert_int_equal(status_of(hear_all(late)), 200);
    (void)close(late);
    stop(&o);
}

static void an_overloaded_office_serves_some_and_tells_the_rest(void **state)
{
    (void)state;
    enum { VISITORS = 30 };
    struct office o;
    int fds[VISITORS], served = 0, refused = 0;
    start(&o, (struct server_options){.thread_count = 2});
    for (int i = 0; i < VISITORS; i++) {
        fds[i] = dial(&o);
        say(fds[i], STR("GET /slow HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"));
    }
    for (int i = 0; i < VISITORS; i++) {
        int status = status_of(hear_all(fds[i]));
        served += status == 204;
        refused += status == 503;
        (void)close(fds[i]);
    }
    assert_int_equal(served + refused, VISITORS);
    assert_true(served >= 4);
    assert_true(refused >= 10);
    stop(&o);
}

/* Three kinds of requests, all at once and far too many: the share of each that is served. */
static void in_overload_what_people_send_is_served_before_figures(void **state)
{
    (void)state;
    enum { EACH = 24, KINDS = 3 };
    static const char *const asks[KINDS] = {"POST /slow HTTP/1.1\r\n" HOST
                                            "Connection: close\r\nContent-Length: 0\r\n\r\n",
                                            "GET /slow HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n",
                                            "GET /figures?a=1 HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"};
    struct office o;
    int fds[EACH * KINDS], served[KINDS] = {0};
    start(&o, (struct server_options){.thread_count = 2});
    for (int i = 0; i < EACH * KINDS; i++) {
        fds[i] = dial(&o);
        say(fds[i], str_from(asks[i % KINDS]));
    }
    for (int i = 0; i < EACH * KINDS; i++) {
        int status = status_of(hear_all(fds[i]));
        assert_true(status == 204 || status == 503);
        served[i % KINDS] += status == 204;
        (void)close(fds[i]);
    }
    assert_true(served[0] > served[2]);
    assert_true(served[2] < EACH / 2);
    stop(&o);
}

/* Requests for half a second each on connections that stay, until the office begins to refuse; how many there are. */
enum { CROWD = 24 };

static void overload_office(const struct office *o, int fds[CROWD])
{
    for (int i = 0; i < CROWD; i++) {
        fds[i] = dial(o);
        say(fds[i], STR("GET /slow HTTP/1.1\r\n" HOST "\r\n"));
    }
    for (int i = 0; i < 400 && server_stats(o->server).refused == 0; i++) (void)usleep(10 * 1000);
    assert_true(server_stats(o->server).refused > 0);
}

static void who_is_refused_keeps_the_connection_and_asks_again_on_it(void **state)
{
    (void)state;
    struct office o;
    int fds[CROWD], refused = 0, served_again = 0;
    start(&o, (struct server_options){.thread_count = 2});
    overload_office(&o, fds);
    for (int i = 0; i < CROWD; i++) {
        struct str a = hear_one(fds[i]);
        if (status_of(a) == 204) continue;
        assert_int_equal(status_of(a), 503);
        assert_true(str_has(a, STR("\r\nRetry-After: 2\r\n")));
        assert_false(str_has(a, STR("\r\nConnection: close\r\n")));
        refused++;
    }
    assert_true(refused > 0);
    for (int i = 0; i < CROWD; i++) { /* all is calm again, whichever door they came by */
        say(fds[i], STR("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nagain"));
        served_again += str_eq(body_of(hear_one(fds[i])), STR("again"));
        (void)close(fds[i]);
    }
    assert_int_equal(served_again, CROWD);
    stop(&o);
}

static void a_slow_request_that_ends_in_overload_hears_an_answer(void **state)
{
    (void)state;
    struct office o;
    int fds[CROWD];
    start(&o, (struct server_options){.thread_count = 2});
    int slow = begin_slowly(&o, "GET /hel", "l");
    overload_office(&o, fds);
    say(slow, STR("o HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"));
    int status = status_of(hear_all(slow));
    assert_true(status == 200 || status == 503);
    (void)close(slow);
    for (int i = 0; i < CROWD; i++) (void)close(fds[i]);
    stop(&o);
}

/* Where the next request begins is known only when this one has come whole and says so plainly. */
static void a_doubtful_request_that_is_refused_ends_its_connection(void **state)
{
    static const char *const doubtful[] = {
        "POST /slow HTTP/1.1\r\n" HOST "Content-Length: 10\r\n\r\nhalf",
        "POST /slow HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /slow HTTP/1.1\r\n" HOST "Content-Length: 4\r\n\r\nfourGET /hello HTTP/1.1\r\n" HOST "\r\n",
        "POST /slow HTTP/1.1\r\n" HOST "Content-Length: 4\r\nContent-Length: 0\r\n\r\nfour",
        "GET /slow HTTP/1.0\r\n" HOST "\r\n",
        "GET /slow HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n",
        "HEAD /slow HTTP/1.1\r\n" HOST "\r\n",
        "GET /slow HTTP/1.1\r\n" HOST,
    };
    (void)state;
    struct office o;
    int fds[CROWD], late[CROWD], refused = 0;
    start(&o, (struct server_options){.thread_count = 2});
    overload_office(&o, fds);
    for (int i = 0; i < CROWD; i++) {
        late[i] = dial(&o);
        say(late[i], str_from(doubtful[(size_t)i % LENGTH(doubtful)]));
    }
    for (int i = 0; i < CROWD; i++) (void)shutdown(late[i], SHUT_WR);
    for (int i = 0; i < CROWD; i++) {
        struct str a = hear_all(late[i]);
        bool is_refused = status_of(a) == 503;
        if (is_refused) assert_true(str_has(a, STR("\r\nConnection: close\r\n")));
        if (is_refused) assert_int_equal(body_of(a).len, length_of(a)); /* one answer, and nothing behind it */
        refused += is_refused;
        (void)close(late[i]);
        (void)close(fds[i]);
    }
    assert_true(refused > 0);
    stop(&o);
}

static void stopping_in_overload_answers_or_ends_every_connection(void **state)
{
    (void)state;
    struct office o;
    int fds[CROWD];
    start(&o, (struct server_options){.thread_count = 2});
    overload_office(&o, fds);
    stop(&o);
    for (int i = 0; i < CROWD; i++) {
        (void)hear_all(fds[i]); /* returns: each is closed */
        (void)close(fds[i]);
    }
}

static void stopping_finishes_what_runs(void **state)
{
    (void)state;
    struct office o;
    start(&o, (struct server_options){0});
    int fd = dial(&o), idle = dial(&o);
    say(fd, STR("GET /slow HTTP/1.1\r\n" HOST "\r\n"));
    for (int i = 0; i < TRIES && server_stats(o.server).in_progress == 0; i++) (void)usleep(1000);
    stop(&o);
    struct str a = hear_all(fd);
    assert_int_equal(status_of(a), 204);
    assert_true(str_has(a, STR("\r\nConnection: close\r\n")));
    assert_int_equal(hear_all(idle).len, 0);
    (void)close(fd);
    (void)close(idle);
}

static void *end_slowly(void *fd)
{
    (void)usleep(LOOK_US);
    say(*(int *)fd, STR("o HTTP/1.1\r\n" HOST "\r\n"));
    return NULL;
}

static void stopping_waits_for_a_slow_request(void **state)
{
    (void)state;
    struct office o;
    pthread_t sender;
    start(&o, (struct server_options){0});
    int fd = begin_slowly(&o, "GET /hel", "l");
    assert_int_equal(pthread_create(&sender, NULL, end_slowly, &fd), 0);
    stop(&o);
    assert_int_equal(pthread_join(sender, NULL), 0);
    assert_int_equal(status_of(hear_all(fd)), 200);
    (void)close(fd);
}

static void who_comes_before_it_runs_waits_and_one_that_never_ran_is_stopped(void **state)
{
    (void)state;
    struct office o;
    start_listening(&o, (struct server_options){0});
    int fd = dial(&o);
    say(fd, STR("GET /slow HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"));
    assert_int_equal(server_stats(o.server).connections, 0);
    server_run(o.server);
    assert_int_equal(status_of(hear_all(fd)), 204);
    (void)close(fd);
    stop(&o);
    start_listening(&o, (struct server_options){0});
    stop(&o);
}

static void an_abandoned_upload_leaves_no_file(void **state)
{
    (void)state;
    int fd = dial(&office);
    say(fd, STR("POST /uploads HTTP/1.1\r\n" HOST "Content-Length: 1000000\r\n\r\nabc"));
    for (int i = 0; i < TRIES && server_stats(office.server).in_progress == 0; i++) (void)usleep(1000);
    (void)close(fd);
    for (int i = 0; i < TRIES && server_stats(office.server).in_progress > 0; i++) (void)usleep(1000);
    assert_int_equal(server_stats(office.server).in_progress, 0);
    struct stat found;
    assert_int_equal(stat(office.spool, &found), 0);
    struct str *names;
    size_t count;
    assert_int_equal(file_names(&office.arena, str_from(office.spool), &names, &count, &office.why), OK);
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_carries_what_every_answer_must),
        cmocka_unit_test(queries_are_decoded),
        cmocka_unit_test(the_visitor_is_the_last_that_the_proxy_names),
        cmocka_unit_test(head_is_get_without_a_body),
        cmocka_unit_test(pipelined_requests_are_answered_in_order),
        cmocka_unit_test(a_request_may_arrive_byte_by_byte),
        cmocka_unit_test(http_1_0_and_close_end_the_connection),
        cmocka_unit_test(expect_continue_is_answered_before_the_body),
        cmocka_unit_test(paths_and_methods_are_told_apart),
        cmocka_unit_test(refusals_are_problems_in_the_callers_language),
        cmocka_unit_test(a_large_upload_is_refused_before_its_body),
        cmocka_unit_test(a_session_needs_the_token_of_the_page),
        cmocka_unit_test(a_token_is_new_in_each_answer_and_good_for_its_session_only),
        cmocka_unit_test(a_large_upload_is_spooled_with_its_hash),
        cmocka_unit_test(an_upload_in_chunks_is_bounded),
        cmocka_unit_test(fields_come_from_both_kinds_of_forms),
        cmocka_unit_test(thousands_of_parts_cost_little_memory),
        cmocka_unit_test(hostile_requests_are_refused_and_the_connection_closed),
        cmocka_unit_test(oversized_heads_are_refused),
        cmocka_unit_test(a_slow_reader_gets_the_whole_answer),
        cmocka_unit_test(slow_senders_are_sent_away),
        cmocka_unit_test(what_comes_in_drops_is_heard_whole),
        cmocka_unit_test(a_body_that_began_in_drops_may_go_on_fast),
        cmocka_unit_test(drops_move_no_limit_of_time),
        cmocka_unit_test(who_has_asked_and_was_not_heard_in_time_is_told_so),
        cmocka_unit_test(a_full_house_says_503_at_once),
        cmocka_unit_test(an_overloaded_office_serves_some_and_tells_the_rest),
        cmocka_unit_test(in_overload_what_people_send_is_served_before_figures),
        cmocka_unit_test(who_is_refused_keeps_the_connection_and_asks_again_on_it),
        cmocka_unit_test(a_slow_request_that_ends_in_overload_hears_an_answer),
        cmocka_unit_test(a_doubtful_request_that_is_refused_ends_its_connection),
        cmocka_unit_test(stopping_in_overload_answers_or_ends_every_connection),
        cmocka_unit_test(stopping_finishes_what_runs),
        cmocka_unit_test(stopping_waits_for_a_slow_request),
        cmocka_unit_test(who_comes_before_it_runs_waits_and_one_that_never_ran_is_stopped),
        cmocka_unit_test(an_abandoned_upload_leaves_no_file),
    };
    return cmocka_run_group_tests_name(__FILE__, tests, open_office, close_office);
}
