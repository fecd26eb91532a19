/* What scanners type: cards, links, numbers, words; and garbage, which is refused. */
#include "base/test.h"

#include "counter/scan.h"

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

static struct scanned read_ok(const char *typed)
{
    struct scanned s;
    fail_init(&why, &arena);
    assert_int_equal(scan_read(&arena, str_from(typed), &s, &why), OK);
    return s;
}

static void a_card_gives_number_name_and_dates(void **state)
{
    (void)state;
    struct scanned s = read_ok("079190001234|024123456|Trần Thị Bích Vân|12031990|Nữ|12 Lê Lợi|15062022\n");
    assert_int_equal(s.kind, SCAN_CARD);
    assert_string_equal(str_cstr(&arena, s.card.name), "Trần Thị Bích Vân");
    assert_string_equal(str_cstr(&arena, s.card.old_number), "024123456");
    assert_int_equal(s.card.born, day_from_civil((struct civil){1990, 3, 12}));
    assert_int_equal(s.card.issued, day_from_civil((struct civil){2022, 6, 15}));
    assert_true(s.card.is_read);
    assert_false(s.card.is_doubtful);
}

static void a_card_may_leave_out_what_it_does_not_have(void **state)
{
    (void)state;
    struct scanned s = read_ok("001070000007||A|01011970");
    assert_int_equal(s.kind, SCAN_CARD);
    assert_int_equal(s.card.born, day_from_civil((struct civil){1970, 1, 1}));
    assert_int_equal(s.card.issued, DAY_UNKNOWN);
    assert_int_equal(read_ok("079190001234||B|12/03/1990|Nam|X|15/06/2022|extra|more").card.issued,
                     day_from_civil((struct civil){2022, 6, 15}));
}

static void a_year_that_the_number_does_not_say_is_told(void **state)
{
    (void)state;
    assert_true(read_ok("079190001234||B|12031991|Nam||").card.is_doubtful);
}

static void what_is_no_card_is_refused(void **state)
{
    static const char *const bad[] = {"|||||||",
                                      "1|2|3|4",
                                      "07919000123x||B|12031990",
                                      "079190001234|||12031990",
                                      "079190001234||B|99999999",
                                      "079190001234||B|31022020|Nam||",
                                      "079190001234||B|12031990|Nam||x",
                                      "079190001234|B",
                                      "HELLO|WORLD|A|B|C"};
    (void)state;
    for (size_t i = 0; i < LENGTH(bad); i++) {
        struct scanned s;
        fail_init(&why, &arena);
        assert_int_equal(scan_read(&arena, str_from(bad[i]), &s, &why), ERR_INVALID);
    }
}

static void links_numbers_and_words_are_told_apart(void **state)
{
    static const struct {
        const char *typed;
        enum scan_kind kind;
    } rows[] = {
        {"https://x.vn/tra-cuu/AbC-_9?x=1", SCAN_RECEIPT    },
        {"http://127.0.0.1/so-thu-tu/AAA",  SCAN_TICKET_LINK},
        {"https://x.vn/lich-hen/BBB",       SCAN_APPOINTMENT},
        {"https://x.vn/tra-cuu/",           SCAN_WORDS      },
        {"079 190 001 234",                 SCAN_NUMBER     },
        {"024123456",                       SCAN_NUMBER     },
        {"0791900012345",                   SCAN_WORDS      },
        {"a012",                            SCAN_TICKET     },
        {"B7",                              SCAN_TICKET     },
        {"B0",                              SCAN_WORDS      },
        {"G11-261123-0001",                 SCAN_WORDS      },
        {"xuất cảnh",                   SCAN_WORDS      },
        {"  ",                              SCAN_NOTHING    },
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) assert_int_equal(read_ok(rows[i].typed).kind, rows[i].kind);
    assert_string_equal(str_cstr(&arena, read_ok("https://x.vn/tra-cuu/AbC-_9?x=1").text), "AbC-_9");
    assert_int_equal(read_ok("a012").n, 12);
    assert_int_equal(read_ok("a012").line, 'A');
}

static void a_card_is_kept_and_read_back(void **state)
{
    (void)state;
    struct card one = read_ok("079190001234|024123456|Trần \"Vân\"|12031990|Nữ|12 Lê Lợi|15062022").card, other;
    assert_int_equal(card_read(&arena, card_write(&arena, &one), &other, &why), OK);
    assert_true(str_eq(one.name, other.name) && str_eq(one.number, other.number) && one.born == other.born &&
                one.type == other.type && one.is_read == other.is_read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_card_gives_number_name_and_dates, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_card_may_leave_out_what_it_does_not_have, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_year_that_the_number_does_not_say_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_card_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(links_numbers_and_words_are_told_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_card_is_kept_and_read_back, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
