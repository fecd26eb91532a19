#include "http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/filter.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netinet/tcp.h>

#include "base/log.h"
#include "base/parse.h"
#include "http/gate.h"
#include "http/inside.h"
#include "http/overload.h"
#include "http/slow.h"

/* The low two bits of a connection's word. */
enum slot_state { SLOT_OWNED, SLOT_ARMING, SLOT_WAITING };

/* What an epoll event carries: slot number below, number of the wait above. */
enum { SLOT_BITS = 16 };
#define WAIT_MASK ((UINT64_C(1) << (64 - SLOT_BITS)) - 1)
#define STOP_EVENT UINT64_MAX
#define LISTEN_EVENT (UINT64_MAX - 2)

static uint64_t word_of(uint64_t wait, enum slot_state state)
{
    return wait << 2 | state;
}

/* ---- waiting and waking ---- */

static int epoll_of(const struct server *s, enum place place)
{
    const int fds[PLACE_COUNT] = {
        [AT_THREADS] = s->epoll_fd, [AT_DOOR] = s->door.epoll_fd, [AT_SLOW] = s->slow.epoll_fd};
    return fds[place];
}

static enum place place_of(struct server *s, const struct connection *c)
{
    if (c->is_slow) return AT_SLOW;
    return overload_is_at_door(s, c) ? AT_DOOR : AT_THREADS;
}

/*
 * The word says ARMING while this thread is not yet back from epoll_ctl. The event may be faster: who gets it then
 * waits for WAITING, so that a connection never has two owners, not even for the length of a system call.
 */
void server_wait(struct server *s, struct connection *c, uint32_t events, int64_t deadline_us)
{
    uint64_t wait = (c->wait + 1) & (WAIT_MASK >> 2);
    enum place place = place_of(s, c);
    int operation = c->is_registered[place] ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    struct epoll_event event = {
        .events = place == AT_SLOW ? events : events | EPOLLONESHOT,
        .data.u64 = wait << SLOT_BITS | (uint64_t)(c - s->slots),
    };
    if (server_has_unread(c) && (events & EPOLLIN)) event.events |= EPOLLOUT; /* ready at once */
    c->wait = wait;
    c->is_registered[place] = true;
    atomic_store_explicit(&c->deadline_us, deadline_us, memory_order_relaxed);
    atomic_store_explicit(&c->is_idle, c->phase == PHASE_IDLE, memory_order_relaxed);
    atomic_store_explicit(&c->word, word_of(wait, SLOT_ARMING), memory_order_release);
    if (epoll_ctl(epoll_of(s, place), operation, c->fd, &event) != 0) BUG("epoll_ctl: errno %d", errno);
    atomic_store_explicit(&c->word, word_of(wait, SLOT_WAITING), memory_order_release);
}

void server_stay(struct connection *c, int64_t deadline_us)
{
    atomic_store_explicit(&c->deadline_us, deadline_us, memory_order_relaxed);
    atomic_store_explicit(&c->word, word_of(c->wait, SLOT_WAITING), memory_order_release);
}

void server_leave_place(struct server *s, struct connection *c, enum place place)
{
    if (epoll_ctl(epoll_of(s, place), EPOLL_CTL_DEL, c->fd, NULL) != 0) BUG("epoll_ctl: errno %d", errno);
    c->is_registered[place] = false;
}

struct connection *server_take(struct server *s, uint64_t event)
{
    struct connection *c = &s->slots[event & ((1u << SLOT_BITS) - 1)];
    uint64_t wait = event >> SLOT_BITS, seen = atomic_load_explicit(&c->word, memory_order_acquire);
    while (seen >> 2 == wait && (seen & 3) != SLOT_OWNED) {
        if ((seen & 3) == SLOT_ARMING) {
            (void)sched_yield(); /* the other thread is about to return from epoll_ctl */
            seen = atomic_load_explicit(&c->word, memory_order_acquire);
        } else if (atomic_compare_exchange_weak(&c->word, &seen, word_of(wait, SLOT_OWNED))) {
            return c;
        }
    }
    return NULL;
}

void server_close(struct server *s, struct connection *c)
{
    (void)close(c->fd); /* leaves the epoll by itself */
    c->fd = -1;
    atomic_fetch_sub(&s->connections, 1);
    (void)pthread_mutex_lock(&s->lock);
    c->next_free = s->first_free;
    s->first_free = (uint32_t)(c - s->slots) + 1;
    (void)pthread_mutex_unlock(&s->lock);
}

void server_drop(struct server *s, struct connection *c)
{
    if (c->exchange) server_give_exchange(s, NULL, c->exchange);
    c->exchange = NULL;
    server_close(s, c);
}

/* ---- exchanges ---- */

static struct exchange *exchange_new(struct server *s)
{
    struct exchange *x = malloc(sizeof *x); /* not zeroed: 20 KiB of it are for bytes that may never come */
    if (!x) BUG("out of memory: %zu bytes", sizeof *x);
    x->next_spare = NULL;
    arena_init(&x->arena, HTTP_ARENA_BYTES);
    reply_init(&x->reply);
    body_init(&x->body, &s->bodies);
    buf_init(&x->head, HTTP_REPLY_HEAD_BYTES);
    return x;
}

static void exchange_free(struct exchange *x)
{
    if (!x) return;
    reply_end(&x->reply);
    body_end(&x->body);
    buf_end(&x->head);
    arena_end(&x->arena);
    free(x);
}

struct exchange *server_take_exchange(struct worker *w)
{
    struct server *s = w->server;
    struct exchange *x = w->spare;
    w->spare = NULL;
    if (!x) {
        (void)pthread_mutex_lock(&s->lock);
        x = s->spares;
        if (x) {
            s->spares = x->next_spare;
            s->spare_count--;
        }
        (void)pthread_mutex_unlock(&s->lock);
    }
    atomic_fetch_add_explicit(&s->in_progress, 1, memory_order_relaxed);
    return x ? x : exchange_new(s);
}

void server_give_exchange(struct server *s, struct worker *w, struct exchange *x)
{
    body_clear(&x->body);
    reply_clear(&x->reply);
    arena_clear(&x->arena);
    x->arena.ceiling_bytes = HTTP_ARENA_BYTES;
    atomic_fetch_sub_explicit(&s->in_progress, 1, memory_order_relaxed);
    if (w && !w->spare) {
        w->spare = x;
        return;
    }
    (void)pthread_mutex_lock(&s->lock);
    bool is_kept = s->spare_count < s->thread_count;
    if (is_kept) {
        x->next_spare = s->spares;
        s->spares = x;
        s->spare_count++;
    }
    (void)pthread_mutex_unlock(&s->lock);
    if (!is_kept) exchange_free(x);
}

/* ---- the threads that serve ---- */

static void *serve(void *context)
{
    struct server *s = context;
    struct worker *w = calloc(1, sizeof *w);
    if (!w) BUG("out of memory: %zu bytes", sizeof *w);
    w->server = s;
    gate_poll(s->options.gate);
    for (;;) {
        struct epoll_event event;
        int n = epoll_wait(s->epoll_fd, &event, 1, -1);
        if (n < 0 && errno != EINTR) BUG("epoll_wait: errno %d", errno);
        if (n <= 0) continue;
        if (event.data.u64 == STOP_EVENT) break;
        if (event.data.u64 == CANARY_EVENT) {
            overload_arrived(s);
            continue;
        }
        struct connection *c = server_take(s, event.data.u64);
        if (!c || overload_keeps(s, c)) continue;
        gate_run(s->options.gate);
        server_serve(w, c);
        gate_poll_again(s->options.gate);
    }
    gate_poll_leave(s->options.gate);
    exchange_free(w->spare);
    free(w);
    return NULL;
}

/* ---- the thread that accepts and refuses ---- */

#define BUSY_TEXT                                                                                                      \
    "Hệ thống đang bận, xin thử lại sau ít phút.\n"                                                       \
    "The server is busy. Try again soon.\n"
_Static_assert(sizeof BUSY_TEXT - 1 == 93, "as the answer says");
#define BUSY_HEAD                                                                                                      \
    "HTTP/1.1 503 Service Unavailable\r\n"                                                                             \
    "Content-Type: text/plain; charset=utf-8\r\n"                                                                      \
    "Cache-Control: no-store\r\n"                                                                                      \
    "Retry-After: 2\r\n"                                                                                               \
    "Content-Length: 93\r\n"
static const char busy_and_close[] = BUSY_HEAD "Connection: close\r\n\r\n" BUSY_TEXT,
                  busy[] = BUSY_HEAD "\r\n" BUSY_TEXT;

/* Says 503; the caller closes. */
static void say_busy(struct server *s, int fd)
{
    char thrown[4096];
    /* The first bytes of a socket always fit. */
    (void)!send(fd, busy_and_close, sizeof busy_and_close - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)shutdown(fd, SHUT_WR);
    /* What was read does not reset the connection under the answer; what still comes may. */
    (void)!recv(fd, thrown, sizeof thrown, MSG_DONTWAIT);
    atomic_fetch_add_explicit(&s->refused, 1, memory_order_relaxed);
}

static void turn_away(struct server *s, int fd)
{
    say_busy(s, fd);
    (void)close(fd); /* after say_busy nothing is left to send */
}

/* False when the connection is no good any more: gone, or not reading what it is told. */
static bool say_busy_and_stay(struct server *s, struct connection *c, size_t whole_bytes)
{
    if (recv(c->fd, s->door.peeked, whole_bytes, MSG_DONTWAIT) != (ssize_t)whole_bytes) return false;
    if (send(c->fd, busy, sizeof busy - 1, MSG_NOSIGNAL | MSG_DONTWAIT) != sizeof busy - 1) return false;
    atomic_fetch_add_explicit(&s->refused, 1, memory_order_relaxed);
    c->requests++;
    server_wait(s, c, EPOLLIN | EPOLLRDHUP, server_idle_deadline(s));
    return true;
}

void server_refuse_busy(struct server *s, struct connection *c, size_t whole_bytes)
{
    if (whole_bytes > 0 && say_busy_and_stay(s, c, whole_bytes)) return;
    say_busy(s, c->fd);
    server_drop(s, c);
}

static struct connection *take_slot(struct server *s)
{
    struct connection *c = NULL;
    (void)pthread_mutex_lock(&s->lock);
    if (s->first_free > 0) {
        c = &s->slots[s->first_free - 1];
        s->first_free = c->next_free;
    } else if (atomic_load(&s->slots_used) < s->slot_count) {
        c = &s->slots[atomic_fetch_add(&s->slots_used, 1)];
    }
    (void)pthread_mutex_unlock(&s->lock);
    return c;
}

static void write_peer(const struct sockaddr_storage *from, char out[INET6_ADDRSTRLEN])
{
    const struct sockaddr_in *four = (const void *)from;
    const struct sockaddr_in6 *six = (const void *)from;
    out[0] = '\0';
    if (from->ss_family == AF_INET) (void)inet_ntop(AF_INET, &four->sin_addr, out, INET6_ADDRSTRLEN);
    if (from->ss_family != AF_INET6) return;
    bool is_mapped = IN6_IS_ADDR_V4MAPPED(&six->sin6_addr);
    if (is_mapped)
        (void)inet_ntop(AF_INET, &six->sin6_addr.s6_addr[12], out, INET6_ADDRSTRLEN);
    else
        (void)inet_ntop(AF_INET6, &six->sin6_addr, out, INET6_ADDRSTRLEN);
}

static void welcome(struct server *s, int fd, const struct sockaddr_storage *from)
{
    struct connection *c = take_slot(s);
    if (!c) {
        turn_away(s, fd);
        return;
    }
    int one = 1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); /* slower without, but works */
    c->fd = fd;
    c->phase = PHASE_IDLE;
    memset(c->is_registered, 0, sizeof c->is_registered);
    c->is_let_in = c->is_slow = false;
    c->amid_since_us = 0;
    c->exchange = NULL;
    c->requests = 0;
    write_peer(from, c->peer);
    atomic_fetch_add(&s->connections, 1);
    /* A connection that never says anything gets the time of a head, not of a pause between requests. */
    int64_t patience = s->options.header_timeout_us > 0 ? s->options.header_timeout_us : HTTP_HEADER_US;
    server_wait(s, c, EPOLLIN | EPOLLRDHUP, clock_monotonic_us() + patience);
}

/* No descriptor is left: the one kept for this accepts, so that the visitor hears 503 instead of nothing. */
static void refuse_without_descriptor(struct server *s)
{
    (void)close(s->reserve_fd);
    int fd = accept4(s->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) turn_away(s, fd);
    s->reserve_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void accept_all(struct server *s)
{
    for (int i = 0; i < HTTP_BACKLOG; i++) {
        struct sockaddr_storage from;
        socklen_t len = sizeof from;
        int fd = accept4(s->listen_fd, (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            welcome(s, fd, &from);
        } else if (errno == EMFILE || errno == ENFILE) {
            refuse_without_descriptor(s);
            return;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            return; /* EAGAIN: all are in */
        }
    }
}

/* A last request has come, and no thread had time for it. */
static bool has_come(const struct connection *c)
{
    char first;
    return recv(c->fd, &first, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
}

/* Closes what waits beyond its deadline, and while stopping what waits for nothing; of `count` slots. */
static void reap(struct server *s, uint32_t count)
{
    slow_look(s, true);
    int64_t now = clock_monotonic_us();
    bool is_stopping = atomic_load(&s->is_stopping);
    for (uint32_t i = 0; i < count; i++, s->reaped++) {
        if (s->reaped >= atomic_load(&s->slots_used)) s->reaped = 0;
        struct connection *c = &s->slots[s->reaped];
        uint64_t seen = atomic_load_explicit(&c->word, memory_order_acquire);
        if ((seen & 3) != SLOT_WAITING) continue;
        bool is_late = atomic_load_explicit(&c->deadline_us, memory_order_relaxed) <= now;
        bool is_done =
            is_stopping && now >= s->stays_until_us && atomic_load_explicit(&c->is_idle, memory_order_relaxed);
        if (!is_late && !is_done) continue;
        if (!atomic_compare_exchange_strong(&c->word, &seen, word_of(seen >> 2, SLOT_OWNED))) continue;
        if (!is_late && has_come(c))
            server_wait(s, c, EPOLLIN | EPOLLRDHUP, server_idle_deadline(s));
        else
            server_expire(s, c);
    }
}

static void reap_all(struct server *s)
{
    reap(s, atomic_load(&s->slots_used));
}

/* As many as the time since then is for: each once in a tick, and not all together, so that those who are late do not
 * hold up whoever comes. */
static void reap_some(struct server *s, int64_t *since_us)
{
    enum { TICK_US = HTTP_TICK_MS * 1000, PART_US = HTTP_SLOW_TICK_MS * 1000 };
    int64_t used = atomic_load(&s->slots_used), now = clock_monotonic_us(), passed_us = now - *since_us;
    if (used == 0 || passed_us < PART_US) return;
    int64_t due = passed_us < TICK_US ? used * passed_us / TICK_US : used;
    reap(s, (uint32_t)due);
    *since_us = passed_us < TICK_US ? *since_us + due * TICK_US / used : now;
}

enum { DOOR_TURN = 64 };

/* Who is ready at the door: new visitors, and in overload those who are here already with a new request. */
static void receive_some(struct server *s, int pause_ms)
{
    struct epoll_event events[DOOR_TURN];
    int n = epoll_wait(s->door.epoll_fd, events, DOOR_TURN, pause_ms);
    for (int i = 0; i < n; i++) {
        uint64_t event = events[i].data.u64;
        if (event == LISTEN_EVENT) accept_all(s);
        if (event == LISTEN_EVENT || event == STOP_EVENT) continue;
        struct connection *c = server_take(s, event);
        if (c) overload_receive(s, c);
    }
    slow_look(s, false);
}

static void *receive_visitors(void *context)
{
    struct server *s = context;
    int64_t reaped_us = 0;
    overload_begin();
    while (!atomic_load(&s->is_stopping)) {
        receive_some(s, slow_pause(s, overload_tick(s)));
        reap_some(s, &reaped_us);
    }
    return NULL;
}

static void watch(struct server *s, int fd, uint64_t name)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = name};
    if (epoll_ctl(s->door.epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) BUG("epoll_ctl: errno %d", errno);
}

/* ---- start ---- */

/* Where to listen: an address with its port. */
struct listen_place {
    struct sockaddr_storage at;
    socklen_t len;
};

/* "127.0.0.1:8080" or "[::1]:0". */
static bool parse_listen_place(struct str text, struct listen_place *out)
{
    char host[INET6_ADDRSTRLEN];
    size_t colon = text.len;
    int port;
    while (colon > 0 && text.at[colon - 1] != ':') colon--;
    if (colon < 2 || !parse_int(str_part(text, colon, text.len), 0, 65535, &port)) return false;
    struct str name = str_part(text, 0, colon - 1);
    bool is_six = name.len > 2 && name.at[0] == '[' && name.at[name.len - 1] == ']';
    if (is_six) name = str_part(name, 1, name.len - 2);
    if (name.len >= sizeof host) return false;
    memcpy(host, name.at, name.len);
    host[name.len] = '\0';
    *out = (struct listen_place){0};
    if (is_six) {
        struct sockaddr_in6 *a = (void *)&out->at;
        *a = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
        out->len = sizeof *a;
        return inet_pton(AF_INET6, host, &a->sin6_addr) == 1;
    }
    struct sockaddr_in *a = (void *)&out->at;
    *a = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    out->len = sizeof *a;
    return inet_pton(AF_INET, host, &a->sin_addr) == 1;
}

static bool bind_to(int fd, const struct listen_place *a)
{
    return bind(fd, (const struct sockaddr *)&a->at, a->len) == 0 && listen(fd, HTTP_BACKLOG) == 0;
}

static enum outcome open_listener(struct server *s, struct fail *why)
{
    struct listen_place a;
    struct str wanted = s->options.listen;
    int one = 1;
    if (!parse_listen_place(wanted, &a))
        return fail(why, ERR_BAD, N_("Not an address to listen at: {0}. Write 127.0.0.1:8080 or [::1]:8080."), wanted);
    s->listen_fd = socket(a.at.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s->listen_fd < 0)
        return fail(why, ERR_DOWN, N_("Cannot listen at {0}: {1}."), wanted, str_from(strerrordesc_np(errno)));
    (void)setsockopt(s->listen_fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one); /* only quickens a restart */
    if (bind_to(s->listen_fd, &a)) return OK;
    if (errno == EADDRINUSE && s->options.may_take_another_port) {
        if (a.at.ss_family == AF_INET)
            ((struct sockaddr_in *)(void *)&a.at)->sin_port = 0;
        else
            ((struct sockaddr_in6 *)(void *)&a.at)->sin6_port = 0;
        if (bind_to(s->listen_fd, &a)) return OK;
    }
    return fail(why, ERR_DOWN, N_("Cannot listen at {0}: {1}."), wanted, str_from(strerrordesc_np(errno)));
}

static void write_url(struct server *s)
{
    struct sockaddr_storage at;
    socklen_t len = sizeof at;
    char host[INET6_ADDRSTRLEN];
    if (getsockname(s->listen_fd, (struct sockaddr *)&at, &len) != 0) BUG("getsockname: errno %d", errno);
    write_peer(&at, host);
    bool is_six = at.ss_family == AF_INET6;
    int port = is_six ? ntohs(((struct sockaddr_in6 *)(void *)&at)->sin6_port)
                      : ntohs(((struct sockaddr_in *)(void *)&at)->sin_port);
    (void)snprintf(s->url, sizeof s->url, is_six ? "http://[%s]:%d" : "http://%s:%d", host, port); /* fits */
}

/* One descriptor for each connection, and some for files, spools and the store. */
static void raise_descriptor_limit(struct server *s)
{
    enum { OTHERS = 512 };
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    rlim_t wanted = (rlim_t)s->slot_count + OTHERS;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
        (void)setrlimit(RLIMIT_NOFILE, &limit); /* within the hard limit; checked below by what it is now */
    }
    if (limit.rlim_cur >= wanted) return;
    s->slot_count = limit.rlim_cur > 2 * OTHERS ? (uint32_t)(limit.rlim_cur - OTHERS) : (uint32_t)limit.rlim_cur / 2;
    log_write(LOG_WARN, "server.descriptors", "limit=%" PRIu64 " connections=%u", (uint64_t)limit.rlim_cur,
              s->slot_count);
}

static void start_threads(struct server *s)
{
    pthread_attr_t attributes;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    enum { STACK_BYTES = 8 * HTTP_STACK_BYTES }; /* sanitizers put much on the stack */
#else
    enum { STACK_BYTES = HTTP_STACK_BYTES };
#endif
    (void)pthread_attr_init(&attributes);
    if (pthread_attr_setstacksize(&attributes, STACK_BYTES) != 0) BUG("no stack of %d bytes", STACK_BYTES);
    s->threads = calloc((size_t)s->thread_count, sizeof *s->threads);
    if (!s->threads) BUG("out of memory");
    for (int i = 0; i < s->thread_count; i++) {
        if (pthread_create(&s->threads[i], &attributes, serve, s) != 0) BUG("cannot start thread %d", i);
    }
    if (pthread_create(&s->acceptor, &attributes, receive_visitors, s) != 0) BUG("cannot start the accepting thread");
    (void)pthread_attr_destroy(&attributes);
}

static void server_free(struct server *s)
{
    const int fds[] = {s->listen_fd, s->epoll_fd, s->stop_fd, s->reserve_fd};
    for (size_t i = 0; i < LENGTH(fds); i++) {
        if (fds[i] >= 0) (void)close(fds[i]); /* nothing was written to them */
    }
    while (s->spares) {
        struct exchange *x = s->spares;
        s->spares = x->next_spare;
        exchange_free(x);
    }
    overload_close(s);
    slow_close(s);
    gate_free(s->own_gate);
    (void)pthread_mutex_destroy(&s->lock);
    free(s->threads);
    free(s->slots);
    free(s);
}

static struct server *server_new(const struct server_options *options)
{
    struct server *s = calloc(1, sizeof *s);
    if (!s) BUG("out of memory: %zu bytes", sizeof *s);
    s->options = *options;
    s->listen_fd = s->epoll_fd = s->stop_fd = s->canary.fd = s->door.epoll_fd = s->slow.epoll_fd = -1;
    s->bodies.folder = options->spool_folder;
    s->thread_count = options->thread_count > 0 ? options->thread_count : HTTP_THREADS;
    s->slot_count = options->connection_limit > 0 ? (uint32_t)options->connection_limit : HTTP_CONNECTIONS;
    if (s->slot_count > HTTP_CONNECTIONS_MOST) s->slot_count = HTTP_CONNECTIONS_MOST;
    raise_descriptor_limit(s);
    s->id_seed = random_u64();
    (void)pthread_mutex_init(&s->lock, NULL);
    s->reserve_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    s->slots = calloc(s->slot_count, sizeof *s->slots);
    if (!s->slots) BUG("out of memory: %u connections", s->slot_count);
    if (!s->options.gate) s->options.gate = s->own_gate = gate_new(0);
    return s;
}

enum outcome server_listen(const struct server_options *options, struct server **out, struct fail *why)
{
    struct server *s = server_new(options);
    enum outcome listening = open_listener(s, why);
    if (listening != OK) {
        server_free(s);
        return listening;
    }
    write_url(s);
    if (s->bodies.folder.len > 0) body_sweep(s->bodies.folder);
    s->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    s->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (s->epoll_fd < 0 || s->stop_fd < 0) BUG("no descriptors for the server: errno %d", errno);
    overload_open(s);
    slow_open(s);
    watch(s, s->listen_fd, LISTEN_EVENT);
    watch(s, s->stop_fd, STOP_EVENT);
    *out = s;
    return OK;
}

void server_run(struct server *s)
{
    start_threads(s);
}

/* ---- stop ---- */

static void close_everything(struct server *s)
{
    for (uint32_t i = 0; i < atomic_load(&s->slots_used); i++) {
        struct connection *c = &s->slots[i];
        if (c->fd < 0) continue;
        if (c->exchange) server_give_exchange(s, NULL, c->exchange);
        (void)close(c->fd);
    }
}

/* From here on the system hears no new visitor: a segment with SYN and without ACK is dropped before the socket. */
static void stop_greeting(int fd)
{
    enum { TCP_FLAGS_AT = 13, TCP_SYN = 0x02, TCP_SYN_AND_ACK = 0x12 };
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, TCP_FLAGS_AT),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, TCP_SYN_AND_ACK),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TCP_SYN, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
    };
    struct sock_fprog program = {LENGTH(code), code};
    if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0)
        log_write(LOG_WARN, "server.stop", "errno=%d message=\"new visitors may be reset\"", errno);
}

/*
 * A connection that the system has accepted for us and that is closed unseen, or one that is kept and closed while the
 * next request is on its way, costs a visitor an answer, which a proxy cannot get from another process: it does not
 * know whether we have heard. So those whose greeting is under way are let in before the socket is closed; who comes
 * now asks the system again a second later, is refused, and goes elsewhere. Whoever is in is told with each answer
 * that the connection ends.
 */
static void take_leave(struct server *s)
{
    int64_t greeted_us = clock_monotonic_us() + HTTP_GREETING_US;
    while (clock_monotonic_us() < greeted_us) {
        overload_let_all_in(s);
        receive_some(s, 0);
        (void)usleep(2000); /* a shorter sleep does no harm */
    }
    accept_all(s);
    s->stays_until_us = clock_monotonic_us() + HTTP_LEAVE_US;
}

void server_stop(struct server *s)
{
    if (!s) return;
    if (!s->threads) { /* it never ran */
        server_free(s);
        return;
    }
    uint64_t one = 1;
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = STOP_EVENT};
    if (s->options.has_others) stop_greeting(s->listen_fd);
    atomic_store(&s->is_stopping, true);
    (void)!write(s->stop_fd, &one, sizeof one); /* an eventfd takes it always */
    (void)pthread_join(s->acceptor, NULL);
    if (s->options.has_others) take_leave(s);
    (void)close(s->listen_fd); /* new visitors are refused by the system from here on */
    s->listen_fd = -1;
    int64_t give_up_us = clock_monotonic_us() + HTTP_DRAIN_US;
    for (;;) {
        overload_let_all_in(s);
        receive_some(s, 0);
        reap_all(s);
        if (atomic_load(&s->connections) == 0 || clock_monotonic_us() >= give_up_us) break;
        (void)usleep(2000); /* a shorter sleep does no harm */
    }
    /* Never oneshot: it stays readable and wakes one thread after the other. */
    if (epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, s->stop_fd, &event) != 0) BUG("epoll_ctl: errno %d", errno);
    for (int i = 0; i < s->thread_count; i++) (void)pthread_join(s->threads[i], NULL);
    close_everything(s);
    server_free(s);
}

/* ---- questions ---- */

struct str server_url(const struct server *s)
{
    return str_from(s->url);
}

struct server_stats server_stats(struct server *s)
{
    struct server_stats stats = {
        .requests = atomic_load(&s->requests),
        .refused = atomic_load(&s->refused),
        .bytes_in = atomic_load(&s->bytes_in),
        .bytes_out = atomic_load(&s->bytes_out),
        .connections = atomic_load(&s->connections),
        .in_progress = atomic_load(&s->in_progress),
        .drops = atomic_load(&s->slow.drops),
    };
    for (size_t i = 0; i < LENGTH(stats.latency_us_buckets); i++)
        stats.latency_us_buckets[i] = atomic_load(&s->latency[i]);
    stats.latency_us_sum = atomic_load(&s->latency_us_sum);
    return stats;
}
