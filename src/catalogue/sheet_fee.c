/*
 * Fees. A cell holds lines "Phí : 2.000.000 Đồng (what for)" or "Lệ phí : 1.5 USD", each perhaps with "File đính kèm:
 * name". The dot groups thousands in Đồng and marks decimals in USD. What is left out, written in words or cannot be
 * read stays unknown: it is never taken as zero. Only words that say "nothing is due" are zero.
 */
#include "catalogue/sheet_part.h"

#include <inttypes.h>

#include "base/text.h"

enum fee_line_kind { LINE_SERVICE, LINE_CHARGE, LINE_FILE, LINE_UNLABELLED };

struct fee_label {
    struct str word; /* lower case, NFC */
    enum fee_line_kind kind;
};
/* Longest first. */
static const struct fee_label labels[] = {
    {STR_INIT("file đính kèm"),  LINE_FILE   },
    {STR_INIT("tệp đính kèm"), LINE_FILE   },
    {STR_INIT("lệ phí"),         LINE_CHARGE },
    {STR_INIT("phí"),              LINE_SERVICE},
};

struct currency_word {
    struct str word; /* lower case, NFC */
    enum currency currency;
};
/* Longest first. */
static const struct currency_word currency_spellings[] = {
    {STR_INIT("đô la mỹ"), CURRENCY_USD},
    {STR_INIT("đô-la mỹ"), CURRENCY_USD},
    {STR_INIT("đô la"),      CURRENCY_USD},
    {STR_INIT("đồng"),      CURRENCY_VND},
    {STR_INIT("usd"),          CURRENCY_USD},
    {STR_INIT("vnđ"),         CURRENCY_VND},
    {STR_INIT("vnd"),          CURRENCY_VND},
    {STR_INIT("đ"),           CURRENCY_VND},
    {STR_INIT("₫"),          CURRENCY_VND},
    {STR_INIT("$"),            CURRENCY_USD},
};

/* Folded words that say that nothing is due. A single "o" is a zero typed as a letter. */
static const struct str zero_words[] = {
    STR_INIT("khong"),
    STR_INIT("khong co"),
    STR_INIT("khong dong"),
    STR_INIT("khong thu"),
    STR_INIT("khong thu phi"),
    STR_INIT("khong mat phi"),
    STR_INIT("khong phai nop"),
    STR_INIT("mien"),
    STR_INIT("mien phi"),
    STR_INIT("mien thu"),
    STR_INIT("o"),
    STR_INIT("o dong"),
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n';
}

/* ---- numbers ---- */

enum number_answer { NUMBER_READ, NUMBER_GROUPED, NUMBER_UNCLEAR };

/* What a run of digits and separators looks like. */
struct number_shape {
    int64_t digits_value; /* all digits as one number */
    size_t digits, marks, last_group;
    char last_mark;
    bool is_mixed; /* more than one kind of separator */
    bool is_even;  /* one to three digits, then groups of three, whatever the last group has */
};

static struct number_shape shape_of(struct str s)
{
    struct number_shape n = {.is_even = true};
    for (size_t i = 0; i < s.len; i++) {
        if (is_digit(s.at[i])) {
            if (n.digits++ < 15) n.digits_value = n.digits_value * 10 + (s.at[i] - '0');
            n.last_group++;
            continue;
        }
        if (n.last_group == 0 || n.last_group > 3 || (n.marks > 0 && n.last_group != 3)) n.is_even = false;
        n.is_mixed = n.is_mixed || (n.marks > 0 && s.at[i] != n.last_mark);
        n.last_mark = s.at[i];
        n.marks++;
        n.last_group = 0;
    }
    return n;
}

/* Digits with separators, as minor units of a currency with `decimals`. NUMBER_GROUPED: a separator was taken as
 * grouping thousands although it could be a decimal mark of that currency. */
static enum number_answer read_number(struct str s, int decimals, int64_t *out)
{
    struct number_shape n = shape_of(s);
    bool may_have_decimals = decimals == 2;
    if (n.digits == 0 || n.digits > 12 || !n.is_even) return NUMBER_UNCLEAR;
    *out = n.digits_value * (may_have_decimals ? 100 : 1);
    if (n.marks == 0) return NUMBER_READ;
    if (n.last_group == 3 && !n.is_mixed)
        return may_have_decimals && n.marks == 1 && n.last_mark != ' ' ? NUMBER_GROUPED : NUMBER_READ;
    bool is_decimal = (n.last_group == 1 || n.last_group == 2) && n.last_mark != ' ' && (n.marks == 1 || n.is_mixed);
    if (!may_have_decimals || !is_decimal) return NUMBER_UNCLEAR;
    *out = n.last_group == 1 ? n.digits_value * 10 : n.digits_value;
    return NUMBER_READ;
}

/* The bytes of a number at the start: digits and the marks . , and space between digits. */
static size_t number_bytes(struct str s)
{
    size_t end = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (is_digit(s.at[i])) {
            end = i + 1;
            continue;
        }
        bool joins =
            (s.at[i] == '.' || s.at[i] == ',' || s.at[i] == ' ') && end == i && i + 1 < s.len && is_digit(s.at[i + 1]);
        /* "2 000 000" but not "50.000 2" */
        if (joins && s.at[i] == ' ') joins = i + 3 < s.len && is_digit(s.at[i + 2]) && is_digit(s.at[i + 3]);
        if (!joins) break;
    }
    return end;
}

struct amount {
    bool is_read, is_grouped, has_currency, is_unclear;
    int64_t minor;
    enum currency currency;
    struct str digits, rest; /* as written; what follows the currency */
};

static size_t currency_at(struct str lower, enum currency *out)
{
    for (size_t i = 0; i < LENGTH(currency_spellings); i++) {
        struct str word = currency_spellings[i].word;
        if (!str_starts(lower, word)) continue;
        struct str after = str_part(lower, word.len, lower.len);
        bool is_letter_next = after.len > 0 && ((after.at[0] >= 'a' && after.at[0] <= 'z') || (after.at[0] & 0x80));
        if (is_letter_next) continue;
        *out = currency_spellings[i].currency;
        return word.len;
    }
    return 0;
}

/* "2.000.000 đồng", "1.5 usd", "50 nghìn đồng" at the start of a lower-case text; is_read false when none is there. */
static struct amount read_amount(struct str lower)
{
    struct amount m = {0};
    enum currency before = CURRENCY_VND;
    size_t prefix = lower.len > 0 && lower.at[0] == '$' ? currency_at(lower, &before) : 0;
    struct str s = str_trim(str_part(lower, prefix, lower.len));
    size_t bytes = number_bytes(s);
    if (bytes == 0) return m;
    m.digits = str_part(s, 0, bytes);
    struct str after = str_trim(str_part(s, bytes, s.len));
    int64_t times = 1;
    static const struct {
        struct str word;
        int64_t times;
    } multiples[] = {
        {STR_INIT("nghìn"),  1000   },
        {STR_INIT("ngàn"),   1000   },
        {STR_INIT("triệu"), 1000000}
    };
    for (size_t i = 0; i < LENGTH(multiples); i++) {
        if (!str_starts(after, multiples[i].word)) continue;
        times = multiples[i].times;
        after = str_trim(str_part(after, multiples[i].word.len, after.len));
    }
    size_t word = currency_at(after, &m.currency);
    if (prefix > 0) m.currency = before;
    m.has_currency = word > 0 || prefix > 0;
    m.rest = str_trim(str_part(after, word, after.len));
    enum number_answer answer = read_number(m.digits, m.currency == CURRENCY_USD || times > 1 ? 2 : 0, &m.minor);
    int64_t parts = times > 1 && m.currency == CURRENCY_VND ? 100 : 1; /* "1,5 triệu" was read with decimals */
    m.is_unclear = answer == NUMBER_UNCLEAR || m.minor / parts >= FEE_AMOUNT_MOST / times;
    m.is_grouped = answer == NUMBER_GROUPED;
    m.is_read = !m.is_unclear;
    if (m.is_read) m.minor = m.minor * times / parts;
    return m;
}

/* ---- a line ---- */

/* The label at the start of a lower-case text with its colon: bytes, or 0. */
static size_t label_bytes(struct str lower, enum fee_line_kind *out)
{
    for (size_t i = 0; i < LENGTH(labels); i++) {
        if (!str_starts(lower, labels[i].word)) continue;
        size_t at = labels[i].word.len;
        while (at < lower.len && is_blank(lower.at[at])) at++;
        if (at < lower.len && lower.at[at] == ':') {
            *out = labels[i].kind;
            return at + 1;
        }
    }
    return 0;
}

/* "1.\tMức thu": the number of a list before words. */
static struct str without_list_number(struct str s)
{
    size_t i = 0;
    while (i < s.len && is_digit(s.at[i])) i++;
    if (i == 0 || i > 2 || i >= s.len || s.at[i] != '.') return s;
    struct str rest = str_part(s, i + 1, s.len);
    return rest.len > 0 && !is_digit(rest.at[0]) ? str_trim(rest) : s;
}

/* The currency that the form puts after whatever was typed: "Mức thu bằng 50% ... Đồng". */
static struct str without_currency(struct arena *a, struct str head)
{
    struct str lower = text_lower(a, head);
    static const struct str tails[] = {STR_INIT("đồng"), STR_INIT("usd")};
    for (size_t i = 0; i < LENGTH(tails); i++) {
        if (lower.len == head.len && str_ends(lower, tails[i]))
            return str_trim(str_part(head, 0, head.len - tails[i].len));
    }
    return head;
}

/* An amount inside the condition that is not the one in the field: 3.000422 says 50.000 in the field, 120.000 in
 * brackets. */
static void check_condition(const struct sheet_place *place, const struct fee *f)
{
    struct str lower = text_lower(place->arena, sheet_head(f->condition, SHEET_CELL_BYTES));
    for (size_t i = 0; i < lower.len; i++) {
        if (!is_digit(lower.at[i]) || (i > 0 && (is_digit(lower.at[i - 1]) || lower.at[i - 1] == '/'))) continue;
        struct amount m = read_amount(str_part(lower, i, lower.len));
        size_t bytes = m.digits.len;
        if (m.is_read && m.has_currency && (m.currency != f->currency || m.minor != f->amount)) {
            place_doubt(place, f->text,
                        N_("The words beside the amount name another one, {0} {1}; the amount in the field is kept, "
                           "the officer decides"),
                        m.digits, str_from(currency_words[m.currency].code));
            return;
        }
        i += bytes > 0 ? bytes - 1 : 0;
    }
}

static void read_head(const struct sheet_place *place, struct str head, struct fee *f)
{
    struct str lower = text_lower(place->arena, head),
               bare = text_fold(place->arena, without_currency(place->arena, head));
    struct amount m = read_amount(lower);
    f->currency = m.currency;
    if (m.is_read && (m.rest.len == 0 || m.rest.at[0] == '/' || m.has_currency)) {
        f->is_known = true;
        f->amount = m.minor;
        if (m.rest.len > 0) f->condition = str_trim(str_part(head, head.len - m.rest.len, head.len));
        if (m.is_grouped) place_doubt(place, f->text, N_("The mark in {0} is read as thousands"), m.digits);
        if (!m.has_currency && m.minor != 0) place_doubt(place, f->text, N_("No currency is named; read as Đồng"));
        return;
    }
    if (m.is_read && !m.has_currency && m.rest.at[0] != '%') {
        f->condition = head;
        place_doubt(place, f->text, N_("\"{0}\" is not one amount in a known currency; kept unknown"), head);
        return;
    }
    if (m.is_unclear) {
        f->condition = head;
        place_doubt(place, f->text, N_("{0} is no clear amount; kept unknown"), m.digits);
        return;
    }
    if (str_starts(bare, STR("o")) || sheet_begins_any(bare, zero_words, LENGTH(zero_words))) {
        for (size_t i = 0; i < LENGTH(zero_words); i++) f->is_known = f->is_known || str_eq(bare, zero_words[i]);
    }
    if (f->is_known) {
        place_doubt(place, f->text, N_("The word \"{0}\" is read as 0"), without_currency(place->arena, head));
        return;
    }
    f->condition = without_currency(place->arena, head);
    if (f->condition.len == 0)
        place_doubt(place, f->text, N_("The amount is missing; kept unknown, not zero"));
    else
        place_doubt(place, f->text, N_("The amount is in words; kept as text, unknown"));
}

static void read_line(const struct sheet_place *place, enum fee_line_kind kind, struct str value, struct fee *f)
{
    f->kind = kind == LINE_CHARGE ? FEE_CHARGE : FEE_SERVICE;
    struct str s = without_list_number(str_trim(value)), head = s, inside = STR_NONE;
    ptrdiff_t open = str_find(s, STR("("), 0);
    if (open >= 0) {
        head = str_trim(str_part(s, 0, (size_t)open));
        inside = str_part(s, (size_t)open + 1, s.len);
        if (str_ends(inside, STR(")"))) inside.len--;
    }
    read_head(place, head, f);
    struct str both[] = {f->condition, str_trim(inside)};
    if (both[1].len > 0) f->condition = both[0].len > 0 ? str_join(place->arena, STR("; "), both, 2) : both[1];
    if (f->is_known) check_condition(place, f);
}

/* Where the piece that begins at `from` ends: at a line break, or before a label that stands outside brackets (the
 * source sometimes loses its line breaks). A label at the start of a line begins a piece whatever the brackets say. */
static size_t line_end(struct str lower, size_t from)
{
    int depth = 0;
    enum fee_line_kind kind;
    for (size_t i = from; i < lower.len; i++) {
        if (lower.at[i] == '(') depth++;
        if (lower.at[i] == ')' && depth > 0) depth--;
        bool is_line = lower.at[i] == '\n';
        if (!is_line && (lower.at[i] != ' ' || depth > 0)) continue;
        struct str rest = str_trim(str_part(lower, i, lower.len));
        bool starts = label_bytes(rest, &kind) > 0;
        /* "Lệ phí" after a space: the "phí" inside it begins no line */
        if (starts && !is_line && i >= 3 && str_ends(str_part(lower, 0, i), STR("lệ"))) starts = false;
        if (starts || (is_line && depth == 0)) return i;
    }
    return lower.len;
}

void sheet_fees(const struct sheet_place *place, struct str text, struct procedure_case *out)
{
    LIST(struct fee) fees = {0};
    struct str lower = text_lower(place->arena, text);
    if (lower.len != text.len) lower = str_lower_ascii(place->arena, text); /* a letter whose case has another length */
    if (str_trim(text).len == 0) place_doubt(place, text, N_("The fee is left blank; kept unknown, not zero"));
    size_t lines = 0;
    for (size_t from = 0; from < text.len;) {
        if (++lines > SHEET_NAMES_MOST) {
            place_doubt(place, sheet_head(str_part(text, from, text.len), SHEET_CELL_BYTES),
                        N_("More lines than a procedure can have; the rest is left out"));
            break;
        }
        size_t end = line_end(lower, from);
        struct str line = str_trim(str_part(text, from, end - from)), low = str_trim(str_part(lower, from, end - from));
        from = end + 1;
        if (line.len == 0) continue;
        enum fee_line_kind kind = LINE_UNLABELLED;
        size_t label = label_bytes(low, &kind);
        struct str value = str_trim(str_part(line, label, line.len));
        if (kind == LINE_FILE) {
            struct fee *owner = fees.count > 0 ? &fees.at[fees.count - 1] : NULL;
            if (owner != NULL)
                owner->file = owner->file.len > 0
                                  ? str_format(place->arena, "%.*s; %.*s", STR_ARG(owner->file), STR_ARG(value))
                                  : value;
            place_doubt(place, line, N_("A file is named here that the sheet does not carry; only its name is kept"));
            continue;
        }
        if (kind == LINE_UNLABELLED && sheet_nothing(place->arena, line).len == 0 &&
            text_fold(place->arena, line).len == 0)
            continue;
        struct fee *f = &LIST_PUSH(place->arena, fees);
        f->text = text_one_line(place->arena, line);
        if (kind == LINE_UNLABELLED)
            place_doubt(place, line,
                        N_("The line does not say whether it is a fee (phí) or a charge (lệ phí); taken as a fee"));
        read_line(place, kind, text_one_line(place->arena, value), f);
    }
    out->fees = fees.at;
    out->fee_count = fees.count;
    out->is_fee_stated = fees.count > 0;
}
