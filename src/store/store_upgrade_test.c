/* A newer program beside an older one over one database: what expands, what contracts, who leads, who is refused. */
#include "store/test_store.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/auto.h"
#include "base/log.h"
#include "store/store_postgres.h"

enum { EXTRA_MOST = 4, MIGRATIONS_ROOM = 128 };

/* A program: the schema of this one and some files more. */
struct program {
    struct migration migrations[MIGRATIONS_ROOM];
    size_t count;
};

static struct program program_with(const struct migration *extra, size_t count)
{
    struct program p = {.count = embedded_migrations_count + count};
    assert_true(p.count <= MIGRATIONS_ROOM && count <= EXTRA_MOST);
    memcpy(p.migrations, embedded_migrations, embedded_migrations_count * sizeof *embedded_migrations);
    for (size_t i = 0; i < count; i++) {
        p.migrations[embedded_migrations_count + i] = extra[i];
        p.migrations[embedded_migrations_count + i].number = (int)(embedded_migrations_count + i + 1);
    }
    return p;
}

static const struct migration newer[] = {
    {0, "9001_more",
     STR_INIT("-- phase: expand\n"
              "CREATE TABLE more (id INTEGER NOT NULL PRIMARY KEY) STRICT;\n"
              "CREATE INDEX more_by_id ON more (id);\n"
              "ALTER TABLE series ADD COLUMN more TEXT;\n"
              "CREATE INDEX series_by_more ON series (more, name);\n") },
    {0, "9002_less", STR_INIT("-- phase: contract\nDROP TABLE more;\n")},
};

/* What a process was asked to do when it is outdated. */
static void note_stop(void *context)
{
    atomic_store((_Atomic bool *)context, true);
}

static struct store_options options_of(const struct test_store *t, const struct program *p)
{
    return (struct store_options){.path = t->path,
                                  .url = t->url[0] ? t->url : NULL,
                                  .is_sync_off = true,
                                  .reader_count = 1,
                                  .migrations = p->migrations,
                                  .migration_count = p->count};
}

static enum outcome open_alone(struct test_store *t, const struct program *p)
{
    struct store_options o = options_of(t, p);
    struct store *s = NULL;
    fail_init(&t->why, &t->arena);
    enum outcome done = store_open(&o, &s, &t->why);
    if (done == OK) store_close(s);
    return done;
}

static void an_older_program_works_on_what_was_only_added_and_is_refused_what_was_taken_away(void **state)
{
    (void)state;
    struct test_store t;
    struct program older = program_with(NULL, 0), added = program_with(newer, 1), whole = program_with(newer, 2);
    test_store_open(&t);
    store_close(t.store);
    t.store = NULL;
    assert_int_equal(open_alone(&t, &added), OK);
    assert_int_equal(open_alone(&t, &older), OK);
    assert_int_equal(open_alone(&t, &added), OK);
    assert_int_equal(open_alone(&t, &whole), OK);
    assert_int_equal(open_alone(&t, &older), ERR_CONFLICT);
    assert_str(t.why.args[0], "9002_less");
    assert_int_equal(open_alone(&t, &added), ERR_CONFLICT);
    assert_int_equal(open_alone(&t, &whole), OK);
    test_store_close(&t);
}

static void an_index_on_a_table_that_was_there_is_told_from_the_rest(void **state)
{
    (void)state;
    struct arena a;
    struct pg_index found[4];
    size_t count;
    arena_init(&a, 1 << 20);
    struct str rest = pg_without_indexes(&a,
                                         STR("CREATE TABLE x (a text);\nCREATE INDEX x_a ON x (a);\n"
                                             "INSERT INTO x VALUES ('; CREATE INDEX no ON y (b);');\n"
                                             "CREATE INDEX y_b ON y (b) WHERE c = ';';\n"
                                             "CREATE UNIQUE INDEX y_c ON y (c);\n"
                                             "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;\n"
                                             "CREATE INDEX y_d ON y(d)"),
                                         found, LENGTH(found), &count);
    assert_int_equal(count, 2);
    assert_str(found[0].name, "y_b");
    assert_str(found[0].sql, "INDEX y_b ON y (b) WHERE c = ';'");
    assert_str(found[1].sql, "INDEX y_d ON y(d)");
    assert_str(rest, "CREATE TABLE x (a text);\nCREATE INDEX x_a ON x (a);\n"
                     "INSERT INTO x VALUES ('; CREATE INDEX no ON y (b);');\n"
                     "CREATE UNIQUE INDEX y_c ON y (c);\n"
                     "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;");
    arena_end(&a);
}

/* ---- on a server ---- */

static enum outcome open_node(struct test_store *t, const struct program *p, const char *name, struct store **out)
{
    struct store_options o = options_of(t, p);
    o.is_shared = true;
    o.process = name;
    fail_init(&t->why, &t->arena);
    return store_open(&o, out, &t->why);
}

static bool leads(struct store *s, bool should)
{
    for (int i = 0; i < 60000; i++, usleep(1000))
        if ((store_leadership(s) > 0) == should) return true;
    return false;
}

static void a_newer_process_comes_beside_an_older_one_and_the_end_waits_for_it(void **state)
{
    (void)state;
    struct test_store t;
    struct program older = program_with(NULL, 0), whole = program_with(newer, 2);
    struct store *first = NULL, *second = NULL;
    struct store_upgrade seen;
    test_store_make_folder(&t);
    assert_int_equal(open_node(&t, &older, "a 1", &first), OK);
    assert_true(leads(first, true));
    assert_int_equal(open_node(&t, &whole, "b 2", &second), OK);
    PGconn *c = test_postgres_connect(t.url);
    assert_int_equal(test_postgres_ask(c, "SELECT count(*) FROM more"), 0);
    assert_int_equal(test_postgres_ask(c, "SELECT count(*) FROM pg_index WHERE indexrelid = 'series_by_more'::regclass "
                                          "AND indisvalid"),
                     1);
    assert_int_equal(test_postgres_ask(c, "SELECT count(*) FROM index_waiting"), 0);
    assert_true(leads(second, true)); /* who knows more */
    assert_true(leads(first, false));
    assert_ok(&t, store_upgrade_look(second, &t.arena, &seen, &t.why));
    assert_int_equal(seen.waiting, 1);
    assert_string_equal(seen.next, "9002_less");
    assert_int_equal(seen.count, 2);
    assert_str(seen.at[0].name, "a 1");
    assert_int_equal(seen.at[0].known, seen.known - 2);
    assert_int_equal(store_upgrade_finish(second, false, &t.why), ERR_CONFLICT);
    assert_str(t.why.args[0], "a 1");
    assert_int_equal(store_backup(first, t.path, &t.why), ERR_CONFLICT); /* it does not know all that is there */
    store_close(first);
    assert_int_equal(open_node(&t, &older, "a 1", &first), OK); /* it may come back */
    store_close(first);
    fail_init(&t.why, &t.arena);
    assert_ok(&t, store_upgrade_finish(second, false, &t.why));
    assert_ok(&t, store_upgrade_look(second, &t.arena, &seen, &t.why));
    assert_int_equal(seen.waiting, 0);
    assert_string_equal(store_schema(second), "9002_less");
    assert_ok(&t, store_backup(second, t.path, &t.why));
    log_set_level(LOG_QUIET);
    assert_int_equal(open_node(&t, &older, "a 1", &first), ERR_CONFLICT);
    log_set_level(LOG_INFO);
    assert_str(t.why.args[0], "9002_less");
    PQfinish(c);
    t.store = second;
    test_store_close(&t);
}

/* What is told before a change: [0] of one that only adds, [1] of one that takes away. */
static enum outcome count_change(void *context, struct store *s, bool takes_away, struct fail *why)
{
    (void)s;
    (void)why;
    ((int *)context)[takes_away]++;
    return OK;
}

static enum outcome open_large(struct test_store *t, const struct program *p, bool has_own_backup, int told[2])
{
    struct store_options o = options_of(t, p);
    o.before_migration = count_change;
    o.migration_context = told;
    o.copied_most_bytes = 1;
    o.has_own_backup = has_own_backup;
    fail_init(&t->why, &t->arena);
    return store_open(&o, &t->store, &t->why);
}

static void nothing_is_taken_from_a_large_database_until_somebody_has_a_backup_of_it(void **state)
{
    (void)state;
    struct test_store t;
    struct program whole = program_with(newer, 2);
    int told[2] = {0};
    test_store_make_folder(&t);
    assert_ok(&t, open_large(&t, &whole, false, told));
    assert_string_equal(store_schema(t.store), "9001_more");
    assert_int_equal(told[0], 1);
    assert_int_equal(told[1], 0);
    assert_int_equal(store_upgrade_finish(t.store, false, &t.why), ERR_CONFLICT);
    assert_true(str_has(fail_text(&t.arena, &t.why), STR("motcua upgrade --finish --i-have-a-backup")));
    assert_string_equal(store_schema(t.store), "9001_more");
    fail_init(&t.why, &t.arena);
    assert_ok(&t, store_upgrade_finish(t.store, true, &t.why));
    assert_string_equal(store_schema(t.store), "9002_less");
    assert_int_equal(told[0], 1);
    assert_int_equal(told[1], 0);
    test_store_close(&t);
}

static void a_small_database_is_copied_before_something_is_taken_from_it(void **state)
{
    (void)state;
    struct test_store t;
    struct program whole = program_with(newer, 2);
    int told[2] = {0};
    test_store_make_folder(&t);
    struct store_options o = options_of(&t, &whole);
    o.before_migration = count_change;
    o.migration_context = told;
    o.copied_most_bytes = (int64_t)1 << 40;
    assert_ok(&t, store_open(&o, &t.store, &t.why));
    assert_string_equal(store_schema(t.store), "9002_less");
    assert_int_equal(told[0], 0);
    assert_int_equal(told[1], 1);
    test_store_close(&t);
}

/* The files are applied in their order: the program needs the last, and the one before takes away. */
static void a_large_database_that_missed_the_end_of_an_upgrade_is_not_opened_without_a_backup(void **state)
{
    (void)state;
    struct test_store t;
    const struct migration three[] = {
        newer[0], newer[1], {0, "9003_again", STR_INIT("-- phase: expand\nALTER TABLE series ADD COLUMN again TEXT;\n")}};
    struct program p = program_with(three, LENGTH(three));
    int told[2] = {0};
    test_store_make_folder(&t);
    assert_int_equal(open_large(&t, &p, false, told), ERR_CONFLICT);
    assert_ok(&t, open_large(&t, &p, true, told));
    assert_string_equal(store_schema(t.store), "9003_again");
    assert_int_equal(told[0] + told[1], 0);
    test_store_close(&t);
}

struct opening {
    struct test_store *t;
    const struct program *p;
    struct store *store;
    enum outcome outcome;
    _Atomic bool is_done;
};

static void *open_in_thread(void *context)
{
    struct opening *o = context;
    o->outcome = open_node(o->t, o->p, "b", &o->store);
    atomic_store(&o->is_done, true);
    return NULL;
}

static void a_change_that_has_to_wait_holds_nobody_up(void **state)
{
    (void)state;
    struct test_store t;
    struct program added = program_with(newer, 1);
    struct opening o = {.t = &t, .p = &added};
    pthread_t thread;
    test_store_make_folder(&t);
    PGconn *reading = test_postgres_connect(t.url), *c = test_postgres_connect(t.url);
    test_postgres_do(reading, "BEGIN; LOCK TABLE series IN ACCESS SHARE MODE"); /* as a long report */
    assert_int_equal(pthread_create(&thread, NULL, open_in_thread, &o), 0);
    while (test_postgres_ask(c, "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'series'::regclass") ==
           0)
        usleep(1000);
    test_postgres_do(c, "SET statement_timeout = '20s'");
    test_postgres_do(c, "INSERT INTO series (name, scope, period, next) VALUES ('x', '', '', 1)");
    assert_false(atomic_load(&o.is_done));
    test_postgres_do(reading, "COMMIT");
    pthread_join(thread, NULL);
    assert_int_equal(o.outcome, OK);
    PQfinish(reading);
    PQfinish(c);
    t.store = o.store;
    test_store_close(&t);
}

static void an_index_that_was_broken_off_is_made_anew(void **state)
{
    (void)state;
    struct test_store t;
    struct program older = program_with(NULL, 0);
    test_store_make_folder(&t);
    PGconn *c = test_postgres_connect(t.url);
    test_postgres_do(c, "CREATE INDEX half ON series (scope)");
    test_postgres_do(c, "INSERT INTO index_waiting VALUES ('half', 'INDEX half ON series (period, next)')");
    assert_int_equal(open_node(&t, &older, "a", &t.store), OK);
    assert_int_equal(test_postgres_ask(c, "SELECT count(*) FROM index_waiting"), 0);
    assert_int_equal(test_postgres_ask(c, "SELECT indnatts FROM pg_index WHERE indexrelid = 'half'::regclass"), 2);
    PQfinish(c);
    test_store_close(&t);
}

static void a_process_for_which_the_database_is_too_new_ends(void **state)
{
    (void)state;
    struct test_store t;
    struct program older = program_with(NULL, 0);
    _Atomic bool is_stopped = false;
    test_store_make_folder(&t);
    struct store_options o = options_of(&t, &older);
    o.is_shared = true;
    o.stop = note_stop;
    o.stop_context = &is_stopped;
    assert_ok(&t, store_open(&o, &t.store, &t.why));
    log_set_level(LOG_QUIET);
    PGconn *c = test_postgres_connect(t.url);
    test_postgres_do(c, "INSERT INTO schema_phase (number, phase) SELECT max(number) + 1, 'contract' FROM migration");
    for (int i = 0; i < 60000 && !atomic_load(&is_stopped); i++) usleep(1000);
    log_set_level(LOG_INFO);
    assert_true(atomic_load(&is_stopped));
    PQfinish(c);
    test_store_close(&t);
}

int main(int count, char **arguments)
{
    test_store_choose(count, arguments);
    const struct CMUnitTest everywhere[] = {
        cmocka_unit_test(an_older_program_works_on_what_was_only_added_and_is_refused_what_was_taken_away),
        cmocka_unit_test(an_index_on_a_table_that_was_there_is_told_from_the_rest),
    };
    const struct CMUnitTest on_a_server[] = {
        cmocka_unit_test(a_newer_process_comes_beside_an_older_one_and_the_end_waits_for_it),
        cmocka_unit_test(nothing_is_taken_from_a_large_database_until_somebody_has_a_backup_of_it),
        cmocka_unit_test(a_small_database_is_copied_before_something_is_taken_from_it),
        cmocka_unit_test(a_large_database_that_missed_the_end_of_an_upgrade_is_not_opened_without_a_backup),
        cmocka_unit_test(a_change_that_has_to_wait_holds_nobody_up),
        cmocka_unit_test(an_index_that_was_broken_off_is_made_anew),
        cmocka_unit_test(a_process_for_which_the_database_is_too_new_ends),
    };
    int failed = RUN_TESTS(everywhere);
    return test_store_is_postgres() ? failed + RUN_TESTS(on_a_server) : failed;
}
