/*
 * The table behind base/language.h: the Vietnamese text of every message, made from po/vi.po by tools/catalogue.
 */
#ifndef BASE_MESSAGES_H
#define BASE_MESSAGES_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct message_entry {
    const char *message;     /* the English sentence, as it stands in the code and in templates */
    const char *translation; /* never empty */
    uint16_t message_len, translation_len;
};

extern const struct message_entry catalogue_vi[]; /* sorted by message, as strcmp orders */
extern const size_t catalogue_vi_count;

/*
 * Where a message stands in the table: its number + 1 at the place of its hash, or at the first free place after it; 0
 * is free. The hash (FNV-1a, 32 bits) is of the length and of at most MESSAGE_SAMPLES bytes spread over the message;
 * tools/catalogue computes the same.
 */
enum { MESSAGE_SAMPLES = 16 };
extern const uint16_t catalogue_vi_places[];
extern const size_t catalogue_vi_place_count; /* a power of two */

/* The entry of a message; NULL when there is none. */
const struct message_entry *message_find(struct str message);

#endif
