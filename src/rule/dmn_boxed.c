/* Boxed expressions from XML to what is evaluated. */
#include <string.h>

#include "rule/dmn_cell.h"
#include "rule/dmn_read.h"

static struct boxed *new_boxed(struct place *p, enum boxed_kind kind, xmlNode *at)
{
    struct boxed *b = ARENA_NEW(p->reading->arena, struct boxed);
    if (at != NULL && kind != BOXED_FUNCTION) b->type = place_type(p, xml_attribute(p->reading->arena, at, "typeRef"));
    b->kind = kind;
    b->scope = p->count;
    return b;
}

const struct boxed *boxed_missing(struct place *p, const char *sentence, struct str argument)
{
    struct boxed *b = new_boxed(p, BOXED_MISSING, NULL);
    b->sentence = sentence;
    b->argument = str_dup(p->reading->arena, argument);
    return b;
}

/* What could not be compiled says so when it is asked. */
static const struct boxed *broken(struct place *p, struct str text)
{
    return boxed_missing(p, N_("The expression cannot be read: {0}"), text);
}

static const struct boxed *read_literal(struct place *p, xmlNode *n)
{
    struct boxed *b = new_boxed(p, BOXED_LITERAL, n);
    xmlNode *text_node = xml_child(n, "text");
    struct str text = text_node != NULL ? xml_text(p->reading->arena, text_node) : STR("");
    if (str_trim(text).len == 0) return boxed_missing(p, N_("There is no expression."), STR(""));
    b->node = place_compile(p, text, text_node);
    return b->node != NULL ? b : broken(p, str_trim(text));
}

/* The first child that is an expression. */
static xmlNode *expression_in(xmlNode *n)
{
    static const char *const names[] = {"literalExpression",
                                        "decisionTable",
                                        "context",
                                        "invocation",
                                        "functionDefinition",
                                        "list",
                                        "relation",
                                        "conditional",
                                        "for",
                                        "some",
                                        "every",
                                        "filter"};
    for (xmlNode *c = xml_first(n); c != NULL; c = xml_next(c))
        for (size_t i = 0; i < LENGTH(names); i++)
            if (xml_is(c, names[i])) return c;
    return NULL;
}

static const struct boxed *read_inside(struct place *p, xmlNode *n)
{
    xmlNode *e = n != NULL ? expression_in(n) : NULL;
    return e != NULL ? boxed_read(p, e) : boxed_missing(p, N_("There is no expression."), STR(""));
}

static const struct boxed *read_context(struct place *p, xmlNode *n)
{
    struct arena *a = p->reading->arena;
    struct boxed *b = new_boxed(p, BOXED_CONTEXT, n);
    LIST(struct boxed_entry) entries = {0};
    LIST(struct str) names = {0};
    for (xmlNode *c = xml_first(n); c != NULL; c = xml_next(c)) {
        if (!xml_is(c, "contextEntry")) continue;
        xmlNode *variable = xml_child(c, "variable");
        struct place inner = place_with(p, names.at, names.count);
        struct boxed_entry entry = {.value = read_inside(&inner, c)};
        if (variable != NULL) {
            entry.name = xml_attribute(a, variable, "name");
            entry.type = place_type(p, xml_attribute(a, variable, "typeRef"));
        }
        LIST_PUSH(a, entries) = entry;
        LIST_PUSH(a, names) = entry.name;
    }
    b->entries = entries.at;
    b->count = entries.count;
    return b;
}

static const struct boxed *read_invocation(struct place *p, xmlNode *n)
{
    struct arena *a = p->reading->arena;
    struct boxed *b = new_boxed(p, BOXED_INVOCATION, n);
    LIST(struct boxed_entry) bindings = {0};
    b->a = read_inside(p, n);
    for (xmlNode *c = xml_first(n); c != NULL; c = xml_next(c)) {
        if (!xml_is(c, "binding")) continue;
        xmlNode *parameter = xml_child(c, "parameter");
        struct boxed_entry entry = {.value = read_inside(p, c)};
        if (parameter != NULL) {
            entry.name = xml_attribute(a, parameter, "name");
            entry.type = place_type(p, xml_attribute(a, parameter, "typeRef"));
        }
        LIST_PUSH(a, bindings) = entry;
    }
    b->entries = bindings.at;
    b->count = bindings.count;
    return b;
}

struct feel_parameter *parameters_read(struct place *p, xmlNode *definition, size_t *out_count)
{
    struct arena *a = p->reading->arena;
    LIST(struct feel_parameter) parameters = {0};
    for (xmlNode *c = xml_first(definition); c != NULL; c = xml_next(c))
        if (xml_is(c, "formalParameter"))
            LIST_PUSH(a, parameters) =
                (struct feel_parameter){xml_attribute(a, c, "name"), place_type(p, xml_attribute(a, c, "typeRef"))};
    *out_count = parameters.count;
    return parameters.at;
}

/* The logic of a function definition, with its parameters behind the variables. */
static const struct boxed *read_body(struct place *p, xmlNode *n, const struct feel_parameter *parameters, size_t count)
{
    struct arena *a = p->reading->arena;
    struct str kind = xml_attribute(a, n, "kind");
    if (kind.len > 0 && !str_eq(kind, STR("FEEL")))
        return boxed_missing(p, N_("External functions are not run: rules stay within the program."), STR(""));
    struct str *names = ARENA_ARRAY(a, struct str, count + 1);
    for (size_t i = 0; i < count; i++) names[i] = parameters[i].name;
    struct place inner = place_with(p, names, count);
    return read_inside(&inner, n);
}

const struct boxed *boxed_function(struct place *p, xmlNode *definition)
{
    struct boxed *b = new_boxed(p, BOXED_FUNCTION, definition);
    b->parameters = parameters_read(p, definition, &b->count);
    b->a = read_body(p, definition, b->parameters, b->count);
    return b;
}

static const struct boxed *read_list(struct place *p, xmlNode *n)
{
    struct arena *a = p->reading->arena;
    struct boxed *b = new_boxed(p, BOXED_LIST, n);
    LIST(struct boxed_entry) items = {0};
    for (xmlNode *c = xml_first(n); c != NULL; c = xml_next(c))
        if (!xml_is(c, "description") && !xml_is(c, "extensionElements"))
            LIST_PUSH(a, items) = (struct boxed_entry){.value = boxed_read(p, c)};
    b->entries = items.at;
    b->count = items.count;
    return b;
}

static const struct boxed *read_relation(struct place *p, xmlNode *n)
{
    struct arena *a = p->reading->arena;
    struct boxed *b = new_boxed(p, BOXED_RELATION, n);
    LIST(struct boxed_entry) columns = {0};
    LIST(struct boxed_entry) cells = {0};
    for (xmlNode *c = xml_first(n); c != NULL; c = xml_next(c)) {
        if (xml_is(c, "column"))
            LIST_PUSH(a, columns) =
                (struct boxed_entry){xml_attribute(a, c, "name"), place_type(p, xml_attribute(a, c, "typeRef")), NULL};
        if (!xml_is(c, "row")) continue;
        size_t i = 0;
        for (xmlNode *cell = xml_first(c); cell != NULL && i < columns.count; cell = xml_next(cell), i++)
            LIST_PUSH(a, cells) = (struct boxed_entry){columns.at[i].name, columns.at[i].type, boxed_read(p, cell)};
        for (; i < columns.count; i++)
            LIST_PUSH(a, cells) = (struct boxed_entry){columns.at[i].name, NULL,
                                                       boxed_missing(p, N_("There is no expression."), STR(""))};
    }
    b->entries = cells.at;
    b->count = cells.count;
    b->columns = columns.count;
    return b;
}

static const struct boxed *read_conditional(struct place *p, xmlNode *n)
{
    struct boxed *b = new_boxed(p, BOXED_CONDITIONAL, n);
    b->a = read_inside(p, xml_child(n, "if"));
    b->b = read_inside(p, xml_child(n, "then"));
    b->c = read_inside(p, xml_child(n, "else"));
    return b;
}

static const struct boxed *read_iteration(struct place *p, xmlNode *n, enum boxed_kind kind)
{
    struct arena *a = p->reading->arena;
    struct boxed *b = new_boxed(p, kind, n);
    struct str *names = ARENA_ARRAY(a, struct str, 2);
    names[0] = xml_attribute(a, n, "iteratorVariable");
    names[1] = STR("partial");
    struct place inner = place_with(p, names, 2);
    b->a = read_inside(p, xml_child(n, "in"));
    b->b = read_inside(&inner, xml_child(n, kind == BOXED_FOR ? "return" : "satisfies"));
    return b;
}

/* The match sees the item and its members, as in a filter of FEEL: it is compiled as one over a variable that no text
 * can name otherwise. */
static const struct boxed *read_filter(struct place *p, xmlNode *n)
{
    static const struct str name = STR_INIT("boxed_list_");
    struct arena *a = p->reading->arena;
    struct boxed *b = new_boxed(p, BOXED_FILTER, n);
    struct place inner = place_with(p, &name, 1);
    xmlNode *match = xml_child(n, "match"), *e = match != NULL ? expression_in(match) : NULL;
    b->a = read_inside(p, xml_child(n, "in"));
    xmlNode *text_node = e != NULL && xml_is(e, "literalExpression") ? xml_child(e, "text") : NULL;
    if (text_node == NULL) {
        b->b = boxed_missing(p, N_("The match of a filter is a literal expression."), STR(""));
        return b;
    }
    struct str text = xml_text(a, text_node);
    struct boxed *filter = new_boxed(&inner, BOXED_LITERAL, n);
    filter->node = place_compile(&inner, str_format(a, "%.*s[%.*s\n]", STR_ARG(name), STR_ARG(text)), text_node);
    b->b = filter->node != NULL ? filter : broken(p, str_trim(text));
    return b;
}

const struct boxed *boxed_read(struct place *p, xmlNode *n)
{
    if (xml_is(n, "literalExpression")) return read_literal(p, n);
    if (xml_is(n, "decisionTable")) return table_read(p, n);
    if (xml_is(n, "context")) return read_context(p, n);
    if (xml_is(n, "invocation")) return read_invocation(p, n);
    if (xml_is(n, "functionDefinition")) return boxed_function(p, n);
    if (xml_is(n, "list")) return read_list(p, n);
    if (xml_is(n, "relation")) return read_relation(p, n);
    if (xml_is(n, "conditional")) return read_conditional(p, n);
    if (xml_is(n, "for")) return read_iteration(p, n, BOXED_FOR);
    if (xml_is(n, "some")) return read_iteration(p, n, BOXED_SOME);
    if (xml_is(n, "every")) return read_iteration(p, n, BOXED_EVERY);
    if (xml_is(n, "filter")) return read_filter(p, n);
    return boxed_missing(p, N_("There is no expression."), STR(""));
}

/* ---- decision tables ---- */

static const struct {
    const char *policy, *aggregation;
    enum hit_policy value;
} policies[] = {
    {"UNIQUE",       "",      HIT_UNIQUE      },
    {"ANY",          "",      HIT_ANY         },
    {"FIRST",        "",      HIT_FIRST       },
    {"PRIORITY",     "",      HIT_PRIORITY    },
    {"RULE ORDER",   "",      HIT_RULE_ORDER  },
    {"OUTPUT ORDER", "",      HIT_OUTPUT_ORDER},
    {"COLLECT",      "",      HIT_COLLECT     },
    {"COLLECT",      "SUM",   HIT_SUM         },
    {"COLLECT",      "COUNT", HIT_COUNT       },
    {"COLLECT",      "MIN",   HIT_MIN         },
    {"COLLECT",      "MAX",   HIT_MAX         },
};

static bool read_policy(struct place *p, xmlNode *n, enum hit_policy *out)
{
    struct arena *a = p->reading->arena;
    struct str policy = xml_attribute(a, n, "hitPolicy"), aggregation = xml_attribute(a, n, "aggregation");
    if (policy.len == 0) policy = STR("UNIQUE");
    for (size_t i = 0; i < LENGTH(policies); i++) {
        if (!str_eq(policy, str_from(policies[i].policy)) || !str_eq(aggregation, str_from(policies[i].aggregation)))
            continue;
        *out = policies[i].value;
        return true;
    }
    place_problem(p, n, N_("There is no hit policy “{0}”."), policy);
    return false;
}

/* The text inside a part of an element; the element itself when there is none. */
static xmlNode *inner_node(xmlNode *n, const char *name)
{
    xmlNode *c = n != NULL ? xml_child(n, name) : NULL, *text = c != NULL ? xml_child(c, "text") : NULL;
    return text != NULL ? text : n;
}

static struct str inner_text(struct place *p, xmlNode *n, const char *name)
{
    xmlNode *text = inner_node(n, name);
    return text != n ? xml_text(p->reading->arena, text) : STR("");
}

/* The cells' scope: the variables, then "?". */
static struct place tested_place(const struct place *p)
{
    static const struct str tested = STR_INIT("?");
    return place_with(p, &tested, 1);
}

static struct table_input read_input(struct place *p, xmlNode *n)
{
    struct arena *a = p->reading->arena;
    struct place inner = tested_place(p);
    xmlNode *expression = xml_child(n, "inputExpression");
    struct str text = inner_text(p, n, "inputExpression");
    if (str_trim(text).len == 0) text = xml_attribute(a, n, "label");
    struct table_input in = {.text = str_trim(text)};
    struct str allowed = inner_text(p, n, "inputValues");
    in.expression = place_compile(p, text, inner_node(n, "inputExpression"));
    if (expression != NULL) in.type = place_type(p, xml_attribute(a, expression, "typeRef"));
    if (str_trim(allowed).len > 0) in.allowed = place_compile_tests(&inner, allowed, inner_node(n, "inputValues"));
    return in;
}

/* Allowed outputs that are a list of literals rank the outputs. */
static void read_ranks(struct place *p, struct str text, struct table_output *out)
{
    struct arena *a = p->reading->arena;
    struct place inner = tested_place(p);
    LIST(const struct feel_node *) ranked = {0};
    const struct feel_node *list;
    struct fail unheard;
    struct feel_names names = place_names(&inner);
    fail_init(&unheard, a);
    struct str whole = str_format(a, "[%.*s]", STR_ARG(text));
    if (feel_compile(a, whole, &names, &list, &unheard) != OK) return;
    size_t count;
    const struct feel_node *const *items = feel_list_items(list, &count);
    for (size_t i = 0; i < count; i++) LIST_PUSH(a, ranked) = items[i];
    out->ranked = ranked.at;
    out->ranked_count = ranked.count;
}

static struct table_output read_output(struct place *p, xmlNode *n)
{
    struct arena *a = p->reading->arena;
    struct place inner = tested_place(p);
    struct table_output out = {.name = xml_attribute(a, n, "name"),
                               .type = place_type(p, xml_attribute(a, n, "typeRef"))};
    struct str allowed = inner_text(p, n, "outputValues"), otherwise = inner_text(p, n, "defaultOutputEntry");
    if (str_trim(allowed).len > 0) {
        out.allowed = place_compile_tests(&inner, allowed, inner_node(n, "outputValues"));
        read_ranks(p, allowed, &out);
    }
    if (str_trim(otherwise).len > 0) out.otherwise = place_compile(p, otherwise, inner_node(n, "defaultOutputEntry"));
    return out;
}

static bool read_rule(struct place *p, xmlNode *n, const struct table *t, struct table_rule *out)
{
    struct arena *a = p->reading->arena;
    struct place inner = tested_place(p);
    size_t tests = 0, outputs = 0;
    out->line = (uint32_t)xmlGetLineNo(n);
    out->tests = ARENA_ARRAY(a, const struct feel_node *, t->input_count + 1);
    out->outputs = ARENA_ARRAY(a, const struct feel_node *, t->output_count + 1);
    for (xmlNode *c = xml_first(n); c != NULL; c = xml_next(c)) {
        xmlNode *text = xml_child(c, "text"), *at = text != NULL ? text : c;
        struct str cell = text != NULL ? xml_text(a, text) : STR("");
        if (xml_is(c, "inputEntry") && tests < t->input_count)
            out->tests[tests++] = place_compile_tests(&inner, cell, at);
        if (xml_is(c, "outputEntry") && outputs < t->output_count)
            out->outputs[outputs++] =
                place_compile(p, str_trim(cell).len > 0 && !str_eq(str_trim(cell), STR("-")) ? cell : STR("null"), at);
    }
    bool is_whole = tests == t->input_count && outputs == t->output_count;
    if (!is_whole) place_problem(p, n, N_("The rule does not have a cell for every input and output."), STR(""));
    for (size_t i = 0; i < tests; i++) is_whole = is_whole && out->tests[i] != NULL;
    for (size_t i = 0; i < outputs; i++) is_whole = is_whole && out->outputs[i] != NULL;
    return is_whole;
}

static size_t count_children(xmlNode *n, const char *name)
{
    size_t count = 0;
    for (xmlNode *c = xml_first(n); c != NULL; c = xml_next(c)) count += xml_is(c, name);
    return count;
}

const struct boxed *table_read(struct place *p, xmlNode *n)
{
    struct arena *a = p->reading->arena;
    struct boxed *b = new_boxed(p, BOXED_TABLE, n);
    struct table *t = ARENA_NEW(a, struct table);
    size_t rules = count_children(n, "rule");
    bool is_fine = read_policy(p, n, &t->policy);
    t->scope = p->count;
    t->element = p->element;
    t->line = (uint32_t)xmlGetLineNo(n);
    t->inputs = ARENA_ARRAY(a, struct table_input, count_children(n, "input") + 1);
    t->outputs = ARENA_ARRAY(a, struct table_output, count_children(n, "output") + 1);
    t->rules = ARENA_ARRAY(a, struct table_rule, rules + 1);
    for (xmlNode *c = xml_first(n); c != NULL; c = xml_next(c)) {
        if (xml_is(c, "input")) t->inputs[t->input_count++] = read_input(p, c);
        if (xml_is(c, "output")) t->outputs[t->output_count++] = read_output(p, c);
    }
    for (size_t i = 0; i < t->input_count; i++) is_fine = is_fine && t->inputs[i].expression != NULL;
    if (t->output_count == 0 || rules > DMN_RULES_MOST) {
        place_problem(p, n, N_("A table has an output at least and {0} rules at most."),
                      str_format(a, "%d", DMN_RULES_MOST));
        is_fine = false;
    }
    for (xmlNode *c = xml_first(n); c != NULL && is_fine; c = xml_next(c))
        if (xml_is(c, "rule")) is_fine = read_rule(p, c, t, &t->rules[t->rule_count++]);
    b->table = t;
    if (is_fine) table_index_build(a, t);
    return is_fine ? b : boxed_missing(p, N_("The table cannot be read: {0}"), p->element);
}
