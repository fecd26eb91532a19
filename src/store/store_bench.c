#include "store/store_bench.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/auto.h"

enum { THREADS_MOST = 1024, STACK_BYTES = 256 * 1024, ARENA_CEILING = 64 * 1024 * 1024 };

struct shared {
    struct store *store;
    const struct store_load *load;
    _Atomic uint64_t next;
    _Atomic bool has_failed;
    pthread_mutex_t lock; /* for adding up at the end, and for `why` */
    struct store_load_result *result;
    enum outcome outcome;
    struct fail *why;
};

static enum outcome run_one(struct shared *s, uint64_t n, struct arena *a, struct histogram *h, struct fail *why)
{
    const struct store_load *load = s->load;
    const void *in = load->input ? load->input(load->context, n, a) : load->context;
    int64_t started = clock_monotonic_us();
    enum outcome r = store_run(s->store, load->command, in, NULL, why);
    histogram_add(h, clock_monotonic_us() - started);
    return r;
}

static void add_up(struct shared *s, const struct histogram *h, enum outcome r, const struct fail *why)
{
    pthread_mutex_lock(&s->lock);
    histogram_add_all(&s->result->each, h);
    if (r != OK && s->outcome == OK) s->outcome = fail_with(s->why, r, why->sentence, why->args);
    pthread_mutex_unlock(&s->lock);
}

static void *run_some(void *context)
{
    struct shared *s = context;
    AUTO_ARENA struct arena a;
    struct fail why;
    struct histogram h = {.count = 0};
    enum outcome r = OK;
    uint64_t n;
    arena_init(&a, ARENA_CEILING);
    fail_init(&why, &a);
    while (r == OK && !atomic_load(&s->has_failed) && (n = atomic_fetch_add(&s->next, 1)) < s->load->count) {
        arena_clear(&a);
        fail_init(&why, &a);
        r = run_one(s, n, &a, &h, &why);
    }
    if (r != OK) atomic_store(&s->has_failed, true);
    add_up(s, &h, r, &why);
    return NULL;
}

static void run_threads(struct shared *s, int threads)
{
    pthread_t *ids = calloc((size_t)threads, sizeof *ids);
    pthread_attr_t small;
    if (!ids) BUG("out of memory for %d threads", threads);
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, STACK_BYTES);
    for (int i = 0; i < threads; i++) {
        if (pthread_create(&ids[i], &small, run_some, s) != 0) BUG("thread %d of %d could not be started", i, threads);
    }
    for (int i = 0; i < threads; i++) pthread_join(ids[i], NULL);
    pthread_attr_destroy(&small);
    free(ids);
}

enum outcome store_load_run(struct store *s, const struct store_load *load, struct store_load_result *out,
                            struct fail *why)
{
    if (load->threads < 1 || load->threads > THREADS_MOST) BUG("a load of %d threads", load->threads);
    struct shared shared = {.store = s, .load = load, .result = out, .why = why};
    *out = (struct store_load_result){.done = 0};
    pthread_mutex_init(&shared.lock, NULL);
    int64_t started = clock_monotonic_us();
    run_threads(&shared, load->threads);
    out->us = clock_monotonic_us() - started;
    out->done = out->each.count;
    pthread_mutex_destroy(&shared.lock);
    return shared.outcome;
}
