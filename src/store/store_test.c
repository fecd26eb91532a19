#include "store/test_store.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "base/auto.h"
#include "base/buf.h"
#include "base/log.h"
#include "queries.h"
#include "store/idempotency.h"
#include "store/series.h"
#include "store/store_bench.h"
#include "store/store_sqlite.h"

/* ---- a table of our own beside the program's ---- */

enum { Q_THING_ADD, Q_THING_COUNT, Q_THING_BY_NAME, Q_THINGS, Q_THING_RENAME, Q_ORPHAN_ADD, THING_QUERIES };

/* clang-format off */
static const struct query thing_queries[THING_QUERIES] = {
    {"thing_add",     "INSERT INTO thing (id, name, note) VALUES (?1, ?2, ?3)",
                      "INSERT INTO thing (id, name, note) VALUES ($1, $2, $3)", "id name note", 3, true},
    {"thing_count",   "SELECT count(*) FROM thing", "SELECT count(*) FROM thing", "", 0, false},
    {"thing_by_name", "SELECT id, name, note FROM thing WHERE name = ?1",
                      "SELECT id, name, note FROM thing WHERE name = $1", "name", 1, false},
    {"things",        "SELECT id, name, note FROM thing ORDER BY id",
                      "SELECT id, name, note FROM thing ORDER BY id", "", 0, false},
    {"thing_rename",  "UPDATE thing SET name = ?2 WHERE name = ?1",
                      "UPDATE thing SET name = $2 WHERE name = $1", "name to", 2, true},
    {"orphan_add",    "INSERT INTO orphan (thing) VALUES (?1)", "INSERT INTO orphan (thing) VALUES ($1)", "thing", 1, true},
};
/* clang-format on */

enum { TABLE_ROOM = 1024, MIGRATIONS_ROOM = 64 };
static struct query table[TABLE_ROOM];
static struct migration migrations[MIGRATIONS_ROOM];

#define THING(q) ((unsigned)(queries_count + (q)))

static struct store_options thing_options(void)
{
    assert_true(queries_count + THING_QUERIES < TABLE_ROOM && embedded_migrations_count + 1 < MIGRATIONS_ROOM);
    memcpy(table, queries, queries_count * sizeof *table);
    memcpy(table + queries_count, thing_queries, sizeof thing_queries);
    memcpy(migrations, embedded_migrations, embedded_migrations_count * sizeof *migrations);
    migrations[embedded_migrations_count] = (struct migration){
        (int)embedded_migrations_count + 1, "9999_thing",
        STR("CREATE TABLE thing (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE, note TEXT) STRICT;"
            "CREATE TABLE orphan (thing INTEGER NOT NULL REFERENCES thing (id) DEFERRABLE INITIALLY DEFERRED) "
            "STRICT;")};
    return (struct store_options){.is_sync_off = true,
                                  .migrations = migrations,
                                  .migration_count = embedded_migrations_count + 1,
                                  .queries = table,
                                  .query_count = queries_count + THING_QUERIES};
}

static void open_things(struct test_store *t)
{
    test_store_make_folder(t);
    test_store_open_with(t, thing_options());
}

struct thing {
    struct str name, note;
    bool is_refused;
};

static enum outcome add_thing(struct tx *tx, const void *in, void *out, struct fail *why)
{
    const struct thing *thing = in;
    int64_t id = tx_new_id(tx);
    TRY(store_do(tx, THING(Q_THING_ADD), VALUES(v_int(id), v_str(thing->name), v_str_or_null(thing->note)), NULL, why));
    if (thing->is_refused) return fail(why, ERR_DENIED, "No to {0}.", thing->name);
    if (out) *(int64_t *)out = id;
    return OK;
}

static enum outcome add_named(struct test_store *t, const char *name)
{
    return store_run(t->store, add_thing, &(struct thing){str_from(name), STR("note"), false}, NULL, &t->why);
}

static int64_t count_things(struct test_store *t)
{
    struct tx *tx = NULL;
    struct row r;
    assert_ok(t, store_read_begin(t->store, &t->arena, &tx, &t->why));
    assert_ok(t, store_one(tx, THING(Q_THING_COUNT), NO_VALUES, &r, &t->why));
    store_read_end(tx);
    return row_int(&r, 0);
}

/* ---- commands ---- */

static void a_change_is_there_when_its_command_returns(void **state)
{
    (void)state;
    struct test_store t;
    struct tx *tx = NULL;
    struct row r;
    int64_t id = 0;
    open_things(&t);
    assert_ok(&t, store_run(t.store, add_thing, &(struct thing){STR("một"), STR_NONE, false}, &id, &t.why));
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_ok(&t, store_one(tx, THING(Q_THING_BY_NAME), VALUES(v_str(STR("một"))), &r, &t.why));
    assert_int_equal(row_int(&r, 0), id);
    assert_str(row_str(&r, 1), "một");
    assert_true(row_is_null(&r, 2));
    assert_int_equal(row_instant(&r, 2), INSTANT_NONE);
    assert_int_equal(store_one(tx, THING(Q_THING_BY_NAME), VALUES(v_str(STR("hai"))), &r, &t.why), ERR_MISSING);
    store_read_end(tx);
    test_store_close(&t);
}

static void a_refused_command_leaves_nothing_and_says_why(void **state)
{
    (void)state;
    struct test_store t;
    open_things(&t);
    assert_int_equal(store_run(t.store, add_thing, &(struct thing){STR("x"), STR_NONE, true}, NULL, &t.why),
                     ERR_DENIED);
    assert_str(fail_text(&t.arena, &t.why), "No to x.");
    assert_int_equal(count_things(&t), 0);
    assert_ok(&t, store_run(t.store, add_thing, &(struct thing){STR("x"), STR_NONE, false}, NULL, &t.why));
    assert_int_equal(store_run(t.store, add_thing, &(struct thing){STR("x"), STR_NONE, false}, NULL, &t.why),
                     ERR_CONFLICT);
    assert_int_equal(count_things(&t), 1);
    test_store_close(&t);
}

static void commands_that_wait_together_share_a_commit_but_no_refusal(void **state)
{
    struct test_store t;
    struct store_call calls[4];
    struct fail whys[LENGTH(calls)];
    struct thing things[LENGTH(calls)] = {
        {STR("một"), STR(""), false},
        {STR("hai"),   STR(""), false},
        {STR("một"), STR(""), false},
        {STR("ba"),    STR(""), false}
    };
    int64_t ids[LENGTH(calls)];
    (void)state;
    open_things(&t);
    for (size_t i = 0; i < LENGTH(calls); i++) {
        fail_init(&whys[i], &t.arena);
        calls[i] = (struct store_call){.command = add_thing, .in = &things[i], .out = &ids[i], .why = &whys[i]};
    }
    uint64_t before = store_stats(t.store).batches;
    store_run_all(t.store, calls, LENGTH(calls));
    assert_int_equal(store_stats(t.store).batches, before + 1);
    assert_int_equal(calls[0].outcome, OK);
    assert_int_equal(calls[1].outcome, OK);
    assert_int_equal(calls[2].outcome, ERR_CONFLICT);
    assert_int_equal(calls[3].outcome, OK);
    assert_true(ids[0] < ids[1] && ids[1] < ids[3]);
    test_store_close(&t);
}

static void text_that_would_not_read_back_is_refused(void **state)
{
    (void)state;
    struct test_store t;
    open_things(&t);
    log_set_level(LOG_QUIET);
    struct thing with_nul = {str_of("a\0b", 3), STR_NONE, false}, broken = {STR("a\xff"), STR_NONE, false};
    assert_int_equal(store_run(t.store, add_thing, &with_nul, NULL, &t.why), ERR_BUG);
    assert_int_equal(store_run(t.store, add_thing, &broken, NULL, &t.why), ERR_BUG);
    log_set_level(LOG_INFO);
    assert_int_equal(count_things(&t), 0);
    test_store_close(&t);
}

/* ---- many at once ---- */

enum { THREADS = 200, EACH = 10 };

struct taker {
    struct test_store *t;
    pthread_t thread;
    int number;
    int64_t taken[EACH];
};

struct take {
    struct str name;
    bool is_refused;
};

static enum outcome take_number(struct tx *tx, const void *in, void *out, struct fail *why)
{
    const struct take *take = in;
    int64_t n;
    TRY(series_next(tx, STR("dossier"), STR("G11"), STR("2026"), &n, why));
    TRY(store_do(tx, THING(Q_THING_ADD), VALUES(v_int(tx_new_id(tx)), v_str(take->name), v_null()), NULL, why));
    if (take->is_refused) return fail(why, ERR_DENIED, "Refused.");
    *(int64_t *)out = n;
    return OK;
}

/* Every third one is refused after it took its number. */
static void *take_some(void *context)
{
    struct taker *k = context;
    struct arena a;
    struct fail why;
    arena_init(&a, 1 << 20);
    fail_init(&why, &a);
    for (int i = 0; i < EACH; i++) {
        struct take take = {str_format(&a, "thing %d of %d", i, k->number), i % 3 == 2};
        int64_t n = 0;
        enum outcome r = store_run(k->t->store, take_number, &take, &n, &why);
        if (r != (take.is_refused ? ERR_DENIED : OK)) abort();
        k->taken[i] = n;
    }
    arena_end(&a);
    return NULL;
}

static void numbers_are_unique_and_without_gaps_under_200_threads(void **state)
{
    (void)state;
    static struct taker takers[THREADS];
    static bool is_taken[THREADS * EACH + 1];
    struct test_store t;
    open_things(&t);
    for (int i = 0; i < THREADS; i++) {
        takers[i].t = &t;
        takers[i].number = i;
        assert_int_equal(pthread_create(&takers[i].thread, NULL, take_some, &takers[i]), 0);
    }
    int64_t count = 0;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(takers[i].thread, NULL);
        for (int j = 0; j < EACH; j++) {
            int64_t n = takers[i].taken[j];
            if (n == 0) continue;
            assert_in_range(n, 1, THREADS * EACH);
            assert_false(is_taken[n]);
            is_taken[n] = true;
            count++;
        }
    }
    for (int64_t n = 1; n <= count; n++) assert_true(is_taken[n]); /* a refused one gives its number back */
    assert_int_equal(count_things(&t), count);
    test_store_close(&t);
}

/* Every third one is refused: on PostgreSQL that is no commit. */
static void commands_that_wait_at_the_same_time_share_commits(void **state)
{
    (void)state;
    static struct taker takers[THREADS];
    struct test_store t;
    open_things(&t);
    for (int i = 0; i < THREADS; i++) {
        takers[i] = (struct taker){.t = &t, .number = i};
        assert_int_equal(pthread_create(&takers[i].thread, NULL, take_some, &takers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) pthread_join(takers[i].thread, NULL);
    struct store_stats stats = store_stats(t.store);
    assert_int_equal(stats.commands, THREADS * EACH);
    assert_true(stats.batches < stats.commands && stats.largest_batch > 1);
    test_store_close(&t);
}

/* ---- deferrals ---- */

struct note {
    struct str name;
    bool is_refused, is_failing;
};

static enum outcome note_late(struct tx *tx, void *data, struct fail *why)
{
    const struct note *n = data;
    if (n->is_failing) return fail(why, ERR_CONFLICT, "The late part of {0} failed.", n->name);
    return store_do(tx, THING(Q_THING_ADD), VALUES(v_int(tx_new_id(tx)), v_str(n->name), v_null()), NULL, why);
}

static enum outcome note_now(struct tx *tx, const void *in, void *out, struct fail *why)
{
    (void)out;
    const struct note *n = in;
    for (int i = 0; i < 2; i++) {
        struct note *late = ARENA_NEW(tx_arena(tx), struct note);
        *late = (struct note){str_format(tx_arena(tx), "%.*s late %d", STR_ARG(n->name), i), false, n->is_failing};
        tx_defer(tx, note_late, late);
    }
    return n->is_refused ? fail(why, ERR_DENIED, "Refused.") : OK;
}

static void count_commit(void *context)
{
    atomic_fetch_add((_Atomic int *)context, 1);
}

static enum outcome gather(void *context, const struct row *r, struct fail *why)
{
    (void)why;
    struct buf *b = context;
    buf_add(b, row_str(r, 1));
    buf_add(b, STR("; "));
    return OK;
}

/* Callers are woken before the news goes round, and news of several commits may go round together. */
static void wait_until_told(_Atomic int *told, int times)
{
    for (int i = 0; i < 1000 && atomic_load(told) < times; i++) usleep(10000);
    assert_int_equal(atomic_load(told), times);
}

static void deferrals_of_survivors_run_in_order_and_tell_of_the_commit(void **state)
{
    (void)state;
    struct test_store t;
    _Atomic int told = 0;
    struct tx *tx = NULL;
    struct buf names;
    buf_init(&names, 4096);
    open_things(&t);
    store_on_commit(t.store, count_commit, &told);
    assert_ok(&t, store_run(t.store, note_now, &(struct note){STR("a"), false, false}, NULL, &t.why));
    wait_until_told(&told, 1);
    assert_int_equal(store_run(t.store, note_now, &(struct note){STR("b"), true, false}, NULL, &t.why), ERR_DENIED);
    assert_int_equal(store_run(t.store, note_now, &(struct note){STR("c"), false, true}, NULL, &t.why), ERR_CONFLICT);
    assert_str(fail_text(&t.arena, &t.why), "The late part of c late 0 failed.");
    assert_ok(&t, store_run(t.store, note_now, &(struct note){STR("d"), false, false}, NULL, &t.why));
    wait_until_told(&told, 2);
    store_off_commit(t.store, count_commit, &told);
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_ok(&t, store_each(tx, THING(Q_THINGS), NO_VALUES, gather, &names, &t.why));
    store_read_end(tx);
    assert_str(buf_str(&names), "a late 0; a late 1; d late 0; d late 1; ");
    buf_end(&names);
    test_store_close(&t);
}

struct noter {
    struct store *store;
    pthread_t thread;
    int number;
    enum outcome outcome;
};

static void *note_once(void *context)
{
    struct noter *n = context;
    struct arena a;
    struct fail why;
    arena_init(&a, 1 << 20);
    fail_init(&why, &a);
    struct note note = {str_format(&a, "%d", n->number), false, n->number % 8 == 3};
    n->outcome = store_run(n->store, note_now, &note, NULL, &why);
    arena_end(&a);
    return NULL;
}

static void a_failing_deferral_hurts_only_its_own_command(void **state)
{
    (void)state;
    static struct noter noters[64];
    struct test_store t;
    open_things(&t);
    for (size_t i = 0; i < LENGTH(noters); i++) {
        noters[i] = (struct noter){.store = t.store, .number = (int)i};
        assert_int_equal(pthread_create(&noters[i].thread, NULL, note_once, &noters[i]), 0);
    }
    for (size_t i = 0; i < LENGTH(noters); i++) {
        pthread_join(noters[i].thread, NULL);
        assert_int_equal(noters[i].outcome, i % 8 == 3 ? ERR_CONFLICT : OK);
    }
    assert_int_equal(count_things(&t), 2 * 56);
    test_store_close(&t);
}

static enum outcome add_orphan(struct tx *tx, const void *in, void *out, struct fail *why)
{
    (void)in;
    (void)out;
    return store_do(tx, THING(Q_ORPHAN_ADD), VALUES(v_int(tx_new_id(tx))), NULL, why);
}

static void a_commit_that_is_refused_is_the_fault_of_its_command(void **state)
{
    (void)state;
    struct test_store t;
    open_things(&t);
    log_set_level(LOG_QUIET);
    assert_int_equal(store_run(t.store, add_orphan, NULL, NULL, &t.why), ERR_BUG);
    log_set_level(LOG_INFO);
    assert_false(store_stats(t.store).is_down);
    assert_ok(&t, add_named(&t, "goes on"));
    assert_ok(&t, store_check(t.store, &t.why));
    test_store_close(&t);
}

/* ---- reading ---- */

struct nested {
    struct tx *tx;
    int outer, inner;
};

static enum outcome count_inner(void *context, const struct row *r, struct fail *why)
{
    (void)why;
    assert_str(row_str(r, 2), "note");
    ((struct nested *)context)->inner++;
    return OK;
}

static enum outcome count_outer(void *context, const struct row *r, struct fail *why)
{
    struct nested *n = context;
    assert_str(row_str(r, 2), "note");
    n->outer++;
    return store_each(n->tx, THING(Q_THINGS), NO_VALUES, count_inner, n, why);
}

static void a_query_may_run_within_itself(void **state)
{
    (void)state;
    struct test_store t;
    struct nested n = {0};
    open_things(&t);
    for (int i = 0; i < 5; i++) assert_ok(&t, add_named(&t, (const char *[]){"a", "b", "c", "d", "e"}[i]));
    assert_ok(&t, store_read_begin(t.store, &t.arena, &n.tx, &t.why));
    assert_ok(&t, store_each(n.tx, THING(Q_THINGS), NO_VALUES, count_outer, &n, &t.why));
    store_read_end(n.tx);
    assert_int_equal(n.outer, 5);
    assert_int_equal(n.inner, 25);
    test_store_close(&t);
}

static void a_reader_keeps_its_snapshot(void **state)
{
    (void)state;
    struct test_store t;
    struct tx *tx = NULL;
    struct row r;
    open_things(&t);
    assert_ok(&t, add_named(&t, "before"));
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_ok(&t, store_one(tx, THING(Q_THING_COUNT), NO_VALUES, &r, &t.why));
    assert_ok(&t, add_named(&t, "after"));
    assert_ok(&t, store_one(tx, THING(Q_THING_COUNT), NO_VALUES, &r, &t.why));
    assert_int_equal(row_int(&r, 0), 1);
    store_read_end(tx);
    assert_int_equal(count_things(&t), 2);
    test_store_close(&t);
}

/* With one connection in all: a second one would be waited for until the end of days. */
static void a_read_within_a_read_waits_for_nobody_and_sees_the_same(void **state)
{
    (void)state;
    struct test_store t;
    struct tx *outer = NULL, *inner = NULL;
    struct row r;
    struct arena own;
    test_store_make_folder(&t);
    struct store_options o = thing_options();
    o.reader_count = 1;
    test_store_open_with(&t, o);
    arena_init(&own, 1024 * 1024);
    assert_ok(&t, add_named(&t, "before"));
    assert_ok(&t, store_read_begin(t.store, &t.arena, &outer, &t.why));
    assert_ok(&t, store_one(outer, THING(Q_THING_COUNT), NO_VALUES, &r, &t.why));
    assert_ok(&t, add_named(&t, "after"));
    assert_ok(&t, store_read_begin(t.store, &own, &inner, &t.why));
    assert_ok(&t, store_one(inner, THING(Q_THING_COUNT), NO_VALUES, &r, &t.why));
    assert_int_equal(row_int(&r, 0), 1);
    assert_ptr_equal(tx_arena(inner), &own);
    store_read_end(outer); /* in any order */
    assert_ok(&t, store_one(inner, THING(Q_THING_COUNT), NO_VALUES, &r, &t.why));
    store_read_end(inner);
    assert_int_equal(count_things(&t), 2);
    arena_end(&own);
    test_store_close(&t);
}

struct waits {
    struct test_store *store;
    _Atomic int begun, ended;
};

static void wait_begins(void *context)
{
    atomic_fetch_add(&((struct waits *)context)->begun, 1);
}

static void wait_ends(void *context)
{
    atomic_fetch_add(&((struct waits *)context)->ended, 1);
}

static void *read_beside(void *context)
{
    struct waits *w = context;
    AUTO_ARENA struct arena own;
    struct fail why;
    struct tx *tx = NULL;
    arena_init(&own, 1024 * 1024);
    fail_init(&why, &own);
    if (store_read_begin(w->store->store, &own, &tx, &why) == OK) store_read_end(tx);
    return NULL;
}

/* Else whoever has the connection and comes back to the gate would find all places taken by those who wait for it. */
static void who_waits_for_a_connection_says_so_and_takes_no_place_meanwhile(void **state)
{
    (void)state;
    struct test_store t;
    struct waits w = {.store = &t};
    struct tx *tx = NULL;
    pthread_t other;
    test_store_make_folder(&t);
    struct store_options o = thing_options();
    o.reader_count = 1;
    o.before_wait = wait_begins;
    o.after_wait = wait_ends;
    o.wait_context = &w;
    test_store_open_with(&t, o);
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    int begun = atomic_load(&w.begun), ended = atomic_load(&w.ended);
    assert_int_equal(begun, ended);
    assert_int_equal(pthread_create(&other, NULL, read_beside, &w), 0);
    for (int i = 0; i < 5000 && atomic_load(&w.begun) == begun; i++) usleep(1000);
    assert_int_equal(atomic_load(&w.begun), begun + 1);
    assert_int_equal(atomic_load(&w.ended), ended);
    store_read_end(tx);
    assert_int_equal(pthread_join(other, NULL), 0);
    assert_int_equal(atomic_load(&w.ended), ended + 1);
    test_store_close(&t);
}

static enum outcome rename_thing(struct tx *tx, const void *in, void *out, struct fail *why)
{
    return store_do(tx, THING(Q_THING_RENAME), VALUES(v_str(str_from(in)), v_str(STR("b"))), out, why);
}

static void rows_changed_are_counted(void **state)
{
    (void)state;
    struct test_store t;
    struct tx *tx = NULL;
    struct rows rows;
    int64_t changed = -1;
    open_things(&t);
    assert_ok(&t, add_named(&t, "a"));
    assert_ok(&t, add_named(&t, "c"));
    assert_ok(&t, store_run(t.store, rename_thing, "nobody", &changed, &t.why));
    assert_int_equal(changed, 0);
    assert_ok(&t, store_run(t.store, rename_thing, "c", &changed, &t.why));
    assert_int_equal(changed, 1);
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_ok(&t, store_all(tx, THING(Q_THINGS), NO_VALUES, &rows, &t.why));
    store_read_end(tx);
    assert_int_equal(rows.count, 2);
    assert_str(row_str(&rows.at[1], 1), "b");
    test_store_close(&t);
}

/* ---- time and ids ---- */

struct moment {
    int64_t id;
    instant_t now;
};

static enum outcome look_at_clock(struct tx *tx, const void *in, void *out, struct fail *why)
{
    (void)in;
    (void)why;
    *(struct moment *)out = (struct moment){tx_new_id(tx), tx_now(tx)};
    return OK;
}

static void ids_never_go_back_and_time_only_when_the_clock_was_wrong(void **state)
{
    (void)state;
    struct test_store t;
    struct moment first, second, third, fourth, fifth;
    const instant_t noon = INT64_C(1795000000) * US_PER_S;
    open_things(&t);
    clock_hold(noon);
    assert_ok(&t, store_run(t.store, look_at_clock, NULL, &first, &t.why));
    clock_hold(noon - 5 * US_PER_MINUTE);
    assert_ok(&t, store_run(t.store, look_at_clock, NULL, &second, &t.why));
    store_close(t.store);
    test_store_open_with(&t, thing_options());
    assert_ok(&t, store_run(t.store, look_at_clock, NULL, &third, &t.why));
    clock_hold(noon - US_PER_DAY);
    assert_ok(&t, store_run(t.store, look_at_clock, NULL, &fourth, &t.why));
    store_close(t.store);
    test_store_open_with(&t, thing_options());
    assert_ok(&t, store_run(t.store, look_at_clock, NULL, &fifth, &t.why));
    clock_release();
    assert_true(first.id < second.id && second.id < third.id && third.id < fourth.id && fourth.id < fifth.id);
    assert_true(first.now == noon && second.now == noon && third.now == noon);
    assert_true(fourth.now == noon - US_PER_DAY && fifth.now == fourth.now);
    test_store_close(&t);
}

/* ---- opening ---- */

static void a_query_that_does_not_fit_stops_the_start(void **state)
{
    (void)state;
    static const struct query mistaken[] = {
        {"no_table",     "SELECT 1 FROM nothing",                   "SELECT 1 FROM nothing",                   "", 0, false},
        {"no_parameter", "SELECT number FROM meta WHERE name = ?1", "SELECT number FROM meta WHERE name = $1", "", 0,
         false                                                                                                             },
        {"secret_write", "DELETE FROM meta",                        NULL,                                      "", 0, false},
    };
    struct test_store t;
    test_store_make_folder(&t);
    log_set_level(LOG_QUIET);
    for (size_t i = 0; i < LENGTH(mistaken); i++) {
        struct store_options o = thing_options();
        o.path = t.path;
        o.url = t.url[0] ? t.url : NULL;
        o.may_create = true;
        o.queries = &mistaken[i];
        o.query_count = 1;
        assert_int_equal(store_open(&o, &t.store, &t.why), ERR_BUG);
        assert_str(t.why.args[0], mistaken[i].name);
    }
    log_set_level(LOG_INFO);
    t.store = NULL;
    test_store_close(&t);
}

static void a_database_of_a_newer_program_is_refused(void **state)
{
    (void)state;
    struct test_store t;
    open_things(&t);
    store_close(t.store);
    t.store = NULL;
    assert_int_equal(
        store_open(&(struct store_options){.path = t.path, .url = t.url[0] ? t.url : NULL}, &t.store, &t.why),
        ERR_CONFLICT);
    assert_str(t.why.args[0], "9999_thing");
    test_store_close(&t);
}

static void a_database_that_is_not_there_is_not_made_unasked(void **state)
{
    (void)state;
    struct test_store t;
    test_store_make_folder(&t);
    if (t.url[0]) test_postgres_database("nothing", "template1", t.url, sizeof t.url);
    assert_int_equal(
        store_open(&(struct store_options){.path = t.path, .url = t.url[0] ? t.url : NULL}, &t.store, &t.why),
        ERR_MISSING);
    test_store_close(&t);
}

static void a_schema_file_gives_each_engine_its_lines(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 16);
    struct str sql = STR("a\n-- engine: sqlite\nb\n-- engine: postgres\nc\n-- engine: all\nd");
    assert_str(migration_text(&a, sql, STR("sqlite")), "a\nb\nd");
    assert_str(migration_text(&a, sql, STR("postgres")), "a\nc\nd");
    arena_end(&a);
}

/* ---- a backup ---- */

static void a_backup_is_a_whole_database(void **state)
{
    (void)state;
    struct test_store t;
    char copy[128];
    open_things(&t);
    assert_ok(&t, add_named(&t, "kept"));
    snprintf(copy, sizeof copy, "%s/copy.db", t.folder);
    assert_ok(&t, store_backup(t.store, copy, &t.why));
    assert_int_equal(store_backup(t.store, copy, &t.why), ERR_CONFLICT);
    assert_ok(&t, add_named(&t, "later"));
    char before[ORIGIN_BYTES], after[ORIGIN_BYTES];
    memcpy(before, t.store->origin, sizeof before);
    store_close(t.store);
    assert_int_equal(rename(copy, t.path), 0);
    struct store_options o = thing_options();
    o.is_restored = true;
    test_store_open_with(&t, o);
    memcpy(after, t.store->origin, sizeof after);
    assert_string_not_equal(before, after);
    assert_ok(&t, store_check(t.store, &t.why));
    assert_int_equal(count_things(&t), 1);
    test_store_close(&t);
}

enum { ADDED = 200 };

static void *add_for_a_while(void *context)
{
    struct test_store *t = context;
    char name[32];
    for (int i = 0; i < ADDED; i++) {
        snprintf(name, sizeof name, "meanwhile %d", i);
        if (add_named(t, name) != OK) return t;
    }
    return NULL;
}

static void a_large_backup_is_of_one_moment_and_is_broken_off_when_the_program_ends(void **state)
{
    (void)state;
    struct test_store t;
    char copy[128], other[128], part[140];
    enum { LARGE = 1024 * 1024, LARGE_ONES = 40 };
    open_things(&t);
    for (int i = 0; i < LARGE_ONES; i++) {
        char *name = arena_alloc(&t.arena, LARGE);
        memset(name, 'a' + i % 26, LARGE - 1);
        snprintf(name + LARGE - 16, 16, "%d", i);
        assert_ok(&t, add_named(&t, name));
    }
    pthread_t writer;
    void *failed;
    assert_int_equal(pthread_create(&writer, NULL, add_for_a_while, &t), 0);
    snprintf(copy, sizeof copy, "%s/copy.db", t.folder);
    snprintf(other, sizeof other, "%s/other.db", t.folder);
    snprintf(part, sizeof part, "%s.part", other);
    struct fail why;
    AUTO_ARENA struct arena a;
    arena_init(&a, 65536);
    fail_init(&why, &a);
    assert_int_equal(store_backup(t.store, copy, &why), OK);
    pthread_join(writer, &failed);
    assert_null(failed);
    store_end_soon(t.store);
    assert_int_equal(store_backup(t.store, other, &why), ERR_DOWN);
    assert_int_not_equal(access(other, F_OK), 0);
    assert_int_not_equal(access(part, F_OK), 0);
    assert_ok(&t, add_named(&t, "work goes on to the end"));
    store_close(t.store);
    assert_int_equal(rename(copy, t.path), 0);
    struct store_options o = thing_options();
    o.is_restored = true;
    test_store_open_with(&t, o);
    assert_ok(&t, store_check(t.store, &t.why));
    assert_true(count_things(&t) >= LARGE_ONES && count_things(&t) <= LARGE_ONES + ADDED);
    test_store_close(&t);
}

/* ---- sending twice ---- */

struct request {
    struct idempotency id;
    struct str name;
};

static enum outcome once(struct tx *tx, const void *in, void *out, struct fail *why)
{
    const struct request *rq = in;
    struct replay replay;
    TRY(idempotency_begin(tx, &rq->id, &replay, why));
    *(bool *)out = replay.is_found;
    if (replay.is_found) return replay.status == 201 && str_eq(replay.reply, rq->name) ? OK : ERR_BUG;
    TRY(store_do(tx, THING(Q_THING_ADD), VALUES(v_int(tx_new_id(tx)), v_str(rq->name), v_null()), NULL, why));
    return idempotency_finish(tx, &rq->id, 201, rq->name, why);
}

static void a_request_sent_twice_is_done_once(void **state)
{
    (void)state;
    struct test_store t;
    bool is_replay = true;
    struct request rq =
                       {
                           {7, STR("key"), sha256_of(STR("body"))},
                           STR("thing")
    },
                   other = rq;
    other.id.body_hash = sha256_of(STR("other"));
    open_things(&t);
    clock_hold(day_start(20000) + 23 * US_PER_HOUR);
    assert_ok(&t, store_run(t.store, once, &rq, &is_replay, &t.why));
    assert_false(is_replay);
    clock_hold(day_start(20001) + US_PER_HOUR); /* after midnight */
    assert_ok(&t, store_run(t.store, once, &rq, &is_replay, &t.why));
    assert_true(is_replay);
    assert_int_equal(store_run(t.store, once, &other, &is_replay, &t.why), ERR_INVALID);
    assert_int_equal(count_things(&t), 1);
    int64_t dropped = 0;
    assert_ok(&t, idempotency_clean(t.store, &dropped, &t.why));
    assert_int_equal(dropped, 0);
    clock_hold(day_start(20002));
    assert_ok(&t, idempotency_clean(t.store, &dropped, &t.why));
    assert_int_equal(dropped, 1);
    clock_release();
    test_store_close(&t);
}

/* ---- load ---- */

static const void *nth_thing(void *context, uint64_t n, struct arena *a)
{
    struct thing *thing = ARENA_NEW(a, struct thing);
    *thing = (struct thing){str_format(a, "loaded %d", (int)n), STR_NONE, context && n == 50};
    return thing;
}

static void a_load_runs_as_many_commands_as_were_asked_for(void **state)
{
    (void)state;
    static struct store_load_result result;
    struct test_store t;
    struct store_load load = {add_thing, nth_thing, NULL, 8, 200};
    open_things(&t);
    assert_ok(&t, store_load_run(t.store, &load, &result, &t.why));
    assert_int_equal(result.done, 200);
    assert_int_equal(count_things(&t), 200);
    assert_true(result.us > 0 && histogram_at(&result.each, 0.99) >= histogram_at(&result.each, 0.5));
    struct store_load refused = {add_thing, nth_thing, &t, 1, 200};
    assert_int_equal(store_load_run(t.store, &refused, &result, &t.why), ERR_CONFLICT);
    test_store_close(&t);
}

/* ---- a full disk ---- */

static void *add_many(void *context)
{
    struct taker *k = context;
    struct arena a;
    struct fail why;
    arena_init(&a, 1 << 20);
    fail_init(&why, &a);
    char *note = arena_alloc(&a, 6000);
    memset(note, 'x', 6000);
    struct thing thing = {.note = str_of(note, 6000)};
    for (int i = 0; i < EACH; i++) {
        thing.name = str_format(&a, "big %d of %d", i, k->number);
        enum outcome r = store_run(k->t->store, add_thing, &thing, &k->taken[i], &why);
        if (r != OK && r != ERR_DOWN) abort();
        if (r != OK) k->taken[i] = 0;
    }
    arena_end(&a);
    return NULL;
}

/* SQLite rolls the whole transaction back when one command finds the disk full; the neighbours' work must not be taken
 * for done. */
static void on_a_full_disk_exactly_the_acknowledged_are_there(void **state)
{
    (void)state;
    static struct taker takers[32];
    struct test_store t;
    open_things(&t);
    sqlite3 *db = ((struct sqlite *)t.store)->writer.c.db;
    assert_int_equal(sqlite3_exec(db, "PRAGMA max_page_count = 300", NULL, NULL, NULL), SQLITE_OK);
    log_set_level(LOG_QUIET);
    for (size_t i = 0; i < LENGTH(takers); i++) {
        takers[i].t = &t;
        takers[i].number = (int)i;
        assert_int_equal(pthread_create(&takers[i].thread, NULL, add_many, &takers[i]), 0);
    }
    int64_t acknowledged = 0;
    for (size_t i = 0; i < LENGTH(takers); i++) {
        pthread_join(takers[i].thread, NULL);
        for (int j = 0; j < EACH; j++) acknowledged += takers[i].taken[j] != 0;
    }
    log_set_level(LOG_INFO);
    assert_true(acknowledged > 0 && acknowledged < (int64_t)LENGTH(takers) * EACH);
    assert_int_equal(count_things(&t), acknowledged);
    assert_false(store_stats(t.store).is_down);
    assert_int_equal(sqlite3_exec(db, "PRAGMA max_page_count = 100000", NULL, NULL, NULL), SQLITE_OK);
    assert_ok(&t, add_named(&t, "room again"));
    test_store_close(&t);
}

/* ---- a commit that fails ---- */

static void note_stop(void *context)
{
    atomic_store((_Atomic bool *)context, true);
}

/* A child must not go on with the tests when something fails: it ends with a status of its own. */
static void open_in_child(struct test_store *t, struct store_options o)
{
    o.path = t->path;
    o.url = t->url[0] ? t->url : NULL;
    o.may_create = true;
    if (store_open(&o, &t->store, &t->why) != OK) _exit(99);
}

/* In a process of its own: the file size limit makes the write of the WAL fail in the commit. */
static int fail_a_commit(struct test_store *t)
{
    _Atomic bool is_stopped = false;
    struct store_options o = thing_options();
    o.is_sync_off = false;
    o.stop = note_stop;
    o.stop_context = (void *)&is_stopped;
    log_set_level(LOG_QUIET);
    open_in_child(t, o);
    if (add_named(t, "before") != OK) return 1;
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit = {4096, 4096};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 2;
    if (add_named(t, "lost") != ERR_DOWN) return 3;
    if (!str_has(str_from(t->why.sentence), STR("not known"))) return 4;
    for (int i = 0; i < 2000 && !atomic_load(&is_stopped); i++) usleep(10000);
    if (!atomic_load(&is_stopped) || !store_stats(t->store).is_down) return 5;
    if (add_named(t, "after") != ERR_DOWN) return 6;
    return 0;
}

static int in_a_child(int (*body)(struct test_store *), struct test_store *t)
{
    pid_t child = fork();
    if (child == 0) _exit(body(t));
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
}

static void a_failed_commit_is_told_as_unknown_and_stops_the_process(void **state)
{
    (void)state;
    struct test_store t;
    test_store_make_folder(&t);
    assert_int_equal(in_a_child(fail_a_commit, &t), 0);
    test_store_open_with(&t, thing_options());
    assert_int_equal(count_things(&t), 1);
    test_store_close(&t);
}

/* ---- kill -9 ---- */

enum { KILL_THREADS = 16 };

struct kill_writer {
    struct store *store;
    int number, pipe;
};

static void *write_for_ever(void *context)
{
    struct kill_writer *k = context;
    AUTO_ARENA struct arena a;
    struct fail why;
    arena_init(&a, 1 << 20);
    for (int i = 0;; i++) {
        fail_init(&why, &a);
        int64_t id;
        struct thing thing = {str_format(&a, "%d of %d", i, k->number), STR("written before the kill"), false};
        if (store_run(k->store, add_thing, &thing, &id, &why) != OK) _exit(9);
        if (write(k->pipe, &id, sizeof id) != sizeof id) _exit(8);
        arena_clear(&a);
    }
}

static void write_until_killed(struct test_store *t, int pipe)
{
    static struct kill_writer writers[KILL_THREADS];
    struct store_options o = thing_options();
    o.is_sync_off = false;
    open_in_child(t, o);
    for (int i = 0; i < KILL_THREADS; i++) {
        pthread_t thread;
        writers[i] = (struct kill_writer){t->store, i, pipe};
        if (pthread_create(&thread, NULL, write_for_ever, &writers[i]) != 0) _exit(7);
    }
    for (;;) pause();
}

static bool is_thing(struct test_store *t, struct tx *tx, int64_t id)
{
    struct rows rows;
    assert_ok(t, store_all(tx, THING(Q_THINGS), NO_VALUES, &rows, &t->why));
    for (size_t i = 0; i < rows.count; i++) {
        if (row_int(&rows.at[i], 0) == id) return true;
    }
    return false;
}

static void nothing_acknowledged_is_lost_by_a_kill(void **state)
{
    (void)state;
    enum { ROUNDS = 5, ACKS_MOST = 100000 };
    static int64_t acks[ACKS_MOST];
    for (int round = 0; round < ROUNDS; round++) {
        struct test_store t;
        int ends[2];
        size_t count = 0;
        test_store_make_folder(&t);
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0) write_until_killed(&t, ends[1]);
        close(ends[1]);
        while (count < ACKS_MOST && read(ends[0], &acks[count], sizeof acks[0]) == sizeof acks[0]) {
            if (++count == (size_t)(100 + 150 * round)) kill(child, SIGKILL);
        }
        close(ends[0]);
        waitpid(child, NULL, 0);
        assert_true(count >= 100);
        test_store_open_with(&t, thing_options());
        struct tx *tx = NULL;
        assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
        for (size_t i = 0; i < count; i += count / 20 + 1) assert_true(is_thing(&t, tx, acks[i]));
        assert_true(is_thing(&t, tx, acks[count - 1]));
        store_read_end(tx);
        assert_true(count_things(&t) >= (int64_t)count);
        test_store_close(&t);
    }
}

int main(int count, char **arguments)
{
    test_store_choose(count, arguments);
    const struct CMUnitTest on_sqlite[] = {
        cmocka_unit_test(commands_that_wait_at_the_same_time_share_commits),
        cmocka_unit_test(a_backup_is_a_whole_database),
        cmocka_unit_test(a_large_backup_is_of_one_moment_and_is_broken_off_when_the_program_ends),
        cmocka_unit_test(on_a_full_disk_exactly_the_acknowledged_are_there),
        cmocka_unit_test(a_failed_commit_is_told_as_unknown_and_stops_the_process),
    };
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_is_there_when_its_command_returns),
        cmocka_unit_test(a_refused_command_leaves_nothing_and_says_why),
        cmocka_unit_test(commands_that_wait_together_share_a_commit_but_no_refusal),
        cmocka_unit_test(text_that_would_not_read_back_is_refused),
        cmocka_unit_test(numbers_are_unique_and_without_gaps_under_200_threads),
        cmocka_unit_test(deferrals_of_survivors_run_in_order_and_tell_of_the_commit),
        cmocka_unit_test(a_failing_deferral_hurts_only_its_own_command),
        cmocka_unit_test(a_commit_that_is_refused_is_the_fault_of_its_command),
        cmocka_unit_test(a_query_may_run_within_itself),
        cmocka_unit_test(a_reader_keeps_its_snapshot),
        cmocka_unit_test(a_read_within_a_read_waits_for_nobody_and_sees_the_same),
        cmocka_unit_test(who_waits_for_a_connection_says_so_and_takes_no_place_meanwhile),
        cmocka_unit_test(rows_changed_are_counted),
        cmocka_unit_test(ids_never_go_back_and_time_only_when_the_clock_was_wrong),
        cmocka_unit_test(a_query_that_does_not_fit_stops_the_start),
        cmocka_unit_test(a_database_of_a_newer_program_is_refused),
        cmocka_unit_test(a_database_that_is_not_there_is_not_made_unasked),
        cmocka_unit_test(a_schema_file_gives_each_engine_its_lines),
        cmocka_unit_test(a_request_sent_twice_is_done_once),
        cmocka_unit_test(a_load_runs_as_many_commands_as_were_asked_for),
        cmocka_unit_test(nothing_acknowledged_is_lost_by_a_kill),
    };
    int failed = RUN_TESTS(tests);
    return test_store_is_postgres() ? failed : failed + RUN_TESTS(on_sqlite);
}
