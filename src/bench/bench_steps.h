/*
 * `motcua bench steps`: process instances of three durable steps each. An instance is one dossier: it is submitted, and
 * then received, taken up and proposed by two officers, each step durable before its answer and asked for with the
 * version that the step before left. The bound does the same commands without HTTP.
 */
#ifndef BENCH_BENCH_STEPS_H
#define BENCH_BENCH_STEPS_H

#include "bench/bench_office.h"

/* Bench works with the office as context: one instance from its beginning to its third step. */
enum outcome steps_over_http(const struct bench_office *o, struct bench_worker *w, struct fail *why) MUST_USE;
enum outcome steps_direct(const struct bench_office *o, struct bench_worker *w, struct fail *why) MUST_USE;

#endif
