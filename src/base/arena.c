#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"

/* In sanitizer builds what is not handed out is poisoned, so that a use after arena_clear is seen like a use after
 * free. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONS 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define ARENA_POISONS 1
#endif
#ifdef ARENA_POISONS
#include <sanitizer/asan_interface.h>
#define POISON(at, bytes) ASAN_POISON_MEMORY_REGION((at), (bytes))
#define UNPOISON(at, bytes) ASAN_UNPOISON_MEMORY_REGION((at), (bytes))
#else
#define POISON(at, bytes) ((void)(at), (void)(bytes))
#define UNPOISON(at, bytes) ((void)(at), (void)(bytes))
#endif

enum { ALIGN = _Alignof(max_align_t), BLOCK_LEAST = 16 * 1024, BLOCK_MOST = 256 * 1024 };

struct arena_block {
    struct arena_block *older;
    size_t room, used;
    _Alignas(ALIGN) char at[];
};

static size_t rounded(size_t bytes)
{
    return bytes == 0 ? ALIGN : (bytes + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

void arena_init(struct arena *a, size_t ceiling_bytes)
{
    *a = (struct arena){.ceiling_bytes = ceiling_bytes};
}

static void drop_newest(struct arena *a)
{
    struct arena_block *b = a->blocks;
    a->blocks = b->older;
    UNPOISON(b->at, b->room);
    free(b);
}

void arena_clear(struct arena *a)
{
    while (a->blocks && (a->blocks->older || a->blocks->room > BLOCK_LEAST)) drop_newest(a);
    if (a->blocks) {
        a->blocks->used = 0;
        POISON(a->blocks->at, a->blocks->room);
    }
    a->used_bytes = 0;
}

void arena_end(struct arena *a)
{
    while (a->blocks) drop_newest(a);
    a->used_bytes = 0;
}

/* Blocks double, so that a large answer costs few of them and a small one little memory. */
static void add_block(struct arena *a, size_t least)
{
    size_t room = a->blocks ? a->blocks->room * 2 : BLOCK_LEAST;
    if (room > BLOCK_MOST) room = BLOCK_MOST;
    if (room < least) room = least;
    struct arena_block *b = malloc(sizeof *b + room);
    if (!b) BUG("out of memory: %zu bytes", room);
    b->older = a->blocks;
    b->room = room;
    b->used = 0;
    POISON(b->at, b->room);
    a->blocks = b;
}

static void count(struct arena *a, size_t bytes)
{
    if (bytes > a->ceiling_bytes - a->used_bytes) {
        BUG("arena over its ceiling: %zu of %zu bytes used, %zu more asked", a->used_bytes, a->ceiling_bytes, bytes);
    }
    a->used_bytes += bytes;
}

/* Memory as it comes, not zeroed. */
static void *take(struct arena *a, size_t bytes)
{
    if (bytes > a->ceiling_bytes) BUG("arena over its ceiling: %zu bytes asked of %zu", bytes, a->ceiling_bytes);
    size_t whole = rounded(bytes);
    count(a, whole);
    if (!a->blocks || a->blocks->room - a->blocks->used < whole) add_block(a, whole);
    char *at = a->blocks->at + a->blocks->used;
    a->blocks->used += whole;
    UNPOISON(at, bytes);
    return at;
}

void *arena_alloc(struct arena *a, size_t bytes)
{
    return memset(take(a, bytes), 0, bytes);
}

void *arena_alloc_array(struct arena *a, size_t item_bytes, size_t item_count)
{
    size_t bytes;
    if (__builtin_mul_overflow(item_bytes, item_count, &bytes)) BUG("array of %zu items is too large", item_count);
    return arena_alloc(a, bytes);
}

void *arena_dup(struct arena *a, const void *from, size_t bytes)
{
    void *at = take(a, bytes);
    if (bytes > 0) memcpy(at, from, bytes);
    return at;
}

/* Whether a piece is the newest one and its block has room for it to become `whole` bytes. */
static bool can_stretch(const struct arena *a, const char *old, size_t old_whole, size_t whole)
{
    const struct arena_block *b = a->blocks;
    if (!b || old < b->at || old + old_whole != b->at + b->used) return false;
    return whole <= b->room - (size_t)(old - b->at);
}

void *arena_grow(struct arena *a, void *old, size_t old_bytes, size_t new_bytes)
{
    if (!old) return arena_alloc(a, new_bytes);
    if (new_bytes <= old_bytes) return old;
    if (new_bytes > a->ceiling_bytes)
        BUG("arena over its ceiling: %zu bytes asked of %zu", new_bytes, a->ceiling_bytes);
    size_t old_whole = rounded(old_bytes), whole = rounded(new_bytes);
    char *at = old;
    if (can_stretch(a, old, old_whole, whole)) {
        count(a, whole - old_whole);
        a->blocks->used += whole - old_whole;
        UNPOISON(at, new_bytes);
    } else {
        at = take(a, new_bytes);
        memcpy(at, old, old_bytes);
        POISON(old, old_whole);
    }
    memset(at + old_bytes, 0, new_bytes - old_bytes);
    return at;
}

struct arena_mark arena_mark(const struct arena *a)
{
    return (struct arena_mark){a->blocks, a->blocks ? a->blocks->used : 0, a->used_bytes};
}

void arena_back(struct arena *a, struct arena_mark mark)
{
    while (a->blocks && a->blocks != mark.block) drop_newest(a);
    if (a->blocks) {
        a->blocks->used = mark.block_used_bytes;
        POISON(a->blocks->at + a->blocks->used, a->blocks->room - a->blocks->used);
    }
    a->used_bytes = mark.used_bytes;
}
