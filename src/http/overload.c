#include "http/overload.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

static void send_canary(struct server *s, int operation)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data.u64 = CANARY_EVENT};
    atomic_store(&s->canary.sent_us, clock_monotonic_us());
    if (epoll_ctl(s->epoll_fd, operation, s->canary.fd, &event) != 0) BUG("epoll_ctl: errno %d", errno);
}

/* Its counter is never read back, so it is always ready: arming it puts it at the end of the queue. */
void overload_open(struct server *s)
{
    s->canary.fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
    if (s->canary.fd < 0) BUG("no descriptor for the canary: errno %d", errno);
    send_canary(s, EPOLL_CTL_ADD);
}

void overload_close(struct server *s)
{
    if (s->canary.fd >= 0) (void)close(s->canary.fd); /* nothing was written to it */
    s->canary.fd = -1;
}

void overload_arrived(struct server *s)
{
    int64_t sent_us = atomic_exchange(&s->canary.sent_us, 0);
    if (sent_us > 0 && clock_monotonic_us() - sent_us <= HTTP_QUEUE_US) atomic_store(&s->canary.late_since_us, 0);
}

/* How much of the queue stays, kind by kind, and for how long at most. */
enum work { WORK_SENT, WORK_LOOK, WORK_CAN_WAIT, WORK_COUNT };
static const struct {
    int count;
    int64_t us;
} kept_most[WORK_COUNT] = {
    [WORK_SENT] = {64, US_PER_S    },
    [WORK_LOOK] = {16, US_PER_S / 4},
    [WORK_CAN_WAIT] = {2,  US_PER_S / 4},
};

/* What a visitor who waits wants, by the first line of the request, which stays where it is. */
static enum work work_of(struct server *s, const struct connection *c)
{
    char peeked[512];
    struct str line = STR_NONE, verb, path, rest;
    if (c->exchange && c->exchange->in_len > 0) {
        line = str_of(c->exchange->in, c->exchange->in_len);
    } else {
        ssize_t n = recv(c->fd, peeked, sizeof peeked, MSG_PEEK | MSG_DONTWAIT);
        if (n > 0) line = str_of(peeked, (size_t)n);
    }
    if (!str_cut(line, ' ', &verb, &rest) || !str_eq(verb, STR("GET"))) return verb.len > 2 ? WORK_SENT : WORK_LOOK;
    (void)str_cut(rest, ' ', &path, &rest); /* a long path may not be whole: then no row has it */
    (void)str_cut(path, '?', &path, &rest);
    bool exists;
    const struct route *row = s->options.router ? router_match(s->options.router, GET, path, &exists) : NULL;
    return row && row->can_wait ? WORK_CAN_WAIT : WORK_LOOK;
}

static bool may_stay(struct server *s, struct connection *c, int kept[WORK_COUNT])
{
    enum work work = work_of(s, c);
    int64_t now = clock_monotonic_us();
    if (c->kept_since_us == 0) c->kept_since_us = now;
    return now - c->kept_since_us < kept_most[work].us && kept[work]++ < kept_most[work].count;
}

/* New requests beyond what is kept hear 503; a body or an answer on its way goes to the end of the queue. */
static void shed(struct server *s)
{
    struct epoll_event event;
    int kept[WORK_COUNT] = {0};
    while (atomic_load(&s->canary.sent_us) > 0 && epoll_wait(s->epoll_fd, &event, 1, 0) == 1) {
        if (event.data.u64 == CANARY_EVENT) {
            atomic_store(&s->canary.sent_us, 0);
            return;
        }
        struct connection *c = server_take(s, event.data.u64);
        if (!c) continue;
        int64_t deadline_us = atomic_load_explicit(&c->deadline_us, memory_order_relaxed);
        bool is_new = c->phase == PHASE_IDLE || c->phase == PHASE_HEAD;
        if (is_new && !may_stay(s, c, kept))
            server_refuse_busy(s, c);
        else
            server_wait(s, c, c->phase == PHASE_WRITE ? EPOLLOUT : EPOLLIN | EPOLLRDHUP, deadline_us);
    }
}

/* Sends the canary when there is something to measure. False when all is calm. */
static bool measure(struct server *s)
{
    uint64_t requests = atomic_load_explicit(&s->requests, memory_order_relaxed);
    bool is_calm = requests == s->canary.requests && atomic_load(&s->in_progress) == 0;
    s->canary.requests = requests;
    if (!is_calm) send_canary(s, EPOLL_CTL_MOD);
    return !is_calm;
}

int overload_tick(struct server *s)
{
    struct canary *c = &s->canary;
    int64_t now = clock_monotonic_us(), sent_us = atomic_load(&c->sent_us);
    int64_t patience_us = c->is_shedding ? HTTP_SHED_US : HTTP_QUEUE_US;
    if (c->is_shedding && now - c->shed_us > HTTP_OVERLOAD_US) c->is_shedding = false;
    int pause_ms = c->is_shedding ? HTTP_SHED_TICK_MS : HTTP_CANARY_MS;
    if (sent_us == 0) return measure(s) ? pause_ms : HTTP_TICK_MS;
    if (now - sent_us <= patience_us) return pause_ms;
    int64_t late_since_us = atomic_load(&c->late_since_us);
    if (!c->is_shedding && late_since_us == 0) atomic_store(&c->late_since_us, now);
    if (c->is_shedding || (late_since_us > 0 && now - late_since_us > HTTP_OVERLOAD_US)) {
        c->is_shedding = true;
        c->shed_us = now;
        shed(s);
    }
    return pause_ms;
}
