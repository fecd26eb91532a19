#include "store/store_postgres.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/log.h"
#include "store/store_copy.h"

enum {
    PARAMS_MOST = 64,
    NUMBER_BYTES = 24,
    FETCH_FIRST = 64,
    FETCH_MORE = 512,
    STATEMENT_BYTES = 64 * 1024,
    COMMAND_ARENA_CEILING = 512 * 1024 * 1024,
    RECONNECTS = 3,
    OLDEST_SERVER = 150000,
    CHECKED_AT_ONCE = 64,
    BACKUP_ARENA_BYTES = 16 * 1024 * 1024,
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

/* ---- failures ---- */

enum outcome pg_refuse_down(struct fail *why)
{
    return fail(why, ERR_DOWN, N_("The data cannot be reached right now. Try again in a moment."));
}

/* Which kind of trouble an SQLSTATE is (PostgreSQL's manual, appendix A); the longest prefix counts, so it stands
 * first.
 */
static const struct {
    const char *prefix;
    enum pg_state state;
    enum outcome outcome;
} troubles[] = {
    {"23505", PG_REFUSED, ERR_CONFLICT}, /* unique violation */
    {"40001", PG_AGAIN,   ERR_DOWN    }, /* serialisation */
    {"40P01", PG_AGAIN,   ERR_DOWN    }, /* deadlock */
    {"25006", PG_LOST,    ERR_DOWN    }, /* a standby: the next connection finds the primary */
    {"57P",   PG_LOST,    ERR_DOWN    }, /* the server is stopping or starting */
    {"08",    PG_LOST,    ERR_DOWN    }, /* the connection */
    {"53",    PG_REFUSED, ERR_DOWN    }, /* disk, memory, connections */
    {"22",    PG_REFUSED, ERR_BUG     }, /* a value that does not fit */
    {"23",    PG_REFUSED, ERR_BUG     }, /* another constraint */
    {"42",    PG_REFUSED, ERR_BUG     }, /* a name, a right */
};

static enum outcome sentence_of(enum outcome outcome, bool is_full, struct fail *why)
{
    if (outcome == ERR_CONFLICT)
        return fail(why, ERR_CONFLICT, N_("Something with the same name or number is already there."));
    if (outcome == ERR_BUG) return fail(why, ERR_BUG, NULL);
    return is_full ? file_refused(ENOSPC, why) : pg_refuse_down(why);
}

static enum outcome note_lost(struct pg_link *c, struct fail *why)
{
    if (c->state != PG_LOST) log_write(LOG_WARN, "store.lost", "message=\"a connection to the database was lost\"");
    c->state = PG_LOST;
    return pg_refuse_down(why);
}

/* Messages of the server may repeat values, so only the code and the constraint's name are logged. */
static enum outcome note_trouble(struct pg_link *c, const PGresult *r, struct fail *why)
{
    const char *code = PQresultErrorField(r, PG_DIAG_SQLSTATE), *name = PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME);
    if (!code || PQstatus(c->link) == CONNECTION_BAD) return note_lost(c, why);
    enum outcome outcome = ERR_DOWN;
    c->state = PG_REFUSED;
    for (size_t i = 0; i < LENGTH(troubles); i++) {
        if (strncmp(code, troubles[i].prefix, strlen(troubles[i].prefix)) != 0) continue;
        c->state = troubles[i].state;
        outcome = troubles[i].outcome;
        break;
    }
    if (outcome != ERR_CONFLICT && c->state != PG_AGAIN)
        log_write(LOG_ERROR, "store.failed", "code=%s constraint=%s", code, name ? name : "-");
    return sentence_of(outcome, strcmp(code, "53100") == 0, why);
}

/* ---- connections ---- */

void pg_link_init(struct pg_link *c, struct postgres *s, bool is_writer)
{
    *c = (struct pg_link){.owner = s};
    c->is_prepared = calloc(s->store.options.query_count + 1, sizeof *c->is_prepared);
    if (!c->is_prepared) BUG("out of memory for %zu statements", s->store.options.query_count);
    arena_init(&c->arena, COMMAND_ARENA_CEILING);
    c->tx = (struct tx){.store = &s->store, .is_command = is_writer, .connection = c};
}

void pg_forget_ahead(struct pg_link *c, const struct tx *by)
{
    size_t kept = 0;
    for (size_t i = 0; i < c->ahead_count; i++) {
        if (by && c->ahead[i].by != by)
            c->ahead[kept++] = c->ahead[i];
        else
            PQclear(c->ahead[i].answer);
    }
    c->ahead_count = kept;
}

void pg_link_close(struct pg_link *c)
{
    pg_forget_ahead(c, NULL);
    PQfinish(c->link);
    c->link = NULL;
    c->state = PG_FINE;
    c->is_begun = c->is_answered = c->is_ending = false;
    c->sent = 0;
    c->preparing_count = 0;
    if (c->is_prepared) memset(c->is_prepared, 0, c->owner->store.options.query_count);
}

void pg_link_end(struct pg_link *c)
{
    if (!c->owner) return;
    pg_link_close(c);
    arena_end(&c->arena);
    free(c->is_prepared);
    c->is_prepared = NULL;
}

static enum outcome run_setup(struct pg_link *c, const char *sql, struct fail *why)
{
    PGresult *r = PQexec(c->link, sql);
    ExecStatusType status = PQresultStatus(r);
    enum outcome done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ? OK : note_trouble(c, r, why);
    PQclear(r);
    return done;
}

static enum outcome check_server(struct pg_link *c, struct fail *why)
{
    const char *encoding = PQparameterStatus(c->link, "server_encoding");
    if (PQserverVersion(c->link) < OLDEST_SERVER)
        return fail(why, ERR_INVALID, N_("The database server is older than PostgreSQL 15."));
    if (!encoding || strcmp(encoding, "UTF8") != 0)
        return fail(why, ERR_INVALID,
                    N_("The database does not keep its text as UTF-8. Make it with ENCODING 'UTF8'."));
    return OK;
}

/* Notices may repeat values too. */
static void ignore_notice(void *context, const char *message)
{
    (void)context;
    (void)message;
}

/* What the address itself says comes last and counts. Several hosts: the one that takes changes is found. */
enum outcome pg_connect(struct pg_link *c, struct fail *why)
{
    static const char *const keys[] = {"target_session_attrs",
                                       "connect_timeout",
                                       "tcp_user_timeout",
                                       "application_name",
                                       "client_encoding",
                                       "dbname",
                                       NULL};
    const char *const values[] = {"read-write", "5", "10000", "motcua", "UTF8", c->owner->url, NULL};
    pg_link_close(c);
    c->link = PQconnectdbParams(keys, values, 1);
    if (!c->link) BUG("out of memory for a connection");
    if (PQstatus(c->link) != CONNECTION_OK) {
        log_write(LOG_ERROR, "store.connect", "message=\"the database server does not answer or refuses\"");
        pg_link_close(c);
        return fail(why, ERR_DOWN, N_("The database server does not answer, or refuses this program."));
    }
    PQsetNoticeProcessor(c->link, ignore_notice, NULL);
    TRY(check_server(c, why));
    TRY(run_setup(c, "SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = warning", why));
    return c->owner->store.options.is_sync_off ? run_setup(c, "SET synchronous_commit = off", why) : OK;
}

enum outcome pg_link_open(struct pg_link *c, struct fail *why)
{
    TRY(pg_connect(c, why));
    if (PQenterPipelineMode(c->link) != 1) BUG("no pipeline mode");
    return OK;
}

/* ---- round trips ---- */

static void note_sent(struct pg_link *c, int is_sent)
{
    if (is_sent) c->sent++;
    if (!is_sent) c->state = PG_LOST; /* told by the sync, which cannot succeed */
}

void pg_send(struct pg_link *c, const char *sql)
{
    if (c->state != PG_LOST) note_sent(c, PQsendQueryParams(c->link, sql, 0, NULL, NULL, NULL, NULL, 1));
}

/* The answer of one statement; NULL when the connection broke. */
static PGresult *take_answer(struct pg_link *c)
{
    PGresult *r = PQgetResult(c->link), *end = r ? PQgetResult(c->link) : NULL;
    PQclear(end); /* the mark between two answers is NULL; anything else is the end of a broken connection */
    if (!r || PQstatus(c->link) == CONNECTION_BAD) {
        PQclear(r);
        return NULL;
    }
    return r;
}

static bool take_sync(struct pg_link *c)
{
    PGresult *r = PQgetResult(c->link);
    bool is_sync = PQresultStatus(r) == PGRES_PIPELINE_SYNC;
    PQclear(r);
    return is_sync;
}

static bool is_good(const PGresult *r)
{
    return PQresultStatus(r) == PGRES_COMMAND_OK || PQresultStatus(r) == PGRES_TUPLES_OK;
}

/* What was to be prepared after the first failure was skipped by the server. */
static void note_prepared(struct pg_link *c, unsigned place, bool is_prepared)
{
    for (size_t i = 0; i < c->preparing_count; i++)
        if (c->preparing[i].place == place) c->is_prepared[c->preparing[i].query] = is_prepared;
}

/* Whose answer stands at this place; NULL: nobody's who asked ahead. */
static struct pg_ahead *asked_ahead(struct pg_link *c, unsigned place)
{
    for (size_t i = 0; i < c->ahead_count; i++)
        if (!c->ahead[i].answer && c->ahead[i].place == place) return &c->ahead[i];
    return NULL;
}

/* Gives a good answer to whoever wants it. */
static void keep_answer(struct pg_link *c, unsigned place, PGresult *r, PGresult **out_last)
{
    struct pg_ahead *ahead = asked_ahead(c, place);
    if (ahead)
        ahead->answer = r;
    else if (out_last && place + 1 == c->sent)
        *out_last = r;
    else
        PQclear(r);
}

static enum outcome read_answers(struct pg_link *c, PGresult **out_last, struct fail *why)
{
    enum outcome done = OK;
    for (unsigned i = 0; i < c->sent; i++) {
        PGresult *r = take_answer(c);
        if (!r) return note_lost(c, why);
        if (!is_good(r)) note_prepared(c, i, false);
        if (done == OK && !is_good(r)) done = note_trouble(c, r, why);
        if (done == OK)
            keep_answer(c, i, r, out_last);
        else
            PQclear(r);
    }
    c->sent = 0;
    c->preparing_count = 0;
    if (done != OK) pg_forget_ahead(c, NULL);
    return take_sync(c) ? done : note_lost(c, why);
}

enum outcome pg_sync(struct pg_link *c, PGresult **out_last, struct fail *why)
{
    PGresult *last = NULL;
    if (c->state == PG_LOST || PQpipelineSync(c->link) != 1) return note_lost(c, why);
    atomic_fetch_add_explicit(&c->owner->round_trips, 1, memory_order_relaxed);
    enum outcome done = read_answers(c, &last, why);
    if (done == OK && out_last)
        *out_last = last;
    else
        PQclear(last);
    if (done == OK) c->is_answered = true;
    return done;
}

/* The answer of a COMMIT that was sent when the last reading ended: nothing was written, so only a lost connection is
 * news. */
static void read_ending(struct pg_link *c)
{
    AUTO_ARENA struct arena a;
    struct fail ignored;
    arena_init(&a, 64 * 1024);
    fail_init(&ignored, &a);
    if (c->is_ending && read_answers(c, NULL, &ignored) != OK) pg_link_close(c);
    c->is_ending = false;
}

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

static struct value read_cell(const PGresult *r, int row, int column)
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
    const char *values[PARAMS_MOST];
    int lengths[PARAMS_MOST], formats[PARAMS_MOST];
    char numbers[PARAMS_MOST][NUMBER_BYTES];
};

static void bind_all(struct bound *b, const struct statement *st)
{
    if (st->value_count > PARAMS_MOST) BUG("%zu parameters", st->value_count);
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

static const struct query *query_of(const struct pg_link *c, unsigned query)
{
    return &c->owner->store.options.queries[query];
}

/* Inside a command a query that says so also locks the rows that it gives. */
static const char *text_of(const struct pg_link *c, const struct query *q)
{
    return c->tx.is_command && q->sql_postgres_lock ? q->sql_postgres_lock : q->sql_postgres;
}

/* Each query is prepared on a connection when it is first used there. */
static void send_statement(struct pg_link *c, const struct statement *st)
{
    const struct query *q = query_of(c, st->query);
    struct bound b;
    if (c->state == PG_LOST) return;
    if (!c->is_prepared[st->query]) {
        c->preparing[c->preparing_count++] = (struct pg_preparing){c->sent, st->query};
        note_sent(c, PQsendPrepare(c->link, q->name, text_of(c, q), 0, NULL));
        c->is_prepared[st->query] = true;
    }
    bind_all(&b, st);
    note_sent(c, PQsendQueryPrepared(c->link, q->name, (int)st->value_count, b.values, b.lengths, b.formats, 1));
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
        for (int k = 0; k < columns; k++) cells[k] = read_cell(r, i, k);
        TRY(st->sink(st->context, &(struct row){cells, (size_t)columns}, &is_enough, why));
    }
    return OK;
}

static void count_cost(const struct pg_link *c, const struct statement *st, uint64_t rows)
{
    struct cost_count *costs = atomic_load_explicit(&c->tx.store->costs, memory_order_relaxed);
    if (!costs) return;
    atomic_fetch_add(&costs[st->query].calls, 1);
    atomic_fetch_add(&costs[st->query].rows, query_of(c, st->query)->is_write ? (uint64_t)st->changed : rows);
}

/* ---- asked ahead ---- */

static bool is_same_value(const struct value *a, const struct value *b)
{
    if (a->kind != b->kind || a->kind == VALUE_NULL) return a->kind == b->kind;
    return a->kind == VALUE_INT ? a->number == b->number : str_eq(a->text, b->text);
}

static bool is_asked(const struct pg_ahead *a, const struct statement *st)
{
    bool is = a->query == st->query && a->value_count == st->value_count;
    for (size_t i = 0; i < st->value_count && is; i++) is = is_same_value(&a->values[i], &st->values[i]);
    return is;
}

static struct pg_ahead *find_ahead(struct pg_link *c, const struct statement *st)
{
    for (size_t i = 0; i < c->ahead_count; i++)
        if (is_asked(&c->ahead[i], st)) return &c->ahead[i];
    return NULL;
}

static const struct value *keep_values(struct arena *a, const struct statement *st)
{
    struct value *kept = ARENA_ARRAY(a, struct value, st->value_count + 1);
    for (size_t i = 0; i < st->value_count; i++) {
        kept[i] = st->values[i];
        kept[i].text = str_dup(a, st->values[i].text);
    }
    return kept;
}

/* What there is no room for is asked when it is needed. */
static void pg_ahead(struct tx *tx, const struct statement *st)
{
    struct pg_link *c = tx->connection;
    bool has_room =
        c->ahead_count < PG_AHEAD_MOST && c->sent + 2 < PG_UNAWAITED_MOST && c->preparing_count < PG_PREPARING_MOST;
    if (c->state != PG_FINE || !has_room || find_ahead(c, st)) return;
    pg_begin(c);
    send_statement(c, st);
    if (c->state != PG_FINE) return;
    c->ahead[c->ahead_count++] = (struct pg_ahead){.query = st->query,
                                                   .place = c->sent - 1,
                                                   .by = tx,
                                                   .values = keep_values(tx->arena, st),
                                                   .value_count = st->value_count};
}

/* Its answer, the caller's from now on, after one round trip at most; NULL: it was not asked ahead. */
static enum outcome take_ahead(struct pg_link *c, const struct statement *st, PGresult **out, struct fail *why)
{
    struct pg_ahead *ahead = find_ahead(c, st);
    *out = NULL;
    if (!ahead) return OK;
    if (!ahead->answer) TRY(pg_sync(c, NULL, why));
    *out = ahead->answer;
    *ahead = c->ahead[--c->ahead_count];
    return OK;
}

/* A failure of an earlier statement, which nobody awaited, may be told of here. */
static enum outcome fetch_once(struct pg_link *c, struct statement *st, struct fail *why)
{
    PGresult *r = NULL;
    uint64_t rows = 0;
    TRY(take_ahead(c, st, &r, why));
    if (!r) {
        send_statement(c, st);
        TRY(pg_sync(c, &r, why));
    }
    st->changed = query_of(c, st->query)->is_write ? strtoll(PQcmdTuples(r), NULL, 10) : 0;
    enum outcome done = give_rows(r, st, &rows, why);
    count_cost(c, st, rows);
    PQclear(r);
    return done;
}

static void send_cursor(struct pg_link *c, const struct statement *st, unsigned number)
{
    char sql[STATEMENT_BYTES];
    struct bound b;
    if (c->state == PG_LOST) return;
    int len =
        snprintf(sql, sizeof sql, "DECLARE c%u NO SCROLL CURSOR FOR %s", number, query_of(c, st->query)->sql_postgres);
    if (len < 0 || (size_t)len >= sizeof sql) BUG("the query %s is too long", query_of(c, st->query)->name);
    bind_all(&b, st);
    note_sent(c, PQsendQueryParams(c->link, sql, (int)st->value_count, NULL, b.values, b.lengths, b.formats, 1));
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
    const struct query *q = query_of(c, st->query);
    if (c->state != PG_FINE) return c->state == PG_LOST ? pg_refuse_down(why) : fail(why, ERR_BUG, NULL);
    pg_begin(c);
    if (c->sent >= PG_UNAWAITED_MOST || c->preparing_count == PG_PREPARING_MOST) TRY(pg_sync(c, NULL, why));
    if (q->is_write && !st->sink && !st->is_counted) {
        send_statement(c, st);
        count_cost(c, st, 0);
        return c->state == PG_LOST ? note_lost(c, why) : OK;
    }
    return st->is_long && !q->is_write ? fetch_all(c, st, why) : fetch_once(c, st, why);
}

/* A connection from the pool may have died since it was used: as long as nothing was read in this snapshot, another one
 * takes its place. */
static enum outcome pg_execute(struct tx *tx, struct statement *st, struct fail *why)
{
    struct pg_link *c = tx->connection;
    enum outcome done = run_statement(c, st, why);
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
        note_sent(c, PQsendPrepare(c->link, "", all[i].sql_postgres_lock ? all[i].sql_postgres_lock : sql, 0, NULL));
        note_sent(c, PQsendDescribePrepared(c->link, ""));
    }
    if (c->state == PG_LOST || PQpipelineSync(c->link) != 1) return note_lost(c, why);
    for (size_t i = from; i < to; i++) {
        PGresult *prepared = take_answer(c), *described = take_answer(c);
        if (done == OK && (!prepared || !described)) done = note_lost(c, why);
        if (done == OK && !is_good(prepared)) done = misfit(&all[i], PQresultErrorMessage(prepared), why);
        if (done == OK) done = check_described(&all[i], described, why);
        PQclear(prepared);
        PQclear(described);
    }
    c->sent = 0;
    if (!take_sync(c) && done == OK) done = note_lost(c, why);
    return done;
}

static enum outcome check_queries(struct pg_link *c, struct fail *why)
{
    size_t count = c->owner->store.options.query_count;
    for (size_t i = 0; i < count; i += CHECKED_AT_ONCE)
        TRY(check_part(c, i, i + CHECKED_AT_ONCE < count ? i + CHECKED_AT_ONCE : count, why));
    return OK;
}

/* ---- pools ---- */

static void pool_init(struct pg_pool *p, struct postgres *s, size_t count, bool is_writer)
{
    p->links = calloc(count, sizeof *p->links);
    if (!p->links) BUG("out of memory for %zu connections", count);
    p->count = count;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->has_free, NULL);
    for (size_t i = count; i-- > 0;) {
        pg_link_init(&p->links[i], s, is_writer);
        p->links[i].next_free = p->first_free;
        p->first_free = &p->links[i];
    }
}

static void pool_end(struct pg_pool *p)
{
    if (!p->links) return;
    for (size_t i = 0; i < p->count; i++) pg_link_end(&p->links[i]);
    free(p->links);
    pthread_mutex_destroy(&p->lock);
    pthread_cond_destroy(&p->has_free);
}

static struct pg_link *take_free(struct pg_pool *p, bool waits)
{
    pthread_mutex_lock(&p->lock);
    p->waiting++;
    while (waits && !p->first_free) pthread_cond_wait(&p->has_free, &p->lock);
    p->waiting--;
    struct pg_link *c = p->first_free;
    if (c) p->first_free = c->next_free;
    pthread_mutex_unlock(&p->lock);
    return c;
}

/* Who waits takes no place in the run gate (see store_sqlite.c). */
struct pg_link *pg_pool_take(struct postgres *s, struct pg_pool *p)
{
    const struct store_options *o = &s->store.options;
    struct pg_link *c = take_free(p, false);
    if (c) return c;
    if (o->before_wait) o->before_wait(o->wait_context);
    c = take_free(p, true);
    if (o->after_wait) o->after_wait(o->wait_context);
    return c;
}

void pg_pool_give(struct pg_pool *p, struct pg_link *c)
{
    pthread_mutex_lock(&p->lock);
    c->next_free = p->first_free;
    p->first_free = c;
    pthread_cond_signal(&p->has_free);
    pthread_mutex_unlock(&p->lock);
}

/* ---- readers ---- */

static void set_reader_here(struct postgres *s, struct pg_link *c)
{
    if (pthread_setspecific(s->reader_here, c) != 0) BUG("no memory for a reader's place");
}

static struct tx *reading(struct pg_link *c, struct arena *a)
{
    for (size_t i = 0; i < PG_READS_MOST; i++) {
        if (c->reads[i].arena) continue;
        c->reads[i] = c->tx;
        c->reads[i].arena = a;
        return &c->reads[i];
    }
    BUG("a thread reads %d times at once", PG_READS_MOST + 1);
}

static bool is_read(const struct pg_link *c)
{
    for (size_t i = 0; i < PG_READS_MOST; i++)
        if (c->reads[i].arena) return true;
    return false;
}

/* The snapshot is taken by the first query, together with it: beginning costs no round trip. A thread that reads
 * already goes on in the snapshot that it has. */
static enum outcome pg_read_begin(struct store *store, struct arena *a, struct tx **out, struct fail *why)
{
    struct postgres *s = (struct postgres *)store;
    struct pg_link *c = pthread_getspecific(s->reader_here);
    if (c) {
        *out = reading(c, a);
        return OK;
    }
    c = pg_pool_take(s, &s->readers);
    read_ending(c);
    enum outcome open = c->link ? OK : pg_link_open(c, why);
    if (open != OK) {
        pg_pool_give(&s->readers, c);
        return open;
    }
    pg_tick(s, &c->tx);
    set_reader_here(s, c);
    *out = reading(c, a);
    return OK;
}

static void pg_read_end(struct tx *tx)
{
    struct pg_link *c = tx->connection;
    struct postgres *s = (struct postgres *)tx->store;
    tx->arena = NULL;
    pg_forget_ahead(c, tx);
    if (is_read(c)) return;
    set_reader_here(s, NULL);
    if (c->is_begun && c->state != PG_LOST) {
        pg_send(c, "COMMIT"); /* after a failed query it rolls back, which is as good */
        c->is_ending = c->state != PG_LOST && PQpipelineSync(c->link) == 1;
    }
    if (c->state == PG_LOST || (c->is_begun && !c->is_ending)) pg_link_close(c);
    c->is_begun = false;
    c->state = PG_FINE;
    pg_pool_give(&s->readers, c);
}

/* ---- the rest of an engine ---- */

static enum outcome pg_ready(struct store *store, struct fail *why)
{
    struct postgres *s = (struct postgres *)store;
    struct pg_link *c = pg_pool_take(s, &s->readers);
    read_ending(c);
    enum outcome done = OK;
    for (int i = 0; i < 2; i++) {
        done = c->link ? OK : pg_link_open(c, why);
        if (done == OK) pg_send(c, "SELECT 1");
        if (done == OK) done = pg_sync(c, NULL, why);
        if (done == OK) break;
        pg_link_close(c);
    }
    pg_pool_give(&s->readers, c);
    return done;
}

static void pg_stats(struct store *store, struct store_stats *out)
{
    struct postgres *s = (struct postgres *)store;
    pthread_mutex_lock(&s->lock);
    *out = s->stats;
    pthread_mutex_unlock(&s->lock);
    out->round_trips = atomic_load(&s->round_trips);
    pthread_mutex_lock(&s->writers.lock);
    out->queue_length = s->writers.waiting;
    pthread_mutex_unlock(&s->writers.lock);
    pthread_mutex_lock(&s->batch.lock);
    out->queue_length += s->batch.waiting;
    pthread_mutex_unlock(&s->batch.lock);
}

/* The server writes, not this process. */
static struct disk_cost pg_disk(struct store *store)
{
    (void)store;
    return (struct disk_cost){0};
}

/* As a file of SQLite, which is what every other part of a backup knows. */
static enum outcome pg_backup(struct store *store, const char *to_path, struct fail *why)
{
    AUTO_ARENA struct arena a;
    struct store_contents contents;
    arena_init(&a, BACKUP_ARENA_BYTES);
    return store_copy(store, &a, &(struct store_copying){.to_path = to_path}, &contents, why);
}

/* Every row of every table is read; a page whose checksum is wrong fails that. */
static enum outcome pg_check(struct store *store, struct fail *why)
{
    static const char sql[] =
        "SELECT count(query_to_xml(format('SELECT count(*) FROM %I AS r WHERE r::text IS NULL', c.relname), false, "
        "true, ''))"
        " FROM pg_class AS c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace";
    struct pg_link c;
    pg_link_init(&c, (struct postgres *)store, false);
    enum outcome done = pg_connect(&c, why);
    if (done == OK) done = run_setup(&c, sql, why);
    pg_link_end(&c);
    return done;
}

static void pg_free(struct postgres *s)
{
    pg_batch_stop(s);
    pool_end(&s->readers);
    pool_end(&s->writers);
    pg_news_stop(s);
    pg_link_end(&s->placer);
    pthread_mutex_destroy(&s->news.lock);
    pthread_key_delete(s->reader_here);
    pthread_key_delete(s->writer_here);
    pthread_mutex_destroy(&s->lock);
    pthread_mutex_destroy(&s->placer_lock);
    pthread_cond_destroy(&s->placer_wake);
    store_end(&s->store);
    free(s->url);
    free(s);
}

static void pg_close(struct store *store)
{
    struct postgres *s = (struct postgres *)store;
    pg_batch_stop(s);
    pg_news_stop(s);
    pg_placer_stop(s);
    pg_free(s);
}

static const struct store_engine postgres_engine = {
    .run = pg_run,
    .run_all = pg_run_all,
    .run_beside = pg_run_beside,
    .read_begin = pg_read_begin,
    .read_end = pg_read_end,
    .execute = pg_execute,
    .ahead = pg_ahead,
    .new_id = pg_new_id,
    .ready = pg_ready,
    .stats = pg_stats,
    .disk = pg_disk,
    .backup = pg_backup,
    .check = pg_check,
    .leadership = pg_leadership,
    .tell = pg_tell,
    .share = pg_share,
    .upgrade_look = pg_upgrade_look,
    .upgrade_finish = pg_upgrade_finish,
    .close = pg_close,
};

static void open_pools(struct postgres *s)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int wanted = s->store.options.reader_count;
    pool_init(&s->readers, s, wanted > 0 ? (size_t)wanted : 2 * (size_t)(cores > 0 ? cores : 1), false);
    pool_init(&s->writers, s, PG_WRITERS_MOST, true);
}

static struct postgres *postgres_new(const struct store_options *options)
{
    struct postgres *s = calloc(1, sizeof *s);
    if (!s || !(s->url = strdup(options->url))) BUG("out of memory");
    store_init(&s->store, &postgres_engine, options);
    s->store.options.url = s->url;
    pthread_mutex_init(&s->lock, NULL);
    pthread_mutex_init(&s->placer_lock, NULL);
    pthread_cond_init(&s->placer_wake, NULL);
    if (pthread_key_create(&s->reader_here, NULL) != 0 || pthread_key_create(&s->writer_here, NULL) != 0)
        BUG("no place for each thread's connection");
    pg_link_init(&s->placer, s, true);
    pg_link_init(&s->news.link, s, false);
    pthread_mutex_init(&s->news.lock, NULL);
    s->news.wake_fd = -1;
    return s;
}

static enum outcome check_all(struct postgres *s, struct fail *why)
{
    struct pg_link c;
    pg_link_init(&c, s, false);
    enum outcome done = pg_link_open(&c, why);
    if (done == OK) done = check_queries(&c, why);
    pg_link_end(&c);
    return done;
}

enum outcome store_postgres_open(const struct store_options *options, struct store **out, struct fail *why)
{
    struct postgres *s = postgres_new(options);
    enum outcome r = pg_own_database(s, why);
    if (r == OK) r = pg_migrate(s, why);
    if (r == OK) r = check_all(s, why);
    if (r == OK) {
        open_pools(s);
        pg_batch_start(s);
        r = pg_placer_start(s, why);
    }
    if (r == OK) r = pg_news_start(s, why);
    if (r != OK) {
        pg_free(s);
        return r;
    }
    *out = &s->store;
    return OK;
}
