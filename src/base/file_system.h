/*
 * What a folder lies on, by the number that statfs(2) gives: for who measures and who looks after a machine. Of a kind
 * that is not in the table nothing is said but its number.
 */
#ifndef BASE_FILE_SYSTEM_H
#define BASE_FILE_SYSTEM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct file_system {
    struct str name; /* as mount(8) names it; its number, "0x1234", when the table has none; empty: nobody knows */
    bool is_network, is_memory;
};

/* Names live in the arena or for ever. */
struct file_system file_system_of(struct arena *a, struct str folder);

struct file_system_room {
    uint64_t free, all; /* bytes; free: for this process */
};
int file_system_percent(const struct file_system_room *room);           /* free of all, rounded down */
bool file_system_room(struct str folder, struct file_system_room *out); /* false: it cannot be read */

#endif
