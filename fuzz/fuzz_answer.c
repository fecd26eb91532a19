/*
 * What strangers answer. After a w the input is what a web server on loopback says that is sent a message, after an m
 * what a mail server says; else it is a text of theirs alone, or an address. Whatever comes, the transfer ends once,
 * within its time, with one short line of whole characters and no mail address in it. An address that is taken is one
 * for the web.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/text.h"
#include "http/client.h"

enum { ROUNDS_MOST = 1000, RETRY_MOST_S = 24 * 3600 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- the stranger ---- */

static struct stranger {
    int fd, port;
    struct str answer; /* set before anybody connects, left alone until it has gone */
    sem_t gone;
} stranger = {.fd = -1};

static void *speak(void *context)
{
    (void)context; /* there is one stranger */
    for (;;) {
        char heard[4096];
        int fd = accept4(stranger.fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0) BUG("loopback does not work");
        struct str said = stranger.answer;
        if (said.len > 0) (void)send(fd, said.at, said.len, MSG_NOSIGNAL); /* it may have gone already */
        (void)shutdown(fd, SHUT_WR);
        while (read(fd, heard, sizeof heard) > 0) {
        }
        (void)close(fd); /* nothing is kept of it */
        if (sem_post(&stranger.gone) != 0) BUG("a semaphore that does not count");
    }
    return NULL;
}

static void begin(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t bytes = sizeof at;
    pthread_t thread;
    if (stranger.fd >= 0) return;
    if (sem_init(&stranger.gone, 0, 0) != 0) BUG("no semaphore");
    stranger.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_open = bind(stranger.fd, (struct sockaddr *)&at, sizeof at) == 0 && listen(stranger.fd, 64) == 0 &&
                   getsockname(stranger.fd, (struct sockaddr *)&at, &bytes) == 0;
    stranger.port = ntohs(at.sin_port);
    if (!is_open || pthread_create(&thread, NULL, speak, NULL) != 0) BUG("loopback does not work");
}

/* ---- what comes of it ---- */

static void check_said(struct str said)
{
    if (said.len > CLIENT_SAID_MOST || !text_is_utf8(said)) BUG("no text, or too long a one");
    for (size_t i = 0; i < said.len; i++) {
        if ((unsigned char)said.at[i] < ' ') BUG("a control character");
        bool is_word = (i > 0 && said.at[i - 1] != ' ') || (i + 1 < said.len && said.at[i + 1] != ' ');
        if (said.at[i] == '@' && is_word) BUG("a mail address");
    }
}

static void note(void *context, const struct client_result *r)
{
    (*(int *)context)++;
    if (r->end > CLIENT_NOT_SIGNED_IN || r->status < 0 || r->status > 999) BUG("an end that there is not");
    if (r->retry_after_s < 0 || r->retry_after_s > RETRY_MOST_S) BUG("to be tried again when?");
    check_said(r->said);
}

static void check_transfer(struct arena *a, bool is_mail, struct str answer)
{
    struct fail why;
    int told = 0;
    struct client_options o = {.at_once = 1, .timeout_s = 5};
    fail_init(&why, a);
    if (address_list_parse(a, STR("127.0.0.1"), &o.allowed, &why) != OK) BUG("loopback is no address");
    stranger.answer = answer;
    struct client *c = client_new(&o);
    const struct pair headers[] = {
        {STR("webhook-id"), STR("msg_1")}
    };
    struct transfer t = {.context = &told, .body = STR("Subject: x\r\n\r\n{}\r\n")};
    t.url = str_format(a, "%s://127.0.0.1:%d/", is_mail ? "smtp" : "http", stranger.port);
    if (is_mail) {
        t.from = STR("office@example.vn");
        t.to = STR("citizen@example.vn");
        if (answer.len % 2 == 1) t.user = t.password = STR("office");
    } else {
        t.headers = headers;
        t.header_count = LENGTH(headers);
    }
    if (!client_start(c, &t)) BUG("the first is one too many");
    for (int i = 0; i < ROUNDS_MOST && told == 0; i++) client_run(c, 20, note, &told);
    if (told != 1) BUG("told %d times", told);
    client_free(c);
    while (sem_wait(&stranger.gone) != 0) { /* a signal */
    }
}

static void check_texts(struct arena *a, struct str text)
{
    struct fail why;
    struct address_list list;
    fail_init(&why, a);
    check_said(client_said(a, text));
    int64_t wait = client_retry_after(text);
    if (wait < 0 || wait > RETRY_MOST_S) BUG("to be tried again when?");
    struct str lower = str_lower_ascii(a, text);
    if (client_url_check(text, &why) == OK && !str_starts(lower, STR("http:")) && !str_starts(lower, STR("https:")))
        BUG("no address of the web");
    (void)address_list_parse(a, text, &list, &why); /* only that it does not crash */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, 64 << 20);
    struct str text = str_of((const char *)data, size);
    check_texts(&a, text);
    if (size == 0 || (data[0] != 'm' && data[0] != 'w')) return 0;
    begin();
    check_transfer(&a, data[0] == 'm', str_part(text, 1, size));
    return 0;
}
