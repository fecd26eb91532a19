/* Legal time in rules says what the calendar says. */
#include "base/test.h"

#include "calendar/calendars.h"
#include "rule/legal_time.h"

static struct arena arena;
static const struct calendar *vietnam;

static const struct calendar *find(const void *context, struct str name)
{
    return name.len == 0 || str_eq(name, STR("vietnam")) ? context : NULL;
}

static struct feel_value evaluate(const char *text, struct feel_run *run)
{
    struct fail why;
    const struct feel_node *n;
    struct feel_value *values = ARENA_ARRAY(&arena, struct feel_value, LEGAL_TIME_FUNCTIONS);
    struct legal_time *legal = ARENA_NEW(&arena, struct legal_time);
    const struct feel_names names = {.names = legal_time_names, .count = LEGAL_TIME_FUNCTIONS};
    *legal = (struct legal_time){find, vietnam};
    fail_init(&why, &arena);
    legal_time_values(&arena, values);
    assert_int_equal(feel_compile(&arena, str_from(text), &names, &n, &why), OK);
    feel_run_init(run, &arena);
    run->legal_time = legal;
    return feel_eval(run, n, values);
}

static void working_days_after_is_the_day_on_which_the_calendar_ends_the_term(void **state)
{
    (void)state;
    struct feel_run run;
    struct fail why;
    fail_init(&why, &arena);
    day_t first = day_from_civil((struct civil){2026, 1, 1});
    for (day_t d = first; d < first + 365; d += 3)
        for (int n = 1; n <= 20; n += 4) {
            struct due due;
            struct civil c = day_to_civil(d);
            const struct term term = {.unit = TERM_WORKING_DAYS, .hundredths = n * 100};
            struct str text =
                str_format(&arena, "working days after(date(%d, %d, %d), %d, \"vietnam\")", c.year, c.month, c.day, n);
            assert_int_equal(calendar_due(vietnam, day_start(d + 1), term, &due, &why), OK);
            struct feel_value v = evaluate(str_cstr(&arena, text), &run);
            assert_int_equal(v.kind, FEEL_DATE);
            assert_int_equal(date_to_days(v.date), day_of(due.at));
        }
}

static void end_of_term_is_the_moment_that_the_calendar_gives(void **state)
{
    static const char *const terms[] = {"5wd", "0wd", "15d", "2m", "4h", "24h/7"};
    (void)state;
    for (size_t i = 0; i < LENGTH(terms); i++) {
        struct feel_run run;
        struct fail why;
        struct term term;
        struct due due;
        instant_t from;
        fail_init(&why, &arena);
        assert_int_equal(term_parse(str_from(terms[i]), &term, &why), OK);
        assert_int_equal(instant_parse(STR("2026-02-12T03:00:00Z"), &from, &why), OK); /* before Tết */
        assert_int_equal(calendar_due(vietnam, from, term, &due, &why), OK);
        struct str text = str_format(
            &arena, "end of term(from: date and time(\"2026-02-12T10:00:00+07:00\"), term: \"%s\", calendar: null)",
            terms[i]);
        struct feel_value v = evaluate(str_cstr(&arena, text), &run);
        assert_int_equal(v.kind, FEEL_MOMENT);
        assert_true(moment_nanos(v.moment) == (nanos_t)due.at * 1000);
    }
}

static void what_cannot_be_counted_is_an_error(void **state)
{
    static const char *const texts[] = {"working days after(date(2026, 1, 1), -1, null)",
                                        "working days after(date(2026, 1, 1), 1.5, null)",
                                        "working days after(\"2026-01-01\", 1, null)",
                                        "working days after(date(2026, 1, 1), 1, \"mars\")",
                                        "end of term(date(2026, 1, 1), \"soon\", null)",
                                        "end of term(date(1026, 1, 1), \"1d\", null)",
                                        "end of term(date(2026, 1, 1), 3, 4)"};
    (void)state;
    for (size_t i = 0; i < LENGTH(texts); i++) {
        struct feel_run run;
        assert_int_equal(evaluate(texts[i], &run).kind, FEEL_NULL);
        assert_int_equal(run.problem_count, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(working_days_after_is_the_day_on_which_the_calendar_ends_the_term),
        cmocka_unit_test(end_of_term_is_the_moment_that_the_calendar_gives),
        cmocka_unit_test(what_cannot_be_counted_is_an_error),
    };
    struct fail why;
    arena_init(&arena, (size_t)256 << 20);
    fail_init(&why, &arena);
    if (calendar_parse(&arena, str_from(calendar_vietnam_text), NULL, &vietnam, &why) != OK) return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_end(&arena);
    return failed;
}
