/* Books: which parts a page of one names. */
#include "base/test.h"

#include "slip/book.h"

/* "1 2 3 10" */
static struct str named(struct arena *a, int64_t part, int64_t parts)
{
    struct str out = STR("");
    for (int64_t n = 1; n <= parts; n++)
        if (book_names_part(n, part, parts))
            out = str_format(a, "%.*s%s%lld", STR_ARG(out), out.len > 0 ? " " : "", (long long)n);
    return out;
}

static void few_parts_are_all_named_and_many_by_steps(void **state)
{
    static const struct {
        int64_t part, parts;
        const char *named;
    } rows[] = {
        {1,   3,    "1 2 3"                                                         },
        {7,   12,   "1 2 3 4 5 6 7 8 9 10 11 12"                                    },
        {1,   21,   "1 2 3 10 20 21"                                                },
        {97,  200,  "1 20 40 60 80 95 96 97 98 99 100 120 140 160 180 200"          },
        {200, 200,  "1 20 40 60 80 100 120 140 160 180 198 199 200"                 },
        {300, 200,  "1 20 40 60 80 100 120 140 160 180 200"                         },
        {555, 1005, "1 110 220 330 440 550 553 554 555 556 557 660 770 880 990 1005"},
    };
    struct arena a;
    (void)state;
    arena_init(&a, 1 << 20);
    for (size_t i = 0; i < LENGTH(rows); i++) assert_str(named(&a, rows[i].part, rows[i].parts), rows[i].named);
    arena_end(&a);
}

static void a_page_never_names_more_parts_than_it_has_room_for(void **state)
{
    (void)state;
    for (int64_t parts = 1; parts < 3000; parts += parts < 120 ? 1 : 37)
        for (int64_t part = 1; part <= parts; part += 1 + parts / 40) {
            size_t count = 0;
            for (int64_t n = 1; n <= parts; n++) count += book_names_part(n, part, parts);
            assert_true(count <= BOOK_PARTS_NAMED);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_parts_are_all_named_and_many_by_steps),
        cmocka_unit_test(a_page_never_names_more_parts_than_it_has_room_for),
    };
    return cmocka_run_group_tests_name(__FILE__, tests, NULL, NULL);
}
