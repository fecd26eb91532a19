/* Parts of a procedure's record as sentences for people. */
#ifndef CATALOGUE_PROCEDURE_TEXT_H
#define CATALOGUE_PROCEDURE_TEXT_H

#include "base/language.h"
#include "catalogue/procedure.h"

/* "Charge: 1,50 USD – persons over 16", or the record's own words when it names no amount. */
struct str fee_for_people(struct arena *a, enum language l, const struct fee *f);
/* "30 working days", the record's own words, or that no term is stated. */
struct str case_term_for_people(struct arena *a, enum language l, const struct procedure_case *c);
/* Every fee of a case in one line; that none is taken or stated, when so. */
struct str case_fees_for_people(struct arena *a, enum language l, const struct procedure_case *c);
/* What tells the case from the others, when that is more than its term. */
struct str case_label_for_people(const struct procedure_case *c);
/* Why nobody can apply online, as a message; NULL: one can. */
const char *procedure_why_not_online(const struct procedure *p);

#endif
