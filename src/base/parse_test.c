#include "base/test.h"

#include "base/auto.h"
#include "base/parse.h"

static void numbers_are_the_whole_text_or_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_number;
        uint64_t n;
    } rows[] = {
        {"0",                       true,  0         },
        {"007",                     true,  7         },
        {"18446744073709551615",    true,  UINT64_MAX},
        {"18446744073709551616",    false, 0         },
        {"99999999999999999999999", false, 0         },
        {"",                        false, 0         },
        {"+1",                      false, 0         },
        {"-1",                      false, 0         },
        {" 1",                      false, 0         },
        {"1 ",                      false, 0         },
        {"1.0",                     false, 0         },
        {"0x1",                     false, 0         },
        {"１",                     false, 0         },
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        uint64_t n = 77;
        assert_int_equal(parse_u64(str_from(rows[i].text), &n), rows[i].is_number);
        assert_true(n == (rows[i].is_number ? rows[i].n : 77));
    }
}

static void signed_numbers_reach_both_ends(void **state)
{
    (void)state;
    int64_t n = 77;
    assert_true(parse_i64(STR("9223372036854775807"), &n) && n == INT64_MAX);
    assert_true(parse_i64(STR("-9223372036854775808"), &n) && n == INT64_MIN);
    assert_false(parse_i64(STR("9223372036854775808"), &n));
    assert_false(parse_i64(STR("-9223372036854775809"), &n));
    assert_false(parse_i64(STR("--1"), &n));
    assert_false(parse_i64(STR("-"), &n));
    assert_true(parse_i64(STR("-0"), &n) && n == 0);
}

static void bounds_are_kept(void **state)
{
    (void)state;
    int n = 77;
    assert_true(parse_int(STR("10"), 1, 10, &n) && n == 10);
    assert_false(parse_int(STR("11"), 1, 10, &n));
    assert_false(parse_int(STR("0"), 1, 10, &n));
    assert_true(parse_int(STR("-3"), -5, 5, &n) && n == -3);
}

static void hex_has_exactly_its_length(void **state)
{
    (void)state;
    unsigned char out[2] = {7, 7};
    assert_true(parse_hex(STR("0aFf"), out, 2));
    assert_int_equal(out[0], 0x0a);
    assert_int_equal(out[1], 0xff);
    assert_false(parse_hex(STR("0aF"), out, 2));
    assert_false(parse_hex(STR("0aFf00"), out, 2));
    assert_false(parse_hex(STR("0aFg"), out, 2));
    assert_int_equal(out[1], 0xff);
}

static void digits_are_counted(void **state)
{
    (void)state;
    assert_true(parse_is_digits(STR("012345678901"), 12, 12));
    assert_false(parse_is_digits(STR("01234567890"), 12, 12));
    assert_false(parse_is_digits(STR("01234567890a"), 12, 12));
    assert_true(parse_is_digits(STR_NONE, 0, 3));
}

static void sizes_have_units_of_1024(void **state)
{
    (void)state;
    uint64_t n = 0;
    assert_true(parse_size(STR("64"), &n) && n == 64);
    assert_true(parse_size(STR("64K"), &n) && n == 65536);
    assert_true(parse_size(STR("10M"), &n) && n == 10485760);
    assert_true(parse_size(STR("2G"), &n) && n == UINT64_C(2147483648));
    assert_false(parse_size(STR("K"), &n));
    assert_false(parse_size(STR("1k"), &n));
    assert_false(parse_size(STR("1KM"), &n));
    assert_false(parse_size(STR("18446744073709551615K"), &n));
}

static void a_scan_knows_its_line(void **state)
{
    (void)state;
    struct scan s = scan_of(STR("step  receive by\tclerk\r\n\nend"));
    assert_int_equal(s.line, 1);
    assert_str(scan_line(&s), "step  receive by\tclerk");
    assert_int_equal(s.line, 2);
    assert_str(scan_line(&s), "");
    assert_int_equal(s.line, 3);
    assert_false(scan_is_end(&s));
    assert_str(scan_line(&s), "end");
    assert_int_equal(s.line, 3);
    assert_true(scan_is_end(&s));
    assert_str(scan_line(&s), "");
}

static void a_setting_is_taken_out_and_the_other_lines_stay(void **state)
{
    (void)state;
    struct str value;
    AUTO_ARENA struct arena a;
    arena_init(&a, 4096);
    assert_true(conf_line(STR(" store = postgresql://db/office "), STR("store"), &value));
    assert_str(value, "postgresql://db/office");
    assert_false(conf_line(STR("# store: not here"), STR("store"), &value));
    assert_false(conf_line(STR("store-name = x"), STR("store"), &value));
    assert_str(conf_without(&a, STR("office = G11\nstore=x\r\n# note\n store = y"), STR("store")),
               "office = G11\n# note\n");
    assert_str(conf_without(&a, STR("office = G11"), STR("store")), "office = G11");
    assert_str(conf_without(&a, STR_NONE, STR("store")), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_the_whole_text_or_nothing),
        cmocka_unit_test(signed_numbers_reach_both_ends),
        cmocka_unit_test(bounds_are_kept),
        cmocka_unit_test(hex_has_exactly_its_length),
        cmocka_unit_test(digits_are_counted),
        cmocka_unit_test(sizes_have_units_of_1024),
        cmocka_unit_test(a_scan_knows_its_line),
        cmocka_unit_test(a_setting_is_taken_out_and_the_other_lines_stay),
    };
    return RUN_TESTS(tests);
}
