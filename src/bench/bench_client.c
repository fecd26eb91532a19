#include "bench/bench_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/parse.h"

enum { READ_BYTES = 64 * 1024, BUSY_TRIES = 200, BUSY_PAUSE_US = 5000 };

static enum outcome refuse(struct fail *why, struct str cause)
{
    return fail(why, ERR_DOWN, N_("The connection to the server being measured failed: {0}."), cause);
}

static enum outcome refuse_errno(struct fail *why)
{
    return refuse(why, str_from(strerror(errno)));
}

static enum outcome connect_worker(struct str host, struct bench_worker *w, struct fail *why)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct str address, port;
    int number, one = 1;
    if (!str_cut(host, ':', &address, &port) || !parse_int(port, 1, UINT16_MAX, &number)) BUG("the server has no port");
    to.sin_port = htons((uint16_t)number);
    w->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (w->fd < 0 || connect(w->fd, (const struct sockaddr *)&to, sizeof to) != 0) return refuse_errno(why);
    (void)setsockopt(w->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); /* only slower without it */
    return OK;
}

static enum outcome send_all(int fd, struct str bytes, struct fail *why)
{
    while (bytes.len > 0) {
        ssize_t sent = send(fd, bytes.at, bytes.len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return refuse_errno(why);
        bytes = str_part(bytes, (size_t)sent, bytes.len);
    }
    return OK;
}

struct str bench_request_text(struct arena *a, struct str host, const struct bench_request *rq)
{
    struct str length = STR_NONE;
    if (rq->type.len > 0)
        length = str_format(a, "Content-Type: %.*s\r\nContent-Length: %zu\r\n", STR_ARG(rq->type), rq->body.len);
    return str_format(a, "%s %.*s HTTP/1.1\r\nHost: %.*s\r\n%.*s%.*s\r\n%.*s", rq->method, STR_ARG(rq->target),
                      STR_ARG(host), STR_ARG(rq->headers), STR_ARG(length), STR_ARG(rq->body));
}

static enum outcome read_some(struct bench_worker *w, struct fail *why)
{
    char *room = buf_reserve(&w->in, READ_BYTES);
    if (room == NULL) return refuse(why, STR("the answer is too large"));
    ssize_t got = recv(w->fd, room, READ_BYTES, 0);
    if (got < 0 && errno == EINTR) return OK;
    if (got < 0) return refuse_errno(why);
    if (got == 0) return refuse(why, STR("it was closed"));
    buf_commit(&w->in, (size_t)got);
    return OK;
}

static struct str header_in(struct str head, struct str name)
{
    ptrdiff_t at = str_find(head, name, 0);
    struct str rest = at < 0 ? STR_NONE : str_part(head, (size_t)at + name.len, head.len), value = STR_NONE;
    (void)str_cut(rest, '\r', &value, &rest); /* without a further line it is the whole rest */
    return value;
}

/* The server always says how long an answer is, but when it refuses at the door (503). */
bool bench_read_head(struct str head, struct bench_head *out)
{
    struct str length = header_in(head, STR("\r\nContent-Length: "));
    *out = (struct bench_head){0};
    if (!str_starts(head, STR("HTTP/1.1 ")) || !parse_int(str_part(head, 9, 3), 100, 599, &out->status)) return false;
    (void)parse_int(header_in(head, STR("\r\nRetry-After: ")), 1, 3600, &out->retry_after_s); /* else 0 */
    if (length.len == 0) return out->status == 204 || out->status == 304 || out->status == 503;
    return parse_u64(length, &out->body_bytes);
}

/* The next call opens a new connection. */
static void bench_hang_up(struct bench_worker *w)
{
    if (w->fd >= 0) close(w->fd);
    w->fd = -1;
}

enum outcome bench_call_once(struct str host, struct bench_worker *w, const struct bench_request *rq,
                             struct bench_answer *out, struct fail *why)
{
    ptrdiff_t head_end;
    struct bench_head head;
    if (w->fd < 0) TRY(connect_worker(host, w, why));
    TRY(send_all(w->fd, bench_request_text(w->arena, host, rq), why));
    buf_clear(&w->in);
    while ((head_end = str_find(buf_str(&w->in), STR("\r\n\r\n"), 0)) < 0) TRY(read_some(w, why));
    size_t begun = (size_t)head_end + 4;
    if (!bench_read_head(str_part(buf_str(&w->in), 0, (size_t)head_end), &head))
        return refuse(why,
                      str_format(w->arena, "the answer is not HTTP: %.*s", STR_ARG(str_part(buf_str(&w->in), 0, 200))));
    while (w->in.len < begun + head.body_bytes) TRY(read_some(w, why));
    out->status = head.status;
    out->body = str_part(buf_str(&w->in), begun, (size_t)head.body_bytes);
    if (str_has(str_part(buf_str(&w->in), 0, begun), STR("\r\nConnection: close\r\n"))) bench_hang_up(w);
    return OK;
}

enum outcome bench_call(struct str host, struct bench_worker *w, const struct bench_request *rq,
                        struct bench_answer *out, struct fail *why)
{
    for (int i = 0; i < BUSY_TRIES; i++) {
        TRY(bench_call_once(host, w, rq, out, why));
        if (out->status != 503) return OK;
        usleep(BUSY_PAUSE_US);
    }
    return OK;
}
