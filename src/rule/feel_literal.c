#include <string.h>

#include "rule/feel_parse.h"

static bool hex_digits(struct str s, size_t at, size_t count, uint32_t *out)
{
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        char c = at + i < s.len ? s.at[at + i] : ' ';
        int digit = c >= '0' && c <= '9'                     ? c - '0'
                    : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                             : -1;
        if (digit < 0) return false;
        *out = *out * 16 + (uint32_t)digit;
    }
    return true;
}

static size_t write_code_point(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t bytes = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = bytes - 1; i > 0; i--, c >>= 6) out[i] = (char)(0x80 | (c & 0x3F));
    out[0] = (char)((bytes == 2 ? 0xC0 : bytes == 3 ? 0xE0 : 0xF0) | c);
    return bytes;
}

/* \uD83D\uDC0E is one character, as in JSON. */
static bool take_unicode(struct parser *p, size_t digits, uint32_t *out)
{
    uint32_t low;
    if (!hex_digits(p->text, p->at, digits, out)) return false;
    p->at += digits;
    bool is_high = *out >= 0xD800 && *out < 0xDC00;
    if (is_high && str_starts(str_part(p->text, p->at, 2), STR("\\u")) && hex_digits(p->text, p->at + 2, 4, &low) &&
        low >= 0xDC00 && low < 0xE000) {
        *out = 0x10000 + ((*out - 0xD800) << 10) + (low - 0xDC00);
        p->at += 6;
    }
    return *out > 0 && *out <= 0x10FFFF && !(*out >= 0xD800 && *out < 0xE000);
}

static bool take_escape(struct parser *p, char *out, size_t *len)
{
    static const char letters[] = "nrt\"'\\", meant[] = "\n\r\t\"'\\";
    char c = p->at < p->text.len ? p->text.at[p->at] : '\0';
    uint32_t code;
    if (c == 'u' || c == 'U') {
        p->at++;
        if (!take_unicode(p, c == 'u' ? 4 : 6, &code)) return false;
        *len += write_code_point(&out[*len], code);
        return true;
    }
    const char *found = c != '\0' ? strchr(letters, c) : NULL;
    if (found == NULL) { /* a backslash before anything else is itself: regular expressions are full of them */
        out[(*len)++] = '\\';
        return true;
    }
    out[(*len)++] = meant[found - letters];
    p->at++;
    return true;
}

bool parse_take_string(struct parser *p, struct str *out)
{
    char *text = arena_alloc(p->arena, p->text.len - p->at + 1);
    size_t len = 0;
    p->at++; /* the quote */
    while (p->at < p->text.len && p->text.at[p->at] != '"') {
        char c = p->text.at[p->at++];
        if (c != '\\') {
            text[len++] = c;
        } else if (!take_escape(p, text, &len)) {
            (void)lex_fail(p, N_("This is no character: write four hexadecimal digits after \\u, six after \\U."));
            return false;
        }
    }
    if (p->at >= p->text.len) {
        (void)lex_fail(p, N_("The closing quote of the text is missing."));
        return false;
    }
    p->at++;
    *out = str_of(text, len);
    return true;
}

bool parse_is_digit(const struct parser *p, size_t at)
{
    return at < p->text.len && p->text.at[at] >= '0' && p->text.at[at] <= '9';
}

const struct feel_node *parse_number(struct parser *p)
{
    size_t start = p->at, at = p->at;
    while (parse_is_digit(p, at)) at++;
    if (at < p->text.len && p->text.at[at] == '.' && parse_is_digit(p, at + 1))
        for (at++; parse_is_digit(p, at);) at++;
    if (at < p->text.len && (p->text.at[at] == 'e' || p->text.at[at] == 'E')) {
        size_t digits = at + 1;
        if (digits < p->text.len && (p->text.at[digits] == '+' || p->text.at[digits] == '-')) digits++;
        if (parse_is_digit(p, digits))
            for (at = digits; parse_is_digit(p, at);) at++;
    }
    decimal d;
    if (!decimal_parse(str_part(p->text, start, at - start), &d))
        return lex_fail(p, N_("The number is larger than numbers can be."));
    const struct feel_node *n = parse_literal(p, feel_number(d));
    p->at = at;
    return n;
}

/* @"2026-11-22": the first kind whose text it is. */
static bool temporal_value(struct parser *p, struct str text, struct feel_value *out)
{
    struct feel_date date;
    struct feel_time time;
    struct feel_moment moment;
    nanos_t nanos;
    int64_t months;
    if (date_parse(text, &date))
        *out = feel_date_value(date);
    else if (moment_parse(p->arena, text, &moment))
        *out = feel_moment_value(p->arena, moment);
    else if (time_parse(p->arena, text, &time))
        *out = feel_time_value(time);
    else if (months_parse(text, &months))
        *out = feel_months_value(months);
    else if (nanos_parse(text, &nanos))
        *out = feel_days_value(nanos);
    else
        return false;
    return true;
}

const struct feel_node *parse_at_literal(struct parser *p)
{
    struct str text;
    struct feel_value v;
    size_t start = p->at;
    p->at++;
    lex_blank(p);
    if (!lex_is(p, "\"")) return lex_fail(p, N_("After @ comes a text in quotes."));
    if (!parse_take_string(p, &text)) return NULL;
    if (!temporal_value(p, text, &v)) {
        p->at = start;
        return lex_fail(p, N_("“{0}” is no date, time, date and time or duration."), text);
    }
    return parse_literal(p, v);
}
