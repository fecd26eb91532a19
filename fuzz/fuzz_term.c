/* Time limits: whatever parses is valid and is written back as it was read. */
#include <stdlib.h>

#include "base/auto.h"
#include "calendar/term.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    struct term t;
    arena_init(&a, 16 << 20);
    fail_init(&why, &a);
    struct str text = str_of((const char *)data, size);
    if (term_parse(text, &t, &why) != OK) return 0;
    if (!term_is_valid(t) || !str_eq(term_format(&a, t), text)) abort();
    (void)term_for_people(&a, VIETNAMESE, t); /* only tried */
    return 0;
}
