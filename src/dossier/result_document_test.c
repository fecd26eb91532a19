/* The result document: what it says, to whom, by whose approval, and that nothing in it can act. */
#include "dossier/test_desk.h"

#include "app/embedded.h"
#include "base/auto.h"
#include "dossier/result_document.h"

static struct test_desk d;
static struct html_set *set;

static int set_up(void **state)
{
    (void)state;
    test_desk_open(&d);
    assert_ok(&d.t, html_set_new(embedded_templates, embedded_templates_count, result_document_templates,
                                 result_document_templates_count, &set, &d.t.why));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    html_set_free(set);
    test_desk_close(&d);
    return 0;
}

static struct letter make(struct str code, day_t day)
{
    struct dossier_view view;
    struct letter letter;
    struct standing who = person_standing(&d, CLERK);
    struct tx *tx = test_read(&d);
    d.desk.pages = set;
    assert_ok(&d.t, dossier_view_load(&d.desk, tx, &who, code, &view, &d.t.why));
    assert_ok(&d.t, result_document_make(&d.desk, tx, &view, day, &letter, &d.t.why));
    store_read_end(tx);
    return letter;
}

static struct str render(struct str code, day_t day)
{
    struct letter letter = make(code, day);
    return letter_text(&d.t.arena, &letter);
}

static struct str approved(const char *owner, const char *outcome, const char *reason)
{
    struct str code = test_submit(&d, owner).code;
    struct act_done done;
    test_act(&d, RECEIVER, ACTION_RECEIVE, code);
    struct act propose = test_act_input(&d, SPECIALIST, ACTION_PROPOSE, code, 2);
    propose.input.outcome = str_from(outcome);
    propose.input.reason = str_from(reason);
    assert_ok(&d.t, store_run(d.t.store, dossier_act, &propose, &done, &d.t.why));
    struct act approve = test_act_input(&d, LEADER, ACTION_APPROVE, code, 3);
    approve.input.reason = STR("");
    assert_ok(&d.t, store_run(d.t.store, dossier_act, &approve, &done, &d.t.why));
    return code;
}

static void a_granted_result_names_country_agency_number_person_and_date(void **state)
{
    static const char *const said[] = {
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "BỘ QUỐC PHÒNG",
        "Nguyễn Văn An",
        "1.013124",
        "05 tháng 02 năm 2026",
        "Đồng ý giải quyết theo đề nghị.",
    };
    (void)state;
    struct str code = approved("Nguyễn Văn An", "granted", "");
    struct str page = render(code, day_from_civil((struct civil){2026, 2, 5}));
    for (size_t i = 0; i < LENGTH(said); i++) {
        if (!str_has(page, str_from(said[i]))) print_error("missing: %s\n", said[i]);
        assert_true(str_has(page, str_from(said[i])));
    }
    assert_true(str_has(page, str_format(&d.t.arena, "Số: %.*s", STR_ARG(code))));
    assert_false(str_has(page, STR("khiếu nại")));
}

static void a_refusal_gives_its_reason_and_says_what_can_be_done(void **state)
{
    (void)state;
    struct str code = approved("Trần Thị Bình", "refused", "Không đủ điều kiện theo Điều 5");
    struct str page = render(code, 20000);
    assert_true(str_has(page, STR("Không đồng ý giải quyết theo đề nghị.")));
    assert_true(str_has(page, STR("Không đủ điều kiện theo Điều 5")));
    assert_true(str_has(page, STR("khiếu nại")));
}

static void nothing_in_it_can_act_whatever_a_name_holds(void **state)
{
    (void)state;
    struct letter letter = make(approved("<script>alert(1)</script>\"'", "granted", ""), 20000);
    struct html shown;
    assert_int_equal(letter_html(&d.t.arena, &letter, &shown, &d.t.why), OK);
    struct str page = shown.text;
    assert_true(str_has(page, STR("&lt;script&gt;")));
    assert_false(str_has(page, STR("<script")));
    assert_false(str_has(page, STR("style=")));
}

static void it_names_who_approved_it(void **state)
{
    (void)state;
    struct str page = render(approved("Nguyễn Văn An", "granted", ""), 20000);
    assert_true(str_has(page, STR("\nleader\n"))); /* the accounts of these tests are named by their logins */
}

/* What an importer is told of a procedure's own template, and where. */
static const struct {
    const char *text, *said;
} templates[] = {
    {"<article class=\"a4\">{{> html/_letter_head}}<p>{{owner}} {{code}}</p></article>", NULL                },
    {"<article class=\"a4\">\n<p>{{owner}} {{price}}</p></article>",                     "result.html:2:14: "},
    {"<article class=\"a4\">\n<p><a>x</a></p></article>",                                "2:4: "             },
    {"<article class=\"a4\"><p>{{#if owner}}</p>{{/if}}</article>",                      "1:37: "            },
};

static void a_template_of_a_procedure_is_refused_with_line_and_column(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(templates); i++) {
        fail_init(&d.t.why, &d.t.arena);
        enum outcome checked = result_document_check(set, str_from(templates[i].text), &d.t.why);
        if (templates[i].said == NULL) assert_ok(&d.t, checked);
        if (templates[i].said == NULL) continue;
        assert_int_equal(checked, ERR_BAD);
        if (!str_starts(fail_text(&d.t.arena, &d.t.why), str_from(templates[i].said)))
            print_error("%s\n", fail_text(&d.t.arena, &d.t.why).at);
        assert_true(str_starts(fail_text(&d.t.arena, &d.t.why), str_from(templates[i].said)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(a_granted_result_names_country_agency_number_person_and_date),
        TEST(a_refusal_gives_its_reason_and_says_what_can_be_done),
        TEST(nothing_in_it_can_act_whatever_a_name_holds),
        TEST(it_names_who_approved_it),
        TEST(a_template_of_a_procedure_is_refused_with_line_and_column),
    };
    return RUN_TESTS(tests);
}
