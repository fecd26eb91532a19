/* The dated rule sets: what the law says on which day, and what a wrong file is told. */
#include "base/test.h"

#include "process/rule_set.h"

static struct arena arena;
static struct fail why;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)16 << 20);
    fail_init(&why, &arena);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_end(&arena);
    return 0;
}

static day_t day(const char *text)
{
    day_t out;
    assert_int_equal(day_parse(str_from(text), &out, &why), OK);
    return out;
}

static void the_day_of_reception_says_which_set_is_kept(void **state)
{
    static const struct {
        const char *day, *name;
    } rows[] = {
        {"2015-01-01", "one-stop-2018-06"}, /* before the first there is nothing better */
        {"2018-06-21", "one-stop-2018-06"},
        {"2025-06-30", "one-stop-2018-06"},
        {"2025-07-01", "one-stop-2025-07"},
        {"2025-09-14", "one-stop-2025-07"},
        {"2025-09-15", "one-stop-2025-09"},
        {"2026-08-04", "one-stop-2025-09"},
        {"2026-08-05", "one-stop-2026-08"},
        {"2040-01-01", "one-stop-2026-08"},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const struct rule_set *s = rule_set_at(day(rows[i].day));
        assert_str(s->name, rows[i].name);
        assert_ptr_equal(rule_set_by_name(s->name), s);
    }
    assert_null(rule_set_by_name(STR("one-stop-1999")));
    assert_str(rule_set_of(STR("one-stop-2018-06"), day("2026-11-22"))->name, "one-stop-2018-06");
    assert_str(rule_set_of(STR(""), day("2026-11-22"))->name, "one-stop-2026-08");
}

static void the_values_are_those_of_the_decrees(void **state)
{
    const struct rule_set *s = rule_set_at(day("2026-11-22"));
    (void)state;
    assert_int_equal(s->supplements_most, 1);
    assert_int_equal(s->extensions_most, 1);
    assert_int_equal(s->extension_notice_days, 1);
    assert_str(term_format(&arena, s->intake_check), "8h");
    assert_str(term_format(&arena, s->appraisal_return), "3wd");
    assert_int_equal(s->hand_over_cutoff_us, 15 * US_PER_HOUR);
    assert_int_equal(s->hand_over_next_by_us, 12 * US_PER_HOUR);
    assert_str(s->consult_electronic, "parallel");
    assert_str(s->consult_paper, "in-turn");
    assert_int_equal(s->code_width, 4);
    assert_false(s->code_has_century);
}

static void a_form_is_known_by_what_it_is_because_its_number_changes(void **state)
{
    const struct rule_set *then = rule_set_at(day("2020-01-01")), *now = rule_set_at(day("2026-11-22"));
    (void)state;
    assert_str(rule_set_form(then, "control")->number, "05");
    assert_str(rule_set_form(now, "control")->number, "06");
    assert_str(rule_set_form(now, "stop")->number, "05");
    assert_null(rule_set_form(then, "stop"));
    assert_str(rule_set_form(now, "receipt")->title, "Giấy tiếp nhận hồ sơ và hẹn trả kết quả");
}

/* The program's own text with one thing changed; where and how it is refused. */
static void a_wrong_file_is_told_where_it_is_wrong(void **state)
{
    static const struct {
        const char *from, *to, *place, *code;
    } rows[] = {
        {"\"value\": \"15:00\"",         "\"value\": \"25:00\"",          "/sets/0/hand_over_cutoff", "format"  },
        {"\"value\": \"in-turn\"",       "\"value\": \"maybe\"",          "/sets/0/consult_paper",    "unknown" },
        {"\"supplements_most\": {",      "\"supplements\": {",            "/sets/0/supplements_most", "required"},
        {"\"value\": 1, \"basis\": \"",  "\"value\": 1, \"because\": \"", "/sets/0/supplements_most", "required"},
        {"\"2025-07-01\"",               "\"2025-07-02\"",                "/sets/1/valid_from",       "order"   },
        {"\"valid_to\": \"2025-06-30\"", "\"valid_to\": \"2025-06-31\"",  "/sets/0/valid_to",         "format"  },
        {"\"valid_to\": null",           "\"valid_to\": \"2030-01-01\"",  "/sets/3/valid_to",         "order"   },
        {"\"width\": 4",                 "\"width\": 0",                  "/sets/0/code",             "format"  },
        {"\"number\": \"01\"",           "\"number\": \"\"",              "/sets/0/forms",            "required"},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct str text = str_from(rule_sets_text);
        const struct rule_set *sets;
        size_t count;
        ptrdiff_t found = str_find(text, str_from(rows[i].from), 0);
        assert_true(found >= 0);
        struct str head = str_part(text, 0, (size_t)found);
        struct str tail = str_part(text, (size_t)found + str_from(rows[i].from).len, text.len);
        text = str_format(&arena, "%.*s%s%.*s", STR_ARG(head), rows[i].to, STR_ARG(tail));
        fail_init(&why, &arena);
        assert_int_equal(rule_sets_parse(&arena, text, &sets, &count, &why), ERR_INVALID);
        assert_str(why.problems[0].pointer, rows[i].place);
        assert_string_equal(why.problems[0].code, rows[i].code);
    }
    const struct rule_set *sets;
    size_t count;
    assert_int_equal(rule_sets_parse(&arena, STR("{"), &sets, &count, &why), ERR_BAD);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_day_of_reception_says_which_set_is_kept),
        TEST(the_values_are_those_of_the_decrees),
        TEST(a_form_is_known_by_what_it_is_because_its_number_changes),
        TEST(a_wrong_file_is_told_where_it_is_wrong),
    };
    return RUN_TESTS(tests);
}
