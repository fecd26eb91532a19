/* What differs between two files of tables, and what that would change for real dossiers and for the samples. */
#include <libxml/parser.h>

#include "base/list.h"
#include "rule/dmn_read.h"
#include "rule/ruling.h"

struct text_rule {
    struct str id, cells;
    bool is_matched;
};

struct text_decision {
    struct str name;
    bool is_table;
    LIST(struct text_rule) rules;
};

struct text_model {
    LIST(struct text_decision) decisions;
};

static struct str cell_text(struct arena *a, xmlNode *cell)
{
    xmlNode *text = xml_child(cell, "text");
    return text != NULL ? str_trim(xml_text(a, text)) : STR("");
}

static struct str rule_cells(struct arena *a, xmlNode *rule)
{
    struct str inputs[64], outputs[64];
    size_t input_count = 0, output_count = 0;
    for (xmlNode *n = xml_first(rule); n != NULL; n = xml_next(n)) {
        if (xml_is(n, "inputEntry") && input_count < LENGTH(inputs)) inputs[input_count++] = cell_text(a, n);
        if (xml_is(n, "outputEntry") && output_count < LENGTH(outputs)) outputs[output_count++] = cell_text(a, n);
    }
    struct str before = str_join(a, STR(" | "), inputs, input_count);
    return str_format(a, "%.*s → %.*s", STR_ARG(before), STR_ARG(str_join(a, STR(" | "), outputs, output_count)));
}

static void read_table(struct arena *a, xmlNode *table, struct text_decision *out)
{
    out->is_table = true;
    for (xmlNode *n = xml_first(table); n != NULL; n = xml_next(n))
        if (xml_is(n, "rule"))
            LIST_PUSH(a, out->rules) = (struct text_rule){.id = xml_attribute(a, n, "id"), .cells = rule_cells(a, n)};
}

/* A decision without a table is one rule: its whole logic. */
static void read_decision(struct arena *a, xmlNode *decision, struct text_decision *out)
{
    *out = (struct text_decision){.name = xml_attribute(a, decision, "name")};
    xmlNode *table = xml_child(decision, "decisionTable");
    if (table != NULL) {
        read_table(a, table, out);
        return;
    }
    for (xmlNode *n = xml_first(decision); n != NULL; n = xml_next(n))
        if (!xml_is(n, "description") && !xml_is(n, "question") && !xml_is(n, "variable") &&
            !xml_is(n, "informationRequirement") && !xml_is(n, "knowledgeRequirement") &&
            !xml_is(n, "authorityRequirement") && !xml_is(n, "extensionElements"))
            LIST_PUSH(a, out->rules) = (struct text_rule){.cells = str_trim(xml_text(a, n))};
}

static void read_model(struct arena *a, struct str text, struct text_model *out)
{
    if (text.len == 0 || text.len > TABLES_BYTES) return;
    xmlDoc *doc = xmlReadMemory(text.at, (int)text.len, "rules.dmn", NULL,
                                XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_BIG_LINES);
    xmlNode *root = doc != NULL ? xmlDocGetRootElement(doc) : NULL;
    for (xmlNode *n = root != NULL ? xml_first(root) : NULL; n != NULL; n = xml_next(n))
        if (xml_is(n, "decision") || xml_is(n, "businessKnowledgeModel"))
            read_decision(a, n, &LIST_PUSH(a, out->decisions));
    xmlFreeDoc(doc);
}

/* ---- matching ---- */

struct comparing {
    struct arena *a;
    LIST(struct rule_difference) list;
};

static void note(struct comparing *c, enum rule_change change, const struct text_decision *d, size_t at,
                 struct str before, struct str after)
{
    LIST_PUSH(c->a, c->list) =
        (struct rule_difference){change, d->name, d->is_table ? (int64_t)at + 1 : 0, before, after};
}

static struct text_rule *find_same(struct text_decision *d, const struct text_rule *r, bool by_id)
{
    for (size_t i = 0; i < d->rules.count; i++) {
        struct text_rule *other = &d->rules.at[i];
        if (other->is_matched) continue;
        if (by_id ? r->id.len > 0 && str_eq(other->id, r->id) : str_eq(other->cells, r->cells)) return other;
    }
    return NULL;
}

static void match(struct comparing *c, struct text_decision *before, struct text_decision *after, bool by_id)
{
    for (size_t i = 0; i < after->rules.count; i++) {
        struct text_rule *r = &after->rules.at[i];
        struct text_rule *old = r->is_matched ? NULL : find_same(before, r, by_id);
        if (old == NULL) continue;
        old->is_matched = r->is_matched = true;
        if (!str_eq(old->cells, r->cells)) note(c, RULE_CHANGED, after, i, old->cells, r->cells);
    }
}

/* What is left is paired by its place. */
static void match_places(struct comparing *c, struct text_decision *before, struct text_decision *after)
{
    for (size_t i = 0; i < after->rules.count && i < before->rules.count; i++) {
        struct text_rule *old = &before->rules.at[i], *r = &after->rules.at[i];
        if (old->is_matched || r->is_matched || (old->id.len > 0 && r->id.len > 0)) continue;
        old->is_matched = r->is_matched = true;
        note(c, RULE_CHANGED, after, i, old->cells, r->cells);
    }
}

static void compare_decision(struct comparing *c, struct text_decision *before, struct text_decision *after)
{
    match(c, before, after, true);
    match(c, before, after, false);
    match_places(c, before, after);
    for (size_t i = 0; i < after->rules.count; i++)
        if (!after->rules.at[i].is_matched) note(c, RULE_ADDED, after, i, STR(""), after->rules.at[i].cells);
    for (size_t i = 0; i < before->rules.count; i++)
        if (!before->rules.at[i].is_matched) note(c, RULE_REMOVED, before, i, before->rules.at[i].cells, STR(""));
}

static struct text_decision *find_decision(struct text_model *m, struct str name)
{
    for (size_t i = 0; i < m->decisions.count; i++)
        if (str_eq(m->decisions.at[i].name, name)) return &m->decisions.at[i];
    return NULL;
}

void rules_difference(struct arena *a, struct str before, struct str after, struct rule_difference **out,
                      size_t *out_count)
{
    struct comparing c = {.a = a};
    struct text_model old = {0}, new = {0};
    struct text_decision nothing = {0};
    read_model(a, before, &old);
    read_model(a, after, &new);
    for (size_t i = 0; i < new.decisions.count; i++) {
        struct text_decision *same = find_decision(&old, new.decisions.at[i].name);
        compare_decision(&c, same != NULL ? same : &nothing, &new.decisions.at[i]);
    }
    for (size_t i = 0; i < old.decisions.count; i++)
        if (find_decision(&new, old.decisions.at[i].name) == NULL) compare_decision(&c, &old.decisions.at[i], &nothing);
    *out = c.list.at;
    *out_count = c.list.count;
}

/* ---- effects ---- */

struct weighing {
    struct arena *a;
    const struct rules_weighed *what;
    struct tables *before, *after; /* before: NULL when there is none */
    LIST(struct rule_effect) list;
};

static struct str by_tables(struct weighing *w, const struct tables *t, const struct ruling_facts *facts)
{
    struct ruling_facts counted = *facts;
    struct ruling r;
    if (t == NULL) return STR("");
    counted.legal_time = w->what->legal_time;
    ruling_make(w->a, t, &counted, &r);
    return ruling_for_people(w->a, w->what->language, &r);
}

static void weigh(struct weighing *w, struct str sample, bool is_dossier, const struct ruling_facts *facts)
{
    struct rule_effect e = {.sample = sample, .is_dossier = is_dossier};
    e.before = by_tables(w, w->before, facts);
    e.after = by_tables(w, w->after, facts);
    e.is_changed = !str_eq(e.before, e.after);
    LIST_PUSH(w->a, w->list) = e;
}

static enum outcome weigh_samples(struct weighing *w, struct str samples, struct fail *why)
{
    yyjson_val *root, *v;
    size_t i, count;
    if (samples.len == 0) return OK;
    TRY(json_read(w->a, samples, &root, why));
    yyjson_arr_foreach(root, i, count, v)
    {
        struct ruling_facts facts = {.channel = json_str(v, "channel"),
                                     .case_id = json_str(v, "case"),
                                     .at = clock_now(),
                                     .answers = json_get(v, "answers")};
        weigh(w, str_dup(w->a, json_str(v, "title")), false, &facts);
    }
    return OK;
}

enum outcome rules_effect(struct tx *tx, const struct rules_weighed *what, struct rule_effect **out, size_t *out_count,
                          struct fail *why)
{
    struct weighing w = {.a = tx_arena(tx), .what = what};
    struct ruling_recent *recent;
    struct fail unusable;
    size_t count;
    fail_init(&unusable, w.a);
    if (what->before != NULL && tables_read(w.a, what->before->text, &w.before, &unusable) != OK) w.before = NULL;
    TRY(tables_read(w.a, what->after->text, &w.after, why));
    TRY(rulings_recent(tx, what->after->procedure, RULING_SAMPLES, &recent, &count, why));
    for (size_t i = 0; i < count; i++) {
        struct ruling_facts facts;
        TRY(ruling_facts_read(w.a, recent[i].facts, &facts, why));
        weigh(&w, recent[i].code, true, &facts);
    }
    TRY(weigh_samples(&w, what->after->samples, why));
    *out = w.list.at;
    *out_count = w.list.count;
    return OK;
}
