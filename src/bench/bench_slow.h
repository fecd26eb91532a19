/*
 * `motcua bench slow`: what thousands of connections that say little cost those who want something. An officer's page
 * of a dossier is asked for by the clock, half as often as the office could answer: alone, beside quiet connections,
 * beside slow ones that talk to somebody else, and beside slow ones (bench/slow_crowd.h), again and again in turn, so
 * that a machine that gets busy moves all alike: what is said is the median of each round's own ratio.
 */
#ifndef BENCH_BENCH_SLOW_H
#define BENCH_BENCH_SLOW_H

#include <stdio.h>

#include "bench/bench_office.h"
#include "bench/slow_crowd.h"

enum { SLOW_ROUNDS_MOST = 100, SLOW_PHASES = SLOW_DROPS + 1 };

/* Of one phase, over all rounds. */
struct slow_phase {
    int64_t p50_us[SLOW_ROUNDS_MOST], p99_us[SLOW_ROUNDS_MOST];
    uint64_t answered, refused, broken; /* refused: 503; broken: ended without an answer, or never sent */
    double memory_mib;                  /* of the server's process alone, at the end; without pages of files */
    int open;                           /* other connections, at least */
    uint64_t ended;                     /* of these, by the server */
    double turns_part;                  /* least part of the turns of these that came in time */
};

struct slow_result {
    double rate; /* pages a second */
    int rounds;
    struct slow_phase phases[SLOW_PHASES];
};

/* crowd: begun before the office was opened. rounds: SLOW_ROUNDS_MOST at most. us: of each phase of each. */
enum outcome bench_slow_run(struct bench_office *o, const struct slow_crowd *crowd, int connections, int rounds,
                            int64_t us, struct slow_result *out, struct fail *why) MUST_USE;
void bench_slow_print(FILE *out, const struct slow_result *r);
void bench_slow_json(FILE *out, const struct slow_result *r);

#endif
