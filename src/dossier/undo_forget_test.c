/* What was remembered of a dossier for undoing goes when it cannot be undone any more, and not before. */
#include "dossier/test_desk.h"

#include "base/auto.h"
#include "dossier/dossier_store.h"
#include "dossier/undo_forget.h"

static struct test_desk d;

static int set_up(void **state)
{
    (void)state;
    test_desk_open(&d);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    clock_release();
    test_desk_close(&d);
    return 0;
}

static bool is_remembered(int64_t dossier)
{
    struct row row;
    struct tx *tx = test_read(&d);
    enum outcome found = store_one(tx, Q_DOSSIER_UNDO_FIND, VALUES(v_int(dossier)), &row, &d.t.why);
    store_read_end(tx);
    return found == OK;
}

static void what_cannot_be_undone_any_more_is_forgotten_and_undoing_it_says_so(void **state)
{
    instant_t start = clock_now() + US_PER_DAY;
    (void)state;
    clock_hold(start);
    struct str old = test_submit(&d, "A").code, fresh = test_submit(&d, "B").code;
    test_act(&d, RECEIVER, ACTION_RECEIVE, old);
    clock_hold(start + d.desk.undo_us + UNDO_SPARE_MINUTES * US_PER_MINUTE);
    assert_ok(&d.t, undo_forget(d.t.store, d.desk.undo_us, &d.t.why));
    assert_true(is_remembered(test_dossier(&d, old).id));
    assert_int_equal(test_try(&d, RECEIVER, ACTION_UNDO, old), ERR_CONFLICT);
    assert_true(str_has(fail_text(&d.t.arena, &d.t.why), STR("could be undone for 15 minutes only")));

    test_act(&d, RECEIVER, ACTION_RECEIVE, fresh);
    clock_hold(clock_now() + 1);
    assert_ok(&d.t, undo_forget(d.t.store, d.desk.undo_us, &d.t.why));
    assert_false(is_remembered(test_dossier(&d, old).id));
    assert_int_equal(test_try(&d, RECEIVER, ACTION_UNDO, old), ERR_CONFLICT);
    assert_true(str_has(fail_text(&d.t.arena, &d.t.why), STR("within the last 15 minutes")));
    assert_ok(&d.t, test_try(&d, RECEIVER, ACTION_UNDO, fresh));
}

static enum outcome remember_many(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const int64_t *count = input;
    (void)output; /* nothing to say */
    for (int64_t i = 1; i <= *count; i++) {
        instant_t at = tx_now(tx) - (i % 3 == 0 ? 0 : US_PER_DAY);
        const struct last_act last = {1, 7, at, STR("receive"), STR("{}")};
        TRY(dossier_remember(tx, i, &last, why));
    }
    return OK;
}

static void an_office_that_was_filled_long_ago_is_walked_to_its_end(void **state)
{
    int64_t count = 2500, left = 0;
    (void)state;
    assert_ok(&d.t, store_run(d.t.store, remember_many, &count, NULL, &d.t.why));
    assert_ok(&d.t, undo_forget(d.t.store, d.desk.undo_us, &d.t.why));
    for (int64_t i = 1; i <= count; i++) {
        assert_int_equal(is_remembered(i), i % 3 == 0);
        left += i % 3 == 0;
    }
    assert_int_equal(left, count / 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(what_cannot_be_undone_any_more_is_forgotten_and_undoing_it_says_so),
        TEST(an_office_that_was_filled_long_ago_is_walked_to_its_end),
    };
    return RUN_TESTS(tests);
}
