/*
 * Text as a view: where it starts and how many bytes it has. A str never owns its bytes; whoever made
 * them (an arena, a literal, a buffer) does, and the view dies with them. NUL-terminated strings exist only
 * at the border with libraries (str_cstr). Text is UTF-8; `len` counts bytes.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

struct str {
    const char *at; /* may be NULL only when len is 0 */
    size_t len;
};

/* A literal as a str; STR_INIT for static tables, where a compound literal is not allowed. */
#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
#define STR_INIT(literal)                                                                                              \
    {                                                                                                                  \
        "" literal, sizeof(literal) - 1                                                                                \
    }
#define STR_NONE ((struct str){NULL, 0})
/* printf("%.*s", STR_ARG(s)) */
#define STR_ARG(s) (int)(s).len, (s).at
#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

struct str str_from(const char *cstr); /* NULL gives the empty str */
/* In the header, because a page calls it tens of thousands of times. */
static inline struct str str_of(const char *at, size_t len)
{
    return (struct str){at, len};
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

struct str str_part(struct str s, size_t from, size_t len); /* clamped to s */
struct str str_trim(struct str s);                          /* ASCII white space at both ends */

bool str_eq_nocase(struct str a, struct str b); /* ASCII letters only */
int str_cmp(struct str a, struct str b);        /* by bytes, like memcmp; shorter first */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_has(struct str s, struct str needle);
/* The byte offset of needle in s at or after `from`, or -1. */
ptrdiff_t str_find(struct str s, struct str needle, size_t from);
/* Cuts s at the first `separator`: head before it, tail after it. False (head = s, tail empty) when absent. */
bool str_cut(struct str s, char separator, struct str *out_head, struct str *out_tail);

/* Copies live in the arena and are followed by a NUL byte that `len` does not count. */
struct str str_dup(struct arena *a, struct str s);
const char *str_cstr(struct arena *a, struct str s);
struct str str_join(struct arena *a, struct str separator, const struct str *parts, size_t count);
struct str str_format(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct str str_formatv(struct arena *a, const char *format, va_list args) __attribute__((format(printf, 2, 0)));
struct str str_replace(struct arena *a, struct str s, struct str from, struct str to);
struct str str_lower_ascii(struct arena *a, struct str s);

#endif
