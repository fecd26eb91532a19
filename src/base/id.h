/*
 * Row ids: 63-bit, time-ordered: 39 bits of 4 ms since 2020-01-01T00:00Z, 14 bits of writer, 10 bits of sequence. The
 * next one is larger than every earlier one of this source even when the clock steps back. Never decoded to a place or
 * a time by anyone; id_least goes the other way. In JSON an id is a string of decimal digits.
 */
#ifndef BASE_ID_H
#define BASE_ID_H

#include "base/str.h"

struct id_source {
    int64_t last;    /* the high-water mark; persisted by the store with each batch */
    uint32_t writer; /* 0..16383, leased per process */
};

void id_source_init(struct id_source *s, uint32_t writer, int64_t high_water);
int64_t id_next(struct id_source *s); /* one caller at a time (the store's writer) */
/* No id given from that moment (UTC microseconds) on is less: where a walk in the order of ids may begin. */
int64_t id_least(int64_t at_us);
struct str id_format(struct arena *a, int64_t id);
bool id_parse(struct str text, int64_t *out); /* positive, decimal, no leading zero */

/* "12,15": of several, for one query. */
struct str ids_format(struct arena *a, const int64_t *ids, size_t count);

#endif
