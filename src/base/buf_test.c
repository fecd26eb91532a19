#include "base/test.h"

#include "base/auto.h"

static void pieces_follow_each_other(void **state)
{
    (void)state;
    AUTO_BUF struct buf b;
    buf_init(&b, 10000);
    assert_str(buf_str(&b), "");
    buf_add(&b, STR("số "));
    buf_add_int(&b, -42);
    buf_add_char(&b, '/');
    buf_addf(&b, "%03d", 7);
    buf_add(&b, STR_NONE);
    assert_str(buf_str(&b), "số -42/007");
    for (int i = 0; i < 1000; i++) buf_add(&b, STR("12345678"));
    assert_int_equal(b.len, 8000 + sizeof "số -42/007" - 1);
    assert_false(b.is_full);
}

static void every_integer_is_written(void **state)
{
    (void)state;
    static const struct {
        int64_t n;
        const char *text;
    } rows[] = {
        {0,         "0"                   },
        {9,         "9"                   },
        {10,        "10"                  },
        {-1,        "-1"                  },
        {INT64_MAX, "9223372036854775807" },
        {INT64_MIN, "-9223372036854775808"}
    };
    AUTO_BUF struct buf b;
    buf_init(&b, 100);
    for (size_t i = 0; i < LENGTH(rows); i++) {
        buf_clear(&b);
        buf_add_int(&b, rows[i].n);
        assert_str(buf_str(&b), rows[i].text);
    }
}

static void a_full_buffer_drops_all_that_follows(void **state)
{
    (void)state;
    AUTO_BUF struct buf b;
    buf_init(&b, 10);
    buf_add(&b, STR("12345678"));
    buf_add(&b, STR("9ab"));
    assert_true(b.is_full);
    buf_add_char(&b, 'x');
    buf_addf(&b, "%d", 1);
    assert_str(buf_str(&b), "12345678");
    buf_clear(&b);
    assert_false(b.is_full);
    buf_addf(&b, "%s", "exactly 10");
    assert_str(buf_str(&b), "exactly 10");
    assert_false(b.is_full);
}

static void reserved_room_counts_when_committed(void **state)
{
    (void)state;
    AUTO_BUF struct buf b;
    buf_init(&b, 1000);
    char *room = buf_reserve(&b, 300);
    assert_non_null(room);
    memcpy(room, "abc", 3);
    buf_commit(&b, 3);
    assert_str(buf_str(&b), "abc");
    assert_null(buf_reserve(&b, 998));
    assert_true(b.is_full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_follow_each_other),
        cmocka_unit_test(every_integer_is_written),
        cmocka_unit_test(a_full_buffer_drops_all_that_follows),
        cmocka_unit_test(reserved_room_counts_when_committed),
    };
    return RUN_TESTS(tests);
}
