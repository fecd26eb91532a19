/* What reads as JSON is written, read again and canonical without loss; what does not is refused, never a crash. */
#include "base/auto.h"
#include "base/json.h"

enum { ROOM = 64 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static struct str written(struct arena *a, yyjson_val *v)
{
    AUTO_BUF struct buf out;
    buf_init(&out, ROOM);
    struct json_writer w;
    jw_init(&w, &out);
    jw_value(&w, v);
    return str_dup(a, buf_str(&out));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, ROOM);
    struct fail why;
    fail_init(&why, &a);
    yyjson_val *v, *again;
    if (json_read(&a, str_of((const char *)data, bytes), &v, &why) != OK) return 0;
    struct str canonical = json_canonical(&a, v);
    if (json_read(&a, written(&a, v), &again, &why) != OK) BUG("what was written does not read");
    if (!str_eq(json_canonical(&a, again), canonical)) BUG("writing loses something");
    if (json_read(&a, canonical, &again, &why) != OK) BUG("the canonical form does not read");
    if (!str_eq(json_canonical(&a, again), canonical)) BUG("the canonical form is not its own");
    return 0;
}
