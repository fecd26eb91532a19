#include "http/gate.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fail.h"
#include "http/server.h"

/* A thread that waits; the one who wakes it has given it its place already. */
struct waiter {
    sem_t woken;
    struct waiter *next;
};

struct gate {
    pthread_mutex_t lock;
    pthread_key_t inside; /* for each thread: how often it has entered more than left */
    int limit, running, polling;
    struct waiter *first_back, *last_back; /* back from a commit: in order of arrival */
    struct waiter *resting;                /* last in, first out: the warmest thread goes on */
};

struct gate *gate_new(int limit)
{
    if (limit <= 0) {
        long cores = sysconf(_SC_NPROCESSORS_ONLN);
        limit = 2 * (cores > 0 ? (int)cores : 1);
    }
    struct gate *g = calloc(1, sizeof *g);
    if (!g) BUG("out of memory: %zu bytes", sizeof *g);
    if (pthread_mutex_init(&g->lock, NULL) != 0 || pthread_key_create(&g->inside, NULL) != 0) BUG("no run gate");
    g->limit = limit;
    return g;
}

void gate_free(struct gate *g)
{
    if (!g) return;
    (void)pthread_key_delete(g->inside); /* no thread uses it any more */
    (void)pthread_mutex_destroy(&g->lock);
    free(g);
}

/*
 * The store calls gate_leave and gate_enter around every commit, also on threads that never came through the gate
 * (followers, the command line): those go from 0 to -1 and back, and take no place.
 */
static intptr_t step(struct gate *g, intptr_t by)
{
    intptr_t inside = (intptr_t)pthread_getspecific(g->inside) + by;
    if (pthread_setspecific(g->inside, (void *)inside) != 0) BUG("the run gate is out of memory");
    return inside;
}

/* Hands out what is free: first to those who are back from a commit, because their visitors have waited longest. */
static void hand_out(struct gate *g)
{
    while (g->first_back && g->running < g->limit) {
        struct waiter *w = g->first_back;
        g->first_back = w->next;
        g->running++;
        (void)sem_post(&w->woken); /* cannot overflow */
    }
    while (g->resting && g->running + g->polling < g->limit) {
        struct waiter *w = g->resting;
        g->resting = w->next;
        g->polling++;
        (void)sem_post(&w->woken);
    }
}

static void lock(struct gate *g)
{
    if (pthread_mutex_lock(&g->lock) != 0) BUG("the run gate is broken");
}

static void unlock(struct gate *g)
{
    (void)pthread_mutex_unlock(&g->lock); /* held by this thread */
}

/* Unlocks and sleeps until a place has been given. */
static void sleep_for_place(struct gate *g, struct waiter *w)
{
    unlock(g);
    while (sem_wait(&w->woken) != 0) {
        if (errno != EINTR) BUG("the run gate is broken: errno %d", errno);
    }
    (void)sem_destroy(&w->woken);
}

/* With the lock held: a place to run, at once or in turn. */
static void start_running(struct gate *g)
{
    if (g->running < g->limit && !g->first_back) {
        g->running++;
        unlock(g);
        return;
    }
    struct waiter w = {.next = NULL};
    if (sem_init(&w.woken, 0, 0) != 0) BUG("no semaphore");
    if (g->first_back)
        g->last_back->next = &w;
    else
        g->first_back = &w;
    g->last_back = &w;
    sleep_for_place(g, &w);
}

void gate_enter(void *gate)
{
    struct gate *g = gate;
    if (step(g, 1) != 1) return;
    lock(g);
    start_running(g);
}

void gate_leave(void *gate)
{
    struct gate *g = gate;
    if (step(g, -1) != 0) return;
    lock(g);
    g->running--;
    hand_out(g);
    unlock(g);
}

void gate_poll(struct gate *g)
{
    lock(g);
    if (g->running + g->polling < g->limit) {
        g->polling++;
        unlock(g);
        return;
    }
    struct waiter w = {.next = g->resting};
    if (sem_init(&w.woken, 0, 0) != 0) BUG("no semaphore");
    g->resting = &w;
    sleep_for_place(g, &w);
}

void gate_poll_leave(struct gate *g)
{
    lock(g);
    g->polling--;
    hand_out(g);
    unlock(g);
}

void gate_run(struct gate *g)
{
    (void)step(g, 1); /* a serving thread is never inside here */
    lock(g);
    g->polling--;
    start_running(g);
}

void gate_poll_again(struct gate *g)
{
    (void)step(g, -1);
    lock(g);
    g->running--;
    bool goes_on = g->running + g->polling < g->limit; /* before the resting are asked: this thread is warm */
    if (goes_on) g->polling++;
    hand_out(g);
    unlock(g);
    if (!goes_on) gate_poll(g);
}
