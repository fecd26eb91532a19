#include "base/parse.h"

#include <string.h>

#include "base/arena.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool parse_u64(struct str s, uint64_t *out)
{
    if (s.len == 0) return false;
    uint64_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (!is_digit(s.at[i])) return false;
        if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, (uint64_t)(s.at[i] - '0'), &n)) return false;
    }
    *out = n;
    return true;
}

bool parse_i64(struct str s, int64_t *out)
{
    bool is_negative = s.len > 0 && s.at[0] == '-';
    uint64_t n;
    if (!parse_u64(is_negative ? str_part(s, 1, s.len) : s, &n)) return false;
    if (n > (uint64_t)INT64_MAX + is_negative) return false;
    *out = is_negative ? (int64_t)(0 - n) : (int64_t)n;
    return true;
}

bool parse_int(struct str s, int least, int most, int *out)
{
    int64_t n;
    if (!parse_i64(s, &n) || n < least || n > most) return false;
    *out = (int)n;
    return true;
}

static int hex_digit(char c)
{
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool parse_hex(struct str s, unsigned char *out, size_t out_bytes)
{
    if (s.len % 2 != 0 || s.len / 2 != out_bytes) return false;
    for (size_t i = 0; i < s.len; i++) {
        if (hex_digit(s.at[i]) < 0) return false;
    }
    for (size_t i = 0; i < out_bytes; i++) {
        out[i] = (unsigned char)(hex_digit(s.at[2 * i]) << 4 | hex_digit(s.at[2 * i + 1]));
    }
    return true;
}

bool parse_is_digits(struct str s, size_t least, size_t most)
{
    if (s.len < least || s.len > most) return false;
    for (size_t i = 0; i < s.len; i++) {
        if (!is_digit(s.at[i])) return false;
    }
    return true;
}

bool parse_size(struct str s, uint64_t *out)
{
    static const struct {
        char unit;
        int shift;
    } units[] = {
        {'K', 10},
        {'M', 20},
        {'G', 30}
    };
    int shift = 0;
    for (size_t i = 0; i < LENGTH(units); i++) {
        if (s.len > 0 && s.at[s.len - 1] == units[i].unit) shift = units[i].shift;
    }
    uint64_t n;
    if (!parse_u64(shift > 0 ? str_part(s, 0, s.len - 1) : s, &n) || n > UINT64_MAX >> shift) return false;
    *out = n << shift;
    return true;
}

struct scan scan_of(struct str text)
{
    return (struct scan){.text = text, .line = 1};
}

bool scan_is_end(const struct scan *s)
{
    return s->at >= s->text.len;
}

struct str scan_line(struct scan *s)
{
    struct str line, rest;
    bool has_more = str_cut(str_part(s->text, s->at, s->text.len), '\n', &line, &rest);
    s->at += line.len + has_more;
    s->line += has_more;
    if (line.len > 0 && line.at[line.len - 1] == '\r') line.len--;
    return line;
}

bool conf_line(struct str line, struct str key, struct str *out)
{
    struct str name, value;
    if (!str_cut(line, '=', &name, &value) || !str_eq(str_trim(name), key)) return false;
    *out = str_trim(value);
    return true;
}

struct str conf_without(struct arena *a, struct str text, struct str key)
{
    char *out = arena_alloc(a, text.len + 1);
    size_t len = 0;
    struct str unused;
    struct scan scan = scan_of(text);
    while (!scan_is_end(&scan)) {
        size_t from = scan.at;
        if (conf_line(scan_line(&scan), key, &unused)) continue;
        memcpy(out + len, text.at + from, scan.at - from);
        len += scan.at - from;
    }
    return str_of(out, len);
}
