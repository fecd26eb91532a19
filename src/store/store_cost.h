/*
 * What the store's work costs, counted and not timed, so that a loaded machine gives the same figures as a quiet one:
 * for each query how often it ran, the rows that it gave or wrote and the steps of the engine; for the disk what was
 * written where and how often a file was synced. For `motcua bench --explain` and the budgets of commands. Queries are
 * counted from store_cost_begin on; the disk always.
 */
#ifndef STORE_STORE_COST_H
#define STORE_STORE_COST_H

#include "store/store.h"

struct query_cost {
    uint64_t calls, rows; /* rows: given by a reading query, written by the others */
    uint64_t steps;       /* instructions of the engine's machine */
    uint64_t scanned;     /* of them steps to the next row of a whole table */
    uint64_t sorted;      /* sorts without an index */
    uint64_t trips;       /* how often a database server's answer was waited for on its behalf */
};

struct disk_cost {
    uint64_t log_bytes, log_writes, log_syncs; /* the write-ahead log */
    uint64_t table_bytes, table_writes, table_syncs;
};

/* From now on every query of this store is counted. A second call changes nothing. */
void store_cost_begin(struct store *s);
/* By query number, as long as store_options.queries; all 0 before store_cost_begin. */
void store_cost_queries(struct store *s, struct query_cost *out, size_t count);
struct disk_cost store_cost_disk(struct store *s);

#endif
