/*
 * GET /ho-so/{code}/da-nop          the receipt
 * GET /ho-so/{code}                 the dossier: its applicant's view; officers see theirs at the same address
 * GET /ho-so/{code}/giay-to/{n}     a paper
 */
#include "portal/portal_pages.h"

#include <inttypes.h>

#include "agency/permission.h"
#include "base/list.h"
#include "catalogue/procedure_text.h"
#include "dossier/aside_page.h"
#include "dossier/dossier_page.h"
#include "dossier/dossier_token.h"
#include "dossier/dossier_visit.h"
#include "dossier/due_mark.h"
#include "dossier/paper.h"
#include "dossier/paper_picture.h"
#include "dossier/slip_link.h"
#include "dossier/talk.h"
#include "dossier/view_text.h"
#include "dossier/way_picture.h"
#include "portal/rating_link.h"

struct paper_line { /* a file of a dossier in a list */
    struct str name, facts, hash, href, label;
    struct str whole_hash, thumb; /* thumb: empty for what has no pages */
};

static const struct field paper_line_fields[] = {
    FIELD_STR(struct paper_line, name),  FIELD_STR(struct paper_line, facts),
    FIELD_STR(struct paper_line, hash),  FIELD_STR(struct paper_line, href),
    FIELD_STR(struct paper_line, label), FIELD_STR(struct paper_line, whole_hash),
    FIELD_STR(struct paper_line, thumb), FIELD_END,
};

static struct str filled(struct request *rq, const char *message, struct str value)
{
    return fail_fill(rq->arena, translate(rq->language, message), (const struct str[FAIL_ARGS]){value});
}

/* The files that this person may see: results, or all but results. */
static struct paper_line *list_files(struct request *rq, const struct dossier_view *v, bool results, size_t *out_count)
{
    LIST(struct paper_line) lines = {0};
    for (size_t i = 0; i < v->file_count; i++) {
        const struct dossier_file *f = &v->files[i];
        if (str_eq(f->kind, STR("result")) != results || !dossier_view_shows(v, f)) continue;
        const struct component *c = procedure_component(v->procedure, f->component);
        LIST_PUSH(rq->arena, lines) = (struct paper_line){.name = f->name,
                                                          .facts = file_facts(rq->arena, rq->language, f),
                                                          .hash = file_hash_short(rq->arena, f),
                                                          .whole_hash = sha256_format(rq->arena, f->hash),
                                                          .href = file_href(rq->arena, v, f),
                                                          .thumb = paper_thumb_address(rq->arena, v, f),
                                                          .label = c != NULL ? c->label : STR("")};
    }
    *out_count = lines.count;
    return lines.at;
}

/* ---- the receipt ---- */

struct receipt_page {
    struct frame frame;
    struct panel panel;
    struct str procedure, agency, submitted_at, term;
    struct str check;  /* how soon the office looks whether it is complete, where the law says so */
    struct str follow; /* where the QR code leads; empty for what strangers may not look up */
    struct paper_line *papers;
    size_t papers_count;
};

static const struct field receipt_page_fields[] = {
    FRAME_FIELDS(struct receipt_page),
    FIELD_STRUCT(struct receipt_page, panel, panel_fields),
    FIELD_STR(struct receipt_page, procedure),
    FIELD_STR(struct receipt_page, agency),
    FIELD_STR(struct receipt_page, submitted_at),
    FIELD_STR(struct receipt_page, term),
    FIELD_STR(struct receipt_page, check),
    FIELD_STR(struct receipt_page, follow),
    FIELD_LIST(struct receipt_page, papers, struct paper_line, paper_line_fields),
    FIELD_END,
};

/* Decree 45/2020 art. 14 speaks of what is sent online; a complaint or a denunciation has a time of its own law. */
static struct str check_of(struct request *rq, const struct dossier *d)
{
    bool is_online = str_eq(d->channel, str_from(channel_words[CHANNEL_ONLINE].code));
    if (!is_online || d->step_due != INSTANT_NONE) return STR_NONE;
    return term_for_people(rq->arena, rq->language, dossier_rules(d)->intake_check);
}

static enum outcome get_receipt(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct dossier_view view;
    TRY(dossier_visit(rq, &tx, &view, why));
    const struct procedure_case *its_case = dossier_view_case(&view);
    struct receipt_page page = {
        .panel = {translate(rq->language, N_("Your dossier was submitted")),
                  translate(rq->language, N_("Dossier code")), view.dossier.code},
        .procedure = view.procedure->name,
        .agency = view.agency.name,
        .submitted_at = instant_for_people(rq->arena, view.dossier.submitted_at),
        .term = its_case != NULL ? case_term_for_people(rq->arena, rq->language, its_case) : STR(""),
        .check = check_of(rq, &view.dossier),
    };
    if (procedure_is_public_lookup(view.procedure))
        page.follow = dossier_token_path(app_desk(rq->app)->keys, rq->arena, view.dossier.id);
    page.frame.title = filled(rq, N_("Receipt of dossier {0}"), view.dossier.code);
    page.papers = list_files(rq, &view, false, &page.papers_count);
    page_reply(rq, 200, "portal/receipt", &page);
    return OK;
}

/* ---- one dossier, as its applicant sees it ---- */

/* Whose turn it is, until when, and what comes then. */
struct now_card {
    struct str holder, rule, next; /* rule: by which the deadline is counted */
    struct due_mark due;
    bool is_mine; /* the office waits for the applicant */
};

struct applicant_page {
    struct frame frame;
    struct str code, procedure, requirements_href, reason;
    int64_t requirements_version;
    struct now_card now;
    struct str rating_href;   /* empty: nothing to say how it went, or said */
    const char *reason_title; /* message; NULL: there is nothing to explain */
    struct tag tag;
    struct summary_row *facts;
    size_t facts_count;
    struct timeline_item *stages;
    size_t stages_count;
    struct flow picture;
    struct str talk_href; /* messages; empty: not for these eyes */
    int64_t unread;
    bool has_messages;
    struct paper_line *papers, *results;
    size_t papers_count, results_count;
    struct act_form *acts;
    size_t acts_count;
    struct slip_link *slips;
    size_t slips_count;
    struct money_block money;
    bool is_stale; /* something happened between looking and acting */
    struct timeline_item *changes;
    size_t changes_count;
};

static const struct field now_card_fields[] = {
    FIELD_STR(struct now_card, holder),   FIELD_STR(struct now_card, rule),
    FIELD_STR(struct now_card, next),     FIELD_STRUCT(struct now_card, due, due_mark_fields),
    FIELD_BOOL(struct now_card, is_mine), FIELD_END,
};

static const struct field applicant_page_fields[] = {
    FRAME_FIELDS(struct applicant_page),
    FIELD_STR(struct applicant_page, code),
    FIELD_STR(struct applicant_page, procedure),
    FIELD_STR(struct applicant_page, requirements_href),
    FIELD_INT(struct applicant_page, requirements_version),
    FIELD_STRUCT(struct applicant_page, now, now_card_fields),
    FIELD_STR(struct applicant_page, rating_href),
    FIELD_STR(struct applicant_page, reason),
    FIELD_MESSAGE(struct applicant_page, reason_title),
    FIELD_STRUCT(struct applicant_page, tag, tag_fields),
    FIELD_LIST(struct applicant_page, facts, struct summary_row, summary_row_fields),
    FIELD_LIST(struct applicant_page, stages, struct timeline_item, timeline_item_fields),
    FIELD_STRUCT(struct applicant_page, picture, flow_fields),
    FIELD_STR(struct applicant_page, talk_href),
    FIELD_INT(struct applicant_page, unread),
    FIELD_BOOL(struct applicant_page, has_messages),
    FIELD_LIST(struct applicant_page, papers, struct paper_line, paper_line_fields),
    FIELD_LIST(struct applicant_page, results, struct paper_line, paper_line_fields),
    FIELD_LIST(struct applicant_page, acts, struct act_form, act_form_fields),
    FIELD_LIST(struct applicant_page, slips, struct slip_link, slip_link_fields),
    FIELD_STRUCT(struct applicant_page, money, money_block_fields),
    FIELD_BOOL(struct applicant_page, is_stale),
    FIELD_LIST(struct applicant_page, changes, struct timeline_item, timeline_item_fields),
    FIELD_END,
};

static struct str moment(struct request *rq, instant_t at)
{
    return at == INSTANT_NONE ? STR("") : instant_for_people(rq->arena, at);
}

/* By which rule the deadline is counted, with what has become of it. */
static struct str due_rule(struct request *rq, const struct dossier_view *v)
{
    const struct procedure_case *c = dossier_view_case(v);
    struct str term = c != NULL ? case_term_for_people(rq->arena, rq->language, c) : STR("");
    if (v->dossier.held_at != INSTANT_NONE)
        return filled(rq, N_("The time limit stands since {0}, until you have paid"), moment(rq, v->dossier.held_at));
    if (v->dossier.extensions > 0) term = translate(rq->language, N_("extended"));
    if (v->dossier.due_at == INSTANT_NONE || !v->dossier.is_provisional) return term;
    return filled(rq, N_("{0}; the holidays of that year are not announced yet"), term);
}

static struct str holder_text(struct request *rq, const struct dossier_view *v)
{
    if (v->step == STEP_END) return STR("");
    const struct step *step = &v->table->steps[v->step];
    if (str_eq(step->role, STR("applicant")))
        return translate(rq->language, v->dossier.status == STATUS_PAYMENT
                                           ? N_("You: the office waits for your payment")
                                           : N_("You: the office waits for your papers"));
    return str_format(rq->arena, "%.*s: %.*s", STR_ARG(v->agency.name), STR_ARG(step_title(rq->language, step)));
}

/* What comes after the step it is in, when all goes well. */
static struct str next_text(struct request *rq, const struct dossier_view *v)
{
    bool was_there[PROCESS_STEPS_MOST] = {false};
    was_there[v->step] = true;
    int next = process_way_on(v->table, v->step, was_there);
    return next == STEP_END ? translate(rq->language, N_("The matter is finished"))
                            : step_title(rq->language, &v->table->steps[next]);
}

static void fill_now(struct request *rq, const struct dossier_view *v, struct now_card *now)
{
    now->due = due_mark_of(rq->arena, rq->language, v->book.calendar, &v->dossier, v->dossier.due_at, v->now);
    now->rule = due_rule(rq, v);
    if (v->step == STEP_END) return;
    now->is_mine = str_eq(v->table->steps[v->step].role, STR("applicant"));
    now->holder = holder_text(rq, v);
    now->next = next_text(rq, v);
}

/* The text of the requirements that this dossier is judged by, which is the officer's too. */
static enum outcome fill_requirements(struct request *rq, struct tx *tx, const struct dossier_view *v,
                                      struct applicant_page *page, struct fail *why)
{
    struct procedure_version *versions;
    size_t count;
    TRY(catalogue_versions(tx, v->procedure->code, &versions, &count, why));
    for (size_t i = 0; i < count; i++)
        if (versions[i].id == v->dossier.procedure_version) page->requirements_version = versions[i].number;
    page->requirements_href = str_format(rq->arena, "/thu-tuc/%.*s?version=%" PRId64, STR_ARG(v->procedure->code),
                                         page->requirements_version);
    return OK;
}

static void fill_facts(struct request *rq, const struct dossier_view *v, struct applicant_page *page)
{
    struct summary f = {.rq = rq};
    if (v->aside.is_consulting)
        summary_add(&f, N_("Opinions"), translate(rq->language, N_("Other units are being asked for their opinion.")));
    summary_add(&f, N_("Owner of the matter"), v->dossier.owner_name);
    if (v->aside.mandate.id != 0)
        summary_add(&f, N_("Authorisation"),
                    mandate_for_people(rq->arena, rq->language, &v->aside.mandate, day_of(v->now)));
    summary_add(&f, N_("Agency"), v->agency.name);
    if (v->dossier.return_manner.len > 0)
        summary_add(&f, N_("Result wanted"), translate(rq->language, return_manner_label(v->dossier.return_manner)));
    summary_add(&f, N_("Send the result to"), v->delivery.address);
    summary_add(&f, N_("Submitted at"), moment(rq, v->dossier.submitted_at));
    summary_add(&f, N_("Received at"), moment(rq, v->dossier.received_at));
    summary_add(&f, N_("Finished at"), moment(rq, v->dossier.finished_at));
    page->facts = f.rows.at;
    page->facts_count = f.rows.count;
}

static const char *reason_title(const struct dossier *d)
{
    switch (d->status) {
    case STATUS_SUPPLEMENT: return N_("The office asks you for papers");
    case STATUS_PAYMENT: return N_("The office asks you to pay");
    case STATUS_REFUSED: return N_("Why the dossier was not accepted");
    case STATUS_STOPPED: return N_("Why processing stopped");
    case STATUS_DONE:
    case STATUS_RETURNED: return str_eq(d->outcome, STR("refused")) ? N_("Why it was not granted") : NULL;
    default: return NULL;
    }
}

/* What can be done now. Papers that are waited for are asked for at once; nobody is led to withdraw. */
static enum outcome fill_acts(struct request *rq, struct tx *tx, const struct dossier_view *v,
                              const struct act_attempt *attempt, struct applicant_page *page, struct fail *why)
{
    TRY(act_forms(rq, tx, v, attempt, &page->acts, &page->acts_count, why));
    for (size_t i = 0; attempt == NULL && i < page->acts_count; i++) page->acts[i].is_open = !page->acts[i].is_warning;
    if (attempt == NULL) return OK;
    act_problems(rq, &page->frame, attempt);
    page->is_stale = attempt->why->outcome == ERR_STALE;
    if (!page->is_stale) return OK;
    page->frame.problems[0] =
        (struct frame_problem){STR("#thay-doi"), translate(rq->language, N_("Something happened meanwhile"))};
    return view_changes(rq, tx, v, attempt->version, &page->changes, &page->changes_count, why);
}

static enum outcome fill_talk(struct request *rq, struct tx *tx, const struct dossier_view *v,
                              struct applicant_page *page, struct fail *why)
{
    struct talk_counts counts;
    TRY(app_talk_counts(rq, tx, v, &counts, why));
    page->unread = counts.unread;
    page->has_messages = counts.messages > 0;
    if (counts.has_messages) page->talk_href = str_format(rq->arena, "/ho-so/%.*s/trao-doi", STR_ARG(v->dossier.code));
    return OK;
}

enum outcome portal_dossier_page(struct request *rq, const struct act_attempt *attempt, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct dossier_view view;
    TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
    page_ahead(rq, tx);
    dossier_view_ahead(tx, request_param(rq, "code"));
    app_talk_ahead(rq, tx, dossier_id_to_come());
    journal_of_subject_ahead(tx, SUBJECT_DOSSIER, dossier_id_to_come());
    TRY(dossier_visit_in(rq, tx, &view, why));
    struct applicant_page page = {
        .code = view.dossier.code,
        .procedure = view.procedure->name,
        .reason = view.dossier.reason,
        .reason_title = view.dossier.reason.len > 0 ? reason_title(&view.dossier) : NULL,
        .tag = status_tag(rq->language, view.dossier.status),
    };
    page.frame.title = filled(rq, N_("Dossier {0}"), view.dossier.code);
    page.frame.back_href = STR("/ho-so-cua-toi");
    fill_now(rq, &view, &page.now);
    fill_facts(rq, &view, &page);
    TRY(fill_requirements(rq, tx, &view, &page, why));
    page.papers = list_files(rq, &view, false, &page.papers_count);
    page.results = list_files(rq, &view, true, &page.results_count);
    page.money = money_block_of(rq, &view);
    TRY(view_timeline(rq, tx, &view, &page.stages, &page.stages_count, why));
    TRY(dossier_picture(rq, tx, &view, &page.picture, why));
    TRY(fill_talk(rq, tx, &view, &page, why));
    TRY(app_slip_links(rq, tx, &view, &page.slips, &page.slips_count, why));
    TRY(app_rating_link(rq, tx, &view, &page.rating_href, why));
    TRY(fill_acts(rq, tx, &view, attempt, &page, why));
    page_reply(rq, attempt != NULL ? outcome_status(attempt->why->outcome) : 200, "portal/applicant", &page);
    return OK;
}

/* ---- tables ---- */

/* In order of use. */
const struct route portal_dossier_routes[] = {
    {GET, "/ho-so/{code}/da-nop",      PERMIT_SIGNED_IN, get_receipt,         N_("Receipt")             },
    {GET, "/ho-so/{code}/giay-to/{n}", PERMIT_SIGNED_IN, dossier_visit_paper, N_("A paper of a dossier")},
};
const size_t portal_dossier_route_count = LENGTH(portal_dossier_routes);

const struct page_template portal_dossier_templates[] = {
    {"portal/receipt",   receipt_page_fields  },
    {"portal/applicant", applicant_page_fields},
};
const size_t portal_dossier_template_count = LENGTH(portal_dossier_templates);
