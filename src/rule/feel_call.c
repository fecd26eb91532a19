/* Functions: made, called by position and by name. */
#include "rule/feel_eval.h"

struct feel_value eval_function(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_function *function = ARENA_NEW(run->arena, struct feel_function);
    *function =
        (struct feel_function){.lambda = n, .frame = f, .parameters = n->parameters, .parameter_count = n->count};
    return (struct feel_value){.kind = FEEL_FUNCTION, .function = function};
}

struct feel_value feel_native_function(struct arena *a, feel_native *call, const void *context,
                                       const struct feel_parameter *parameters, size_t count)
{
    struct feel_function *function = ARENA_NEW(a, struct feel_function);
    *function =
        (struct feel_function){.native = call, .context = context, .parameters = parameters, .parameter_count = count};
    return (struct feel_value){.kind = FEEL_FUNCTION, .function = function};
}

const struct feel_parameter *feel_parameters(struct feel_value function, size_t *out_count)
{
    *out_count = 0;
    if (function.kind != FEEL_FUNCTION || function.function->builtin != NULL) return NULL;
    *out_count = function.function->parameter_count;
    return function.function->parameters;
}

static struct str count_text(struct feel_run *run, size_t n)
{
    return str_format(run->arena, "%zu", n);
}

struct feel_value feel_call(struct feel_run *run, struct feel_value function, const struct feel_value *args,
                            size_t count)
{
    if (function.kind != FEEL_FUNCTION) return feel_error(run, N_("A {0} cannot be called."), eval_kind_of(function));
    const struct feel_function *fn = function.function;
    if (fn->builtin != NULL) return builtin_call(run, fn->builtin, NULL, args, count);
    if (count != fn->parameter_count)
        return feel_error(run, N_("The function takes {0} arguments, not {1}."), count_text(run, fn->parameter_count),
                          count_text(run, count));
    struct feel_value *values = ARENA_ARRAY(run->arena, struct feel_value, count + 1);
    for (size_t i = 0; i < count; i++) {
        values[i] = args[i];
        if (fn->parameters[i].type != NULL && !feel_coerce(run, &values[i], fn->parameters[i].type))
            return feel_error(run, N_("The argument “{0}” is of another type."), fn->parameters[i].name);
    }
    if (fn->native != NULL) return fn->native(run, fn->context, values);
    struct frame *frame = ARENA_NEW(run->arena, struct frame);
    *frame = (struct frame){.up = fn->frame, .values = values};
    return eval(run, fn->lambda->a, frame);
}

/* Arguments by name in the order of the parameters. */
static bool put_in_order(struct feel_run *run, const struct feel_node *n, struct feel_value function,
                         struct feel_value *args)
{
    size_t count;
    const struct feel_parameter *parameters = feel_parameters(function, &count);
    struct feel_value *given = arena_dup(run->arena, args, (n->count + 1) * sizeof *args);
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        while (k < n->count && !str_eq(n->names[k], parameters[i].name)) k++;
        if (k == n->count || count != n->count) {
            (void)feel_error(run, N_("The function has a parameter “{0}” that the call does not name."),
                             parameters[i].name);
            return false;
        }
        args[i] = given[k];
    }
    if (count == n->count) return true;
    (void)feel_error(run, N_("The function takes {0} arguments, not {1}."), count_text(run, count),
                     count_text(run, n->count));
    return false;
}

static struct feel_value *eval_arguments(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_value *args = ARENA_ARRAY(run->arena, struct feel_value, n->count + 1);
    for (size_t i = 0; i < n->count; i++) args[i] = eval(run, n->items[i], f);
    return args;
}

struct feel_value eval_call(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_value function = eval(run, n->a, f);
    struct feel_value *args = eval_arguments(run, n, f);
    if (function.kind == FEEL_FUNCTION && n->names != NULL) {
        if (function.function->builtin != NULL)
            return builtin_call(run, function.function->builtin, n->names, args, n->count);
        if (!put_in_order(run, n, function, args)) return feel_null();
    }
    return feel_call(run, function, args, n->count);
}

struct feel_value eval_builtin_call(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_value few[BUILTIN_PARAMETERS];
    struct feel_value *args = few;
    if (n->count > BUILTIN_PARAMETERS) {
        args = eval_arguments(run, n, f);
    } else {
        for (size_t i = 0; i < n->count; i++) few[i] = eval(run, n->items[i], f);
    }
    run->line = n->line;
    run->column = n->column;
    return builtin_call(run, n->builtin, n->names, args, n->count);
}
