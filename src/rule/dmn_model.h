/* What a decision model is in memory; for the files of this room that read and evaluate it. */
#ifndef RULE_DMN_MODEL_H
#define RULE_DMN_MODEL_H

#include "rule/dmn.h"
#include "rule/feel_type.h"

enum boxed_kind {
    BOXED_MISSING, /* no logic, or logic that could not be compiled */
    BOXED_LITERAL,
    BOXED_TABLE,
    BOXED_CONTEXT,
    BOXED_INVOCATION,
    BOXED_FUNCTION,
    BOXED_LIST,
    BOXED_RELATION,
    BOXED_CONDITIONAL,
    BOXED_FOR,
    BOXED_SOME,
    BOXED_EVERY,
    BOXED_FILTER
};

struct boxed_entry {
    struct str name; /* empty: the result of a context */
    const struct feel_type *type;
    const struct boxed *value;
};

struct boxed {
    enum boxed_kind kind;
    size_t scope;                 /* how many variables it sees */
    const struct feel_type *type; /* of its value; NULL: any */
    const struct feel_node *node;
    const struct table *table;
    const struct boxed_entry *entries; /* of a context, bindings, items, cells of a relation row by row */
    size_t count, columns;
    const struct boxed *a, *b, *c; /* callee or body; if, then, else; in, return */
    const struct feel_parameter *parameters;
    const char *sentence; /* of BOXED_MISSING: what is wrong */
    struct str argument;
};

enum hit_policy {
    HIT_UNIQUE,
    HIT_ANY,
    HIT_FIRST,
    HIT_PRIORITY,
    HIT_RULE_ORDER,
    HIT_OUTPUT_ORDER,
    HIT_COLLECT,
    HIT_SUM,
    HIT_COUNT,
    HIT_MIN,
    HIT_MAX
};

struct table_input {
    const struct feel_node *expression;
    const struct feel_node *allowed; /* tests; NULL: any */
    const struct feel_type *type;
    struct str text;
};

struct table_output {
    struct str name;
    const struct feel_type *type;
    const struct feel_node *allowed;       /* tests; NULL: any */
    const struct feel_node *const *ranked; /* allowed values in order, for priorities */
    size_t ranked_count;
    const struct feel_node *otherwise; /* the default; NULL: none */
};

struct table_rule {
    const struct feel_node **tests;   /* one for each input */
    const struct feel_node **outputs; /* one for each output */
    uint32_t line;                    /* of the file */
};

struct table {
    struct str element; /* whose logic it is in */
    uint32_t line;
    const struct table_index *index; /* NULL: every rule is asked */
    enum hit_policy policy;
    size_t scope; /* variables that its cells see, without "?" */
    struct table_input *inputs;
    struct table_output *outputs;
    struct table_rule *rules;
    size_t input_count, output_count, rule_count;
};

/* An element of the requirements that an expression sees: under its own name, or within an import's. */
struct requirement {
    struct str prefix; /* empty: under its own name */
    const struct dmn_element *element;
};

struct dmn_element {
    enum dmn_kind kind;
    size_t index; /* among all elements of the set */
    struct str id, name;
    const struct model *model;
    const struct feel_type *type; /* of its variable; NULL: any */
    const struct requirement *requirements;
    size_t requirement_count;
    const struct str *names; /* variables: one for each requirement or prefix */
    size_t name_count;
    const struct boxed *logic;
    const struct feel_parameter *parameters; /* of knowledge and services */
    size_t parameter_count;
    /* of a service */
    const struct dmn_element *const *outputs;
    const struct dmn_element *const *inputs; /* in the order of the parameters */
    size_t output_count, input_count;
};

struct named_type {
    struct str name;
    const struct feel_type *type;
};

struct model_import {
    struct str prefix;
    const struct model *model;
};

struct model {
    struct str name_space, name;
    struct dmn_element *elements;
    size_t element_count;
    struct named_type *types;
    size_t type_count;
    struct model_import *imports;
    size_t import_count;
    bool has_legal_time; /* it imports the extension: behind each element's names stand those of legal_time.h */
    struct str *members; /* names that parts of its values may have */
    size_t member_count;
};

struct dmn {
    const struct model *main;
    const struct model *const *models;
    size_t model_count, element_count;
    const struct dmn_element *const *by_kind[DMN_SERVICE + 1];
    size_t count_by_kind[DMN_SERVICE + 1];
    struct problem *problems;
    size_t problem_count;
};

/* ---- evaluation ---- */

struct deciding {
    const struct dmn *dmn;
    struct feel_value *values; /* by element index */
    unsigned char *states;     /* of values: not yet, in hand, there */
    struct feel_value inputs;
};

struct feel_value boxed_eval(struct feel_run *run, const struct boxed *b, const struct feel_value *values);
struct feel_value table_eval(struct feel_run *run, const struct table *t, const struct feel_value *values);

#endif
