#include "base/map.h"

#include <pthread.h>
#include <string.h>
#include <sys/random.h>

#include "base/arena.h"
#include "base/fail.h"

enum { MAP_FIRST_SLOTS = 16 };

/* Drawn once per process: keys that collide here do not collide elsewhere. */
static uint64_t seed[2];
static pthread_once_t seed_once = PTHREAD_ONCE_INIT;

static void draw_seed(void)
{
    if (getrandom(seed, sizeof seed, 0) != (ssize_t)sizeof seed) BUG("the system gives no random bytes");
}

static uint64_t rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] = rotate(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] = rotate(v[2], 32);
}

/* SipHash-1-3 (Aumasson and Bernstein), the variant that hash tables use. */
static uint64_t hash_of(struct str key)
{
    uint64_t v[4] = {seed[0] ^ 0x736f6d6570736575, seed[1] ^ 0x646f72616e646f6d, seed[0] ^ 0x6c7967656e657261,
                     seed[1] ^ 0x7465646279746573};
    size_t i = 0;
    for (uint64_t word; i + sizeof word <= key.len; i += sizeof word) {
        memcpy(&word, key.at + i, sizeof word);
        v[3] ^= word;
        sip_round(v);
        v[0] ^= word;
    }
    uint64_t last = (uint64_t)key.len << 56;
    for (int shift = 0; i < key.len; i++, shift += 8) last |= (uint64_t)(unsigned char)key.at[i] << shift;
    v[3] ^= last;
    sip_round(v);
    v[0] ^= last;
    v[2] ^= 0xff;
    for (int round = 0; round < 3; round++) sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

void map_init(struct map *m, struct arena *a)
{
    (void)pthread_once(&seed_once, draw_seed); /* cannot fail with a static control */
    *m = (struct map){.arena = a};
}

/* The slot where the key is, or the empty one where it belongs. There is always an empty one. */
static uint32_t *slot_of(const struct map *m, struct str key, uint64_t hash)
{
    for (size_t i = hash;; i++) {
        uint32_t *slot = &m->slots[i & (m->slot_count - 1)];
        if (*slot == 0) return slot;
        const struct map_entry *e = &m->entries[*slot - 1];
        if (e->hash == hash && str_eq(e->key, key)) return slot;
    }
}

void *map_find(const struct map *m, struct str key)
{
    if (m->slot_count == 0) return NULL;
    uint32_t slot = *slot_of(m, key, hash_of(key));
    return slot > 0 ? m->entries[slot - 1].value : NULL;
}

/* Twice the slots; at most half of them are ever taken. */
static void grow(struct map *m)
{
    size_t slot_count = m->slot_count > 0 ? m->slot_count * 2 : MAP_FIRST_SLOTS;
    if (slot_count > UINT32_MAX / 2) BUG("map with %zu entries is too large", m->count);
    size_t room = slot_count / 2;
    m->entries = arena_grow(m->arena, m->entries, m->room * sizeof *m->entries, room * sizeof *m->entries);
    m->room = room;
    m->slots = ARENA_ARRAY(m->arena, uint32_t, slot_count);
    m->slot_count = slot_count;
    for (size_t i = 0; i < m->count; i++) {
        *slot_of(m, m->entries[i].key, m->entries[i].hash) = (uint32_t)(i + 1);
    }
}

void *map_set(struct map *m, struct str key, void *value)
{
    if (!value) BUG("a map holds no NULL");
    if (m->count == m->room) grow(m);
    uint64_t hash = hash_of(key);
    uint32_t *slot = slot_of(m, key, hash);
    if (*slot > 0) {
        struct map_entry *e = &m->entries[*slot - 1];
        void *earlier = e->value;
        e->value = value;
        return earlier;
    }
    m->entries[m->count++] = (struct map_entry){str_dup(m->arena, key), value, hash};
    *slot = (uint32_t)m->count;
    return NULL;
}
