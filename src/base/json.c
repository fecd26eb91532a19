#include "base/json.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/word.h"

/* ---- reading ---- */

/* yyjson takes its memory from the arena and gives nothing back; when the arena has no room it fails, not the process.
 */
static void *take_from_arena(void *context, size_t bytes)
{
    struct arena *a = context;
    size_t left = a->ceiling_bytes - a->used_bytes;
    return bytes + sizeof(max_align_t) <= left ? arena_alloc(a, bytes) : NULL;
}

static void *grow_in_arena(void *context, void *old, size_t old_bytes, size_t bytes)
{
    struct arena *a = context;
    size_t left = a->ceiling_bytes - a->used_bytes;
    return bytes + sizeof(max_align_t) <= left ? arena_grow(a, old, old_bytes, bytes) : NULL;
}

static void keep_in_arena(void *context, void *at)
{
    (void)context;
    (void)at;
}

static enum outcome refuse_at(struct fail *why, struct str text, size_t at, const char *sentence)
{
    size_t line = 1, column = 1;
    for (size_t i = 0; i < at && i < text.len; i++) {
        bool is_start = ((unsigned char)text.at[i] & 0xC0) != 0x80; /* columns count code points */
        column = text.at[i] == '\n' ? 1 : column + is_start;
        line += text.at[i] == '\n';
    }
    return fail(why, ERR_BAD, sentence, str_format(why->arena, "%zu", line), str_format(why->arena, "%zu", column));
}

/* Where the nesting becomes deeper than JSON_DEPTH. Looks only at brackets outside strings; the text is JSON. */
static size_t too_deep_at(struct str text)
{
    int depth = 0;
    bool is_in_string = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (is_in_string) {
            if (c == '\\') i++;
            is_in_string = c != '"';
        } else if (c == '"') {
            is_in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > JSON_DEPTH) return i;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return text.len;
}

static int by_key_bytes(const void *a, const void *b)
{
    return str_cmp(json_text(*(yyjson_val *const *)a), json_text(*(yyjson_val *const *)b));
}

enum { FEW_KEYS = 16 };

static yyjson_val *repeated_of_few(yyjson_val *object)
{
    yyjson_val *seen[FEW_KEYS], *key;
    size_t count = 0;
    yyjson_obj_iter it = yyjson_obj_iter_with(object);
    while ((key = yyjson_obj_iter_next(&it)) != NULL) {
        for (size_t i = 0; i < count; i++) {
            if (str_eq(json_text(seen[i]), json_text(key))) return key;
        }
        seen[count++] = key;
    }
    return NULL;
}

/* Sorting, not hashing: the time does not depend on how the sender chose the keys. */
static yyjson_val *repeated_of_many(yyjson_val *object)
{
    size_t count = yyjson_obj_size(object), filled = 0;
    AUTO_ARENA struct arena scratch;
    arena_init(&scratch, count * sizeof(yyjson_val *) + sizeof(max_align_t));
    yyjson_val **keys = ARENA_ARRAY(&scratch, yyjson_val *, count), *key;
    yyjson_obj_iter it = yyjson_obj_iter_with(object);
    while ((key = yyjson_obj_iter_next(&it)) != NULL) keys[filled++] = key;
    qsort(keys, filled, sizeof *keys, by_key_bytes);
    for (size_t i = 1; i < filled; i++) {
        if (str_eq(json_text(keys[i - 1]), json_text(keys[i]))) return keys[i] > keys[i - 1] ? keys[i] : keys[i - 1];
    }
    return NULL;
}

/* What the grammar allows and we do not. */
struct flaw {
    yyjson_val *repeated; /* a key that stands twice in one object */
    bool is_deep;
};

static bool find_flaw(yyjson_val *v, int depth, struct flaw *out)
{
    yyjson_val *key, *item;
    if (!yyjson_is_ctn(v)) return false;
    out->is_deep = depth >= JSON_DEPTH;
    if (out->is_deep) return true;
    if (yyjson_is_arr(v)) {
        yyjson_arr_iter it = yyjson_arr_iter_with(v);
        while ((item = yyjson_arr_iter_next(&it)) != NULL) {
            if (find_flaw(item, depth + 1, out)) return true;
        }
        return false;
    }
    out->repeated = yyjson_obj_size(v) <= FEW_KEYS ? repeated_of_few(v) : repeated_of_many(v);
    if (out->repeated) return true;
    yyjson_obj_iter it = yyjson_obj_iter_with(v);
    while ((key = yyjson_obj_iter_next(&it)) != NULL) {
        if (find_flaw(yyjson_obj_iter_get_val(key), depth + 1, out)) return true;
    }
    return false;
}

enum outcome json_read(struct arena *a, struct str text, yyjson_val **out, struct fail *why)
{
    /* Read in place of a copy: a string's address then tells where it stood in the text. */
    char *copy = take_from_arena(a, text.len + YYJSON_PADDING_SIZE);
    if (!copy) return fail(why, ERR_TOO_LARGE, N_("The JSON is too large."));
    if (text.len > 0) memcpy(copy, text.at, text.len);
    yyjson_alc memory = {take_from_arena, grow_in_arena, keep_in_arena, a};
    yyjson_read_err err;
    yyjson_doc *doc = yyjson_read_opts(copy, text.len, YYJSON_READ_INSITU, &memory, &err);
    if (!doc && err.code == YYJSON_READ_ERROR_MEMORY_ALLOCATION) {
        return fail(why, ERR_TOO_LARGE, N_("The JSON is too large."));
    }
    if (!doc) return refuse_at(why, text, err.pos, N_("This is not JSON: see line {0}, column {1}."));
    struct flaw flaw = {0};
    if (!find_flaw(yyjson_doc_get_root(doc), 0, &flaw)) {
        *out = yyjson_doc_get_root(doc);
        return OK;
    }
    if (flaw.is_deep) {
        return refuse_at(why, text, too_deep_at(text), N_("The JSON is nested too deeply at line {0}, column {1}."));
    }
    size_t at = (size_t)(yyjson_get_str(flaw.repeated) - copy) - 1;
    return refuse_at(why, text, at, N_("The JSON names the same member twice: see line {0}, column {1}."));
}

static bool holds_nul(yyjson_val *string)
{
    struct str s = json_text(string);
    return s.len > 0 && memchr(s.at, '\0', s.len) != NULL;
}

bool json_has_nul(yyjson_val *v)
{
    yyjson_val *key, *item;
    if (yyjson_is_arr(v)) {
        yyjson_arr_iter it = yyjson_arr_iter_with(v);
        while ((item = yyjson_arr_iter_next(&it)) != NULL)
            if (json_has_nul(item)) return true;
        return false;
    }
    yyjson_obj_iter it = yyjson_obj_iter_with(v); /* of nothing when v is no object */
    while ((key = yyjson_obj_iter_next(&it)) != NULL)
        if (holds_nul(key) || json_has_nul(yyjson_obj_iter_get_val(key))) return true;
    return holds_nul(v);
}

struct str json_text(yyjson_val *string)
{
    return yyjson_is_str(string) ? str_of(yyjson_get_str(string), yyjson_get_len(string)) : STR_NONE;
}

yyjson_val *json_get(yyjson_val *object, const char *key)
{
    yyjson_val *v = yyjson_obj_get(object, key);
    return yyjson_is_null(v) ? NULL : v;
}

struct str json_str(yyjson_val *object, const char *key)
{
    return json_text(yyjson_obj_get(object, key));
}

int64_t json_int(yyjson_val *object, const char *key, int64_t otherwise)
{
    yyjson_val *v = yyjson_obj_get(object, key);
    if (!yyjson_is_int(v) || (yyjson_is_uint(v) && yyjson_get_uint(v) > INT64_MAX)) return otherwise;
    return yyjson_get_sint(v);
}

bool json_bool(yyjson_val *object, const char *key, bool otherwise)
{
    yyjson_val *v = yyjson_obj_get(object, key);
    return yyjson_is_bool(v) ? yyjson_get_bool(v) : otherwise;
}

/* ---- writing ---- */

void jw_init(struct json_writer *w, struct buf *out)
{
    *w = (struct json_writer){.out = out};
}

static void begin_value(struct json_writer *w)
{
    if (w->needs_comma && !w->is_after_key) buf_add_char(w->out, ',');
    w->needs_comma = true;
    w->is_after_key = false;
}

void jw_open(struct json_writer *w, char bracket)
{
    if (w->depth >= JSON_DEPTH) BUG("JSON is written deeper than %d", JSON_DEPTH);
    begin_value(w);
    buf_add_char(w->out, bracket);
    w->closers[w->depth++] = bracket == '{' ? '}' : ']';
    w->needs_comma = false;
}

void jw_close(struct json_writer *w)
{
    if (w->depth == 0 || w->is_after_key) BUG("JSON is closed where nothing can end");
    buf_add_char(w->out, w->closers[--w->depth]);
    w->needs_comma = true;
}

static void add_escaped(struct buf *out, unsigned char c)
{
    static const char short_escapes[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    buf_add_char(out, '\\');
    if (c == '"' || c == '\\') {
        buf_add_char(out, (char)c);
    } else if (c < sizeof short_escapes && short_escapes[c]) {
        buf_add_char(out, short_escapes[c]);
    } else {
        buf_addf(out, "u%04x", c);
    }
}

static bool is_special(char c)
{
    return (unsigned char)c < ' ' || c == '"' || c == '\\';
}

static bool is_plain_word(uint64_t word)
{
    return !word_has_below(word, ' ') && !word_has(word, '"') && !word_has(word, '\\');
}

/* Where the next byte stands that cannot stay as it is; the end without one. */
static size_t plain_until(struct str s, size_t at)
{
    for (; at + WORD_BYTES <= s.len; at += WORD_BYTES) {
        if (!is_plain_word(word_at(s.at + at))) break;
    }
    bool is_at_end = at + WORD_BYTES > s.len && s.len >= WORD_BYTES; /* the rest is shorter than a word */
    if (is_at_end && is_plain_word(word_at(s.at + s.len - WORD_BYTES))) return s.len;
    while (at < s.len && !is_special(s.at[at])) at++;
    return at;
}

static void add_string(struct buf *out, struct str s)
{
    buf_add_char(out, '"');
    for (size_t from = 0; from < s.len;) {
        size_t to = plain_until(s, from);
        buf_add(out, str_of(s.at + from, to - from));
        if (to < s.len) add_escaped(out, (unsigned char)s.at[to]);
        from = to + 1;
    }
    buf_add_char(out, '"');
}

void jw_key(struct json_writer *w, const char *key)
{
    begin_value(w);
    add_string(w->out, str_from(key));
    buf_add_char(w->out, ':');
    w->is_after_key = true;
}

void jw_str(struct json_writer *w, struct str s)
{
    begin_value(w);
    add_string(w->out, s);
}

void jw_int(struct json_writer *w, int64_t n)
{
    begin_value(w);
    buf_add_int(w->out, n);
}

void jw_bool(struct json_writer *w, bool b)
{
    jw_raw(w, b ? STR("true") : STR("false"));
}

void jw_null(struct json_writer *w)
{
    jw_raw(w, STR("null"));
}

void jw_raw(struct json_writer *w, struct str json)
{
    begin_value(w);
    buf_add(w->out, json);
}

/* ---- numbers, as ECMAScript writes them (ECMA-262, Number::toString; RFC 8785, 3.2.2.3) ---- */

enum { DIGITS_MOST = 17 };

/* value = 0.d1d2d3... * 10^exponent */
struct decimal {
    char digits[DIGITS_MOST + 1];
    int count, exponent;
};

static struct decimal decimal_with(double value, int digit_count)
{
    char text[32]; /* d.dddde+xxx */
    struct decimal d = {.count = digit_count};
    (void)snprintf(text, sizeof text, "%.*e", digit_count - 1, value); /* at most 24 characters */
    d.digits[0] = text[0];
    if (digit_count > 1) memcpy(d.digits + 1, text + 2, (size_t)digit_count - 1);
    d.exponent = (int)strtol(strchr(text, 'e') + 1, NULL, 10) + 1;
    return d;
}

static bool is_exact(const struct decimal *d, double value)
{
    char text[40];
    (void)snprintf(text, sizeof text, "0.%se%d", d->digits, d->exponent); /* 17 digits and an exponent fit */
    return strtod(text, NULL) == value;
}

/* One more in the last place. False when it carries over the first digit. */
static bool step_up(struct decimal *d)
{
    for (int i = d->count - 1; i >= 0; i--) {
        if (d->digits[i] < '9') {
            d->digits[i]++;
            return true;
        }
        d->digits[i] = '0';
    }
    return false;
}

/* The fewest digits that read back as the same number. Every decimal of 15 digits survives a double, so that search
 * begins there except among the denormals; at powers of two the nearest decimal may miss where the next one up does
 * not. */
static struct decimal shortest(double value)
{
    for (int n = value < DBL_MIN ? 1 : DBL_DIG; n < DIGITS_MOST; n++) {
        struct decimal d = decimal_with(value, n);
        if (is_exact(&d, value) || (step_up(&d) && is_exact(&d, value))) return d;
    }
    return decimal_with(value, DIGITS_MOST);
}

static void add_zeros(struct buf *out, int count)
{
    for (int i = 0; i < count; i++) buf_add_char(out, '0');
}

static void add_decimal(struct buf *out, struct str digits, int exponent)
{
    int count = (int)digits.len;
    if (exponent > 21 || exponent <= -6) {
        buf_add(out, str_part(digits, 0, 1));
        if (count > 1) buf_add_char(out, '.');
        buf_add(out, str_part(digits, 1, digits.len));
        buf_addf(out, "e%+d", exponent - 1);
    } else if (exponent <= 0) {
        buf_add(out, STR("0."));
        add_zeros(out, -exponent);
        buf_add(out, digits);
    } else if (exponent >= count) {
        buf_add(out, digits);
        add_zeros(out, exponent - count);
    } else {
        buf_add(out, str_part(digits, 0, (size_t)exponent));
        buf_add_char(out, '.');
        buf_add(out, str_part(digits, (size_t)exponent, digits.len));
    }
}

void jw_double(struct json_writer *w, double value)
{
    if (!isfinite(value)) { /* JSON has no word for these */
        jw_null(w);
        return;
    }
    begin_value(w);
    if (value == 0) {
        buf_add_char(w->out, '0'); /* minus zero too */
        return;
    }
    if (value < 0) buf_add_char(w->out, '-');
    struct decimal d = shortest(fabs(value));
    while (d.count > 1 && d.digits[d.count - 1] == '0') d.count--;
    add_decimal(w->out, str_of(d.digits, (size_t)d.count), d.exponent);
}

/* ---- values that were read ---- */

static void add_number(struct json_writer *w, yyjson_val *v)
{
    if (yyjson_is_uint(v) && yyjson_get_uint(v) > INT64_MAX) {
        begin_value(w);
        buf_addf(w->out, "%llu", (unsigned long long)yyjson_get_uint(v));
    } else if (yyjson_is_int(v)) {
        jw_int(w, yyjson_get_sint(v));
    } else {
        jw_double(w, yyjson_get_real(v));
    }
}

static void add_scalar(struct json_writer *w, yyjson_val *v)
{
    switch (yyjson_get_type(v)) {
    case YYJSON_TYPE_STR: jw_str(w, json_text(v)); return;
    case YYJSON_TYPE_NUM: add_number(w, v); return;
    case YYJSON_TYPE_BOOL: jw_bool(w, yyjson_get_bool(v)); return;
    default: jw_null(w); return;
    }
}

static void add_read_key(struct json_writer *w, yyjson_val *key)
{
    jw_str(w, json_text(key));
    buf_add_char(w->out, ':');
    w->is_after_key = true;
}

void jw_value(struct json_writer *w, yyjson_val *v)
{
    yyjson_val *key, *item;
    if (yyjson_is_obj(v)) {
        jw_open(w, '{');
        yyjson_obj_iter it = yyjson_obj_iter_with(v);
        while ((key = yyjson_obj_iter_next(&it)) != NULL) {
            add_read_key(w, key);
            jw_value(w, yyjson_obj_iter_get_val(key));
        }
        jw_close(w);
    } else if (yyjson_is_arr(v)) {
        jw_open(w, '[');
        yyjson_arr_iter it = yyjson_arr_iter_with(v);
        while ((item = yyjson_arr_iter_next(&it)) != NULL) jw_value(w, item);
        jw_close(w);
    } else {
        add_scalar(w, v);
    }
}

/* By UTF-16 code units (RFC 8785, 3.2.3). UTF-8 bytes give the same order except that what lies beyond U+FFFF, in
 * UTF-16 a surrogate of D800-DFFF, comes before U+E000-U+FFFF. */
static int by_key_utf16(const void *a, const void *b)
{
    struct str x = json_text(*(yyjson_val *const *)a), y = json_text(*(yyjson_val *const *)b);
    size_t i = 0;
    while (i < x.len && i < y.len && x.at[i] == y.at[i]) i++;
    if (i < x.len && i < y.len) {
        unsigned char p = (unsigned char)x.at[i], q = (unsigned char)y.at[i];
        if (p >= 0xF0 && (q == 0xEE || q == 0xEF)) return -1;
        if (q >= 0xF0 && (p == 0xEE || p == 0xEF)) return 1;
    }
    return str_cmp(x, y);
}

static void add_canonical(struct json_writer *w, struct arena *scratch, yyjson_val *v)
{
    yyjson_val *key, *item;
    if (yyjson_is_obj(v)) {
        struct arena_mark mark = arena_mark(scratch);
        yyjson_val **keys = ARENA_ARRAY(scratch, yyjson_val *, yyjson_obj_size(v));
        size_t count = 0;
        yyjson_obj_iter it = yyjson_obj_iter_with(v);
        while ((key = yyjson_obj_iter_next(&it)) != NULL) keys[count++] = key;
        qsort(keys, count, sizeof *keys, by_key_utf16);
        jw_open(w, '{');
        for (size_t i = 0; i < count; i++) {
            add_read_key(w, keys[i]);
            add_canonical(w, scratch, yyjson_obj_iter_get_val(keys[i]));
        }
        jw_close(w);
        arena_back(scratch, mark);
    } else if (yyjson_is_arr(v)) {
        jw_open(w, '[');
        yyjson_arr_iter it = yyjson_arr_iter_with(v);
        while ((item = yyjson_arr_iter_next(&it)) != NULL) add_canonical(w, scratch, item);
        jw_close(w);
    } else {
        add_scalar(w, v);
    }
}

struct str json_canonical(struct arena *a, yyjson_val *v)
{
    AUTO_BUF struct buf out;
    buf_init(&out, a->ceiling_bytes - a->used_bytes);
    struct json_writer w;
    jw_init(&w, &out);
    add_canonical(&w, a, v);
    if (out.is_full) BUG("the canonical JSON does not fit into its arena");
    return str_dup(a, buf_str(&out));
}

/* ---- key and value in one call ---- */

void jw_put_str(struct json_writer *w, const char *key, struct str s)
{
    jw_key(w, key);
    jw_str(w, s);
}

void jw_put_str_or_null(struct json_writer *w, const char *key, struct str s)
{
    jw_key(w, key);
    if (s.len > 0) {
        jw_str(w, s);
    } else {
        jw_null(w);
    }
}

void jw_put_int(struct json_writer *w, const char *key, int64_t n)
{
    jw_key(w, key);
    jw_int(w, n);
}

void jw_put_bool(struct json_writer *w, const char *key, bool b)
{
    jw_key(w, key);
    jw_bool(w, b);
}

void jw_put_null(struct json_writer *w, const char *key)
{
    jw_key(w, key);
    jw_null(w);
}

void jw_put_id(struct json_writer *w, const char *key, int64_t id)
{
    jw_key(w, key);
    begin_value(w);
    buf_add_char(w->out, '"');
    buf_add_int(w->out, id);
    buf_add_char(w->out, '"');
}

void jw_put_instant(struct json_writer *w, const char *key, int64_t instant)
{
    char text[INSTANT_BYTES];
    jw_put_str_or_null(w, key, str_of(text, instant_write(text, instant)));
}

void jw_open_list(struct json_writer *w, struct buf *out)
{
    jw_init(w, out);
    jw_open(w, '{');
    jw_key(w, "items");
    jw_open(w, '[');
}

void jw_close_list(struct json_writer *w, struct str next_cursor)
{
    jw_close(w);
    jw_put_str_or_null(w, "next_cursor", next_cursor);
    jw_close(w);
}
