/*
 * From what somebody sends to what a command takes: every mistake at once, every cost (numbers sealed, tables found)
 * before the command. The API hands over the JSON it got; pages put the same JSON together from their fields, so there
 * is one set of rules.
 */
#ifndef DOSSIER_DOSSIER_INPUT_H
#define DOSSIER_DOSSIER_INPUT_H

#include "dossier/dossier_act.h"
#include "dossier/dossier_submit.h"
#include "dossier/dossier_view.h"

/* body: {procedure, agency, channel, case, parties, form, files}. Reads what it needs in one snapshot. out lives in the
 * request's arena. The idempotency key is the caller's to set. */
enum outcome submission_read(const struct desk *desk, struct request *rq, yyjson_val *body, struct submission *out,
                             struct fail *why) MUST_USE;
/* body: the fields of the act's row. view: the dossier as the caller saw it. out: action and version are set already.
 */
enum outcome act_read(const struct desk *desk, struct request *rq, yyjson_val *body, const struct dossier_view *view,
                      struct act *out, struct fail *why) MUST_USE;

/* Runs the act, writing the result document first when it is issued without one. */
enum outcome act_run(const struct desk *desk, struct request *rq, struct act *act, const struct dossier_view *view,
                     struct act_done *out, struct fail *why) MUST_USE;

#endif
