/*
 * Waiting with a limit, for threads that rest until somebody wakes them. The limit is counted by the monotonic clock:
 * whatever becomes of the time of day, nobody waits longer for it.
 */
#ifndef BASE_WAIT_H
#define BASE_WAIT_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* With the lock held: true when woken (or for no reason: look again), false when the moment, in the time of
 * clock_monotonic_us(), is there. */
bool wait_until(pthread_cond_t *woken, pthread_mutex_t *lock, int64_t moment_us);

#endif
