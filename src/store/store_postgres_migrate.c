/*
 * The schema's history on PostgreSQL: what store_migrate.c is for SQLite. The files are written in SQLite's words
 * (schema/0001 says how they are read). Everything that is missing is applied in one transaction, behind a lock that
 * lets one process at a time do so.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/parse.h"
#include "store/store_postgres.h"

enum { SCHEMA_BYTES = 1024 * 1024, MIGRATE_ARENA = 16 * 1024 * 1024 };

/* ---- the text ---- */

/* Words of SQLite's; the others are the same. Upper case only: names of columns are in lower case. */
static const struct {
    const char *ours, *theirs;
} words[] = {
    {"INTEGER", "bigint"            },
    {"BLOB",    "bytea"             },
    {"TEXT",    "text COLLATE \"C\""},
    {"STRICT",  ""                  },
    {"WITHOUT", ""                  },
    {"ROWID",   ""                  },
};

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static size_t quoted_length(struct str sql)
{
    const char *end = memchr(sql.at + 1, '\'', sql.len - 1);
    return end ? (size_t)(end - sql.at) + 1 : sql.len;
}

static size_t line_length(struct str sql)
{
    const char *end = memchr(sql.at, '\n', sql.len);
    return end ? (size_t)(end - sql.at) : sql.len;
}

/* Of a table's options only commas could be left: they go too. */
static void put_word(struct buf *out, struct str word, struct str *rest)
{
    for (size_t i = 0; i < LENGTH(words); i++) {
        if (!str_eq(word, str_from(words[i].ours))) continue;
        buf_add(out, str_from(words[i].theirs));
        if (words[i].theirs[0] == 0 && str_starts(*rest, STR(","))) *rest = str_part(*rest, 1, rest->len);
        return;
    }
    buf_add(out, word);
}

struct str pg_schema_text(struct arena *a, struct str sql)
{
    AUTO_BUF struct buf out;
    struct str rest = migration_text(a, sql, STR("postgres"));
    buf_init(&out, SCHEMA_BYTES);
    while (rest.len > 0) {
        size_t len = 1;
        bool is_comment = str_starts(rest, STR("--"));
        if (is_comment)
            len = line_length(rest);
        else if (rest.at[0] == '\'')
            len = quoted_length(rest);
        else
            while (is_word(rest.at[0]) && len < rest.len && is_word(rest.at[len])) len++;
        struct str part = str_part(rest, 0, len);
        rest = str_part(rest, len, rest.len);
        if (is_word(part.at[0]))
            put_word(&out, part, &rest);
        else if (!is_comment)
            buf_add(&out, part);
    }
    return str_dup(a, buf_str(&out));
}

/* ---- the table of what was applied ---- */

enum outcome pg_schema_run(struct pg_link *c, const char *sql, struct fail *why)
{
    PGresult *r = PQexec(c->link, sql);
    ExecStatusType status = PQresultStatus(r);
    const char *code = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    bool is_done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
    bool is_waiting = code != NULL && strcmp(code, PG_LOCK_NOT_AVAILABLE) == 0;
    PQclear(r);
    if (is_done) return OK;
    if (is_waiting) return ERR_TOO_MANY; /* whoever may wait tries again */
    log_write(LOG_ERROR, "store.migration", "message=\"%s\"", PQerrorMessage(c->link));
    return fail(why, ERR_BUG, N_("The database could not be prepared: {0}"), str_from(PQerrorMessage(c->link)));
}

static enum outcome note(struct pg_link *c, const char *sql, const char *const *values, int count, struct fail *why)
{
    const int lengths[] = {0, 0, SHA256_BYTES, 0}, formats[] = {0, 0, 1, 0};
    PGresult *r = PQexecParams(c->link, sql, count, NULL, values, lengths, formats, 0);
    bool is_done = PQresultStatus(r) == PGRES_COMMAND_OK;
    PQclear(r);
    if (is_done) return OK;
    return fail(why, ERR_BUG, N_("The database could not be prepared: {0}"), str_from(PQerrorMessage(c->link)));
}

/* The first cell; empty when there is no row. */
static enum outcome ask(struct pg_link *c, const char *sql, char out[64], struct fail *why)
{
    PGresult *r = PQexec(c->link, sql);
    enum outcome done = PQresultStatus(r) == PGRES_TUPLES_OK ? OK : pg_refuse_down(why);
    if (done == OK) snprintf(out, 64, "%s", PQntuples(r) > 0 ? PQgetvalue(r, 0, 0) : "");
    PQclear(r);
    return done;
}

/* The tables of upgrades come with a schema file themselves. */
enum outcome pg_schema_has_phases(struct pg_link *c, bool *out, struct fail *why)
{
    char cell[64];
    TRY(ask(c, "SELECT 'yes' WHERE to_regclass('schema_phase') IS NOT NULL", cell, why));
    *out = cell[0] != 0;
    return OK;
}

static enum outcome note_applied(struct pg_link *c, const struct migration *m, struct fail *why)
{
    struct sha256 hash = sha256_of(m->sql);
    char number[16], at[24];
    bool has_phases;
    snprintf(number, sizeof number, "%d", m->number);
    snprintf(at, sizeof at, "%" PRId64, clock_now());
    TRY(note(c, "INSERT INTO migration (number, name, hash, at) VALUES ($1, $2, $3, $4)",
             (const char *const[]){number, m->name, (const char *)hash.at, at}, 4, why));
    TRY(pg_schema_has_phases(c, &has_phases, why));
    const char *phase = migration_is_expand(m) ? "expand" : "contract";
    if (!has_phases) return OK;
    return note(c, "INSERT INTO schema_phase (number, phase) VALUES ($1, $2)", (const char *const[]){number, phase}, 2,
                why);
}

/* Files of a newer program: this one can work beside them when they only added. */
static enum outcome check_newer(struct pg_link *c, size_t known, struct fail *why)
{
    char sql[256], name[64];
    bool has_phases;
    TRY(pg_schema_has_phases(c, &has_phases, why));
    snprintf(sql, sizeof sql, "SELECT m.name FROM migration m %s WHERE m.number > %zu%s ORDER BY m.number",
             has_phases ? "LEFT JOIN schema_phase p ON p.number = m.number" : "", known,
             has_phases ? " AND p.phase IS DISTINCT FROM 'expand'" : "");
    TRY(ask(c, sql, name, why));
    return name[0] == 0 ? OK : migration_refuse_newer(str_from(name), why);
}

enum outcome pg_schema_count(struct pg_link *c, struct pg_schema *out, struct fail *why)
{
    const struct store_options *o = &c->owner->store.options;
    PGresult *r = PQexec(c->link, "SELECT name FROM migration ORDER BY number");
    enum outcome done = PQresultStatus(r) == PGRES_TUPLES_OK ? OK : pg_refuse_down(why);
    size_t all = done == OK ? (size_t)PQntuples(r) : 0, count = all < o->migration_count ? all : o->migration_count;
    for (size_t i = 0; i < count && done == OK; i++) {
        struct str name = str_from(PQgetvalue(r, (int)i, 0));
        if (!str_eq(name, str_from(o->migrations[i].name))) done = migration_refuse_newer(name, why);
    }
    PQclear(r);
    if (done == OK && all > count) done = check_newer(c, count, why);
    *out = (struct pg_schema){count, all > count};
    return done;
}

enum outcome pg_schema_apply(struct pg_link *c, size_t place, const char *sql, struct fail *why)
{
    const struct migration *m = &c->owner->store.options.migrations[place];
    if (m->number != (int)place + 1) BUG("migration %s stands at place %zu", m->name, place + 1);
    enum outcome done = pg_schema_run(c, sql, why);
    if (done == ERR_TOO_MANY) return done;
    if (done != OK)
        return fail(why, ERR_BUG, N_("The migration {0} failed: {1}"), str_from(m->name),
                    str_from(PQerrorMessage(c->link)));
    return note_applied(c, m, why);
}

static enum outcome apply_all(struct pg_link *c, size_t from, size_t end, struct fail *why)
{
    const struct store_options *o = &c->owner->store.options;
    AUTO_ARENA struct arena a;
    arena_init(&a, MIGRATE_ARENA);
    for (size_t i = from; i < end; i++)
        TRY(pg_schema_apply(c, i, str_cstr(&a, pg_schema_text(&a, o->migrations[i].sql)), why));
    return OK;
}

/* ---- who this database is ---- */

/* `motcua migrate-store` has copied everything into a folder and left the rest here as it was. */
static enum outcome refuse_moved(struct pg_link *c, struct fail *why)
{
    char at[64];
    TRY(ask(c, "SELECT text FROM meta WHERE name = 'moved'", at, why));
    if (at[0] == 0) return OK;
    return fail(why, ERR_CONFLICT,
                N_("The office that was in this database was moved into a folder at {0}. Serve it there."),
                str_from(at));
}

enum outcome pg_read_origin(struct pg_link *c, struct fail *why)
{
    TRY(refuse_moved(c, why));
    struct store *s = &c->owner->store;
    char sql[200];
    snprintf(sql, sizeof sql,
             "INSERT INTO meta (name, text) VALUES ('origin', '%016" PRIx64 "') ON CONFLICT (name) DO %s", random_u64(),
             s->options.is_restored ? "UPDATE SET text = excluded.text" : "NOTHING");
    TRY(pg_schema_run(c, sql, why));
    PGresult *r = PQexec(c->link, "SELECT text FROM meta WHERE name = 'origin'");
    enum outcome done = PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) == 1 ? OK : pg_refuse_down(why);
    if (done == OK) snprintf(s->origin, sizeof s->origin, "%s", PQgetvalue(r, 0, 0));
    PQclear(r);
    return done;
}

/* The table of what was applied, and for one old file (0035) the one function of SQLite's that it calls. */
static const char begin_sql[] =
    "BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0; SELECT pg_advisory_xact_lock(" PG_LOCK_MIGRATE ");"
    "CREATE TABLE IF NOT EXISTS migration (number bigint NOT NULL PRIMARY KEY, name text NOT NULL, hash bytea NOT NULL,"
    " at bigint NOT NULL);"
    "CREATE OR REPLACE FUNCTION strftime(text, text) RETURNS text LANGUAGE sql AS"
    " $$ SELECT extract(epoch FROM now())::bigint::text $$";
static const char end_sql[] = "DROP FUNCTION strftime(text, text); COMMIT";

/* ---- before something is taken away ---- */

static bool takes_away(const struct store_options *o, size_t from, size_t end)
{
    for (size_t i = from; i < end; i++)
        if (!migration_is_expand(&o->migrations[i])) return true;
    return false;
}

enum outcome pg_read_size(struct pg_link *c, int64_t *out, struct fail *why)
{
    char cell[64];
    TRY(ask(c, "SELECT pg_database_size(current_database())", cell, why));
    return parse_i64(str_from(cell), out) ? OK : pg_refuse_down(why);
}

/* A copy of everything before would take an hour, in one file. */
static enum outcome is_too_large(struct pg_link *c, bool *out, int64_t *out_bytes, struct fail *why)
{
    int64_t most = c->owner->store.options.copied_most_bytes;
    *out = false;
    if (most == 0) return OK;
    TRY(pg_read_size(c, out_bytes, why));
    *out = *out_bytes > most;
    return OK;
}

enum outcome pg_schema_tell(struct pg_link *c, size_t from, size_t end, bool has_own_backup, struct fail *why)
{
    struct store *s = &c->owner->store;
    const struct store_options *o = &s->options;
    bool is_less = takes_away(o, from, end), is_large = false;
    int64_t bytes = 0;
    atomic_store(&s->schema, from > 0 ? o->migrations[from - 1].name : NULL);
    if (from == 0 || from == end || has_own_backup) return OK;
    if (is_less) TRY(is_too_large(c, &is_large, &bytes, why));
    if (is_large)
        return fail(why, ERR_CONFLICT,
                    N_("This upgrade takes away what older programs use, and the database has {0} GB: too much to copy "
                       "it by the way. Make a backup with the server's own means (pg_basebackup, pg_dump), then say: "
                       "motcua upgrade --finish --i-have-a-backup"),
                    str_format(why->arena, "%.1f", (double)bytes / 1e9));
    return o->before_migration ? o->before_migration(o->migration_context, s, is_less, why) : OK;
}

size_t pg_schema_end_of_expansion(const struct store_options *o, size_t from)
{
    size_t end = from;
    for (size_t i = from; i < o->migration_count; i++)
        if (migration_is_expand(&o->migrations[i])) end = i + 1;
    return end;
}

/* What contracts at the end waits for somebody who has a backup of a large database. */
static enum outcome choose_end(struct pg_link *c, size_t from, size_t *out, struct fail *why)
{
    const struct store_options *o = &c->owner->store.options;
    int64_t bytes;
    bool is_large = false;
    *out = o->migration_count;
    if (from > 0 && !o->has_own_backup && takes_away(o, from, *out)) TRY(is_too_large(c, &is_large, &bytes, why));
    if (is_large) *out = pg_schema_end_of_expansion(o, from);
    return OK;
}

enum outcome pg_schema_begin(struct pg_link *c, struct fail *why)
{
    struct store *s = &c->owner->store;
    struct pg_schema has;
    TRY(pg_schema_run(c, begin_sql, why));
    TRY(pg_schema_count(c, &has, why));
    size_t applied = has.count;
    if (applied == 0 && !s->options.may_create)
        return fail(why, ERR_MISSING, N_("There is no office in the database yet."));
    if (applied > 0 && s->options.must_be_empty)
        return fail(why, ERR_CONFLICT, N_("There is an office in the database already. It stays as it is."));
    size_t end;
    TRY(choose_end(c, applied, &end, why));
    TRY(pg_schema_tell(c, applied, end, s->options.has_own_backup, why));
    TRY(apply_all(c, applied, end, why));
    atomic_store(&s->schema, end > 0 ? s->options.migrations[end - 1].name : NULL);
    return OK;
}

enum outcome pg_schema_end(struct pg_link *c, struct fail *why)
{
    return pg_schema_run(c, end_sql, why);
}

/* The ordinary start: all files are there. Then nothing is written, and nothing waits for the disk. */
static enum outcome is_up_to_date(struct pg_link *c, bool *out, struct fail *why)
{
    struct store *s = &c->owner->store;
    struct pg_schema has;
    char cell[64];
    *out = false;
    TRY(ask(c, "SELECT 'yes' WHERE to_regclass('migration') IS NOT NULL", cell, why));
    if (cell[0] == 0 || s->options.must_be_empty || s->options.migration_count == 0) return OK;
    TRY(pg_schema_count(c, &has, why));
    *out = has.count == s->options.migration_count;
    if (*out) atomic_store(&s->schema, s->options.migrations[has.count - 1].name);
    return OK;
}

static enum outcome migrate(struct pg_link *c, struct fail *why)
{
    bool is_done;
    TRY(is_up_to_date(c, &is_done, why));
    if (!is_done) TRY(pg_schema_begin(c, why));
    TRY(pg_read_origin(c, why));
    if (!is_done) TRY(pg_schema_end(c, why));
    return pg_indexes_make(c, why);
}

/* What fails leaves nothing: the connection ends, and its transaction with it. */
enum outcome pg_migrate(struct pg_link *c, struct fail *why)
{
    return c->owner->store.options.is_shared ? pg_migrate_beside(c, why) : migrate(c, why);
}
