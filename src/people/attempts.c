#include "people/attempts.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/parse.h"

enum { SETS = 1024, WAYS = 4 };

struct bucket {
    uint64_t key;       /* 0: free */
    int64_t full_at_us; /* monotonic: when it will be full again; full when in the past */
};

struct attempts {
    pthread_mutex_t lock;
    int64_t burst, refill_us;
    struct sha256 seed;                           /* so that outsiders cannot choose colliding keys */
    char name;                                    /* among other processes */
    void (*pass)(void *context, struct str word); /* NULL: there are none */
    void *pass_context;
    struct bucket sets[SETS][WAYS];
};

struct attempts *attempts_new(int burst, int refill_s)
{
    struct attempts *a = calloc(1, sizeof *a);
    if (a == NULL) BUG("out of memory");
    pthread_mutex_init(&a->lock, NULL);
    a->burst = burst;
    a->refill_us = (int64_t)refill_s * US_PER_S;
    random_bytes(a->seed.at, sizeof a->seed.at);
    return a;
}

void attempts_free(struct attempts *a)
{
    if (a == NULL) return;
    pthread_mutex_destroy(&a->lock);
    free(a);
}

static uint64_t hash_of(const struct attempts *a, struct str key)
{
    struct str parts[] = {str_of((const char *)a->seed.at, sizeof a->seed.at), key};
    struct sha256 h = sha256_of_parts(parts, LENGTH(parts));
    uint64_t hash = 1;
    for (size_t i = 0; i < sizeof hash; i++) hash = hash << 8 | h.at[i];
    return hash == 0 ? 1 : hash; /* 0 means free */
}

static struct bucket *bucket_of(struct attempts *a, uint64_t hash)
{
    struct bucket *set = a->sets[hash % SETS], *quietest = &set[0];
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].key == hash) return &set[i];
        if (set[i].full_at_us < quietest->full_at_us) quietest = &set[i];
    }
    *quietest = (struct bucket){.key = hash};
    return quietest;
}

/* Others hear it; outside the lock. "l+0123456789abcdef": of which bucket, one more or one less. */
static void pass_on(const struct attempts *a, uint64_t hash, char sign)
{
    char word[24];
    if (a->pass == NULL) return;
    int len = snprintf(word, sizeof word, "%c%c%016" PRIx64, a->name, sign, hash);
    a->pass(a->pass_context, str_of(word, (size_t)len));
}

int64_t attempts_take(struct attempts *a, struct str key)
{
    pthread_mutex_lock(&a->lock);
    int64_t now = clock_monotonic_us(), wait_us = 0;
    uint64_t hash = hash_of(a, key);
    struct bucket *b = bucket_of(a, hash);
    int64_t full_at = b->full_at_us > now ? b->full_at_us : now;
    /* Each try moves the moment of fullness on by one refill; more than `burst` refills ahead means empty. */
    int64_t over_us = full_at + a->refill_us - now - a->burst * a->refill_us;
    if (over_us > 0)
        wait_us = over_us;
    else
        b->full_at_us = full_at + a->refill_us;
    pthread_mutex_unlock(&a->lock);
    if (wait_us == 0) pass_on(a, hash, '+');
    return (wait_us + US_PER_S - 1) / US_PER_S;
}

static void give_back(struct attempts *a, uint64_t hash)
{
    pthread_mutex_lock(&a->lock);
    bucket_of(a, hash)->full_at_us -= a->refill_us;
    pthread_mutex_unlock(&a->lock);
}

void attempts_give_back(struct attempts *a, struct str key)
{
    uint64_t hash = hash_of(a, key);
    give_back(a, hash);
    pass_on(a, hash, '-');
}

/* ---- together with other processes ---- */

void attempts_join(struct attempts *a, char name, struct sha256 secret, void (*pass)(void *context, struct str word),
                   void *context)
{
    pthread_mutex_lock(&a->lock);
    a->seed = secret;
    a->name = name;
    a->pass = pass;
    a->pass_context = context;
    pthread_mutex_unlock(&a->lock);
}

/* What was tried there was allowed there: it counts, even beyond what is left here. */
static void take_anyway(struct attempts *a, uint64_t hash)
{
    pthread_mutex_lock(&a->lock);
    int64_t now = clock_monotonic_us();
    struct bucket *b = bucket_of(a, hash);
    b->full_at_us = (b->full_at_us > now ? b->full_at_us : now) + a->refill_us;
    pthread_mutex_unlock(&a->lock);
}

void attempts_hear(struct attempts *a, struct str word)
{
    unsigned char bytes[sizeof(uint64_t)];
    uint64_t hash = 0;
    if (word.len < 2 || word.at[0] != a->name || !parse_hex(str_part(word, 2, word.len), bytes, sizeof bytes)) return;
    for (size_t i = 0; i < sizeof bytes; i++) hash = hash << 8 | bytes[i];
    if (word.at[1] == '+') take_anyway(a, hash);
    if (word.at[1] == '-') give_back(a, hash);
}
