/* CSV as spreadsheets read it. */
#include "base/test.h"

#include "base/csv.h"

static void each_cell_is_quoted_and_none_is_a_formula(void **state)
{
    const struct str cells[] = {STR("plain"), STR("say \"no\", twice\nor so"), STR(""), STR("=1+1"), STR("-2"),
                                STR("a-b")};
    struct buf out;
    (void)state;
    buf_init(&out, 1000);
    csv_row(&out, cells, 6);
    csv_row(&out, cells, 1);
    assert_str(buf_str(&out),
               "\"plain\",\"say \"\"no\"\", twice\nor so\",\"\",\"'=1+1\",\"'-2\",\"a-b\"\r\n\"plain\"\r\n");
    buf_end(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_cell_is_quoted_and_none_is_a_formula),
    };
    return RUN_TESTS(tests);
}
