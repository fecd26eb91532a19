#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "http/address.h"
#include "http/inside.h"
#include "http/overload.h"
#include "http/slow.h"

/* What a step of a connection leads to. */
enum next { NEXT_STEP, NEXT_READ, NEXT_WRITE, NEXT_TURN, NEXT_CLOSE };

/* ---- small things ---- */

/* An id that a person can read out on the telephone: 10 of 31 signs, none of which looks like another. */
static void make_id(struct server *s, char out[11])
{
    static const char signs[] = "23456789abcdefghjkmnpqrstuvwxyz";
    uint64_t x = s->id_seed + atomic_fetch_add_explicit(&s->ids, 1, memory_order_relaxed) * 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u; /* splitmix64: a bijection, so no id comes twice before 2^64 */
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    x ^= x >> 31;
    for (int i = 0; i < 10; i++) {
        out[i] = signs[x % 31];
        x /= 31;
    }
    out[10] = '\0';
}

static struct str http_date(struct worker *w)
{
    int64_t now_s = clock_now() / US_PER_S;
    if (now_s != w->date_s) {
        struct tm tm;
        time_t t = (time_t)now_s;
        (void)gmtime_r(&t, &tm); /* fails only for years beyond int */
        (void)strftime(w->date, sizeof w->date, "%a, %d %b %Y %H:%M:%S GMT", &tm);
        w->date_s = now_s;
    }
    return str_from(w->date);
}

static int64_t total_deadline(int64_t now, uint64_t bytes)
{
    return now + HTTP_TOTAL_US + (int64_t)(bytes / HTTP_RATE_LEAST_BYTES) * US_PER_S;
}

static int64_t option_us(int64_t chosen, int64_t otherwise)
{
    return chosen > 0 ? chosen : otherwise;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* ---- an exchange ---- */

static void begin_exchange(struct worker *w, struct connection *c)
{
    struct exchange *x = server_take_exchange(w);
    x->began_us = clock_monotonic_us();
    message_init(&x->message);
    x->in_at = x->in_len = 0;
    c->exchange = x;
}

static void drop_exchange(struct server *s, struct worker *w, struct connection *c)
{
    if (!c->exchange) return;
    server_give_exchange(s, w, c->exchange);
    c->exchange = NULL;
}

/* The end of the last line of X-Forwarded-For: what the proxy itself saw. What stands before it may be anyone's word.
 */
static struct str forwarded_for(const struct request *rq)
{
    struct str last = STR_NONE, rest = STR_NONE;
    for (size_t i = 0; i < rq->header_count; i++)
        if (str_eq(rq->headers[i].name, STR("x-forwarded-for"))) rest = rq->headers[i].value;
    while (str_cut(rest, ',', &last, &rest)) continue;
    return str_trim(last);
}

/* The address of the visitor: of the proxy's word when the proxy is this machine, else of the socket. */
static struct str peer_of(const struct connection *c, const struct request *rq)
{
    struct address address;
    struct str peer = str_from(c->peer), said = forwarded_for(rq);
    bool is_proxy = str_eq(peer, STR("127.0.0.1")) || str_eq(peer, STR("::1"));
    return is_proxy && address_parse(said, &address) ? said : peer;
}

static void begin_request(struct worker *w, struct connection *c)
{
    struct exchange *x = c->exchange;
    struct server *s = w->server;
    make_id(s, x->id);
    x->rq = (struct request){
        .app = s->options.app,
        .arena = &x->arena,
        .reply = &x->reply,
        .peer = str_from(c->peer),
        .id = str_from(x->id),
    };
    fail_init(&x->rq.why, &x->arena);
    x->keeps_alive = false;
    c->requests++;
}

static void log_request(struct server *s, const struct exchange *x, uint64_t bytes)
{
    int64_t us = clock_monotonic_us() - x->began_us;
    int bucket = 0;
    while (bucket < 31 && (INT64_C(1) << bucket) < us) bucket++;
    atomic_fetch_add_explicit(&s->latency[bucket], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&s->latency_us_sum, us > 0 ? (uint64_t)us : 0, memory_order_relaxed);
    atomic_fetch_add_explicit(&s->requests, 1, memory_order_relaxed);
    /* The pattern of the route, never the address itself: addresses hold codes of people's dossiers. */
    log_write(LOG_INFO, "request", "id=%s method=%s route=%s status=%d us=%" PRId64 " bytes=%" PRIu64, x->id,
              method_name(x->rq.method), x->rq.route ? x->rq.route->path : "-", x->reply.status, us, bytes);
}

/* The answer stands in x->reply: make it bytes and begin to send. */
static void begin_answer(struct worker *w, struct connection *c)
{
    struct exchange *x = c->exchange;
    struct reply *r = &x->reply;
    if (atomic_load_explicit(&w->server->is_stopping, memory_order_relaxed)) x->keeps_alive = false;
    uint64_t bytes = reply_render(&x->rq, x->keeps_alive, http_date(w), &x->head);
    x->head_sent = 0;
    x->rest = STR_NONE;
    x->file_at = x->file_left = 0;
    if (r->file_fd >= 0)
        x->file_left = bytes;
    else if (bytes > 0)
        x->rest = r->static_body.len > 0 ? r->static_body : buf_str(&r->body);
    x->deadline_us = total_deadline(clock_monotonic_us(), bytes);
    c->phase = PHASE_WRITE;
    log_request(w->server, x, bytes);
}

/* A refusal by the protocol itself; the connection is closed after it, because where it stands is unknown. */
static enum next refuse(struct worker *w, struct connection *c)
{
    struct exchange *x = c->exchange;
    atomic_fetch_add_explicit(&w->server->refused, 1, memory_order_relaxed);
    router_refuse(x->rq.route ? w->server->options.router : NULL, &x->rq, &x->rq.why);
    x->keeps_alive = false;
    begin_answer(w, c);
    return NEXT_STEP;
}

/* ---- reading ---- */

enum got server_receive(struct server *s, struct connection *c, char *at, size_t room, size_t *got)
{
    ssize_t n;
    do n = recv(c->fd, at, room, 0);
    while (n < 0 && errno == EINTR);
    if (n > 0) {
        *got = (size_t)n;
        atomic_fetch_add_explicit(&s->bytes_in, (uint64_t)n, memory_order_relaxed);
        return GOT_BYTES;
    }
    return n < 0 && errno == EAGAIN ? GOT_NOTHING : GOT_END;
}

/* The public name with or without a port, or the address that we listen at. */
static bool is_our_host(const struct server *s, const struct request *rq)
{
    struct str host = request_header(rq, "host"), wanted = s->options.public_host, name, port;
    if (wanted.len == 0 || host.len == 0) return true;
    (void)str_cut(host, ':', &name, &port); /* no port is fine */
    struct str own = str_from(s->url + strlen("http://"));
    return str_eq_nocase(host, wanted) || str_eq_nocase(name, wanted) || str_eq_nocase(host, own);
}

/* The head is complete: what is asked, by whom, may they, and where the body goes. */
static enum outcome admit(struct worker *w, struct connection *c, bool *is_answered)
{
    struct exchange *x = c->exchange;
    struct request *rq = &x->rq;
    struct server *s = w->server;
    TRY(message_request(&x->message, rq, &rq->why));
    if (!is_our_host(s, rq)) return fail(&rq->why, ERR_HOST, NULL);
    rq->peer = peer_of(c, rq);
    x->keeps_alive = message_keeps_alive(&x->message);
    if (!router_begin(s->options.router, rq)) {
        if (message_has_body(&x->message)) x->keeps_alive = false;
        *is_answered = true;
        return OK;
    }
    uint64_t limit = rq->route->body_bytes > 0 ? rq->route->body_bytes : HTTP_BODY_BYTES;
    TRY(message_take_body(&x->message, body_take, &x->body, limit, &rq->why));
    if (!message_has_body(&x->message)) return OK;
    return body_begin(&x->body, rq, &rq->why);
}

/* The request is complete: the handler. */
static enum next run_handler(struct worker *w, struct connection *c)
{
    struct exchange *x = c->exchange;
    struct request *rq = &x->rq;
    if (message_has_body(&x->message) && body_finish(&x->body, &rq->why) != OK) return refuse(w, c);
    x->arena.ceiling_bytes += HTTP_ARENA_PER_BODY_BYTE * rq->body.len;
    router_finish(w->server->options.router, rq);
    begin_answer(w, c);
    return NEXT_STEP;
}

static enum next begin_body(struct connection *c)
{
    struct exchange *x = c->exchange;
    c->phase = PHASE_BODY;
    x->mark_us = clock_monotonic_us();
    x->mark_bytes = 0;
    uint64_t bytes = message_is_chunked(&x->message) ? x->message.body_limit : message_body_left(&x->message);
    x->deadline_us = total_deadline(x->mark_us, bytes);
    if (message_expects_continue(&x->message) && x->in_at == x->in_len) {
        static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
        /* A socket that cannot take 25 bytes is broken, which the next read will tell. */
        (void)!send(c->fd, go_on, sizeof go_on - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    return NEXT_STEP;
}

static enum next feed_head(struct worker *w, struct connection *c)
{
    struct exchange *x = c->exchange;
    struct fail *why = &x->rq.why;
    size_t used;
    bool is_answered = false;
    if (message_feed(&x->message, x->in + x->in_at, x->in_len - x->in_at, &used, why) != OK) return refuse(w, c);
    x->in_at += used;
    if (x->message.stage == MESSAGE_IN_HEAD) return NEXT_STEP;
    if (admit(w, c, &is_answered) != OK) return refuse(w, c);
    if (is_answered) {
        begin_answer(w, c);
        return NEXT_STEP;
    }
    return message_has_body(&x->message) ? begin_body(c) : run_handler(w, c);
}

static enum next step_head(struct worker *w, struct connection *c)
{
    if (!c->exchange) {
        begin_exchange(w, c);
        begin_request(w, c);
    }
    struct exchange *x = c->exchange;
    if (x->in_at < x->in_len) return feed_head(w, c);
    size_t got, room = HTTP_HEAD_BYTES + 1 - x->in_len;
    switch (server_receive(w->server, c, x->in + x->in_len, room, &got)) {
    case GOT_END: return NEXT_CLOSE;
    case GOT_NOTHING: return NEXT_READ;
    case GOT_BYTES: break;
    }
    c->phase = PHASE_HEAD;
    x->in_len += got;
    enum next next = feed_head(w, c);
    bool waits = c->phase == PHASE_HEAD && next == NEXT_STEP && got < room; /* more was not there */
    return waits ? NEXT_READ : next;
}

void server_mark(struct exchange *x, uint64_t arrived_bytes)
{
    if (arrived_bytes - x->mark_bytes < HTTP_BODY_LEAST_BYTES) return;
    x->mark_bytes = arrived_bytes;
    x->mark_us = clock_monotonic_us();
}

static enum next feed_body(struct worker *w, struct connection *c, char *at, size_t len, size_t *used)
{
    struct exchange *x = c->exchange;
    if (message_feed(&x->message, at, len, used, &x->rq.why) != OK) return refuse(w, c);
    if (x->message.stage == MESSAGE_COMPLETE) return run_handler(w, c);
    server_mark(x, x->message.body_bytes);
    return NEXT_STEP;
}

/*
 * A body of known length is read through the thread's scratch, exactly to its end; one in chunks through the room
 * behind the head, because what follows it there may be the next request.
 */
static enum next step_body(struct worker *w, struct connection *c)
{
    struct exchange *x = c->exchange;
    size_t used = 0, got;
    if (x->in_at < x->in_len) {
        enum next next = feed_body(w, c, x->in + x->in_at, x->in_len - x->in_at, &used);
        x->in_at += used;
        return next;
    }
    if (w->turn_bytes >= HTTP_TURN_BYTES) return NEXT_READ; /* others first; the epoll calls again at once */
    bool is_chunked = message_is_chunked(&x->message);
    char *at = w->scratch;
    size_t room = sizeof w->scratch;
    if (is_chunked) {
        x->in_at = x->in_len = x->message.head_bytes;
        at = x->in + x->in_len;
        room = sizeof x->in - x->in_len;
    } else if (message_body_left(&x->message) < room) {
        room = (size_t)message_body_left(&x->message);
    }
    switch (server_receive(w->server, c, at, room, &got)) {
    case GOT_END: return NEXT_CLOSE;
    case GOT_NOTHING: return NEXT_READ;
    case GOT_BYTES: break;
    }
    w->turn_bytes += got;
    if (!is_chunked) return feed_body(w, c, at, got, &used);
    x->in_len += got;
    return NEXT_STEP;
}

/* ---- writing ---- */

/* Headers and body in memory, in one call when the socket takes them. GOT_END: the other side is gone. */
static enum got send_memory(struct server *s, struct connection *c)
{
    struct exchange *x = c->exchange;
    while (x->head_sent < x->head.len || x->rest.len > 0) {
        size_t head_left = x->head.len - x->head_sent;
        struct iovec parts[2] = {
            {x->head.at + x->head_sent,     head_left  },
            {(char *)(uintptr_t)x->rest.at, x->rest.len}, /* only read */
        };
        struct msghdr m = {.msg_iov = head_left > 0 ? parts : parts + 1};
        m.msg_iovlen = (head_left > 0) + (x->rest.len > 0);
        ssize_t n = sendmsg(c->fd, &m, MSG_NOSIGNAL | (x->file_left > 0 ? MSG_MORE : 0));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno == EAGAIN ? GOT_NOTHING : GOT_END;
        atomic_fetch_add_explicit(&s->bytes_out, (uint64_t)n, memory_order_relaxed);
        size_t of_head = (size_t)n < head_left ? (size_t)n : head_left;
        x->head_sent += of_head;
        x->rest = str_part(x->rest, (size_t)n - of_head, x->rest.len);
    }
    return GOT_BYTES;
}

static enum got send_file(struct server *s, struct connection *c, size_t most)
{
    struct exchange *x = c->exchange;
    while (x->file_left > 0 && most > 0) {
        size_t piece = x->file_left < most ? (size_t)x->file_left : most;
        off_t at = (off_t)x->file_at;
        ssize_t n = sendfile(c->fd, x->reply.file_fd, &at, piece);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno == EAGAIN ? GOT_NOTHING : GOT_END;
        if (n == 0) return GOT_END; /* the file became shorter: the promised length cannot be kept */
        atomic_fetch_add_explicit(&s->bytes_out, (uint64_t)n, memory_order_relaxed);
        x->file_at += (uint64_t)n;
        x->file_left -= (uint64_t)n;
        most -= (size_t)n;
    }
    return GOT_BYTES;
}

/* Whoever still sends has not read the answer yet. */
static void keep_lingering(struct connection *c)
{
    c->linger_until_us = least(clock_monotonic_us() + HTTP_LINGER_US, c->linger_end_us);
}

/* The answer is sent: the next request, when its bytes are here already; else the connection becomes idle. */
static enum next end_exchange(struct worker *w, struct connection *c)
{
    struct exchange *x = c->exchange;
    if (!x->keeps_alive) {
        (void)shutdown(c->fd, SHUT_WR); /* "close" follows whatever happens */
        c->phase = PHASE_LINGER;
        c->lingered_bytes = 0;
        c->linger_end_us = clock_monotonic_us() + HTTP_LINGER_MOST_US;
        keep_lingering(c);
        drop_exchange(w->server, w, c);
        return NEXT_STEP;
    }
    reply_clear(&x->reply);
    body_clear(&x->body);
    arena_clear(&x->arena);
    x->arena.ceiling_bytes = HTTP_ARENA_BYTES;
    size_t left = x->in_len - x->in_at;
    if (left == 0) {
        c->exchange = NULL;
        c->phase = PHASE_IDLE;
        server_give_exchange(w->server, w, x);
        return NEXT_READ;
    }
    memmove(x->in, x->in + x->in_at, left);
    x->in_at = 0;
    x->in_len = left;
    x->began_us = clock_monotonic_us();
    message_init(&x->message);
    begin_request(w, c);
    c->phase = PHASE_HEAD;
    return c->requests % HTTP_PIPELINE_TURN == 0 ? NEXT_TURN : NEXT_STEP;
}

static enum next step_write(struct worker *w, struct connection *c)
{
    struct exchange *x = c->exchange;
    enum got sent = send_memory(w->server, c);
    if (sent == GOT_BYTES && x->file_left > 0) sent = send_file(w->server, c, HTTP_TURN_BYTES);
    if (sent == GOT_END) return NEXT_CLOSE;
    if (sent == GOT_NOTHING || x->file_left > 0) return NEXT_WRITE;
    return end_exchange(w, c);
}

static enum next step_linger(struct worker *w, struct connection *c)
{
    size_t got, turn = 0;
    while (c->lingered_bytes < HTTP_LINGER_BYTES) {
        if (turn >= HTTP_TURN_BYTES) return NEXT_TURN;
        enum got end = server_receive(w->server, c, w->scratch, sizeof w->scratch, &got);
        if (end == GOT_NOTHING) return NEXT_READ;
        if (end == GOT_END) return NEXT_CLOSE;
        c->lingered_bytes += got;
        turn += got;
        keep_lingering(c);
    }
    return NEXT_CLOSE;
}

/* ---- the whole ---- */

/* Three quarters full, visitors who say nothing make room sooner. */
int64_t server_idle_deadline(const struct server *s)
{
    int64_t chosen = option_us(s->options.idle_timeout_us, HTTP_IDLE_US);
    bool is_crowded = atomic_load_explicit(&s->connections, memory_order_relaxed) > (int64_t)s->slot_count * 3 / 4;
    return clock_monotonic_us() + (is_crowded ? least(chosen, HTTP_IDLE_CROWDED_US) : chosen);
}

int64_t server_deadline(const struct server *s, const struct connection *c)
{
    int64_t now = clock_monotonic_us();
    const struct exchange *x = c->exchange;
    switch (c->phase) {
    case PHASE_IDLE: return server_idle_deadline(s);
    case PHASE_HEAD: return x->began_us + option_us(s->options.header_timeout_us, HTTP_HEADER_US);
    case PHASE_BODY: return least(x->mark_us + option_us(s->options.body_timeout_us, HTTP_BODY_US), x->deadline_us);
    case PHASE_WRITE: return least(now + HTTP_WRITE_US, x->deadline_us);
    case PHASE_LINGER: return c->linger_until_us;
    }
    return now;
}

/* An idle connection woken for nothing, or one that just became idle, needs no exchange. */
static void wait_for(struct worker *w, struct connection *c, uint32_t events)
{
    if (c->phase == PHASE_IDLE) drop_exchange(w->server, w, c);
    slow_consider(c, clock_monotonic_us());
    server_wait(w->server, c, events, server_deadline(w->server, c));
}

void server_serve(struct worker *w, struct connection *c)
{
    static enum next (*const steps[])(struct worker *, struct connection *) = {
        [PHASE_IDLE] = step_head,   [PHASE_HEAD] = step_head,     [PHASE_BODY] = step_body,
        [PHASE_WRITE] = step_write, [PHASE_LINGER] = step_linger,
    };
    w->turn_bytes = 0;
    for (;;) {
        switch (steps[c->phase](w, c)) {
        case NEXT_STEP: continue;
        case NEXT_READ: wait_for(w, c, EPOLLIN | EPOLLRDHUP); return;
        case NEXT_WRITE: wait_for(w, c, EPOLLOUT); return;
        case NEXT_TURN: wait_for(w, c, EPOLLIN | EPOLLOUT); return;
        case NEXT_CLOSE:
            drop_exchange(w->server, w, c);
            server_close(w->server, c);
            return;
        }
    }
}

bool server_has_unread(const struct connection *c)
{
    return c->exchange && c->exchange->in_at < c->exchange->in_len;
}

/* What a visitor sent lies there unread: no thread had time for it. A server that stops has said already how it ends,
 * and of a slow one it is known that the request was not whole. */
static bool is_unheard(const struct server *s, const struct connection *c)
{
    char first;
    bool is_new = c->phase == PHASE_IDLE || c->phase == PHASE_HEAD;
    if (!is_new || c->is_slow || atomic_load(&s->is_stopping)) return false;
    return server_has_unread(c) || recv(c->fd, &first, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
}

void server_expire(struct server *s, struct connection *c)
{
    static const char late[] = "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    if (is_unheard(s, c)) {
        overload_left(s, c);
        server_refuse_busy(s, c, 0);
        return;
    }
    if (c->phase == PHASE_HEAD || c->phase == PHASE_BODY) {
        (void)!send(c->fd, late, sizeof late - 1, MSG_NOSIGNAL | MSG_DONTWAIT); /* closed either way */
        atomic_fetch_add_explicit(&s->refused, 1, memory_order_relaxed);
    }
    overload_left(s, c);
    server_drop(s, c);
}
