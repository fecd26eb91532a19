/*
 * A hash map from text to a pointer, in an arena. Keys are copied. Iterates in order of insertion.
 * Seeded per process (SipHash), so that outsiders cannot choose colliding keys.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/str.h"

struct map_entry {
    struct str key;
    void *value;
    uint64_t hash;
};

struct map {
    struct arena *arena;
    struct map_entry *entries; /* in order of insertion */
    size_t count, room;
    uint32_t *slots; /* index + 1 into entries; 0 is empty */
    size_t slot_count;
};

void map_init(struct map *m, struct arena *a);
void *map_find(const struct map *m, struct str key); /* NULL when absent */
/* Returns the earlier value of the key (replaced), or NULL. `value` is never NULL. */
void *map_set(struct map *m, struct str key, void *value);

#endif
