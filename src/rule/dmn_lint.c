/*
 * What is doubtful in a decision table, told before anybody is decided about. The columns are gone through from left to
 * right; in each, the line of values falls into classes that the same rules take, and the rest of the table is looked
 * at for each class. Where all columns are gone through stands the set of rules that apply to those values: none is a
 * gap, two under UNIQUE are an overlap, and a rule that never stands first under FIRST is unreachable. Bounded in
 * steps.
 */
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "rule/dmn_cell.h"

enum { STEPS_MOST = 3000000, GAPS_TOLD = 5, PROBLEMS_OF_TABLE = 20, VALUES_TOLD = 3, COLUMNS_MOST = 64 };

struct lint {
    struct arena *arena;
    struct fail found;
    const struct table *table;
    struct cell_set *sets;   /* rule by rule, one for each column */
    struct cell_set *domain; /* allowed values of each column; CELL_ANY: all of its kind */
    enum feel_kind *kinds;   /* FEEL_NULL: nothing is known of the column */
    struct str *values;      /* of each column: the class in hand */
    bool *is_first;          /* rules that stood first somewhere */
    LIST(uint64_t) told;     /* pairs of rules */
    size_t steps, gaps, problems;
};

static const struct cell_set *set_of(const struct lint *l, size_t rule, size_t column)
{
    return &l->sets[rule * l->table->input_count + column];
}

static struct str rule_number(struct lint *l, size_t rule)
{
    return str_format(l->arena, "%zu", rule + 1);
}

static void tell(struct lint *l, uint32_t line, const char *code, const char *sentence,
                 const struct str args[FAIL_ARGS])
{
    struct str place = str_format(l->arena, "%.*s (%u)", STR_ARG(l->table->element), line);
    if (l->problems++ < PROBLEMS_OF_TABLE) fail_problem_with(&l->found, place, code, sentence, args);
}

/* "service is \"land\"; copies is > 200" */
static struct str where(struct lint *l, size_t columns)
{
    struct str text = STR("");
    for (size_t i = 0; i < columns; i++) {
        if (str_eq(l->values[i], STR("-"))) continue;
        text = str_format(l->arena, "%.*s%s%.*s: %.*s", STR_ARG(text), text.len > 0 ? "; " : "",
                          STR_ARG(l->table->inputs[i].text), STR_ARG(l->values[i]));
    }
    return text.len > 0 ? text : STR("-");
}

/* ---- what is found where all columns are gone through ---- */

static bool outputs_differ(struct lint *l, size_t a, size_t b)
{
    for (size_t i = 0; i < l->table->output_count; i++) {
        struct feel_value x, y;
        if (cell_constant(l->arena, l->table->rules[a].outputs[i], &x) &&
            cell_constant(l->arena, l->table->rules[b].outputs[i], &y) && feel_equal(x, y) != FEEL_YES)
            return true;
    }
    return false;
}

static void tell_pair(struct lint *l, size_t a, size_t b)
{
    uint64_t pair = (uint64_t)a << 32 | b;
    for (size_t i = 0; i < l->told.count; i++)
        if (l->told.at[i] == pair) return;
    if (l->told.count > PROBLEMS_OF_TABLE) return;
    bool is_unique = l->table->policy == HIT_UNIQUE;
    LIST_PUSH(l->arena, l->told) = pair;
    if (!is_unique && !outputs_differ(l, a, b)) return;
    const struct str args[FAIL_ARGS] = {rule_number(l, a), rule_number(l, b), where(l, l->table->input_count)};
    tell(l, l->table->rules[b].line, is_unique ? "overlap" : "contradiction",
         is_unique ? N_("The rules {0} and {1} both apply, but only one may: {2}.")
                   : N_("The rules {0} and {1} apply together and disagree: {2}."),
         args);
}

static void leaf(struct lint *l, const uint32_t *rules, size_t count)
{
    l->is_first[rules[0]] = true;
    bool is_single = l->table->policy == HIT_UNIQUE || l->table->policy == HIT_ANY;
    for (size_t i = 1; i < count && is_single; i++) tell_pair(l, rules[0], rules[i]);
}

static bool is_answer_for_all(const struct table *t)
{
    bool has_default = false, is_list = t->policy >= HIT_RULE_ORDER; /* several, or none: an answer too */
    for (size_t i = 0; i < t->output_count; i++) has_default = has_default || t->outputs[i].otherwise != NULL;
    return has_default || is_list;
}

static void tell_gap(struct lint *l, size_t columns)
{
    if (is_answer_for_all(l->table) || l->gaps++ >= GAPS_TOLD) return;
    const struct str args[FAIL_ARGS] = {where(l, columns)};
    tell(l, l->table->line, "gap", N_("No rule applies: {0}."), args);
}

/* ---- classes of a column's values ---- */

struct segment {
    struct interval values;
    const uint32_t *rules;
    size_t count;
    bool is_point;
};

static int by_place(const void *a, const void *b)
{
    return cut_compare(*(const struct cut *)a, *(const struct cut *)b);
}

static bool is_inside(const struct cell_set *s, struct interval i)
{
    if (s->knowledge != CELL_KNOWN) return s->knowledge == CELL_ANY;
    for (size_t k = 0; k < s->count; k++)
        if (cut_compare(s->intervals[k].from, i.from) <= 0 && cut_compare(i.to, s->intervals[k].to) <= 0) return true;
    return false;
}

static size_t add_cuts(struct cut *cuts, size_t count, const struct cell_set *s)
{
    for (size_t k = 0; s->knowledge == CELL_KNOWN && k < s->count; k++) {
        if (s->intervals[k].from.end == 0) cuts[count++] = s->intervals[k].from;
        if (s->intervals[k].to.end == 0) cuts[count++] = s->intervals[k].to;
    }
    return count;
}

static size_t cuts_of(struct lint *l, size_t column, const uint32_t *rules, size_t count, struct cut **out)
{
    size_t most = 2 * l->domain[column].count, cut_count, kept = 0;
    for (size_t i = 0; i < count; i++) most += 2 * set_of(l, rules[i], column)->count;
    struct cut *cuts = ARENA_ARRAY(l->arena, struct cut, most + 1);
    cut_count = add_cuts(cuts, 0, &l->domain[column]);
    for (size_t i = 0; i < count; i++) cut_count = add_cuts(cuts, cut_count, set_of(l, rules[i], column));
    if (cut_count > 1) qsort(cuts, cut_count, sizeof *cuts, by_place);
    for (size_t i = 0; i < cut_count; i++)
        if (kept == 0 || cut_compare(cuts[kept - 1], cuts[i]) != 0) cuts[kept++] = cuts[i];
    *out = cuts;
    return kept;
}

static struct segment segment_at(struct lint *l, size_t column, struct interval values, const uint32_t *rules,
                                 size_t count)
{
    uint32_t *taking = ARENA_ARRAY(l->arena, uint32_t, count + 1);
    struct segment s = {.values = values, .rules = taking};
    for (size_t i = 0; i < count; i++)
        if (is_inside(set_of(l, rules[i], column), values)) taking[s.count++] = rules[i];
    l->steps += count + 1;
    s.is_point =
        values.from.end == 0 && values.to.end == 0 && feel_equal(values.from.value, values.to.value) == FEEL_YES;
    return s;
}

static bool same_rules(const struct segment *a, const struct segment *b)
{
    return a->count == b->count && (a->count == 0 || memcmp(a->rules, b->rules, a->count * sizeof *a->rules) == 0);
}

static void go_on(struct lint *l, size_t column, const uint32_t *rules, size_t count);

/* One class: what its first segments say stands for it. */
static void go_into(struct lint *l, size_t column, const struct segment *segments, size_t count, size_t first,
                    bool *is_done)
{
    struct str text = STR("");
    size_t told = 0;
    bool has_rest = false;
    for (size_t i = first; i < count; i++) {
        if (is_done[i] || !same_rules(&segments[first], &segments[i])) continue;
        is_done[i] = true;
        l->steps++;
        if (!segments[i].is_point && l->kinds[column] == FEEL_STRING && l->domain[column].knowledge == CELL_ANY) {
            has_rest = true;
        } else if (told++ < VALUES_TOLD) {
            text = str_format(l->arena, "%.*s%s%.*s", STR_ARG(text), text.len > 0 ? ", " : "",
                              STR_ARG(interval_format(l->arena, segments[i].values)));
        }
    }
    if (told > VALUES_TOLD) text = str_format(l->arena, "%.*s, …", STR_ARG(text));
    if (has_rest) text = str_format(l->arena, "%.*s%s…", STR_ARG(text), text.len > 0 ? ", " : "");
    l->values[column] = count == 1 ? STR("-") : text;
    go_on(l, column + 1, segments[first].rules, segments[first].count);
}

static void go_on(struct lint *l, size_t column, const uint32_t *rules, size_t count)
{
    if (l->steps > STEPS_MOST || l->arena->used_bytes > l->arena->ceiling_bytes / 2) {
        l->steps = STEPS_MOST + 1;
        return;
    }
    if (count == 0) {
        tell_gap(l, column);
        return;
    }
    if (column == l->table->input_count) {
        leaf(l, rules, count);
        return;
    }
    struct cut *cuts;
    size_t cut_count = cuts_of(l, column, rules, count, &cuts), kept = 0;
    struct segment *segments = ARENA_ARRAY(l->arena, struct segment, cut_count + 1);
    for (size_t i = 0; i <= cut_count; i++) {
        struct interval values = {{.end = -1}, {.end = 1}};
        if (i > 0) values.from = cuts[i - 1];
        if (i < cut_count) values.to = cuts[i];
        if (!is_inside(&l->domain[column], values)) continue;
        segments[kept++] = segment_at(l, column, values, rules, count);
        if (l->steps > STEPS_MOST) return;
    }
    bool *is_done = ARENA_ARRAY(l->arena, bool, kept + 1);
    for (size_t i = 0; i < kept && l->steps <= STEPS_MOST; i++)
        if (!is_done[i]) go_into(l, column, segments, kept, i, is_done);
}

/* ---- a table ---- */

static void tell_undecided(struct lint *l, uint32_t line, struct str rule, struct str input)
{
    const struct str args[FAIL_ARGS] = {rule, input};
    tell(l, line, "undecided",
         N_("Overlaps and gaps of the table cannot be told: rule {0} computes its cell of “{1}”, or compares another "
            "kind."),
         args);
}

/* Is every cell a set of one kind for each column? Says the first one that is not. */
static bool read_sets(struct lint *l)
{
    const struct table *t = l->table;
    for (size_t c = 0; c < t->input_count; c++) {
        l->domain[c] = (struct cell_set){.knowledge = CELL_ANY};
        const struct feel_type *type = t->inputs[c].type;
        const struct feel_node *allowed = t->inputs[c].allowed;
        if (allowed == NULL && type != NULL && type->kind == TYPE_SIMPLE) allowed = type->allowed;
        if (allowed != NULL) l->domain[c] = cell_set_of(l->arena, allowed);
        if (l->domain[c].knowledge == CELL_OPAQUE) l->domain[c].knowledge = CELL_ANY;
        l->kinds[c] = l->domain[c].kind;
        for (size_t r = 0; r < t->rule_count; r++) {
            struct cell_set *s = &l->sets[r * t->input_count + c];
            *s = cell_set_of(l->arena, t->rules[r].tests[c]);
            if (l->kinds[c] == FEEL_NULL && s->knowledge == CELL_KNOWN) l->kinds[c] = s->kind;
            bool is_fine = s->knowledge == CELL_ANY ||
                           (s->knowledge == CELL_KNOWN && (s->kind == l->kinds[c] || s->kind == FEEL_NULL));
            if (is_fine) continue;
            tell_undecided(l, t->rules[r].line, rule_number(l, r), t->inputs[c].text);
            return false;
        }
    }
    return true;
}

/* Names only null, or nothing that the column may have. */
static bool has_only_null(const struct lint *l, size_t rule)
{
    for (size_t c = 0; c < l->table->input_count; c++) {
        const struct cell_set *s = set_of(l, rule, c);
        if (s->knowledge == CELL_KNOWN && s->kind == FEEL_NULL) return true;
    }
    return false;
}

static bool is_empty(const struct lint *l, size_t rule)
{
    for (size_t c = 0; c < l->table->input_count; c++) {
        const struct cell_set *s = set_of(l, rule, c), *d = &l->domain[c];
        if (s->knowledge != CELL_KNOWN || s->kind == FEEL_NULL) continue;
        bool has_value = d->knowledge != CELL_KNOWN && s->count > 0;
        for (size_t i = 0; i < s->count && d->knowledge == CELL_KNOWN; i++)
            for (size_t k = 0; k < d->count; k++)
                has_value = has_value || (cut_compare(s->intervals[i].from, d->intervals[k].to) < 0 &&
                                          cut_compare(d->intervals[k].from, s->intervals[i].to) < 0);
        if (!has_value) return true;
    }
    return false;
}

static void lint_table(struct lint *l, const struct table *t)
{
    l->table = t;
    l->steps = l->gaps = l->problems = l->told.count = 0;
    const struct str none[FAIL_ARGS] = {STR("")};
    if (t->rule_count == 0 || t->input_count == 0) return;
    if (t->input_count > COLUMNS_MOST) {
        tell(l, t->line, "undecided", N_("The table is too large to tell all of its overlaps and gaps."), none);
        return;
    }
    l->sets = ARENA_ARRAY(l->arena, struct cell_set, t->rule_count * t->input_count);
    l->domain = ARENA_ARRAY(l->arena, struct cell_set, t->input_count);
    l->kinds = ARENA_ARRAY(l->arena, enum feel_kind, t->input_count);
    l->values = ARENA_ARRAY(l->arena, struct str, t->input_count);
    l->is_first = ARENA_ARRAY(l->arena, bool, t->rule_count);
    uint32_t *all = ARENA_ARRAY(l->arena, uint32_t, t->rule_count);
    for (size_t i = 0; i < t->rule_count; i++) all[i] = (uint32_t)i;
    if (!read_sets(l)) return;
    go_on(l, 0, all, t->rule_count);
    bool is_whole = l->steps <= STEPS_MOST;
    for (size_t r = 0; r < t->rule_count; r++) {
        const struct str args[FAIL_ARGS] = {rule_number(l, r)};
        if (has_only_null(l, r)) continue;
        if (is_empty(l, r))
            tell(l, t->rules[r].line, "never",
                 N_("Rule {0} never applies: a cell of it takes no value that the input may have."), args);
        else if (is_whole && t->policy == HIT_FIRST && !l->is_first[r])
            tell(l, t->rules[r].line, "unreachable",
                 N_("Rule {0} never applies: rules before it take all of its values."), args);
    }
    if (is_whole) return;
    tell(l, t->line, "undecided", N_("The table is too large to tell all of its overlaps and gaps."), none);
}

/* ---- all tables of a model ---- */

static void lint_boxed(struct lint *l, const struct boxed *b)
{
    if (b == NULL) return;
    if (b->kind == BOXED_TABLE) lint_table(l, b->table);
    for (size_t i = 0; b->entries != NULL && i < b->count; i++) lint_boxed(l, b->entries[i].value);
    lint_boxed(l, b->a);
    lint_boxed(l, b->b);
    lint_boxed(l, b->c);
}

const struct problem *dmn_lint(struct arena *a, const struct dmn *m, size_t *out_count)
{
    struct lint *l = ARENA_NEW(a, struct lint);
    l->arena = a;
    fail_init(&l->found, a);
    for (size_t i = 0; i < m->main->element_count; i++) lint_boxed(l, m->main->elements[i].logic);
    *out_count = l->found.problem_count;
    return l->found.problems;
}
