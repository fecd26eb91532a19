/* Decision models: any bytes are read or refused, tables linted, every decision of what was read is made within its
 * bounds. */
#include "base/auto.h"
#include "rule/dmn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    const struct dmn *m;
    size_t count;
    arena_init(&a, (size_t)1 << 30);
    fail_init(&why, &a);
    if (dmn_read(&a, str_of((const char *)data, size), NULL, NULL, &m, &why) != OK) return 0;
    (void)dmn_lint(&a, m, &count); /* only tried */
    const struct dmn_element *const *decisions = dmn_elements(m, DMN_DECISION, &count);
    for (size_t i = 0; i < count && i < 10; i++) {
        struct feel_run run;
        feel_run_init(&run, &a);
        run.steps_left = 5000;
        (void)feel_format(&a, dmn_decide(&run, m, decisions[i], feel_context_value(&a, NULL, 0))); /* only tried */
    }
    return 0;
}
