/*
 * A growing array in an arena. Declare it where it is used:
 *     LIST(struct party) parties = {0};
 *     LIST_PUSH(arena, parties) = (struct party){...};
 *     for (size_t i = 0; i < parties.count; i++) use(&parties.at[i]);
 * Pushing may move the items: keep indexes, not pointers, while it grows.
 */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include <string.h>

#include "base/arena.h"

#define LIST(type)                                                                                                     \
    struct {                                                                                                           \
        type *at;                                                                                                      \
        size_t count, room;                                                                                            \
    }

/* An lvalue: the new last item, zeroed. */
#define LIST_PUSH(arena, list)                                                                                         \
    (*(((list).count < (list).room ? (void)0                                                                           \
                                   : list_grow((arena), (void **)&(list).at, &(list).room, sizeof *(list).at)),        \
       memset(&(list).at[(list).count], 0, sizeof *(list).at), &(list).at[(list).count++]))

void list_grow(struct arena *a, void **at, size_t *room, size_t item_bytes);

#endif
