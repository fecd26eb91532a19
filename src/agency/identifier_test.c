#include "base/test.h"

#include "agency/identifier.h"

static struct arena arena;
static struct fail why;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    fail_init(&why, &arena);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_end(&arena);
    return 0;
}

static void both_forms_are_read_into_the_one_in_force(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected; /* expected NULL: refused */
    } rows[] = {
        {"G11",                                  "G11"                                },
        {"H36.02.02",                            "H36.02.02"                          },
        {" h36.24781 ",                          "H36.24781"                          },
        {"000.00.00.G22",                        "G22"                                },
        {"000.00.01.H22",                        "H22.01"                             },
        {"000.05.01.H22",                        "H22.01.05"                          },
        {"003.05.01.H22",                        "H22.01.05.003"                      },
        {"000.05.00.H22",                        "H22.00.05"                          },
        {"Z01.ABC.9",                            "Z01.ABC.9"                          },
        {"0100109106",                           "0100109106"                         },
        {"0100109106001",                        "0100109106001"                      },
        {"",                                     NULL                                 },
        {"G1",                                   NULL                                 },
        {"11",                                   NULL                                 },
        {"G11.",                                 NULL                                 },
        {".G11",                                 NULL                                 },
        {"G11..02",                              NULL                                 },
        {"G11-02",                               NULL                                 },
        {"Đ11",                                 NULL                                 },
        {"G11 02",                               NULL                                 },
        {"010010910",                            NULL                                 },
        {"H36.0123456789012345678901234567890",  "H36.0123456789012345678901234567890"},
        {"H36.01234567890123456789012345678901", NULL                                 },
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct str out = STR_NONE;
        enum outcome r = identifier_parse(&arena, str_from(rows[i].text), &out, &why);
        assert_int_equal(r, rows[i].expected != NULL ? OK : ERR_INVALID);
        if (rows[i].expected != NULL) assert_str(out, rows[i].expected);
    }
}

static void the_old_form_is_the_inverse_where_it_exists(void **state)
{
    (void)state;
    static const struct {
        const char *identifier, *old;
    } rows[] = {
        {"G22",              "000.00.00.G22"},
        {"H22.01",           "000.00.01.H22"},
        {"H22.01.05",        "000.05.01.H22"},
        {"H22.01.05.003",    "003.05.01.H22"},
        {"H36.24781",        NULL           },
        {"H36.01.02.003.04", NULL           },
        {"H36.AB",           NULL           },
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct str out = STR_NONE;
        assert_int_equal(identifier_format_old(&arena, str_from(rows[i].identifier), &out), rows[i].old != NULL);
        if (rows[i].old == NULL) continue;
        assert_str(out, rows[i].old);
        assert_int_equal(identifier_parse(&arena, out, &out, &why), OK);
        assert_str(out, rows[i].identifier);
    }
}

static void merged_provinces_have_only_a_presumed_identifier(void **state)
{
    (void)state;
    bool is_certain = true;
    assert_str(identifier_of_province(STR("68"), &is_certain), "H36");
    assert_false(is_certain);
    assert_str(identifier_of_province(STR("01"), &is_certain), "H26");
    assert_true(is_certain);
    assert_str(identifier_of_province(STR("99"), &is_certain), "");
    assert_false(is_certain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(both_forms_are_read_into_the_one_in_force, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_old_form_is_the_inverse_where_it_exists, set_up, tear_down),
        cmocka_unit_test_setup_teardown(merged_provinces_have_only_a_presumed_identifier, set_up, tear_down),
    };
    return RUN_TESTS(tests);
}
