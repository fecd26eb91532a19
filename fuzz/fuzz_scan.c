/* What a scanner types: any bytes are read or refused without a crash, and a card that was read is kept and read back.
 */
#include <stdlib.h>

#include "base/auto.h"
#include "counter/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    struct scanned s;
    struct card back;
    struct fail why;
    arena_init(&a, 4 << 20);
    fail_init(&why, &a);
    if (scan_read(&a, str_of((const char *)data, size), &s, &why) != OK || s.kind != SCAN_CARD) return 0;
    if (card_read(&a, card_write(&a, &s.card), &back, &why) != OK) abort();
    if (!str_eq(back.number, s.card.number) || !str_eq(back.name, s.card.name) || back.born != s.card.born) abort();
    return 0;
}
