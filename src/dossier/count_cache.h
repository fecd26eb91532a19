/*
 * Numbers that were just counted, so that a hundred officers who look at the same page do not count the same rows a
 * hundred times. A number is kept as long as fifty times what counting it took, at most a second unless somebody says
 * otherwise: a small office always sees what is there, a large one what was there a moment ago, and counting never
 * takes more than a fiftieth of a core for each key. While one visitor counts anew the others get what was counted
 * before; the first time they wait for it. It keeps bytes, not rights: a key names whose numbers they are. Thread-safe;
 * owns copies of what it is given.
 */
#ifndef DOSSIER_COUNT_CACHE_H
#define DOSSIER_COUNT_CACHE_H

#include "store/store.h"

struct count_cache;

struct count_cache *count_cache_new(void);
void count_cache_free(struct count_cache *c); /* NULL is fine */
/* From now on a number that is known stays as it is: for measurements that are not to depend on how fast a machine is.
 */
void count_cache_keep(struct count_cache *c);

/* What is known, copied into the arena; false: the caller counts, and says what with count_cache_put or that it could
 * not with count_cache_give_up. c may be NULL: nothing is ever known. */
bool count_cache_get(struct count_cache *c, struct arena *a, struct str key, struct str *out);
void count_cache_put(struct count_cache *c, struct str key, struct str bytes, int64_t cost_us);
void count_cache_give_up(struct count_cache *c, struct str key);

/* The rows of one counting query, from the cache or counted now; in tx_arena. */
struct counted_query {
    struct str key;
    unsigned query;
    const struct value *values;
    size_t value_count;
    int64_t most_us; /* how long they may be kept; a second for what people work by, longer for reports */
};
enum outcome count_cache_rows(struct count_cache *c, struct tx *tx, const struct counted_query *q, struct rows *out,
                              struct fail *why) MUST_USE;

#endif
