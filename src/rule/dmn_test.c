/* Decision tables: the index gives what the plain walk gives, lint finds what is doubtful, strict runs stop. */
#include "base/test.h"

#include <string.h>

#include "base/auto.h"
#include "rule/dmn_model.h"

static struct arena arena;

#define HEAD "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" name=\"t\" namespace=\"t\">"
#define INPUT(id, type)                                                                                                \
    "<inputData id=\"" id "\" name=\"" id "\"><variable name=\"" id "\" typeRef=\"" type "\"/></inputData>"
#define NEEDS(id) "<informationRequirement><requiredInput href=\"#" id "\"/></informationRequirement>"
#define COLUMN(id) "<input><inputExpression><text>" id "</text></inputExpression></input>"
#define TABLE(policy)                                                                                                  \
    HEAD INPUT("a", "Any") INPUT("b", "Any") INPUT("c", "Any") "<decision id=\"d\" name=\"D\">" NEEDS("a") NEEDS("b")  \
        NEEDS("c") "<decisionTable hitPolicy=\"" policy "\">" COLUMN("a") COLUMN("b")                                  \
            COLUMN("c") "<output name=\"o\"/>"
#define RULE(a, b, c, out)                                                                                             \
    "<rule><inputEntry><text>" a "</text></inputEntry><inputEntry><text>" b "</text></inputEntry><inputEntry><text>" c \
    "</text></inputEntry><outputEntry><text>" out "</text></outputEntry></rule>"
#define END "</decisionTable></decision></definitions>"

static const struct dmn *model_of(struct str text)
{
    struct fail why;
    const struct dmn *m;
    size_t count;
    fail_init(&why, &arena);
    assert_int_equal(dmn_read(&arena, text, NULL, NULL, &m, &why), OK);
    const struct problem *problems = dmn_problems(m, &count);
    for (size_t i = 0; i < count; i++) print_error("%s\n", problems[i].sentence);
    assert_int_equal(count, 0);
    return m;
}

static struct feel_value inputs_of(struct feel_value a, struct feel_value b, struct feel_value c)
{
    const struct feel_entry entries[] = {
        {STR_INIT("a"), a},
        {STR_INIT("b"), b},
        {STR_INIT("c"), c}
    };
    return feel_context_value(&arena, arena_dup(&arena, entries, sizeof entries), LENGTH(entries));
}

/* ---- the index ---- */

static uint64_t seed;

static uint32_t any_below(uint32_t n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % n;
}

static void add_cell(struct buf *out, uint32_t column)
{
    static const char *const texts[] = {"\"x\"",        "\"y\"", "\"z\", \"x\"", "not(\"y\")",
                                        "\"x\", \"y\"", "null",  "&gt; \"x\"",   "not(null, \"z\")"};
    static const char *const numbers[] = {"%d",           "&lt; %d",     "&gt;= %d", "[%d..8]", "(1..%d]",
                                          "not(%d)",      "%d, 9, null", "? = %d",   "a",       "-%d",
                                          "not(&lt; %d)", "%d + 1",      "[%d..%d)"};
    static const char *const others[] = {"true",
                                         "false",
                                         "null",
                                         "date(\"2026-01-0%d\")",
                                         "&lt; date(\"2026-01-0%d\")",
                                         "\"x\"",
                                         "%d",
                                         "[date(\"2026-01-01\")..date(\"2026-01-0%d\")]"};
    int n = 1 + (int)any_below(9);
    uint32_t kind = any_below(4);
    buf_add(out, STR("<inputEntry><text>"));
    if (kind == 0)
        buf_add(out, STR("-"));
    else if (column == 0)
        buf_add(out, str_from(texts[any_below(LENGTH(texts))]));
    else {
        const char *form = column == 1 ? numbers[any_below(LENGTH(numbers))] : others[any_below(LENGTH(others))];
        struct str filled = str_from(form);
        for (size_t i = 0; i < filled.len; i++)
            if (filled.at[i] == '%') {
                buf_addf(out, "%d", n++);
                i++;
            } else {
                buf_add_char(out, filled.at[i]);
            }
    }
    buf_add(out, STR("</text></inputEntry>"));
}

static struct feel_value any_value(uint32_t column)
{
    static const struct str words[] = {STR_INIT("x"), STR_INIT("y"), STR_INIT("z"), STR_INIT("xx")};
    uint32_t kind = any_below(8);
    if (kind == 0) return feel_null();
    if (kind == 1) column = any_below(3);
    if (column == 0) return feel_string(words[any_below(4)]);
    if (column == 1) return feel_number((decimal)any_below(21) / 2);
    if (any_below(2) == 0) return feel_boolean(any_below(2) == 0);
    return feel_date_value((struct feel_date){2026, 1, (int8_t)(1 + any_below(9))});
}

static struct str answer_of(const struct dmn *m, struct feel_value inputs, bool is_strict, size_t *problems)
{
    size_t count;
    struct feel_run *run = ARENA_NEW(&arena, struct feel_run);
    feel_run_init(run, &arena);
    run->is_strict = is_strict;
    struct feel_value v = dmn_decide(run, m, dmn_elements(m, DMN_DECISION, &count)[0], inputs);
    *problems = run->problem_count;
    return str_format(&arena, "%s %.*s", feel_kind_name(v.kind), STR_ARG(feel_format(&arena, v)));
}

static void the_index_gives_what_asking_every_rule_gives(void **state)
{
    static const char *const policies[] = {"UNIQUE", "ANY", "FIRST", "RULE ORDER", "COLLECT"};
    (void)state;
    size_t indexed = 0;
    for (uint64_t round = 1; round <= 60; round++) {
        seed = round * 7919;
        struct arena_mark mark = arena_mark(&arena);
        AUTO_BUF struct buf text;
        buf_init(&text, 1 << 20);
        buf_addf(&text, TABLE("%s"), policies[any_below(LENGTH(policies))]);
        uint32_t rules = 4 + any_below(any_below(4) == 0 ? 300 : 20);
        for (uint32_t r = 0; r < rules; r++) {
            buf_add(&text, STR("<rule>"));
            for (uint32_t c = 0; c < 3; c++) add_cell(&text, c);
            buf_addf(&text, "<outputEntry><text>%u</text></outputEntry></rule>", any_below(3) == 0 ? 1 : r);
        }
        buf_add(&text, STR(END));
        const struct dmn *m = model_of(buf_str(&text));
        struct table *t = (struct table *)m->main->elements[3].logic->table;
        const struct table_index *index = t->index;
        indexed += index != NULL;
        for (int i = 0; i < 30; i++) {
            size_t problems, plain_problems;
            struct feel_value inputs = inputs_of(any_value(0), any_value(1), any_value(2));
            bool is_strict = i % 2 == 0;
            t->index = index;
            struct str answer = answer_of(m, inputs, is_strict, &problems);
            t->index = NULL;
            struct str plain = answer_of(m, inputs, is_strict, &plain_problems);
            if (!str_eq(answer, plain) || problems != plain_problems)
                print_error("round %lu: %.*s with the index, %.*s without\n", (unsigned long)round, STR_ARG(answer),
                            STR_ARG(plain));
            assert_true(str_eq(answer, plain));
            assert_int_equal(problems, plain_problems);
        }
        arena_back(&arena, mark);
    }
    assert_true(indexed > 20);
}

/* ---- lint ---- */

static struct str findings(const char *text)
{
    size_t count;
    const struct problem *found = dmn_lint(&arena, model_of(str_from(text)), &count);
    struct str all = STR("");
    for (size_t i = 0; i < count; i++)
        all = str_format(&arena, "%.*s%s %.*s|%.*s|%.*s\n", STR_ARG(all), found[i].code, STR_ARG(found[i].args[0]),
                         STR_ARG(found[i].args[1]), STR_ARG(found[i].args[2]));
    return all;
}

#define FINDS(expected, text) assert_string_equal(str_cstr(&arena, findings(text)), expected)

static void lint_tells_what_is_doubtful_with_an_example(void **state)
{
    (void)state;
    FINDS("", TABLE("UNIQUE") RULE("&lt; 5", "-", "-", "1") RULE("&gt;= 5", "-", "-", "2") END);
    FINDS("overlap 1|2|a: 5\n", TABLE("UNIQUE") RULE("&lt;= 5", "-", "-", "1") RULE("&gt;= 5", "-", "-", "2") END);
    FINDS("gap a: 5||\n", TABLE("UNIQUE") RULE("&lt; 5", "-", "-", "1") RULE("&gt; 5", "-", "-", "2") END);
    FINDS("gap a: true; b: \"y\"||\n",
          TABLE("UNIQUE") RULE("true", "not(\"y\")", "-", "1") RULE("false", "-", "-", "2") END);
    FINDS("gap a: [2026-01-03..2026-01-05)||\n", TABLE("UNIQUE") RULE("&lt;= date(\"2026-01-02\")", "-", "-", "1")
                                                     RULE("&gt; date(\"2026-01-04\")", "-", "-", "2") END);
    FINDS("contradiction 1|2|a: 5\n", TABLE("ANY") RULE("&lt;= 5", "-", "-", "1") RULE("&gt;= 5", "-", "-", "2") END);
    FINDS("", TABLE("ANY") RULE("&lt;= 5", "-", "-", "1") RULE("&gt;= 5", "-", "-", "1") END);
    FINDS("unreachable 3||\n", TABLE("FIRST") RULE("&lt; 5", "-", "-", "1") RULE("&gt;= 5", "-", "-", "2")
                                   RULE("[3..7]", "-", "-", "3") RULE("null", "-", "-", "4") END);
    FINDS("undecided 2|b|\n", TABLE("UNIQUE") RULE("&lt; 5", "-", "-", "1") RULE("&lt; 5", "a + 1", "-", "2") END);
    FINDS("never 1||\n", TABLE("COLLECT") RULE("not(true, false)", "-", "-", "1") RULE("-", "-", "-", "2") END);
}

/* ---- strict runs ---- */

static enum outcome strictly(const char *text, struct feel_value a, struct fail *why)
{
    size_t count;
    const struct dmn *m = model_of(str_from(text));
    struct feel_run *run = ARENA_NEW(&arena, struct feel_run);
    struct feel_value v = feel_null();
    fail_init(why, &arena);
    feel_run_init(run, &arena);
    return dmn_decide_strictly(run, m, dmn_elements(m, DMN_DECISION, &count)[0], inputs_of(a, feel_null(), feel_null()),
                               &v, why);
}

static void a_missing_input_stops_a_strict_decision_and_never_falls_through(void **state)
{
    struct fail why;
    (void)state;
    const char *through = TABLE("FIRST") RULE("&gt;= 18", "-", "-", "\"yes\"") RULE("-", "-", "-", "\"no\"") END;
    assert_int_equal(strictly(through, feel_integer(20), &why), OK);
    assert_int_equal(strictly(through, feel_integer(3), &why), OK);
    assert_int_equal(strictly(through, feel_null(), &why), ERR_INVALID);
    assert_int_equal(why.problem_count, 1);
    assert_true(str_starts(why.problems[0].pointer, STR("D ")));
    assert_int_equal(strictly(through, feel_string(STR("20")), &why), ERR_INVALID);
    const char *named = TABLE("FIRST") RULE("&gt;= 18", "-", "-", "\"yes\"") RULE("null", "-", "-", "\"ask\"") END;
    assert_int_equal(strictly(named, feel_null(), &why), OK);
    const char *computed = TABLE("FIRST") RULE("-", "-", "-", "if a then 1 else 2") END;
    assert_int_equal(strictly(computed, feel_null(), &why), ERR_INVALID);
    const char *wrong = TABLE("FIRST") RULE("-", "-", "-", "a + \"x\"") END;
    assert_int_equal(strictly(wrong, feel_integer(1), &why), ERR_INVALID);
}

/* ---- imports ---- */

#define MODEL(name, body)                                                                                              \
    "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" name=\"" name "\" namespace=\"urn:" name      \
    "\">" body "</definitions>"
#define IMPORT(name, prefix)                                                                                           \
    "<import importType=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" namespace=\"urn:" name "\" name=\"" prefix    \
    "\"/>"
#define SAYS(name, text)                                                                                               \
    "<decision id=\"" name "\" name=\"" name "\"><literalExpression><text>" text                                       \
    "</text></literalExpression></decision>"
#define ASKS(name, href, text)                                                                                         \
    "<decision id=\"" name "\" name=\"" name "\"><informationRequirement><requiredDecision href=\"" href               \
    "\"/></informationRequirement><literalExpression><text>" text "</text></literalExpression></decision>"

static const struct {
    const char *name_space, *text;
} importable[] = {
    {"urn:deep",    MODEL("deep",      SAYS("x",         "\"deep\""))},
    {"urn:over",             MODEL("over",                     IMPORT("deep",             ""))},
    {"urn:same",         MODEL("same",                          SAYS("x",                     "\"same\""))},
    {"urn:loop",     MODEL("loop",IMPORT("loop","") IMPORT("top", "") SAYS("x", "\"loop\""))},
    {"urn:top",MODEL("top",                 IMPORT("loop",                                     ""))},
    {"urn:asks", MODEL("asks",                  "<inputData id=\"n\" name=\"n\"><variable name=\"n\"/></inputData>"
                               "<decision id=\"x\" name=\"x\"><informationRequirement><requiredInput href=\"#n\"/>"
                               "</informationRequirement><literalExpression><text>n</text></literalExpression>"
                               "</decision>")                         },
};

static enum outcome import_of(const void *context, struct arena *a, struct str name_space, struct str location,
                              struct str *out, struct fail *why)
{
    (void)context, (void)a, (void)location;
    for (size_t i = 0; i < LENGTH(importable); i++)
        if (str_eq(str_from(importable[i].name_space), name_space)) {
            *out = str_from(importable[i].text);
            return OK;
        }
    return fail(why, ERR_MISSING, N_("There is no “{0}” in the model."), name_space);
}

static struct str decided_with_imports(const char *text, struct str name_space, const char *decision)
{
    struct fail why;
    const struct dmn *m;
    struct feel_run run;
    size_t count;
    fail_init(&why, &arena);
    assert_int_equal(dmn_read(&arena, str_from(text), import_of, NULL, &m, &why), OK);
    (void)dmn_problems(m, &count);
    assert_int_equal(count, 0);
    feel_run_init(&run, &arena);
    const struct feel_entry entries[] = {
        {STR_INIT("n"),          {.kind = FEEL_STRING, .string = STR_INIT("by name")}     },
        {STR_INIT("urn:asks#n"), {.kind = FEEL_STRING, .string = STR_INIT("by namespace")}},
    };
    struct feel_value inputs = feel_context_value(&arena, arena_dup(&arena, entries, sizeof entries), LENGTH(entries));
    const struct dmn_element *e = name_space.len > 0 ? dmn_find_in(m, name_space, DMN_DECISION, str_from(decision))
                                                     : dmn_find(m, DMN_DECISION, str_from(decision));
    assert_non_null(e);
    return feel_format(&arena, dmn_decide(&run, m, e, inputs));
}

static void what_an_import_without_a_name_brings_stands_among_the_models_own(void **state)
{
    (void)state;
    const struct {
        const char *text, *answer;
    } cases[] = {
        {MODEL("a",      IMPORT("same", "") ASKS("d",          "#x",                     "x")),                                                "same"},
        {MODEL("a",              IMPORT("over",                   "") IMPORT("same",              "") ASKS("d",   "#x",                              "x")), "deep"},
        {MODEL("a",         IMPORT("over",                "") IMPORT("same",                                     "") ASKS("d",                                                     "urn:same#x",                                                       "x")), "same"},
        {MODEL("a",  IMPORT("same",   "") SAYS("x","\"own\"") ASKS("d","#x","x")), "own"},
        {MODEL("top",IMPORT("loop","") ASKS("d",                   "#x",                                                                                           "x")),                                                                                                                                                                                                "loop"},
        {MODEL("a",              IMPORT("same",                 "s") IMPORT(
                        "deep",                          "t") "<decision id=\"d\" name=\"d\">"
                             "<informationRequirement><requiredDecision href=\"urn:same#x\"/></informationRequirement>"
                             "<informationRequirement><requiredDecision href=\"urn:deep#x\"/></informationRequirement>"
                             "<literalExpression><text>s.x + t.x</text></literalExpression></decision>"),
         "samedeep"                                                                     },
    };
    for (size_t i = 0; i < LENGTH(cases); i++)
        assert_str(decided_with_imports(cases[i].text, STR(""), "d"), cases[i].answer);
    assert_str(decided_with_imports(MODEL("a", IMPORT("asks", "")), STR(""), "x"), "by namespace");
    assert_str(decided_with_imports(MODEL("a", IMPORT("asks", "p")), STR("urn:asks"), "x"), "by namespace");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_an_import_without_a_name_brings_stands_among_the_models_own),
        cmocka_unit_test(the_index_gives_what_asking_every_rule_gives),
        cmocka_unit_test(lint_tells_what_is_doubtful_with_an_example),
        cmocka_unit_test(a_missing_input_stops_a_strict_decision_and_never_falls_through),
    };
    arena_init(&arena, (size_t)1 << 30);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_end(&arena);
    return failed;
}
