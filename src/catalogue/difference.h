/*
 * What differs between two versions of a procedure, for people: field by field, papers, cases, fees and laws matched by
 * their ids, and within a changed text the words that came and went. It knows records only, not rows or pages.
 */
#ifndef CATALOGUE_DIFFERENCE_H
#define CATALOGUE_DIFFERENCE_H

#include "base/language.h"
#include "catalogue/procedure.h"

enum difference_kind { DIFFERENCE_CHANGED, DIFFERENCE_ADDED, DIFFERENCE_REMOVED };
const char *difference_kind_name(enum difference_kind k);  /* "changed": in the API */
const char *difference_kind_title(enum difference_kind k); /* message */

/* A run of words: in both texts, only in the earlier one, or only in the later one. */
struct difference_part {
    struct str text;
    bool is_before, is_after; /* neither: in both */
};

struct difference {
    struct str key;    /* "components/c3f2a91b0", "channels/online/10-working-days/term": stable, for programs */
    const char *label; /* message: "Papers" */
    struct str item;   /* which one of several: the paper's label; empty for single fields */
    enum difference_kind kind;
    struct str before, after;
    struct difference_part *parts;
    size_t part_count;
};

/* In the order of the record. Everything lives in the arena; texts are borrowed from the records. */
void procedure_difference(struct arena *a, enum language l, const struct procedure *before,
                          const struct procedure *after, struct difference **out, size_t *out_count);

#endif
