/*
 * Memory with one moment of death. An arena hands out zeroed memory and takes it all back at once: the request's
 * arena when the answer is sent, the row's when the next row is read. There is no free of a single piece.
 * An arena has a ceiling in bytes; asking for more ends the process, which is honest because every
 * input is bounded before it is read (http/http_limits.h). Not thread-safe: one owner at a time.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
    size_t used_bytes;          /* handed out since the last clear */
    size_t ceiling_bytes;
};

/* A point to go back to: what was allocated after it is released. */
struct arena_mark {
    struct arena_block *block;
    size_t block_used_bytes, used_bytes;
};

void arena_init(struct arena *a, size_t ceiling_bytes);
void arena_clear(struct arena *a); /* keeps one small block for the next use */
void arena_end(struct arena *a);   /* gives everything back to the system; the arena may be initialised again */

void *arena_alloc(struct arena *a, size_t bytes); /* zeroed, aligned for any type, never NULL; 0 bytes is fine */
void *arena_dup(struct arena *a, const void *from, size_t bytes);
void *arena_grow(struct arena *a, void *old, size_t old_bytes,
                 size_t new_bytes); /* in place when it is the newest piece */

struct arena_mark arena_mark(const struct arena *a);
void arena_back(struct arena *a, struct arena_mark mark);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, count) ((type *)arena_alloc_array((a), sizeof(type), (count)))
void *arena_alloc_array(struct arena *a, size_t item_bytes,
                        size_t count); /* overflow of the product ends the process */

#endif
