#include "base/test.h"

#include "base/clock.h"
#include "base/wait.h"

struct rest {
    pthread_mutex_t lock;
    pthread_cond_t woken;
    bool is_asleep, is_over;
};

static void a_moment_that_is_over_is_not_waited_for(void **state)
{
    (void)state;
    struct rest r = {.lock = PTHREAD_MUTEX_INITIALIZER, .woken = PTHREAD_COND_INITIALIZER};
    pthread_mutex_lock(&r.lock);
    assert_false(wait_until(&r.woken, &r.lock, clock_monotonic_us() - 1));
    assert_false(wait_until(&r.woken, &r.lock, 0));
    pthread_mutex_unlock(&r.lock);
}

static void the_whole_time_is_waited_when_nobody_wakes(void **state)
{
    (void)state;
    struct rest r = {.lock = PTHREAD_MUTEX_INITIALIZER, .woken = PTHREAD_COND_INITIALIZER};
    int64_t moment_us = clock_monotonic_us() + 20 * 1000;
    pthread_mutex_lock(&r.lock);
    while (wait_until(&r.woken, &r.lock, moment_us)) continue; /* woken for no reason */
    pthread_mutex_unlock(&r.lock);
    assert_true(clock_monotonic_us() >= moment_us);
}

static void *sleeper(void *context)
{
    struct rest *r = context;
    int64_t moment_us = clock_monotonic_us() + 3600 * US_PER_S;
    pthread_mutex_lock(&r->lock);
    r->is_asleep = true;
    pthread_cond_broadcast(&r->woken);
    while (!r->is_over && wait_until(&r->woken, &r->lock, moment_us)) continue;
    r->is_asleep = !r->is_over;
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

static void who_is_woken_goes_on_at_once(void **state)
{
    (void)state;
    struct rest r = {.lock = PTHREAD_MUTEX_INITIALIZER, .woken = PTHREAD_COND_INITIALIZER};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, sleeper, &r), 0);
    pthread_mutex_lock(&r.lock);
    while (!r.is_asleep) pthread_cond_wait(&r.woken, &r.lock);
    r.is_over = true;
    pthread_cond_broadcast(&r.woken);
    pthread_mutex_unlock(&r.lock);
    pthread_join(thread, NULL);
    assert_false(r.is_asleep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_moment_that_is_over_is_not_waited_for),
        cmocka_unit_test(the_whole_time_is_waited_when_nobody_wakes),
        cmocka_unit_test(who_is_woken_goes_on_at_once),
    };
    return RUN_TESTS(tests);
}
