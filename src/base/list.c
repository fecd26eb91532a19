#include "base/list.h"

#include "base/fail.h"

enum { LIST_FIRST_ROOM = 8 };

void list_grow(struct arena *a, void **at, size_t *room, size_t item_bytes)
{
    size_t wanted = *room > 0 ? *room * 2 : LIST_FIRST_ROOM, bytes;
    if (__builtin_mul_overflow(wanted, item_bytes, &bytes)) BUG("list of %zu items is too large", wanted);
    /* `at` is really a T **: its pointer is moved as bytes, so that no aliasing rule is bent. */
    void *items;
    memcpy(&items, at, sizeof items);
    items = arena_grow(a, items, *room * item_bytes, bytes);
    memcpy(at, &items, sizeof items);
    *room = wanted;
}
