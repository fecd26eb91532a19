#include "base/list.h"
#include "rule/feel_eval.h"

struct iteration {
    const struct feel_node *node;
    struct frame frame;
    struct feel_value *out;
    size_t count, room;
};

enum { ITERATION_MOST = 1000000 };

static bool add_result(struct feel_run *run, struct iteration *it, struct feel_value v)
{
    if (it->count >= ITERATION_MOST) {
        (void)eval_stop(run, N_("The evaluation takes too many steps."));
        return false;
    }
    if (it->count == it->room) list_grow(run->arena, (void **)&it->out, &it->room, sizeof *it->out);
    it->out[it->count++] = v;
    return true;
}

static bool iterate(struct feel_run *run, struct iteration *it, size_t depth);

/* False: no more is wanted. */
static bool visit(struct feel_run *run, struct iteration *it, size_t depth, struct feel_value v)
{
    const struct feel_node *n = it->node;
    it->frame.values[depth] = v;
    if (depth + 1 < n->count) return iterate(run, it, depth + 1);
    if (n->kind == NODE_FOR) it->frame.values[n->count] = feel_list(it->out, it->count); /* partial */
    return add_result(run, it, eval(run, n->a, &it->frame)) && !eval_is_stopped(run);
}

static bool iterate_numbers(struct feel_run *run, struct iteration *it, size_t depth, int64_t from, int64_t to)
{
    int64_t step = from <= to ? 1 : -1;
    for (int64_t i = from;; i += step) {
        if (!visit(run, it, depth, feel_integer(i))) return false;
        if (i == to) return true;
    }
}

static bool iterate_dates(struct feel_run *run, struct iteration *it, size_t depth, struct feel_date from,
                          struct feel_date to)
{
    int64_t last = date_to_days(to), step = date_to_days(from) <= last ? 1 : -1;
    for (int64_t i = date_to_days(from);; i += step) {
        struct feel_date d;
        if (!date_from_days(i, &d) || !visit(run, it, depth, feel_date_value(d))) return false;
        if (i == last) return true;
    }
}

static bool iterate_span(struct feel_run *run, struct iteration *it, size_t depth, struct feel_value from,
                         struct feel_value to)
{
    int64_t first, last;
    if (from.kind == FEEL_NUMBER && to.kind == FEEL_NUMBER && decimal_to_int(from.number, &first) &&
        decimal_to_int(to.number, &last))
        return iterate_numbers(run, it, depth, first, last);
    if (from.kind == FEEL_DATE && to.kind == FEEL_DATE) return iterate_dates(run, it, depth, from.date, to.date);
    (void)feel_error(run, N_("Only whole numbers and dates can be counted through, not {0} to {1}."),
                     eval_kind_of(from), eval_kind_of(to));
    it->node = NULL;
    return false;
}

/* The ends that belong to a range that is gone through. */
static bool iterate_range(struct feel_run *run, struct iteration *it, size_t depth, const struct feel_range *r)
{
    struct feel_value from = r->from, to = r->to;
    int order;
    if (!feel_compare(from, to, &order) || (from.kind != FEEL_NUMBER && from.kind != FEEL_DATE))
        return iterate_span(run, it, depth, feel_null(), from);
    int64_t first = from.kind == FEEL_DATE ? date_to_days(from.date) : 0;
    int64_t last = to.kind == FEEL_DATE ? date_to_days(to.date) : 0;
    if (from.kind == FEEL_NUMBER && (!decimal_to_int(from.number, &first) || !decimal_to_int(to.number, &last)))
        return iterate_span(run, it, depth, feel_null(), from);
    if (first > last || (first == last && !(r->has_from && r->has_to))) return true;
    last -= !r->has_to;
    for (int64_t i = first + !r->has_from; i <= last; i++) {
        struct feel_date d;
        if (from.kind == FEEL_DATE && !date_from_days(i, &d)) return false;
        if (!visit(run, it, depth, from.kind == FEEL_DATE ? feel_date_value(d) : feel_integer(i))) return false;
        if (i == last) break; /* no number may follow */
    }
    return true;
}

static bool iterate(struct feel_run *run, struct iteration *it, size_t depth)
{
    const struct iterator *source = &it->node->iterators[depth];
    struct feel_value from = eval(run, source->from, &it->frame);
    if (source->to != NULL) return iterate_span(run, it, depth, from, eval(run, source->to, &it->frame));
    if (from.kind == FEEL_RANGE) return iterate_range(run, it, depth, from.range);
    if (from.kind == FEEL_NULL) {
        (void)feel_error(run, N_("There is no list to go through."));
        it->node = NULL;
        return false;
    }
    struct feel_value list = eval_as_list(run->arena, from);
    for (size_t i = 0; i < list.count; i++)
        if (!visit(run, it, depth, list.items[i])) return false;
    return true;
}

static struct iteration begin(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_value *values = ARENA_ARRAY(run->arena, struct feel_value, n->count + 1);
    return (struct iteration){
        .node = n, .frame = {.up = f, .values = values}
    };
}

struct feel_value eval_for(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    /* In the arena: a function made in the body may outlive this call. */
    struct iteration *it = ARENA_NEW(run->arena, struct iteration);
    *it = begin(run, n, f);
    if (!iterate(run, it, 0) && (it->node == NULL || eval_is_stopped(run))) return feel_null();
    return feel_list(it->out, it->count);
}

struct feel_value eval_quantified(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    bool deciding = n->kind == NODE_SOME;
    struct iteration it = begin(run, n, f);
    if (!iterate(run, &it, 0) && (it.node == NULL || eval_is_stopped(run))) return feel_null();
    bool is_known = true;
    for (size_t i = 0; i < it.count; i++) {
        if (it.out[i].kind == FEEL_BOOLEAN && it.out[i].boolean == deciding) return feel_boolean(deciding);
        is_known = is_known && it.out[i].kind == FEEL_BOOLEAN;
    }
    if (!is_known)
        return feel_error(run, N_("A condition of “{0}” is neither true nor false."),
                          deciding ? STR("some") : STR("every"));
    return feel_boolean(!deciding);
}
