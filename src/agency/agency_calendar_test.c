#include "store/test_store.h"

#include "agency/agency_calendar.h"

static struct test_store t;
static struct calendars *calendars;
static int64_t ministry, province, commune;

static int64_t add(const char *identifier, int64_t parent)
{
    const struct agency_new in = {.identifier = str_from(identifier),
                                  .name = str_from(identifier),
                                  .class = STR("ministry"),
                                  .parent = parent,
                                  .valid_from = 10000};
    int64_t id;
    assert_ok(&t, store_run(t.store, agency_add, &in, &id, &t.why));
    return id;
}

static void publish(const char *name)
{
    struct str text = str_format(&t.arena, "{\"name\":\"%s\",\"title\":\"%s\",\"base\":\"vietnam\"}", name, name);
    assert_ok(&t, calendars_publish(calendars, t.store, &t.arena, (struct actor){0}, text, NULL, &t.why));
}

static int open_office(void **state)
{
    (void)state;
    test_store_open(&t);
    calendars = calendars_new();
    assert_ok(&t, calendars_open(calendars, t.store, &t.why));
    publish("north");
    publish("gate");
    ministry = add("G11", 0);
    province = add("H36", ministry);
    commune = add("H36.02", province);
    return 0;
}

static int close_office(void **state)
{
    (void)state;
    calendars_free(calendars);
    test_store_close(&t);
    return 0;
}

static void set(int64_t agency, const char *name, day_t from)
{
    const struct agency_calendar_set in = {.agency = agency, .name = str_from(name), .valid_from = from};
    assert_ok(&t, store_run(t.store, agency_calendar_set, &in, NULL, &t.why));
    calendars_forget(calendars);
}

static struct str name_of(int64_t agency, day_t day)
{
    const struct calendar *c = NULL;
    struct tx *tx = NULL;
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_ok(&t, agency_calendar_of(calendars, tx, agency, day, &c, &t.why));
    store_read_end(tx);
    return calendar_name(c);
}

static void an_agency_without_a_calendar_works_by_its_parents(void **state)
{
    (void)state;
    assert_str(name_of(commune, 20000), "vietnam");
    assert_str(name_of(12345, 20000), "vietnam"); /* nobody knows it */
    set(province, "north", 20000);
    assert_str(name_of(commune, 19999), "vietnam");
    assert_str(name_of(commune, 20000), "north");
    assert_str(name_of(province, 20500), "north");
    assert_str(name_of(ministry, 20500), "vietnam");
    set(commune, "gate", 20100);
    assert_str(name_of(commune, 20099), "north");
    assert_str(name_of(commune, 20100), "gate");
    set(commune, "", 20200); /* the parent's again */
    assert_str(name_of(commune, 20200), "north");
    set(commune, "gate", 20200); /* decided anew */
    assert_str(name_of(commune, 20200), "gate");
}

static void a_calendar_in_use_is_known_without_a_query(void **state)
{
    (void)state;
    struct tx *tx = NULL;
    const struct calendar *c = NULL;
    calendars_free(calendars);
    calendars = calendars_new(); /* the next start: nothing has just been changed */
    assert_ok(&t, calendars_open(calendars, t.store, &t.why));
    assert_str(name_of(province, 20300), "north");
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_ok(&t, agency_calendar_of(calendars, tx, province, 20300, &c, &t.why));
    assert_ptr_equal(calendars_remembered(calendars, province, 20300), c);
    store_read_end(tx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_agency_without_a_calendar_works_by_its_parents),
        cmocka_unit_test(a_calendar_in_use_is_known_without_a_query),
    };
    return cmocka_run_group_tests(tests, open_office, close_office);
}
