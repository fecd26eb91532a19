/* Where ranges and points lie to one another (DMN 1.5, table 79). A point is the range that holds only itself. */
#include "rule/feel_functions.h"

static struct feel_range as_range(struct feel_value v)
{
    if (v.kind == FEEL_RANGE) return *v.range;
    return (struct feel_range){.from = v, .to = v, .has_from = true, .has_to = true};
}

struct ends {
    struct feel_range a, b;
    int from_from, to_to, to_from, from_to; /* the order of a's end to b's */
};

static bool compare(struct feel_run *run, const struct feel_value *args, struct ends *out)
{
    out->a = as_range(args[0]);
    out->b = as_range(args[1]);
    if (feel_compare(out->a.from, out->b.from, &out->from_from) && feel_compare(out->a.to, out->b.to, &out->to_to) &&
        feel_compare(out->a.to, out->b.from, &out->to_from) && feel_compare(out->a.from, out->b.to, &out->from_to))
        return true;
    (void)feel_error(run, N_("The two have no common order: their kinds differ, or a range has no end."));
    return false;
}

static bool is_before(const struct ends *e)
{
    return e->to_from < 0 || (e->to_from == 0 && !(e->a.has_to && e->b.has_from));
}

static bool is_after(const struct ends *e)
{
    return e->from_to > 0 || (e->from_to == 0 && !(e->a.has_from && e->b.has_to));
}

static bool meets(const struct ends *e)
{
    return e->to_from == 0 && e->a.has_to && e->b.has_from;
}

static bool met_by(const struct ends *e)
{
    return e->from_to == 0 && e->a.has_from && e->b.has_to;
}

static bool overlaps(const struct ends *e)
{
    return !is_before(e) && !is_after(e);
}

/* a begins no later than b, as far as the ends belong to them. */
static bool begins_before(const struct ends *e)
{
    return e->from_from < 0 || (e->from_from == 0 && e->a.has_from && !e->b.has_from);
}

static bool ends_before(const struct ends *e)
{
    return e->to_to < 0 || (e->to_to == 0 && !e->a.has_to && e->b.has_to);
}

static bool begins_together(const struct ends *e)
{
    return e->from_from == 0 && e->a.has_from == e->b.has_from;
}

static bool ends_together(const struct ends *e)
{
    return e->to_to == 0 && e->a.has_to == e->b.has_to;
}

static bool overlaps_before(const struct ends *e)
{
    return overlaps(e) && begins_before(e) && (ends_before(e) || ends_together(e));
}

static bool overlaps_after(const struct ends *e)
{
    bool begins_after = !begins_before(e) && !begins_together(e), ends_after = !ends_before(e) && !ends_together(e);
    return overlaps(e) && begins_after && (ends_after || ends_together(e));
}

static bool finishes(const struct ends *e)
{
    return ends_together(e) && !begins_before(e);
}

static bool finished_by(const struct ends *e)
{
    return ends_together(e) && (begins_before(e) || begins_together(e));
}

static bool includes(const struct ends *e)
{
    return (begins_before(e) || begins_together(e)) && !ends_before(e);
}

static bool during(const struct ends *e)
{
    return !begins_before(e) && (ends_before(e) || ends_together(e));
}

static bool starts(const struct ends *e)
{
    return begins_together(e) && (ends_before(e) || ends_together(e));
}

static bool started_by(const struct ends *e)
{
    return begins_together(e) && !ends_before(e);
}

static bool coincides(const struct ends *e)
{
    return begins_together(e) && ends_together(e);
}

#define RELATION(name)                                                                                                 \
    struct feel_value fn_##name(struct feel_run *run, const struct feel_value *args, size_t count)                     \
    {                                                                                                                  \
        struct ends e;                                                                                                 \
        (void)count;                                                                                                   \
        return compare(run, args, &e) ? feel_boolean(name(&e)) : feel_null();                                          \
    }

RELATION(meets)
RELATION(met_by)
RELATION(overlaps)
RELATION(overlaps_before)
RELATION(overlaps_after)
RELATION(finishes)
RELATION(finished_by)
RELATION(includes)
RELATION(during)
RELATION(starts)
RELATION(started_by)
RELATION(coincides)

struct feel_value fn_before(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct ends e;
    (void)count;
    return compare(run, args, &e) ? feel_boolean(is_before(&e)) : feel_null();
}

struct feel_value fn_after(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct ends e;
    (void)count;
    return compare(run, args, &e) ? feel_boolean(is_after(&e)) : feel_null();
}

/* range("[1..3]"): the text of a range whose ends are literals. */
static bool is_literal_end(const struct feel_node *n)
{
    if (n == NULL || n->kind == NODE_LITERAL) return true;
    if (n->kind == NODE_NEGATE) return n->a->kind == NODE_LITERAL;
    return n->kind == NODE_BUILTIN_CALL && n->count == 1 && n->items[0]->kind == NODE_LITERAL;
}

struct feel_value fn_range(struct feel_run *run, const struct feel_value *args, size_t count)
{
    const struct feel_names none = {0};
    const struct feel_node *n;
    struct fail why;
    fail_init(&why, run->arena);
    (void)count;
    bool is_fine = feel_compile(run->arena, args[0].string, &none, &n, &why) == OK && n->kind == NODE_RANGE &&
                   n->comparison == 0 && is_literal_end(n->a) && is_literal_end(n->b);
    if (!is_fine) return feel_error(run, N_("“{0}” is no {1}."), args[0].string, STR("range"));
    return feel_eval(run, n, NULL);
}
