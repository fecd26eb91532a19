/*
 * A growing run of bytes on the heap, for building pages, JSON and files. It has a ceiling; what does not fit is
 * dropped and `is_full` stays true, so a writer checks once at the end. The one who calls buf_init calls buf_end.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

struct buf {
    char *at;
    size_t len, room, ceiling_bytes;
    bool is_full; /* something was dropped */
};

void buf_init(struct buf *b, size_t ceiling_bytes); /* ceiling: a constant, or what the content is bounded by */
void buf_clear(struct buf *b);                      /* empty again, keeps its memory */
void buf_end(struct buf *b);

void buf_add_int(struct buf *b, int64_t n);
void buf_addf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *buf_make_room(struct buf *b, size_t bytes); /* buf_reserve when there is none yet */
/* Room for so many bytes at the end, or NULL when over the ceiling. */
static inline char *buf_reserve(struct buf *b, size_t bytes)
{
    bool is_there = !b->is_full && b->at && bytes <= b->room - b->len;
    return is_there ? b->at + b->len : buf_make_room(b, bytes);
}
void buf_commit(struct buf *b, size_t bytes); /* so many reserved bytes are now written */

static inline void buf_add(struct buf *b, struct str s)
{
    char *at = buf_reserve(b, s.len);
    if (!at || s.len == 0) return;
    memcpy(at, s.at, s.len);
    b->len += s.len;
}

static inline void buf_add_char(struct buf *b, char c)
{
    char *at = buf_reserve(b, 1);
    if (!at) return;
    *at = c;
    b->len++;
}

static inline struct str buf_str(const struct buf *b) /* borrowed until the next change */
{
    return str_of(b->at, b->len);
}

#endif
