#include "base/test.h"

#include "base/auto.h"

static struct arena arena;

static void parts_are_clamped_to_the_text(void **state)
{
    (void)state;
    assert_str(str_part(STR("abcdef"), 2, 3), "cde");
    assert_str(str_part(STR("abcdef"), 4, 99), "ef");
    assert_str(str_part(STR("abcdef"), 6, 1), "");
    assert_str(str_part(STR_NONE, 0, 1), "");
}

static void trimming_takes_white_space_at_both_ends_only(void **state)
{
    (void)state;
    assert_str(str_trim(STR(" \t a b\r\n")), "a b");
    assert_str(str_trim(STR(" \n ")), "");
    assert_str(str_trim(STR_NONE), "");
}

static void order_is_by_bytes_and_shorter_first(void **state)
{
    (void)state;
    assert_true(str_cmp(STR("ab"), STR("abc")) < 0);
    assert_true(str_cmp(STR("b"), STR("abc")) > 0);
    assert_true(str_cmp(STR("\xC3"), STR("z")) > 0);
    assert_int_equal(str_cmp(STR_NONE, STR("")), 0);
    assert_true(str_eq(STR_NONE, STR("")));
}

static void case_is_ignored_for_ascii_letters_only(void **state)
{
    (void)state;
    assert_true(str_eq_nocase(STR("Content-TYPE"), STR("content-type")));
    assert_false(str_eq_nocase(STR("Đ"), STR("đ")));
    assert_false(str_eq_nocase(STR("a"), STR("ab")));
    assert_str(str_lower_ascii(&arena, STR("ABC Đ")), "abc Đ");
}

static void beginnings_and_ends_are_recognised(void **state)
{
    (void)state;
    assert_true(str_starts(STR("dossier"), STR("doss")));
    assert_true(str_ends(STR("dossier"), STR("ier")));
    assert_true(str_ends(STR("x"), STR("")));
    assert_false(str_starts(STR("do"), STR("doss")));
    assert_false(str_ends(STR("er"), STR("ier")));
}

static void finding_gives_offsets_from_the_beginning(void **state)
{
    (void)state;
    assert_int_equal(str_find(STR("abcabc"), STR("bc"), 0), 1);
    assert_int_equal(str_find(STR("abcabc"), STR("bc"), 2), 4);
    assert_int_equal(str_find(STR("abcabc"), STR("bc"), 5), -1);
    assert_int_equal(str_find(STR("abc"), STR(""), 3), 3);
    assert_int_equal(str_find(STR("abc"), STR(""), 4), -1);
    assert_int_equal(str_find(STR_NONE, STR("a"), 0), -1);
    assert_true(str_has(STR("một cửa"), STR("cửa")));
}

static void cutting_without_a_separator_keeps_all_in_the_head(void **state)
{
    (void)state;
    struct str head, tail;
    assert_true(str_cut(STR("a=b=c"), '=', &head, &tail));
    assert_str(head, "a");
    assert_str(tail, "b=c");
    assert_false(str_cut(STR("abc"), '=', &head, &tail));
    assert_str(head, "abc");
    assert_str(tail, "");
    assert_false(str_cut(STR_NONE, '=', &head, &tail));
    assert_str(head, "");
}

static void a_cut_may_write_over_what_it_reads(void **state)
{
    (void)state;
    struct str rest = STR("a,b"), head;
    assert_true(str_cut(rest, ',', &head, &rest));
    assert_str(rest, "b");
}

static void copies_end_with_a_nul_that_is_not_counted(void **state)
{
    (void)state;
    struct str copy = str_dup(&arena, str_part(STR("abcdef"), 1, 2));
    assert_int_equal(copy.len, 2);
    assert_string_equal(copy.at, "bc");
    assert_string_equal(str_cstr(&arena, STR_NONE), "");
}

static void joining_puts_the_separator_between_only(void **state)
{
    (void)state;
    const struct str parts[] = {STR_INIT("a"), STR_INIT(""), STR_INIT("c")};
    assert_str(str_join(&arena, STR(", "), parts, 3), "a, , c");
    assert_str(str_join(&arena, STR(", "), parts, 1), "a");
    assert_str(str_join(&arena, STR(", "), NULL, 0), "");
    assert_str(str_join(&arena, STR_NONE, parts, 3), "ac");
}

static void formatting_measures_before_it_writes(void **state)
{
    (void)state;
    assert_str(str_format(&arena, "%d-%.*s", 7, STR_ARG(STR("abc"))), "7-abc");
    assert_int_equal(str_format(&arena, "%5000d", 1).len, 5000);
}

static void replacing_finds_every_place_once(void **state)
{
    (void)state;
    assert_str(str_replace(&arena, STR("aaa"), STR("aa"), STR("b")), "ba");
    assert_str(str_replace(&arena, STR("a.b.c"), STR("."), STR_NONE), "abc");
    assert_str(str_replace(&arena, STR("abc"), STR("x"), STR("y")), "abc");
    assert_str(str_replace(&arena, STR("abc"), STR(""), STR("y")), "abc");
    assert_str(str_replace(&arena, STR_NONE, STR("x"), STR("y")), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_clamped_to_the_text),
        cmocka_unit_test(trimming_takes_white_space_at_both_ends_only),
        cmocka_unit_test(order_is_by_bytes_and_shorter_first),
        cmocka_unit_test(case_is_ignored_for_ascii_letters_only),
        cmocka_unit_test(beginnings_and_ends_are_recognised),
        cmocka_unit_test(finding_gives_offsets_from_the_beginning),
        cmocka_unit_test(cutting_without_a_separator_keeps_all_in_the_head),
        cmocka_unit_test(a_cut_may_write_over_what_it_reads),
        cmocka_unit_test(copies_end_with_a_nul_that_is_not_counted),
        cmocka_unit_test(joining_puts_the_separator_between_only),
        cmocka_unit_test(formatting_measures_before_it_writes),
        cmocka_unit_test(replacing_finds_every_place_once),
    };
    arena_init(&arena, 1 << 20);
    int failed = RUN_TESTS(tests);
    arena_end(&arena);
    return failed;
}
