#include "dossier/dossier_submit.h"

#include "agency/post.h"
#include "base/auto.h"
#include "dossier/confirmation.h"
#include "dossier/contact.h"
#include "dossier/draft.h"
#include "dossier/paper.h"
#include "dossier/protection.h"
#include "people/mandate.h"
#include "queries.h"
#include "store/series.h"

enum { PAYLOAD_BYTES = 16 * 1024 };

/* Every paper must be one that the submitter sent: knowing a hash gives nothing. */
static enum outcome find_files(struct tx *tx, const struct submission *in, struct upload_row *out, struct fail *why)
{
    for (size_t i = 0; i < in->file_count; i++) {
        enum outcome found = attachment_find(tx, in->actor.account, &in->files[i], &out[i], why);
        if (found == ERR_MISSING)
            fail_problem(why, str_format(tx_arena(tx), "/files/%zu/file", i), "missing",
                         N_("You have not uploaded this file. Upload it first."));
        else
            TRY(found);
    }
    return fail_if_problems(why);
}

static enum outcome add_files(struct tx *tx, const struct submission *in, int64_t dossier,
                              const struct upload_row *uploads, struct fail *why)
{
    for (size_t i = 0; i < in->file_count; i++) {
        struct dossier_file file = {
            .n = (int64_t)i + 1,
            .component = in->files[i].component,
            .kind = in->files[i].kind,
            .hash = in->files[i].hash,
            .name =
                in->is_protected ? paper_neutral_name(tx_arena(tx), (int64_t)i + 1, uploads[i].type) : uploads[i].name,
            .type = uploads[i].type,
            .bytes = uploads[i].bytes,
            .reused = uploads[i].is_reused,
            .source = in->actor.agency == 0 ? STR("applicant") : STR("officer"),
            .added_at = tx_now(tx),
            .added_by = in->actor.account,
        };
        TRY(dossier_file_add(tx, dossier, &file, why));
    }
    return OK;
}

/* Numbers begin anew each day. */
static struct str period_of_codes(struct tx *tx)
{
    struct civil c = day_to_civil(day_of(tx_now(tx)));
    return str_format(tx_arena(tx), "%04d-%02d-%02d", c.year, c.month, c.day);
}

static enum outcome give_code(struct tx *tx, const struct submission *in, struct str *out, struct fail *why)
{
    day_t day = day_of(tx_now(tx));
    int64_t number;
    TRY(series_next(tx, STR("dossier"), in->agency_identifier, period_of_codes(tx), &number, why));
    *out = dossier_code(tx_arena(tx), rule_set_at(day), in->agency_identifier, day, number);
    return OK;
}

static struct str owner_of(const struct submission *in)
{
    for (size_t i = 0; i < in->party_count; i++)
        if (str_eq(in->parties[i].role, STR("owner"))) return in->parties[i].name;
    BUG("a submission without an owner");
}

/* The first step may have a deadline of its own. What the office itself begins needs no receipt: its time limit runs
 * from the day on which it was opened. */
static enum outcome begin_at_once(struct dossier *d, const struct submission *in, struct fail *why)
{
    struct due due;
    if (in->table->steps[0].within.unit != TERM_NONE) {
        TRY(calendar_due(in->calendar, d->submitted_at, in->table->steps[0].within, &due, why));
        d->step_due = due.at;
    }
    if (d->status == STATUS_NEW) return OK;
    TRY(calendar_due(in->calendar, d->submitted_at, in->term, &due, why));
    d->received_at = d->submitted_at;
    d->term = in->term;
    d->due_at = due.at;
    d->is_provisional = due.is_provisional;
    d->calendar_version = sha256_format(why->arena, calendar_version(in->calendar));
    return OK;
}

static enum outcome make_dossier(struct tx *tx, const struct submission *in, struct dossier *out, struct fail *why)
{
    const struct step *first = &in->table->steps[0];
    *out = dossier_empty();
    out->id = tx_new_id(tx);
    out->version = 1;
    out->procedure_version = in->procedure_version;
    out->procedure_code = in->procedure_code;
    out->process_version = in->process_version;
    out->agency = in->agency;
    out->channel = in->channel;
    out->case_id = in->case_id;
    out->status = first->status;
    out->step = first->name;
    out->submitter = in->actor.account;
    out->owner_name = owner_of(in);
    out->submitted_at = out->step_since = tx_now(tx);
    out->rule_set = rule_set_at(day_of(out->submitted_at))->name;
    out->form = in->form;
    out->return_manner = in->delivery.manner;
    out->is_protected = in->is_protected;
    TRY(begin_at_once(out, in, why));
    out->list_due = dossier_worklist_due(out, in->calendar);
    TRY(queue_for(tx, in->agency, first->role, in->procedure_group, &out->queue, why));
    return give_code(tx, in, &out->code, why);
}

/* Who has no account and agreed to letters: the followers of the journal take it from there. Said by an officer only,
 * so that nobody has letters sent to an address of somebody else. */
static void note_letters(struct json_writer *w, const struct submission *in)
{
    bool has_any = false;
    for (size_t i = 0; i < in->party_count; i++) has_any |= in->parties[i].by_email;
    if (!has_any || in->actor.agency == 0) return;
    jw_key(w, "mail");
    jw_open(w, '[');
    for (size_t i = 0; i < in->party_count; i++)
        if (in->parties[i].by_email) jw_int(w, (int64_t)i + 1);
    jw_close(w);
}

/* At the counter the citizen confirms what the officer wrote. */
static enum outcome file_confirmation(struct tx *tx, const struct submission *in, const struct dossier *d,
                                      struct str *out, struct fail *why)
{
    const struct confirmation_filing filing = {d->id, in->draft, in->actor.account, in->content,
                                               in->is_confirmed_on_paper};
    *out = STR("");
    return str_eq(d->channel, STR("counter")) ? confirmation_file(tx, &filing, out, why) : OK;
}

static enum outcome note_submission(struct tx *tx, const struct submission *in, const struct dossier *d,
                                    struct str confirmed, struct fail *why)
{
    AUTO_BUF struct buf text;
    buf_init(&text, PAYLOAD_BYTES);
    struct json_writer w;
    jw_init(&w, &text);
    jw_open(&w, '{'); /* canonical: keys in order */
    jw_put_id(&w, "agency", d->agency);
    jw_put_str(&w, "case", d->case_id);
    jw_put_str(&w, "channel", d->channel);
    jw_put_str(&w, "code", d->code);
    if (confirmed.len > 0) jw_put_str(&w, "confirmed", confirmed);
    jw_put_int(&w, "files", (int64_t)in->file_count);
    note_letters(&w, in);
    if (in->mandate != 0) jw_put_id(&w, "mandate", in->mandate);
    jw_put_str(&w, "procedure", d->procedure_code);
    jw_put_id(&w, "procedure_version", d->procedure_version);
    if (d->return_manner.len > 0) jw_put_str(&w, "return_manner", d->return_manner);
    if (in->ruling != NULL) jw_put_str(&w, "rules", in->ruling->hash);
    jw_put_int(&w, "status", d->status);
    jw_put_str(&w, "step", d->step);
    jw_put_id(&w, "submitter", dossier_told_actor(d, in->actor).account);
    jw_close(&w);
    struct entry entry = {.subject_kind = SUBJECT_DOSSIER,
                          .subject = d->id,
                          .version = d->version,
                          .act = "submit",
                          .actor = dossier_told_actor(d, in->actor),
                          .payload = buf_str(&text)};
    return journal_append(tx, &entry, NULL, why);
}

static enum outcome add_rows(struct tx *tx, const struct submission *in, const struct dossier *d, struct fail *why)
{
    TRY(dossier_insert(tx, d, why));
    TRY(parties_save(tx, d->id, in->parties, in->party_count, why));
    for (size_t i = 0; i < in->party_count; i++)
        TRY(identity_save(tx, OWNER_DOSSIER, d->id, (int64_t)i + 1, in->identities[i], in->parties[i].identity_count,
                          why));
    TRY(delivery_save(tx, d->id, &in->delivery, why));
    TRY(ruling_save(tx, d->id, d->procedure_code, in->ruling, why));
    if (!in->is_protected) TRY(doubts_save(tx, d->id, in->doubts, in->doubt_count, why));
    if (in->mandate != 0) TRY(mandate_note_filing(tx, d->id, in->mandate, in->actor.account, why));
    if (in->is_protected) TRY(protection_save(tx, d->id, in->secret, why));
    const struct worklist_row row = {d->queue, d->list_due, d->id, 0, work_stage_of(d), INSTANT_NONE};
    TRY(worklist_add(tx, &row, why));
    const struct contact_entry visit = {
        .dossier = d->id, .version = d->version, .account = in->actor.account, .manner = contact_of_filing(d->channel)};
    TRY(contact_add(tx, &visit, why));
    if (in->draft != 0) TRY(draft_note_sent(tx, in->actor.account, in->draft, d->id, why));
    return OK;
}

static enum outcome replay_receipt(struct tx *tx, const struct submission *in, struct str code, struct receipt *out,
                                   struct fail *why)
{
    struct dossier d;
    TRY(dossier_find(tx, code, &d, why));
    *out = (struct receipt){d.id, d.version, str_dup(in->arena, d.code), d.submitted_at, true};
    return OK;
}

/* All that is read before the first change. */
static void ask_ahead(struct tx *tx, const struct submission *in)
{
    idempotency_ahead(tx, &in->key);
    for (size_t i = 0; i < in->file_count; i++) attachment_ahead(tx, in->actor.account, &in->files[i]);
    queue_ahead(tx, in->agency, in->table->steps[0].role, in->procedure_group);
    series_ahead(tx, STR("dossier"), in->agency_identifier, period_of_codes(tx));
}

enum outcome dossier_submit(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct submission *in = input;
    struct receipt *out = output;
    struct replay replay;
    ask_ahead(tx, in);
    TRY(idempotency_begin(tx, &in->key, &replay, why));
    if (replay.is_found) return replay_receipt(tx, in, replay.reply, out, why);
    struct upload_row *uploads = ARENA_ARRAY(tx_arena(tx), struct upload_row, in->file_count + 1);
    struct dossier d;
    struct str confirmed;
    TRY(find_files(tx, in, uploads, why));
    TRY(make_dossier(tx, in, &d, why));
    TRY(add_rows(tx, in, &d, why));
    TRY(add_files(tx, in, d.id, uploads, why));
    TRY(file_confirmation(tx, in, &d, &confirmed, why));
    TRY(note_submission(tx, in, &d, confirmed, why));
    TRY(idempotency_finish(tx, &in->key, 201, d.code, why)); /* the reply is made again from the dossier */
    *out = (struct receipt){d.id, d.version, str_dup(in->arena, d.code), d.submitted_at, false};
    return OK;
}
