#include "store/store_postgres.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "store/store_copy.h"

enum { BACKUP_ARENA_BYTES = 16 * 1024 * 1024 };

/* ---- pools ---- */

static void pool_init(struct pg_pool *p, struct postgres *s, size_t count, bool is_writer)
{
    p->links = calloc(count, sizeof *p->links);
    if (!p->links) BUG("out of memory for %zu connections", count);
    p->count = count;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->has_free, NULL);
    for (size_t i = count; i-- > 0;) {
        pg_link_init(&p->links[i], s, is_writer);
        p->links[i].next_free = p->first_free;
        p->first_free = &p->links[i];
    }
}

static void pool_end(struct pg_pool *p)
{
    if (!p->links) return;
    for (size_t i = 0; i < p->count; i++) pg_link_end(&p->links[i]);
    free(p->links);
    pthread_mutex_destroy(&p->lock);
    pthread_cond_destroy(&p->has_free);
}

static struct pg_link *take_free(struct pg_pool *p, bool waits)
{
    pthread_mutex_lock(&p->lock);
    p->waiting++;
    while (waits && !p->first_free) pthread_cond_wait(&p->has_free, &p->lock);
    p->waiting--;
    struct pg_link *c = p->first_free;
    if (c) p->first_free = c->next_free;
    pthread_mutex_unlock(&p->lock);
    return c;
}

/* Who waits takes no place in the run gate (see store_sqlite.c). */
struct pg_link *pg_pool_take(struct postgres *s, struct pg_pool *p)
{
    const struct store_options *o = &s->store.options;
    struct pg_link *c = take_free(p, false);
    if (c) return c;
    if (o->before_wait) o->before_wait(o->wait_context);
    c = take_free(p, true);
    if (o->after_wait) o->after_wait(o->wait_context);
    return c;
}

void pg_pool_give(struct pg_pool *p, struct pg_link *c)
{
    pthread_mutex_lock(&p->lock);
    c->next_free = p->first_free;
    p->first_free = c;
    pthread_cond_signal(&p->has_free);
    pthread_mutex_unlock(&p->lock);
}

/* ---- readers ---- */

static void set_reader_here(struct postgres *s, struct pg_link *c)
{
    if (pthread_setspecific(s->reader_here, c) != 0) BUG("no memory for a reader's place");
}

static struct tx *reading(struct pg_link *c, struct arena *a)
{
    for (size_t i = 0; i < PG_READS_MOST; i++) {
        if (c->reads[i].arena) continue;
        c->reads[i] = c->tx;
        c->reads[i].arena = a;
        return &c->reads[i];
    }
    BUG("a thread reads %d times at once", PG_READS_MOST + 1);
}

static bool is_read(const struct pg_link *c)
{
    for (size_t i = 0; i < PG_READS_MOST; i++)
        if (c->reads[i].arena) return true;
    return false;
}

/* The snapshot is taken by the first query, together with it: beginning costs no round trip. A thread that reads
 * already goes on in the snapshot that it has. */
static enum outcome pg_read_begin(struct store *store, struct arena *a, struct tx **out, struct fail *why)
{
    struct postgres *s = (struct postgres *)store;
    struct pg_link *c = pthread_getspecific(s->reader_here);
    if (c) {
        *out = reading(c, a);
        return OK;
    }
    c = pg_pool_take(s, &s->readers);
    pg_read_ending(c);
    enum outcome open = c->link ? OK : pg_link_open(c, why);
    if (open != OK) {
        pg_pool_give(&s->readers, c);
        return open;
    }
    pg_tick(s, &c->tx);
    set_reader_here(s, c);
    *out = reading(c, a);
    return OK;
}

static void pg_read_end(struct tx *tx)
{
    struct pg_link *c = tx->connection;
    struct postgres *s = (struct postgres *)tx->store;
    tx->arena = NULL;
    pg_forget_ahead(c, tx);
    if (is_read(c)) return;
    set_reader_here(s, NULL);
    if (c->is_begun && c->state != PG_LOST) {
        pg_send(c, "COMMIT"); /* after a failed query it rolls back, which is as good */
        c->is_ending = c->state != PG_LOST && PQpipelineSync(c->link) == 1;
    }
    if (c->state == PG_LOST || (c->is_begun && !c->is_ending)) pg_link_close(c);
    c->is_begun = false;
    c->state = PG_FINE;
    pg_pool_give(&s->readers, c);
}

/* ---- the rest of an engine ---- */

static enum outcome pg_ready(struct store *store, struct fail *why)
{
    struct postgres *s = (struct postgres *)store;
    struct pg_link *c = pg_pool_take(s, &s->readers);
    pg_read_ending(c);
    enum outcome done = OK;
    for (int i = 0; i < 2; i++) {
        done = c->link ? OK : pg_link_open(c, why);
        if (done == OK) pg_send(c, "SELECT 1");
        if (done == OK) done = pg_sync(c, NULL, why);
        if (done == OK) break;
        pg_link_close(c);
    }
    pg_pool_give(&s->readers, c);
    return done;
}

static void pg_stats(struct store *store, struct store_stats *out)
{
    struct postgres *s = (struct postgres *)store;
    pthread_mutex_lock(&s->lock);
    *out = s->stats;
    pthread_mutex_unlock(&s->lock);
    out->round_trips = atomic_load(&s->round_trips);
    pthread_mutex_lock(&s->writers.lock);
    out->queue_length = s->writers.waiting;
    pthread_mutex_unlock(&s->writers.lock);
    pthread_mutex_lock(&s->batch.lock);
    out->queue_length += s->batch.waiting;
    pthread_mutex_unlock(&s->batch.lock);
}

/* The server writes, not this process. */
static struct disk_cost pg_disk(struct store *store)
{
    (void)store;
    return (struct disk_cost){0};
}

static enum outcome pg_bytes(struct store *store, int64_t *out, struct fail *why)
{
    struct pg_link c;
    pg_link_init(&c, (struct postgres *)store, false);
    enum outcome done = pg_connect(&c, why);
    if (done == OK) done = pg_read_size(&c, out, why);
    pg_link_end(&c);
    return done;
}

/* As a file of SQLite, which is what every other part of a backup knows. */
static enum outcome pg_backup(struct store *store, const char *to_path, struct fail *why)
{
    AUTO_ARENA struct arena a;
    struct store_contents contents;
    arena_init(&a, BACKUP_ARENA_BYTES);
    return store_copy(store, &a, &(struct store_copying){.to_path = to_path, .ends_with = store}, &contents, why);
}

/* Every row of every table is read; a page whose checksum is wrong fails that. */
static enum outcome pg_check(struct store *store, struct fail *why)
{
    static const char sql[] =
        "SELECT count(query_to_xml(format('SELECT count(*) FROM %I AS r WHERE r::text IS NULL', c.relname), false, "
        "true, ''))"
        " FROM pg_class AS c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace";
    struct pg_link c;
    pg_link_init(&c, (struct postgres *)store, false);
    enum outcome done = pg_connect(&c, why);
    if (done == OK) done = pg_run_setup(&c, sql, why);
    pg_link_end(&c);
    return done;
}

static void pg_free(struct postgres *s)
{
    pg_batch_stop(s);
    pool_end(&s->readers);
    pool_end(&s->writers);
    pg_news_stop(s);
    pg_link_end(&s->placer);
    pthread_mutex_destroy(&s->news.lock);
    pthread_key_delete(s->reader_here);
    pthread_key_delete(s->writer_here);
    pthread_mutex_destroy(&s->lock);
    pthread_mutex_destroy(&s->placer_lock);
    pthread_cond_destroy(&s->placer_wake);
    pthread_cond_destroy(&s->placer_done);
    pg_shapes_end(s);
    store_end(&s->store);
    pg_hosts_clear(&s->hosts);
    free(s->url);
    free(s);
}

static void pg_close(struct store *store)
{
    struct postgres *s = (struct postgres *)store;
    pg_batch_stop(s);
    pg_news_stop(s);
    pg_placer_stop(s);
    pg_free(s);
}

static const struct store_engine postgres_engine = {
    .run = pg_run,
    .run_all = pg_run_all,
    .run_beside = pg_run_beside,
    .read_begin = pg_read_begin,
    .read_end = pg_read_end,
    .execute = pg_execute,
    .ahead = pg_ahead,
    .new_id = pg_new_id,
    .ready = pg_ready,
    .stats = pg_stats,
    .disk = pg_disk,
    .bytes = pg_bytes,
    .backup = pg_backup,
    .check = pg_check,
    .leadership = pg_leadership,
    .tell = pg_tell,
    .share = pg_share,
    .upgrade_look = pg_upgrade_look,
    .upgrade_finish = pg_upgrade_finish,
    .settle = pg_settle,
    .close = pg_close,
};

static void open_pools(struct postgres *s)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int wanted = s->store.options.reader_count;
    pool_init(&s->readers, s, wanted > 0 ? (size_t)wanted : 2 * (size_t)(cores > 0 ? cores : 1), false);
    pool_init(&s->writers, s, PG_WRITERS_MOST, true);
}

static struct postgres *postgres_new(const struct store_options *options)
{
    struct postgres *s = calloc(1, sizeof *s);
    if (!s || !(s->url = strdup(options->url))) BUG("out of memory");
    store_init(&s->store, &postgres_engine, options);
    s->store.options.url = s->url;
    pg_hosts_init(&s->hosts, s->url);
    pthread_mutex_init(&s->lock, NULL);
    pthread_mutex_init(&s->placer_lock, NULL);
    pthread_cond_init(&s->placer_wake, NULL);
    pthread_cond_init(&s->placer_done, NULL);
    if (pthread_key_create(&s->reader_here, NULL) != 0 || pthread_key_create(&s->writer_here, NULL) != 0)
        BUG("no place for each thread's connection");
    pg_link_init(&s->placer, s, true);
    pg_link_init(&s->news.link, s, false);
    pthread_mutex_init(&s->news.lock, NULL);
    s->news.wake_fd = -1;
    return s;
}

/* One connection brings the schema up, tries every query, and is then the first that reads. */
static enum outcome prepare_on(struct pg_link *c, struct fail *why)
{
    TRY(pg_connect(c, why));
    TRY(pg_migrate(c, why));
    pg_link_pipeline(c);
    return pg_check_queries(c, why);
}

static enum outcome prepare(struct postgres *s, struct fail *why)
{
    struct pg_link *c = pg_pool_take(s, &s->readers);
    enum outcome done = prepare_on(c, why);
    if (done != OK) pg_link_close(c);
    pg_pool_give(&s->readers, c);
    return done;
}

enum outcome store_postgres_open(const struct store_options *options, struct store **out, struct fail *why)
{
    struct postgres *s = postgres_new(options);
    enum outcome r = pg_own_database(s, why);
    if (r == OK) {
        open_pools(s);
        r = prepare(s, why);
    }
    if (r == OK) {
        pg_batch_start(s);
        r = pg_placer_start(s, why);
    }
    if (r == OK) r = pg_news_start(s, why);
    if (r != OK) {
        pg_free(s);
        return r;
    }
    *out = &s->store;
    return OK;
}
