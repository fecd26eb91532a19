/* A PostgreSQL database as one side of a copy, and the two directions. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/list.h"
#include "base/log.h"
#include "store/store_copy_side.h"
#include "store/store_postgres.h"

enum {
    SQL_BYTES = 256 * 1024,
    SIGNATURE_BYTES = 11,
    HEADER_BYTES = SIGNATURE_BYTES + 8,
    COPY_ARENA = 16 * 1024 * 1024
};
#define SIGNATURE "PGCOPY\n\377\r\n"    /* and the NUL behind it */
#define NO_EXTENSION "\0\0\0\0\0\0\0\0" /* flags, length of the extension */
#define TRAILER "\377\377"

struct base {
    struct pg_link *c;
    struct arena *a;
    bool has_header; /* of the table that is being read */
};

/* The server's own words may repeat values, so they are not passed on. */
static enum outcome refused(const PGresult *r, struct fail *why)
{
    const char *code = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    if (!code) return pg_refuse_down(why);
    log_write(LOG_ERROR, "store.copy", "code=%s", code);
    return fail(why, ERR_DOWN, N_("The database server refused a part of the copy (SQLSTATE {0})."), str_from(code));
}

static enum outcome take(PGresult *r, ExecStatusType wanted, struct fail *why)
{
    enum outcome done = PQresultStatus(r) == wanted ? OK : refused(r, why);
    PQclear(r);
    return done;
}

static enum outcome run(struct pg_link *c, const char *sql, struct fail *why)
{
    return take(PQexec(c->link, sql), PGRES_COMMAND_OK, why);
}

/* The end of a COPY: its one answer, then nothing. */
static enum outcome end_copy(struct pg_link *c, struct fail *why)
{
    enum outcome done = take(PQgetResult(c->link), PGRES_COMMAND_OK, why);
    for (PGresult *r; (r = PQgetResult(c->link)) != NULL;) PQclear(r);
    return done;
}

/* ---- reading ---- */

/* Entries that wait for their place stand behind the others, in the order in which they were written down, as the
 * placer would put them (store_postgres_writer.c). */
#define LEAVES                                                                                                         \
    "(SELECT position, entry, hash FROM leaf UNION ALL"                                                                \
    " SELECT (SELECT coalesce(max(position), 0) FROM leaf) + row_number() OVER (ORDER BY n), entry, hash"              \
    " FROM leaf_waiting) AS leaf"

static struct str read_sql(struct arena *a, const struct copy_table *t)
{
    struct str from = str_eq(t->name, STR("leaf")) ? STR(LEAVES) : str_format(a, "\"%.*s\"", STR_ARG(t->name));
    return str_format(a, "COPY (SELECT %.*s FROM %.*s ORDER BY %.*s) TO STDOUT (FORMAT binary)",
                      STR_ARG(t->columns_sql), STR_ARG(from), STR_ARG(t->key_sql));
}

static size_t row_length(struct str bytes)
{
    size_t columns = copy_number(bytes.at, 2), at = 2;
    for (size_t i = 0; i < columns; i++) {
        if (at + 4 > bytes.len) return 0;
        uint32_t len = copy_number(bytes.at + at, 4);
        at += 4 + (len == UINT32_MAX ? 0 : len);
    }
    return at <= bytes.len ? at : 0;
}

/* What came at once: the header, rows, the mark of the end; never a part of one of them. */
static enum outcome take_bytes(struct base *b, struct str bytes, struct copy_pass *p, struct fail *why)
{
    if (!b->has_header) {
        if (bytes.len < HEADER_BYTES) return fail(why, ERR_BUG, NULL);
        b->has_header = true;
        bytes = str_part(bytes, HEADER_BYTES + copy_number(bytes.at + SIGNATURE_BYTES + 4, 4), bytes.len);
    }
    while (bytes.len >= 2 && !str_starts(bytes, STR(TRAILER))) {
        size_t len = row_length(bytes);
        if (len == 0) return fail(why, ERR_BUG, NULL);
        TRY(copy_take_row(p, str_part(bytes, 0, len), why));
        bytes = str_part(bytes, len, bytes.len);
    }
    return OK;
}

static enum outcome base_read_table(void *at, struct copy_pass *p, struct fail *why)
{
    struct base *b = at;
    struct arena_mark mark = arena_mark(b->a);
    enum outcome done = take(PQexec(b->c->link, read_sql(b->a, copy_table_of(p)).at), PGRES_COPY_OUT, why);
    char *bytes = NULL;
    int len = 0;
    arena_back(b->a, mark);
    b->has_header = false;
    while (done == OK && (len = PQgetCopyData(b->c->link, &bytes, 0)) > 0) {
        done = take_bytes(b, str_of(bytes, (size_t)len), p, why);
        PQfreemem(bytes);
    }
    return done == OK ? end_copy(b->c, why) : done;
}

/* ---- putting ---- */

static enum outcome send_bytes(struct base *b, struct str bytes, struct fail *why)
{
    return PQputCopyData(b->c->link, bytes.at, (int)bytes.len) == 1 ? OK : pg_refuse_down(why);
}

static enum outcome base_put_begin(void *at, const struct copy_table *t, struct fail *why)
{
    struct base *b = at;
    struct arena_mark mark = arena_mark(b->a);
    struct str sql =
        str_format(b->a, "COPY \"%.*s\" (%.*s) FROM STDIN (FORMAT binary)", STR_ARG(t->name), STR_ARG(t->columns_sql));
    enum outcome done = take(PQexec(b->c->link, sql.at), PGRES_COPY_IN, why);
    arena_back(b->a, mark);
    return done == OK ? send_bytes(b, str_of(SIGNATURE "\0" NO_EXTENSION, HEADER_BYTES), why) : done;
}

static enum outcome base_put(void *at, struct str row, struct fail *why)
{
    return send_bytes(at, row, why);
}

static enum outcome base_put_end(void *at, struct fail *why)
{
    struct base *b = at;
    TRY(send_bytes(b, STR(TRAILER), why));
    if (PQputCopyEnd(b->c->link, NULL) != 1) return pg_refuse_down(why);
    return end_copy(b->c, why);
}

static struct copy_side side_of(struct base *b)
{
    return (struct copy_side){b, base_read_table, base_put_begin, base_put, base_put_end};
}

/* ---- from a file into an empty database, in one transaction ---- */

/* Statements that the catalogue knows, to be run now or when the rows are there. */
static enum outcome run_told(struct base *b, const char *sql, struct str *out_kept, struct fail *why)
{
    AUTO_BUF struct buf now, later;
    PGresult *r = PQexec(b->c->link, sql);
    enum outcome done = PQresultStatus(r) == PGRES_TUPLES_OK ? OK : refused(r, why);
    buf_init(&now, SQL_BYTES);
    buf_init(&later, SQL_BYTES);
    for (int i = 0; done == OK && i < PQntuples(r); i++) {
        buf_addf(&now, "%s;", PQgetvalue(r, i, 0));
        if (out_kept) buf_addf(&later, "%s;", PQgetvalue(r, i, 1));
    }
    PQclear(r);
    if (done == OK && now.len > 0) {
        buf_add_char(&now, 0);
        done = run(b->c, now.at, why);
    }
    buf_add_char(&later, 0);
    if (out_kept) *out_kept = str_dup(b->a, buf_str(&later));
    return done;
}

/* References and indexes wait until all rows are there, which is much quicker; and what the schema itself brings goes:
 * it is of this program, not of the office. */
static const char references_sql[] =
    "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),"
    " format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))"
    " FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace AND conparentid = 0";
static const char indexes_sql[] =
    "SELECT format('DROP INDEX %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)"
    " FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid"
    " WHERE c.relnamespace = current_schema()::regnamespace AND NOT c.relispartition"
    " AND NOT EXISTS (SELECT 1 FROM pg_constraint AS k WHERE k.conindid = i.indexrelid)";
static const char rows_sql[] = /* of entries and leaves it brings none, and their deletion is refused */
    "SELECT format('DELETE FROM %I', relname) FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
    " AND relnamespace = current_schema()::regnamespace AND relname NOT IN ('entry', 'leaf')";

static enum outcome fill(struct base *b, struct copy_file *from, const struct store_copying *how,
                         struct store_contents *out, struct fail *why)
{
    struct copy_side source = copy_file_side(from), target = side_of(b);
    struct copy_tables tables;
    struct store_contents again;
    struct str indexes, references;
    TRY(copy_file_tables(from, b->a, &tables, why));
    TRY(run_told(b, references_sql, &references, why));
    TRY(run_told(b, indexes_sql, &indexes, why));
    TRY(run_told(b, rows_sql, NULL, why));
    TRY(copy_all(&source, &target, &tables, b->a, how, out, why));
    TRY(run(b->c, indexes.at, why));
    TRY(run(b->c, references.at, why));
    TRY(run(b->c, "ANALYZE", why));
    if (!how->is_proven) return OK;
    TRY(copy_all(&target, NULL, &tables, b->a, &(struct store_copying){0}, &again, why));
    return copy_compare(out, &again, why);
}

static enum outcome fill_new(struct base *b, struct store *s, const struct store_copying *how,
                             struct store_contents *out, struct fail *why)
{
    struct copy_file *from;
    TRY(pg_connect(b->c, why));
    TRY(pg_schema_begin(b->c, why));
    TRY(copy_file_read(s, &from, why));
    enum outcome done = fill(b, from, how, out, why);
    copy_file_close(from);
    return done == OK ? pg_schema_end(b->c, why) : done;
}

/* What fails leaves nothing: the connection ends, and its transaction with it. */
enum outcome copy_to_postgres(struct store *s, struct arena *a, const struct store_copying *how,
                              struct store_contents *out, struct fail *why)
{
    struct postgres target = {0};
    struct pg_link c;
    struct store_options o = {.url = how->to_url,
                              .must_be_empty = true,
                              .may_create = true,
                              .migrations = s->options.migrations,
                              .migration_count = copy_schema_count(s)};
    store_init(&target.store, NULL, &o);
    target.url = arena_dup(a, how->to_url, strlen(how->to_url) + 1);
    pg_link_init(&c, &target, true);
    enum outcome done = fill_new(&(struct base){&c, a, false}, s, how, out, why);
    pg_link_end(&c);
    store_end(&target.store);
    return done;
}

/* ---- from a database into a new file ---- */

static enum outcome prove(const char *path, const struct store_contents *made, struct arena *a,
                          const struct copy_tables *tables, struct fail *why)
{
    struct copy_file *f;
    struct store_contents again;
    TRY(copy_file_look(path, &f, why));
    struct copy_side side = copy_file_side(f);
    enum outcome done = copy_all(&side, NULL, tables, a, &(struct store_copying){0}, &again, why);
    copy_file_close(f);
    return done == OK ? copy_compare(made, &again, why) : done;
}

static enum outcome write_file(struct base *b, struct copy_file *to, const struct copy_tables *tables,
                               const struct store_copying *how, struct store_contents *out, struct fail *why)
{
    struct copy_side source = side_of(b), target = copy_file_side(to);
    TRY(copy_all(&source, &target, tables, b->a, how, out, why));
    TRY(run(b->c, "COMMIT", why)); /* the server need not wait for the rest */
    return copy_file_finish(to, why);
}

/* One snapshot, of the schema too: another process may have changed it since this one began. */
static enum outcome begin_reading(struct base *b, struct pg_schema *out, struct fail *why)
{
    TRY(pg_connect(b->c, why));
    TRY(run(b->c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", why));
    TRY(pg_schema_count(b->c, out, why));
    if (!out->has_more) return OK;
    return fail(why, ERR_CONFLICT,
                N_("A newer program has changed the database and this one does not know all of it. Let the newer one "
                   "copy it."));
}

static enum outcome write_new(struct base *b, struct store *s, const char *path, const struct store_copying *how,
                              struct store_contents *out, struct fail *why)
{
    struct copy_file *to;
    struct copy_tables tables;
    struct pg_schema has;
    TRY(begin_reading(b, &has, why));
    TRY(copy_file_make(path, &s->options, has.count, &to, why));
    enum outcome done = copy_file_tables(to, b->a, &tables, why);
    if (done == OK) done = write_file(b, to, &tables, how, out, why);
    copy_file_close(to);
    return done == OK && how->is_proven ? prove(path, out, b->a, &tables, why) : done;
}

enum outcome copy_from_postgres(struct store *s, struct arena *a, const struct store_copying *how,
                                struct store_contents *out, struct fail *why)
{
    struct pg_link c;
    struct str part = str_format(a, "%s.part", how->to_path);
    if (file_exists(str_from(how->to_path)))
        return fail(why, ERR_CONFLICT, N_("{0} is there already."), str_from(how->to_path));
    (void)unlink(part.at); /* of a copy that was broken off; it may well not be there */
    pg_link_init(&c, (struct postgres *)s, false);
    enum outcome done = write_new(&(struct base){&c, a, false}, s, part.at, how, out, why);
    pg_link_end(&c);
    if (done == OK) return store_file_settle(part.at, how->to_path, why);
    (void)unlink(part.at); /* best effort: the failure is told */
    return done;
}
