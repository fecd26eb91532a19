#include "base/test.h"

#include <stdlib.h>

#include "base/auto.h"
#include "base/language.h"
#include "base/messages.h"

static void codes_and_languages_are_inverses(void **state)
{
    (void)state;
    enum language l = VIETNAMESE;
    assert_true(language_parse(STR("en"), &l));
    assert_int_equal(l, ENGLISH);
    assert_true(language_parse(str_from(language_code(VIETNAMESE)), &l));
    assert_int_equal(l, VIETNAMESE);
    assert_false(language_parse(STR("fr"), &l));
    assert_false(language_parse(STR("en-US"), &l));
    assert_false(language_parse(STR_NONE, &l));
}

static void the_readers_wish_is_met_or_vietnamese_given(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        enum language best;
    } rows[] = {
        {"",                         VIETNAMESE},
        {"en",                       ENGLISH   },
        {"EN-us",                    ENGLISH   },
        {"vi",                       VIETNAMESE},
        {"fr, de;q=0.9",             VIETNAMESE},
        {"fr, en;q=0.1",             ENGLISH   },
        {"en, vi",                   ENGLISH   },
        {"vi, en",                   VIETNAMESE},
        {"en;q=0.8, vi;q=0.9",       VIETNAMESE},
        {"en;q=0.80, vi-VN;q=0.799", ENGLISH   },
        {"*",                        VIETNAMESE},
        {"en;q=0, *",                VIETNAMESE},
        {"vi;q=0, *;q=0.5",          ENGLISH   },
        {"vi;q=0.2, *;q=0.5",        ENGLISH   },
        {"en;q=0",                   VIETNAMESE},
        {"en;q=2",                   VIETNAMESE},
        {"en;q=1.001",               VIETNAMESE},
        {"en;level=1",               VIETNAMESE},
        {"english",                  VIETNAMESE},
        {" en ; q=0.5 ,",            ENGLISH   },
        {",,;,=,q=1",                VIETNAMESE},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        if (language_accept(str_from(rows[i].header)) != rows[i].best) print_error("%s\n", rows[i].header);
        assert_int_equal(language_accept(str_from(rows[i].header)), rows[i].best);
    }
}

static void every_entry_of_the_catalogue_is_found(void **state)
{
    (void)state;
    assert_true(catalogue_vi_count > 0);
    for (size_t i = 0; i < catalogue_vi_count; i++) {
        assert_str(translate(VIETNAMESE, catalogue_vi[i].message), catalogue_vi[i].translation);
        assert_str(translate(ENGLISH, catalogue_vi[i].message), catalogue_vi[i].message);
    }
}

static void what_has_no_entry_stays_english(void **state)
{
    (void)state;
    assert_str(translate(VIETNAMESE, "~ no such message"), "~ no such message");
    assert_str(translate_str(VIETNAMESE, STR(" no such message")), " no such message");
    assert_str(translate_str(VIETNAMESE, STR_NONE), "");
}

static void a_failure_is_told_in_the_readers_language(void **state)
{
    (void)state;
    AUTO_ARENA struct arena a;
    arena_init(&a, 1 << 16);
    struct fail why;
    fail_init(&why, &a);
    assert_int_equal(fail(&why, ERR_MISSING, NULL), ERR_MISSING);
    assert_str(fail_sentence(&a, VIETNAMESE, &why), "Không tìm thấy");
    assert_str(fail_sentence(&a, ENGLISH, &why), "Not found");
    assert_int_equal(fail(&why, ERR_MISSING, N_("{0} does not exist."), STR("a.txt")), ERR_MISSING);
    assert_str(fail_sentence(&a, VIETNAMESE, &why), "a.txt không tồn tại.");
    fail_problem(&why, STR("#/day"), "format", N_("\"{0}\" is not a date such as 2026-11-22."), STR("x"));
    assert_str(problem_sentence(&a, ENGLISH, &why.problems[0]), "\"x\" is not a date such as 2026-11-22.");
    assert_str(problem_sentence(&a, VIETNAMESE, &why.problems[0]),
               "\"x\" không phải là ngày hợp lệ, ví dụ 2026-11-22.");
}

static void every_outcome_has_its_vietnamese_title(void **state)
{
    (void)state;
    for (int o = OK; o < OUTCOME_COUNT; o++) {
        const char *title = outcome_title((enum outcome)o);
        assert_false(str_eq(translate(VIETNAMESE, title), str_from(title)));
    }
}

static int by_bytes(const void *x, const void *y)
{
    return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

static void no_two_sentences_have_the_same_id(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 4 << 20);
    struct str *ids = ARENA_ARRAY(&arena, struct str, catalogue_vi_count);
    for (size_t i = 0; i < catalogue_vi_count; i++) ids[i] = sentence_id(&arena, catalogue_vi[i].message);
    qsort(ids, catalogue_vi_count, sizeof *ids, by_bytes);
    for (size_t i = 1; i < catalogue_vi_count; i++) assert_false(str_eq(ids[i - 1], ids[i]));
    arena_end(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_and_languages_are_inverses),
        cmocka_unit_test(the_readers_wish_is_met_or_vietnamese_given),
        cmocka_unit_test(every_entry_of_the_catalogue_is_found),
        cmocka_unit_test(what_has_no_entry_stays_english),
        cmocka_unit_test(a_failure_is_told_in_the_readers_language),
        cmocka_unit_test(every_outcome_has_its_vietnamese_title),
        cmocka_unit_test(no_two_sentences_have_the_same_id),
    };
    return RUN_TESTS(tests);
}
