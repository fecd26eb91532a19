#include "rule/feel_type.h"

#include "rule/feel_node.h"

const struct feel_type feel_any = {.kind = TYPE_ANY, .name = STR_INIT("Any")};

/* clang-format off */
static const struct feel_type simple_types[] = {
    {.kind = TYPE_ANY, .name = STR_INIT("Any")},
    {.kind = TYPE_NULL, .name = STR_INIT("Null")},
    {.kind = TYPE_SIMPLE, .simple = FEEL_BOOLEAN, .name = STR_INIT("boolean")},
    {.kind = TYPE_SIMPLE, .simple = FEEL_NUMBER, .name = STR_INIT("number")},
    {.kind = TYPE_SIMPLE, .simple = FEEL_STRING, .name = STR_INIT("string")},
    {.kind = TYPE_SIMPLE, .simple = FEEL_DATE, .name = STR_INIT("date")},
    {.kind = TYPE_SIMPLE, .simple = FEEL_TIME, .name = STR_INIT("time")},
    {.kind = TYPE_SIMPLE, .simple = FEEL_MOMENT, .name = STR_INIT("date and time")},
    {.kind = TYPE_SIMPLE, .simple = FEEL_MOMENT, .name = STR_INIT("dateTime")},
    {.kind = TYPE_SIMPLE, .simple = FEEL_DAYS, .name = STR_INIT("days and time duration")},
    {.kind = TYPE_SIMPLE, .simple = FEEL_DAYS, .name = STR_INIT("dayTimeDuration")},
    {.kind = TYPE_SIMPLE, .simple = FEEL_MONTHS, .name = STR_INIT("years and months duration")},
    {.kind = TYPE_SIMPLE, .simple = FEEL_MONTHS, .name = STR_INIT("yearMonthDuration")},
    {.kind = TYPE_CONTEXT, .name = STR_INIT("context")},
    {.kind = TYPE_LIST, .element = &feel_any, .name = STR_INIT("list")},
};
/* clang-format on */

const struct feel_type *feel_simple_type(struct str name)
{
    for (size_t i = 0; i < LENGTH(simple_types); i++)
        if (str_eq(simple_types[i].name, name)) return &simple_types[i];
    return NULL;
}

struct str feel_type_name(struct arena *a, const struct feel_type *t)
{
    if (t->name.len > 0) return t->name;
    switch (t->kind) {
    case TYPE_LIST: return str_format(a, "list<%.*s>", STR_ARG(feel_type_name(a, t->element)));
    case TYPE_RANGE: return str_format(a, "range<%.*s>", STR_ARG(feel_type_name(a, t->element)));
    case TYPE_CONTEXT: return STR("context");
    case TYPE_FUNCTION: return STR("function");
    default: return STR("Any");
    }
}

/* ---- instance of ---- */

static bool are_instances(struct feel_value list, const struct feel_type *element)
{
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i].kind != FEEL_NULL && !feel_is_instance(list.items[i], element)) return false;
    return true;
}

static bool is_context_of(struct feel_value v, const struct feel_type *t)
{
    if (v.kind != FEEL_CONTEXT) return false;
    for (size_t i = 0; i < t->member_count; i++) {
        const struct feel_value *member = feel_context_find(v.context, t->members[i].name);
        if (member == NULL) return false;
        if (member->kind != FEEL_NULL && !feel_is_instance(*member, t->members[i].type)) return false;
    }
    return true;
}

static bool is_range_of(struct feel_value v, const struct feel_type *element)
{
    if (v.kind != FEEL_RANGE) return false;
    const struct feel_range *r = v.range;
    return (r->from.kind == FEEL_NULL || feel_is_instance(r->from, element)) &&
           (r->to.kind == FEEL_NULL || feel_is_instance(r->to, element));
}

static bool same_type(const struct feel_type *a, const struct feel_type *b)
{
    if (b->kind == TYPE_ANY) return true;
    if (a->kind != b->kind || a->simple != b->simple) return false;
    return (a->kind != TYPE_LIST && a->kind != TYPE_RANGE) || same_type(a->element, b->element);
}

/* A function takes what the type gives it when its own parameters ask for no less. */
static bool is_function_of(struct feel_value v, const struct feel_type *t)
{
    if (v.kind != FEEL_FUNCTION) return false;
    const struct feel_function *f = v.function;
    if (t->members == NULL && t->member_count == 0 && t->element == &feel_any) return true;
    if (f->builtin != NULL) return f->builtin->least <= t->member_count && t->member_count <= f->builtin->most;
    if (f->parameter_count != t->member_count) return false;
    for (size_t i = 0; i < t->member_count; i++) {
        const struct feel_type *own = f->parameters[i].type;
        if (own != NULL && own->kind != TYPE_ANY && !same_type(t->members[i].type, own)) return false;
    }
    return true;
}

bool feel_is_instance(struct feel_value v, const struct feel_type *t)
{
    if (v.kind == FEEL_NULL) return t->kind == TYPE_NULL;
    switch (t->kind) {
    case TYPE_ANY: return true;
    case TYPE_NULL: return false;
    case TYPE_SIMPLE: return v.kind == t->simple;
    case TYPE_LIST: return v.kind == FEEL_LIST && are_instances(v, t->element);
    case TYPE_RANGE: return is_range_of(v, t->element);
    case TYPE_CONTEXT: return is_context_of(v, t);
    case TYPE_FUNCTION: return is_function_of(v, t);
    }
    return false;
}

/* ---- making it fit (DMN 1.5, 10.3.2.9.4) ---- */

static bool is_allowed(struct feel_run *run, struct feel_value v, const struct feel_node *tests)
{
    return tests == NULL || v.kind == FEEL_NULL || feel_passes(run, tests, &v, v) == FEEL_YES;
}

static bool coerce_items(struct feel_run *run, struct feel_value *v, const struct feel_type *element)
{
    if (!feel_enter(run)) return false; /* a list that stands in itself many times becomes as many lists */
    struct feel_value *items = ARENA_ARRAY(run->arena, struct feel_value, v->count + 1);
    bool is_fine = true;
    for (size_t i = 0; i < v->count && is_fine; i++) {
        items[i] = v->items[i];
        /* A list of one does not stand for its item within a list. */
        is_fine = items[i].kind != FEEL_LIST || element->kind == TYPE_LIST || element->kind == TYPE_ANY;
        is_fine = is_fine && feel_coerce(run, &items[i], element);
    }
    run->depth--;
    if (is_fine) *v = feel_list(items, v->count);
    return is_fine;
}

static bool coerce_members(struct feel_run *run, struct feel_value *v, const struct feel_type *t)
{
    if (v->kind != FEEL_CONTEXT) return false;
    struct feel_entry *entries = arena_dup(run->arena, v->context->entries, v->context->count * sizeof *entries);
    for (size_t i = 0; i < t->member_count; i++) {
        size_t k = 0;
        while (k < v->context->count && !str_eq(entries[k].name, t->members[i].name)) k++;
        if (k == v->context->count || !feel_coerce(run, &entries[k].value, t->members[i].type)) return false;
    }
    *v = feel_context_value(run->arena, entries, v->context->count);
    return true;
}

static bool coerce_kind(struct feel_run *run, struct feel_value *v, const struct feel_type *t)
{
    if (t->kind == TYPE_LIST) {
        if (v->kind != FEEL_LIST) *v = feel_list(arena_dup(run->arena, v, sizeof *v), 1);
        return coerce_items(run, v, t->element) && is_allowed(run, *v, t->constraint);
    }
    if (t->kind == TYPE_ANY) return true;
    if (v->kind == FEEL_LIST && v->count == 1) *v = v->items[0];
    if (t->kind == TYPE_SIMPLE && t->simple == FEEL_MOMENT && v->kind == FEEL_DATE) {
        /* A date is the first moment of its day in UTC. */
        struct feel_moment m = {.date = v->date, .time = {.zone = zone_of_offset(run->arena, 0)}};
        *v = feel_moment_value(run->arena, m);
    }
    if (t->kind == TYPE_CONTEXT) return coerce_members(run, v, t);
    return feel_is_instance(*v, t);
}

bool feel_coerce(struct feel_run *run, struct feel_value *v, const struct feel_type *t)
{
    if (v->kind == FEEL_NULL) return true;
    if (coerce_kind(run, v, t) && is_allowed(run, *v, t->allowed)) return true;
    *v = feel_null();
    return false;
}
