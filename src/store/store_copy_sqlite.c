/* A file of SQLite as one side of a copy. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/list.h"
#include "store/store_copy_side.h"
#include "store/store_sqlite.h"

enum { SCRATCH_BYTES = 16 * 1024 * 1024, NUMBER_BYTES = 8 };

struct copy_file {
    struct connection c;
    struct counted_vfs *vfs; /* of a new file; NULL: the store's */
    struct arena a;
    struct buf row;
    LIST(const char *) indexes; /* to be made after the last row */
    const struct copy_table *table;
    sqlite3_stmt *put;
};

static enum outcome prepare(struct copy_file *f, struct str sql, sqlite3_stmt **out, struct fail *why)
{
    int code = sqlite3_prepare_v2(f->c.db, sql.at, (int)sql.len, out, NULL);
    return code == SQLITE_OK ? OK : connection_fail(&f->c, code, "copy", why);
}

static enum outcome run(struct copy_file *f, const char *sql, struct fail *why)
{
    int code = sqlite3_exec(f->c.db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? OK : connection_fail(&f->c, code, "copy", why);
}

static struct str column_text(sqlite3_stmt *st, int column)
{
    return str_from((const char *)sqlite3_column_text(st, column));
}

/* ---- which tables ---- */

static enum value_kind kind_of(struct str type)
{
    if (str_eq(type, STR("INTEGER"))) return VALUE_INT;
    return str_eq(type, STR("BLOB")) ? VALUE_BLOB : VALUE_TEXT;
}

static enum outcome read_columns(struct copy_file *f, struct arena *a, struct copy_table *t, struct fail *why)
{
    LIST(struct copy_column) columns = {0};
    sqlite3_stmt *st = NULL;
    int code;
    TRY(prepare(f, STR("SELECT name, type, pk FROM pragma_table_info(?1) ORDER BY cid"), &st, why));
    sqlite3_bind_text(st, 1, t->name.at, (int)t->name.len, SQLITE_STATIC);
    while ((code = sqlite3_step(st)) == SQLITE_ROW)
        LIST_PUSH(a, columns) = (struct copy_column){str_dup(a, column_text(st, 0)), kind_of(column_text(st, 1)),
                                                     sqlite3_column_int(st, 2)};
    enum outcome r = code == SQLITE_DONE ? OK : connection_fail(&f->c, code, "copy", why);
    sqlite3_finalize(st);
    t->columns = columns.at;
    t->column_count = columns.count;
    return r;
}

static void put_name(struct buf *out, struct str name)
{
    if (out->len > 0) buf_add(out, STR(", "));
    buf_addf(out, "\"%.*s\"", STR_ARG(name));
}

static void write_lists(struct arena *a, struct copy_table *t)
{
    AUTO_BUF struct buf columns, key;
    buf_init(&columns, SCRATCH_BYTES);
    buf_init(&key, SCRATCH_BYTES);
    for (size_t i = 0; i < t->column_count; i++) put_name(&columns, t->columns[i].name);
    for (int place = 1; place <= (int)t->column_count; place++)
        for (size_t i = 0; i < t->column_count; i++)
            if (t->columns[i].key == place) put_name(&key, t->columns[i].name);
    t->columns_sql = str_dup(a, buf_str(&columns));
    t->key_sql = str_dup(a, buf_str(&key));
    if (t->key_sql.len == 0) BUG("the table %.*s has no key", STR_ARG(t->name));
}

enum outcome copy_file_tables(struct copy_file *f, struct arena *a, struct copy_tables *out, struct fail *why)
{
    LIST(struct copy_table) tables = {0};
    sqlite3_stmt *st = NULL;
    int code;
    TRY(prepare(f, STR("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"),
                &st, why));
    while ((code = sqlite3_step(st)) == SQLITE_ROW) LIST_PUSH(a, tables).name = str_dup(a, column_text(st, 0));
    enum outcome r = code == SQLITE_DONE ? OK : connection_fail(&f->c, code, "copy", why);
    sqlite3_finalize(st);
    for (size_t i = 0; r == OK && i < tables.count; i++) {
        r = read_columns(f, a, &tables.at[i], why);
        if (r == OK) write_lists(a, &tables.at[i]);
    }
    *out = (struct copy_tables){tables.at, tables.count};
    return r;
}

/* ---- reading ---- */

static void put_cell(struct buf *row, sqlite3_stmt *st, int column)
{
    if (sqlite3_column_type(st, column) == SQLITE_NULL) {
        copy_put_number(row, UINT32_MAX, 4);
    } else if (sqlite3_column_type(st, column) == SQLITE_INTEGER) {
        copy_put_number(row, NUMBER_BYTES, 4);
        copy_put_number(row, (uint64_t)sqlite3_column_int64(st, column), NUMBER_BYTES);
    } else {
        const char *at = sqlite3_column_blob(st, column); /* of text too: its bytes as they are */
        size_t len = (size_t)sqlite3_column_bytes(st, column);
        copy_put_number(row, len, 4);
        buf_add(row, str_of(at, len));
    }
}

static enum outcome give_row(struct copy_file *f, sqlite3_stmt *st, struct copy_pass *p, struct fail *why)
{
    int count = sqlite3_column_count(st);
    buf_clear(&f->row);
    copy_put_number(&f->row, (uint64_t)count, 2);
    for (int i = 0; i < count; i++) put_cell(&f->row, st, i);
    if (f->row.is_full) return fail(why, ERR_TOO_LARGE, NULL);
    return copy_take_row(p, buf_str(&f->row), why);
}

static enum outcome file_read_table(void *at, struct copy_pass *p, struct fail *why)
{
    struct copy_file *f = at;
    const struct copy_table *t = copy_table_of(p);
    struct arena_mark mark = arena_mark(&f->a);
    sqlite3_stmt *st = NULL;
    int code = SQLITE_DONE;
    enum outcome r = prepare(f,
                             str_format(&f->a, "SELECT %.*s FROM \"%.*s\" ORDER BY %.*s", STR_ARG(t->columns_sql),
                                        STR_ARG(t->name), STR_ARG(t->key_sql)),
                             &st, why);
    while (r == OK && (code = sqlite3_step(st)) == SQLITE_ROW) r = give_row(f, st, p, why);
    if (r == OK && code != SQLITE_DONE) r = connection_fail(&f->c, code, "copy", why);
    sqlite3_finalize(st);
    arena_back(&f->a, mark);
    return r;
}

/* ---- putting ---- */

static enum outcome file_put_begin(void *at, const struct copy_table *t, struct fail *why)
{
    struct copy_file *f = at;
    AUTO_BUF struct buf sql;
    buf_init(&sql, SCRATCH_BYTES);
    buf_addf(&sql, "INSERT INTO \"%.*s\" (%.*s) VALUES (?1", STR_ARG(t->name), STR_ARG(t->columns_sql));
    for (size_t i = 2; i <= t->column_count; i++) buf_addf(&sql, ", ?%zu", i);
    buf_add_char(&sql, ')');
    f->table = t;
    return prepare(f, buf_str(&sql), &f->put, why);
}

static int bind_cell(sqlite3_stmt *st, int place, enum value_kind kind, struct str cell)
{
    if (kind == VALUE_INT) {
        uint64_t high = copy_number(cell.at, 4), low = copy_number(cell.at + 4, 4);
        return sqlite3_bind_int64(st, place, (int64_t)(high << 32 | low));
    }
    const char *at = cell.len > 0 ? cell.at : ""; /* NULL would be no value at all */
    if (kind == VALUE_BLOB) return sqlite3_bind_blob64(st, place, at, cell.len, SQLITE_STATIC);
    return sqlite3_bind_text64(st, place, at, cell.len, SQLITE_STATIC, SQLITE_UTF8);
}

static bool bind_row(const struct copy_file *f, struct str row)
{
    const struct copy_table *t = f->table;
    if (row.len < 2 || copy_number(row.at, 2) != t->column_count) return false;
    row = str_part(row, 2, row.len);
    for (size_t i = 0; i < t->column_count; i++) {
        if (row.len < 4) return false;
        uint32_t len = copy_number(row.at, 4);
        bool is_null = len == UINT32_MAX;
        row = str_part(row, 4, row.len);
        if (!is_null && (len > row.len || (t->columns[i].kind == VALUE_INT && len != NUMBER_BYTES))) return false;
        int code = is_null ? sqlite3_bind_null(f->put, (int)i + 1)
                           : bind_cell(f->put, (int)i + 1, t->columns[i].kind, str_part(row, 0, len));
        if (code != SQLITE_OK) return false;
        if (!is_null) row = str_part(row, len, row.len);
    }
    return row.len == 0;
}

static enum outcome file_put(void *at, struct str row, struct fail *why)
{
    struct copy_file *f = at;
    if (!bind_row(f, row)) BUG("a row of %.*s has another shape than its table", STR_ARG(f->table->name));
    int code = sqlite3_step(f->put);
    if (code != SQLITE_DONE) return connection_fail(&f->c, code, "copy", why);
    sqlite3_reset(f->put);
    return OK;
}

static enum outcome file_put_end(void *at, struct fail *why)
{
    (void)why; /* nothing is left that could fail */
    struct copy_file *f = at;
    sqlite3_finalize(f->put);
    f->put = NULL;
    return OK;
}

struct copy_side copy_file_side(struct copy_file *f)
{
    return (struct copy_side){f, file_read_table, file_put_begin, file_put, file_put_end};
}

/* ---- life ---- */

static struct copy_file *file_new(void)
{
    struct copy_file *f = calloc(1, sizeof *f);
    if (!f) BUG("out of memory");
    arena_init(&f->a, SCRATCH_BYTES);
    buf_init(&f->row, COPY_ROW_BYTES);
    return f;
}

void copy_file_close(struct copy_file *f)
{
    if (!f) return;
    sqlite3_finalize(f->put);
    connection_close(&f->c);
    counted_vfs_free(f->vfs);
    buf_end(&f->row);
    arena_end(&f->a);
    free(f);
}

enum outcome copy_file_read(struct store *s, struct copy_file **out, struct fail *why)
{
    struct copy_file *f = file_new();
    enum outcome r = connection_open(&f->c, (struct sqlite *)s, false, why);
    if (r == OK) r = run(f, "BEGIN", why);
    if (r == OK)
        *out = f;
    else
        copy_file_close(f);
    return r;
}

static enum outcome open_plain(struct copy_file *f, const char *path, int flags, struct fail *why)
{
    f->vfs = counted_vfs_new();
    int code =
        sqlite3_open_v2(path, &f->c.db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, counted_vfs_name(f->vfs));
    return code == SQLITE_OK ? OK : connection_fail(&f->c, code, "copy", why);
}

enum outcome copy_file_look(const char *path, struct copy_file **out, struct fail *why)
{
    struct copy_file *f = file_new();
    enum outcome r = open_plain(f, path, SQLITE_OPEN_READONLY, why);
    if (r == OK)
        *out = f;
    else
        copy_file_close(f);
    return r;
}

/* By the store itself, so that the file is what it always is. */
static enum outcome make_schema(const char *path, const struct store_options *like, size_t migration_count,
                                struct fail *why)
{
    struct store *s;
    struct store_options o = {.path = path,
                              .reader_count = 1,
                              .may_create = true,
                              .is_sync_off = true,
                              .migrations = like->migrations,
                              .migration_count = migration_count,
                              .queries = like->queries}; /* none of them: the schema may be an older one */
    TRY(store_open(&o, &s, why));
    store_close(s);
    return OK;
}

/* Rows are put in the order of their keys; everything else is made when all are there, which is much quicker. */
static enum outcome drop_indexes(struct copy_file *f, struct fail *why)
{
    LIST(const char *) drops = {0};
    sqlite3_stmt *st = NULL;
    int code;
    TRY(prepare(f, STR("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"), &st, why));
    while ((code = sqlite3_step(st)) == SQLITE_ROW) {
        struct str name = column_text(st, 0);
        LIST_PUSH(&f->a, drops) = str_format(&f->a, "DROP INDEX \"%.*s\"", STR_ARG(name)).at;
        LIST_PUSH(&f->a, f->indexes) = str_dup(&f->a, column_text(st, 1)).at;
    }
    sqlite3_finalize(st);
    enum outcome r = code == SQLITE_DONE ? OK : connection_fail(&f->c, code, "copy", why);
    for (size_t i = 0; r == OK && i < drops.count; i++) r = run(f, drops.at[i], why);
    return r;
}

/* What the schema itself brings is of this program, not of the office. */
static enum outcome empty_tables(struct copy_file *f, struct fail *why)
{
    struct copy_tables tables;
    TRY(copy_file_tables(f, &f->a, &tables, why));
    for (size_t i = 0; i < tables.count; i++)
        TRY(run(f, str_format(&f->a, "DELETE FROM \"%.*s\"", STR_ARG(tables.at[i].name)).at, why));
    return OK;
}

/* The file is thrown away when anything fails, so it needs no way back. */
static enum outcome open_new(struct copy_file *f, const char *path, struct fail *why)
{
    TRY(open_plain(f, path, SQLITE_OPEN_READWRITE, why));
    TRY(run(f, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE", why));
    TRY(run(f, "PRAGMA cache_size = -65536; PRAGMA foreign_keys = OFF", why));
    TRY(drop_indexes(f, why));
    TRY(empty_tables(f, why));
    return run(f, "BEGIN", why);
}

enum outcome copy_file_make(const char *path, const struct store_options *like, size_t migration_count,
                            struct copy_file **out, struct fail *why)
{
    TRY(make_schema(path, like, migration_count, why));
    struct copy_file *f = file_new();
    enum outcome r = open_new(f, path, why);
    if (r == OK)
        *out = f;
    else
        copy_file_close(f);
    return r;
}

enum outcome copy_file_finish(struct copy_file *f, struct fail *why)
{
    TRY(run(f, "COMMIT", why));
    for (size_t i = 0; i < f->indexes.count; i++) TRY(run(f, f->indexes.at[i], why));
    return OK;
}
