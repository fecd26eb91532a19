#include "people/access.h"

#include "queries.h"
#include "store/test_store.h"

static struct test_store t;
static struct access_log *access_of_test;
static const instant_t day_one = 1763800000 * US_PER_S;

static int set_up(void **state)
{
    (void)state;
    test_store_open(&t);
    access_of_test = access_log_start(t.store);
    clock_hold(day_one);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    access_log_stop(access_of_test);
    clock_release();
    test_store_close(&t);
    return 0;
}

static void look(int64_t account, int64_t person, int64_t n)
{
    struct request rq = {
        .arena = &t.arena, .visitor = {.account = account, .agency = 7, .role = STR("receiver")}
    };
    access_note(access_of_test, &rq, &(struct access){ACCESS_PAPER, person, 11, n});
}

static enum outcome insert_account(struct tx *tx, const void *in, void *out, struct fail *why)
{
    (void)in;
    (void)out; /* nothing to say but OK */
    return store_do(tx, Q_ACCOUNT_INSERT,
                    VALUES(v_int(5), v_str(STR("ha")), v_str(STR("officer")), v_str(STR("Hà")), v_blob(STR("h")),
                           v_str(STR("")), v_bool(false), v_str(STR("vi")), v_str(STR("")), v_str(STR("")),
                           v_str(STR("")), v_instant(tx_now(tx))),
                    NULL, why);
}

static size_t count_of(int64_t person)
{
    AUTO_READ struct tx *tx = NULL;
    struct access_look *list;
    size_t count;
    access_log_flush(access_of_test);
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_ok(&t, access_of_person(tx, person, 0, 1000, &list, &count, &t.why));
    return count;
}

static void the_same_look_within_minutes_is_one_and_later_is_another(void **state)
{
    (void)state;
    assert_ok(&t, store_run(t.store, insert_account, NULL, NULL, &t.why));
    for (int i = 0; i < 10; i++) look(5, 3, 1);
    look(5, 3, 2);
    assert_int_equal(count_of(3), 2);
    clock_hold(day_one + 6 * US_PER_MINUTE);
    look(5, 3, 1);
    assert_int_equal(count_of(3), 3);
}

static void nobody_and_the_person_themselves_leave_nothing(void **state)
{
    (void)state;
    assert_ok(&t, store_run(t.store, insert_account, NULL, NULL, &t.why));
    look(0, 3, 1);
    look(5, 5, 1);
    access_note(NULL, NULL, NULL);
    assert_int_equal(count_of(3), 0);
    assert_int_equal(count_of(5), 0);
}

static void many_looks_are_written_in_portions_and_none_is_lost(void **state)
{
    (void)state;
    assert_ok(&t, store_run(t.store, insert_account, NULL, NULL, &t.why));
    for (int64_t n = 1; n <= 700; n++) look(5, 3, n);
    assert_int_equal(count_of(3), 700);
}

static void what_is_older_than_the_office_keeps_is_forgotten(void **state)
{
    (void)state;
    assert_ok(&t, store_run(t.store, insert_account, NULL, NULL, &t.why));
    look(5, 3, 1);
    assert_int_equal(count_of(3), 1);
    clock_hold(day_one + 800 * US_PER_DAY);
    look(5, 3, 2);
    assert_int_equal(count_of(3), 2);
    assert_ok(&t, access_forget(t.store, clock_now() - 730 * US_PER_DAY, &t.why));
    assert_int_equal(count_of(3), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_same_look_within_minutes_is_one_and_later_is_another, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nobody_and_the_person_themselves_leave_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_looks_are_written_in_portions_and_none_is_lost, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_older_than_the_office_keeps_is_forgotten, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
