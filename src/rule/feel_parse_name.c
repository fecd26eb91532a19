#include <string.h>

#include "rule/feel_parse.h"

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
    return parse_literal(p, (struct feel_value){.kind = FEEL_FUNCTION, .function = f});
}

static bool is_in_filter(const struct parser *p)
{
    for (const struct scope *s = p->scope; s != NULL; s = s->up)
        if (s->is_open) return true;
    return false;
}

const struct feel_node *parse_name(struct parser *p)
{
    struct name_match known = lex_known_name(p);
    struct str rest = str_part(p->text, p->at, p->text.len);
    size_t word = lex_word(p), built_in = builtin_match(rest);
    struct parser ahead = *p;
    struct str member = is_in_filter(p) ? lex_member(&ahead) : STR_NONE;
    if (member.len > known.name.len && member.len >= built_in && member.len > word) { /* a long name of the item */
        struct feel_node *n = parse_new(p, NODE_MEMBER);
        n->name = member;
        p->at = ahead.at;
        return n;
    }
    if (known.bytes > 0 && known.bytes >= word && known.bytes >= built_in) {
        struct feel_node *n = parse_new(p, NODE_NAME);
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
        struct feel_node *n = parse_new(p, NODE_MEMBER); /* the item may have a member of that name */
        n->name = name;
        n->a = function;
        return n;
    }
    if (word == 0) return lex_fail(p, N_("A value is expected here."));
    if (!is_in_filter(p)) return lex_fail(p, N_("There is no name “{0}” here."), str_part(rest, 0, word));
    struct feel_node *n = parse_new(p, NODE_MEMBER);
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

const struct feel_node *parse_call(struct parser *p, const struct feel_node *callee)
{
    struct feel_node *n = parse_new(p, NODE_CALL);
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
        parse_push(p, &items, argument);
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

const struct feel_node *parse_filter(struct parser *p, const struct feel_node *list)
{
    struct scope scope = {.up = p->scope, .is_open = true};
    p->at++;
    p->scope = &scope;
    const struct feel_node *condition = parse_expression(p);
    p->scope = scope.up;
    if (condition == NULL) return NULL;
    if (!lex_take(p, "]")) return lex_fail(p, N_("“{0}” is expected here."), STR("]"));
    return parse_binary(p, NODE_FILTER, list, condition);
}

const struct feel_node *parse_path(struct parser *p, const struct feel_node *from)
{
    struct feel_node *n = parse_new(p, NODE_PATH);
    p->at++;
    n->name = lex_member(p);
    n->a = from;
    return n->name.len > 0 ? n : lex_fail(p, N_("A name is expected after the point."));
}
