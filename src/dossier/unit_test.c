/* Units that are asked: deadlines, turns, silence, and that every open question stands in exactly one list. */
#include "dossier/test_desk.h"

#include "dossier/dossier_list.h"
#include "dossier/unit.h"

enum { ABROAD, FAR, UNITS }; /* two other agencies with a specialist each */

static struct test_desk d;
static int64_t agencies[UNITS], specialists[UNITS];

static instant_t local(const char *text) /* "2026-03-02 10:00" */
{
    instant_t at;
    struct str moment = str_format(&d.t.arena, "%.10sT%s:00+07:00", text, text + 11);
    assert_ok(&d.t, instant_parse(moment, &at, &d.t.why));
    return at;
}

static day_t day(const char *text)
{
    day_t out;
    assert_ok(&d.t, day_parse(str_from(text), &out, &d.t.why));
    return out;
}

static void found_agency(int i, const char *identifier, const char *login)
{
    int64_t post;
    const struct agency_new agency = {.identifier = str_from(identifier),
                                      .name = str_from(identifier),
                                      .class = str_from(agency_classes[0].name.at),
                                      .valid_from = DAY_UNKNOWN};
    assert_ok(&d.t, store_run(d.t.store, agency_add, &agency, &agencies[i], &d.t.why));
    assert_ok(&d.t, store_run(d.t.store, test_account_add, login, &specialists[i], &d.t.why));
    const struct post_new in = {.account = specialists[i],
                                .agency = agencies[i],
                                .role = STR("specialist"),
                                .valid_from = DAY_UNKNOWN,
                                .valid_to = DAY_OPEN};
    assert_ok(&d.t, store_run(d.t.store, post_add, &in, &post, &d.t.why));
}

static int set_up(void **state)
{
    (void)state;
    /* Monday 2 March 2026, 9:00: before the desk opens, because the store's time never steps back. */
    clock_hold((instant_t)(day_from_civil((struct civil){2026, 3, 2})) * US_PER_DAY + 2 * US_PER_HOUR);
    test_desk_open(&d);
    found_agency(ABROAD, "G08", "abroad");
    found_agency(FAR, "G09", "far");
    clock_hold(local("2026-03-02 10:00"));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    clock_release();
    test_desk_close(&d);
    return 0;
}

/* ---- acting ---- */

static struct standing unit_standing(int i)
{
    return (struct standing){specialists[i], agencies[i], STR("specialist"), role_permissions(STR("specialist")), 0,
                             VIETNAMESE};
}

static struct str examined(void)
{
    fail_init(&d.t.why, &d.t.arena);
    struct str code = test_submit(&d, "Nguyễn Thị Ánh").code;
    test_act(&d, RECEIVER, ACTION_RECEIVE, code);
    test_act(&d, SPECIALIST, ACTION_EXAMINE, code);
    return code;
}

static enum outcome run(struct act *in)
{
    struct act_done done;
    fail_init(&d.t.why, &d.t.arena);
    return store_run(d.t.store, dossier_act, in, &done, &d.t.why);
}

static enum outcome ask(struct str code, const struct asked_unit *units, size_t count, const char *until,
                        const char *manner)
{
    struct act in = test_act_input(&d, SPECIALIST, ACTION_CONSULT, code, test_dossier(&d, code).version);
    in.input.units = units;
    in.input.unit_count = count;
    in.input.until = day(until);
    in.input.manner = str_from(manner);
    in.input.note = STR("Có ý kiến gì không?");
    return run(&in);
}

static void ask_both(struct str code, const char *until, const char *manner)
{
    const struct asked_unit units[] = {{.agency = agencies[ABROAD]}, {.agency = agencies[FAR]}};
    assert_ok(&d.t, ask(code, units, LENGTH(units), until, manner));
}

static enum outcome answer(struct str code, int i)
{
    struct act in = test_act_input(&d, SPECIALIST, ACTION_ANSWER, code, test_dossier(&d, code).version);
    in.who = unit_standing(i);
    in.actor = (struct actor){specialists[i], agencies[i], STR("specialist")};
    in.input.note = STR("Không có ý kiến.");
    return run(&in);
}

/* ---- looking ---- */

static struct unit unit_of(struct str code, size_t n)
{
    struct unit *units;
    size_t count;
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, units_of(tx, test_dossier(&d, code).id, false, &units, &count, &d.t.why));
    store_read_end(tx);
    assert_true(n < count);
    return units[n];
}

static enum unit_state state_of(struct str code, size_t n)
{
    struct unit u = unit_of(code, n);
    return unit_state(&u, clock_now());
}

/* How many questions stand in somebody's inbox. */
static size_t questions_of(const struct standing *who)
{
    struct dossier_list list;
    size_t asked = 0;
    struct tx *tx = test_read(&d);
    const struct inbox_query query = {.who = *who, .most = 100};
    assert_ok(&d.t, dossier_inbox(&d.desk, tx, &query, &list, &d.t.why));
    for (size_t i = 0; i < list.count; i++) asked += list.items[i].is_asked;
    store_read_end(tx);
    return asked;
}

static size_t questions(int i)
{
    struct standing who = unit_standing(i);
    return questions_of(&who);
}

/* ---- deadlines ---- */

static void a_deadline_is_the_close_of_the_day_or_of_the_next_working_day(void **state)
{
    static const struct {
        const char *until, *due;
    } rows[] = {
        {"2026-03-02", "2026-03-02 17:00"}, /* the same day */
        {"2026-03-06", "2026-03-06 17:00"},
        {"2026-03-07", "2026-03-09 17:00"}, /* a Saturday */
        {"2026-04-30", "2026-05-04 17:00"}, /* two holidays and a weekend */
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct str code = examined();
        ask_both(code, rows[i].until, "parallel");
        assert_int_equal(unit_of(code, 0).due_at, local(rows[i].due));
        assert_int_equal(unit_of(code, 1).due_at, local(rows[i].due));
        assert_int_equal(test_dossier(&d, code).units_due, local(rows[i].due));
    }
}

static void after_the_close_nobody_is_asked_for_the_same_day(void **state)
{
    (void)state;
    struct str code = examined();
    const struct asked_unit unit = {.agency = agencies[FAR]};
    clock_hold(local("2026-03-02 17:00"));
    assert_int_equal(ask(code, &unit, 1, "2026-03-02", "parallel"), ERR_INVALID);
    assert_str(d.t.why.problems[0].pointer, "/until");
}

static void each_turn_has_as_much_working_time_as_the_first_from_its_own_opening(void **state)
{
    (void)state;
    struct str code = examined();
    ask_both(code, "2026-03-03", "in-turn");
    int64_t time = calendar_working_us(d.calendar, local("2026-03-02 10:00"), local("2026-03-03 17:00"));
    assert_int_equal(unit_of(code, 0).due_at, local("2026-03-03 17:00"));
    assert_int_equal(state_of(code, 1), UNIT_WAITING);
    assert_int_equal(unit_of(code, 1).due_at, calendar_add_working(d.calendar, local("2026-03-03 17:00"), time));
    assert_int_equal(questions(FAR), 0);
    clock_hold(local("2026-03-03 09:00"));
    assert_ok(&d.t, answer(code, ABROAD));
    assert_int_equal(state_of(code, 1), UNIT_OPEN);
    assert_int_equal(unit_of(code, 1).due_at, calendar_add_working(d.calendar, local("2026-03-03 09:00"), time));
    assert_int_equal(test_dossier(&d, code).units_due, unit_of(code, 1).due_at);
    assert_int_equal(questions(FAR), 1);
}

static void a_day_of_its_own_holds_whenever_the_turn_opens(void **state)
{
    (void)state;
    struct str code = examined();
    const struct asked_unit units[] = {
        {.agency = agencies[ABROAD] },
        { .agency = agencies[FAR], .until = day("2026-03-12")}
    };
    assert_ok(&d.t, ask(code, units, LENGTH(units), "2026-03-03", "in-turn"));
    assert_int_equal(unit_of(code, 1).due_at, local("2026-03-12 17:00"));
    clock_hold(local("2026-03-03 09:00"));
    assert_ok(&d.t, answer(code, ABROAD));
    assert_int_equal(unit_of(code, 1).due_at, local("2026-03-12 17:00"));
    struct str other = examined();
    assert_ok(&d.t, ask(other, units, LENGTH(units), "2026-03-04", "parallel"));
    assert_int_equal(unit_of(other, 0).due_at, local("2026-03-04 17:00"));
    assert_int_equal(unit_of(other, 1).due_at, local("2026-03-12 17:00"));
}

/* ---- silence ---- */

static void silence_ends_a_turn_once_and_opens_the_next(void **state)
{
    (void)state;
    struct str code = examined();
    ask_both(code, "2026-03-03", "in-turn");
    int64_t version = test_dossier(&d, code).version;
    clock_hold(local("2026-03-03 17:00"));
    assert_ok(&d.t, units_expire(&d.desk, &d.t.why));
    assert_int_equal(state_of(code, 0), UNIT_OPEN); /* the deadline itself is in time */
    clock_hold(local("2026-03-04 08:00"));
    assert_int_equal(state_of(code, 0), UNIT_SILENT); /* before anybody has noted it */
    assert_int_equal(answer(code, ABROAD), ERR_DENIED);
    for (int i = 0; i < 2; i++) assert_ok(&d.t, units_expire(&d.desk, &d.t.why));
    assert_int_equal(test_dossier(&d, code).version, version + 1);
    assert_int_equal(state_of(code, 0), UNIT_SILENT);
    assert_int_equal(state_of(code, 1), UNIT_OPEN);
    assert_int_equal(questions(ABROAD), 0);
    assert_int_equal(questions(FAR), 1);
    clock_hold(local("2026-03-20 08:00"));
    assert_ok(&d.t, units_expire(&d.desk, &d.t.why));
    assert_int_equal(state_of(code, 1), UNIT_SILENT);
    assert_int_equal(test_dossier(&d, code).units_due, INSTANT_NONE);
    test_act(&d, SPECIALIST, ACTION_PROPOSE, code);
}

static void a_proposal_made_before_silence_was_noted_calls_it_silence(void **state)
{
    (void)state;
    struct str code = examined();
    ask_both(code, "2026-03-03", "parallel");
    clock_hold(local("2026-03-03 17:01"));
    test_act(&d, SPECIALIST, ACTION_PROPOSE, code);
    assert_str(unit_of(code, 0).closing, "silent");
    assert_int_equal(questions(FAR), 0);
}

/* ---- who ---- */

static void an_officer_is_asked_by_name_and_their_colleagues_are_not(void **state)
{
    (void)state;
    struct str code = examined();
    const struct asked_unit unit = {.agency = d.agency, .account = d.people[COLLEAGUE]};
    assert_ok(&d.t, ask(code, &unit, 1, "2026-03-06", "parallel"));
    struct standing colleague = person_standing(&d, COLLEAGUE);
    assert_int_equal(questions_of(&colleague), 1);
    struct act wrong = test_act_input(&d, SPECIALIST, ACTION_ANSWER, code, test_dossier(&d, code).version);
    assert_int_equal(run(&wrong), ERR_DENIED);
    struct act right = test_act_input(&d, COLLEAGUE, ACTION_ANSWER, code, test_dossier(&d, code).version);
    assert_ok(&d.t, run(&right));
    assert_int_equal(unit_of(code, 0).answered_by, d.people[COLLEAGUE]);
    assert_int_equal(questions_of(&colleague), 0);
}

static void paper_goes_round_and_what_is_electronic_goes_to_all(void **state)
{
    (void)state;
    assert_str(unit_manner(&(struct dossier){.channel = STR("online")}), "parallel");
    assert_str(unit_manner(&(struct dossier){.channel = STR("counter")}), "in-turn");
    assert_str(unit_manner(&(struct dossier){.channel = STR("postal")}), "in-turn");
}

/* ---- whatever happens, lists and rows agree ---- */

enum { ROUNDS = 400, DOSSIERS = 4 };

static uint32_t dice = 20261122;

static uint32_t roll(uint32_t sides)
{
    dice = dice * 1664525 + 1013904223;
    return (dice >> 8) % sides;
}

/* Each may be refused; what matters is what is true afterwards. */
static void do_something(struct str code)
{
    static const char *const manners[] = {"parallel", "in-turn"};
    struct asked_unit units[] = {
        {.agency = agencies[ABROAD]},
        {                  .agency = agencies[FAR]                         },
        { .agency = d.agency,                          .account = d.people[COLLEAGUE]}
    };
    struct str until = day_format(&d.t.arena, day_of(clock_now()) + 1 + (day_t)roll(4));
    enum test_person author = roll(2) ? SPECIALIST : LEADER;
    struct act undo = test_act_input(&d, author, ACTION_UNDO, code, test_dossier(&d, code).version);
    size_t first = roll(LENGTH(units));
    switch (roll(8)) {
    case 0:
    case 1:
        (void)ask(code, &units[first], 1 + roll((uint32_t)(LENGTH(units) - first)), str_cstr(&d.t.arena, until),
                  manners[roll(2)]);
        break;
    case 2: (void)answer(code, ABROAD); break;
    case 3: (void)answer(code, FAR); break;
    case 4: (void)run(&undo); break;
    case 5: (void)test_try(&d, SPECIALIST, ACTION_PROPOSE, code); break;
    case 6: (void)test_try(&d, LEADER, roll(4) ? ACTION_SEND_BACK : ACTION_STOP, code); break;
    default: clock_hold(clock_now() + (int64_t)roll(30) * US_PER_HOUR); break;
    }
    assert_ok(&d.t, units_expire(&d.desk, &d.t.why));
}

static size_t seen[UNIT_STATE_COUNT];

static void check_lists(const struct str codes[DOSSIERS])
{
    size_t open[UNITS] = {0}, colleagues = 0;
    for (size_t i = 0; i < DOSSIERS; i++) {
        struct unit *units;
        size_t count;
        struct dossier dossier = test_dossier(&d, codes[i]);
        instant_t latest = INSTANT_NONE;
        struct tx *tx = test_read(&d);
        assert_ok(&d.t, units_of(tx, dossier.id, false, &units, &count, &d.t.why));
        store_read_end(tx);
        for (size_t n = 0; n < count; n++) {
            enum unit_state s = unit_state(&units[n], clock_now());
            seen[s]++;
            assert_int_equal(units[n].list_due != INSTANT_NONE, s == UNIT_OPEN);
            if ((s == UNIT_OPEN || s == UNIT_WAITING) && units[n].due_at > latest) latest = units[n].due_at;
            if (s != UNIT_OPEN) continue;
            open[ABROAD] += units[n].agency == agencies[ABROAD];
            open[FAR] += units[n].agency == agencies[FAR];
            colleagues += units[n].account != 0;
        }
        assert_int_equal(dossier.units_due, latest);
    }
    struct standing colleague = person_standing(&d, COLLEAGUE);
    assert_int_equal(questions(ABROAD), open[ABROAD]);
    assert_int_equal(questions(FAR), open[FAR]);
    assert_int_equal(questions_of(&colleague), colleagues);
}

static void every_open_question_stands_in_one_list_whatever_happens(void **state)
{
    struct str codes[DOSSIERS];
    (void)state;
    for (size_t i = 0; i < DOSSIERS; i++) codes[i] = examined();
    for (size_t i = 0; i < ROUNDS; i++) {
        do_something(codes[roll(DOSSIERS)]);
        check_lists(codes);
        /* Stopped for good: another takes its place. */
        for (size_t n = 0; n < DOSSIERS; n++)
            if (test_dossier(&d, codes[n]).status == STATUS_STOPPED && roll(3) == 0) codes[n] = examined();
    }
    for (enum unit_state s = 0; s < UNIT_STATE_COUNT; s++) assert_true(seen[s] > 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_deadline_is_the_close_of_the_day_or_of_the_next_working_day),
        TEST(after_the_close_nobody_is_asked_for_the_same_day),
        TEST(each_turn_has_as_much_working_time_as_the_first_from_its_own_opening),
        TEST(a_day_of_its_own_holds_whenever_the_turn_opens),
        TEST(silence_ends_a_turn_once_and_opens_the_next),
        TEST(a_proposal_made_before_silence_was_noted_calls_it_silence),
        TEST(an_officer_is_asked_by_name_and_their_colleagues_are_not),
        TEST(paper_goes_round_and_what_is_electronic_goes_to_all),
        TEST(every_open_question_stands_in_one_list_whatever_happens),
    };
    return RUN_TESTS(tests);
}
