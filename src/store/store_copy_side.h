/*
 * One side of a copy (store_copy.h): where rows are read from or put into; private to src/store. A row travels in the
 * form of PostgreSQL's COPY in binary: two bytes for the number of columns, then each with its length in four (-1:
 * NULL), numbers in eight, all of them big-endian.
 */
#ifndef STORE_STORE_COPY_SIDE_H
#define STORE_STORE_COPY_SIDE_H

#include "base/buf.h"
#include "store/store_copy.h"
#include "store/store_engine.h"

enum { COPY_ROW_BYTES = 1024 * 1024 * 1024 };

struct copy_column {
    struct str name;
    enum value_kind kind;
    int key; /* its place in the key, from 1; 0: not in it */
};

struct copy_table {
    struct str name;
    struct copy_column *columns;
    size_t column_count;
    struct str columns_sql, key_sql; /* quoted names, with commas */
};

struct copy_tables {
    struct copy_table *at;
    size_t count;
};

/* A table that is read once, row by row. */
struct copy_pass;
enum outcome copy_take_row(struct copy_pass *p, struct str row, struct fail *why) MUST_USE;
const struct copy_table *copy_table_of(const struct copy_pass *p);

struct copy_side {
    void *at; /* its own */
    enum outcome (*read)(void *at, struct copy_pass *p, struct fail *why);
    enum outcome (*put_begin)(void *at, const struct copy_table *t, struct fail *why);
    enum outcome (*put)(void *at, struct str row, struct fail *why);
    enum outcome (*put_end)(void *at, struct fail *why);
};

/* Every table of `from`; into `to` unless it is NULL. */
enum outcome copy_all(const struct copy_side *from, const struct copy_side *to, const struct copy_tables *tables,
                      struct arena *a, const struct store_copying *how, struct store_contents *out,
                      struct fail *why) MUST_USE;
/* ERR_CONFLICT when they differ. */
enum outcome copy_compare(const struct store_contents *here, const struct store_contents *there,
                          struct fail *why) MUST_USE;
/* How many migrations the store's database has had. */
size_t copy_schema_count(const struct store *s);
uint32_t copy_number(const char *at, size_t bytes); /* big-endian, at most four bytes */
void copy_put_number(struct buf *out, uint64_t n, size_t bytes);

/* ---- SQLite (store_copy_sqlite.c) ---- */

struct copy_file;
/* A new file with the schema's first `migration_count` files and no row at all. */
enum outcome copy_file_make(const char *path, const struct store_options *like, size_t migration_count,
                            struct copy_file **out, struct fail *why) MUST_USE;
/* What is there, in one snapshot. */
enum outcome copy_file_read(struct store *s, struct copy_file **out, struct fail *why) MUST_USE;
/* A file that was made just now. */
enum outcome copy_file_look(const char *path, struct copy_file **out, struct fail *why) MUST_USE;
enum outcome copy_file_tables(struct copy_file *f, struct arena *a, struct copy_tables *out, struct fail *why) MUST_USE;
/* After the last row: the indexes. */
enum outcome copy_file_finish(struct copy_file *f, struct fail *why) MUST_USE;
struct copy_side copy_file_side(struct copy_file *f);
void copy_file_close(struct copy_file *f); /* NULL is fine */

/* ---- PostgreSQL (store_copy_postgres.c) ---- */

/* The copy of an SQLite store, and of a PostgreSQL one. */
enum outcome copy_to_postgres(struct store *s, struct arena *a, const struct store_copying *how,
                              struct store_contents *out, struct fail *why) MUST_USE;
enum outcome copy_from_postgres(struct store *s, struct arena *a, const struct store_copying *how,
                                struct store_contents *out, struct fail *why) MUST_USE;

#endif
