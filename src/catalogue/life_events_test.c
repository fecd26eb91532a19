#include "base/test.h"

#include "base/text.h"
#include "catalogue/life_events.h"

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

static const struct life_event *shipped(const char *id)
{
    const struct life_events *events = NULL;
    assert_int_equal(life_events_parse(&arena, str_from(life_events_text), &events, &why), OK);
    const struct life_event_set *set = life_events_on(events, day_from_civil((struct civil){2026, 11, 22}));
    assert_non_null(set);
    return life_event_find(set, str_from(id));
}

static bool has(const char *event, const char *code, const char *name, const char *field)
{
    const struct life_event *e = shipped(event);
    assert_non_null(e);
    return life_event_has(e, str_from(code), text_fold(&arena, str_from(name)), text_fold(&arena, str_from(field)));
}

static void test_real_procedures_stand_under_the_events_that_people_look_for(void **state)
{
    (void)state;
    assert_true(
        has("om-dau", "2.002761", "Thủ tục xác nhận cán bộ Quân đội nghỉ hưu mắc bệnh hiểm nghèo", "Chính sách"));
    assert_true(has("quan-su", "1.013133", "Thủ tục đăng ký nghĩa vụ quân sự lần đầu", "Nghĩa vụ quân sự"));
    assert_true(
        has("cu-tru", "1.013134", "Đăng ký chuyển đi khi thay đổi nơi cư trú hoặc nơi làm việc", "Nghĩa vụ quân sự"));
    assert_true(has("mat-nguoi-than", "1.013192", "Trợ cấp một lần khi người có công đang tại ngũ, công tác từ trần",
                    "Chính sách"));
    assert_true(has("sinh-con", "1.001193", "Thủ tục đăng ký khai sinh", "Hộ tịch"));
}

static void test_words_are_whole_words(void **state)
{
    (void)state;
    assert_false(has("om-dau", "x", "Cấp giấy phép hành nghề khám bệnh, chữa bệnh", "Khám bệnh, chữa bệnh"));
    assert_false(has("mat-nguoi-than", "x", "Thủ tục về từ trầnx", "Chính sách"));
}

static void test_the_set_of_a_day_is_the_latest_that_has_begun(void **state)
{
    (void)state;
    const struct life_events *events = NULL;
    const char *text =
        "{\"versions\": ["
        "{\"from\": \"2026-01-01\", \"events\": [{\"id\": \"a\", \"icon\": \"home\", \"title_vi\": \"A\", "
        "\"title_en\": \"A\", \"codes\": [\"1.000001\"]}]},"
        "{\"from\": \"2026-07-01\", \"events\": [{\"id\": \"b\", \"icon\": \"home\", \"title_vi\": \"B\", "
        "\"title_en\": \"B\", \"fields\": [\"Hộ tịch\"]}]}]}";
    assert_int_equal(life_events_parse(&arena, str_from(text), &events, &why), OK);
    assert_null(life_events_on(events, day_from_civil((struct civil){2025, 12, 31})));
    const struct life_event_set *first = life_events_on(events, day_from_civil((struct civil){2026, 6, 30}));
    assert_non_null(life_event_find(first, STR("a")));
    assert_null(life_event_find(first, STR("b")));
    assert_non_null(life_event_find(life_events_on(events, day_from_civil((struct civil){2026, 7, 1})), STR("b")));
}

static void test_every_mistake_is_told_with_its_place(void **state)
{
    (void)state;
    const struct life_events *events = NULL;
    const char *text =
        "{\"versions\": [{\"from\": \"soon\", \"events\": ["
        "{\"id\": \"a\", \"icon\": \"home\", \"title_vi\": \"A\", \"title_en\": \"A\", \"codes\": \"1\"},"
        "{\"id\": \"a\", \"icon\": \"home\", \"title_en\": \"A\", \"words\": [\"x\"]}]}]}";
    assert_int_equal(life_events_parse(&arena, str_from(text), &events, &why), ERR_INVALID);
    static const char *const places[] = {"#/versions/0/from", "#/versions/0/events/0/codes",
                                         "#/versions/0/events/0/fields", "#/versions/0/events/1/title_vi",
                                         "#/versions/0/events/1/id"};
    assert_int_equal(why.problem_count, LENGTH(places));
    for (size_t i = 0; i < LENGTH(places); i++)
        assert_string_equal(str_cstr(&arena, why.problems[i].pointer), places[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_real_procedures_stand_under_the_events_that_people_look_for, begin),
        cmocka_unit_test_setup(test_words_are_whole_words, begin),
        cmocka_unit_test_setup(test_the_set_of_a_day_is_the_latest_that_has_begun, begin),
        cmocka_unit_test_setup(test_every_mistake_is_told_with_its_place, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
