/*
 * Several ordered lists read as one. Each list (a queue of the worklist, one status of an agency) is a head that
 * fetches its rows in small portions, only when the ones it has are used up, so that a page of 25 costs about 25 rows
 * however many lists there are and however long they are. Rows live in tx_arena(tx).
 */
#ifndef DOSSIER_LIST_MERGE_H
#define DOSSIER_LIST_MERGE_H

#include "store/store.h"

/* Where a row stands in the order of its list; smaller comes first. A list that runs downwards negates. */
struct place {
    int64_t major, minor;
};
#define PLACE_START ((struct place){INT64_MIN, INT64_MIN})
int place_cmp(struct place a, struct place b);

/* At most `most` rows of the list `key` behind `after`, in order. */
typedef enum outcome merge_fetch_fn(struct tx *tx, const void *context, int64_t key, struct place after, size_t most,
                                    struct rows *out, struct fail *why);
typedef struct place merge_place_fn(const struct row *r);
/* What fetch is going to ask (store_ahead). */
typedef void merge_ahead_fn(struct tx *tx, const void *context, int64_t key, struct place after, size_t most);

/* The beginnings of many lists in one query, list behind list; the last column says which of the keys, from 0. */
struct merge_wish {
    const int64_t *keys;
    size_t count;
    struct place after;
    size_t most; /* of each */
};
typedef enum outcome merge_heads_fn(struct tx *tx, const void *context, const struct merge_wish *wish, struct rows *out,
                                    struct fail *why);

/* So many lists are asked at once: where every query is a trip to a server, and then for more of each whenever one of
 * them has no rows left; and where it is none, at the beginning only. */
enum { MERGE_MANY = 3, MERGE_MANY_NEAR = 16 };

struct merge_kind {
    merge_fetch_fn *fetch;
    merge_place_fn *place_of;
    merge_ahead_fn *ahead;       /* NULL: each list is asked by itself */
    merge_heads_fn *fetch_heads; /* NULL: of many lists too */
};

struct merge_head {
    int64_t key;
    struct rows rows;
    size_t at, portion;
    struct place last; /* of the last row fetched */
    bool is_over;      /* there is nothing behind `rows` */
};

struct merge {
    struct tx *tx;
    const struct merge_kind *kind;
    const void *context; /* for fetch */
    struct merge_head *heads;
    size_t head_count;
    bool is_at_once;      /* its rows come by fetch_heads, from `reached` on */
    struct place reached; /* of the last row given */
    size_t portion;       /* of the next fetch_heads */
    int64_t rows_read;    /* fetched so far, for tests */
};

void merge_init(struct merge *m, struct tx *tx, const struct merge_kind *kind, const void *context);
/* page: how many rows the caller is likely to want; it sets the size of the first portions. */
void merge_begin(struct merge *m, const int64_t *keys, size_t count, struct place after, size_t page);
/* The next row of all lists and its place; *out NULL at the end. */
enum outcome merge_next(struct merge *m, const struct row **out, struct place *out_place, struct fail *why) MUST_USE;

#endif
