#include "dossier/dossier_input.h"

#include <string.h>

#include "base/text.h"
#include "dossier/result_document.h"
#include "people/people.h"
#include "store/blob.h"

static struct str read_lines(struct request *rq, yyjson_val *body, const char *field, struct fail *why)
{
    yyjson_val *v = json_get(body, field);
    if (v == NULL) return STR("");
    if (!yyjson_is_str(v)) {
        fail_problem(why, str_format(rq->arena, "/%s", field), "type", N_("This must be text."));
        return STR("");
    }
    return str_trim(text_clean(rq->arena, json_text(v)));
}

static bool has_field(enum action_id action, const char *name)
{
    for (size_t i = 0; i < actions[action].field_count; i++)
        if (strcmp(actions[action].fields[i].name, name) == 0) return true;
    return false;
}

/* What the act's row does not name is left out: nobody bounded it, and nobody asked for it. */
static void drop_foreign(enum action_id action, struct act_input *in)
{
    if (!has_field(action, "note")) in->note = STR("");
    if (!has_field(action, "reason")) in->reason = STR("");
    if (!has_field(action, "outcome")) in->outcome = STR("");
    if (!has_field(action, "until")) in->until = 0;
    if (!has_field(action, "to")) in->to = 0;
    if (!has_field(action, "files")) in->file_count = 0;
}

static enum outcome read_assignee(struct tx *tx, struct str login, struct act_input *in, struct fail *why)
{
    if (login.len == 0) return OK;
    struct account account;
    struct fail missing;
    fail_init(&missing, why->arena);
    enum outcome found = account_find(tx, login, &account, &missing);
    if (found == ERR_MISSING) {
        fail_problem(why, STR("/to"), "unknown", N_("There is no account with the login {0}."), login);
        return OK;
    }
    if (found != OK) return fail_with(why, found, missing.sentence, missing.args);
    in->to = account.id;
    return OK;
}

static void read_until(struct request *rq, yyjson_val *body, struct act_input *in, struct fail *why)
{
    struct str text = read_lines(rq, body, "until", why);
    struct fail wrong;
    fail_init(&wrong, rq->arena);
    if (text.len == 0) return;
    if (day_parse(text, &in->until, &wrong) != OK)
        fail_problem(why, STR("/until"), "format", N_("Write the day as year-month-day, such as 2026-11-22."));
    else if (in->until < day_of(clock_now()))
        fail_problem(why, STR("/until"), "past", N_("This day has passed already."));
}

/* The term of the dossier's own case on its own channel, from the version it began with. */
static struct term term_of(const struct dossier_view *v)
{
    int kind = vocabulary_find(channel_words, CHANNEL_KIND_COUNT, v->dossier.channel);
    const struct channel *channel = kind < 0 ? NULL : procedure_channel(v->procedure, (enum channel_kind)kind);
    if (channel == NULL || channel->case_count == 0) return (struct term){TERM_NONE, 0, false};
    const struct procedure_case *c =
        v->dossier.case_id.len > 0 ? channel_case(channel, v->dossier.case_id) : &channel->cases[0];
    return c == NULL ? (struct term){TERM_NONE, 0, false} : c->term;
}

enum outcome act_read(const struct desk *desk, struct request *rq, yyjson_val *body, const struct dossier_view *view,
                      struct act *out, struct fail *why)
{
    enum action_id action = out->action;
    *out = (struct act){.arena = rq->arena,
                        .action = action,
                        .code = view->dossier.code,
                        .version = out->version,
                        .actor = actor_of(rq),
                        .who = standing_of(rq),
                        .table = view->table};
    struct act_input *in = &out->input;
    in->note = read_lines(rq, body, "note", why);
    in->reason = read_lines(rq, body, "reason", why);
    in->outcome = read_lines(rq, body, "outcome", why);
    read_until(rq, body, in, why);
    out->files = form_read_files(rq->arena, json_get(body, "files"), STR("/files"), rq->visitor.agency != 0,
                                 &in->file_count, why);
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(desk->store, rq->arena, &tx, why));
    TRY(read_assignee(tx, read_lines(rq, body, "to", why), in, why));
    drop_foreign(action, in);
    dossier_check_input(action, in, why);
    TRY(fail_if_problems(why));
    in->term = term_of(view);
    in->calendar = out->calendar = calendars_standard(desk->calendars);
    out->procedure_group = text_fold(rq->arena, view->procedure->field);
    return OK;
}

static bool has_result(const struct dossier_view *view, const struct act *act)
{
    for (size_t i = 0; i < act->input.file_count; i++)
        if (str_eq(act->files[i].kind, STR("result"))) return true;
    for (size_t i = 0; i < view->file_count; i++)
        if (str_eq(view->files[i].kind, STR("result"))) return true;
    return false;
}

/* Papers of an issue that name neither component nor kind are the result. */
static void mark_results(struct act *act)
{
    struct attachment *files = (struct attachment *)(uintptr_t)act->files;
    for (size_t i = 0; i < act->input.file_count; i++)
        if (act->action == ACTION_ISSUE && files[i].component.len == 0) files[i].kind = STR("result");
}

enum outcome act_run(const struct desk *desk, struct request *rq, struct act *act, const struct dossier_view *view,
                     struct act_done *out, struct fail *why)
{
    struct upload_row made;
    mark_results(act);
    if (act->action == ACTION_ISSUE && dossier_view_can(view, ACTION_ISSUE) && !has_result(view, act)) {
        TRY(result_document_write(desk, rq, view, &made, why));
        act->made = &made;
    }
    return store_run(desk->store, dossier_act, act, out, why);
}
