/*
 * A store for unit tests: a fresh database with all migrations in a folder of its own under /tmp, removed at the end.
 * It syncs nothing, because tests that end a process need no power cut; store_test.c opens synchronous ones itself.
 *     struct test_store t;
 *     test_store_open(&t);
 *     ... store_run(t.store, ..., &t.why) ...
 *     test_store_close(&t);
 */
#ifndef STORE_TEST_STORE_H
#define STORE_TEST_STORE_H

#include "base/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/store.h"

struct test_store {
    char folder[64], path[96];
    struct store *store;
    struct arena arena;
    struct fail why;
};

static inline void test_store_open_with(struct test_store *t, struct store_options o)
{
    o.path = t->path;
    o.may_create = true;
    if (store_open(&o, &t->store, &t->why) != OK) {
        print_error("%s\n", str_cstr(&t->arena, fail_text(&t->arena, &t->why)));
        _fail(__FILE__, __LINE__); /* cmocka's; fail.h took its other names */
    }
}

static inline void test_store_make_folder(struct test_store *t)
{
    *t = (struct test_store){0};
    snprintf(t->folder, sizeof t->folder, "/tmp/motcua_test_XXXXXX");
    assert_non_null(mkdtemp(t->folder));
    snprintf(t->path, sizeof t->path, "%s/motcua.db", t->folder);
    arena_init(&t->arena, (size_t)256 << 20);
    fail_init(&t->why, &t->arena);
}

static inline void test_store_open(struct test_store *t)
{
    test_store_make_folder(t);
    test_store_open_with(t, (struct store_options){.is_sync_off = true});
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
