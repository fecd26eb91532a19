/* What is counted of the store's work: queries when asked for, the disk always. */
#include "store/store_cost.h"
#include "store/test_store.h"

#include "queries.h"
#include "store/series.h"

static enum outcome take_number(struct tx *tx, const void *in, void *out, struct fail *why)
{
    (void)in;
    return series_next(tx, STR("test"), STR("a"), STR("b"), out, why);
}

static struct query_cost cost_of(struct test_store *t, unsigned query)
{
    struct query_cost *costs = ARENA_ARRAY(&t->arena, struct query_cost, queries_count);
    store_cost_queries(t->store, costs, queries_count);
    return costs[query];
}

static void queries_are_counted_from_the_moment_it_is_asked_for(void **state)
{
    (void)state;
    struct test_store t;
    int64_t n;
    test_store_open(&t);
    assert_ok(&t, store_run(t.store, take_number, NULL, &n, &t.why));
    assert_int_equal(cost_of(&t, Q_SERIES_TAKE).calls, 0);
    store_cost_begin(t.store);
    store_cost_begin(t.store);
    for (int i = 0; i < 3; i++) assert_ok(&t, store_run(t.store, take_number, NULL, &n, &t.why));
    struct query_cost cost = cost_of(&t, Q_SERIES_TAKE);
    assert_int_equal(cost.calls, 3);
    assert_int_equal(cost.rows, 3);
    assert_true(cost.steps >= 3);
    test_store_close(&t);
}

static void each_command_alone_writes_and_syncs_the_log(void **state)
{
    (void)state;
    enum { PAGE = 4096 };
    struct test_store t;
    int64_t n;
    test_store_make_folder(&t);
    test_store_open_with(&t, (struct store_options){0});
    struct disk_cost before = store_cost_disk(t.store);
    for (int i = 0; i < 3; i++) assert_ok(&t, store_run(t.store, take_number, NULL, &n, &t.why));
    struct disk_cost after = store_cost_disk(t.store);
    assert_int_equal(after.log_syncs - before.log_syncs, 3);
    assert_true(after.log_bytes - before.log_bytes >= 3 * PAGE);
    assert_true(after.log_writes > before.log_writes);
    assert_int_equal(after.table_syncs, before.table_syncs);
    test_store_close(&t);
}

static void a_checkpoint_syncs_the_tables(void **state)
{
    (void)state;
    struct test_store t;
    test_store_make_folder(&t);
    test_store_open_with(&t, (struct store_options){0});
    store_close(t.store);
    test_store_open_with(&t, (struct store_options){0});
    assert_int_equal(store_cost_disk(t.store).log_bytes, 0);
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(queries_are_counted_from_the_moment_it_is_asked_for),
        cmocka_unit_test(each_command_alone_writes_and_syncs_the_log),
        cmocka_unit_test(a_checkpoint_syncs_the_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
