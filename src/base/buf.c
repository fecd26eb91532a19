#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/plain_format.h"

enum { BUF_FIRST_ROOM = 256 };

void buf_init(struct buf *b, size_t ceiling_bytes)
{
    *b = (struct buf){.ceiling_bytes = ceiling_bytes};
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    b->is_full = false;
}

void buf_end(struct buf *b)
{
    free(b->at);
    *b = (struct buf){.ceiling_bytes = b->ceiling_bytes};
}

char *buf_make_room(struct buf *b, size_t bytes)
{
    if (b->is_full || bytes > b->ceiling_bytes - b->len) {
        b->is_full = true; /* everything after the first dropped piece is dropped too: no text with a hole */
        return NULL;
    }
    if (!b->at || bytes > b->room - b->len) {
        size_t room = b->room > 0 ? b->room : BUF_FIRST_ROOM;
        while (room < b->len + bytes) room *= 2;
        if (room > b->ceiling_bytes) room = b->ceiling_bytes;
        char *at = realloc(b->at, room + 1); /* one more for the NUL of vsnprintf */
        if (!at) BUG("out of memory: %zu bytes", room);
        b->at = at;
        b->room = room;
    }
    return b->at + b->len;
}

void buf_commit(struct buf *b, size_t bytes)
{
    if (bytes > b->room - b->len) BUG("%zu bytes committed, %zu reserved", bytes, b->room - b->len);
    b->len += bytes;
}

void buf_add_int(struct buf *b, int64_t n)
{
    char digits[20], *first = digits + sizeof digits;
    uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    do {
        *--first = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (n < 0) *--first = '-';
    buf_add(b, str_of(first, (size_t)(digits + sizeof digits - first)));
}

void buf_addf(struct buf *b, const char *format, ...)
{
    struct plain_text text;
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    size_t len = plain_format(&text, format, args);
    va_end(args);
    char *at = buf_reserve(b, len);
    if (at && text.is_whole)
        memcpy(at, text.bytes, len);
    else if (at)
        (void)vsnprintf(at, len + 1, format, again); /* as long as just measured */
    if (at) b->len += len;
    va_end(again);
}
