#include "base/test.h"

#include "html/qr.h"

static void a_picture_is_square_white_and_dark_with_a_quiet_zone(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct str svg = qr_svg(&arena, STR("https://dichvu.example.vn/tra-cuu/AAAA"));
    assert_true(str_starts(svg, STR("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")));
    assert_true(str_has(svg, STR("d=\"M4 4h7v1h-7z"))); /* the first row of the first finder pattern */
    assert_true(str_has(svg, STR("</svg>")));
    arena_end(&arena);
}

static void the_longest_text_fits_and_the_same_text_gives_the_same_picture(void **state)
{
    (void)state;
    struct arena arena;
    char text[QR_TEXT_MOST];
    arena_init(&arena, 4 << 20);
    for (size_t i = 0; i < sizeof text; i++) text[i] = (char)(i & 0xff);
    struct str one = qr_svg(&arena, str_of(text, sizeof text)), two = qr_svg(&arena, str_of(text, sizeof text));
    assert_true(one.len > 1000 && str_eq(one, two));
    text[0] = 'x';
    assert_false(str_eq(one, qr_svg(&arena, str_of(text, sizeof text))));
    arena_end(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_is_square_white_and_dark_with_a_quiet_zone),
        cmocka_unit_test(the_longest_text_fits_and_the_same_text_gives_the_same_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
