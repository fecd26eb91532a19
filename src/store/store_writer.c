/*
 * Group commit on SQLite. One thread takes what has queued while the last commit ran, runs each command in a savepoint,
 * lets the survivors' deferrals follow, commits once and only then answers everyone, the refused too: what a refusal
 * has read may have been written by a neighbour in the same batch. The same thread does all checkpoints.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/wait.h"
#include "store/store_sqlite.h"

enum {
    CHECKPOINT_PAGES = 4000, /* 16 MiB: larger ones cost less in all, but each keeps everyone waiting longer */
    TRUNCATE_PAGES = 8 * CHECKPOINT_PAGES, /* so long a WAL is worth waiting a moment for its readers */
    TRUNCATE_WAIT_MS = 200,
    BUSY_MS = 5000,
    MARK_EVERY_US = 1000 * 1000,
    LAST_WORDS_MS = 500, /* between a failed commit and the end, for the answers to go out */
    EXIT_TRY_AGAIN = 75,
    BATCH_ARENA_CEILING = 512 * 1024 * 1024,
    BATCH_ARENA_ENOUGH = 32 * 1024 * 1024, /* a batch with so much kept memory is closed early */
};

/* ---- the caller's side ---- */

static void answer_wait(struct call *call)
{
    while (!atomic_load_explicit(&call->is_answered, memory_order_acquire)) {
        syscall(SYS_futex, &call->is_answered, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
    }
}

/* After the store the caller may return and its stack be used anew; waking a stranger there does no harm. */
static void answer(struct call *call, enum outcome outcome)
{
    call->outcome = outcome;
    atomic_store_explicit(&call->is_answered, 1, memory_order_release);
    syscall(SYS_futex, &call->is_answered, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static enum outcome refuse_down(struct fail *why)
{
    return fail(why, ERR_DOWN, N_("The data cannot be reached right now. Try again in a moment."));
}

static void put_last(struct writer *w, struct call *call)
{
    call->next = NULL;
    if (w->last)
        w->last->next = call;
    else
        w->first = call;
    w->last = call;
    w->queue_length++;
}

/* False when the store takes nothing any more; then nothing was queued. */
static bool put_all(struct writer *w, struct call *calls, size_t count)
{
    if (pthread_equal(pthread_self(), w->thread)) BUG("a command ran store_run");
    pthread_mutex_lock(&w->lock);
    bool is_open = !w->is_down && !w->is_closing, was_empty = w->queue_length == 0;
    for (size_t i = 0; is_open && i < count; i++) put_last(w, &calls[i]);
    if (is_open && was_empty) pthread_cond_signal(&w->has_work);
    pthread_mutex_unlock(&w->lock);
    return is_open;
}

static void wait_for_all(struct store *s, struct call *calls, size_t count)
{
    if (s->options.before_wait) s->options.before_wait(s->options.wait_context);
    for (size_t i = 0; i < count; i++) answer_wait(&calls[i]);
    if (s->options.after_wait) s->options.after_wait(s->options.wait_context);
}

enum outcome writer_run(struct store *s, store_command *command, const void *in, void *out, struct fail *why)
{
    struct call call = {.command = command, .in = in, .out = out, .why = why, .why_before = *why};
    if (!put_all(&((struct sqlite *)s)->writer, &call, 1)) return refuse_down(why);
    wait_for_all(s, &call, 1);
    return call.outcome;
}

void writer_run_all(struct store *s, struct store_call *calls, size_t count)
{
    struct call queued[STORE_CALLS_MOST];
    for (size_t i = 0; i < count; i++)
        queued[i] = (struct call){.command = calls[i].command,
                                  .in = calls[i].in,
                                  .out = calls[i].out,
                                  .why = calls[i].why,
                                  .why_before = *calls[i].why};
    bool is_open = put_all(&((struct sqlite *)s)->writer, queued, count);
    if (is_open) wait_for_all(s, queued, count);
    for (size_t i = 0; i < count; i++) calls[i].outcome = is_open ? queued[i].outcome : refuse_down(calls[i].why);
}

/* ---- what the log must hold ---- */

static void go_down(struct sqlite *s);

static enum store_refusal refusal_of(int cause)
{
    if (cause == ENOSPC || cause == EDQUOT) return STORE_FULL;
    return cause == EROFS ? STORE_READ_ONLY : STORE_TAKES;
}

/* A sync that failed ends the process here as everywhere; a disk that takes nothing leaves the mark as it was. */
static bool set_mark(struct sqlite *s, int64_t frames)
{
    struct writer *w = &s->writer;
    w->marked_us = clock_monotonic_us();
    w->owes_mark = false;
    if (mark_set(&w->mark, counted_vfs_log_salts(s->vfs), frames)) return true;
    int cause = errno;
    log_write(LOG_ERROR, "store.mark", "errno=%d", cause);
    if (refusal_of(cause) == STORE_TAKES) go_down(s);
    errno = cause;
    return false;
}

static void mark_if_due(struct sqlite *s)
{
    struct writer *w = &s->writer;
    if (w->owes_mark && clock_monotonic_us() - w->marked_us >= MARK_EVERY_US) (void)set_mark(s, w->wal_pages);
}

/* Before a commit that may begin the log anew. */
static bool take_mark_back(struct sqlite *s)
{
    struct writer *w = &s->writer;
    if (w->must_take_mark_back && set_mark(s, 0)) w->must_take_mark_back = false;
    return !w->must_take_mark_back;
}

/* ---- a batch ---- */

/* Returns when there is work or the store closes; before that it says once on the disk what the log must hold. */
static void wait_for_work(struct sqlite *s)
{
    struct writer *w = &s->writer;
    while (!w->first && !w->is_closing && !w->is_down) {
        int64_t due = w->marked_us + MARK_EVERY_US;
        if (!w->owes_mark) {
            pthread_cond_wait(&w->has_work, &w->lock);
        } else if (!wait_until(&w->has_work, &w->lock, due)) {
            pthread_mutex_unlock(&w->lock);
            mark_if_due(s);
            pthread_mutex_lock(&w->lock);
        }
    }
}

/* True with at least one call in w->calls; false when the store closes and nothing waits. */
static bool take_batch(struct sqlite *s)
{
    struct writer *w = &s->writer;
    pthread_mutex_lock(&w->lock);
    wait_for_work(s);
    w->count = 0;
    while (w->first && w->count < w->most) {
        struct call *call = w->first;
        w->first = call->next;
        if (!w->first) w->last = NULL;
        w->queue_length--;
        w->calls[w->count++] = call;
    }
    pthread_mutex_unlock(&w->lock);
    return w->count > 0;
}

/* Puts back, in order and before all others, calls from..count but `without`: their work was lost with the transaction.
 */
static void put_back(struct writer *w, size_t from, const struct call *without)
{
    pthread_mutex_lock(&w->lock);
    for (size_t i = w->count; i-- > from;) {
        struct call *call = w->calls[i];
        if (call == without) continue;
        *call->why = call->why_before;
        call->next = w->first;
        w->first = call;
        if (!w->last) w->last = call;
        w->queue_length++;
    }
    pthread_mutex_unlock(&w->lock);
}

static bool is_transaction_lost(const struct writer *w)
{
    return sqlite3_get_autocommit(w->c.db) != 0;
}

static void tick(struct sqlite *s)
{
    struct writer *w = &s->writer;
    instant_t now = store_moment(w->now);
    if (now < w->now)
        log_write(LOG_WARN, "store.clock", "message=\"put back by %" PRId64 " s\"", (w->now - now) / US_PER_S);
    w->now = now;
    w->c.tx.now = w->now;
}

/* One command in its savepoint. A refused one leaves no rows, no deferrals and no memory. */
static void run_call(struct sqlite *s, struct call *call)
{
    struct writer *w = &s->writer;
    struct tx *tx = &w->c.tx;
    struct arena_mark mark = arena_mark(&w->arena);
    tick(s);
    call->deferrals = NULL;
    tx->deferrals = NULL;
    tx->deferrals_end = &tx->deferrals;
    call->outcome = connection_run(&w->c, FIXED_SAVE, call->why);
    if (call->outcome != OK) return;
    call->outcome = call->command(tx, call->in, call->out, call->why);
    tx->deferrals_end = NULL;
    if (is_transaction_lost(w)) return;
    if (call->outcome == OK) {
        call->outcome = connection_run(&w->c, FIXED_RELEASE, call->why);
        call->deferrals = tx->deferrals;
    } else {
        struct fail undo = *call->why; /* the room's sentence stays, unless undoing fails too */
        if (connection_run(&w->c, FIXED_BACK, &undo) != OK || connection_run(&w->c, FIXED_RELEASE, &undo) != OK) {
            *call->why = undo;
            connection_roll_back(&w->c); /* then the whole batch is run again without this one */
        }
    }
    if (!call->deferrals) arena_back(&w->arena, mark);
}

static enum outcome run_deferrals(struct sqlite *s, struct call *call, size_t *count)
{
    struct tx *tx = &s->writer.c.tx;
    for (struct deferral *d = call->deferrals; d; d = d->next) {
        enum outcome r = d->fn(tx, d->data, call->why);
        if (r != OK) return r;
        (*count)++;
    }
    return OK;
}

static void answer_all(struct writer *w, enum outcome (*with)(struct fail *why))
{
    for (size_t i = 0; i < w->count; i++) {
        struct call *call = w->calls[i];
        *call->why = call->why_before;
        answer(call, with(call->why));
    }
    w->count = 0;
}

static enum outcome fail_full(struct fail *why)
{
    return file_refused(ENOSPC, why);
}

static enum outcome fail_read_only(struct fail *why)
{
    return file_refused(EROFS, why);
}

static enum outcome fail_unknown(struct fail *why)
{
    return fail(why, ERR_DOWN, N_("It is not known whether this was saved. Send it again with the same key."));
}

/* A failed write of the platter is never tried again (the kernel may have dropped the pages): everyone is told, and the
 * process starts anew from what is on disk. */
static void go_down(struct sqlite *s)
{
    struct writer *w = &s->writer;
    pthread_mutex_lock(&w->lock);
    w->is_down = true;
    struct call *waiting = w->first;
    w->first = w->last = NULL;
    w->queue_length = 0;
    pthread_mutex_unlock(&w->lock);
    log_write(LOG_ERROR, "store.down", "message=\"a commit or checkpoint failed; stopping\"");
    while (waiting) {
        struct call *next = waiting->next;
        answer(waiting, refuse_down(waiting->why));
        waiting = next;
    }
    nanosleep(&(struct timespec){.tv_nsec = LAST_WORDS_MS * 1000000L}, NULL);
    if (s->store.options.stop)
        s->store.options.stop(s->store.options.stop_context);
    else
        _exit(EXIT_TRY_AGAIN);
}

/* The mark: the largest id and the latest moment given so far, so that neither comes again after a restart. */
static int save_mark(struct writer *w)
{
    sqlite3_stmt *st = w->c.fixed[FIXED_MARK];
    sqlite3_bind_int64(st, 1, w->now);
    sqlite3_bind_int64(st, 2, w->ids.last);
    int code = sqlite3_step(st);
    sqlite3_reset(st);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int commit(struct writer *w)
{
    int code = save_mark(w);
    if (code != SQLITE_OK) return code;
    sqlite3_stmt *st = w->c.fixed[FIXED_COMMIT];
    code = sqlite3_step(st);
    sqlite3_reset(st);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

static void note_refusal(struct writer *w, enum store_refusal refusal)
{
    pthread_mutex_lock(&w->lock);
    w->stats.refusal = refusal;
    pthread_mutex_unlock(&w->lock);
}

static void note_batch(struct sqlite *s, int64_t commit_us)
{
    struct writer *w = &s->writer;
    atomic_store(&s->now, w->now);
    pthread_mutex_lock(&w->lock);
    w->stats.commands += w->count;
    w->stats.batches++;
    w->stats.wal_pages = (uint64_t)w->wal_pages;
    w->stats.commit_us_total += commit_us;
    w->stats.refusal = STORE_TAKES;
    w->owes_mark = w->mark.fd >= 0;
    if (w->count > w->stats.largest_batch) w->stats.largest_batch = w->count;
    pthread_mutex_unlock(&w->lock);
    if (w->most < BATCH_MOST) w->most = w->most * 2 < BATCH_MOST ? w->most * 2 : BATCH_MOST;
}

/* The transaction went with one call: that one is answered, the others run again, fewer at a time, so that a disk
 * that is nearly full costs a bounded number of tries. */
static void lose_batch(struct writer *w, struct call *culprit)
{
    enum store_refusal refusal = connection_refusal(&w->c, sqlite3_extended_errcode(w->c.db));
    if (refusal != STORE_TAKES) note_refusal(w, refusal);
    if (culprit->outcome == OK) culprit->outcome = refuse_down(culprit->why);
    connection_roll_back(&w->c);
    w->most = w->count > 1 ? w->count / 2 : 1;
    put_back(w, 0, culprit);
    answer(culprit, culprit->outcome);
    w->count = 0;
}

/* False when the batch was lost. */
static bool run_calls(struct sqlite *s)
{
    struct writer *w = &s->writer;
    for (size_t i = 0; i < w->count; i++) {
        run_call(s, w->calls[i]);
        if (is_transaction_lost(w)) {
            lose_batch(w, w->calls[i]);
            return false;
        }
        if (w->arena.used_bytes > BATCH_ARENA_ENOUGH && i + 1 < w->count) {
            put_back(w, i + 1, NULL);
            w->count = i + 1;
        }
    }
    return true;
}

/* Something at the end of the batch failed and nobody knows through whom: everyone runs again alone, and the one who is
 * alone with the failure gets it. */
static void lose_batch_to(struct writer *w, struct call *call, enum outcome outcome)
{
    call->outcome = outcome;
    if (w->count == 1) {
        lose_batch(w, call);
        return;
    }
    connection_roll_back(&w->c);
    put_back(w, 0, NULL);
    w->most = 1;
    w->count = 0;
}

static bool run_all_deferrals(struct sqlite *s, size_t *ran)
{
    struct writer *w = &s->writer;
    tick(s);
    for (size_t i = 0; i < w->count; i++) {
        struct call *call = w->calls[i];
        enum outcome r = call->outcome == OK ? run_deferrals(s, call, ran) : OK;
        if (r == OK) continue;
        lose_batch_to(w, call, r);
        return false;
    }
    return true;
}

static bool commit_batch(struct sqlite *s)
{
    struct writer *w = &s->writer;
    int64_t started = clock_monotonic_us();
    int code = commit(w);
    if (code == SQLITE_OK) {
        note_batch(s, clock_monotonic_us() - started);
        return true;
    }
    enum store_refusal refusal = connection_refusal(&w->c, code);
    log_write(LOG_ERROR, "store.commit", "code=%d calls=%zu message=\"%s\"", code, w->count, sqlite3_errmsg(w->c.db));
    if (!is_transaction_lost(w)) { /* refused, not failed: a deferred foreign key */
        lose_batch_to(w, w->calls[0], fail(w->calls[0]->why, ERR_BUG, NULL));
        return false;
    }
    /* The disk refused before the commit's last frame was whole, so nothing of it can ever be taken for committed. */
    if (refusal != STORE_TAKES) {
        note_refusal(w, refusal);
        answer_all(w, refusal == STORE_FULL ? fail_full : fail_read_only);
        return false;
    }
    answer_all(w, fail_unknown);
    go_down(s);
    return false;
}

static void run_batch(struct sqlite *s)
{
    struct writer *w = &s->writer;
    size_t deferrals = 0;
    if (!take_mark_back(s)) {
        enum store_refusal refusal = refusal_of(errno);
        note_refusal(w, refusal);
        answer_all(w, refusal == STORE_FULL ? fail_full : refusal == STORE_READ_ONLY ? fail_read_only : refuse_down);
        return;
    }
    if (connection_run(&w->c, FIXED_BEGIN_WRITE, w->calls[0]->why) != OK) {
        answer_all(w, refuse_down);
        return;
    }
    if (!run_calls(s) || !run_all_deferrals(s, &deferrals) || !commit_batch(s)) return;
    for (size_t i = 0; i < w->count; i++) answer(w->calls[i], w->calls[i]->outcome);
    if (deferrals > 0) store_tell_commit(&s->store);
}

/* ---- checkpoints ---- */

static int note_wal(void *context, sqlite3 *db, const char *name, int pages)
{
    (void)db;
    (void)name;
    struct writer *w = context;
    w->wal_pages = pages;
    return SQLITE_OK;
}

static int checkpoint(struct sqlite *s, int mode, int wait_ms)
{
    struct writer *w = &s->writer;
    int pages = 0, moved = 0;
    if (mode == SQLITE_CHECKPOINT_TRUNCATE && !set_mark(s, 0)) mode = SQLITE_CHECKPOINT_PASSIVE;
    sqlite3_busy_timeout(w->c.db, wait_ms);
    int code = sqlite3_wal_checkpoint_v2(w->c.db, NULL, mode, &pages, &moved);
    sqlite3_busy_timeout(w->c.db, BUSY_MS);
    bool is_all = pages == moved;
    w->must_take_mark_back = is_all;
    w->owes_mark = !is_all && w->mark.fd >= 0;
    return code;
}

/* Moves the WAL's pages into the database when there are enough of them. Readers of old snapshots hold a checkpoint
 * back; when the WAL has become long, new readers are kept out for a moment so that it can start anew. Where one reader
 * stays for minutes (an export), that is tried again only at twice the length. */
static void checkpoint_if_due(struct sqlite *s)
{
    struct writer *w = &s->writer;
    if (w->wal_pages < w->wal_pages_checked) { /* it has started anew */
        w->wal_pages_checked = 0;
        w->truncate_at = TRUNCATE_PAGES;
    }
    if (w->wal_pages - w->wal_pages_checked < CHECKPOINT_PAGES) return;
    bool is_long = w->wal_pages >= w->truncate_at;
    int code = is_long ? checkpoint(s, SQLITE_CHECKPOINT_TRUNCATE, TRUNCATE_WAIT_MS)
                       : checkpoint(s, SQLITE_CHECKPOINT_PASSIVE, 0);
    w->wal_pages_checked = w->wal_pages;
    if (is_long) w->truncate_at = w->wal_pages < INT_MAX / 2 ? w->wal_pages * 2 : INT_MAX;
    if (code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY) return;
    log_write(LOG_ERROR, "store.checkpoint", "code=%d message=\"%s\"", code, sqlite3_errmsg(w->c.db));
    if ((code & 0xff) == SQLITE_IOERR && connection_refusal(&w->c, code) == STORE_TAKES) go_down(s);
}

/* ---- life ---- */

int64_t writer_new_id(struct tx *tx)
{
    return id_next(&((struct sqlite *)tx->store)->writer.ids);
}

static void *writer_main(void *context)
{
    struct sqlite *s = context;
    struct writer *w = &s->writer;
    while (take_batch(s)) {
        run_batch(s);
        arena_clear(&w->arena);
        checkpoint_if_due(s);
        mark_if_due(s);
    }
    return NULL;
}

static enum outcome read_number(struct connection *c, const char *sql, int64_t *out, struct fail *why)
{
    sqlite3_stmt *st = NULL;
    int code = sqlite3_prepare_v2(c->db, sql, -1, &st, NULL);
    if (code == SQLITE_OK) code = sqlite3_step(st);
    enum outcome r = OK;
    if (code == SQLITE_ROW)
        *out = sqlite3_column_int64(st, 0);
    else
        r = connection_fail(c, code, "start", why);
    sqlite3_finalize(st);
    return r;
}

/* The statements of every batch are made now, so that a commit can fail only by committing. */
static enum outcome prepare_fixed(struct connection *c, struct fail *why)
{
    TRY(connection_run(c, FIXED_BEGIN_WRITE, why));
    TRY(connection_run(c, FIXED_SAVE, why));
    TRY(connection_run(c, FIXED_BACK, why));
    TRY(connection_run(c, FIXED_RELEASE, why));
    TRY(connection_run(c, FIXED_COMMIT, why));
    TRY(connection_run(c, FIXED_BEGIN_WRITE, why));
    TRY(connection_run(c, FIXED_MARK, why)); /* unbound: undone at once */
    return connection_run(c, FIXED_ROLLBACK, why);
}

enum outcome writer_start(struct sqlite *s, struct fail *why)
{
    struct writer *w = &s->writer;
    int64_t high_water = 0;
    TRY(read_number(&w->c, "SELECT number FROM meta WHERE name = 'id_high_water'", &high_water, why));
    TRY(read_number(&w->c, "SELECT number FROM meta WHERE name = 'clock'", &w->now, why));
    TRY(prepare_fixed(&w->c, why));
    id_source_init(&w->ids, s->store.options.writer_id, high_water);
    arena_init(&w->arena, BATCH_ARENA_CEILING);
    w->c.tx.arena = &w->arena;
    w->most = BATCH_MOST;
    w->truncate_at = TRUNCATE_PAGES;
    atomic_store(&s->now, w->now);
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->has_work, NULL);
    sqlite3_wal_hook(w->c.db, note_wal, w);
    if (pthread_create(&w->thread, NULL, writer_main, s) != 0) BUG("the writer's thread could not be started");
    return OK;
}

void writer_stop(struct sqlite *s)
{
    struct writer *w = &s->writer;
    pthread_mutex_lock(&w->lock);
    w->is_closing = true;
    pthread_cond_signal(&w->has_work);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    bool may_end_log = !w->is_down && mark_set(&w->mark, 0, 0);
    sqlite3_db_config(w->c.db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !may_end_log, NULL);
    int code =
        may_end_log ? sqlite3_wal_checkpoint_v2(w->c.db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) : SQLITE_OK;
    if (code != SQLITE_OK) log_write(LOG_WARN, "store.checkpoint", "code=%d at=close", code);
    arena_end(&w->arena);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->has_work);
}
