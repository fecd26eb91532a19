#include "rule/feel_eval.h"

#include <stddef.h>
#include <string.h>

#include "base/clock.h"

/* Each level of an evaluation costs some 300 bytes of a stack that may have only 256 KiB. */
enum { EVAL_DEPTH = 500 };

/* ---- the run ---- */

void feel_run_init(struct feel_run *run, struct arena *a)
{
    memset(run, 0, offsetof(struct feel_run, problems)); /* only as many of them are read as are counted */
    run->arena = a;
    run->arena_start_bytes = a->used_bytes;
    run->steps_left = FEEL_STEPS;
    run->now_us = INSTANT_NONE;
}

struct feel_value feel_error_with(struct feel_run *run, const char *sentence, const struct str args[FAIL_ARGS])
{
    if (run->is_stopped) return feel_null(); /* what follows from it says nothing new */
    if (run->problem_count < FEEL_PROBLEMS) {
        struct feel_problem *p = &run->problems[run->problem_count];
        *p = (struct feel_problem){sentence, {STR_NONE}, run->line, run->column, run->where};
        for (size_t i = 0; i < FAIL_ARGS; i++) p->args[i] = str_dup(run->arena, args[i]);
    }
    run->problem_count++;
    return feel_null();
}

enum outcome feel_run_outcome(const struct feel_run *run, struct fail *why)
{
    for (size_t i = 0; i < run->problem_count && i < FEEL_PROBLEMS; i++) {
        const struct feel_problem *p = &run->problems[i];
        struct str place =
            str_format(why->arena, "%.*s%s%u:%u", STR_ARG(p->where), p->where.len > 0 ? " " : "", p->line, p->column);
        fail_problem_with(why, place, "feel", p->sentence, p->args);
    }
    return fail_if_problems(why);
}

struct feel_value eval_stop(struct feel_run *run, const char *sentence)
{
    if (!run->is_stopped) (void)feel_error(run, sentence); /* null either way */
    run->is_stopped = true;
    run->steps_left = 0;
    return feel_null();
}

struct str eval_kind_of(struct feel_value v)
{
    return str_from(feel_kind_name(v.kind));
}

struct feel_value eval_wrong_kinds(struct feel_run *run, const char *sign, struct feel_value a, struct feel_value b)
{
    return feel_error(run, N_("“{0}” is not defined between {1} and {2}."), str_from(sign), eval_kind_of(a),
                      eval_kind_of(b));
}

struct feel_value eval_as_list(struct arena *a, struct feel_value v)
{
    if (v.kind == FEEL_LIST) return v;
    if (v.kind == FEEL_NULL) return feel_list(NULL, 0);
    return feel_list(arena_dup(a, &v, sizeof v), 1);
}

/* ---- comparison and logic ---- */

static struct feel_value eval_equal(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_value a = eval(run, n->a, f), b = eval(run, n->b, f);
    enum feel_answer same = feel_equal_within(a, b, &run->steps_left);
    if (!feel_spend(run, 0)) return feel_null();
    if (same == FEEL_UNKNOWN) return eval_wrong_kinds(run, "=", a, b);
    return feel_boolean((same == FEEL_YES) == (n->kind == NODE_EQUAL));
}

static struct feel_value eval_order(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    static const char *const signs[] = {"<", "<=", ">", ">="};
    struct feel_value a = eval(run, n->a, f), b = eval(run, n->b, f);
    int order;
    if (!feel_compare(a, b, &order)) return eval_wrong_kinds(run, signs[n->kind - NODE_LESS], a, b);
    switch (n->kind) {
    case NODE_LESS: return feel_boolean(order < 0);
    case NODE_LESS_EQUAL: return feel_boolean(order <= 0);
    case NODE_GREATER: return feel_boolean(order > 0);
    default: return feel_boolean(order >= 0);
    }
}

static struct feel_value eval_between(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_value v = eval(run, n->a, f), from = eval(run, n->b, f), to = eval(run, n->c, f);
    int low, high;
    if (!feel_compare(v, from, &low)) return eval_wrong_kinds(run, "between", v, from);
    if (!feel_compare(v, to, &high)) return eval_wrong_kinds(run, "between", v, to);
    return feel_boolean(low >= 0 && high <= 0);
}

/* Three-valued (DMN 1.5, table 48): what is not a boolean is unknown, but the other side may decide. */
static struct feel_value eval_logic(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    bool deciding = n->kind == NODE_OR;
    struct feel_value a = eval(run, n->a, f);
    if (a.kind == FEEL_BOOLEAN && a.boolean == deciding) return a;
    struct feel_value b = eval(run, n->b, f);
    if (b.kind == FEEL_BOOLEAN && b.boolean == deciding) return b;
    if (a.kind == FEEL_BOOLEAN && b.kind == FEEL_BOOLEAN) return b;
    struct feel_value wrong = a.kind != FEEL_BOOLEAN ? a : b;
    if (wrong.kind != FEEL_NULL)
        return feel_error(run, N_("“{0}” is not defined for {1}."), deciding ? STR("or") : STR("and"),
                          eval_kind_of(wrong));
    return feel_null();
}

/* ---- tests ---- */

static enum feel_answer value_passes(struct feel_value tested, struct feel_value test);

static enum feel_answer list_passes(struct feel_value tested, struct feel_value list)
{
    if (feel_equal(tested, list) == FEEL_YES) return FEEL_YES;
    for (size_t i = 0; i < list.count; i++)
        if (value_passes(tested, list.items[i]) == FEEL_YES) return FEEL_YES;
    return FEEL_NO;
}

static enum feel_answer value_passes(struct feel_value tested, struct feel_value test)
{
    if (test.kind == FEEL_RANGE && tested.kind != FEEL_RANGE) return feel_range_has(test.range, tested);
    if (test.kind == FEEL_LIST) return list_passes(tested, test);
    return feel_equal(tested, test);
}

static enum feel_answer test_passes(struct feel_run *run, const struct feel_node *test, struct feel_value tested,
                                    const struct frame *f)
{
    size_t problems = run->problem_count;
    struct feel_value v = eval(run, test->a, f);
    if (v.kind == FEEL_NULL && run->problem_count > problems) return FEEL_UNKNOWN;
    if (test->is_maybe_member && v.kind == FEEL_BOOLEAN) return v.boolean ? FEEL_YES : FEEL_NO;
    if (tested.kind == FEEL_BOOLEAN || v.kind != FEEL_BOOLEAN) return value_passes(tested, v);
    return tested.kind == FEEL_NULL ? FEEL_NO : FEEL_UNKNOWN;
}

static enum feel_answer tests_pass(struct feel_run *run, const struct feel_node *tests, struct feel_value tested,
                                   const struct frame *f)
{
    enum feel_answer all = FEEL_NO;
    if (tests->kind == NODE_TEST_ALWAYS) return FEEL_YES;
    for (size_t i = 0; i < tests->count; i++) {
        enum feel_answer one = test_passes(run, tests->items[i], tested, f);
        if (one == FEEL_YES) return tests->kind == NODE_TESTS_NOT ? FEEL_NO : FEEL_YES;
        if (one == FEEL_UNKNOWN) all = FEEL_UNKNOWN;
    }
    if (all == FEEL_UNKNOWN) return all;
    return tests->kind == NODE_TESTS_NOT ? FEEL_YES : FEEL_NO;
}

static struct feel_value eval_in(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_value tested = eval(run, n->a, f);
    enum feel_answer passes = tests_pass(run, n->b, tested, f);
    if (passes == FEEL_UNKNOWN)
        return feel_error(run, N_("Whether {0} is in what follows cannot be told: the kinds differ."),
                          eval_kind_of(tested));
    return feel_boolean(passes == FEEL_YES);
}

/* ---- lists, contexts, ranges ---- */

static struct feel_value eval_list(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_value *items = ARENA_ARRAY(run->arena, struct feel_value, n->count + 1);
    for (size_t i = 0; i < n->count; i++) items[i] = eval(run, n->items[i], f);
    return feel_list(items, n->count);
}

static struct feel_value eval_context(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_entry *entries = ARENA_ARRAY(run->arena, struct feel_entry, n->count + 1);
    struct frame *inner = ARENA_NEW(run->arena, struct frame);
    *inner = (struct frame){.up = f, .values = ARENA_ARRAY(run->arena, struct feel_value, n->count + 1)};
    for (size_t i = 0; i < n->count; i++) {
        for (size_t k = 0; k < i; k++)
            if (str_eq(n->names[k], n->names[i]))
                return feel_error(run, N_("The context has two entries “{0}”."), n->names[i]);
        inner->values[i] = eval(run, n->items[i], inner);
        entries[i] = (struct feel_entry){n->names[i], inner->values[i]};
    }
    return feel_context_value(run->arena, entries, n->count);
}

static struct feel_value eval_range(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_range *r = ARENA_NEW(run->arena, struct feel_range);
    *r = (struct feel_range){
        .from = n->a != NULL ? eval(run, n->a, f) : feel_null(),
        .to = n->b != NULL && n->b != n->a ? eval(run, n->b, f) : feel_null(),
        .has_from = n->has_from,
        .has_to = n->has_to,
        .comparison = n->comparison,
    };
    if (n->b == n->a) r->to = r->from;
    struct feel_value whole = {.kind = FEEL_RANGE, .range = r};
    int order;
    if (n->comparison != 0) return whole;
    if (r->from.kind == FEEL_NULL || r->to.kind == FEEL_NULL) {
        bool is_closed = (r->from.kind == FEEL_NULL && n->has_from) || (r->to.kind == FEEL_NULL && n->has_to);
        if (is_closed || r->from.kind == r->to.kind)
            return feel_error(run, N_("An end of the range is null but belongs to it."));
        return whole;
    }
    if (!feel_compare(r->from, r->to, &order)) return eval_wrong_kinds(run, "..", r->from, r->to);
    if (order > 0) return feel_error(run, N_("The range begins after its end."));
    return whole;
}

/* ---- the walk ---- */

static struct feel_value eval_literal(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    (void)run;
    (void)f;
    return n->value;
}

static struct feel_value eval_if(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_value condition = eval(run, n->a, f);
    if (condition.kind != FEEL_BOOLEAN && (condition.kind != FEEL_NULL || run->is_strict))
        (void)feel_error(run, N_("A condition is true or false, not {0}."), eval_kind_of(condition)); /* then: else */
    return eval(run, feel_is_true(condition) ? n->b : n->c, f);
}

static struct feel_value eval_instance(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    return feel_boolean(feel_is_instance(eval(run, n->a, f), n->type));
}

static struct feel_value eval_tests(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    (void)f;
    (void)n;
    return feel_error(run, N_("Tests stand after “in” or in a cell only."));
}

static eval_fn *const evaluators[] = {
    [NODE_LITERAL] = eval_literal,
    [NODE_NAME] = eval_name,
    [NODE_MEMBER] = eval_member,
    [NODE_PATH] = eval_path,
    [NODE_FILTER] = eval_filter,
    [NODE_CALL] = eval_call,
    [NODE_BUILTIN_CALL] = eval_builtin_call,
    [NODE_NEGATE] = eval_negate,
    [NODE_ADD] = eval_arithmetic,
    [NODE_SUBTRACT] = eval_arithmetic,
    [NODE_MULTIPLY] = eval_arithmetic,
    [NODE_DIVIDE] = eval_arithmetic,
    [NODE_POWER] = eval_arithmetic,
    [NODE_EQUAL] = eval_equal,
    [NODE_NOT_EQUAL] = eval_equal,
    [NODE_LESS] = eval_order,
    [NODE_LESS_EQUAL] = eval_order,
    [NODE_GREATER] = eval_order,
    [NODE_GREATER_EQUAL] = eval_order,
    [NODE_BETWEEN] = eval_between,
    [NODE_IN] = eval_in,
    [NODE_AND] = eval_logic,
    [NODE_OR] = eval_logic,
    [NODE_IF] = eval_if,
    [NODE_FOR] = eval_for,
    [NODE_SOME] = eval_quantified,
    [NODE_EVERY] = eval_quantified,
    [NODE_INSTANCE_OF] = eval_instance,
    [NODE_LIST] = eval_list,
    [NODE_CONTEXT] = eval_context,
    [NODE_RANGE] = eval_range,
    [NODE_FUNCTION] = eval_function,
    [NODE_TESTS] = eval_tests,
    [NODE_TESTS_NOT] = eval_tests,
    [NODE_TEST_ALWAYS] = eval_tests,
    [NODE_TEST] = eval_tests,
};

static void stop_over(struct feel_run *run)
{
    const char *too_much = NULL;
    if (run->steps_left <= 0) too_much = N_("The evaluation takes too many steps.");
    if (run->depth >= EVAL_DEPTH) too_much = N_("The evaluation calls itself too deeply.");
    if (run->arena->used_bytes - run->arena_start_bytes > FEEL_MEMORY)
        too_much = N_("The evaluation needs too much memory.");
    (void)eval_stop(run, too_much);
}

static inline bool enter(struct feel_run *run)
{
    bool is_near = --run->steps_left <= 0 || run->depth >= EVAL_DEPTH ||
                   run->arena->used_bytes - run->arena_start_bytes > FEEL_MEMORY;
    if (is_near)
        stop_over(run);
    else
        run->depth++;
    return !is_near;
}

bool feel_enter(struct feel_run *run)
{
    return enter(run);
}

bool feel_spend(struct feel_run *run, int64_t steps)
{
    run->steps_left -= steps;
    if (run->steps_left > 0) return true;
    stop_over(run);
    return false;
}

struct feel_value eval(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    if (n->kind == NODE_LITERAL) return n->value;
    if (!enter(run)) return feel_null();
    run->line = n->line;
    run->column = n->column;
    struct feel_value v = evaluators[n->kind](run, n, f);
    run->depth--;
    return v;
}

struct feel_value feel_eval(struct feel_run *run, const struct feel_node *node, const struct feel_value *values)
{
    /* In the arena: functions that the evaluation gives back keep what they saw. */
    struct frame *root = ARENA_NEW(run->arena, struct frame);
    root->values = (struct feel_value *)values;
    return eval(run, node, root);
}

enum feel_answer feel_passes(struct feel_run *run, const struct feel_node *tests, const struct feel_value *values,
                             struct feel_value tested)
{
    struct frame root = {.values = (struct feel_value *)values};
    return tests_pass(run, tests, tested, &root);
}
