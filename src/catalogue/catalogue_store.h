/*
 * Rows of the catalogue, for this room only.
 */
#ifndef CATALOGUE_CATALOGUE_STORE_H
#define CATALOGUE_CATALOGUE_STORE_H

#include "catalogue/catalogue.h"

/* The record's text of a version, in tx_arena; ERR_MISSING with a sentence. */
enum outcome procedure_version_load(struct tx *tx, int64_t version, struct str *out_record, struct fail *why) MUST_USE;
/* A new procedure with its first version, or another version of a procedure that there is. */
enum outcome procedure_insert(struct tx *tx, const struct procedure_import *in, struct procedure_imported *out,
                              struct fail *why) MUST_USE;
enum outcome procedure_change(struct tx *tx, const struct procedure_ref *known, const struct procedure_import *in,
                              struct procedure_imported *out, struct fail *why) MUST_USE;
/* How often the catalogue has changed; what the index compares. */
enum outcome catalogue_change_number(struct tx *tx, int64_t *out, struct fail *why) MUST_USE;

/* The searching index (catalogue_index.c): a picture of the catalogue at one change number, never changed, counted. */
struct catalogue_index;
enum outcome catalogue_index_load(struct tx *tx, int64_t change, struct catalogue_index **out,
                                  struct fail *why) MUST_USE;
int64_t catalogue_index_change(const struct catalogue_index *x);
void catalogue_index_free(struct catalogue_index *x); /* NULL is fine */
enum outcome catalogue_index_search(const struct catalogue_index *x, struct arena *a, const struct procedure_query *q,
                                    struct procedure_page *out, struct fail *why) MUST_USE;
void catalogue_index_all(const struct catalogue_index *x, struct arena *a, struct procedure_row **out,
                         size_t *out_count);
void catalogue_index_fields(const struct catalogue_index *x, struct arena *a, struct procedure_field **out,
                            size_t *out_count);

#endif
