#include "base/wait.h"

#include <time.h>

#include "base/clock.h"

bool wait_until(pthread_cond_t *woken, pthread_mutex_t *lock, int64_t moment_us)
{
    const struct timespec until = {.tv_sec = moment_us / US_PER_S, .tv_nsec = moment_us % US_PER_S * 1000};
    return pthread_cond_clockwait(woken, lock, CLOCK_MONOTONIC, &until) == 0;
}
