/* Parts of a dossier as people read them: shared by the pages of applicants and officers. */
#ifndef DOSSIER_VIEW_TEXT_H
#define DOSSIER_VIEW_TEXT_H

#include "dossier/dossier_view.h"
#include "html/component.h"

/* The status in a word and a colour. */
struct tag status_tag(enum language l, enum status s);
struct str step_title(enum language l, const struct step *step);
/* "1,2 MB" and so on of a paper, and the first digits of its SHA-256, by which two copies are told apart. */
struct str file_facts(struct arena *a, enum language l, const struct dossier_file *f);
struct str file_hash_short(struct arena *a, const struct dossier_file *f);
struct str file_href(struct arena *a, const struct dossier_view *v, const struct dossier_file *f);

/* From the history to what is still to come, as the applicant sees it: no names of officers, no inner steps. */
enum outcome view_timeline(struct request *rq, struct tx *tx, const struct dossier_view *v, struct timeline_item **out,
                           size_t *out_count, struct fail *why) MUST_USE;
/* What happened after the version that somebody saw. */
enum outcome view_changes(struct request *rq, struct tx *tx, const struct dossier_view *v, int64_t version,
                          struct timeline_item **out, size_t *out_count, struct fail *why) MUST_USE;

#endif
