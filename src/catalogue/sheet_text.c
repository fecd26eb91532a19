#include "catalogue/sheet_part.h"

#include "base/text.h"

static bool is_mark(char c)
{
    return c == '.' || c == ',' || c == ';' || c == ':';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Characters that nobody sees, and what is left of a web page's markup. What replaces them is longer in no case. */
static const struct replacement {
    struct str from, to;
} residues[] = {
    {STR_INIT("\xC2\xA0"),     STR_INIT(" ") }, /* no-break space */
    {STR_INIT("\xE2\x80\xAF"), STR_INIT(" ") }, /* narrow no-break space */
    {STR_INIT("\xC2\xAD"),     STR_INIT("")  }, /* soft hyphen */
    {STR_INIT("\xE2\x80\x8B"), STR_INIT("")  }, /* zero-width space, and the two joiners */
    {STR_INIT("\xE2\x80\x8C"), STR_INIT("")  },
    {STR_INIT("\xE2\x80\x8D"), STR_INIT("")  },
    {STR_INIT("\xEF\xBB\xBF"), STR_INIT("")  },
    {STR_INIT("<br>"),         STR_INIT("\n")},
    {STR_INIT("<br/>"),        STR_INIT("\n")},
    {STR_INIT("<br />"),       STR_INIT("\n")},
    {STR_INIT("<p>"),          STR_INIT("")  },
    {STR_INIT("</p>"),         STR_INIT("\n")},
    {STR_INIT("&nbsp;"),       STR_INIT(" ") },
    {STR_INIT("&lt;"),         STR_INIT("<") },
    {STR_INIT("&gt;"),         STR_INIT(">") },
    {STR_INIT("&quot;"),       STR_INIT("\"")},
    {STR_INIT("&#39;"),        STR_INIT("'") },
    {STR_INIT("&amp;"),        STR_INIT("&") },
};

struct str sheet_clean(const struct sheet_place *place, struct str raw)
{
    struct str s = text_clean(place->arena, raw);
    bool has_residue = false;
    for (size_t i = 0; i < LENGTH(residues); i++) {
        if (!str_has(s, residues[i].from)) continue;
        s = str_replace(place->arena, s, residues[i].from, residues[i].to);
        has_residue = true;
    }
    s = str_trim(s);
    if (has_residue) place_doubt(place, s, N_("Invisible characters or remains of a web page; replaced"));
    return s;
}

struct str sheet_head(struct str text, size_t bytes)
{
    if (text.len <= bytes) return text;
    while (bytes > 0 && (text.at[bytes] & 0xC0) == 0x80) bytes--;
    return str_part(text, 0, bytes);
}

/* Folded: what a person writes into a cell to say that there is nothing to write. */
static const struct str nothing_words[] = {
    STR_INIT("chua co thong tin"),
    STR_INIT("chua quy dinh"),
    STR_INIT("khong"),
    STR_INIT("khong co"),
    STR_INIT("khong co quy dinh"),
    STR_INIT("khong co thong tin"),
    STR_INIT("khong co yeu cau"),
    STR_INIT("khong co yeu cau dieu kien"),
    STR_INIT("khong quy dinh"),
    STR_INIT("khong yeu cau"),
    STR_INIT("n a"),
    STR_INIT("na"),
    STR_INIT("none"),
    STR_INIT("null"),
};

struct str sheet_nothing(struct arena *a, struct str text)
{
    struct str trimmed = str_trim(text);
    if (trimmed.len > 80) return trimmed;
    struct str folded = text_fold(a, trimmed);
    if (folded.len == 0) return STR_NONE; /* dashes and dots */
    for (size_t i = 0; i < LENGTH(nothing_words); i++) {
        if (str_eq(folded, nothing_words[i])) return STR_NONE;
    }
    return trimmed;
}

/* Marks that stand before an item of a list. */
static const struct str bullets[] = {
    STR_INIT("-"), STR_INIT("+"), STR_INIT("*"), STR_INIT("–"), STR_INIT("—"),
    STR_INIT("•"), STR_INIT("●"), STR_INIT("○"), STR_INIT("▪"), STR_INIT("·"),
};

/* The bytes of one list mark at the start, or 0: a bullet, "a)", "đ)", "3)", "2.", "2.1.". "01 bản" is none. */
static size_t mark_bytes(struct str s)
{
    for (size_t i = 0; i < LENGTH(bullets); i++) {
        if (str_starts(s, bullets[i])) return bullets[i].len;
    }
    if (str_starts(s, STR("đ)"))) return STR("đ)").len;
    if (s.len > 1 && s.at[1] == ')' && s.at[0] >= 'a' && s.at[0] <= 'z') return 2;
    size_t i = 0, dots = 0;
    while (i < s.len && dots < 4) {
        size_t start = i;
        while (i < s.len && is_digit(s.at[i]) && i - start < 2) i++;
        if (i == start || i == s.len) break;
        if (is_digit(s.at[i])) return 0; /* "30.000" */
        if (s.at[i] == ')') return i + 1;
        if (s.at[i] != '.') return dots > 0 ? i : 0; /* "1.1 Hồ sơ" */
        i++, dots++;
    }
    bool is_number = i > 0 && i < s.len && is_digit(s.at[i]); /* "1.000 bản" */
    return dots > 0 && !is_number ? i : 0;
}

struct str sheet_unmarked(struct str text)
{
    struct str s = str_trim(text);
    for (int rounds = 0; rounds < 4; rounds++) {
        size_t bytes = mark_bytes(s);
        if (bytes == 0) break;
        struct str rest = str_trim(str_part(s, bytes, s.len));
        if (rest.len == 0) break;
        s = rest;
    }
    return s;
}

struct str sheet_untailed(struct str text, bool *out_junk)
{
    struct str s = str_trim(text);
    int marks = 0;
    while (s.len > 0 && (is_mark(s.at[s.len - 1]) || is_space(s.at[s.len - 1]))) {
        if (is_mark(s.at[s.len - 1])) marks++;
        s.len--;
    }
    if (out_junk != NULL) *out_junk = marks > 1;
    return s;
}

static size_t code_point_bytes(char first)
{
    unsigned char c = (unsigned char)first;
    return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

bool sheet_is_capital(struct arena *a, struct str text)
{
    if (text.len == 0) return false;
    struct str first = str_part(text, 0, code_point_bytes(text.at[0]));
    return !str_eq(text_lower(a, first), first);
}

bool sheet_says(struct str folded, struct str words)
{
    for (ptrdiff_t at = 0; (at = str_find(folded, words, (size_t)at)) >= 0; at++) {
        size_t end = (size_t)at + words.len;
        if ((at == 0 || folded.at[at - 1] == ' ') && (end == folded.len || folded.at[end] == ' ')) return true;
    }
    return false;
}

bool sheet_says_any(struct str folded, const struct str *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (sheet_says(folded, words[i])) return true;
    }
    return false;
}

bool sheet_begins_any(struct str folded, const struct str *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_starts(folded, words[i]) && (folded.len == words[i].len || folded.at[words[i].len] == ' ')) return true;
    }
    return false;
}
