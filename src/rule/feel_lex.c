#include "rule/feel_lex.h"

#include <string.h>
#include <utf8proc.h>

/* ---- characters (DMN 1.5, 10.3.1.2, rules 27 to 31) ---- */

/* The code point at a place, and its bytes; 0 at the end. */
static int32_t code_point(struct str s, size_t at, size_t *out_bytes)
{
    utf8proc_int32_t c = 0;
    utf8proc_ssize_t n =
        at < s.len ? utf8proc_iterate((const utf8proc_uint8_t *)s.at + at, (utf8proc_ssize_t)(s.len - at), &c) : 0;
    *out_bytes = n > 0 ? (size_t)n : 1;
    return n > 0 ? c : 0;
}

static bool is_blank(int32_t c)
{
    return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 || c == 0x180E ||
           (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 ||
           c == 0xFEFF;
}

static bool is_name_start(int32_t c)
{
    static const int32_t ranges[][2] = {
        {'?',     '?'    },
        {'A',     'Z'    },
        {'_',     '_'    },
        {'a',     'z'    },
        {0xC0,    0xD6   },
        {0xD8,    0xF6   },
        {0xF8,    0x2FF  },
        {0x370,   0x37D  },
        {0x37F,   0x1FFF },
        {0x200C,  0x200D },
        {0x2070,  0x218F },
        {0x2C00,  0x2FEF },
        {0x3001,  0xD7FF },
        {0xF900,  0xFDCF },
        {0xFDF0,  0xFFFD },
        {0x10000, 0xEFFFF},
    };
    for (size_t i = 0; i < LENGTH(ranges); i++)
        if (c >= ranges[i][0] && c <= ranges[i][1]) return !is_blank(c);
    return false;
}

static bool is_name_part(int32_t c)
{
    return is_name_start(c) || (c >= '0' && c <= '9') || c == 0xB7 || (c >= 0x300 && c <= 0x36F) ||
           (c >= 0x203F && c <= 0x2040);
}

static bool is_word_end(struct str text, size_t at)
{
    size_t bytes;
    return !is_name_part(code_point(text, at, &bytes));
}

/* ---- blanks and signs ---- */

static size_t skip_comment(struct str text, size_t at)
{
    if (at + 1 >= text.len || text.at[at] != '/') return at;
    if (text.at[at + 1] == '/') {
        while (at < text.len && text.at[at] != '\n') at++;
        return at;
    }
    if (text.at[at + 1] != '*') return at;
    ptrdiff_t end = str_find(text, STR("*/"), at + 2);
    return end < 0 ? text.len : (size_t)end + 2;
}

static size_t skip_blank(struct str text, size_t at)
{
    for (;;) {
        size_t bytes, start = at;
        while (at < text.len && is_blank(code_point(text, at, &bytes))) at += bytes;
        at = skip_comment(text, at);
        if (at == start) return at;
    }
}

void lex_blank(struct parser *p)
{
    p->at = skip_blank(p->text, p->at);
}

bool lex_is(struct parser *p, const char *sign)
{
    lex_blank(p);
    return str_starts(str_part(p->text, p->at, p->text.len), str_from(sign));
}

bool lex_take(struct parser *p, const char *sign)
{
    if (!lex_is(p, sign)) return false;
    p->at += strlen(sign);
    return true;
}

bool lex_is_word(struct parser *p, const char *word)
{
    return lex_is(p, word) && is_word_end(p->text, p->at + strlen(word));
}

bool lex_take_word(struct parser *p, const char *word)
{
    if (!lex_is_word(p, word)) return false;
    p->at += strlen(word);
    return true;
}

size_t lex_word(const struct parser *p)
{
    size_t bytes, at = p->at;
    if (!is_name_start(code_point(p->text, at, &bytes))) return 0;
    do {
        at += bytes;
    } while (is_name_part(code_point(p->text, at, &bytes)));
    return at - p->at;
}

/* ---- names ---- */

/* How many bytes of the text are this name (a space of the name is any run of blanks); 0: it is not. */
static size_t match_name(struct str text, size_t start, struct str name)
{
    size_t at = start, bytes = 0;
    int32_t last = 0;
    for (size_t i = 0; i < name.len;) {
        if (name.at[i] == ' ') {
            size_t after = skip_blank(text, at);
            if (after == at) return 0;
            at = after;
            i++;
            continue;
        }
        last = code_point(name, i, &bytes);
        if (at + bytes > text.len || memcmp(&text.at[at], &name.at[i], bytes) != 0) return 0;
        at += bytes;
        i += bytes;
    }
    return is_name_part(last) && !is_word_end(text, at) ? 0 : at - start;
}

struct name_match lex_known_name(struct parser *p)
{
    struct name_match best = {.slot = -1};
    int hops = 0;
    lex_blank(p);
    for (const struct scope *s = p->scope; s != NULL; s = s->up) {
        for (size_t i = 0; !s->is_open && i < s->count; i++) {
            size_t bytes = match_name(p->text, p->at, s->names[i]);
            if (bytes > best.bytes) best = (struct name_match){s->names[i], bytes, hops, (int)i};
        }
        if (!s->is_open) hops++;
    }
    return best;
}

struct str lex_member(struct parser *p)
{
    lex_blank(p);
    struct str best = str_part(p->text, p->at, lex_word(p));
    size_t bytes = best.len;
    for (size_t i = 0; i < p->member_count; i++) {
        size_t n = match_name(p->text, p->at, p->members[i]);
        if (n > bytes) {
            best = p->members[i];
            bytes = n;
        }
    }
    p->at += bytes;
    return best;
}

void lex_add_member(struct parser *p, struct str name)
{
    for (size_t i = 0; i < p->member_count; i++)
        if (str_eq(p->members[i], name)) return;
    if (p->member_count == p->member_room)
        list_grow(p->arena, (void **)&p->members, &p->member_room, sizeof *p->members);
    p->members[p->member_count++] = name;
}

struct str lex_name_of(struct arena *a, struct str text)
{
    char *out = arena_alloc(a, text.len + 1);
    size_t len = 0, bytes;
    for (size_t at = 0; at < text.len; at += bytes) {
        int32_t c = code_point(text, at, &bytes);
        if (is_blank(c)) {
            if (len > 0 && out[len - 1] != ' ') out[len++] = ' ';
            continue;
        }
        memcpy(&out[len], &text.at[at], bytes);
        len += bytes;
    }
    while (len > 0 && out[len - 1] == ' ') len--;
    return str_of(out, len);
}

/* ---- places ---- */

/* Counted on from the place that was asked for last. */
void lex_place(struct parser *p, uint32_t *out_line, uint32_t *out_column)
{
    if (p->line == 0 || p->at < p->placed_at) {
        p->placed_at = 0;
        p->line = p->names->first_line > 0 ? p->names->first_line : 1;
        p->column = 1;
    }
    for (; p->placed_at < p->at && p->placed_at < p->text.len; p->placed_at++) {
        char c = p->text.at[p->placed_at];
        bool is_first_byte = ((unsigned char)c & 0xC0) != 0x80;
        p->column += is_first_byte;
        if (c == '\n') {
            p->line++;
            p->column = 1;
        }
    }
    *out_line = p->line;
    *out_column = p->column;
}

const struct feel_node *lex_fail_with(struct parser *p, const char *sentence, struct str a, struct str b)
{
    uint32_t line, column;
    if (p->why->problem_count > 0) return NULL; /* the first one is the cause of the others */
    lex_place(p, &line, &column);
    fail_problem(p->why, str_format(p->arena, "%u:%u", line, column), "feel", sentence, a, b);
    return NULL;
}
