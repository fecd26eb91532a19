/* The client against a server that says what each test wants, on loopback. */
#include "base/test.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "http/client.h"

enum { REQUEST_MOST = 8192 };

/* One connection: reads what comes, answers, closes. */
struct server {
    int fd, port;
    const char *answer; /* NULL: never says anything */
    size_t filler;      /* so many bytes more */
    bool speaks_first;
    char request[REQUEST_MOST];
    pthread_t thread;
};

static void *serve(void *context)
{
    struct server *s = context;
    int fd = accept(s->fd, NULL, NULL);
    if (fd < 0) return NULL;
    size_t len = 0;
    if (s->speaks_first) (void)!write(fd, s->answer, strlen(s->answer));
    for (ssize_t got; len + 1 < REQUEST_MOST && (got = read(fd, s->request + len, REQUEST_MOST - len - 1)) > 0;) {
        len += (size_t)got;
        s->request[len] = '\0';
        if (s->answer != NULL && strstr(s->request, "{}") != NULL) break;
    }
    if (s->answer != NULL && !s->speaks_first) (void)!write(fd, s->answer, strlen(s->answer));
    for (size_t i = 0; i < s->filler / 1024; i++) {
        static const char piece[1024] = {'x'};
        if (send(fd, piece, sizeof piece, MSG_NOSIGNAL) < 0) break;
    }
    close(fd);
    return NULL;
}

static void server_open(struct server *s, const char *answer)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t bytes = sizeof at;
    *s = (struct server){.fd = socket(AF_INET, SOCK_STREAM, 0), .answer = answer};
    assert_int_equal(bind(s->fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(s->fd, 4), 0);
    assert_int_equal(getsockname(s->fd, (struct sockaddr *)&at, &bytes), 0);
    s->port = ntohs(at.sin_port);
}

static void server_start(struct server *s)
{
    assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void server_end(struct server *s)
{
    (void)shutdown(s->fd, SHUT_RDWR);
    pthread_join(s->thread, NULL);
    close(s->fd);
}

struct told {
    int count, status;
    enum client_end end;
    int64_t retry_after_s;
    char said[CLIENT_SAID_MOST + 1];
};

static void note(void *context, const struct client_result *r)
{
    struct told *t = context;
    assert_ptr_equal(r->context, t);
    t->count++;
    t->end = r->end;
    t->status = r->status;
    t->retry_after_s = r->retry_after_s;
    snprintf(t->said, sizeof t->said, "%.*s", STR_ARG(r->said));
}

static struct told post(const char *host, int port, const char *allowed, int timeout_s)
{
    struct arena a;
    struct fail why;
    struct told told = {0};
    arena_init(&a, 1 << 20);
    fail_init(&why, &a);
    struct client_options o = {.at_once = 1, .timeout_s = timeout_s};
    assert_int_equal(address_list_parse(&a, str_from(allowed), &o.allowed, &why), OK);
    struct client *c = client_new(&o);
    const struct pair headers[] = {
        {STR("webhook-id"), STR("msg_1")}
    };
    struct transfer t = {&told, str_format(&a, "http://%s:%d/hook?a=1", host, port), STR("{}"), headers, 1};
    assert_true(client_start(c, &t));
    assert_false(client_start(c, &t)); /* one at a time was asked for */
    for (int i = 0; i < 200 && told.count == 0; i++) client_run(c, 100, note, &told);
    assert_int_equal(told.count, 1);
    client_free(c);
    arena_end(&a);
    return told;
}

static void a_post_arrives_as_it_was_given(void **state)
{
    struct server s;
    (void)state;
    server_open(&s, "HTTP/1.1 204 No Content\r\n\r\n");
    server_start(&s);
    struct told told = post("127.0.0.1", s.port, "127.0.0.1", 10);
    server_end(&s);
    assert_int_equal(told.end, CLIENT_ANSWERED);
    assert_int_equal(told.status, 204);
    assert_non_null(strstr(s.request, "POST /hook?a=1 HTTP/1.1\r\n"));
    assert_non_null(strstr(s.request, "webhook-id: msg_1\r\n"));
    assert_non_null(strstr(s.request, "\r\n\r\n{}"));
    assert_null(strstr(s.request, "Expect"));
}

static void a_refusal_says_when_to_come_again_and_why(void **state)
{
    struct server s;
    (void)state;
    server_open(&s, "HTTP/1.1 503 Busy\r\nRetry-After: 120\r\nContent-Length: 29\r\n\r\nask \x01"
                    "an.nguyen@example.vn why");
    server_start(&s);
    struct told told = post("127.0.0.1", s.port, "127.0.0.1", 10);
    server_end(&s);
    assert_int_equal(told.status, 503);
    assert_int_equal(told.retry_after_s, 120);
    assert_string_equal(told.said, "ask @ why");
}

static void a_redirect_is_an_answer_and_is_not_followed(void **state)
{
    struct server s;
    (void)state;
    server_open(&s, "HTTP/1.1 307 Elsewhere\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
    server_start(&s);
    struct told told = post("127.0.0.1", s.port, "127.0.0.1", 10);
    server_end(&s);
    assert_int_equal(told.end, CLIENT_ANSWERED);
    assert_int_equal(told.status, 307);
}

static void an_endless_answer_is_broken_off(void **state)
{
    struct server s;
    (void)state;
    server_open(&s, "HTTP/1.1 200 OK\r\n\r\n");
    s.filler = 64 << 20;
    server_start(&s);
    struct told told = post("127.0.0.1", s.port, "127.0.0.1", 30);
    server_end(&s);
    assert_int_equal(told.end, CLIENT_ANSWERED);
    assert_int_equal(told.status, 200);
    assert_true(strlen(told.said) <= CLIENT_SAID_MOST);
}

/* The line that is kept ends with a whole character wherever its bound falls. */
static void a_long_line_of_another_language_is_said_all_the_same(void **state)
{
    (void)state;
    for (int shift = 0; shift < 3; shift++) {
        struct server s;
        char answer[1200];
        int len = snprintf(answer, sizeof answer, "HTTP/1.1 500 Wrong\r\n\r\n%.*s", shift, "aa");
        for (int i = 0; i < 300; i++) len += snprintf(answer + len, sizeof answer - (size_t)len, "ế");
        server_open(&s, answer);
        server_start(&s);
        struct told told = post("127.0.0.1", s.port, "127.0.0.1", 10);
        server_end(&s);
        assert_non_null(strstr(told.said, "ếếế"));
    }
}

static void who_never_answers_is_too_slow(void **state)
{
    struct server s;
    (void)state;
    server_open(&s, NULL);
    server_start(&s);
    struct told told = post("127.0.0.1", s.port, "127.0.0.1", 1);
    server_end(&s);
    assert_int_equal(told.end, CLIENT_TOO_SLOW);
    assert_int_equal(told.status, 0);
}

static void nobody_there_is_unreachable(void **state)
{
    struct server s;
    (void)state;
    server_open(&s, NULL);
    close(s.fd);
    assert_int_equal(post("127.0.0.1", s.port, "127.0.0.1", 10).end, CLIENT_UNREACHABLE);
}

static struct told mail(const char *answer)
{
    struct arena a;
    struct server s;
    struct told told = {0};
    struct client_options o = {.at_once = 1, .timeout_s = 10};
    arena_init(&a, 1 << 20);
    server_open(&s, answer);
    s.speaks_first = true;
    server_start(&s);
    struct client *c = client_new(&o);
    struct transfer t = {&told, str_format(&a, "smtp://127.0.0.1:%d/", s.port), STR("{}")};
    t.from = STR("office@example.vn");
    t.to = STR("an@example.vn");
    assert_true(client_start(c, &t));
    for (int i = 0; i < 200 && told.count == 0; i++) client_run(c, 100, note, &told);
    assert_int_equal(told.count, 1);
    client_free(c);
    server_end(&s);
    arena_end(&a);
    return told;
}

static void a_mail_server_that_refuses_says_so_with_three_digits(void **state)
{
    (void)state;
    struct told told = mail("554 5.7.1 not from you\r\n");
    assert_int_equal(told.end, CLIENT_ANSWERED);
    assert_int_equal(told.status, 554);
    told = mail("5540\n"); /* libcurl wants three digits and takes all */
    assert_int_equal(told.end, CLIENT_UNREACHABLE);
    assert_int_equal(told.status, 0);
}

static void a_closed_address_gets_no_packet_by_whatever_name(void **state)
{
    static const char *const hosts[] = {"127.0.0.1", "localhost", "0x7f000001", "2130706433", "[::ffff:127.0.0.1]"};
    struct server s;
    (void)state;
    server_open(&s, "HTTP/1.1 200 OK\r\n\r\n");
    server_start(&s);
    for (size_t i = 0; i < LENGTH(hosts); i++)
        assert_int_equal(post(hosts[i], s.port, "10.0.0.0/8", 10).end, CLIENT_CLOSED_ADDRESS);
    server_end(&s);
    assert_string_equal(s.request, "");
}

static void an_address_to_send_to_has_a_host_and_no_secret(void **state)
{
    static const struct {
        const char *url;
        bool is_good;
    } rows[] = {
        {"https://example.vn/hook?x=1",   true },
        {"http://127.0.0.1:8080/",        true },
        {"https://[2606:4700::1]/a",      true },
        {"https://xn--bcher-kva.example", true },
        {"",                              false},
        {"example.vn",                    false},
        {"ftp://example.vn/",             false},
        {"file:///etc/passwd",            false},
        {"https://a:b@example.vn/",       false},
        {"https://a@example.vn/",         false},
        {"https://example.vn/#a",         false},
        {"https://",                      false},
        {"https://exa mple.vn/",          false},
        {"https://example.vn/\r\nX: y",   false},
        {"javascript:alert(1)",           false},
    };
    struct arena a;
    struct fail why;
    (void)state;
    arena_init(&a, 1 << 20);
    fail_init(&why, &a);
    for (size_t i = 0; i < LENGTH(rows); i++) {
        if ((client_url_check(str_from(rows[i].url), &why) == OK) != rows[i].is_good) print_error("%s\n", rows[i].url);
        assert_int_equal(client_url_check(str_from(rows[i].url), &why) == OK, rows[i].is_good);
    }
    arena_end(&a);
}

static void what_strangers_say_is_one_short_line_without_addresses(void **state)
{
    struct arena a;
    (void)state;
    arena_init(&a, 1 << 20);
    assert_str(client_said(&a, STR("550 5.1.1 <an@example.vn>: unknown\r\nuser")), "550 5.1.1 @ unknown user");
    assert_str(client_said(&a, STR("a@b@c d@")), "@ @");
    assert_str(client_said(&a, STR("\xff\xfe")), "...");
    char longer[700];
    for (size_t i = 0; i < sizeof longer; i += 7) memcpy(longer + i, "thu\xe1\xba\xbf ", 7);
    struct str said = client_said(&a, str_of(longer, sizeof longer));
    assert_true(said.len <= CLIENT_SAID_MOST);
    assert_true(((unsigned char)said.at[said.len - 1] & 0xC0) != 0xC0);
    assert_int_equal(client_retry_after(STR(" 30")), 30);
    assert_int_equal(client_retry_after(STR("999999999")), 24 * 3600);
    assert_int_equal(client_retry_after(STR("-1")), 0);
    assert_int_equal(client_retry_after(STR("Fri, 31 Dec 1999 23:59:59 GMT")), 0);
    arena_end(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_post_arrives_as_it_was_given),
        cmocka_unit_test(a_refusal_says_when_to_come_again_and_why),
        cmocka_unit_test(a_redirect_is_an_answer_and_is_not_followed),
        cmocka_unit_test(an_endless_answer_is_broken_off),
        cmocka_unit_test(a_long_line_of_another_language_is_said_all_the_same),
        cmocka_unit_test(who_never_answers_is_too_slow),
        cmocka_unit_test(nobody_there_is_unreachable),
        cmocka_unit_test(a_mail_server_that_refuses_says_so_with_three_digits),
        cmocka_unit_test(a_closed_address_gets_no_packet_by_whatever_name),
        cmocka_unit_test(an_address_to_send_to_has_a_host_and_no_secret),
        cmocka_unit_test(what_strangers_say_is_one_short_line_without_addresses),
    };
    return RUN_TESTS(tests);
}
