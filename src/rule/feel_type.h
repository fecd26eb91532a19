/*
 * Types of FEEL values (DMN 1.5, 10.3.2.9): what `instance of` asks, what parameters and item definitions demand. A
 * value is made to fit where the standard says so: a list of one item and its item stand for each other, a date for the
 * first moment of its day.
 */
#ifndef RULE_FEEL_TYPE_H
#define RULE_FEEL_TYPE_H

#include "rule/feel.h"

enum feel_type_kind { TYPE_ANY, TYPE_NULL, TYPE_SIMPLE, TYPE_LIST, TYPE_RANGE, TYPE_CONTEXT, TYPE_FUNCTION };

struct feel_member {
    struct str name;
    const struct feel_type *type;
};

struct feel_type {
    enum feel_type_kind kind;
    enum feel_kind simple;           /* of TYPE_SIMPLE */
    const struct feel_type *element; /* of a list, of a range; the result of a function */
    const struct feel_member *members;
    size_t member_count;                /* parts of a context, parameters of a function (without names) */
    const struct feel_node *allowed;    /* unary tests that a value must pass; NULL: none */
    const struct feel_node *constraint; /* of the whole list; NULL: none */
    struct str name;                    /* as people know it */
};

extern const struct feel_type feel_any;
const struct feel_type *feel_simple_type(struct str name); /* "number", "date and time"; NULL: no such */
struct str feel_type_name(struct arena *a, const struct feel_type *t);

/* null is of no type but Null; allowed values are not asked. */
bool feel_is_instance(struct feel_value v, const struct feel_type *t);
/* Fits as it is, or made to: *v is changed. null fits every type. False, and *v is null, when it cannot. */
bool feel_coerce(struct feel_run *run, struct feel_value *v, const struct feel_type *t);

#endif
