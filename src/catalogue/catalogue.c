/*
 * What the room keeps in memory. Versions never change, so a parsed one is kept for the life of the program; when the
 * memory for them is full, a version is parsed into the reader's own arena instead. The index is a picture with a count
 * of its readers: whoever finds it old loads another and puts it in its place.
 */
#include "catalogue/catalogue.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/map.h"
#include "catalogue/catalogue_store.h"

/* A parsed record takes some 20 KB. */
enum { VERSIONS_BYTES_MOST = 512 * 1024 * 1024, ONE_VERSION_BYTES = 16 * 1024 * 1024 };

struct shared_index {
    struct catalogue_index *index;
    int readers; /* the catalogue itself counts as one */
};

struct catalogue {
    pthread_mutex_t lock; /* of all below */
    struct arena arena;
    struct map versions; /* the eight bytes of the id -> const struct procedure * */
    struct shared_index *index;
    const struct life_events *events; /* set once, before anybody asks */
};

struct catalogue *catalogue_new(void)
{
    struct catalogue *c = calloc(1, sizeof *c);
    if (c == NULL || pthread_mutex_init(&c->lock, NULL) != 0) BUG("no memory for the catalogue");
    arena_init(&c->arena, VERSIONS_BYTES_MOST + ONE_VERSION_BYTES);
    map_init(&c->versions, &c->arena);
    return c;
}

void catalogue_set_events(struct catalogue *c, const struct life_events *events)
{
    c->events = events;
}

/* ---- versions ---- */

static const struct procedure *find_version(struct catalogue *c, int64_t version)
{
    pthread_mutex_lock(&c->lock);
    const struct procedure *p = map_find(&c->versions, str_of((const char *)&version, sizeof version));
    pthread_mutex_unlock(&c->lock);
    return p;
}

/* Parses into the kept memory, unless another thread was quicker or there is no more room. */
static enum outcome keep_version(struct catalogue *c, int64_t version, yyjson_val *record, const struct procedure **out,
                                 struct fail *why)
{
    enum outcome o = OK;
    struct procedure *p = NULL;
    struct str key = str_of((const char *)&version, sizeof version);
    pthread_mutex_lock(&c->lock);
    p = map_find(&c->versions, key);
    if (p == NULL && c->arena.used_bytes < VERSIONS_BYTES_MOST) {
        struct arena_mark mark = arena_mark(&c->arena);
        o = procedure_read_value(&c->arena, record, &p, why);
        if (o == OK)
            (void)map_set(&c->versions, key, p); /* there was none */
        else
            arena_back(&c->arena, mark);
    }
    pthread_mutex_unlock(&c->lock);
    if (o == OK) *out = p;
    return o;
}

enum outcome catalogue_version(struct catalogue *c, struct tx *tx, int64_t version, const struct procedure **out,
                               struct fail *why)
{
    const struct procedure *p = find_version(c, version);
    if (p == NULL) {
        struct str record;
        TRY(procedure_version_load(tx, version, &record, why));
        AUTO_ARENA struct arena scratch;
        arena_init(&scratch, ONE_VERSION_BYTES);
        yyjson_val *root;
        TRY(json_read(&scratch, record, &root, why));
        TRY(keep_version(c, version, root, &p, why));
        if (p == NULL) { /* no more room */
            struct procedure *own;
            TRY(procedure_read_value(tx_arena(tx), root, &own, why));
            p = own;
        }
    }
    *out = p;
    return OK;
}

/* ---- the index ---- */

static void release(struct catalogue *c, struct shared_index *x)
{
    if (x == NULL) return;
    pthread_mutex_lock(&c->lock);
    bool is_last = --x->readers == 0;
    pthread_mutex_unlock(&c->lock);
    if (!is_last) return;
    catalogue_index_free(x->index);
    free(x);
}

/* The index as of this transaction's picture or newer; give it back by release(). */
static enum outcome borrow(struct catalogue *c, struct tx *tx, struct shared_index **out, struct fail *why)
{
    int64_t change;
    day_t day = day_of(tx_now(tx));
    TRY(catalogue_change_number(tx, &change, why));
    pthread_mutex_lock(&c->lock);
    struct shared_index *x = c->index;
    bool is_fresh = x != NULL && catalogue_index_is_fresh(x->index, change, day);
    if (is_fresh) x->readers++;
    pthread_mutex_unlock(&c->lock);
    if (!is_fresh) {
        struct catalogue_index *index;
        const struct life_event_set *events = c->events != NULL ? life_events_on(c->events, day) : NULL;
        TRY(catalogue_index_load(tx, change, day, events, &index, why));
        x = calloc(1, sizeof *x);
        if (x == NULL) BUG("no memory for the catalogue's index");
        *x = (struct shared_index){.index = index, .readers = 2};
        pthread_mutex_lock(&c->lock);
        struct shared_index *old = c->index;
        c->index = x;
        pthread_mutex_unlock(&c->lock);
        release(c, old);
    }
    *out = x;
    return OK;
}

void catalogue_free(struct catalogue *c)
{
    if (c == NULL) return;
    release(c, c->index);
    arena_end(&c->arena);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

enum outcome catalogue_search(struct catalogue *c, struct tx *tx, const struct procedure_query *q,
                              struct procedure_page *out, struct fail *why)
{
    struct shared_index *x;
    TRY(borrow(c, tx, &x, why));
    enum outcome o = catalogue_index_search(x->index, tx_arena(tx), q, out, why);
    release(c, x);
    return o;
}

enum outcome catalogue_fields(struct catalogue *c, struct tx *tx, struct procedure_field **out, size_t *out_count,
                              struct fail *why)
{
    struct shared_index *x;
    TRY(borrow(c, tx, &x, why));
    catalogue_index_fields(x->index, tx_arena(tx), out, out_count);
    release(c, x);
    return OK;
}

enum outcome catalogue_all(struct catalogue *c, struct tx *tx, struct procedure_row **out, size_t *out_count,
                           struct fail *why)
{
    struct shared_index *x;
    TRY(borrow(c, tx, &x, why));
    catalogue_index_all(x->index, tx_arena(tx), out, out_count);
    release(c, x);
    return OK;
}

enum outcome catalogue_events(struct catalogue *c, struct tx *tx, struct procedure_event **out, size_t *out_count,
                              struct fail *why)
{
    struct shared_index *x;
    TRY(borrow(c, tx, &x, why));
    catalogue_index_events(x->index, tx_arena(tx), out, out_count);
    release(c, x);
    return OK;
}
