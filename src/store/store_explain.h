/*
 * How each named query is answered: the engine's own plan, and which tables it reads whole. Asked of an empty database
 * with the program's schema, or of the office's on a server, with the order that an index is used wherever one serves:
 * so the answer is that of a large office, whatever is in it today. Nothing is run and nothing is read.
 */
#ifndef STORE_STORE_EXPLAIN_H
#define STORE_STORE_EXPLAIN_H

#include "store/store.h"

struct query_plan {
    struct str text;     /* lines of the engine */
    struct str *scanned; /* large tables (schema/large_tables) that are read whole, by table or by index */
    size_t scanned_count;
};

extern const char *const large_tables[]; /* queries.c, generated */
extern const size_t large_tables_count;

/* out: queries_count of them, in the arena. url: NULL: SQLite. */
enum outcome store_explain(struct arena *a, const char *url, struct query_plan **out, struct fail *why) MUST_USE;
/* Whether the query's own text allows it (`-- scans:`). */
bool store_may_scan(const struct query *q, struct str table);

#endif
