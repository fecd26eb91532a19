/*
 * The decision tables of one procedure as a file (docs/rules.md): read, checked, kept in memory while the program runs,
 * and what they ask of an applicant. What they say about a dossier is rule/ruling.h. Tables never change once they are
 * read, and any number of threads may ask them.
 */
#ifndef RULE_TABLES_H
#define RULE_TABLES_H

#include "form/form.h"
#include "rule/dmn.h"
#include "store/store.h"

enum { TABLES_BYTES = 512 * 1024, TABLES_KEPT = 512 };

struct tables; /* immutable, in the arena that it was read into */

/* ERR_INVALID with every problem and its place when the file cannot be used. */
enum outcome tables_read(struct arena *a, struct str text, struct tables **out, struct fail *why) MUST_USE;
/* The same for a file that somebody brings: rules that overlap, contradict each other or never apply are refused, too.
 */
enum outcome tables_check(struct arena *a, struct str text, struct tables **out, struct fail *why) MUST_USE;
/* What an applicant is asked, by the inputs of the file; none of it required. */
const struct declaration *tables_questions(const struct tables *t, size_t *out_count);

/* ---- tables that were read are kept by their hash ---- */

struct tables_shelf;
struct tables_shelf *tables_shelf_new(void);
void tables_shelf_free(struct tables_shelf *s);

struct rules_now {
    int64_t version; /* id; 0: no tables */
    struct str hash;
    const struct tables *tables; /* NULL with a version: they cannot be used any more */
};
/* Those in force at a moment: one query, and a second one when nobody asked them before. s may be NULL: then they are
 * read each time. */
enum outcome rules_at(struct tables_shelf *s, struct tx *tx, struct arena *a, struct str procedure, instant_t at,
                      struct rules_now *out, struct fail *why) MUST_USE;
void rules_at_ahead(struct tx *tx, struct str procedure, instant_t at); /* store_ahead */
/* Those of a version, such as the one that a dossier was ruled by. */
enum outcome rules_of_version(struct tables_shelf *s, struct tx *tx, struct arena *a, int64_t version, struct str hash,
                              struct rules_now *out, struct fail *why) MUST_USE;
/* Adds their questions to a form. */
void rules_add_questions(struct arena *a, const struct rules_now *now, struct procedure_form *form);

#endif
