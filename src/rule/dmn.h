/*
 * Decision models of DMN 1.5: decisions that stand on other decisions, on inputs and on shared knowledge, written as
 * tables or boxed expressions whose cells are FEEL. A model is read once, with all that it imports, checked as far as
 * it can be without inputs, and then decides any number of times in any number of threads. What is wrong with one
 * decision does not hinder the others: it is listed, and that decision answers null with its reason. XML is read
 * without network, entities or document types.
 */
#ifndef RULE_DMN_H
#define RULE_DMN_H

#include "rule/feel.h"

enum { DMN_TEXT_BYTES = 8 * 1024 * 1024, DMN_MODELS_MOST = 50, DMN_RULES_MOST = 20000 };

struct dmn; /* a model and its imports; immutable, in the arena it was read into */

/* The text of an imported model; ERR_MISSING when there is none. */
typedef enum outcome dmn_import_fn(const void *context, struct arena *a, struct str name_space, struct str location,
                                   struct str *out, struct fail *why);

/* ERR_INVALID when the text is no model at all. import may be NULL: then nothing can be imported. */
enum outcome dmn_read(struct arena *a, struct str text, dmn_import_fn *import, const void *context,
                      const struct dmn **out, struct fail *why) MUST_USE;
/* What is wrong in it, each with its decision and place; none: publishable. */
const struct problem *dmn_problems(const struct dmn *m, size_t *out_count);

/* What is doubtful in its tables though it can be read: rules that overlap where only one may apply, contradict each
 * other, can never apply, and values for which no rule applies; each with its element, line and an example. Exact where
 * cells are constants of one kind; what cannot be told is said as such, with the code "undecided". */
const struct problem *dmn_lint(struct arena *a, const struct dmn *m, size_t *out_count);

enum dmn_kind { DMN_INPUT, DMN_DECISION, DMN_KNOWLEDGE, DMN_SERVICE };
struct dmn_element;
/* Of the model itself or, after it, of what it imports without a name; NULL when there is none. */
const struct dmn_element *dmn_find(const struct dmn *m, enum dmn_kind kind, struct str name);
/* Of the model of the set with that namespace. */
const struct dmn_element *dmn_find_in(const struct dmn *m, struct str name_space, enum dmn_kind kind, struct str name);
/* All of a kind in the order of the file. */
const struct dmn_element *const *dmn_elements(const struct dmn *m, enum dmn_kind kind, size_t *out_count);

size_t dmn_output_count(const struct dmn_element *e); /* decisions that a service answers with */

/* inputs: a context with a value for each input by its name, or by "namespace#name" where models of the set have inputs
 * of one name; one that is missing is null. */
struct feel_value dmn_decide(struct feel_run *run, const struct dmn *m, const struct dmn_element *decision,
                             struct feel_value inputs);
/* For those who decide about people: whatever went wrong on the way is a failure with its reason and place, whether the
 * answer is null or not, and a value that a table cannot compare is an error (docs/rules.md, "A null is never silent").
 */
enum outcome dmn_decide_strictly(struct feel_run *run, const struct dmn *m, const struct dmn_element *decision,
                                 struct feel_value inputs, struct feel_value *out, struct fail *why) MUST_USE;
/* A service or a business knowledge model with the values of its parameters by name. */
struct feel_value dmn_invoke(struct feel_run *run, const struct dmn *m, const struct dmn_element *e,
                             struct feel_value arguments);

/* Which rules of the last table of a decision applied: numbers from 1. */
struct dmn_trace {
    struct str decision;
    uint32_t rules[32];
    size_t count;
};
/* Set feel_run.traces to have it noted. */
struct dmn_traces {
    struct dmn_trace at[32];
    size_t count;
};

#endif
