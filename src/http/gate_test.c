#include "base/test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "http/gate.h"
#include "http/server.h"

enum { LIMIT = 3, THREADS = 24, ROUNDS = 200 };

struct hall {
    struct gate *gate;
    _Atomic int running, most;
};

static void run(struct hall *h)
{
    int now = atomic_fetch_add(&h->running, 1) + 1, most = atomic_load(&h->most);
    while (now > most && !atomic_compare_exchange_weak(&h->most, &most, now)) continue;
    (void)usleep(5);
    (void)atomic_fetch_sub(&h->running, 1);
}

/* As a serving thread does: polls, runs, leaves for a commit and comes back. */
static void *serve(void *context)
{
    struct hall *h = context;
    gate_poll(h->gate);
    for (int i = 0; i < ROUNDS; i++) {
        gate_run(h->gate);
        run(h);
        if (i % 3 == 0) {
            gate_leave(h->gate);
            (void)usleep(20);
            gate_enter(h->gate);
            run(h);
        }
        gate_poll_again(h->gate);
    }
    gate_poll_leave(h->gate);
    return NULL;
}

static void no_more_than_the_limit_run_at_once(void **state)
{
    (void)state;
    struct hall h = {.gate = gate_new(LIMIT)};
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_create(&threads[i], NULL, serve, &h), 0);
    for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_true(atomic_load(&h.most) <= LIMIT);
    assert_true(atomic_load(&h.most) >= 2);
    gate_free(h.gate);
}

/* The writer of a follower waits for commits too, but never came in. */
static void a_thread_from_elsewhere_takes_no_place(void **state)
{
    (void)state;
    struct gate *g = gate_new(1);
    gate_poll(g);
    gate_run(g);
    for (int i = 0; i < 5; i++) {
        gate_leave(g);
        gate_enter(g);
    }
    gate_poll_again(g);
    gate_poll_leave(g);
    for (int i = 0; i < 5; i++) { /* the same calls outside: with one place they would hang if they took one */
        gate_leave(g);
        gate_enter(g);
    }
    gate_poll(g);
    gate_run(g);
    gate_poll_again(g);
    gate_poll_leave(g);
    gate_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_more_than_the_limit_run_at_once),
        cmocka_unit_test(a_thread_from_elsewhere_takes_no_place),
    };
    return RUN_TESTS(tests);
}
