/* FEEL texts, as expressions and as tests: compiled and evaluated within their bounds, whatever they say. */
#include <stdlib.h>

#include "base/auto.h"
#include "rule/feel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct str names[] = {STR_INIT("?"), STR_INIT("a"), STR_INIT("Monthly income"), STR_INIT("list")};
    const struct feel_names known = {names, LENGTH(names), &names[2], 1, NULL, NULL};
    AUTO_ARENA struct arena a;
    struct feel_run run;
    struct fail why;
    const struct feel_node *n;
    arena_init(&a, (size_t)512 << 20);
    fail_init(&why, &a);
    const struct feel_value items[] = {feel_integer(1), feel_string(STR("b")), feel_null()};
    const struct feel_value values[] = {feel_integer(5), feel_integer(2), feel_string(STR("Hà Nội")),
                                        feel_list(items, 3)};
    struct str text = str_of((const char *)data, size);
    feel_run_init(&run, &a);
    run.steps_left = 20000;
    if (feel_compile(&a, text, &known, &n, &why) == OK) {
        struct feel_value v = feel_eval(&run, n, values);
        if (feel_equal(v, v) == FEEL_NO) abort();
        (void)feel_format(&a, v); /* only tried */
    }
    fail_init(&why, &a);
    feel_run_init(&run, &a);
    run.steps_left = 20000;
    if (feel_compile_tests(&a, text, &known, &n, &why) == OK) (void)feel_passes(&run, n, values, values[0]);
    return 0;
}
