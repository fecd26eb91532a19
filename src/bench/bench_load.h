/*
 * Load for `motcua bench`: some workers do one thing again and again until the time is up, and every single time goes
 * into a histogram. The same workers measure a way over HTTP and its bound, so that the two differ in nothing else.
 */
#ifndef BENCH_BENCH_LOAD_H
#define BENCH_BENCH_LOAD_H

#include "base/buf.h"
#include "base/fail.h"
#include "base/histogram.h"

/* What one worker has to itself. */
struct bench_worker {
    struct arena *arena; /* cleared before each work */
    uint64_t number;     /* of this work, over all workers, from 0 */
    uint64_t random;     /* state of bench_random */
    int fd;              /* its connection; -1: none yet */
    struct buf in;       /* what came over it */
};

typedef enum outcome bench_work(const void *context, struct bench_worker *w, struct fail *why);

struct bench_load {
    int workers;
    int64_t warm_us, us; /* what begins in the first warm_us is not counted */
    bench_work *work;
    const void *context;
    uint64_t first, most; /* number of the first work; so many and no more, 0: as many as the time has room for */
};

struct bench_figures {
    struct histogram each; /* of one work, microseconds */
    int64_t us;            /* in which they were done */
};

/* Fails with the first failure of a worker, or when a signal asks to stop (bench_is_stopped). */
enum outcome bench_load_run(const struct bench_load *load, struct bench_figures *out, struct fail *why) MUST_USE;
double bench_rate(const struct bench_figures *f); /* a second */
void bench_add(struct bench_figures *to, const struct bench_figures *more);

uint64_t bench_random(struct bench_worker *w, uint64_t below); /* the same numbers in each run */

/* Ctrl-C and SIGTERM are held back from now on, so that a scratch office is cleared away. */
void bench_hold_signals(void);
bool bench_is_stopped(void);
enum outcome bench_refuse_stopped(struct fail *why) MUST_USE; /* ERR_DOWN when it is */

#endif
