#include "counter/scan.h"

#include <string.h>

#include "base/auto.h"
#include "base/json.h"
#include "base/parse.h"
#include "base/text.h"

enum { CARD_FIELDS = 7, CARD_FIELDS_LEAST = 4, PERSONAL_ID_DIGITS = 12, OLD_ID_DIGITS = 9, DATE_DIGITS = 8 };
enum { TICKET_DIGITS_MOST = 4, CARD_JSON_BYTES = 8 * 1024 };

/* ---- the card ---- */

/* "31121990"; also "31/12/1990", as some readers put it; nothing is DAY_UNKNOWN. False: no date. */
static bool read_date(struct arena *a, struct str text, day_t *out)
{
    struct civil c;
    struct str digits = str_replace(a, str_replace(a, text, STR("/"), STR("")), STR("-"), STR(""));
    *out = DAY_UNKNOWN;
    if (digits.len == 0) return true;
    if (!parse_is_digits(digits, DATE_DIGITS, DATE_DIGITS)) return false;
    if (!parse_int(str_part(digits, 0, 2), 1, 31, &c.day) || !parse_int(str_part(digits, 2, 2), 1, 12, &c.month) ||
        !parse_int(str_part(digits, 4, 4), 1900, 2999, &c.year) || !civil_is_valid(c))
        return false;
    *out = day_from_civil(c);
    return true;
}

static size_t split(struct arena *a, struct str text, struct str out[CARD_FIELDS])
{
    size_t count = 0, from = 0;
    for (size_t i = 0; i <= text.len && count < CARD_FIELDS; i++) {
        if (i < text.len && text.at[i] != '|') continue;
        out[count++] = text_one_line(a, str_part(text, from, i - from));
        from = i + 1;
    }
    return count;
}

static enum outcome no_card(struct fail *why)
{
    return fail(why, ERR_INVALID,
                N_("This is not the code of an identity card. Scan it again, or type the number on it. Nothing was "
                   "kept."));
}

static enum outcome read_card(struct arena *a, struct str text, struct card *out, struct fail *why)
{
    struct str f[CARD_FIELDS] = {0};
    size_t count = split(a, text, f);
    struct card c = {.type = IDENTITY_PERSONAL_ID, .number = f[0], .name = f[2], .sex = f[4], .address = f[5]};
    c.is_read = true;
    if (count < CARD_FIELDS_LEAST || !parse_is_digits(f[0], PERSONAL_ID_DIGITS, PERSONAL_ID_DIGITS))
        return no_card(why);
    if (c.name.len == 0 || !read_date(a, f[3], &c.born) || !read_date(a, f[6], &c.issued)) return no_card(why);
    if (parse_is_digits(f[1], OLD_ID_DIGITS, PERSONAL_ID_DIGITS)) c.old_number = f[1];
    int year = identity_birth_year((struct identity){c.type, c.number});
    c.is_doubtful = c.born != DAY_UNKNOWN && year != 0 && year != day_to_civil(c.born).year;
    *out = c;
    return OK;
}

/* ---- the rest ---- */

/* What follows the mark, up to the end of the path. */
static bool find_token(struct str text, struct str mark, struct str *out)
{
    ptrdiff_t at = str_find(text, mark, 0);
    if (at < 0) return false;
    size_t from = (size_t)at + mark.len, to = from;
    while (to < text.len && text.at[to] != '?' && text.at[to] != '/' && text.at[to] != '#') to++;
    *out = str_part(text, from, to - from);
    return out->len > 0;
}

static bool read_link(struct str text, struct scanned *out)
{
    static const struct {
        struct str mark;
        enum scan_kind kind;
    } marks[] = {
        {STR_INIT("/tra-cuu/"),   SCAN_RECEIPT    },
        {STR_INIT("/so-thu-tu/"), SCAN_TICKET_LINK},
        {STR_INIT("/lich-hen/"),  SCAN_APPOINTMENT},
    };
    for (size_t i = 0; i < LENGTH(marks); i++)
        if (find_token(text, marks[i].mark, &out->text)) {
            out->kind = marks[i].kind;
            return true;
        }
    return false;
}

static bool read_number(struct arena *a, struct str text, struct card *out)
{
    struct str digits = str_replace(a, str_replace(a, text, STR(" "), STR("")), STR("."), STR(""));
    bool is_new = parse_is_digits(digits, PERSONAL_ID_DIGITS, PERSONAL_ID_DIGITS);
    if (!is_new && !parse_is_digits(digits, OLD_ID_DIGITS, OLD_ID_DIGITS)) return false;
    *out = (struct card){.type = is_new ? IDENTITY_PERSONAL_ID : IDENTITY_OLD_ID,
                         .number = digits,
                         .born = DAY_UNKNOWN,
                         .issued = DAY_UNKNOWN};
    return true;
}

static bool read_ticket(struct str text, struct scanned *out)
{
    if (text.len < 2 || text.len > 1 + TICKET_DIGITS_MOST) return false;
    char letter = text.at[0];
    if (letter >= 'a' && letter <= 'z') letter = (char)(letter - 'a' + 'A');
    if (letter < 'A' || letter > 'Z' || !parse_int(str_part(text, 1, text.len), 1, 9999, &out->n)) return false;
    out->line = letter;
    return true;
}

enum outcome scan_read(struct arena *a, struct str typed, struct scanned *out, struct fail *why)
{
    struct str text = str_trim(text_clean(a, typed));
    *out = (struct scanned){.kind = SCAN_NOTHING, .text = text};
    if (typed.len > SCAN_MOST || text_length(text) > SCAN_MOST)
        return fail(why, ERR_INVALID, N_("What was scanned is too long."));
    if (text.len == 0) return OK;
    if (memchr(text.at, '|', text.len) != NULL) {
        out->kind = SCAN_CARD;
        return read_card(a, text, &out->card, why);
    }
    if (read_link(text, out)) return OK;
    out->text = text_one_line(a, text);
    if (read_number(a, text, &out->card))
        out->kind = SCAN_NUMBER;
    else
        out->kind = read_ticket(out->text, out) ? SCAN_TICKET : SCAN_WORDS;
    return OK;
}

/* ---- kept for a moment ---- */

struct str card_write(struct arena *a, const struct card *c)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, CARD_JSON_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '{');
    jw_put_str(&w, "type", str_from(identity_type_code(c->type)));
    jw_put_str(&w, "number", c->number);
    jw_put_str(&w, "old_number", c->old_number);
    jw_put_str(&w, "name", c->name);
    jw_put_str(&w, "sex", c->sex);
    jw_put_str(&w, "address", c->address);
    jw_put_int(&w, "born", c->born);
    jw_put_int(&w, "issued", c->issued);
    jw_put_bool(&w, "is_doubtful", c->is_doubtful);
    jw_put_bool(&w, "is_read", c->is_read);
    jw_close(&w);
    return str_dup(a, buf_str(&text));
}

enum outcome card_read(struct arena *a, struct str text, struct card *out, struct fail *why)
{
    yyjson_val *root;
    TRY(json_read(a, text, &root, why));
    *out = (struct card){.number = json_str(root, "number"),
                         .old_number = json_str(root, "old_number"),
                         .name = json_str(root, "name"),
                         .sex = json_str(root, "sex"),
                         .address = json_str(root, "address"),
                         .born = (day_t)json_int(root, "born", DAY_UNKNOWN),
                         .issued = (day_t)json_int(root, "issued", DAY_UNKNOWN),
                         .is_doubtful = json_bool(root, "is_doubtful", false),
                         .is_read = json_bool(root, "is_read", false)};
    if (!identity_type_parse(json_str(root, "type"), &out->type))
        return fail(why, ERR_BAD, N_("A card that was kept cannot be read."));
    return OK;
}
