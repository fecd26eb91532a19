/* Notices: who is told what, once. */
#include "dossier/test_desk.h"

#include "notice/notice.h"

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
    test_desk_close(&d);
    return 0;
}

static void catch_up(void)
{
    assert_ok(&d.t, journal_catch_up(d.t.store, &notice_follower, 1, &d.t.why));
}

static size_t notices(enum test_person who, int64_t before, size_t most, struct notice **out)
{
    size_t count;
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, notices_of_account(tx, d.people[who], before, most, out, &count, &d.t.why));
    store_read_end(tx);
    return count;
}

static int64_t unread(enum test_person who)
{
    int64_t count;
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, notice_unread(tx, d.people[who], &count, &d.t.why));
    store_read_end(tx);
    return count;
}

static struct str whole_way(void)
{
    struct str code = test_submit(&d, "Nguyễn Văn An").code;
    test_act(&d, RECEIVER, ACTION_RECEIVE, code);
    test_act(&d, LEADER, ACTION_ASSIGN, code);
    test_act(&d, COLLEAGUE, ACTION_PROPOSE, code);
    test_act(&d, LEADER, ACTION_APPROVE, code);
    test_act(&d, CLERK, ACTION_ISSUE, code);
    test_act(&d, RECEIVER, ACTION_RETURN, code);
    return code;
}

static void the_applicant_is_told_what_the_office_did_in_public(void **state)
{
    static const enum action_id told[] = {ACTION_RETURN, ACTION_ISSUE, ACTION_RECEIVE};
    struct notice *list;
    (void)state;
    struct str code = whole_way();
    catch_up();
    assert_int_equal(notices(CITIZEN, INT64_MAX, 25, &list), LENGTH(told));
    for (size_t i = 0; i < LENGTH(told); i++) {
        assert_ptr_equal(list[i].event, event_find(str_from(actions[told[i]].name)));
        assert_true(str_eq(list[i].code, code));
        assert_true(list[i].seen_at == INSTANT_NONE);
    }
    assert_int_equal(unread(CITIZEN), LENGTH(told));
    assert_int_equal(notices(STRANGER, INT64_MAX, 25, &list), 0);
    assert_int_equal(notices(RECEIVER, INT64_MAX, 25, &list), 0);
}

static void each_act_is_told_exactly_once(void **state)
{
    struct notice *list;
    (void)state;
    whole_way();
    catch_up();
    catch_up();
    assert_int_equal(notices(CITIZEN, INT64_MAX, 25, &list), 3);
    test_act(&d, RECEIVER, ACTION_REQUEST_SUPPLEMENT, test_submit(&d, "Trần Thị Bình").code);
    catch_up();
    assert_int_equal(notices(CITIZEN, INT64_MAX, 25, &list), 4);
    assert_ptr_equal(list[0].event, event_find(STR("request-supplement")));
}

static void of_a_mistake_they_never_saw_applicants_are_told_nothing(void **state)
{
    struct notice *list;
    (void)state;
    struct str code = test_submit(&d, "Vũ Thị Dung").code;
    test_act(&d, RECEIVER, ACTION_RECEIVE, code);
    test_act(&d, LEADER, ACTION_ASSIGN, code);
    test_act(&d, LEADER, ACTION_UNDO, code);
    catch_up();
    assert_int_equal(notices(CITIZEN, INT64_MAX, 25, &list), 1);
    code = test_submit(&d, "Vũ Thị Dung").code;
    test_act(&d, RECEIVER, ACTION_RECEIVE, code);
    test_act(&d, RECEIVER, ACTION_UNDO, code);
    catch_up();
    assert_int_equal(notices(CITIZEN, INT64_MAX, 25, &list), 3);
    assert_ptr_equal(list[0].event, event_find(STR("undo")));
}

static void nobody_is_told_what_they_did_themselves(void **state)
{
    struct notice *list;
    struct submission counter = test_submission(&d, &d.t.arena, "Lê Thị Cúc");
    struct receipt receipt;
    (void)state;
    test_act(&d, CITIZEN, ACTION_WITHDRAW, test_submit(&d, "Lê Văn Cường").code);
    counter.actor = person_actor(&d, RECEIVER); /* filed at the counter for the applicant */
    assert_ok(&d.t, store_run(d.t.store, dossier_submit, &counter, &receipt, &d.t.why));
    test_act(&d, RECEIVER, ACTION_RECEIVE, receipt.code);
    catch_up();
    assert_int_equal(notices(CITIZEN, INT64_MAX, 25, &list), 0);
    assert_int_equal(notices(RECEIVER, INT64_MAX, 25, &list), 0);
}

static void what_was_seen_stays_seen_and_only_its_owner_sees_it(void **state)
{
    struct notice *list, *again;
    (void)state;
    whole_way();
    catch_up();
    notices(CITIZEN, INT64_MAX, 25, &list);
    struct notice_seen stranger = {d.people[STRANGER], list[0].id, false};
    assert_int_equal(store_run(d.t.store, notice_see, &stranger, NULL, &d.t.why), ERR_MISSING);
    struct notice_seen own = {d.people[CITIZEN], list[0].id, false};
    for (int i = 0; i < 2; i++) {
        assert_ok(&d.t, store_run(d.t.store, notice_see, &own, NULL, &d.t.why));
        notices(CITIZEN, INT64_MAX, 25, i == 0 ? &list : &again);
    }
    assert_true(list[0].seen_at != INSTANT_NONE && list[0].seen_at == again[0].seen_at);
    assert_int_equal(unread(CITIZEN), 2);
    struct notice_seen older = {d.people[CITIZEN], list[1].id, true};
    assert_ok(&d.t, store_run(d.t.store, notice_see, &older, NULL, &d.t.why));
    assert_int_equal(unread(CITIZEN), 0);
}

static void pages_of_notices_join(void **state)
{
    struct notice *first, *second;
    (void)state;
    whole_way();
    catch_up();
    assert_int_equal(notices(CITIZEN, INT64_MAX, 2, &first), 2);
    assert_int_equal(notices(CITIZEN, first[1].id, 2, &second), 1);
    assert_true(second[0].id < first[1].id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(the_applicant_is_told_what_the_office_did_in_public),     TEST(each_act_is_told_exactly_once),
        TEST(of_a_mistake_they_never_saw_applicants_are_told_nothing), TEST(nobody_is_told_what_they_did_themselves),
        TEST(what_was_seen_stays_seen_and_only_its_owner_sees_it),     TEST(pages_of_notices_join),
    };
    return RUN_TESTS(tests);
}
