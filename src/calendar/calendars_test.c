#include "store/test_store.h"

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
    assert_ok(&t, calendars_publish_standard(first, t.store, &t.why));
    assert_ok(&t, calendars_publish_standard(first, t.store, &t.why));
    assert_ok(&t, calendars_publish_standard(second, t.store, &t.why)); /* the next start */
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
    assert_int_equal(calendars_publish(c, t.store, str_from(local_text), &local, &t.why),
                     ERR_INVALID); /* no base yet */
    fail_init(&t.why, &t.arena);
    assert_ok(&t, calendars_publish_standard(c, t.store, &t.why));
    assert_ok(&t, calendars_publish(c, t.store, str_from(local_text), &local, &t.why));
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
    const struct calendar *out = NULL;
    test_store_open(&t);
    struct calendars *c = calendars_new();
    assert_ok(&t, calendars_publish_standard(c, t.store, &t.why));
    const struct calendar *standard = calendars_standard(c);
    assert_int_equal(calendars_publish(c, t.store, STR("{\"name\":\"vietnam\"}"), &out, &t.why), ERR_INVALID);
    assert_null(out);
    assert_ptr_equal(calendars_current(c, STR("vietnam")), standard);
    assert_int_equal(count_publications(&t), 1);
    calendars_free(c);
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_state_calendar_is_published_once),
        cmocka_unit_test(a_version_is_found_again_with_the_base_it_was_laid_over),
        cmocka_unit_test(a_broken_calendar_changes_nothing),
    };
    return RUN_TESTS(tests);
}
