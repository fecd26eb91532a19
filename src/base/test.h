/*
 * What every unit test includes instead of cmocka.h: cmocka with the headers it asks for, and comparison of a str.
 * Included first of all, because fail.h takes the name `fail` for itself.
 */
#ifndef BASE_TEST_H
#define BASE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"

/* assert_str(day_format(a, d), "2026-11-22"); on failure both texts are shown. */
#define assert_str(actual, expected) assert_str_at((actual), (expected), __FILE__, __LINE__)
static inline void assert_str_at(struct str actual, const char *expected, const char *file, int line)
{
    if (str_eq(actual, str_from(expected))) return;
    print_error("\"%.*s\"\n  is not \"%s\"\n", STR_ARG(actual), expected);
    _fail(file, line);
}

/* How many times slower everything is, as whoever watches it says (tools/test). */
static inline int test_slowness(void)
{
    const char *said = getenv("MOTCUA_SLOW");
    return said != NULL ? (int)strtol(said, NULL, 10) : 1;
}

#define RUN_TESTS(tests) cmocka_run_group_tests_name(__FILE__, (tests), NULL, NULL)

#endif
