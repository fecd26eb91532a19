/* Reminders: at which moments, to whom, each once, and what a standstill makes of them. */
#include "dossier/test_desk.h"

#include "base/json.h"
#include "dossier/apology.h"
#include "dossier/recount.h"
#include "progress/reminder.h"

static struct test_desk d;
static struct reminder_rules rules;

static instant_t at(const char *local)
{
    instant_t t = 0;
    assert_ok(&d.t, instant_parse(str_format(&d.t.arena, "%.10sT%s:00+07:00", local, local + 11), &t, &d.t.why));
    return t;
}

/* Monday 7 December 2026, 10:00; ten working days end on Monday the 21st at 10:00. */
static int set_up(void **state)
{
    (void)state;
    clock_hold(INT64_C(1796612400) * US_PER_S);
    test_desk_open(&d);
    assert_ok(&d.t, reminder_rules_parse(STR("2 1"), 3, &rules, &d.t.why));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    test_desk_close(&d);
    clock_release();
    return 0;
}

static struct str received(void)
{
    struct str code = test_submit(&d, "Trần Thị Bình").code;
    test_act(&d, RECEIVER, ACTION_RECEIVE, code);
    return code;
}

/* What the runner of the journal and the chore do, at a moment. */
static void look(const char *moment)
{
    clock_hold(at(moment));
    assert_ok(&d.t, journal_catch_up(d.t.store, &reminder_follower, 1, &d.t.why));
    assert_ok(&d.t, reminders_send(&d.desk, &rules, &d.t.why));
}

/* "remind before-1 2; escalate leader 1": the reminders so far, with how many people each names. */
static const char *said(struct str code)
{
    struct journal_entry *entries;
    size_t count;
    struct str all = STR("");
    struct dossier dossier = test_dossier(&d, code);
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, journal_of_subject(tx, SUBJECT_DOSSIER, dossier.id, &entries, &count, &d.t.why));
    for (size_t i = 0; i < count; i++) {
        yyjson_val *payload;
        bool is_reminder = str_eq(entries[i].act, STR("remind")) || str_eq(entries[i].act, STR("escalate"));
        if (!is_reminder) continue;
        assert_ok(&d.t, json_read(&d.t.arena, entries[i].payload, &payload, &d.t.why));
        struct str kind = json_str(payload, "kind");
        all = str_format(&d.t.arena, "%.*s%s%.*s %.*s %zu", STR_ARG(all), all.len > 0 ? "; " : "",
                         STR_ARG(entries[i].act), STR_ARG(kind), yyjson_arr_size(json_get(payload, "to")));
    }
    store_read_end(tx);
    return str_cstr(&d.t.arena, all);
}

static void a_program_that_is_to_stop_sends_no_more_of_them(void **state)
{
    (void)state;
    struct str code = received();
    look("2026-12-17 07:29");
    clock_hold(at("2026-12-17 07:30"));
    assert_ok(&d.t, journal_catch_up(d.t.store, &reminder_follower, 1, &d.t.why));
    store_end_soon(d.t.store);
    assert_ok(&d.t, reminders_send(&d.desk, &rules, &d.t.why));
    assert_string_equal(said(code), "");
}

static void each_moment_is_said_once(void **state)
{
    (void)state;
    struct str code = received();
    static const struct {
        const char *moment, *said;
    } rows[] = {
        {"2026-12-07 10:01", ""                                                                                           },
        {"2026-12-17 07:29", ""                                                                                           },
        {"2026-12-17 07:30", "remind before-2 2"                                                                          },
        {"2026-12-17 16:00", "remind before-2 2"                                                                          },
        {"2026-12-18 07:31", "remind before-2 2; remind apology 2"                                                        },
        {"2026-12-21 07:30", "remind before-2 2; remind apology 2; remind due 2"                                          },
        {"2026-12-21 10:00", "remind before-2 2; remind apology 2; remind due 2"                                          },
        {"2026-12-21 10:01", "remind before-2 2; remind apology 2; remind due 2; remind late 2; escalate leader 1"        },
        {"2026-12-30 08:00", /* no agency stands above, so nobody is told */
         "remind before-2 2; remind apology 2; remind due 2; remind late 2; escalate leader 1"},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        look(rows[i].moment);
        assert_string_equal(said(code), rows[i].said);
    }
}

static void what_lost_its_meaning_in_a_standstill_is_not_said(void **state)
{
    (void)state;
    struct str early = received(), late = received();
    look("2026-12-18 09:00");
    assert_string_equal(said(early), "remind apology 2");
    test_act(&d, SPECIALIST, ACTION_PROPOSE, early); /* the leader's turn: nobody needs an apology drafted any more */
    look("2026-12-22 09:00");
    assert_string_equal(said(late), "remind apology 2; remind late 2; escalate leader 1");
    assert_string_equal(said(early), "remind apology 2; remind late 1; escalate leader 1");
}

/* What conversation writes: no act, so no status, no step and no deadline. */
static enum outcome write_message(struct tx *tx, const void *in, void *out, struct fail *why)
{
    (void)out; /* there is none */
    const struct entry entry = {.subject_kind = SUBJECT_DOSSIER,
                                .subject = *(const int64_t *)in,
                                .version = 2,
                                .act = "message",
                                .payload = STR("{\"files\":0,\"n\":1,\"side\":\"applicant\"}")};
    return journal_append(tx, &entry, NULL, why);
}

static void a_message_or_a_note_stops_no_reminder(void **state)
{
    (void)state;
    struct str code = received();
    int64_t dossier = test_dossier(&d, code).id;
    look("2026-12-08 08:00");
    assert_ok(&d.t, store_run(d.t.store, write_message, &dossier, NULL, &d.t.why));
    look("2026-12-17 08:00");
    assert_string_equal(said(code), "remind before-2 2");
}

static void the_one_who_holds_it_is_told_alone(void **state)
{
    (void)state;
    struct str code = received();
    test_act(&d, SPECIALIST, ACTION_ASSIGN, code);
    look("2026-12-17 08:00");
    assert_string_equal(said(code), "remind before-2 1");
}

static void what_is_over_or_stands_is_left_in_peace(void **state)
{
    (void)state;
    struct str over = received(), waits = received();
    test_act(&d, CITIZEN, ACTION_WITHDRAW, over);
    test_act(&d, SPECIALIST, ACTION_REQUEST_SUPPLEMENT, waits);
    look("2026-12-22 09:00");
    assert_string_equal(said(over), "");
    assert_string_equal(said(waits), "");
}

static void the_apology_is_drafted_for_the_deadline_it_is_about(void **state)
{
    (void)state;
    struct str code = received();
    struct apology found;
    look("2026-12-18 08:00");
    struct dossier dossier = test_dossier(&d, code);
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, apology_find(tx, dossier.id, dossier.due_at, &found, &d.t.why));
    assert_int_equal(found.until, day_of(at("2026-12-23 10:00"))); /* two working days more */
    assert_true(str_find(found.reason, STR("23/12/2026"), 0) >= 0);
    assert_int_equal(apology_find(tx, dossier.id, dossier.due_at + 1, &found, &d.t.why), ERR_MISSING);
    store_read_end(tx);
}

static void rules_that_are_none_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"x", "2,1", "1 2 3 4 5", "0", "2 -1"};
    struct reminder_rules parsed;
    for (size_t i = 0; i < LENGTH(texts); i++)
        assert_int_equal(reminder_rules_parse(str_from(texts[i]), 3, &parsed, &d.t.why), ERR_INVALID);
    fail_init(&d.t.why, &d.t.arena);
    assert_ok(&d.t, reminder_rules_parse(STR(""), 3, &parsed, &d.t.why));
    assert_int_equal(parsed.before_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_moment_is_said_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_program_that_is_to_stop_sends_no_more_of_them, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_lost_its_meaning_in_a_standstill_is_not_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_message_or_a_note_stops_no_reminder, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_one_who_holds_it_is_told_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_over_or_stands_is_left_in_peace, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_apology_is_drafted_for_the_deadline_it_is_about, set_up, tear_down),
        cmocka_unit_test_setup_teardown(rules_that_are_none_are_refused, set_up, tear_down),
    };
    return RUN_TESTS(tests);
}
