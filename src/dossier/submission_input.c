#include "dossier/submission_input.h"

#include "agency/agency_calendar.h"
#include "agency/competence_move.h"
#include "base/text.h"
#include "dossier/dossier_view.h"
#include "dossier/protection.h"
#include "people/mandate.h"
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
    return OK;
}

/* The agency does not perform it today: where it went is told with the identifier, so that programs can follow. */
static enum outcome say_who_instead(struct reading *r, const struct agency *old, day_t today, struct fail *why)
{
    struct instead now;
    enum outcome found = competence_instead(r->tx, r->procedure->code, old, today, &now, why);
    if (found == ERR_MISSING) {
        fail_problem(why, STR("/agency"), "not-competent", N_("{0} does not perform this procedure."), old->name);
        return OK;
    }
    TRY(found);
    struct str since = day_for_people(r->rq->arena, now.since);
    const struct agency_class *class = agency_class_find(now.class);
    if (now.agency.id == 0)
        fail_problem(
            why, STR("/agency"), "moved",
            N_("Since {0} this procedure is no longer performed by {1} ({2}); choose the new agency, which is of "
               "this kind: {3}."),
            since, old->name, now.decree, translate(r->rq->language, class != NULL ? class->title : ""));
    else
        fail_problem(why, STR("/agency"), "moved", N_("Since {0} this procedure is performed by {1} {2}, not by {3}."),
                     since, now.agency.identifier, now.agency.name, old->name);
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
    day_t today = day_of(tx_now(r->tx)); /* the local day of submission decides */
    found = competence_find(r->tx, r->procedure->code, agency.id, PERFORMING, today, &competence, &missing);
    if (found == ERR_MISSING || (found == OK && !agency_is_in_force(&agency, today)))
        return say_who_instead(r, &agency, today, why);
    if (found != OK) return fail_with(why, found, missing.sentence, missing.args);
    return OK;
}

/* What an office begins comes on no channel of the record: an officer opens it, in the name of their agency. */
static void read_opening(struct reading *r, struct str code, struct fail *why)
{
    const struct visitor *who = &r->rq->visitor;
    if (!str_eq(code, STR("internal")) || !permission_is_in(who->permissions, PERMIT_DOSSIER_OPEN))
        fail_problem(why, STR("/procedure"), "not-an-application",
                     procedure_is_internal(r->procedure)
                         ? N_("This procedure is one between agencies; nobody applies for it.")
                         : N_("This procedure is begun by the authority; nobody applies for it."));
    else if (r->procedure->initiator == INITIATOR_AUTHORITY && r->out->agency != 0 && r->out->agency != who->agency)
        fail_problem(why, STR("/agency"), "denied", N_("An officer opens a procedure only for their own agency."));
    r->channel = r->procedure->channel_count > 0 ? &r->procedure->channels[0] : NULL; /* for its case and term */
}

static void read_channel(struct reading *r, struct fail *why)
{
    struct str code = required_text(r, "channel", why);
    r->out->channel = code;
    if (code.len == 0 || r->procedure == NULL) return;
    if (procedure_is_of_officers(r->procedure)) {
        read_opening(r, code, why);
        return;
    }
    int kind = vocabulary_find(channel_words, CHANNEL_KIND_COUNT, code);
    r->channel = kind < 0 ? NULL : procedure_channel(r->procedure, (enum channel_kind)kind);
    bool is_one_stop = permission_is_in(r->rq->visitor.permissions, PERMIT_DOSSIER_COUNTER);
    if (kind < 0)
        fail_problem(why, STR("/channel"), "unknown", N_("“{0}” is not one of the choices."), code);
    else if (r->channel == NULL)
        fail_problem(why, STR("/channel"), "not-offered", N_("The procedure is not offered on this channel ({0})."),
                     code);
    else if (!is_one_stop && (kind != CHANNEL_ONLINE || r->rq->visitor.agency != 0))
        fail_problem(why, STR("/channel"), "denied",
                     N_("Only an officer files a dossier from the counter or the post."));
}

static void read_case(struct reading *r, struct fail *why)
{
    struct str id = json_str(r->body, "case");
    if (r->channel == NULL) return;
    if (id.len == 0 && (r->channel->case_count == 1 || procedure_is_of_officers(r->procedure))) {
        r->its_case = &r->channel->cases[0];
    } else if (id.len == 0) {
        fail_problem(why, STR("/case"), "required", N_("The procedure has several cases; choose yours."));
    } else if ((r->its_case = channel_case(r->channel, id)) == NULL) {
        fail_problem(why, STR("/case"), "unknown", N_("The procedure has no case “{0}” on this channel."), id);
    }
    r->out->case_id = r->channel->case_count == 1 || r->its_case == NULL ? STR("") : r->its_case->id;
    if (r->its_case != NULL) r->out->term = r->its_case->term;
}

/* Between agencies an agency asks, in whose name its officer acts; within one, its own units alone. */
static enum outcome check_agencies(struct reading *r, struct fail *why)
{
    const struct party *parties = r->out->parties;
    struct agency own, target;
    if (r->procedure == NULL || !procedure_is_internal(r->procedure)) return OK;
    for (size_t i = 0; i < r->out->party_count; i++)
        if (str_eq(parties[i].role, STR("owner")) && !str_eq(parties[i].kind, STR("agency")))
            fail_problem(why, str_format(r->rq->arena, "/parties/%zu/kind", i), "not-an-agency",
                         N_("In a procedure between agencies an agency is the owner of the matter."));
    if (r->out->agency == 0 || r->rq->visitor.agency == 0) return OK;
    TRY(agency_load(r->tx, r->rq->visitor.agency, &own, why));
    TRY(agency_load(r->tx, r->out->agency, &target, why));
    bool is_within = target.id == own.id || target.parent == own.id || own.parent == target.id;
    if (r->procedure->kind == KIND_INTERNAL_WITHIN && !is_within)
        fail_problem(why, STR("/agency"), "outside",
                     N_("This procedure is one within an agency: choose a unit of your own."));
    if (r->procedure->kind == KIND_INTERNAL_BETWEEN && target.id == own.id)
        fail_problem(why, STR("/agency"), "own", N_("This procedure is one between agencies: choose another one."));
    return OK;
}

/* The process of its kind, unless the procedure's folder brought its own. */
int64_t submission_process(const struct desk *desk, struct arena *a, const struct procedure *p)
{
    struct processes *all = desk->processes;
    if (procedure_is_internal(p)) return process_own(all, OWN_INTERNAL);
    switch (p->process) {
    case PROCESS_COMPLAINT:
        return process_own(all, procedure_is_second_complaint(a, p) ? OWN_COMPLAINT_SECOND : OWN_COMPLAINT_FIRST);
    case PROCESS_DENUNCIATION: return process_own(all, OWN_DENUNCIATION);
    case PROCESS_SUSPENSION: return process_own(all, OWN_SUSPENSION);
    case PROCESS_APPLICATION:
    case PROCEDURE_PROCESS_COUNT: break;
    }
    return process_standard(all);
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

/* What an officer says of the applicant's signature; a citizen's own phone says it by itself (confirm_pages.c). */
static void read_confirmation(struct reading *r, struct fail *why)
{
    yyjson_val *said = json_get(r->body, "confirmation");
    if (said == NULL) return;
    bool is_counter = r->channel != NULL && r->channel->kind == CHANNEL_COUNTER;
    if (!str_eq(json_str(said, "manner"), STR("paper")))
        fail_problem(why, STR("/confirmation/manner"), "unknown", N_("“{0}” is not one of the choices."),
                     json_str(said, "manner"));
    else if (!is_counter)
        fail_problem(why, STR("/confirmation"), "denied", N_("Only what is filed at the counter is confirmed there."));
    r->out->is_confirmed_on_paper = true;
}

/* What the tables in force say of it: fees and eligibility for people to read; nothing here refuses a submission,
 * because the office decides (docs/rules.md). What was declared is looked at even when something else is missing. */
static enum outcome read_ruling(struct reading *r, struct procedure_form *form, struct fail *why)
{
    struct arena *a = r->rq->arena;
    struct rules_now now;
    const struct legal_office office = {r->desk->calendars, r->out->calendar};
    const struct legal_time legal_time = legal_time_of(&office);
    if (r->procedure->process != PROCESS_APPLICATION) return OK;
    struct ruling_facts facts = {.channel = r->out->channel,
                                 .case_id = r->out->case_id,
                                 .at = clock_now(),
                                 .answers = json_get(r->body, "form"),
                                 .legal_time = &legal_time};
    if (!yyjson_is_obj(facts.answers)) facts.answers = NULL;
    TRY(rules_at(r->desk->tables, r->tx, a, r->procedure->code, facts.at, &now, why));
    rules_add_questions(a, &now, form);
    r->out->ruling = ruling_by(a, &now, &facts);
    return OK;
}

static bool is_owned_by(struct reading *r, const struct mandate *m)
{
    struct arena *a = r->rq->arena;
    for (size_t i = 0; i < r->out->party_count; i++) {
        const struct party *p = &r->out->parties[i];
        if (str_eq(p->role, STR("owner")) && str_eq(text_fold(a, p->name), text_fold(a, m->giver_name))) return true;
    }
    return false;
}

/* Who acts by a standing authorisation keeps to its field and its days, and to whose matters it is for (Civil Code
 * 91/2015/QH13, art. 141). A denunciation is the denouncer's own. */
static enum outcome read_mandate(struct reading *r, struct fail *why)
{
    struct str text = json_str(r->body, "mandate");
    int64_t id = 0;
    struct mandate m;
    struct fail missing;
    fail_init(&missing, r->rq->arena);
    if (text.len == 0 || r->procedure == NULL) return OK;
    enum outcome found =
        !id_parse(text, &id) || r->procedure->process == PROCESS_DENUNCIATION
            ? ERR_MISSING
            : mandate_find_in_force(r->tx, r->rq->visitor.account, r->procedure->field, id, &m, &missing);
    if (found != OK && found != ERR_MISSING) return fail_with(why, found, missing.sentence, missing.args);
    if (found == ERR_MISSING)
        fail_problem(why, STR("/mandate"), "unknown",
                     N_("The authorisation has ended, or is not for you or for this procedure."));
    else if (!parties_have_authority(r->out->parties, r->out->party_count))
        fail_problem(why, STR("/mandate"), "no-representative",
                     N_("Who acts by an authorisation is a representative with the basis “authorised”."));
    else if (!is_owned_by(r, &m))
        fail_problem(why, STR("/mandate"), "other-owner",
                     N_("The authorisation is from {0}: under it only their own matters are filed, in this name."),
                     m.giver_name);
    else
        r->out->mandate = m.id;
    return OK;
}

static enum outcome read_content(struct reading *r, struct fail *why)
{
    struct arena *a = r->rq->arena;
    bool is_officer = r->rq->visitor.agency != 0;
    struct party *parties =
        parties_read(a, json_get(r->body, "parties"), STR("/parties"), day_of(clock_now()), &r->out->party_count, why);
    struct attachment *files =
        form_read_files(a, json_get(r->body, "files"), STR("/files"), is_officer, &r->out->file_count, why);
    delivery_read(a, r->body, r->channel != NULL && r->channel->kind == CHANNEL_POSTAL, day_of(clock_now()),
                  &r->out->delivery, why);
    read_confirmation(r, why);
    r->out->parties = parties;
    r->out->files = files;
    TRY(read_mandate(r, why));
    if (r->procedure == NULL) return OK;
    bool is_online = r->channel != NULL && r->channel->kind == CHANNEL_ONLINE;
    struct procedure_form *form = form_derive(a, r->procedure, is_online);
    if (parties_have_authority(parties, r->out->party_count)) form_add_authority(form, is_online);
    TRY(read_ruling(r, form, why));
    r->out->form = form_check(a, form, json_get(r->body, "form"), why);
    form_check_files(a, form, files, r->out->file_count, why);
    return OK;
}

/* What will be asked whatever else was sent. */
static void ask_ahead(struct reading *r)
{
    struct str code = json_str(r->body, "procedure"), agency = json_str(r->body, "agency");
    if (code.len == 0 || agency.len == 0) return;
    catalogue_find_ahead(r->tx, code);
    agency_find_ahead(r->tx, agency);
    competence_ahead(r->tx, code, agency_found_to_come(), PERFORMING);
    rules_at_ahead(r->tx, code, clock_now());
}

static enum outcome read_all(struct reading *r, struct fail *why)
{
    ask_ahead(r);
    TRY(read_procedure(r, why));
    TRY(read_agency(r, why));
    read_channel(r, why);
    read_case(r, why);
    TRY(agency_calendar_of(r->desk->calendars, r->tx, r->out->agency, day_of(clock_now()), &r->out->calendar, why));
    TRY(read_content(r, why));
    r->out->doubts = doubts_read(r->rq->arena, r->body, &r->out->doubt_count, why);
    TRY(check_agencies(r, why));
    TRY(fail_if_problems(why));
    if (r->out->process_version == 0) r->out->process_version = submission_process(r->desk, r->rq->arena, r->procedure);
    return process_get(r->desk->processes, r->tx, r->out->process_version, &r->out->table, why);
}

enum outcome submission_read(const struct desk *desk, struct request *rq, yyjson_val *body, struct submission *out,
                             struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(desk->store, rq->arena, &tx, why));
    *out = (struct submission){.arena = rq->arena, .actor = people_actor(rq)};
    struct reading r = {.desk = desk, .rq = rq, .tx = tx, .body = body, .out = out};
    TRY(read_all(&r, why));
    seal_identities(&r, out->parties, out->party_count);
    if (r.procedure->process == PROCESS_DENUNCIATION) protection_seal(desk, out);
    return OK;
}
