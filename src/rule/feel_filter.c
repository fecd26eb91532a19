#include "rule/feel_eval.h"

static const struct feel_value *member_of_items(struct str name, const struct frame *f, const struct frame *until)
{
    for (; f != until; f = f->up) {
        if (f->item == NULL || f->item->kind != FEEL_CONTEXT) continue;
        const struct feel_value *v = feel_context_find(f->item->context, name);
        if (v != NULL) return v;
    }
    return NULL;
}

struct feel_value eval_name(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    (void)run;
    const struct frame *at = f;
    for (int hops = n->hops; at->item != NULL || hops > 0; at = at->up) hops -= at->item == NULL;
    const struct feel_value *member = n->is_maybe_member ? member_of_items(n->name, f, at) : NULL;
    return member != NULL ? *member : at->values[n->slot];
}

struct feel_value eval_member(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    const struct feel_value *v = member_of_items(n->name, f, NULL);
    if (v != NULL) return *v;
    if (n->a != NULL) return n->a->value; /* a built-in function of that name */
    if (!str_eq(n->name, STR("item"))) return feel_error(run, N_("There is no name “{0}” here."), n->name);
    while (f->item == NULL) f = f->up; /* a member stands in a filter only */
    return *f->item;
}

static struct feel_value item_at(struct feel_run *run, struct feel_value list, decimal index)
{
    int64_t i;
    if (!decimal_to_int(index, &i) || i == 0 || i > list.count || i < -(int64_t)list.count)
        return feel_error(run, N_("The list has {0} items, not one with the number {1}."),
                          str_format(run->arena, "%u", list.count), decimal_format(run->arena, index));
    return list.items[i > 0 ? i - 1 : list.count + i];
}

struct feel_value eval_filter(struct feel_run *run, const struct feel_node *n, const struct frame *f)
{
    struct feel_value list = eval_as_list(run->arena, eval(run, n->a, f));
    if (n->b->kind == NODE_LITERAL && n->b->value.kind == FEEL_NUMBER) return item_at(run, list, n->b->value.number);
    struct feel_value *out = ARENA_ARRAY(run->arena, struct feel_value, list.count + 1);
    size_t count = 0;
    const struct feel_value none = feel_context_value(run->arena, NULL, 0);
    if (list.count == 0) { /* an index may still be asked for */
        struct frame item = {.up = f, .item = &none};
        size_t before = run->problem_count;
        struct feel_value index = eval(run, n->b, &item);
        run->problem_count = before < FEEL_PROBLEMS ? before : run->problem_count;
        return index.kind == FEEL_NUMBER ? item_at(run, list, index.number) : list;
    }
    for (size_t i = 0; i < list.count; i++) {
        struct frame item = {.up = f, .item = &list.items[i]};
        struct feel_value v = eval(run, n->b, &item);
        if (v.kind == FEEL_NUMBER) return item_at(run, list, v.number);
        if (v.kind != FEEL_BOOLEAN && v.kind != FEEL_NULL)
            return feel_error(run, N_("A filter is a condition or a number, not {0}."), eval_kind_of(v));
        if (feel_is_true(v)) out[count++] = list.items[i];
    }
    return feel_list(out, count);
}
