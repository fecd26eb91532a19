#include "store/store.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "store/store_engine.h"

#define WAITED_FOR_US (10 * US_PER_MINUTE)

/* ---- values and rows ---- */

struct value v_null(void)
{
    return (struct value){.kind = VALUE_NULL};
}

struct value v_int(int64_t n)
{
    return (struct value){.kind = VALUE_INT, .number = n};
}

struct value v_instant(instant_t at)
{
    return at == INSTANT_NONE ? v_null() : v_int(at);
}

struct value v_str(struct str s)
{
    return (struct value){.kind = VALUE_TEXT, .text = s};
}

struct value v_str_or_null(struct str s)
{
    return s.len == 0 ? v_null() : v_str(s);
}

struct value v_blob(struct str bytes)
{
    return (struct value){.kind = VALUE_BLOB, .text = bytes};
}

struct value v_bool(bool b)
{
    return v_int(b ? 1 : 0);
}

struct value v_answer(unsigned query, size_t column)
{
    return (struct value){.kind = VALUE_ANSWER, .query = query, .number = (int64_t)column};
}

static const struct value *cell(const struct row *r, size_t column)
{
    if (column >= r->count) BUG("column %zu of a row of %zu", column, r->count);
    return &r->cells[column];
}

int64_t row_int(const struct row *r, size_t column)
{
    const struct value *v = cell(r, column);
    return v->kind == VALUE_INT ? v->number : 0;
}

instant_t row_instant(const struct row *r, size_t column)
{
    const struct value *v = cell(r, column);
    return v->kind == VALUE_INT ? v->number : INSTANT_NONE;
}

struct str row_str(const struct row *r, size_t column)
{
    const struct value *v = cell(r, column);
    return v->kind == VALUE_TEXT || v->kind == VALUE_BLOB ? v->text : STR_NONE;
}

bool row_bool(const struct row *r, size_t column)
{
    return row_int(r, column) != 0;
}

bool row_is_null(const struct row *r, size_t column)
{
    return cell(r, column)->kind == VALUE_NULL;
}

/* ---- queries ---- */

static bool has_text(const struct value *v)
{
    return v->kind == VALUE_TEXT || v->kind == VALUE_BLOB;
}

static struct row copy_row(struct arena *a, const struct row *r)
{
    struct value *cells = arena_dup(a, r->cells, r->count * sizeof *cells);
    size_t bytes = 0;
    for (size_t i = 0; i < r->count; i++)
        if (has_text(&cells[i])) bytes += cells[i].text.len + 1;
    char *at = bytes > 0 ? arena_alloc(a, bytes) : NULL; /* all texts of the row, each with a NUL behind it */
    for (size_t i = 0; i < r->count; i++) {
        if (!has_text(&cells[i])) continue;
        if (cells[i].text.len > 0) memcpy(at, cells[i].text.at, cells[i].text.len);
        cells[i].text.at = at;
        at += cells[i].text.len + 1;
    }
    return (struct row){cells, r->count};
}

enum outcome fail_stale(struct fail *why)
{
    return fail(why, ERR_STALE, N_("Somebody else changed this meanwhile."));
}

/* Text with a NUL or a broken sequence would read back shorter or not at all. What comes from outside was refused long
 * before, so this is a mistake of ours; it refuses the one request instead of stopping everybody's work. */
static enum outcome check_text(const struct query *q, const struct statement *st, struct fail *why)
{
    for (size_t i = 0; i < st->value_count; i++) {
        const struct value *v = &st->values[i];
        if (v->kind == VALUE_ANSWER) BUG("query %s takes a value that is still to come", q->name);
        if (v->kind != VALUE_TEXT || v->text.len == 0) continue;
        if (text_is_plain(v->text)) continue;
        log_write(LOG_ERROR, "store.text", "query=%s parameter=%zu problem=\"not UTF-8 or with a NUL\"", q->name,
                  i + 1);
        return fail(why, ERR_BUG, NULL);
    }
    return OK;
}

static enum outcome execute(struct tx *tx, struct statement *st, struct fail *why)
{
    const struct store_options *o = &tx->store->options;
    if (st->query >= o->query_count) BUG("there is no query %u", st->query);
    const struct query *q = &o->queries[st->query];
    if ((size_t)q->param_count != st->value_count) {
        BUG("query %s takes %d parameters (%s), not %zu", q->name, q->param_count, q->params, st->value_count);
    }
    if (q->is_write && !tx->is_command) BUG("query %s writes, outside a command", q->name);
    TRY(check_text(q, st, why));
    atomic_fetch_add_explicit(&tx->store->queries, 1, memory_order_relaxed);
    if (!o->is_traced) return tx->store->engine->execute(tx, st, why);
    int64_t started = clock_monotonic_us();
    enum outcome r = tx->store->engine->execute(tx, st, why);
    log_write(LOG_INFO, "sql", "query=%s us=%" PRId64, q->name, clock_monotonic_us() - started);
    return r;
}

struct one {
    struct arena *arena;
    struct row row;
    bool is_there;
};

static enum outcome take_one(void *context, const struct row *r, bool *is_enough, struct fail *why)
{
    (void)why;
    struct one *one = context;
    if (!one->is_there) one->row = copy_row(one->arena, r);
    one->is_there = true;
    *is_enough = true;
    return OK;
}

enum outcome store_one(struct tx *tx, unsigned query, const struct value *values, size_t count, struct row *out,
                       struct fail *why)
{
    struct one one = {.arena = tx->arena};
    TRY(execute(tx, &(struct statement){query, values, count, take_one, &one, 0}, why));
    if (!one.is_there) return ERR_MISSING;
    *out = one.row;
    return OK;
}

struct all {
    struct arena *arena;
    struct row *at;
    size_t count, room;
};

static enum outcome take_all(void *context, const struct row *r, bool *is_enough, struct fail *why)
{
    (void)is_enough;
    (void)why;
    struct all *all = context;
    if (all->count == all->room) {
        size_t room = all->room ? all->room * 2 : 8;
        all->at = arena_grow(all->arena, all->at, all->room * sizeof *all->at, room * sizeof *all->at);
        all->room = room;
    }
    all->at[all->count++] = copy_row(all->arena, r);
    return OK;
}

enum outcome store_all(struct tx *tx, unsigned query, const struct value *values, size_t count, struct rows *out,
                       struct fail *why)
{
    struct all all = {.arena = tx->arena};
    TRY(execute(tx, &(struct statement){query, values, count, take_all, &all, 0}, why));
    *out = (struct rows){all.at, all.count};
    return OK;
}

struct each {
    store_each_fn *fn;
    void *context;
};

static enum outcome take_each(void *context, const struct row *r, bool *is_enough, struct fail *why)
{
    (void)is_enough;
    struct each *each = context;
    return each->fn(each->context, r, why);
}

enum outcome store_each(struct tx *tx, unsigned query, const struct value *values, size_t count, store_each_fn *each,
                        void *context, struct fail *why)
{
    struct each taker = {each, context};
    return execute(tx, &(struct statement){query, values, count, take_each, &taker, .is_long = true}, why);
}

enum outcome store_do(struct tx *tx, unsigned query, const struct value *values, size_t count, int64_t *out_changed,
                      struct fail *why)
{
    struct statement st = {query, values, count, .is_counted = out_changed != NULL};
    TRY(execute(tx, &st, why));
    if (out_changed) *out_changed = st.changed;
    return OK;
}

/* What is not awaited the engine itself refuses. */
enum outcome store_change(struct tx *tx, unsigned query, const struct value *values, size_t count, struct fail *why)
{
    struct statement st = {query, values, count, .is_counted = !tx_is_far(tx), .must_change = true};
    TRY(execute(tx, &st, why));
    if (!st.is_counted || st.changed > 0) return OK;
    return fail_stale(why);
}

enum outcome store_take(struct tx *tx, unsigned change, unsigned look, const struct value *values, size_t count,
                        struct row *out, struct fail *why)
{
    if (!tx_is_far(tx)) return store_one(tx, change, values, count, out, why);
    enum outcome found = store_one(tx, look, values, count, out, why);
    if (found == ERR_MISSING) return store_one(tx, change, values, count, out, why);
    TRY(found);
    return store_do(tx, change, values, count, NULL, why);
}

void store_ahead(struct tx *tx, unsigned query, const struct value *values, size_t count)
{
    const struct query *q = &tx->store->options.queries[query];
    if (q->is_write) BUG("a change cannot be made ahead");
    if ((size_t)q->param_count != count) BUG("query %s takes %d parameters, not %zu", q->name, q->param_count, count);
    if (tx->store->engine->ahead) tx->store->engine->ahead(tx, &(struct statement){query, values, count});
}

/* ---- transactions ---- */

struct arena *tx_arena(struct tx *tx)
{
    return tx->arena;
}

bool store_is_far(const struct store *s)
{
    return s->options.url != NULL;
}

void store_end_soon(struct store *s)
{
    atomic_store(&s->is_ending, true);
}

bool store_is_ending(const struct store *s)
{
    return atomic_load(&s->is_ending);
}

bool tx_is_far(const struct tx *tx)
{
    return store_is_far(tx->store);
}

instant_t tx_now(const struct tx *tx)
{
    return tx->now;
}

struct str tx_origin(const struct tx *tx)
{
    return str_from(tx->store->origin);
}

int64_t tx_new_id(struct tx *tx)
{
    if (!tx->is_command) BUG("an id was asked for outside a command");
    return tx->store->engine->new_id(tx);
}

void tx_defer(struct tx *tx, tx_defer_fn *fn, void *data)
{
    if (!tx->is_command || !tx->deferrals_end) BUG("a deferral was made outside a command");
    struct deferral *d = ARENA_NEW(tx->arena, struct deferral);
    *d = (struct deferral){NULL, fn, data};
    *tx->deferrals_end = d;
    tx->deferrals_end = &d->next;
}

void tx_run_beside(struct tx *tx)
{
    if (!tx->is_command) BUG("a reader has no others beside it");
    if (tx->store->engine->run_beside) tx->store->engine->run_beside(tx);
}

enum outcome store_run(struct store *s, store_command *command, const void *in, void *out, struct fail *why)
{
    return s->engine->run(s, command, in, out, why);
}

void store_run_all(struct store *s, struct store_call *calls, size_t count)
{
    if (count > STORE_CALLS_MOST) BUG("%zu calls at once", count);
    if (count > 0) s->engine->run_all(s, calls, count);
}

enum outcome store_read_begin(struct store *s, struct arena *a, struct tx **out, struct fail *why)
{
    return s->engine->read_begin(s, a, out, why);
}

void store_read_end(struct tx *tx)
{
    if (tx) tx->store->engine->read_end(tx);
}

void store_read_end_at(struct tx **tx)
{
    store_read_end(*tx);
    *tx = NULL;
}

/* ---- news of commits ---- */

void store_on_commit(struct store *s, store_after_commit_fn *fn, void *context)
{
    pthread_mutex_lock(&s->hooks_lock);
    if (s->hook_count == COMMIT_HOOKS_MOST) BUG("more than %d want to know of commits", COMMIT_HOOKS_MOST);
    s->hooks[s->hook_count++] = (struct commit_hook){fn, context};
    pthread_mutex_unlock(&s->hooks_lock);
}

void store_off_commit(struct store *s, store_after_commit_fn *fn, void *context)
{
    pthread_mutex_lock(&s->hooks_lock);
    size_t kept = 0;
    for (size_t i = 0; i < s->hook_count; i++) {
        if (s->hooks[i].fn != fn || s->hooks[i].context != context) s->hooks[kept++] = s->hooks[i];
    }
    s->hook_count = kept;
    pthread_mutex_unlock(&s->hooks_lock);
}

void store_tell_commit(struct store *s)
{
    pthread_mutex_lock(&s->hooks_lock);
    for (size_t i = 0; i < s->hook_count; i++) s->hooks[i].fn(s->hooks[i].context);
    pthread_mutex_unlock(&s->hooks_lock);
}

/* ---- other processes ---- */

int64_t store_leadership(struct store *s)
{
    return s->engine->leadership ? s->engine->leadership(s) : 1;
}

void store_tell(struct store *s, const char *topic)
{
    if (s->engine->tell) s->engine->tell(s, topic);
}

void store_on_news(struct store *s, const char *topic, store_news_fn *fn, void *context)
{
    pthread_mutex_lock(&s->hooks_lock);
    if (s->news_hook_count == NEWS_MOST) BUG("more than %d want to know of news", NEWS_MOST);
    s->news_hooks[s->news_hook_count++] = (struct news_hook){topic, fn, context};
    pthread_mutex_unlock(&s->hooks_lock);
}

void store_off_news(struct store *s, void *context)
{
    pthread_mutex_lock(&s->hooks_lock);
    size_t kept = 0;
    for (size_t i = 0; i < s->news_hook_count; i++)
        if (s->news_hooks[i].context != context) s->news_hooks[kept++] = s->news_hooks[i];
    s->news_hook_count = kept;
    pthread_mutex_unlock(&s->hooks_lock);
}

void store_hear(struct store *s, struct str topic)
{
    pthread_mutex_lock(&s->hooks_lock);
    for (size_t i = 0; i < s->news_hook_count; i++) {
        const struct news_hook *h = &s->news_hooks[i];
        if (topic.len == 0 || str_eq(topic, str_from(h->topic))) h->fn(h->context);
    }
    pthread_mutex_unlock(&s->hooks_lock);
}

void store_share(struct store *s, struct str word)
{
    if (word.len > STORE_WORD_BYTES) BUG("a word of %zu bytes", word.len);
    if (s->engine->share) s->engine->share(s, word);
}

void store_on_word(struct store *s, store_word_fn *fn, void *context)
{
    pthread_mutex_lock(&s->hooks_lock);
    s->word_hook = fn;
    s->word_context = context;
    pthread_mutex_unlock(&s->hooks_lock);
}

void store_hear_word(struct store *s, struct str word)
{
    pthread_mutex_lock(&s->hooks_lock);
    if (s->word_hook && word.len > 0) s->word_hook(s->word_context, word);
    pthread_mutex_unlock(&s->hooks_lock);
}

/* ---- life ---- */

instant_t store_moment(instant_t last)
{
    instant_t now = clock_now();
    return now > last || last - now > WAITED_FOR_US ? now : last;
}

void store_init(struct store *s, const struct store_engine *engine, const struct store_options *options)
{
    s->engine = engine;
    s->options = *options;
    pthread_mutex_init(&s->hooks_lock, NULL);
}

void store_end(struct store *s)
{
    free(atomic_load(&s->costs));
    pthread_mutex_destroy(&s->hooks_lock);
}

enum outcome store_open(const struct store_options *options, struct store **out, struct fail *why)
{
    struct store_options o = *options;
    if (!o.queries) {
        o.queries = queries;
        o.query_count = queries_count;
    }
    if (!o.migrations) {
        o.migrations = embedded_migrations;
        o.migration_count = embedded_migrations_count;
    }
    return o.url ? store_postgres_open(&o, out, why) : store_sqlite_open(&o, out, why);
}

void store_close(struct store *s)
{
    if (s) s->engine->close(s);
}

struct store_stats store_stats(struct store *s)
{
    struct store_stats stats = {0};
    s->engine->stats(s, &stats);
    stats.queries = atomic_load_explicit(&s->queries, memory_order_relaxed);
    return stats;
}

/* A commit writes its mark in any case. */
static enum outcome change_nothing(struct tx *tx, const void *in, void *out, struct fail *why)
{
    (void)tx;
    (void)in;
    (void)out;
    (void)why;
    return OK;
}

enum outcome store_ready(struct store *s, struct fail *why)
{
    struct store_stats stats = store_stats(s);
    struct tx *tx;
    if (stats.is_down) return fail(why, ERR_DOWN, N_("The store does not take changes. The operator has been told."));
    if (stats.refusal != STORE_TAKES) TRY(store_run(s, change_nothing, NULL, NULL, why));
    if (s->engine->ready) return s->engine->ready(s, why);
    TRY(store_read_begin(s, why->arena, &tx, why));
    store_read_end(tx);
    return OK;
}

enum outcome store_settle(struct store *s, struct fail *why)
{
    return s->engine->settle ? s->engine->settle(s, why) : OK;
}

/* ---- upgrades ---- */

bool migration_is_expand(const struct migration *m)
{
    return str_starts(m->sql, STR("-- phase: expand\n"));
}

enum outcome migration_refuse_newer(struct str name, struct fail *why)
{
    return fail(why, ERR_CONFLICT,
                N_("The database was made by a newer program: it has {0}, which this one does not know."), name);
}

enum outcome store_upgrade_look(struct store *s, struct arena *a, struct store_upgrade *out, struct fail *why)
{
    *out = (struct store_upgrade){.schema = store_schema(s), .known = (int64_t)s->options.migration_count};
    return s->engine->upgrade_look ? s->engine->upgrade_look(s, a, out, why) : OK;
}

enum outcome store_upgrade_finish(struct store *s, bool has_own_backup, struct fail *why)
{
    return s->engine->upgrade_finish ? s->engine->upgrade_finish(s, has_own_backup, why) : OK;
}

/* ---- costs ---- */

void store_cost_begin(struct store *s)
{
    struct cost_count *none = NULL, *costs = calloc(s->options.query_count + 1, sizeof *costs);
    if (!costs) BUG("out of memory");
    if (!atomic_compare_exchange_strong(&s->costs, &none, costs)) free(costs);
}

void store_cost_queries(struct store *s, struct query_cost *out, size_t count)
{
    struct cost_count *costs = atomic_load(&s->costs);
    for (size_t i = 0; i < count; i++) {
        out[i] = (struct query_cost){0};
        if (!costs || i >= s->options.query_count) continue;
        out[i] = (struct query_cost){atomic_load(&costs[i].calls),  atomic_load(&costs[i].rows),
                                     atomic_load(&costs[i].steps),  atomic_load(&costs[i].scanned),
                                     atomic_load(&costs[i].sorted), atomic_load(&costs[i].trips)};
    }
}

struct disk_cost store_cost_disk(struct store *s)
{
    return s->engine->disk(s);
}

const char *store_schema(const struct store *s)
{
    const char *schema = atomic_load(&s->schema);
    return schema != NULL ? schema : "";
}

enum outcome store_bytes(struct store *s, int64_t *out, struct fail *why)
{
    return s->engine->bytes(s, out, why);
}

enum outcome store_backup(struct store *s, const char *to_path, struct fail *why)
{
    TRY(store_goes_on(s, why));
    return s->engine->backup(s, to_path, why);
}

enum outcome store_goes_on(const struct store *s, struct fail *why)
{
    return store_is_ending(s) ? fail(why, ERR_DOWN, N_("The program is being stopped.")) : OK;
}

enum outcome store_file_settle(const char *temporary, const char *path, struct fail *why)
{
    AUTO_FD int fd = open(temporary, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0 || rename(temporary, path) != 0) {
        (void)unlink(temporary); /* best effort: the failure is told */
        return fail(why, ERR_DOWN, N_("The copy {0} could not be written."), str_from(path));
    }
    const char *slash = strrchr(path, '/');
    return file_sync_folder(slash ? str_of(path, (size_t)(slash - path) + 1) : STR("."), why);
}

enum outcome store_check(struct store *s, struct fail *why)
{
    return s->engine->check(s, why);
}
