#include "rule/dmn_read.h"

#include <libxml/parser.h>
#include <string.h>

#include "rule/feel_lex.h"
#include "rule/legal_time.h"

enum { IMPORT_DEPTH = 8 };

/* ---- XML ---- */

bool xml_is(const xmlNode *n, const char *name)
{
    return n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, name) == 0;
}

xmlNode *xml_next(xmlNode *n)
{
    do {
        n = n->next;
    } while (n != NULL && n->type != XML_ELEMENT_NODE);
    return n;
}

xmlNode *xml_first(xmlNode *n)
{
    if (n->children == NULL || n->children->type == XML_ELEMENT_NODE) return n->children;
    return xml_next(n->children);
}

xmlNode *xml_child(xmlNode *n, const char *name)
{
    xmlNode *c = xml_first(n);
    while (c != NULL && !xml_is(c, name)) c = xml_next(c);
    return c;
}

struct str xml_attribute(struct arena *a, xmlNode *n, const char *name)
{
    xmlChar *value = xmlGetNoNsProp(n, (const xmlChar *)name);
    struct str s = value != NULL ? str_dup(a, str_trim(str_from((const char *)value))) : STR("");
    xmlFree(value);
    return s;
}

struct str xml_text(struct arena *a, xmlNode *n)
{
    xmlChar *value = xmlNodeGetContent(n);
    struct str s = value != NULL ? str_dup(a, str_from((const char *)value)) : STR("");
    xmlFree(value);
    return s;
}

static xmlDoc *parse_xml(struct str text)
{
    if (text.len > DMN_TEXT_BYTES) return NULL;
    xmlDoc *doc = xmlReadMemory(text.at, (int)text.len, "model.dmn", NULL,
                                XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_BIG_LINES);
    if (doc == NULL) return NULL;
    if (doc->intSubset == NULL && xmlDocGetRootElement(doc) != NULL && xml_is(xmlDocGetRootElement(doc), "definitions"))
        return doc;
    xmlFreeDoc(doc);
    return NULL;
}

/* ---- problems ---- */

void place_problem(struct place *p, xmlNode *at, const char *sentence, struct str argument)
{
    struct arena *a = p->reading->arena;
    struct str pointer = str_format(a, "%.*s (%ld)", STR_ARG(p->element), at != NULL ? xmlGetLineNo(at) : 0L);
    fail_problem(&p->reading->why, pointer, "dmn", sentence, argument);
}

/* What FEEL found, by line and column of the file (the column counts from the beginning of the cell on its line). */
static void pass_problems(struct place *p, const struct fail *found)
{
    struct arena *a = p->reading->arena;
    for (size_t i = 0; i < found->problem_count; i++) {
        struct str pointer = str_format(a, "%.*s (%.*s)", STR_ARG(p->element), STR_ARG(found->problems[i].pointer));
        fail_problem_with(&p->reading->why, pointer, "feel", found->problems[i].sentence, found->problems[i].args);
    }
}

/* ---- scopes and types ---- */

static const struct feel_type *find_type_in(const struct model *m, struct str name, int depth)
{
    for (size_t i = 0; i < m->type_count; i++)
        if (str_eq(m->types[i].name, name)) return m->types[i].type;
    for (size_t i = 0; i < m->import_count && depth < IMPORT_DEPTH; i++) {
        struct str prefix = m->imports[i].prefix;
        if (prefix.len == 0) {
            const struct feel_type *t = find_type_in(m->imports[i].model, name, depth + 1);
            if (t != NULL) return t;
        } else if (str_starts(name, prefix) && name.len > prefix.len && name.at[prefix.len] == '.') {
            return find_type_in(m->imports[i].model, str_part(name, prefix.len + 1, name.len), depth + 1);
        }
    }
    return NULL;
}

static const struct feel_type *find_in_model(const struct model *m, struct str name)
{
    return find_type_in(m, name, 0);
}

static const struct feel_type *find_type(const void *context, struct str name)
{
    return find_in_model(context, name);
}

const struct feel_type *place_type(struct place *p, struct str name)
{
    if (name.len == 0) return NULL;
    if (str_starts(name, STR("feel:"))) name = str_part(name, 5, name.len);
    const struct feel_type *t = find_in_model(p->model, name);
    if (t == NULL) t = feel_simple_type(name);
    ptrdiff_t colon = str_find(name, STR(":"), 0); /* up to DMN 1.1 types were qualified names of XML */
    if (t == NULL && colon > 0) t = find_in_model(p->model, str_part(name, (size_t)colon + 1, name.len));
    if (t == NULL) {
        struct feel_names names = place_names(p);
        struct fail unheard;
        fail_init(&unheard, p->reading->arena);
        if (feel_compile_type(p->reading->arena, name, &names, &t, &unheard) == OK) return t;
        place_problem(p, NULL, N_("There is no type “{0}”."), name);
        t = NULL;
    }
    return t;
}

struct place place_with(const struct place *p, const struct str *more, size_t count)
{
    struct str *names = ARENA_ARRAY(p->reading->arena, struct str, p->count + count + 1);
    if (p->count > 0) memcpy(names, p->names, p->count * sizeof *names);
    if (count > 0) memcpy(&names[p->count], more, count * sizeof *names);
    struct place out = *p;
    out.names = names;
    out.count = p->count + count;
    return out;
}

/* Names of parts that have several words: of types, and of what imports bring. */
static void add_members(struct reading *r, const struct feel_type *t, struct str **at, size_t *count, size_t *room,
                        int depth)
{
    if (t == NULL || depth > 20) return;
    if (t->kind == TYPE_LIST) add_members(r, t->element, at, count, room, depth + 1);
    for (size_t i = 0; i < t->member_count; i++) {
        if (*count == *room) list_grow(r->arena, (void **)at, room, sizeof **at);
        (*at)[(*count)++] = t->members[i].name;
        add_members(r, t->members[i].type, at, count, room, depth + 1);
    }
}

struct feel_names place_names(const struct place *p)
{
    return (struct feel_names){.names = p->names,
                               .count = p->count,
                               .members = p->model->members,
                               .member_count = p->model->member_count,
                               .find_type = find_type,
                               .type_context = p->model};
}

const struct feel_node *place_compile(struct place *p, struct str text, xmlNode *at)
{
    const struct feel_node *n = NULL;
    struct feel_names names = place_names(p);
    struct fail found;
    names.first_line = at != NULL ? (uint32_t)xmlGetLineNo(at) : 0;
    fail_init(&found, p->reading->arena);
    if (feel_compile(p->reading->arena, text, &names, &n, &found) == OK) return n;
    pass_problems(p, &found);
    return NULL;
}

const struct feel_node *place_compile_tests(struct place *p, struct str text, xmlNode *at)
{
    const struct feel_node *n = NULL;
    struct feel_names names = place_names(p);
    struct fail found;
    names.first_line = at != NULL ? (uint32_t)xmlGetLineNo(at) : 0;
    fail_init(&found, p->reading->arena);
    if (feel_compile_tests(p->reading->arena, text, &names, &n, &found) == OK) return n;
    pass_problems(p, &found);
    return NULL;
}

/* ---- item definitions ---- */

static const struct feel_type *read_item(struct place *p, xmlNode *n, struct str name);

static const struct feel_node *read_allowed(struct place *p, xmlNode *n, const char *name)
{
    static const struct str tested = STR_INIT("?");
    xmlNode *allowed = xml_child(n, name), *text = allowed != NULL ? xml_child(allowed, "text") : NULL;
    if (text == NULL) return NULL;
    struct place only = *p;
    only.names = &tested;
    only.count = 1;
    return place_compile_tests(&only, xml_text(p->reading->arena, text), text);
}

static struct feel_type *read_components(struct place *p, xmlNode *n)
{
    struct arena *a = p->reading->arena;
    struct feel_type *t = ARENA_NEW(a, struct feel_type);
    LIST(struct feel_member) members = {0};
    t->kind = TYPE_CONTEXT;
    for (xmlNode *c = xml_first(n); c != NULL; c = xml_next(c))
        if (xml_is(c, "itemComponent")) {
            struct feel_member member = {xml_attribute(a, c, "name"), read_item(p, c, STR(""))};
            LIST_PUSH(a, members) = member;
        }
    t->members = members.at;
    t->member_count = members.count;
    return t;
}

static struct feel_type *read_function_item(struct place *p, xmlNode *n)
{
    struct arena *a = p->reading->arena;
    struct feel_type *t = ARENA_NEW(a, struct feel_type);
    LIST(struct feel_member) parameters = {0};
    t->kind = TYPE_FUNCTION;
    t->element = place_type(p, xml_attribute(a, n, "outputTypeRef"));
    if (t->element == NULL) t->element = &feel_any;
    for (xmlNode *c = xml_first(n); c != NULL; c = xml_next(c)) {
        if (!xml_is(c, "parameters")) continue;
        const struct feel_type *type = place_type(p, xml_attribute(a, c, "typeRef"));
        LIST_PUSH(a, parameters) = (struct feel_member){STR(""), type != NULL ? type : &feel_any};
    }
    t->members = parameters.at;
    t->member_count = parameters.count;
    return t;
}

static const struct feel_type *read_item(struct place *p, xmlNode *n, struct str name)
{
    struct arena *a = p->reading->arena;
    xmlNode *function = xml_child(n, "functionItem"), *reference = xml_child(n, "typeRef");
    struct feel_type *t = NULL;
    if (xml_child(n, "itemComponent") != NULL) {
        t = read_components(p, n);
    } else if (function != NULL) {
        t = read_function_item(p, function);
    } else {
        t = ARENA_NEW(a, struct feel_type);
        const struct feel_type *base = reference != NULL ? place_type(p, str_trim(xml_text(a, reference))) : NULL;
        *t = base != NULL ? *base : feel_any;
        if (base != NULL && base->allowed != NULL && xml_child(n, "allowedValues") == NULL) t->allowed = base->allowed;
    }
    bool is_list = str_eq(xml_attribute(a, n, "isCollection"), STR("true"));
    const struct feel_node *allowed = read_allowed(p, n, "allowedValues");
    const struct feel_node *constraint = read_allowed(p, n, "typeConstraint");
    if (allowed != NULL) t->allowed = allowed;
    t->name = name.len > 0 ? name : t->name;
    if (!is_list) {
        if (constraint != NULL) t->allowed = constraint;
        return t;
    }
    struct feel_type *list = ARENA_NEW(a, struct feel_type);
    *list = (struct feel_type){.kind = TYPE_LIST, .element = t, .constraint = constraint, .name = name};
    if (name.len > 0) t->name = STR("");
    return list;
}

static bool is_ready(struct place *p, xmlNode *n, const struct model *m, xmlNode *root);

/* Types that use others come after them, whatever their order in the file. */
static void read_types(struct reading *r, struct model *m, xmlNode *root)
{
    struct place p = {.reading = r, .model = m, .element = m->name};
    size_t all = 0;
    for (xmlNode *c = xml_first(root); c != NULL; c = xml_next(c)) all += xml_is(c, "itemDefinition");
    m->types = ARENA_ARRAY(r->arena, struct named_type, all + 1);
    for (size_t round = 0; round <= all && m->type_count < all; round++)
        for (xmlNode *c = xml_first(root); c != NULL; c = xml_next(c)) {
            if (!xml_is(c, "itemDefinition")) continue;
            struct str name = xml_attribute(r->arena, c, "name");
            bool is_last_round = round == all;
            if (find_in_model(m, name) != NULL || (!is_last_round && !is_ready(&p, c, m, root))) continue;
            const struct feel_type *t = read_item(&p, c, name);
            m->types[m->type_count++] = (struct named_type){name, t};
        }
}

static bool is_defined_here(struct arena *a, xmlNode *root, struct str name)
{
    for (xmlNode *c = xml_first(root); c != NULL; c = xml_next(c))
        if (xml_is(c, "itemDefinition") && str_eq(xml_attribute(a, c, "name"), name)) return true;
    return false;
}

static bool is_ready(struct place *p, xmlNode *n, const struct model *m, xmlNode *root)
{
    struct arena *a = p->reading->arena;
    for (xmlNode *c = xml_first(n); c != NULL; c = xml_next(c)) {
        struct str name = xml_is(c, "typeRef") ? str_trim(xml_text(a, c)) : xml_attribute(a, c, "typeRef");
        if (xml_is(c, "functionItem")) name = xml_attribute(a, c, "outputTypeRef");
        if (name.len > 0 && find_in_model(m, name) == NULL && is_defined_here(a, root, name)) return false;
        if ((xml_is(c, "itemComponent") || xml_is(c, "functionItem")) && !is_ready(p, c, m, root)) return false;
    }
    return true;
}

static void collect_members(struct reading *r, struct model *m)
{
    size_t room = 0;
    for (size_t i = 0; i < m->type_count; i++)
        add_members(r, m->types[i].type, &m->members, &m->member_count, &room, 0);
    for (size_t i = 0; i < m->import_count; i++) {
        const struct model *other = m->imports[i].model;
        for (size_t k = 0; k < other->element_count; k++) {
            if (m->member_count == room) list_grow(r->arena, (void **)&m->members, &room, sizeof *m->members);
            m->members[m->member_count++] = other->elements[k].name;
        }
        for (size_t k = 0; k < other->type_count; k++)
            add_members(r, other->types[k].type, &m->members, &m->member_count, &room, 0);
    }
}

/* ---- elements ---- */

static const struct {
    const char *name;
    enum dmn_kind kind;
} element_names[] = {
    {"inputData",              DMN_INPUT    },
    {"decision",               DMN_DECISION },
    {"businessKnowledgeModel", DMN_KNOWLEDGE},
    {"decisionService",        DMN_SERVICE  },
};

static bool element_kind(const xmlNode *n, enum dmn_kind *out)
{
    for (size_t i = 0; i < LENGTH(element_names); i++)
        if (xml_is(n, element_names[i].name)) {
            *out = element_names[i].kind;
            return true;
        }
    return false;
}

static void list_elements(struct reading *r, struct model *m, xmlNode *root)
{
    size_t all = 0;
    enum dmn_kind kind;
    for (xmlNode *c = xml_first(root); c != NULL; c = xml_next(c)) all += element_kind(c, &kind);
    m->elements = ARENA_ARRAY(r->arena, struct dmn_element, all + 1);
    for (xmlNode *c = xml_first(root); c != NULL; c = xml_next(c)) {
        if (!element_kind(c, &kind)) continue;
        struct dmn_element *e = &m->elements[m->element_count++];
        xmlNode *variable = xml_child(c, "variable");
        struct place p = {.reading = r, .model = m};
        e->kind = kind;
        e->index = r->element_count++;
        e->id = xml_attribute(r->arena, c, "id");
        e->name = lex_name_of(r->arena, xml_attribute(r->arena, c, "name"));
        e->model = m;
        p.element = e->name;
        if (variable != NULL) e->type = place_type(&p, xml_attribute(r->arena, variable, "typeRef"));
    }
}

/* What imports without a name bring stands among the model's own, after it, in the order of the imports (DMN 1.5,
 * 6.3.3); models may import each other, so the depth is bounded. */
static const struct dmn_element *find_by_id(const struct model *m, struct str id, int depth)
{
    for (size_t i = 0; i < m->element_count; i++)
        if (str_eq(m->elements[i].id, id)) return &m->elements[i];
    for (size_t i = 0; i < m->import_count && depth < IMPORT_DEPTH; i++) {
        if (m->imports[i].prefix.len > 0) continue;
        const struct dmn_element *e = find_by_id(m->imports[i].model, id, depth + 1);
        if (e != NULL) return e;
    }
    return NULL;
}

/* "#id" or "namespace#id". */
static const struct dmn_element *find_reference(struct reading *r, const struct model *m, struct str href)
{
    ptrdiff_t hash = str_find(href, STR("#"), 0);
    if (hash < 0) return NULL;
    struct str name_space = str_part(href, 0, (size_t)hash), id = str_part(href, (size_t)hash + 1, href.len);
    if (name_space.len == 0) return find_by_id(m, id, 0);
    for (size_t i = 0; i < r->models.count; i++)
        if (str_eq(r->models.at[i]->name_space, name_space)) return find_by_id(r->models.at[i], id, IMPORT_DEPTH);
    return NULL;
}

static struct str prefix_of(const struct model *m, const struct model *other)
{
    for (size_t i = 0; i < m->import_count; i++)
        if (m->imports[i].model == other) return m->imports[i].prefix;
    return STR("");
}

struct wiring {
    LIST(struct requirement) requirements;
    LIST(struct str) names;
};

static void add_requirement(struct reading *r, const struct model *m, struct wiring *w, const struct dmn_element *e)
{
    struct requirement req = {.prefix = e->model != m ? prefix_of(m, e->model) : STR(""), .element = e};
    struct str name = req.prefix.len > 0 ? req.prefix : e->name;
    for (size_t i = 0; i < w->requirements.count; i++) {
        struct requirement *other = &w->requirements.at[i];
        if (req.prefix.len > 0 || other->prefix.len > 0 || !str_eq(other->element->name, e->name)) continue;
        if (e->model == m) *other = req; /* the model's own name hides an imported one */
        return;
    }
    LIST_PUSH(r->arena, w->requirements) = req;
    for (size_t i = 0; i < w->names.count; i++)
        if (str_eq(w->names.at[i], name)) return;
    LIST_PUSH(r->arena, w->names) = name;
}

static void read_requirements(struct place *p, xmlNode *n, struct dmn_element *e)
{
    static const char *const references[] = {"requiredInput", "requiredDecision", "requiredKnowledge"};
    struct wiring w = {0};
    for (xmlNode *c = xml_first(n); c != NULL; c = xml_next(c)) {
        if (!xml_is(c, "informationRequirement") && !xml_is(c, "knowledgeRequirement")) continue;
        for (size_t i = 0; i < LENGTH(references); i++) {
            xmlNode *reference = xml_child(c, references[i]);
            if (reference == NULL) continue;
            struct str href = xml_attribute(p->reading->arena, reference, "href");
            const struct dmn_element *required = find_reference(p->reading, p->model, href);
            if (required != NULL)
                add_requirement(p->reading, p->model, &w, required);
            else
                place_problem(p, reference, N_("What is required is not there: {0}"), href);
        }
    }
    for (size_t i = 0; p->model->has_legal_time && i < LEGAL_TIME_FUNCTIONS; i++)
        LIST_PUSH(p->reading->arena, w.names) = legal_time_names[i];
    e->requirements = w.requirements.at;
    e->requirement_count = w.requirements.count;
    e->names = w.names.at;
    e->name_count = w.names.count;
}

static void read_service(struct place *p, xmlNode *n, struct dmn_element *e)
{
    struct arena *a = p->reading->arena;
    LIST(const struct dmn_element *) outputs = {0};
    LIST(const struct dmn_element *) inputs = {0};
    LIST(struct feel_parameter) parameters = {0};
    static const char *const names[] = {"outputDecision", "inputData", "inputDecision"};
    for (size_t kind = 0; kind < LENGTH(names); kind++)
        for (xmlNode *c = xml_first(n); c != NULL; c = xml_next(c)) {
            if (!xml_is(c, names[kind])) continue;
            struct str href = xml_attribute(a, c, "href");
            const struct dmn_element *named = find_reference(p->reading, p->model, href);
            if (named == NULL) {
                place_problem(p, c, N_("What is required is not there: {0}"), href);
            } else if (kind == 0) {
                LIST_PUSH(a, outputs) = named;
            } else {
                LIST_PUSH(a, inputs) = named;
                LIST_PUSH(a, parameters) = (struct feel_parameter){named->name, named->type};
            }
        }
    e->outputs = outputs.at;
    e->output_count = outputs.count;
    e->inputs = inputs.at;
    e->input_count = inputs.count;
    e->parameters = parameters.at;
    e->parameter_count = parameters.count;
}

static void read_knowledge(struct place *p, xmlNode *n, struct dmn_element *e)
{
    xmlNode *logic = xml_child(n, "encapsulatedLogic");
    if (logic == NULL) {
        e->logic = boxed_missing(p, N_("There is no expression."), STR(""));
        return;
    }
    e->parameters = parameters_read(p, logic, &e->parameter_count);
    const struct boxed *function = boxed_function(p, logic);
    e->logic = function->a;
    /* The type of the variable is the function's or, in older files, the result's. */
    if (e->type != NULL && e->type->kind == TYPE_FUNCTION) e->type = e->type->element;
}

static void read_element(struct place *p, xmlNode *n, struct dmn_element *e)
{
    p->element = e->name;
    read_requirements(p, n, e);
    p->names = e->names;
    p->count = e->name_count;
    if (e->kind == DMN_SERVICE) {
        read_service(p, n, e);
        if (e->type != NULL && e->type->kind == TYPE_FUNCTION) e->type = e->type->element;
    } else if (e->kind == DMN_KNOWLEDGE) {
        read_knowledge(p, n, e);
    } else if (e->kind == DMN_DECISION) {
        e->logic = boxed_missing(p, N_("There is no expression."), STR(""));
        for (xmlNode *c = xml_first(n); c != NULL; c = xml_next(c)) {
            const struct boxed *b = boxed_read(p, c);
            if (b->kind != BOXED_MISSING || b->argument.len > 0) e->logic = b;
        }
    }
}

static void read_elements(struct reading *r, struct model *m, xmlNode *root)
{
    size_t i = 0;
    enum dmn_kind kind;
    for (xmlNode *c = xml_first(root); c != NULL; c = xml_next(c)) {
        struct place p = {.reading = r, .model = m};
        if (element_kind(c, &kind)) read_element(&p, c, &m->elements[i++]);
    }
}

/* ---- models and imports ---- */

static struct model *load_model(struct reading *r, struct str text, int depth);

static void load_imports(struct reading *r, struct model *m, xmlNode *root, int depth)
{
    LIST(struct model_import) imports = {0};
    for (xmlNode *c = xml_first(root); c != NULL; c = xml_next(c)) {
        struct str type = xml_attribute(r->arena, c, "importType"), text;
        if (xml_is(c, "import") && str_eq(type, STR(LEGAL_TIME_NAMESPACE))) m->has_legal_time = true;
        if (!xml_is(c, "import") || !str_has(type, STR("DMN"))) continue;
        struct str name_space = xml_attribute(r->arena, c, "namespace");
        struct str location = xml_attribute(r->arena, c, "locationURI");
        struct model_import found = {.prefix = xml_attribute(r->arena, c, "name")};
        for (size_t i = 0; i < r->models.count; i++)
            if (str_eq(r->models.at[i]->name_space, name_space)) found.model = r->models.at[i];
        struct fail missing;
        fail_init(&missing, r->arena);
        if (found.model == NULL && r->import != NULL && depth < DMN_MODELS_MOST &&
            r->import(r->import_context, r->arena, name_space, location, &text, &missing) == OK)
            found.model = load_model(r, text, depth + 1);
        struct place p = {.reading = r, .model = m, .element = m->name};
        if (found.model != NULL)
            LIST_PUSH(r->arena, imports) = found;
        else
            place_problem(&p, c, N_("The imported model is not there: {0}"), name_space);
    }
    m->imports = imports.at;
    m->import_count = imports.count;
}

/* Its own types and elements, after those of what it imports; NULL when it is no model. */
static struct model *load_model(struct reading *r, struct str text, int depth)
{
    if (r->models.count >= DMN_MODELS_MOST) return NULL;
    xmlDoc *doc = parse_xml(text);
    if (doc == NULL) return NULL;
    xmlNode *root = xmlDocGetRootElement(doc);
    struct model *m = ARENA_NEW(r->arena, struct model);
    m->name_space = xml_attribute(r->arena, root, "namespace");
    m->name = xml_attribute(r->arena, root, "name");
    LIST_PUSH(r->arena, r->models) = m;
    LIST_PUSH(r->arena, r->documents) = doc;
    load_imports(r, m, root, depth);
    read_types(r, m, root);
    list_elements(r, m, root);
    collect_members(r, m);
    return m;
}

static void list_by_kind(struct reading *r, struct dmn *out, const struct model *m)
{
    for (enum dmn_kind kind = DMN_INPUT; kind <= DMN_SERVICE; kind++) {
        const struct dmn_element **at = ARENA_ARRAY(r->arena, const struct dmn_element *, m->element_count + 1);
        for (size_t i = 0; i < m->element_count; i++)
            if (m->elements[i].kind == kind) at[out->count_by_kind[kind]++] = &m->elements[i];
        out->by_kind[kind] = at;
    }
}

enum outcome dmn_read(struct arena *a, struct str text, dmn_import_fn *import, const void *context,
                      const struct dmn **out, struct fail *why)
{
    struct reading r = {.arena = a, .import = import, .import_context = context};
    fail_init(&r.why, a);
    struct model *m = load_model(&r, text, 0);
    if (m == NULL)
        return fail(why, ERR_INVALID, N_("This is no decision model of DMN: XML with a root “definitions”."));
    for (size_t i = 0; i < r.models.count; i++)
        read_elements(&r, r.models.at[i], xmlDocGetRootElement(r.documents.at[i]));
    for (size_t i = 0; i < r.documents.count; i++) xmlFreeDoc(r.documents.at[i]);
    struct dmn *d = ARENA_NEW(a, struct dmn);
    *d = (struct dmn){.main = m,
                      .models = (const struct model *const *)r.models.at,
                      .model_count = r.models.count,
                      .element_count = r.element_count,
                      .problems = r.why.problems,
                      .problem_count = r.why.problem_count};
    list_by_kind(&r, d, m);
    *out = d;
    return OK;
}

const struct problem *dmn_problems(const struct dmn *m, size_t *out_count)
{
    *out_count = m->problem_count;
    return m->problems;
}

const struct dmn_element *const *dmn_elements(const struct dmn *m, enum dmn_kind kind, size_t *out_count)
{
    *out_count = m->count_by_kind[kind];
    return m->by_kind[kind];
}

static const struct dmn_element *find_by_name(const struct model *m, enum dmn_kind kind, struct str name, int depth)
{
    for (size_t i = 0; i < m->element_count; i++)
        if (m->elements[i].kind == kind && str_eq(m->elements[i].name, name)) return &m->elements[i];
    for (size_t i = 0; i < m->import_count && depth < IMPORT_DEPTH; i++) {
        if (m->imports[i].prefix.len > 0) continue;
        const struct dmn_element *e = find_by_name(m->imports[i].model, kind, name, depth + 1);
        if (e != NULL) return e;
    }
    return NULL;
}

const struct dmn_element *dmn_find(const struct dmn *m, enum dmn_kind kind, struct str name)
{
    return find_by_name(m->main, kind, name, 0);
}

const struct dmn_element *dmn_find_in(const struct dmn *m, struct str name_space, enum dmn_kind kind, struct str name)
{
    for (size_t i = 0; i < m->model_count; i++)
        if (str_eq(m->models[i]->name_space, name_space)) return find_by_name(m->models[i], kind, name, 0);
    return NULL;
}

size_t dmn_output_count(const struct dmn_element *e)
{
    return e->output_count;
}
