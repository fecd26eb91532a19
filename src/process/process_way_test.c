#include "base/test.h"

#include "process/process_way.h"

static const struct str acts[] = {
    STR_INIT("receive"),         STR_INIT("refuse"),         STR_INIT("request-supplement"),
    STR_INIT("supplement"),      STR_INIT("assign"),         STR_INIT("examine"),
    STR_INIT("propose"),         STR_INIT("approve"),        STR_INIT("send-back"),
    STR_INIT("issue"),           STR_INIT("return"),         STR_INIT("stop"),
    STR_INIT("withdraw"),        STR_INIT("hand-over"),      STR_INIT("extend"),
    STR_INIT("transfer"),        STR_INIT("consult"),        STR_INIT("answer"),
    STR_INIT("request-payment"), STR_INIT("record-payment"), STR_INIT("note-contact"),
    STR_INIT("correct"),         STR_INIT("undo"),
};

static struct arena arena;
static struct fail why;

static int begin(void **state)
{
    (void)state;
    arena_end(&arena);
    arena_init(&arena, 8 << 20);
    fail_init(&why, &arena);
    return 0;
}

static const struct step_table *compile(const char *text)
{
    const struct step_table *t = NULL;
    assert_int_equal(process_compile(&arena, str_from(text), acts, LENGTH(acts), &t, &why), OK);
    return t;
}

/* "intake (papers-before-receipt second-check) received ...": asides in brackets after their home. */
static void check_way(const char *text, const char *expected)
{
    const struct step_table *t = compile(text);
    struct way w = process_way(&arena, t);
    struct str said = STR("");
    bool is_aside = false;
    for (size_t i = 0; i < w.stop_count; i++) {
        const struct way_stop *s = &w.stops[i];
        const char *before = s->is_aside == is_aside ? " " : s->is_aside ? " (" : ") ";
        said = str_format(&arena, "%.*s%s%.*s", STR_ARG(said), i == 0 ? "" : before, STR_ARG(t->steps[s->step].name));
        is_aside = s->is_aside;
    }
    assert_string_equal(str_cstr(&arena, said), expected);
    assert_int_equal(w.stop_count, t->step_count);
}

static void test_the_way_of_the_one_stop_with_its_waits_beside_it(void **state)
{
    (void)state;
    check_way(process_standard_text, "intake (papers-before-receipt second-check) received examination "
                                     "(papers-after-receipt payment) approval issuing handing-over");
}

static void test_every_process_of_its_own_law_has_all_its_steps_on_its_way_or_beside_it(void **state)
{
    (void)state;
    check_way(process_complaint_first_text,
              "intake (papers-before-acceptance second-check) accepted verification decision issuing sending");
    const char *const others[] = {process_complaint_second_text, process_denunciation_text, process_suspension_text,
                                  process_internal_text};
    for (size_t i = 0; i < LENGTH(others); i++) {
        const struct step_table *t = compile(others[i]);
        struct way w = process_way(&arena, t);
        assert_int_equal(w.stop_count, t->step_count);
        assert_false(w.stops[0].is_aside);
    }
}

static void test_waits_lead_back_and_what_is_not_approved_is_sent_back(void **state)
{
    (void)state;
    const struct step_table *t = compile(process_standard_text);
    struct way w = process_way(&arena, t);
    int examination = way_stop_of(&w, process_step(t, STR("examination")));
    assert_int_equal(w.stops[way_stop_of(&w, process_step(t, STR("payment")))].back, examination);
    assert_int_equal(w.stops[way_stop_of(&w, process_step(t, STR("second-check")))].back,
                     way_stop_of(&w, process_step(t, STR("received"))));
    assert_int_equal(w.stops[way_stop_of(&w, process_step(t, STR("approval")))].sent_back, examination);
    assert_int_equal(w.stops[examination].sent_back, -1);
}

/* What was done, and where that leads. */
static void check_trail(const char *done, const char *here, const char *been)
{
    const struct step_table *t = compile(process_standard_text);
    struct trail trail;
    struct str rest = str_from(done), act, said = STR("");
    trail_begin(&trail);
    for (instant_t at = 1; rest.len > 0; at++) {
        (void)str_cut(rest, ' ', &act, &rest); /* the last one is cut to nothing */
        if (act.at[0] == '-')
            trail_undo(&trail, str_part(act, 1, act.len));
        else
            trail_act(&trail, t, act, at);
    }
    assert_string_equal(trail.now == STEP_END ? "end" : str_cstr(&arena, t->steps[trail.now].name), here);
    for (size_t i = 0; i < t->step_count; i++)
        if (trail.marks[i].was_there && (int)i != trail.now)
            said = str_format(&arena, "%.*s %.*s", STR_ARG(said), STR_ARG(t->steps[i].name));
    assert_string_equal(str_cstr(&arena, str_trim(said)), been);
}

static void test_a_trail_follows_acts_and_forgets_what_was_taken_back(void **state)
{
    (void)state;
    check_trail("", "intake", "");
    check_trail("receive note-contact examine propose", "approval", "intake received examination");
    check_trail("receive examine propose -propose", "examination", "intake received");
    check_trail("receive examine extend -extend propose", "approval", "intake received examination");
    check_trail("receive examine propose send-back propose -propose", "examination", "intake received approval");
    check_trail("request-supplement supplement receive", "received", "intake papers-before-receipt second-check");
    check_trail("refuse", "end", "intake");
    check_trail("remind receive", "received", "intake");
}

static void test_a_dossier_that_stands_elsewhere_than_its_acts_say_is_where_its_row_says(void **state)
{
    (void)state;
    const struct step_table *t = compile(process_standard_text);
    struct trail trail;
    trail_begin(&trail);
    trail_settle(&trail, process_step(t, STR("payment")));
    assert_int_equal(trail.now, process_step(t, STR("payment")));
    assert_true(trail.marks[trail.now].was_there);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_the_way_of_the_one_stop_with_its_waits_beside_it, begin),
        cmocka_unit_test_setup(test_every_process_of_its_own_law_has_all_its_steps_on_its_way_or_beside_it, begin),
        cmocka_unit_test_setup(test_waits_lead_back_and_what_is_not_approved_is_sent_back, begin),
        cmocka_unit_test_setup(test_a_trail_follows_acts_and_forgets_what_was_taken_back, begin),
        cmocka_unit_test_setup(test_a_dossier_that_stands_elsewhere_than_its_acts_say_is_where_its_row_says, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
