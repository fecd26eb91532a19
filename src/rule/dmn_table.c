/* Decision tables: which rules apply, and what their hit policy makes of them (DMN 1.5, 8.2.8). */
#include <string.h>

#include "rule/dmn_cell.h"
#include "rule/feel_node.h"

struct hits {
    uint32_t *at; /* rules from 0, in order */
    size_t count;
};

static struct feel_value *with_tested(struct feel_run *run, const struct table *t, const struct feel_value *values)
{
    struct feel_value *out = ARENA_ARRAY(run->arena, struct feel_value, t->scope + 1);
    if (t->scope > 0) memcpy(out, values, t->scope * sizeof *out);
    return out;
}

/* The values of the input columns; false after an error. */
static bool read_inputs(struct feel_run *run, const struct table *t, struct feel_value *scope, struct feel_value *out)
{
    for (size_t i = 0; i < t->input_count; i++) {
        const struct table_input *in = &t->inputs[i];
        out[i] = feel_eval(run, in->expression, scope);
        if (in->type != NULL && !feel_coerce(run, &out[i], in->type)) {
            (void)feel_error(run, N_("The input “{0}” is not of its type."), in->text);
            return false;
        }
        scope[t->scope] = out[i];
        if (in->allowed != NULL && out[i].kind != FEEL_NULL &&
            feel_passes(run, in->allowed, scope, out[i]) != FEEL_YES) {
            (void)feel_error(run, N_("The input “{0}” has a value that the table does not allow: {1}."), in->text,
                             feel_format(run->arena, out[i]));
            return false;
        }
    }
    return true;
}

/* ---- which rules apply ---- */

struct search {
    const struct table *table;
    struct feel_value *scope;
    const struct feel_value *inputs;
    struct hits hits;
    /* Of a strict run: columns in which a rule could not be told, with that rule (from 1), and columns that a rule
     * which applies names. */
    uint32_t *untold;
    bool *is_named;
};

/* A cell that says no decides its rule, whatever the others cannot tell; so the order of the columns means nothing. */
static enum feel_answer rule_applies(struct feel_run *run, struct search *s, size_t r)
{
    const struct table_rule *rule = &s->table->rules[r];
    enum feel_answer all = FEEL_YES;
    size_t problems = run->problem_count;
    for (size_t i = 0; i < s->table->input_count; i++) {
        if (rule->tests[i]->kind == NODE_TEST_ALWAYS) continue;
        s->scope[s->table->scope] = s->inputs[i];
        enum feel_answer one = feel_passes(run, rule->tests[i], s->scope, s->inputs[i]);
        if (one == FEEL_NO) {
            if (!run->is_stopped) run->problem_count = problems;
            return FEEL_NO;
        }
        if (one == FEEL_UNKNOWN) all = FEEL_UNKNOWN;
    }
    return all;
}

static void note_untold(struct feel_run *run, struct search *s, size_t r)
{
    const struct table_rule *rule = &s->table->rules[r];
    size_t problems = run->problem_count; /* noted already */
    for (size_t i = 0; i < s->table->input_count; i++) {
        if (rule->tests[i]->kind == NODE_TEST_ALWAYS || s->untold[i] != 0) continue;
        s->scope[s->table->scope] = s->inputs[i];
        if (feel_passes(run, rule->tests[i], s->scope, s->inputs[i]) == FEEL_UNKNOWN) s->untold[i] = (uint32_t)r + 1;
    }
    if (!run->is_stopped) run->problem_count = problems;
}

static void ask_rule(struct feel_run *run, struct search *s, size_t r)
{
    enum feel_answer applies = rule_applies(run, s, r);
    if (applies == FEEL_UNKNOWN && run->is_strict) note_untold(run, s, r);
    if (applies != FEEL_YES) return;
    s->hits.at[s->hits.count++] = (uint32_t)r;
    for (size_t i = 0; i < s->table->input_count && run->is_strict; i++)
        s->is_named[i] |= s->table->rules[r].tests[i]->kind != NODE_TEST_ALWAYS;
}

static void find_hits(struct feel_run *run, struct search *s)
{
    const struct table *t = s->table;
    size_t words = (t->rule_count + 63) / 64;
    uint64_t few[8], *set = words <= LENGTH(few) ? few : ARENA_ARRAY(run->arena, uint64_t, words);
    bool is_first = t->policy == HIT_FIRST, is_narrow = t->index != NULL && table_index_find(t->index, s->inputs, set);
    size_t most = is_narrow ? 0 : t->rule_count;
    for (size_t w = 0; is_narrow && w < words; w++) most += (size_t)__builtin_popcountll(set[w]);
    s->hits.at = ARENA_ARRAY(run->arena, uint32_t, most + 1);
    if (!is_narrow) {
        for (size_t r = 0; r < t->rule_count && !(is_first && s->hits.count > 0); r++) ask_rule(run, s, r);
        return;
    }
    for (size_t w = 0; w < words; w++)
        for (uint64_t rest = set[w]; rest != 0 && !(is_first && s->hits.count > 0); rest &= rest - 1)
            ask_rule(run, s, w * 64 + (size_t)__builtin_ctzll(rest));
}

/* In a strict run: a value that a rule cannot compare with is an error unless a rule that applies names it. So a
 * missing input never falls through to the row that takes everything. */
static bool is_told(struct feel_run *run, const struct search *s)
{
    const struct table *t = s->table;
    for (size_t i = 0; i < t->input_count && run->is_strict; i++) {
        if (s->untold[i] == 0 || s->is_named[i]) continue;
        struct str kind = str_from(feel_kind_name(s->inputs[i].kind)), value = feel_format(run->arena, s->inputs[i]);
        (void)feel_error(run, N_("Rule {0} cannot tell whether the input “{1}” fits it: it is {2}."),
                         str_format(run->arena, "%u", s->untold[i]), t->inputs[i].text,
                         str_format(run->arena, "%.*s%s%.*s", STR_ARG(kind), value.len > 0 ? " " : "", STR_ARG(value)));
        return false;
    }
    return true;
}

/* ---- outputs ---- */

static struct feel_value output_of(struct feel_run *run, const struct table_output *o, const struct feel_node *n,
                                   struct feel_value *scope, size_t tested)
{
    struct feel_value v = feel_eval(run, n, scope);
    scope[tested] = v;
    if (o->type != NULL && !feel_coerce(run, &v, o->type))
        return feel_error(run, N_("The output “{0}” is not of its type."), o->name);
    if (o->allowed != NULL && v.kind != FEEL_NULL && feel_passes(run, o->allowed, scope, v) != FEEL_YES)
        return feel_error(run, N_("The output “{0}” has a value that the table does not allow: {1}."), o->name,
                          feel_format(run->arena, v));
    return v;
}

static struct feel_value outputs_of(struct feel_run *run, const struct table *t, size_t rule, struct feel_value *scope)
{
    if (t->output_count == 1) return output_of(run, &t->outputs[0], t->rules[rule].outputs[0], scope, t->scope);
    struct feel_entry *entries = ARENA_ARRAY(run->arena, struct feel_entry, t->output_count + 1);
    for (size_t i = 0; i < t->output_count; i++)
        entries[i] = (struct feel_entry){t->outputs[i].name,
                                         output_of(run, &t->outputs[i], t->rules[rule].outputs[i], scope, t->scope)};
    return feel_context_value(run->arena, entries, t->output_count);
}

static struct feel_value otherwise(struct feel_run *run, const struct table *t, struct feel_value *scope)
{
    bool has_any = false;
    struct feel_entry *entries = ARENA_ARRAY(run->arena, struct feel_entry, t->output_count + 1);
    for (size_t i = 0; i < t->output_count; i++) {
        const struct table_output *o = &t->outputs[i];
        has_any = has_any || o->otherwise != NULL;
        struct feel_value v = o->otherwise != NULL ? output_of(run, o, o->otherwise, scope, t->scope) : feel_null();
        entries[i] = (struct feel_entry){o->name, v};
    }
    if (!has_any) return feel_null();
    return t->output_count == 1 ? entries[0].value : feel_context_value(run->arena, entries, t->output_count);
}

/* ---- priorities: by the place of each output among its allowed values ---- */

static size_t rank_of(struct feel_run *run, const struct table_output *o, struct feel_value v,
                      const struct feel_value *scope)
{
    size_t i = 0;
    while (i < o->ranked_count && feel_equal(feel_eval(run, o->ranked[i], scope), v) != FEEL_YES) i++;
    return i;
}

static int compare_priority(struct feel_run *run, const struct table *t, struct feel_value a, struct feel_value b,
                            const struct feel_value *scope)
{
    for (size_t i = 0; i < t->output_count; i++) {
        struct feel_value x = t->output_count == 1 ? a : a.context->entries[i].value;
        struct feel_value y = t->output_count == 1 ? b : b.context->entries[i].value;
        size_t rx = rank_of(run, &t->outputs[i], x, scope), ry = rank_of(run, &t->outputs[i], y, scope);
        if (rx != ry) return rx < ry ? -1 : 1;
    }
    return 0;
}

/* Insertion: few rules apply at once, and equal ones keep their order. */
static void sort_by_priority(struct feel_run *run, const struct table *t, struct feel_value *items, size_t count,
                             const struct feel_value *scope)
{
    for (size_t i = 1; i < count; i++) {
        struct feel_value v = items[i];
        size_t k = i;
        for (; k > 0 && compare_priority(run, t, v, items[k - 1], scope) < 0; k--) items[k] = items[k - 1];
        items[k] = v;
    }
}

/* ---- the policies ---- */

static struct feel_value aggregate(struct feel_run *run, enum hit_policy policy, struct feel_value list)
{
    const char *name = policy == HIT_SUM ? "sum" : policy == HIT_MIN ? "min" : policy == HIT_MAX ? "max" : "count";
    if (list.count == 0 && policy != HIT_COUNT) return feel_null();
    return builtin_call(run, builtin_find(str_from(name)), NULL, &list, 1);
}

static struct feel_value all_same(struct feel_run *run, const struct feel_value *items, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (feel_equal(items[0], items[i]) != FEEL_YES)
            return feel_error(run, N_("Several rules of the table apply and disagree."));
    return items[0];
}

static void note_hits(struct feel_run *run, const struct hits *hits)
{
    struct dmn_traces *traces = run->traces;
    if (traces == NULL || traces->count == LENGTH(traces->at)) return;
    struct dmn_trace *trace = &traces->at[traces->count++];
    trace->decision = str_dup(run->arena, run->where);
    for (size_t i = 0; i < hits->count && trace->count < LENGTH(trace->rules); i++)
        trace->rules[trace->count++] = hits->at[i] + 1;
}

static struct feel_value apply_policy(struct feel_run *run, const struct table *t, const struct hits *hits,
                                      struct feel_value *scope)
{
    struct feel_value *items = ARENA_ARRAY(run->arena, struct feel_value, hits->count + 1);
    for (size_t i = 0; i < hits->count; i++) items[i] = outputs_of(run, t, hits->at[i], scope);
    switch (t->policy) {
    case HIT_UNIQUE:
        if (hits->count > 1)
            return feel_error(run, N_("The rules {0} and {1} of the table both apply; only one may."),
                              str_format(run->arena, "%u", hits->at[0] + 1),
                              str_format(run->arena, "%u", hits->at[1] + 1));
        return items[0];
    case HIT_ANY: return all_same(run, items, hits->count);
    case HIT_FIRST: return items[0];
    case HIT_PRIORITY: sort_by_priority(run, t, items, hits->count, scope); return items[0];
    case HIT_OUTPUT_ORDER: sort_by_priority(run, t, items, hits->count, scope); break;
    case HIT_RULE_ORDER:
    case HIT_COLLECT: break;
    case HIT_SUM:
    case HIT_COUNT:
    case HIT_MIN:
    case HIT_MAX: return aggregate(run, t->policy, feel_list(items, hits->count));
    }
    return feel_list(items, hits->count);
}

struct feel_value table_eval(struct feel_run *run, const struct table *t, const struct feel_value *values)
{
    struct feel_value *scope = with_tested(run, t, values);
    struct feel_value *inputs = ARENA_ARRAY(run->arena, struct feel_value, t->input_count + 1);
    if (!read_inputs(run, t, scope, inputs)) return feel_null();
    struct search s = {.table = t, .scope = scope, .inputs = inputs};
    if (run->is_strict) {
        s.untold = ARENA_ARRAY(run->arena, uint32_t, t->input_count + 1);
        s.is_named = ARENA_ARRAY(run->arena, bool, t->input_count + 1);
    }
    find_hits(run, &s);
    note_hits(run, &s.hits);
    if (!is_told(run, &s)) return feel_null();
    if (s.hits.count == 0 && t->policy != HIT_COUNT) return otherwise(run, t, scope);
    return apply_policy(run, t, &s.hits, scope);
}
