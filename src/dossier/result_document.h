/*
 * The result document that the system writes when an officer issues a result without a file of their own: the decision
 * as a plain page that prints, kept like every paper. A procedure's own template replaces it (result.html in its
 * folder).
 */
#ifndef DOSSIER_RESULT_DOCUMENT_H
#define DOSSIER_RESULT_DOCUMENT_H

#include "dossier/dossier_view.h"

/* On the platter before it returns; out is ready to be attached. */
enum outcome result_document_write(const struct desk *desk, struct request *rq, const struct dossier_view *view,
                                   struct upload_row *out, struct fail *why) MUST_USE;

#endif
