#include "base/test.h"

#include "http/form.h"
#include "http/message.h"

enum { TEST_ARENA_BYTES = 4 * 1024 * 1024 };

static struct arena a;
static struct fail why;

static int set_up(void **state)
{
    (void)state;
    arena_init(&a, TEST_ARENA_BYTES);
    fail_init(&why, &a);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_end(&a);
    return 0;
}

static void fields_are_decoded_and_normalised(void **state)
{
    (void)state;
    struct pair *fields;
    size_t count;
    assert_int_equal(form_parse(&a, STR("a=1&&b=%C4%90%C6%A1n+xin&c&=d&a=2&e=x%3Dy%26z&f=a%CC%81&g=1%0D%0A2"), 10,
                                &fields, &count, &why),
                     OK);
    static const struct {
        const char *name, *value;
    } expected[] = {
        {"a", "1"        },
        {"b", "Đơn xin"},
        {"c", ""         },
        {"",  "d"        },
        {"a", "2"        },
        {"e", "x=y&z"    },
        {"f", "á"       },
        {"g", "1\n2"     }
    };
    assert_int_equal(count, LENGTH(expected));
    for (size_t i = 0; i < count; i++) {
        assert_str(fields[i].name, expected[i].name);
        assert_str(fields[i].value, expected[i].value);
    }
    assert_int_equal(form_parse(&a, STR_NONE, 10, &fields, &count, &why), OK);
    assert_int_equal(count, 0);
}

static void what_is_not_text_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"a=%",   "a=%4",     "a=%zz",       "a=%00", "%00=a",
                                      "a=%ff", "a=%c0%af", "a=%ed%a0%80", "\xff=a"};
    struct pair *fields = NULL;
    size_t count = 77;
    for (size_t i = 0; i < LENGTH(bad); i++) {
        assert_int_equal(form_parse(&a, str_from(bad[i]), 10, &fields, &count, &why), ERR_BAD);
    }
    assert_int_equal(form_parse(&a, str_of("a=\0b", 4), 10, &fields, &count, &why), ERR_BAD);
    assert_int_equal(count, 77);
}

static void fields_are_counted(void **state)
{
    (void)state;
    struct pair *fields;
    size_t count;
    assert_int_equal(form_parse(&a, STR("a&b&c"), 3, &fields, &count, &why), OK);
    assert_int_equal(form_parse(&a, STR("a&b&c&d"), 3, &fields, &count, &why), ERR_TOO_LARGE);
}

static void a_plus_is_a_space_only_in_forms(void **state)
{
    (void)state;
    struct str out;
    assert_true(percent_decode(&a, STR("a+b%2B"), true, &out));
    assert_str(out, "a b+");
    assert_true(percent_decode(&a, STR("a+b%2B"), false, &out));
    assert_str(out, "a+b+");
}

static void hosts_are_names_or_addresses(void **state)
{
    (void)state;
    static const char *const good[] = {"office", "dichvucong.gov.vn:8080", "127.0.0.1", "[::1]", "[::1]:80", "a_b-c.d"};
    static const char *const bad[] = {"",       ":80", "a:",  "a:0", "a:65536", "a:8x", "[::1",
                                      "[::1]x", "[]",  "[x]", "a b", "a/b",     "a@b",  "đ"};
    for (size_t i = 0; i < LENGTH(good); i++) assert_true(host_is_valid(str_from(good[i])));
    for (size_t i = 0; i < LENGTH(bad); i++) assert_false(host_is_valid(str_from(bad[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_decoded_and_normalised),
        cmocka_unit_test(what_is_not_text_is_refused),
        cmocka_unit_test(fields_are_counted),
        cmocka_unit_test(a_plus_is_a_space_only_in_forms),
        cmocka_unit_test(hosts_are_names_or_addresses),
    };
    return cmocka_run_group_tests_name(__FILE__, tests, set_up, tear_down);
}
