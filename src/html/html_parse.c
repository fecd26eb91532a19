#include "html/html_parse.h"

#include <string.h>

#include "base/auto.h"
#include "base/text.h"

enum { SCRATCH_BYTES = 64 << 20 };

struct parser {
    struct html_set *set;
    struct arena *arena;        /* of the programs */
    struct arena *scratch;      /* of what grows until its program is whole */
    const struct parser *outer; /* whose part or layout this is */
    struct str name, text;
    size_t at, tag_at; /* of the tag at hand */
    int depth, blocks;
    struct scope scope;
    LIST(struct op) ops;
    struct spot spot;
    size_t items; /* lists and structs opened here */
    bool is_layout, has_content;
    bool is_plain; /* text, not HTML */
    struct program *program;
};

static enum outcome parse_source(struct parser *p, struct fail *why);

/* "12:5": line and column of the tag, as an editor counts them. */
static struct str place_in_text(const struct parser *p, struct arena *a)
{
    int line = 1;
    size_t begin = 0;
    for (size_t i = 0; i < p->tag_at; i++) {
        if (p->text.at[i] != '\n') continue;
        line++;
        begin = i + 1;
    }
    return str_format(a, "%d:%zu", line, text_length(str_part(p->text, begin, p->tag_at - begin)) + 1);
}

static enum outcome refuse(const struct parser *p, const char *sentence, struct str a, struct fail *why)
{
    struct str place = place_in_text(p, why->arena);
    if (!p->is_plain) place = str_format(why->arena, "%.*s.html:%.*s", STR_ARG(p->name), STR_ARG(place));
    return fail(why, ERR_BAD, sentence, place, a);
}

/* How a value must be escaped here, or a refusal where none may stand. */
static enum outcome escape_here(struct parser *p, enum escape *out, struct fail *why)
{
    if (p->is_plain) {
        *out = ESCAPE_NONE;
        return OK;
    }
    const char *refusal = spot_escape(&p->spot, out);
    return refusal ? refuse(p, refusal, STR_NONE, why) : OK;
}

/* ---- names ---- */

static const struct field *find_field(const struct field *table, struct str name)
{
    for (; table && table->name; table++) {
        if (str_eq(name, str_from(table->name))) return table;
    }
    return NULL;
}

static bool find_in(const struct field *table, struct str name, struct place *out)
{
    struct str head, tail = name;
    for (bool has_more = true; has_more;) {
        has_more = str_cut(tail, '.', &head, &tail);
        out->field = find_field(table, head);
        if (!out->field || (has_more && out->field->kind != FIELD_STRUCT)) return false;
        out->offset += (uint32_t)out->field->offset;
        table = out->field->items;
    }
    return true;
}

/* Innermost struct first. */
static enum outcome find_place(struct parser *p, struct str name, struct place *out, struct fail *why)
{
    for (size_t i = p->scope.count; i > 0; i--) {
        *out = (struct place){.up = (uint32_t)(p->scope.count - i)};
        if (find_in(p->scope.tables[i - 1], name, out)) return OK;
    }
    return refuse(p, N_("{0}: the page has no field “{1}”."), name, why);
}

/* ---- blocks ---- */

static struct op *add_op(struct parser *p, enum op_kind kind)
{
    struct op *op = &LIST_PUSH(p->scratch, p->ops);
    op->kind = kind;
    p->set->op_count++;
    return op;
}

/* Where the next operation will stand. */
static uint32_t here(const struct parser *p)
{
    return (uint32_t)p->ops.count;
}

static enum outcome parse_until(struct parser *p, struct str *out_end, struct fail *why);

/* The inside of a block up to its end, which must lead back to the same place of the HTML. */
static enum outcome parse_body(struct parser *p, const struct spot *begin, struct str *out_end, struct fail *why)
{
    if (p->blocks == HTML_BLOCKS) return refuse(p, N_("{0}: blocks are nested too deeply."), STR_NONE, why);
    p->blocks++;
    TRY(parse_until(p, out_end, why));
    p->blocks--;
    if (!spot_is_same(begin, &p->spot)) {
        return refuse(p, N_("{0}: a block must end in the same tag, attribute or text in which it began."), STR_NONE,
                      why);
    }
    return OK;
}

static enum outcome expect_end(struct parser *p, struct str end, struct str wanted, struct fail *why)
{
    return str_eq(end, wanted) ? OK : refuse(p, N_("{0}: {{{1}}} is missing."), wanted, why);
}

static enum outcome add_condition(struct parser *p, bool is_unless, struct str name, struct fail *why)
{
    if (str_eq(name, STR("@first"))) {
        if (p->scope.count < 2) return refuse(p, N_("{0}: {1} has a meaning only inside a list."), name, why);
        add_op(p, is_unless ? OP_AGAIN : OP_FIRST);
        return OK;
    }
    struct place place;
    TRY(find_place(p, name, &place, why));
    add_op(p, is_unless ? OP_UNLESS : OP_IF)->place = place;
    return OK;
}

static enum outcome parse_if(struct parser *p, bool is_unless, struct str name, struct fail *why)
{
    struct str end;
    size_t at = p->ops.count;
    TRY(add_condition(p, is_unless, name, why));
    struct spot begin = p->spot;
    TRY(parse_body(p, &begin, &end, why));
    if (str_eq(end, STR("else"))) {
        size_t jump = p->ops.count;
        add_op(p, OP_JUMP);
        p->ops.at[at].to = here(p);
        struct spot other = p->spot;
        p->spot = begin;
        TRY(parse_body(p, &begin, &end, why));
        p->spot.has_text |= other.has_text;
        p->ops.at[jump].to = here(p);
    } else {
        p->ops.at[at].to = here(p);
    }
    p->spot.has_text |= begin.has_text;
    return expect_end(p, end, is_unless ? STR("/unless") : STR("/if"), why);
}

/* Opens the struct of a list's item or of a struct; false when there are too many. */
static bool push_table(struct parser *p, const struct field *table)
{
    if (p->scope.count == HTML_DEPTH) return false;
    p->scope.tables[p->scope.count++] = table;
    p->items++;
    return true;
}

static void pop_table(struct parser *p, size_t begin)
{
    p->scope.count--;
    p->items--;
    add_op(p, OP_NEXT)->to = (uint32_t)begin + 1;
    p->ops.at[begin].to = here(p);
}

static enum outcome parse_each(struct parser *p, struct str name, struct fail *why)
{
    struct place place;
    struct str end;
    TRY(find_place(p, name, &place, why));
    if (place.field->kind != FIELD_LIST) return refuse(p, N_("{0}: “{1}” is not a list."), name, why);
    if (!push_table(p, place.field->items)) return refuse(p, N_("{0}: blocks are nested too deeply."), STR_NONE, why);
    size_t at = p->ops.count;
    add_op(p, OP_EACH)->place = place;
    struct spot begin = p->spot;
    TRY(parse_body(p, &begin, &end, why));
    pop_table(p, at);
    return expect_end(p, end, STR("/each"), why);
}

/* ---- other templates ---- */

static enum outcome parse_other(struct parser *p, struct str name, bool is_layout, struct program **out,
                                struct fail *why)
{
    const struct html_source *source = html_source_find(p->set, name);
    if (!source) return refuse(p, N_("{0}: there is no template “{1}”."), name, why);
    for (const struct parser *outer = p; outer; outer = outer->outer) {
        if (str_eq(outer->name, name)) return refuse(p, N_("{0}: the template “{1}” would contain itself."), name, why);
    }
    if (p->depth == HTML_DEPTH) return refuse(p, N_("{0}: blocks are nested too deeply."), STR_NONE, why);
    struct parser other = {.set = p->set,
                           .arena = p->arena,
                           .scratch = p->scratch,
                           .outer = p,
                           .name = name,
                           .text = source->text,
                           .depth = p->depth + 1,
                           .blocks = p->blocks,
                           .scope = p->scope,
                           .is_layout = is_layout};
    TRY(parse_source(&other, why));
    *out = other.program;
    return OK;
}

/* > html/_field          the structs at hand
 * > html/_field owner    with the struct `owner` innermost */
static enum outcome parse_part(struct parser *p, struct str rest, struct fail *why)
{
    struct program *part;
    struct str name, field;
    size_t at = p->ops.count;
    bool has_field = str_cut(rest, ' ', &name, &field);
    if (p->spot.kind != SPOT_TEXT) return refuse(p, N_("{0}: a part may stand only in text."), STR_NONE, why);
    if (has_field) {
        struct place place;
        field = str_trim(field);
        TRY(find_place(p, field, &place, why));
        if (place.field->kind != FIELD_STRUCT) return refuse(p, N_("{0}: “{1}” is not a struct."), field, why);
        if (!push_table(p, place.field->items))
            return refuse(p, N_("{0}: blocks are nested too deeply."), STR_NONE, why);
        add_op(p, OP_WITH)->place = place;
    }
    TRY(parse_other(p, name, false, &part, why));
    add_op(p, OP_PART)->part = part;
    if (has_field) pop_table(p, at);
    return OK;
}

static bool is_all_blank(struct str text)
{
    return str_trim(text).len == 0;
}

static enum outcome parse_layout(struct parser *p, struct str name, struct fail *why)
{
    static const char *const around = N_("{0}: the layout stands around the whole page.");
    struct program *layout;
    struct str end;
    for (size_t i = 0; i < p->ops.count; i++) {
        if (p->ops.at[i].kind != OP_TEXT || !is_all_blank(p->ops.at[i].text)) return refuse(p, around, STR_NONE, why);
    }
    if (p->outer || p->program->layout || p->blocks > 0) return refuse(p, around, STR_NONE, why);
    p->ops.count = 0;
    TRY(parse_other(p, name, true, &layout, why));
    p->program->layout = layout;
    struct spot begin = p->spot;
    TRY(parse_body(p, &begin, &end, why));
    TRY(expect_end(p, end, STR("/layout"), why));
    struct str rest = str_part(p->text, p->at, p->text.len);
    p->at = p->text.len;
    return is_all_blank(rest) ? OK : refuse(p, around, STR_NONE, why);
}

static enum outcome parse_content(struct parser *p, struct fail *why)
{
    if (!p->is_layout || p->has_content || p->items > 0 || p->spot.kind != SPOT_TEXT) {
        return refuse(p, N_("{0}: {{content}} stands once, in the text of a layout, outside of lists."), STR_NONE, why);
    }
    p->has_content = true;
    add_op(p, OP_CONTENT);
    return OK;
}

/* ---- values ---- */

/* t "Sentence {0}" field field */
static enum outcome parse_message(struct parser *p, struct str rest, struct fail *why)
{
    ptrdiff_t end = rest.len > 0 && rest.at[0] == '"' ? str_find(rest, STR("\""), 1) : -1;
    enum escape escape;
    if (end < 0) return refuse(p, N_("{0}: write a message as {{t \"...\"}}."), STR_NONE, why);
    TRY(escape_here(p, &escape, why));
    if (escape != ESCAPE_TEXT) return refuse(p, N_("{0}: a message may not stand in an address."), STR_NONE, why);
    struct place args[MESSAGE_ARGS];
    size_t count = 0;
    struct str text = str_part(rest, 1, (size_t)end - 1);
    struct str names = str_trim(str_part(rest, (size_t)end + 1, rest.len)), name;
    for (; names.len > 0; names = str_trim(names)) {
        (void)str_cut(names, ' ', &name, &names); /* without a blank it is the last name */
        if (count == MESSAGE_ARGS) return refuse(p, N_("{0}: a message takes at most four fields."), STR_NONE, why);
        struct place *place = &args[count++];
        TRY(find_place(p, name, place, why));
        if (place->field->kind == FIELD_LIST || place->field->kind == FIELD_STRUCT ||
            place->field->kind == FIELD_HTML) {
            return refuse(p, N_("{0}: “{1}” is a list or a struct, not a value."), name, why);
        }
    }
    struct op *op = add_op(p, OP_MESSAGE);
    op->text = text;
    op->arg_count = count & UINT8_MAX;
    op->args = arena_dup(p->arena, args, count * sizeof args[0]);
    return OK;
}

static enum outcome parse_number(struct parser *p, struct fail *why)
{
    enum escape escape;
    if (p->scope.count < 2) return refuse(p, N_("{0}: {1} has a meaning only inside a list."), STR("@number"), why);
    TRY(escape_here(p, &escape, why));
    add_op(p, OP_NUMBER);
    return OK;
}

static enum outcome parse_value(struct parser *p, struct str name, struct fail *why)
{
    struct place place;
    enum escape escape;
    TRY(find_place(p, name, &place, why));
    if (place.field->kind == FIELD_LIST || place.field->kind == FIELD_STRUCT) {
        return refuse(p, N_("{0}: “{1}” is a list or a struct, not a value."), name, why);
    }
    if (place.field->kind == FIELD_HTML && p->spot.kind != SPOT_TEXT) {
        return refuse(p, N_("{0}: ready HTML may stand only in text."), STR_NONE, why);
    }
    TRY(escape_here(p, &escape, why));
    struct op *op = add_op(p, OP_VALUE);
    op->place = place;
    op->escape = escape;
    return OK;
}

static enum outcome parse_tag(struct parser *p, struct str tag, struct fail *why)
{
    struct str word, rest;
    if (p->set->op_count > HTML_OPS) return refuse(p, N_("{0}: the templates are too large."), STR_NONE, why);
    (void)str_cut(tag, ' ', &word, &rest); /* without a blank the word is all */
    rest = str_trim(rest);
    if (str_eq(word, STR("#if"))) return parse_if(p, false, rest, why);
    if (str_eq(word, STR("#unless"))) return parse_if(p, true, rest, why);
    if (str_eq(word, STR("#each"))) return parse_each(p, rest, why);
    if (p->is_plain && !str_eq(tag, STR("@number"))) return parse_value(p, tag, why);
    if (str_eq(word, STR("#layout"))) return parse_layout(p, rest, why);
    if (str_eq(word, STR(">"))) return parse_part(p, rest, why);
    if (str_eq(word, STR("t"))) return parse_message(p, rest, why);
    if (str_eq(tag, STR("@number"))) return parse_number(p, why);
    if (str_eq(tag, STR("content"))) return parse_content(p, why);
    return parse_value(p, tag, why);
}

/* ---- the text ---- */

/* Indentation is for whoever reads the template: a line break and the blanks after it become one line break. */
static struct str without_indent(struct arena *a, struct str text)
{
    char *to = arena_alloc(a, text.len + 1);
    size_t len = 0;
    bool is_after_break = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (is_after_break && (c == ' ' || c == '\n' || c == '\t')) continue;
        is_after_break = c == '\n';
        to[len++] = c;
    }
    return str_of(to, len);
}

static void take_text(struct parser *p, size_t to)
{
    struct str text = str_part(p->text, p->at, to - p->at);
    if (!p->is_plain) spot_step(&p->spot, text, to == p->text.len);
    if (!p->is_plain) text = without_indent(p->arena, text);
    if (text.len > 0) add_op(p, OP_TEXT)->text = text;
    p->at = to;
}

static bool is_end_tag(struct str tag)
{
    return str_eq(tag, STR("else")) || (tag.len > 0 && tag.at[0] == '/');
}

/* Up to {{else}}, {{/...}} or the end; out_end is that tag, or empty at the end of the text. */
static enum outcome parse_until(struct parser *p, struct str *out_end, struct fail *why)
{
    for (;;) {
        ptrdiff_t open = str_find(p->text, STR("{{"), p->at);
        take_text(p, open < 0 ? p->text.len : (size_t)open);
        p->tag_at = p->at;
        *out_end = STR_NONE;
        if (open < 0) return OK;
        bool is_comment = str_starts(str_part(p->text, p->at, 4), STR("{{--"));
        struct str closing = is_comment ? STR("--}}") : STR("}}");
        ptrdiff_t close = str_find(p->text, closing, p->at + (is_comment ? 4 : 2));
        if (close < 0) return refuse(p, N_("{0}: {1} is missing."), closing, why);
        struct str tag = str_trim(str_part(p->text, p->at + 2, (size_t)close - p->at - 2));
        p->at = (size_t)close + closing.len;
        if (!is_comment && is_end_tag(tag)) {
            *out_end = tag;
            return OK;
        }
        if (!is_comment) TRY(parse_tag(p, tag, why));
    }
}

static enum outcome parse_source(struct parser *p, struct fail *why)
{
    struct str end;
    p->program = ARENA_NEW(p->arena, struct program);
    TRY(parse_until(p, &end, why));
    if (end.len > 0) return refuse(p, N_("{0}: {{{1}}} closes nothing."), end, why);
    if (p->spot.kind != SPOT_TEXT) return refuse(p, N_("{0}: a tag, comment or script is not closed."), STR_NONE, why);
    if (p->is_layout && !p->has_content) return refuse(p, N_("{0}: the layout has no {{content}}."), STR_NONE, why);
    p->program->ops = arena_dup(p->arena, p->ops.at, p->ops.count * sizeof *p->ops.at);
    p->program->op_count = p->ops.count;
    return OK;
}

const struct html_source *html_source_find(const struct html_set *set, struct str name)
{
    const struct html_source *found = map_find(&set->sources, name);
    return found || !set->beside ? found : map_find(&set->beside->sources, name);
}

enum outcome html_parse(struct html_set *set, struct str name, const struct field *fields, struct program **out,
                        struct fail *why)
{
    const struct html_source *source = html_source_find(set, name);
    if (!source) return fail(why, ERR_BAD, N_("There is no template “{0}”."), name);
    AUTO_ARENA struct arena scratch;
    arena_init(&scratch, SCRATCH_BYTES);
    struct parser p = {
        .set = set,
        .arena = &set->arena,
        .scratch = &scratch,
        .name = name,
        .text = source->text,
        .scope = {{fields}, 1}
    };
    TRY(parse_source(&p, why));
    p.program->fields = fields;
    *out = p.program;
    return OK;
}

enum outcome html_text_parse(struct arena *a, struct str text, const struct field *fields, const struct html_text **out,
                             struct fail *why)
{
    struct html_set none = {0}; /* a letter names no other template */
    struct html_text *made = ARENA_NEW(a, struct html_text);
    AUTO_ARENA struct arena scratch;
    arena_init(&scratch, SCRATCH_BYTES);
    struct parser p = {
        .set = &none, .arena = a, .scratch = &scratch, .text = text, .is_plain = true, .scope = {{fields}, 1}
    };
    TRY(parse_source(&p, why));
    made->program = p.program;
    *out = made;
    return OK;
}
