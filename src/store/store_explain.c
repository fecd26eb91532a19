#include "store/store_explain.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "base/list.h"
#include "base/parse.h"
#include "store/store_postgres.h"
#include "store/store_sqlite.h"

enum { SCHEMA_ARENA = 16 * 1024 * 1024, PLAN_BYTES = 256 * 1024 };

/* ---- names in a text ---- */

static bool is_part_of_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* The next name of the text, which begins behind it; empty: there is none. */
static struct str next_name(struct str *text)
{
    size_t from = 0, to;
    while (from < text->len && !is_part_of_name(text->at[from])) from++;
    for (to = from; to < text->len && is_part_of_name(text->at[to]);) to++;
    struct str name = str_part(*text, from, to - from);
    *text = str_part(*text, to, text->len);
    return name;
}

/* The name that follows at once; empty when a comma, a point or a bracket stands between. */
static struct str name_behind(struct str *text)
{
    struct str rest = str_trim(*text);
    if (rest.len == 0 || !is_part_of_name(rest.at[0])) return STR_NONE;
    struct str name = next_name(&rest);
    *text = rest;
    return name;
}

/* "dossier AS d" or "dossier d" stands in the query, or the alias is the table's own name. */
static bool is_alias(struct str sql, struct str table, struct str alias)
{
    if (str_eq(table, alias)) return true;
    for (struct str name = next_name(&sql); name.len > 0; name = next_name(&sql)) {
        if (!str_eq(name, table)) continue;
        struct str rest = sql, next = name_behind(&rest);
        if (str_eq(next, STR("AS"))) next = name_behind(&rest);
        if (str_eq(next, alias)) return true;
    }
    return false;
}

static void note_scan(struct arena *a, struct query_plan *plan, struct str table)
{
    for (size_t i = 0; i < plan->scanned_count; i++)
        if (str_eq(plan->scanned[i], table)) return;
    struct str *more = ARENA_ARRAY(a, struct str, plan->scanned_count + 1);
    for (size_t i = 0; i < plan->scanned_count; i++) more[i] = plan->scanned[i];
    more[plan->scanned_count++] = table;
    plan->scanned = more;
}

static void note_scan_of(struct arena *a, struct query_plan *plan, struct str sql, struct str alias)
{
    for (size_t i = 0; i < large_tables_count; i++)
        if (is_alias(sql, str_from(large_tables[i]), alias)) note_scan(a, plan, str_from(large_tables[i]));
}

bool store_may_scan(const struct query *q, struct str table)
{
    struct str allowed = str_from(q->scans ? q->scans : "");
    for (struct str name = next_name(&allowed); name.len > 0; name = next_name(&allowed))
        if (str_eq(name, table)) return true;
    return false;
}

/* ---- SQLite ---- */

/* "SCAN d", "SCAN d USING INDEX ...": every row of it, in whichever order. */
static enum outcome explain_in_file(sqlite3 *db, struct arena *a, const struct query *q, struct query_plan *out,
                                    struct fail *why)
{
    AUTO_BUF struct buf text;
    sqlite3_stmt *st = NULL;
    struct str sql = str_format(a, "EXPLAIN QUERY PLAN %s", q->sql);
    buf_init(&text, PLAN_BYTES);
    if (sqlite3_prepare_v2(db, sql.at, (int)sql.len, &st, NULL) != SQLITE_OK)
        return fail(why, ERR_BUG, N_("The query {0} does not fit the database: {1}"), str_from(q->name),
                    str_from(sqlite3_errmsg(db)));
    while (sqlite3_step(st) == SQLITE_ROW) {
        struct str line = str_from((const char *)sqlite3_column_text(st, 3)), rest = line;
        buf_addf(&text, "%.*s\n", STR_ARG(line));
        if (!str_starts(line, STR("SCAN "))) continue;
        (void)next_name(&rest);
        note_scan_of(a, out, str_from(q->sql), str_dup(a, next_name(&rest)));
    }
    sqlite3_finalize(st);
    out->text = str_dup(a, buf_str(&text));
    return OK;
}

static enum outcome make_schema(sqlite3 *db, struct fail *why)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, SCHEMA_ARENA);
    for (size_t i = 0; i < embedded_migrations_count; i++) {
        const struct migration *m = &embedded_migrations[i];
        struct str text = migration_text(&a, m->sql, STR("sqlite"));
        if (sqlite3_exec(db, str_cstr(&a, text), NULL, NULL, NULL) != SQLITE_OK)
            return fail(why, ERR_BUG, N_("The migration {0} failed: {1}"), str_from(m->name),
                        str_from(sqlite3_errmsg(db)));
    }
    return OK;
}

static enum outcome explain_all_in_file(struct arena *a, struct query_plan *plans, struct fail *why)
{
    sqlite3 *db = NULL;
    enum outcome done = OK;
    if (sqlite3_open(":memory:", &db) != SQLITE_OK) BUG("no database in memory");
    done = make_schema(db, why);
    for (size_t i = 0; done == OK && i < queries_count; i++)
        if (queries[i].sql) done = explain_in_file(db, a, &queries[i], &plans[i], why);
    sqlite3_close(db);
    return done;
}

/* ---- PostgreSQL ---- */

static struct str behind(struct str line, const char *word)
{
    const char *at = memmem(line.at, line.len, word, strlen(word));
    struct str rest = at ? str_part(line, (size_t)(at - line.at) + strlen(word), line.len) : STR_NONE;
    return next_name(&rest);
}

/* Lines of EXPLAIN: a node, then what belongs to it. A node reads a table whole when it says so, or goes through an
 * index without a condition. */
static void look_at_lines(struct arena *a, struct str text, struct query_plan *out)
{
    struct str pending = STR_NONE; /* read by an index; whose condition may follow */
    struct scan scan = scan_of(text);
    while (!scan_is_end(&scan)) {
        struct str line = str_trim(scan_line(&scan));
        bool is_node = str_starts(line, STR("->")) || scan.line == 2;
        if (is_node && pending.len > 0) note_scan_of(a, out, pending, pending);
        if (is_node) pending = STR_NONE;
        if (is_node && str_has(line, STR("Seq Scan on ")))
            note_scan_of(a, out, STR_NONE, str_dup(a, behind(line, " Scan on ")));
        else if (is_node && str_has(line, STR(" using ")))
            pending = behind(line, " on ");
        else if (str_starts(line, STR("Index Cond:")))
            pending = STR_NONE;
    }
    if (pending.len > 0) note_scan_of(a, out, pending, pending);
}

static enum outcome ask(PGconn *link, const char *sql, ExecStatusType wanted, PGresult **out)
{
    *out = PQexec(link, sql);
    return PQresultStatus(*out) == wanted ? OK : ERR_BUG;
}

static enum outcome misfit(PGconn *link, const struct query *q, struct fail *why)
{
    return fail(why, ERR_BUG, N_("The query {0} does not fit the database: {1}"), str_from(q->name),
                str_from(PQerrorMessage(link)));
}

/* The plan of a prepared statement for any parameters, as the program's own are. */
static enum outcome explain_on_server(PGconn *link, struct arena *a, const struct query *q, struct query_plan *out,
                                      struct fail *why)
{
    AUTO_BUF struct buf sql, text;
    buf_init(&sql, PLAN_BYTES);
    buf_init(&text, PLAN_BYTES);
    PGresult *r = PQprepare(link, "p", q->sql_postgres, 0, NULL);
    bool is_prepared = PQresultStatus(r) == PGRES_COMMAND_OK;
    PQclear(r);
    if (!is_prepared) return misfit(link, q, why);
    buf_add(&sql, STR("EXPLAIN (COSTS off) EXECUTE p"));
    for (int i = 0; i < q->param_count; i++) buf_add(&sql, i == 0 ? STR("(NULL") : STR(", NULL"));
    if (q->param_count > 0) buf_add_char(&sql, ')');
    buf_add_char(&sql, 0);
    enum outcome done = ask(link, sql.at, PGRES_TUPLES_OK, &r) == OK ? OK : misfit(link, q, why);
    for (int i = 0; done == OK && i < PQntuples(r); i++) buf_addf(&text, "%s\n", PQgetvalue(r, i, 0));
    PQclear(r);
    PQclear(PQexec(link, "DEALLOCATE p"));
    out->text = str_dup(a, buf_str(&text));
    look_at_lines(a, out->text, out);
    return done;
}

/* What an index can answer is answered by it, whatever the tables hold today, and for any parameters. */
static const char index_first_sql[] = "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;"
                                      "SET enable_material = off;"
                                      "SET plan_cache_mode = force_generic_plan";

static enum outcome explain_all_on_server(struct arena *a, const char *url, struct query_plan *plans, struct fail *why)
{
    struct postgres place = {0};
    struct pg_link c;
    struct store_options o = {.url = url};
    PGresult *r = NULL;
    store_init(&place.store, NULL, &o);
    place.url = arena_dup(a, url, strlen(url) + 1);
    pg_link_init(&c, &place, false);
    enum outcome done = pg_connect(&c, why);
    if (done == OK) {
        done = ask(c.link, index_first_sql, PGRES_COMMAND_OK, &r);
        PQclear(r);
        if (done != OK) done = pg_refuse_down(why);
    }
    for (size_t i = 0; done == OK && i < queries_count; i++)
        done = explain_on_server(c.link, a, &queries[i], &plans[i], why);
    pg_link_end(&c);
    store_end(&place.store);
    return done;
}

enum outcome store_explain(struct arena *a, const char *url, struct query_plan **out, struct fail *why)
{
    struct query_plan *plans = ARENA_ARRAY(a, struct query_plan, queries_count + 1);
    memset(plans, 0, (queries_count + 1) * sizeof *plans);
    TRY(url ? explain_all_on_server(a, url, plans, why) : explain_all_in_file(a, plans, why));
    *out = plans;
    return OK;
}
