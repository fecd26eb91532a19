/* A view of the inbox as words in an address: they come back as they went, whatever else stands there is passed over.
 */
#include "base/test.h"
#include "dossier/inbox.h"

static struct arena a;

static int set_up(void **state)
{
    (void)state;
    arena_init(&a, 1024 * 1024);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_end(&a);
    return 0;
}

static void every_view_comes_back_from_its_words(void **state)
{
    (void)state;
    for (int tab = 0; tab < INBOX_TAB_COUNT; tab++)
        for (int holder = INBOX_ANY; holder <= INBOX_OFFICER; holder++)
            for (int range = 0; range < DUE_RANGE_COUNT; range++) {
                struct inbox_view v = {.tab = (enum inbox_tab)tab,
                                       .holder = (enum inbox_holder)holder,
                                       .officer = holder == INBOX_OFFICER ? 7 : 0,
                                       .range = (enum due_range)range};
                struct inbox_view back = inbox_view_parse(inbox_view_format(&a, v));
                assert_int_equal(back.tab, tab);
                assert_int_equal(back.holder, holder);
                assert_int_equal(back.officer, v.officer);
                assert_int_equal(back.range, range);
            }
}

static void words_of_nobody_are_passed_over(void **state)
{
    static const struct {
        const char *text, *kept;
    } rows[] = {
        {"",                    ""                },
        {"...",                 ""                },
        {"can-bo-7.qua-han",    "can-bo-7.qua-han"},
        {"can-bo-x.can-bo--1",  ""                },
        {"'; DROP TABLE x; --", ""                },
        {"qua-han.moi",         "moi.qua-han"     },
        {"cho.nothing.cua-toi", "cho.cua-toi"     },
        {"hom-nay.qua-han",     "qua-han"         },
        {"MOI",                 ""                },
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++)
        assert_str(inbox_view_format(&a, inbox_view_parse(str_from(rows[i].text))), rows[i].kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_view_comes_back_from_its_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(words_of_nobody_are_passed_over, set_up, tear_down),
    };
    return RUN_TESTS(tests);
}
