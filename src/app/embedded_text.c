#include <zlib.h>

#include "app/embedded.h"

struct str embedded_demo_text(struct arena *a, const struct embedded_file *f)
{
    uLongf bytes = f->raw_bytes;
    char *at = arena_alloc(a, f->raw_bytes + 1);
    if (uncompress((Bytef *)at, &bytes, (const Bytef *)f->content.at, f->content.len) != Z_OK || bytes != f->raw_bytes)
        BUG("an embedded file is damaged");
    return str_of(at, bytes);
}
