#include "dossier/dossier_input.h"

#include <string.h>

#include "agency/competence.h"
#include "base/text.h"
#include "dossier/result_document.h"
#include "people/people.h"
#include "store/blob.h"

/* ---- submitting ---- */

struct reading {
    const struct desk *desk;
    struct request *rq;
    struct tx *tx;
    yyjson_val *body;
    struct submission *out;
    const struct procedure *procedure;
    const struct channel *channel;
    const struct procedure_case *its_case;
};

static struct str required_text(struct reading *r, const char *field, struct fail *why)
{
    struct str text = json_str(r->body, field);
    if (text.len == 0)
        fail_problem(why, str_format(r->rq->arena, "/%s", field), "required", N_("This has to be filled in."));
    return text;
}

static enum outcome read_procedure(struct reading *r, struct fail *why)
{
    struct str code = required_text(r, "procedure", why);
    if (code.len == 0) return OK;
    struct procedure_ref ref;
    struct fail missing;
    fail_init(&missing, r->rq->arena);
    enum outcome found = catalogue_find(r->tx, code, &ref, &missing);
    if (found == ERR_MISSING) {
        fail_problem(why, STR("/procedure"), "unknown", N_("There is no procedure with the code {0}."), code);
        return OK;
    }
    if (found != OK) return fail_with(why, found, missing.sentence, missing.args);
    TRY(catalogue_version(r->desk->catalogue, r->tx, ref.version, &r->procedure, why));
    r->out->procedure_version = ref.version;
    r->out->procedure_code = r->procedure->code;
    r->out->procedure_group = text_fold(r->rq->arena, r->procedure->field);
    if (r->procedure->initiator == INITIATOR_AUTHORITY)
        fail_problem(why, STR("/procedure"), "not-an-application",
                     N_("This procedure is begun by the authority; nobody applies for it."));
    return OK;
}

/* The agency must perform the procedure today (competence by decree and date). */
static enum outcome read_agency(struct reading *r, struct fail *why)
{
    struct str identifier = json_str(r->body, "agency");
    if (identifier.len == 0) {
        fail_problem(why, STR("/agency"), "required", N_("Choose the agency that the dossier goes to."));
        return OK;
    }
    struct agency agency;
    struct fail missing;
    fail_init(&missing, r->rq->arena);
    enum outcome found = agency_find(r->tx, identifier, &agency, &missing);
    if (found == ERR_MISSING || found == ERR_INVALID) {
        fail_problem(why, STR("/agency"), "unknown", N_("There is no agency with the identifier {0}."), identifier);
        return OK;
    }
    if (found != OK) return fail_with(why, found, missing.sentence, missing.args);
    r->out->agency = agency.id;
    r->out->agency_identifier = agency.identifier;
    if (r->procedure == NULL) return OK;
    struct competence competence;
    found =
        competence_find(r->tx, r->procedure->code, agency.id, PERFORMING, day_of(clock_now()), &competence, &missing);
    if (found == ERR_MISSING)
        fail_problem(why, STR("/agency"), "not-competent", N_("{0} does not perform this procedure."), agency.name);
    else if (found != OK)
        return fail_with(why, found, missing.sentence, missing.args);
    return OK;
}

static void read_channel(struct reading *r, struct fail *why)
{
    struct str code = required_text(r, "channel", why);
    if (code.len == 0 || r->procedure == NULL) return;
    int kind = vocabulary_find(channel_words, CHANNEL_KIND_COUNT, code);
    r->channel = kind < 0 ? NULL : procedure_channel(r->procedure, (enum channel_kind)kind);
    bool is_officer = permission_is_in(r->rq->visitor.permissions, PERMIT_DOSSIER_COUNTER);
    if (kind < 0)
        fail_problem(why, STR("/channel"), "unknown", N_("“{0}” is not one of the choices."), code);
    else if (r->channel == NULL)
        fail_problem(why, STR("/channel"), "not-offered", N_("The procedure is not offered on this channel ({0})."),
                     code);
    else if (kind != CHANNEL_ONLINE && !is_officer)
        fail_problem(why, STR("/channel"), "denied",
                     N_("Only an officer files a dossier from the counter or the post."));
    r->out->channel = code;
}

static void read_case(struct reading *r, struct fail *why)
{
    struct str id = json_str(r->body, "case");
    if (r->channel == NULL) return;
    if (id.len == 0 && r->channel->case_count == 1) {
        r->its_case = &r->channel->cases[0];
    } else if (id.len == 0) {
        fail_problem(why, STR("/case"), "required", N_("The procedure has several cases; choose yours."));
    } else if ((r->its_case = channel_case(r->channel, id)) == NULL) {
        fail_problem(why, STR("/case"), "unknown", N_("The procedure has no case “{0}” on this channel."), id);
    }
    r->out->case_id = r->channel->case_count == 1 || r->its_case == NULL ? STR("") : r->its_case->id;
}

static void seal_identities(struct reading *r, const struct party *parties, size_t count)
{
    struct arena *a = r->rq->arena;
    const struct sealed_identity **all = ARENA_ARRAY(a, const struct sealed_identity *, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct sealed_identity *sealed = ARENA_ARRAY(a, struct sealed_identity, parties[i].identity_count + 1);
        for (size_t n = 0; n < parties[i].identity_count; n++)
            sealed[n] = identity_seal(r->desk->keys, a, parties[i].identities[n]);
        all[i] = sealed;
    }
    r->out->identities = all;
}

static void read_content(struct reading *r, struct fail *why)
{
    struct arena *a = r->rq->arena;
    bool is_officer = r->rq->visitor.agency != 0;
    struct party *parties = parties_read(a, json_get(r->body, "parties"), STR("/parties"), &r->out->party_count, why);
    struct attachment *files =
        form_read_files(a, json_get(r->body, "files"), STR("/files"), is_officer, &r->out->file_count, why);
    r->out->parties = parties;
    r->out->files = files;
    if (r->procedure == NULL) return;
    const struct procedure_form *form =
        form_derive(a, r->procedure, r->channel != NULL && r->channel->kind == CHANNEL_ONLINE);
    r->out->form = form_check(a, form, json_get(r->body, "form"), why);
    form_check_files(a, form, files, r->out->file_count, why);
}

static enum outcome read_all(struct reading *r, struct fail *why)
{
    TRY(read_procedure(r, why));
    TRY(read_agency(r, why));
    read_channel(r, why);
    read_case(r, why);
    read_content(r, why);
    TRY(fail_if_problems(why));
    r->out->process_version = process_standard(r->desk->processes);
    TRY(process_get(r->desk->processes, r->tx, r->out->process_version, &r->out->table, why));
    r->out->calendar = calendars_standard(r->desk->calendars);
    return OK;
}

enum outcome submission_read(const struct desk *desk, struct request *rq, yyjson_val *body, struct submission *out,
                             struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(desk->store, rq->arena, &tx, why));
    *out = (struct submission){.arena = rq->arena, .actor = actor_of(rq)};
    struct reading r = {.desk = desk, .rq = rq, .tx = tx, .body = body, .out = out};
    TRY(read_all(&r, why));
    seal_identities(&r, out->parties, out->party_count);
    return OK;
}

/* ---- acting ---- */

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
