#include "bench/slow_sink.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "http/http_limits.h"

enum { MOST = 65536, TURN = 64, TICK_MS = 10 };

static const char late[] = "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/* In the order in which they began. */
struct head {
    int fd;
    int64_t begun_us;
};

struct sink {
    int listener, epoll_fd;
    struct head heads[MOST]; /* a ring */
    uint32_t first, end;
    bool is_heard[MOST]; /* by descriptor: its first word is known */
};

static void receive(struct sink *k)
{
    int fd = accept4(k->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    if (fd < 0) return;
    if (fd >= MOST || epoll_ctl(k->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) _exit(1);
    k->is_heard[fd] = false;
}

static void hear(struct sink *k, int fd)
{
    char heard[4096];
    ssize_t n = recv(fd, heard, sizeof heard, 0);
    if (n == 0) _exit(0); /* they hang up when all is over */
    if (n < 0 || k->is_heard[fd]) return;
    k->is_heard[fd] = true;
    if (heard[0] == 'G') k->heads[k->end++ % MOST] = (struct head){fd, clock_monotonic_us()};
}

static void end_late(struct sink *k)
{
    int64_t before_us = clock_monotonic_us() - HTTP_HEADER_US;
    for (; k->first != k->end && k->heads[k->first % MOST].begun_us <= before_us; k->first++) {
        int fd = k->heads[k->first % MOST].fd;
        (void)!send(fd, late, sizeof late - 1, MSG_NOSIGNAL); /* ended either way */
        (void)close(fd);
    }
}

static void listen_for_ever(int listener)
{
    struct sink *k = calloc(1, sizeof *k);
    struct epoll_event events[TURN], visitor = {.events = EPOLLIN, .data.fd = listener};
    if (k == NULL) _exit(1);
    k->listener = listener;
    k->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (epoll_ctl(k->epoll_fd, EPOLL_CTL_ADD, listener, &visitor) != 0) _exit(1);
    for (;;) {
        int n = epoll_wait(k->epoll_fd, events, TURN, TICK_MS);
        for (int i = 0; i < n; i++) {
            if (events[i].data.fd == listener)
                receive(k);
            else
                hear(k, events[i].data.fd);
        }
        end_late(k);
    }
}

bool slow_sink_begin(struct slow_sink *out)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool listens = listener >= 0 && bind(listener, (struct sockaddr *)&at, len) == 0 &&
                   listen(listener, HTTP_BACKLOG) == 0 && getsockname(listener, (struct sockaddr *)&at, &len) == 0;
    pid_t parent = getpid(), pid = listens ? fork() : -1;
    if (pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* nobody else ends it */
        if (getppid() != parent) _exit(0);
        listen_for_ever(listener);
    }
    if (listener >= 0) (void)close(listener);
    if (pid < 0) return false;
    *out = (struct slow_sink){.pid = pid, .port = ntohs(at.sin_port)};
    return true;
}

void slow_sink_end(struct slow_sink *k)
{
    if (k->pid == 0) return;
    (void)kill(k->pid, SIGKILL);
    (void)waitpid(k->pid, NULL, 0);
    k->pid = 0;
}
