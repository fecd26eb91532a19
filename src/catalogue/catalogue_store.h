/*
 * Rows of the catalogue, for this room only.
 */
#ifndef CATALOGUE_CATALOGUE_STORE_H
#define CATALOGUE_CATALOGUE_STORE_H

#include "catalogue/catalogue.h"
#include "catalogue/publication.h"

/* The record's text of a version, in tx_arena; ERR_MISSING with a sentence. */
enum outcome procedure_version_load(struct tx *tx, int64_t version, struct str *out_record, struct fail *why) MUST_USE;
/* The procedure, published or not, and the number of its newest version; ERR_MISSING leaves `why` alone. */
enum outcome procedure_known(struct tx *tx, struct str code, int64_t *out_id, int64_t *out_last,
                             struct fail *why) MUST_USE;
enum outcome procedure_insert(struct tx *tx, struct str code, int64_t *out_id, struct fail *why) MUST_USE;
/* Another version, which is a draft until a publication names it. */
enum outcome procedure_version_add(struct tx *tx, int64_t procedure, int64_t number, const struct procedure_import *in,
                                   int64_t *out_version, struct fail *why) MUST_USE;
struct publication_new {
    int64_t procedure;
    enum publication_act act;
    int64_t version; /* 0: withdrawn */
    const struct decision *decision;
    struct actor actor;
};
/* The change is counted, so that every index notices. out_n: its number among the procedure's; may be NULL. */
enum outcome publication_add(struct tx *tx, const struct publication_new *p, int64_t *out_n, struct fail *why) MUST_USE;
/* How often the catalogue has changed; what the index compares. */
enum outcome catalogue_change_number(struct tx *tx, int64_t *out, struct fail *why) MUST_USE;

/* The searching index (catalogue_index.c): a picture of what is in force on one day at one change number, never
 * changed, counted. */
struct catalogue_index;
/* events: of that day, or NULL. */
enum outcome catalogue_index_load(struct tx *tx, int64_t change, day_t day, const struct life_event_set *events,
                                  struct catalogue_index **out, struct fail *why) MUST_USE;
bool catalogue_index_is_fresh(const struct catalogue_index *x, int64_t change, day_t day);
void catalogue_index_free(struct catalogue_index *x); /* NULL is fine */
enum outcome catalogue_index_search(const struct catalogue_index *x, struct arena *a, const struct procedure_query *q,
                                    struct procedure_page *out, struct fail *why) MUST_USE;
void catalogue_index_all(const struct catalogue_index *x, struct arena *a, struct procedure_row **out,
                         size_t *out_count);
void catalogue_index_events(const struct catalogue_index *x, struct arena *a, struct procedure_event **out,
                            size_t *out_count);
void catalogue_index_fields(const struct catalogue_index *x, struct arena *a, struct procedure_field **out,
                            size_t *out_count);

#endif
