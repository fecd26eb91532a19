#include "people/visitor_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum { SLOTS = 2048, TRUE_FOR_US = 2000000, TEXT_BYTES = 400 };

struct slot {
    struct sha256 key;
    uint64_t epoch; /* 0: empty */
    int64_t put_at_us;
    struct known_visitor known; /* its texts point into `text` */
    char text[TEXT_BYTES];
};

struct visitor_cache {
    pthread_mutex_t lock;
    uint64_t epoch;
    struct slot *slots;
};

struct visitor_cache *visitor_cache_new(void)
{
    struct visitor_cache *c = calloc(1, sizeof *c);
    if (c == NULL || (c->slots = calloc(SLOTS, sizeof *c->slots)) == NULL) BUG("out of memory");
    pthread_mutex_init(&c->lock, NULL);
    c->epoch = 1;
    return c;
}

void visitor_cache_free(struct visitor_cache *c)
{
    if (c == NULL) return;
    pthread_mutex_destroy(&c->lock);
    free(c->slots);
    free(c);
}

static struct slot *slot_of(struct visitor_cache *c, const struct sha256 *key)
{
    return &c->slots[(key->at[0] | (unsigned)key->at[1] << 8) % SLOTS];
}

bool visitor_cache_find(struct visitor_cache *c, struct sha256 key, struct arena *a, struct known_visitor *out,
                        uint64_t *out_epoch)
{
    pthread_mutex_lock(&c->lock);
    struct slot *s = slot_of(c, &key);
    bool is_there = s->epoch == c->epoch && sha256_eq(s->key, key) && clock_monotonic_us() - s->put_at_us < TRUE_FOR_US;
    if (is_there) {
        *out = s->known;
        out->visitor.login = str_dup(a, s->known.visitor.login);
        out->visitor.name = str_dup(a, s->known.visitor.name);
        out->visitor.role = str_dup(a, s->known.visitor.role);
    }
    *out_epoch = c->epoch;
    pthread_mutex_unlock(&c->lock);
    return is_there;
}

static struct str keep(struct slot *s, size_t *used, struct str text)
{
    if (text.len > 0) memcpy(s->text + *used, text.at, text.len);
    struct str kept = str_of(s->text + *used, text.len);
    *used += text.len;
    return kept;
}

void visitor_cache_put(struct visitor_cache *c, struct sha256 key, uint64_t epoch, const struct known_visitor *v)
{
    const struct visitor *from = &v->visitor;
    if (from->login.len + from->name.len + from->role.len > TEXT_BYTES) return; /* rare: read each time */
    pthread_mutex_lock(&c->lock);
    if (epoch == c->epoch) {
        struct slot *s = slot_of(c, &key);
        size_t used = 0;
        s->key = key;
        s->epoch = epoch;
        s->put_at_us = clock_monotonic_us();
        s->known = *v;
        s->known.visitor.login = keep(s, &used, from->login);
        s->known.visitor.name = keep(s, &used, from->name);
        s->known.visitor.role = keep(s, &used, from->role);
    }
    pthread_mutex_unlock(&c->lock);
}

void visitor_cache_clear(struct visitor_cache *c)
{
    pthread_mutex_lock(&c->lock);
    c->epoch++;
    pthread_mutex_unlock(&c->lock);
}
