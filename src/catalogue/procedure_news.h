/*
 * What is about to change with a procedure, in plain words for everybody: another version from a day, its end, another
 * agency that takes or decides dossiers. From decisions of publication and moves of competence, never from the record's
 * texts.
 */
#ifndef CATALOGUE_PROCEDURE_NEWS_H
#define CATALOGUE_PROCEDURE_NEWS_H

#include "base/language.h"
#include "catalogue/catalogue.h"

/* One sentence each, by day; none when nothing is announced. In tx_arena. */
enum outcome procedure_news(struct tx *tx, enum language l, const struct procedure_ref *ref, struct str **out,
                            size_t *out_count, struct fail *why) MUST_USE;

#endif
