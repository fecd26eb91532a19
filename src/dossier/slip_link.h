/*
 * Links to the slips of a dossier, for its pages. Which slips there are is the later room slip's to say; app/ brings
 * the two together, so that the pages link to a slip exactly when there is one.
 */
#ifndef DOSSIER_SLIP_LINK_H
#define DOSSIER_SLIP_LINK_H

#include "dossier/dossier_view.h"
#include "html/html.h"

struct slip_link {
    struct str title, at, href, pdf_href;
};
extern const struct field slip_link_fields[];

/* Those that this visitor may read; defined in app/. */
enum outcome app_slip_links(struct request *rq, struct tx *tx, const struct dossier_view *view, struct slip_link **out,
                            size_t *out_count, struct fail *why) MUST_USE;

#endif
