/*
 * `motcua bench pages`: every page that people look at often, one after the other, each as whoever looks at it, with as
 * many clients as the other measurements. There is no bound beside it but the aim: how long the server has a request,
 * at most, in 99 of 100 cases.
 */
#ifndef APP_BENCH_PAGES_H
#define APP_BENCH_PAGES_H

#include "app/bench_office.h"

struct bench_page_result {
    const char *name, *what;
    struct bench_figures each; /* as the client sees it */
    int64_t server_p99_us;     /* as the server counts it, in powers of two: not more than this */
    uint64_t bytes;            /* of one answer, as sent */
};

/* Measures all of them; `hear` (may be NULL) is told each as it is done. */
typedef void bench_page_heard(void *context, const struct bench_page_result *r);
enum outcome bench_pages_run(struct bench_office *o, int clients, int64_t us, bench_page_heard *hear, void *context,
                             struct fail *why) MUST_USE;

#endif
