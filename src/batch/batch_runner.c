#include "batch/batch_runner.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "agency/role.h"
#include "base/auto.h"
#include "base/log.h"
#include "base/wait.h"
#include "batch/batch_act.h"
#include "batch/batch_store.h"

/* PORTION: items in one turn, so many that a commit is well used; fewer while visitors wait for the same commit, so
 * that they hardly notice (p99 of four who submit all the time: 17 ms, and 23 ms while 9,000 dossiers are received in 5
 * s). LISTED: items that are added in one command. */
enum { OPEN_MOST = 64, PORTION = 16, PORTION_BUSY = 4, LISTED = 500, ARENA_CEILING = 256 * 1024 * 1024 };

#define LOOK_AGAIN_US (US_PER_S / 5) /* not after every commit of a busy office */
#define LOOK_ANYWAY_US (30 * US_PER_S)
#define DELAY_MOST_US (60 * US_PER_S)

/* What a kind has found for one batch and is not written yet. */
struct listing {
    int64_t batch; /* 0: none */
    int64_t *subjects;
    size_t count, room, at;
};

struct batches {
    const struct desk *desk;
    const struct batch_kind *const *kinds;
    size_t kind_count;
    struct listing listing;
    bool is_serving;
    pthread_t thread;
    pthread_mutex_t lock; /* all below */
    pthread_cond_t wake;
    bool is_woken, is_stopping;
};

const struct batch_kind *batches_kind(const struct batches *b, struct str name)
{
    for (size_t i = 0; i < b->kind_count; i++)
        if (str_eq(name, str_from(b->kinds[i]->name))) return b->kinds[i];
    return NULL;
}

/* ---- items that a kind finds ---- */

static void listing_free(struct listing *l)
{
    free(l->subjects);
    *l = (struct listing){0};
}

static void add_found(void *found, int64_t subject)
{
    struct listing *l = found;
    if (l->count == l->room) {
        l->room = l->room > 0 ? l->room * 2 : LISTED;
        l->subjects = realloc(l->subjects, l->room * sizeof *l->subjects);
        if (l->subjects == NULL) BUG("out of memory for %zu items", l->room);
    }
    l->subjects[l->count++] = subject;
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Sorted, each once, and only what comes after what was written before a restart. */
static void put_in_order(struct listing *l, int64_t after)
{
    size_t kept = 0;
    if (l->count > 0) qsort(l->subjects, l->count, sizeof *l->subjects, compare_ids);
    for (size_t i = 0; i < l->count; i++)
        if (l->subjects[i] > (kept > 0 ? l->subjects[kept - 1] : after)) l->subjects[kept++] = l->subjects[i];
    l->count = kept;
}

/* ---- one batch's turn ---- */

struct turn {
    struct batches *b;
    struct arena arena;
    struct batch batch;
    const struct batch_kind *kind;
    struct batch_item *items;
    size_t item_count;
    struct item_run runs[PORTION];
    struct store_call calls[PORTION];
    size_t call_count;
    struct fail whys[PORTION];
    struct item_refusal refusals[PORTION];
    size_t refusal_count;
};

static enum outcome begin_run(struct turn *t, struct tx *tx, struct batch_run *out, struct fail *why)
{
    const struct batch *b = &t->batch;
    uint64_t permissions = b->actor.account != 0 ? role_permissions(b->actor.role) : 0;
    *out = (struct batch_run){
        .desk = t->b->desk,
        .tx = tx,
        .arena = &t->arena,
        .batch = b,
        .who = {b->actor.account, b->actor.agency, b->actor.role, permissions, clock_now(), VIETNAMESE}
    };
    return json_read(&t->arena, b->parameters, &out->parameters, why);
}

static void refuse(struct turn *t, int64_t n, const struct fail *why)
{
    t->refusals[t->refusal_count++] = (struct item_refusal){n, batch_keep_reason(&t->arena, why)};
}

static enum outcome prepare_item(struct turn *t, const struct batch_run *run, size_t i, struct fail *why)
{
    const struct batch_item *item = &t->items[i];
    struct fail *its_why = &t->whys[i];
    struct item_run *its_run = &t->runs[i];
    fail_init(its_why, &t->arena);
    *its_run = (struct item_run){.batch = t->batch.id, .n = item->n, .actor = t->batch.actor};
    enum outcome r = t->kind != NULL
                         ? t->kind->prepare(run, item, &its_run->call, its_why)
                         : fail(its_why, ERR_MISSING, N_("This program cannot do “{0}” any more."), t->batch.kind);
    if (r == ERR_DOWN) return fail_with(why, r, its_why->sentence, its_why->args);
    if (r == OK)
        t->calls[t->call_count++] = (struct store_call){.command = item_run, .in = its_run, .why = its_why};
    else
        refuse(t, item->n, its_why);
    return OK;
}

/* Visitors who wait for a commit right now are let in before a large portion. */
static size_t portion_now(const struct turn *t)
{
    return store_stats(t->b->desk->store).queue_length > 0 ? PORTION_BUSY : PORTION;
}

static enum outcome load_portion(struct turn *t, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct batch_run run;
    struct item_query query = {.batch = t->batch.id, .state = ITEM_WAITING, .most = portion_now(t)};
    TRY(store_read_begin(t->b->desk->store, &t->arena, &tx, why));
    TRY(batch_items(tx, &query, &t->items, &t->item_count, why));
    TRY(begin_run(t, tx, &run, why));
    for (size_t i = 0; i < t->item_count; i++) TRY(prepare_item(t, &run, i, why));
    return OK;
}

static enum outcome run_portion(struct turn *t, struct fail *why)
{
    enum outcome down = OK;
    store_run_all(t->b->desk->store, t->calls, t->call_count);
    for (size_t i = 0; i < t->call_count; i++) {
        const struct store_call *c = &t->calls[i];
        if (c->outcome == ERR_DOWN)
            down = fail_with(why, ERR_DOWN, c->why->sentence, c->why->args);
        else if (c->outcome != OK)
            refuse(t, ((const struct item_run *)c->in)->n, c->why);
    }
    if (t->refusal_count == 0) return down;
    struct items_refuse refused = {t->batch.id, t->refusals, t->refusal_count};
    TRY(store_run(t->b->desk->store, items_refuse, &refused, NULL, why));
    return down;
}

/* Asks the kind what there is; a kind that is not there any more finds nothing. */
static enum outcome find_items(struct turn *t, int64_t after, struct fail *why)
{
    struct listing *l = &t->b->listing;
    AUTO_READ struct tx *tx = NULL;
    struct batch_run run;
    TRY(store_read_begin(t->b->desk->store, &t->arena, &tx, why));
    TRY(begin_run(t, tx, &run, why));
    listing_free(l);
    if (t->kind != NULL && t->kind->list != NULL) TRY(t->kind->list(&run, add_found, l, why));
    put_in_order(l, after);
    l->batch = t->batch.id;
    return OK;
}

static enum outcome add_portion(struct turn *t, struct fail *why)
{
    struct listing *l = &t->b->listing;
    if (l->batch != t->batch.id) TRY(find_items(t, t->batch.listed_to, why));
    size_t left = l->count - l->at, count = left < LISTED ? left : LISTED;
    struct items_add add = {.batch = t->batch.id,
                            .subjects = l->subjects != NULL ? l->subjects + l->at : NULL,
                            .count = count,
                            .from = t->batch.listed_to,
                            .is_last = count == left};
    TRY(store_run(t->b->desk->store, items_add, &add, NULL, why));
    l->at += count;
    if (add.is_last) listing_free(l);
    return OK;
}

/* False in out_did: there is nothing more to do for it now. */
static enum outcome take_turn(struct turn *t, bool *out_did, struct fail *why)
{
    *out_did = true;
    if (!t->batch.is_listed) return add_portion(t, why);
    TRY(load_portion(t, why));
    if (t->item_count > 0) return run_portion(t, why);
    *out_did = false;
    return store_run(t->b->desk->store, batch_finish, &t->batch.id, NULL, why);
}

/* ---- rounds ---- */

static bool is_among(const struct batch *open, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (open[i].id == id) return true;
    return false;
}

static enum outcome load_open(struct batches *b, struct arena *a, struct batch **out, size_t *out_count,
                              struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(b->desk->store, a, &tx, why));
    return batches_open(tx, OPEN_MOST, out, out_count, why);
}

/* Only one list is in the making at a time; whose it is has its turn in this round. */
static bool must_wait(const struct batches *b, const struct batch *batch)
{
    return !batch->is_listed && b->listing.batch != 0 && b->listing.batch != batch->id;
}

static bool is_stopping(struct batches *b)
{
    pthread_mutex_lock(&b->lock);
    bool is = b->is_stopping;
    pthread_mutex_unlock(&b->lock);
    return is;
}

/* Each open batch has one turn. */
static enum outcome take_round(struct batches *b, bool *out_did, struct fail *why)
{
    AUTO_ARENA struct arena a;
    struct batch *open;
    size_t count;
    *out_did = false;
    arena_init(&a, ARENA_CEILING);
    TRY(load_open(b, &a, &open, &count, why));
    if (!is_among(open, count, b->listing.batch)) listing_free(&b->listing);
    for (size_t i = 0; i < count && !is_stopping(b); i++) {
        bool did = false;
        struct turn t = {.b = b, .batch = open[i], .kind = batches_kind(b, open[i].kind)};
        if (must_wait(b, &open[i])) continue;
        arena_init(&t.arena, ARENA_CEILING);
        enum outcome r = take_turn(&t, &did, why);
        arena_end(&t.arena);
        *out_did |= did;
        if (r != OK) return r;
    }
    return OK;
}

enum outcome batches_catch_up(struct batches *b, struct fail *why)
{
    bool did = true;
    while (did) TRY(take_round(b, &did, why));
    return OK;
}

/* ---- the thread ---- */

/* How long until the next try; 0: nothing went wrong. */
static int64_t work(struct batches *b, int64_t delay_us)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    bool did = true;
    arena_init(&a, ARENA_CEILING);
    fail_init(&why, &a);
    enum outcome r = OK;
    while (r == OK && did && !is_stopping(b) && store_leadership(b->desk->store) != 0) r = take_round(b, &did, &why);
    if (r == OK) return 0;
    struct str text = fail_text(&a, &why);
    log_write(LOG_ERROR, "batch", "outcome=%s message=\"%.*s\"", outcome_type(r), STR_ARG(text));
    delay_us = delay_us == 0 ? US_PER_S : delay_us * 2;
    return delay_us < DELAY_MOST_US ? delay_us : DELAY_MOST_US;
}

/* Until woken (when may_wake), stopped, or the time is over. */
static void rest(struct batches *b, int64_t most_us, bool may_wake)
{
    int64_t moment_us = clock_monotonic_us() + most_us;
    pthread_mutex_lock(&b->lock);
    while (!b->is_stopping && !(may_wake && b->is_woken) && wait_until(&b->wake, &b->lock, moment_us)) continue;
    if (may_wake) b->is_woken = false;
    pthread_mutex_unlock(&b->lock);
}

static void *batches_main(void *context)
{
    struct batches *b = context;
    int64_t delay_us = 0;
    while (!is_stopping(b)) {
        int64_t looked_us = clock_monotonic_us();
        delay_us = work(b, delay_us);
        if (delay_us > 0)
            rest(b, delay_us, false);
        else
            rest(b, LOOK_ANYWAY_US, true);
        int64_t since_us = clock_monotonic_us() - looked_us;
        if (since_us < LOOK_AGAIN_US) rest(b, LOOK_AGAIN_US - since_us, false);
    }
    return NULL;
}

static void note_commit(void *context)
{
    struct batches *b = context;
    pthread_mutex_lock(&b->lock);
    bool was_woken = b->is_woken;
    b->is_woken = true;
    if (!was_woken) pthread_cond_signal(&b->wake);
    pthread_mutex_unlock(&b->lock);
}

/* ---- life ---- */

struct batches *batches_new(const struct desk *desk, const struct batch_kind *const *kinds, size_t count)
{
    struct batches *b = calloc(1, sizeof *b);
    if (b == NULL) BUG("out of memory");
    *b = (struct batches){.desk = desk, .kinds = kinds, .kind_count = count};
    pthread_mutex_init(&b->lock, NULL);
    pthread_cond_init(&b->wake, NULL);
    return b;
}

void batches_serve(struct batches *b)
{
    store_on_commit(b->desk->store, note_commit, b);
    if (pthread_create(&b->thread, NULL, batches_main, b) != 0) BUG("the thread of the batches could not be started");
    b->is_serving = true;
}

static void stop(struct batches *b)
{
    if (!b->is_serving) return;
    store_off_commit(b->desk->store, note_commit, b);
    pthread_mutex_lock(&b->lock);
    b->is_stopping = true;
    pthread_cond_signal(&b->wake);
    pthread_mutex_unlock(&b->lock);
    pthread_join(b->thread, NULL);
}

void batches_free(struct batches *b)
{
    if (b == NULL) return;
    stop(b);
    listing_free(&b->listing);
    pthread_mutex_destroy(&b->lock);
    pthread_cond_destroy(&b->wake);
    free(b);
}
