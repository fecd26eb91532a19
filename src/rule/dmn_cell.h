/*
 * What a cell of a table says when it can be known without inputs: a set of values of one kind, as intervals of a line.
 * Kinds with one order: numbers, texts, booleans, dates and the two durations. Times and moments are not among them,
 * because equal ones may differ in their zones; cells that compute with variables or "?" are opaque. The index of large
 * tables and the lint stand on it. What is said of null is never part of a set: callers ask for values of the kind.
 */
#ifndef RULE_DMN_CELL_H
#define RULE_DMN_CELL_H

#include "rule/dmn_model.h"

/* A place between values: before or after one, or one of the two ends of the line. */
struct cut {
    int8_t end; /* -1: before everything, 1: after everything, 0: at the value */
    bool is_after;
    struct feel_value value;
};
int cut_compare(struct cut a, struct cut b);
/* Does the value lie behind the cut? Both of one kind. */
bool cut_is_before(struct cut c, struct feel_value v);

struct interval {
    struct cut from, to;
};

enum cell_knowledge { CELL_ANY, CELL_KNOWN, CELL_OPAQUE };
struct cell_set {
    enum cell_knowledge knowledge;
    enum feel_kind kind;        /* of CELL_KNOWN; FEEL_NULL: only null is in it */
    struct interval *intervals; /* in order, apart from each other */
    size_t count;
};

/* tests: a cell that was compiled (feel_compile_tests). */
struct cell_set cell_set_of(struct arena *a, const struct feel_node *tests);
/* The value of an expression that names nothing; false when it has none without inputs. */
bool cell_constant(struct arena *a, const struct feel_node *n, struct feel_value *out);

/* "[1..5)", "> 3", "\"a\""; for people. */
struct str interval_format(struct arena *a, struct interval i);

/* ---- dmn_index.c ---- */

struct table_index;                                       /* immutable, as the table */
void table_index_build(struct arena *a, struct table *t); /* sets t->index; NULL when nothing is gained */
/* Rules that may apply as a set of bits, `words` of them; false when the inputs say nothing of any column. A rule that
 * is not among them has a cell that says no. */
bool table_index_find(const struct table_index *index, const struct feel_value *inputs, uint64_t *out);

#endif
