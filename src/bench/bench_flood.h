/*
 * A crowd in one thread: all its connections in one epoll, kept alive, so that it costs the cores that it shares with
 * the server little more than a crowd elsewhere would. Either so many clients that each ask again as soon as they are
 * answered (after a 503 when Retry-After says), or requests by the clock, whether answers come or not; then an answer's
 * time is counted from when its request was due, so that a late client makes the server look worse, never better. For
 * as long as it runs the thread is preferred by the scheduler where the system allows it: what it reads are then the
 * server's times and not its own wait for a core, and the cores' time that it takes is the server's loss.
 */
#ifndef BENCH_BENCH_FLOOD_H
#define BENCH_BENCH_FLOOD_H

#include "bench/bench_client.h"

struct flood_answer {
    int kind;          /* as chosen */
    int status;        /* 0: the connection ended without one */
    int retry_after_s; /* 0: nothing was said of it */
    int64_t due_us;    /* monotonic: when it was to be asked */
    int64_t us;        /* from then until the answer was read whole */
};

struct flood {
    struct str host;
    int clients;         /* that ask as fast as they are answered; 0: by the clock */
    int64_t interval_ns; /* between two requests by the clock */
    int64_t us;
    uint64_t first; /* number of the first request */
    /* What is asked next; returns its kind. `out` may live in w->arena. */
    int (*choose)(void *context, struct bench_worker *w, struct bench_request *out);
    enum outcome (*hear)(void *context, const struct flood_answer *a, struct fail *why);
    void *context;
};

struct flood_cost {
    double cores;      /* of the client's thread, on average */
    int connections;   /* open at the same time, at most */
    uint64_t unsent;   /* requests for which there was no connection left */
    bool is_preferred; /* by the scheduler */
};

/* Fails with what `hear` fails with, or when a signal asks to stop. What is not answered at the end is not heard of. */
enum outcome flood_run(const struct flood *f, struct flood_cost *out, struct fail *why) MUST_USE;

#endif
