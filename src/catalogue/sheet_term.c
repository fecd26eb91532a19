/*
 * Terms. A cell holds a number and a unit ("30 Ngày làm việc", "0.5 Giờ"), a range without one ("10-25"), an event
 * ("trước khi tàu rời cảng"), or nothing. Only one clear number with a unit becomes a deadline; everything else is kept
 * as text and reported, because a wrong deadline is worse than none.
 */
#include "catalogue/sheet_part.h"

#include <inttypes.h>

#include "base/text.h"

struct term_word {
    struct str word; /* lower case, NFC */
    enum term_unit unit;
    int64_t hundredths; /* of the unit, in one of these */
};
/* Longest first. */
/* clang-format off */
static const struct term_word term_words[] = {
    {STR_INIT("ngày làm việc"), TERM_WORKING_DAYS, 100},
    {STR_INIT("giờ làm việc"), TERM_HOURS, 100},
    {STR_INIT("tháng"), TERM_MONTHS, 100},
    {STR_INIT("ngày"), TERM_DAYS, 100},
    {STR_INIT("tuần"), TERM_DAYS, 700},
    {STR_INIT("phút"), TERM_HOURS, 0}, /* a hundredth of an hour is 36 seconds: minutes are converted apart */
    {STR_INIT("giờ"), TERM_HOURS, 100},
    {STR_INIT("năm"), TERM_MONTHS, 1200},
    {STR_INIT("h"), TERM_HOURS, 100},
};
/* clang-format on */

struct term_hit {
    size_t start, end;
    struct term term;
    bool is_range, is_exact;
};

static bool is_digit_at(struct str s, size_t i)
{
    return i < s.len && s.at[i] >= '0' && s.at[i] <= '9';
}

/* "30", "07", "0.5", "1,5": hundredths; false when it is longer than any term. */
static bool read_hundredths(struct str s, size_t *at, int64_t *out)
{
    int64_t whole = 0, hundredths = 0;
    size_t i = *at;
    for (; is_digit_at(s, i); i++) {
        whole = whole * 10 + (s.at[i] - '0');
        if (whole > 100000) return false;
    }
    if (i < s.len && (s.at[i] == '.' || s.at[i] == ',') && is_digit_at(s, i + 1)) {
        int64_t scale = 10;
        for (i++; is_digit_at(s, i); i++, scale /= 10) hundredths += (s.at[i] - '0') * scale;
    }
    *at = i;
    *out = whole * 100 + hundredths;
    return true;
}

static void skip_spaces(struct str s, size_t *at)
{
    while (*at < s.len && s.at[*at] == ' ') (*at)++;
}

/* "(một)" between the number and its unit. */
static void skip_brackets(struct str s, size_t *at)
{
    skip_spaces(s, at);
    if (*at >= s.len || s.at[*at] != '(') return;
    ptrdiff_t close = str_find(s, STR(")"), *at);
    if (close > 0 && (size_t)close - *at < 40) *at = (size_t)close + 1;
    skip_spaces(s, at);
}

/* "-25", "– 25", " đến 25" after a number. */
static bool skip_second_bound(struct str s, size_t *at)
{
    static const struct str joins[] = {STR_INIT("-"), STR_INIT("–"), STR_INIT("đến"), STR_INIT("tới")};
    size_t i = *at;
    skip_spaces(s, &i);
    for (size_t j = 0; j < LENGTH(joins); j++) {
        struct str rest = str_part(s, i, s.len);
        if (!str_starts(rest, joins[j])) continue;
        i += joins[j].len;
        skip_spaces(s, &i);
        int64_t second;
        if (!is_digit_at(s, i) || !read_hundredths(s, &i, &second)) return false;
        *at = i;
        return true;
    }
    return false;
}

/* The next number with what follows it; false at the end. A hit without a unit has TERM_NONE. */
static bool next_hit(struct str lower, size_t *at, struct term_hit *out)
{
    size_t i = *at;
    while (i < lower.len && !is_digit_at(lower, i)) i++;
    if (i >= lower.len) return false;
    *out = (struct term_hit){.start = i, .is_exact = true};
    int64_t number = 0;
    if (!read_hundredths(lower, &i, &number)) {
        while (is_digit_at(lower, i)) i++;
        *at = i;
        return true;
    }
    out->is_range = skip_second_bound(lower, &i);
    size_t unit_at = i;
    skip_brackets(lower, &unit_at);
    for (size_t w = 0; w < LENGTH(term_words); w++) {
        const struct term_word *word = &term_words[w];
        if (!str_starts(str_part(lower, unit_at, lower.len), word->word)) continue;
        out->term.unit = word->unit;
        out->term.hundredths = word->hundredths > 0 ? number * word->hundredths / 100 : number / 60;
        out->is_exact = word->hundredths > 0 || number % 60 == 0;
        i = unit_at + word->word.len;
        break;
    }
    out->end = *at = i;
    return true;
}

/* "ngày 05 tháng 3 năm 2016" is a date, and "khoản 2 Điều 5" a reference: numbers that bound nothing. */
static bool is_part_of_date(struct str lower, const struct term_hit *hit)
{
    struct str before = str_trim(str_part(lower, 0, hit->start));
    return str_ends(before, STR("ngày")) || (str_ends(before, STR("tháng")) && hit->term.unit == TERM_MONTHS);
}

struct term_reading {
    struct term_hit first;
    int with_unit, bare;
    bool is_same;
};

static struct term_reading read_hits(struct str lower)
{
    struct term_reading r = {.is_same = true};
    struct term_hit hit;
    for (size_t at = 0; next_hit(lower, &at, &hit);) {
        if (hit.term.unit == TERM_NONE || is_part_of_date(lower, &hit)) {
            r.bare++;
            if (r.with_unit == 0 && r.bare == 1) r.first = hit;
            continue;
        }
        if (r.with_unit > 0 && (hit.term.unit != r.first.term.unit || hit.term.hundredths != r.first.term.hundredths))
            r.is_same = false;
        if (r.with_unit++ == 0) r.first = hit;
    }
    return r;
}

/* "15 ngày (trong đó 5 ngày thẩm định)": what stands in brackets after the first term divides it. */
static bool is_clear_before_brackets(struct str lower, const struct term_hit *first)
{
    ptrdiff_t open = str_find(lower, STR("("), first->end);
    return first->start == 0 && open > 0 && read_hits(str_part(lower, 0, (size_t)open)).is_same;
}

static void unclear(const struct sheet_place *place, struct str text, struct procedure_case *out, enum term_kind kind,
                    const char *action)
{
    out->term_kind = kind;
    import_doubt(place->report, place->file, place->field, text, action);
}

void sheet_term(const struct sheet_place *place, struct str text, struct procedure_case *out)
{
    struct str stated = sheet_nothing(place->arena, text);
    out->term_text = stated;
    out->term = (struct term){.unit = TERM_NONE};
    if (stated.len == 0) {
        unclear(place, text, out, TERM_UNSTATED, N_("No term is stated; a dossier gets no due date"));
        return;
    }
    struct str lower = text_one_line(place->arena, text_lower(place->arena, sheet_head(stated, SHEET_CELL_BYTES)));
    struct term_reading r = read_hits(lower);
    if (!r.is_same && is_clear_before_brackets(lower, &r.first)) {
        r.is_same = true;
        place_doubt(place, text, N_("The words in brackets name another term; the one before them is taken"));
    }
    if (r.with_unit == 0 && r.bare == 0)
        unclear(place, text, out, TERM_BY_EVENT,
                N_("The term ends with an event; kept as text, a dossier gets no due date"));
    else if (r.first.is_range)
        unclear(place, text, out, TERM_RANGE, N_("A range is no term; kept as text, a dossier gets no due date"));
    else if (r.with_unit == 0)
        unclear(place, text, out, TERM_UNCLEAR,
                N_("A number without a known unit is no term; kept as text, a dossier gets no due date"));
    else if (!r.is_same ||
             (r.with_unit == 1 && r.first.start > 0 && str_ends(str_trim(str_part(lower, 0, r.first.start)), STR("-"))))
        unclear(place, text, out, TERM_UNCLEAR,
                N_("Several terms or a negative one; kept as text, a dossier gets no due date"));
    else if (!term_is_valid(r.first.term))
        unclear(place, text, out, TERM_UNCLEAR,
                N_("No term that the calendar could count; kept as text, a dossier gets no due date"));
    else {
        out->term_kind = TERM_FIXED;
        out->term = r.first.term;
        if (r.first.term.hundredths == 0)
            place_doubt(place, text, N_("A term of zero; read as settled on the spot"));
        else if (r.first.start > 0)
            place_doubt(place, text, N_("The term stands inside a sentence; read out of it"));
        if (!r.first.is_exact) place_doubt(place, text, N_("Minutes that are no hundredth of an hour; rounded down"));
    }
}

struct str sheet_term_id(struct arena *a, const struct procedure_case *c)
{
    static const char *const units[] = {"", "hours", "days", "working-days", "months"};
    if (c->term_kind != TERM_FIXED)
        return str_from(c->term_kind == TERM_UNSTATED   ? "unstated"
                        : c->term_kind == TERM_RANGE    ? "range"
                        : c->term_kind == TERM_BY_EVENT ? "by-event"
                                                        : "unclear");
    int64_t n = c->term.hundredths;
    if (n == 0) return STR("on-the-spot");
    if (n % 100 == 0) return str_format(a, "%" PRId64 "-%s", n / 100, units[c->term.unit]);
    if (c->term.unit == TERM_HOURS) return str_format(a, "%" PRId64 "-minutes", n * 60 / 100);
    return str_format(a, "%" PRId64 "-%02" PRId64 "-%s", n / 100, n % 100, units[c->term.unit]);
}
