#include "dossier/count_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/fail.h"
#include "base/hash.h"
#include "base/wait.h"

/* A key has one place; two keys of one place turn each other out. COUNTING: how long one visitor may count while the
 * others get what was known before. */
enum { PLACES = 1024, TIMES_ITS_COST = 50 };
#define KEPT_MOST_US US_PER_S
#define COUNTING_MOST_US (2 * US_PER_S)

struct known {
    struct sha256 key;
    char *bytes;
    size_t len;
    int64_t until_us, counted_until_us; /* monotonic; counted_until_us: somebody counts anew until then; 0: nobody */
};

struct count_cache {
    pthread_mutex_t lock;
    pthread_cond_t counted; /* what was counted for the first time is there, or will not be */
    bool is_kept;
    struct known places[PLACES];
};

struct count_cache *count_cache_new(void)
{
    struct count_cache *c = calloc(1, sizeof *c);
    if (c == NULL) BUG("out of memory");
    pthread_cond_init(&c->counted, NULL);
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

void count_cache_free(struct count_cache *c)
{
    if (c == NULL) return;
    for (size_t i = 0; i < PLACES; i++) free(c->places[i].bytes);
    pthread_cond_destroy(&c->counted);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

void count_cache_keep(struct count_cache *c)
{
    pthread_mutex_lock(&c->lock);
    c->is_kept = true;
    pthread_mutex_unlock(&c->lock);
}

static struct known *place_of(struct count_cache *c, const struct sha256 *key)
{
    return &c->places[((size_t)key->at[0] << 8 | key->at[1]) % PLACES];
}

static bool is_key(const struct known *k, const struct sha256 *key)
{
    return memcmp(&k->key, key, sizeof *key) == 0;
}

/* While somebody counts it for the first time there is nothing older to show, and counting it beside them would only
 * slow both. */
static void wait_for_first(struct count_cache *c, const struct known *k, const struct sha256 *key)
{
    while (is_key(k, key) && k->bytes == NULL && clock_monotonic_us() < k->counted_until_us) {
        (void)wait_until(&c->counted, &c->lock, k->counted_until_us); /* late or woken: looked at again above */
    }
}

bool count_cache_get(struct count_cache *c, struct arena *a, struct str key, struct str *out)
{
    if (c == NULL) return false;
    struct sha256 hash = sha256_of(key);
    pthread_mutex_lock(&c->lock);
    struct known *k = place_of(c, &hash);
    wait_for_first(c, k, &hash);
    int64_t now = clock_monotonic_us();
    bool is_fresh = now < k->until_us || now < k->counted_until_us || c->is_kept;
    bool is_known = is_key(k, &hash) && k->bytes != NULL && is_fresh;
    if (is_known) {
        *out = str_dup(a, str_of(k->bytes, k->len));
    } else {
        if (!is_key(k, &hash) && (now >= k->until_us || c->is_kept)) {
            free(k->bytes);
            *k = (struct known){.key = hash};
        }
        if (is_key(k, &hash)) k->counted_until_us = now + COUNTING_MOST_US;
    }
    pthread_mutex_unlock(&c->lock);
    return is_known;
}

static void put(struct count_cache *c, struct str key, struct str bytes, int64_t cost_us, int64_t most_us)
{
    if (c == NULL) return;
    struct sha256 hash = sha256_of(key);
    int64_t keep_us = cost_us * TIMES_ITS_COST;
    char *copy = malloc(bytes.len + 1);
    if (copy == NULL) BUG("out of memory");
    if (bytes.len > 0) memcpy(copy, bytes.at, bytes.len);
    pthread_mutex_lock(&c->lock);
    struct known *k = place_of(c, &hash);
    free(k->bytes);
    *k = (struct known){.key = hash,
                        .bytes = copy,
                        .len = bytes.len,
                        .until_us = clock_monotonic_us() + (keep_us < most_us ? keep_us : most_us)};
    pthread_cond_broadcast(&c->counted);
    pthread_mutex_unlock(&c->lock);
}

void count_cache_put(struct count_cache *c, struct str key, struct str bytes, int64_t cost_us)
{
    put(c, key, bytes, cost_us, KEPT_MOST_US);
}

void count_cache_give_up(struct count_cache *c, struct str key)
{
    if (c == NULL) return;
    struct sha256 hash = sha256_of(key);
    pthread_mutex_lock(&c->lock);
    struct known *k = place_of(c, &hash);
    if (is_key(k, &hash)) k->counted_until_us = 0;
    pthread_cond_broadcast(&c->counted);
    pthread_mutex_unlock(&c->lock);
}

/* ---- rows as bytes: how many, how wide, then each cell with its text behind it ---- */

struct kept_cell {
    int64_t number;
    uint64_t bytes;
    enum value_kind kind;
};

enum { ROWS_BYTES = 1024 * 1024 };

static void add_bytes(struct buf *out, const void *at, size_t bytes)
{
    buf_add(out, str_of(at, bytes));
}

static void write_rows(struct buf *out, const struct rows *rows)
{
    uint64_t head[2] = {rows->count, rows->count > 0 ? rows->at[0].count : 0};
    add_bytes(out, head, sizeof head);
    for (size_t i = 0; i < rows->count; i++) {
        for (size_t n = 0; n < head[1]; n++) {
            const struct value *v = &rows->at[i].cells[n];
            struct kept_cell cell = {v->number, v->text.len, v->kind};
            add_bytes(out, &cell, sizeof cell);
            buf_add(out, v->text);
        }
    }
}

static struct str take_bytes(struct str *from, size_t bytes)
{
    struct str taken = str_part(*from, 0, bytes);
    *from = str_part(*from, bytes, from->len);
    return taken;
}

static struct rows read_rows(struct arena *a, struct str kept)
{
    uint64_t head[2];
    memcpy(head, take_bytes(&kept, sizeof head).at, sizeof head);
    struct row *rows = ARENA_ARRAY(a, struct row, head[0] + 1);
    for (size_t i = 0; i < head[0]; i++) {
        struct value *cells = ARENA_ARRAY(a, struct value, head[1] + 1);
        for (size_t n = 0; n < head[1]; n++) {
            struct kept_cell cell;
            memcpy(&cell, take_bytes(&kept, sizeof cell).at, sizeof cell);
            cells[n] = (struct value){.kind = cell.kind, .number = cell.number, .text = take_bytes(&kept, cell.bytes)};
        }
        rows[i] = (struct row){cells, head[1]};
    }
    return (struct rows){rows, head[0]};
}

enum outcome count_cache_rows(struct count_cache *c, struct tx *tx, const struct counted_query *q, struct rows *out,
                              struct fail *why)
{
    AUTO_BUF struct buf bytes;
    struct str kept;
    buf_init(&bytes, ROWS_BYTES);
    if (count_cache_get(c, tx_arena(tx), q->key, &kept)) {
        *out = read_rows(tx_arena(tx), kept);
        return OK;
    }
    int64_t begun_us = clock_monotonic_us();
    enum outcome counted = store_all(tx, q->query, q->values, q->value_count, out, why);
    if (counted == OK) write_rows(&bytes, out);
    if (counted == OK && !bytes.is_full)
        put(c, q->key, buf_str(&bytes), clock_monotonic_us() - begun_us, q->most_us);
    else
        count_cache_give_up(c, q->key);
    return counted;
}
