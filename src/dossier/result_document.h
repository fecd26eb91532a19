/*
 * The result document that the system writes when an officer issues a result without a file of their own: the decision
 * on paper (PDF), kept like every paper. A procedure's own template replaces the standard one (result.html in its
 * folder); it is checked when it is imported, and one that fails nevertheless gives way to the standard.
 */
#ifndef DOSSIER_RESULT_DOCUMENT_H
#define DOSSIER_RESULT_DOCUMENT_H

#include "dossier/dossier_view.h"
#include "html/letter.h"

/* tx: a snapshot in which the dossier was read. On the platter before it returns; out is ready to be attached. */
enum outcome result_document_write(const struct desk *desk, struct tx *tx, const struct standing *who,
                                   const struct dossier_view *view, struct upload_row *out, struct fail *why) MUST_USE;

/* The letter itself, in the arena of tx: for this, for tests and for who tries a template. */
enum outcome result_document_make(const struct desk *desk, struct tx *tx, const struct dossier_view *view, day_t day,
                                  struct letter *out, struct fail *why) MUST_USE;

/* Can this text be a procedure's result.html? ERR_BAD with line and column. */
enum outcome result_document_check(const struct html_set *parts, struct str text, struct fail *why) MUST_USE;

extern const struct page_template result_document_templates[];
extern const size_t result_document_templates_count;

#endif
