#include "dossier/submission_input.h"

#include "agency/agency_calendar.h"
#include "agency/competence.h"
#include "base/text.h"
#include "dossier/dossier_view.h"
#include "people/people.h"

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
    enum outcome found = catalogue_find_open(r->tx, code, &ref, &missing);
    if (found == ERR_MISSING) {
        fail_problem(why, STR("/procedure"), "unknown", N_("There is no procedure with the code {0}."), code);
        return OK;
    }
    if (found == ERR_CONFLICT) {
        fail_problem_with(why, STR("/procedure"), "not-in-force", missing.sentence, missing.args);
        return OK;
    }
    if (found != OK) return fail_with(why, found, missing.sentence, missing.args);
    TRY(catalogue_version(r->desk->catalogue, r->tx, ref.version, &r->procedure, why));
    r->out->procedure_version = ref.version;
    r->out->process_version = ref.process_version;
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
    struct party *parties =
        parties_read(a, json_get(r->body, "parties"), STR("/parties"), day_of(clock_now()), &r->out->party_count, why);
    struct attachment *files =
        form_read_files(a, json_get(r->body, "files"), STR("/files"), is_officer, &r->out->file_count, why);
    delivery_read(a, r->body, r->channel != NULL && r->channel->kind == CHANNEL_POSTAL, day_of(clock_now()),
                  &r->out->delivery, why);
    r->out->parties = parties;
    r->out->files = files;
    if (r->procedure == NULL) return;
    bool is_online = r->channel != NULL && r->channel->kind == CHANNEL_ONLINE;
    struct procedure_form *form = form_derive(a, r->procedure, is_online);
    if (parties_have_authority(parties, r->out->party_count)) form_add_authority(form, is_online);
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
    if (r->out->process_version == 0) r->out->process_version = process_standard(r->desk->processes);
    TRY(process_get(r->desk->processes, r->tx, r->out->process_version, &r->out->table, why));
    return agency_calendar_of(r->desk->calendars, r->tx, r->out->agency, day_of(clock_now()), &r->out->calendar, why);
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
