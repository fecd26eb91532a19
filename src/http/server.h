/*
 * The server: sockets, llhttp, threads, bounds. One shared epoll with EPOLLONESHOT; interchangeable blocking threads
 * with small stacks; a run gate that lets only 2 x cores run outside a commit wait; one more thread only accepts, and
 * refuses with 503 when full. An idle connection is one small struct; buffers exist only while a request is in
 * progress.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "http/router.h"

/* The run gate: how many may run at once. gate_leave before waiting for a commit, gate_enter after it. */
struct gate;
struct gate *gate_new(int limit); /* 0: 2 x cores */
void gate_free(struct gate *g);
void gate_enter(void *gate);
void gate_leave(void *gate);

struct server_options {
    struct str listen;                                           /* "127.0.0.1:8080", "[::1]:0" */
    bool may_take_another_port;                                  /* when the port is in use: any free one */
    int thread_count;                                            /* 0: 64 */
    int connection_limit;                                        /* 0: 16,000 */
    int64_t header_timeout_us, body_timeout_us, idle_timeout_us; /* 0: as http_limits.h says */
    struct str spool_folder;                                     /* for bodies; on the file system of the files */
    struct router *router;
    struct app *app;
    struct gate *gate; /* made first, because the store needs it before the server exists; borrowed */
    bool has_others;   /* a proxy gives visitors to other processes too: when this one stops nobody loses an answer */
    struct str public_host; /* accepted Host besides the listening address; empty: any that is well-formed */
};

struct server;
/* Takes the address; who comes waits until it runs. Between the two, whatever handlers use of it is put in its place.
 */
enum outcome server_listen(const struct server_options *options, struct server **out, struct fail *why) MUST_USE;
void server_run(struct server *s);
struct str server_url(const struct server *s); /* "http://127.0.0.1:8080" */
void server_stop(struct server *s); /* running or not: stops accepting, lets running requests finish (10 s), joins */

struct server_stats {
    uint64_t requests, refused, bytes_in, bytes_out;
    uint64_t drops; /* of slow ones, taken without a thread that serves */
    int64_t connections, in_progress;
    uint64_t
        latency_us_buckets[32]; /* [i]: took at most 2^i us, and more than the class before; the last: all longer */
    uint64_t latency_us_sum;
};
struct server_stats server_stats(struct server *s);

#endif
