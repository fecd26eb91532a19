/*
 * `motcua bench pages`: every page that people look at often or that could grow with what the office holds, one after
 * the other, each as whoever looks at it, with as many clients as the other measurements. There is no bound beside it
 * but the aim: how long the server has a request, at most, in 99 of 100 cases. With --explain it counts instead
 * (bench_explain.h).
 */
#ifndef BENCH_BENCH_PAGES_H
#define BENCH_BENCH_PAGES_H

#include "bench/bench_explain.h"

struct bench_page_result {
    const char *name, *what;
    struct bench_figures each; /* as the client sees it */
    int64_t server_p99_us;     /* as the server counts it, in powers of two: not more than this */
    uint64_t bytes;            /* of one answer, as sent */
};

/* Each page is told as it is done: its time, or its cost when somebody wants that instead. */
struct bench_pages_call {
    int clients;
    int64_t us;
    struct str only; /* pages with this in their name; empty: all */
    void (*hear)(void *context, const struct bench_page_result *r);
    void (*hear_cost)(void *context, const struct bench_asked *asked, const struct bench_cost *cost);
    void *context;
};
enum outcome bench_pages_run(struct bench_office *o, const struct bench_pages_call *call, struct fail *why) MUST_USE;

#endif
