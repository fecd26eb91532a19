/* The rules of a dossier: what is possible for whom, what each act does. No store. */
#include "base/test.h"

#include "agency/role.h"
#include "base/auto.h"
#include "calendar/calendars.h"
#include "dossier/dossier.h"

enum { AGENCY = 11, OTHER_AGENCY = 12, APPLICANT = 100, OFFICER = 200 };

static struct arena arena;
static struct fail why;
static const struct step_table *table;
static const struct calendar *calendar;

static int set_up(void **state)
{
    struct str acts[ACTION_COUNT];
    (void)state;
    arena_init(&arena, (size_t)256 << 20);
    fail_init(&why, &arena);
    for (size_t i = 0; i < ACTION_COUNT; i++) acts[i] = str_from(actions[i].name);
    assert_int_equal(process_compile(&arena, str_from(process_standard_text), acts, ACTION_COUNT, &table, &why), OK);
    assert_int_equal(calendar_parse(&arena, str_from(calendar_vietnam_text), NULL, &calendar, &why), OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_end(&arena);
    return 0;
}

static instant_t at(const char *text)
{
    instant_t out;
    assert_int_equal(instant_parse(str_from(text), &out, &why), OK);
    return out;
}

static struct dossier fresh(instant_t submitted_at)
{
    struct dossier d = dossier_empty();
    d.id = d.version = 1;
    d.code = STR("G11-260105-0001");
    d.agency = AGENCY;
    d.channel = STR("online");
    d.submitter = APPLICANT;
    d.status = table->steps[0].status;
    d.step = table->steps[0].name;
    d.submitted_at = submitted_at;
    return d;
}

static struct standing officer(const char *role, int64_t agency)
{
    return (struct standing){OFFICER, agency, str_from(role), role_permissions(str_from(role))};
}

static struct standing applicant(int64_t account)
{
    return (struct standing){account, 0, STR("citizen"), role_permissions(STR("citizen"))};
}

/* ---- who may do what where ---- */

/* Everything that the standard process allows, by hand from the decree's steps. What is not here is refused. */
static const struct {
    const char *step, *act, *roles; /* names between spaces; "applicant" */
} allowed[] = {
    {"intake",                "receive",            " receiver "                  },
    {"intake",                "refuse",             " receiver "                  },
    {"intake",                "request-supplement", " receiver specialist "       },
    {"intake",                "withdraw",           " applicant "                 },
    {"papers-before-receipt", "supplement",         " applicant "                 },
    {"papers-before-receipt", "withdraw",           " applicant "                 },
    {"second-check",          "receive",            " receiver "                  },
    {"second-check",          "refuse",             " receiver "                  },
    {"second-check",          "withdraw",           " applicant "                 },
    {"received",              "assign",             " receiver specialist leader "},
    {"received",              "examine",            " specialist "                },
    {"received",              "propose",            " specialist "                },
    {"received",              "request-supplement", " receiver specialist "       },
    {"received",              "withdraw",           " applicant "                 },
    {"examination",           "assign",             " receiver specialist leader "},
    {"examination",           "examine",            " specialist "                },
    {"examination",           "propose",            " specialist "                },
    {"examination",           "request-supplement", " receiver specialist "       },
    {"examination",           "stop",               " leader "                    },
    {"examination",           "withdraw",           " applicant "                 },
    {"papers-after-receipt",  "supplement",         " applicant "                 },
    {"papers-after-receipt",  "stop",               " leader "                    },
    {"papers-after-receipt",  "withdraw",           " applicant "                 },
    {"approval",              "approve",            " leader "                    },
    {"approval",              "send-back",          " leader "                    },
    {"approval",              "stop",               " leader "                    },
    {"approval",              "withdraw",           " applicant "                 },
    {"issuing",               "issue",              " clerk "                     },
    {"handing-over",          "return",             " receiver "                  },
};

static bool is_allowed(struct str step, struct str act, struct str role)
{
    struct str word = str_format(&arena, " %.*s ", STR_ARG(role));
    for (size_t i = 0; i < LENGTH(allowed); i++)
        if (str_eq(step, str_from(allowed[i].step)) && str_eq(act, str_from(allowed[i].act)))
            return str_has(str_from(allowed[i].roles), word);
    return false;
}

static void check_pair(struct str step, enum action_id act, const struct standing *who, struct str role)
{
    struct dossier d = fresh(0);
    struct fail refusal;
    d.step = step;
    fail_init(&refusal, &arena);
    enum outcome r = dossier_can(&d, table, act, who, &refusal);
    bool expected = is_allowed(step, str_from(actions[act].name), role);
    if ((r == OK) != expected)
        print_error("%.*s by %.*s at %.*s\n", STR_ARG(str_from(actions[act].name)), STR_ARG(role), STR_ARG(step));
    assert_int_equal(r == OK, expected);
    if (r == OK) return;
    assert_true(r == ERR_DENIED || r == ERR_CONFLICT);
    assert_non_null(refusal.sentence);
    assert_true(fail_text(&arena, &refusal).len > 20);
}

static void every_pair_of_step_and_act_is_allowed_or_refused_with_a_sentence(void **state)
{
    (void)state;
    for (size_t s = 0; s <= table->step_count; s++)
        for (enum action_id act = 0; act < ACTION_COUNT; act++) {
            struct str step = s < table->step_count ? table->steps[s].name : STR("");
            struct standing own = applicant(APPLICANT);
            check_pair(step, act, &own, STR("applicant"));
            for (size_t r = 0; r < roles_count; r++) {
                struct standing who = officer(roles[r].name.at, AGENCY);
                check_pair(step, act, &who, roles[r].name);
            }
        }
}

static void another_agency_and_another_citizen_may_do_nothing(void **state)
{
    (void)state;
    for (size_t s = 0; s < table->step_count; s++)
        for (enum action_id act = 0; act < ACTION_COUNT; act++) {
            struct dossier d = fresh(0);
            struct standing stranger = applicant(APPLICANT + 1);
            d.step = table->steps[s].name;
            assert_int_equal(dossier_can(&d, table, act, &stranger, &why), ERR_DENIED);
            for (size_t r = 0; r < roles_count; r++) {
                struct standing who = officer(roles[r].name.at, OTHER_AGENCY);
                assert_int_equal(dossier_can(&d, table, act, &who, &why), ERR_DENIED);
            }
        }
}

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

static void what_a_colleague_holds_is_theirs_until_it_is_assigned(void **state)
{
    struct dossier d = fresh(0);
    struct standing who = officer("specialist", AGENCY);
    (void)state;
    d.step = STR("examination");
    d.holder = OFFICER + 1;
    assert_int_equal(dossier_can(&d, table, ACTION_PROPOSE, &who, &why), ERR_DENIED);
    assert_int_equal(dossier_can(&d, table, ACTION_ASSIGN, &who, &why), OK);
    struct standing own = applicant(APPLICANT);
    assert_int_equal(dossier_can(&d, table, ACTION_WITHDRAW, &own, &why), OK);
    d.holder = OFFICER;
    assert_int_equal(dossier_can(&d, table, ACTION_PROPOSE, &who, &why), OK);
}

static void papers_are_asked_for_only_once(void **state)
{
    struct dossier d = fresh(0);
    struct standing who = officer("receiver", AGENCY);
    (void)state;
    assert_int_equal(dossier_can(&d, table, ACTION_REQUEST_SUPPLEMENT, &who, &why), OK);
    d.supplements = 1;
    assert_int_equal(dossier_can(&d, table, ACTION_REQUEST_SUPPLEMENT, &who, &why), ERR_CONFLICT);
}

/* ---- what an act does ---- */

static struct act_input input(void)
{
    return (struct act_input){
        .reason = STR("vì"),
        .outcome = STR("granted"),
        .to = OFFICER,
        .term = {TERM_WORKING_DAYS, 1000, false},
        .calendar = calendar
    };
}

static void move(struct dossier *d, enum action_id act, const char *when)
{
    struct act_input in = input();
    int64_t version = d->version;
    assert_int_equal(dossier_move(d, table, act, &in, at(when), &why), OK);
    assert_int_equal(d->version, version + 1);
}

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
        move(&d, way[i].act, "2026-03-02T03:00:00Z");
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
    move(&d, ACTION_RECEIVE, "2026-03-02T03:00:00Z");
    assert_int_equal(d.received_at, at("2026-03-02T03:00:00Z"));
    /* Ten working days from Monday 10:00: Monday two weeks later at the same time. */
    assert_int_equal(d.due_at, at("2026-03-16T03:00:00Z"));
    assert_str(term_format(&arena, d.term), "10wd");
    assert_int_equal(d.calendar_version.len, SHA256_HEX);
}

static void without_a_stated_term_nothing_is_due(void **state)
{
    struct dossier d = fresh(at("2026-03-02T02:00:00Z"));
    struct act_input in = input();
    (void)state;
    in.term = (struct term){TERM_NONE, 0, false};
    assert_int_equal(dossier_move(&d, table, ACTION_RECEIVE, &in, at("2026-03-02T03:00:00Z"), &why), OK);
    assert_true(d.due_at == INSTANT_NONE);
    assert_int_equal(dossier_worklist_due(&d, calendar), DUE_NEVER);
    assert_false(dossier_is_late(&d, at("2036-01-05T03:00:00Z")));
}

static void papers_asked_for_before_receipt_let_no_clock_run(void **state)
{
    struct dossier d = fresh(at("2026-03-02T02:00:00Z"));
    (void)state;
    move(&d, ACTION_REQUEST_SUPPLEMENT, "2026-03-02T03:00:00Z");
    assert_int_equal(d.status, STATUS_SUPPLEMENT);
    assert_true(d.due_at == INSTANT_NONE && d.received_at == INSTANT_NONE);
    move(&d, ACTION_SUPPLEMENT, "2026-03-05T03:00:00Z");
    assert_true(d.due_at == INSTANT_NONE);
    move(&d, ACTION_RECEIVE, "2026-03-06T03:00:00Z");
    assert_int_equal(d.received_at, at("2026-03-06T03:00:00Z"));
    assert_int_equal(d.due_at, at("2026-03-20T03:00:00Z"));
}

static void papers_that_come_after_receipt_start_the_clock_anew(void **state)
{
    struct dossier d = fresh(at("2026-03-02T02:00:00Z"));
    (void)state;
    move(&d, ACTION_RECEIVE, "2026-03-02T03:00:00Z");
    move(&d, ACTION_EXAMINE, "2026-03-03T03:00:00Z");
    move(&d, ACTION_REQUEST_SUPPLEMENT, "2026-03-04T03:00:00Z");
    assert_true(d.due_at == INSTANT_NONE);
    assert_str(d.reason, "vì");
    struct act_input in = input();
    in.reason = STR("");
    assert_int_equal(dossier_move(&d, table, ACTION_SUPPLEMENT, &in, at("2026-03-09T03:00:00Z"), &why), OK);
    assert_int_equal(d.received_at, at("2026-03-02T03:00:00Z"));
    assert_int_equal(d.due_at, at("2026-03-23T03:00:00Z"));
    assert_int_equal(d.supplements, 1);
    assert_str(d.reason, ""); /* it was answered */
}

static void sending_back_forgets_what_was_proposed(void **state)
{
    struct dossier d = fresh(at("2026-03-02T02:00:00Z"));
    (void)state;
    move(&d, ACTION_RECEIVE, "2026-03-02T03:00:00Z");
    move(&d, ACTION_PROPOSE, "2026-03-02T03:00:00Z");
    assert_str(d.outcome, "granted");
    move(&d, ACTION_SEND_BACK, "2026-03-02T03:00:00Z");
    assert_str(d.outcome, "");
    assert_str(d.step, "examination");
}

static void the_holder_goes_with_the_step_and_comes_with_assignment(void **state)
{
    struct dossier d = fresh(at("2026-03-02T02:00:00Z"));
    (void)state;
    move(&d, ACTION_RECEIVE, "2026-03-02T03:00:00Z");
    move(&d, ACTION_ASSIGN, "2026-03-02T03:00:00Z");
    assert_int_equal(d.holder, OFFICER);
    move(&d, ACTION_EXAMINE, "2026-03-02T03:00:00Z"); /* the same step */
    assert_int_equal(d.holder, OFFICER);
    move(&d, ACTION_PROPOSE, "2026-03-02T03:00:00Z");
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
        for (size_t n = 0; n < rows[i].count; n++) move(&d, rows[i].acts[n], "2026-03-03T03:00:00Z");
        assert_int_equal(d.status, rows[i].status);
        assert_int_equal(d.finished_at, at("2026-03-03T03:00:00Z"));
        assert_str(d.step, "");
        assert_int_equal(dossier_step(&d, table), STEP_END);
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
        fail_init(&problems, &arena);
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
    fail_init(&why, &arena);
    in.outcome = STR("perhaps");
    dossier_check_input(ACTION_PROPOSE, &in, &why);
    assert_int_equal(why.problem_count, 1);
    assert_string_equal(why.problems[0].code, "unknown");
    fail_init(&why, &arena);
}

/* ---- deadlines, codes ---- */

static void before_receipt_the_inbox_counts_eight_working_hours(void **state)
{
    struct dossier d = fresh(at("2026-03-06T08:00:00Z")); /* Friday 15:00 */
    (void)state;
    assert_int_equal(dossier_worklist_due(&d, calendar),
                     calendar_add_working(calendar, d.submitted_at, 8 * US_PER_HOUR));
    assert_true(dossier_worklist_due(&d, calendar) > at("2026-03-09T00:00:00Z"));
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
    (void)state;
    assert_str(dossier_code(&arena, STR("G11"), day, 7), "G11-261122-0007");
    assert_str(dossier_code(&arena, STR("H36.5"), day, 123456), "H36.5-261122-123456");
    assert_true(dossier_code_is_valid(STR("G11-261122-0007")));
    assert_true(dossier_code_is_valid(STR("000.00.00.G11-261122-0007")));
    assert_false(dossier_code_is_valid(STR("G11")));
    assert_false(dossier_code_is_valid(STR("G11 261122")));
    assert_false(dossier_code_is_valid(STR("G11/261122-0007")));
    assert_false(dossier_code_is_valid(STR("")));
}

static void the_one_stop_speaks_for_who_came_to_the_counter(void **state)
{
    (void)state;
    static const struct {
        const char *channel, *role;
        int64_t agency;
        enum outcome expected;
    } rows[] = {
        {"counter", "receiver",   AGENCY,     OK        },
        {"postal",  "receiver",   AGENCY,     OK        },
        {"online",  "receiver",   AGENCY,     ERR_DENIED},
        {"counter", "receiver",   AGENCY + 1, ERR_DENIED},
        {"counter", "specialist", AGENCY,     ERR_DENIED},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct dossier d = fresh(0);
        struct standing who = officer(rows[i].role, rows[i].agency);
        struct fail refusal;
        fail_init(&refusal, &arena);
        d.channel = str_from(rows[i].channel);
        assert_int_equal(dossier_can(&d, table, ACTION_WITHDRAW, &who, &refusal), rows[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_one_stop_speaks_for_who_came_to_the_counter),
        cmocka_unit_test(every_pair_of_step_and_act_is_allowed_or_refused_with_a_sentence),
        cmocka_unit_test(another_agency_and_another_citizen_may_do_nothing),
        cmocka_unit_test(nobody_signed_in_is_no_applicant),
        cmocka_unit_test(only_the_applicant_and_readers_of_the_agency_see_it),
        cmocka_unit_test(what_a_colleague_holds_is_theirs_until_it_is_assigned),
        cmocka_unit_test(papers_are_asked_for_only_once),
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
