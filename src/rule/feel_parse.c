#include "rule/feel_parse.h"

typedef const struct feel_node *parse_fn(struct parser *p);

struct feel_node *parse_new(struct parser *p, enum node_kind kind)
{
    struct feel_node *n = ARENA_NEW(p->arena, struct feel_node);
    n->kind = kind;
    n->slot = -1;
    lex_place(p, &n->line, &n->column);
    return n;
}

const struct feel_node *parse_literal(struct parser *p, struct feel_value v)
{
    struct feel_node *n = parse_new(p, NODE_LITERAL);
    n->value = v;
    return n;
}

const struct feel_node *parse_binary(struct parser *p, enum node_kind kind, const struct feel_node *a,
                                     const struct feel_node *b)
{
    if (a == NULL || b == NULL) return NULL;
    struct feel_node *n = parse_new(p, kind);
    n->line = a->line;
    n->column = a->column;
    n->a = a;
    n->b = b;
    return n;
}

void parse_push(struct parser *p, struct node_list *list, const struct feel_node *n)
{
    LIST_PUSH(p->arena, *list) = n;
}

bool parse_again(struct parser *p, const struct parser *from)
{
    enum { AT_LEAST = 64, FREE = 16 * 1024 };
    p->reread_bytes += p->at - from->at + AT_LEAST;
    if (p->reread_bytes > FREE + p->text.len) return lex_fail(p, N_("The text is nested too deeply.")) != NULL;
    p->at = from->at;
    p->scope = from->scope;
    p->depth = from->depth;
    return true;
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
    if (parse_is_digit(p, p->at) || (c == '.' && parse_is_digit(p, p->at + 1))) return parse_number(p);
    if (c == '"') {
        struct str text;
        return parse_take_string(p, &text) ? parse_literal(p, feel_string(text)) : NULL;
    }
    if (c == '@') return parse_at_literal(p);
    if (c == '(') return parse_parentheses(p);
    if (c == '[') return parse_list_or_range(p);
    if (c == ']') return parse_open_range(p);
    if (c == '{') return parse_context(p);
    if (lex_known_name(p).bytes <= lex_word(p)) { /* no longer name begins with the word */
        for (size_t i = 0; i < LENGTH(words); i++)
            if (lex_take_word(p, words[i].word)) return parse_literal(p, words[i].value);
        const struct feel_node *flow = parse_flow(p);
        if (flow != NULL || p->why->problem_count > 0) return flow;
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
        struct feel_node *test = parse_new(p, NODE_INSTANCE_OF);
        test->a = n;
        test->type = parse_type(p);
        n = test->type != NULL ? test : NULL;
    }
    return n;
}

static const struct feel_node *parse_unary(struct parser *p)
{
    if (!lex_is(p, "-")) return parse_instance(p);
    struct feel_node *n = parse_new(p, NODE_NEGATE);
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
        n = parse_binary(p, operations[i].kind, n, operand(p));
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

const struct feel_node *parse_additive(struct parser *p)
{
    static const struct operation operations[] = {
        {"+", NODE_ADD     },
        {"-", NODE_SUBTRACT}
    };
    return parse_left(p, parse_multiplicative, operations, LENGTH(operations));
}

/* ---- comparisons ---- */

static const struct feel_node *parse_between(struct parser *p, const struct feel_node *value)
{
    struct feel_node *n = parse_new(p, NODE_BETWEEN);
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
            n = parse_binary(p, NODE_IN, n, parse_in_tests(p));
            continue;
        }
        size_t i = 0;
        while (i < COMPARISONS && !lex_take(p, parse_comparisons[i].sign)) i++;
        if (i == COMPARISONS) break;
        n = parse_binary(p, parse_comparisons[i].kind, n, parse_additive(p));
    }
    return n;
}

static const struct feel_node *parse_conjunction(struct parser *p)
{
    const struct feel_node *n = parse_comparison(p);
    while (n != NULL && lex_take_word(p, "and")) n = parse_binary(p, NODE_AND, n, parse_comparison(p));
    return n;
}

const struct feel_node *parse_expression(struct parser *p)
{
    if (++p->depth > FEEL_NESTING) return lex_fail(p, N_("The text is nested too deeply."));
    const struct feel_node *n = parse_conjunction(p);
    while (n != NULL && lex_take_word(p, "or")) n = parse_binary(p, NODE_OR, n, parse_conjunction(p));
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
        *out = parse_new(&p, NODE_TEST_ALWAYS);
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
