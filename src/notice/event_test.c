/* Every act that the public side may see has words, in both languages, which fill without a mistake. */
#include "base/test.h"

#include "base/auto.h"
#include "dossier/action.h"
#include "notice/wording.h"

static void every_public_act_has_a_letter(void **state)
{
    (void)state;
    for (size_t i = 0; i < ACTION_COUNT; i++) {
        const struct notice_event *event = event_find(str_from(actions[i].name));
        if (actions[i].is_public && event == NULL)
            print_error("%s has no row in src/notice/event.c\n", actions[i].name);
        assert_true(!actions[i].is_public || event != NULL);
        if (event != NULL) assert_ptr_equal(event_title(event), actions[i].done);
    }
    assert_null(event_find(STR("no-such-act")));
}

static void every_event_stands_once_and_has_a_title(void **state)
{
    (void)state;
    for (size_t i = 0; i < notice_event_count; i++) {
        assert_ptr_equal(event_find(str_from(notice_events[i].name)), &notice_events[i]);
        assert_non_null(event_title(&notice_events[i]));
        assert_true(notice_events[i].kind < KIND_COUNT);
    }
}

static void standard_words_fill_in_both_languages(void **state)
{
    AUTO_ARENA struct arena a;
    (void)state;
    arena_init(&a, 8 << 20);
    for (enum language l = VIETNAMESE; l <= ENGLISH; l++) {
        struct mail_facts sample = mail_facts_sample(&a, l);
        for (size_t i = 0; i < notice_event_count; i++) {
            struct fail why;
            struct wording words = wording_standard(&notice_events[i], l);
            struct str subject, text;
            fail_init(&why, &a);
            wording_check(&a, words.subject, words.text, &why);
            if (why.problem_count > 0) print_error("%s: %s\n", notice_events[i].name, why.problems[0].sentence);
            assert_int_equal(why.problem_count, 0);
            wording_fill(&a, &notice_events[i], &words, l, &sample, &subject, &text);
            assert_false(str_has(text, STR("{{")) || str_has(subject, STR("{{")));
            assert_true(subject.len > 0 && str_has(text, sample.link) && str_has(text, sample.stop_link));
        }
    }
    assert_false(str_eq(wording_standard(&notice_events[0], VIETNAMESE).text,
                        wording_standard(&notice_events[0], ENGLISH).text));
}

static void what_an_agency_writes_is_checked_with_its_place(void **state)
{
    static const struct {
        const char *subject, *text, *pointer, *place;
    } rows[] = {
        {"Hồ sơ {{code}}",    "Kính gửi,\nquý vị {{nam}}", "/text",    "2:8"},
        {"Hồ sơ {{reasons}}", "Văn bản",                      "/subject", "1:7"},
        {"Hồ sơ\nBcc: x",     "Văn bản",                      "/subject", ""   },
        {"",                     "Văn bản",                      "/subject", ""   },
        {"Hồ sơ",             " \n ",                            "/text",    ""   },
        {"Hồ sơ {{link}}",    "Văn bản",                      "/subject", "1:7"}, /* the program's own part */
    };
    AUTO_ARENA struct arena a;
    (void)state;
    arena_init(&a, 1 << 20);
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct fail why;
        fail_init(&why, &a);
        wording_check(&a, str_from(rows[i].subject), str_from(rows[i].text), &why);
        assert_int_equal(why.problem_count, 1);
        assert_str(why.problems[0].pointer, rows[i].pointer);
        if (rows[i].place[0] != '\0') assert_str(why.problems[0].args[0], rows[i].place);
    }
}

static void words_that_do_not_parse_give_the_standard(void **state)
{
    AUTO_ARENA struct arena a;
    struct str subject, text;
    (void)state;
    arena_init(&a, 1 << 20);
    const struct notice_event *event = event_find(STR("receive"));
    struct mail_facts sample = mail_facts_sample(&a, ENGLISH);
    struct wording broken = {STR("{{#if"), STR("{{nothing}}"), 1};
    wording_fill(&a, event, &broken, ENGLISH, &sample, &subject, &text);
    assert_str(subject, "Dossier H36.25159-261122-0007: received");
    assert_true(str_has(text, STR("has received your dossier")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_public_act_has_a_letter),
        cmocka_unit_test(every_event_stands_once_and_has_a_title),
        cmocka_unit_test(standard_words_fill_in_both_languages),
        cmocka_unit_test(what_an_agency_writes_is_checked_with_its_place),
        cmocka_unit_test(words_that_do_not_parse_give_the_standard),
    };
    return RUN_TESTS(tests);
}
