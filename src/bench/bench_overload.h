/*
 * `motcua bench overload`: what becomes of an office that is asked for ten times as much as it can do. Three kinds of
 * requests come mixed: submissions, receipts as PDF, and a book over all dossiers (a row of the route table that can
 * wait). First some clients ask as fast as they are answered: that is the most the office can do, and how long it takes
 * then is normal. Then requests are sent by the clock at ten times that rate, whether answers come or not. Afterwards
 * the first load again, to see how soon all is as before.
 */
#ifndef BENCH_BENCH_OVERLOAD_H
#define BENCH_BENCH_OVERLOAD_H

#include <stdio.h>

#include "bench/bench_flood.h"
#include "bench/bench_office.h"

enum overload_kind { OVERLOAD_SUBMIT, OVERLOAD_PAPER, OVERLOAD_BOOK, OVERLOAD_KINDS };

/* What was seen in one phase. */
struct overload_phase {
    int64_t us;
    uint64_t asked[OVERLOAD_KINDS];          /* sent to the office */
    struct histogram served[OVERLOAD_KINDS]; /* how long those took that it did, microseconds */
    struct histogram refused;                /* and how long until 503 was read */
    uint64_t without_retry_after;            /* of the refused ones */
    uint64_t broken;                         /* connections that ended without an answer */
    int64_t last_refusal_us;                 /* since the phase began; 0: there was none */
    struct flood_cost client;
};

struct overload_result {
    int clients; /* of the normal load */
    struct overload_phase normal, crowded, after;
};

/* times: how many times the normal rate is sent (10). */
enum outcome bench_overload_run(struct bench_office *o, int clients, int times, int64_t us, struct overload_result *out,
                                struct fail *why) MUST_USE;
void bench_overload_print(FILE *out, const struct overload_result *r);
void bench_overload_json(FILE *out, const struct overload_result *r);

#endif
