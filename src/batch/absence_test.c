/* Absences: they begin and end by themselves, give on what is assigned, and never turn in a circle. */
#include "dossier/test_desk.h"

#include "batch/absence.h"
#include "batch/batch_kinds.h"
#include "batch/batch_runner.h"

static struct test_desk d;
static struct batches *batches;
static const struct batch_kind *const kinds[] = {&act_kind, &desk_kind};

static int set_up(void **state)
{
    (void)state;
    clock_hold(day_start(day_of(clock_now())) + 10 * US_PER_HOUR);
    test_desk_open(&d);
    batches = batches_new(&d.desk, kinds, LENGTH(kinds));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    batches_free(batches);
    test_desk_close(&d);
    clock_release();
    return 0;
}

static day_t today(void)
{
    return day_of(clock_now());
}

static enum outcome say(enum test_person by, enum test_person away, enum test_person cover, day_t from, day_t to)
{
    struct absence_new in = {person_actor(&d, by), d.people[away], d.people[cover], from, to, true, false,
                             STR("nghỉ phép")};
    int64_t id;
    fail_init(&d.t.why, &d.t.arena);
    return store_run(d.t.store, absence_set, &in, &id, &d.t.why);
}

/* What the program does by itself, in the order in which it comes to it. */
static void go_on(void)
{
    assert_ok(&d.t, absences_begin(d.t.store, &d.t.why));
    assert_ok(&d.t, journal_catch_up(d.t.store, &absence_follower, 1, &d.t.why));
    assert_ok(&d.t, batches_catch_up(batches, &d.t.why));
}

/* Received and assigned to the colleague. */
static struct str assigned(void)
{
    struct str code = test_submit(&d, "Nguyễn Văn An").code;
    test_act(&d, RECEIVER, ACTION_RECEIVE, code);
    test_act(&d, LEADER, ACTION_ASSIGN, code);
    return code;
}

static int64_t holder(struct str code)
{
    return test_dossier(&d, code).holder;
}

static void a_coming_absence_begins_on_its_day_and_ends_after_its_last(void **state)
{
    (void)state;
    struct str held = assigned();
    assert_ok(&d.t, say(LEADER, COLLEAGUE, SPECIALIST, today() + 2, today() + 3));
    struct str before = assigned();
    go_on();
    assert_int_equal(holder(held), d.people[COLLEAGUE]);
    assert_int_equal(holder(before), d.people[COLLEAGUE]);
    clock_hold(clock_now() + 2 * US_PER_DAY);
    go_on();
    assert_int_equal(holder(held), d.people[SPECIALIST]);
    assert_int_equal(holder(before), d.people[SPECIALIST]);
    struct str meanwhile = assigned();
    go_on();
    assert_int_equal(holder(meanwhile), d.people[SPECIALIST]);
    clock_hold(clock_now() + 2 * US_PER_DAY);
    struct str after = assigned();
    go_on();
    assert_int_equal(holder(after), d.people[COLLEAGUE]);
}

static void whoever_said_it_must_still_be_the_one_who_may(void **state)
{
    struct post *posts;
    size_t count;
    (void)state;
    assert_ok(&d.t, say(LEADER, COLLEAGUE, SPECIALIST, today(), DAY_OPEN));
    go_on();
    struct str code = assigned();
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, posts_of_account(tx, d.people[LEADER], today(), &posts, &count, &d.t.why));
    struct post_end end = {.post = posts[0].id, .last_day = today() - 1};
    store_read_end(tx);
    assert_ok(&d.t, store_run(d.t.store, post_end, &end, NULL, &d.t.why));
    go_on();
    assert_int_equal(holder(code), d.people[COLLEAGUE]);
}

static void what_is_given_on_never_turns_in_a_circle(void **state)
{
    (void)state;
    assert_ok(&d.t, say(LEADER, COLLEAGUE, SPECIALIST, today(), today() + 5));
    assert_int_equal(say(LEADER, SPECIALIST, COLLEAGUE, today() + 1, DAY_OPEN), ERR_INVALID);
    assert_int_equal(d.t.why.problem_count, 2); /* who covers goes away, to somebody who is away */
    assert_int_equal(say(LEADER, COLLEAGUE, SPECIALIST, today() + 5, today() + 9), ERR_INVALID);
    assert_ok(&d.t, say(LEADER, SPECIALIST, COLLEAGUE, today() + 6, DAY_OPEN));
}

static void only_the_officer_and_leaders_say_it(void **state)
{
    (void)state;
    assert_int_equal(say(COLLEAGUE, SPECIALIST, COLLEAGUE, today(), DAY_OPEN), ERR_DENIED);
    assert_int_equal(say(RECEIVER, COLLEAGUE, SPECIALIST, today(), DAY_OPEN), ERR_DENIED);
    assert_int_equal(say(LEADER, COLLEAGUE, RECEIVER, today(), DAY_OPEN), ERR_INVALID);
    assert_ok(&d.t, say(COLLEAGUE, COLLEAGUE, SPECIALIST, today(), DAY_OPEN));
}

static void a_colleague_who_is_asked_covers_only_after_a_yes(void **state)
{
    (void)state;
    struct absence_new in = {person_actor(&d, COLLEAGUE),
                             d.people[COLLEAGUE],
                             d.people[SPECIALIST],
                             today(),
                             today() + 3,
                             true,
                             true,
                             STR("họp")};
    struct absence_reply reply = {.actor = person_actor(&d, RECEIVER), .covers = true};
    struct str held = assigned();
    assert_ok(&d.t, store_run(d.t.store, absence_set, &in, &reply.absence, &d.t.why));
    go_on();
    assert_int_equal(holder(held), d.people[COLLEAGUE]);
    assert_int_equal(store_run(d.t.store, absence_reply, &reply, NULL, &d.t.why), ERR_DENIED);
    reply.actor = person_actor(&d, SPECIALIST);
    assert_ok(&d.t, store_run(d.t.store, absence_reply, &reply, NULL, &d.t.why));
    go_on();
    assert_int_equal(holder(held), d.people[SPECIALIST]);
    fail_init(&d.t.why, &d.t.arena);
    assert_int_equal(store_run(d.t.store, absence_reply, &reply, NULL, &d.t.why), ERR_CONFLICT);
}

static void a_no_is_as_if_nothing_had_been_said(void **state)
{
    (void)state;
    struct absence_new in = {person_actor(&d, COLLEAGUE),
                             d.people[COLLEAGUE],
                             d.people[SPECIALIST],
                             today(),
                             today() + 3,
                             true,
                             true,
                             STR("họp")};
    struct absence_reply reply = {.actor = person_actor(&d, SPECIALIST), .covers = false};
    struct str held = assigned();
    assert_ok(&d.t, store_run(d.t.store, absence_set, &in, &reply.absence, &d.t.why));
    assert_ok(&d.t, store_run(d.t.store, absence_reply, &reply, NULL, &d.t.why));
    go_on();
    assert_int_equal(holder(held), d.people[COLLEAGUE]);
    assert_ok(&d.t, say(LEADER, COLLEAGUE, SPECIALIST, today(), today() + 3));
}

static void a_busy_day_makes_few_batches(void **state)
{
    struct batch *list;
    size_t count;
    (void)state;
    assert_ok(&d.t, say(LEADER, COLLEAGUE, SPECIALIST, today(), DAY_OPEN));
    go_on();
    for (int i = 0; i < 5; i++) (void)assigned();
    go_on();
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, batches_of_account(tx, d.people[LEADER], INT64_MAX, 10, &list, &count, &d.t.why));
    assert_int_equal(count, 2); /* the desk, and the five */
    assert_int_equal(list[0].done, 5);
    store_read_end(tx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_coming_absence_begins_on_its_day_and_ends_after_its_last, set_up, tear_down),
        cmocka_unit_test_setup_teardown(whoever_said_it_must_still_be_the_one_who_may, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_given_on_never_turns_in_a_circle, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_the_officer_and_leaders_say_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_colleague_who_is_asked_covers_only_after_a_yes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_no_is_as_if_nothing_had_been_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_busy_day_makes_few_batches, set_up, tear_down),
    };
    return RUN_TESTS(tests);
}
