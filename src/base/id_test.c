#include "base/test.h"

#include "base/auto.h"
#include "base/clock.h"
#include "base/id.h"

#define START_2020 (INT64_C(1577836800) * US_PER_S)

static int64_t tick_of(int64_t id)
{
    return id >> 24;
}

static void ids_grow_while_the_clock_stands_still(void **state)
{
    (void)state;
    struct id_source s;
    id_source_init(&s, 3, 0);
    clock_hold(START_2020 + 400 * US_PER_DAY);
    int64_t before = 0;
    for (int i = 0; i < 5000; i++) {
        int64_t id = id_next(&s);
        assert_true(id > before);
        assert_int_equal(id >> 10 & 16383, 3);
        before = id;
    }
    assert_int_equal(tick_of(before), 400 * US_PER_DAY / 4000 + 4); /* 1,024 a tick */
    clock_release();
}

static void ids_grow_when_the_clock_steps_back(void **state)
{
    (void)state;
    struct id_source s;
    id_source_init(&s, 16383, 0);
    clock_hold(START_2020 + 2 * US_PER_DAY);
    int64_t first = id_next(&s);
    clock_hold(START_2020 + US_PER_DAY);
    int64_t second = id_next(&s);
    assert_int_equal(second, first + 1);
    clock_hold(START_2020 - US_PER_DAY); /* a machine without a battery */
    assert_int_equal(id_next(&s), second + 1);
    clock_release();
}

static void ids_grow_beyond_the_high_water_of_another_writer(void **state)
{
    (void)state;
    clock_hold(START_2020 + US_PER_DAY);
    struct id_source early, late;
    id_source_init(&late, 9, 0);
    int64_t high = id_next(&late);
    id_source_init(&early, 2, high);
    assert_true(id_next(&early) > high);
    id_source_init(&late, 9, early.last);
    assert_true(id_next(&late) > early.last);
    clock_release();
}

static void ids_follow_the_clock(void **state)
{
    (void)state;
    struct id_source s;
    id_source_init(&s, 0, 0);
    clock_hold(START_2020 + US_PER_DAY);
    int64_t first = id_next(&s);
    clock_hold(START_2020 + 2 * US_PER_DAY);
    assert_int_equal(tick_of(id_next(&s)) - tick_of(first), US_PER_DAY / 4000);
    clock_release();
}

static void no_id_of_a_moment_is_less_than_its_least(void **state)
{
    (void)state;
    struct id_source s;
    id_source_init(&s, 0, 0);
    clock_hold(START_2020 + US_PER_DAY + 4001);
    int64_t id = id_next(&s);
    assert_true(id_least(START_2020 + US_PER_DAY + 4001) <= id);
    assert_true(id_least(START_2020 + US_PER_DAY + 8000) > id);
    assert_int_equal(id_least(START_2020 - US_PER_DAY), 0);
    clock_release();
}

static void texts_of_ids_have_one_spelling(void **state)
{
    (void)state;
    AUTO_ARENA struct arena a;
    arena_init(&a, 1 << 16);
    int64_t id = 77;
    assert_str(id_format(&a, INT64_MAX), "9223372036854775807");
    assert_true(id_parse(STR("9223372036854775807"), &id));
    assert_int_equal(id, INT64_MAX);
    static const char *const wrong[] = {"", "0", "01", "-1", "+1", "1 ", "9223372036854775808", "x"};
    for (size_t i = 0; i < LENGTH(wrong); i++) assert_false(id_parse(str_from(wrong[i]), &id));
    assert_int_equal(id, INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_grow_while_the_clock_stands_still),
        cmocka_unit_test(ids_grow_when_the_clock_steps_back),
        cmocka_unit_test(ids_grow_beyond_the_high_water_of_another_writer),
        cmocka_unit_test(ids_follow_the_clock),
        cmocka_unit_test(no_id_of_a_moment_is_less_than_its_least),
        cmocka_unit_test(texts_of_ids_have_one_spelling),
    };
    return RUN_TESTS(tests);
}
