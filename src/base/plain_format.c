#include "base/plain_format.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/fail.h"

/* The text so far; `is_plain` ends with the first piece that does not fit or is not ours to write. */
struct writing {
    char *at, *end;
    bool is_plain;
};

static void add(struct writing *w, const char *from, size_t len)
{
    w->is_plain = w->is_plain && len <= (size_t)(w->end - w->at);
    if (!w->is_plain) return;
    memcpy(w->at, from, len);
    w->at += len;
}

static void add_padding(struct writing *w, char with, size_t count)
{
    for (size_t i = 0; i < count && w->is_plain; i++) add(w, &with, 1);
}

/* A piece of the format behind its percent sign. */
struct verb {
    size_t width;
    bool has_zeros;
    enum { SIZE_INT, SIZE_LONG, SIZE_LONG_LONG, SIZE_SIZE } size;
    char kind;
};

static const char *read_verb(const char *at, struct verb *out)
{
    *out = (struct verb){.has_zeros = *at == '0'};
    while (*at >= '0' && *at <= '9' && out->width < PLAIN_TEXT_BYTES)
        out->width = out->width * 10 + (size_t)(*at++ - '0');
    if (*at == 'z') {
        out->size = SIZE_SIZE;
        at++;
    } else if (*at == 'l') {
        out->size = at[1] == 'l' ? SIZE_LONG_LONG : SIZE_LONG;
        at += at[1] == 'l' ? 2 : 1;
    }
    out->kind = *at;
    return at;
}

static void add_number(struct writing *w, const struct verb *v, uint64_t number, bool is_negative)
{
    static const char signs[] = "0123456789abcdef";
    char digits[24], *first = digits + sizeof digits;
    unsigned base = v->kind == 'x' ? 16 : 10;
    do {
        *--first = signs[number % base];
        number /= base;
    } while (number > 0);
    size_t len = (size_t)(digits + sizeof digits - first), whole = len + is_negative;
    size_t padding = v->width > whole ? v->width - whole : 0;
    if (!v->has_zeros) add_padding(w, ' ', padding);
    if (is_negative) add(w, "-", 1);
    if (v->has_zeros) add_padding(w, '0', padding);
    add(w, first, len);
}

static uint64_t magnitude(int64_t n)
{
    return n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
}

/* The compiler has held every argument to its verb (format attributes of str_format and buf_addf). */
static void add_signed(struct writing *w, const struct verb *v, va_list *args)
{
    int64_t n = 0;
    switch (v->size) {
    case SIZE_INT: n = va_arg(*args, int); break;
    case SIZE_LONG: n = va_arg(*args, long); break;
    case SIZE_LONG_LONG: n = va_arg(*args, long long); break;
    case SIZE_SIZE: n = va_arg(*args, ssize_t); break;
    }
    add_number(w, v, magnitude(n), n < 0);
}

static void add_unsigned(struct writing *w, const struct verb *v, va_list *args)
{
    uint64_t n = 0;
    switch (v->size) {
    case SIZE_INT: n = va_arg(*args, unsigned); break;
    case SIZE_LONG: n = va_arg(*args, unsigned long); break;
    case SIZE_LONG_LONG: n = va_arg(*args, unsigned long long); break;
    case SIZE_SIZE: n = va_arg(*args, size_t); break;
    }
    add_number(w, v, n, false);
}

static void add_part(struct writing *w, int most, const char *from)
{
    w->is_plain = w->is_plain && most >= 0 && (from || most == 0);
    if (w->is_plain) add(w, from ? from : "", most > 0 ? strnlen(from, (size_t)most) : 0);
}

/* One piece; returns where the format goes on. */
static const char *add_verb(struct writing *w, const char *at, va_list *args)
{
    struct verb v;
    if (at[0] == '.' && at[1] == '*' && at[2] == 's') {
        int most = va_arg(*args, int);
        add_part(w, most, va_arg(*args, const char *));
        return at + 3;
    }
    at = read_verb(at, &v);
    bool is_bare = v.width == 0 && v.size == SIZE_INT;
    if (v.kind == 'd' || v.kind == 'i') {
        add_signed(w, &v, args);
    } else if (v.kind == 'u' || v.kind == 'x') {
        add_unsigned(w, &v, args);
    } else if (v.kind == 's' && is_bare) {
        const char *text = va_arg(*args, const char *);
        if (text) add(w, text, strlen(text));
        w->is_plain = w->is_plain && text;
    } else if (v.kind == 'c' && is_bare) {
        char c = (char)va_arg(*args, int);
        add(w, &c, 1);
    } else if (v.kind == '%' && is_bare) {
        add(w, "%", 1);
    } else {
        w->is_plain = false;
        return at;
    }
    return at + 1;
}

size_t plain_format(struct plain_text *out, const char *format, va_list args)
{
    struct writing w = {out->bytes, out->bytes + sizeof out->bytes, true};
    va_list own, again;
    va_copy(own, args);
    va_copy(again, args);
    for (const char *at = format; w.is_plain && *at != '\0';) {
        const char *verb = strchrnul(at, '%');
        add(&w, at, (size_t)(verb - at));
        at = *verb == '%' ? add_verb(&w, verb + 1, &own) : verb;
    }
    va_end(own);
    out->is_whole = w.is_plain;
    int len = w.is_plain ? (int)(w.at - out->bytes) : vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (len < 0) BUG("the format \"%s\" cannot be written", format);
    return (size_t)len;
}
