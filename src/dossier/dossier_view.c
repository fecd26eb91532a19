#include "dossier/dossier_view.h"

#include <string.h>

#include "agency/agency_calendar.h"
#include "dossier/dossier_move.h"
#include "dossier/protection.h"
#include "dossier/unit.h"
#include "people/people.h"
#include "queries.h"

struct standing standing_of(const struct request *rq)
{
    return (struct standing){rq->visitor.account,     rq->visitor.agency, rq->visitor.role,
                             rq->visitor.permissions, clock_now(),        rq->language};
}

static enum outcome load_holder(struct tx *tx, struct dossier_view *v, struct fail *why)
{
    if (v->dossier.holder == 0) return OK;
    struct account holder;
    TRY(account_load(tx, v->dossier.holder, &holder, why));
    v->holder_name = holder.name;
    v->holder_login = holder.login;
    return OK;
}

enum outcome rulebook_of(const struct desk *desk, struct tx *tx, const struct dossier *d, day_t day,
                         struct rulebook *out, struct fail *why)
{
    *out = (struct rulebook){.undo_us = desk->undo_us};
    TRY(agency_calendar_of(desk->calendars, tx, d->agency, day, &out->calendar, why));
    return process_get(desk->processes, tx, d->process_version, &out->table, why);
}

static enum outcome load_around(const struct desk *desk, struct tx *tx, struct dossier_view *v, struct fail *why)
{
    const struct dossier *d = &v->dossier;
    TRY(catalogue_version(desk->catalogue, tx, d->procedure_version, &v->procedure, why));
    TRY(rulebook_of(desk, tx, d, day_of(v->now), &v->book, why));
    v->table = v->book.table;
    v->step = dossier_step(d, v->table);
    TRY(agency_load(tx, d->agency, &v->agency, why));
    TRY(parties_of_dossier(tx, d->id, &v->parties, &v->party_count, why));
    TRY(identity_of(tx, OWNER_DOSSIER, d->id, &v->identities, &v->identity_count, why));
    TRY(dossier_files(tx, d->id, &v->files, &v->file_count, why));
    TRY(delivery_of(tx, d->id, &v->delivery, why));
    if (str_eq(d->channel, STR("counter"))) TRY(confirmation_of_dossier(tx, d->id, &v->confirmation, why));
    v->delivery.manner = d->return_manner;
    return load_holder(tx, v, why);
}

static enum outcome refuse(const struct dossier *d, struct fail *why)
{
    return fail(why, ERR_MISSING, N_("There is no dossier with the code {0}."), d->code);
}

/* Who works where it was knows that it exists: they are told where it went, and no more. */
static enum outcome refuse_sender(struct tx *tx, const struct dossier *d, const struct standing *who, struct fail *why)
{
    struct dossier_move move;
    struct agency to;
    if (who->agency == 0) return refuse(d, why);
    TRY(dossier_move_last(tx, d->id, who->agency, &move, why));
    if (move.from == 0) return refuse(d, why);
    TRY(agency_load(tx, move.to, &to, why));
    return fail(why, ERR_MISSING, N_("The dossier {0} was transferred to {1} at {2}. They go on with it."), d->code,
                to.name, instant_for_people(why->arena, move.at));
}

/* Who belongs neither to the matter nor to its agency sees it as far as they are asked for an opinion. */
static enum outcome look(struct tx *tx, const struct desk *desk, const struct standing *who, struct dossier_view *v,
                         struct fail *why)
{
    struct dossier *d = &v->dossier;
    bool is_theirs = dossier_may_see(d, who) || dossier_is_fresh_author(d, desk->undo_us, who);
    if (is_theirs && d->units_due == INSTANT_NONE) return OK;
    TRY(units_know(tx, d, v->now, why));
    if (is_theirs) return OK;
    bool can_read = permission_is_in(who->permissions, PERMIT_DOSSIER_READ);
    v->sight = dossier_is_asked(d, who) ? SIGHT_ASKED : SIGHT_ANSWER;
    if (can_read && (v->sight == SIGHT_ASKED || dossier_has_answered(d, who))) return OK;
    return can_read ? refuse_sender(tx, d, who, why) : refuse(d, why);
}

static bool keeps_file(const struct dossier_view *v, const struct dossier_file *f, const struct standing *who)
{
    bool is_of_matter =
        str_eq(f->source, STR("applicant")) || str_eq(f->kind, STR("component")) || str_eq(f->kind, STR("supplement"));
    return f->added_by == who->account || (v->sight == SIGHT_ASKED && is_of_matter);
}

/* What the sight does not reach is not in the view, so that no page and no answer can show it. */
static void narrow(struct dossier_view *v, const struct standing *who)
{
    size_t kept = 0;
    if (v->sight == SIGHT_WHOLE) return;
    for (size_t i = 0; i < v->file_count; i++)
        if (keeps_file(v, &v->files[i], who)) v->files[kept++] = v->files[i];
    v->file_count = kept;
    v->dossier.reason = v->dossier.outcome = STR("");
    if (v->sight == SIGHT_ASKED && !v->dossier.is_protected) return;
    v->party_count = v->identity_count = 0;
    v->dossier.owner_name = STR("");
    if (v->sight == SIGHT_ANSWER) v->dossier.form = STR("{}");
}

void dossier_view_ahead(struct tx *tx, struct str code)
{
    static const unsigned of_it[] = {
        Q_PARTY_OF_DOSSIER,  Q_DOSSIER_FILE_OF_DOSSIER, Q_DELIVERY_OF_DOSSIER,
        Q_RULING_OF_DOSSIER, Q_PAYMENT_OF_SUBJECT,      Q_PAYMENT_REQUEST_OF_SUBJECT,
        Q_DOUBT_OF_DOSSIER,  Q_UNIT_OF_DOSSIER,         Q_CONTACT_OF_DOSSIER,
    };
    dossier_find_ahead(tx, code);
    for (size_t i = 0; i < LENGTH(of_it); i++) store_ahead(tx, of_it[i], VALUES(dossier_found_id()));
    store_ahead(tx, Q_IDENTITY_OF_OWNER, VALUES(v_int(OWNER_DOSSIER), dossier_found_id()));
    account_ahead(tx, dossier_found_holder());
}

struct value dossier_id_to_come(void)
{
    return dossier_found_id();
}

enum outcome dossier_view_load(const struct desk *desk, struct tx *tx, const struct standing *who, struct str code,
                               struct dossier_view *out, struct fail *why)
{
    *out = (struct dossier_view){.now = who->now != 0 ? who->now : clock_now()};
    dossier_view_ahead(tx, code);
    TRY(dossier_find(tx, code, &out->dossier, why));
    TRY(look(tx, desk, who, out, why));
    out->is_applicant = dossier_is_applicant(&out->dossier, who) && who->agency != out->dossier.agency;
    TRY(load_around(desk, tx, out, why));
    TRY(view_aside_load(tx, who, out, why));
    narrow(out, who);
    TRY(protection_may_know(tx, &out->dossier, who, &out->knows_identity, why));
    out->action_count = dossier_actions(&out->dossier, &out->book, who, tx_arena(tx), out->actions);
    return OK;
}

enum outcome dossier_view_of_stranger(const struct desk *desk, struct tx *tx, int64_t id, struct dossier_view *out,
                                      struct fail *why)
{
    *out = (struct dossier_view){.now = clock_now(), .is_applicant = true, .is_stranger = true, .knows_identity = true};
    TRY(dossier_load(tx, id, &out->dossier, why));
    TRY(load_around(desk, tx, out, why));
    if (procedure_is_public_lookup(out->procedure)) return OK;
    return fail(why, ERR_MISSING, N_("The dossier does not exist."));
}

const struct procedure_case *dossier_view_case(const struct dossier_view *v)
{
    if (v->aside.ruled_case != NULL) return v->aside.ruled_case;
    int kind = vocabulary_find(channel_words, CHANNEL_KIND_COUNT, v->dossier.channel);
    const struct channel *channel = kind < 0 ? NULL : procedure_channel(v->procedure, (enum channel_kind)kind);
    if (kind < 0 && v->procedure->channel_count > 0) channel = &v->procedure->channels[0]; /* an office began it */
    if (channel == NULL) return NULL;
    if (v->dossier.case_id.len > 0) return channel_case(channel, v->dossier.case_id);
    return channel->case_count > 0 ? &channel->cases[0] : NULL;
}

struct procedure_form *dossier_view_form(struct arena *a, const struct dossier_view *v, bool papers_online)
{
    struct procedure_form *form = form_derive(a, v->procedure, papers_online);
    if (parties_have_authority(v->parties, v->party_count)) form_add_authority(form, papers_online);
    ruling_add_questions(a, v->aside.ruling, form);
    return form;
}

bool dossier_view_can(const struct dossier_view *v, enum action_id act)
{
    for (size_t i = 0; i < v->action_count; i++)
        if (v->actions[i] == act) return true;
    return false;
}

const struct dossier_file *dossier_view_file(const struct dossier_view *v, int64_t n)
{
    for (size_t i = 0; i < v->file_count; i++)
        if (v->files[i].n == n) return &v->files[i];
    return NULL;
}

/* ---- JSON ---- */

static void write_identities(struct json_writer *w, const struct dossier_view *v, int64_t party)
{
    jw_key(w, "identities");
    jw_open(w, '[');
    for (size_t i = 0; i < v->identity_count; i++) {
        if (v->identities[i].n != party) continue;
        jw_open(w, '{');
        jw_put_str(w, "type", str_from(identity_type_code(v->identities[i].type)));
        jw_put_str(w, "value", v->identities[i].masked);
        jw_close(w);
    }
    jw_close(w);
}

static void write_parties(struct json_writer *w, const struct dossier_view *v)
{
    jw_key(w, "parties");
    jw_open(w, '[');
    for (size_t i = 0; i < v->party_count; i++) {
        const struct party *p = &v->parties[i];
        jw_open(w, '{');
        jw_put_str(w, "role", p->role);
        jw_put_str(w, "kind", p->kind);
        jw_put_str_or_null(w, "basis", p->basis);
        jw_put_str(w, "name", p->name);
        jw_put_str_or_null(w, "phone", p->phone);
        jw_put_str_or_null(w, "email", p->email);
        jw_put_str_or_null(w, "address", p->address);
        write_identities(w, v, (int64_t)i + 1);
        jw_close(w);
    }
    jw_close(w);
}

static void write_confirmation(struct json_writer *w, const struct confirmation *c)
{
    if (c->manner.len == 0) {
        jw_put_null(w, "confirmation");
        return;
    }
    jw_key(w, "confirmation");
    jw_open(w, '{');
    jw_put_str(w, "manner", c->manner);
    jw_put_instant(w, "at", c->answered_at);
    jw_close(w);
}

/* What the applicant wishes for the result, and what the envelope said. */
static void write_delivery(struct json_writer *w, struct arena *a, const struct delivery *d)
{
    if (d->manner.len == 0) {
        jw_put_null(w, "return");
    } else {
        jw_key(w, "return");
        jw_open(w, '{');
        jw_put_str(w, "manner", d->manner);
        jw_put_str_or_null(w, "address", d->address);
        jw_close(w);
    }
    if (d->sender.len == 0 && d->postmarked == 0) {
        jw_put_null(w, "post");
        return;
    }
    jw_key(w, "post");
    jw_open(w, '{');
    jw_put_str_or_null(w, "sender", d->sender);
    jw_put_str_or_null(w, "postmarked", d->postmarked != 0 ? day_format(a, d->postmarked) : STR_NONE);
    jw_close(w);
}

static void write_file(struct json_writer *w, struct arena *a, const struct dossier_view *v,
                       const struct dossier_file *f)
{
    jw_open(w, '{');
    jw_put_int(w, "n", f->n);
    jw_put_str_or_null(w, "component", f->component);
    jw_put_str(w, "kind", f->kind);
    jw_put_str(w, "file", sha256_format(a, f->hash));
    jw_put_str(w, "name", f->name);
    jw_put_str(w, "type", f->type);
    jw_put_int(w, "size", f->bytes);
    jw_put_str(w, "source", f->source);
    jw_put_bool(w, "digitised", f->digitised);
    jw_put_bool(w, "reused", f->reused);
    jw_put_bool(w, "signed", f->is_signed);
    jw_put_bool(w, "replaced", f->is_replaced);
    jw_put_instant(w, "added_at", f->added_at);
    jw_put_str(w, "href", str_format(a, "/api/v1/dossiers/%.*s/files/%lld", STR_ARG(v->dossier.code), (long long)f->n));
    jw_close(w);
}

/* A draft of the result is the office's until the result is issued. */
bool dossier_view_shows(const struct dossier_view *v, const struct dossier_file *f)
{
    if (!v->knows_identity && !str_eq(f->kind, STR("result"))) return false; /* every paper may tell who denounced */
    if (!v->is_applicant) return true;
    if (f->is_replaced) return false; /* the corrected one counts */
    if (str_eq(f->kind, STR("result"))) return v->dossier.status == STATUS_DONE || v->dossier.status == STATUS_RETURNED;
    return str_eq(f->source, STR("applicant"));
}

static void write_files(struct json_writer *w, struct arena *a, const struct dossier_view *v, const char *key,
                        bool results)
{
    jw_key(w, key);
    jw_open(w, '[');
    for (size_t i = 0; i < v->file_count; i++)
        if (str_eq(v->files[i].kind, STR("result")) == results && dossier_view_shows(v, &v->files[i]))
            write_file(w, a, v, &v->files[i]);
    jw_close(w);
}

static void write_holder(struct json_writer *w, const struct dossier_view *v, enum language l)
{
    if (v->step == STEP_END) {
        jw_put_null(w, "holder");
        return;
    }
    const struct step *step = &v->table->steps[v->step];
    jw_key(w, "holder");
    jw_open(w, '{');
    jw_put_str(w, "agency", v->agency.identifier);
    jw_put_str(w, "agency_name", v->agency.name);
    jw_put_str(w, "role", step->role);
    jw_put_str(w, "step", step->name);
    jw_put_str(w, "step_title", l == ENGLISH ? step->title_en : step->title_vi);
    jw_put_str_or_null(w, "login", v->is_applicant ? STR_NONE : v->holder_login);
    jw_put_str_or_null(w, "name", v->is_applicant ? STR_NONE : v->holder_name);
    jw_close(w);
}

static void write_actions(struct json_writer *w, const struct dossier_view *v, enum language l)
{
    jw_key(w, "actions");
    jw_open(w, '[');
    for (size_t i = 0; i < v->action_count; i++) {
        const struct action *action = &actions[v->actions[i]];
        jw_open(w, '{');
        jw_put_str(w, "name", str_from(action->name));
        jw_put_str(w, "title", translate(l, action->title));
        jw_key(w, "required");
        jw_open(w, '[');
        for (size_t f = 0; f < action->field_count; f++)
            if (action->fields[f].is_required) jw_str(w, str_from(action->fields[f].name));
        jw_close(w);
        jw_close(w);
    }
    jw_close(w);
}

void dossier_summary_json(struct json_writer *w, const struct dossier *d, struct str agency, enum language l)
{
    jw_put_str(w, "code", d->code);
    jw_put_str(w, "procedure", d->procedure_code);
    jw_put_str(w, "agency", agency);
    jw_put_str(w, "channel", d->channel);
    jw_put_str_or_null(w, "case", d->case_id);
    jw_put_int(w, "status", d->status);
    jw_put_str(w, "status_name", translate(l, status_message(d->status)));
    jw_put_str(w, "owner", d->owner_name);
    jw_put_bool(w, "protected", d->is_protected);
    jw_put_instant(w, "submitted_at", d->submitted_at);
    jw_put_instant(w, "received_at", d->received_at);
    jw_put_instant(w, "due_at", d->due_at);
    jw_put_instant(w, "finished_at", d->finished_at);
    jw_put_int(w, "version", d->version);
}

static void write_due_rule(struct json_writer *w, struct arena *a, const struct dossier *d)
{
    if (d->due_at == INSTANT_NONE) {
        jw_put_null(w, "due_rule");
        return;
    }
    jw_key(w, "due_rule");
    jw_open(w, '{');
    jw_put_str(w, "term", term_format(a, d->term));
    jw_put_str(w, "calendar_version", d->calendar_version);
    jw_put_bool(w, "provisional", d->is_provisional);
    jw_close(w);
}

void dossier_view_json(struct json_writer *w, struct arena *a, const struct dossier_view *v, enum language l)
{
    const struct dossier *d = &v->dossier;
    jw_open(w, '{');
    dossier_summary_json(w, d, v->agency.identifier, l);
    jw_put_instant(w, "returned_at", d->returned_at);
    jw_put_instant(w, "held_at", d->held_at);
    jw_put_instant(w, "handed_over_at", d->handed_over_at);
    jw_put_instant(w, "step_due", d->step_due);
    jw_put_int(w, "supplements", d->supplements);
    jw_put_int(w, "extensions", d->extensions);
    jw_put_int(w, "corrections", d->corrections);
    jw_put_str(w, "rule_set", dossier_rules(d)->name);
    write_due_rule(w, a, d);
    jw_put_str(w, "procedure_name", v->procedure->name);
    jw_put_str(w, "agency_name", v->agency.name);
    jw_put_str_or_null(w, "outcome",
                       d->status == STATUS_DONE || d->status == STATUS_RETURNED || !v->is_applicant ? d->outcome
                                                                                                    : STR_NONE);
    jw_put_str_or_null(w, "reason", v->is_applicant && d->status == STATUS_IN_HAND ? STR_NONE : d->reason);
    write_holder(w, v, l);
    write_parties(w, v);
    write_delivery(w, a, &v->delivery);
    write_confirmation(w, &v->confirmation);
    jw_key(w, "form");
    jw_raw(w, d->form);
    write_files(w, a, v, "files", false);
    write_files(w, a, v, "results", true);
    view_aside_json(w, a, v, l);
    write_actions(w, v, l);
    jw_put_str(w, "history", str_format(a, "/api/v1/dossiers/%.*s/history", STR_ARG(d->code)));
    jw_close(w);
}

/* ---- history ---- */

/* Units see what they were asked and what they answered; while they are asked, the applicant's history too. */
static bool is_of_unit(const struct dossier_view *v, const struct journal_entry *e)
{
    bool is_consult = str_eq(e->act, str_from(actions[ACTION_CONSULT].name));
    bool is_answer = str_eq(e->act, str_from(actions[ACTION_ANSWER].name));
    for (size_t i = 0; i < v->aside.unit_count; i++) {
        const struct unit *u = &v->aside.units[i];
        if (is_consult && u->asked_version == e->version) return true;
        if (is_answer && u->answered_at == e->at && u->answered_by == e->actor.account) return true;
    }
    return false;
}

/* What the office does among itself is not the applicant's history, and nor is taking that back. */
static bool is_hidden(const struct dossier_view *v, const struct journal_entry *e, const struct history_line *line)
{
    if (v->sight != SIGHT_WHOLE && is_of_unit(v, e)) return false;
    if (v->sight == SIGHT_ANSWER) return true;
    if (line->action == NULL || (!v->is_applicant && v->sight == SIGHT_WHOLE)) return false;
    return !line->action->is_public || (line->undone != NULL && !line->undone->is_public);
}

static enum outcome name_agency(struct tx *tx, const struct dossier_view *v, int64_t id, struct str *out,
                                struct fail *why)
{
    struct agency agency = v->agency;
    if (id == 0) return OK;
    if (id != agency.id) TRY(agency_load(tx, id, &agency, why));
    *out = agency.name;
    return OK;
}

static enum outcome read_line(struct tx *tx, const struct dossier_view *v, const struct journal_entry *e,
                              struct history_line *out, struct fail *why)
{
    struct arena *a = tx_arena(tx);
    yyjson_val *payload;
    TRY(json_read(a, e->payload.len > 0 ? e->payload : STR("{}"), &payload, why));
    *out = (struct history_line){
        .version = e->version,
        .at = e->at,
        .action = action_find(e->act) != NULL ? action_find(e->act) : action_of_system(e->act),
        .status = (enum status)json_int(payload, "status", STATUS_NONE),
        .note = json_str(payload, "note"),
        .reason = json_str(payload, "reason"),
        .outcome = v->is_applicant ? STR_NONE : json_str(payload, "outcome"),
        .undone = action_find(json_str(payload, "undone")),
        .manner = json_str(payload, "manner"),
        .until = json_str(payload, "until"),
        .actor_role = e->actor.role,
    };
    TRY(name_agency(tx, v, e->actor.agency, &out->agency_name, why));
    if (v->is_applicant || e->actor.account == 0) return OK;
    struct account account;
    TRY(account_load(tx, e->actor.account, &account, why));
    out->actor_name = account.name;
    return OK;
}

/* Those that read_line is going to ask. */
static void ask_names(struct tx *tx, const struct dossier_view *v, const struct journal_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct actor *who = &entries[i].actor;
        if (who->agency != 0 && who->agency != v->agency.id) agency_ahead(tx, v_int(who->agency));
        if (!v->is_applicant && who->account != 0) account_ahead(tx, v_int(who->account));
    }
}

enum outcome dossier_history(struct tx *tx, const struct dossier_view *v, struct history_line **out, size_t *out_count,
                             struct fail *why)
{
    struct journal_entry *entries;
    size_t count;
    TRY(journal_of_subject(tx, SUBJECT_DOSSIER, v->dossier.id, &entries, &count, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct history_line, count + 1);
    *out_count = 0;
    ask_names(tx, v, entries, count);
    for (size_t i = 0; i < count; i++) {
        struct history_line line;
        TRY(read_line(tx, v, &entries[i], &line, why));
        line.n = (int64_t)i + 1;
        if (!is_hidden(v, &entries[i], &line)) (*out)[(*out_count)++] = line;
    }
    return OK;
}
