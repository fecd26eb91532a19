#include "base/test.h"

#include <stdlib.h>

#include "base/auto.h"
#include "base/text.h"

static struct arena arena;

static void utf8_is_strict(void **state)
{
    (void)state;
    assert_true(text_is_utf8(STR("một cửa 😀 \xF4\x8F\xBF\xBF")));
    assert_true(text_is_utf8(STR_NONE));
    static const char *const wrong[] = {
        "\xff",
        "\x80",
        "\xc3",
        "\xc0\xaf",
        "\xe0\x9f\xbf",
        "\xed\xa0\x80",
        "\xed\xbf\xbf",
        "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80",
        "\xf8\x88\x80\x80\x80",
        "a\xe1\xbb",
        "\xe1\xbb"
        "a",
    };
    for (size_t i = 0; i < LENGTH(wrong); i++) assert_false(text_is_utf8(str_from(wrong[i])));
    assert_true(text_is_plain(STR("một cửa\n")) && text_is_plain(STR_NONE));
    assert_true(text_is_utf8(str_of("a\0b", 3)) && !text_is_plain(str_of("a\0b", 3)));
    assert_false(text_is_plain(STR("\xff")));
}

static void cleaning_gives_nfc_and_plain_line_breaks(void **state)
{
    (void)state;
    assert_str(text_clean(&arena, STR("Tie\xcc\x82\xcc\x81ng Vie\xcc\xa3\xcc\x82t")), "Tiếng Việt");
    assert_str(text_clean(&arena, STR("Vie\xcc\x82\xcc\xa3t")), "Việt"); /* marks in the other order */
    assert_str(text_clean(&arena, STR("a\tb\r\nc\rd\ne\x01\x7f\xc2\x85z")), "a b\nc\nd\ne   z");
    assert_str(text_clean(&arena, STR("giay\xe2\x80\xae"
                                      "fdp.exe\xe2\x81\xa9")),
               "giayfdp.exe");                                /* no direction turned */
    assert_str(text_clean(&arena, STR("\xe2\x84\xab")), "Å"); /* the Ångström sign */
    assert_str(text_clean(&arena, STR("\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab")), "한");
    assert_str(text_clean(&arena, STR("\xe0\xa5\x98")), "क\xe0\xa4\xbc"); /* excluded from composition */
    char many[2 + 31 * 2] = "a";
    for (int i = 0; i < 30; i++)
        memcpy(many + 1 + 2 * i, i < 29 ? "\xcc\x83" : "\xcd\x84", 2); /* U+0344 is two marks */
    assert_true(text_is_nfc(text_clean(&arena, str_from(many))));
    assert_true(text_is_nfc(STR("Tiếng Việt")));
    assert_false(text_is_nfc(STR("Tie\xcc\x82ng")));
    assert_false(text_is_nfc(STR("\xe2\x84\xab")));
    assert_false(text_is_nfc(STR("\xff")));
}

static void a_hostile_pile_of_marks_is_cut(void **state)
{
    (void)state;
    AUTO_BUF struct buf pile;
    buf_init(&pile, 1 << 20);
    buf_add_char(&pile, 'a');
    for (int i = 0; i < 100000; i++) buf_add(&pile, i % 2 ? STR("\xcc\xa3") : STR("\xcc\x81"));
    assert_true(text_clean(&arena, buf_str(&pile)).len < 80);
    assert_str(text_fold(&arena, buf_str(&pile)), "a");
    assert_false(text_is_nfc(buf_str(&pile)));
}

static void one_line_has_single_spaces(void **state)
{
    (void)state;
    assert_str(text_one_line(&arena, STR(" a\xc2\xa0 \t\n b\xe3\x80\x80")), "a b");
    assert_str(text_one_line(&arena, STR(" \n")), "");
}

static void texts_are_shortened_at_words(void **state)
{
    (void)state;
    assert_int_equal(text_length(STR("Tiếng Việt 😀")), 12);
    assert_str(text_shorten(&arena, STR("Tiếng Việt"), 10), "Tiếng Việt");
    assert_str(text_shorten(&arena, STR("Tiếng Việt"), 9), "Tiếng…");
    assert_str(text_shorten(&arena, STR("Tiếng Việt"), 6), "Tiếng…");
    assert_str(text_shorten(&arena, STR("Tiếng Việt"), 5), "Tiến…");
    assert_str(text_shorten(&arena, STR("Ổ bánhmìrấtdài"), 10), "Ổ bánhmìr…");
    assert_str(text_shorten(&arena, STR("ab"), 1), "…");
    assert_str(text_shorten(&arena, STR("ab"), 0), "");
    assert_str(text_shorten(&arena, STR("xe\xcc\x8c\xcc\xa7zzz"), 4), "x…"); /* a letter keeps its marks or goes */
}

static void lower_case_is_that_of_all_letters(void **state)
{
    (void)state;
    assert_str(text_lower(&arena, STR("ĐẮK LẮK ƯƠỨ ΣÄ İ 1")), "đắk lắk ươứ σä i 1");
}

static void folding_keeps_letters_and_digits_only(void **state)
{
    (void)state;
    static const struct {
        const char *text, *folded;
    } rows[] = {
        {"Đăng ký kết hôn",            "dang ky ket hon"        },
        {"  UỶ BAN -- nhân dân,(xã)  ", "uy ban nhan dan xa"     },
        {"Tie\xcc\x82\xcc\x81ng",            "tieng"                  },
        {"Ðà Nẵng",                      "da nang"                }, /* with the Icelandic eth of old fonts */
        {"Nghị định 61/2018/NĐ-CP",    "nghi dinh 61 2018 nd cp"},
        {"ﬁle ＡＢ１２ ½",            "file ab12 1 2"          },
        {"Straße",                          "strasse"                },
        {"co\xc2\xadoperate \xe2\x80\x8bx",  "cooperate x"            },
        {"€ + 5 %",                        "5"                      },
        {"日本",                           "日本"                 },
        {"",                                 ""                       },
        {" - ",                              ""                       },
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct str folded = text_fold(&arena, str_from(rows[i].text));
        assert_str(folded, rows[i].folded);
        assert_true(str_eq(text_fold(&arena, folded), folded));
    }
}

static void every_code_point_folds_and_normalises(void **state)
{
    (void)state;
    for (unsigned point = 1; point <= 0x10FFFF; point++) {
        if (point >= 0xD800 && point <= 0xDFFF) continue;
        unsigned char s[4];
        size_t len = 0;
        if (point < 0x80) {
            s[len++] = (unsigned char)point;
        } else if (point < 0x800) {
            s[len++] = (unsigned char)(0xC0 | point >> 6);
        } else if (point < 0x10000) {
            s[len++] = (unsigned char)(0xE0 | point >> 12);
            s[len++] = (unsigned char)(0x80 | (point >> 6 & 63));
        } else {
            s[len++] = (unsigned char)(0xF0 | point >> 18);
            s[len++] = (unsigned char)(0x80 | (point >> 12 & 63));
            s[len++] = (unsigned char)(0x80 | (point >> 6 & 63));
        }
        if (point >= 0x80) s[len++] = (unsigned char)(0x80 | (point & 63));
        struct arena_mark mark = arena_mark(&arena);
        struct str text = str_of((const char *)s, len), clean = text_clean(&arena, text);
        if (!text_is_utf8(text) || !text_is_nfc(clean)) assert_int_equal(point, 0);
        struct str folded = text_fold(&arena, text);
        if (!str_eq(text_fold(&arena, folded), folded)) assert_int_equal(point, 0);
        if (point < 0x3000) (void)text_sort_key(&arena, text);
        arena_back(&arena, mark);
    }
}

static void the_tone_mark_stands_in_one_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *normal;
    } rows[] = {
        {"Hòa Bình",               "hoà bình"          },
        {"Hoà Bình",               "hoà bình"          },
        {"Thủy Nguyên",           "thuỷ nguyên"      },
        {"THUỶ",                   "thuỷ"              },
        {"Qúy",                     "quý"                },
        {"Quý",                     "quý"                },
        {"Gía",                     "giá"                },
        {"Giá",                     "giá"                },
        {"gì",                      "gì"                 },
        {"gìn",                     "gìn"                },
        {"khỏe",                   "khoẻ"              },
        {"Uỷ ban",                 "uỷ ban"            },
        {"Ủy ban",                 "uỷ ban"            },
        {"khuỷu",                  "khuỷu"             },
        {"khủyu",                  "khuỷu"             },
        {"ngoài",                   "ngoài"              },
        {"ngòai",                   "ngoài"              },
        {"xoáy",                    "xoáy"               },
        {"của",                    "của"               },
        {"bìa",                     "bìa"                },
        {"mái",                     "mái"                },
        {"Thoại",                  "thoại"             },
        {"hoàng",                   "hoàng"              },
        {"hòang",                   "hoàng"              },
        {"quỳnh",                  "quỳnh"             },
        {"thuế",                   "thuế"              },
        {"Mường",                 "mường"            },
        {"mừơng",                 "mường"            },
        {"người",                 "người"            },
        {"tiến",                   "tiến"              },
        {"giếng",                  "giếng"             },
        {"quốc",                   "quốc"              },
        {"Tie\xcc\x82\xcc\x81n",     "tiến"              },
        {"Đắk Lắk",             "đắk lắk"        },
        {"Văn Lang",                "văn lang"           },
        {"Văn Lăng",               "văn lăng"          },
        {"Ba Tô",                   "ba tô"              },
        {"A Lưới",                "a lưới"           },
        {"Krông Pắc",             "krông pắc"        },
        {"Lang Biang",               "lang biang"          },
        {"Piñata á",               "piñata á"          },
        {"cafétéria",              "cafétéria"         },
        {"ngã ba Huế",            "ngã ba huế"       },
        {"Chân Mây - Lăng Cô",   "chân mây-lăng cô"},
        {"Chân Mây–Lăng  Cô ", "chân mây-lăng cô"},
        {"",                         ""                    },
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct str normal = text_tone_normal(&arena, str_from(rows[i].text));
        assert_str(normal, rows[i].normal);
        assert_true(str_eq(text_tone_normal(&arena, normal), normal));
        assert_true(text_is_nfc(normal));
    }
}

static void assert_sorted(const char *const *texts, size_t count, struct str (*key)(struct arena *, struct str))
{
    for (size_t i = 1; i < count; i++) {
        struct str a = key(&arena, str_from(texts[i - 1])), b = key(&arena, str_from(texts[i]));
        if (str_cmp(a, b) >= 0) print_error("%s is not before %s\n", texts[i - 1], texts[i]);
        assert_true(str_cmp(a, b) < 0);
    }
}

static void words_stand_in_vietnamese_order(void **state)
{
    (void)state;
    static const char *const words[] = {"",   "a",  "ă",  "â", "b", "da", "Da", "dà", "dả", "dã", "dá",
                                        "dạ", "de", "đa", "e", "ê", "o",  "ô",  "ơ",  "u",  "ư",  "y"};
    assert_sorted(words, LENGTH(words), text_sort_key);
    assert_false(str_has(text_sort_key(&arena, STR("một cửa")), STR("\0")));
    assert_true(str_eq(text_sort_key(&arena, STR("Tie\xcc\x82\xcc\x81ng")), text_sort_key(&arena, STR("Tiếng"))));
}

static void people_are_ordered_by_given_name(void **state)
{
    (void)state;
    static const char *const sorted[] = {"Trần Văn An",  "Lê Thị Anh", "Nguyễn Văn Anh", "An Thị Bình",
                                         "Bùi Đức Dũng", "Vũ Thị Đào", "Phạm Thu Hà"};
    assert_sorted(sorted, LENGTH(sorted), text_name_sort_key);
    assert_true(
        str_eq(text_name_sort_key(&arena, STR(" Trần  Văn An ")), text_name_sort_key(&arena, STR("Trần Văn An"))));
}

static void a_long_text_has_a_whole_key(void **state)
{
    (void)state;
    AUTO_BUF struct buf text;
    buf_init(&text, 1 << 16);
    for (int i = 0; i < 500; i++) buf_add(&text, STR("Tiếng Việt "));
    struct str first = text_sort_key(&arena, buf_str(&text));
    buf_add_char(&text, 'x');
    struct str second = text_sort_key(&arena, buf_str(&text));
    assert_true(first.len > 256 && str_cmp(first, second) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_is_strict),
        cmocka_unit_test(cleaning_gives_nfc_and_plain_line_breaks),
        cmocka_unit_test(a_hostile_pile_of_marks_is_cut),
        cmocka_unit_test(one_line_has_single_spaces),
        cmocka_unit_test(texts_are_shortened_at_words),
        cmocka_unit_test(lower_case_is_that_of_all_letters),
        cmocka_unit_test(folding_keeps_letters_and_digits_only),
        cmocka_unit_test(every_code_point_folds_and_normalises),
        cmocka_unit_test(the_tone_mark_stands_in_one_place),
        cmocka_unit_test(words_stand_in_vietnamese_order),
        cmocka_unit_test(people_are_ordered_by_given_name),
        cmocka_unit_test(a_long_text_has_a_whole_key),
    };
    arena_init(&arena, 16 << 20);
    int failed = RUN_TESTS(tests);
    arena_end(&arena);
    return failed;
}
