#include "base/test.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/list.h"

static void memory_comes_zeroed_and_aligned(void **state)
{
    (void)state;
    AUTO_ARENA struct arena a;
    arena_init(&a, 1 << 20);
    for (size_t bytes = 0; bytes < 200; bytes++) {
        unsigned char *at = arena_alloc(&a, bytes);
        assert_int_equal((uintptr_t)at % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < bytes; i++) assert_int_equal(at[i], 0);
        memset(at, 0xA5, bytes);
    }
    arena_clear(&a);
    unsigned char *again = arena_alloc(&a, 1000);
    for (size_t i = 0; i < 1000; i++) assert_int_equal(again[i], 0);
}

static void a_cleared_arena_counts_from_zero(void **state)
{
    (void)state;
    AUTO_ARENA struct arena a;
    arena_init(&a, 1 << 20);
    for (int round = 0; round < 100; round++) {
        (void)arena_alloc(&a, 300 * 1024); /* 100 rounds would not fit under the ceiling together */
        arena_clear(&a);
        assert_int_equal(a.used_bytes, 0);
    }
}

static void the_newest_piece_grows_in_place(void **state)
{
    (void)state;
    AUTO_ARENA struct arena a;
    arena_init(&a, 1 << 20);
    char *at = arena_dup(&a, "abc", 3);
    char *more = arena_grow(&a, at, 3, 40);
    assert_ptr_equal(more, at);
    assert_memory_equal(more, "abc\0\0\0", 6);
    assert_int_equal(more[39], 0);
}

static void an_older_piece_moves_with_its_content(void **state)
{
    (void)state;
    AUTO_ARENA struct arena a;
    arena_init(&a, 1 << 20);
    char *at = arena_dup(&a, "abc", 3);
    (void)arena_alloc(&a, 1);
    char *more = arena_grow(&a, at, 3, 100 * 1024);
    assert_ptr_not_equal(more, at);
    assert_memory_equal(more, "abc\0", 4);
    assert_int_equal(more[100 * 1024 - 1], 0);
}

static void going_back_to_a_mark_releases_what_came_after(void **state)
{
    (void)state;
    AUTO_ARENA struct arena a;
    arena_init(&a, 1 << 20);
    struct arena_mark empty = arena_mark(&a);
    char *kept = arena_dup(&a, "kept", 5);
    struct arena_mark mark = arena_mark(&a);
    char *first = arena_alloc(&a, 8);
    (void)arena_alloc(&a, 200 * 1024);
    arena_back(&a, mark);
    assert_ptr_equal(arena_alloc(&a, 8), first);
    assert_string_equal(kept, "kept");
    arena_back(&a, empty);
    assert_int_equal(a.used_bytes, 0);
}

/* Runs what must abort in a child of its own; true when it did. */
static bool dies(void (*act)(void))
{
    pid_t child = fork();
    if (child == 0) {
        (void)signal(SIGABRT, SIG_DFL); /* cmocka catches it otherwise */
        (void)close(STDERR_FILENO);
        act();
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void ask_over_the_ceiling(void)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, 1000);
    (void)arena_alloc(&a, 900);
    (void)arena_alloc(&a, 200);
}

static void ask_for_more_than_there_is(void)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, 1000);
    (void)arena_alloc(&a, SIZE_MAX);
}

static void ask_for_an_overflowing_array(void)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, SIZE_MAX);
    (void)ARENA_ARRAY(&a, int64_t, SIZE_MAX / 4);
}

static void grow_over_the_ceiling(void)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, 1000);
    (void)arena_grow(&a, arena_alloc(&a, 500), 500, 1001);
}

static void asking_over_the_ceiling_ends_the_process(void **state)
{
    (void)state;
    assert_true(dies(ask_over_the_ceiling));
    assert_true(dies(ask_for_more_than_there_is));
    assert_true(dies(ask_for_an_overflowing_array));
    assert_true(dies(grow_over_the_ceiling));
}

static void a_list_keeps_its_items_while_it_grows(void **state)
{
    (void)state;
    AUTO_ARENA struct arena a;
    arena_init(&a, 1 << 20);
    LIST(int) numbers = {0};
    for (int i = 0; i < 1000; i++) {
        LIST_PUSH(&a, numbers) = i;
        if (i % 100 == 0) (void)arena_alloc(&a, 1); /* so that it cannot stretch in place */
    }
    assert_int_equal(numbers.count, 1000);
    for (int i = 0; i < 1000; i++) assert_int_equal(numbers.at[i], i);
}

static void a_pushed_item_is_zeroed_also_where_one_was_popped(void **state)
{
    (void)state;
    AUTO_ARENA struct arena a;
    arena_init(&a, 1 << 20);
    LIST(int) numbers = {0};
    LIST_PUSH(&a, numbers) = 7;
    numbers.count--;
    assert_int_equal(LIST_PUSH(&a, numbers), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_comes_zeroed_and_aligned),
        cmocka_unit_test(a_cleared_arena_counts_from_zero),
        cmocka_unit_test(the_newest_piece_grows_in_place),
        cmocka_unit_test(an_older_piece_moves_with_its_content),
        cmocka_unit_test(going_back_to_a_mark_releases_what_came_after),
        cmocka_unit_test(asking_over_the_ceiling_ends_the_process),
        cmocka_unit_test(a_list_keeps_its_items_while_it_grows),
        cmocka_unit_test(a_pushed_item_is_zeroed_also_where_one_was_popped),
    };
    return RUN_TESTS(tests);
}
