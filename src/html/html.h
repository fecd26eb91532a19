/*
 * Templates. `.html` files are embedded in the program and parsed at start into operations over the field table of
 * a page struct; a name that the struct does not have stops the build and the start. Escaping follows the context:
 * text, attribute, address, piece of an address. There is no raw form: ready HTML has its own type, struct html, which
 * only templates produce. Templates choose and repeat; they do not compute.
 *
 *   {{title}}                      a field, escaped by where it stands; {{frame.title}} reaches into a struct
 *   {{#if is_late}} ... {{else}} ... {{/if}}          bool, number not 0, or text / list that is not empty
 *   {{#unless is_late}} ... {{/unless}}               the other way round
 *   {{#each rows}} ... {{code}} ... {{/each}}         fields of the item first, then of the structs around it
 *   {{@number}}  {{#if @first}} ... {{/if}}           in a list: 1, 2, 3 ...; whether it is the first item
 *   {{t "Sign in"}}                a message in the visitor's language
 *   {{t "{0} of {1} papers" done all}}                with fields for {0}..{3}
 *   {{> html/_problems}}           a part, with the structs at hand
 *   {{> html/_field owner}}        a part, with the struct `owner` innermost
 *   {{#layout html/page}} ... {{/layout}}             the whole page inside the layout, where {{content}} stands
 *   {{-- for designers, dropped --}}
 */
#ifndef HTML_HTML_H
#define HTML_HTML_H

#include "base/buf.h"
#include "base/fail.h"
#include "base/language.h"

struct html { /* ready, escaped; made by html_render_part and letter_html only */
    struct str text;
};

enum field_kind { FIELD_STR, FIELD_INT, FIELD_BOOL, FIELD_HTML, FIELD_MESSAGE, FIELD_STRUCT, FIELD_LIST };

struct field {
    const char *name;
    enum field_kind kind;
    size_t offset;
    size_t count_offset;       /* FIELD_LIST: a size_t beside the pointer */
    size_t item_bytes;         /* FIELD_LIST */
    const struct field *items; /* FIELD_LIST, FIELD_STRUCT: the inner table */
};

/* clang-format off */
#define FIELD_STR(type, member) {#member, FIELD_STR, offsetof(type, member), 0, 0, NULL}
#define FIELD_INT(type, member) {#member, FIELD_INT, offsetof(type, member), 0, 0, NULL} /* int64_t */
#define FIELD_BOOL(type, member) {#member, FIELD_BOOL, offsetof(type, member), 0, 0, NULL}
#define FIELD_HTML(type, member) {#member, FIELD_HTML, offsetof(type, member), 0, 0, NULL}
/* const char *: an English message, translated when rendered */
#define FIELD_MESSAGE(type, member) {#member, FIELD_MESSAGE, offsetof(type, member), 0, 0, NULL}
#define FIELD_STRUCT(type, member, table) {#member, FIELD_STRUCT, offsetof(type, member), 0, 0, table}
/* items `member` with their number in `member##_count` (size_t) */
#define FIELD_LIST(type, member, item_type, table)                                                                     \
    {#member, FIELD_LIST, offsetof(type, member), offsetof(type, member##_count), sizeof(item_type), table}
#define FIELD_END {NULL, FIELD_STR, 0, 0, 0, NULL}
/* clang-format on */

/* A template and the struct it is over. Each room exports one table of them; app/ lists the tables. */
struct page_template {
    const char *name;           /* "dossier/show": src/dossier/pages/show.html */
    const struct field *fields; /* the page struct */
};

struct html_set;
struct html_source {
    struct str name, text; /* "dossier/show"; layouts and partials are "html/page", "dossier/_row" */
};
/* Parses and checks all of them: ERR_BAD with file, line and name at the first mistake. */
enum outcome html_set_new(const struct html_source *sources, size_t source_count, const struct page_template *templates,
                          size_t template_count, struct html_set **out, struct fail *why) MUST_USE;
/* A set of one template that comes from outside the program; its parts are those of another set, which outlives it, as
 * does the text. */
enum outcome html_set_new_beside(const struct html_set *beside, const struct html_source *source,
                                 const struct field *fields, struct html_set **out, struct fail *why) MUST_USE;
/* The text that a template of the set was made from; empty when there is none of that name. */
struct str html_set_source(const struct html_set *set, const char *name);
void html_set_free(struct html_set *set);

/* The table of the struct that a template is over. A name that is not in the set is a BUG, here and below. */
const struct field *html_set_fields(const struct html_set *set, const char *name);
/* Renders a template over its struct into out. */
void html_render(const struct html_set *set, const char *name, const void *page, enum language l, struct buf *out);
/* A part as ready HTML, in the arena; ERR_TOO_LARGE when it is longer than a page may be: never a part of it. */
enum outcome html_render_part(const struct html_set *set, struct arena *a, const char *name, const void *page,
                              enum language l, struct html *out, struct fail *why) MUST_USE;

/* ---- plain text: letters that an agency writes itself ---- */

struct html_text;
/* The same language over a field table, without messages, parts and layouts: {{name}}, #if, #unless, #each. Values
 * stand as they are, because plain text has nothing to escape; whoever puts it elsewhere escapes it there. Lives in the
 * arena; the text must outlive it. ERR_BAD with "line:column" of the first mistake. */
enum outcome html_text_parse(struct arena *a, struct str text, const struct field *fields, const struct html_text **out,
                             struct fail *why) MUST_USE;
void html_text_render(const struct html_text *t, const void *values, enum language l, struct buf *out);

void html_escape(struct buf *out, struct str s);            /* & < > " ' */
struct str html_query_value(struct arena *a, struct str s); /* percent-encoded, for addresses made in C */

#endif
