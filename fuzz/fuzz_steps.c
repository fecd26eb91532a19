/* Step files: whatever compiles is written back to text that compiles to the same version. */
#include <stdlib.h>

#include "base/auto.h"
#include "process/process.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct str acts[] = {STR_INIT("receive"),    STR_INIT("refuse"), STR_INIT("request-supplement"),
                                  STR_INIT("supplement"), STR_INIT("assign"), STR_INIT("withdraw")};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    const struct step_table *t, *again;
    arena_init(&a, 64 << 20);
    fail_init(&why, &a);
    if (process_compile(&a, str_of((const char *)data, size), acts, LENGTH(acts), &t, &why) != OK) return 0;
    struct str text = process_format(&a, t);
    if (text.len > PROCESS_TEXT_BYTES) return 0; /* padding may make it longer than what was read */
    if (process_compile(&a, text, acts, LENGTH(acts), &again, &why) != OK) abort();
    if (!sha256_eq(t->version, again->version) || !str_eq(process_format(&a, again), text)) abort();
    return 0;
}
