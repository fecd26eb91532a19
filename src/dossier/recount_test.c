/* Deadlines counted anew: what moves, what stands, what is left alone, and what the journal says of it. */
#include "dossier/test_desk.h"

#include "agency/agency_calendar.h"
#include "base/json.h"
#include "dossier/recount.h"

static struct test_desk d;

static instant_t at(const char *local)
{
    instant_t t = 0;
    assert_ok(&d.t, instant_parse(str_format(&d.t.arena, "%.10sT%s:00+07:00", local, local + 11), &t, &d.t.why));
    return t;
}

static struct str local(instant_t t)
{
    if (t == INSTANT_NONE) return STR("");
    int minutes = (int)(us_of_day(t) / US_PER_MINUTE);
    struct str day = day_format(&d.t.arena, day_of(t));
    return str_format(&d.t.arena, "%.*s %02d:%02d", STR_ARG(day), minutes / 60, minutes % 60);
}

/* Monday 7 December 2026, 10:00: nothing is off for weeks. */
static int set_up(void **state)
{
    (void)state;
    clock_hold(INT64_C(1796612400) * US_PER_S);
    test_desk_open(&d);
    assert_str(local(clock_now()), "2026-12-07 10:00");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    test_desk_close(&d);
    clock_release();
    return 0;
}

/* From now on the agency works by a calendar with one more day off, the 10th. */
static void add_day_off(void)
{
    struct str text =
        STR("{\"name\":\"own\",\"title\":\"Own\",\"base\":\"vietnam\",\"years\":[{\"year\":2026,\"off\":[{"
            "\"from\":\"2026-12-10\",\"name\":\"Lễ hội\"}]}]}");
    const struct agency_calendar_set in = {.agency = d.agency, .name = STR("own"), .valid_from = 20000};
    struct actor nobody = {0};
    assert_ok(&d.t, calendars_publish(d.desk.calendars, d.t.store, &d.t.arena, nobody, text, NULL, &d.t.why));
    assert_ok(&d.t, store_run(d.t.store, agency_calendar_set, &in, NULL, &d.t.why));
    calendars_forget(d.desk.calendars);
}

static struct str received(void)
{
    struct str code = test_submit(&d, "Trần Thị Bình").code;
    test_act(&d, RECEIVER, ACTION_RECEIVE, code); /* 10 working days */
    return code;
}

static struct recount prepared(struct str code)
{
    struct recount r;
    struct dossier dossier = test_dossier(&d, code);
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, recount_prepare(&d.desk, tx, &d.t.arena, dossier.id, &r, &d.t.why));
    store_read_end(tx);
    return r;
}

static struct recounted run(const struct recount *r)
{
    struct recounted done;
    assert_ok(&d.t, store_run(d.t.store, dossier_recount, r, &done, &d.t.why));
    return done;
}

static struct str last_entry(struct str code, struct str *out_act)
{
    struct journal_entry *entries;
    size_t count;
    struct dossier dossier = test_dossier(&d, code);
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, journal_of_subject(tx, SUBJECT_DOSSIER, dossier.id, &entries, &count, &d.t.why));
    store_read_end(tx);
    *out_act = entries[count - 1].act;
    return entries[count - 1].payload;
}

static void a_new_day_off_moves_the_deadline_and_the_place_in_the_list(void **state)
{
    (void)state;
    struct str code = received(), act;
    assert_str(local(test_dossier(&d, code).due_at), "2026-12-21 10:00");
    add_day_off();
    clock_hold(at("2026-12-11 09:00")); /* also when the day off has passed already */
    struct recount r = prepared(code);
    assert_true(r.is_explained);
    struct recounted done = run(&r);
    struct dossier after = test_dossier(&d, code);
    assert_true(done.is_moved);
    assert_str(local(after.due_at), "2026-12-22 10:00");
    assert_true(after.list_due == after.due_at);
    assert_str(after.calendar_version, str_cstr(&d.t.arena, r.version_after));
    struct str payload = last_entry(code, &act);
    yyjson_val *told;
    assert_str(act, "move-due");
    assert_ok(&d.t, json_read(&d.t.arena, payload, &told, &d.t.why));
    assert_str(json_str(told, "due_before"), "2026-12-21T03:00:00Z");
    assert_str(json_str(told, "due_after"), "2026-12-22T03:00:00Z");
    assert_str(json_str(told, "calendar_before"), str_cstr(&d.t.arena, r.version_before));
    test_act(&d, SPECIALIST, ACTION_EXAMINE, code); /* the work goes on in the new place of the list */

    r = prepared(code); /* a second time there is nothing to do */
    assert_null(r.before);
    assert_false(run(&r).is_changed);
}

static void what_was_submitted_and_what_is_over_is_left_alone(void **state)
{
    (void)state;
    struct str fresh = test_submit(&d, "Lê Văn Cường").code, over = received();
    test_act(&d, CITIZEN, ACTION_WITHDRAW, over);
    add_day_off();
    struct str codes[] = {fresh, over};
    for (size_t i = 0; i < LENGTH(codes); i++) {
        struct dossier before = test_dossier(&d, codes[i]);
        struct recount r = prepared(codes[i]);
        assert_false(run(&r).is_changed);
        assert_int_equal(test_dossier(&d, codes[i]).version, before.version);
    }
}

static void a_limit_that_began_anew_is_counted_from_there(void **state)
{
    (void)state;
    struct str code = received();
    clock_hold(at("2026-12-08 10:00"));
    test_act(&d, SPECIALIST, ACTION_REQUEST_SUPPLEMENT, code);
    clock_hold(at("2026-12-09 09:00"));
    test_act(&d, CITIZEN, ACTION_SUPPLEMENT, code);
    assert_str(local(test_dossier(&d, code).due_at), "2026-12-23 09:00");
    add_day_off();
    struct recount r = prepared(code);
    assert_true(r.is_explained);
    assert_true(run(&r).is_moved);
    assert_str(local(test_dossier(&d, code).due_at), "2026-12-24 09:00");
}

static void who_acts_meanwhile_keeps_what_was_left(void **state)
{
    (void)state;
    struct str code = received();
    add_day_off();
    struct recount r = prepared(code);
    test_act(&d, SPECIALIST, ACTION_EXAMINE, code);
    assert_true(run(&r).is_moved);
    assert_str(local(test_dossier(&d, code).due_at), "2026-12-22 10:00");
}

static void add_found(void *found, int64_t dossier)
{
    (void)dossier;
    ++*(int *)found;
}

static void what_a_calendar_would_change_is_known_before(void **state)
{
    (void)state;
    struct recount_effect effect = {0};
    int found = 0;
    (void)received();
    (void)received();
    const struct calendar *in_use = calendars_standard(d.desk.calendars);
    struct str version = sha256_format(&d.t.arena, calendar_version(in_use));
    add_day_off();
    const struct calendar *own = calendars_current(d.desk.calendars, STR("own"));
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, recount_effect(tx, d.agency, in_use, own, 100, &effect, &d.t.why));
    assert_int_equal(effect.open, 2);
    assert_int_equal(effect.moved, 2);
    assert_false(effect.is_more);
    effect = (struct recount_effect){0};
    assert_ok(&d.t, recount_effect(tx, d.agency, in_use, in_use, 1, &effect, &d.t.why));
    assert_int_equal(effect.moved, 0);
    assert_true(effect.is_more);
    assert_ok(&d.t, recount_find(tx, d.agency, version, add_found, &found, &d.t.why));
    assert_int_equal(found, 0);
    assert_ok(&d.t, recount_find(tx, d.agency, STR("another"), add_found, &found, &d.t.why));
    assert_int_equal(found, 2);
    store_read_end(tx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_day_off_moves_the_deadline_and_the_place_in_the_list, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_submitted_and_what_is_over_is_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_limit_that_began_anew_is_counted_from_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_acts_meanwhile_keeps_what_was_left, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_a_calendar_would_change_is_known_before, set_up, tear_down),
    };
    return RUN_TESTS(tests);
}
