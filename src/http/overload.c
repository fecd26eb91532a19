#include "http/overload.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* DOOR_AHEAD: so many are let in before a thread asks for them, so that none waits for the door. DOOR_TURNS: of one
 * kind one after the other, then the next kind has its turn. DOOR_FEW: the door is kept while one of so many is
 * refused. */
enum { DOOR_AHEAD = 4, DOOR_TURNS = 8, DOOR_FEW = 8, DOOR_ARENA_BYTES = 64 * 1024 };

/* How many of a kind may wait: some, and what was let in in a part of a second. */
static const struct {
    int least, part;
} kept[WORK_COUNT] = {
    [WORK_SENT] = {16, 10},
    [WORK_LOOK] = {8,  20},
    [WORK_CAN_WAIT] = {2,  20},
};

/* ---- the canary ---- */

static void send_canary(struct server *s, int operation)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLONESHOT, .data.u64 = CANARY_EVENT};
    atomic_store(&s->canary.sent_us, clock_monotonic_us());
    if (epoll_ctl(s->epoll_fd, operation, s->canary.fd, &event) != 0) BUG("epoll_ctl: errno %d", errno);
}

/* Its counter is never read back, so it is always ready: arming it puts it at the end of the queue. */
void overload_open(struct server *s)
{
    struct door *d = &s->door;
    s->canary.fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
    d->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (s->canary.fd < 0 || d->epoll_fd < 0) BUG("no descriptors for the door: errno %d", errno);
    (void)pthread_mutex_init(&d->lock, NULL);
    arena_init(&d->arena, DOOR_ARENA_BYTES);
    send_canary(s, EPOLL_CTL_ADD);
}

void overload_close(struct server *s)
{
    struct door *d = &s->door;
    if (d->epoll_fd < 0) return; /* never opened */
    (void)close(s->canary.fd);   /* nothing was written to it */
    (void)close(d->epoll_fd);
    (void)pthread_mutex_destroy(&d->lock);
    arena_end(&d->arena);
}

void overload_arrived(struct server *s)
{
    int64_t sent_us = atomic_exchange(&s->canary.sent_us, 0);
    if (sent_us > 0 && clock_monotonic_us() - sent_us <= HTTP_QUEUE_US) atomic_store(&s->canary.late_since_us, 0);
}

/* ---- who waits in the lists ---- */

static bool is_new(const struct connection *c)
{
    return c->phase == PHASE_IDLE || c->phase == PHASE_HEAD;
}

static void append(struct door_list *l, struct connection *c)
{
    c->next_at_door = NULL;
    if (l->last)
        l->last->next_at_door = c;
    else
        l->first = c;
    l->last = c;
    l->count++;
}

static struct connection *pop(struct door_list *l)
{
    struct connection *c = l->first;
    l->first = c->next_at_door;
    if (!l->first) l->last = NULL;
    l->count--;
    return c;
}

/* What was sent first; after some turns the next kind, so that nobody waits for ever. NULL: nobody waits. */
static struct connection *choose(struct door *d)
{
    struct door_list *chosen = NULL;
    for (int i = 0; i < WORK_COUNT; i++) {
        struct door_list *l = &d->lists[i];
        if (!l->first) continue;
        chosen = l;
        if (l->turns < DOOR_TURNS) break;
        l->turns = 0;
    }
    if (!chosen) return NULL;
    chosen->turns++;
    return pop(chosen);
}

static int most_of(const struct door *d, enum work work)
{
    const struct door_list *l = &d->lists[work];
    return kept[work].least + l->rate / kept[work].part;
}

static void lock(struct door *d)
{
    if (pthread_mutex_lock(&d->lock) != 0) BUG("the door's lock is broken");
}

static void unlock(struct door *d)
{
    (void)pthread_mutex_unlock(&d->lock); /* held by this thread */
}

/* ---- letting in ---- */

static void let_in(struct server *s, struct connection *c)
{
    c->is_let_in = true;
    server_wait(s, c, EPOLLIN | EPOLLRDHUP, clock_monotonic_us() + HTTP_HEADER_US);
}

void overload_left(struct server *s, struct connection *c)
{
    struct door *d = &s->door;
    if (!c->is_let_in) return;
    c->is_let_in = false;
    lock(d);
    d->ahead--;
    struct connection *next = choose(d);
    if (next) {
        d->ahead++;
        d->lists[next->work].taken++;
    }
    unlock(d);
    if (next) let_in(s, next);
}

bool overload_is_at_door(struct server *s, const struct connection *c)
{
    return is_new(c) && !c->is_let_in && atomic_load_explicit(&s->door.is_kept, memory_order_relaxed);
}

bool overload_keeps(struct server *s, struct connection *c)
{
    bool was_let_in = c->is_let_in;
    overload_left(s, c);
    if (was_let_in || !overload_is_at_door(s, c)) return false;
    server_wait(s, c, EPOLLIN | EPOLLRDHUP, atomic_load_explicit(&c->deadline_us, memory_order_relaxed));
    return true;
}

/* ---- who comes to the door ---- */

/* What a visitor wants, by the first line of the request. */
static enum work work_of(const struct server *s, const struct connection *c, struct str bytes)
{
    struct str verb, path, rest;
    if (c->exchange && c->exchange->in_len > 0) bytes = str_of(c->exchange->in, c->exchange->in_len);
    if (!str_cut(bytes, ' ', &verb, &rest) || !str_eq(verb, STR("GET"))) return verb.len > 2 ? WORK_SENT : WORK_LOOK;
    (void)str_cut(rest, ' ', &path, &rest); /* a long path may not be whole: then no row has it */
    (void)str_cut(path, '?', &path, &rest);
    bool exists;
    const struct route *row = s->options.router ? router_match(s->options.router, GET, path, &exists) : NULL;
    return row && row->can_wait ? WORK_CAN_WAIT : WORK_LOOK;
}

/* The bytes are one request from its beginning to its end and nothing else, so that the next begins behind them: said
 * by the parser that all requests go through. Anything doubtful is not. */
static bool is_whole(struct door *d, const struct connection *c, size_t len)
{
    struct message *m = &d->message;
    struct fail why;
    size_t used;
    if (c->exchange || str_starts(str_of(d->peeked, len), STR("HEAD "))) return false;
    arena_clear(&d->arena);
    fail_init(&why, &d->arena);
    message_init(m);
    if (message_feed(m, d->peeked, len, &used, &why) != OK || m->stage != MESSAGE_AT_BODY) return false;
    bool is_plain = message_keeps_alive(m) && !(m->parser.flags & F_TRANSFER_ENCODING);
    return is_plain && message_body_left(m) == len - used;
}

/* Lets in, keeps in a list, or refuses: at once. */
static void decide(struct server *s, struct connection *c, size_t len)
{
    struct door *d = &s->door;
    c->work = work_of(s, c, str_of(d->peeked, len));
    c->at_door_us = clock_monotonic_us();
    bool counts = c->work != WORK_CAN_WAIT;
    d->came += counts;
    lock(d);
    struct door_list *l = &d->lists[c->work];
    bool comes_in = d->ahead < DOOR_AHEAD, waits = !comes_in && l->count < most_of(d, c->work);
    if (comes_in) {
        d->ahead++;
        l->taken++;
    }
    if (waits) append(l, c);
    unlock(d);
    if (comes_in) let_in(s, c);
    if (comes_in || waits) return;
    d->refused += counts;
    server_refuse_busy(s, c, is_whole(d, c, len) ? len : 0);
}

void overload_receive(struct server *s, struct connection *c)
{
    struct door *d = &s->door;
    int64_t deadline_us = atomic_load_explicit(&c->deadline_us, memory_order_relaxed);
    ssize_t n = 0;
    if (atomic_load(&d->is_kept)) {
        n = recv(c->fd, d->peeked, sizeof d->peeked, MSG_PEEK | MSG_DONTWAIT);
        if (n > 0)
            decide(s, c, (size_t)n);
        else if (n < 0 && server_has_unread(c)) /* a slow one */
            decide(s, c, 0);
        else if (n < 0 && (errno == EAGAIN || errno == EINTR))
            server_wait(s, c, EPOLLIN | EPOLLRDHUP, deadline_us);
        else
            server_drop(s, c);
        return;
    }
    server_wait(s, c, EPOLLIN | EPOLLRDHUP, deadline_us); /* to the threads */
}

/* ---- keeping the door ---- */

/* Whose new requests lie in front of the canary come to the door; a body or an answer on its way goes on. */
static void gather(struct server *s)
{
    struct epoll_event event;
    while (atomic_load(&s->canary.sent_us) > 0 && epoll_wait(s->epoll_fd, &event, 1, 0) == 1) {
        if (event.data.u64 == CANARY_EVENT) {
            atomic_store(&s->canary.sent_us, 0);
            return;
        }
        struct connection *c = server_take(s, event.data.u64);
        if (!c) continue;
        int64_t deadline_us = atomic_load_explicit(&c->deadline_us, memory_order_relaxed);
        if (overload_is_at_door(s, c))
            overload_receive(s, c);
        else
            server_wait(s, c, c->phase == PHASE_WRITE ? EPOLLOUT : EPOLLIN | EPOLLRDHUP, deadline_us);
    }
}

/* A kind that does not get its turn, because all others go first: told after all. */
static void refuse_old(struct server *s, int64_t now)
{
    struct door *d = &s->door;
    for (int i = 0; i < WORK_COUNT; i++) {
        for (;;) {
            lock(d);
            struct door_list *l = &d->lists[i];
            bool is_old = l->first && now - l->first->at_door_us > HTTP_DOOR_US;
            struct connection *c = is_old ? pop(l) : NULL;
            unlock(d);
            if (!c) break;
            ssize_t n = recv(c->fd, d->peeked, sizeof d->peeked, MSG_PEEK | MSG_DONTWAIT);
            server_refuse_busy(s, c, n > 0 && is_whole(d, c, (size_t)n) ? (size_t)n : 0);
        }
    }
}

static void begin_window(struct door *d, int64_t now)
{
    int64_t us = now - d->window_us;
    lock(d);
    for (int i = 0; i < WORK_COUNT; i++) {
        struct door_list *l = &d->lists[i];
        l->rate = us > 0 ? (int)(l->taken * US_PER_S / us) : 0;
        l->taken = 0;
    }
    unlock(d);
    d->window_us = now;
    d->came = d->refused = 0;
}

static void keep_door(struct server *s, int64_t now)
{
    struct door *d = &s->door;
    begin_window(d, now);
    atomic_store(&d->is_kept, true);
    gather(s);
}

static void watch_door(struct server *s, int64_t now)
{
    struct door *d = &s->door;
    refuse_old(s, now);
    if (now - d->window_us < HTTP_DOOR_WINDOW_US) return;
    bool is_over = d->refused * DOOR_FEW < d->came + DOOR_FEW;
    begin_window(d, now);
    if (!is_over) return;
    atomic_store(&s->canary.late_since_us, 0);
    atomic_store(&d->is_kept, false);
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
    if (atomic_load(&s->door.is_kept)) {
        watch_door(s, now);
        return HTTP_DOOR_TICK_MS;
    }
    if (sent_us == 0) return measure(s) ? HTTP_CANARY_MS : HTTP_TICK_MS;
    if (now - sent_us <= HTTP_QUEUE_US) return HTTP_CANARY_MS;
    int64_t late_since_us = atomic_load(&c->late_since_us);
    if (late_since_us == 0) atomic_store(&c->late_since_us, now);
    if (late_since_us > 0 && now - late_since_us > HTTP_OVERLOAD_US) keep_door(s, now);
    return HTTP_CANARY_MS;
}

void overload_let_all_in(struct server *s)
{
    struct door *d = &s->door;
    atomic_store(&d->is_kept, false);
    for (;;) {
        lock(d);
        struct connection *c = choose(d);
        if (c) d->ahead++;
        unlock(d);
        if (!c) return;
        let_in(s, c);
    }
}

/* As sched_setattr(2) says; the C library does not know it, and the kernel's header has a struct of that library's
 * name. */
struct quick {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t slice_ns, deadline_ns, period_ns;
};

/*
 * The thread that says who must wait sleeps most of the time, and what it does takes microseconds: a short slice lets
 * the scheduler run it at once (Linux 6.12 and later), a better priority where the system allows it (LimitNICE). Where
 * neither is to be had, its answers are only less prompt.
 */
void overload_begin(void)
{
    enum { SLICE_NS = 200 * 1000, BETTER = 5 };
    int nice = getpriority(PRIO_PROCESS, 0);
    for (int better = BETTER; better >= 0; better -= BETTER) {
        struct quick quick = {.size = sizeof quick, .slice_ns = SLICE_NS, .nice = nice - better};
        if (syscall(SYS_sched_setattr, 0, &quick, 0) == 0) return;
    }
}
