/* matches, replace, split: regular expressions of XPath 3.1 (F&O 5.6), run by ICU after the few places where the two
 * differ have been rewritten. Time and memory of a match are bounded. */
#include <string.h>
#include <unicode/uregex.h>
#include <unicode/ustring.h>

#include "base/auto.h"
#include "base/list.h"
#include "rule/feel_functions.h"

enum { PATTERN_BYTES = 64 * 1024, OUTPUT_BYTES = 16 * 1024 * 1024, MATCH_STEPS = 500, MATCH_STACK = 4 * 1024 * 1024 };

struct flags {
    bool is_spaced, is_literal, is_multiline; /* x, q, m */
    uint32_t icu;
};

static bool read_flags(struct str text, struct flags *out)
{
    *out = (struct flags){0};
    for (size_t i = 0; i < text.len; i++) {
        switch (text.at[i]) {
        case 's': out->icu |= UREGEX_DOTALL; break;
        case 'm':
            out->icu |= UREGEX_MULTILINE;
            out->is_multiline = true;
            break;
        case 'i': out->icu |= UREGEX_CASE_INSENSITIVE; break;
        case 'x': out->is_spaced = true; break;
        case 'q': out->is_literal = true; break;
        default: return false;
        }
    }
    return true;
}

/* ---- from XPath's words to ICU's ---- */

struct translation {
    struct str pattern;
    size_t at;
    struct flags flags;
    struct buf *out;
    int class_depth;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* \p{IsBasicLatin} names a block. */
static bool translate_property(struct translation *t)
{
    ptrdiff_t end = str_find(t->pattern, STR("}"), t->at);
    if (t->at + 2 >= t->pattern.len || t->pattern.at[t->at + 2] != '{' || end < 0) return false;
    buf_add(t->out, str_part(t->pattern, t->at, 3));
    char name[64];
    size_t len = 0;
    for (size_t i = t->at + 3; i < (size_t)end; i++) {
        char c = t->pattern.at[i];
        if (is_space(c) && t->flags.is_spaced && t->class_depth == 0) continue;
        if (is_space(c) || len == sizeof name) return false;
        name[len++] = c;
    }
    bool is_block = len > 2 && name[0] == 'I' && name[1] == 's';
    if (is_block) buf_add(t->out, STR("blk="));
    buf_add(t->out, str_of(is_block ? &name[2] : name, is_block ? len - 2 : len));
    buf_add_char(t->out, '}');
    t->at = (size_t)end + 1;
    return true;
}

/* What XML calls the first and the other characters of a name. */
static bool translate_escape(struct translation *t)
{
    static const struct {
        char letter;
        const char *set;
    } sets[] = {
        {'i', "[_:\\p{L}]"               },
        {'I', "[^_:\\p{L}]"              },
        {'c', "[-._:\\p{L}\\p{N}\\p{M}]" },
        {'C', "[^-._:\\p{L}\\p{N}\\p{M}]"},
    };
    char c = t->at + 1 < t->pattern.len ? t->pattern.at[t->at + 1] : '\0';
    if (c == 'p' || c == 'P') return translate_property(t);
    if (c >= '0' && c <= '9' && (t->class_depth > 0 || c == '0')) return false; /* no group can be meant */
    if (c == '\0' || (strchr("nrt\\|.?*+(){}-[]^$ sSiIcCdDwWpP", c) == NULL && !(c >= '1' && c <= '9'))) return false;
    t->at += 2;
    for (size_t i = 0; i < LENGTH(sets); i++)
        if (c == sets[i].letter) {
            buf_add(t->out, str_from(sets[i].set));
            return true;
        }
    if (c == ' ') {
        t->at--; /* "\ s" with x: the space goes, the letter is escaped */
        if (!t->flags.is_spaced) return false;
        while (t->at < t->pattern.len && is_space(t->pattern.at[t->at])) t->at++;
        if (t->at >= t->pattern.len) return false;
        buf_add_char(t->out, '\\');
        buf_add_char(t->out, t->pattern.at[t->at++]);
        return true;
    }
    buf_add_char(t->out, '\\');
    buf_add_char(t->out, c);
    return true;
}

static void translate_class_sign(struct translation *t, char c)
{
    bool is_subtraction =
        c == '-' && t->class_depth > 0 && t->at + 1 < t->pattern.len && t->pattern.at[t->at + 1] == '[';
    if (c == '[') t->class_depth++;
    if (c == ']' && t->class_depth > 0) t->class_depth--;
    buf_add(t->out, is_subtraction ? STR("--") : str_of(&c, 1));
    t->at++;
}

static bool translate_pattern(struct translation *t)
{
    while (t->at < t->pattern.len) {
        char c = t->pattern.at[t->at];
        if (c == '\\') {
            if (!translate_escape(t)) return false;
        } else if (t->flags.is_spaced && t->class_depth == 0 && is_space(c)) {
            t->at++;
        } else if (c == '$' && t->class_depth == 0 && !t->flags.is_multiline) {
            buf_add(t->out, STR("\\z")); /* the very end; ICU's own $ forgives a line break */
            t->at++;
        } else {
            translate_class_sign(t, c);
        }
    }
    return true;
}

/* ---- ICU ---- */

struct wide {
    UChar *at;
    int32_t len;
};

static struct wide widen(struct arena *a, struct str s)
{
    UErrorCode status = U_ZERO_ERROR;
    struct wide w = {ARENA_ARRAY(a, UChar, s.len + 1), 0};
    u_strFromUTF8(w.at, (int32_t)s.len + 1, &w.len, s.len > 0 ? s.at : "", (int32_t)s.len, &status);
    return w;
}

static struct str narrow(struct arena *a, const UChar *at, int32_t len)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t out_len = 0, room = len * 3 + 1;
    char *out = arena_alloc(a, (size_t)room);
    u_strToUTF8(out, room, &out_len, at, len, &status);
    return str_of(out, (size_t)out_len);
}

struct match {
    URegularExpression *expression;
    struct wide input;
};

static bool open_match(struct feel_run *run, struct str input, struct str pattern, struct str flag_text,
                       struct match *out)
{
    struct flags flags;
    UErrorCode status = U_ZERO_ERROR;
    AUTO_BUF struct buf text;
    buf_init(&text, PATTERN_BYTES);
    if (!read_flags(flag_text, &flags)) {
        (void)feel_error(run, N_("The flags of a pattern are s, m, i, x and q, not “{0}”."), flag_text);
        return false;
    }
    struct translation t = {.pattern = pattern, .flags = flags, .out = &text};
    bool is_fine = flags.is_literal || translate_pattern(&t);
    struct wide w = widen(run->arena, flags.is_literal ? pattern : buf_str(&text));
    uint32_t icu = flags.icu | (flags.is_literal ? UREGEX_LITERAL : 0);
    out->expression = is_fine && !text.is_full ? uregex_open(w.at, w.len, icu, NULL, &status) : NULL;
    if (out->expression == NULL || U_FAILURE(status)) {
        (void)feel_error(run, N_("“{0}” is no regular expression."), pattern);
        return false;
    }
    out->input = widen(run->arena, input);
    uregex_setTimeLimit(out->expression, MATCH_STEPS, &status);
    uregex_setStackLimit(out->expression, MATCH_STACK, &status);
    uregex_setText(out->expression, out->input.at, out->input.len, &status);
    return true;
}

static struct feel_value give_up(struct feel_run *run, struct match *m)
{
    uregex_close(m->expression);
    return feel_error(run, N_("The regular expression takes too long on this text."));
}

static struct str flags_of(const struct feel_value *args, size_t count, size_t i)
{
    return i < count && args[i].kind == FEEL_STRING ? args[i].string : STR("");
}

struct feel_value fn_matches(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct match m;
    UErrorCode status = U_ZERO_ERROR;
    if (!open_match(run, args[0].string, args[1].string, flags_of(args, count, 2), &m)) return feel_null();
    bool is_found = uregex_find(m.expression, 0, &status);
    if (U_FAILURE(status)) return give_up(run, &m);
    uregex_close(m.expression);
    return feel_boolean(is_found);
}

/* $1 in the replacement is a group, \$ and \\ are themselves; anything else after them is a mistake (F&O 5.6.4). */
static bool replacement_is_fine(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char next = i + 1 < s.len ? s.at[i + 1] : '\0';
        if (s.at[i] == '\\' && next != '\\' && next != '$') return false;
        if (s.at[i] == '$' && !(next >= '0' && next <= '9')) return false;
        if (s.at[i] == '\\') i++;
    }
    return true;
}

/* A group that the pattern does not have is nothing. */
static struct str known_groups(struct arena *a, struct str s, int32_t groups)
{
    char *out = arena_alloc(a, s.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < s.len; i++) {
        bool is_group = s.at[i] == '$' && i + 1 < s.len;
        if (is_group && s.at[i + 1] - '0' > groups) {
            i++;
            continue;
        }
        out[len++] = s.at[i];
        if ((s.at[i] == '\\' || is_group) && i + 1 < s.len) out[len++] = s.at[++i];
    }
    return str_of(out, len);
}

struct feel_value fn_replace(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct match m;
    UErrorCode status = U_ZERO_ERROR;
    struct str flags = flags_of(args, count, 3);
    if (!replacement_is_fine(args[2].string) && !str_has(flags, STR("q")))
        return feel_error(run, N_("In a replacement a number follows $, and \\ stands before $ or \\ only."));
    if (!open_match(run, args[0].string, args[1].string, flags, &m)) return feel_null();
    int32_t groups = uregex_groupCount(m.expression, &status);
    struct wide with = widen(run->arena, known_groups(run->arena, args[2].string, groups));
    int32_t needed = uregex_replaceAll(m.expression, with.at, with.len, NULL, 0, &status);
    if (status == U_BUFFER_OVERFLOW_ERROR) status = U_ZERO_ERROR;
    if (U_FAILURE(status) || needed > OUTPUT_BYTES) return give_up(run, &m);
    UChar *out = ARENA_ARRAY(run->arena, UChar, (size_t)needed + 1);
    uregex_reset(m.expression, 0, &status);
    needed = uregex_replaceAll(m.expression, with.at, with.len, out, needed + 1, &status);
    if (U_FAILURE(status)) return give_up(run, &m);
    uregex_close(m.expression);
    return feel_string(narrow(run->arena, out, needed));
}

struct feel_value fn_split(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct match m;
    UErrorCode status = U_ZERO_ERROR;
    LIST(struct feel_value) parts = {0};
    int32_t from = 0;
    (void)count;
    if (!open_match(run, args[0].string, args[1].string, STR(""), &m)) return feel_null();
    while (uregex_findNext(m.expression, &status)) {
        int32_t start = uregex_start(m.expression, 0, &status), end = uregex_end(m.expression, 0, &status);
        if (start == end) continue; /* nothing parts nothing */
        if (!feel_enter(run)) {
            uregex_close(m.expression);
            return feel_null();
        }
        run->depth--;
        LIST_PUSH(run->arena, parts) = feel_string(narrow(run->arena, &m.input.at[from], start - from));
        from = end;
    }
    if (U_FAILURE(status)) return give_up(run, &m);
    LIST_PUSH(run->arena, parts) = feel_string(narrow(run->arena, &m.input.at[from], m.input.len - from));
    uregex_close(m.expression);
    return feel_list(parts.at, parts.count);
}
