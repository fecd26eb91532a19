/*
 * All rows of an open store into a new one of the other engine: how an office moves between SQLite and PostgreSQL, and
 * how PostgreSQL is backed up (the copy is an SQLite file, which every other part of a backup knows already).
 *
 * One snapshot is read, while others go on writing. A copy that is broken off is nothing: the new database stays empty,
 * the new file keeps its `.part` name. Rows are compared in one form for both engines, that of PostgreSQL's COPY in
 * binary; a table's hash is SHA-256 over its rows in the order of its key. Entries of the journal that wait for their
 * place get it in the copy.
 */
#ifndef STORE_STORE_COPY_H
#define STORE_STORE_COPY_H

#include "base/hash.h"
#include "store/store.h"

struct store_table {
    struct str name;
    int64_t rows;
    struct sha256 hash;
};

/* What a store holds, by name of table. */
struct store_contents {
    struct store_table *tables;
    size_t count;
    int64_t rows; /* of all */
};

typedef void store_progress_fn(void *context, struct str table, int64_t rows); /* rows: of all tables so far */

/* One of the two places is given. */
struct store_copying {
    const char *to_path;         /* a file that is not there */
    const char *to_url;          /* a database without an office */
    bool is_proven;              /* the copy is read anew, and must be equal */
    store_progress_fn *progress; /* NULL: nobody waits for news */
    void *context;
    const struct store *ends_with; /* broken off when this one is ending; NULL: never */
};

/* out lives in the arena. ERR_CONFLICT: something is there already, the place is of the same engine, or the copy is not
 * equal. */
enum outcome store_copy(struct store *s, struct arena *a, const struct store_copying *how, struct store_contents *out,
                        struct fail *why) MUST_USE;

#endif
