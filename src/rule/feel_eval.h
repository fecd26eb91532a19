/* Evaluating FEEL, in files by what is evaluated. Only the evaluator's. */
#ifndef RULE_FEEL_EVAL_H
#define RULE_FEEL_EVAL_H

#include "rule/feel_node.h"

typedef struct feel_value eval_fn(struct feel_run *run, const struct feel_node *n, const struct frame *f);

/* feel_eval.c */
struct feel_value eval_stop(struct feel_run *run, const char *sentence); /* ends the whole evaluation; said once */
struct str eval_kind_of(struct feel_value v);
struct feel_value eval_wrong_kinds(struct feel_run *run, const char *sign, struct feel_value a, struct feel_value b);
struct feel_value eval_as_list(struct arena *a, struct feel_value v); /* null: an empty one */

static inline bool eval_is_stopped(const struct feel_run *run)
{
    return run->steps_left <= 0;
}

/* feel_arithmetic.c */
eval_fn eval_arithmetic, eval_negate;

/* feel_path.c: parts of values */
eval_fn eval_path;

/* feel_filter.c: names, members of items, filters */
eval_fn eval_name, eval_member, eval_filter;

/* feel_iterate.c */
eval_fn eval_for, eval_quantified;

/* feel_call.c */
eval_fn eval_function, eval_call, eval_builtin_call;

#endif
