/* Counts are kept for as long as they cost, under their own key, and given back whole. */
#include "dossier/count_cache.h"
#include "store/test_store.h"

#include <pthread.h>
#include <unistd.h>

#include "base/auto.h"

#define LONG_US (3600 * US_PER_S)

static struct arena arena;
static struct count_cache *cache;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 16 << 20);
    cache = count_cache_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    count_cache_free(cache);
    arena_end(&arena);
    return 0;
}

static void what_was_counted_is_known_to_the_next_who_asks(void **state)
{
    (void)state;
    struct str found;
    assert_false(count_cache_get(cache, &arena, STR("one"), &found));
    count_cache_put(cache, STR("one"), STR("\0\1 numbers"), LONG_US);
    assert_true(count_cache_get(cache, &arena, STR("one"), &found));
    assert_true(str_eq(found, STR("\0\1 numbers")));
    assert_false(count_cache_get(cache, &arena, STR("two"), &found));
}

static void what_cost_nothing_is_counted_each_time(void **state)
{
    (void)state;
    struct str found;
    count_cache_put(cache, STR("one"), STR("1"), 0);
    assert_false(count_cache_get(cache, &arena, STR("one"), &found));
}

static void for_measurements_what_is_known_does_not_age(void **state)
{
    (void)state;
    struct str found;
    count_cache_keep(cache);
    assert_false(count_cache_get(cache, &arena, STR("one"), &found));
    count_cache_put(cache, STR("one"), STR("1"), 0);
    assert_true(count_cache_get(cache, &arena, STR("one"), &found));
    assert_true(count_cache_get(cache, &arena, STR("one"), &found));
}

static void while_one_counts_anew_the_others_get_what_was_known(void **state)
{
    (void)state;
    struct str found;
    count_cache_put(cache, STR("one"), STR("old"), 0);
    assert_false(count_cache_get(cache, &arena, STR("one"), &found)); /* this one counts */
    assert_true(count_cache_get(cache, &arena, STR("one"), &found));
    assert_true(str_eq(found, STR("old")));
    count_cache_give_up(cache, STR("one"));
    assert_false(count_cache_get(cache, &arena, STR("one"), &found)); /* the next one counts */
    count_cache_put(cache, STR("one"), STR("new"), LONG_US);
    assert_true(count_cache_get(cache, &arena, STR("one"), &found));
    assert_true(str_eq(found, STR("new")));
}

enum { COUNTING_US = 50000 };

static void *count_slowly(void *unused)
{
    usleep(COUNTING_US);
    count_cache_put(cache, STR("one"), STR("first"), LONG_US);
    return unused;
}

static void the_first_time_the_others_wait_for_who_counts(void **state)
{
    (void)state;
    struct str found;
    pthread_t counting;
    assert_false(count_cache_get(cache, &arena, STR("one"), &found)); /* this one counts */
    assert_int_equal(pthread_create(&counting, NULL, count_slowly, NULL), 0);
    assert_true(count_cache_get(cache, &arena, STR("one"), &found));
    assert_true(str_eq(found, STR("first")));
    pthread_join(counting, NULL);
    count_cache_give_up(cache, STR("two"));
    assert_false(count_cache_get(cache, &arena, STR("two"), &found));
    count_cache_give_up(cache, STR("two"));
    assert_false(count_cache_get(cache, &arena, STR("two"), &found)); /* nobody counts any more: at once */
}

static void without_a_cache_nothing_is_known_and_nothing_fails(void **state)
{
    (void)state;
    struct str found;
    count_cache_put(NULL, STR("one"), STR("1"), LONG_US);
    count_cache_give_up(NULL, STR("one"));
    assert_false(count_cache_get(NULL, &arena, STR("one"), &found));
    count_cache_free(NULL);
}

static void many_keys_turn_each_other_out_and_are_never_mistaken(void **state)
{
    (void)state;
    size_t known = 0;
    for (int i = 0; i < 5000; i++) {
        struct str key = str_format(&arena, "key %d", i);
        count_cache_put(cache, key, key, LONG_US);
    }
    for (int i = 4999; i >= 0; i--) { /* the newest first: what is kept is kept for a second */
        struct str found, key = str_format(&arena, "key %d", i);
        if (!count_cache_get(cache, &arena, key, &found)) continue;
        assert_true(str_eq(found, key));
        known++;
    }
    assert_in_range(known, 100, 1024);
}

/* ---- rows of a query ---- */

static void check_rows(const struct rows *rows)
{
    assert_int_equal(rows->count, 1);
    assert_true(str_eq(row_str(&rows->at[0], 0), STR("Tổng số")));
    assert_int_equal(row_int(&rows->at[0], 1), -7);
    assert_true(row_is_null(&rows->at[0], 2));
    assert_true(row_str(&rows->at[0], 3).len == 0 && !row_is_null(&rows->at[0], 3));
}

/* The query runs long enough to be worth keeping. */
static void rows_come_back_as_they_were(void **state)
{
    (void)state;
    static const struct query table[] = {
        {"counts",
         "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
         " SELECT 'Tổng số', -7, NULL, '' WHERE ?1 = (SELECT max(i) FROM n)", NULL, "most", 1, false}
    };
    struct test_store t;
    struct rows rows;
    const struct value right[] = {v_int(20000)}, wrong[] = {v_int(1)};
    const struct counted_query query = {STR("rows"), 0, right, 1, INT64_MAX / 4},
                               none = {STR("no rows"), 0, wrong, 1, INT64_MAX / 4},
                               same_key = {STR("rows"), 0, wrong, 1, INT64_MAX / 4};
    test_store_make_folder(&t);
    test_store_open_with(&t, (struct store_options){.is_sync_off = true, .queries = table, .query_count = 1});
    {
        AUTO_READ struct tx *tx = NULL;
        assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
        assert_ok(&t, count_cache_rows(cache, tx, &query, &rows, &t.why));
        check_rows(&rows);
        assert_ok(&t, count_cache_rows(cache, tx, &same_key, &rows, &t.why)); /* from the cache */
        check_rows(&rows);
        for (int i = 0; i < 2; i++) {
            assert_ok(&t, count_cache_rows(cache, tx, &none, &rows, &t.why));
            assert_int_equal(rows.count, 0);
        }
    }
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_counted_is_known_to_the_next_who_asks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_cost_nothing_is_counted_each_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(for_measurements_what_is_known_does_not_age, set_up, tear_down),
        cmocka_unit_test_setup_teardown(while_one_counts_anew_the_others_get_what_was_known, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_first_time_the_others_wait_for_who_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_a_cache_nothing_is_known_and_nothing_fails, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_keys_turn_each_other_out_and_are_never_mistaken, set_up, tear_down),
        cmocka_unit_test_setup_teardown(rows_come_back_as_they_were, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
