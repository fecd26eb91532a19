/* What only PostgreSQL can do to the store: commands that end out of order, wait for each other in a circle, or lose
 * their connection. */
#include "store/test_store.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "base/auto.h"
#include "base/log.h"
#include "journal/journal.h"
#include "store/store_postgres.h"

/* ---- two tables rows of which commands take in their own order ---- */

enum { Q_ROW_ADD, Q_ROW_TAKE, Q_ROW_LOOK, ROW_QUERIES };
static const struct query row_queries[ROW_QUERIES] = {
    {"row_add",                                   "INSERT INTO thing (id, n) VALUES (?1, 0)", "INSERT INTO thing (id, n) VALUES ($1, 0)", "id",  1,    true},
    {          "row_take", "UPDATE thing SET n = n + 1 WHERE id = ?1", "UPDATE thing SET n = n + 1 WHERE id = $1",                                       "id",     1, true    },
    { "row_look",        "SELECT n FROM thing WHERE id = ?1",                                              "SELECT n FROM thing WHERE id = $1",                                          "id", 1,                                                                                   false,
     "SELECT n FROM thing WHERE id = $1 FOR NO KEY UPDATE OF thing"},
};

static void open_rows(struct test_store *t)
{
    static struct migration migrations[64];
    memcpy(migrations, embedded_migrations, embedded_migrations_count * sizeof *migrations);
    migrations[embedded_migrations_count] =
        (struct migration){(int)embedded_migrations_count + 1, "9999_thing",
                           STR("CREATE TABLE thing (id INTEGER NOT NULL PRIMARY KEY, n INTEGER NOT NULL) STRICT;")};
    test_store_make_folder(t);
    test_store_open_with(t, (struct store_options){.is_sync_off = true,
                                                   .migrations = migrations,
                                                   .migration_count = embedded_migrations_count + 1,
                                                   .queries = row_queries,
                                                   .query_count = ROW_QUERIES});
}

static enum outcome add_row(struct tx *tx, const void *in, void *out, struct fail *why)
{
    (void)out;
    return store_do(tx, Q_ROW_ADD, VALUES(v_int(*(const int64_t *)in)), NULL, why);
}

static enum outcome take_one_row(struct tx *tx, const void *in, void *out, struct fail *why)
{
    (void)out;
    return store_do(tx, Q_ROW_TAKE, VALUES(v_int(*(const int64_t *)in)), NULL, why);
}

static bool is_there(struct test_store *t, int64_t id)
{
    struct tx *tx;
    struct row r;
    assert_ok(t, store_read_begin(t->store, &t->arena, &tx, &t->why));
    enum outcome found = store_one(tx, Q_ROW_LOOK, VALUES(v_int(id)), &r, &t->why);
    store_read_end(tx);
    return found == OK;
}

static int64_t look(struct test_store *t, int64_t id)
{
    struct tx *tx;
    struct row r = {0};
    assert_ok(t, store_read_begin(t->store, &t->arena, &tx, &t->why));
    assert_ok(t, store_one(tx, Q_ROW_LOOK, VALUES(v_int(id)), &r, &t->why));
    store_read_end(tx);
    return row_int(&r, 0);
}

/* One command in a thread of its own, which can be held in its middle. */
struct runner {
    struct store *store;
    store_command *command;
    int64_t first, second;
    _Atomic int runs;
    _Atomic bool is_inside, may_go;
    enum outcome outcome;
    char sentence[160];
    pthread_t thread;
};

static void *run_runner(void *context)
{
    struct runner *r = context;
    AUTO_ARENA struct arena a;
    struct fail why;
    arena_init(&a, 1 << 20);
    fail_init(&why, &a);
    r->outcome = store_run(r->store, r->command, r, NULL, &why);
    snprintf(r->sentence, sizeof r->sentence, "%s", why.sentence ? why.sentence : "");
    return NULL;
}

static void start(struct runner *r)
{
    assert_int_equal(pthread_create(&r->thread, NULL, run_runner, r), 0);
}

static void wait_for(_Atomic bool *flag)
{
    for (int i = 0; i < 20000 && !atomic_load(flag); i++) usleep(1000);
    assert_true(atomic_load(flag));
}

static void hold(const struct runner *said)
{
    struct runner *r = (struct runner *)(uintptr_t)said; /* the command's input is how the test talks to it */
    atomic_store(&r->is_inside, true);
    for (int i = 0; i < 20000 && !atomic_load(&r->may_go); i++) usleep(1000);
}

/* ---- circles ---- */

static enum outcome take_two(struct tx *tx, const void *in, void *out, struct fail *why)
{
    const struct runner *r = in;
    int64_t rows;
    (void)out;
    tx_run_beside(tx);
    atomic_fetch_add((_Atomic int *)(uintptr_t)&r->runs, 1);
    TRY(store_do(tx, Q_ROW_TAKE, VALUES(v_int(r->first)), &rows, why));
    hold(r);
    return store_do(tx, Q_ROW_TAKE, VALUES(v_int(r->second)), &rows, why);
}

static void commands_that_wait_for_each_other_in_a_circle_are_both_done(void **state)
{
    (void)state;
    struct test_store t;
    int64_t one = 1, two = 2;
    open_rows(&t);
    assert_ok(&t, store_run(t.store, add_row, &one, NULL, &t.why));
    assert_ok(&t, store_run(t.store, add_row, &two, NULL, &t.why));
    struct runner a = {.store = t.store, .command = take_two, .first = 1, .second = 2};
    struct runner b = {.store = t.store, .command = take_two, .first = 2, .second = 1};
    start(&a);
    start(&b);
    wait_for(&a.is_inside);
    wait_for(&b.is_inside);
    atomic_store(&a.may_go, true);
    atomic_store(&b.may_go, true);
    pthread_join(a.thread, NULL);
    pthread_join(b.thread, NULL);
    assert_int_equal(a.outcome, OK);
    assert_int_equal(b.outcome, OK);
    assert_true(atomic_load(&a.runs) + atomic_load(&b.runs) > 2); /* one of them ran again */
    assert_int_equal(look(&t, 1), 2);
    assert_int_equal(look(&t, 2), 2);
    test_store_close(&t);
}

/* ---- alone or beside ---- */

static enum outcome take_alone(struct tx *tx, const void *in, void *out, struct fail *why)
{
    const struct runner *r = in;
    struct row row;
    (void)out;
    TRY(store_one(tx, Q_ROW_LOOK, VALUES(v_int(r->first)), &row, why));
    hold(r);
    return row_int(&row, 0) == 0 ? store_do(tx, Q_ROW_TAKE, VALUES(v_int(r->first)), NULL, why) : ERR_STALE;
}

/* Both decide on what they read; only one may find 0. */
static void a_command_that_says_nothing_is_alone(void **state)
{
    (void)state;
    struct test_store t;
    int64_t one = 1;
    open_rows(&t);
    assert_ok(&t, store_run(t.store, add_row, &one, NULL, &t.why));
    struct runner a = {.store = t.store, .command = take_alone, .first = 1}, b = a;
    start(&a);
    wait_for(&a.is_inside);
    start(&b);
    usleep(100000);
    assert_false(atomic_load(&b.is_inside)); /* it waits at the door */
    atomic_store(&b.may_go, true);
    atomic_store(&a.may_go, true);
    pthread_join(a.thread, NULL);
    pthread_join(b.thread, NULL);
    assert_int_equal(a.outcome, OK);
    assert_int_equal(b.outcome, ERR_STALE);
    assert_int_equal(look(&t, 1), 1);
    test_store_close(&t);
}

static enum outcome take_locked(struct tx *tx, const void *in, void *out, struct fail *why)
{
    tx_run_beside(tx);
    return take_alone(tx, in, out, why);
}

/* ... and beside others by the lock of its row. */
static void a_query_that_locks_keeps_its_row_for_the_command(void **state)
{
    (void)state;
    struct test_store t;
    int64_t one = 1, two = 2;
    open_rows(&t);
    assert_ok(&t, store_run(t.store, add_row, &one, NULL, &t.why));
    assert_ok(&t, store_run(t.store, add_row, &two, NULL, &t.why));
    struct runner a = {.store = t.store, .command = take_locked, .first = 1}, b = a, other = a;
    other.first = 2;
    start(&a);
    wait_for(&a.is_inside);
    start(&b);
    start(&other);
    wait_for(&other.is_inside); /* another row: nobody waits */
    assert_false(atomic_load(&b.is_inside));
    atomic_store(&a.may_go, true);
    atomic_store(&b.may_go, true);
    atomic_store(&other.may_go, true);
    pthread_join(a.thread, NULL);
    pthread_join(b.thread, NULL);
    pthread_join(other.thread, NULL);
    assert_int_equal(a.outcome, OK);
    assert_int_equal(b.outcome, ERR_STALE);
    assert_int_equal(other.outcome, OK);
    test_store_close(&t);
}

/* ---- many alone in one transaction ---- */

enum { HELD = 1, CHANGES_ITS_MIND };

static enum outcome add_held(struct tx *tx, const void *in, void *out, struct fail *why)
{
    const struct runner *r = in;
    (void)out;
    TRY(store_do(tx, Q_ROW_ADD, VALUES(v_int(r->first)), NULL, why));
    if (r->second == HELD) hold(r);
    return r->second == CHANGES_ITS_MIND ? ERR_STALE : OK;
}

/* Once it is known that the command is alone, what waits while one is run shares the next commit. */
static void those_that_wait_share_a_commit_and_a_refused_one_takes_no_other_with_it(void **state)
{
    (void)state;
    enum { OTHERS = 7, REFUSED = 2, UNWILLING = 4 };
    static const enum outcome wanted[OTHERS] = {[REFUSED] = ERR_CONFLICT, [UNWILLING] = ERR_STALE};
    struct test_store t;
    open_rows(&t);
    struct runner known = {.store = t.store, .command = add_held, .first = 1}, held = known, others[OTHERS];
    run_runner(&known);
    assert_int_equal(known.outcome, OK);
    held.first = 2;
    held.second = HELD;
    start(&held);
    wait_for(&held.is_inside);
    for (int i = 0; i < OTHERS; i++) {
        others[i] = known;
        others[i].first = i == REFUSED ? 1 : 10 + i;
        others[i].second = i == UNWILLING ? CHANGES_ITS_MIND : 0;
        start(&others[i]);
    }
    for (int i = 0; i < 20000 && store_stats(t.store).queue_length < OTHERS; i++) usleep(1000);
    assert_int_equal(store_stats(t.store).queue_length, OTHERS);
    uint64_t commits = store_stats(t.store).batches;
    atomic_store(&held.may_go, true);
    pthread_join(held.thread, NULL);
    for (int i = 0; i < OTHERS; i++) {
        pthread_join(others[i].thread, NULL);
        assert_int_equal(others[i].outcome, wanted[i]);
        if (i != REFUSED) assert_int_equal(is_there(&t, 10 + i), wanted[i] == OK);
    }
    assert_int_equal(store_stats(t.store).batches, commits + 2);
    assert_int_equal(store_stats(t.store).largest_batch, OTHERS);
    test_store_close(&t);
}

/* ---- asked ahead ---- */

static enum outcome look_at(struct tx *tx, int64_t id, int64_t *out, struct fail *why)
{
    struct row r;
    TRY(store_one(tx, Q_ROW_LOOK, VALUES(v_int(id)), &r, why));
    *out = row_int(&r, 0);
    return OK;
}

static enum outcome ask_and_take(struct tx *tx, const void *in, void *out, struct fail *why)
{
    int64_t *seen = out, unused;
    (void)in;
    store_ahead(tx, Q_ROW_LOOK, VALUES(v_int(1)));
    store_ahead(tx, Q_ROW_LOOK, VALUES(v_int(3)));
    store_ahead(tx, Q_ROW_LOOK, VALUES(v_int(2)));
    TRY(store_do(tx, Q_ROW_TAKE, VALUES(v_int(2)), NULL, why));
    TRY(look_at(tx, 4, &unused, why));
    for (int64_t id = 1; id <= 2; id++) TRY(look_at(tx, id, &seen[id], why));
    return look_at(tx, 2, &seen[3], why);
}

/* Row 3 is asked ahead and never taken, row 4 taken without having been asked, row 2 a second time. */
static void what_is_asked_ahead_is_answered_as_of_then_and_once(void **state)
{
    (void)state;
    struct test_store t;
    int64_t seen[4] = {-1, -1, -1, -1};
    open_rows(&t);
    for (int64_t id = 1; id <= 4; id++) assert_ok(&t, store_run(t.store, add_row, &id, NULL, &t.why));
    assert_ok(&t, store_run(t.store, ask_and_take, NULL, seen, &t.why));
    assert_int_equal(seen[1], 0);
    assert_int_equal(seen[2], 0);
    assert_int_equal(seen[3], 1);
    assert_int_equal(look(&t, 2), 1);
    test_store_close(&t);
}

/* Row 1 names row 2, row 2 row 3; both are known before anything was answered. */
static void a_reader_asks_ahead_with_what_an_answer_is_going_to_say(void **state)
{
    (void)state;
    struct test_store t;
    struct tx *tx;
    int64_t seen, id;
    open_rows(&t);
    for (id = 1; id <= 3; id++) assert_ok(&t, store_run(t.store, add_row, &id, NULL, &t.why));
    for (int64_t row = 1; row <= 2; row++)
        for (int i = 0; i <= row; i++) assert_ok(&t, store_run(t.store, take_one_row, &row, NULL, &t.why));
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    uint64_t before = store_stats(t.store).round_trips;
    store_ahead(tx, Q_ROW_LOOK, VALUES(v_int(1)));
    store_ahead(tx, Q_ROW_LOOK, VALUES(v_answer(Q_ROW_LOOK, 0)));
    assert_ok(&t, look_at(tx, 1, &seen, &t.why));
    assert_int_equal(seen, 2);
    store_ahead(tx, Q_ROW_LOOK, VALUES(v_answer(Q_ROW_LOOK, 0))); /* of row 2, which is here already: row 3 */
    assert_ok(&t, look_at(tx, 2, &seen, &t.why));
    assert_int_equal(seen, 3);
    assert_int_equal(store_stats(t.store).round_trips - before, 1);
    for (int again = 0; again < 2; again++) assert_ok(&t, look_at(tx, 3, &seen, &t.why));
    assert_int_equal(seen, 0);
    assert_int_equal(store_stats(t.store).round_trips - before, 2);
    store_read_end(tx);
    test_store_close(&t);
}

/* As whoever reads ten thousand rows in one request does: the question stands, the memory of who asked it is used
 * again. */
static void what_was_asked_ahead_is_known_when_who_asked_takes_the_memory_back(void **state)
{
    enum { GARBAGE_BYTES = 4096 };
    (void)state;
    struct test_store t;
    struct tx *tx;
    int64_t seen, id;
    open_rows(&t);
    for (id = 1; id <= 2; id++) assert_ok(&t, store_run(t.store, add_row, &id, NULL, &t.why));
    id = 2;
    assert_ok(&t, store_run(t.store, take_one_row, &id, NULL, &t.why));
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    struct arena_mark mark = arena_mark(&t.arena);
    store_ahead(tx, Q_ROW_LOOK, VALUES(v_int(1)));
    assert_ok(&t, look_at(tx, 1, &seen, &t.why));
    assert_int_equal(seen, 0);
    arena_back(&t.arena, mark);
    struct value *garbage = ARENA_ARRAY(&t.arena, struct value, GARBAGE_BYTES / sizeof *garbage);
    for (size_t i = 0; i < GARBAGE_BYTES / sizeof *garbage; i++) garbage[i] = v_int(2);
    assert_ok(&t, look_at(tx, 2, &seen, &t.why));
    assert_int_equal(seen, 1);
    store_read_end(tx);
    test_store_close(&t);
}

static void an_answer_that_has_no_row_leaves_what_builds_on_it_without_one(void **state)
{
    (void)state;
    struct test_store t;
    struct tx *tx;
    struct row r;
    int64_t id = 1;
    open_rows(&t);
    assert_ok(&t, store_run(t.store, add_row, &id, NULL, &t.why));
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    store_ahead(tx, Q_ROW_LOOK, VALUES(v_int(7)));
    store_ahead(tx, Q_ROW_LOOK, VALUES(v_answer(Q_ROW_LOOK, 0)));
    assert_int_equal(store_one(tx, Q_ROW_LOOK, VALUES(v_int(7)), &r, &t.why), ERR_MISSING);
    assert_int_equal(store_one(tx, Q_ROW_LOOK, VALUES(v_null()), &r, &t.why), ERR_MISSING);
    assert_int_equal(store_one(tx, Q_ROW_LOOK, VALUES(v_int(1)), &r, &t.why), OK);
    store_read_end(tx);
    test_store_close(&t);
}

/* ---- changes nobody waits for ---- */

static enum outcome change_row(struct tx *tx, const void *in, void *out, struct fail *why)
{
    (void)out;
    return store_change(tx, Q_ROW_TAKE, VALUES(v_int(*(const int64_t *)in)), why);
}

static void a_change_that_finds_no_row_is_refused_as_stale_and_waited_for_once(void **state)
{
    (void)state;
    struct test_store t;
    int64_t one = 1, none = 7;
    open_rows(&t);
    assert_ok(&t, store_run(t.store, add_row, &one, NULL, &t.why));
    assert_ok(&t, store_run(t.store, change_row, &one, NULL, &t.why));
    uint64_t before = store_stats(t.store).round_trips;
    assert_ok(&t, store_run(t.store, change_row, &one, NULL, &t.why));
    assert_int_equal(store_stats(t.store).round_trips - before, 1);
    assert_int_equal(store_run(t.store, change_row, &none, NULL, &t.why), ERR_STALE);
    assert_int_equal(look(&t, 1), 2);
    test_store_close(&t);
}

/* ---- connections that end ---- */

static void end_connections(const struct test_store *t, const char *which)
{
    char sql[400];
    PGconn *c = test_postgres_connect(t->url);
    snprintf(sql, sizeof sql,
             "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
             " WHERE datname = current_database() AND pid <> pg_backend_pid() AND %s",
             which);
    assert_true(test_postgres_ask(c, sql) > 0);
    PQfinish(c);
}

static void a_connection_lost_before_the_commit_costs_nothing(void **state)
{
    (void)state;
    struct test_store t;
    int64_t one = 1;
    open_rows(&t);
    assert_ok(&t, store_run(t.store, add_row, &one, NULL, &t.why));
    log_set_level(LOG_QUIET);
    struct runner a = {.store = t.store, .command = take_two, .first = 1, .second = 1};
    start(&a);
    wait_for(&a.is_inside);
    end_connections(&t, "state = 'idle in transaction'");
    atomic_store(&a.may_go, true);
    pthread_join(a.thread, NULL);
    assert_int_equal(a.outcome, OK);
    assert_int_equal(atomic_load(&a.runs), 2);
    assert_int_equal(look(&t, 1), 2);
    end_connections(&t, "true"); /* and whoever reads finds another one too */
    assert_int_equal(look(&t, 1), 2);
    assert_ok(&t, store_ready(t.store, &t.why));
    log_set_level(LOG_INFO);
    test_store_close(&t);
}

static enum outcome add_seven(struct tx *tx, const void *in, void *out, struct fail *why)
{
    (void)in;
    (void)out;
    return store_do(tx, Q_ROW_ADD, VALUES(v_int(7)), NULL, why);
}

/* The server is stopped in the middle of COMMIT by a trigger that waits there. */
static void a_connection_lost_in_the_commit_is_told_as_unknown(void **state)
{
    (void)state;
    struct test_store t;
    open_rows(&t);
    PGconn *c = test_postgres_connect(t.url);
    test_postgres_do(c, "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS"
                        " $$ BEGIN PERFORM pg_sleep(20); RETURN NULL; END $$");
    test_postgres_do(c, "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON thing DEFERRABLE INITIALLY DEFERRED"
                        " FOR EACH ROW EXECUTE FUNCTION slowly()");
    log_set_level(LOG_QUIET);
    struct runner r = {.store = t.store, .command = add_seven};
    start(&r);
    for (int i = 0; i < 20000; i++) {
        if (test_postgres_ask(c, "SELECT count(*) FROM pg_stat_activity WHERE query = 'COMMIT' AND state = 'active'") >
            0)
            break;
        usleep(1000);
    }
    end_connections(&t, "query = 'COMMIT' AND state = 'active'");
    pthread_join(r.thread, NULL);
    log_set_level(LOG_INFO);
    assert_int_equal(r.outcome, ERR_DOWN);
    assert_non_null(strstr(r.sentence, "not known"));
    PQfinish(c);
    test_store_close(&t);
}

/* ---- the order of the journal ---- */

struct writing {
    struct store *store;
    int64_t subject, id;
    enum outcome outcome;
    pthread_t thread;
};

static enum outcome write_entry(struct tx *tx, const void *in, void *out, struct fail *why)
{
    struct writing *w = (struct writing *)(uintptr_t)in;
    struct entry e = {
        .subject_kind = SUBJECT_DOSSIER, .subject = w->subject, .version = 1, .act = "receive", .payload = STR("{}")};
    (void)out;
    tx_run_beside(tx);
    return journal_append(tx, &e, &w->id, why);
}

static void *write_in_thread(void *context)
{
    struct writing *w = context;
    AUTO_ARENA struct arena a;
    struct fail why;
    arena_init(&a, 1 << 20);
    fail_init(&why, &a);
    w->outcome = store_run(w->store, write_entry, w, NULL, &why);
    return NULL;
}

/* The first one's entry is held back in its COMMIT while others begin and end; a reader by position sees those and
 * then, behind them, the late one. */
static void an_entry_that_commits_late_gets_a_late_position(void **state)
{
    (void)state;
    struct test_store t;
    struct tx *tx;
    struct journal_entry *seen;
    size_t count;
    test_store_open(&t);
    PGconn *c = test_postgres_connect(t.url);
    test_postgres_do(c,
                     "CREATE FUNCTION held() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                     " IF NEW.subject = 1 THEN PERFORM pg_advisory_xact_lock_shared(1); END IF; RETURN NULL; END $$");
    test_postgres_do(c, "CREATE CONSTRAINT TRIGGER held AFTER INSERT ON entry DEFERRABLE INITIALLY DEFERRED"
                        " FOR EACH ROW EXECUTE FUNCTION held()");
    test_postgres_do(c, "SELECT pg_advisory_lock(1)");
    struct writing late = {.store = t.store, .subject = 1}, early[3];
    assert_int_equal(pthread_create(&late.thread, NULL, write_in_thread, &late), 0);
    while (test_postgres_ask(c, "SELECT count(*) FROM pg_locks WHERE NOT granted") == 0) usleep(1000);
    for (int i = 0; i < 3; i++) {
        early[i] = (struct writing){.store = t.store, .subject = 2 + i};
        write_in_thread(&early[i]);
        assert_int_equal(early[i].outcome, OK);
    }
    test_store_settle(&t);
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_ok(&t, journal_after(tx, 0, 10, &seen, &count, &t.why));
    store_read_end(tx);
    assert_int_equal(count, 3);
    test_postgres_do(c, "SELECT pg_advisory_unlock(1)");
    pthread_join(late.thread, NULL);
    assert_int_equal(late.outcome, OK);
    test_store_settle(&t);
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_ok(&t, journal_after(tx, 3, 10, &seen, &count, &t.why)); /* as a follower goes on from its cursor */
    assert_int_equal(count, 1);
    assert_int_equal(seen[0].subject, 1);
    assert_int_equal(seen[0].position, 4);
    assert_true(seen[0].id < early[0].id); /* by id it would have been missed */
    struct journal_checkpoint head;
    assert_ok(&t, journal_verify(tx, &head, &t.why));
    store_read_end(tx);
    PQfinish(c);
    test_store_close(&t);
}

static void the_database_refuses_to_change_the_journal(void **state)
{
    (void)state;
    static const char *const attempts[] = {"UPDATE entry SET act = 'x'", "DELETE FROM entry", "TRUNCATE leaf",
                                           "UPDATE leaf SET hash = ''", "DELETE FROM leaf"};
    struct test_store t;
    test_store_open(&t);
    PGconn *c = test_postgres_connect(t.url);
    for (size_t i = 0; i < LENGTH(attempts); i++) {
        PGresult *r = PQexec(c, attempts[i]);
        assert_int_equal(PQresultStatus(r), PGRES_FATAL_ERROR);
        assert_string_equal(PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY), "the journal is never changed");
        PQclear(r);
    }
    PQfinish(c);
    test_store_close(&t);
}

/* ---- opening ---- */

static void a_database_belongs_to_one_process(void **state)
{
    (void)state;
    struct test_store t;
    struct store *second = NULL;
    test_store_open(&t);
    assert_int_equal(store_open(&(struct store_options){.url = t.url}, &second, &t.why), ERR_CONFLICT);
    test_store_close(&t);
}

/* Versions of rows and of functions: a row that is written again has another one. */
static int64_t versions(PGconn *c)
{
    return test_postgres_ask(c, "SELECT (SELECT sum(xmin::text::bigint) FROM meta)"
                                " + (SELECT sum(xmin::text::bigint) FROM migration)"
                                " + (SELECT n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_sys_tables"
                                "    WHERE schemaname = 'pg_catalog' AND relname = 'pg_proc')");
}

static void a_start_with_nothing_to_do_writes_nothing(void **state)
{
    (void)state;
    struct test_store t;
    test_store_open(&t);
    store_close(t.store);
    PGconn *c = test_postgres_connect(t.url);
    int64_t before = versions(c);
    test_store_open_with(&t, (struct store_options){.is_sync_off = true});
    assert_int_equal(versions(c), before);
    PQfinish(c);
    test_store_close(&t);
}

/* ---- several processes ---- */

static struct store *open_another(struct test_store *t)
{
    struct store *s = NULL;
    assert_ok(t,
              store_open(&(struct store_options){.url = t->url, .is_shared = true, .is_sync_off = true}, &s, &t->why));
    return s;
}

static void open_shared(struct test_store *t)
{
    test_store_make_folder(t);
    test_store_open_with(t, (struct store_options){.is_sync_off = true, .is_shared = true});
}

static void wait_to_lead(struct store *s)
{
    for (int i = 0; i < 60000 && store_leadership(s) == 0; i++) usleep(1000);
    assert_true(store_leadership(s) > 0);
}

static void one_process_leads_and_the_next_follows_it(void **state)
{
    (void)state;
    struct test_store t;
    open_shared(&t);
    wait_to_lead(t.store);
    int64_t first = store_leadership(t.store);
    struct store *second = open_another(&t), *third = NULL;
    assert_int_equal(store_leadership(second), 0);
    assert_int_equal(store_open(&(struct store_options){.url = t.url}, &third, &t.why), ERR_CONFLICT); /* alone */
    fail_init(&t.why, &t.arena);
    store_close(t.store);
    t.store = second;
    wait_to_lead(second);
    assert_true(store_leadership(second) > first);
    test_store_close(&t);
}

/* The one before has been stopped in its middle and knows nothing of it: its lease runs out, and is somebody else's. */
static void a_lease_that_ran_out_is_taken_over(void **state)
{
    (void)state;
    struct test_store t;
    open_shared(&t);
    PGconn *c = test_postgres_connect(t.url);
    wait_to_lead(t.store);
    test_postgres_do(c, "UPDATE lease SET holder = holder + 1000000, epoch = epoch + 1,"
                        " until = (extract(epoch FROM clock_timestamp()) * 1000000)::bigint + 2500000");
    for (int i = 0; i < 60000 && store_leadership(t.store) != 0; i++) usleep(1000);
    assert_int_equal(store_leadership(t.store), 0);
    wait_to_lead(t.store);
    assert_int_equal(store_leadership(t.store), 3);
    PQfinish(c);
    test_store_close(&t);
}

static void note_news(void *context)
{
    atomic_fetch_add((_Atomic int *)context, 1);
}

static void wait_until(_Atomic int *count, int at_least)
{
    for (int i = 0; i < 60000 && atomic_load(count) < at_least; i++) usleep(1000);
    assert_true(atomic_load(count) >= at_least);
}

static void what_one_process_tells_the_others_hear_and_so_they_do_of_entries(void **state)
{
    (void)state;
    struct test_store t;
    _Atomic int told = 0, other = 0, commits = 0;
    struct writing w = {.subject = 5};
    open_shared(&t);
    struct store *second = open_another(&t);
    store_on_news(second, "calendars", note_news, &told);
    store_on_news(second, "visitors", note_news, &other);
    store_on_commit(second, note_news, &commits);
    store_tell(t.store, "calendars");
    wait_until(&told, 1);
    w.store = t.store;
    write_in_thread(&w);
    assert_int_equal(w.outcome, OK);
    wait_until(&commits, 1);
    int before = atomic_load(&told) + atomic_load(&other);
    log_set_level(LOG_QUIET);
    end_connections(&t, "(query LIKE '%LISTEN%' OR query LIKE '%FROM lease%' OR query LIKE 'INSERT INTO lease%')");
    wait_until(&other, 1); /* what may have been missed counts as told */
    log_set_level(LOG_INFO);
    assert_true(atomic_load(&told) + atomic_load(&other) > before);
    store_off_news(second, &told);
    store_off_news(second, &other);
    store_off_commit(second, note_news, &commits);
    store_close(second);
    test_store_close(&t);
}

/* A process that was killed between its commit and the places of its entries: another one gives them. */
static void entries_that_a_dead_process_left_without_a_place_get_one(void **state)
{
    (void)state;
    struct test_store t;
    struct writing w = {.subject = 9};
    open_shared(&t);
    PGconn *c = test_postgres_connect(t.url);
    test_postgres_do(c, "SELECT pg_advisory_lock(" PG_LOCK_PLACES ")"); /* nobody gives any now */
    w.store = t.store;
    write_in_thread(&w);
    assert_int_equal(w.outcome, OK);
    test_postgres_do(c, "CREATE TABLE left_behind AS SELECT entry, hash FROM leaf_waiting");
    test_postgres_do(c, "DELETE FROM leaf_waiting"); /* so that it is as if nobody here knew of it */
    test_postgres_do(c, "SELECT pg_advisory_unlock(" PG_LOCK_PLACES ")");
    test_postgres_do(c, "INSERT INTO leaf_waiting (entry, hash) SELECT entry, hash FROM left_behind");
    test_store_settle(&t); /* for ever, if nobody looked */
    assert_int_equal(test_postgres_ask(c, "SELECT count(*) FROM leaf"), 1);
    PQfinish(c);
    test_store_close(&t);
}

struct settling {
    struct store *store;
    _Atomic enum outcome outcome;
};

static void *settle_in_thread(void *context)
{
    struct settling *in = context;
    AUTO_ARENA struct arena a;
    struct fail why;
    arena_init(&a, 1 << 20);
    fail_init(&why, &a);
    in->outcome = store_settle(in->store, &why);
    return NULL;
}

/* However long another process holds the order: what was answered before stands in the journal when it returns. */
static void whoever_reads_everything_waits_for_the_places(void **state)
{
    (void)state;
    struct test_store t;
    pthread_t thread;
    open_shared(&t);
    PGconn *c = test_postgres_connect(t.url);
    test_postgres_do(c, "SELECT pg_advisory_lock(" PG_LOCK_PLACES ")");
    struct writing w = {.store = t.store, .subject = 9};
    write_in_thread(&w);
    assert_int_equal(w.outcome, OK);
    struct settling s = {.store = t.store, .outcome = ERR_BUG};
    assert_int_equal(pthread_create(&thread, NULL, settle_in_thread, &s), 0);
    usleep(50000);
    assert_int_equal(s.outcome, ERR_BUG); /* it waits */
    assert_int_equal(test_postgres_ask(c, "SELECT count(*) FROM leaf"), 0);
    test_postgres_do(c, "SELECT pg_advisory_unlock(" PG_LOCK_PLACES ")");
    pthread_join(thread, NULL);
    assert_int_equal(s.outcome, OK);
    assert_int_equal(test_postgres_ask(c, "SELECT count(*) FROM leaf"), 1);
    assert_ok(&t, store_settle(t.store, &t.why)); /* nothing waits: it returns all the same */
    log_set_level(LOG_QUIET);
    test_postgres_do(c, "SELECT pg_advisory_lock(" PG_LOCK_PLACES ")");
    s.outcome = OK;
    assert_int_equal(pthread_create(&thread, NULL, settle_in_thread, &s), 0);
    while (test_postgres_ask(c, "SELECT count(*) FROM pg_locks WHERE NOT granted") == 0) usleep(1000);
    end_connections(&t, "query LIKE '%pg_advisory_xact_lock(" PG_LOCK_PLACES ")%'");
    pthread_join(thread, NULL);
    assert_int_equal(s.outcome, ERR_DOWN); /* and does not say that it is whole when that is not known */
    log_set_level(LOG_INFO);
    PQfinish(c);
    test_store_close(&t);
}

static void a_schema_file_is_read_in_the_words_of_the_server(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 4 << 20);
    assert_str(pg_schema_text(&a, STR("CREATE TABLE x ( -- it's INTEGER\n a INTEGER, text TEXT DEFAULT 'TEXT -- no',"
                                      " b BLOB) STRICT, WITHOUT ROWID;")),
               "CREATE TABLE x ( \n a bigint, text text COLLATE \"C\" DEFAULT 'TEXT -- no', b bytea)   ;");
    arena_end(&a);
}

/* A machine that takes the call and says nothing. */
static int listen_silently(int *out_port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, size), 0);
    assert_int_equal(listen(fd, 8), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    *out_port = ntohs(at.sin_port);
    return fd;
}

static int64_t dial_time(struct postgres *s)
{
    int64_t began = clock_monotonic_us();
    PGconn *c = pg_dial(s);
    assert_int_equal(PQstatus(c), CONNECTION_OK);
    PQfinish(c);
    return clock_monotonic_us() - began;
}

static void nobody_waits_for_a_silent_machine_while_another_one_answers(void **state)
{
    (void)state;
    char url[256];
    int port, fd = listen_silently(&port);
    struct postgres s = {.url = url};
    snprintf(url, sizeof url, "postgresql://motcua@/postgres?host=127.0.0.1,127.0.0.1,%s&port=%d,1,5432",
             getenv("MOTCUA_TEST_POSTGRES"), port);
    pg_hosts_init(&s.hosts, url);
    assert_int_equal(s.hosts.names.count, 3);
    assert_true(dial_time(&s) < 3 * US_PER_S); /* libpq waits 5 s for the first of them */
    assert_int_equal(s.hosts.last, 2);         /* and from now on it is the last to be asked */
    atomic_store(&s.hosts.last, 0);
    assert_true(dial_time(&s) >= 200000); /* the silent one was asked first, and for a moment nobody beside it */
    pg_hosts_clear(&s.hosts);
    (void)close(fd); /* of a test */
}

int main(int count, char **arguments)
{
    test_store_choose(count, arguments);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_that_wait_for_each_other_in_a_circle_are_both_done),
        cmocka_unit_test(a_command_that_says_nothing_is_alone),
        cmocka_unit_test(a_query_that_locks_keeps_its_row_for_the_command),
        cmocka_unit_test(what_is_asked_ahead_is_answered_as_of_then_and_once),
        cmocka_unit_test(a_reader_asks_ahead_with_what_an_answer_is_going_to_say),
        cmocka_unit_test(what_was_asked_ahead_is_known_when_who_asked_takes_the_memory_back),
        cmocka_unit_test(an_answer_that_has_no_row_leaves_what_builds_on_it_without_one),
        cmocka_unit_test(a_change_that_finds_no_row_is_refused_as_stale_and_waited_for_once),
        cmocka_unit_test(those_that_wait_share_a_commit_and_a_refused_one_takes_no_other_with_it),
        cmocka_unit_test(a_connection_lost_before_the_commit_costs_nothing),
        cmocka_unit_test(a_connection_lost_in_the_commit_is_told_as_unknown),
        cmocka_unit_test(an_entry_that_commits_late_gets_a_late_position),
        cmocka_unit_test(the_database_refuses_to_change_the_journal),
        cmocka_unit_test(a_database_belongs_to_one_process),
        cmocka_unit_test(a_start_with_nothing_to_do_writes_nothing),
        cmocka_unit_test(one_process_leads_and_the_next_follows_it),
        cmocka_unit_test(a_lease_that_ran_out_is_taken_over),
        cmocka_unit_test(what_one_process_tells_the_others_hear_and_so_they_do_of_entries),
        cmocka_unit_test(entries_that_a_dead_process_left_without_a_place_get_one),
        cmocka_unit_test(whoever_reads_everything_waits_for_the_places),
        cmocka_unit_test(nobody_waits_for_a_silent_machine_while_another_one_answers),
    };
    const struct CMUnitTest everywhere[] = {
        cmocka_unit_test(a_schema_file_is_read_in_the_words_of_the_server),
    };
    return test_store_is_postgres() ? RUN_TESTS(tests) : RUN_TESTS(everywhere);
}
