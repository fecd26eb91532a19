#include "dossier/dossier_act.h"

#include <string.h>

#include "agency/post.h"
#include "base/auto.h"
#include "dossier/act_effect.h"
#include "dossier/unit.h"
#include "queries.h"

enum { PAYLOAD_BYTES = 64 * 1024 };

/* The second of two officers is told what the first one did. */
static enum outcome check_version(struct tx *tx, const struct act *in, const struct dossier *d, struct fail *why)
{
    if (d->version == in->version) return OK;
    struct journal_entry *entries;
    size_t count;
    TRY(journal_of_subject(tx, SUBJECT_DOSSIER, d->id, &entries, &count, why));
    struct str act = count > 0 ? entries[count - 1].act : STR("");
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
        .name = upload->name,
        .type = upload->type,
        .bytes = upload->bytes,
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

static enum outcome add_papers(struct tx *tx, const struct act *in, const struct dossier *d, struct fail *why)
{
    if (in->input.file_count == 0 && in->made == NULL) return OK;
    int64_t last;
    TRY(dossier_file_last(tx, d->id, &last, why));
    for (size_t i = 0; i < in->input.file_count; i++) {
        struct upload_row upload;
        enum outcome found = upload_find(tx, in->actor.account, in->files[i].hash, &upload, why);
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

/* An assignee must serve the step that it is assigned for at this agency today. */
static enum outcome check_assignee(struct tx *tx, const struct act *in, const struct dossier *d, struct fail *why)
{
    if (in->action != ACTION_ASSIGN) return OK;
    const struct step *step =
        process_next(in->table, dossier_step(d, in->table), str_from(actions[ACTION_ASSIGN].name));
    struct post *posts;
    size_t count;
    TRY(posts_of_agency(tx, d->agency, step->role, day_of(tx_now(tx)), &posts, &count, why));
    for (size_t i = 0; i < count; i++)
        if (posts[i].account == in->input.to) return OK;
    fail_problem(why, STR("/to"), "unknown", N_("This officer does not serve the present step ({0})."), step->role);
    return fail_if_problems(why);
}

/* Out of one queue, into the next: the inbox shows it within the same commit. */
static enum outcome move_in_worklist(struct tx *tx, const struct act *in, const struct dossier *before,
                                     struct dossier *d, struct fail *why)
{
    if (before->list_due != INSTANT_NONE) TRY(worklist_remove(tx, before->queue, before->list_due, d->id, why));
    int step = dossier_step(d, in->table);
    bool is_office = step != STEP_END && !str_eq(in->table->steps[step].role, STR("applicant"));
    d->queue = 0;
    d->list_due = INSTANT_NONE;
    if (!is_office) return OK;
    d->list_due = dossier_worklist_due(d, in->calendar);
    TRY(queue_for(tx, d->agency, in->table->steps[step].role, in->procedure_group, &d->queue, why));
    return worklist_add(tx, d->queue, d->list_due, d->id, d->holder, why);
}

static enum outcome note_act(struct tx *tx, const struct act *in, const struct dossier *before, const struct dossier *d,
                             const struct act_trace *trace, struct fail *why)
{
    AUTO_BUF struct buf text;
    buf_init(&text, PAYLOAD_BYTES);
    struct json_writer w;
    jw_init(&w, &text);
    jw_open(&w, '{'); /* canonical: keys in order */
    if (in->batch != 0) jw_put_id(&w, "batch", in->batch);
    jw_put_instant(&w, "due_at", d->due_at);
    jw_put_int(&w, "files", (int64_t)in->input.file_count + (in->made != NULL));
    if (in->input.note.len > 0) jw_put_str(&w, "note", in->input.note);
    if (d->outcome.len > 0) jw_put_str(&w, "outcome", d->outcome);
    if (in->input.reason.len > 0) jw_put_str(&w, "reason", in->input.reason);
    if (trace->receipt_number.len > 0) jw_put_str(&w, "receipt_number", trace->receipt_number);
    jw_put_int(&w, "status", d->status);
    jw_put_int(&w, "status_before", before->status);
    jw_put_str(&w, "step", d->step);
    jw_put_str(&w, "step_before", before->step);
    if (in->input.to != 0) jw_put_id(&w, "to", in->input.to);
    if (in->input.until != 0) jw_put_str(&w, "until", day_format(tx_arena(tx), in->input.until));
    jw_close(&w);
    struct entry entry = {.subject_kind = SUBJECT_DOSSIER,
                          .subject = d->id,
                          .version = d->version,
                          .act = actions[in->action].name,
                          .actor = in->actor,
                          .payload = buf_str(&text)};
    return journal_append(tx, &entry, NULL, why);
}

enum outcome dossier_act(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct act *in = input;
    struct act_done *out = output;
    struct dossier before, d;
    struct act_trace trace;
    TRY(dossier_find(tx, in->code, &before, why));
    TRY(check_version(tx, in, &before, why));
    if (actions[in->action].doer == BY_UNIT) TRY(units_know(tx, &before, tx_now(tx), why));
    TRY(dossier_can(&before, in->table, in->action, &in->who, why));
    TRY(check_assignee(tx, in, &before, why));
    d = before;
    TRY(dossier_move(&d, in->table, in->action, &in->input, tx_now(tx), why));
    TRY(add_papers(tx, in, &d, why));
    TRY(act_effects_take(tx, in, &d, &trace, why));
    TRY(move_in_worklist(tx, in, &before, &d, why));
    TRY(dossier_save(tx, &d, before.version, why));
    TRY(note_act(tx, in, &before, &d, &trace, why));
    *out = (struct act_done){d.id, d.version, d.status};
    return OK;
}
