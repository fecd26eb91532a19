#include "store/test_store.h"

#include "base/buf.h"
#include "calendar/calendars.h"
#include "journal/journal.h"

static int64_t count_publications(struct test_store *t)
{
    struct tx *tx = NULL;
    struct journal_entry *entries;
    size_t count, found = 0;
    assert_ok(t, store_read_begin(t->store, &t->arena, &tx, &t->why));
    assert_ok(t, journal_after(tx, 0, 100, &entries, &count, &t->why));
    for (size_t i = 0; i < count; i++) found += str_eq(entries[i].act, STR("calendar.publish"));
    store_read_end(tx);
    return (int64_t)found;
}

static void the_state_calendar_is_published_once(void **state)
{
    (void)state;
    struct test_store t;
    test_store_open(&t);
    struct calendars *first = calendars_new(), *second = calendars_new();
    assert_null(calendars_standard(first));
    assert_ok(&t, calendars_open(first, t.store, &t.why));
    assert_ok(&t, calendars_open(first, t.store, &t.why));
    assert_ok(&t, calendars_open(second, t.store, &t.why)); /* the next start */
    assert_int_equal(count_publications(&t), 1);
    assert_str(calendar_name(calendars_standard(first)), "vietnam");
    assert_ptr_equal(calendars_current(first, STR("vietnam")), calendars_standard(first));
    assert_null(calendars_current(first, STR("elsewhere")));
    calendars_free(first);
    calendars_free(second);
    test_store_close(&t);
}

static const char local_text[] = "{\"name\": \"my-son\", \"title\": \"Xã Mỹ Sơn\", \"base\": \"vietnam\", \"years\": "
                                 "[{\"year\": 2026, \"off\": [{\"from\": \"2026-11-26\", \"name\": \"Lễ hội\"}]}]}";

static void a_version_is_found_again_with_the_base_it_was_laid_over(void **state)
{
    (void)state;
    struct test_store t;
    struct tx *tx = NULL;
    const struct calendar *local, *again;
    test_store_open(&t);
    struct calendars *c = calendars_new();
    struct calendars_changed changed;
    assert_int_equal(calendars_publish(c, t.store, &t.arena, (struct actor){0}, str_from(local_text), &changed, &t.why),
                     ERR_INVALID); /* no base yet */
    fail_init(&t.why, &t.arena);
    assert_ok(&t, calendars_open(c, t.store, &t.why));
    assert_ok(&t, calendars_publish(c, t.store, &t.arena, (struct actor){0}, str_from(local_text), &changed, &t.why));
    local = changed.calendar;
    struct str version = sha256_format(&t.arena, calendar_version(local));
    assert_ptr_equal(calendars_current(c, STR("my-son")), local);
    calendars_free(c);

    c = calendars_new();
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_ok(&t, calendars_get(c, tx, version, &again, &t.why));
    assert_str(sha256_format(&t.arena, calendar_version(again)), str_cstr(&t.arena, version));
    assert_false(calendar_is_working_day(again, day_from_civil((struct civil){2026, 11, 26})));
    assert_false(calendar_is_working_day(again, day_from_civil((struct civil){2026, 11, 24})));
    assert_int_equal(calendars_get(c, tx, STR("none"), &again, &t.why), ERR_MISSING);
    store_read_end(tx);
    assert_null(calendars_current(c, STR("my-son"))); /* an old version is not the current one */
    calendars_free(c);
    test_store_close(&t);
}

static void a_broken_calendar_changes_nothing(void **state)
{
    (void)state;
    struct test_store t;
    struct calendars_changed out = {0};
    test_store_open(&t);
    struct calendars *c = calendars_new();
    assert_ok(&t, calendars_open(c, t.store, &t.why));
    const struct calendar *standard = calendars_standard(c);
    assert_int_equal(
        calendars_publish(c, t.store, &t.arena, (struct actor){0}, STR("{\"name\":\"vietnam\"}"), &out, &t.why),
        ERR_INVALID);
    assert_null(out.calendar);
    assert_ptr_equal(calendars_current(c, STR("vietnam")), standard);
    assert_int_equal(count_publications(&t), 1);
    calendars_free(c);
    test_store_close(&t);
}

/* The State's text with 2027 announced: a longer new year than the rules say. */
static struct str next_year(struct arena *a)
{
    struct str text = str_from(calendar_vietnam_text), head, tail;
    struct buf out;
    size_t at = text.len;
    while (at > 0 && !str_starts(str_part(text, at, text.len), STR("\"years\": ["))) at--;
    head = str_part(text, 0, at + sizeof "\"years\": [" - 1);
    tail = str_part(text, head.len, text.len);
    buf_init(&out, CALENDAR_TEXT_BYTES);
    buf_add(&out, head);
    buf_add(&out, STR("{\"year\": 2027, \"status\": \"announced\", \"source\": \"Kế hoạch\", \"off\": [{\"from\": "
                      "\"2027-02-04\", \"to\": \"2027-02-12\", \"name\": \"Tết Nguyên đán\"}]},"));
    buf_add(&out, tail);
    struct str all = str_dup(a, buf_str(&out));
    buf_end(&out);
    return all;
}

static void a_new_year_of_the_state_moves_every_calendar_laid_over_it(void **state)
{
    (void)state;
    struct test_store t;
    struct calendars_changed changed;
    test_store_open(&t);
    struct calendars *c = calendars_new();
    struct actor nobody = {0};
    day_t day = day_from_civil((struct civil){2027, 2, 12});
    assert_ok(&t, calendars_open(c, t.store, &t.why));
    assert_ok(&t, calendars_publish(c, t.store, &t.arena, nobody, str_from(local_text), &changed, &t.why));
    assert_int_equal(changed.count, 1);
    assert_ok(&t, calendars_publish(c, t.store, &t.arena, nobody, str_from(local_text), &changed, &t.why));
    assert_int_equal(changed.count, 0); /* nothing is new */
    assert_true(calendar_is_working_day(calendars_current(c, STR("my-son")), day));
    assert_ok(&t, calendars_publish(c, t.store, &t.arena, nobody, next_year(&t.arena), &changed, &t.why));
    assert_int_equal(changed.count, 2);
    assert_str(changed.names[0], "vietnam");
    assert_str(changed.names[1], "my-son");
    assert_false(calendar_is_working_day(calendars_current(c, STR("my-son")), day));
    assert_false(calendar_is_provisional(calendars_standard(c), 2027));
    calendars_free(c);

    c = calendars_new(); /* the next start: what the office entered stays, the program's own text is older */
    assert_ok(&t, calendars_open(c, t.store, &t.why));
    assert_false(calendar_is_provisional(calendars_standard(c), 2027));
    assert_false(calendar_is_working_day(calendars_current(c, STR("my-son")), day));
    calendars_free(c);
    test_store_close(&t);
}

static void what_an_office_works_by_is_remembered_until_something_is_published(void **state)
{
    (void)state;
    struct test_store t;
    test_store_open(&t);
    struct calendars *c = calendars_new();
    assert_ok(&t, calendars_open(c, t.store, &t.why));
    const struct calendar *state_calendar = calendars_standard(c);
    assert_null(calendars_remembered(c, 7, 20000));
    calendars_remember(c, 7, 20000, state_calendar); /* although one came into use just now: nobody has asked before */
    assert_ptr_equal(calendars_remembered(c, 7, 20000), state_calendar);
    assert_null(calendars_remembered(c, 7, 20001));
    assert_null(calendars_remembered(c, 8, 20000));
    calendars_forget(c);
    assert_null(calendars_remembered(c, 7, 20000));
    calendars_remember(c, 7, 20000, state_calendar); /* older snapshots may still be read */
    assert_null(calendars_remembered(c, 7, 20000));
    calendars_free(c);
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_state_calendar_is_published_once),
        cmocka_unit_test(a_version_is_found_again_with_the_base_it_was_laid_over),
        cmocka_unit_test(a_broken_calendar_changes_nothing),
        cmocka_unit_test(a_new_year_of_the_state_moves_every_calendar_laid_over_it),
        cmocka_unit_test(what_an_office_works_by_is_remembered_until_something_is_published),
    };
    return RUN_TESTS(tests);
}
