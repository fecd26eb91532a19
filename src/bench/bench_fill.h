/*
 * `motcua bench fill`: fills a scratch office through the ordinary command and says how fast; with --json also what any
 * other client needs to ask the office the measured requests (addresses, headers with a token or a session, a body, the
 * codes), so that wrk and its like measure the same works. They open a scratch office only, never a working one.
 */
#ifndef BENCH_BENCH_FILL_H
#define BENCH_BENCH_FILL_H

#include <stdio.h>

#include "bench/bench_office.h"

struct bench_filled {
    uint64_t dossiers;
    double per_s;         /* 0: they were there already */
    uint64_t store_bytes; /* of motcua.db and its log */
};

struct bench_filled bench_fill_figures(const struct bench_office *o, struct arena *a);
void bench_fill_print(FILE *out, const struct bench_filled *filled);
void bench_fill_json(FILE *out, const struct bench_office *o, struct arena *a, const struct bench_filled *filled);

#endif
