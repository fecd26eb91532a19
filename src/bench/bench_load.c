#include "bench/bench_load.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"

enum { STACK_BYTES = 512 * 1024, ARENA_CEILING = 64 * 1024 * 1024, IN_CEILING = 4 * 1024 * 1024, STEP_US = 20000 };

struct shared {
    const struct bench_load *load;
    int64_t from, to; /* monotonic */
    _Atomic uint64_t next, workers;
    _Atomic bool is_over;
    pthread_mutex_t lock; /* adding up, and `why` */
    struct bench_figures *out;
    enum outcome outcome;
    struct fail *why;
};

/* ---- signals ---- */

static void stop_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
}

void bench_hold_signals(void)
{
    sigset_t set;
    stop_signals(&set);
    signal(SIGPIPE, SIG_IGN);
    if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0) BUG("signals cannot be blocked");
}

bool bench_is_stopped(void)
{
    sigset_t pending;
    return sigpending(&pending) == 0 && (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1);
}

enum outcome bench_refuse_stopped(struct fail *why)
{
    if (!bench_is_stopped()) return OK;
    return fail(why, ERR_DOWN, N_("The measurement was stopped before its end."));
}

/* ---- workers ---- */

/* SplitMix64. */
uint64_t bench_random(struct bench_worker *w, uint64_t below)
{
    uint64_t z = (w->random += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (z ^ (z >> 31)) % below;
}

static enum outcome work_on(struct shared *s, struct bench_worker *w, struct bench_figures *mine, struct fail *why)
{
    while (!atomic_load_explicit(&s->is_over, memory_order_relaxed)) {
        arena_clear(w->arena);
        fail_init(why, w->arena);
        w->number = atomic_fetch_add(&s->next, 1);
        int64_t started = clock_monotonic_us();
        if (started >= s->to) return OK;
        if (s->load->most > 0 && w->number >= s->load->first + s->load->most) {
            atomic_store(&s->is_over, true);
            return OK;
        }
        TRY(s->load->work(s->load->context, w, why));
        int64_t ended = clock_monotonic_us();
        if (started < s->from) continue;
        histogram_add(&mine->each, ended - started);
        mine->us = ended - s->from;
    }
    return OK;
}

static void *run_worker(void *context)
{
    struct shared *s = context;
    AUTO_ARENA struct arena arena;
    AUTO_BUF struct buf in;
    struct fail why;
    struct bench_figures mine = {.us = 0};
    arena_init(&arena, ARENA_CEILING);
    buf_init(&in, IN_CEILING);
    fail_init(&why, &arena);
    struct bench_worker w = {.arena = &arena, .random = atomic_fetch_add(&s->workers, 1), .fd = -1, .in = in};
    enum outcome r = work_on(s, &w, &mine, &why);
    in = w.in;
    if (w.fd >= 0) close(w.fd);
    pthread_mutex_lock(&s->lock);
    histogram_add_all(&s->out->each, &mine.each);
    if (mine.us > s->out->us) s->out->us = mine.us;
    if (r != OK && s->outcome == OK) s->outcome = fail_with(s->why, r, why.sentence, why.args);
    pthread_mutex_unlock(&s->lock);
    if (r != OK) atomic_store(&s->is_over, true);
    return NULL;
}

static void run_workers(struct shared *s)
{
    pthread_t *threads = calloc((size_t)s->load->workers, sizeof *threads);
    pthread_attr_t small;
    if (threads == NULL) BUG("out of memory for %d workers", s->load->workers);
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, STACK_BYTES);
    for (int i = 0; i < s->load->workers; i++)
        if (pthread_create(&threads[i], &small, run_worker, s) != 0) BUG("worker %d could not be started", i);
    while (!atomic_load(&s->is_over) && clock_monotonic_us() < s->to) {
        usleep(STEP_US);
        if (bench_is_stopped()) atomic_store(&s->is_over, true);
    }
    for (int i = 0; i < s->load->workers; i++) pthread_join(threads[i], NULL);
    pthread_attr_destroy(&small);
    free(threads);
}

enum outcome bench_load_run(const struct bench_load *load, struct bench_figures *out, struct fail *why)
{
    int64_t now = clock_monotonic_us();
    struct shared s = {.load = load,
                       .from = now + load->warm_us,
                       .to = now + load->warm_us + load->us,
                       .out = out,
                       .why = why,
                       .next = load->first};
    *out = (struct bench_figures){.us = 0};
    pthread_mutex_init(&s.lock, NULL);
    run_workers(&s);
    pthread_mutex_destroy(&s.lock);
    if (s.outcome != OK) return s.outcome;
    return bench_refuse_stopped(why);
}

double bench_rate(const struct bench_figures *f)
{
    return f->us > 0 ? (double)f->each.count * 1e6 / (double)f->us : 0;
}

void bench_add(struct bench_figures *to, const struct bench_figures *more)
{
    histogram_add_all(&to->each, &more->each);
    to->us += more->us;
}
