#include "bench/slow_crowd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "bench/slow_sink.h"
#include "http/http_limits.h"

/* DROP: enough that a body is not sent away for its slowness (HTTP_BODY_LEAST_BYTES). */
enum { MOST = 60000, DROP = 256, STEP_MS = 1 };
/* Of a slow head: until the server ends it, and a turn at most until that is seen and it begins anew. */
#define LIFE_US (HTTP_HEADER_US + SLOW_TURN_MS * 1000)

static const char quiet[] = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
static const char head[] = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ";
static const char body[] = "POST /dang-nhap HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                           "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 20000\r\n\r\nlogin=";

struct order {
    int32_t kind, port, count;
};

struct drip {
    int control;
    struct order order;
    struct slow_sink sink; /* while they talk to it */
    int *fds;              /* -1: it has ended */
    int32_t begun, open;
    uint64_t ended; /* by the server, of this order */
    int64_t begun_us;
    uint64_t visited; /* turns so far, of all */
};

/* ---- in the process of the crowd ---- */

static void hang_up(struct drip *d, int i)
{
    if (d->fds[i] < 0) return;
    (void)close(d->fds[i]);
    d->fds[i] = -1;
    d->open--;
}

static bool say(int fd, const char *text, size_t len)
{
    return send(fd, text, len, MSG_NOSIGNAL) == (ssize_t)len;
}

/* How it begins; a quiet one has heard its answer. */
static bool greet(const struct drip *d, int i, int fd)
{
    char answer[4096];
    if (d->order.kind == SLOW_QUIET)
        return say(fd, quiet, sizeof quiet - 1) && recv(fd, answer, sizeof answer, 0) > 12 &&
               memcmp(answer + 9, "200", 3) == 0;
    return i % 2 == 0 ? say(fd, head, sizeof head - 1) : say(fd, body, sizeof body - 1);
}

static void begin(struct drip *d, int i)
{
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)d->order.port)};
    if (fd < 0) return;                                               /* told by how many are open */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); /* a drop goes at once */
    if (connect(fd, (const struct sockaddr *)&to, sizeof to) != 0 || !greet(d, i, fd)) {
        (void)close(fd);
        return;
    }
    d->fds[i] = fd;
    d->open++;
}

static bool has_ended(int fd)
{
    char heard[512];
    ssize_t n = recv(fd, heard, sizeof heard, MSG_DONTWAIT);
    return n >= 0 || (errno != EAGAIN && errno != EINTR); /* whatever is said to a slow one is its end */
}

static void visit(struct drip *d, int i)
{
    char drops[DROP];
    memset(drops, 'a', sizeof drops);
    if (i >= d->begun) return;
    if (d->fds[i] >= 0 && has_ended(d->fds[i])) {
        hang_up(d, i);
        d->ended++;
    }
    if (d->fds[i] < 0)
        begin(d, i);
    else if (d->order.kind != SLOW_QUIET)
        (void)say(d->fds[i], drops, i % 2 == 0 ? 1 : DROP); /* an ended one is seen at its next turn */
}

/* As many turns as the clock says by now. */
static void visit_some(struct drip *d)
{
    int64_t passed_us = clock_monotonic_us() - d->begun_us;
    uint64_t due = (uint64_t)(passed_us * d->order.count / (SLOW_TURN_MS * 1000));
    for (; d->visited < due; d->visited++) visit(d, (int)(d->visited % (uint64_t)d->order.count));
}

static void begin_until(struct drip *d, int64_t due)
{
    for (; d->begun < due && d->begun < d->order.count; d->begun++) {
        d->fds[d->begun] = -1;
        begin(d, d->begun);
    }
}

/* Slow ones do not come together: those whose head took too long would be ended, and begun anew, all in one moment. */
static void begin_all(struct drip *d)
{
    d->begun = 0;
    d->begun_us = clock_monotonic_us();
    d->visited = 0;
    while (d->order.kind != SLOW_QUIET && d->begun < d->order.count) {
        begin_until(d, (clock_monotonic_us() - d->begun_us) * d->order.count / LIFE_US);
        visit_some(d);
        (void)usleep(STEP_MS * 1000);
    }
    begin_until(d, d->order.count);
}

static void obey(struct drip *d)
{
    struct slow_said before = {.ended = d->ended, .turns = d->visited};
    for (int i = 0; i < d->order.count; i++) hang_up(d, i);
    if (read(d->control, &d->order, sizeof d->order) != sizeof d->order) _exit(0); /* nobody orders any more */
    if (d->order.count > MOST) _exit(1);
    slow_sink_end(&d->sink);
    if (d->order.kind == SLOW_ELSEWHERE) {
        if (!slow_sink_begin(&d->sink)) _exit(1);
        d->order.port = d->sink.port;
    }
    begin_all(d);
    before.open = d->open;
    if (write(d->control, &before, sizeof before) != sizeof before) _exit(0);
    d->ended = 0;
    d->begun_us = clock_monotonic_us();
    d->visited = 0;
}

static void drip_for_ever(int control)
{
    struct rlimit limit;
    struct drip d = {.control = control, .fds = calloc(MOST, sizeof *d.fds)};
    if (d.fds == NULL) _exit(1);
    /* Whoever is slow out there does not compute on these cores; should it come too late, `turns` tells. */
    (void)sched_setscheduler(0, SCHED_IDLE, &(struct sched_param){0});
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit); /* told by how many are open */
    }
    for (;;) {
        struct pollfd p = {.fd = control, .events = POLLIN};
        if (poll(&p, 1, d.order.count > 0 ? STEP_MS : -1) > 0) obey(&d);
        if (d.order.count > 0) visit_some(&d);
    }
}

/* ---- whoever orders ---- */

static enum outcome refuse(struct fail *why)
{
    return fail(why, ERR_DOWN, N_("The process with the slow connections failed: {0}."), str_from(strerror(errno)));
}

enum outcome slow_crowd_begin(struct slow_crowd *out, struct fail *why)
{
    int pair[2];
    *out = (struct slow_crowd){.fd = -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return refuse(why);
    out->pid = fork();
    if (out->pid < 0) return refuse(why);
    if (out->pid == 0) {
        (void)close(pair[0]);
        drip_for_ever(pair[1]);
    }
    (void)close(pair[1]);
    out->fd = pair[0];
    return OK;
}

enum outcome slow_crowd_order(const struct slow_crowd *c, enum slow_kind kind, int port, int count,
                              struct slow_said *out, struct fail *why)
{
    struct order order = {(int32_t)kind, port, count};
    if (write(c->fd, &order, sizeof order) != sizeof order) return refuse(why);
    if (read(c->fd, out, sizeof *out) != sizeof *out) return refuse(why);
    return OK;
}

void slow_crowd_end(struct slow_crowd *c)
{
    if (c->fd < 0) return;
    (void)close(c->fd); /* by which it ends */
    (void)waitpid(c->pid, NULL, 0);
    c->fd = -1;
}
