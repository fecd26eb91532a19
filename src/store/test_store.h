/*
 * A store for unit tests: a fresh database with all migrations in a folder of its own under /tmp, removed at the end.
 * It syncs nothing, because tests that end a process need no power cut; store_test.c opens synchronous ones itself.
 *     struct test_store t;
 *     test_store_open(&t);
 *     ... store_run(t.store, ..., &t.why) ...
 *     test_store_close(&t);
 * A program whose main calls test_store_choose runs the same tests on PostgreSQL when its argument says so.
 */
#ifndef STORE_TEST_STORE_H
#define STORE_TEST_STORE_H

#include "base/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/store.h"
#include "store/test_postgres.h"

struct test_store {
    char folder[64], path[96], url[160]; /* url: empty on SQLite */
    struct store *store;
    struct arena arena;
    struct fail why;
};

static inline void test_store_open_with(struct test_store *t, struct store_options o)
{
    o.path = t->path;
    o.url = t->url[0] ? t->url : NULL;
    o.may_create = true;
    if (store_open(&o, &t->store, &t->why) != OK) {
        print_error("%s\n", str_cstr(&t->arena, fail_text(&t->arena, &t->why)));
        _fail(__FILE__, __LINE__); /* cmocka's; fail.h took its other names */
    }
}

/* On PostgreSQL when the program's argument says so; before the first test. Migrating takes far longer than copying a
 * database that has been: "office" is the one to copy. */
static inline void test_store_choose(int count, char **arguments)
{
    struct test_store first = {0};
    struct store_options o = {.url = first.url, .may_create = true, .is_sync_off = true};
    if (count < 2 || strcmp(arguments[1], "postgresql") != 0) return;
    test_postgres_start();
    test_postgres_database("office", "template1", first.url, sizeof first.url);
    arena_init(&first.arena, 1 << 20);
    fail_init(&first.why, &first.arena);
    if (store_open(&o, &first.store, &first.why) != OK) exit(1);
    store_close(first.store);
    arena_end(&first.arena);
}

static inline bool test_store_is_postgres(void)
{
    return getenv("MOTCUA_TEST_POSTGRES") != NULL;
}

static inline void test_store_make_folder(struct test_store *t)
{
    *t = (struct test_store){0};
    snprintf(t->folder, sizeof t->folder, "/tmp/motcua_test_XXXXXX");
    assert_non_null(mkdtemp(t->folder));
    snprintf(t->path, sizeof t->path, "%s/motcua.db", t->folder);
    arena_init(&t->arena, (size_t)256 << 20);
    fail_init(&t->why, &t->arena);
    if (test_store_is_postgres()) test_postgres_database(strrchr(t->folder, '_'), "office", t->url, sizeof t->url);
}

static inline void test_store_open(struct test_store *t)
{
    test_store_make_folder(t);
    test_store_open_with(t, (struct store_options){.is_sync_off = true});
}

/* Until every entry of the journal has its place: on PostgreSQL a moment after its commit. */
static inline void test_store_settle(struct test_store *t)
{
    if (!t->url[0]) return;
    PGconn *c = test_postgres_connect(t->url);
    while (test_postgres_ask(c, "SELECT count(*) FROM leaf_waiting") > 0) usleep(1000);
    PQfinish(c);
}

static inline void test_store_close(struct test_store *t)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-mark"};
    store_close(t->store);
    for (size_t i = 0; i < LENGTH(endings); i++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", t->path, endings[i]);
        (void)unlink(path); /* some may not be there */
    }
    assert_int_equal(rmdir(t->folder), 0);
    arena_end(&t->arena);
}

/* For calls that must succeed: shows the sentence when they do not. */
#define assert_ok(t, call)                                                                                             \
    do {                                                                                                               \
        enum outcome ok_outcome = (call);                                                                              \
        if (ok_outcome != OK) {                                                                                        \
            print_error("%s: %s\n", outcome_type(ok_outcome),                                                          \
                        str_cstr(&(t)->arena, fail_text(&(t)->arena, &(t)->why)));                                     \
            print_error("%s\n", #call);                                                                                \
            _fail(__FILE__, __LINE__);                                                                                 \
        }                                                                                                              \
    } while (0)

#endif
