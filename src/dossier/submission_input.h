/*
 * From what somebody sends to a submission (an act is act_input): every mistake at once, every cost (numbers sealed,
 * tables found) before the command. The API hands over the JSON it got; pages put the same JSON together from their
 * fields, so there is one set of rules.
 */
#ifndef DOSSIER_SUBMISSION_INPUT_H
#define DOSSIER_SUBMISSION_INPUT_H

#include "dossier/desk.h"
#include "dossier/dossier_submit.h"
#include "http/http.h"

/* body: {procedure, agency, channel, case, parties, form, files}. Reads what it needs in one snapshot. out lives in the
 * request's arena. The idempotency key is the caller's to set. */
enum outcome submission_read(const struct desk *desk, struct request *rq, yyjson_val *body, struct submission *out,
                             struct fail *why) MUST_USE;

/* The process of a procedure's kind, for one whose folder brings no steps: a version's id. */
int64_t submission_process(const struct desk *desk, struct arena *a, const struct procedure *p);

#endif
