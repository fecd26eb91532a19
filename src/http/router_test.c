#include "base/test.h"

#include <string.h>

#include "base/auto.h"
#include "http/assets.h"
#include "http/http_limits.h"
#include "http/parameter.h"
#include "http/reply.h"
#include "http/router.h"

enum { TEST_ARENA_BYTES = 4 * 1024 * 1024 };

static struct arena a;
static struct fail why;

static enum outcome answer(struct request *rq, struct fail *f)
{
    (void)f;
    reply_empty(rq, 204);
    return OK;
}

static const struct route routes[] = {
    {GET,  "/",                            1, answer, N_("Test"), 0, false},
    {GET,  "/dossiers",                    1, answer, N_("Test"), 0, false},
    {GET,  "/dossiers/new",                1, answer, N_("Test"), 0, false},
    {GET,  "/dossiers/{code}",             1, answer, N_("Test"), 0, false},
    {POST, "/dossiers/{code}",             1, answer, N_("Test"), 0, false},
    {GET,  "/dossiers/{code}/files/{n}",   1, answer, N_("Test"), 0, false},
    {POST, "/dossiers/{dossier}/{action}", 1, answer, N_("Test"), 0, false},
};

static int set_up(void **state)
{
    (void)state;
    arena_init(&a, TEST_ARENA_BYTES);
    fail_init(&why, &a);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_end(&a);
    return 0;
}

static struct router *router_of(const struct route *rows, size_t count, enum outcome expected)
{
    const struct route_list list = {rows, count};
    const struct router_options options = {.lists = &list, .list_count = 1};
    struct router *r = NULL;
    assert_int_equal(router_new(&options, &r, &why), expected);
    return r;
}

static void paths_find_their_row(void **state)
{
    (void)state;
    static const struct {
        enum method method;
        const char *path, *row;
        bool exists;
    } cases[] = {
        {GET,  "/",                                                  "/",                            true },
        {HEAD, "/dossiers",                                          "/dossiers",                    true },
        {POST, "/dossiers",                                          NULL,                           true },
        {GET,  "/dossiers/",                                         NULL,                           false},
        {GET,  "/dossiers/new",                                      "/dossiers/new",                true },
        {POST, "/dossiers/new",                                      NULL,                           true },
        {GET,  "/dossiers/G11",                                      "/dossiers/{code}",             true },
        {GET,  "/dossiers/new/files/3",                              "/dossiers/{code}/files/{n}",   true },
        {GET,  "/dossiers/G11/files",                                NULL,                           true },
        {POST, "/dossiers/G11/receive",                              "/dossiers/{dossier}/{action}", true },
        {POST, "/dossiers/new/receive",                              "/dossiers/{dossier}/{action}", true },
        {GET,  "/dossier",                                           NULL,                           false},
        {GET,  "/dossiersx",                                         NULL,                           false},
        {GET,  "/dossiers//files/3",                                 NULL,                           false},
        {GET,  "",                                                   NULL,                           false},
        {GET,  "/1/2/3/4/5/6/7/8/9/0/1/2/3/4/5/6/7/8/9/0/1/2/3/4/5", NULL,                           false},
    };
    struct router *r = router_of(routes, LENGTH(routes), OK);
    assert_int_equal(router_route_count(r), LENGTH(routes));
    for (size_t i = 0; i < LENGTH(cases); i++) {
        bool exists;
        const struct route *row = router_match(r, cases[i].method, str_from(cases[i].path), &exists);
        if (exists != cases[i].exists) print_error("%s\n", cases[i].path);
        assert_int_equal(exists, cases[i].exists);
        if (cases[i].row)
            assert_string_equal(row ? row->path : "none", cases[i].row);
        else
            assert_null(row);
    }
    router_free(r);
}

static void bad_rows_stop_the_start(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct route bad[][2] = {
        {{GET, "/a", 1, answer, N_("Test"), 0, false}, {GET, "/a", 1, answer, N_("Test"), 0, false}},
        {{GET, "/a/{x}", 1, answer, N_("Test"), 0, false}, {GET, "/a/{y}", 1, answer, N_("Test"), 0, false}},
        {{GET, "/a", 0, answer, N_("Test"), 0, false}},
        {{GET, "/a", 1, NULL, N_("Test"), 0, false}},
        {{GET, "/a", 1, answer, NULL, 0, false}},
        {{GET, "a", 1, answer, N_("Test"), 0, false}},
        {{GET, "/a//b", 1, answer, N_("Test"), 0, false}},
        {{HEAD, "/a", 1, answer, N_("Test"), 0, false}},
        {{POST, "/a", 1, answer, N_("Test"), 64 << 20, false}},
    };
    /* clang-format on */
    for (size_t i = 0; i < LENGTH(bad); i++) (void)router_of(bad[i], bad[i][1].path ? 2 : 1, ERR_BUG);
}

/* ---- a visit without a server ---- */

static int authorised;

static enum outcome forbid(struct request *rq, unsigned permission, struct fail *f)
{
    (void)rq;
    (void)permission;
    authorised++;
    return fail(f, ERR_DENIED, NULL);
}

static struct request visit(struct reply *reply, enum method m, const char *path)
{
    struct request rq = {.arena = &a,
                         .method = m,
                         .path = str_from(path),
                         .target = str_from(path),
                         .reply = reply,
                         .language = ENGLISH};
    reply_init(reply);
    fail_init(&rq.why, &a);
    return rq;
}

static void parameters_are_taken_from_the_path(void **state)
{
    (void)state;
    struct router *r = router_of(routes, LENGTH(routes), OK);
    struct reply reply;
    struct request rq = visit(&reply, GET, "/dossiers/G11-1/files/7");
    router_handle(r, &rq);
    assert_int_equal(reply.status, 204);
    assert_str(request_param(&rq, "code"), "G11-1");
    assert_str(request_param(&rq, "n"), "7");
    assert_str(request_param(&rq, "other"), "");
    reply_end(&reply);
    router_free(r);
}

static enum outcome never(struct request *rq, struct fail *f)
{
    (void)rq;
    (void)f;
    BUG("a handler without permission");
}

static void a_handler_never_runs_without_permission(void **state)
{
    (void)state;
    static const struct route rows[] = {
        {POST, "/x", 7, never, N_("Test"), 0, false}
    };
    const struct route_list list = {rows, 1};
    const struct router_options options = {.lists = &list, .list_count = 1, .authorise = forbid};
    struct router *r;
    struct reply reply;
    assert_int_equal(router_new(&options, &r, &why), OK);
    struct request rq = visit(&reply, POST, "/x");
    router_handle(r, &rq);
    assert_int_equal(reply.status, 403);
    assert_int_equal(authorised, 1);
    reply_end(&reply);
    router_free(r);
}

static void redirects_stay_on_this_site(void **state)
{
    (void)state;
    static const struct {
        const char *wanted, *sent;
    } cases[] = {
        {"/a?b=c",               "/a?b=c"},
        {"//evil.example",       "/"     },
        {"/\\evil.example",      "/"     },
        {"https://evil.example", "/"     },
        {"",                     "/"     },
        {"/a b",                 "/"     }
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct reply reply;
        struct request rq = visit(&reply, POST, "/x");
        reply_redirect(&rq, str_from(cases[i].wanted));
        assert_int_equal(reply.status, 303);
        assert_str(reply_find(&reply, "location")->value, cases[i].sent);
        reply_end(&reply);
    }
}

/* However long what it was made of: the head of the answer has room for it. */
static void a_redirect_that_is_too_long_leads_home(void **state)
{
    (void)state;
    static char path[HTTP_LOCATION_BYTES + 1];
    struct reply reply;
    AUTO_BUF struct buf head;
    buf_init(&head, HTTP_REPLY_HEAD_BYTES);
    memset(path, 'a', sizeof path);
    path[0] = '/';
    for (size_t len = HTTP_LOCATION_BYTES; len <= sizeof path; len++) {
        struct request rq = visit(&reply, POST, "/x");
        reply_redirect(&rq, str_of(path, len));
        assert_int_equal(reply_find(&reply, "location")->value.len, len == sizeof path ? 1 : len);
        assert_int_equal(reply_render(&rq, true, STR("now"), &head), 0);
        reply_end(&reply);
    }
}

static void a_tag_answers_not_modified(void **state)
{
    (void)state;
    static const struct {
        const char *sent;
        bool is_same;
    } cases[] = {
        {"\"v3\"",         true },
        {"W/\"v3\"",       true },
        {"\"v2\", \"v3\"", true },
        {"*",              true },
        {"\"v2\"",         false},
        {"v3",             false},
        {"",               false}
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct pair header = {STR("if-none-match"), str_from(cases[i].sent)};
        struct reply reply;
        struct request rq = visit(&reply, GET, "/x");
        rq.headers = &header;
        rq.header_count = 1;
        assert_int_equal(reply_not_modified(&rq, STR("v3")), cases[i].is_same);
        assert_int_equal(reply.status, cases[i].is_same ? 304 : 0);
        reply_end(&reply);
    }
}

static void cookies_are_found_by_name(void **state)
{
    (void)state;
    struct pair headers[] = {
        {STR_INIT("cookie"), STR_INIT("a=1; session=x=y;b=\"2\"; sessionx=3")},
        {STR_INIT("cookie"), STR_INIT("c=4")                                 }
    };
    struct request rq = {.headers = headers, .header_count = LENGTH(headers)};
    assert_str(request_cookie(&rq, "a"), "1");
    assert_str(request_cookie(&rq, "session"), "x=y");
    assert_str(request_cookie(&rq, "b"), "2");
    assert_str(request_cookie(&rq, "c"), "4");
    assert_str(request_cookie(&rq, "ession"), "");
}

static void accept_decides_between_page_and_json(void **state)
{
    (void)state;
    static const struct {
        const char *path, *accept;
        bool is_json;
    } cases[] = {
        {"/api/v1/x", "text/html",                                 true },
        {"/x",        "",                                          false},
        {"/x",        "*/*",                                       false},
        {"/x",        "application/json",                          true },
        {"/x",        "text/html,application/xhtml+xml,*/*;q=0.8", false},
        {"/x",        "text/html;q=0.5, application/json",         true },
        {"/x",        "application/*, text/html;q=0.9",            true },
        {"/x",        "application/json;q=0",                      false},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct pair header = {STR("accept"), str_from(cases[i].accept)};
        struct request rq = {.path = str_from(cases[i].path), .headers = &header, .header_count = 1};
        if (request_wants_json(&rq) != cases[i].is_json) print_error("%s %s\n", cases[i].path, cases[i].accept);
        assert_int_equal(request_wants_json(&rq), cases[i].is_json);
    }
}

static void assets_come_compressed_and_stay_for_ever(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct embedded_file assets[] = {
        {.path = STR_INIT("/assets/app.1.css"), .content = STR_INIT("plain"), .gzip = STR_INIT("gz"),
         .brotli = STR_INIT("br"), .type = "text/css", .hash = "1"},
        {.path = STR_INIT("/assets/logo.2.png"), .content = STR_INIT("png"), .type = "image/png", .hash = "2"},
    };
    /* clang-format on */
    static const struct {
        const char *path, *accepted, *match, *body, *coding;
        int status;
    } cases[] = {
        {"/assets/app.1.css",  "gzip, deflate, br", "",           "br",    "br",   200},
        {"/assets/app.1.css",  "gzip",              "",           "gz",    "gzip", 200},
        {"/assets/app.1.css",  "br;q=0, *;q=0",     "",           "plain", "",     200},
        {"/assets/app.1.css",  "",                  "",           "plain", "",     200},
        {"/assets/logo.2.png", "br, gzip",          "",           "png",   "",     200},
        {"/assets/app.1.css",  "gzip",              "\"1-gzip\"", "",      "",     304},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct pair headers[] = {
            {STR("accept-encoding"), str_from(cases[i].accepted)},
            {STR("if-none-match"),   str_from(cases[i].match)   }
        };
        struct reply reply;
        struct request rq = visit(&reply, GET, cases[i].path);
        rq.headers = headers;
        rq.header_count = LENGTH(headers);
        assert_true(assets_reply(&rq, assets, LENGTH(assets)));
        assert_int_equal(reply.status, cases[i].status);
        assert_str(reply.static_body, cases[i].body);
        const struct pair *coding = reply_find(&reply, "content-encoding");
        assert_str(coding ? coding->value : STR_NONE, cases[i].coding);
        assert_str(reply_find(&reply, "cache-control")->value, "public, max-age=31536000, immutable");
        reply_end(&reply);
    }
    struct reply reply;
    struct request rq = visit(&reply, GET, "/assets/none");
    assert_false(assets_reply(&rq, assets, LENGTH(assets)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_find_their_row),
        cmocka_unit_test(bad_rows_stop_the_start),
        cmocka_unit_test(parameters_are_taken_from_the_path),
        cmocka_unit_test(a_handler_never_runs_without_permission),
        cmocka_unit_test(redirects_stay_on_this_site),
        cmocka_unit_test(a_redirect_that_is_too_long_leads_home),
        cmocka_unit_test(a_tag_answers_not_modified),
        cmocka_unit_test(cookies_are_found_by_name),
        cmocka_unit_test(accept_decides_between_page_and_json),
        cmocka_unit_test(assets_come_compressed_and_stay_for_ever),
    };
    return cmocka_run_group_tests_name(__FILE__, tests, set_up, tear_down);
}
