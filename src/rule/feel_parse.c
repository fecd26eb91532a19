#include <string.h>

#include "rule/feel_lex.h"

typedef const struct feel_node *parse_fn(struct parser *p);

static const struct feel_node *parse_expression(struct parser *p);
static const struct feel_node *parse_additive(struct parser *p);
static const struct feel_type *parse_type(struct parser *p);

static struct feel_node *new_node(struct parser *p, enum node_kind kind)
{
    struct feel_node *n = ARENA_NEW(p->arena, struct feel_node);
    n->kind = kind;
    n->slot = -1;
    lex_place(p->text, p->at, &n->line, &n->column);
    return n;
}

static const struct feel_node *literal(struct parser *p, struct feel_value v)
{
    struct feel_node *n = new_node(p, NODE_LITERAL);
    n->value = v;
    return n;
}

static const struct feel_node *binary(struct parser *p, enum node_kind kind, const struct feel_node *a,
                                      const struct feel_node *b)
{
    if (a == NULL || b == NULL) return NULL;
    struct feel_node *n = new_node(p, kind);
    n->line = a->line;
    n->column = a->column;
    n->a = a;
    n->b = b;
    return n;
}

/* ---- lists of nodes ---- */

struct node_list {
    const struct feel_node **at;
    size_t count, room;
};

static void push(struct parser *p, struct node_list *list, const struct feel_node *n)
{
    LIST_PUSH(p->arena, *list) = n;
}

struct name_list {
    struct str *at;
    size_t count, room;
};

/* ---- text and numbers ---- */

static bool hex_digits(struct str s, size_t at, size_t count, uint32_t *out)
{
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        char c = at + i < s.len ? s.at[at + i] : ' ';
        int digit = c >= '0' && c <= '9'                     ? c - '0'
                    : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                             : -1;
        if (digit < 0) return false;
        *out = *out * 16 + (uint32_t)digit;
    }
    return true;
}

static size_t write_code_point(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t bytes = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = bytes - 1; i > 0; i--, c >>= 6) out[i] = (char)(0x80 | (c & 0x3F));
    out[0] = (char)((bytes == 2 ? 0xC0 : bytes == 3 ? 0xE0 : 0xF0) | c);
    return bytes;
}

/* \uD83D\uDC0E is one character, as in JSON. */
static bool take_unicode(struct parser *p, size_t digits, uint32_t *out)
{
    uint32_t low;
    if (!hex_digits(p->text, p->at, digits, out)) return false;
    p->at += digits;
    bool is_high = *out >= 0xD800 && *out < 0xDC00;
    if (is_high && str_starts(str_part(p->text, p->at, 2), STR("\\u")) && hex_digits(p->text, p->at + 2, 4, &low) &&
        low >= 0xDC00 && low < 0xE000) {
        *out = 0x10000 + ((*out - 0xD800) << 10) + (low - 0xDC00);
        p->at += 6;
    }
    return *out > 0 && *out <= 0x10FFFF && !(*out >= 0xD800 && *out < 0xE000);
}

static bool take_escape(struct parser *p, char *out, size_t *len)
{
    static const char letters[] = "nrt\"'\\", meant[] = "\n\r\t\"'\\";
    char c = p->at < p->text.len ? p->text.at[p->at] : '\0';
    uint32_t code;
    if (c == 'u' || c == 'U') {
        p->at++;
        if (!take_unicode(p, c == 'u' ? 4 : 6, &code)) return false;
        *len += write_code_point(&out[*len], code);
        return true;
    }
    const char *found = c != '\0' ? strchr(letters, c) : NULL;
    if (found == NULL) { /* a backslash before anything else is itself: regular expressions are full of them */
        out[(*len)++] = '\\';
        return true;
    }
    out[(*len)++] = meant[found - letters];
    p->at++;
    return true;
}

static bool take_string(struct parser *p, struct str *out)
{
    char *text = arena_alloc(p->arena, p->text.len - p->at + 1);
    size_t len = 0;
    p->at++; /* the quote */
    while (p->at < p->text.len && p->text.at[p->at] != '"') {
        char c = p->text.at[p->at++];
        if (c != '\\') {
            text[len++] = c;
        } else if (!take_escape(p, text, &len)) {
            (void)lex_fail(p, N_("This is no character: write four hexadecimal digits after \\u, six after \\U."));
            return false;
        }
    }
    if (p->at >= p->text.len) {
        (void)lex_fail(p, N_("The closing quote of the text is missing."));
        return false;
    }
    p->at++;
    *out = str_of(text, len);
    return true;
}

static bool is_digit_at(const struct parser *p, size_t at)
{
    return at < p->text.len && p->text.at[at] >= '0' && p->text.at[at] <= '9';
}

static const struct feel_node *parse_number(struct parser *p)
{
    size_t start = p->at, at = p->at;
    while (is_digit_at(p, at)) at++;
    if (at < p->text.len && p->text.at[at] == '.' && is_digit_at(p, at + 1))
        for (at++; is_digit_at(p, at);) at++;
    if (at < p->text.len && (p->text.at[at] == 'e' || p->text.at[at] == 'E')) {
        size_t digits = at + 1;
        if (digits < p->text.len && (p->text.at[digits] == '+' || p->text.at[digits] == '-')) digits++;
        if (is_digit_at(p, digits))
            for (at = digits; is_digit_at(p, at);) at++;
    }
    decimal d;
    if (!decimal_parse(str_part(p->text, start, at - start), &d))
        return lex_fail(p, N_("The number is larger than numbers can be."));
    const struct feel_node *n = literal(p, feel_number(d));
    p->at = at;
    return n;
}

/* @"2026-11-22": the first kind whose text it is. */
static bool temporal_value(struct parser *p, struct str text, struct feel_value *out)
{
    struct feel_date date;
    struct feel_time time;
    struct feel_moment moment;
    nanos_t nanos;
    int64_t months;
    if (date_parse(text, &date))
        *out = feel_date_value(date);
    else if (moment_parse(p->arena, text, &moment))
        *out = feel_moment_value(p->arena, moment);
    else if (time_parse(p->arena, text, &time))
        *out = feel_time_value(time);
    else if (months_parse(text, &months))
        *out = feel_months_value(months);
    else if (nanos_parse(text, &nanos))
        *out = feel_days_value(nanos);
    else
        return false;
    return true;
}

static const struct feel_node *parse_at_literal(struct parser *p)
{
    struct str text;
    struct feel_value v;
    size_t start = p->at;
    p->at++;
    lex_blank(p);
    if (!lex_is(p, "\"")) return lex_fail(p, N_("After @ comes a text in quotes."));
    if (!take_string(p, &text)) return NULL;
    if (!temporal_value(p, text, &v)) {
        p->at = start;
        return lex_fail(p, N_("“{0}” is no date, time, date and time or duration."), text);
    }
    return literal(p, v);
}

/* ---- types ---- */

static const struct feel_type *type_of_kind(struct parser *p, enum feel_type_kind kind, const struct feel_type *element)
{
    struct feel_type *t = ARENA_NEW(p->arena, struct feel_type);
    t->kind = kind;
    t->element = element;
    return t;
}

static const struct feel_type *no_type(struct parser *p, const char *sentence, struct str arg)
{
    (void)lex_fail(p, sentence, arg);
    return NULL;
}

static const struct feel_type *parse_element_type(struct parser *p, enum feel_type_kind kind)
{
    if (!lex_take(p, "<")) return type_of_kind(p, kind, &feel_any);
    const struct feel_type *element = parse_type(p);
    if (element == NULL) return NULL;
    if (!lex_take(p, ">")) return no_type(p, N_("“{0}” is expected here."), STR(">"));
    return type_of_kind(p, kind, element);
}

static const struct feel_type *finish_members(struct parser *p, enum feel_type_kind kind, struct feel_member *members,
                                              size_t count)
{
    struct feel_type *t = ARENA_NEW(p->arena, struct feel_type);
    t->kind = kind;
    t->members = members;
    t->member_count = count;
    t->element = &feel_any;
    return t;
}

/* context<a: number, b: string>; without brackets: any context. */
static const struct feel_type *parse_context_type(struct parser *p)
{
    LIST(struct feel_member) members = {0};
    if (!lex_take(p, "<")) return finish_members(p, TYPE_CONTEXT, NULL, 0);
    while (!lex_take(p, ">")) {
        lex_blank(p);
        ptrdiff_t colon = str_find(p->text, STR(":"), p->at);
        if (colon < 0) return no_type(p, N_("“{0}” is expected here."), STR(":"));
        struct str name = lex_name_of(p->arena, str_part(p->text, p->at, (size_t)colon - p->at));
        p->at = (size_t)colon + 1;
        const struct feel_type *type = parse_type(p);
        if (type == NULL) return NULL;
        lex_add_member(p, name);
        LIST_PUSH(p->arena, members) = (struct feel_member){name, type};
        if (!lex_take(p, ",") && !lex_is(p, ">")) return no_type(p, N_("“{0}” is expected here."), STR(">"));
    }
    return finish_members(p, TYPE_CONTEXT, members.at, members.count);
}

/* function<number, string> -> boolean */
static const struct feel_type *parse_function_type(struct parser *p)
{
    LIST(struct feel_member) members = {0};
    if (!lex_take(p, "<")) return finish_members(p, TYPE_FUNCTION, NULL, 0);
    while (!lex_take(p, ">")) {
        const struct feel_type *type = parse_type(p);
        if (type == NULL) return NULL;
        LIST_PUSH(p->arena, members) = (struct feel_member){STR(""), type};
        if (!lex_take(p, ",") && !lex_is(p, ">")) return no_type(p, N_("“{0}” is expected here."), STR(">"));
    }
    struct feel_type *t = ARENA_NEW(p->arena, struct feel_type);
    *t = (struct feel_type){.kind = TYPE_FUNCTION, .members = members.at, .member_count = members.count};
    if (!lex_take(p, "->")) return no_type(p, N_("“{0}” is expected here."), STR("->"));
    t->element = parse_type(p);
    return t->element != NULL ? t : NULL;
}

/* The standard types whose names have several words, then whatever name the model has. */
static const struct feel_type *parse_named_type(struct parser *p)
{
    static const char *const long_names[] = {"years and months duration", "days and time duration", "date and time"};
    lex_blank(p);
    for (size_t i = 0; i < LENGTH(long_names); i++) {
        const struct scope only = {.names = (struct str[]){str_from(long_names[i])}, .count = 1};
        struct parser q = *p;
        q.scope = &only;
        struct name_match m = lex_known_name(&q);
        if (m.bytes == 0) continue;
        p->at = q.at + m.bytes;
        return feel_simple_type(m.name);
    }
    /* The longest run that the model knows: names of types may have spaces and dots. */
    size_t end = p->at;
    while (end < p->text.len && strchr("<>(),{}[]\"=\n", p->text.at[end]) == NULL) end++;
    for (; end > p->at; end--) {
        struct str name = lex_name_of(p->arena, str_part(p->text, p->at, end - p->at));
        const struct feel_type *t = feel_simple_type(name);
        if (t == NULL && p->names->find_type != NULL) t = p->names->find_type(p->names->type_context, name);
        if (t == NULL || (end < p->text.len && lex_word(&(struct parser){.text = p->text, .at = end}) > 0)) continue;
        p->at = end;
        return t;
    }
    return no_type(p, N_("There is no type “{0}”."), str_part(p->text, p->at, lex_word(p)));
}

static const struct feel_type *parse_type(struct parser *p)
{
    if (++p->depth > FEEL_NESTING) return no_type(p, N_("The text is nested too deeply."), STR_NONE);
    const struct feel_type *t;
    if (lex_take_word(p, "list"))
        t = parse_element_type(p, TYPE_LIST);
    else if (lex_take_word(p, "range"))
        t = parse_element_type(p, TYPE_RANGE);
    else if (lex_take_word(p, "context"))
        t = parse_context_type(p);
    else if (lex_take_word(p, "function"))
        t = parse_function_type(p);
    else
        t = parse_named_type(p);
    p->depth--;
    return t;
}

/* ---- lists, ranges, contexts ---- */

static bool take_range_end(struct parser *p, struct feel_node *n)
{
    n->b = parse_expression(p);
    if (n->b == NULL) return false;
    n->has_to = lex_is(p, "]");
    if (lex_take(p, "]") || lex_take(p, ")") || lex_take(p, "[")) return true;
    return lex_fail(p, N_("A range ends with ], ) or [.")) != NULL;
}

/* [1..10[ looks like the beginning of a filter on 10: read as one first, then as the end of the range. */
static const struct feel_node *finish_range(struct parser *p, struct feel_node *n, bool has_from,
                                            const struct feel_node *from)
{
    struct parser before = *p;
    struct fail unheard;
    fail_init(&unheard, p->arena);
    n->kind = NODE_RANGE;
    n->has_from = has_from;
    n->a = from;
    p->why = &unheard;
    bool is_whole = take_range_end(p, n);
    p->why = before.why;
    if (is_whole) return n;
    p->at = before.at;
    p->scope = before.scope;
    p->depth = before.depth;
    p->no_filter_depth = before.depth + 1;
    is_whole = take_range_end(p, n);
    p->no_filter_depth = before.no_filter_depth;
    return is_whole ? n : NULL;
}

static const struct feel_node *parse_list_or_range(struct parser *p)
{
    struct feel_node *n = new_node(p, NODE_LIST);
    struct node_list items = {0};
    p->at++;
    while (!lex_take(p, "]")) {
        const struct feel_node *item = parse_expression(p);
        if (item == NULL) return NULL;
        if (items.count == 0 && lex_take(p, "..")) return finish_range(p, n, true, item);
        push(p, &items, item);
        if (!lex_take(p, ",") && !lex_is(p, "]")) return lex_fail(p, N_("“{0}” is expected here."), STR("]"));
    }
    n->items = items.at;
    n->count = items.count;
    return n;
}

static const struct {
    const char *sign;
    char comparison;
    enum node_kind kind;
} comparisons[] = {
  /* The longer sign first. */
    {"<=", 'l', NODE_LESS_EQUAL   },
    {">=", 'g', NODE_GREATER_EQUAL},
    {"!=", '!', NODE_NOT_EQUAL    },
    {"<",  '<', NODE_LESS         },
    {">",  '>', NODE_GREATER      },
    {"=",  '=', NODE_EQUAL        },
};

/* "< 10" as a range without the other end; NULL without a problem when there is no sign. */
static const struct feel_node *parse_half_range(struct parser *p)
{
    for (size_t i = 0; i < LENGTH(comparisons); i++) {
        if (!lex_is(p, comparisons[i].sign)) continue;
        struct feel_node *n = new_node(p, NODE_RANGE);
        (void)lex_take(p, comparisons[i].sign); /* it is there */
        n->comparison = comparisons[i].comparison;
        const struct feel_node *end = parse_additive(p);
        if (end == NULL) return NULL;
        bool is_upper = n->comparison == '<' || n->comparison == 'l';
        n->a = is_upper ? NULL : end;
        n->b = is_upper || n->comparison == '=' ? end : NULL;
        n->has_from = n->comparison == 'g' || n->comparison == '=';
        n->has_to = n->comparison == 'l' || n->comparison == '=';
        return n;
    }
    return NULL;
}

static const struct feel_node *parse_parentheses(struct parser *p)
{
    struct feel_node *n = new_node(p, NODE_RANGE);
    p->at++;
    const struct feel_node *inner = parse_half_range(p);
    if (inner == NULL && p->why->problem_count == 0) inner = parse_expression(p);
    if (inner == NULL) return NULL;
    if (lex_take(p, "..")) return finish_range(p, n, false, inner);
    return lex_take(p, ")") ? inner : lex_fail(p, N_("“{0}” is expected here."), STR(")"));
}

static const struct feel_node *parse_open_range(struct parser *p)
{
    struct feel_node *n = new_node(p, NODE_RANGE);
    p->at++;
    const struct feel_node *from = parse_expression(p);
    if (from == NULL) return NULL;
    if (!lex_take(p, "..")) return lex_fail(p, N_("“{0}” is expected here."), STR(".."));
    return finish_range(p, n, false, from);
}

/* A key: a text in quotes, or everything up to the colon. */
static bool take_key(struct parser *p, struct str *out)
{
    lex_blank(p);
    if (lex_is(p, "\"")) {
        if (!take_string(p, out)) return false;
    } else {
        size_t end = p->at;
        while (end < p->text.len && strchr(":,{}[]\"", p->text.at[end]) == NULL) end++;
        *out = lex_name_of(p->arena, str_part(p->text, p->at, end - p->at));
        if (out->len == 0) return lex_fail(p, N_("The name of an entry is expected here.")) != NULL;
        p->at = end;
    }
    if (!lex_take(p, ":")) return lex_fail(p, N_("“{0}” is expected here."), STR(":")) != NULL;
    return true;
}

static const struct feel_node *parse_context(struct parser *p)
{
    struct feel_node *n = new_node(p, NODE_CONTEXT);
    struct name_list names = {0};
    struct node_list values = {0};
    struct scope scope = {.up = p->scope};
    p->at++;
    p->scope = &scope;
    while (!lex_take(p, "}")) {
        struct str key;
        if (!take_key(p, &key)) return NULL;
        const struct feel_node *value = parse_expression(p);
        if (value == NULL) return NULL;
        LIST_PUSH(p->arena, names) = key;
        push(p, &values, value);
        lex_add_member(p, key);
        scope.names = names.at;
        scope.count = names.count;
        if (!lex_take(p, ",") && !lex_is(p, "}")) return lex_fail(p, N_("“{0}” is expected here."), STR("}"));
    }
    p->scope = scope.up;
    n->names = names.at;
    n->items = values.at;
    n->count = values.count;
    return n;
}

/* ---- if, for, some, every, function ---- */

static const struct feel_node *parse_if(struct parser *p)
{
    struct feel_node *n = new_node(p, NODE_IF);
    (void)lex_take_word(p, "if"); /* it is there */
    if ((n->a = parse_expression(p)) == NULL) return NULL;
    if (!lex_take_word(p, "then")) return lex_fail(p, N_("“{0}” is expected here."), STR("then"));
    if ((n->b = parse_expression(p)) == NULL) return NULL;
    if (!lex_take_word(p, "else")) return lex_fail(p, N_("“{0}” is expected here."), STR("else"));
    n->c = parse_expression(p);
    return n->c != NULL ? n : NULL;
}

/* A name that is being declared: everything up to the word or sign that must follow. */
static bool take_declared(struct parser *p, const char *word, struct str *out)
{
    lex_blank(p);
    size_t start = p->at, bytes = 0;
    while (p->at < p->text.len && !lex_is_word(p, word) && p->at < p->text.len) {
        if (strchr(",(){}[]\"", p->text.at[p->at]) != NULL) break;
        bytes = lex_word(p);
        p->at += bytes > 0 ? bytes : 1;
    }
    *out = lex_name_of(p->arena, str_part(p->text, start, p->at - start));
    if (out->len > 0 && lex_take_word(p, word)) return true;
    return lex_fail(p, N_("“{0}” is expected here."), str_from(word)) != NULL;
}

static bool take_iterator(struct parser *p, bool may_count, struct str *out_name, struct iterator *out)
{
    if (!take_declared(p, "in", out_name)) return false;
    out->from = parse_expression(p);
    if (out->from == NULL) return false;
    if (!may_count || !lex_take(p, "..")) return true;
    out->to = parse_expression(p);
    return out->to != NULL;
}

/* for x in a, y in b return c; some and every: satisfies. The frame has one slot for each name, and one for partial. */
static const struct feel_node *parse_iteration(struct parser *p, enum node_kind kind, const char *word,
                                               const char *body_word)
{
    struct feel_node *n = new_node(p, kind);
    struct name_list names = {0};
    LIST(struct iterator) iterators = {0};
    struct scope scope = {.up = p->scope};
    (void)lex_take_word(p, word); /* it is there */
    p->scope = &scope;
    do {
        struct str name;
        struct iterator it = {0};
        if (!take_iterator(p, kind == NODE_FOR, &name, &it)) return NULL;
        LIST_PUSH(p->arena, names) = name;
        LIST_PUSH(p->arena, iterators) = it;
        scope.names = names.at;
        scope.count = names.count;
    } while (lex_take(p, ","));
    if (!lex_take_word(p, body_word)) return lex_fail(p, N_("“{0}” is expected here."), str_from(body_word));
    n->count = iterators.count;
    if (kind == NODE_FOR) LIST_PUSH(p->arena, names) = STR("partial");
    scope.names = names.at;
    scope.count = names.count;
    n->iterators = iterators.at;
    n->a = parse_expression(p);
    p->scope = scope.up;
    return n->a != NULL ? n : NULL;
}

static bool take_parameter(struct parser *p, struct feel_parameter *out)
{
    lex_blank(p);
    size_t end = p->at;
    while (end < p->text.len && strchr(":,()", p->text.at[end]) == NULL) end++;
    *out = (struct feel_parameter){.name = lex_name_of(p->arena, str_part(p->text, p->at, end - p->at))};
    if (out->name.len == 0) return lex_fail(p, N_("The name of a parameter is expected here.")) != NULL;
    p->at = end;
    if (!lex_take(p, ":")) return true;
    out->type = parse_type(p);
    return out->type != NULL;
}

static const struct feel_node *parse_function(struct parser *p)
{
    struct feel_node *n = new_node(p, NODE_FUNCTION);
    LIST(struct feel_parameter) parameters = {0};
    struct name_list names = {0};
    (void)lex_take_word(p, "function"); /* it is there */
    if (!lex_take(p, "(")) return lex_fail(p, N_("“{0}” is expected here."), STR("("));
    while (!lex_take(p, ")")) {
        struct feel_parameter parameter;
        if (!take_parameter(p, &parameter)) return NULL;
        LIST_PUSH(p->arena, parameters) = parameter;
        LIST_PUSH(p->arena, names) = parameter.name;
        if (!lex_take(p, ",") && !lex_is(p, ")")) return lex_fail(p, N_("“{0}” is expected here."), STR(")"));
    }
    if (lex_take_word(p, "external"))
        return lex_fail(p, N_("External functions are not run: rules stay within the program."));
    struct scope scope = {.up = p->scope, .names = names.at, .count = names.count};
    p->scope = &scope;
    n->parameters = parameters.at;
    n->count = parameters.count;
    n->a = parse_expression(p);
    p->scope = scope.up;
    return n->a != NULL ? n : NULL;
}

/* ---- names and calls ---- */

static bool passes_item(const struct parser *p, int hops)
{
    for (const struct scope *s = p->scope; s != NULL; s = s->up) {
        if (s->is_open) return true;
        if (hops-- == 0) return false;
    }
    return false;
}

static const struct feel_node *builtin_value(struct parser *p, struct str name)
{
    const struct builtin *b = builtin_find(name);
    struct feel_function *f = ARENA_NEW(p->arena, struct feel_function);
    f->builtin = b;
    return literal(p, (struct feel_value){.kind = FEEL_FUNCTION, .function = f});
}

static bool is_in_filter(const struct parser *p)
{
    for (const struct scope *s = p->scope; s != NULL; s = s->up)
        if (s->is_open) return true;
    return false;
}

static const struct feel_node *parse_name(struct parser *p)
{
    struct name_match known = lex_known_name(p);
    struct str rest = str_part(p->text, p->at, p->text.len);
    size_t word = lex_word(p), built_in = builtin_match(rest);
    struct parser ahead = *p;
    struct str member = is_in_filter(p) ? lex_member(&ahead) : STR_NONE;
    if (member.len > known.name.len && member.len >= built_in && member.len > word) { /* a long name of the item */
        struct feel_node *n = new_node(p, NODE_MEMBER);
        n->name = member;
        p->at = ahead.at;
        return n;
    }
    if (known.bytes > 0 && known.bytes >= word && known.bytes >= built_in) {
        struct feel_node *n = new_node(p, NODE_NAME);
        n->name = known.name;
        n->hops = known.hops;
        n->slot = known.slot;
        n->is_maybe_member = passes_item(p, known.hops);
        if (str_eq(known.name, STR("?"))) p->is_tested_used = true;
        p->at += known.bytes;
        return n;
    }
    if (built_in > 0 && built_in >= word) {
        struct str name = lex_name_of(p->arena, str_part(rest, 0, built_in));
        const struct feel_node *function = builtin_value(p, name);
        p->at += built_in;
        if (!is_in_filter(p) || lex_is(p, "(")) return function;
        struct feel_node *n = new_node(p, NODE_MEMBER); /* the item may have a member of that name */
        n->name = name;
        n->a = function;
        return n;
    }
    if (word == 0) return lex_fail(p, N_("A value is expected here."));
    if (!is_in_filter(p)) return lex_fail(p, N_("There is no name “{0}” here."), str_part(rest, 0, word));
    struct feel_node *n = new_node(p, NODE_MEMBER);
    n->name = str_part(rest, 0, word);
    p->at += word;
    return n;
}

/* "name:" before an argument? Notes the name and goes behind the colon. */
static bool take_argument_name(struct parser *p, struct str *out)
{
    lex_blank(p);
    for (size_t at = p->at; at < p->text.len; at++) {
        char c = p->text.at[at];
        if (strchr(",(){}[]\"@", c) != NULL) return false;
        if (c != ':') continue;
        *out = lex_name_of(p->arena, str_part(p->text, p->at, at - p->at));
        p->at = at + 1;
        return true;
    }
    return false;
}

static const struct feel_node *parse_call(struct parser *p, const struct feel_node *callee)
{
    struct feel_node *n = new_node(p, NODE_CALL);
    struct node_list items = {0};
    struct name_list names = {0};
    n->line = callee->line;
    n->column = callee->column;
    p->at++;
    while (!lex_take(p, ")")) {
        struct str name;
        if (take_argument_name(p, &name)) LIST_PUSH(p->arena, names) = name;
        const struct feel_node *argument = parse_expression(p);
        if (argument == NULL) return NULL;
        push(p, &items, argument);
        if (names.count > 0 && names.count != items.count)
            return lex_fail(p, N_("Name all arguments of a call, or none."));
        if (!lex_take(p, ",") && !lex_is(p, ")")) return lex_fail(p, N_("“{0}” is expected here."), STR(")"));
    }
    n->a = callee;
    n->items = items.at;
    n->names = names.at;
    n->count = items.count;
    bool is_builtin = callee->kind == NODE_LITERAL && callee->value.kind == FEEL_FUNCTION;
    if (is_builtin) {
        n->kind = NODE_BUILTIN_CALL;
        n->builtin = callee->value.function->builtin;
    }
    return n;
}

static const struct feel_node *parse_filter(struct parser *p, const struct feel_node *list)
{
    struct scope scope = {.up = p->scope, .is_open = true};
    p->at++;
    p->scope = &scope;
    const struct feel_node *condition = parse_expression(p);
    p->scope = scope.up;
    if (condition == NULL) return NULL;
    if (!lex_take(p, "]")) return lex_fail(p, N_("“{0}” is expected here."), STR("]"));
    return binary(p, NODE_FILTER, list, condition);
}

static const struct feel_node *parse_path(struct parser *p, const struct feel_node *from)
{
    struct feel_node *n = new_node(p, NODE_PATH);
    p->at++;
    n->name = lex_member(p);
    n->a = from;
    return n->name.len > 0 ? n : lex_fail(p, N_("A name is expected after the point."));
}

/* ---- operators ---- */

static const struct feel_node *parse_primary(struct parser *p)
{
    static const struct {
        const char *word;
        struct feel_value value;
    } words[] = {
        {"null",  {.kind = FEEL_NULL}                    },
        {"true",  {.kind = FEEL_BOOLEAN, .boolean = true}},
        {"false", {.kind = FEEL_BOOLEAN}                 },
    };
    lex_blank(p);
    if (p->at >= p->text.len) return lex_fail(p, N_("The text ends where a value is expected."));
    char c = p->text.at[p->at];
    if (is_digit_at(p, p->at) || (c == '.' && is_digit_at(p, p->at + 1))) return parse_number(p);
    if (c == '"') {
        struct str text;
        return take_string(p, &text) ? literal(p, feel_string(text)) : NULL;
    }
    if (c == '@') return parse_at_literal(p);
    if (c == '(') return parse_parentheses(p);
    if (c == '[') return parse_list_or_range(p);
    if (c == ']') return parse_open_range(p);
    if (c == '{') return parse_context(p);
    if (lex_known_name(p).bytes <= lex_word(p)) { /* no longer name begins with the word */
        for (size_t i = 0; i < LENGTH(words); i++)
            if (lex_take_word(p, words[i].word)) return literal(p, words[i].value);
        if (lex_is_word(p, "if")) return parse_if(p);
        if (lex_is_word(p, "for")) return parse_iteration(p, NODE_FOR, "for", "return");
        if (lex_is_word(p, "some")) return parse_iteration(p, NODE_SOME, "some", "satisfies");
        if (lex_is_word(p, "every")) return parse_iteration(p, NODE_EVERY, "every", "satisfies");
        if (lex_is_word(p, "function")) return parse_function(p);
    }
    return parse_name(p);
}

static const struct feel_node *parse_postfix(struct parser *p)
{
    const struct feel_node *n = parse_primary(p);
    while (n != NULL) {
        if (lex_is(p, "[") && p->depth != p->no_filter_depth)
            n = parse_filter(p, n);
        else if (lex_is(p, "("))
            n = parse_call(p, n);
        else if (lex_is(p, ".") && !lex_is(p, ".."))
            n = parse_path(p, n);
        else
            break;
    }
    return n;
}

static const struct feel_node *parse_instance(struct parser *p)
{
    const struct feel_node *n = parse_postfix(p);
    while (n != NULL && lex_is_word(p, "instance")) {
        size_t start = p->at;
        (void)lex_take_word(p, "instance"); /* it is there */
        if (!lex_take_word(p, "of")) {
            p->at = start;
            break;
        }
        struct feel_node *test = new_node(p, NODE_INSTANCE_OF);
        test->a = n;
        test->type = parse_type(p);
        n = test->type != NULL ? test : NULL;
    }
    return n;
}

static const struct feel_node *parse_unary(struct parser *p)
{
    if (!lex_is(p, "-")) return parse_instance(p);
    struct feel_node *n = new_node(p, NODE_NEGATE);
    p->at++;
    if (++p->depth > FEEL_NESTING) return lex_fail(p, N_("The text is nested too deeply."));
    n->a = parse_unary(p);
    p->depth--;
    return n->a != NULL ? n : NULL;
}

struct operation {
    const char *sign;
    enum node_kind kind;
};

static const struct feel_node *parse_left(struct parser *p, parse_fn *operand, const struct operation *operations,
                                          size_t count)
{
    const struct feel_node *n = operand(p);
    while (n != NULL) {
        size_t i = 0;
        while (i < count && !lex_take(p, operations[i].sign)) i++;
        if (i == count) break;
        n = binary(p, operations[i].kind, n, operand(p));
    }
    return n;
}

static const struct feel_node *parse_power(struct parser *p)
{
    static const struct operation power[] = {
        {"**", NODE_POWER}
    };
    return parse_left(p, parse_unary, power, LENGTH(power));
}

static const struct feel_node *parse_multiplicative(struct parser *p)
{
    static const struct operation operations[] = {
        {"*", NODE_MULTIPLY},
        {"/", NODE_DIVIDE  }
    };
    return parse_left(p, parse_power, operations, LENGTH(operations));
}

static const struct feel_node *parse_additive(struct parser *p)
{
    static const struct operation operations[] = {
        {"+", NODE_ADD     },
        {"-", NODE_SUBTRACT}
    };
    return parse_left(p, parse_multiplicative, operations, LENGTH(operations));
}

/* ---- tests ---- */

static const struct feel_node *parse_test(struct parser *p)
{
    struct feel_node *n = new_node(p, NODE_TEST);
    bool was_used = p->is_tested_used;
    p->is_tested_used = false;
    n->a = parse_half_range(p);
    if (n->a == NULL && p->why->problem_count == 0) n->a = parse_expression(p);
    n->is_maybe_member = p->is_tested_used; /* then a boolean answer is the answer */
    p->is_tested_used |= was_used;
    return n->a != NULL ? n : NULL;
}

static const struct feel_node *parse_test_list(struct parser *p, enum node_kind kind)
{
    struct feel_node *n = new_node(p, kind);
    struct node_list tests = {0};
    do {
        const struct feel_node *test = parse_test(p);
        if (test == NULL) return NULL;
        push(p, &tests, test);
    } while (lex_take(p, ","));
    n->items = tests.at;
    n->count = tests.count;
    return n;
}

/* x in (1, > 5), x in [1..5], x in xs. What begins with a parenthesis may also be a range or an expression. */
static const struct feel_node *parse_in_tests(struct parser *p)
{
    if (lex_is(p, "(")) {
        struct parser before = *p;
        struct fail unheard;
        fail_init(&unheard, p->arena);
        p->why = &unheard;
        p->at++;
        const struct feel_node *tests = parse_test_list(p, NODE_TESTS);
        bool is_list = tests != NULL && lex_take(p, ")") && !lex_is(p, "..") && !lex_is(p, "[") && !lex_is(p, ".");
        p->why = before.why;
        if (is_list) return tests;
        p->at = before.at;
        p->scope = before.scope;
        p->depth = before.depth;
    }
    struct feel_node *n = new_node(p, NODE_TESTS);
    const struct feel_node *one = parse_half_range(p);
    if (one == NULL && p->why->problem_count == 0) one = parse_additive(p);
    if (one == NULL) return NULL;
    struct feel_node *test = new_node(p, NODE_TEST);
    test->a = one;
    n->items = arena_dup(p->arena, &(const struct feel_node *){test}, sizeof test);
    n->count = 1;
    return n;
}

static const struct feel_node *parse_between(struct parser *p, const struct feel_node *value)
{
    struct feel_node *n = new_node(p, NODE_BETWEEN);
    n->a = value;
    if ((n->b = parse_additive(p)) == NULL) return NULL;
    if (!lex_take_word(p, "and")) return lex_fail(p, N_("“{0}” is expected here."), STR("and"));
    n->c = parse_additive(p);
    return n->c != NULL ? n : NULL;
}

static const struct feel_node *parse_comparison(struct parser *p)
{
    const struct feel_node *n = parse_additive(p);
    while (n != NULL) {
        if (lex_take_word(p, "between")) {
            n = parse_between(p, n);
            continue;
        }
        if (lex_take_word(p, "in")) {
            n = binary(p, NODE_IN, n, parse_in_tests(p));
            continue;
        }
        size_t i = 0;
        while (i < LENGTH(comparisons) && !lex_take(p, comparisons[i].sign)) i++;
        if (i == LENGTH(comparisons)) break;
        n = binary(p, comparisons[i].kind, n, parse_additive(p));
    }
    return n;
}

static const struct feel_node *parse_conjunction(struct parser *p)
{
    const struct feel_node *n = parse_comparison(p);
    while (n != NULL && lex_take_word(p, "and")) n = binary(p, NODE_AND, n, parse_comparison(p));
    return n;
}

static const struct feel_node *parse_expression(struct parser *p)
{
    if (++p->depth > FEEL_NESTING) return lex_fail(p, N_("The text is nested too deeply."));
    const struct feel_node *n = parse_conjunction(p);
    while (n != NULL && lex_take_word(p, "or")) n = binary(p, NODE_OR, n, parse_conjunction(p));
    p->depth--;
    return n;
}

/* ---- entrances ---- */

static void parser_init(struct parser *p, struct arena *a, struct str text, const struct feel_names *names,
                        struct scope *root, struct fail *why)
{
    static const char *const standard[] = {"time offset", "start included", "end included"};
    *root = (struct scope){.names = names->names, .count = names->count};
    *p = (struct parser){.arena = a, .why = why, .text = text, .names = names, .scope = root};
    for (size_t i = 0; i < LENGTH(standard); i++) lex_add_member(p, str_from(standard[i]));
    for (size_t i = 0; i < names->member_count; i++) lex_add_member(p, names->members[i]);
}

static enum outcome check_size(struct str text, struct fail *why)
{
    if (text.len <= FEEL_TEXT_BYTES) return OK;
    return fail(why, ERR_TOO_LARGE, N_("The expression is too long."));
}

static enum outcome finish(struct parser *p, const struct feel_node *n, const struct feel_node **out)
{
    lex_blank(p);
    if (n != NULL && p->at < p->text.len)
        n = lex_fail(p, N_("“{0}” is not expected here."), str_part(p->text, p->at, lex_word(p) > 0 ? lex_word(p) : 1));
    if (n == NULL) return fail_if_problems(p->why);
    *out = n;
    return OK;
}

enum outcome feel_compile(struct arena *a, struct str text, const struct feel_names *names,
                          const struct feel_node **out, struct fail *why)
{
    struct parser p;
    struct scope root;
    TRY(check_size(text, why));
    parser_init(&p, a, str_dup(a, text), names, &root, why);
    return finish(&p, parse_expression(&p), out);
}

enum outcome feel_compile_tests(struct arena *a, struct str text, const struct feel_names *names,
                                const struct feel_node **out, struct fail *why)
{
    struct parser p;
    struct scope root;
    TRY(check_size(text, why));
    parser_init(&p, a, str_dup(a, text), names, &root, why);
    if (str_eq(str_trim(text), STR("-")) || str_trim(text).len == 0) {
        *out = new_node(&p, NODE_TEST_ALWAYS);
        return OK;
    }
    size_t start = p.at;
    if (lex_take_word(&p, "not") && lex_take(&p, "(")) {
        const struct feel_node *tests = parse_test_list(&p, NODE_TESTS_NOT);
        if (tests != NULL && lex_take(&p, ")")) {
            lex_blank(&p);
            if (p.at == p.text.len) return finish(&p, tests, out);
        }
        why->problem_count = 0; /* perhaps an expression that only begins so */
    }
    p.at = start;
    p.scope = &root;
    p.depth = 0;
    return finish(&p, parse_test_list(&p, NODE_TESTS), out);
}

enum outcome feel_compile_type(struct arena *a, struct str text, const struct feel_names *names,
                               const struct feel_type **out, struct fail *why)
{
    struct parser p;
    struct scope root;
    parser_init(&p, a, str_dup(a, text), names, &root, why);
    const struct feel_type *t = parse_type(&p);
    lex_blank(&p);
    if (t != NULL && p.at < p.text.len)
        (void)lex_fail(&p, N_("“{0}” is not expected here."), str_part(p.text, p.at, 1));
    TRY(fail_if_problems(why));
    *out = t;
    return OK;
}

const struct feel_node *const *feel_list_items(const struct feel_node *n, size_t *out_count)
{
    *out_count = n->kind == NODE_LIST ? n->count : 0;
    return n->kind == NODE_LIST ? n->items : NULL;
}
