#include "bench/bench_flood.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/parse.h"

enum {
    CONNECTIONS_MOST = 4000,
    HEAD_BYTES = 4096,
    SCRATCH_BYTES = 64 * 1024,
    ARENA_BYTES = 4 * 1024 * 1024,
    EVENTS = 64,
    PREFERRED = -10
};

struct guest {
    int fd; /* -1: not connected */
    bool is_waiting, closes;
    struct flood_answer answer;
    bool is_in_body;
    int64_t again_us; /* it was told to ask again later, here; 0: it was not */
    uint64_t body_left;
    size_t head_len;
    char head[HEAD_BYTES];
    int next_free; /* index + 1 */
};

struct crowd {
    const struct flood *flood;
    struct flood_cost *cost;
    struct bench_worker worker;
    struct sockaddr_in to;
    int epoll_fd;
    struct guest *guests;
    int used, first_free, open;
    int64_t until_us;
    char scratch[SCRATCH_BYTES];
};

/* ---- connections ---- */

static enum outcome refuse(struct fail *why)
{
    return fail(why, ERR_DOWN, N_("The connection to the server being measured failed: {0}."),
                str_from(strerror(errno)));
}

static void hang_up(struct crowd *c, struct guest *g)
{
    if (g->fd < 0) return;
    (void)close(g->fd); /* leaves the epoll by itself */
    g->fd = -1;
    c->open--;
}

static enum outcome dial(struct crowd *c, struct guest *g, struct fail *why)
{
    int one = 1;
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.u64 = (uint64_t)(g - c->guests)};
    g->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (g->fd < 0 || connect(g->fd, (const struct sockaddr *)&c->to, sizeof c->to) != 0) return refuse(why);
    (void)setsockopt(g->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); /* only slower without it */
    if (epoll_ctl(c->epoll_fd, EPOLL_CTL_ADD, g->fd, &event) != 0) return refuse(why);
    if (++c->open > c->cost->connections) c->cost->connections = c->open;
    return OK;
}

/* The one that was free last, so that no more are open than wait at the same time; NULL: all wait. */
static struct guest *take_guest(struct crowd *c)
{
    struct guest *g = NULL;
    if (c->first_free > 0) {
        g = &c->guests[c->first_free - 1];
        c->first_free = g->next_free;
    } else if (c->used < CONNECTIONS_MOST) {
        g = &c->guests[c->used++];
        g->fd = -1;
    }
    return g;
}

static void give_guest(struct crowd *c, struct guest *g)
{
    g->next_free = c->first_free;
    c->first_free = (int)(g - c->guests) + 1;
}

/* ---- asking ---- */

static enum outcome send_whole(int fd, struct str text, struct fail *why)
{
    ssize_t n = send(fd, text.at, text.len, MSG_NOSIGNAL);
    if (n < 0 && (errno == EPIPE || errno == ECONNRESET)) return OK; /* the end is read next */
    return n < 0 || (size_t)n < text.len ? refuse(why) : OK;
}

static enum outcome ask(struct crowd *c, struct guest *g, int64_t due_us, struct fail *why)
{
    struct bench_request rq;
    arena_clear(c->worker.arena);
    g->answer = (struct flood_answer){.due_us = due_us};
    g->answer.kind = c->flood->choose(c->flood->context, &c->worker, &rq);
    c->worker.number++;
    g->is_waiting = true;
    g->again_us = 0;
    g->is_in_body = g->closes = false;
    g->head_len = 0;
    if (g->fd < 0) TRY(dial(c, g, why));
    return send_whole(g->fd, bench_request_text(c->worker.arena, c->flood->host, &rq), why);
}

/* ---- hearing ---- */

static enum outcome end_answer(struct crowd *c, struct guest *g, int status, struct fail *why)
{
    struct flood_answer a = g->answer;
    int64_t now = clock_monotonic_us();
    a.status = status;
    a.us = now - a.due_us;
    if (status == 0 || g->closes) hang_up(c, g);
    TRY(c->flood->hear(c->flood->context, &a, why));
    g->is_waiting = false;
    if (c->flood->clients == 0)
        give_guest(c, g);
    else if (a.retry_after_s > 0)
        g->again_us = now + a.retry_after_s * US_PER_S;
    else
        return ask(c, g, now, why);
    return OK;
}

/* False: that is no answer. */
static bool read_head(struct guest *g, struct str head)
{
    struct bench_head said;
    if (!bench_read_head(head, &said)) return false;
    g->answer.status = said.status;
    g->answer.retry_after_s = said.retry_after_s;
    g->closes = str_has(head, STR("\r\nConnection: close\r\n"));
    g->body_left = said.body_bytes;
    g->is_in_body = true;
    return true;
}

static enum outcome take_bytes(struct crowd *c, struct guest *g, struct str bytes, struct fail *why)
{
    if (!g->is_in_body) {
        size_t before = g->head_len, taken = bytes.len < HEAD_BYTES - before ? bytes.len : HEAD_BYTES - before;
        memcpy(g->head + before, bytes.at, taken);
        g->head_len += taken;
        ptrdiff_t end = str_find(str_of(g->head, g->head_len), STR("\r\n\r\n"), 0);
        if (end < 0) return g->head_len < HEAD_BYTES ? OK : end_answer(c, g, 0, why);
        if (!read_head(g, str_of(g->head, (size_t)end + 2))) return end_answer(c, g, 0, why);
        bytes = str_part(bytes, (size_t)end + 4 - before, bytes.len);
    }
    g->body_left -= bytes.len < g->body_left ? bytes.len : g->body_left;
    return g->body_left == 0 ? end_answer(c, g, g->answer.status, why) : OK;
}

static enum outcome hear(struct crowd *c, struct guest *g, struct fail *why)
{
    ssize_t n = recv(g->fd, c->scratch, sizeof c->scratch, MSG_DONTWAIT);
    if (n > 0 && g->is_waiting) return take_bytes(c, g, str_of(c->scratch, (size_t)n), why);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return OK;
    if (g->is_waiting) return end_answer(c, g, 0, why);
    hang_up(c, g); /* it was idle for too long */
    return OK;
}

/* ---- the loop ---- */

static enum outcome listen_until(struct crowd *c, int64_t until_us, struct fail *why)
{
    struct epoll_event events[EVENTS];
    int64_t left_us = until_us - clock_monotonic_us();
    if (left_us < 0) left_us = 0;
    struct timespec wait = {left_us / US_PER_S, left_us % US_PER_S * 1000};
    int n = epoll_pwait2(c->epoll_fd, events, EVENTS, &wait, NULL);
    if (n < 0 && errno != EINTR) return refuse(why);
    for (int i = 0; i < n; i++) {
        struct guest *g = &c->guests[events[i].data.u64];
        if (g->fd >= 0) TRY(hear(c, g, why));
    }
    return OK;
}

static enum outcome ask_what_is_due(struct crowd *c, int64_t begun_us, int64_t *next_us, struct fail *why)
{
    while (*next_us <= clock_monotonic_us()) {
        struct guest *g = take_guest(c);
        if (g)
            TRY(ask(c, g, *next_us, why));
        else
            c->cost->unsent++;
        int64_t asked = (int64_t)(c->worker.number - c->flood->first) + (int64_t)c->cost->unsent;
        *next_us = begun_us + asked * c->flood->interval_ns / 1000;
    }
    return OK;
}

static enum outcome ask_again(struct crowd *c, struct fail *why)
{
    int64_t now = clock_monotonic_us();
    for (int i = 0; i < c->used; i++) {
        struct guest *g = &c->guests[i];
        if (g->again_us > 0 && now >= g->again_us) TRY(ask(c, g, now, why));
    }
    return OK;
}

static enum outcome loop(struct crowd *c, int64_t begun_us, struct fail *why)
{
    enum { LOOK_US = 20000 };
    bool is_by_clock = c->flood->clients == 0;
    int64_t next_us = is_by_clock ? begun_us : INT64_MAX;
    for (int i = 0; i < c->flood->clients; i++) TRY(ask(c, take_guest(c), begun_us, why));
    for (int64_t now = begun_us; now < c->until_us; now = clock_monotonic_us()) {
        TRY(is_by_clock ? ask_what_is_due(c, begun_us, &next_us, why) : ask_again(c, why));
        int64_t look_us = now + LOOK_US < c->until_us ? now + LOOK_US : c->until_us;
        TRY(listen_until(c, next_us < look_us ? next_us : look_us, why));
        TRY(bench_refuse_stopped(why));
    }
    return OK;
}

static int64_t own_time_us(void)
{
    struct rusage u;
    (void)getrusage(RUSAGE_THREAD, &u); /* cannot fail for the caller */
    return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * US_PER_S + u.ru_utime.tv_usec + u.ru_stime.tv_usec;
}

static enum outcome run(struct crowd *c, struct fail *why)
{
    struct str address, port;
    int number;
    if (!str_cut(c->flood->host, ':', &address, &port) || !parse_int(port, 1, UINT16_MAX, &number))
        BUG("the server has no port");
    c->to = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)number)};
    c->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (c->epoll_fd < 0) return refuse(why);
    int nice = getpriority(PRIO_PROCESS, 0);
    c->cost->is_preferred = setpriority(PRIO_PROCESS, (id_t)gettid(), PREFERRED) == 0;
    int64_t begun_us = clock_monotonic_us(), own_us = own_time_us();
    c->until_us = begun_us + c->flood->us;
    enum outcome done = loop(c, begun_us, why);
    c->cost->cores = (double)(own_time_us() - own_us) / (double)(clock_monotonic_us() - begun_us);
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), nice); /* to be less preferred is always allowed */
    for (int i = 0; i < c->used; i++) hang_up(c, &c->guests[i]);
    (void)close(c->epoll_fd); /* nothing is in it any more */
    return done;
}

enum outcome flood_run(const struct flood *f, struct flood_cost *out, struct fail *why)
{
    AUTO_ARENA struct arena arena;
    struct crowd *c = calloc(1, sizeof *c);
    if (c != NULL) c->guests = calloc(CONNECTIONS_MOST, sizeof *c->guests);
    if (c == NULL || c->guests == NULL) BUG("out of memory for a crowd");
    arena_init(&arena, ARENA_BYTES);
    *out = (struct flood_cost){.cores = 0};
    c->flood = f;
    c->cost = out;
    c->worker = (struct bench_worker){.arena = &arena, .number = f->first, .random = f->first, .fd = -1};
    enum outcome done = run(c, why);
    free(c->guests);
    free(c);
    return done;
}
