/*
 * What the handlers of pages and interface share: the dossier of a request's address as its visitor sees it, and a
 * paper of it. What an officer opens here is noted for its applicant (people/access.h), whichever way it was opened.
 */
#ifndef DOSSIER_DOSSIER_VISIT_H
#define DOSSIER_DOSSIER_VISIT_H

#include "dossier/desk.h"
#include "dossier/dossier_view.h"

/* The dossier of the address's {code} in a snapshot that is begun here; ERR_MISSING as dossier_view_load. */
enum outcome dossier_visit(struct request *rq, struct tx **out_tx, struct dossier_view *out, struct fail *why) MUST_USE;
/* The same inside a reading that has begun. */
enum outcome dossier_visit_in(struct request *rq, struct tx *tx, struct dossier_view *out, struct fail *why) MUST_USE;

/* The paper {n} of it, when the dossier shows it to this visitor; who looks into a protected dossier is written down as
 * looking at `what`. */
enum outcome dossier_visit_file(struct request *rq, const char *what, struct dossier_view *out,
                                struct dossier_file *out_file, struct fail *why) MUST_USE;

/* A handler: the paper {n} of the dossier {code}, when the dossier shows it to this visitor. */
enum outcome dossier_visit_paper(struct request *rq, struct fail *why);

#endif
