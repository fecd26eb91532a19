/*
 * The process as a picture (html/flow.h): of a procedure, before anything is submitted, and of one dossier with where
 * it is. The same for applicants and officers but for what the office does among itself: to an applicant a step of the
 * office is done or not, to officers it also has its moment. The picture says nothing that the dossier's page does not.
 */
#ifndef DOSSIER_WAY_PICTURE_H
#define DOSSIER_WAY_PICTURE_H

#include "dossier/dossier_view.h"
#include "html/flow.h"
#include "process/process_way.h"

/* Whole: with what an office may send back; else only the way and the waits for the applicant. */
struct flow way_picture(struct arena *a, enum language l, const struct step_table *t, bool is_whole);

/* Of a procedure; process_version: of its own steps, 0: those of its kind. */
enum outcome procedure_picture(struct request *rq, struct tx *tx, const struct procedure *p, int64_t process_version,
                               bool is_whole, struct flow *out, struct fail *why) MUST_USE;

/* Nothing to draw (is_there: false) for who sees only what they were asked. */
enum outcome dossier_picture(struct request *rq, struct tx *tx, const struct dossier_view *v, struct flow *out,
                             struct fail *why) MUST_USE;

#endif
