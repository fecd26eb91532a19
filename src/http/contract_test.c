#include "base/test.h"

#include "http/contract.h"

enum { TEST_ARENA_BYTES = 1024 * 1024 };

static struct arena a;
static struct fail why;

static int set_up(void **state)
{
    (void)state;
    arena_init(&a, TEST_ARENA_BYTES);
    fail_init(&why, &a);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_end(&a);
    return 0;
}

static yyjson_val *value(const char *json)
{
    yyjson_val *v = NULL;
    assert_int_equal(json_read(&a, str_from(json), &v, &why), OK);
    return v;
}

static const char schemas_text[] =
    "{\"Item\":{\"type\":\"object\",\"required\":[\"n\"],\"properties\":{\"n\":{\"type\":\"integer\",\"minimum\":1,"
    "\"maximum\":9},\"t/~\":{\"type\":\"string\",\"maxLength\":3}}},"
    "\"Body\":{\"type\":\"object\",\"required\":[\"word\"],\"properties\":{\"word\":{\"enum\":[\"yes\",\"no\"]},"
    "\"note\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":3},\"may\":{\"type\":[\"boolean\",\"null\"]},"
    "\"items\":{\"type\":\"array\",\"minItems\":1,\"maxItems\":2,\"items\":{\"$ref\":\"#/components/schemas/Item\"}},"
    "\"way\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"number\"}]},"
    "\"ways\":{\"type\":\"array\",\"items\":{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"number\"}]}}}}}";

/* The places and codes that are told, in order. */
static const char *told(const char *body, bool handler_goes_on)
{
    struct str all = STR("");
    yyjson_val *schemas = value(schemas_text);
    const struct contract c = {yyjson_obj_get(schemas, "Body"), schemas, handler_goes_on};
    fail_init(&why, &a);
    contract_check(&c, &a, value(body), &why);
    for (size_t i = 0; i < why.problem_count; i++)
        all = str_format(&a, "%.*s%.*s %s;", STR_ARG(all), STR_ARG(why.problems[i].pointer), why.problems[i].code);
    return str_cstr(&a, all);
}

static void what_the_schema_does_not_allow_is_told_at_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *body, *told;
    } cases[] = {
        {"{\"word\":\"yes\"}",                                         ""                                            },
        {"{\"word\":\"yes\",\"more\":[[7]]}",                          ""                                            },
        {"{}",                                                         "/word required;"                             },
        {"{\"word\":\"perhaps\"}",                                     "/word unknown;"                              },
        {"{\"word\":null}",                                            "/word unknown;"                              },
        {"{\"word\":\"no\",\"note\":null,\"items\":null}",             ""                                            },
        {"{\"word\":\"no\",\"note\":7}",                               "/note type;"                                 },
        {"{\"word\":\"no\",\"note\":\"\"}",                            "/note required;"                             },
        {"{\"word\":\"no\",\"note\":\"\u1ebf\u1ebf\u1ebf\"}",          ""                                            },
        {"{\"word\":\"no\",\"note\":\"\u1ebf\u1ebf\u1ebf\u1ebf\"}",    "/note too-long;"                             },
        {"{\"word\":\"no\",\"may\":null}",                             ""                                            },
        {"{\"word\":\"no\",\"may\":\"yes\"}",                          "/may type;"                                  },
        {"{\"word\":\"no\",\"items\":[]}",                             "/items required;"                            },
        {"{\"word\":\"no\",\"items\":[1,2,3]}",                        "/items too-many;"                            },
        {"{\"word\":\"no\",\"items\":[{\"n\":1},{\"t/~\":\"long\"}]}", "/items/1/t~1~0 too-long;/items/1/n required;"},
        {"{\"word\":\"no\",\"items\":[{\"n\":0},{\"n\":10}]}",         "/items/0/n range;/items/1/n range;"          },
        {"{\"word\":\"no\",\"items\":[{\"n\":1.5}]}",                  "/items/0/n type;"                            },
        {"{\"word\":\"no\",\"items\":[{\"n\":1e300}]}",                "/items/0/n type;"                            },
        {"{\"word\":\"no\",\"way\":1.5}",                              ""                                            },
        {"{\"word\":\"no\",\"way\":[]}",                               "/way type;"                                  },
    };
    for (size_t i = 0; i < LENGTH(cases); i++) assert_string_equal(told(cases[i].body, false), cases[i].told);
}

static void a_handler_that_goes_on_tells_itself_what_is_missing_or_unknown(void **state)
{
    (void)state;
    assert_string_equal(told("{\"note\":7}", true), "/note type;");
    assert_string_equal(told("{\"word\":\"perhaps\",\"items\":[{}]}", true), "");
    assert_string_equal(told("{\"word\":7}", true), "/word unknown;");
}

static void a_place_of_the_wrong_type_has_no_further_problem(void **state)
{
    (void)state;
    (void)told("{\"word\":\"no\",\"note\":7}", false);
    fail_problem(&why, STR("/note"), "required", "This has to be filled in.");
    assert_int_equal(why.problem_count, 1);
    fail_problem(&why, STR("/word"), "required", "This has to be filled in.");
    assert_int_equal(why.problem_count, 2);
}

static void a_schema_with_an_unknown_word_or_reference_is_refused(void **state)
{
    (void)state;
    assert_int_equal(contract_learn(value(schemas_text), &why), OK);
    assert_int_equal(contract_learn(value("{\"A\":{\"properties\":{\"b\":{\"minlength\":1}}}}"), &why), ERR_BUG);
    assert_int_equal(contract_learn(value("{\"A\":{\"items\":{\"$ref\":\"#/components/schemas/B\"}}}"), &why), ERR_BUG);
}

/* As many as a batch names: what a way that does not fit says of an entry is forgotten before the next one. */
static void entries_of_the_second_way_cost_no_memory(void **state)
{
    (void)state;
    struct buf body;
    buf_init(&body, TEST_ARENA_BYTES);
    buf_add(&body, STR("{\"word\":\"yes\",\"ways\":[0"));
    for (int i = 1; i < 1000; i++) buf_addf(&body, ",%d", i);
    buf_add(&body, STR("]}"));
    assert_string_equal(told(str_dup(&a, buf_str(&body)).at, false), "");
    buf_end(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_the_schema_does_not_allow_is_told_at_its_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_handler_that_goes_on_tells_itself_what_is_missing_or_unknown, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_place_of_the_wrong_type_has_no_further_problem, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_schema_with_an_unknown_word_or_reference_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(entries_of_the_second_way_cost_no_memory, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
