/*
 * The schema while other processes work over the same database. A file that only adds is applied by the first process
 * whose program knows it; one that takes away what older programs use waits until it is asked for, and is refused while
 * such a program has the database open. Nobody is held up for long: each file is a transaction of its own that waits
 * for a lock for a moment only and then tries again, and an index on a table that was there is made beside the work.
 *
 * Who has the database open is known by the lock that each process holds as long as it is connected (PG_LOCK_OWNER),
 * and what it knows by the name of that connection, "motcua:44:NAME": no row to be forgotten, no clock to be compared.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/auto.h"
#include "base/log.h"
#include "base/parse.h"
#include "store/store_postgres.h"

enum { BESIDE_ARENA = 16 * 1024 * 1024, BESIDE_INDEXES_MOST = 64, BESIDE_PAUSE_MS = 500, BESIDE_PATIENCE_S = 600 };

/* ---- the text of a file ---- */

static const struct str create = STR_INIT("CREATE "), index_word = STR_INIT("INDEX "), on_word = STR_INIT(" ON ");

/* To the semicolon that ends the statement; those in quotes and in the body of a function do not. */
static size_t statement_length(struct str sql)
{
    bool is_quoted = false, is_body = false;
    for (size_t i = 0; i < sql.len; i++) {
        bool is_dollars = sql.at[i] == '$' && i + 1 < sql.len && sql.at[i + 1] == '$';
        if (sql.at[i] == '\'' && !is_body) is_quoted = !is_quoted;
        if (is_dollars && !is_quoted) {
            is_body = !is_body;
            i++;
        }
        if (sql.at[i] == ';' && !is_quoted && !is_body) return i + 1;
    }
    return sql.len;
}

static struct str first_word(struct str s)
{
    size_t len = 0;
    while (len < s.len && s.at[len] != ' ' && s.at[len] != '(' && s.at[len] != '\n') len++;
    return str_part(s, 0, len);
}

/* "CREATE INDEX name ON table (...)" of a table that the same text does not make. */
static bool is_index_of_old_table(struct arena *a, struct str statement, struct str whole, struct pg_index *out)
{
    if (!str_starts(statement, create)) return false;
    struct str sql = str_part(statement, create.len, statement.len);
    ptrdiff_t on = str_find(sql, on_word, 0);
    if (!str_starts(sql, index_word) || on < 0) return false;
    struct str table = first_word(str_part(sql, (size_t)on + on_word.len, sql.len));
    if (str_has(whole, str_format(a, "CREATE TABLE %.*s ", STR_ARG(table)))) return false;
    if (str_ends(sql, STR(";"))) sql = str_part(sql, 0, sql.len - 1);
    *out = (struct pg_index){first_word(str_part(sql, index_word.len, sql.len)), sql};
    return true;
}

struct str pg_without_indexes(struct arena *a, struct str sql, struct pg_index *out, size_t most, size_t *out_count)
{
    AUTO_BUF struct buf kept;
    buf_init(&kept, BESIDE_ARENA);
    *out_count = 0;
    for (struct str rest = sql; rest.len > 0;) {
        struct str statement = str_part(rest, 0, statement_length(rest));
        rest = str_part(rest, statement.len, rest.len);
        struct pg_index found;
        if (!is_index_of_old_table(a, str_trim(statement), sql, &found)) {
            buf_add(&kept, statement);
            continue;
        }
        if (*out_count == most) BUG("more than %zu indexes in one schema file", most);
        out[(*out_count)++] = found;
    }
    return str_dup(a, buf_str(&kept));
}

/* ---- who has the database open ---- */

#define IS_NAMED "a.application_name ~ '^motcua:[0-9]+:'"
static const char processes_sql[] =
    "SELECT CASE WHEN " IS_NAMED " THEN split_part(a.application_name, ':', 2) ELSE '0' END,"
    " CASE WHEN " IS_NAMED " THEN split_part(a.application_name, ':', 3) ELSE '' END"
    " FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid"
    " WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objsubid = 1 AND l.objid = " PG_LOCK_OWNER
    " AND l.database = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())"
    " ORDER BY 2, 1";

static enum outcome read_processes(struct pg_link *c, struct arena *a, struct store_upgrade *out, struct fail *why)
{
    PGresult *r = PQexec(c->link, processes_sql);
    enum outcome done = PQresultStatus(r) == PGRES_TUPLES_OK ? OK : pg_refuse_down(why);
    out->count = done == OK ? (size_t)PQntuples(r) : 0;
    out->at = ARENA_ARRAY(a, struct store_process, out->count + 1);
    for (size_t i = 0; i < out->count; i++) {
        out->at[i].name = str_dup(a, str_from(PQgetvalue(r, (int)i, 1)));
        if (!parse_i64(str_from(PQgetvalue(r, (int)i, 0)), &out->at[i].known)) out->at[i].known = 0;
    }
    PQclear(r);
    return done;
}

static enum outcome refuse_older(struct pg_link *c, size_t known, struct fail *why)
{
    struct store_upgrade all = {0};
    TRY(read_processes(c, why->arena, &all, why));
    for (size_t i = 0; i < all.count; i++)
        if (all.at[i].known < (int64_t)known)
            return fail(why, ERR_CONFLICT,
                        N_("A process of an older program serves the office still: {0}. Put the newer one in its place "
                           "first; then the upgrade can be finished."),
                        all.at[i].name.len > 0 ? all.at[i].name : STR("?"));
    return OK;
}

/* ---- one file ---- */

static const char begin_sql[] = "BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0;"
                                " SET LOCAL lock_timeout = '300ms'; SELECT pg_advisory_xact_lock(" PG_LOCK_MIGRATE ")";

static enum outcome note_index(struct pg_link *c, const struct pg_index *index, struct fail *why)
{
    const char *const values[] = {str_cstr(why->arena, index->name), str_cstr(why->arena, index->sql)};
    PGresult *r =
        PQexecParams(c->link, "INSERT INTO index_waiting (name, sql) VALUES ($1, $2)", 2, NULL, values, NULL, NULL, 0);
    bool is_done = PQresultStatus(r) == PGRES_COMMAND_OK;
    PQclear(r);
    return is_done ? OK : pg_refuse_down(why);
}

static enum outcome apply_text(struct pg_link *c, size_t place, struct arena *a, struct fail *why)
{
    struct pg_index indexes[BESIDE_INDEXES_MOST];
    size_t count = 0;
    bool has_phases;
    struct str sql = pg_schema_text(a, c->owner->store.options.migrations[place].sql);
    TRY(pg_schema_has_phases(c, &has_phases, why));
    if (has_phases) sql = pg_without_indexes(a, sql, indexes, BESIDE_INDEXES_MOST, &count);
    TRY(pg_schema_apply(c, place, str_cstr(a, sql), why));
    for (size_t i = 0; i < count; i++) TRY(note_index(c, &indexes[i], why));
    return pg_schema_run(c, "COMMIT", why);
}

/* ERR_TOO_MANY: somebody holds what it needs. */
static enum outcome try_file(struct pg_link *c, size_t place, struct fail *why)
{
    AUTO_ARENA struct arena a;
    struct pg_schema has;
    arena_init(&a, BESIDE_ARENA);
    TRY(pg_schema_run(c, begin_sql, why));
    TRY(pg_schema_count(c, &has, why));
    if (has.count > place) return pg_schema_run(c, "ROLLBACK", why); /* another process was quicker */
    if (!migration_is_expand(&c->owner->store.options.migrations[place])) TRY(refuse_older(c, place + 1, why));
    return apply_text(c, place, &a, why);
}

static enum outcome apply_file(struct pg_link *c, size_t place, struct fail *why)
{
    const char *name = c->owner->store.options.migrations[place].name;
    int64_t give_up_us = clock_monotonic_us() + (int64_t)BESIDE_PATIENCE_S * US_PER_S;
    for (;;) {
        enum outcome done = try_file(c, place, why);
        if (done == OK) {
            log_write(LOG_INFO, "store.migration", "name=%s message=\"applied beside the work\"", name);
            return OK;
        }
        PQclear(PQexec(c->link, "ROLLBACK")); /* the failure is told already */
        if (done != ERR_TOO_MANY) return done;
        if (clock_monotonic_us() >= give_up_us)
            return fail(why, ERR_DOWN,
                        N_("The database could not be changed for this program: somebody keeps what {0} needs locked. "
                           "Look for long reports and backups, and start again."),
                        str_from(name));
        nanosleep(&(struct timespec){.tv_nsec = BESIDE_PAUSE_MS * 1000000L}, NULL);
    }
}

/* ---- indexes ---- */

static enum outcome take_first(struct pg_link *c, struct arena *a, struct pg_index *out, struct fail *why)
{
    PGresult *r = PQexec(c->link, "SELECT name, sql FROM index_waiting ORDER BY name LIMIT 1");
    enum outcome done = PQresultStatus(r) == PGRES_TUPLES_OK ? OK : pg_refuse_down(why);
    *out = (struct pg_index){0};
    if (done == OK && PQntuples(r) > 0) {
        out->name = str_dup(a, str_from(PQgetvalue(r, 0, 0)));
        out->sql = str_dup(a, str_from(PQgetvalue(r, 0, 1)));
    }
    PQclear(r);
    return done;
}

/* What was left of one that was broken off goes first. */
static enum outcome make_index(struct pg_link *c, struct arena *a, const struct pg_index *index, struct fail *why)
{
    struct str rest = str_part(index->sql, index_word.len, index->sql.len);
    struct str drop = str_format(a, "DROP INDEX CONCURRENTLY IF EXISTS \"%.*s\"", STR_ARG(index->name));
    struct str make = str_format(a, "CREATE INDEX CONCURRENTLY %.*s", STR_ARG(rest));
    struct str table = str_part(rest, (size_t)str_find(rest, on_word, 0) + on_word.len, rest.len);
    struct str analyze = str_format(a, "ANALYZE %.*s", STR_ARG(first_word(table)));
    struct str done = str_format(a, "DELETE FROM index_waiting WHERE name = '%.*s'", STR_ARG(index->name));
    int64_t started_us = clock_monotonic_us();
    TRY(pg_schema_run(c, drop.at, why));
    TRY(pg_schema_run(c, make.at, why));
    TRY(pg_schema_run(c, analyze.at, why)); /* of a column without statistics a list is sorted, not read in its order */
    TRY(pg_schema_run(c, done.at, why));
    log_write(LOG_INFO, "store.index", "name=%.*s ms=%" PRId64, STR_ARG(index->name),
              (clock_monotonic_us() - started_us) / 1000);
    return OK;
}

static enum outcome make_all(struct pg_link *c, struct fail *why)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, BESIDE_ARENA);
    for (;;) {
        struct pg_index index;
        arena_clear(&a);
        TRY(take_first(c, &a, &index, why));
        if (index.name.len == 0) return OK;
        TRY(make_index(c, &a, &index, why));
    }
}

enum outcome pg_indexes_make(struct pg_link *c, struct fail *why)
{
    bool has_phases;
    TRY(pg_schema_has_phases(c, &has_phases, why));
    if (!has_phases) return OK;
    PGresult *r = PQexec(c->link, "SELECT pg_try_advisory_lock(" PG_LOCK_INDEXES ")");
    bool is_ours = PQresultStatus(r) == PGRES_TUPLES_OK && PQgetvalue(r, 0, 0)[0] == 't';
    PQclear(r);
    if (!is_ours) return OK;
    enum outcome done = make_all(c, why);
    PQclear(PQexec(c->link, "SELECT pg_advisory_unlock(" PG_LOCK_INDEXES ")")); /* or it goes with the connection */
    return done;
}

/* ---- at the start ---- */

static void note_schema(struct postgres *s, size_t count)
{
    const struct store_options *o = &s->store.options;
    atomic_store(&s->store.schema, count > 0 ? o->migrations[count - 1].name : NULL);
}

static enum outcome check_made(struct pg_link *c, struct fail *why)
{
    PGresult *r = PQexec(c->link, "SELECT WHERE to_regclass('migration') IS NOT NULL");
    enum outcome done = PQresultStatus(r) == PGRES_TUPLES_OK ? OK : pg_refuse_down(why);
    if (done == OK && PQntuples(r) == 0) done = fail(why, ERR_MISSING, N_("There is no office in the database yet."));
    PQclear(r);
    return done;
}

enum outcome pg_migrate_beside(struct pg_link *c, struct fail *why)
{
    struct postgres *s = c->owner;
    struct pg_schema has;
    TRY(check_made(c, why));
    TRY(pg_schema_count(c, &has, why));
    size_t end = pg_schema_end_of_expansion(&s->store.options, has.count);
    TRY(pg_schema_tell(c, has.count, end, s->store.options.has_own_backup, why));
    for (size_t i = has.count; i < end; i++) TRY(apply_file(c, i, why));
    note_schema(s, end);
    TRY(pg_read_origin(c, why));
    return pg_indexes_make(c, why);
}

/* ---- its end ---- */

static enum outcome look(struct pg_link *c, struct arena *a, struct store_upgrade *out, struct fail *why)
{
    const struct store_options *o = &c->owner->store.options;
    struct pg_schema has;
    TRY(pg_connect(c, why));
    TRY(pg_schema_count(c, &has, why));
    TRY(read_processes(c, a, out, why));
    PGresult *r = PQexec(c->link, "SELECT count(*) FROM index_waiting");
    enum outcome done = PQresultStatus(r) == PGRES_TUPLES_OK ? OK : pg_refuse_down(why);
    int64_t indexes = 0;
    if (done == OK && parse_i64(str_from(PQgetvalue(r, 0, 0)), &indexes)) out->indexes = (size_t)indexes;
    PQclear(r);
    out->waiting = o->migration_count - has.count;
    out->next = out->waiting > 0 ? o->migrations[has.count].name : NULL;
    return done;
}

enum outcome pg_upgrade_look(struct store *store, struct arena *a, struct store_upgrade *out, struct fail *why)
{
    struct pg_link c;
    pg_link_init(&c, (struct postgres *)store, false);
    enum outcome done = look(&c, a, out, why);
    pg_link_end(&c);
    return done;
}

static enum outcome finish(struct pg_link *c, bool has_own_backup, struct fail *why)
{
    const struct store_options *o = &c->owner->store.options;
    struct pg_schema has;
    TRY(pg_connect(c, why));
    TRY(pg_schema_count(c, &has, why));
    if (has.count < o->migration_count) {
        TRY(refuse_older(c, o->migration_count, why));
        TRY(pg_schema_tell(c, has.count, o->migration_count, has_own_backup, why));
    }
    for (size_t i = has.count; i < o->migration_count; i++) {
        TRY(apply_file(c, i, why));
        note_schema(c->owner, i + 1);
    }
    return pg_indexes_make(c, why);
}

enum outcome pg_upgrade_finish(struct store *store, bool has_own_backup, struct fail *why)
{
    struct pg_link c;
    pg_link_init(&c, (struct postgres *)store, true);
    enum outcome done = finish(&c, has_own_backup, why);
    pg_link_end(&c);
    return done;
}
