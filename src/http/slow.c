#include "http/slow.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

/* A look takes so many turns at most: what is there beyond waits for the next. */
enum { SLOW_TURN = 64, SLOW_TURNS = 16 };

/* Without a request in progress the accepting thread sleeps so long: it is awake when the first of them is slow. */
_Static_assert(HTTP_TICK_MS * 1000 < HTTP_SLOW_US, "nobody is slow unseen");

void slow_open(struct server *s)
{
    s->slow.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (s->slow.epoll_fd < 0) BUG("no descriptor for slow connections: errno %d", errno);
}

void slow_close(struct server *s)
{
    if (s->slow.epoll_fd >= 0) (void)close(s->slow.epoll_fd); /* nothing was written to it */
}

void slow_consider(struct connection *c, int64_t now)
{
    bool is_amid = c->phase == PHASE_HEAD || c->phase == PHASE_BODY;
    c->is_slow = is_amid && c->amid_since_us > 0 && now - c->amid_since_us >= HTTP_SLOW_US;
    c->amid_since_us = is_amid ? now : 0;
    if (!c->is_slow || c->phase == PHASE_HEAD) return;
    struct exchange *x = c->exchange;
    x->in_at = x->in_len = x->message.head_bytes; /* all behind the head is read: room for drops */
}

/* ---- the accepting thread ---- */

/* Of a body only what belongs to it. */
static size_t room_of(const struct connection *c)
{
    const struct exchange *x = c->exchange;
    if (c->phase == PHASE_HEAD) return HTTP_HEAD_BYTES + 1 - x->in_len;
    size_t room = x->message.head_bytes + HTTP_CHUNK_ROOM_BYTES - x->in_len;
    uint64_t left = message_body_left(&x->message) - (x->in_len - x->in_at);
    return message_is_chunked(&x->message) || left > room ? room : (size_t)left;
}

/* Whether an empty line ends in what has come, at `from`: heads and bodies in chunks end with one. */
static bool has_empty_line(const struct exchange *x, size_t from)
{
    for (size_t i = from; i < x->in_len; i++) {
        size_t before = i > 0 && x->in[i - 1] == '\r' ? i - 1 : i;
        if (x->in[i] == '\n' && before > 0 && x->in[before - 1] == '\n') return true;
    }
    return false;
}

/* What has come beyond `from` is for a serving thread. */
static bool is_enough(const struct connection *c, size_t from)
{
    const struct exchange *x = c->exchange;
    if (room_of(c) == 0) return true;
    if (c->phase == PHASE_HEAD) return has_empty_line(x, from);
    if (!message_is_chunked(&x->message)) return false; /* room_of() would be 0 */
    return has_empty_line(x, from) ||
           x->message.body_bytes + (x->in_len - x->in_at) - x->mark_bytes >= HTTP_BODY_LEAST_BYTES;
}

static void hand_back(struct server *s, struct connection *c)
{
    c->is_slow = false;
    c->amid_since_us = clock_monotonic_us();
    server_leave_place(s, c, AT_SLOW);
    server_wait(s, c, EPOLLIN | EPOLLRDHUP, server_deadline(s, c));
}

static void take_drop(struct server *s, struct connection *c)
{
    struct exchange *x = c->exchange;
    size_t from = x->in_len, got = 0;
    enum got end = server_receive(s, c, x->in + from, room_of(c), &got);
    if (end == GOT_END) {
        server_drop(s, c);
        return;
    }
    x->in_len += got;
    s->slow.drops += got > 0;
    if (c->phase == PHASE_BODY && !message_is_chunked(&x->message))
        server_mark(x, x->message.body_bytes + (x->in_len - x->in_at));
    if (is_enough(c, from))
        hand_back(s, c);
    else
        server_stay(c, server_deadline(s, c));
}

static bool is_time(struct server *s, bool at_once)
{
    int64_t now = clock_monotonic_us();
    if (atomic_load_explicit(&s->in_progress, memory_order_relaxed) == 0) return false;
    if (!at_once && now < s->slow.next_us) return false;
    s->slow.next_us = now + HTTP_SLOW_TICK_MS * 1000;
    return true;
}

void slow_look(struct server *s, bool at_once)
{
    struct epoll_event events[SLOW_TURN];
    int n = is_time(s, at_once) ? SLOW_TURN : 0;
    for (int turn = 0; turn < SLOW_TURNS && n == SLOW_TURN; turn++) {
        n = epoll_wait(s->slow.epoll_fd, events, SLOW_TURN, 0);
        for (int i = 0; i < n; i++) {
            struct connection *c = server_take(s, events[i].data.u64);
            if (c) take_drop(s, c);
        }
    }
}

int slow_pause(struct server *s, int most)
{
    bool may_be = atomic_load_explicit(&s->in_progress, memory_order_relaxed) > 0;
    return may_be && most > HTTP_SLOW_TICK_MS ? HTTP_SLOW_TICK_MS : most;
}
