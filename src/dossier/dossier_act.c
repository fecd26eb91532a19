#include "dossier/dossier_act.h"

#include <string.h>

#include "agency/competence.h"
#include "agency/post.h"
#include "base/auto.h"
#include "dossier/act_effect.h"
#include "dossier/dossier_undo.h"
#include "dossier/paper.h"
#include "dossier/unit.h"
#include "queries.h"

/* A request for forty papers names each twice: as an item, and in the words of the reason. */
enum { PAYLOAD_BYTES = 512 * 1024 };

/* The second of two officers is told what the first one did. */
static enum outcome check_version(struct tx *tx, const struct act *in, const struct dossier *d, struct fail *why)
{
    if (d->version == in->version) return OK;
    struct journal_entry *entries;
    size_t count;
    TRY(journal_of_subject(tx, SUBJECT_DOSSIER, d->id, &entries, &count, why));
    /* A reminder is no change: what changed it is the first entry of its version. */
    while (count > 1 && entries[count - 1].version == entries[count - 2].version) count--;
    const struct action *action = count > 0 ? action_find(entries[count - 1].act) : NULL;
    if (action == NULL && count > 0) action = action_of_system(entries[count - 1].act);
    struct str act = translate(in->who.language, action != NULL ? action->done : N_("Submitted"));
    struct str at = count > 0 ? instant_for_people(tx_arena(tx), entries[count - 1].at) : STR("");
    return fail(why, ERR_STALE, N_("The dossier was changed meanwhile: “{0}” at {1}. Look at it again before you act."),
                act, at);
}

/* What units add to their opinion is no result, whatever it is called. */
static struct str kind_of_paper(const struct act *in, const struct attachment *paper)
{
    if (in->action == ACTION_SUPPLEMENT) return STR("supplement");
    return in->action == ACTION_ANSWER ? STR("other") : paper->kind;
}

static enum outcome add_upload(struct tx *tx, const struct act *in, const struct dossier *d, int64_t n,
                               const struct attachment *paper, const struct upload_row *upload, struct fail *why)
{
    struct dossier_file file = {
        .n = n,
        .component = paper->component,
        .kind = kind_of_paper(in, paper),
        .hash = upload->hash,
        .name = d->is_protected ? paper_neutral_name(tx_arena(tx), n, upload->type) : upload->name,
        .type = upload->type,
        .bytes = upload->bytes,
        .reused = upload->is_reused,
        .source = in->actor.agency == 0 ? STR("applicant") : STR("officer"),
        .added_at = tx_now(tx),
        .added_by = in->actor.account,
    };
    return dossier_file_add(tx, d->id, &file, why);
}

static enum outcome add_made(struct tx *tx, const struct act *in, const struct dossier *d, int64_t n, struct fail *why)
{
    struct dossier_file file = {.n = n,
                                .kind = STR("result"),
                                .hash = in->made->hash,
                                .name = in->made->name,
                                .type = in->made->type,
                                .bytes = in->made->bytes,
                                .source = STR("system"),
                                .added_at = tx_now(tx)};
    return dossier_file_add(tx, d->id, &file, why);
}

static enum outcome add_uploads(struct tx *tx, const struct act *in, const struct dossier *d, int64_t last,
                                struct fail *why)
{
    for (size_t i = 0; i < in->input.file_count; i++) {
        struct upload_row upload;
        enum outcome found = attachment_find(tx, in->actor.account, &in->files[i], &upload, why);
        if (found == ERR_MISSING)
            fail_problem(why, str_format(tx_arena(tx), "/files/%zu/file", i), "missing",
                         N_("You have not uploaded this file. Upload it first."));
        else
            TRY(found);
        if (found == OK) TRY(add_upload(tx, in, d, ++last, &in->files[i], &upload, why));
    }
    TRY(fail_if_problems(why));
    return in->made != NULL ? add_made(tx, in, d, ++last, why) : OK;
}

/* out_last: the number of its last paper before the act. */
static enum outcome add_papers(struct tx *tx, const struct act *in, const struct dossier *d, int64_t *out_last,
                               struct fail *why)
{
    TRY(dossier_file_last(tx, d->id, out_last, why));
    /* A corrected result takes the place of the one that was wrong, which stays with the dossier. */
    if (in->action == ACTION_CORRECT) TRY(dossier_file_replace(tx, d->id, *out_last, why));
    return add_uploads(tx, in, d, *out_last, why);
}

/* An assignee must serve the step that it is assigned for at this agency today. */
static enum outcome check_assignee(struct tx *tx, const struct act *in, const struct dossier *d, struct fail *why)
{
    if (in->action != ACTION_ASSIGN) return OK;
    const struct step *step =
        process_next(in->book.table, dossier_step(d, in->book.table), str_from(actions[ACTION_ASSIGN].name));
    struct post *posts;
    size_t count;
    TRY(posts_of_agency(tx, d->agency, step->role, day_of(tx_now(tx)), &posts, &count, why));
    for (size_t i = 0; i < count; i++)
        if (posts[i].account == in->input.to) return OK;
    fail_problem(why, STR("/to"), "unknown", N_("This officer does not serve the present step ({0})."),
                 in->who.language == ENGLISH ? step->title_en : step->title_vi);
    return fail_if_problems(why);
}

/* Another agency, in force today, that performs the procedure today (competence by decree and date). */
static enum outcome check_destination(struct tx *tx, const struct act *in, const struct dossier *d, struct fail *why)
{
    struct agency agency;
    struct competence competence;
    struct fail missing;
    day_t today = day_of(tx_now(tx));
    if (in->action != ACTION_TRANSFER) return OK;
    fail_init(&missing, tx_arena(tx));
    TRY(agency_load(tx, in->input.to_agency, &agency, why));
    if (agency.id == d->agency)
        fail_problem(why, STR("/to"), "same", N_("The dossier is at this agency already."));
    else if (!agency_is_in_force(&agency, today))
        fail_problem(why, STR("/to"), "not-in-force", N_("{0} does not exist any more today."), agency.name);
    TRY(fail_if_problems(why));
    enum outcome found = competence_find(tx, d->procedure_code, agency.id, PERFORMING, today, &competence, &missing);
    if (found == ERR_MISSING)
        fail_problem(why, STR("/to"), "not-competent", N_("{0} does not perform this procedure."), agency.name);
    else if (found != OK)
        return fail_with(why, found, missing.sentence, missing.args);
    return fail_if_problems(why);
}

/* Where it stands in the inbox. It is new there when it changes hands; who takes it into their own has seen it. */
static enum outcome enlist(struct tx *tx, const struct act *in, const struct dossier *before, const struct dossier *d,
                           instant_t since, struct fail *why)
{
    bool is_same_hands = d->queue == before->queue && (d->holder == before->holder || d->holder == in->actor.account);
    const struct worklist_row row = {d->queue,  d->list_due,      d->id,
                                     d->holder, work_stage_of(d), is_same_hands ? since : INSTANT_NONE};
    return worklist_add(tx, &row, why);
}

/* Out of one queue, into the next: the inbox shows it within the same commit. */
static enum outcome move_in_worklist(struct tx *tx, const struct act *in, const struct dossier *before,
                                     struct dossier *d, struct fail *why)
{
    instant_t since = INSTANT_NONE;
    int step = dossier_step(d, in->book.table);
    const struct step *s = step == STEP_END ? NULL : &in->book.table->steps[step];
    bool is_listed = s != NULL && !str_eq(s->role, STR("applicant"));
    if (is_listed) queue_ahead(tx, d->agency, s->role, in->procedure_group);
    if (before->list_due != INSTANT_NONE) TRY(worklist_remove(tx, before->queue, before->list_due, d->id, &since, why));
    d->queue = 0;
    d->list_due = INSTANT_NONE;
    if (!is_listed) return OK;
    d->list_due = dossier_worklist_due(d, in->book.calendar);
    TRY(queue_for(tx, d->agency, s->role, in->procedure_group, &d->queue, why));
    return enlist(tx, in, before, d, since, why);
}

/* ---- the journal ---- */

static void put_text(struct json_writer *w, const char *key, struct str text)
{
    if (text.len > 0) jw_put_str(w, key, text);
}

static void put_number(struct json_writer *w, const char *key, int64_t n)
{
    if (n != 0) jw_put_int(w, key, n);
}

static void put_id(struct json_writer *w, const char *key, int64_t id)
{
    if (id != 0) jw_put_id(w, key, id);
}

static void put_units(struct json_writer *w, struct arena *a, const struct act_input *in)
{
    if (in->unit_count == 0) return;
    jw_key(w, "units");
    jw_open(w, '[');
    for (size_t i = 0; i < in->unit_count; i++) {
        jw_open(w, '{');
        put_id(w, "account", in->units[i].account);
        put_id(w, "agency", in->units[i].agency);
        if (in->units[i].until != 0) jw_put_str(w, "until", day_format(a, in->units[i].until));
        jw_close(w);
    }
    jw_close(w);
}

/* Which items were answered; what was said stands with the items. */
static void put_answers(struct json_writer *w, const struct act_input *in)
{
    if (in->answer_count == 0) return;
    jw_key(w, "answers");
    jw_open(w, '[');
    for (size_t i = 0; i < in->answer_count; i++) jw_int(w, in->answers[i].n);
    jw_close(w);
}

static void put_items(struct json_writer *w, const struct act_input *in)
{
    if (in->item_count == 0) return;
    jw_key(w, "items");
    jw_open(w, '[');
    for (size_t i = 0; i < in->item_count; i++) {
        jw_open(w, '{');
        put_text(w, "basis", in->items[i].basis);
        put_text(w, "component", in->items[i].component);
        put_text(w, "field", in->items[i].field);
        put_text(w, "reason", in->items[i].reason);
        jw_close(w);
    }
    jw_close(w);
}

/* Canonical: keys in order. What the act brought, and what it changed. */
static void write_payload(struct json_writer *w, struct arena *a, const struct act *in, const struct dossier *before,
                          const struct dossier *d, const struct act_trace *trace)
{
    const struct act_input *i = &in->input;
    bool goes = d->agency != before->agency, is_undo = in->action == ACTION_UNDO;
    jw_open(w, '{');
    if (goes) jw_put_id(w, "agency", d->agency);
    if (goes) jw_put_id(w, "agency_before", before->agency);
    put_number(w, "amount", i->amount);
    put_answers(w, i);
    put_id(w, "batch", in->batch);
    put_text(w, "currency", i->currency);
    jw_put_instant(w, "due_at", d->due_at);
    if (d->due_at != before->due_at) jw_put_instant(w, "due_before", before->due_at);
    put_text(w, "fee", i->fee);
    jw_put_int(w, "files", (int64_t)i->file_count + (in->made != NULL));
    put_items(w, i);
    put_text(w, "manner", i->manner);
    put_text(w, "note", i->note);
    put_text(w, "outcome", d->outcome);
    put_text(w, "payer", i->payer);
    put_text(w, "reason", i->reason);
    put_text(w, "receipt_number", trace->receipt_number);
    put_text(w, "receiver_name", i->receiver_name);
    if (in->action == ACTION_RECEIVE) jw_put_str(w, "rule_set", d->rule_set);
    jw_put_int(w, "status", d->status);
    jw_put_int(w, "status_before", before->status);
    jw_put_str(w, "step", d->step);
    jw_put_str(w, "step_before", before->step);
    put_id(w, "to", i->to);
    put_text(w, "tracking", i->tracking);
    if (is_undo) jw_put_str(w, "undone", before->last.act);
    if (is_undo) jw_put_int(w, "undone_version", before->last.version);
    put_units(w, a, i);
    if (i->until != 0) jw_put_str(w, "until", day_format(a, i->until));
    jw_close(w);
}

static enum outcome note_act(struct tx *tx, const struct act *in, const struct dossier *before, const struct dossier *d,
                             const struct act_trace *trace, struct fail *why)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, PAYLOAD_BYTES);
    jw_init(&w, &text);
    write_payload(&w, tx_arena(tx), in, before, d, trace);
    struct entry entry = {.subject_kind = SUBJECT_DOSSIER,
                          .subject = d->id,
                          .version = d->version,
                          .act = actions[in->action].name,
                          .actor = dossier_told_actor(d, in->actor),
                          .payload = buf_str(&text)};
    return journal_append(tx, &entry, NULL, why);
}

/* The latest act is remembered with the state before it, unless it can never be taken back. */
static enum outcome remember(struct tx *tx, const struct act *in, const struct dossier *before, const struct dossier *d,
                             int64_t last_file, struct fail *why)
{
    bool is_lasting = actions[in->action].is_lasting;
    struct last_act last = {.version = d->version,
                            .account = in->actor.account,
                            .at = tx_now(tx),
                            .act = str_from(actions[in->action].name),
                            .state = is_lasting ? STR("") : dossier_state(tx_arena(tx), before, last_file)};
    return dossier_remember(tx, d->id, &last, why);
}

/* ---- the two ways of changing a dossier: on by an act, back by undoing one ---- */

static enum outcome go_on(struct tx *tx, const struct act *in, const struct dossier *before, struct dossier *d,
                          struct act_trace *trace, struct fail *why)
{
    int64_t last_file;
    TRY(check_assignee(tx, in, before, why));
    TRY(check_destination(tx, in, before, why));
    TRY(dossier_move(d, &in->book, in->action, &in->input, tx_now(tx), why));
    TRY(add_papers(tx, in, d, &last_file, why));
    TRY(act_effects_take(tx, in, d, trace, why));
    TRY(move_in_worklist(tx, in, before, d, why));
    return remember(tx, in, before, d, last_file, why);
}

static enum outcome go_back(struct tx *tx, const struct act *in, const struct dossier *before, struct dossier *d,
                            struct fail *why)
{
    int64_t last_file;
    dossier_restore(d, tx_arena(tx), before->last.state, &last_file);
    d->version = before->version + 1;
    TRY(dossier_file_undo(tx, d->id, last_file, why));
    TRY(act_effects_undo(tx, in, d, before->last.version, why));
    instant_t since = INSTANT_NONE;
    if (before->list_due != INSTANT_NONE) TRY(worklist_remove(tx, before->queue, before->list_due, d->id, &since, why));
    if (d->list_due != INSTANT_NONE) TRY(enlist(tx, in, before, d, since, why));
    return remember(tx, in, before, d, last_file, why);
}

/* As far as it is known before: the dossier, and the queue that the act leads to. */
static void ask_ahead(struct tx *tx, const struct act *in)
{
    const struct dossier *seen = in->seen;
    int step = seen != NULL ? dossier_step(seen, in->book.table) : STEP_END;
    if (seen == NULL) return;
    dossier_ahead(tx, seen);
    if (step == STEP_END) return;
    const struct step *next = process_next(in->book.table, step, str_from(actions[in->action].name));
    if (!str_eq(next->role, STR("applicant"))) queue_ahead(tx, seen->agency, next->role, in->procedure_group);
}

enum outcome dossier_act(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct act *in = input;
    struct act_done *out = output;
    struct dossier before, d;
    struct act_trace trace = {0};
    struct standing who = in->who;
    who.now = tx_now(tx); /* judged when it is done */
    ask_ahead(tx, in);
    TRY(dossier_find(tx, in->code, &before, why));
    TRY(check_version(tx, in, &before, why));
    if (actions[in->action].doer == BY_UNIT) TRY(units_know(tx, &before, who.now, why));
    TRY(dossier_can(&before, &in->book, in->action, &who, why));
    d = before;
    if (in->action == ACTION_UNDO)
        TRY(go_back(tx, in, &before, &d, why));
    else
        TRY(go_on(tx, in, &before, &d, &trace, why));
    TRY(dossier_save(tx, &d, before.version, why));
    TRY(note_act(tx, in, &before, &d, &trace, why));
    *out = (struct act_done){d.id, d.version, d.status};
    return OK;
}
