#include "base/test.h"

#include "html/flow.h"

static struct arena arena;

static int begin(void **state)
{
    (void)state;
    arena_end(&arena);
    arena_init(&arena, 1 << 20);
    return 0;
}

static const struct flow_stop stops[] = {
    {.title = STR_INIT("Kiểm tra"),      .detail = STR_INIT("Một cửa"),                                                .state = FLOW_DONE, .back = -1, .sent_back = -1                                            },
    {.title = STR_INIT("Chờ bổ sung"),
     .state = FLOW_TO_COME,
     .is_aside = true,
     .is_wait = true,
     .back = 0,
     .sent_back = -1},
    {.title = STR_INIT("Thẩm định hồ sơ đề nghị phê duyệt kế hoạch ứng phó sự cố tràn dầu"),
     .detail = STR_INIT("Chuyên viên"),
     .note = STR_INIT("Còn 3 ngày"),
     .state = FLOW_NOW,
     .back = -1,
     .sent_back = -1},
    {.title = STR_INIT("Hoàn tất"),                      .state = FLOW_TO_COME,                                                                                                      .is_end = true,                                                                                         .back = -1,                                                         .sent_back = -1},
};

static struct flow drawn(void)
{
    return flow_of(&arena, STR("x"), STR("Đường đi"), STR("Bước 2/2."), stops, LENGTH(stops));
}

static void test_stops_stand_under_one_another_with_their_numbers(void **state)
{
    (void)state;
    struct flow f = drawn();
    assert_true(f.is_there);
    for (size_t i = 1; i < f.nodes_count; i++) assert_true(f.nodes[i].y > f.nodes[i - 1].y);
    assert_true(f.height > f.nodes[3].y);
    assert_int_equal(f.nodes[2].number, 2);
    assert_true(f.nodes[1].x > f.nodes[0].x);
    assert_true(f.nodes[2].has_card && !f.nodes[0].has_card);
}

static void test_long_titles_break_between_words_and_nothing_is_lost(void **state)
{
    (void)state;
    struct flow f = drawn();
    const struct flow_node *n = &f.nodes[2];
    assert_true(n->titles_count > 1);
    struct str parts[4];
    for (size_t i = 0; i < n->titles_count; i++) parts[i] = n->titles[i].text;
    struct str whole = str_join(&arena, STR(" "), parts, n->titles_count);
    assert_string_equal(str_cstr(&arena, whole), stops[2].title.at);
    assert_string_equal(str_cstr(&arena, n->details[0].text), "Chuyên viên · Còn 3 ngày");
    assert_true(n->card_top < n->y && n->card_top + n->card_height > n->details[0].y);
}

static void test_a_word_longer_than_a_line_and_a_title_without_end_are_drawn_too(void **state)
{
    (void)state;
    struct buf long_title;
    buf_init(&long_title, 1 << 14);
    for (int i = 0; i < 40; i++) buf_add(&long_title, STR("nghịch-ngợm-quá-sức-tưởng-tượng-của-con-người "));
    struct flow_stop one = {.title = str_trim(buf_str(&long_title)), .back = -1, .sent_back = -1};
    struct flow f = flow_of(&arena, STR("x"), STR("x"), STR("x"), &one, 1);
    assert_int_equal(f.nodes[0].titles_count, 4);
    buf_end(&long_title);
}

static void test_the_way_that_was_gone_is_drawn_as_gone_and_the_rest_is_not(void **state)
{
    (void)state;
    struct flow f = drawn();
    size_t gone = 0, arrows = 0;
    for (size_t i = 0; i < f.lines_count; i++) gone += f.lines[i].is_gone, arrows += f.lines[i].has_arrow;
    assert_int_equal(gone, 1);   /* from the first stop to the one where it is */
    assert_int_equal(arrows, 2); /* into the aside and back */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_stops_stand_under_one_another_with_their_numbers, begin),
        cmocka_unit_test_setup(test_long_titles_break_between_words_and_nothing_is_lost, begin),
        cmocka_unit_test_setup(test_a_word_longer_than_a_line_and_a_title_without_end_are_drawn_too, begin),
        cmocka_unit_test_setup(test_the_way_that_was_gone_is_drawn_as_gone_and_the_rest_is_not, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
