#include <errno.h>
#include <semaphore.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fail.h"
#include "http/server.h"

struct gate {
    sem_t places;
};

/*
 * How often this thread stands inside. The store calls gate_leave and gate_enter around every commit, also on threads
 * that never came through the gate (followers, the command line): those go from 0 to -1 and back, and take no place.
 */
static _Thread_local int inside;

struct gate *gate_new(int limit)
{
    if (limit <= 0) {
        long cores = sysconf(_SC_NPROCESSORS_ONLN);
        limit = 2 * (cores > 0 ? (int)cores : 1);
    }
    struct gate *g = malloc(sizeof *g);
    if (!g) BUG("out of memory: %zu bytes", sizeof *g);
    if (sem_init(&g->places, 0, (unsigned)limit) != 0) BUG("no semaphore for %d", limit);
    return g;
}

void gate_free(struct gate *g)
{
    if (!g) return;
    (void)sem_destroy(&g->places); /* nobody waits any more */
    free(g);
}

void gate_enter(void *gate)
{
    struct gate *g = gate;
    if (++inside != 1) return;
    while (sem_wait(&g->places) != 0) {
        if (errno != EINTR) BUG("the run gate is broken: errno %d", errno);
    }
}

void gate_leave(void *gate)
{
    struct gate *g = gate;
    if (--inside == 0) (void)sem_post(&g->places); /* cannot overflow: each place was taken before */
}
