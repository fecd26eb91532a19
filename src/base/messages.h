/*
 * The table behind base/language.h: the Vietnamese text of every message, made from po/vi.po by tools/catalogue.
 */
#ifndef BASE_MESSAGES_H
#define BASE_MESSAGES_H

#include <stddef.h>

struct message_entry {
    const char *message;     /* the English sentence, as it stands in the code and in templates */
    const char *translation; /* never empty */
};

extern const struct message_entry catalogue_vi[]; /* sorted by message, as strcmp orders */
extern const size_t catalogue_vi_count;

#endif
