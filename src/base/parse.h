/*
 * Text to numbers, strictly: the whole text must be the number; no signs, spaces or overflow slip through.
 * Each returns false and leaves the output alone when the text is not one.
 */
#ifndef BASE_PARSE_H
#define BASE_PARSE_H

#include "base/str.h"

bool parse_u64(struct str s, uint64_t *out);
bool parse_i64(struct str s, int64_t *out);                         /* "-" allowed */
bool parse_int(struct str s, int least, int most, int *out);        /* within bounds */
bool parse_hex(struct str s, unsigned char *out, size_t out_bytes); /* exactly out_bytes * 2 digits */
bool parse_is_digits(struct str s, size_t least, size_t most);      /* ASCII digits only */
bool parse_size(struct str s, uint64_t *out);                       /* "64", "64K", "10M", "2G": powers of 1024 */

/* A reader of lines: where it stands in the text, and in which line. */
struct scan {
    struct str text;
    size_t at;
    int line; /* from 1 */
};
struct scan scan_of(struct str text);
bool scan_is_end(const struct scan *s);
struct str scan_line(struct scan *s); /* the rest of this line, without its end */
/* Lines of settings, `key = value`. Whether this one is of the key: then its value. */
bool conf_line(struct str line, struct str key, struct str *out);
/* The text without the lines of the key. */
struct str conf_without(struct arena *a, struct str text, struct str key);

#endif
