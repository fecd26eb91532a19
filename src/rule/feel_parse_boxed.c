#include <string.h>

#include "rule/feel_parse.h"

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
    if (!parse_again(p, &before)) return NULL;
    p->no_filter_depth = before.depth + 1;
    is_whole = take_range_end(p, n);
    p->no_filter_depth = before.no_filter_depth;
    return is_whole ? n : NULL;
}

const struct feel_node *parse_list_or_range(struct parser *p)
{
    struct feel_node *n = parse_new(p, NODE_LIST);
    struct node_list items = {0};
    p->at++;
    while (!lex_take(p, "]")) {
        const struct feel_node *item = parse_expression(p);
        if (item == NULL) return NULL;
        if (items.count == 0 && lex_take(p, "..")) return finish_range(p, n, true, item);
        parse_push(p, &items, item);
        if (!lex_take(p, ",") && !lex_is(p, "]")) return lex_fail(p, N_("“{0}” is expected here."), STR("]"));
    }
    n->items = items.at;
    n->count = items.count;
    return n;
}

const struct comparison parse_comparisons[COMPARISONS] = {
  /* The longer sign first. */
    {"<=", 'l', NODE_LESS_EQUAL   },
    {">=", 'g', NODE_GREATER_EQUAL},
    {"!=", '!', NODE_NOT_EQUAL    },
    {"<",  '<', NODE_LESS         },
    {">",  '>', NODE_GREATER      },
    {"=",  '=', NODE_EQUAL        },
};

/* "< 10" as a range without the other end; NULL without a problem when there is no sign. */
const struct feel_node *parse_half_range(struct parser *p)
{
    for (size_t i = 0; i < COMPARISONS; i++) {
        if (!lex_is(p, parse_comparisons[i].sign)) continue;
        struct feel_node *n = parse_new(p, NODE_RANGE);
        (void)lex_take(p, parse_comparisons[i].sign); /* it is there */
        n->comparison = parse_comparisons[i].comparison;
        if (++p->depth > FEEL_NESTING) return lex_fail(p, N_("The text is nested too deeply."));
        const struct feel_node *end = parse_additive(p);
        if (end == NULL) return NULL;
        p->depth--;
        bool is_upper = n->comparison == '<' || n->comparison == 'l';
        n->a = is_upper ? NULL : end;
        n->b = is_upper || n->comparison == '=' ? end : NULL;
        n->has_from = n->comparison == 'g' || n->comparison == '=';
        n->has_to = n->comparison == 'l' || n->comparison == '=';
        return n;
    }
    return NULL;
}

const struct feel_node *parse_parentheses(struct parser *p)
{
    struct feel_node *n = parse_new(p, NODE_RANGE);
    p->at++;
    const struct feel_node *inner = parse_half_range(p);
    if (inner == NULL && p->why->problem_count == 0) inner = parse_expression(p);
    if (inner == NULL) return NULL;
    if (lex_take(p, "..")) return finish_range(p, n, false, inner);
    return lex_take(p, ")") ? inner : lex_fail(p, N_("“{0}” is expected here."), STR(")"));
}

const struct feel_node *parse_open_range(struct parser *p)
{
    struct feel_node *n = parse_new(p, NODE_RANGE);
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
        if (!parse_take_string(p, out)) return false;
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

const struct feel_node *parse_context(struct parser *p)
{
    struct feel_node *n = parse_new(p, NODE_CONTEXT);
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
        parse_push(p, &values, value);
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
