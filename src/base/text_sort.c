#include "base/text.h"

#include <pthread.h>
#include <string.h>
#include <unicode/ucol.h>
#include <unicode/ustring.h>

#include "base/auto.h"
#include "base/fail.h"

/* Opened once and only read after (ICU allows that from many threads): opening loads the Vietnamese tailoring. */
static UCollator *vietnamese;
static pthread_once_t vietnamese_once = PTHREAD_ONCE_INIT;

static void open_vietnamese(void)
{
    UErrorCode status = U_ZERO_ERROR;
    vietnamese = ucol_open("vi", &status);
    if (U_FAILURE(status)) BUG("ICU has no Vietnamese order: %s", u_errorName(status));
}

/* ICU works on UTF-16; what is not UTF-8 becomes U+FFFD. */
static UChar *to_utf16(struct arena *scratch, struct str s, int32_t *out_len)
{
    if (s.len > INT32_MAX / 4) BUG("a text of %zu bytes is no sort key", s.len);
    UChar *at = ARENA_ARRAY(scratch, UChar, s.len + 1); /* never more units than bytes */
    UErrorCode status = U_ZERO_ERROR;
    u_strFromUTF8WithSub(at, (int32_t)s.len + 1, out_len, s.len > 0 ? s.at : "", (int32_t)s.len, 0xFFFD, NULL, &status);
    if (U_FAILURE(status)) BUG("a text does not become UTF-16: %s", u_errorName(status));
    return at;
}

struct str text_sort_key(struct arena *a, struct str s)
{
    (void)pthread_once(&vietnamese_once, open_vietnamese); /* cannot fail with a static control */
    AUTO_ARENA struct arena scratch;
    arena_init(&scratch, s.len * 2 + 4096);
    int32_t len;
    UChar *text = to_utf16(&scratch, s, &len);
    uint8_t small[256];
    int32_t bytes = ucol_getSortKey(vietnamese, text, len, small, sizeof small);
    if (bytes <= 0) BUG("ICU makes no sort key");
    uint8_t *key = arena_alloc(a, (size_t)bytes); /* with its closing NUL, which is not counted */
    if (bytes <= (int32_t)sizeof small) {
        memcpy(key, small, (size_t)bytes);
    } else {
        ucol_getSortKey(vietnamese, text, len, key, bytes);
    }
    return str_of((const char *)key, (size_t)bytes - 1);
}

struct str text_name_sort_key(struct arena *a, struct str full_name)
{
    struct str name = text_one_line(a, full_name);
    const char *space = name.len > 0 ? memrchr(name.at, ' ', name.len) : NULL;
    struct str given = space ? str_part(name, (size_t)(space - name.at) + 1, name.len) : name;
    const struct str keys[] = {text_sort_key(a, given), text_sort_key(a, name)};
    return str_join(a, STR("\x01"), keys, LENGTH(keys));
}
