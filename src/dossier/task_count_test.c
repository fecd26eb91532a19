/* Counting work: the ranges, midnight and days off, and that many queues are one statement with bounded rows. */
#include "dossier/test_desk.h"

#include "dossier/task_count.h"

enum { GROUPS = 170 };

static struct test_desk d;

static instant_t at(const char *local)
{
    instant_t t = 0;
    assert_ok(&d.t, instant_parse(str_format(&d.t.arena, "%.10sT%s:00+07:00", local, local + 11), &t, &d.t.why));
    return t;
}

static int set_up(void **state)
{
    (void)state;
    test_desk_open(&d);
    clock_hold(at("2026-12-04 09:00")); /* a Friday */
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    test_desk_close(&d);
    clock_release();
    return 0;
}

static void days_ahead_are_working_days(void **state)
{
    (void)state;
    struct due_bounds b = due_bounds_of(d.calendar, clock_now());
    assert_true(b.today == at("2026-12-05 00:00"));
    assert_true(b.tomorrow == at("2026-12-08 00:00")); /* the end of Monday */
    assert_true(b.three_days == at("2026-12-10 00:00"));
}

/* Rows in the worklist alone: what is counted is rows. */
struct filling {
    int64_t agency, holder;
    const instant_t *dues;
    size_t due_count;
};

static enum outcome fill(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct filling *in = input;
    (void)output;
    for (int g = 0; g < GROUPS; g++) {
        int64_t queue;
        struct str group = str_format(tx_arena(tx), "group %d", g);
        TRY(queue_for(tx, in->agency, STR("specialist"), group, &queue, why));
        for (size_t i = 0; i < in->due_count; i++)
            TRY(worklist_add(tx,
                             &(struct worklist_row){queue, in->dues[i], tx_new_id(tx), i % 2 ? in->holder : 0,
                                                    STAGE_IN_HAND, INSTANT_NONE},
                             why));
    }
    return OK;
}

static void officers_with_170_groups_cost_one_statement(void **state)
{
    (void)state;
    const instant_t dues[] = {at("2026-12-01 10:00"), at("2026-12-04 08:59"), at("2026-12-04 09:00"),
                              at("2026-12-05 00:00"), at("2026-12-07 10:00"), at("2026-12-09 17:00"),
                              at("2026-12-10 07:30"), DUE_NEVER - 1};
    const struct filling in = {d.agency, d.people[SPECIALIST], dues, LENGTH(dues)};
    struct task_counts counts;
    struct standing who = person_standing(&d, SPECIALIST);
    struct due_bounds bounds = due_bounds_of(d.calendar, clock_now());
    int64_t mine, nobodys;
    assert_ok(&d.t, store_run(d.t.store, fill, &in, NULL, &d.t.why));
    who.now = clock_now();
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, task_counts_of_post(tx, &who, &bounds, 1000000, &counts, &d.t.why));
    assert_int_equal(counts.all.late, 2 * GROUPS);
    assert_int_equal(counts.all.today, 2 * GROUPS); /* midnight ends the day */
    assert_int_equal(counts.all.tomorrow, GROUPS);
    assert_int_equal(counts.all.three_days, 4 * GROUPS);
    assert_int_equal(counts.holder_count, 2);
    assert_false(counts.is_more);
    assert_ok(&d.t, task_counts_of_agency(tx, d.agency, &bounds, 1000000, &counts, &d.t.why));
    assert_int_equal(counts.all.late, 2 * GROUPS);
    assert_ok(&d.t, held_of_post(tx, &who, 100000, &mine, &nobodys, &d.t.why));
    assert_int_equal(mine, 4 * GROUPS);
    assert_int_equal(nobodys, 4 * GROUPS);
    assert_ok(&d.t, task_counts_of_post(tx, &who, &bounds, 50, &counts, &d.t.why)); /* never more than the bound */
    assert_true(counts.is_more);
    assert_true(counts.all.late + counts.all.three_days <= 50);
    int64_t begun = clock_monotonic_us();
    enum { TIMES = 20 };
    for (int i = 0; i < TIMES; i++) assert_ok(&d.t, task_counts_of_post(tx, &who, &bounds, 1000000, &counts, &d.t.why));
    print_message("%d queues: %.0f us\n", GROUPS, (double)(clock_monotonic_us() - begun) / TIMES);
    store_read_end(tx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(days_ahead_are_working_days, set_up, tear_down),
        cmocka_unit_test_setup_teardown(officers_with_170_groups_cost_one_statement, set_up, tear_down),
    };
    return RUN_TESTS(tests);
}
