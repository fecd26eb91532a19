/* What a FEEL text is compiled to: the tree that is walked. Only this room's parser and evaluator know it. */
#ifndef RULE_FEEL_NODE_H
#define RULE_FEEL_NODE_H

#include "rule/feel_type.h"

enum node_kind {
    NODE_LITERAL,
    NODE_NAME,   /* slot of a frame, perhaps hidden by a member of an item */
    NODE_MEMBER, /* a name that only an item can have */
    NODE_PATH,   /* a.name */
    NODE_FILTER, /* a[b] */
    NODE_CALL,   /* a(items) */
    NODE_BUILTIN_CALL,
    NODE_NEGATE,
    NODE_ADD,
    NODE_SUBTRACT,
    NODE_MULTIPLY,
    NODE_DIVIDE,
    NODE_POWER,
    NODE_EQUAL,
    NODE_NOT_EQUAL,
    NODE_LESS,
    NODE_LESS_EQUAL,
    NODE_GREATER,
    NODE_GREATER_EQUAL,
    NODE_BETWEEN, /* a between b and c */
    NODE_IN,      /* a in tests */
    NODE_AND,
    NODE_OR,
    NODE_IF,
    NODE_FOR,
    NODE_SOME,
    NODE_EVERY,
    NODE_INSTANCE_OF,
    NODE_LIST,
    NODE_CONTEXT,
    NODE_RANGE,
    NODE_FUNCTION,
    NODE_TESTS,       /* any of the items passes */
    NODE_TESTS_NOT,   /* none of the items passes */
    NODE_TEST_ALWAYS, /* "-" */
    NODE_TEST         /* an expression as a test of "?" */
};

/* One iteration of for, some, every. */
struct iterator {
    const struct feel_node *from, *to; /* to: the end of i..j; NULL: from is the list */
};

struct feel_node {
    enum node_kind kind;
    uint32_t line, column;
    const struct feel_node *a, *b, *c;
    const struct feel_node *const *items; /* arguments, items, entries' values, tests */
    const struct str *names;              /* of named arguments, entries, iterators */
    const struct iterator *iterators;
    const struct feel_parameter *parameters;
    size_t count;
    struct str name;
    struct feel_value value;
    const struct feel_type *type;
    const struct builtin *builtin;
    int hops, slot;
    bool is_maybe_member; /* an item in between may have a member of that name */
    bool has_from, has_to;
    char comparison;
};

/* Variables at run time: slots, or the item of a filter. */
struct frame {
    const struct frame *up;
    struct feel_value *values;
    const struct feel_value *item; /* not NULL: names are its members */
};

struct feel_function {
    const struct builtin *builtin; /* one of the three */
    const struct feel_node *lambda;
    feel_native *native;
    const void *context;       /* of native */
    const struct frame *frame; /* of lambda */
    const struct feel_parameter *parameters;
    size_t parameter_count;
};

/* ---- built-in functions (feel_builtin.c) ---- */

enum { BUILTIN_PARAMETERS = 5, ANY_NUMBER = 255 };

/* One signature; a function may have several rows, tried in order. */
struct builtin {
    struct str name;
    uint8_t least, most; /* arguments; ANY_NUMBER */
    const char *parameters[BUILTIN_PARAMETERS];
    const char *kinds; /* a letter for each parameter: feel_builtin.c; the last one repeats */
    struct feel_value (*call)(struct feel_run *run, const struct feel_value *args, size_t count);
};

const struct builtin *builtin_find(struct str name); /* the first row of that name; NULL */
/* The longest built-in name that the text begins with, or 0. */
size_t builtin_match(struct str text);
/* named: names of the arguments, or NULL. */
struct feel_value builtin_call(struct feel_run *run, const struct builtin *b, const struct str *named,
                               const struct feel_value *args, size_t count);

struct feel_value eval(struct feel_run *run, const struct feel_node *n, const struct frame *f);
struct feel_value feel_add(struct feel_run *run, struct feel_value a, struct feel_value b);
struct feel_value feel_subtract(struct feel_run *run, struct feel_value a, struct feel_value b);

#endif
