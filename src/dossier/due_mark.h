/*
 * How a deadline is said: in words and by a shape, never by colour alone. Working time is counted as the dossier's own
 * term counts it; what is less than a whole unit is said in the smaller one, never rounded up.
 */
#ifndef DOSSIER_DUE_MARK_H
#define DOSSIER_DUE_MARK_H

#include "base/language.h"
#include "dossier/dossier.h"
#include "html/html.h"

struct due_mark {
    struct str words;                  /* "Overdue by 2 working days", "No term is stated" */
    struct str exact;                  /* "16:30 24/11/2026"; empty: none */
    bool is_late, is_soon, is_without; /* at most one; none of them: there is time */
};
extern const struct field due_mark_fields[]; /* for {{> dossier/_due}} */

/* due: the moment that orders it in the inbox (dossier_worklist_due), or its due date. */
struct due_mark due_mark_of(struct arena *a, enum language l, const struct calendar *calendar, const struct dossier *d,
                            instant_t due, instant_t now);

#endif
