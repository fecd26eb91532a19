#include "base/test.h"

#include <stdlib.h>

#include "base/auto.h"
#include "base/clock.h"

static struct arena arena;
static struct fail why;

static day_t day(int year, int month, int day_of_month)
{
    return day_from_civil((struct civil){year, month, day_of_month});
}

static void days_and_dates_are_exact_inverses_over_ten_thousand_years(void **state)
{
    (void)state;
    assert_int_equal(day(1970, 1, 1), 0);
    assert_int_equal(day(2000, 3, 1), 11017);
    day_t from = day(1, 1, 1), to = day(9999, 12, 31);
    assert_int_equal(to - from, 3652058);
    struct civil before = {1, 1, 0};
    for (day_t d = from; d <= to; d++) {
        struct civil c = day_to_civil(d);
        bool is_next = (c.year == before.year && c.month == before.month && c.day == before.day + 1) ||
                       (c.day == 1 && (c.month == before.month + 1 || (c.month == 1 && c.year == before.year + 1)));
        if (!is_next || !civil_is_valid(c) || day_from_civil(c) != d) assert_int_equal(d, INT32_MIN);
        before = c;
    }
}

static void the_calendar_knows_leap_years(void **state)
{
    (void)state;
    assert_true(civil_is_valid((struct civil){2024, 2, 29}));
    assert_true(civil_is_valid((struct civil){2000, 2, 29}));
    assert_false(civil_is_valid((struct civil){1900, 2, 29}));
    assert_false(civil_is_valid((struct civil){2026, 2, 29}));
    assert_false(civil_is_valid((struct civil){2026, 4, 31}));
    assert_false(civil_is_valid((struct civil){2026, 13, 1}));
    assert_false(civil_is_valid((struct civil){2026, 0, 1}));
    assert_false(civil_is_valid((struct civil){0, 1, 1}));
    assert_false(civil_is_valid((struct civil){10000, 1, 1}));
}

static void weeks_begin_on_monday(void **state)
{
    (void)state;
    assert_int_equal(day_of_week(day(1970, 1, 1)), 4);
    assert_int_equal(day_of_week(day(2026, 11, 22)), 7);
    assert_int_equal(day_of_week(day(2026, 11, 23)), 1);
    assert_int_equal(day_of_week(day(1945, 9, 2)), 7);
    assert_int_equal(day_of_week(day(1, 1, 1)), 1);
}

static void a_day_begins_at_local_midnight(void **state)
{
    (void)state;
    instant_t at;
    assert_int_equal(instant_parse(STR("2026-11-22T17:00:00Z"), &at, &why), OK);
    assert_int_equal(day_of(at), day(2026, 11, 23));
    assert_int_equal(day_of(at - 1), day(2026, 11, 22));
    assert_int_equal(day_start(day(2026, 11, 23)), at);
    assert_int_equal(us_of_day(at), 0);
    assert_int_equal(us_of_day(at - 1), US_PER_DAY - 1);
    assert_int_equal(us_of_day(-1), 7 * US_PER_HOUR - 1);
    assert_int_equal(day_of(day_start(day(1900, 5, 6))), day(1900, 5, 6));
}

static void instants_are_written_and_read_back(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "1970-01-01T00:00:00Z",   "2026-11-22T18:36:00Z",        "2026-11-22T18:36:00.123456Z",
        "2026-11-22T18:36:00.1Z", "2026-11-22T18:36:00.000001Z", "1969-12-31T23:59:59.999999Z",
        "0001-01-01T00:00:00Z",   "9999-12-31T23:59:59.999999Z",
    };
    for (size_t i = 0; i < LENGTH(texts); i++) {
        instant_t at;
        assert_int_equal(instant_parse(str_from(texts[i]), &at, &why), OK);
        assert_str(instant_format(&arena, at), texts[i]);
    }
    assert_str(instant_format(&arena, INSTANT_NONE), "");
    assert_str(instant_format(&arena, INT64_MAX), "");
}

static void offsets_are_taken_into_account(void **state)
{
    (void)state;
    static const struct {
        const char *text, *utc;
    } rows[] = {
        {"2026-11-23T01:36:00+07:00",    "2026-11-22T18:36:00Z"       },
        {"2026-11-22T13:06:00.5-05:30",  "2026-11-22T18:36:00.5Z"     },
        {"2026-11-22T18:36:00-00:00",    "2026-11-22T18:36:00Z"       },
        {"2026-11-22t18:36:00z",         "2026-11-22T18:36:00Z"       },
        {"2026-11-22T18:36:00.1234569Z", "2026-11-22T18:36:00.123456Z"},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        instant_t at;
        assert_int_equal(instant_parse(str_from(rows[i].text), &at, &why), OK);
        assert_str(instant_format(&arena, at), rows[i].utc);
    }
}

static void what_is_not_rfc_3339_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "2026-11-22",
        "2026-11-22 18:36:00Z",
        "2026-11-22T18:36Z",
        "2026-11-22T18:36:00",
        "2026-11-22T18:36:00.Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T18:60:00Z",
        "2026-12-31T23:59:60Z",
        "2026-11-31T18:36:00Z",
        "2026-11-22T18:36:00+7:00",
        "2026-11-22T18:36:00+0700",
        "2026-11-22T18:36:00+24:00",
        "2026-11-22T18:36:00Z ",
        " 2026-11-22T18:36:00Z",
        "02026-11-22T18:36:00Z",
        "0001-01-01T00:00:00+07:00",
        "9999-12-31T23:59:59-00:01",
        "2026-11-22T18:36:00,5Z",
        "-026-11-22T18:36:00Z",
    };
    for (size_t i = 0; i < LENGTH(texts); i++) {
        instant_t at = 77;
        assert_int_equal(instant_parse(str_from(texts[i]), &at, &why), ERR_BAD);
        assert_int_equal(at, 77);
    }
    assert_str(fail_text(&arena, &why), "\"-026-11-22T18:36:00Z\" is not a moment such as 2026-11-22T18:36:00Z.");
}

static void days_are_written_and_read_back(void **state)
{
    (void)state;
    day_t d = 0;
    assert_int_equal(day_parse(STR("2024-02-29"), &d, &why), OK);
    assert_str(day_format(&arena, d), "2024-02-29");
    assert_str(day_for_people(&arena, d), "29/02/2024");
    static const char *const wrong[] = {"",           "2026-02-29", "2026-2-9", "26-02-09", "2026-02-09 ",
                                        "2026/02/09", "0000-01-01"};
    for (size_t i = 0; i < LENGTH(wrong); i++) assert_int_equal(day_parse(str_from(wrong[i]), &d, &why), ERR_BAD);
}

static void people_read_local_time(void **state)
{
    (void)state;
    instant_t at;
    assert_int_equal(instant_parse(STR("2026-11-22T18:36:59Z"), &at, &why), OK);
    assert_str(instant_for_people(&arena, at), "01:36 23/11/2026");
    assert_str(instant_for_people(&arena, INSTANT_NONE), "");
}

static void a_held_clock_stands_still(void **state)
{
    (void)state;
    clock_hold(1234);
    assert_int_equal(clock_now(), 1234);
    clock_hold(5678);
    assert_int_equal(clock_now(), 5678);
    clock_release();
    assert_true(clock_now() > day_start(day(2024, 1, 1)));
    assert_true(clock_monotonic_us() <= clock_monotonic_us());
}

static void a_process_can_start_at_another_time(void **state)
{
    (void)state;
    instant_t start;
    assert_int_equal(instant_parse(STR("2031-05-06T07:08:09Z"), &start, &why), OK);
    assert_int_equal(setenv("MOTCUA_CLOCK", "2031-05-06T07:08:09Z", 1), 0);
    assert_int_equal(clock_init(&why), OK);
    instant_t now = clock_now();
    assert_true(now >= start && now < start + US_PER_MINUTE);
    assert_int_equal(setenv("MOTCUA_CLOCK", "tomorrow", 1), 0);
    assert_int_equal(clock_init(&why), ERR_BAD);
    assert_int_equal(unsetenv("MOTCUA_CLOCK"), 0);
    assert_int_equal(clock_init(&why), OK);
}

static void a_day_is_read_as_people_type_it(void **state)
{
    (void)state;
    day_t d = 7;
    fail_init(&why, &arena);
    static const char *const typed[][2] = {
        {"22/11/2026",   "2026-11-22" },
        {" 2/9/2026 ",   "2026-09-02" },
        {"02-9-2026",    "2026-09-02" },
        {"2.09.2026",    "2026-09-02" },
        {"29/02/2024",   "2024-02-29" },
        {" 2026-11-22 ", "2026-11-22" },
        {"29/02/2026",   "29/02/2026" }, /* what is no day stays what was typed, for the sentence that refuses it */
        {"11/22/2026",   "11/22/2026" },
        {"22/11-2026",   "22/11-2026" },
        {"22/11/26",     "22/11/26"   },
        {"22/11/20261",  "22/11/20261"},
        {"222/11/2026",  "222/11/2026"},
        {"22",           "22"         },
        {"22/",          "22/"        },
        {"22/11",        "22/11"      },
        {"",             ""           },
    };
    for (size_t i = 0; i < LENGTH(typed); i++) assert_str(day_typed(&arena, str_from(typed[i][0])), typed[i][1]);
    assert_false(day_or_problem(STR("22/11/2026"), STR("#/on"), &d, &why));
    assert_int_equal(d, 7);
    assert_int_equal(why.problem_count, 1);
    assert_str(why.problems[0].pointer, "#/on");
    assert_true(day_or_problem(STR("1970-01-02"), STR("#/on"), &d, &why));
    assert_int_equal(d, 1);
    assert_int_equal(why.problem_count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_is_read_as_people_type_it),
        cmocka_unit_test(days_and_dates_are_exact_inverses_over_ten_thousand_years),
        cmocka_unit_test(the_calendar_knows_leap_years),
        cmocka_unit_test(weeks_begin_on_monday),
        cmocka_unit_test(a_day_begins_at_local_midnight),
        cmocka_unit_test(instants_are_written_and_read_back),
        cmocka_unit_test(offsets_are_taken_into_account),
        cmocka_unit_test(what_is_not_rfc_3339_is_refused),
        cmocka_unit_test(days_are_written_and_read_back),
        cmocka_unit_test(people_read_local_time),
        cmocka_unit_test(a_held_clock_stands_still),
        cmocka_unit_test(a_process_can_start_at_another_time),
    };
    arena_init(&arena, 1 << 20);
    fail_init(&why, &arena);
    int failed = RUN_TESTS(tests);
    arena_end(&arena);
    return failed;
}
