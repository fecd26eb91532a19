#include "http/parameter.h"

#include "base/parse.h"

/* Where a quoted string that begins at `at` ends (its closing quote), or -1. Only \" and \\ are escapes here. */
static ptrdiff_t quoted_end(struct str s, size_t at)
{
    for (size_t i = at + 1; i < s.len; i++) {
        if (s.at[i] == '\\' && i + 1 < s.len && s.at[i + 1] == '"' && str_find(s, STR("\""), i + 2) >= 0) {
            i++;
        } else if (s.at[i] == '"') {
            return (ptrdiff_t)i;
        }
    }
    return -1;
}

static size_t skip(struct str s, size_t at, char c)
{
    while (at < s.len && (s.at[at] == ' ' || s.at[at] == '\t' || s.at[at] == c)) at++;
    return at;
}

bool parameter_find(struct str header, const char *name, struct str *out)
{
    ptrdiff_t first = str_find(header, STR(";"), 0);
    size_t i = first < 0 ? header.len : (size_t)first;
    while ((i = skip(header, i, ';')) < header.len) {
        size_t from = i, value_from, value_end;
        while (i < header.len && header.at[i] != '=' && header.at[i] != ';') i++;
        struct str found = str_trim(str_part(header, from, i - from));
        if (i == header.len || header.at[i] == ';') continue;
        i = skip(header, i + 1, ' ');
        if (i < header.len && header.at[i] == '"') {
            ptrdiff_t end = quoted_end(header, i);
            if (end < 0) return false;
            value_from = i + 1;
            value_end = (size_t)end;
            i = value_end + 1;
        } else {
            value_from = i;
            while (i < header.len && header.at[i] != ';') i++;
            value_end = i;
        }
        if (!str_eq_nocase(found, str_from(name))) continue;
        *out = str_part(header, value_from, value_end - value_from);
        return true;
    }
    return false;
}

struct str media_type(struct str header)
{
    struct str type, rest;
    (void)str_cut(header, ';', &type, &rest); /* no parameters is fine */
    return str_trim(type);
}

/* "0.75" as 750; 1000 when it is not a weight. */
static int weight(struct str entry)
{
    struct str q, whole, digits;
    int value = 0;
    if (!parameter_find(entry, "q", &q)) return 1000;
    (void)str_cut(q, '.', &whole, &digits); /* no fraction is fine */
    if (!str_eq(whole, STR("0"))) return 1000;
    for (size_t i = 0; i < 3; i++) {
        bool is_digit = i < digits.len && digits.at[i] >= '0' && digits.at[i] <= '9';
        value = value * 10 + (is_digit ? digits.at[i] - '0' : 0);
    }
    return value;
}

/* 3: the very name; 2: its type with a star; 1: the wildcard; 0: something else. */
static int closeness(struct str entry, struct str name)
{
    struct str type, rest;
    if (str_eq_nocase(entry, name)) return 3;
    if (str_eq(entry, STR("*/*")) || str_eq(entry, STR("*"))) return 1;
    if (!str_ends(entry, STR("/*"))) return 0;
    (void)str_cut(name, '/', &type, &rest); /* a coding has no slash and so never equals "x/" */
    return str_eq_nocase(str_part(entry, 0, entry.len - 2), type) ? 2 : 0;
}

int preference(struct str header, const char *name)
{
    struct str rest = header, entry;
    int best = 0, wanted = -1;
    while (rest.len > 0) {
        (void)str_cut(rest, ',', &entry, &rest); /* the last entry has no separator */
        int close = closeness(media_type(entry), str_from(name));
        if (close <= best) continue;
        best = close;
        wanted = weight(entry);
    }
    return wanted;
}
