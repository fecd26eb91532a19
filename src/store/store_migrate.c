/*
 * The schema's history. Table `migration` says which files this database has had; what is missing is applied in one
 * transaction, in order. A database that has had more than this program knows is refused.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "base/hash.h"
#include "base/log.h"
#include "store/store_sqlite.h"

static const char create_sql[] = "CREATE TABLE IF NOT EXISTS migration ("
                                 " number INTEGER NOT NULL PRIMARY KEY," /* of the file, from 1 */
                                 " name TEXT NOT NULL,"                  /* "0001_foundation" */
                                 " hash BLOB NOT NULL,"                  /* SHA-256 of the file as it was applied */
                                 " at INTEGER NOT NULL"                  /* when, UTC microseconds */
                                 ") STRICT";

/* ---- the text ---- */

struct str migration_text(struct arena *a, struct str sql, struct str engine)
{
    static const struct str marker = STR_INIT("-- engine:");
    char *out = arena_alloc(a, sql.len + 1);
    size_t len = 0;
    bool is_ours = true;
    while (sql.len > 0) {
        const char *end = memchr(sql.at, '\n', sql.len);
        struct str line = str_of(sql.at, end ? (size_t)(end - sql.at) + 1 : sql.len);
        sql = str_part(sql, line.len, sql.len);
        if (str_starts(line, marker)) {
            struct str named = str_trim(str_part(line, marker.len, line.len));
            is_ours = str_eq(named, STR("all")) || str_eq(named, engine);
        } else if (is_ours) {
            memcpy(out + len, line.at, line.len);
            len += line.len;
        }
    }
    return str_of(out, len);
}

/* ---- the table of what was applied ---- */

static enum outcome run_text(struct connection *c, const char *sql, const char *doing, struct fail *why)
{
    int code = sqlite3_exec(c->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? OK : connection_fail(c, code, doing, why);
}

/* The table itself comes with a schema file. */
static const char phase_sql[] = "INSERT INTO schema_phase (number, phase) VALUES (?1, ?2)";

static bool has_phases(struct connection *c)
{
    sqlite3_stmt *st = NULL;
    int code = sqlite3_prepare_v2(c->db, "SELECT 1 FROM sqlite_master WHERE name = 'schema_phase'", -1, &st, NULL);
    if (code == SQLITE_OK) code = sqlite3_step(st);
    sqlite3_finalize(st);
    return code == SQLITE_ROW;
}

static enum outcome note_phase(struct connection *c, const struct migration *m, struct fail *why)
{
    sqlite3_stmt *st = NULL;
    if (!has_phases(c)) return OK;
    int code = sqlite3_prepare_v2(c->db, phase_sql, -1, &st, NULL);
    if (code == SQLITE_OK) {
        sqlite3_bind_int(st, 1, m->number);
        sqlite3_bind_text(st, 2, migration_is_expand(m) ? "expand" : "contract", -1, SQLITE_STATIC);
        code = sqlite3_step(st);
    }
    enum outcome r = code == SQLITE_DONE ? OK : connection_fail(c, code, "migration", why);
    sqlite3_finalize(st);
    return r;
}

static enum outcome note_applied(struct connection *c, const struct migration *m, struct fail *why)
{
    static const char sql[] = "INSERT INTO migration (number, name, hash, at) VALUES (?1, ?2, ?3, ?4)";
    sqlite3_stmt *st = NULL;
    struct sha256 hash = sha256_of(m->sql);
    int code = sqlite3_prepare_v2(c->db, sql, -1, &st, NULL);
    if (code == SQLITE_OK) {
        sqlite3_bind_int(st, 1, m->number);
        sqlite3_bind_text(st, 2, m->name, -1, SQLITE_STATIC);
        sqlite3_bind_blob(st, 3, hash.at, SHA256_BYTES, SQLITE_STATIC);
        sqlite3_bind_int64(st, 4, clock_now());
        code = sqlite3_step(st);
    }
    enum outcome r = code == SQLITE_DONE ? OK : connection_fail(c, code, "migration", why);
    sqlite3_finalize(st);
    return r == OK ? note_phase(c, m, why) : r;
}

/* Files of a newer program: this one can work beside them when they only added. */
static enum outcome check_newer(struct connection *c, size_t known, struct fail *why)
{
    static const char sql[] = "SELECT m.name FROM migration m LEFT JOIN schema_phase p ON p.number = m.number"
                              " WHERE m.number > ?1 AND p.phase IS NOT 'expand' ORDER BY m.number";
    sqlite3_stmt *st = NULL;
    int code = sqlite3_prepare_v2(c->db, sql, -1, &st, NULL);
    if (code == SQLITE_OK) {
        sqlite3_bind_int64(st, 1, (int64_t)known);
        code = sqlite3_step(st);
    }
    enum outcome r = OK;
    if (code == SQLITE_ROW)
        r = migration_refuse_newer(str_from((const char *)sqlite3_column_text(st, 0)), why);
    else if (code != SQLITE_DONE)
        r = connection_fail(c, code, "migration", why);
    sqlite3_finalize(st);
    return r;
}

/* How many of our files the database has had; they must be a beginning of ours, or all of them. */
static enum outcome count_applied(struct connection *c, const struct store_options *o, size_t *out, struct fail *why)
{
    sqlite3_stmt *st = NULL;
    int code = sqlite3_prepare_v2(c->db, "SELECT number, name, hash FROM migration ORDER BY number", -1, &st, NULL);
    enum outcome r = OK;
    *out = 0;
    while (code == SQLITE_OK && r == OK && sqlite3_step(st) == SQLITE_ROW) {
        struct str name = str_from((const char *)sqlite3_column_text(st, 1));
        if (*out == o->migration_count) { /* the first that we do not know */
            r = has_phases(c) ? check_newer(c, o->migration_count, why) : migration_refuse_newer(name, why);
            break;
        }
        if (!str_eq(name, str_from(o->migrations[*out].name))) {
            r = migration_refuse_newer(name, why);
            break;
        }
        struct sha256 hash = sha256_of(o->migrations[*out].sql);
        if (sqlite3_column_bytes(st, 2) != SHA256_BYTES ||
            memcmp(sqlite3_column_blob(st, 2), hash.at, SHA256_BYTES) != 0) {
            log_write(LOG_WARN, "store.migration", "name=%s message=\"edited after it was applied\"",
                      o->migrations[*out].name);
        }
        (*out)++;
    }
    if (code != SQLITE_OK) r = connection_fail(c, code, "migration", why);
    sqlite3_finalize(st);
    return r;
}

static enum outcome apply(struct connection *c, const struct store_options *o, size_t from, struct fail *why)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, 16 * 1024 * 1024);
    for (size_t i = from; i < o->migration_count; i++) {
        const struct migration *m = &o->migrations[i];
        if (m->number != (int)i + 1) BUG("migration %s stands at place %zu", m->name, i + 1);
        struct str text = migration_text(&a, m->sql, STR("sqlite"));
        if (run_text(c, str_cstr(&a, text), m->name, why) != OK) {
            return fail(why, ERR_BUG, N_("The migration {0} failed: {1}"), str_from(m->name),
                        str_from(sqlite3_errmsg(c->db)));
        }
        TRY(note_applied(c, m, why));
    }
    return OK;
}

/* ---- who this database is ---- */

static enum outcome read_origin(struct sqlite *s, struct fail *why)
{
    struct connection *c = &s->writer.c;
    char sql[200];
    snprintf(sql, sizeof sql,
             "INSERT INTO meta (name, text) VALUES ('origin', '%016" PRIx64 "') ON CONFLICT (name) DO %s", random_u64(),
             s->store.options.is_restored ? "UPDATE SET text = excluded.text" : "NOTHING");
    TRY(run_text(c, sql, "origin", why));
    sqlite3_stmt *st = NULL;
    int code = sqlite3_prepare_v2(c->db, "SELECT text FROM meta WHERE name = 'origin'", -1, &st, NULL);
    if (code == SQLITE_OK) code = sqlite3_step(st);
    enum outcome r = code == SQLITE_ROW ? OK : connection_fail(c, code, "origin", why);
    if (r == OK) snprintf(s->store.origin, sizeof s->store.origin, "%s", (const char *)sqlite3_column_text(st, 0));
    sqlite3_finalize(st);
    return r;
}

static void note_schema(struct sqlite *s, size_t applied)
{
    atomic_store(&s->store.schema, applied > 0 ? s->store.options.migrations[applied - 1].name : NULL);
}

static enum outcome migrate(struct sqlite *s, struct fail *why)
{
    struct connection *c = &s->writer.c;
    size_t applied;
    TRY(run_text(c, create_sql, "migration", why));
    TRY(count_applied(c, &s->store.options, &applied, why));
    TRY(apply(c, &s->store.options, applied, why));
    note_schema(s, s->store.options.migration_count);
    return read_origin(s, why);
}

/* Whoever runs the office gets the chance to keep what is there before it changes. Nobody else writes meanwhile: one
 * process owns the data folder. */
static enum outcome tell_before(struct sqlite *s, struct fail *why)
{
    const struct store_options *o = &s->store.options;
    size_t applied;
    TRY(run_text(&s->writer.c, create_sql, "migration", why));
    TRY(count_applied(&s->writer.c, o, &applied, why));
    note_schema(s, applied);
    if (applied == 0 || applied == o->migration_count || o->before_migration == NULL) return OK;
    return o->before_migration(o->migration_context, &s->store, true, why); /* a file is copied whatever it has */
}

enum outcome store_migrate(struct sqlite *s, struct fail *why)
{
    struct connection *c = &s->writer.c;
    TRY(tell_before(s, why));
    TRY(connection_run(c, FIXED_BEGIN_WRITE, why));
    enum outcome r = migrate(s, why);
    if (r == OK) return connection_run(c, FIXED_COMMIT, why);
    connection_roll_back(c);
    return r;
}
