#include <string.h>

#include "rule/feel_parse.h"

static const struct feel_node *parse_if(struct parser *p)
{
    struct feel_node *n = parse_new(p, NODE_IF);
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
    struct feel_node *n = parse_new(p, kind);
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
    struct feel_node *n = parse_new(p, NODE_FUNCTION);
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

const struct feel_node *parse_flow(struct parser *p)
{
    if (lex_is_word(p, "if")) return parse_if(p);
    if (lex_is_word(p, "for")) return parse_iteration(p, NODE_FOR, "for", "return");
    if (lex_is_word(p, "some")) return parse_iteration(p, NODE_SOME, "some", "satisfies");
    if (lex_is_word(p, "every")) return parse_iteration(p, NODE_EVERY, "every", "satisfies");
    return lex_is_word(p, "function") ? parse_function(p) : NULL;
}
