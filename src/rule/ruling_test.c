/* Rulings: what tables say of a dossier, what waits for an answer, what is an incident; files that are refused; and
 * what differs between two versions. */
#include "base/test.h"

#include "base/auto.h"
#include "rule/ruling.h"

static struct arena arena;

#define HEAD "<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" name=\"t\" namespace=\"t\">"
#define END "</definitions>"
#define CHOICE(name, values)                                                                                           \
    "<itemDefinition name=\"" name "\"><typeRef>string</typeRef><allowedValues><text>" values                          \
    "</text></allowedValues></itemDefinition>"
#define INPUT(id, name, type)                                                                                          \
    "<inputData id=\"" id "\" name=\"" name "\"><variable name=\"" name "\" typeRef=\"" type "\"/></inputData>"
#define NEEDS(id) "<informationRequirement><requiredInput href=\"#" id "\"/></informationRequirement>"
#define COLUMN(text) "<input><inputExpression><text>" text "</text></inputExpression></input>"
#define IN(text) "<inputEntry><text>" text "</text></inputEntry>"
#define OUT(text) "<outputEntry><text>" text "</text></outputEntry>"
#define FEE_OUTPUTS                                                                                                    \
    "<output name=\"loại\"/><output name=\"số tiền\"/><output name=\"đơn vị\"/><output name=\"nội dung\"/>"
#define FEE_RULE(which, kind, amount, currency)                                                                        \
    "<rule>" IN(which) OUT(kind) OUT(amount) OUT(currency) OUT("\"\"") "</rule>"
#define FEES(rules)                                                                                                    \
    "<decision id=\"muc_thu\" name=\"Mức thu\">" NEEDS("loai") NEEDS("so_ban") "<decisionTable>" COLUMN("loại hồ sơ")  \
        FEE_OUTPUTS rules "</decisionTable></decision>"
#define CONDITIONS                                                                                                     \
    "<decision id=\"dieu_kien\" name=\"Điều kiện\">" NEEDS("kho") "<decisionTable>" COLUMN(                            \
        "có kho") "<output name=\"đủ điều kiện\"/><output name=\"lý do\"/>"                                   \
                  "<rule>" IN("true") OUT("true")                                                                      \
                      OUT("\"Có kho.\"") "</rule>"                                                                     \
                                         "<rule>" IN("false") OUT("false")                                             \
                                             OUT("\"Phải có kho.\"") "</rule></decisionTable></decision>"
#define INPUTS                                                                                                         \
    CHOICE("loại", "\"a\",\"b\",\"c\",\"d\"")                                                                          \
    INPUT("loai", "loại hồ sơ", "loại") INPUT("so_ban", "số bản", "number") INPUT("kho", "có kho", "boolean")
#define TABLES                                                                                                         \
    HEAD INPUTS FEES(FEE_RULE("\"a\"", "\"phí\"", "5000 * số bản", "\"VND\"")                                          \
                         FEE_RULE("\"b\"", "\"lệ phí\"", "0.5", "\"USD\"")                                             \
                             FEE_RULE("\"c\"", "\"phí\"", "number(\"bốn\", \".\", \",\")", "\"VND\"")) CONDITIONS END

static struct tables *tables_of(const char *text)
{
    struct tables *t;
    struct fail why;
    fail_init(&why, &arena);
    enum outcome read = tables_check(&arena, str_from(text), &t, &why);
    for (size_t i = 0; i < why.problem_count; i++) print_error("%s\n", why.problems[i].sentence);
    assert_int_equal(read, OK);
    return t;
}

static const struct calendar *no_calendar(const void *context, struct str name)
{
    (void)context, (void)name;
    return NULL;
}

static struct ruling ruled(const char *text, const char *answers)
{
    static const struct legal_time legal_time = {no_calendar, NULL};
    struct ruling r;
    struct fail why;
    struct ruling_facts facts = {.channel = STR("online"),
                                 .at = day_start(day_from_civil((struct civil){2026, 11, 23})),
                                 .legal_time = &legal_time};
    fail_init(&why, &arena);
    assert_int_equal(json_read(&arena, str_from(answers), &facts.answers, &why), OK);
    ruling_make(&arena, tables_of(text), &facts, &r);
    return r;
}

static void tables_give_a_fee_with_the_rule_that_gave_it(void **state)
{
    (void)state;
    struct ruling r = ruled(TABLES, "{\"loai\": \"a\", \"so_ban\": \"3\", \"kho\": \"yes\"}");
    assert_true(r.has_fees);
    assert_int_equal(r.fee_count, 1);
    assert_int_equal(r.fees[0].amount, 15000);
    assert_int_equal(r.fees[0].kind, FEE_SERVICE);
    assert_int_equal(r.hit_count, 2);
    assert_str(r.hits[0].rules, "1");
    assert_true(r.has_eligibility && r.is_eligible);
    assert_str(r.reason, "Có kho.");
    assert_int_equal(r.open_count + r.incident_count, 0);
    r = ruled(TABLES, "{\"loai\": \"b\", \"so_ban\": 1, \"kho\": false}");
    assert_int_equal(r.fees[0].amount, 50); /* cents */
    assert_int_equal(r.fees[0].currency, CURRENCY_USD);
    assert_int_equal(r.fees[0].kind, FEE_CHARGE);
    assert_false(r.is_eligible);
}

static void what_an_open_question_decides_waits_for_its_answer(void **state)
{
    (void)state;
    struct ruling r = ruled(TABLES, "{\"loai\": \"a\", \"so_ban\": \"3\"}");
    assert_true(r.has_fees);
    assert_false(r.has_eligibility);
    assert_int_equal(r.open_count, 1);
    assert_str(r.open[0], "có kho");
    r = ruled(TABLES, "{\"loai\": \"a\", \"kho\": \"no\"}");
    assert_false(r.has_fees);
    assert_int_equal(r.incident_count, 0); /* 5000 * null is no error of the table */
    assert_int_equal(r.open_count, 1);
    assert_str(r.open[0], "số bản");
    r = ruled(TABLES, "{}");
    assert_int_equal(r.open_count, 3);
    assert_int_equal(r.incident_count, 0);
    assert_int_equal(r.question_count, 3);
}

static void an_error_is_an_incident_even_beside_an_open_question(void **state)
{
    (void)state;
    struct ruling r = ruled(TABLES, "{\"loai\": \"c\"}");
    assert_int_equal(r.incident_count, 1);
    assert_str(r.incidents[0].decision, "Mức thu");
    assert_true(r.incidents[0].line > 0 && r.incidents[0].column > 0);
    assert_false(r.has_fees || r.has_eligibility);
    assert_int_equal(r.open_count, 1); /* of the conditions; the fee does not wait for “số bản” */
    assert_str(r.open[0], "có kho");
}

static void a_table_that_cannot_compare_concludes_nothing(void **state)
{
    (void)state;
    const char *through = HEAD INPUT("kenh", "kênh nộp", "string") "<decision id=\"d\" name=\"Điều kiện\">" NEEDS(
        "kenh") "<decisionTable hitPolicy=\"FIRST\">" COLUMN("kênh nộp") "<output name=\"đủ điều kiện\"/><output "
                                                                         "name=\"lý do\"/><rule>" IN("&gt; 5")
                                                                             OUT("true")
                                                                                 OUT("\"x\"") "</rule><rule>" IN("-")
                                                                                     OUT("false")
                                                                                         OUT("\"y\"") "</rule></"
                                                                                                      "decisionTable></"
                                                                                                      "decision>" END;
    struct ruling r = ruled(through, "{}");
    assert_false(r.has_eligibility); /* without strictness: “not eligible” */
    assert_int_equal(r.incident_count, 1);
}

static void a_table_in_which_no_rule_applies_is_an_incident_once_all_is_answered(void **state)
{
    (void)state;
    struct ruling r = ruled(TABLES, "{\"loai\": \"d\", \"so_ban\": 1, \"kho\": true}");
    assert_int_equal(r.incident_count, 1);
    assert_str(r.incidents[0].sentence, "No rule of the table applies.");
}

static void what_is_no_fee_is_an_incident(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        HEAD INPUTS FEES(FEE_RULE("-", "\"thuế\"", "1", "\"VND\"")) END,
        HEAD INPUTS FEES(FEE_RULE("-", "\"phí\"", "1", "\"EUR\"")) END,
        HEAD INPUTS FEES(FEE_RULE("-", "\"phí\"", "-1", "\"VND\"")) END,
        HEAD INPUTS FEES(FEE_RULE("-", "\"phí\"", "0.5", "\"VND\"")) END,
        HEAD INPUTS FEES(FEE_RULE("-", "\"phí\"", "\"1000\"", "\"VND\"")) END,
    };
    for (size_t i = 0; i < LENGTH(wrong); i++) {
        struct ruling r = ruled(wrong[i], "{\"loai\": \"a\", \"so_ban\": 1}");
        assert_false(r.has_fees);
        assert_int_equal(r.incident_count, 1);
    }
}

static void a_case_is_proposed_by_its_id(void **state)
{
    (void)state;
    const char *text = HEAD INPUT("kho", "có kho", "boolean") "<decision id=\"d\" name=\"Trường hợp đề xuất\">" NEEDS(
        "kho") "<literalExpression><text>if có kho then \"c2\" else \"c1\"</text></literalExpression></decision>" END;
    assert_str(ruled(text, "{\"kho\": \"yes\"}").case_id, "c2");
    struct ruling open = ruled(text, "{}");
    assert_int_equal(open.case_id.len + open.incident_count, 0);
    assert_int_equal(open.open_count, 1);
}

static void what_was_kept_reads_as_it_was(void **state)
{
    (void)state;
    AUTO_BUF struct buf text;
    struct json_writer w;
    struct ruling r = ruled(TABLES, "{\"loai\": \"c\", \"so_ban\": 2, \"kho\": true}"), kept;
    struct fail why;
    fail_init(&why, &arena);
    buf_init(&text, 64 * 1024);
    jw_init(&w, &text);
    ruling_json(&w, &arena, ENGLISH, &r);
    assert_int_equal(ruling_read(&arena, buf_str(&text), &kept, &why), OK);
    assert_int_equal(kept.incident_count, 1);
    assert_int_equal(kept.incidents[0].line, r.incidents[0].line);
    assert_true(kept.has_eligibility && kept.is_eligible && !kept.has_fees);
    assert_int_equal(kept.hit_count, r.hit_count);
    assert_int_equal(kept.input_count, r.input_count);
    assert_int_equal(kept.question_count, 3);
    assert_string_equal(kept.questions[0].name, "loai");
    assert_string_equal(kept.questions[0].label, "loại hồ sơ");
    assert_int_equal(kept.questions[0].kind, FORM_CHOICE);
    assert_int_equal(kept.questions[0].choice_count, 4);
    assert_int_equal(kept.questions[1].kind, FORM_NUMBER);
    assert_string_equal(kept.questions[2].choices[1].value, "no");
}

static void a_file_that_cannot_be_used_is_refused(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        const char *text, *code;
    } wrong[] = {
        {HEAD INPUT("a", "a", "number") END,                                                             "required"},
        {HEAD INPUT("A b", "a", "number") "<decision id=\"d\" name=\"Mức thu\">"
                                          "<literalExpression><text>1</text></literalExpression></decision>" END,
         "format"                                                                                                  },
        {HEAD INPUTS FEES(FEE_RULE("\"a\"", "\"phí\"", "1 +", "\"VND\"")) END,                           "feel"    },
        {HEAD INPUTS FEES(FEE_RULE("\"a\"", "\"phí\"", "1", "\"VND\"")
                              FEE_RULE("\"a\",\"b\"", "\"phí\"", "2", "\"VND\"")) END,                   "overlap" },
    };
    /* clang-format on */
    for (size_t i = 0; i < LENGTH(wrong); i++) {
        struct tables *t;
        struct fail why;
        fail_init(&why, &arena);
        assert_int_equal(tables_check(&arena, str_from(wrong[i].text), &t, &why), ERR_INVALID);
        assert_true(why.problem_count > 0);
        assert_string_equal(why.problems[0].code, wrong[i].code);
    }
}

/* ---- differences ---- */

#define PLAIN(rules)                                                                                                   \
    HEAD "<decision id=\"d\" name=\"D\"><decisionTable>" COLUMN("a") "<output name=\"o\"/>" rules                      \
                                                                     "</decisionTable></decision>" END
#define RULE(id, in, out) "<rule id=\"" id "\">" IN(in) OUT(out) "</rule>"
#define BARE(in, out) "<rule>" IN(in) OUT(out) "</rule>"
#define LITERAL(name, text)                                                                                            \
    "<decision name=\"" name "\"><literalExpression><text>" text "</text></literalExpression></decision>"

static void differences_are_told_by_rule(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        const char *before, *after, *told; /* "changed 2, added 3" */
    } cases[] = {
        {PLAIN(RULE("x", "1", "2")), PLAIN(RULE("x", "1", "2")), ""},
        {PLAIN(RULE("x", "1", "2")), PLAIN(RULE("x", "1", " 2 ")), ""},
        {PLAIN(RULE("x", "1", "2") RULE("y", "2", "3")), PLAIN(RULE("y", "2", "4") RULE("x", "1", "2")), "changed D 1;"},
        {PLAIN(BARE("1", "2") BARE("2", "3")), PLAIN(BARE("0", "0") BARE("1", "2") BARE("2", "3")), "added D 1;"},
        {PLAIN(BARE("1", "2")), PLAIN(BARE("1", "3")), "changed D 1;"},
        {PLAIN(RULE("x", "1", "2") RULE("y", "2", "3")), PLAIN(RULE("y", "2", "3")), "removed D 1;"},
        {HEAD LITERAL("A", "1") END, HEAD LITERAL("A", "2") LITERAL("B", "1") END, "changed A 0;added B 0;"},
        {"", HEAD LITERAL("A", "1") END, "added A 0;"},
        {HEAD LITERAL("A", "1") END, "no model", "removed A 0;"},
    };
    /* clang-format on */
    static const char *const words[] = {[RULE_ADDED] = "added", [RULE_CHANGED] = "changed", [RULE_REMOVED] = "removed"};
    for (size_t i = 0; i < LENGTH(cases); i++) {
        AUTO_BUF struct buf told;
        struct rule_difference *list;
        size_t count;
        buf_init(&told, 4096);
        rules_difference(&arena, str_from(cases[i].before), str_from(cases[i].after), &list, &count);
        for (size_t n = 0; n < count; n++)
            buf_add(&told, str_format(&arena, "%s %.*s %d;", words[list[n].change], STR_ARG(list[n].decision),
                                      (int)list[n].rule));
        assert_str(buf_str(&told), cases[i].told);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_give_a_fee_with_the_rule_that_gave_it),
        cmocka_unit_test(what_an_open_question_decides_waits_for_its_answer),
        cmocka_unit_test(an_error_is_an_incident_even_beside_an_open_question),
        cmocka_unit_test(a_table_that_cannot_compare_concludes_nothing),
        cmocka_unit_test(a_table_in_which_no_rule_applies_is_an_incident_once_all_is_answered),
        cmocka_unit_test(what_is_no_fee_is_an_incident),
        cmocka_unit_test(a_case_is_proposed_by_its_id),
        cmocka_unit_test(what_was_kept_reads_as_it_was),
        cmocka_unit_test(a_file_that_cannot_be_used_is_refused),
        cmocka_unit_test(differences_are_told_by_rule),
    };
    arena_init(&arena, (size_t)1 << 30);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_end(&arena);
    return failed;
}
