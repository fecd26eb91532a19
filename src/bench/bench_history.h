/*
 * `motcua bench history`: an office that has worked for some weeks, made by the ordinary commands on a clock that is
 * held still and moved on: every dossier filed, received, examined, decided, issued and returned on its day, some of
 * them refused or withdrawn; then dossiers that wait. Names are as unevenly spread as they are in life, and so is how
 * often somebody comes again. What `tools/bench_large` multiplies into an office of millions.
 */
#ifndef BENCH_BENCH_HISTORY_H
#define BENCH_BENCH_HISTORY_H

#include <stdio.h>

#include "bench/bench_office.h"

struct history_call {
    uint64_t finished, waiting; /* dossiers */
    int days;                   /* in which the finished ones were filed */
    day_t today;                /* by bench_history_begin */
    bench_progress *progress;   /* may be NULL */
    void *context;
};

struct history_result {
    uint64_t filed, acts, refused; /* refused: acts that the office's rules did not allow */
    int64_t us;
};

/* Before the office is opened: the clock stands where its history begins. */
void bench_history_begin(struct history_call *call);
/* At the end the clock runs again. */
enum outcome bench_history_run(struct bench_office *o, const struct history_call *call, struct history_result *out,
                               struct fail *why) MUST_USE;
void bench_history_print(FILE *out, const struct history_result *result);
void bench_history_json(FILE *out, const struct history_result *result);

#endif
