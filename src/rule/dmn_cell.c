#include "rule/dmn_cell.h"

#include <stdlib.h>

#include "base/list.h"
#include "rule/feel_node.h"

struct intervals {
    struct interval *at;
    size_t count, room;
};

/* ---- cuts ---- */

static int value_compare(struct feel_value a, struct feel_value b)
{
    int order = 0;
    if (a.kind == FEEL_BOOLEAN) return (int)a.boolean - (int)b.boolean;
    if (!feel_compare(a, b, &order)) BUG("values of one kind have no order");
    return order;
}

int cut_compare(struct cut a, struct cut b)
{
    if (a.end != 0 || b.end != 0) return (a.end > b.end) - (a.end < b.end);
    int order = value_compare(a.value, b.value);
    return order != 0 ? order : (int)a.is_after - (int)b.is_after;
}

bool cut_is_before(struct cut c, struct feel_value v)
{
    if (c.end != 0) return c.end < 0;
    int order = value_compare(c.value, v);
    return c.is_after ? order < 0 : order <= 0;
}

/* Days, booleans and months come one after the other: behind one of them is before the next. */
static struct cut cut_at(struct feel_value v, bool is_after)
{
    struct cut c = {.value = v, .is_after = is_after};
    if (v.kind == FEEL_BOOLEAN && (is_after ? v.boolean : !v.boolean)) return (struct cut){.end = v.boolean ? 1 : -1};
    if (!is_after) return c;
    c.is_after = true;
    if (v.kind == FEEL_BOOLEAN) c = (struct cut){.value = feel_boolean(true)};
    if (v.kind == FEEL_MONTHS && v.months < INT64_MAX) c = (struct cut){.value = feel_months_value(v.months + 1)};
    if (v.kind == FEEL_DATE && date_from_days(date_to_days(v.date) + 1, &c.value.date)) c.is_after = false;
    return c;
}

static bool cell_has_line(enum feel_kind kind)
{
    return kind == FEEL_NUMBER || kind == FEEL_STRING || kind == FEEL_BOOLEAN || kind == FEEL_DATE ||
           kind == FEEL_DAYS || kind == FEEL_MONTHS;
}

/* ---- sets ---- */

static int by_from(const void *a, const void *b)
{
    return cut_compare(((const struct interval *)a)->from, ((const struct interval *)b)->from);
}

/* In order, apart from each other, none of them empty. */
static void join(struct intervals *list)
{
    size_t kept = 0;
    if (list->count > 1) qsort(list->at, list->count, sizeof *list->at, by_from);
    for (size_t i = 0; i < list->count; i++) {
        struct interval next = list->at[i];
        if (cut_compare(next.from, next.to) >= 0) continue;
        if (kept > 0 && cut_compare(next.from, list->at[kept - 1].to) <= 0) {
            if (cut_compare(next.to, list->at[kept - 1].to) > 0) list->at[kept - 1].to = next.to;
            continue;
        }
        list->at[kept++] = next;
    }
    list->count = kept;
}

static void turn_round(struct arena *a, struct intervals *list)
{
    struct intervals out = {0};
    struct cut from = {.end = -1};
    for (size_t i = 0; i < list->count; i++) {
        if (cut_compare(from, list->at[i].from) < 0) LIST_PUSH(a, out) = (struct interval){from, list->at[i].from};
        from = list->at[i].to;
    }
    if (from.end != 1) LIST_PUSH(a, out) = (struct interval){from, {.end = 1}};
    *list = out;
}

struct reading_cell {
    struct arena *arena;
    struct intervals out;
    enum feel_kind kind; /* FEEL_NULL: not seen yet */
};

static bool is_of_kind(struct reading_cell *r, enum feel_kind kind)
{
    if (!cell_has_line(kind) || (r->kind != FEEL_NULL && r->kind != kind)) return false;
    r->kind = kind;
    return true;
}

static bool add_range(struct reading_cell *r, const struct feel_range *range)
{
    struct feel_value from = range->from, to = range->to;
    if (range->comparison == 0 && (from.kind == FEEL_NULL || to.kind == FEEL_NULL)) return false;
    if (from.kind != FEEL_NULL && !is_of_kind(r, from.kind)) return false;
    if (to.kind != FEEL_NULL && !is_of_kind(r, to.kind)) return false;
    if ((from.kind == FEEL_NULL && to.kind == FEEL_NULL) || r->kind == FEEL_BOOLEAN) return false;
    if (range->comparison == '!') {
        LIST_PUSH(r->arena, r->out) = (struct interval){{.end = -1}, cut_at(from, false)};
        LIST_PUSH(r->arena, r->out) = (struct interval){cut_at(from, true), {.end = 1}};
        return true;
    }
    struct interval i = {{.end = -1}, {.end = 1}};
    if (from.kind != FEEL_NULL) i.from = cut_at(from, !range->has_from);
    if (to.kind != FEEL_NULL) i.to = cut_at(to, range->has_to);
    LIST_PUSH(r->arena, r->out) = i;
    return true;
}

static bool add_value(struct reading_cell *r, struct feel_value v)
{
    if (v.kind == FEEL_NULL) return true; /* no value of the kind */
    if (v.kind == FEEL_RANGE) return add_range(r, v.range);
    if (v.kind == FEEL_LIST) {
        for (size_t i = 0; i < v.count; i++)
            if (v.items[i].kind == FEEL_LIST || !add_value(r, v.items[i])) return false;
        return true;
    }
    if (!is_of_kind(r, v.kind)) return false;
    LIST_PUSH(r->arena, r->out) = (struct interval){cut_at(v, false), cut_at(v, true)};
    return true;
}

/* ---- constants ---- */

/* Functions that give the same for the same texts and numbers, always. */
static bool is_constant_function(const struct builtin *b)
{
    static const struct str names[] = {STR_INIT("date"), STR_INIT("duration"), STR_INIT("number")};
    for (size_t i = 0; i < LENGTH(names); i++)
        if (str_eq(b->name, names[i])) return true;
    return false;
}

static bool is_constant(const struct feel_node *n)
{
    if (n == NULL || n->kind == NODE_LITERAL) return true;
    if (n->kind == NODE_NEGATE) return is_constant(n->a);
    if (n->kind == NODE_RANGE) return is_constant(n->a) && is_constant(n->b);
    if (n->kind != NODE_LIST && (n->kind != NODE_BUILTIN_CALL || !is_constant_function(n->builtin))) return false;
    for (size_t i = 0; i < n->count; i++)
        if (!is_constant(n->items[i])) return false;
    return true;
}

bool cell_constant(struct arena *a, const struct feel_node *n, struct feel_value *out)
{
    struct feel_run *run = ARENA_NEW(a, struct feel_run);
    if (n == NULL || !is_constant(n)) return false;
    feel_run_init(run, a);
    *out = feel_eval(run, n, NULL);
    return run->problem_count == 0;
}

struct cell_set cell_set_of(struct arena *a, const struct feel_node *tests)
{
    struct reading_cell r = {.arena = a};
    const struct cell_set opaque = {.knowledge = CELL_OPAQUE};
    if (tests->kind == NODE_TEST_ALWAYS) return (struct cell_set){.knowledge = CELL_ANY};
    if (tests->kind != NODE_TESTS && tests->kind != NODE_TESTS_NOT) return opaque;
    for (size_t i = 0; i < tests->count; i++) {
        struct feel_value v;
        const struct feel_node *test = tests->items[i];
        if (test->is_maybe_member || !cell_constant(a, test->a, &v) || !add_value(&r, v)) return opaque;
    }
    join(&r.out);
    if (tests->kind == NODE_TESTS_NOT) {
        if (r.kind == FEEL_NULL) return opaque;
        turn_round(a, &r.out);
    }
    return (struct cell_set){CELL_KNOWN, r.kind, r.out.at, r.out.count};
}

/* ---- for people ---- */

static struct str value_text(struct arena *a, struct feel_value v)
{
    struct str text = feel_format(a, v);
    return v.kind == FEEL_STRING ? str_format(a, "\"%.*s\"", STR_ARG(text)) : text;
}

struct str interval_format(struct arena *a, struct interval i)
{
    if (i.from.end != 0 && i.to.end != 0) return STR("-");
    if (i.from.end != 0 && i.to.value.kind == FEEL_BOOLEAN) return STR("false");
    if (i.to.end != 0 && i.from.value.kind == FEEL_BOOLEAN) return STR("true");
    struct str from = i.from.end == 0 ? value_text(a, i.from.value) : STR(""),
               to = i.to.end == 0 ? value_text(a, i.to.value) : STR("");
    if (i.from.end != 0) return str_format(a, "%s %.*s", i.to.is_after ? "<=" : "<", STR_ARG(to));
    if (i.to.end != 0) return str_format(a, "%s %.*s", i.from.is_after ? ">" : ">=", STR_ARG(from));
    if (!i.from.is_after && i.to.is_after && value_compare(i.from.value, i.to.value) == 0) return from;
    return str_format(a, "%c%.*s..%.*s%c", i.from.is_after ? '(' : '[', STR_ARG(from), STR_ARG(to),
                      i.to.is_after ? ']' : ')');
}
