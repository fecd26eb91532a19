/* Reading a model's XML: what the files that read share. */
#ifndef RULE_DMN_READ_H
#define RULE_DMN_READ_H

#include <libxml/tree.h>

#include "base/list.h"
#include "rule/dmn_model.h"

struct reading {
    struct arena *arena;
    struct fail why; /* collects every problem of the set */
    LIST(struct model *) models;
    LIST(xmlDoc *) documents; /* of models, in the same order */
    size_t element_count;
    dmn_import_fn *import;
    const void *import_context;
};

/* Where an expression is being compiled: its model, its element, the variables that it sees. */
struct place {
    struct reading *reading;
    const struct model *model;
    struct str element;
    const struct str *names;
    size_t count;
};

/* ---- XML ---- */

xmlNode *xml_child(xmlNode *n, const char *name); /* the first one; NULL */
xmlNode *xml_first(xmlNode *n);                   /* first element child; NULL */
xmlNode *xml_next(xmlNode *n);                    /* next element sibling; NULL */
bool xml_is(const xmlNode *n, const char *name);
struct str xml_attribute(struct arena *a, xmlNode *n, const char *name); /* trimmed; empty: none */
struct str xml_text(struct arena *a, xmlNode *n);                        /* of all inside */

/* ---- compiling ---- */

const struct feel_type *place_type(struct place *p, struct str name); /* NULL for none; a problem when unknown */
/* With more variables behind the present ones. */
struct place place_with(const struct place *p, const struct str *more, size_t count);
struct feel_names place_names(const struct place *p);
const struct boxed *boxed_read(struct place *p, xmlNode *n); /* never NULL */
const struct boxed *boxed_missing(struct place *p, const char *sentence, struct str argument);
const struct boxed *boxed_function(struct place *p, xmlNode *definition);
const struct boxed *table_read(struct place *p, xmlNode *n);
/* Problems are noted under the element's name; NULL then. */
const struct feel_node *place_compile(struct place *p, struct str text, xmlNode *at);
const struct feel_node *place_compile_tests(struct place *p, struct str text, xmlNode *at);
void place_problem(struct place *p, xmlNode *at, const char *sentence, struct str argument);
struct feel_parameter *parameters_read(struct place *p, xmlNode *definition, size_t *out_count);

#endif
