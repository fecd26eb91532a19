/* The rules of a dossier: what is possible for whom, what each act does. No store. */
#include "dossier/test_case.h"

static instant_t at(const char *text)
{
    instant_t out;
    assert_int_equal(instant_parse(str_from(text), &out, &t.why), OK);
    return out;
}

/* ---- who sees it ---- */

static void nobody_signed_in_is_no_applicant(void **state)
{
    struct dossier d = fresh(0);
    struct standing nobody = {0};
    (void)state;
    d.submitter = 0;
    assert_false(dossier_is_applicant(&d, &nobody));
    assert_false(dossier_may_see(&d, &nobody));
}

static void only_the_applicant_and_readers_of_the_agency_see_it(void **state)
{
    static const struct {
        const char *role;
        int64_t agency;
        bool sees;
    } rows[] = {
        {"receiver",   AGENCY,       true },
        {"specialist", AGENCY,       true },
        {"leader",     AGENCY,       true },
        {"clerk",      AGENCY,       true },
        {"archivist",  AGENCY,       true },
        {"admin",      AGENCY,       false},
        {"operator",   AGENCY,       false},
        {"citizen",    AGENCY,       false},
        {"receiver",   OTHER_AGENCY, false},
        {"leader",     OTHER_AGENCY, false},
    };
    struct dossier d = fresh(0);
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct standing who = officer(rows[i].role, rows[i].agency);
        assert_int_equal(dossier_may_see(&d, &who), rows[i].sees);
    }
    struct standing own = applicant(APPLICANT), other = applicant(APPLICANT + 1);
    assert_true(dossier_may_see(&d, &own));
    assert_false(dossier_may_see(&d, &other));
}

/* ---- what an act does ---- */

static void the_whole_way_has_the_statuses_of_the_national_portal(void **state)
{
    static const struct {
        enum action_id act;
        enum status status;
        const char *step;
    } way[] = {
        {ACTION_RECEIVE, STATUS_RECEIVED, "received"    },
        {ACTION_ASSIGN,  STATUS_IN_HAND,  "examination" },
        {ACTION_EXAMINE, STATUS_IN_HAND,  "examination" },
        {ACTION_PROPOSE, STATUS_IN_HAND,  "approval"    },
        {ACTION_APPROVE, STATUS_IN_HAND,  "issuing"     },
        {ACTION_ISSUE,   STATUS_DONE,     "handing-over"},
        {ACTION_RETURN,  STATUS_RETURNED, ""            },
    };
    struct dossier d = fresh(at("2026-03-02T02:00:00Z"));
    (void)state;
    assert_int_equal(d.status, STATUS_NEW);
    for (size_t i = 0; i < LENGTH(way); i++) {
        move(&d, way[i].act, "2026-03-02 10:00");
        assert_int_equal(d.status, way[i].status);
        assert_str(d.step, way[i].step);
    }
    assert_true(d.finished_at == at("2026-03-02T03:00:00Z") && d.returned_at == d.finished_at);
    assert_str(d.outcome, "granted");
}

static void receipt_starts_the_clock_and_says_by_which_rule(void **state)
{
    struct dossier d = fresh(at("2026-03-02T02:00:00Z"));
    (void)state;
    move(&d, ACTION_RECEIVE, "2026-03-02 10:00");
    assert_int_equal(d.received_at, at("2026-03-02T03:00:00Z"));
    /* Ten working days from Monday 10:00: Monday two weeks later at the same time. */
    assert_int_equal(d.due_at, at("2026-03-16T03:00:00Z"));
    assert_str(term_format(&t.arena, d.term), "10wd");
    assert_int_equal(d.calendar_version.len, SHA256_HEX);
}

static void without_a_stated_term_nothing_is_due(void **state)
{
    struct dossier d = fresh(at("2026-03-02T02:00:00Z"));
    struct act_input in = input();
    (void)state;
    in.term = (struct term){TERM_NONE, 0, false};
    assert_int_equal(dossier_move(&d, &t.book, ACTION_RECEIVE, &in, at("2026-03-02T03:00:00Z"), &t.why), OK);
    assert_true(d.due_at == INSTANT_NONE);
    assert_int_equal(dossier_worklist_due(&d, t.book.calendar), DUE_NEVER);
    assert_false(dossier_is_late(&d, at("2036-01-05T03:00:00Z")));
}

static void papers_asked_for_before_receipt_let_no_clock_run(void **state)
{
    struct dossier d = fresh(at("2026-03-02T02:00:00Z"));
    (void)state;
    move(&d, ACTION_REQUEST_SUPPLEMENT, "2026-03-02 10:00");
    assert_int_equal(d.status, STATUS_SUPPLEMENT);
    assert_true(d.due_at == INSTANT_NONE && d.received_at == INSTANT_NONE);
    move(&d, ACTION_SUPPLEMENT, "2026-03-05 10:00");
    assert_true(d.due_at == INSTANT_NONE);
    move(&d, ACTION_RECEIVE, "2026-03-06 10:00");
    assert_int_equal(d.received_at, at("2026-03-06T03:00:00Z"));
    assert_int_equal(d.due_at, at("2026-03-20T03:00:00Z"));
}

static void papers_that_come_after_receipt_start_the_clock_anew(void **state)
{
    struct dossier d = fresh(at("2026-03-02T02:00:00Z"));
    (void)state;
    move(&d, ACTION_RECEIVE, "2026-03-02 10:00");
    move(&d, ACTION_EXAMINE, "2026-03-03 10:00");
    move(&d, ACTION_REQUEST_SUPPLEMENT, "2026-03-04 10:00");
    assert_true(d.due_at == INSTANT_NONE);
    assert_str(d.reason, "vì");
    struct act_input in = input();
    in.reason = STR("");
    assert_int_equal(dossier_move(&d, &t.book, ACTION_SUPPLEMENT, &in, at("2026-03-09T03:00:00Z"), &t.why), OK);
    assert_int_equal(d.received_at, at("2026-03-02T03:00:00Z"));
    assert_int_equal(d.due_at, at("2026-03-23T03:00:00Z"));
    assert_int_equal(d.supplements, 1);
    assert_str(d.reason, ""); /* it was answered */
}

static void sending_back_forgets_what_was_proposed(void **state)
{
    struct dossier d = fresh(at("2026-03-02T02:00:00Z"));
    (void)state;
    move(&d, ACTION_RECEIVE, "2026-03-02 10:00");
    move(&d, ACTION_PROPOSE, "2026-03-02 10:00");
    assert_str(d.outcome, "granted");
    move(&d, ACTION_SEND_BACK, "2026-03-02 10:00");
    assert_str(d.outcome, "");
    assert_str(d.step, "examination");
}

static void the_holder_goes_with_the_step_and_comes_with_assignment(void **state)
{
    struct dossier d = fresh(at("2026-03-02T02:00:00Z"));
    (void)state;
    move(&d, ACTION_RECEIVE, "2026-03-02 10:00");
    move(&d, ACTION_ASSIGN, "2026-03-02 10:00");
    assert_int_equal(d.holder, OFFICER);
    move(&d, ACTION_EXAMINE, "2026-03-02 10:00"); /* the same step */
    assert_int_equal(d.holder, OFFICER);
    move(&d, ACTION_PROPOSE, "2026-03-02 10:00");
    assert_int_equal(d.holder, 0);
}

static void every_end_has_its_status_and_its_moment(void **state)
{
    static const struct {
        enum action_id acts[4];
        size_t count;
        enum status status;
    } rows[] = {
        {{ACTION_REFUSE},                                               1, STATUS_REFUSED  },
        {{ACTION_WITHDRAW},                                             1, STATUS_WITHDRAWN},
        {{ACTION_REQUEST_SUPPLEMENT, ACTION_SUPPLEMENT, ACTION_REFUSE}, 3, STATUS_STOPPED  },
        {{ACTION_RECEIVE, ACTION_EXAMINE, ACTION_STOP},                 3, STATUS_STOPPED  },
        {{ACTION_RECEIVE, ACTION_WITHDRAW},                             2, STATUS_WITHDRAWN},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct dossier d = fresh(at("2026-03-02T02:00:00Z"));
        for (size_t n = 0; n < rows[i].count; n++) move(&d, rows[i].acts[n], "2026-03-03 10:00");
        assert_int_equal(d.status, rows[i].status);
        assert_int_equal(d.finished_at, at("2026-03-03T03:00:00Z"));
        assert_str(d.step, "");
        assert_int_equal(dossier_step(&d, t.book.table), STEP_END);
    }
}

/* ---- what comes with an act ---- */

static void every_required_field_is_asked_for(void **state)
{
    (void)state;
    for (enum action_id act = 0; act < ACTION_COUNT; act++) {
        struct fail problems;
        size_t required = 0;
        struct act_input nothing = {0};
        fail_init(&problems, &t.arena);
        dossier_check_input(act, &nothing, &problems);
        for (size_t f = 0; f < actions[act].field_count; f++) required += actions[act].fields[f].is_required;
        assert_int_equal(problems.problem_count, required);
        for (size_t p = 0; p < problems.problem_count; p++) assert_string_equal(problems.problems[p].code, "required");
    }
}

static void an_outcome_is_granted_or_refused(void **state)
{
    struct act_input in = input();
    (void)state;
    fail_init(&t.why, &t.arena);
    in.outcome = STR("perhaps");
    dossier_check_input(ACTION_PROPOSE, &in, &t.why);
    assert_int_equal(t.why.problem_count, 1);
    assert_string_equal(t.why.problems[0].code, "unknown");
    fail_init(&t.why, &t.arena);
}

/* ---- deadlines, codes ---- */

static void before_receipt_the_inbox_counts_eight_working_hours(void **state)
{
    struct dossier d = fresh(at("2026-03-06T08:00:00Z")); /* Friday 15:00 */
    (void)state;
    assert_int_equal(dossier_worklist_due(&d, t.book.calendar),
                     calendar_add_working(t.book.calendar, d.submitted_at, 8 * US_PER_HOUR));
    assert_true(dossier_worklist_due(&d, t.book.calendar) > at("2026-03-09T00:00:00Z"));
}

static void late_is_what_ended_or_waits_behind_its_due_moment(void **state)
{
    struct dossier d = fresh(0);
    (void)state;
    d.due_at = 1000;
    assert_false(dossier_is_late(&d, 1000));
    assert_true(dossier_is_late(&d, 1001));
    d.finished_at = 900;
    assert_false(dossier_is_late(&d, 5000));
    d.finished_at = 1100;
    assert_true(dossier_is_late(&d, 0));
}

static void codes_carry_the_agency_the_day_and_a_number_that_may_grow(void **state)
{
    day_t day = day_from_civil((struct civil){2026, 11, 22});
    const struct rule_set *rules = rule_set_at(day);
    struct rule_set wider = *rules;
    (void)state;
    wider.code_has_century = true;
    wider.code_width = 7;
    assert_str(dossier_code(&t.arena, &wider, STR("G09.20"), day, 92637), "G09.20-20261122-0092637");
    assert_str(dossier_code(&t.arena, rules, STR("G11"), day, 7), "G11-261122-0007");
    assert_str(dossier_code(&t.arena, rules, STR("H36.5"), day, 123456), "H36.5-261122-123456");
    assert_true(dossier_code_is_valid(STR("G11-261122-0007")));
    assert_true(dossier_code_is_valid(STR("000.00.00.G11-261122-0007")));
    assert_false(dossier_code_is_valid(STR("G11")));
    assert_false(dossier_code_is_valid(STR("G11 261122")));
    assert_false(dossier_code_is_valid(STR("G11/261122-0007")));
    assert_false(dossier_code_is_valid(STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_signed_in_is_no_applicant),
        cmocka_unit_test(only_the_applicant_and_readers_of_the_agency_see_it),
        cmocka_unit_test(the_whole_way_has_the_statuses_of_the_national_portal),
        cmocka_unit_test(receipt_starts_the_clock_and_says_by_which_rule),
        cmocka_unit_test(without_a_stated_term_nothing_is_due),
        cmocka_unit_test(papers_asked_for_before_receipt_let_no_clock_run),
        cmocka_unit_test(papers_that_come_after_receipt_start_the_clock_anew),
        cmocka_unit_test(sending_back_forgets_what_was_proposed),
        cmocka_unit_test(the_holder_goes_with_the_step_and_comes_with_assignment),
        cmocka_unit_test(every_end_has_its_status_and_its_moment),
        cmocka_unit_test(every_required_field_is_asked_for),
        cmocka_unit_test(an_outcome_is_granted_or_refused),
        cmocka_unit_test(before_receipt_the_inbox_counts_eight_working_hours),
        cmocka_unit_test(late_is_what_ended_or_waits_behind_its_due_moment),
        cmocka_unit_test(codes_carry_the_agency_the_day_and_a_number_that_may_grow),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
