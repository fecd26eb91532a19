#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/word.h"
#include "html/html_parse.h"

enum { SET_BYTES = 64 * 1024 * 1024, PART_BYTES = 4 * 1024 * 1024 };

/* ---- escaping ---- */

static const char *const entities[256] = {
    ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"};

/* & and ', < and > differ in one bit. */
static bool is_plain_word(uint64_t word)
{
    return !word_has(word | word_of('&' ^ '\''), '\'') && !word_has(word | word_of('<' ^ '>'), '>') &&
           !word_has(word, '"');
}

/* Where the next byte stands that is written as an entity; the end without one. */
static size_t plain_until(struct str s, size_t at)
{
    for (; at + WORD_BYTES <= s.len; at += WORD_BYTES) {
        if (!is_plain_word(word_at(s.at + at))) break;
    }
    bool is_at_end = at + WORD_BYTES > s.len && s.len >= WORD_BYTES; /* the rest is shorter than a word */
    if (is_at_end && is_plain_word(word_at(s.at + s.len - WORD_BYTES))) return s.len;
    while (at < s.len && !entities[(unsigned char)s.at[at]]) at++;
    return at;
}

void html_escape(struct buf *out, struct str s)
{
    for (size_t from = 0; from < s.len;) {
        size_t to = plain_until(s, from);
        buf_add(out, str_of(s.at + from, to - from));
        if (to < s.len) buf_add(out, str_from(entities[(unsigned char)s.at[to]]));
        from = to + 1;
    }
}

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

static void percent_encode(struct buf *out, struct str s)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if (is_unreserved((char)c)) {
            buf_add_char(out, (char)c);
            continue;
        }
        buf_add_char(out, '%');
        buf_add_char(out, digits[c >> 4]);
        buf_add_char(out, digits[c & 15]);
    }
}

struct str html_query_value(struct arena *a, struct str s)
{
    struct buf out;
    buf_init(&out, 3 * s.len + 1);
    percent_encode(&out, s);
    struct str value = str_dup(a, buf_str(&out));
    buf_end(&out);
    return value;
}

/* An address of this site or of the web; anything else, such as javascript:, leads nowhere. */
static bool is_address(struct str s)
{
    for (size_t i = 0; i < s.len; i++) { /* browsers drop tabs and line breaks, and read "\\" as "/" */
        if ((unsigned char)s.at[i] < ' ' || s.at[i] == '\\') return false;
    }
    if (str_starts(s, STR("//"))) return false;
    return s.len == 0 || s.at[0] == '/' || s.at[0] == '?' || s.at[0] == '#' || str_starts(s, STR("https://")) ||
           str_starts(s, STR("http://"));
}

static void add_escaped(struct buf *out, enum escape how, struct str s)
{
    if (how == ESCAPE_NONE) {
        buf_add(out, s);
    } else if (how == ESCAPE_PIECE) {
        percent_encode(out, s);
    } else if (how == ESCAPE_URL && !is_address(s)) {
        buf_add_char(out, '#');
    } else {
        html_escape(out, s);
    }
}

/* ---- running ---- */

struct frame_of_items { /* one struct at hand, and where in a list it stands */
    const char *at;
    size_t index, count, item_bytes;
};

struct run {
    struct buf *out;
    enum language language;
    struct frame_of_items stack[HTML_DEPTH + 1];
    size_t depth;                  /* structs at hand */
    const struct program *content; /* what stands in the layout */
};

static const char *place_of(const struct run *r, const struct place *p)
{
    return r->stack[r->depth - 1 - p->up].at + p->offset;
}

static size_t list_count(const char *at, const struct field *f)
{
    size_t count;
    memcpy(&count, at - f->offset + f->count_offset, sizeof count);
    return count;
}

static bool is_truthy(const struct run *r, const struct place *p)
{
    const char *at = place_of(r, p);
    switch (p->field->kind) {
    case FIELD_STR: return ((const struct str *)(const void *)at)->len > 0;
    case FIELD_HTML: return ((const struct html *)(const void *)at)->text.len > 0;
    case FIELD_INT: return *(const int64_t *)(const void *)at != 0;
    case FIELD_BOOL: return *(const bool *)(const void *)at;
    case FIELD_MESSAGE: return *(const char *const *)(const void *)at != NULL;
    case FIELD_LIST: return list_count(at, p->field) > 0;
    case FIELD_STRUCT: return true;
    }
    return false;
}

static void add_value(struct run *r, const struct place *p, enum escape escape)
{
    const char *at = place_of(r, p);
    const char *message = p->field->kind == FIELD_MESSAGE ? *(const char *const *)(const void *)at : NULL;
    switch (p->field->kind) {
    case FIELD_STR: add_escaped(r->out, escape, *(const struct str *)(const void *)at); break;
    case FIELD_HTML: buf_add(r->out, ((const struct html *)(const void *)at)->text); break;
    case FIELD_INT: buf_add_int(r->out, *(const int64_t *)(const void *)at); break;
    case FIELD_BOOL: buf_add(r->out, *(const bool *)(const void *)at ? STR("true") : STR("false")); break;
    case FIELD_MESSAGE:
        if (message) add_escaped(r->out, escape, translate(r->language, message));
        break;
    case FIELD_LIST:
    case FIELD_STRUCT: BUG("a list as a value");
    }
}

/* The translated sentence with its fields; both are escaped. */
static void add_message(struct run *r, const struct op *op)
{
    struct str s = translate_str(r->language, op->text);
    size_t from = 0;
    for (size_t i = 0; i + 2 < s.len; i++) {
        if (s.at[i] != '{' || s.at[i + 1] < '0' || s.at[i + 1] > '3' || s.at[i + 2] != '}') continue;
        size_t n = (size_t)(s.at[i + 1] - '0');
        html_escape(r->out, str_part(s, from, i - from));
        if (n < op->arg_count) add_value(r, &op->args[n], ESCAPE_TEXT);
        from = i + 3;
    }
    html_escape(r->out, str_part(s, from, s.len - from));
}

static size_t begin_each(struct run *r, const struct op *op, size_t at)
{
    const char *list = place_of(r, &op->place);
    size_t count = list_count(list, op->place.field);
    if (count == 0) return op->to;
    const char *items;
    memcpy(&items, list, sizeof items);
    r->stack[r->depth] = (struct frame_of_items){items, 0, count, op->place.field->item_bytes};
    r->depth++;
    return at + 1;
}

static size_t begin_with(struct run *r, const struct op *op, size_t at)
{
    r->stack[r->depth] = (struct frame_of_items){place_of(r, &op->place), 0, 1, 0};
    r->depth++;
    return at + 1;
}

static size_t next_item(struct run *r, const struct op *op, size_t at)
{
    struct frame_of_items *top = &r->stack[r->depth - 1];
    if (++top->index < top->count) {
        top->at += top->item_bytes;
        return op->to;
    }
    r->depth--;
    return at + 1;
}

static void run_program(struct run *r, const struct program *program);

static void run_ops(struct run *r, const struct program *program)
{
    for (size_t at = 0; at < program->op_count;) {
        const struct op *op = &program->ops[at];
        switch (op->kind) {
        case OP_TEXT:
            buf_add(r->out, op->text);
            at++;
            break;
        case OP_VALUE:
            add_value(r, &op->place, op->escape);
            at++;
            break;
        case OP_MESSAGE:
            add_message(r, op);
            at++;
            break;
        case OP_NUMBER:
            buf_add_int(r->out, (int64_t)r->stack[r->depth - 1].index + 1);
            at++;
            break;
        case OP_IF: at = is_truthy(r, &op->place) ? at + 1 : op->to; break;
        case OP_UNLESS: at = is_truthy(r, &op->place) ? op->to : at + 1; break;
        case OP_JUMP: at = op->to; break;
        case OP_EACH: at = begin_each(r, op, at); break;
        case OP_FIRST: at = r->stack[r->depth - 1].index == 0 ? at + 1 : op->to; break;
        case OP_AGAIN: at = r->stack[r->depth - 1].index == 0 ? op->to : at + 1; break;
        case OP_WITH: at = begin_with(r, op, at); break;
        case OP_NEXT: at = next_item(r, op, at); break;
        case OP_PART:
            run_program(r, op->part);
            at++;
            break;
        case OP_CONTENT:
            run_ops(r, r->content);
            at++;
            break;
        }
    }
}

static void run_program(struct run *r, const struct program *program)
{
    if (program->layout) r->content = program; /* only a page has a layout, and a layout has none */
    run_ops(r, program->layout ? program->layout : program);
}

static const struct program *program_of(const struct html_set *set, const char *name)
{
    const struct program *program = map_find(&set->programs, str_from(name));
    if (!program) BUG("no template %s", name);
    return program;
}

const struct field *html_set_fields(const struct html_set *set, const char *name)
{
    return program_of(set, name)->fields;
}

void html_render(const struct html_set *set, const char *name, const void *page, enum language l, struct buf *out)
{
    const struct program *program = program_of(set, name);
    struct run r = {.out = out, .language = l, .depth = 1};
    r.stack[0].at = page;
    run_program(&r, program);
}

void html_text_render(const struct html_text *t, const void *values, enum language l, struct buf *out)
{
    struct run r = {.out = out, .language = l, .depth = 1};
    r.stack[0].at = values;
    run_program(&r, t->program);
}

enum outcome html_render_part(const struct html_set *set, struct arena *a, const char *name, const void *page,
                              enum language l, struct html *out, struct fail *why)
{
    AUTO_BUF struct buf part;
    buf_init(&part, PART_BYTES);
    html_render(set, name, page, l, &part);
    if (part.is_full) return fail(why, ERR_TOO_LARGE, N_("This page would become too long."));
    *out = (struct html){str_dup(a, buf_str(&part))};
    return OK;
}

/* ---- the set ---- */

static enum outcome add_pages(struct html_set *set, const struct page_template *templates, size_t count,
                              struct fail *why)
{
    for (size_t i = 0; i < count; i++) {
        struct program *program;
        TRY(html_parse(set, str_from(templates[i].name), templates[i].fields, &program, why));
        if (map_set(&set->programs, str_from(templates[i].name), program) != NULL)
            return fail(why, ERR_BAD, N_("There are two templates “{0}”."), str_from(templates[i].name));
    }
    return OK;
}

static struct html_set *new_set(void)
{
    struct html_set *set = calloc(1, sizeof *set);
    if (!set) BUG("out of memory");
    arena_init(&set->arena, SET_BYTES);
    map_init(&set->sources, &set->arena);
    map_init(&set->programs, &set->arena);
    return set;
}

/* Takes the set, or frees it. */
static enum outcome fill_set(struct html_set *set, const struct page_template *templates, size_t count,
                             struct html_set **out, struct fail *why)
{
    enum outcome added = add_pages(set, templates, count, why);
    if (added == OK)
        *out = set;
    else
        html_set_free(set);
    return added;
}

enum outcome html_set_new(const struct html_source *sources, size_t source_count, const struct page_template *templates,
                          size_t template_count, struct html_set **out, struct fail *why)
{
    struct html_set *set = new_set();
    for (size_t i = 0; i < source_count; i++)
        (void)map_set(&set->sources, sources[i].name, arena_dup(&set->arena, &sources[i], sizeof sources[i]));
    return fill_set(set, templates, template_count, out, why);
}

enum outcome html_set_new_beside(const struct html_set *beside, const struct html_source *source,
                                 const struct field *fields, struct html_set **out, struct fail *why)
{
    struct html_set *set = new_set();
    struct page_template template = {str_cstr(&set->arena, source->name), fields};
    set->beside = beside;
    (void)map_set(&set->sources, source->name, arena_dup(&set->arena, source, sizeof *source)); /* the first */
    return fill_set(set, &template, 1, out, why);
}

struct str html_set_source(const struct html_set *set, const char *name)
{
    const struct html_source *source = html_source_find(set, str_from(name));
    return source ? source->text : STR_NONE;
}

void html_set_free(struct html_set *set)
{
    if (!set) return;
    arena_end(&set->arena);
    free(set);
}
