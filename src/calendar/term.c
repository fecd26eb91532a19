#include "calendar/term.h"

#include "base/parse.h"

/* In the order of enum term_unit. The first sentence is for one, the second for any other number. */
static const struct {
    struct str suffix;
    const char *one, *many;
    int hundredths_step;
} units[] = {
    [TERM_NONE] = {STR_INIT(""),   "",                  "",                     1  },
    [TERM_HOURS] = {STR_INIT("h"),  N_("1 hour"),        N_("{0} hours"),        1  },
    [TERM_DAYS] = {STR_INIT("d"),  N_("1 day"),         N_("{0} days"),         100},
    [TERM_WORKING_DAYS] = {STR_INIT("wd"), N_("1 working day"), N_("{0} working days"), 1  },
    [TERM_MONTHS] = {STR_INIT("m"),  N_("1 month"),       N_("{0} months"),       50 },
};

bool term_is_valid(struct term t)
{
    if ((unsigned)t.unit >= LENGTH(units)) return false;
    if (t.unit == TERM_NONE) return t.hundredths == 0 && !t.is_continuous;
    if (t.is_continuous && t.unit != TERM_HOURS) return false;
    return t.hundredths >= 0 && t.hundredths <= TERM_HUNDREDTHS_MOST &&
           t.hundredths % units[t.unit].hundredths_step == 0;
}

bool term_eq(struct term a, struct term b)
{
    return a.unit == b.unit && a.hundredths == b.hundredths && a.is_continuous == b.is_continuous;
}

/* "10", "0.5", "2.25": no zero that could be left out. */
static struct str number_format(struct arena *a, int64_t hundredths, char point)
{
    int whole = (int)(hundredths / 100), part = (int)(hundredths % 100);
    if (part == 0) return str_format(a, "%d", whole);
    if (part % 10 == 0) return str_format(a, "%d%c%d", whole, point, part / 10);
    return str_format(a, "%d%c%02d", whole, point, part);
}

struct str term_format(struct arena *a, struct term t)
{
    if (t.unit == TERM_NONE) return STR("");
    struct str number = number_format(a, t.hundredths, '.');
    return str_format(a, "%.*s%.*s%s", STR_ARG(number), STR_ARG(units[t.unit].suffix), t.is_continuous ? "/7" : "");
}

/* The number in the one way in which number_format writes it. */
static bool number_parse(struct str s, int64_t *out)
{
    struct str whole, part;
    bool has_part = str_cut(s, '.', &whole, &part);
    int units_count, fraction = 0;
    if (!parse_is_digits(whole, 1, 5) || (whole.len > 1 && whole.at[0] == '0')) return false;
    if (!parse_int(whole, 0, TERM_HUNDREDTHS_MOST / 100, &units_count)) return false;
    if (has_part) {
        if (!parse_is_digits(part, 1, 2) || part.at[part.len - 1] == '0') return false;
        if (!parse_int(part, 0, 99, &fraction)) return false;
        if (part.len == 1) fraction *= 10;
    }
    *out = (int64_t)units_count * 100 + fraction;
    return true;
}

static bool unit_parse(struct str s, enum term_unit *out)
{
    for (size_t i = TERM_HOURS; i < LENGTH(units); i++) {
        if (!str_eq(s, units[i].suffix)) continue;
        *out = (enum term_unit)i;
        return true;
    }
    return false;
}

enum outcome term_parse(struct str text, struct term *out, struct fail *why)
{
    struct term t = {0};
    struct str rest = text;
    if (str_ends(rest, STR("/7"))) {
        t.is_continuous = true;
        rest.len -= 2;
    }
    size_t digits = 0;
    while (digits < rest.len && ((rest.at[digits] >= '0' && rest.at[digits] <= '9') || rest.at[digits] == '.'))
        digits++;
    bool is_term = text.len == 0 || (number_parse(str_part(rest, 0, digits), &t.hundredths) &&
                                     unit_parse(str_part(rest, digits, rest.len - digits), &t.unit));
    if (!is_term || !term_is_valid(t))
        return fail(why, ERR_INVALID, N_("“{0}” is not a time limit; write 10wd, 15d, 0.5h, 24h/7 or 2m."), text);
    *out = t;
    return OK;
}

struct str term_for_people(struct arena *a, enum language l, struct term t)
{
    if (t.unit == TERM_NONE) return STR("");
    if (t.hundredths == 0) return translate(l, N_("on the spot"));
    if (t.hundredths == 100) return translate(l, units[t.unit].one);
    struct str args[FAIL_ARGS] = {number_format(a, t.hundredths, l == VIETNAMESE ? ',' : '.')};
    return fail_fill(a, translate(l, units[t.unit].many), args);
}
