#include <string.h>

#include "rule/dmn_model.h"
#include "rule/legal_time.h"

/* ---- boxed expressions (DMN 1.5, chapter 7 and 10.2) ---- */

/* The variables so far, and room for more. In the arena: functions keep what they saw. */
static struct feel_value *extended(struct feel_run *run, const struct feel_value *values, size_t count, size_t more)
{
    struct feel_value *out = ARENA_ARRAY(run->arena, struct feel_value, count + more + 1);
    if (count > 0) memcpy(out, values, count * sizeof *out);
    return out;
}

static struct feel_value typed(struct feel_run *run, struct feel_value v, const struct feel_type *type, struct str name)
{
    if (type == NULL || feel_coerce(run, &v, type)) return v;
    return feel_error(run, N_("“{0}” is not of its type {1}."), name, feel_type_name(run->arena, type));
}

static struct feel_value eval_context(struct feel_run *run, const struct boxed *b, const struct feel_value *values)
{
    struct feel_value *scope = extended(run, values, b->scope, b->count);
    struct feel_entry *entries = ARENA_ARRAY(run->arena, struct feel_entry, b->count + 1);
    for (size_t i = 0; i < b->count; i++) {
        const struct boxed_entry *e = &b->entries[i];
        struct feel_value v = typed(run, boxed_eval(run, e->value, scope), e->type, e->name);
        if (e->name.len == 0) return v; /* the last one: the result */
        scope[b->scope + i] = v;
        entries[i] = (struct feel_entry){e->name, v};
    }
    return feel_context_value(run->arena, entries, b->count);
}

static struct feel_value eval_list(struct feel_run *run, const struct boxed *b, const struct feel_value *values)
{
    struct feel_value *items = ARENA_ARRAY(run->arena, struct feel_value, b->count + 1);
    for (size_t i = 0; i < b->count; i++) items[i] = boxed_eval(run, b->entries[i].value, values);
    return feel_list(items, b->count);
}

static struct feel_value eval_relation(struct feel_run *run, const struct boxed *b, const struct feel_value *values)
{
    size_t rows = b->columns > 0 ? b->count / b->columns : 0;
    struct feel_value *items = ARENA_ARRAY(run->arena, struct feel_value, rows + 1);
    for (size_t r = 0; r < rows; r++) {
        struct feel_entry *entries = ARENA_ARRAY(run->arena, struct feel_entry, b->columns + 1);
        for (size_t c = 0; c < b->columns; c++) {
            const struct boxed_entry *cell = &b->entries[r * b->columns + c];
            entries[c] = (struct feel_entry){cell->name,
                                             typed(run, boxed_eval(run, cell->value, values), cell->type, cell->name)};
        }
        items[r] = feel_context_value(run->arena, entries, b->columns);
    }
    return feel_list(items, rows);
}

/* Bindings are by name; a parameter without one is null. */
static struct feel_value eval_invocation(struct feel_run *run, const struct boxed *b, const struct feel_value *values)
{
    struct feel_value callee = boxed_eval(run, b->a, values);
    size_t count;
    const struct feel_parameter *parameters = feel_parameters(callee, &count);
    if (parameters == NULL && b->count == 0) return feel_call(run, callee, NULL, 0);
    if (parameters == NULL) return feel_error(run, N_("What is invoked is no function with named parameters."));
    struct feel_value *args = ARENA_ARRAY(run->arena, struct feel_value, count + 1);
    for (size_t i = 0; i < b->count; i++) {
        size_t k = 0;
        while (k < count && !str_eq(parameters[k].name, b->entries[i].name)) k++;
        if (k == count) return feel_error(run, N_("The function has no parameter “{0}”."), b->entries[i].name);
        args[k] = typed(run, boxed_eval(run, b->entries[i].value, values), b->entries[i].type, b->entries[i].name);
    }
    return feel_call(run, callee, args, count);
}

/* A function that a boxed expression made, and what it saw. */
struct closure {
    const struct boxed *boxed;
    const struct feel_value *values;
};

static struct feel_value call_closure(struct feel_run *run, const void *context, const struct feel_value *args)
{
    const struct closure *c = context;
    struct feel_value *scope = extended(run, c->values, c->boxed->scope, c->boxed->count);
    for (size_t i = 0; i < c->boxed->count; i++) scope[c->boxed->scope + i] = args[i];
    return boxed_eval(run, c->boxed->a, scope);
}

static struct feel_value eval_function(struct feel_run *run, const struct boxed *b, const struct feel_value *values)
{
    struct closure *c = ARENA_NEW(run->arena, struct closure);
    *c = (struct closure){b, extended(run, values, b->scope, 0)};
    return feel_native_function(run->arena, call_closure, c, b->parameters, b->count);
}

static struct feel_value eval_conditional(struct feel_run *run, const struct boxed *b, const struct feel_value *values)
{
    struct feel_value condition = boxed_eval(run, b->a, values);
    if (condition.kind != FEEL_BOOLEAN && (condition.kind != FEEL_NULL || run->is_strict))
        return feel_error(run, N_("A condition is true or false, not {0}."), str_from(feel_kind_name(condition.kind)));
    return boxed_eval(run, feel_is_true(condition) ? b->b : b->c, values);
}

/* Ranges of numbers and dates are gone through as FEEL's own for does. */
static bool listed(struct feel_run *run, struct feel_value *v)
{
    if (v->kind == FEEL_LIST) return true;
    if (v->kind == FEEL_RANGE) {
        static const struct str name = STR_INIT("r");
        const struct feel_names names = {.names = &name, .count = 1};
        const struct feel_node *n;
        struct fail why;
        fail_init(&why, run->arena);
        if (feel_compile(run->arena, STR("for i in r return i"), &names, &n, &why) != OK) BUG("a fixed text");
        *v = feel_eval(run, n, v);
        return v->kind == FEEL_LIST;
    }
    if (v->kind == FEEL_NULL) {
        (void)feel_error(run, N_("There is no list to go through."));
        return false;
    }
    *v = feel_list(arena_dup(run->arena, v, sizeof *v), 1);
    return true;
}

static struct feel_value eval_iteration(struct feel_run *run, const struct boxed *b, const struct feel_value *values)
{
    struct feel_value list = boxed_eval(run, b->a, values);
    if (!listed(run, &list)) return feel_null();
    struct feel_value *out = ARENA_ARRAY(run->arena, struct feel_value, list.count + 1);
    bool is_known = true, is_decided = false;
    for (size_t i = 0; i < list.count && run->steps_left > 0; i++) {
        struct feel_value *scope = extended(run, values, b->scope, 2);
        scope[b->scope] = list.items[i];
        scope[b->scope + 1] = feel_list(out, i); /* partial */
        out[i] = boxed_eval(run, b->b, scope);
        is_known = is_known && out[i].kind == FEEL_BOOLEAN;
        is_decided = is_decided || (is_known && out[i].boolean == (b->kind == BOXED_SOME));
    }
    if (b->kind == BOXED_FOR) return feel_list(out, list.count);
    if (!is_known)
        return feel_error(run, N_("A condition of “{0}” is neither true nor false."),
                          b->kind == BOXED_SOME ? STR("some") : STR("every"));
    return feel_boolean(is_decided == (b->kind == BOXED_SOME));
}

/* b is a filter over the variable that stands behind the others. */
static struct feel_value eval_filter(struct feel_run *run, const struct boxed *b, const struct feel_value *values)
{
    struct feel_value *scope = extended(run, values, b->scope, 1);
    scope[b->scope] = boxed_eval(run, b->a, values);
    return boxed_eval(run, b->b, scope);
}

static struct feel_value evaluate(struct feel_run *run, const struct boxed *b, const struct feel_value *values)
{
    switch (b->kind) {
    case BOXED_MISSING: return feel_error(run, b->sentence, b->argument);
    case BOXED_LITERAL: return feel_eval(run, b->node, values);
    case BOXED_TABLE: return table_eval(run, b->table, values);
    case BOXED_CONTEXT: return eval_context(run, b, values);
    case BOXED_INVOCATION: return eval_invocation(run, b, values);
    case BOXED_FUNCTION: return eval_function(run, b, values);
    case BOXED_LIST: return eval_list(run, b, values);
    case BOXED_RELATION: return eval_relation(run, b, values);
    case BOXED_CONDITIONAL: return eval_conditional(run, b, values);
    case BOXED_FOR:
    case BOXED_SOME:
    case BOXED_EVERY: return eval_iteration(run, b, values);
    case BOXED_FILTER: return eval_filter(run, b, values);
    }
    return feel_null();
}

struct feel_value boxed_eval(struct feel_run *run, const struct boxed *b, const struct feel_value *values)
{
    if (!feel_enter(run)) return feel_null();
    struct feel_value v = evaluate(run, b, values);
    run->depth--;
    return typed(run, v, b->type, run->where);
}

/* ---- the graph of requirements ---- */

enum { NOT_YET, IN_HAND, THERE };

static struct feel_value element_value(struct feel_run *run, struct deciding *d, const struct dmn_element *e);

static void set_value(struct deciding *d, const struct dmn_element *e, struct feel_value v)
{
    d->values[e->index] = v;
    d->states[e->index] = THERE;
}

/* The variables of an element's logic: its requirements, gathered under the name of their import where they have one.
 */
static struct feel_value *variables_of(struct feel_run *run, struct deciding *d, const struct dmn_element *e)
{
    struct feel_value *values = ARENA_ARRAY(run->arena, struct feel_value, e->name_count + 1);
    for (size_t n = 0; n < e->name_count; n++) {
        struct feel_entry *entries = ARENA_ARRAY(run->arena, struct feel_entry, e->requirement_count + 1);
        size_t count = 0;
        bool is_prefix = false;
        for (size_t i = 0; i < e->requirement_count; i++) {
            const struct requirement *r = &e->requirements[i];
            bool is_own = r->prefix.len == 0 && str_eq(r->element->name, e->names[n]);
            if (is_own) values[n] = element_value(run, d, r->element);
            if (r->prefix.len == 0 || !str_eq(r->prefix, e->names[n])) continue;
            is_prefix = true;
            entries[count++] = (struct feel_entry){r->element->name, element_value(run, d, r->element)};
        }
        if (is_prefix) values[n] = feel_context_value(run->arena, entries, count);
    }
    if (e->model->has_legal_time) legal_time_values(run->arena, &values[e->name_count - LEGAL_TIME_FUNCTIONS]);
    return values;
}

struct invocation {
    struct deciding *deciding;
    const struct dmn_element *element;
};

static struct feel_value evaluate_logic(struct feel_run *run, const struct dmn_element *e,
                                        const struct feel_value *values)
{
    struct str outer = run->where;
    run->where = e->name;
    struct feel_value v = boxed_eval(run, e->logic, values);
    run->where = e->name;
    v = typed(run, v, e->type, e->name);
    run->where = outer;
    return v;
}

static struct feel_value call_knowledge(struct feel_run *run, const void *context, const struct feel_value *args)
{
    const struct invocation *call = context;
    const struct dmn_element *e = call->element;
    struct feel_value *values = variables_of(run, call->deciding, e);
    struct feel_value *scope = extended(run, values, e->name_count, e->parameter_count);
    for (size_t i = 0; i < e->parameter_count; i++) scope[e->name_count + i] = args[i];
    return evaluate_logic(run, e, scope);
}

/* A service sees its parameters and what it decides itself. */
static struct feel_value call_service(struct feel_run *run, const void *context, const struct feel_value *args)
{
    const struct invocation *call = context;
    const struct dmn_element *e = call->element;
    const struct dmn *m = call->deciding->dmn;
    struct deciding *inner = ARENA_NEW(run->arena, struct deciding);
    *inner = (struct deciding){.dmn = m, .inputs = feel_context_value(run->arena, NULL, 0)};
    inner->values = ARENA_ARRAY(run->arena, struct feel_value, m->element_count + 1);
    inner->states = ARENA_ARRAY(run->arena, unsigned char, m->element_count + 1);
    for (size_t i = 0; i < e->input_count; i++) set_value(inner, e->inputs[i], args[i]);
    if (e->output_count == 1) return typed(run, element_value(run, inner, e->outputs[0]), e->type, e->name);
    struct feel_entry *entries = ARENA_ARRAY(run->arena, struct feel_entry, e->output_count + 1);
    for (size_t i = 0; i < e->output_count; i++)
        entries[i] = (struct feel_entry){e->outputs[i]->name, element_value(run, inner, e->outputs[i])};
    return typed(run, feel_context_value(run->arena, entries, e->output_count), e->type, e->name);
}

static struct feel_value as_function(struct feel_run *run, struct deciding *d, const struct dmn_element *e)
{
    struct invocation *call = ARENA_NEW(run->arena, struct invocation);
    *call = (struct invocation){d, e};
    feel_native *native = e->kind == DMN_SERVICE ? call_service : call_knowledge;
    return feel_native_function(run->arena, native, call, e->parameters, e->parameter_count);
}

static struct feel_value input_value(struct feel_run *run, const struct deciding *d, const struct dmn_element *e)
{
    const struct feel_value *given = NULL;
    struct str outer = run->where;
    run->where = e->name;
    if (d->dmn->model_count > 1)
        given = feel_context_find(d->inputs.context,
                                  str_format(run->arena, "%.*s#%.*s", STR_ARG(e->model->name_space), STR_ARG(e->name)));
    if (given == NULL) given = feel_context_find(d->inputs.context, e->name);
    struct feel_value v = typed(run, given != NULL ? *given : feel_null(), e->type, e->name);
    run->where = outer;
    return v;
}

static struct feel_value element_value(struct feel_run *run, struct deciding *d, const struct dmn_element *e)
{
    if (d->states[e->index] == THERE) return d->values[e->index];
    if (d->states[e->index] == IN_HAND) return feel_error(run, N_("“{0}” requires itself."), e->name);
    d->states[e->index] = IN_HAND;
    struct feel_value v;
    switch (e->kind) {
    case DMN_INPUT: v = input_value(run, d, e); break;
    case DMN_DECISION: v = evaluate_logic(run, e, variables_of(run, d, e)); break;
    default: v = as_function(run, d, e); break;
    }
    set_value(d, e, v);
    return v;
}

static struct deciding *begin(struct feel_run *run, const struct dmn *m, struct feel_value inputs)
{
    struct deciding *d = ARENA_NEW(run->arena, struct deciding);
    *d = (struct deciding){.dmn = m, .inputs = inputs};
    if (inputs.kind != FEEL_CONTEXT) d->inputs = feel_context_value(run->arena, NULL, 0);
    d->values = ARENA_ARRAY(run->arena, struct feel_value, m->element_count + 1);
    d->states = ARENA_ARRAY(run->arena, unsigned char, m->element_count + 1);
    return d;
}

struct feel_value dmn_decide(struct feel_run *run, const struct dmn *m, const struct dmn_element *decision,
                             struct feel_value inputs)
{
    return element_value(run, begin(run, m, inputs), decision);
}

enum outcome dmn_decide_strictly(struct feel_run *run, const struct dmn *m, const struct dmn_element *decision,
                                 struct feel_value inputs, struct feel_value *out, struct fail *why)
{
    run->is_strict = true;
    struct feel_value v = dmn_decide(run, m, decision, inputs);
    TRY(feel_run_outcome(run, why));
    *out = v;
    return OK;
}

struct feel_value dmn_invoke(struct feel_run *run, const struct dmn *m, const struct dmn_element *e,
                             struct feel_value arguments)
{
    struct deciding *d = begin(run, m, arguments);
    struct feel_value *args = ARENA_ARRAY(run->arena, struct feel_value, e->parameter_count + 1);
    for (size_t i = 0; i < e->parameter_count; i++) {
        const struct feel_value *given = feel_context_find(d->inputs.context, e->parameters[i].name);
        if (given == NULL) return feel_error(run, N_("The value of “{0}” is missing."), e->parameters[i].name);
        args[i] = *given;
    }
    return feel_call(run, as_function(run, d, e), args, e->parameter_count);
}
