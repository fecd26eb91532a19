/*
 * The result document that the system writes when an officer issues a result without a file of their own: the decision
 * as a plain page that prints, kept like every paper. A procedure's own template replaces it (result.html in its
 * folder).
 */
#ifndef DOSSIER_RESULT_DOCUMENT_H
#define DOSSIER_RESULT_DOCUMENT_H

#include "dossier/dossier_view.h"
#include "html/html.h"

/* On the platter before it returns; out is ready to be attached. */
enum outcome result_document_write(const struct desk *desk, struct arena *a, const struct standing *who,
                                   const struct dossier_view *view, struct upload_row *out, struct fail *why) MUST_USE;

/* The page itself, for this and for tests. */
enum { RESULT_DOCUMENT_BYTES = 256 * 1024 };
void result_document_render(const struct html_set *set, struct arena *a, const struct dossier_view *view, day_t day,
                            struct buf *out);

extern const struct page_template result_document_templates[];
extern const size_t result_document_templates_count;

#endif
