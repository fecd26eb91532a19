/*
 * GET  /tiep-nhan/ho-so/{procedure}     one page to file for who stands there: what the card says is filled in, each
 *                                       paper is ticked as seen
 * POST /tiep-nhan/ho-so/{procedure}     way=receive files and receives in one go, way=file leaves the receipt for
 *                                       later (papers are missing), way=steps opens the applicant's form with all its
 *                                       parts (scans, somebody else's matter, confirming by phone)
 *
 * What is typed goes through submission_read and the act "receive", as everything does that anybody sends.
 */
#include <inttypes.h>

#include "agency/permission.h"
#include "base/auto.h"
#include "base/list.h"
#include "base/text.h"
#include "catalogue/procedure_text.h"
#include "counter/counter_pages.h"
#include "counter/visit.h"
#include "dossier/act_input.h"
#include "dossier/application.h"
#include "dossier/draft.h"
#include "dossier/paper_check.h"
#include "dossier/submission_input.h"
#include "html/component.h"
#include "http/once.h"
#include "people/party.h"

enum { NOTE_JSON_BYTES = 16 * 1024, RADIOS_MOST = 3 };

struct paper_tick {
    struct str id, value, label, detail, count, problem;
    bool is_required, is_ticked;
};

struct reception_page {
    struct frame frame;
    struct str procedure, code, address, key;
    bool is_card, is_doubtful, is_all;
    struct summary_row *card;
    size_t card_count;
    struct form_field *fields, *questions, *more;
    size_t fields_count, questions_count, more_count;
    struct paper_tick *papers;
    size_t papers_count;
};

/* clang-format off */
static const struct field paper_tick_fields[] = {
    FIELD_STR(struct paper_tick, id),
    FIELD_STR(struct paper_tick, value),
    FIELD_STR(struct paper_tick, label),
    FIELD_STR(struct paper_tick, detail),
    FIELD_STR(struct paper_tick, count),
    FIELD_STR(struct paper_tick, problem),
    FIELD_BOOL(struct paper_tick, is_required),
    FIELD_BOOL(struct paper_tick, is_ticked),
    FIELD_END,
};
static const struct field reception_page_fields[] = {
    FRAME_FIELDS(struct reception_page),
    FIELD_STR(struct reception_page, procedure),
    FIELD_STR(struct reception_page, code),
    FIELD_STR(struct reception_page, address),
    FIELD_STR(struct reception_page, key),
    FIELD_BOOL(struct reception_page, is_card),
    FIELD_BOOL(struct reception_page, is_doubtful),
    FIELD_BOOL(struct reception_page, is_all),
    FIELD_LIST(struct reception_page, card, struct summary_row, summary_row_fields),
    FORM_FIELDS(struct reception_page, fields),
    FORM_FIELDS(struct reception_page, questions),
    FORM_FIELDS(struct reception_page, more),
    FIELD_LIST(struct reception_page, papers, struct paper_tick, paper_tick_fields),
    FIELD_END,
};
/* clang-format on */

/* What one reception needs, read once. */
struct reception {
    struct request *rq;
    const struct desk *desk;
    const struct procedure *procedure;
    const struct channel *channel;
    const struct procedure_form *form;
    size_t asked_by_rules; /* fields of the form from here on are questions of the tables in force */
    struct visit visit;
    struct str agency; /* e-identifier */
};

static enum outcome load(struct request *rq, struct reception *out, struct fail *why)
{
    struct procedure_ref ref;
    struct agency own;
    struct rules_now now;
    AUTO_READ struct tx *tx = NULL;
    *out = (struct reception){.rq = rq, .desk = app_desk(rq->app)};
    TRY(store_read_begin(out->desk->store, rq->arena, &tx, why));
    TRY(catalogue_find_open(tx, request_param(rq, "procedure"), &ref, why));
    TRY(catalogue_version(out->desk->catalogue, tx, ref.version, &out->procedure, why));
    out->channel = procedure_channel(out->procedure, CHANNEL_COUNTER);
    if (out->channel == NULL || out->procedure->initiator != INITIATOR_APPLICANT)
        return fail(why, ERR_CONFLICT, N_("The procedure is not offered on this channel ({0})."), STR("counter"));
    TRY(agency_load(tx, rq->visitor.agency, &own, why));
    TRY(visit_of(out->desk, tx, rq->visitor.account, &out->visit, why));
    if (out->visit.is_over) out->visit.is_there = false;
    out->agency = own.identifier;
    struct procedure_form *form = form_derive(rq->arena, out->procedure, false);
    out->form = form;
    out->asked_by_rules = form->field_count;
    if (out->procedure->process != PROCESS_APPLICATION) return OK;
    TRY(rules_at(out->desk->tables, tx, rq->arena, out->procedure->code, clock_now(), &now, why));
    rules_add_questions(rq->arena, &now, form);
    return OK;
}

/* ---- what was typed ---- */

static struct str typed(const struct reception *r, const char *name)
{
    return text_one_line(r->rq->arena, request_form(r->rq, name));
}

static bool is_named(const struct reception *r, struct str id)
{
    for (size_t i = 0; i < r->rq->form_count; i++)
        if (str_eq(r->rq->form[i].name, STR("papers")) && str_eq(r->rq->form[i].value, id)) return true;
    return false;
}

static bool is_ticked(const struct reception *r, struct str id)
{
    return request_has_form(r->rq, "all") || is_named(r, id);
}

static struct applicant owner_of(const struct reception *r)
{
    const struct card *card = &r->visit.card;
    struct applicant owner = {.role = STR("owner"),
                              .kind = STR("citizen"),
                              .name = typed(r, "parties/0/name"),
                              .phone = typed(r, "parties/0/phone"),
                              .address = typed(r, "parties/0/address"),
                              .identity_type = typed(r, "parties/0/identities/0/type"),
                              .identity = typed(r, "parties/0/identities/0/value")};
    if (!r->visit.is_there) return owner;
    if (card->name.len > 0) owner.name = card->name;
    owner.identity_type = str_from(identity_type_code(card->type));
    owner.identity = card->number;
    return owner;
}

static void take_declarations(const struct reception *r, struct application *app)
{
    app->form = ARENA_ARRAY(r->rq->arena, struct pair, r->form->field_count + 1);
    for (size_t i = 0; i < r->form->field_count; i++) {
        const struct declaration *d = &r->form->fields[i];
        struct str typed = request_form(r->rq, str_format(r->rq->arena, "form/%s", d->name).at);
        struct str value = declaration_typed(r->rq->arena, d, typed);
        if (value.len > 0) app->form[app->form_count++] = (struct pair){str_from(d->name), value};
    }
}

static struct application application_of(const struct reception *r)
{
    struct application app = {.procedure = r->procedure->code,
                              .agency = r->agency,
                              .channel = STR("counter"),
                              .case_id = request_form(r->rq, "case"),
                              .behalf = STR("self"),
                              .return_manner = str_trim(request_form(r->rq, "return/manner")),
                              .return_address = typed(r, "return/address"),
                              .applicant_count = 1};
    app.applicants[0] = owner_of(r);
    take_declarations(r, &app);
    return app;
}

/* ---- the page ---- */

static void add_case(const struct reception *r, struct form *form)
{
    if (r->channel->case_count < 2) return;
    struct form_field *field = form_radios(form, "case", N_("Case"), NULL, STR(""));
    field->is_small = true;
    for (size_t i = 0; i < r->channel->case_count; i++) {
        const struct procedure_case *c = &r->channel->cases[i];
        struct str label = case_label_for_people(c);
        struct str term = case_term_for_people(r->rq->arena, r->rq->language, c);
        form_choice(form, field, c->id, label.len > 0 ? label : term)->hint = label.len > 0 ? term : STR("");
    }
}

static void add_person(const struct reception *r, struct form *form)
{
    const struct card *card = &r->visit.card;
    bool has_card = r->visit.is_there;
    struct form_field *field;
    if (!has_card || card->name.len == 0) {
        field = form_text(form, "parties/0/name", N_("Full name"), NULL, STR(""));
        field->autocomplete = STR("off");
    }
    if (!has_card) {
        form_hidden(form, "parties/0/identities/0/type", STR("personal_id"));
        field = form_text(form, "parties/0/identities/0/value", N_("Personal identification number"), NULL, STR(""));
        field->autocomplete = STR("off");
        field->numerals = STR("numeric");
        field->width = STR("20");
        field->is_optional = true;
    }
    field = form_text(form, "parties/0/phone", N_("Telephone"), NULL, STR(""));
    field->type = STR("tel");
    field->autocomplete = STR("off");
    field->width = STR("20");
    field->is_optional = true;
    if (!has_card || card->address.len == 0) {
        form_text(form, "parties/0/address", N_("Address"), NULL, STR(""))->is_optional = true;
        return;
    }
    form_text(form, "parties/0/address", N_("Address"), NULL, card->address)->is_optional = true;
    form->fields.at[form->fields.count - 1].source = form_say(form, N_("the identity card"));
}

static void add_declaration(const struct reception *r, struct form *form, const struct declaration *d)
{
    const char *name = str_format(r->rq->arena, "form/%s", d->name).at;
    struct form_field *field = d->kind == FORM_LINES  ? form_area(form, name, d->label, d->hint, STR(""))
                               : d->kind == FORM_DATE ? form_date(form, name, d->label, d->hint, STR(""))
                               : d->kind == FORM_CHOICE && d->choice_count <= RADIOS_MOST
                                   ? form_radios(form, name, d->label, d->hint, STR(""))
                               : d->kind == FORM_CHOICE ? form_select(form, name, d->label, d->hint, STR(""))
                                                        : form_text(form, name, d->label, d->hint, STR(""));
    field->is_optional = !d->is_required;
    field->is_small = true;
    if (d->kind == FORM_NUMBER) field->width = STR("10");
    if (d->kind == FORM_CHOICE && d->choice_count > RADIOS_MOST)
        form_choice(form, field, STR(""), form_say(form, N_("Not said")));
    for (size_t n = 0; n < d->choice_count; n++)
        form_choice(form, field, str_from(d->choices[n].value), form_say(form, d->choices[n].label));
}

/* The declarations that stop a dossier; whoever has more to say takes the form with all its parts. */
static void add_declarations(const struct reception *r, struct form *form)
{
    for (size_t i = 0; i < r->asked_by_rules; i++)
        if (r->form->fields[i].is_required) add_declaration(r, form, &r->form->fields[i]);
}

/* What the tables in force need to know: who stands there is asked at once, so that the fee can be told. */
static void add_questions(const struct reception *r, struct form *form)
{
    for (size_t i = r->asked_by_rules; i < r->form->field_count; i++) add_declaration(r, form, &r->form->fields[i]);
}

static void add_return(struct form *form)
{
    struct form_field *field = form_select(form, "return/manner", N_("How is the result wanted?"), NULL, STR(""));
    field->is_optional = true;
    form_choice(form, field, STR(""), form_say(form, N_("Not said")));
    for (size_t i = 0; return_manners[i] != NULL; i++)
        form_choice(form, field, str_from(return_manners[i]),
                    form_say(form, return_manner_label(str_from(return_manners[i]))));
    form_text(form, "return/address", N_("Address for the post"), N_("Only when the result is sent by post."), STR(""))
        ->is_optional = true;
}

static void fill_papers(const struct reception *r, const struct fail *problems, struct reception_page *page)
{
    struct arena *a = r->rq->arena;
    page->papers = ARENA_ARRAY(a, struct paper_tick, r->form->paper_count + 1);
    for (size_t i = 0; i < r->form->paper_count; i++) {
        const struct component *c = r->form->papers[i].component;
        struct paper_tick *out = &page->papers[page->papers_count++];
        struct str pointer = str_format(a, "/papers/%.*s", STR_ARG(c->id));
        *out = (struct paper_tick){.id = page_field_id(a, pointer),
                                   .value = c->id,
                                   .label = c->label,
                                   .detail = c->detail,
                                   .is_required = c->required == REQUIRED_ALWAYS,
                                   .is_ticked = problems != NULL && is_ticked(r, c->id)};
        if (c->originals > 0) out->count = str_format(a, "%d", c->originals);
        if (problems != NULL) out->problem = page_problem_for(r->rq, problems, pointer);
    }
}

static void fill_card(const struct reception *r, struct reception_page *page)
{
    struct summary s = {.rq = r->rq};
    const struct card *card = &r->visit.card;
    if (!r->visit.is_there) return;
    summary_add(&s, N_("Full name"), card->name);
    summary_add(&s, identity_type_label(card->type), identity_mask(r->rq->arena, card->number));
    if (card->born != DAY_UNKNOWN) summary_add(&s, N_("Date of birth"), day_for_people(r->rq->arena, card->born));
    page->is_card = true;
    page->is_doubtful = card->is_doubtful;
    page->card = s.rows.at;
    page->card_count = s.rows.count;
}

static enum outcome show(const struct reception *r, const struct fail *problems, struct fail *why)
{
    struct form form = {.rq = r->rq, .why = problems}, questions = form, more = form;
    struct reception_page page = {
        .procedure = r->procedure->name,
        .code = r->procedure->code,
        .address = str_format(r->rq->arena, "/tiep-nhan/ho-so/%.*s", STR_ARG(r->procedure->code)),
        .key = form_key_to_hide(r->rq),
    };
    (void)why; /* nothing here can fail */
    page.frame.back_href = STR("/tiep-nhan");
    page.frame.is_wide = true;
    page.is_all = problems != NULL && request_has_form(r->rq, "all");
    fill_card(r, &page);
    fill_papers(r, problems, &page);
    add_case(r, &form);
    add_person(r, &form);
    add_declarations(r, &form);
    add_questions(r, &questions);
    add_return(&more);
    FORM_INTO(&form, page.fields);
    FORM_INTO(&questions, page.questions);
    FORM_INTO(&more, page.more);
    if (problems != NULL) page_problems(r->rq, &page.frame, problems);
    page_reply(r->rq, problems != NULL ? outcome_status(ERR_INVALID) : 200, "counter/reception", &page);
    return OK;
}

static enum outcome get_reception(struct request *rq, struct fail *why)
{
    struct reception r;
    TRY(load(rq, &r, why));
    return show(&r, NULL, why);
}

/* ---- filing ---- */

/* Whoever takes a dossier in as complete has seen every paper that it must have. */
static void check_papers(const struct reception *r, struct fail *problems)
{
    for (size_t i = 0; i < r->form->paper_count; i++) {
        const struct component *c = r->form->papers[i].component;
        if (c->required != REQUIRED_ALWAYS || is_ticked(r, c->id)) continue;
        fail_problem(problems, str_format(r->rq->arena, "/papers/%.*s", STR_ARG(c->id)), "missing",
                     N_("Tick “{0}” when it is there; when it is not, file without receiving and ask for it."),
                     text_shorten(r->rq->arena, c->label, 60));
    }
}

static bool is_on_table(const struct reception *r, const struct component *c)
{
    return request_has_form(r->rq, "all") ? c->required == REQUIRED_ALWAYS || is_named(r, c->id) : is_named(r, c->id);
}

/* Which papers lie on the table, kept with the receipt. */
static struct str papers_note(const struct reception *r)
{
    struct arena *a = r->rq->arena;
    LIST(struct str) seen = {0};
    for (size_t i = 0; i < r->form->paper_count; i++) {
        const struct component *c = r->form->papers[i].component;
        if (is_on_table(r, c)) LIST_PUSH(a, seen) = text_shorten(a, c->label, 120);
    }
    if (seen.count == 0) return STR("");
    struct str list = str_join(a, STR("; "), seen.at, seen.count);
    return text_shorten(
        a, fail_fill(a, translate(VIETNAMESE, N_("Papers received: {0}")), (const struct str[FAIL_ARGS]){list}), 1500);
}

/* The same as marks in the check-list of the dossier's papers. A mark that is lost is put again on the dossier's page,
 * so none of them stops a reception. */
static void mark_papers(const struct reception *r, int64_t dossier)
{
    struct store_call calls[STORE_CALLS_MOST];
    struct paper_check_new marks[STORE_CALLS_MOST];
    struct fail ignored[STORE_CALLS_MOST];
    size_t count = 0;
    for (size_t i = 0; i < r->form->paper_count && count < STORE_CALLS_MOST; i++) {
        const struct component *c = r->form->papers[i].component;
        if (!is_on_table(r, c)) continue;
        marks[count] = (struct paper_check_new){.dossier = dossier,
                                                .account = r->rq->visitor.account,
                                                .seen = PAPER_CHECK_ANY,
                                                .component = c->id,
                                                .state = PAPER_SEEN};
        fail_init(&ignored[count], r->rq->arena);
        calls[count] = (struct store_call){.command = paper_check_save, .in = &marks[count], .why = &ignored[count]};
        count++;
    }
    store_run_all(r->desk->store, calls, count);
}

static enum outcome look(const struct reception *r, struct str code, struct dossier_view *out, struct fail *why)
{
    struct standing who = standing_of(r->rq);
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(r->desk->store, r->rq->arena, &tx, why));
    return dossier_view_load(r->desk, tx, &who, code, out, why);
}

static enum outcome receive(const struct reception *r, struct str code, struct fail *why)
{
    AUTO_BUF struct buf text;
    struct dossier_view view;
    struct act_done done;
    struct json_writer w;
    struct fail refused;
    yyjson_val *body;
    buf_init(&text, NOTE_JSON_BYTES); /* before the first return, which gives it back */
    fail_init(&refused, r->rq->arena);
    TRY(look(r, code, &view, why));
    if (!dossier_view_can(&view, ACTION_RECEIVE)) return OK; /* sent twice: it is received already */
    jw_init(&w, &text);
    jw_open(&w, '{');
    jw_put_str(&w, "note", papers_note(r));
    jw_close(&w);
    TRY(json_read(r->rq->arena, buf_str(&text), &body, why));
    struct act_call call = act_call_of(r->rq, ACTION_RECEIVE, VERSION_OF_VIEW, body);
    enum outcome received = act_run(&call, &view, &done, &refused);
    if (received == OK) return OK;
    TRY(look(r, code, &view, why)); /* the same form, sent twice at once, was quicker */
    if (!dossier_view_can(&view, ACTION_RECEIVE)) return OK;
    return fail_with(why, received, refused.sentence, refused.args);
}

struct became {
    struct arena *arena;
    struct idempotency key;
};

/* A command: which dossier this form became; out is a struct str, empty when none. */
static enum outcome find_became(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct became *in = input;
    struct replay replay;
    TRY(idempotency_begin(tx, &in->key, &replay, why));
    *(struct str *)output = replay.is_found ? str_dup(in->arena, replay.reply) : STR("");
    return OK;
}

static enum outcome file_it(struct reception *r, const struct application *app, struct receipt *out, struct fail *why)
{
    struct submission in;
    yyjson_val *body;
    struct str text = application_write(r->rq->arena, app);
    TRY(json_read(r->rq->arena, text, &body, why));
    TRY(submission_read(r->desk, r->rq, body, &in, why));
    in.key = form_key(r->rq); /* whatever it says now: the card may be put away by the time it is sent again */
    in.is_confirmed_on_paper = request_has_form(r->rq, "signed");
    return store_run(r->desk->store, dossier_submit, &in, out, why);
}

/* The applicant's form with all its parts, with what is typed so far. */
static enum outcome open_steps(struct reception *r, const struct application *app, struct fail *why)
{
    struct idempotency key = form_key(r->rq);
    if (key.key.len > 0) key.key = str_format(r->rq->arena, "%.*s-steps", STR_ARG(key.key)); /* not the dossier's */
    struct draft draft = {.account = r->rq->visitor.account,
                          .procedure_code = app->procedure,
                          .content = application_write(r->rq->arena, app),
                          .key = key};
    TRY(draft_save(r->desk->store, r->desk->keys, &draft, &draft.id, why));
    TRY(visit_end(r->desk, r->rq->visitor.account, VISIT_OVER, why));
    reply_redirect(r->rq, str_format(r->rq->arena, "/nop-ho-so/%.*s/%" PRId64, STR_ARG(app->procedure), draft.id));
    return OK;
}

static void leave(struct request *rq, struct str code, bool is_received)
{
    reply_redirect(rq, str_format(rq->arena, is_received ? "/tiep-nhan?vua=%.*s" : "/ho-so/%.*s", STR_ARG(code)));
}

/* What is wrong with it; unless it was filed already and is only sent again. */
static enum outcome show_refused(const struct reception *r, const struct fail *problems, struct fail *why)
{
    struct str code = STR("");
    struct became in = {r->rq->arena, form_key(r->rq)};
    struct fail ignored;
    fail_init(&ignored, r->rq->arena);
    if (store_run(r->desk->store, find_became, &in, &code, &ignored) != OK || code.len == 0)
        return show(r, problems, why);
    leave(r->rq, code, !str_eq(request_form(r->rq, "way"), STR("file")));
    return OK;
}

static enum outcome post_reception(struct request *rq, struct fail *why)
{
    struct reception r;
    struct receipt receipt;
    struct fail problems;
    fail_init(&problems, rq->arena);
    TRY(load(rq, &r, why));
    struct application app = application_of(&r);
    bool is_received = !str_eq(request_form(rq, "way"), STR("file"));
    if (str_eq(request_form(rq, "way"), STR("steps"))) return open_steps(&r, &app, why);
    if (is_received) check_papers(&r, &problems);
    enum outcome filed = problems.problem_count > 0 ? ERR_INVALID : file_it(&r, &app, &receipt, &problems);
    if (filed == ERR_INVALID && problems.problem_count > 0) return show_refused(&r, &problems, why);
    if (filed != OK) return fail_with(why, filed, problems.sentence, problems.args);
    TRY(visit_end(r.desk, rq->visitor.account, VISIT_OVER, why));
    if (!receipt.is_replay) mark_papers(&r, receipt.id);
    if (is_received && receive(&r, receipt.code, &problems) != OK) {
        page_flash(rq, N_("The dossier is filed, but it could not be received. Look at it here."));
        is_received = false;
    }
    leave(rq, receipt.code, is_received);
    return OK;
}

/* clang-format off */
const struct route reception_routes[] = {
    {GET,  "/tiep-nhan/ho-so/{procedure}", PERMIT_DOSSIER_COUNTER, get_reception,  N_("File at the counter")},
    {POST, "/tiep-nhan/ho-so/{procedure}", PERMIT_DOSSIER_COUNTER, post_reception, N_("File at the counter")},
};
/* clang-format on */
const size_t reception_route_count = LENGTH(reception_routes);

const struct page_template reception_templates[] = {
    {"counter/reception", reception_page_fields},
};
const size_t reception_template_count = LENGTH(reception_templates);
