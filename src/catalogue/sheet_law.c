/*
 * Legal bases: a number and a title. The number is written as a symbol ("77/2017/NĐ-CP"), as a symbol with words before
 * it
 * ("Thông tư số 104/2024/TT-BQP"), as a bare number ("12", its symbol in the title), or is a title. The symbol is what
 * the law library finds by, so it is either a whole symbol or empty.
 */
#include "catalogue/sheet_part.h"

#include "base/text.h"

enum { SYMBOL_BYTES = 300 }; /* a symbol stands near the beginning */

struct law_type {
    struct str issuer; /* what stands in the symbol after number and year, upper case */
    const char *type;
};
/* In order: the first that the symbol's last part begins with. */
static const struct law_type types_by_symbol[] = {
    {STR_INIT("UBTVQH"), "ordinance"     },
    {STR_INIT("VBHN"),   "consolidated"  },
    {STR_INIT("TTLT"),   "joint_circular"},
    {STR_INIT("NQ"),     "resolution"    },
    {STR_INIT("NĐ"),    "decree"        },
    {STR_INIT("QĐ"),    "decision"      },
    {STR_INIT("CT"),     "directive"     },
    {STR_INIT("TT"),     "circular"      },
    {STR_INIT("QH"),     "law"           },
    {STR_INIT("L"),      "law"           },
    {STR_INIT("PL"),     "ordinance"     },
};
/* Folded words before a number or at the start of a title. */
static const struct {
    struct str folded;
    const char *type;
} types_by_word[] = {
    {STR_INIT("thong tu lien tich"), "joint_circular"},
    {STR_INIT("nghi quyet"),         "resolution"    },
    {STR_INIT("quyet dinh"),         "decision"      },
    {STR_INIT("nghi dinh"),          "decree"        },
    {STR_INIT("phap lenh"),          "ordinance"     },
    {STR_INIT("thong tu"),           "circular"      },
    {STR_INIT("hien phap"),          "constitution"  },
    {STR_INIT("bo luat"),            "law"           },
    {STR_INIT("chi thi"),            "directive"     },
    {STR_INIT("luat"),               "law"           },
};

static const char *type_by_words(struct arena *a, struct str text)
{
    struct str folded = text_fold(a, text);
    for (size_t i = 0; i < LENGTH(types_by_word); i++) {
        if (str_starts(folded, types_by_word[i].folded)) return types_by_word[i].type;
    }
    return "";
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Latin capitals, Đ, digits and the marks of a symbol. */
static size_t symbol_byte_run(struct str s, size_t at)
{
    static const struct str dj = STR_INIT("Đ");
    for (;;) {
        if (at < s.len && ((s.at[at] >= 'A' && s.at[at] <= 'Z') || is_digit(s.at[at]) || s.at[at] == '-' ||
                           s.at[at] == '/' || s.at[at] == 'g'))
            at++;
        else if (str_starts(str_part(s, at, s.len), dj))
            at += dj.len;
        else
            return at;
    }
}

/* "21/2008/TTLT- BQP" -> "21/2008/TTLT-BQP", but "NĐ-CP - Quy định" stays: a dash with spaces on both sides ends a
 * symbol. */
static struct str without_inner_spaces(struct arena *a, struct str text)
{
    static const struct {
        struct str from, to;
    } steps[] = {
        {STR_INIT("–"), STR_INIT("-")  },
        {STR_INIT(" - "), STR_INIT("\n") },
        {STR_INIT(" /"),  STR_INIT("/")  },
        {STR_INIT("/ "),  STR_INIT("/")  },
        {STR_INIT(" -"),  STR_INIT("-")  },
        {STR_INIT("- "),  STR_INIT("-")  },
        {STR_INIT("\n"),  STR_INIT(" - ")}
    };
    struct str s = text;
    for (size_t i = 0; i < LENGTH(steps); i++) s = str_replace(a, s, steps[i].from, steps[i].to);
    return s;
}

/* The first symbol in the text: digits "/" [year "/"] letters. */
static struct str find_symbol(struct arena *a, struct str text)
{
    struct str s = without_inner_spaces(a, sheet_head(text, SYMBOL_BYTES));
    for (size_t i = 0; i < s.len; i++) {
        if (!is_digit(s.at[i]) || (i > 0 && is_digit(s.at[i - 1]))) continue;
        size_t at = i;
        while (at < s.len && is_digit(s.at[at])) at++;
        if (at - i > 5 || at >= s.len || s.at[at] != '/') continue;
        size_t end = symbol_byte_run(s, at);
        while (end > at && (s.at[end - 1] == '-' || s.at[end - 1] == '/')) end--;
        struct str rest = str_part(s, at + 1, end - at - 1), year, issuer;
        if (!str_cut(rest, '/', &year, &issuer))
            issuer = rest;
        else if (year.len > 0 && !is_digit(year.at[0]))
            issuer = rest;
        else if (year.len != 4)
            continue; /* a date */
        if (issuer.len >= 2 && !is_digit(issuer.at[0])) return str_part(s, i, end - i);
    }
    return STR_NONE;
}

static const char *type_of_symbol(struct str symbol)
{
    struct str issuer = symbol, head, tail;
    while (issuer.len > 0 && is_digit(issuer.at[0]) && str_cut(issuer, '/', &head, &tail)) issuer = tail;
    for (size_t i = 0; i < LENGTH(types_by_symbol); i++) {
        if (str_starts(issuer, types_by_symbol[i].issuer)) return types_by_symbol[i].type;
    }
    return "";
}

/* "12" or "34/2023" in the number, the whole symbol in the title. */
static struct str complete_from_title(struct arena *a, struct str number, struct str title)
{
    struct str symbol = find_symbol(a, title);
    if (number.len == 0 || !is_digit(number.at[0])) return STR_NONE;
    struct str prefix = str_format(a, "%.*s/", STR_ARG(number));
    return str_starts(symbol, prefix) ? symbol : STR_NONE;
}

/* The circular "158/2011/TT" misses its issuer; "69/2007/TTLT/BQP-..." does not. */
static bool has_issuer(struct str symbol)
{
    if (!str_eq(str_from(type_of_symbol(symbol)), STR("law")) && str_find(symbol, STR("-"), 0) < 0) {
        return str_find(symbol, STR("QH"), 0) >= 0;
    }
    return true;
}

static void check_title(const struct sheet_place *place, const struct law_reference *law)
{
    struct str folded = text_fold(place->arena, law->title);
    if (folded.len == 0) {
        place_doubt(place, law->raw, N_("The legal basis has no title; the number stands alone"));
        return;
    }
    struct str in_title = find_symbol(place->arena, str_part(law->title, 0, 60));
    if (law->symbol.len > 0 && in_title.len > 0 &&
        !str_eq(text_fold(place->arena, in_title), text_fold(place->arena, law->symbol)) &&
        type_by_words(place->arena, law->title)[0] != '\0')
        place_doubt(place, law->title, N_("The title names {0}, the number {1}; both are kept"), in_title, law->symbol);
}

void sheet_law(const struct sheet_place *place, struct str number, struct str title, struct law_reference *out)
{
    struct arena *a = place->arena;
    out->raw = number;
    out->title = title;
    out->symbol = find_symbol(a, number);
    if (out->symbol.len == 0 && number.len > 0) {
        out->symbol = complete_from_title(a, sheet_untailed(number, NULL), title);
        if (out->symbol.len > 0)
            place_doubt(place, number, N_("The number is not whole; {0} is taken from the title"), out->symbol);
        else if (str_eq(text_fold(a, number), text_fold(a, title)))
            place_doubt(place, number, N_("The number is the title again; no symbol is known"));
        else
            place_doubt(place, number,
                        N_("This is no symbol of a legal document; kept as written, not linked to the law"));
    } else if (out->symbol.len == 0) {
        place_doubt(place, title, N_("The legal basis has no number; kept by its title"));
    } else if (!has_issuer(out->symbol)) {
        place_doubt(place, number, N_("The symbol does not say who issued it; kept as written"));
    }
    const char *type = type_of_symbol(out->symbol);
    if (type[0] == '\0') type = type_by_words(a, number);
    if (type[0] == '\0') type = type_by_words(a, title);
    out->type = str_from(type);
    check_title(place, out);
}
