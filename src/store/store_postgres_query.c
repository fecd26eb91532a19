/* Statements: their values in the server's form, how they are sent and read, and that each is tried at the start. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "store/store_postgres.h"

enum {
    NUMBER_BYTES = 24,
    FETCH_FIRST = 64,
    FETCH_MORE = 512,
    STATEMENT_BYTES = 64 * 1024,
    RECONNECTS = 3,
    CHECKED_AT_ONCE = 64,
};

/* Types of parameters and columns; the numbers are PostgreSQL's for ever (pg_type.dat). */
enum pg_type {
    TYPE_BOOL = 16,
    TYPE_BYTEA = 17,
    TYPE_NAME = 19,
    TYPE_INT8 = 20,
    TYPE_INT2 = 21,
    TYPE_INT4 = 23,
    TYPE_TEXT = 25,
    TYPE_VARCHAR = 1043,
    TYPE_NUMERIC = 1700,
};

/* ---- values ---- */

static uint64_t big_endian(const char *at, size_t bytes)
{
    uint64_t n = 0;
    for (size_t i = 0; i < bytes; i++) n = n << 8 | (unsigned char)at[i];
    return n;
}

/* A numeric in its binary form: count, weight, sign, scale, then digits of 10,000. sum() of bigints is one. What stands
 * behind the point is cut. */
static int64_t whole_of_numeric(const char *at)
{
    int count = (int)big_endian(at, 2), weight = (int16_t)big_endian(at + 2, 2);
    bool is_negative = big_endian(at + 4, 2) == 0x4000;
    int64_t n = 0;
    for (int i = 0; i <= weight; i++) n = n * 10000 + (i < count ? (int64_t)big_endian(at + 8 + 2 * i, 2) : 0);
    return is_negative ? -n : n;
}

static bool is_known_type(Oid type)
{
    static const Oid known[] = {TYPE_BOOL, TYPE_BYTEA, TYPE_NAME,    TYPE_INT8,   TYPE_INT2,
                                TYPE_INT4, TYPE_TEXT,  TYPE_VARCHAR, TYPE_NUMERIC};
    for (size_t i = 0; i < LENGTH(known); i++)
        if (known[i] == type) return true;
    return false;
}

struct value pg_read_cell(const PGresult *r, int row, int column)
{
    if (PQgetisnull(r, row, column)) return v_null();
    const char *at = PQgetvalue(r, row, column);
    size_t len = (size_t)PQgetlength(r, row, column);
    switch ((enum pg_type)PQftype(r, column)) {
    case TYPE_BOOL: return v_bool(at[0] != 0);
    case TYPE_INT2: return v_int((int16_t)big_endian(at, 2));
    case TYPE_INT4: return v_int((int32_t)big_endian(at, 4));
    case TYPE_INT8: return v_int((int64_t)big_endian(at, 8));
    case TYPE_NUMERIC: return v_int(whole_of_numeric(at));
    case TYPE_BYTEA: return v_blob(str_of(at, len));
    case TYPE_NAME:
    case TYPE_TEXT:
    case TYPE_VARCHAR: break;
    }
    return v_str(str_of(at, len));
}

/* Parameters as libpq wants them. Numbers go as decimal text, which every integer type reads. */
struct bound {
    const char *values[PG_PARAMS_MOST];
    int lengths[PG_PARAMS_MOST], formats[PG_PARAMS_MOST];
    char numbers[PG_PARAMS_MOST][NUMBER_BYTES];
};

static void bind_all(struct bound *b, const struct statement *st)
{
    if (st->value_count > PG_PARAMS_MOST) BUG("%zu parameters", st->value_count);
    for (size_t i = 0; i < st->value_count; i++) {
        const struct value *v = &st->values[i];
        b->values[i] = NULL;
        b->lengths[i] = (int)v->text.len;
        b->formats[i] = v->kind != VALUE_INT; /* text is the same in both forms; binary needs no NUL at its end */
        if (v->kind == VALUE_INT) {
            snprintf(b->numbers[i], NUMBER_BYTES, "%" PRId64, v->number);
            b->values[i] = b->numbers[i];
        } else if (v->kind != VALUE_NULL) {
            b->values[i] = v->text.len ? v->text.at : "";
        }
    }
}

/* ---- queries ---- */

const struct query *pg_query_of(const struct pg_link *c, unsigned query)
{
    return &c->owner->store.options.queries[query];
}

/* Inside a command a query that says so also locks the rows that it gives. */
static struct pg_prepared prepared_query(const struct pg_link *c, unsigned query)
{
    const struct query *q = pg_query_of(c, query);
    bool is_locking = c->tx.is_command && q->sql_postgres_lock;
    return (struct pg_prepared){query, q->name, is_locking ? q->sql_postgres_lock : q->sql_postgres};
}

/* Each is prepared on a connection when it is first used there. */
void pg_send_prepared(struct pg_link *c, const struct pg_prepared *p, const struct statement *st)
{
    struct bound b;
    if (c->state == PG_LOST) return;
    if (!c->is_prepared[p->n]) {
        c->preparing[c->preparing_count++] = (struct pg_preparing){c->sent, p->n};
        pg_note_sent(c, PQsendPrepare(c->link, p->name, p->sql, 0, NULL));
        c->is_prepared[p->n] = true;
    }
    bind_all(&b, st);
    pg_note_sent(c, PQsendQueryPrepared(c->link, p->name, (int)st->value_count, b.values, b.lengths, b.formats, 1));
}

void pg_send_statement(struct pg_link *c, const struct statement *st)
{
    const struct pg_prepared p = prepared_query(c, st->query);
    pg_send_prepared(c, &p, st);
}

void pg_begin(struct pg_link *c)
{
    if (c->is_begun) return;
    c->is_begun = true;
    c->is_answered = false;
    c->cursors = 0;
    if (!c->tx.is_command) {
        pg_send(c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        return;
    }
    pg_send(c, "BEGIN ISOLATION LEVEL READ COMMITTED");
    pg_send(c, c->is_beside ? "SELECT pg_advisory_xact_lock_shared(" PG_LOCK_COMMANDS ")"
                            : "SELECT pg_advisory_xact_lock(" PG_LOCK_COMMANDS ")");
}

static enum outcome give_rows(const PGresult *r, const struct statement *st, uint64_t *rows, struct fail *why)
{
    struct value cells[QUERY_COLUMNS_MOST];
    int columns = PQnfields(r), count = PQntuples(r);
    bool is_enough = !st->sink;
    *rows += (uint64_t)count;
    for (int i = 0; i < count && !is_enough; i++) {
        for (int k = 0; k < columns; k++) cells[k] = pg_read_cell(r, i, k);
        TRY(st->sink(st->context, &(struct row){cells, (size_t)columns}, &is_enough, why));
    }
    return OK;
}

static void count_cost(const struct pg_link *c, const struct statement *st, uint64_t rows)
{
    struct cost_count *costs = atomic_load_explicit(&c->tx.store->costs, memory_order_relaxed);
    if (!costs) return;
    atomic_fetch_add(&costs[st->query].calls, 1);
    atomic_fetch_add(&costs[st->query].rows, pg_query_of(c, st->query)->is_write ? (uint64_t)st->changed : rows);
}

static void count_trips(const struct pg_link *c, const struct statement *st, uint64_t trips)
{
    struct cost_count *costs = atomic_load_explicit(&c->tx.store->costs, memory_order_relaxed);
    if (costs) atomic_fetch_add(&costs[st->query].trips, trips);
}

static enum outcome give_answer(struct pg_link *c, struct statement *st, const PGresult *r, struct fail *why)
{
    uint64_t rows = 0;
    st->changed = pg_query_of(c, st->query)->is_write ? strtoll(PQcmdTuples((PGresult *)(uintptr_t)r), NULL, 10) : 0;
    enum outcome done = give_rows(r, st, &rows, why);
    count_cost(c, st, rows);
    return done;
}

/* A failure of an earlier statement, which nobody awaited, may be told of here. */
static enum outcome fetch_once(struct pg_link *c, struct statement *st, struct fail *why)
{
    const PGresult *known;
    PGresult *r = NULL;
    TRY(pg_ahead_find(c, st, &known, why));
    if (known) {
        enum outcome done = give_answer(c, st, known, why);
        pg_ahead_used(c, st);
        return done;
    }
    pg_send_statement(c, st);
    TRY(pg_sync(c, &r, why));
    enum outcome done = give_answer(c, st, r, why);
    PQclear(r);
    return done;
}

static void send_cursor(struct pg_link *c, const struct statement *st, unsigned number)
{
    char sql[STATEMENT_BYTES];
    struct bound b;
    if (c->state == PG_LOST) return;
    int len = snprintf(sql, sizeof sql, "DECLARE c%u NO SCROLL CURSOR FOR %s", number,
                       pg_query_of(c, st->query)->sql_postgres);
    if (len < 0 || (size_t)len >= sizeof sql) BUG("the query %s is too long", pg_query_of(c, st->query)->name);
    bind_all(&b, st);
    pg_note_sent(c, PQsendQueryParams(c->link, sql, (int)st->value_count, NULL, b.values, b.lengths, b.formats, 1));
}

static enum outcome fetch_part(struct pg_link *c, const struct statement *st, unsigned number, int most,
                               uint64_t *out_rows, struct fail *why)
{
    char sql[64];
    PGresult *r = NULL;
    snprintf(sql, sizeof sql, "FETCH FORWARD %d FROM c%u", most, number);
    pg_send(c, sql);
    TRY(pg_sync(c, &r, why));
    enum outcome done = give_rows(r, st, out_rows, why);
    PQclear(r);
    return done;
}

/* In parts, so that memory stays the same however many rows there are, and other queries may run between them. */
static enum outcome fetch_all(struct pg_link *c, struct statement *st, struct fail *why)
{
    char sql[32];
    unsigned number = ++c->cursors;
    uint64_t rows = 0, wanted = FETCH_FIRST;
    send_cursor(c, st, number);
    TRY(fetch_part(c, st, number, FETCH_FIRST, &rows, why));
    while (rows == wanted) {
        wanted += FETCH_MORE;
        TRY(fetch_part(c, st, number, FETCH_MORE, &rows, why));
    }
    snprintf(sql, sizeof sql, "CLOSE c%u", number);
    pg_send(c, sql);
    count_cost(c, st, rows);
    return OK;
}

static enum outcome run_statement(struct pg_link *c, struct statement *st, struct fail *why)
{
    const struct query *q = pg_query_of(c, st->query);
    if (c->state != PG_FINE) return c->state == PG_LOST ? pg_refuse_down(why) : fail(why, ERR_BUG, NULL);
    pg_begin(c);
    if (c->sent >= PG_UNAWAITED_MOST || c->preparing_count == PG_PREPARING_MOST) TRY(pg_sync(c, NULL, why));
    if (q->is_write && !st->sink && !st->is_counted) {
        if (st->must_change)
            pg_send_change(c, st);
        else
            pg_send_statement(c, st);
        count_cost(c, st, 0);
        return c->state == PG_LOST ? pg_note_lost(c, why) : OK;
    }
    return st->is_long && !q->is_write ? fetch_all(c, st, why) : fetch_once(c, st, why);
}

/* A connection from the pool may have died since it was used: as long as nothing was read in this snapshot, another one
 * takes its place. */
enum outcome pg_execute(struct tx *tx, struct statement *st, struct fail *why)
{
    struct pg_link *c = tx->connection;
    uint64_t trips = c->trips;
    enum outcome done = run_statement(c, st, why);
    count_trips(c, st, c->trips - trips);
    for (int i = 0; i < RECONNECTS && done != OK && c->state == PG_LOST && !tx->is_command && !c->is_answered; i++) {
        TRY(pg_link_open(c, why));
        done = run_statement(c, st, why);
    }
    return done;
}

/* ---- every query is tried at the start ---- */

static enum outcome misfit(const struct query *q, const char *said, struct fail *why)
{
    log_write(LOG_ERROR, "store.query", "query=%s message=\"%s\"", q->name, said);
    return fail(why, ERR_BUG, N_("The query {0} does not fit the database: {1}"), str_from(q->name), str_from(said));
}

static enum outcome check_described(const struct query *q, const PGresult *r, struct fail *why)
{
    bool fits = q->sql_postgres && PQnparams(r) == q->param_count && PQnfields(r) <= QUERY_COLUMNS_MOST &&
                (q->is_write || PQnfields(r) > 0);
    for (int i = 0; fits && i < PQnparams(r); i++) {
        Oid type = PQparamtype(r, i);
        fits = type == TYPE_INT8 || type == TYPE_TEXT || type == TYPE_BYTEA;
    }
    for (int i = 0; fits && i < PQnfields(r); i++) fits = is_known_type(PQftype(r, i));
    return fits ? OK : misfit(q, "its parameters or columns have other types or are others than the table says", why);
}

static enum outcome check_part(struct pg_link *c, size_t from, size_t to, struct fail *why)
{
    const struct query *all = c->owner->store.options.queries;
    enum outcome done = OK;
    for (size_t i = from; i < to; i++) {
        const char *sql = all[i].sql_postgres ? all[i].sql_postgres : "";
        pg_note_sent(c, PQsendPrepare(c->link, "", all[i].sql_postgres_lock ? all[i].sql_postgres_lock : sql, 0, NULL));
        pg_note_sent(c, PQsendDescribePrepared(c->link, ""));
    }
    if (c->state == PG_LOST || PQpipelineSync(c->link) != 1) return pg_note_lost(c, why);
    for (size_t i = from; i < to; i++) {
        PGresult *prepared = pg_take_answer(c), *described = pg_take_answer(c);
        if (done == OK && (!prepared || !described)) done = pg_note_lost(c, why);
        if (done == OK && !pg_is_good(prepared)) done = misfit(&all[i], PQresultErrorMessage(prepared), why);
        if (done == OK) done = check_described(&all[i], described, why);
        PQclear(prepared);
        PQclear(described);
    }
    c->sent = 0;
    if (!pg_take_sync(c) && done == OK) done = pg_note_lost(c, why);
    return done;
}

enum outcome pg_check_queries(struct pg_link *c, struct fail *why)
{
    size_t count = c->owner->store.options.query_count;
    for (size_t i = 0; i < count; i += CHECKED_AT_ONCE)
        TRY(check_part(c, i, i + CHECKED_AT_ONCE < count ? i + CHECKED_AT_ONCE : count, why));
    return OK;
}
