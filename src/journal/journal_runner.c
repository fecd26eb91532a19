/*
 * The followers' thread. For each follower: read the entries after its cursor from a snapshot, then one command that
 * moves the cursor and lets the follower do its work, so that each effect in our own store happens exactly once. A
 * failing follower first goes on entry by entry, then waits longer and longer; it is never skipped. Seals the journal
 * once a second; a great many entries in portions, between which the followers have their turn.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/log.h"
#include "base/wait.h"
#include "journal/journal.h"
#include "queries.h"

enum { SAID_BYTES = 512, ENTRIES_MOST = 64, ARENA_CEILING = 256 * 1024 * 1024 };

#define SEAL_EVERY_US US_PER_S
#define DELAY_LEAST_US (US_PER_S / 10)
#define DELAY_MOST_US (60 * US_PER_S)

struct cursor {
    const struct follower *follower;
    int64_t position, epoch;
    size_t most;                /* entries in the next command: one after a failure, so that the good ones pass */
    int64_t delay_us, retry_us; /* monotonic; 0: now */
    bool is_lost;               /* another process has taken it over: until this one leads again */
};

/* What others see of a cursor, under the runner's lock. */
struct shown {
    int64_t failures, retry_us;
    bool is_lost;
    char said[SAID_BYTES];
};

struct journal_runner {
    struct store *store;
    const struct journal_key *key; /* NULL: checkpoints are not signed */
    const struct follower *followers;
    struct cursor *cursors;
    size_t count;
    int64_t leadership; /* of this process, in which the followers were taken over; 0: another process has them */
    int64_t sealed_us;
    bool has_unsealed;
    pthread_t thread;
    pthread_mutex_t lock; /* all below */
    pthread_cond_t wake;
    bool is_woken, is_stopping, is_retry_wished;
    struct shown *shown; /* one for each cursor */
};

/* ---- one follower ---- */

static enum outcome take_over(struct tx *tx, struct cursor *c, struct fail *why)
{
    struct row r;
    TRY(store_one(tx, Q_FOLLOWER_TAKE_OVER, VALUES(v_str(str_from(c->follower->name))), &r, why));
    c->position = row_int(&r, 0);
    c->epoch = row_int(&r, 1);
    return OK;
}

struct cursors {
    struct cursor *at;
    size_t count;
};

static enum outcome take_over_each(struct tx *tx, const void *in, void *out, struct fail *why)
{
    (void)in;
    const struct cursors *all = out;
    for (size_t i = 0; i < all->count; i++) TRY(take_over(tx, &all->at[i], why));
    return OK;
}

/* In one command: each waits for the disk, and the office opens behind them. */
static enum outcome take_over_all(struct store *s, const struct follower *followers, size_t count, struct cursor *out,
                                  struct fail *why)
{
    struct cursors all = {out, count};
    for (size_t i = 0; i < count; i++) out[i] = (struct cursor){.follower = &followers[i], .most = ENTRIES_MOST};
    return store_run(s, take_over_each, NULL, &all, why);
}

struct portion {
    const struct cursor *cursor;
    const struct journal_entry *entries;
    size_t count;
};

static enum outcome take_portion(struct tx *tx, const void *in, void *out, struct fail *why)
{
    const struct portion *p = in;
    const struct cursor *c = p->cursor;
    int64_t moved = 0, to = p->entries[p->count - 1].position;
    TRY(store_do(tx, Q_FOLLOWER_MOVE,
                 VALUES(v_int(to), v_str(str_from(c->follower->name)), v_int(c->epoch), v_int(c->position)), &moved,
                 why));
    *(bool *)out = moved == 0;
    if (moved == 0)
        return fail(why, ERR_STALE, N_("Another process has taken over the follower {0}."),
                    str_from(c->follower->name));
    for (size_t i = 0; i < p->count; i++) TRY(c->follower->take(tx, &p->entries[i], why));
    return OK;
}

static enum outcome load_portion(struct store *s, struct arena *a, const struct cursor *c, struct portion *out,
                                 struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct journal_entry *entries;
    TRY(store_read_begin(s, a, &tx, why));
    TRY(journal_after(tx, c->position, c->most, &entries, &out->count, why));
    out->cursor = c;
    out->entries = entries;
    return OK;
}

/* One command of a follower; out_did is false when there is nothing for it. */
static enum outcome step(struct store *s, struct arena *a, struct cursor *c, bool *out_did, struct fail *why)
{
    struct portion p;
    *out_did = false;
    TRY(load_portion(s, a, c, &p, why));
    if (p.count == 0) return OK;
    TRY(store_run(s, take_portion, &p, &c->is_lost, why));
    c->position = p.entries[p.count - 1].position;
    *out_did = true;
    return OK;
}

/* ---- the thread ---- */

static void show(struct journal_runner *r, const struct cursor *c, struct str said)
{
    struct shown *s = &r->shown[c - r->cursors];
    pthread_mutex_lock(&r->lock);
    s->failures = said.len > 0 ? s->failures + 1 : 0;
    s->retry_us = c->retry_us;
    s->is_lost = c->is_lost;
    said = str_part(said, 0, SAID_BYTES - 1);
    if (said.len > 0) memcpy(s->said, said.at, said.len);
    s->said[said.len] = 0;
    pthread_mutex_unlock(&r->lock);
}

static void note_failure(struct cursor *c, enum outcome r, struct str text)
{
    log_write(LOG_ERROR, "journal.follower", "name=%s after=%" PRId64 " outcome=%s message=\"%.*s\"", c->follower->name,
              c->position, outcome_type(r), STR_ARG(text));
    if (c->is_lost) return;
    if (c->most > 1 && r != ERR_DOWN) {
        c->most = 1;
        return;
    }
    c->delay_us = c->delay_us == 0 ? DELAY_LEAST_US : c->delay_us * 2;
    if (c->delay_us > DELAY_MOST_US) c->delay_us = DELAY_MOST_US;
    c->retry_us = clock_monotonic_us() + c->delay_us;
}

static bool step_and_note(struct journal_runner *r, struct cursor *c)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    bool did = false;
    arena_init(&a, ARENA_CEILING);
    fail_init(&why, &a);
    enum outcome outcome = step(r->store, &a, c, &did, &why);
    if (outcome != OK) {
        struct str text = fail_text(&a, &why);
        note_failure(c, outcome, text);
        show(r, c, text.len > 0 ? text : str_from(outcome_type(outcome)));
        return c->retry_us == 0 && !c->is_lost; /* again at once, by single entries */
    }
    if (c->delay_us > 0 || r->shown[c - r->cursors].failures > 0) show(r, c, STR_NONE);
    c->delay_us = c->retry_us = 0;
    if (did && c->most < ENTRIES_MOST) c->most *= 2;
    return did;
}

static void seal_if_due(struct journal_runner *r, bool is_last)
{
    int64_t now = clock_monotonic_us();
    if (!r->has_unsealed || (!is_last && now - r->sealed_us < SEAL_EVERY_US)) return;
    AUTO_ARENA struct arena a;
    struct fail why;
    arena_init(&a, ARENA_CEILING);
    fail_init(&why, &a);
    r->sealed_us = now;
    r->has_unsealed = true;
    bool is_whole = false;
    enum outcome sealed = journal_seal_some(r->store, r->key, SEAL_PORTION, &is_whole, &why);
    if (sealed == OK && is_whole) r->has_unsealed = false;
    if (sealed == OK && !is_whole) r->sealed_us -= SEAL_EVERY_US; /* the next portion is due at once */
    if (sealed == OK) return;
    struct str text = fail_text(&a, &why);
    log_write(LOG_ERROR, "journal.seal", "message=\"%.*s\"", STR_ARG(text));
}

static bool take_retry_wish(struct journal_runner *r)
{
    pthread_mutex_lock(&r->lock);
    bool is_wished = r->is_retry_wished;
    r->is_retry_wished = false;
    pthread_mutex_unlock(&r->lock);
    return is_wished;
}

static enum outcome begin_to_lead(struct journal_runner *r, int64_t leadership, struct fail *why)
{
    TRY(take_over_all(r->store, r->followers, r->count, r->cursors, why));
    for (size_t i = 0; i < r->count; i++) show(r, &r->cursors[i], STR_NONE);
    r->leadership = leadership;
    r->has_unsealed = true; /* what the one before has left */
    return OK;
}

/* Does this process have the followers? Where several share the database it is the one that leads; whoever begins to
 * lead takes them over, and what the one before may still be doing is refused by their epoch. */
static bool leads(struct journal_runner *r)
{
    int64_t leadership = store_leadership(r->store);
    if (leadership != 0 && leadership == r->leadership) return true;
    AUTO_ARENA struct arena a;
    struct fail why;
    arena_init(&a, ARENA_CEILING);
    fail_init(&why, &a);
    if (leadership != 0 && begin_to_lead(r, leadership, &why) == OK) return true;
    if (leadership != 0) log_write(LOG_ERROR, "journal.lead", "outcome=%s", outcome_type(why.outcome));
    r->has_unsealed = false; /* nothing is due until the next wake, at the latest in a minute */
    for (size_t i = 0; i < r->count; i++) r->cursors[i].retry_us = 0;
    return false;
}

/* Until nobody has anything to do now. */
static void run_all(struct journal_runner *r)
{
    bool has_more = leads(r);
    if (take_retry_wish(r))
        for (size_t i = 0; i < r->count; i++) r->cursors[i].retry_us = 0;
    while (has_more) {
        has_more = false;
        int64_t now = clock_monotonic_us();
        for (size_t i = 0; i < r->count; i++) {
            struct cursor *c = &r->cursors[i];
            if (c->is_lost || c->retry_us > now) continue;
            c->retry_us = 0;
            if (step_and_note(r, c)) has_more = true;
        }
        seal_if_due(r, false);
        has_more = has_more && leads(r);
    }
}

/* How long to sleep at most: until the next try or seal. */
static int64_t next_due_us(const struct journal_runner *r)
{
    int64_t now = clock_monotonic_us(), due = now + DELAY_MOST_US;
    if (r->has_unsealed && r->sealed_us + SEAL_EVERY_US < due) due = r->sealed_us + SEAL_EVERY_US;
    for (size_t i = 0; i < r->count; i++) {
        const struct cursor *c = &r->cursors[i];
        if (!c->is_lost && c->retry_us > 0 && c->retry_us < due) due = c->retry_us;
    }
    return due > now ? due - now : 0;
}

/* True when it is to go on. */
static bool wait_for_work(struct journal_runner *r)
{
    int64_t moment_us = clock_monotonic_us() + next_due_us(r);
    pthread_mutex_lock(&r->lock);
    while (!r->is_woken && !r->is_stopping && wait_until(&r->wake, &r->lock, moment_us)) continue;
    if (r->is_woken) r->has_unsealed = true;
    r->is_woken = false;
    bool goes_on = !r->is_stopping;
    pthread_mutex_unlock(&r->lock);
    return goes_on;
}

static void *runner_main(void *context)
{
    struct journal_runner *r = context;
    do {
        run_all(r);
    } while (wait_for_work(r));
    run_all(r); /* what came in before the stop */
    r->has_unsealed = leads(r);
    seal_if_due(r, true);
    return NULL;
}

static void note_commit(void *context)
{
    struct journal_runner *r = context;
    pthread_mutex_lock(&r->lock);
    r->is_woken = true;
    pthread_cond_signal(&r->wake);
    pthread_mutex_unlock(&r->lock);
}

static void runner_free(struct journal_runner *r)
{
    pthread_mutex_destroy(&r->lock);
    pthread_cond_destroy(&r->wake);
    free(r->cursors);
    free(r->shown);
    free(r);
}

enum outcome journal_runner_start(struct store *s, const struct journal_key *key, const struct follower *followers,
                                  size_t count, struct journal_runner **out, struct fail *why)
{
    struct journal_runner *r = calloc(1, sizeof *r);
    struct cursor *cursors = calloc(count + 1, sizeof *cursors);
    struct shown *shown = calloc(count + 1, sizeof *shown);
    if (!r || !cursors || !shown) BUG("out of memory for %zu followers", count);
    *r = (struct journal_runner){.store = s, .key = key, .followers = followers, .cursors = cursors, .count = count};
    for (size_t i = 0; i < count; i++) cursors[i] = (struct cursor){.follower = &followers[i]};
    r->shown = shown;
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->wake, NULL);
    int64_t leadership = store_leadership(s);
    enum outcome taken = leadership != 0 ? begin_to_lead(r, leadership, why) : OK;
    if (taken != OK) {
        runner_free(r);
        return taken;
    }
    store_on_commit(s, note_commit, r);
    if (pthread_create(&r->thread, NULL, runner_main, r) != 0) BUG("the followers' thread could not be started");
    *out = r;
    return OK;
}

void journal_runner_look(struct journal_runner *r, struct arena *a, struct follower_state *out)
{
    int64_t now = clock_monotonic_us();
    pthread_mutex_lock(&r->lock);
    for (size_t i = 0; i < r->count; i++) {
        const struct shown *s = &r->shown[i];
        out[i] = (struct follower_state){.name = r->cursors[i].follower->name,
                                         .failures = s->failures,
                                         .retry_in_us = s->retry_us > now ? s->retry_us - now : 0,
                                         .is_lost = s->is_lost,
                                         .said = str_dup(a, str_from(s->said))};
    }
    pthread_mutex_unlock(&r->lock);
}

void journal_runner_retry(struct journal_runner *r)
{
    pthread_mutex_lock(&r->lock);
    r->is_retry_wished = r->is_woken = true;
    pthread_cond_signal(&r->wake);
    pthread_mutex_unlock(&r->lock);
}

void journal_runner_stop(struct journal_runner *r)
{
    if (!r) return;
    store_off_commit(r->store, note_commit, r);
    pthread_mutex_lock(&r->lock);
    r->is_stopping = true;
    pthread_cond_signal(&r->wake);
    pthread_mutex_unlock(&r->lock);
    pthread_join(r->thread, NULL);
    runner_free(r);
}

/* ---- without a thread ---- */

static enum outcome catch_up_round(struct store *s, struct cursor *cursors, size_t count, bool *out_did,
                                   struct fail *why)
{
    *out_did = false;
    for (size_t i = 0; i < count; i++) {
        AUTO_ARENA struct arena a;
        bool did = false;
        arena_init(&a, ARENA_CEILING);
        TRY(step(s, &a, &cursors[i], &did, why));
        *out_did |= did;
    }
    return OK;
}

enum outcome journal_catch_up(struct store *s, const struct follower *followers, size_t count, struct fail *why)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, 64 * 1024);
    struct cursor *cursors = ARENA_ARRAY(&a, struct cursor, count);
    TRY(take_over_all(s, followers, count, cursors, why));
    bool has_more = true;
    while (has_more) TRY(catch_up_round(s, cursors, count, &has_more, why));
    return OK;
}

void journal_lag_ahead(struct tx *tx, const char *follower)
{
    store_ahead(tx, Q_FOLLOWER_LAG, VALUES(v_str(str_from(follower))));
}

enum outcome journal_lag(struct tx *tx, const char *follower, int64_t *out, struct fail *why)
{
    struct row r;
    TRY(store_one(tx, Q_FOLLOWER_LAG, VALUES(v_str(str_from(follower))), &r, why));
    *out = row_int(&r, 0);
    return OK;
}
