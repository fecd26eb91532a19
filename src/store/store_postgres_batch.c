/*
 * Commands that must be alone share a transaction: what queued while the last commit ran is run by one thread, one
 * command after the other, each in a savepoint, and one COMMIT makes all of them durable, as SQLite's writer does it.
 * So the office waits for the server's disk once for many changes instead of once for each. Which commands are such is
 * learnt: one that has run without tx_run_beside comes here the next time.
 */
#include <stdlib.h>

#include "store/store_postgres.h"

/* Somebody who waits, on their own stack. */
struct pg_waiter {
    struct store_call *calls;
    size_t count;
    bool is_done;
    pthread_cond_t done;
    struct pg_waiter *next;
};

/* ---- which commands are alone ---- */

static size_t slot_of(store_command *command, size_t try)
{
    return ((uintptr_t)command / 16 * UINT64_C(0x9E3779B97F4A7C15) >> 32) % PG_ALONE_SLOTS + try;
}

/* Past the last slot stand as many as there are tries. */
static bool is_known(struct pg_batch *b, store_command *command)
{
    for (size_t i = 0; i < PG_ALONE_TRIES; i++)
        if (atomic_load_explicit(&b->alone[slot_of(command, i)], memory_order_relaxed) == command) return true;
    return false;
}

void pg_note_alone(struct postgres *s, store_command *command)
{
    if (is_known(&s->batch, command)) return;
    for (size_t i = 0; i < PG_ALONE_TRIES; i++) {
        store_command *none = NULL;
        if (atomic_compare_exchange_strong(&s->batch.alone[slot_of(command, i)], &none, command)) return;
    }
}

/* Several at once are in one transaction anyway. */
bool pg_is_for_batch(struct postgres *s, const struct store_call *calls, size_t count)
{
    return count > 1 || is_known(&s->batch, calls[0].command);
}

/* ---- who waits ---- */

void pg_batch_run(struct postgres *s, struct store_call *calls, size_t count)
{
    struct pg_batch *b = &s->batch;
    const struct store_options *o = &s->store.options;
    struct pg_waiter w = {.calls = calls, .count = count};
    pthread_cond_init(&w.done, NULL);
    if (o->before_wait) o->before_wait(o->wait_context);
    pthread_mutex_lock(&b->lock);
    *b->end = &w;
    b->end = &w.next;
    b->waiting += count;
    pthread_cond_signal(&b->has_work);
    while (!w.is_done) pthread_cond_wait(&w.done, &b->lock);
    pthread_mutex_unlock(&b->lock);
    if (o->after_wait) o->after_wait(o->wait_context);
    pthread_cond_destroy(&w.done);
}

/* ---- the thread ---- */

/* The calls of as many as go into one transaction; those of one stay together. NULL: the store closes. */
static struct pg_waiter *take_batch(struct pg_batch *b, struct store_call *calls, size_t *out_count)
{
    struct pg_waiter *taken = NULL, **end = &taken;
    *out_count = 0;
    pthread_mutex_lock(&b->lock);
    while (!b->first && !b->is_closing) pthread_cond_wait(&b->has_work, &b->lock);
    while (b->first && *out_count + b->first->count <= STORE_CALLS_MOST) {
        struct pg_waiter *w = b->first;
        b->first = w->next;
        if (!b->first) b->end = &b->first;
        b->waiting -= w->count;
        for (size_t i = 0; i < w->count; i++) calls[(*out_count)++] = w->calls[i];
        w->next = NULL;
        *end = w;
        end = &w->next;
    }
    pthread_mutex_unlock(&b->lock);
    return taken;
}

static void answer(struct pg_batch *b, struct pg_waiter *taken, const struct store_call *calls)
{
    pthread_mutex_lock(&b->lock);
    while (taken) {
        struct pg_waiter *w = taken;
        taken = w->next; /* once it is told, it is gone */
        for (size_t i = 0; i < w->count; i++) w->calls[i].outcome = (calls++)->outcome;
        w->is_done = true;
        pthread_cond_signal(&w->done);
    }
    pthread_mutex_unlock(&b->lock);
}

static void *batch_main(void *context)
{
    struct postgres *s = context;
    struct store_call calls[STORE_CALLS_MOST];
    struct pg_waiter *taken;
    size_t count;
    if (pthread_setspecific(s->writer_here, &s->batch.link) != 0) BUG("no memory for a writer's place");
    while ((taken = take_batch(&s->batch, calls, &count)) != NULL) {
        pg_run_on(&s->batch.link, calls, count);
        answer(&s->batch, taken, calls);
    }
    return NULL;
}

void pg_batch_start(struct postgres *s)
{
    struct pg_batch *b = &s->batch;
    pg_link_init(&b->link, s, true);
    b->link.is_of_thread = true;
    b->end = &b->first;
    pthread_mutex_init(&b->lock, NULL);
    pthread_cond_init(&b->has_work, NULL);
    if (pthread_create(&b->thread, NULL, batch_main, s) != 0) BUG("the thread of commands could not be started");
    b->has_thread = true;
}

void pg_batch_stop(struct postgres *s)
{
    struct pg_batch *b = &s->batch;
    if (!b->has_thread) return;
    pthread_mutex_lock(&b->lock);
    b->is_closing = true;
    pthread_cond_signal(&b->has_work);
    pthread_mutex_unlock(&b->lock);
    pthread_join(b->thread, NULL);
    b->has_thread = false;
    pg_link_end(&b->link);
    pthread_cond_destroy(&b->has_work);
    pthread_mutex_destroy(&b->lock);
}
