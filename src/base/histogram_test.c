#include "base/test.h"

#include "base/histogram.h"

static void parts_are_found_within_a_sixteenth(void **state)
{
    (void)state;
    static struct histogram h, other;
    for (int64_t i = 1; i <= 100000; i++) histogram_add(i % 2 ? &h : &other, i);
    histogram_add_all(&h, &other);
    assert_int_equal(h.count, 100000);
    assert_int_equal(h.most, 100000);
    assert_in_range(histogram_at(&h, 0.5), 50000, 50000 * 17 / 16);
    assert_in_range(histogram_at(&h, 0.99), 99000, 100000);
    assert_int_equal(histogram_at(&h, 1), 100000);
}

static void small_values_are_exact_and_large_ones_fit(void **state)
{
    (void)state;
    for (int64_t value = 0; value < 32; value++) {
        struct histogram h = {.count = 0};
        histogram_add(&h, value);
        histogram_add(&h, 1000);
        assert_int_equal(histogram_at(&h, 0.4), value);
    }
    for (int bit = 5; bit < 63; bit++) {
        struct histogram h = {.count = 0};
        histogram_add(&h, INT64_C(1) << bit);
        histogram_add(&h, INT64_MAX);
        int64_t found = histogram_at(&h, 0.4);
        assert_true(found >= INT64_C(1) << bit && (found >> bit) == 1 && found - (INT64_C(1) << bit) <= found / 16);
        assert_true(histogram_at(&h, 0.9) == INT64_MAX);
    }
    struct histogram none = {.count = 0};
    assert_int_equal(histogram_at(&none, 0.5), 0);
    histogram_add(&none, -5);
    assert_int_equal(histogram_at(&none, 0.5), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_found_within_a_sixteenth),
        cmocka_unit_test(small_values_are_exact_and_large_ones_fit),
    };
    return RUN_TESTS(tests);
}
