/*
 * One connection: what its failures mean, how it is opened, and what a round trip is. What is sent is not awaited;
 * pg_sync reads every answer that is owed.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/log.h"
#include "store/store_postgres.h"

enum { COMMAND_ARENA_CEILING = 512 * 1024 * 1024, OLDEST_SERVER = 150000 };

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
    {"22012", PG_REFUSED, ERR_STALE   }, /* a division by the number of changed rows (store_change) */
    {"22",    PG_REFUSED, ERR_BUG     }, /* a value that does not fit */
    {"23",    PG_REFUSED, ERR_BUG     }, /* another constraint */
    {"42",    PG_REFUSED, ERR_BUG     }, /* a name, a right */
};

static enum outcome sentence_of(enum outcome outcome, bool is_full, struct fail *why)
{
    if (outcome == ERR_CONFLICT)
        return fail(why, ERR_CONFLICT, N_("Something with the same name or number is already there."));
    if (outcome == ERR_STALE) return fail_stale(why);
    if (outcome == ERR_BUG) return fail(why, ERR_BUG, NULL);
    return is_full ? file_refused(ENOSPC, why) : pg_refuse_down(why);
}

enum outcome pg_note_lost(struct pg_link *c, struct fail *why)
{
    if (c->state != PG_LOST) log_write(LOG_WARN, "store.lost", "message=\"a connection to the database was lost\"");
    c->state = PG_LOST;
    return pg_refuse_down(why);
}

/* Messages of the server may repeat values, so only the code and the constraint's name are logged. */
static enum outcome note_trouble(struct pg_link *c, const PGresult *r, struct fail *why)
{
    const char *code = PQresultErrorField(r, PG_DIAG_SQLSTATE), *name = PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME);
    if (!code || PQstatus(c->link) == CONNECTION_BAD) return pg_note_lost(c, why);
    enum outcome outcome = ERR_DOWN;
    c->state = PG_REFUSED;
    for (size_t i = 0; i < LENGTH(troubles); i++) {
        if (strncmp(code, troubles[i].prefix, strlen(troubles[i].prefix)) != 0) continue;
        c->state = troubles[i].state;
        outcome = troubles[i].outcome;
        break;
    }
    if (outcome != ERR_CONFLICT && outcome != ERR_STALE && c->state != PG_AGAIN)
        log_write(LOG_ERROR, "store.failed", "code=%s constraint=%s", code, name ? name : "-");
    return sentence_of(outcome, strcmp(code, "53100") == 0, why);
}

/* ---- connections ---- */

void pg_link_init(struct pg_link *c, struct postgres *s, bool is_writer)
{
    *c = (struct pg_link){.owner = s};
    c->prepared_most = s->store.options.query_count + PG_SHAPES_MOST;
    c->is_prepared = calloc(c->prepared_most, sizeof *c->is_prepared);
    if (!c->is_prepared) BUG("out of memory for %zu statements", c->prepared_most);
    arena_init(&c->arena, COMMAND_ARENA_CEILING);
    arena_init(&c->asked, COMMAND_ARENA_CEILING);
    c->tx = (struct tx){.store = &s->store, .is_command = is_writer, .connection = c};
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
    if (c->is_prepared) memset(c->is_prepared, 0, c->prepared_most * sizeof *c->is_prepared);
}

void pg_link_end(struct pg_link *c)
{
    if (!c->owner) return;
    pg_link_close(c);
    arena_end(&c->arena);
    arena_end(&c->asked);
    free(c->is_prepared);
    c->is_prepared = NULL;
}

enum outcome pg_run_setup(struct pg_link *c, const char *sql, struct fail *why)
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

void pg_begin_wait(const struct pg_link *c)
{
    const struct store_options *o = &c->owner->store.options;
    if (o->before_wait && !c->is_of_thread) o->before_wait(o->wait_context);
}

void pg_end_wait(const struct pg_link *c)
{
    const struct store_options *o = &c->owner->store.options;
    if (o->after_wait && !c->is_of_thread) o->after_wait(o->wait_context);
}

/* What the address itself says comes last and counts. Whose machine is silent is given up before another one can have
 * taken its place (deploy/patroni: 20 s), whether something was on its way or not.
 */
size_t pg_address(const struct postgres *s, const char **keys, const char **values)
{
    static const char *const all[][2] = {
        {"target_session_attrs", "read-write"},
        {"connect_timeout",      "5"         },
        {"tcp_user_timeout",     "10000"     },
        {"keepalives_idle",      "5"         },
        {"keepalives_interval",  "2"         },
        {"keepalives_count",     "3"         },
        {"application_name",     "motcua"    },
        {"client_encoding",      "UTF8"      },
    };
    for (size_t i = 0; i < LENGTH(all); i++) {
        keys[i] = all[i][0];
        values[i] = all[i][1];
    }
    keys[LENGTH(all)] = "dbname";
    values[LENGTH(all)] = s->url;
    return LENGTH(all) + 1;
}

/* Others run meanwhile. Of several hosts the one that takes changes is found. */
static PGconn *dial(struct pg_link *c)
{
    pg_begin_wait(c);
    PGconn *link = pg_dial(c->owner);
    pg_end_wait(c);
    return link;
}

enum outcome pg_connect(struct pg_link *c, struct fail *why)
{
    pg_link_close(c);
    c->link = dial(c);
    if (PQstatus(c->link) != CONNECTION_OK) {
        log_write(LOG_ERROR, "store.connect", "message=\"the database server does not answer or refuses\"");
        pg_link_close(c);
        return fail(why, ERR_DOWN, N_("The database server does not answer, or refuses this program."));
    }
    PQsetNoticeProcessor(c->link, ignore_notice, NULL);
    TRY(check_server(c, why));
    TRY(pg_run_setup(c,
                     "SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = warning;"
                     /* the locks of a program whose machine is silent are not kept */
                     " SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3;"
                     " SET jit = off", /* a list ends by its LIMIT: compiling its plan takes longer, 90 ms each time */
                     why));
    return c->owner->store.options.is_sync_off ? pg_run_setup(c, "SET synchronous_commit = off", why) : OK;
}

void pg_link_pipeline(struct pg_link *c)
{
    if (PQenterPipelineMode(c->link) != 1) BUG("no pipeline mode");
}

enum outcome pg_link_open(struct pg_link *c, struct fail *why)
{
    TRY(pg_connect(c, why));
    pg_link_pipeline(c);
    return OK;
}

/* ---- round trips ---- */

void pg_note_sent(struct pg_link *c, int is_sent)
{
    if (is_sent) c->sent++;
    if (!is_sent) c->state = PG_LOST; /* told by the sync, which cannot succeed */
}

void pg_send(struct pg_link *c, const char *sql)
{
    if (c->state != PG_LOST) pg_note_sent(c, PQsendQueryParams(c->link, sql, 0, NULL, NULL, NULL, NULL, 1));
}

/* The answer of one statement; NULL when the connection broke. */
PGresult *pg_take_answer(struct pg_link *c)
{
    PGresult *r = PQgetResult(c->link), *end = r ? PQgetResult(c->link) : NULL;
    PQclear(end); /* the mark between two answers is NULL; anything else is the end of a broken connection */
    if (!r || PQstatus(c->link) == CONNECTION_BAD) {
        PQclear(r);
        return NULL;
    }
    return r;
}

bool pg_take_sync(struct pg_link *c)
{
    PGresult *r = PQgetResult(c->link);
    bool is_sync = PQresultStatus(r) == PGRES_PIPELINE_SYNC;
    PQclear(r);
    return is_sync;
}

bool pg_is_good(const PGresult *r)
{
    return PQresultStatus(r) == PGRES_COMMAND_OK || PQresultStatus(r) == PGRES_TUPLES_OK;
}

/* What was to be prepared after the first failure was skipped by the server. */
static void note_prepared(struct pg_link *c, unsigned place, bool is_prepared)
{
    for (size_t i = 0; i < c->preparing_count; i++)
        if (c->preparing[i].place == place) c->is_prepared[c->preparing[i].prepared] = is_prepared;
}

/* Gives a good answer to whoever wants it. */
static void keep_answer(struct pg_link *c, unsigned place, PGresult *r, PGresult **out_last)
{
    if (pg_ahead_keep(c, place, r)) return;
    if (out_last && place + 1 == c->sent)
        *out_last = r;
    else
        PQclear(r);
}

static enum outcome read_answers(struct pg_link *c, PGresult **out_last, struct fail *why)
{
    enum outcome done = OK;
    for (unsigned i = 0; i < c->sent; i++) {
        PGresult *r = pg_take_answer(c);
        if (!r) return pg_note_lost(c, why);
        if (!pg_is_good(r)) note_prepared(c, i, false);
        if (done == OK && !pg_is_good(r)) done = note_trouble(c, r, why);
        if (done == OK)
            keep_answer(c, i, r, out_last);
        else
            PQclear(r);
    }
    c->sent = 0;
    c->preparing_count = 0;
    if (done == OK) pg_ahead_settle(c);
    if (done != OK) pg_forget_ahead(c, NULL);
    return pg_take_sync(c) ? done : pg_note_lost(c, why);
}

enum outcome pg_sync(struct pg_link *c, PGresult **out_last, struct fail *why)
{
    PGresult *last = NULL;
    if (c->state == PG_LOST || PQpipelineSync(c->link) != 1) return pg_note_lost(c, why);
    c->trips++;
    if (c != &c->owner->placer) atomic_fetch_add_explicit(&c->owner->round_trips, 1, memory_order_relaxed);
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
void pg_read_ending(struct pg_link *c)
{
    AUTO_ARENA struct arena a;
    struct fail ignored;
    arena_init(&a, 64 * 1024);
    fail_init(&ignored, &a);
    if (c->is_ending && read_answers(c, NULL, &ignored) != OK) pg_link_close(c);
    c->is_ending = false;
}
