#include "people/attempts.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"

enum { SETS = 1024, WAYS = 4 };

struct bucket {
    uint64_t key;       /* 0: free */
    int64_t full_at_us; /* monotonic: when it will be full again; full when in the past */
};

struct attempts {
    pthread_mutex_t lock;
    int64_t burst, refill_us;
    uint64_t seed; /* so that outsiders cannot choose colliding keys */
    struct bucket sets[SETS][WAYS];
};

struct attempts *attempts_new(int burst, int refill_s)
{
    struct attempts *a = calloc(1, sizeof *a);
    if (a == NULL) BUG("out of memory");
    pthread_mutex_init(&a->lock, NULL);
    a->burst = burst;
    a->refill_us = (int64_t)refill_s * US_PER_S;
    a->seed = random_u64();
    return a;
}

void attempts_free(struct attempts *a)
{
    if (a == NULL) return;
    pthread_mutex_destroy(&a->lock);
    free(a);
}

static struct bucket *bucket_of(struct attempts *a, struct str key)
{
    struct str parts[] = {str_of((const char *)&a->seed, sizeof a->seed), key};
    struct sha256 h = sha256_of_parts(parts, LENGTH(parts));
    uint64_t hash = 1; /* never 0, which means free */
    for (size_t i = 0; i < sizeof hash; i++) hash = hash << 8 | h.at[i];
    if (hash == 0) hash = 1;
    struct bucket *set = a->sets[hash % SETS], *quietest = &set[0];
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].key == hash) return &set[i];
        if (set[i].full_at_us < quietest->full_at_us) quietest = &set[i];
    }
    *quietest = (struct bucket){.key = hash};
    return quietest;
}

int64_t attempts_take(struct attempts *a, struct str key)
{
    pthread_mutex_lock(&a->lock);
    int64_t now = clock_monotonic_us(), wait_us = 0;
    struct bucket *b = bucket_of(a, key);
    int64_t full_at = b->full_at_us > now ? b->full_at_us : now;
    /* Each try moves the moment of fullness on by one refill; more than `burst` refills ahead means empty. */
    int64_t over_us = full_at + a->refill_us - now - a->burst * a->refill_us;
    if (over_us > 0)
        wait_us = over_us;
    else
        b->full_at_us = full_at + a->refill_us;
    pthread_mutex_unlock(&a->lock);
    return (wait_us + US_PER_S - 1) / US_PER_S;
}

void attempts_give_back(struct attempts *a, struct str key)
{
    pthread_mutex_lock(&a->lock);
    bucket_of(a, key)->full_at_us -= a->refill_us;
    pthread_mutex_unlock(&a->lock);
}
