/*
 * Commands on PostgreSQL. Each attempt is one transaction on one connection: the lock, the commands (several that wait
 * together each in a savepoint), their deferrals, COMMIT. What the server refuses because of somebody else's
 * transaction, and what was lost with a connection before COMMIT was sent, is run anew; a connection lost afterwards
 * leaves the outcome unknown, and that is what everyone is told.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/auto.h"
#include "base/log.h"
#include "base/parse.h"
#include "store/store_postgres.h"

enum {
    ATTEMPTS_MOST = 8,
    BACK_OFF_US = 2000,
    OWNER_TRIES = 50,
    OWNER_WAIT_US = 100000,
    PLACE_RETRY_S = 1,
    WRITERS = 1 << 14
};

static void pause_us(int64_t us)
{
    nanosleep(&(struct timespec){.tv_sec = us / US_PER_S, .tv_nsec = us % US_PER_S * 1000}, NULL);
}

/* ---- ids and time ---- */

void pg_tick(struct postgres *s, struct tx *tx)
{
    pthread_mutex_lock(&s->lock);
    instant_t before = s->now;
    tx->now = store_moment(before);
    if (tx->is_command) s->now = tx->now;
    pthread_mutex_unlock(&s->lock);
    if (tx->is_command && tx->now < before)
        log_write(LOG_WARN, "store.clock", "message=\"put back by %" PRId64 " s\"", (before - tx->now) / US_PER_S);
}

int64_t pg_new_id(struct tx *tx)
{
    struct postgres *s = (struct postgres *)tx->store;
    pthread_mutex_lock(&s->lock);
    int64_t id = id_next(&s->ids);
    pthread_mutex_unlock(&s->lock);
    return id;
}

void pg_run_beside(struct tx *tx)
{
    struct pg_link *c = tx->connection;
    if (c->has_several) return; /* their neighbours in the transaction may want to be alone */
    if (c->is_begun) BUG("a command asked for company after its first query");
    c->is_beside = true;
}

/* ---- one attempt ---- */

/* What became of an attempt. */
enum attempt { ATTEMPT_DONE, ATTEMPT_AGAIN, ATTEMPT_CAREFULLY, ATTEMPT_EACH_ALONE };

/* The commands of one transaction. At first nobody waits between them for what was written: it is rarely refused, and
 * then the whole is run once more, carefully, so that it is known whose it was. */
struct attempted {
    struct store_call *calls;
    const struct fail *before; /* what each caller had noted, for a second run */
    size_t count;
    bool is_careful;
};

static enum outcome fail_unknown(struct fail *why)
{
    return fail(why, ERR_DOWN, N_("It is not known whether this was saved. Send it again with the same key."));
}

static void answer_all(const struct attempted *t, enum outcome (*with)(struct fail *why))
{
    for (size_t i = 0; i < t->count; i++) {
        *t->calls[i].why = t->before[i];
        t->calls[i].outcome = with(t->calls[i].why);
    }
}

static enum outcome run_deferrals(struct tx *tx, struct fail *why)
{
    struct deferral *all = tx->deferrals;
    tx->deferrals_end = NULL;
    if (all) ((struct pg_link *)tx->connection)->has_deferred = true;
    for (struct deferral *d = all; d; d = d->next) TRY(d->fn(tx, d->data, why));
    return OK;
}

/* The command's own part of the transaction; its failure may be one of a statement that nobody had awaited. */
static enum outcome run_command(struct pg_link *c, struct store_call *call, bool is_awaited)
{
    struct tx *tx = &c->tx;
    pg_tick(c->owner, tx);
    tx->deferrals = NULL;
    tx->deferrals_end = &tx->deferrals;
    enum outcome r = call->command(tx, call->in, call->out, call->why);
    if (r == OK) r = run_deferrals(tx, call->why);
    tx->deferrals_end = NULL;
    pg_forget_ahead(c, NULL);
    if (r == OK && is_awaited && c->sent > 0) r = pg_sync(c, NULL, call->why);
    if (r == OK && c->state == PG_REFUSED) r = fail(call->why, ERR_BUG, NULL); /* it went on after a failure */
    return r;
}

/* The place that one refused command goes back to. */
static void save(struct pg_link *c, bool is_first)
{
    pg_begin(c);
    if (!is_first) pg_send(c, "RELEASE SAVEPOINT command");
    pg_send(c, "SAVEPOINT command");
}

/* Takes one refused command out of a transaction that goes on. Not carefully: a statement that was refused meanwhile
 * may be that of a command before, and ends this. */
static enum outcome undo_command(struct pg_link *c, bool is_careful, const struct fail *why)
{
    struct fail unread = *why;
    if (c->sent > 0 && pg_sync(c, NULL, &unread) != OK && (!is_careful || c->state != PG_REFUSED)) return ERR_DOWN;
    c->state = PG_FINE;
    pg_send(c, "ROLLBACK TO command");
    return pg_sync(c, NULL, &unread);
}

/* Reads answers that no longer matter; a lost connection rolls back too. */
static void drain(struct pg_link *c)
{
    AUTO_ARENA struct arena a;
    struct fail unread;
    arena_init(&a, 64 * 1024);
    fail_init(&unread, &a);
    if (c->sent > 0 && pg_sync(c, NULL, &unread) != OK && c->state != PG_LOST) c->state = PG_FINE;
}

static void roll_back(struct pg_link *c)
{
    if (!c->is_begun) return;
    if (c->state != PG_LOST) drain(c);
    if (c->state != PG_LOST && PQtransactionStatus(c->link) != PQTRANS_IDLE) { /* a failed COMMIT has ended it */
        pg_send(c, "ROLLBACK");
        drain(c);
    }
    if (c->state != PG_LOST) c->state = PG_FINE;
    c->is_begun = false;
}

static bool is_lost_to_others(const struct pg_link *c)
{
    return c->state == PG_AGAIN || c->state == PG_LOST;
}

/* Whether somebody's statement was refused, and nobody can tell whose. */
static bool is_anyones(const struct pg_link *c, const struct attempted *t)
{
    return t->count > 1 && !t->is_careful && c->state == PG_REFUSED;
}

/* Every command once. ATTEMPT_DONE: what is good may be committed; else the transaction is gone. */
static enum attempt run_commands(struct pg_link *c, const struct attempted *t, size_t *out_good)
{
    bool has_neighbours = t->count > 1;
    *out_good = 0;
    for (size_t i = 0; i < t->count; i++) {
        struct store_call *call = &t->calls[i];
        if (has_neighbours) save(c, i == 0);
        call->outcome = run_command(c, call, has_neighbours && t->is_careful);
        if (is_lost_to_others(c)) return ATTEMPT_AGAIN;
        if (is_anyones(c, t)) return ATTEMPT_CAREFULLY;
        if (call->outcome == OK) ++*out_good;
        if (call->outcome == OK || !has_neighbours) continue;
        enum outcome undone = undo_command(c, t->is_careful, call->why);
        if (is_anyones(c, t)) return ATTEMPT_CAREFULLY;
        if (undone != OK) return ATTEMPT_AGAIN;
    }
    return ATTEMPT_DONE;
}

static void note_commit(struct postgres *s, size_t count, int64_t us)
{
    pthread_mutex_lock(&s->lock);
    s->stats.commands += count;
    s->stats.batches++;
    s->stats.commit_us_total += us;
    s->stats.refusal = STORE_TAKES;
    if (count > s->stats.largest_batch) s->stats.largest_batch = count;
    pthread_mutex_unlock(&s->lock);
}

void pg_want_places(struct postgres *s)
{
    pthread_mutex_lock(&s->placer_lock);
    s->rounds_wanted++;
    pthread_cond_signal(&s->placer_wake);
    pthread_mutex_unlock(&s->placer_lock);
}

enum outcome pg_settle(struct store *store, struct fail *why)
{
    struct postgres *s = (struct postgres *)store;
    pthread_mutex_lock(&s->placer_lock);
    uint64_t mine = ++s->rounds_wanted, failed = s->rounds_failed;
    pthread_cond_signal(&s->placer_wake);
    while (s->rounds_done < mine && s->rounds_failed == failed) pthread_cond_wait(&s->placer_done, &s->placer_lock);
    bool is_settled = s->rounds_done >= mine;
    pthread_mutex_unlock(&s->placer_lock);
    if (is_settled) return OK;
    return fail(why, ERR_DOWN, N_("The store does not take changes. The operator has been told."));
}

/* COMMIT and its answer. Once it is on its way, a broken connection leaves everything open. */
static enum attempt commit(struct pg_link *c, const struct attempted *t)
{
    struct postgres *s = c->owner;
    PGresult *r = NULL;
    struct fail said = t->before[0];
    int64_t started = clock_monotonic_us();
    pg_send(c, "COMMIT");
    pg_begin_wait(c);
    enum outcome done = pg_sync(c, &r, &said);
    pg_end_wait(c);
    bool is_committed = done == OK && strcmp(PQcmdStatus(r), "COMMIT") == 0;
    PQclear(r);
    c->is_begun = false;
    if (is_committed) {
        note_commit(s, t->count, clock_monotonic_us() - started);
        if (c->has_deferred) pg_want_places(s);
        return ATTEMPT_DONE;
    }
    if (c->state == PG_LOST) {
        log_write(LOG_ERROR, "store.commit", "calls=%zu message=\"the connection was lost in a commit\"", t->count);
        answer_all(t, fail_unknown);
        return ATTEMPT_DONE;
    }
    bool is_again = c->state == PG_AGAIN;
    c->is_begun = true; /* after an error in COMMIT's own pipeline the transaction still stands, void */
    roll_back(c);
    if (is_again) return ATTEMPT_AGAIN;
    if (t->count > 1) return t->is_careful ? ATTEMPT_EACH_ALONE : ATTEMPT_CAREFULLY;
    *t->calls[0].why = said;
    t->calls[0].outcome = done != OK ? done : fail(t->calls[0].why, ERR_BUG, NULL);
    return ATTEMPT_DONE;
}

static enum attempt attempt(struct pg_link *c, const struct attempted *t)
{
    size_t good;
    pg_forget_ahead(c, NULL);
    arena_clear(&c->arena);
    c->tx.arena = &c->arena;
    c->is_beside = c->has_deferred = false;
    c->has_several = t->count > 1;
    c->state = PG_FINE;
    for (size_t i = 0; i < t->count; i++) *t->calls[i].why = t->before[i];
    enum attempt ran = run_commands(c, t, &good);
    if (ran != ATTEMPT_DONE) {
        roll_back(c);
        return ran;
    }
    if (t->count == 1 && c->is_begun && !c->is_beside) pg_note_alone(c->owner, t->calls[0].command);
    if (good > 0 && c->is_begun) return commit(c, t);
    roll_back(c);
    return ATTEMPT_DONE;
}

/* ---- until it is done ---- */

static void wait_between(const struct pg_link *c, int attempts)
{
    pg_begin_wait(c);
    pause_us((int64_t)BACK_OFF_US << attempts);
    pg_end_wait(c);
}

static enum attempt attempt_until_done(struct pg_link *c, struct attempted *t)
{
    for (int i = 0; i < ATTEMPTS_MOST; i++) {
        struct fail unread = t->before[0];
        enum attempt a = ATTEMPT_AGAIN;
        if (c->state == PG_LOST) pg_link_close(c);
        if (c->link || pg_link_open(c, &unread) == OK) a = attempt(c, t);
        if (a == ATTEMPT_CAREFULLY) t->is_careful = true;
        if (a == ATTEMPT_AGAIN) wait_between(c, i);
        if (a == ATTEMPT_DONE || a == ATTEMPT_EACH_ALONE) return a;
    }
    answer_all(t, pg_refuse_down);
    return ATTEMPT_DONE;
}

void pg_run_on(struct pg_link *c, struct store_call *calls, size_t count)
{
    struct fail before[STORE_CALLS_MOST];
    for (size_t i = 0; i < count; i++) before[i] = *calls[i].why;
    bool is_done = attempt_until_done(c, &(struct attempted){calls, before, count, false}) != ATTEMPT_EACH_ALONE;
    for (size_t i = 0; i < count && !is_done; i++)
        (void)attempt_until_done(c, &(struct attempted){calls + i, before + i, 1, false});
    if (c->state == PG_LOST) pg_link_close(c);
}

void pg_run_all(struct store *store, struct store_call *calls, size_t count)
{
    struct postgres *s = (struct postgres *)store;
    if (pthread_getspecific(s->writer_here)) BUG("a command ran store_run");
    if (pg_is_for_batch(s, calls, count)) {
        pg_batch_run(s, calls, count);
        return;
    }
    struct pg_link *c = pg_pool_take(s, &s->writers);
    if (pthread_setspecific(s->writer_here, c) != 0) BUG("no memory for a writer's place");
    pg_run_on(c, calls, count);
    (void)pthread_setspecific(s->writer_here, NULL); /* taking away needs no memory */
    pg_pool_give(&s->writers, c);
}

enum outcome pg_run(struct store *s, store_command *command, const void *in, void *out, struct fail *why)
{
    struct store_call call = {command, in, out, why, OK};
    pg_run_all(s, &call, 1);
    return call.outcome;
}

/* ---- places in the journal ---- */

/*
 * One round trip: whoever holds the lock gives the next positions to all entries that can be seen, in the order in
 * which they were written down. A change that builds on another one has seen it committed, so it was written down later
 * and never gets an earlier place. The mark (the largest id and the latest moment given) goes with it.
 */
static const char places_sql[] = "WITH due AS (DELETE FROM leaf_waiting RETURNING n, entry, hash)"
                                 " INSERT INTO leaf (position, entry, hash)"
                                 " SELECT (SELECT coalesce(max(l.position), 0) FROM leaf l) + row_number() OVER (ORDER "
                                 "BY due.n), due.entry, due.hash"
                                 " FROM due";
/* What stands there already is not written again: a start without anything to place waits for no disk. */
static const char mark_sql[] =
    "UPDATE meta SET number = CASE name WHEN 'clock' THEN $1::bigint ELSE greatest(number, $2::bigint) END"
    " WHERE (name = 'clock' AND number <> $1::bigint) OR (name = 'id_high_water' AND number < $2::bigint)";

static void send_mark(struct pg_link *c)
{
    struct postgres *s = c->owner;
    char now[24], id[24];
    pthread_mutex_lock(&s->lock);
    snprintf(now, sizeof now, "%" PRId64, s->now);
    snprintf(id, sizeof id, "%" PRId64, s->ids.last);
    pthread_mutex_unlock(&s->lock);
    if (c->state == PG_LOST) return;
    if (PQsendQueryParams(c->link, mark_sql, 2, NULL, (const char *const[]){now, id}, NULL, NULL, 1) == 1)
        c->sent++;
    else
        c->state = PG_LOST;
}

/* Their followers may run elsewhere. */
static void send_news(struct pg_link *c)
{
    char sql[96];
    if (!c->owner->store.options.is_shared) return;
    snprintf(sql, sizeof sql, "SELECT pg_notify('" PG_CHANNEL "', '%" PRId64 " " PG_NEWS_COMMIT "')",
             c->owner->process);
    pg_send(c, sql);
}

static enum outcome place_all(struct pg_link *c, struct fail *why)
{
    pg_send(c, "BEGIN ISOLATION LEVEL READ COMMITTED");
    pg_send(c, "SELECT pg_advisory_xact_lock(" PG_LOCK_PLACES ")");
    pg_send(c, places_sql);
    send_mark(c);
    send_news(c);
    pg_send(c, "COMMIT");
    return pg_sync(c, NULL, why);
}

/* The lock of the placer's session says whose database this is: one process's, or that of all that share it. The one
 * of a process that was killed a moment ago goes when the server notices. */
static enum outcome own_database(struct pg_link *c, struct fail *why)
{
    bool is_shared = c->owner->store.options.is_shared;
    for (int i = 0; i < OWNER_TRIES; i++) {
        PGresult *r = NULL;
        pg_send(c, is_shared ? "SELECT pg_try_advisory_lock_shared(" PG_LOCK_OWNER ")"
                             : "SELECT pg_try_advisory_lock(" PG_LOCK_OWNER ")");
        TRY(pg_sync(c, &r, why));
        bool is_ours = PQgetvalue(r, 0, 0)[0] != 0;
        PQclear(r);
        if (is_ours) return OK;
        pause_us(OWNER_WAIT_US);
    }
    return fail(why, ERR_CONFLICT, N_("The database is in use by another Motcua process."));
}

/* Others see by it what this process is and knows (store_postgres_beside.c). */
static enum outcome say_name(struct pg_link *c, struct fail *why)
{
    char name[64];
    const struct store_options *o = &c->owner->store.options;
    const char *const values[] = {name};
    snprintf(name, sizeof name, "motcua:%zu:%s", o->migration_count, o->process ? o->process : "");
    int is_sent =
        PQsendQueryParams(c->link, "SELECT set_config('application_name', $1, false)", 1, NULL, values, NULL, NULL, 1);
    c->sent += is_sent == 1;
    if (is_sent != 1) c->state = PG_LOST;
    return pg_sync(c, NULL, why);
}

static enum outcome open_placer(struct pg_link *c, struct fail *why)
{
    TRY(pg_link_open(c, why));
    TRY(say_name(c, why));
    return own_database(c, why);
}

/* True when everything visible has its place. A round that was lost is simply run again. */
static bool place(struct postgres *s)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    struct pg_link *c = &s->placer;
    arena_init(&a, 64 * 1024);
    fail_init(&why, &a);
    enum outcome done = c->link ? OK : open_placer(c, &why);
    if (done == OK) done = place_all(c, &why);
    if (done == OK) return true;
    log_write(LOG_ERROR, "store.places", "message=\"entries wait for their place in the journal\"");
    pg_link_close(c);
    return false;
}

/* The last round that is wanted; 0 when the store closes and all are done. */
static uint64_t wait_for_round(struct postgres *s)
{
    pthread_mutex_lock(&s->placer_lock);
    while (s->rounds_wanted == s->rounds_done && !s->is_closing) pthread_cond_wait(&s->placer_wake, &s->placer_lock);
    uint64_t wanted = s->rounds_wanted == s->rounds_done ? 0 : s->rounds_wanted;
    pthread_mutex_unlock(&s->placer_lock);
    return wanted;
}

/* Tells whoever waits for it; false when the store closes. */
static bool end_round(struct postgres *s, uint64_t round, bool is_done)
{
    pthread_mutex_lock(&s->placer_lock);
    if (is_done)
        s->rounds_done = round;
    else
        s->rounds_failed++;
    pthread_cond_broadcast(&s->placer_done);
    bool goes_on = !s->is_closing;
    pthread_mutex_unlock(&s->placer_lock);
    return goes_on;
}

static void *placer_main(void *context)
{
    struct postgres *s = context;
    for (uint64_t round; (round = wait_for_round(s)) > 0;) {
        bool is_done = place(s), goes_on = end_round(s, round, is_done);
        if (is_done)
            store_tell_commit(&s->store);
        else if (goes_on)
            pause_us(PLACE_RETRY_S * US_PER_S);
        else
            break;
    }
    (void)place(s); /* the mark; what could not be placed is placed by the next start */
    return NULL;
}

static enum outcome read_number(struct pg_link *c, const char *sql, int64_t *out, struct fail *why)
{
    PGresult *r = NULL;
    pg_send(c, sql);
    TRY(pg_sync(c, &r, why));
    struct str text = str_from(PQntuples(r) == 1 ? PQgetvalue(r, 0, 0) : "");
    uint64_t number = 0;
    bool is_number = parse_u64(text, &number);
    PQclear(r);
    if (!is_number) return fail(why, ERR_BUG, NULL);
    *out = (int64_t)number;
    return OK;
}

enum outcome pg_own_database(struct postgres *s, struct fail *why)
{
    return open_placer(&s->placer, why);
}

enum outcome pg_placer_start(struct postgres *s, struct fail *why)
{
    int64_t high_water;
    struct pg_link *c = &s->placer;
    TRY(read_number(c, "SELECT number::text FROM meta WHERE name = 'id_high_water'", &high_water, why));
    TRY(read_number(c, "SELECT number::text FROM meta WHERE name = 'clock'", &s->now, why));
    TRY(read_number(c, "SELECT nextval('writer')::text", &s->process, why));
    id_source_init(&s->ids, (uint32_t)(s->process % WRITERS), high_water);
    TRY(place_all(c, why)); /* what an earlier process left */
    if (pthread_create(&s->placer_thread, NULL, placer_main, s) != 0) BUG("the placer's thread could not be started");
    s->has_placer = true;
    return OK;
}

void pg_placer_stop(struct postgres *s)
{
    if (!s->has_placer) return;
    pthread_mutex_lock(&s->placer_lock);
    s->is_closing = true;
    pthread_cond_signal(&s->placer_wake);
    pthread_mutex_unlock(&s->placer_lock);
    pthread_join(s->placer_thread, NULL);
}
