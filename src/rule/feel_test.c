/* FEEL by examples: what an expression gives, and what is said when it gives nothing. The conformance kit is run by
 * tests/rules.test.mjs; here is what the kit does not ask. */
#include "base/test.h"

#include <stdlib.h>
#include <string.h>

#include "rule/dmn.h"
#include "rule/feel.h"
#include "rule/feel_type.h"

static struct arena arena;

/* cmocka's fail() and ours have the same name: what went wrong is printed, then the assertion fails. */
#define REFUSE(...)                                                                                                    \
    do {                                                                                                               \
        print_error(__VA_ARGS__);                                                                                      \
        assert_true(false);                                                                                            \
    } while (0)

static struct feel_value evaluate(const char *text, struct feel_run *run)
{
    static const struct str names[] = {STR_INIT("Monthly income"), STR_INIT("a-b"), STR_INIT("a"), STR_INIT("b"),
                                       STR_INIT("people")};
    static const struct str members[] = {STR_INIT("Full name")};
    struct feel_entry hoa[] = {
        {STR_INIT("Full name"), {.kind = FEEL_STRING, .string = STR_INIT("Hoa")}},
        {STR_INIT("age"),       {.kind = FEEL_NUMBER, .number = 30}             },
    };
    struct feel_value *people = ARENA_ARRAY(&arena, struct feel_value, 1);
    people[0] = feel_context_value(&arena, arena_dup(&arena, hoa, sizeof hoa), LENGTH(hoa));
    const struct feel_value values[] = {feel_integer(1000), feel_integer(7), feel_integer(5), feel_integer(2),
                                        feel_list(people, 1)};
    const struct feel_names known = {names, LENGTH(names), members, LENGTH(members), NULL, NULL};
    const struct feel_node *n;
    struct fail why;
    fail_init(&why, &arena);
    feel_run_init(run, &arena);
    if (feel_compile(&arena, str_from(text), &known, &n, &why) != OK) {
        run->problem_count = 1;
        run->problems[0] = (struct feel_problem){.sentence = why.problems[0].sentence};
        return feel_null();
    }
    return feel_eval(run, n, arena_dup(&arena, values, sizeof values));
}

static const struct {
    const char *expression, *result;
} examples[] = {
  /* names of several words, and names that look like operations */
    {"Monthly income * 2",                                              "2000"                                },
    {"a-b + 1",                                                         "8"                                   },
    {"a - b",                                                           "3"                                   },
    {"people[1].Full name",                                             "Hoa"                                 },
    {"people[age > 20].Full name[1]",                                   "Hoa"                                 },
    {"people[item.age = 30].age[1]",                                    "30"                                  },
    {"{x y: 1, z: x y + 1}.z",                                          "2"                                   },
 /* 34 digits, half-even */
    {"1/3",                                                             "0.3333333333333333333333333333333333"},
    {"0.1 + 0.2 = 0.3",                                                 "true"                                },
    {"2 ** 100",                                                        "1267650600228229401496703205376"     },
    {"-2 ** 2",                                                         "4"                                   },
    {"decimal(2.5, 0) + decimal(3.5, 0)",                               "6"                                   },
    {"sqrt(2) * sqrt(2) - 2 < 1e-30",                                   "true"                                },
    {"modulo(-12, 5)",                                                  "3"                                   },
 /* time */
    {"date(\"2024-02-29\") + duration(\"P1Y\")",                        "2025-02-28"                          },
    {"date(\"2026-01-31\") + duration(\"P1M\")",                        "2026-02-28"                          },
    {"@\"2026-03-29T01:30:00@Europe/Paris\" + @\"PT1H\"",               "2026-03-29T03:30:00@Europe/Paris"    },
    {"(@\"2026-11-22\" - @\"2026-11-20\").days",                        "2"                                   },
    {"week of year(@\"2021-01-03\")",                                   "53"                                  },
    {"years and months duration(@\"2024-02-29\", @\"2025-02-28\")",     "P11M"                                },
 /* lists, text */
    {"sort([3, 1, 2], function(x, y) x < y)",                           "[1, 2, 3]"                           },
    {"for i in 1..3, j in 1..i return i * j",                           "[1, 2, 4, 3, 6, 9]"                  },
    {"every x in [] satisfies false",                                   "true"                                },
    {"substring(\"Đà Nẵng\", -4)",                                  "Nẵng"                              },
    {"string length(\"🐎đ\")",                                       "2"                                   },
    {"upper case(\"đường\")",                                       "ĐƯỜNG"                           },
    {"replace(\"2026-11-22\", \"(\\d+)-(\\d+)-(\\d+)\", \"$3/$2/$1\")", "22/11/2026"                          },
    {"split(\"a; b ;c\", \"\\s*;\\s*\")",                               "[\"a\", \"b\", \"c\"]"               },
    {"[1..10[.end included",                                            "false"                               },
    {"if null then 1 else 2",                                           "2"                                   },
    {"5 in (1, > 4)",                                                   "true"                                },
    {"get value({\"a b\": 1}, \"a b\")",                                "1"                                   },
    {"context put({x: {y: 1}}, [\"x\", \"y\"], 2).x.y",                 "2"                                   },
    {"(function(n) n * 2)(21)",                                         "42"                                  },
    {"mode([6, 1, 9, 6, 1])",                                           "[1, 6]"                              },
    {"string join([\"a\", null, \"b\"], \"-\")",                        "a-b"                                 },
    {"list replace([1, 2], -1, 5)",                                     "[1, 5]"                              },
    {"overlaps([1..5], [5..8])",                                        "true"                                },
};

static void expressions_give_what_the_standard_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(examples); i++) {
        struct feel_run run;
        struct feel_value v = evaluate(examples[i].expression, &run);
        struct str got = feel_format(&arena, v);
        if (!str_eq(got, str_from(examples[i].result)) || run.problem_count > 0)
            REFUSE("%s gave %.*s (%zu problems), not %s\n", examples[i].expression, STR_ARG(got), run.problem_count,
                   examples[i].result);
    }
}

static const char *const mistakes[] = {
    "1 +",
    "1 + \"a\"",
    "1 / 0",
    "[1, 2",
    "nobody",
    "date(\"2026-02-30\")",
    "{a: 1, a: 2}",
    "\"open",
    "@\"x\"",
    "sum([])",
    "[1,2][3]",
    "[1,2][1.5]",
    "{i: 1.5, r: [1, 2][i]}.r",
    "substring(\"abc\", 0)",
    "matches(\"a\", \"(\")",
    "number(\"1,5\")",
    "abs(\"x\")",
    "string join([\"a\"], \"-\", \"b\")",
    "list replace([1, 2, 3], 2.5, 4)",
    "list replace([1, 2], function(item) true, 4)",
    "remove([1, 2], 1.5)",
    "[1, 2][-9223372036854775808]",
    "remove([1, 2], -9223372036854775808)",
    "substring(\"abc\", -9223372036854775808)",
    "max([1, \"a\"])",
    "function(x) external {java: {}}",
    "(function(a) a)(1, 2)",
    "sqrt(-1)",
    "log(0)",
    "9e6144 * 10",
    "{}.a",
    "null.a",
};

static void a_mistake_gives_null_with_its_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(mistakes); i++) {
        struct feel_run run;
        struct feel_value v = evaluate(mistakes[i], &run);
        if (v.kind != FEEL_NULL || run.problem_count == 0 || run.problems[0].sentence == NULL)
            REFUSE("%s was not refused\n", mistakes[i]);
    }
}

static void an_evaluation_is_bounded(void **state)
{
    static const char *const endless[] = {
        "for a in 1..100000, b in 1..100000 return a",
        "{f: function(f, n) f(f, n + 1), r: f(f, 1)}.r",
        "count(for i in 1..3000000 return [i, i, i, i, i, i, i, i, i, i, i, i, i, i, i, i])",
        "matches(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\", \"(a+)+b\")",
        "for i in [9223372036854775806..9223372036854775807], j in 1..1000000 return i",
        "split(string join(for i in 1..250000 return \"aaaaaaaaaaaaaaaa\"), \"a\")",
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(endless); i++) {
        struct feel_run run;
        struct arena_mark mark = arena_mark(&arena);
        struct feel_value v = evaluate(endless[i], &run);
        if (v.kind != FEEL_NULL || run.problem_count == 0) REFUSE("%s was not stopped\n", endless[i]);
        arena_back(&arena, mark);
    }
}

/* What a function goes through counts, not only that it was called. */
static void long_lists_cost_what_they_are_long(void **state)
{
    static const char *const greedy[] = {
        "for i in 1..5000 return list contains(for k in 1..5000 return k, 0)",
        "{l: for k in 1..5000 return k, r: for i in 1..5000 return list contains(l, 0)}.r",
        "{l: for k in 1..5000 return k, r: for i in 1..5000 return sum(l)}.r",
        "{l: for k in 1..5000 return k, r: for i in 1..5000 return l = l}.r",
        "{l: for k in 1..5000 return k, m: for i in 1..5000 return l, r: list contains(m, append(l, 1))}.r = "
        "{l: for k in 1..5000 return k, m: for i in 1..5000 return l, r: index of(m, l)}.r",
        "{l: for k in 1..5000 return k, r: distinct values(l)}.r",
        "{t: string join(for k in 1..20000 return \"abcdefgh\"), r: for i in 1..5000 return string length(t)}.r",
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(greedy); i++) {
        struct feel_run run;
        struct arena_mark mark = arena_mark(&arena);
        if (evaluate(greedy[i], &run).kind != FEEL_NULL || !run.is_stopped) REFUSE("%s\n", greedy[i]);
        arena_back(&arena, mark);
    }
    struct feel_run run;
    assert_true(evaluate("sum(for k in 1..5000 return k)", &run).number == 12502500);
    assert_int_equal(run.problem_count, 0);
}

static void deep_nesting_is_refused_before_it_hurts(void **state)
{
    char text[4001];
    (void)state;
    for (const char *c = "([{-"; *c != '\0'; c++) {
        struct feel_run run;
        memset(text, *c, sizeof text - 1);
        text[sizeof text - 1] = '\0';
        assert_int_equal(evaluate(text, &run).kind, FEEL_NULL);
        assert_true(run.problem_count > 0);
    }
}

/* What begins in two ways is read a second time, and that within the other: 2^90 readings, were they not counted. */
static void a_text_is_read_in_time_and_room(void **state)
{
    static const char *const beginnings[] = {"(<", "[1..", "1 in (", "(1..", "< (", "x instance of "};
    const size_t bytes = FEEL_TEXT_BYTES;
    char *text = malloc(bytes + 1);
    (void)state;
    for (size_t i = 0; i < LENGTH(beginnings); i++) {
        size_t n = strlen(beginnings[i]), most[] = {90 * n, bytes};
        for (size_t k = 0; k < LENGTH(most); k++) {
            struct feel_run run;
            struct arena_mark mark = arena_mark(&arena);
            size_t start = arena.used_bytes;
            for (size_t at = 0; at < most[k]; at++) text[at] = beginnings[i][at % n];
            text[most[k]] = '\0';
            assert_int_equal(evaluate(text, &run).kind, FEEL_NULL);
            assert_true(run.problem_count > 0);
            assert_in_range(arena.used_bytes - start, 0, 64 * 1024 * 1024);
            arena_back(&arena, mark);
        }
    }
    free(text);
}

static void a_long_name_of_a_type_is_no_burden(void **state)
{
    char text[64 * 1024 + 1] = "1 instance of ";
    struct feel_run run;
    size_t start = arena.used_bytes;
    (void)state;
    memset(&text[14], 'a', sizeof text - 15);
    assert_int_equal(evaluate(text, &run).kind, FEEL_NULL);
    assert_true(run.problem_count > 0);
    assert_in_range(arena.used_bytes - start, 0, 4 * 1024 * 1024);
}

/* A list of ten of which each is a list of ten, twelve deep, takes little room until it is told or compared. */
static void what_stands_many_times_in_itself_is_told_and_compared_in_time(void **state)
{
    struct feel_value v = feel_integer(1), w = feel_integer(1);
    struct buf out;
    struct json_writer json;
    (void)state;
    for (int depth = 0; depth < 12; depth++) {
        struct feel_value items[10], others[10];
        for (size_t i = 0; i < LENGTH(items); i++) items[i] = v, others[i] = w;
        v = feel_list(arena_dup(&arena, items, sizeof items), LENGTH(items));
        w = feel_list(arena_dup(&arena, others, sizeof others), LENGTH(others));
    }
    assert_in_range(feel_format(&arena, v).len, 1000000, 20000000);
    assert_int_equal(feel_equal(v, w), FEEL_UNKNOWN);
    buf_init(&out, 1000);
    jw_init(&json, &out);
    feel_write_json(&json, &arena, v);
    assert_true(out.is_full);
    buf_end(&out);
    struct feel_type types[12];
    struct feel_run run;
    for (size_t i = 0; i < LENGTH(types); i++)
        types[i] = (struct feel_type){.kind = TYPE_LIST, .element = i == 0 ? &feel_any : &types[i - 1]};
    feel_run_init(&run, &arena);
    assert_false(feel_coerce(&run, &v, &types[LENGTH(types) - 1]));
    assert_true(run.is_stopped);
}

/* ---- a table ---- */

static const char model_text[] =
    "<definitions xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/' namespace='t' name='t'>"
    "<inputData name='Channel' id='c'><variable name='Channel' typeRef='string'/></inputData>"
    "<inputData name='Copies' id='n'><variable name='Copies' typeRef='number'/></inputData>"
    "<decision name='Fee' id='d'><variable name='Fee'/>"
    "<informationRequirement><requiredInput href='#c'/></informationRequirement>"
    "<informationRequirement><requiredInput href='#n'/></informationRequirement>"
    "<decisionTable hitPolicy='%s'>"
    "<input><inputExpression><text>Channel</text></inputExpression></input>"
    "<input><inputExpression><text>Copies</text></inputExpression></input><output/>"
    "<rule><inputEntry><text>\"online\"</text></inputEntry><inputEntry><text>-</text></inputEntry>"
    "<outputEntry><text>50000</text></outputEntry></rule>"
    "<rule><inputEntry><text>not(\"online\")</text></inputEntry><inputEntry><text>[1..5]</text></inputEntry>"
    "<outputEntry><text>100000</text></outputEntry></rule>"
    "<rule><inputEntry><text>-</text></inputEntry><inputEntry><text>&gt; 5</text></inputEntry>"
    "<outputEntry><text>100000 + 10000 * (Copies - 5)</text></outputEntry></rule>"
    "</decisionTable></decision></definitions>";

static struct feel_value fee(const char *policy, const char *channel, int64_t copies, struct feel_run *run)
{
    const struct dmn *m;
    struct fail why;
    size_t problems;
    fail_init(&why, &arena);
    char text[sizeof model_text + 32];
    snprintf(text, sizeof text, model_text, policy);
    assert_int_equal(dmn_read(&arena, str_from(text), NULL, NULL, &m, &why), OK);
    (void)dmn_problems(m, &problems);
    assert_int_equal(problems, 0);
    struct feel_entry *entries = ARENA_ARRAY(&arena, struct feel_entry, 2);
    entries[0] = (struct feel_entry){STR("Channel"), feel_string(str_from(channel))};
    entries[1] = (struct feel_entry){STR("Copies"), feel_integer(copies)};
    feel_run_init(run, &arena);
    return dmn_decide(run, m, dmn_find(m, DMN_DECISION, STR("Fee")), feel_context_value(&arena, entries, 2));
}

static void a_table_decides_by_its_hit_policy(void **state)
{
    struct feel_run run;
    (void)state;
    assert_true(fee("UNIQUE", "online", 1, &run).number == 50000);
    assert_true(fee("UNIQUE", "counter", 7, &run).number == 120000);
    assert_int_equal(fee("UNIQUE", "online", 9, &run).kind, FEEL_NULL); /* two rules apply */
    assert_true(run.problem_count > 0);
    assert_true(fee("FIRST", "online", 9, &run).number == 50000);
    assert_int_equal(fee("RULE ORDER", "online", 9, &run).count, 2);
    assert_int_equal(fee("UNIQUE", "counter", 0, &run).kind, FEEL_NULL); /* none applies: that is an answer */
    assert_int_equal(run.problem_count, 0);
}

static void the_rules_that_applied_are_told(void **state)
{
    struct feel_run run;
    struct dmn_traces traces = {0};
    const struct dmn *m;
    struct fail why;
    (void)state;
    fail_init(&why, &arena);
    char text[sizeof model_text + 32];
    snprintf(text, sizeof text, model_text, "FIRST");
    assert_int_equal(dmn_read(&arena, str_from(text), NULL, NULL, &m, &why), OK);
    struct feel_entry entries[] = {
        {STR_INIT("Channel"), {.kind = FEEL_STRING, .string = STR_INIT("counter")}},
        {STR_INIT("Copies"),  {.kind = FEEL_NUMBER, .number = 3}                  },
    };
    feel_run_init(&run, &arena);
    run.traces = &traces;
    (void)dmn_decide(&run, m, dmn_find(m, DMN_DECISION, STR("Fee")), feel_context_value(&arena, entries, 2));
    assert_int_equal(traces.count, 1);
    assert_str(traces.at[0].decision, "Fee");
    assert_int_equal(traces.at[0].count, 1);
    assert_int_equal(traces.at[0].rules[0], 2);
}

/* A mistake is told by the line of the file: cells alone would all say 1. */
static void what_goes_wrong_in_a_cell_names_its_line_of_the_file(void **state)
{
    static const char text[] =
        "<definitions xmlns='https://www.omg.org/spec/DMN/20230324/MODEL/' namespace='t' name='t'>\n"
        "<inputData name='Copies' id='n'><variable name='Copies' typeRef='number'/></inputData>\n"
        "<decision name='Fee' id='d'><variable name='Fee'/>\n"
        "<informationRequirement><requiredInput href='#n'/></informationRequirement>\n"
        "<decisionTable hitPolicy='FIRST'>\n"
        "<input><inputExpression><text>Copies</text></inputExpression></input><output/>\n"
        "<rule><inputEntry><text>1</text></inputEntry>\n"
        "<outputEntry><text>%s</text></outputEntry></rule>\n"
        "<rule><inputEntry><text>2</text></inputEntry>\n"
        "<outputEntry>\n<text>\n  Copies +\n  \"x\"</text></outputEntry></rule>\n"
        "</decisionTable></decision></definitions>";
    static const struct {
        int64_t copies;
        uint32_t line;
    } rows[] = {
        {1, 8 },
        {2, 12},
    };
    char whole[sizeof text + 32];
    const struct dmn *m;
    struct fail why;
    (void)state;
    fail_init(&why, &arena);
    snprintf(whole, sizeof whole, text, "Copies + \"x\"");
    assert_int_equal(dmn_read(&arena, str_from(whole), NULL, NULL, &m, &why), OK);
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct feel_entry copies = {STR("Copies"), feel_integer(rows[i].copies)};
        struct feel_run run;
        feel_run_init(&run, &arena);
        (void)dmn_decide(&run, m, dmn_find(m, DMN_DECISION, STR("Fee")), feel_context_value(&arena, &copies, 1));
        assert_int_equal(run.problem_count, 1);
        assert_int_equal(run.problems[0].line, rows[i].line);
    }
    size_t count;
    snprintf(whole, sizeof whole, text, "Copies +");
    assert_int_equal(dmn_read(&arena, str_from(whole), NULL, NULL, &m, &why), OK);
    const struct problem *problems = dmn_problems(m, &count);
    assert_int_equal(count, 1);
    assert_true(str_starts(problems[0].pointer, STR("Fee (8:")));
}

static void what_is_no_model_is_refused(void **state)
{
    static const char *const texts[] = {"", "<a/>", "<definitions",
                                        "<!DOCTYPE definitions [<!ENTITY x 'y'>]><definitions>&x;</definitions>"};
    (void)state;
    for (size_t i = 0; i < LENGTH(texts); i++) {
        const struct dmn *m;
        struct fail why;
        fail_init(&why, &arena);
        assert_int_equal(dmn_read(&arena, str_from(texts[i]), NULL, NULL, &m, &why), ERR_INVALID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_give_what_the_standard_says),
        cmocka_unit_test(a_mistake_gives_null_with_its_reason),
        cmocka_unit_test(an_evaluation_is_bounded),
        cmocka_unit_test(long_lists_cost_what_they_are_long),
        cmocka_unit_test(deep_nesting_is_refused_before_it_hurts),
        cmocka_unit_test(a_text_is_read_in_time_and_room),
        cmocka_unit_test(a_long_name_of_a_type_is_no_burden),
        cmocka_unit_test(what_stands_many_times_in_itself_is_told_and_compared_in_time),
        cmocka_unit_test(a_table_decides_by_its_hit_policy),
        cmocka_unit_test(the_rules_that_applied_are_told),
        cmocka_unit_test(what_goes_wrong_in_a_cell_names_its_line_of_the_file),
        cmocka_unit_test(what_is_no_model_is_refused),
    };
    arena_init(&arena, (size_t)1 << 30);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_end(&arena);
    return failed;
}
