#include "base/test.h"

#include "dossier/application.h"

static struct arena arena;
static struct fail why;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 8 << 20);
    fail_init(&why, &arena);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_end(&arena);
    return 0;
}

static struct application sample(void)
{
    static struct pair declared[] = {
        {STR_INIT("request"), STR_INIT("Xin cấp lại\n\"giấy phép\"")}
    };
    return (struct application){
        .procedure = STR("1.013124"),
        .agency = STR("G11"),
        .channel = STR("online"),
        .applicants = {{.role = STR("owner"),
                        .kind = STR("citizen"),
                        .name = STR("Nguyễn Thị Ánh"),
                        .identity_type = STR("personal_id"),
                        .identity = STR("001099012345")},
                       {.role = STR("representative"), .kind = STR("citizen"), .name = STR("Huỳnh Ỷ Lan")}},
        .applicant_count = 2,
        .form = declared,
        .form_count = 1,
        .is_form_seen = true,
        .files = {{STR("c1"), STR("aa"), STR("giấy.pdf"), STR("application/pdf"), 12}                                                       },
        .file_count = 1,
    };
}

static void what_was_typed_comes_back_as_it_was(void **state)
{
    struct application app = sample(), back;
    (void)state;
    struct str text = application_write(&arena, &app);
    assert_int_equal(application_read(&arena, text, &back, &why), OK);
    assert_true(str_eq(application_write(&arena, &back), text));
    assert_int_equal(back.applicant_count, 2);
    assert_str(back.applicants[0].identity, "001099012345");
    assert_str(back.applicants[1].name, "Huỳnh Ỷ Lan");
    assert_str(back.form[0].value, "Xin cấp lại\n\"giấy phép\"");
    assert_str(back.files[0].name, "giấy.pdf");
    assert_true(back.is_form_seen);
}

static void an_empty_application_has_no_form_yet(void **state)
{
    struct application app = {.procedure = STR("1.013124")}, back;
    (void)state;
    assert_int_equal(application_read(&arena, application_write(&arena, &app), &back, &why), OK);
    assert_false(back.is_form_seen);
    assert_int_equal(back.file_count, 0);
}

static void the_same_file_for_the_same_paper_is_there_once(void **state)
{
    struct application app = sample();
    struct applied_file again = app.files[0], other = again;
    (void)state;
    other.component = STR("c2");
    assert_true(application_add_file(&app, &again));
    assert_int_equal(app.file_count, 1);
    assert_true(application_add_file(&app, &other));
    assert_int_equal(app.file_count, 2);
    application_remove_file(&app, STR("c1"), STR("aa"));
    assert_int_equal(app.file_count, 1);
    assert_str(app.files[0].component, "c2");
}

static void problems_are_found_under_their_member(void **state)
{
    (void)state;
    assert_true(application_is_under(STR("/parties/0/name"), STR("/parties")));
    assert_true(application_is_under(STR("#/agency"), STR("/agency")));
    assert_false(application_is_under(STR("/agency_name"), STR("/agency")));
    assert_false(application_is_under(STR("/files"), STR("/form")));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_was_typed_comes_back_as_it_was),
    cmocka_unit_test(an_empty_application_has_no_form_yet),
    cmocka_unit_test(the_same_file_for_the_same_paper_is_there_once),
    cmocka_unit_test(problems_are_found_under_their_member),
};

int main(void)
{
    return cmocka_run_group_tests_name(__FILE__, tests, setup, teardown);
}
