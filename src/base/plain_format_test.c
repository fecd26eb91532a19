#include "base/test.h"

#include <limits.h>
#include <stdio.h>

#include "base/auto.h"
#include "base/plain_format.h"

static struct arena arena;

/* Written by str_format and by the C library. */
#define ASSERT_SAME(...)                                                                                               \
    do {                                                                                                               \
        char expected[2048];                                                                                           \
        (void)snprintf(expected, sizeof expected, __VA_ARGS__);                                                        \
        assert_str(str_format(&arena, __VA_ARGS__), expected);                                                         \
    } while (0)

static void numbers_of_every_size_read_as_printf_writes_them(void **state)
{
    (void)state;
    ASSERT_SAME("%d %i %u", INT_MIN, INT_MAX, UINT_MAX);
    ASSERT_SAME("%ld|%lu|%lld|%llu", LONG_MIN, ULONG_MAX, LLONG_MIN, ULLONG_MAX);
    ASSERT_SAME("%zu and %zd", SIZE_MAX, (ssize_t)-1);
    ASSERT_SAME("%x %lx %016lx", 0xabcu, 0xdeadbeefcafeUL, 0x1fUL);
    ASSERT_SAME("%02d:%02d %04d %5d|%5u|%2d", 7, 59, -12, -12, 12u, 12345);
    ASSERT_SAME("%0d %1d %05d", 0, 0, 0);
}

static void texts_and_letters_are_copied_as_far_as_they_go(void **state)
{
    (void)state;
    struct str part = str_part(STR("một cửa điện tử"), 0, 9);
    ASSERT_SAME("[%.*s] %s%c 100%%", STR_ARG(part), "hồ sơ", '!');
    ASSERT_SAME("%.*s", 10, "ends before");
    ASSERT_SAME("%.*s", 10, "early");
    struct str nothing = str_from(NULL);
    assert_str(str_format(&arena, "<%.*s>", STR_ARG(nothing)), "<>");
}

static void other_formats_go_to_the_library(void **state)
{
    (void)state;
    ASSERT_SAME("%.2f of %s", 1.005, "one");
    ASSERT_SAME("%-6d|%6s|%-6s|%+d", 12, "ab", "cd", 5);
    ASSERT_SAME("%5.1f%% %#x %X %hhx %.3s", 99.5, 255u, 255u, (unsigned char)0xfe, "abcdef");
    ASSERT_SAME("%s first, then %e", "plain", 12345.678);
}

static void a_text_longer_than_the_room_is_whole_all_the_same(void **state)
{
    (void)state;
    char longer[PLAIN_TEXT_BYTES + 40];
    memset(longer, 'x', sizeof longer);
    for (size_t len = PLAIN_TEXT_BYTES - 4; len < PLAIN_TEXT_BYTES + 4; len++) {
        struct str s = str_of(longer, len);
        ASSERT_SAME("%.*s", STR_ARG(s));
        ASSERT_SAME("%.*s%d", STR_ARG(s), 12);
    }
    AUTO_BUF struct buf out;
    buf_init(&out, 4096);
    buf_addf(&out, "%d,", 1);
    buf_addf(&out, "%.*s,", (int)sizeof longer, longer);
    buf_addf(&out, "%s", "end");
    assert_int_equal(out.len, 2 + sizeof longer + 1 + 3);
    assert_true(str_ends(buf_str(&out), STR("xx,end")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_every_size_read_as_printf_writes_them),
        cmocka_unit_test(texts_and_letters_are_copied_as_far_as_they_go),
        cmocka_unit_test(other_formats_go_to_the_library),
        cmocka_unit_test(a_text_longer_than_the_room_is_whole_all_the_same),
    };
    arena_init(&arena, 1 << 20);
    int failed = RUN_TESTS(tests);
    arena_end(&arena);
    return failed;
}
