#include "html/html_parse.h"

#include <string.h>

/* Where in the HTML the parser stands: enough of a tokenizer to know how a value must be escaped. */
enum context { IN_TEXT, IN_TAG, IN_VALUE, IN_RAW /* script, style */, IN_COMMENT };

struct parser {
    struct html_set *set;
    struct str name, text;
    size_t at;
    int line, depth;
    struct scope scope;
    LIST(struct op) ops;
    enum context context;
    char quote; /* of the attribute value */
    char tag[16], attribute[32];
    size_t tag_len, attribute_len;
    bool is_tag_named, is_closing;
    bool value_has_text, value_has_query; /* of an address attribute so far */
    struct program *program;
};

static enum outcome refuse(struct parser *p, const char *sentence, struct str a, struct fail *why)
{
    struct str place = str_format(why->arena, "%.*s.html:%d", STR_ARG(p->name), p->line);
    return fail(why, ERR_BAD, sentence, place, a);
}

/* ---- the HTML around the fields ---- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static void enter_tag(struct parser *p, char next)
{
    p->context = IN_TAG;
    p->tag_len = p->attribute_len = 0;
    p->is_tag_named = false;
    p->is_closing = next == '/';
}

static void leave_tag(struct parser *p)
{
    bool is_raw = !p->is_closing && ((p->tag_len == 6 && memcmp(p->tag, "script", 6) == 0) ||
                                     (p->tag_len == 5 && memcmp(p->tag, "style", 5) == 0));
    p->context = is_raw ? IN_RAW : IN_TEXT;
}

static void add_name(char *name, size_t room, size_t *len, char c)
{
    if (*len < room) name[(*len)++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static void step_tag(struct parser *p, char c)
{
    if (c == '>') {
        leave_tag(p);
    } else if (!p->is_tag_named) {
        if (is_blank(c))
            p->is_tag_named = true;
        else if (c != '/')
            add_name(p->tag, sizeof p->tag, &p->tag_len, c);
    } else if (c == '"' || c == '\'') {
        p->context = IN_VALUE;
        p->quote = c;
        p->value_has_text = p->value_has_query = false;
    } else if (is_blank(c)) {
        p->attribute_len = 0;
    } else if (c != '=') {
        add_name(p->attribute, sizeof p->attribute, &p->attribute_len, c);
    }
}

static void step_value(struct parser *p, char c)
{
    if (c == p->quote) {
        p->context = IN_TAG;
        p->attribute_len = 0;
        return;
    }
    p->value_has_text = true;
    if (c == '?') p->value_has_query = true;
}

static void step_html(struct parser *p, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i], next = i + 1 < text.len ? text.at[i + 1] : '\0';
        struct str rest = str_part(text, i, text.len);
        switch (p->context) {
        case IN_TEXT:
            if (str_starts(rest, STR("<!--")))
                p->context = IN_COMMENT;
            else if (c == '<' && (is_letter(next) || next == '/'))
                enter_tag(p, next);
            break;
        case IN_TAG: step_tag(p, c); break;
        case IN_VALUE: step_value(p, c); break;
        case IN_RAW:
            if (str_starts(rest, STR("</script")) || str_starts(rest, STR("</style"))) enter_tag(p, '/');
            break;
        case IN_COMMENT:
            if (str_starts(rest, STR("-->"))) p->context = IN_TEXT;
            break;
        }
    }
}

static bool is_attribute(const struct parser *p, const char *const *names)
{
    for (; *names != NULL; names++)
        if (str_eq(str_of(p->attribute, p->attribute_len), str_from(*names))) return true;
    return false;
}

/* How a value must be escaped here, or a refusal where none may stand. */
static enum outcome escape_here(struct parser *p, enum escape *out, struct fail *why)
{
    static const char *const addresses[] = {"href", "src", "action", "formaction", "poster", "cite", "data", NULL};
    *out = ESCAPE_TEXT;
    if (p->context == IN_TEXT) return OK;
    if (p->context == IN_RAW) return refuse(p, N_("{0}: no field may stand inside script or style."), STR_NONE, why);
    if (p->context != IN_VALUE)
        return refuse(p, N_("{0}: a field may stand in text or in a quoted attribute, not in a tag or comment."),
                      STR_NONE, why);
    if (p->attribute_len > 2 && memcmp(p->attribute, "on", 2) == 0)
        return refuse(p, N_("{0}: no field may stand in an event handler."), STR_NONE, why);
    if (p->attribute_len == 5 && memcmp(p->attribute, "style", 5) == 0)
        return refuse(p, N_("{0}: no field may stand in a style."), STR_NONE, why);
    if (!is_attribute(p, addresses)) return OK;
    *out = !p->value_has_text ? ESCAPE_URL : p->value_has_query ? ESCAPE_QUERY : ESCAPE_PATH;
    p->value_has_text = true;
    return OK;
}

/* ---- names ---- */

static const struct field *find_field(const struct field *table, struct str name)
{
    for (; table != NULL && table->name != NULL; table++)
        if (str_eq(name, str_from(table->name))) return table;
    return NULL;
}

static bool find_in(const struct field *table, struct str name, struct place *out)
{
    struct str head, tail;
    bool has_more = str_cut(name, '.', &head, &tail);
    const struct field *field = find_field(table, head);
    if (field == NULL) return false;
    out->offset += field->offset;
    if (has_more) return field->kind == FIELD_STRUCT && find_in(field->items, tail, out);
    out->field = field;
    return true;
}

/* Innermost struct first. */
static enum outcome find_place(struct parser *p, struct str name, struct place *out, struct fail *why)
{
    for (size_t i = p->scope.count; i > 0; i--) {
        *out = (struct place){.up = p->scope.count - i};
        if (find_in(p->scope.tables[i - 1], name, out)) return OK;
    }
    return refuse(p, N_("{0}: the page has no field “{1}”."), name, why);
}

/* ---- tags ---- */

static struct op *add_op(struct parser *p, enum op_kind kind)
{
    struct op *op = &LIST_PUSH(&p->set->arena, p->ops);
    op->kind = kind;
    return op;
}

static enum outcome parse_until(struct parser *p, struct str *out_end, struct fail *why);

static enum outcome expect_end(struct parser *p, struct str end, struct str wanted, struct fail *why)
{
    return str_eq(end, wanted) ? OK : refuse(p, N_("{0}: {{{1}}} is missing."), wanted, why);
}

static enum outcome parse_if(struct parser *p, enum op_kind kind, struct str name, struct fail *why)
{
    struct str closing = kind == OP_IF ? STR("/if") : STR("/unless"), end;
    struct place place;
    TRY(find_place(p, name, &place, why));
    size_t at = p->ops.count;
    add_op(p, kind)->place = place;
    TRY(parse_until(p, &end, why));
    if (str_eq(end, STR("else"))) {
        size_t jump = p->ops.count;
        add_op(p, OP_JUMP);
        p->ops.at[at].to = p->ops.count;
        TRY(parse_until(p, &end, why));
        p->ops.at[jump].to = p->ops.count;
    } else {
        p->ops.at[at].to = p->ops.count;
    }
    return expect_end(p, end, closing, why);
}

static enum outcome parse_each(struct parser *p, struct str name, struct fail *why)
{
    struct place place;
    struct str end;
    TRY(find_place(p, name, &place, why));
    if (place.field->kind != FIELD_LIST) return refuse(p, N_("{0}: “{1}” is not a list."), name, why);
    if (p->scope.count == HTML_DEPTH) return refuse(p, N_("{0}: lists are nested too deeply."), STR_NONE, why);
    size_t at = p->ops.count;
    add_op(p, OP_EACH)->place = place;
    p->scope.tables[p->scope.count++] = place.field->items;
    TRY(parse_until(p, &end, why));
    p->scope.count--;
    add_op(p, OP_NEXT)->to = at + 1;
    p->ops.at[at].to = p->ops.count;
    return expect_end(p, end, STR("/each"), why);
}

static enum outcome parse_part(struct parser *p, struct str name, struct fail *why)
{
    struct program *part;
    if (p->context != IN_TEXT) return refuse(p, N_("{0}: a part may stand only in text."), STR_NONE, why);
    TRY(html_parse(p->set, name, &p->scope, p->depth + 1, &part, why));
    add_op(p, OP_PART)->part = part;
    return OK;
}

static enum outcome parse_layout(struct parser *p, struct str name, struct fail *why)
{
    struct program *layout;
    struct str end;
    if (p->ops.count > 1 || p->program->layout != NULL)
        return refuse(p, N_("{0}: the layout stands around the whole page."), STR_NONE, why);
    TRY(html_parse(p->set, name, &p->scope, p->depth + 1, &layout, why));
    p->program->layout = layout;
    TRY(parse_until(p, &end, why));
    return expect_end(p, end, STR("/layout"), why);
}

/* t "Sentence {0}" field field */
static enum outcome parse_message(struct parser *p, struct str rest, struct fail *why)
{
    rest = str_trim(rest);
    ptrdiff_t end = rest.len > 0 && rest.at[0] == '"' ? str_find(rest, STR("\""), 1) : -1;
    enum escape escape;
    if (end < 0) return refuse(p, N_("{0}: write a message as {{t \"...\"}}."), STR_NONE, why);
    TRY(escape_here(p, &escape, why));
    struct op *op = add_op(p, OP_MESSAGE);
    size_t index = p->ops.count - 1;
    op->text = str_part(rest, 1, (size_t)end - 1);
    struct str names = str_trim(str_part(rest, (size_t)end + 1, rest.len)), name;
    while (names.len > 0) {
        struct place place;
        (void)str_cut(names, ' ', &name, &names); /* without a blank it is the last name */
        names = str_trim(names);
        TRY(find_place(p, name, &place, why));
        if (p->ops.at[index].arg_count == MESSAGE_ARGS)
            return refuse(p, N_("{0}: a message takes at most four fields."), STR_NONE, why);
        p->ops.at[index].args[p->ops.at[index].arg_count++] = place;
    }
    return OK;
}

static enum outcome parse_value(struct parser *p, struct str name, struct fail *why)
{
    struct place place;
    enum escape escape;
    TRY(find_place(p, name, &place, why));
    TRY(escape_here(p, &escape, why));
    if (place.field->kind == FIELD_LIST || place.field->kind == FIELD_STRUCT)
        return refuse(p, N_("{0}: “{1}” is a list or a struct, not a value."), name, why);
    if (place.field->kind == FIELD_HTML && p->context != IN_TEXT)
        return refuse(p, N_("{0}: ready HTML may stand only in text."), name, why);
    struct op *op = add_op(p, OP_VALUE);
    op->place = place;
    op->escape = escape;
    return OK;
}

static enum outcome parse_tag(struct parser *p, struct str tag, struct fail *why)
{
    struct str word, rest;
    (void)str_cut(tag, ' ', &word, &rest); /* without a blank the word is all */
    rest = str_trim(rest);
    if (str_eq(word, STR("#if"))) return parse_if(p, OP_IF, rest, why);
    if (str_eq(word, STR("#unless"))) return parse_if(p, OP_UNLESS, rest, why);
    if (str_eq(word, STR("#each"))) return parse_each(p, rest, why);
    if (str_eq(word, STR("#layout"))) return parse_layout(p, rest, why);
    if (str_eq(word, STR(">"))) return parse_part(p, rest, why);
    if (str_eq(word, STR("t"))) return parse_message(p, rest, why);
    if (str_eq(word, STR("@number"))) {
        add_op(p, OP_NUMBER);
        return OK;
    }
    if (str_eq(word, STR("content"))) {
        add_op(p, OP_CONTENT);
        return OK;
    }
    return parse_value(p, tag, why);
}

/* ---- the text ---- */

static void take_text(struct parser *p, struct str text)
{
    step_html(p, text);
    for (size_t i = 0; i < text.len; i++) p->line += text.at[i] == '\n';
    if (text.len > 0) add_op(p, OP_TEXT)->text = text;
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
        if (open < 0) {
            take_text(p, str_part(p->text, p->at, p->text.len));
            p->at = p->text.len;
            *out_end = STR("");
            return OK;
        }
        take_text(p, str_part(p->text, p->at, (size_t)open - p->at));
        bool is_comment = str_starts(str_part(p->text, (size_t)open, 4), STR("{{--"));
        struct str closing = is_comment ? STR("--}}") : STR("}}");
        ptrdiff_t close = str_find(p->text, closing, (size_t)open + 2);
        if (close < 0) return refuse(p, N_("{0}: }} is missing."), STR_NONE, why);
        struct str tag = str_trim(str_part(p->text, (size_t)open + 2, (size_t)(close - open) - 2));
        p->at = (size_t)close + closing.len;
        for (ptrdiff_t i = open; i < close; i++) p->line += p->text.at[i] == '\n';
        if (is_comment) continue;
        if (is_end_tag(tag)) {
            *out_end = tag;
            return OK;
        }
        TRY(parse_tag(p, tag, why));
    }
}

enum outcome html_parse(struct html_set *set, struct str name, const struct scope *scope, int depth,
                        struct program **out, struct fail *why)
{
    const struct html_source *source = map_find(&set->sources, name);
    if (source == NULL) return fail(why, ERR_BAD, N_("There is no template “{0}”."), name);
    if (depth > HTML_DEPTH) return fail(why, ERR_BAD, N_("The template “{0}” contains itself."), name);
    struct parser p = {.set = set, .name = name, .text = source->text, .line = 1, .depth = depth, .scope = *scope};
    struct str end;
    p.program = ARENA_NEW(&set->arena, struct program);
    TRY(parse_until(&p, &end, why));
    if (end.len > 0) return refuse(&p, N_("{0}: {{{1}}} closes nothing."), end, why);
    p.program->ops = p.ops.at;
    p.program->op_count = p.ops.count;
    *out = p.program;
    return OK;
}
