/* Parsing FEEL, in files by what is read. A function that returns NULL or false has noted why. Only the parser's. */
#ifndef RULE_FEEL_PARSE_H
#define RULE_FEEL_PARSE_H

#include "rule/feel_lex.h"

struct node_list {
    const struct feel_node **at;
    size_t count, room;
};

struct name_list {
    struct str *at;
    size_t count, room;
};

struct feel_node *parse_new(struct parser *p, enum node_kind kind); /* at the present place */
const struct feel_node *parse_literal(struct parser *p, struct feel_value v);
const struct feel_node *parse_binary(struct parser *p, enum node_kind kind, const struct feel_node *a,
                                     const struct feel_node *b); /* NULL when one of them is */
void parse_push(struct parser *p, struct node_list *list, const struct feel_node *n);
/* Back to that place, to read from there in another meaning. False, and noted, when too much was read again. */
bool parse_again(struct parser *p, const struct parser *from);

/* feel_parse.c: operators, and what begins a value */
const struct feel_node *parse_expression(struct parser *p);
const struct feel_node *parse_additive(struct parser *p);

/* feel_literal.c: text, numbers, @"..." */
bool parse_is_digit(const struct parser *p, size_t at);
bool parse_take_string(struct parser *p, struct str *out);
const struct feel_node *parse_number(struct parser *p);
const struct feel_node *parse_at_literal(struct parser *p);

/* feel_parse_type.c */
const struct feel_type *parse_type(struct parser *p);

/* feel_parse_boxed.c: [1, 2], [1..2], (< 3), {a: 1} */
struct comparison {
    const char *sign;
    char comparison;
    enum node_kind kind;
};
enum { COMPARISONS = 6 };
extern const struct comparison parse_comparisons[COMPARISONS]; /* the longer sign first */
const struct feel_node *parse_half_range(struct parser *p);    /* NULL without a problem when no sign stands here */
const struct feel_node *parse_parentheses(struct parser *p);
const struct feel_node *parse_list_or_range(struct parser *p);
const struct feel_node *parse_open_range(struct parser *p);
const struct feel_node *parse_context(struct parser *p);

/* feel_parse_flow.c: if, for, some, every, function; NULL without a problem when none of them stands here */
const struct feel_node *parse_flow(struct parser *p);

/* feel_parse_name.c: names, calls, filters, paths */
const struct feel_node *parse_name(struct parser *p);
const struct feel_node *parse_call(struct parser *p, const struct feel_node *callee);
const struct feel_node *parse_filter(struct parser *p, const struct feel_node *list);
const struct feel_node *parse_path(struct parser *p, const struct feel_node *from);

/* feel_parse_cell.c: what stands after "in" and in cells */
const struct feel_node *parse_test_list(struct parser *p, enum node_kind kind);
const struct feel_node *parse_in_tests(struct parser *p);

#endif
