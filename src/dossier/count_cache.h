/*
 * Numbers that were just counted, so that a hundred officers who look at the same page do not count the same rows a
 * hundred times. A number is kept as long as fifty times what counting it took, at most a second: a small office always
 * sees what is there, a large one what was there a moment ago, and counting never takes more than a fiftieth of a core
 * for each key. While one visitor counts anew the others get what was counted before. It keeps bytes, not rights: a key
 * names whose numbers they are. Thread-safe; owns copies of what it is given.
 */
#ifndef DOSSIER_COUNT_CACHE_H
#define DOSSIER_COUNT_CACHE_H

#include "base/arena.h"
#include "base/str.h"

struct count_cache;

struct count_cache *count_cache_new(void);
void count_cache_free(struct count_cache *c); /* NULL is fine */

/* What is known, copied into the arena; false: the caller counts, and says what with count_cache_put or that it could
 * not with count_cache_give_up. c may be NULL: nothing is ever known. */
bool count_cache_get(struct count_cache *c, struct arena *a, struct str key, struct str *out);
void count_cache_put(struct count_cache *c, struct str key, struct str bytes, int64_t cost_us);
void count_cache_give_up(struct count_cache *c, struct str key);

#endif
