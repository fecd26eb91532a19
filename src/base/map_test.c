#include "base/test.h"

#include "base/auto.h"
#include "base/map.h"

static void a_map_finds_what_was_set_and_nothing_else(void **state)
{
    (void)state;
    AUTO_ARENA struct arena a;
    arena_init(&a, 1 << 20);
    struct map m;
    map_init(&m, &a);
    int one = 1, two = 2;
    assert_null(map_find(&m, STR("one")));
    assert_null(map_set(&m, STR("one"), &one));
    assert_null(map_set(&m, STR(""), &two));
    assert_ptr_equal(map_find(&m, STR("one")), &one);
    assert_ptr_equal(map_find(&m, STR_NONE), &two);
    assert_null(map_find(&m, STR("on")));
}

static void setting_again_gives_back_the_earlier_value(void **state)
{
    (void)state;
    AUTO_ARENA struct arena a;
    arena_init(&a, 1 << 20);
    struct map m;
    map_init(&m, &a);
    int one = 1, two = 2;
    (void)map_set(&m, STR("key"), &one);
    assert_ptr_equal(map_set(&m, STR("key"), &two), &one);
    assert_ptr_equal(map_find(&m, STR("key")), &two);
    assert_int_equal(m.count, 1);
}

static void ten_thousand_keys_stay_in_order_of_insertion(void **state)
{
    (void)state;
    AUTO_ARENA struct arena a;
    arena_init(&a, 8 << 20);
    struct map m;
    map_init(&m, &a);
    static int values[10000];
    for (int i = 0; i < 10000; i++) assert_null(map_set(&m, str_format(&a, "a key of some length %d", i), &values[i]));
    for (int i = 0; i < 10000; i++) {
        struct str key = str_format(&a, "a key of some length %d", i);
        assert_ptr_equal(map_find(&m, key), &values[i]);
        assert_true(str_eq(m.entries[i].key, key));
    }
    assert_null(map_find(&m, STR("a key of some length 10000")));
}

static void keys_are_copied(void **state)
{
    (void)state;
    AUTO_ARENA struct arena a;
    arena_init(&a, 1 << 20);
    struct map m;
    map_init(&m, &a);
    char key[] = "key";
    (void)map_set(&m, str_from(key), &a);
    key[0] = 'x';
    assert_ptr_equal(map_find(&m, STR("key")), &a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_map_finds_what_was_set_and_nothing_else),
        cmocka_unit_test(setting_again_gives_back_the_earlier_value),
        cmocka_unit_test(ten_thousand_keys_stay_in_order_of_insertion),
        cmocka_unit_test(keys_are_copied),
    };
    return RUN_TESTS(tests);
}
