/*
 * From what somebody sends to one act: every field of the act's row read and checked, every mistake at once, every cost
 * paid (logins and agencies found, a result document written) before the command. It knows no request, so that pages,
 * the interface, batches, reminders and the scenarios of `motcua check` all act the same way:
 *
 *     TRY(dossier_view_load(desk, tx, &who, code, &view, why));
 *     TRY(act_prepare(&call, tx, &view, &act, why));                  call: who does which act, with which body
 *     TRY(store_run(desk->store, dossier_act, &act, &done, why));     or dossier_act inside another command
 */
#ifndef DOSSIER_ACT_INPUT_H
#define DOSSIER_ACT_INPUT_H

#include "dossier/dossier_act.h"
#include "dossier/dossier_view.h"

enum { VERSION_OF_VIEW = -1 };

struct act_call {
    const struct desk *desk;
    struct arena *arena; /* where the act lives */
    struct standing who; /* account 0 and agency 0: the system */
    enum action_id action;
    int64_t version;  /* of the dossier that the caller saw; VERSION_OF_VIEW: the one in the view */
    yyjson_val *body; /* the fields of the act's row as a JSON object; NULL: none */
};

/* view: the dossier as `who` sees it, read in tx. out is ready for dossier_act. ERR_INVALID with every problem. */
enum outcome act_prepare(const struct act_call *call, struct tx *tx, const struct dossier_view *view, struct act *out,
                         struct fail *why) MUST_USE;

/* The fields alone, for what is to be done later: nothing is written, no result document is made. */
enum outcome act_check(const struct act_call *call, struct tx *tx, const struct dossier_view *view, struct act *out,
                       struct fail *why) MUST_USE;

/* The call of a request's visitor. */
struct act_call act_call_of(struct request *rq, enum action_id action, int64_t version, yyjson_val *body);
/* Prepares in a snapshot of its own and runs. */
enum outcome act_run(const struct act_call *call, const struct dossier_view *view, struct act_done *out,
                     struct fail *why) MUST_USE;

#endif
