#include "rule/feel_value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"

enum { FORMAT_BYTES = 16 * 1024 * 1024 };

const char *feel_kind_name(enum feel_kind kind)
{
    static const char *const names[FEEL_KIND_COUNT] = {
        [FEEL_NULL] = "null",
        [FEEL_BOOLEAN] = "boolean",
        [FEEL_NUMBER] = "number",
        [FEEL_STRING] = "string",
        [FEEL_DATE] = "date",
        [FEEL_TIME] = "time",
        [FEEL_MOMENT] = "date and time",
        [FEEL_DAYS] = "days and time duration",
        [FEEL_MONTHS] = "years and months duration",
        [FEEL_RANGE] = "range",
        [FEEL_LIST] = "list",
        [FEEL_CONTEXT] = "context",
        [FEEL_FUNCTION] = "function",
    };
    return names[kind];
}

struct feel_value feel_date_value(struct feel_date d)
{
    return (struct feel_value){.kind = FEEL_DATE, .date = d};
}

struct feel_value feel_time_value(struct feel_time t)
{
    return (struct feel_value){.kind = FEEL_TIME, .time = t};
}

struct feel_value feel_moment_value(struct arena *a, struct feel_moment m)
{
    return (struct feel_value){.kind = FEEL_MOMENT, .moment = arena_dup(a, &m, sizeof m)};
}

struct feel_value feel_days_value(nanos_t n)
{
    return (struct feel_value){.kind = FEEL_DAYS, .nanos = n};
}

struct feel_value feel_months_value(int64_t months)
{
    return (struct feel_value){.kind = FEEL_MONTHS, .months = months};
}

struct feel_value feel_context_value(struct arena *a, const struct feel_entry *entries, size_t count)
{
    struct feel_context *context = ARENA_NEW(a, struct feel_context);
    *context = (struct feel_context){entries, count};
    return (struct feel_value){.kind = FEEL_CONTEXT, .context = context};
}

const struct feel_value *feel_context_find(const struct feel_context *c, struct str name)
{
    for (size_t i = 0; i < c->count; i++)
        if (str_eq(c->entries[i].name, name)) return &c->entries[i].value;
    return NULL;
}

/* ---- equality and order ---- */

static enum feel_answer answer(bool is)
{
    return is ? FEEL_YES : FEEL_NO;
}

/* What stands in a value many times is compared many times: up to a bound. */
enum { COMPARISONS_MOST = 1000000 };

struct comparing {
    int depth, left;
};

static enum feel_answer equal_at(struct feel_value a, struct feel_value b, struct comparing *c);

static bool items_equal(struct feel_value a, struct feel_value b, struct comparing *c)
{
    if (a.count != b.count) return false;
    for (size_t i = 0; i < a.count; i++)
        if (equal_at(a.items[i], b.items[i], c) != FEEL_YES) return false;
    return true;
}

static bool contexts_equal(const struct feel_context *a, const struct feel_context *b, struct comparing *c)
{
    if (a->count != b->count) return false;
    for (size_t i = 0; i < a->count; i++) {
        const struct feel_value *other = feel_context_find(b, a->entries[i].name);
        if (other == NULL || equal_at(a->entries[i].value, *other, c) != FEEL_YES) return false;
    }
    return true;
}

static bool ranges_equal(const struct feel_range *a, const struct feel_range *b, struct comparing *c)
{
    return a->has_from == b->has_from && a->has_to == b->has_to && a->comparison == b->comparison &&
           equal_at(a->from, b->from, c) == FEEL_YES && equal_at(a->to, b->to, c) == FEEL_YES;
}

/* Times of day are compared in UTC when they have an offset (DMN 1.5, table 42: by their whole seconds). A named zone
 * has no offset without a date; two of the same name are compared as they are. */
static int64_t time_seconds(struct feel_time t)
{
    return t.second - (t.zone != NULL && t.zone->name.len == 0 ? t.zone->offset_s : 0);
}

static int sign(nanos_t n)
{
    return (n > 0) - (n < 0);
}

static int number_order(decimal a, decimal b)
{
    int64_t x, y;
    if (decimal_is_small(a, &x) && decimal_is_small(b, &y)) return (x > y) - (x < y);
    return (a > b) - (a < b);
}

static enum feel_answer parts_equal(struct feel_value a, struct feel_value b, struct comparing *c)
{
    bool are_equal = false;
    c->depth++;
    if (a.kind == FEEL_RANGE) are_equal = ranges_equal(a.range, b.range, c);
    if (a.kind == FEEL_LIST) are_equal = items_equal(a, b, c);
    if (a.kind == FEEL_CONTEXT) are_equal = contexts_equal(a.context, b.context, c);
    c->depth--;
    return c->left > 0 ? answer(are_equal) : FEEL_UNKNOWN;
}

static enum feel_answer equal_at(struct feel_value a, struct feel_value b, struct comparing *c)
{
    if (c->depth > FEEL_DEPTH || --c->left <= 0) return FEEL_UNKNOWN;
    if (a.kind == FEEL_NULL || b.kind == FEEL_NULL) return answer(a.kind == b.kind);
    if (a.kind != b.kind) return FEEL_UNKNOWN;
    switch (a.kind) {
    case FEEL_BOOLEAN: return answer(a.boolean == b.boolean);
    case FEEL_NUMBER: return answer(number_order(a.number, b.number) == 0);
    case FEEL_STRING: return answer(str_eq(a.string, b.string));
    case FEEL_DATE: return answer(date_to_days(a.date) == date_to_days(b.date));
    case FEEL_TIME: return answer(time_seconds(a.time) == time_seconds(b.time));
    case FEEL_MOMENT: return answer(moment_nanos(a.moment) / NANOS_PER_S == moment_nanos(b.moment) / NANOS_PER_S);
    case FEEL_DAYS: return answer(a.nanos == b.nanos);
    case FEEL_MONTHS: return answer(a.months == b.months);
    case FEEL_RANGE:
    case FEEL_LIST:
    case FEEL_CONTEXT: return parts_equal(a, b, c);
    case FEEL_FUNCTION: return answer(a.function == b.function);
    case FEEL_NULL:
    case FEEL_KIND_COUNT: break;
    }
    return FEEL_UNKNOWN;
}

enum feel_answer feel_equal(struct feel_value a, struct feel_value b)
{
    struct comparing c = {.left = COMPARISONS_MOST};
    return equal_at(a, b, &c);
}

enum feel_answer feel_equal_within(struct feel_value a, struct feel_value b, int64_t *steps_left)
{
    struct comparing c = {.left = *steps_left < COMPARISONS_MOST ? (int)*steps_left : COMPARISONS_MOST};
    int before = c.left;
    enum feel_answer same = equal_at(a, b, &c);
    *steps_left -= before - c.left;
    return same;
}

/* By code point, which is the order of UTF-8's bytes. */
static int text_order(struct str a, struct str b)
{
    int order = str_cmp(a, b);
    return (order > 0) - (order < 0);
}

bool feel_compare(struct feel_value a, struct feel_value b, int *out)
{
    if (a.kind != b.kind) return false;
    switch (a.kind) {
    case FEEL_NUMBER: *out = number_order(a.number, b.number); return true;
    case FEEL_STRING: *out = text_order(a.string, b.string); return true;
    case FEEL_DATE: *out = sign(date_to_days(a.date) - date_to_days(b.date)); return true;
    case FEEL_TIME:
        *out = sign((nanos_t)(time_seconds(a.time) - time_seconds(b.time)) * NANOS_PER_S + a.time.nanos - b.time.nanos);
        return true;
    case FEEL_MOMENT: *out = sign(moment_nanos(a.moment) - moment_nanos(b.moment)); return true;
    case FEEL_DAYS: *out = sign(a.nanos - b.nanos); return true;
    case FEEL_MONTHS: *out = sign(a.months - b.months); return true;
    default: return false;
    }
}

static bool zones_same(const struct feel_zone *a, const struct feel_zone *b)
{
    if (a == NULL || b == NULL) return a == b;
    return str_eq(a->name, b->name) && a->offset_s == b->offset_s;
}

static bool times_same(struct feel_time a, struct feel_time b)
{
    return a.second == b.second && a.nanos == b.nanos && zones_same(a.zone, b.zone);
}

bool feel_is_same(struct feel_value a, struct feel_value b)
{
    if (a.kind != b.kind) return false;
    if (a.kind == FEEL_TIME) return times_same(a.time, b.time);
    if (a.kind == FEEL_MOMENT)
        return date_to_days(a.moment->date) == date_to_days(b.moment->date) &&
               times_same(a.moment->time, b.moment->time);
    return feel_equal(a, b) == FEEL_YES;
}

enum feel_answer feel_range_has(const struct feel_range *r, struct feel_value v)
{
    int order;
    if (r->comparison == '=') return feel_equal(v, r->from);
    if (r->comparison == '!') {
        enum feel_answer same = feel_equal(v, r->from);
        return same == FEEL_UNKNOWN ? FEEL_UNKNOWN : answer(same == FEEL_NO);
    }
    bool is_in = true;
    if (r->comparison == 0 && (r->from.kind == FEEL_NULL || r->to.kind == FEEL_NULL)) return FEEL_UNKNOWN;
    if (r->from.kind != FEEL_NULL) {
        if (!feel_compare(v, r->from, &order)) return FEEL_UNKNOWN;
        is_in = order > 0 || (order == 0 && r->has_from);
    }
    if (r->to.kind != FEEL_NULL) {
        if (!feel_compare(v, r->to, &order)) return FEEL_UNKNOWN;
        is_in = is_in && (order < 0 || (order == 0 && r->has_to));
    }
    return answer(is_in);
}

/* ---- text ---- */

struct writer {
    struct buf *out;
    struct arena *arena;
    int depth;
};

static void write_value(struct writer *w, struct feel_value v);

static void write_quoted(struct buf *out, struct str s)
{
    buf_add_char(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '"' || s.at[i] == '\\') buf_add_char(out, '\\');
        buf_add_char(out, s.at[i]);
    }
    buf_add_char(out, '"');
}

static void write_list(struct writer *w, struct feel_value v)
{
    buf_add_char(w->out, '[');
    for (size_t i = 0; i < v.count && !w->out->is_full; i++) {
        if (i > 0) buf_add(w->out, STR(", "));
        write_value(w, v.items[i]);
    }
    buf_add_char(w->out, ']');
}

static bool is_plain_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (strchr("{}:,\"\\[]()", name.at[i]) != NULL) return false;
    return name.len > 0;
}

static void write_context(struct writer *w, const struct feel_context *c)
{
    buf_add_char(w->out, '{');
    for (size_t i = 0; i < c->count && !w->out->is_full; i++) {
        if (i > 0) buf_add(w->out, STR(", "));
        if (is_plain_name(c->entries[i].name))
            buf_add(w->out, c->entries[i].name);
        else
            write_quoted(w->out, c->entries[i].name);
        buf_add(w->out, STR(": "));
        write_value(w, c->entries[i].value);
    }
    buf_add_char(w->out, '}');
}

static void write_range(struct writer *w, const struct feel_range *r)
{
    if (r->comparison != 0) {
        static const struct {
            char comparison;
            const char *text;
        } words[] = {
            {'<', "<" },
            {'l', "<="},
            {'>', ">" },
            {'g', ">="},
            {'=', "=" },
            {'!', "!="}
        };
        buf_add_char(w->out, '(');
        for (size_t i = 0; i < LENGTH(words); i++)
            if (words[i].comparison == r->comparison) buf_addf(w->out, "%s ", words[i].text);
        write_value(w, r->comparison == '<' || r->comparison == 'l' ? r->to : r->from);
        buf_add_char(w->out, ')');
        return;
    }
    buf_add_char(w->out, r->has_from ? '[' : '(');
    write_value(w, r->from);
    buf_add(w->out, STR(".."));
    write_value(w, r->to);
    buf_add_char(w->out, r->has_to ? ']' : ')');
}

static void write_value(struct writer *w, struct feel_value v)
{
    if (w->depth >= FEEL_DEPTH) {
        buf_add(w->out, STR("…"));
        return;
    }
    w->depth++;
    switch (v.kind) {
    case FEEL_NULL: buf_add(w->out, STR("null")); break;
    case FEEL_STRING: write_quoted(w->out, v.string); break;
    case FEEL_LIST: write_list(w, v); break;
    case FEEL_CONTEXT: write_context(w, v.context); break;
    case FEEL_RANGE: write_range(w, v.range); break;
    default: buf_add(w->out, feel_format(w->arena, v)); break;
    }
    w->depth--;
}

static struct str format_composed(struct arena *a, struct feel_value v)
{
    AUTO_BUF struct buf out;
    buf_init(&out, FORMAT_BYTES);
    write_value(&(struct writer){&out, a, 0}, v);
    return str_dup(a, buf_str(&out));
}

struct str feel_format(struct arena *a, struct feel_value v)
{
    switch (v.kind) {
    case FEEL_NULL: return STR("");
    case FEEL_BOOLEAN: return v.boolean ? STR("true") : STR("false");
    case FEEL_NUMBER: return decimal_format(a, v.number);
    case FEEL_STRING: return v.string;
    case FEEL_DATE: return date_format(a, v.date);
    case FEEL_TIME: return time_format(a, v.time);
    case FEEL_MOMENT: return moment_format(a, *v.moment);
    case FEEL_DAYS: return nanos_format(a, v.nanos);
    case FEEL_MONTHS: return months_format(a, v.months);
    case FEEL_FUNCTION: return STR("function");
    case FEEL_RANGE:
    case FEEL_LIST:
    case FEEL_CONTEXT:
    case FEEL_KIND_COUNT: break;
    }
    return format_composed(a, v);
}

/* ---- JSON ---- */

void feel_write_json(struct json_writer *w, struct arena *a, struct feel_value v)
{
    if (w->depth >= JSON_DEPTH - 1) {
        jw_null(w);
        return;
    }
    switch (v.kind) {
    case FEEL_NULL: jw_null(w); return;
    case FEEL_BOOLEAN: jw_bool(w, v.boolean); return;
    case FEEL_NUMBER: jw_raw(w, decimal_format(a, v.number)); return;
    case FEEL_LIST:
        jw_open(w, '[');
        for (size_t i = 0; i < v.count && !w->out->is_full; i++) feel_write_json(w, a, v.items[i]);
        jw_close(w);
        return;
    case FEEL_CONTEXT:
        jw_open(w, '{');
        for (size_t i = 0; i < v.context->count && !w->out->is_full; i++) {
            jw_key(w, str_cstr(a, v.context->entries[i].name));
            feel_write_json(w, a, v.context->entries[i].value);
        }
        jw_close(w);
        return;
    default: jw_str(w, feel_format(a, v)); return;
    }
}

/* The shortest decimal that is read as the same binary number: what was written, for any number of up to 15 digits. */
static bool real_digits(double real, decimal *out)
{
    char text[40];
    int len = 0;
    for (int digits = 15; digits <= 17; digits++) {
        len = snprintf(text, sizeof text, "%.*g", digits, real);
        if (strtod(text, NULL) == real) break;
    }
    return decimal_parse(str_of(text, (size_t)len), out);
}

static struct feel_value read_object(struct arena *a, yyjson_val *v)
{
    struct feel_entry *entries = ARENA_ARRAY(a, struct feel_entry, yyjson_obj_size(v) + 1);
    size_t count = 0, i, most;
    yyjson_val *key, *value;
    yyjson_obj_foreach(v, i, most, key, value)
    {
        struct str name = str_of(yyjson_get_str(key), yyjson_get_len(key));
        entries[count++] = (struct feel_entry){name, feel_read_json(a, value)};
    }
    return feel_context_value(a, entries, count);
}

static struct feel_value read_array(struct arena *a, yyjson_val *v)
{
    struct feel_value *items = ARENA_ARRAY(a, struct feel_value, yyjson_arr_size(v) + 1);
    size_t count = 0, i, most;
    yyjson_val *item;
    yyjson_arr_foreach(v, i, most, item)
    {
        items[count++] = feel_read_json(a, item);
    }
    return feel_list(items, count);
}

struct feel_value feel_read_json(struct arena *a, yyjson_val *v)
{
    if (yyjson_is_bool(v)) return feel_boolean(yyjson_get_bool(v));
    if (yyjson_is_sint(v)) return feel_number((decimal)yyjson_get_sint(v));
    if (yyjson_is_uint(v)) return feel_number((decimal)yyjson_get_uint(v));
    if (yyjson_is_real(v)) {
        decimal d;
        return real_digits(yyjson_get_real(v), &d) ? feel_number(d) : feel_null();
    }
    if (yyjson_is_str(v)) return feel_string(str_of(yyjson_get_str(v), yyjson_get_len(v)));
    if (yyjson_is_arr(v)) return read_array(a, v);
    return yyjson_is_obj(v) ? read_object(a, v) : feel_null();
}
