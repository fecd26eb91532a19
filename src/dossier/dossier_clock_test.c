/* The clock of the law on one dossier: receipt, extension, payment, hand-over, transfer; by the State's calendar. */
#include "dossier/test_case.h"

#include "dossier/dossier_clock.h"
#include "dossier/dossier_undo.h"

static struct dossier received(const char *channel, const char *when)
{
    struct dossier d = fresh(local("2026-03-02 07:45"));
    d.channel = str_from(channel);
    move(&d, ACTION_RECEIVE, when);
    return d;
}

static struct act_input until(const char *day)
{
    struct act_input in = input();
    assert_int_equal(day_parse(str_from(day), &in.until, &t.why), OK);
    return in;
}

/* ---- extension ---- */

static void an_extended_result_is_due_when_the_office_closes_on_the_new_day(void **state)
{
    static const struct {
        const char *until, *due; /* NULL: refused, not later than Monday 16 March 10:00 */
    } rows[] = {
        {"2026-03-20", "2026-03-20 17:00"},
        {"2026-03-21", "2026-03-23 17:00"}, /* a Saturday: moved to Monday */
        {"2026-03-16", "2026-03-16 17:00"}, /* the same day, but later */
        {"2026-03-13", NULL              },
        {"2026-03-02", NULL              },
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct dossier d = received("online", "2026-03-02 10:00");
        struct act_input in = until(rows[i].until);
        fail_init(&t.why, &t.arena);
        enum outcome r = dossier_move(&d, &t.book, ACTION_EXTEND, &in, local("2026-03-10 08:00"), &t.why);
        assert_int_equal(r, rows[i].due ? OK : ERR_INVALID);
        if (rows[i].due == NULL) assert_str(t.why.problems[0].pointer, "/until");
        if (rows[i].due == NULL) continue;
        assert_int_equal(d.due_at, local(rows[i].due));
        assert_int_equal(d.extensions, 1);
        assert_str(d.step, "received");
        assert_str(d.reason, ""); /* the apology stands in the journal */
    }
    fail_init(&t.why, &t.arena);
}

static void an_extension_keeps_the_reason_of_the_proposed_refusal(void **state)
{
    struct dossier d = received("online", "2026-03-02 10:00");
    struct act_input in = until("2026-03-20");
    (void)state;
    move(&d, ACTION_PROPOSE, "2026-03-03 10:00");
    in.reason = STR("xin lỗi");
    move_with(&d, ACTION_EXTEND, &in, "2026-03-04 10:00");
    assert_str(d.reason, "vì");
    assert_str(d.step, "approval");
}

/* ---- payment ---- */

static void while_the_applicant_pays_the_clock_stands_and_the_rest_remains(void **state)
{
    struct dossier d = received("online", "2026-03-02 10:00");
    (void)state;
    move(&d, ACTION_EXAMINE, "2026-03-03 10:00");
    move(&d, ACTION_REQUEST_PAYMENT, "2026-03-04 10:00"); /* eight of ten working days remain */
    assert_int_equal(d.status, STATUS_PAYMENT);
    assert_true(d.due_at == INSTANT_NONE);
    assert_int_equal(d.held_at, local("2026-03-04 10:00"));
    assert_int_equal(d.held_due, local("2026-03-16 10:00"));
    assert_str(d.reason, "vì");
    assert_false(dossier_is_late(&d, local("2026-04-16 10:00")));
    move(&d, ACTION_NOTE_CONTACT, "2026-03-05 10:00"); /* changes no clock */
    assert_int_equal(d.held_at, local("2026-03-04 10:00"));
    move(&d, ACTION_RECORD_PAYMENT, "2026-03-06 10:00");
    assert_int_equal(d.status, STATUS_IN_HAND);
    assert_str(d.step, "examination");
    assert_int_equal(d.due_at, local("2026-03-18 10:00"));
    assert_true(d.held_at == INSTANT_NONE && d.held_due == INSTANT_NONE);
    assert_str(d.reason, "");
}

static void without_a_stated_term_holding_invents_none(void **state)
{
    struct dossier d = fresh(local("2026-03-02 08:00"));
    struct act_input in = input();
    (void)state;
    in.term = (struct term){TERM_NONE, 0, false};
    move_with(&d, ACTION_RECEIVE, &in, "2026-03-02 10:00");
    move(&d, ACTION_REQUEST_PAYMENT, "2026-03-04 10:00");
    move(&d, ACTION_RECORD_PAYMENT, "2026-03-06 10:00");
    assert_true(d.due_at == INSTANT_NONE && d.held_at == INSTANT_NONE);
}

static void who_withdraws_instead_of_paying_ends_in_time(void **state)
{
    struct dossier d = received("online", "2026-03-02 10:00");
    (void)state;
    move(&d, ACTION_REQUEST_PAYMENT, "2026-03-04 10:00");
    move(&d, ACTION_WITHDRAW, "2026-05-04 10:00");
    assert_int_equal(d.status, STATUS_WITHDRAWN);
    assert_true(d.due_at > d.finished_at && d.held_at == INSTANT_NONE);
    assert_false(dossier_is_late(&d, local("2026-06-04 10:00")));
}

/* ---- hand-over ---- */

static void papers_are_with_the_unit_the_same_day_or_the_next_morning(void **state)
{
    static const struct {
        const char *received, *due;
    } rows[] = {
        {"2026-03-02 07:45", "2026-03-02 17:00"}, /* Monday */
        {"2026-03-02 15:00", "2026-03-02 17:00"}, /* at 15:00 is not after */
        {"2026-03-02 15:01", "2026-03-03 12:00"},
        {"2026-03-06 15:30", "2026-03-09 12:00"}, /* Friday: Monday morning */
        {"2026-03-07 09:00", "2026-03-09 12:00"}, /* Saturday */
        {"2026-04-24 16:00", "2026-04-28 12:00"}, /* before the Hùng Kings' day, a Sunday with rest on Monday */
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct dossier d = received("counter", rows[i].received);
        assert_int_equal(d.step_due, local(rows[i].due));
        assert_true(d.handed_over_at == INSTANT_NONE);
    }
}

static void who_filed_online_has_handed_over_with_receipt(void **state)
{
    struct dossier d = received("online", "2026-03-02 10:00");
    (void)state;
    assert_int_equal(d.handed_over_at, local("2026-03-02 10:00"));
    assert_true(d.step_due == INSTANT_NONE);
}

static void handing_over_ends_its_deadline_and_leaves_the_step(void **state)
{
    struct dossier d = received("counter", "2026-03-02 10:00");
    (void)state;
    move(&d, ACTION_HAND_OVER, "2026-03-02 11:00");
    assert_int_equal(d.handed_over_at, local("2026-03-02 11:00"));
    assert_true(d.step_due == INSTANT_NONE);
    assert_str(d.step, "received");
    assert_int_equal(d.step_since, local("2026-03-02 10:00"));
    d = received("counter", "2026-03-02 10:00");
    move(&d, ACTION_EXAMINE, "2026-03-02 13:30"); /* who examines has the papers */
    assert_int_equal(d.handed_over_at, local("2026-03-02 13:30"));
}

/* ---- steps ---- */

static void a_step_knows_since_when_and_until_when(void **state)
{
    struct dossier d = received("online", "2026-03-02 10:00");
    struct act_input in = until("2026-03-07"); /* a Saturday */
    (void)state;
    move(&d, ACTION_EXAMINE, "2026-03-03 10:00");
    assert_int_equal(d.step_since, local("2026-03-03 10:00"));
    move(&d, ACTION_EXAMINE, "2026-03-03 11:00"); /* the same step */
    assert_int_equal(d.step_since, local("2026-03-03 10:00"));
    move_with(&d, ACTION_REQUEST_SUPPLEMENT, &in, "2026-03-04 10:00");
    assert_int_equal(d.step_due, local("2026-03-09 17:00"));
    move(&d, ACTION_SUPPLEMENT, "2026-03-05 10:00");
    assert_true(d.step_due == INSTANT_NONE);
}

static void a_step_with_a_time_of_its_own_is_due_by_it(void **state)
{
    static const char text[] = "process own \"a\" \"b\"\n"
                               "step received by receiver, status 1 \"a\" \"b\"\n"
                               "    assign -> work\n"
                               "step work by specialist, status 2, within 2wd \"a\" \"b\"\n"
                               "    withdraw -> end with status 7\n";
    struct str acts[] = {STR("assign"), STR("withdraw")};
    struct rulebook own = t.book;
    struct act_input in = input();
    (void)state;
    assert_int_equal(process_compile(&t.arena, str_from(text), acts, LENGTH(acts), &own.table, &t.why), OK);
    struct dossier d = fresh(local("2026-03-02 08:00"));
    d.step = STR("received");
    assert_int_equal(dossier_move(&d, &own, ACTION_ASSIGN, &in, local("2026-03-02 10:00"), &t.why), OK);
    assert_int_equal(d.step_due, local("2026-03-04 10:00"));
    assert_int_equal(dossier_move(&d, &own, ACTION_WITHDRAW, &in, local("2026-03-02 11:00"), &t.why), OK);
    assert_true(d.step_due == INSTANT_NONE);
}

/* ---- transfer ---- */

static void before_receipt_a_transferred_dossier_has_no_clock_until_it_is_received_there(void **state)
{
    struct dossier d = fresh(local("2026-03-02 10:00"));
    struct act_input in = input();
    (void)state;
    in.to_agency = OTHER_AGENCY;
    move_with(&d, ACTION_TRANSFER, &in, "2026-03-04 10:00");
    assert_int_equal(d.agency, OTHER_AGENCY);
    assert_str(d.step, "intake");
    assert_int_equal(d.status, STATUS_NEW);
    assert_true(d.due_at == INSTANT_NONE && d.received_at == INSTANT_NONE);
    /* Checked there within 8 working hours of its coming. */
    assert_int_equal(dossier_worklist_due(&d, t.book.calendar), local("2026-03-05 10:00"));
    move(&d, ACTION_RECEIVE, "2026-03-05 09:00");
    assert_int_equal(d.received_at, local("2026-03-05 09:00"));
    assert_int_equal(d.due_at, local("2026-03-19 09:00"));
}

static void after_receipt_the_clock_runs_on_at_the_new_agency(void **state)
{
    struct dossier d = received("online", "2026-03-02 10:00");
    struct act_input in = input();
    (void)state;
    in.to_agency = OTHER_AGENCY;
    move(&d, ACTION_ASSIGN, "2026-03-02 11:00");
    move_with(&d, ACTION_TRANSFER, &in, "2026-03-04 10:00");
    assert_int_equal(d.agency, OTHER_AGENCY);
    assert_int_equal(d.due_at, local("2026-03-16 10:00"));
    assert_int_equal(d.holder, 0); /* nobody there has it yet */
    assert_int_equal(d.step_since, local("2026-03-04 10:00"));
    assert_str(d.code, "G11-260105-0001");
    assert_str(d.reason, "");
}

/* ---- results ---- */

static void a_corrected_result_changes_neither_status_nor_end(void **state)
{
    struct dossier d = received("online", "2026-03-02 10:00");
    struct act_input in = input();
    (void)state;
    in.manner = STR("post");
    move(&d, ACTION_PROPOSE, "2026-03-03 10:00");
    move(&d, ACTION_APPROVE, "2026-03-03 11:00");
    move(&d, ACTION_ISSUE, "2026-03-03 14:00");
    move(&d, ACTION_CORRECT, "2026-03-03 15:00");
    assert_int_equal(d.status, STATUS_DONE);
    move_with(&d, ACTION_RETURN, &in, "2026-03-03 16:00");
    assert_str(d.return_manner, "post");
    move(&d, ACTION_CORRECT, "2026-03-10 15:00");
    assert_int_equal(d.status, STATUS_RETURNED);
    assert_int_equal(d.corrections, 2);
    assert_int_equal(d.finished_at, local("2026-03-03 14:00"));
    assert_str(d.outcome, "granted");
}

/* ---- rule sets ---- */

static void a_dossier_keeps_the_rules_of_its_reception(void **state)
{
    struct dossier d = fresh(local("2025-06-30 16:00"));
    (void)state;
    assert_str(dossier_rules(&d)->name, "one-stop-2018-06");
    move(&d, ACTION_RECEIVE, "2025-07-01 08:00");
    assert_str(d.rule_set, "one-stop-2025-07");
    move(&d, ACTION_EXAMINE, "2026-11-20 08:00");
    assert_str(dossier_rules(&d)->name, "one-stop-2025-07");
}

/* ---- undo ---- */

static bool is_same(const struct dossier *a, const struct dossier *b)
{
    return str_eq(dossier_state(&t.arena, a, 3), dossier_state(&t.arena, b, 3));
}

static void what_is_remembered_of_a_dossier_is_restored_exactly(void **state)
{
    struct dossier d = received("counter", "2026-03-02 10:00"), before;
    int64_t last_file = 0;
    (void)state;
    d.queue = 77;
    d.list_due = DUE_NEVER;
    d.reason = STR("“vì” \\ \n");
    d.units_due = local("2026-03-20 10:00");
    for (enum action_id act = ACTION_ASSIGN; act <= ACTION_PROPOSE; act++) {
        before = d;
        struct str state_before = dossier_state(&t.arena, &d, 3);
        move(&d, act, "2026-03-03 10:00");
        struct dossier restored = d;
        dossier_restore(&restored, &t.arena, state_before, &last_file);
        assert_int_equal(last_file, 3);
        assert_true(is_same(&restored, &before));
        assert_int_equal(restored.due_at, before.due_at);
        assert_int_equal(restored.list_due, before.list_due);
        assert_true(term_eq(restored.term, before.term));
        assert_int_equal(restored.status, before.status);
        assert_str(restored.step, before.step.at);
        assert_true(str_eq(restored.reason, before.reason));
        assert_int_equal(restored.version, d.version);                 /* the version goes on */
        assert_int_equal(is_same(&d, &before), act == ACTION_EXAMINE); /* which only notes what was found */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_extended_result_is_due_when_the_office_closes_on_the_new_day),
        cmocka_unit_test(an_extension_keeps_the_reason_of_the_proposed_refusal),
        cmocka_unit_test(while_the_applicant_pays_the_clock_stands_and_the_rest_remains),
        cmocka_unit_test(without_a_stated_term_holding_invents_none),
        cmocka_unit_test(who_withdraws_instead_of_paying_ends_in_time),
        cmocka_unit_test(papers_are_with_the_unit_the_same_day_or_the_next_morning),
        cmocka_unit_test(who_filed_online_has_handed_over_with_receipt),
        cmocka_unit_test(handing_over_ends_its_deadline_and_leaves_the_step),
        cmocka_unit_test(a_step_knows_since_when_and_until_when),
        cmocka_unit_test(a_step_with_a_time_of_its_own_is_due_by_it),
        cmocka_unit_test(before_receipt_a_transferred_dossier_has_no_clock_until_it_is_received_there),
        cmocka_unit_test(after_receipt_the_clock_runs_on_at_the_new_agency),
        cmocka_unit_test(a_corrected_result_changes_neither_status_nor_end),
        cmocka_unit_test(a_dossier_keeps_the_rules_of_its_reception),
        cmocka_unit_test(what_is_remembered_of_a_dossier_is_restored_exactly),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
