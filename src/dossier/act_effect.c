#include "dossier/act_effect.h"

#include "agency/agency.h"
#include "dossier/contact.h"
#include "dossier/protection.h"
#include "dossier/supplement.h"
#include "dossier/unit.h"
#include "payment/payment.h"

/* ---- money ---- */

static enum outcome take_payment(struct tx *tx, const struct act *in, struct dossier *d, struct act_trace *out,
                                 struct fail *why)
{
    struct agency agency;
    struct payment made;
    TRY(agency_load(tx, d->agency, &agency, why));
    const struct payment_new payment = {.subject = d->id,
                                        .version = d->version,
                                        .agency = d->agency,
                                        .agency_identifier = agency.identifier,
                                        .its_case = in->its_case,
                                        .fee = in->input.fee,
                                        .amount = in->input.amount,
                                        .currency = currency_of(in->input.currency),
                                        .manner = in->input.manner,
                                        .payer = in->input.payer,
                                        .note = in->input.note,
                                        .account = in->actor.account};
    TRY(payment_record(tx, &payment, &made, why));
    out->receipt_number = made.receipt_number;
    return OK;
}

static enum outcome ask_payment(struct tx *tx, const struct act *in, struct dossier *d, struct act_trace *out,
                                struct fail *why)
{
    const struct payment_request request = {.subject = d->id,
                                            .version = d->version,
                                            .its_case = in->its_case,
                                            .amount = in->input.amount,
                                            .currency = currency_of(in->input.currency),
                                            .reason = in->input.reason,
                                            .account = in->actor.account};
    (void)out; /* the act's own input says it all */
    return payment_ask(tx, &request, why);
}

/* ---- units ---- */

static enum outcome ask_units(struct tx *tx, const struct act *in, struct dossier *d, struct act_trace *out,
                              struct fail *why)
{
    (void)out; /* the act's own input says it all */
    return units_ask(tx, in, d, why);
}

static enum outcome answer_unit(struct tx *tx, const struct act *in, struct dossier *d, struct act_trace *out,
                                struct fail *why)
{
    (void)out; /* the act's own input says it all */
    return units_answer(tx, in, d, why);
}

/* Where nobody can answer any more, nobody is asked. */
static enum outcome drop_units(struct tx *tx, const struct act *in, struct dossier *d, struct fail *why)
{
    int step = dossier_step(d, in->book.table);
    if (step != STEP_END && process_exit(in->book.table, step, str_from(actions[ACTION_ANSWER].name)) != NULL)
        return OK;
    return units_drop(tx, d, why);
}

/* ---- denunciations ---- */

static enum outcome keep_taker(struct tx *tx, const struct act *in, struct dossier *d, struct act_trace *out,
                               struct fail *why)
{
    (void)out; /* nobody is told more */
    return protection_note_taker(tx, d, in->actor.account, why);
}

/* ---- papers ---- */

static enum outcome ask_papers(struct tx *tx, const struct act *in, struct dossier *d, struct act_trace *out,
                               struct fail *why)
{
    (void)out; /* the act's own input says it all */
    return supplement_ask(tx, in, d, why);
}

static enum outcome take_papers(struct tx *tx, const struct act *in, struct dossier *d, struct act_trace *out,
                                struct fail *why)
{
    (void)out; /* the act's own input says it all */
    return supplement_take(tx, in, d, why);
}

/* ---- every act ---- */

/* An empty row has no effect of its own. */
static enum outcome (*const own_effects[ACTION_COUNT])(struct tx *tx, const struct act *in, struct dossier *d,
                                                       struct act_trace *out, struct fail *why) = {
    [ACTION_RECEIVE] = keep_taker,          [ACTION_CONSULT] = ask_units,
    [ACTION_ANSWER] = answer_unit,          [ACTION_REQUEST_PAYMENT] = ask_payment,
    [ACTION_RECORD_PAYMENT] = take_payment, [ACTION_REQUEST_SUPPLEMENT] = ask_papers,
    [ACTION_SUPPLEMENT] = take_papers,
};

enum outcome act_effects_take(struct tx *tx, const struct act *in, struct dossier *d, struct act_trace *out,
                              struct fail *why)
{
    *out = (struct act_trace){0};
    if (own_effects[in->action] != NULL) TRY(own_effects[in->action](tx, in, d, out, why));
    TRY(drop_units(tx, in, d, why));
    const struct contact_entry contact = {.dossier = d->id,
                                          .version = d->version,
                                          .account = in->actor.account,
                                          .manner = contact_of_act(d, in->action, &in->input, &in->who),
                                          .note = in->action == ACTION_NOTE_CONTACT ? in->input.note : STR("")};
    return contact_add(tx, &contact, why);
}

enum outcome act_effects_undo(struct tx *tx, const struct act *in, struct dossier *d, int64_t version, struct fail *why)
{
    TRY(payment_cancel(tx, d->id, version, in->actor.account, in->input.note, why));
    TRY(contacts_undo(tx, d->id, version, why));
    TRY(supplement_undo(tx, d->id, version, why));
    return units_undo(tx, d, version, why);
}
