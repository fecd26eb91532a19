#include <string.h>
#include <utf8proc.h>

#include "base/auto.h"
#include "base/text.h"
#include "rule/feel_functions.h"

enum { JOIN_BYTES = 16 * 1024 * 1024 };

/* Byte offset of the code point with this index; the length when there are fewer. */
static size_t offset_of(struct str s, int64_t index)
{
    size_t at = 0;
    while (at < s.len && index > 0) {
        do {
            at++;
        } while (at < s.len && ((unsigned char)s.at[at] & 0xC0) == 0x80);
        index--;
    }
    return at;
}

static bool whole(decimal d, int64_t *out)
{
    return decimal_to_int(decimal_round(d, 0, ROUND_DOWN), out);
}

struct feel_value fn_substring(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct str s = args[0].string;
    int64_t length = (int64_t)text_length(s), start, wanted = length;
    bool has_length = count > 2 && args[2].kind == FEEL_NUMBER;
    if (!whole(args[1].number, &start) || start == 0 || start > length || start < -length)
        return feel_error(run, N_("The text has {0} characters, not one with the number {1}."),
                          str_format(run->arena, "%lld", (long long)length),
                          decimal_format(run->arena, args[1].number));
    if (has_length && (!whole(args[2].number, &wanted) || wanted < 1))
        return feel_error(run, N_("The length of a part of a text is a number from 1."));
    int64_t first = start > 0 ? start - 1 : length + start;
    size_t from = offset_of(s, first);
    struct str rest = str_part(s, from, s.len);
    return feel_string(str_part(rest, 0, offset_of(rest, wanted)));
}

struct feel_value fn_string_length(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)run;
    (void)count;
    return feel_integer((int64_t)text_length(args[0].string));
}

static struct str mapped(struct arena *a, struct str s, utf8proc_int32_t (*map)(utf8proc_int32_t))
{
    char *out = arena_alloc(a, s.len * 4 + 1);
    size_t len = 0;
    utf8proc_int32_t c;
    for (size_t at = 0; at < s.len;) {
        utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)s.at + at, (utf8proc_ssize_t)(s.len - at), &c);
        if (n <= 0) break; /* texts are UTF-8 */
        at += (size_t)n;
        len += (size_t)utf8proc_encode_char(map(c), (utf8proc_uint8_t *)&out[len]);
    }
    return str_of(out, len);
}

struct feel_value fn_upper_case(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)count;
    return feel_string(mapped(run->arena, args[0].string, utf8proc_toupper));
}

struct feel_value fn_lower_case(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)count;
    return feel_string(mapped(run->arena, args[0].string, utf8proc_tolower));
}

struct feel_value fn_substring_before(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)run;
    (void)count;
    ptrdiff_t at = str_find(args[0].string, args[1].string, 0);
    return feel_string(at < 0 ? STR("") : str_part(args[0].string, 0, (size_t)at));
}

struct feel_value fn_substring_after(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)run;
    (void)count;
    ptrdiff_t at = str_find(args[0].string, args[1].string, 0);
    if (at < 0) return feel_string(STR(""));
    return feel_string(str_part(args[0].string, (size_t)at + args[1].string.len, args[0].string.len));
}

struct feel_value fn_contains(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)run;
    (void)count;
    return feel_boolean(str_find(args[0].string, args[1].string, 0) >= 0);
}

struct feel_value fn_starts_with(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)run;
    (void)count;
    return feel_boolean(str_starts(args[0].string, args[1].string));
}

struct feel_value fn_ends_with(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)run;
    (void)count;
    return feel_boolean(str_ends(args[0].string, args[1].string));
}

static struct str text_or_none(const struct feel_value *args, size_t count, size_t i)
{
    return i < count && args[i].kind == FEEL_STRING ? args[i].string : STR("");
}

struct feel_value fn_string_join(struct feel_run *run, const struct feel_value *args, size_t count)
{
    AUTO_BUF struct buf out;
    buf_init(&out, JOIN_BYTES);
    bool is_first = true;
    for (size_t i = 0; i < args[0].count; i++) {
        struct feel_value item = args[0].items[i];
        if (item.kind == FEEL_NULL) continue;
        if (item.kind != FEEL_STRING)
            return feel_error(run, N_("The list holds a {0} among the texts."), str_from(feel_kind_name(item.kind)));
        if (!is_first) buf_add(&out, text_or_none(args, count, 1));
        buf_add(&out, item.string);
        is_first = false;
    }
    return feel_string(str_dup(run->arena, buf_str(&out)));
}

struct feel_value fn_string(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)count;
    if (args[0].kind == FEEL_NULL) return feel_null();
    return feel_string(feel_format(run->arena, args[0]));
}

static bool is_one_of(struct str s, const char *const *allowed)
{
    for (; *allowed != NULL; allowed++)
        if (str_eq(s, str_from(*allowed))) return true;
    return false;
}

/* number("1.000,5", ".", ","): the signs that group and that part decimals. */
struct feel_value fn_number(struct feel_run *run, const struct feel_value *args, size_t count)
{
    static const char *const grouping[] = {" ", ",", ".", NULL}, *const points[] = {".", ",", NULL};
    struct str text = args[0].string, group = text_or_none(args, count, 1), point = text_or_none(args, count, 2);
    decimal d;
    if (count > 1) {
        bool is_fine = (group.len == 0 || is_one_of(group, grouping)) && (point.len == 0 || is_one_of(point, points));
        if (!is_fine || (group.len > 0 && str_eq(group, point.len > 0 ? point : STR(" ."))))
            return feel_error(
                run, N_("Numbers are grouped by a space, a comma or a point, and parted by a comma or a point: "
                        "not by the same one."));
        if (group.len > 0) text = str_replace(run->arena, text, group, STR(""));
        if (str_eq(point, STR(","))) text = str_replace(run->arena, text, STR(","), STR("."));
    }
    if (!decimal_parse(text, &d)) return feel_error(run, N_("“{0}” is no number."), args[0].string);
    return feel_number(d);
}
