/* Normalising and folding any bytes ends, stays UTF-8, and done twice gives the same as once. */
#include "base/auto.h"
#include "base/fail.h"
#include "base/hash.h"
#include "base/language.h"
#include "base/text.h"

enum { ROOM = 64 << 20, TEXT_MOST = 64 << 10 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void check_idempotent(struct arena *a, struct str text, struct str (*change)(struct arena *, struct str))
{
    struct str once = change(a, text);
    if (!text_is_utf8(once)) BUG("what was made is not UTF-8");
    if (!str_eq(change(a, once), once)) BUG("a second time changes more");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, ROOM);
    struct str text = str_of((const char *)data, bytes < TEXT_MOST ? bytes : TEXT_MOST), back;
    (void)language_accept(text); /* only that it does not crash */
    (void)text_name_sort_key(&a, text);
    (void)text_fold(&a, text);
    if (!base64url_decode(&a, base64url_encode(&a, text), &back) || !str_eq(back, text))
        BUG("base64url loses something");
    if (!text_is_utf8(text)) return 0;
    check_idempotent(&a, text, text_clean);
    check_idempotent(&a, text, text_one_line);
    check_idempotent(&a, text, text_fold);
    check_idempotent(&a, text, text_tone_normal);
    if (!text_is_nfc(text_clean(&a, text))) BUG("what was cleaned is not NFC");
    if (text_length(text_shorten(&a, text, 20)) > 20) BUG("what was shortened is too long");
    return 0;
}
