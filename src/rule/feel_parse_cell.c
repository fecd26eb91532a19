#include "rule/feel_parse.h"

static const struct feel_node *parse_test(struct parser *p)
{
    struct feel_node *n = parse_new(p, NODE_TEST);
    bool was_used = p->is_tested_used;
    p->is_tested_used = false;
    n->a = parse_half_range(p);
    if (n->a == NULL && p->why->problem_count == 0) n->a = parse_expression(p);
    n->is_maybe_member = p->is_tested_used; /* then a boolean answer is the answer */
    p->is_tested_used |= was_used;
    return n->a != NULL ? n : NULL;
}

const struct feel_node *parse_test_list(struct parser *p, enum node_kind kind)
{
    struct feel_node *n = parse_new(p, kind);
    struct node_list tests = {0};
    do {
        const struct feel_node *test = parse_test(p);
        if (test == NULL) return NULL;
        parse_push(p, &tests, test);
    } while (lex_take(p, ","));
    n->items = tests.at;
    n->count = tests.count;
    return n;
}

/* x in (1, > 5), x in [1..5], x in xs. What begins with a parenthesis may also be a range or an expression. */
const struct feel_node *parse_in_tests(struct parser *p)
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
        if (!parse_again(p, &before)) return NULL;
    }
    struct feel_node *n = parse_new(p, NODE_TESTS);
    const struct feel_node *one = parse_half_range(p);
    if (one == NULL && p->why->problem_count == 0) one = parse_additive(p);
    if (one == NULL) return NULL;
    struct feel_node *test = parse_new(p, NODE_TEST);
    test->a = one;
    n->items = arena_dup(p->arena, &(const struct feel_node *){test}, sizeof test);
    n->count = 1;
    return n;
}
