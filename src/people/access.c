#include "people/access.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/wait.h"
#include "queries.h"

enum {
    PORTION = 256, /* rows of one command */
    HELD_MOST = 8192,
    HELD_MANY = HELD_MOST / 2, /* are written at once */
    RECENT = 4096,             /* looks remembered, so that the same one is noted once; a power of two */
    ROLE_BYTES = 24,
    FORGET_PORTION = 2000,
    FLUSH_ARENA = 4 * 1024 * 1024
};
static const int64_t same_look_us = 5 * US_PER_MINUTE, gather_us = US_PER_S, again_us = 10 * US_PER_S;

struct held_look {
    struct access access;
    int64_t account, agency;
    instant_t at;
    size_t role_bytes;
    char role[ROLE_BYTES];
};

struct recent_look {
    int64_t account, dossier, person, n;
    instant_t at;
};

struct access_log {
    struct store *store;
    pthread_t thread;
    pthread_mutex_t lock; /* all below */
    pthread_cond_t wake, written;
    struct held_look *held; /* HELD_MOST */
    size_t held_count;
    uint64_t noted, done, lost, lost_ever;
    struct recent_look *recent; /* RECENT */
    bool is_stopping, is_hurried;
};

/* ---- writing ---- */

struct portion {
    const struct held_look *at;
    size_t count;
};

static enum outcome access_write(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* nothing to say but OK */
    const struct portion *p = input;
    for (size_t i = 0; i < p->count; i++) {
        const struct held_look *h = &p->at[i];
        TRY(store_do(tx, Q_ACCESS_INSERT,
                     VALUES(v_int(tx_new_id(tx)), v_int(h->access.person), v_int(h->access.dossier), v_int(h->account),
                            v_int(h->agency), v_str(str_of(h->role, h->role_bytes)), v_int((int64_t)h->access.what),
                            v_int(h->access.n), v_instant(h->at)),
                     NULL, why));
    }
    return OK;
}

/* How many were written, from the first. What is left is kept and tried again: a full disk is no excuse to forget who
 * looked. */
static size_t write_all(struct access_log *log, const struct held_look *looks, size_t count)
{
    for (size_t i = 0; i < count; i += PORTION) {
        AUTO_ARENA struct arena a;
        struct fail why;
        struct portion p = {looks + i, count - i < PORTION ? count - i : PORTION};
        arena_init(&a, FLUSH_ARENA);
        fail_init(&why, &a);
        if (store_run(log->store, access_write, &p, NULL, &why) == OK) continue;
        log_write(LOG_WARN, "access", "outcome=%s waiting=%zu", outcome_type(why.outcome), count - i);
        return i;
    }
    return count;
}

/* With the lock held: those before the ones noted meanwhile. What has no room is lost, and said so at the next turn. */
static void hold_again(struct access_log *log, const struct held_look *looks, size_t count)
{
    size_t room = HELD_MOST - log->held_count, kept = count < room ? count : room;
    memmove(log->held + kept, log->held, log->held_count * sizeof *log->held);
    memcpy(log->held, looks, kept * sizeof *looks);
    log->held_count += kept;
    log->lost += count - kept;
    log->lost_ever += count - kept;
}

static void pause_unless_hurried(struct access_log *log, int64_t us)
{
    int64_t moment_us = clock_monotonic_us() + us;
    while (!log->is_stopping && !log->is_hurried && wait_until(&log->wake, &log->lock, moment_us)) continue;
}

/* Sleeps while nothing is noted; gathers for a moment; writes outside the lock. */
static void *access_loop(void *context)
{
    struct access_log *log = context;
    struct held_look *taken = calloc(HELD_MOST, sizeof *taken);
    if (taken == NULL) BUG("out of memory");
    int64_t pause_us = gather_us;
    pthread_mutex_lock(&log->lock);
    while (!log->is_stopping || log->held_count > 0) {
        while (log->held_count == 0 && !log->is_stopping) pthread_cond_wait(&log->wake, &log->lock);
        pause_unless_hurried(log, pause_us);
        size_t count = log->held_count;
        uint64_t until = log->noted, lost = log->lost;
        memcpy(taken, log->held, count * sizeof *taken);
        log->held_count = 0;
        log->lost = 0;
        log->is_hurried = false;
        pthread_mutex_unlock(&log->lock);
        size_t written = write_all(log, taken, count);
        if (lost > 0) log_write(LOG_WARN, "access", "outcome=full lost=%llu", (unsigned long long)lost);
        pthread_mutex_lock(&log->lock);
        if (log->is_stopping && written < count) break; /* the log has said how many */
        pause_us = written < count ? again_us : gather_us;
        if (written < count) hold_again(log, taken + written, count - written);
        log->done = until;
        pthread_cond_broadcast(&log->written);
    }
    pthread_mutex_unlock(&log->lock);
    free(taken);
    return NULL;
}

struct access_log *access_log_start(struct store *s)
{
    struct access_log *log = calloc(1, sizeof *log);
    if (log == NULL) BUG("out of memory");
    log->store = s;
    log->held = calloc(HELD_MOST, sizeof *log->held);
    log->recent = calloc(RECENT, sizeof *log->recent);
    if (log->held == NULL || log->recent == NULL) BUG("out of memory");
    pthread_mutex_init(&log->lock, NULL);
    pthread_cond_init(&log->wake, NULL);
    pthread_cond_init(&log->written, NULL);
    if (pthread_create(&log->thread, NULL, access_loop, log) != 0) BUG("no thread for the access log");
    return log;
}

void access_log_stop(struct access_log *log)
{
    if (log == NULL) return;
    pthread_mutex_lock(&log->lock);
    log->is_stopping = true;
    pthread_cond_signal(&log->wake);
    pthread_mutex_unlock(&log->lock);
    pthread_join(log->thread, NULL);
    pthread_cond_destroy(&log->wake);
    pthread_cond_destroy(&log->written);
    pthread_mutex_destroy(&log->lock);
    free(log->held);
    free(log->recent);
    free(log);
}

void access_log_flush(struct access_log *log)
{
    if (log == NULL) return;
    pthread_mutex_lock(&log->lock);
    uint64_t until = log->noted;
    while (log->done < until) {
        log->is_hurried = true;
        pthread_cond_signal(&log->wake);
        pthread_cond_wait(&log->written, &log->lock);
    }
    pthread_mutex_unlock(&log->lock);
}

/* ---- noting ---- */

/* True when this very look was noted a moment ago; remembers it otherwise. */
static bool was_noted(struct access_log *log, int64_t account, const struct access *a, instant_t now)
{
    uint64_t mix = (uint64_t)account * 0x9e3779b97f4a7c15u ^ (uint64_t)a->dossier * 0xc2b2ae3d27d4eb4fu ^
                   (uint64_t)a->person * 0x165667b19e3779f9u ^ (uint64_t)a->n;
    struct recent_look *r = &log->recent[(mix ^ mix >> 32) % RECENT];
    if (r->account == account && r->dossier == a->dossier && r->person == a->person && r->n == a->n &&
        now - r->at < same_look_us && now >= r->at)
        return true;
    *r = (struct recent_look){account, a->dossier, a->person, a->n, now};
    return false;
}

void access_note(struct access_log *log, const struct request *rq, const struct access *a)
{
    instant_t now = clock_now();
    if (log == NULL || rq->visitor.account == 0 || rq->visitor.account == a->person) return;
    pthread_mutex_lock(&log->lock);
    if (!was_noted(log, rq->visitor.account, a, now)) {
        if (log->held_count < HELD_MOST) {
            struct held_look *h = &log->held[log->held_count++];
            *h = (struct held_look){
                .access = *a, .account = rq->visitor.account, .agency = rq->visitor.agency, .at = now};
            h->role_bytes = rq->visitor.role.len < ROLE_BYTES ? rq->visitor.role.len : ROLE_BYTES;
            memcpy(h->role, rq->visitor.role.at, h->role_bytes);
            log->noted++;
        } else {
            log->lost++;
            log->lost_ever++;
        }
        if (log->held_count == HELD_MANY) log->is_hurried = true; /* no time to gather more */
        if (log->held_count == 1 || log->held_count == HELD_MANY) pthread_cond_signal(&log->wake);
    }
    pthread_mutex_unlock(&log->lock);
}

void access_log_count(struct access_log *log, struct access_count *out)
{
    *out = (struct access_count){0};
    if (log == NULL) return;
    pthread_mutex_lock(&log->lock);
    *out = (struct access_count){log->noted, log->lost_ever, log->held_count};
    pthread_mutex_unlock(&log->lock);
}

/* ---- reading ---- */

static struct access_look *looks_of(struct arena *a, const struct rows *rows)
{
    struct access_look *list = ARENA_ARRAY(a, struct access_look, rows->count + 1);
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *r = &rows->at[i];
        list[i] = (struct access_look){row_int(r, 0), row_int(r, 1), row_instant(r, 2), (enum access_what)row_int(r, 3),
                                       row_int(r, 4), row_str(r, 5), row_str(r, 6),     row_str(r, 7),
                                       row_str(r, 8), row_str(r, 9)};
    }
    return list;
}

enum outcome access_of_dossier(struct tx *tx, int64_t dossier, int64_t before, size_t most, struct access_look **out,
                               size_t *out_count, struct fail *why)
{
    struct rows rows;
    struct value until = v_int(before > 0 ? before : INT64_MAX);
    TRY(store_all(tx, Q_ACCESS_OF_DOSSIER, VALUES(v_int(dossier), until, v_int((int64_t)most)), &rows, why));
    *out = looks_of(tx_arena(tx), &rows);
    *out_count = rows.count;
    return OK;
}

enum outcome access_of_person(struct tx *tx, int64_t account, int64_t before, size_t most, struct access_look **out,
                              size_t *out_count, struct fail *why)
{
    struct rows rows;
    struct value until = v_int(before > 0 ? before : INT64_MAX);
    TRY(store_all(tx, Q_ACCESS_OF_PERSON, VALUES(v_int(account), until, v_int((int64_t)most)), &rows, why));
    *out = looks_of(tx_arena(tx), &rows);
    *out_count = rows.count;
    return OK;
}

/* ---- forgetting ---- */

static enum outcome delete_old(struct tx *tx, const void *input, void *out, struct fail *why)
{
    const instant_t *before = input;
    return store_do(tx, Q_ACCESS_DELETE_OLD, VALUES(v_int(id_least(*before)), v_int(FORGET_PORTION)), out, why);
}

enum outcome access_forget(struct store *s, instant_t before, struct fail *why)
{
    int64_t gone;
    do {
        TRY(store_run(s, delete_old, &before, &gone, why));
    } while (gone == FORGET_PORTION && !store_is_ending(s));
    return OK;
}
