/*
 * `motcua bench NAME --explain`: what one request costs, counted instead of timed: the statements by name with their
 * rows and steps, what went to the disk and how often it was synced. One request after the other, alone, with the
 * followers of the journal at rest, so that repeated runs and a loaded machine give the same figures; then sixteen at
 * once, which share their commits. tests/data/budgets.json holds the most that each may cost.
 */
#ifndef BENCH_BENCH_EXPLAIN_H
#define BENCH_BENCH_EXPLAIN_H

#include "bench/bench_office.h"
#include "store/store_cost.h"

struct bench_asked {
    const char *name, *what;
    bench_work *work;
    const void *context;
};

/* Of `requests` requests. */
struct bench_cost {
    uint64_t requests, bytes, commits, round_trips;
    struct disk_cost disk;
    struct query_cost *queries; /* by number */
    uint64_t statements, rows_read, rows_written, steps;
};

/* The followers rest from now on, and so does who writes down who looked (a moment later, many looks at once: where a
 * request takes long, some of them would be counted with it); every query is counted. */
void bench_explain_begin(struct bench_office *o);
enum outcome bench_explain(struct bench_office *o, const struct bench_asked *asked, int workers, struct bench_cost *out,
                           struct fail *why) MUST_USE;

/* What is printed: one JSON object, or a table for people. company: NULL when it was not measured. */
void bench_explain_json(FILE *out, struct arena *a, const struct bench_asked *asked, const struct bench_cost *alone,
                        const struct bench_cost *company);
void bench_explain_print(FILE *out, const struct bench_asked *asked, const struct bench_cost *alone,
                         const struct bench_cost *company);

#endif
