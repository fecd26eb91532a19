#include "base/str.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/plain_format.h"

struct str str_from(const char *cstr)
{
    return str_of(cstr, cstr ? strlen(cstr) : 0);
}

struct str str_part(struct str s, size_t from, size_t len)
{
    if (from >= s.len) return STR_NONE;
    if (len > s.len - from) len = s.len - from;
    return str_of(s.at + from, len);
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
    while (s.len > 0 && is_space(s.at[0])) s = str_of(s.at + 1, s.len - 1);
    while (s.len > 0 && is_space(s.at[s.len - 1])) s.len--;
    return s;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.len != b.len) return false;
    for (size_t i = 0; i < a.len; i++) {
        if (lower(a.at[i]) != lower(b.at[i])) return false;
    }
    return true;
}

int str_cmp(struct str a, struct str b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common > 0 ? memcmp(a.at, b.at, common) : 0;
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_eq(str_of(s.at, prefix.len), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len && str_eq(str_part(s, s.len - suffix.len, suffix.len), suffix);
}

bool str_has(struct str s, struct str needle)
{
    return str_find(s, needle, 0) >= 0;
}

ptrdiff_t str_find(struct str s, struct str needle, size_t from)
{
    if (from > s.len) return -1;
    if (needle.len == 0) return (ptrdiff_t)from;
    if (needle.len > s.len - from) return -1;
    const char *found = memmem(s.at + from, s.len - from, needle.at, needle.len);
    return found ? found - s.at : -1;
}

bool str_cut(struct str s, char separator, struct str *out_head, struct str *out_tail)
{
    const char *found = s.len > 0 ? memchr(s.at, separator, s.len) : NULL;
    size_t head = found ? (size_t)(found - s.at) : s.len;
    *out_head = str_of(s.at, head);
    *out_tail = found ? str_of(found + 1, s.len - head - 1) : STR_NONE;
    return found != NULL;
}

struct str str_dup(struct arena *a, struct str s)
{
    char *at = arena_alloc(a, s.len + 1);
    if (s.len > 0) memcpy(at, s.at, s.len);
    return str_of(at, s.len);
}

const char *str_cstr(struct arena *a, struct str s)
{
    return str_dup(a, s).at;
}

struct str str_join(struct arena *a, struct str separator, const struct str *parts, size_t count)
{
    size_t len = count > 1 ? separator.len * (count - 1) : 0;
    for (size_t i = 0; i < count; i++) len += parts[i].len;
    char *at = arena_alloc(a, len + 1), *end = at;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && separator.len > 0) end = mempcpy(end, separator.at, separator.len);
        if (parts[i].len > 0) end = mempcpy(end, parts[i].at, parts[i].len);
    }
    return str_of(at, len);
}

struct str str_format(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str s = str_formatv(a, format, args);
    va_end(args);
    return s;
}

struct str str_formatv(struct arena *a, const char *format, va_list args)
{
    struct plain_text text;
    va_list again;
    va_copy(again, args);
    size_t len = plain_format(&text, format, args);
    char *at = arena_alloc(a, len + 1);
    if (text.is_whole)
        memcpy(at, text.bytes, len);
    else
        (void)vsnprintf(at, len + 1, format, again); /* as long as just measured */
    va_end(again);
    return str_of(at, len);
}

struct str str_replace(struct arena *a, struct str s, struct str from, struct str to)
{
    if (from.len == 0) return str_dup(a, s);
    size_t times = 0;
    for (ptrdiff_t i = 0; (i = str_find(s, from, (size_t)i)) >= 0; i += (ptrdiff_t)from.len) times++;
    size_t len = s.len - times * from.len + times * to.len;
    char *at = arena_alloc(a, len + 1), *end = at;
    size_t done = 0;
    for (ptrdiff_t i; (i = str_find(s, from, done)) >= 0; done = (size_t)i + from.len) {
        end = mempcpy(end, s.at + done, (size_t)i - done);
        if (to.len > 0) end = mempcpy(end, to.at, to.len);
    }
    if (s.len > done) memcpy(end, s.at + done, s.len - done);
    return str_of(at, len);
}

struct str str_lower_ascii(struct arena *a, struct str s)
{
    char *at = arena_alloc(a, s.len + 1);
    for (size_t i = 0; i < s.len; i++) at[i] = lower(s.at[i]);
    return str_of(at, s.len);
}
