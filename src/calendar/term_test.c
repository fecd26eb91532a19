#include "base/test.h"

#include "calendar/term.h"

static struct arena arena;
static struct fail why;

static void prepare(void)
{
    arena_end(&arena);
    arena_init(&arena, 1 << 20);
    fail_init(&why, &arena);
}

static void every_unit_is_written_and_read_back(void **state)
{
    static const struct {
        const char *text;
        struct term term;
    } rows[] = {
        {"",        {TERM_NONE, 0, false}                   },
        {"10wd",    {TERM_WORKING_DAYS, 1000, false}        },
        {"0.5wd",   {TERM_WORKING_DAYS, 50, false}          },
        {"0h",      {TERM_HOURS, 0, false}                  },
        {"0.5h",    {TERM_HOURS, 50, false}                 },
        {"0.25h/7", {TERM_HOURS, 25, true}                  },
        {"1.05h",   {TERM_HOURS, 105, false}                },
        {"24h/7",   {TERM_HOURS, 2400, true}                },
        {"15d",     {TERM_DAYS, 1500, false}                },
        {"2m",      {TERM_MONTHS, 200, false}               },
        {"1.5m",    {TERM_MONTHS, 150, false}               },
        {"10000d",  {TERM_DAYS, TERM_HUNDREDTHS_MOST, false}},
    };
    (void)state;
    prepare();
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct term t;
        assert_str(term_format(&arena, rows[i].term), rows[i].text);
        assert_int_equal(term_parse(str_from(rows[i].text), &t, &why), OK);
        assert_true(term_eq(t, rows[i].term));
    }
}

static void what_is_not_a_limit_is_refused_and_leaves_the_output_alone(void **state)
{
    static const char *const texts[] = {"10",  "wd",   "10w",   "010d",  "1.0h",   "1.50h",       "1.505h",
                                        "-1d", "1,5h", " 1d",   "1d ",   "10wd/7", "10001d",      ".5h",
                                        "1.h", "1.5d", "1.25m", "1h/24", "/7",     "99999999999h"};
    (void)state;
    prepare();
    for (size_t i = 0; i < LENGTH(texts); i++) {
        struct term t = {TERM_DAYS, 700, false};
        assert_int_equal(term_parse(str_from(texts[i]), &t, &why), ERR_INVALID);
        assert_int_equal(t.hundredths, 700);
    }
}

static void a_limit_is_said_in_words(void **state)
{
    (void)state;
    prepare();
    assert_str(term_for_people(&arena, ENGLISH, (struct term){TERM_WORKING_DAYS, 1000, false}), "10 working days");
    assert_str(term_for_people(&arena, ENGLISH, (struct term){TERM_DAYS, 100, false}), "1 day");
    assert_str(term_for_people(&arena, ENGLISH, (struct term){TERM_HOURS, 0, false}), "on the spot");
    assert_str(term_for_people(&arena, ENGLISH, (struct term){TERM_NONE, 0, false}), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_unit_is_written_and_read_back),
        cmocka_unit_test(what_is_not_a_limit_is_refused_and_leaves_the_output_alone),
        cmocka_unit_test(a_limit_is_said_in_words),
    };
    return RUN_TESTS(tests);
}
