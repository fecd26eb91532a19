/*
 * GET  /nop-ho-so/{procedure}                  leads to the visitor's draft, else shows the parts that there will be
 * POST /nop-ho-so/{procedure}                  begins a draft, and goes on to its first part
 * GET  /nop-ho-so/{procedure}/{draft}          the task list
 * GET, POST .../noi-nop .../thay-mat .../nguoi-nop .../khai .../giay-to .../nhan-ket-qua
 *                                              the steps (apply_steps.c, apply_papers.c)
 * GET, POST .../kiem-tra                       check the answers; submit
 * POST      .../xoa                            delete the draft
 */
#include <inttypes.h>

#include "agency/permission.h"
#include "base/id.h"
#include "base/list.h"
#include "catalogue/procedure_text.h"
#include "dossier/delivery.h"
#include "dossier/dossier_list.h"
#include "dossier/dossier_view.h"
#include "dossier/draft.h"
#include "dossier/paper.h"
#include "http/once.h"
#include "people/party.h"
#include "people/people.h"
#include "portal/apply.h"
#include "portal/confirm_pages.h"
#include "portal/portal_pages.h"

enum { PAPERS_BODY_BYTES = 5 * PAPER_BYTES_MOST };

/* ---- beginning ---- */

static enum outcome find_draft(struct request *rq, struct tx *tx, struct str procedure, int64_t *out, struct fail *why)
{
    struct draft *drafts;
    size_t count;
    *out = 0;
    TRY(drafts_of_account(tx, rq->visitor.account, &drafts, &count, why));
    for (size_t i = 0; i < count; i++) {
        if (!str_eq(drafts[i].procedure_code, procedure)) continue;
        *out = drafts[i].id;
        return OK; /* the newest comes first */
    }
    return OK;
}

enum { EARLIER_MOST = 5 };

static void take_from_earlier(struct application *app, const char *place, struct str *value, struct str earlier,
                              struct str code)
{
    if (value->len > 0 || earlier.len == 0) return;
    *value = earlier;
    application_note(app->known, &app->known_count, str_from(place), code);
}

/* What the account does not say, the owner's own latest dossiers may: where the same person was reached. */
static enum outcome fill_from_earlier(struct request *rq, struct tx *tx, struct application *app, struct fail *why)
{
    struct applicant *owner = &app->applicants[0];
    struct dossier_list found;
    struct list_query query = {.who = standing_of(rq), .due_before = INSTANT_NONE, .most = EARLIER_MOST};
    if (owner->phone.len > 0 && owner->email.len > 0 && owner->address.len > 0) return OK;
    TRY(dossier_list(app_desk(rq->app), tx, &query, &found, why));
    for (size_t i = 0; i < found.count; i++) {
        struct party *parties;
        size_t count;
        const struct dossier *d = &found.items[i].dossier;
        if (d->is_protected || !str_eq(d->owner_name, owner->name)) continue;
        TRY(parties_of_dossier(tx, d->id, &parties, &count, why));
        if (count == 0) continue;
        take_from_earlier(app, "parties/0/phone", &owner->phone, parties[0].phone, d->code);
        take_from_earlier(app, "parties/0/email", &owner->email, parties[0].email, d->code);
        take_from_earlier(app, "parties/0/address", &owner->address, parties[0].address, d->code);
    }
    return OK;
}

/* The rest is the account's. */
static void note_sources(struct application *app, const struct account *account)
{
    const struct applicant *owner = &app->applicants[0];
    const struct {
        const char *place;
        bool is_known;
    } places[] = {
        {"parties/0/name",               account->name.len > 0   },
        {"parties/0/phone",              account->phone.len > 0  },
        {"parties/0/email",              account->email.len > 0  },
        {"parties/0/address",            account->address.len > 0},
        {"parties/0/identities/0/value", owner->identity.len > 0 },
    };
    for (size_t i = 0; i < LENGTH(places); i++)
        if (places[i].is_known)
            application_note(app->known, &app->known_count, str_from(places[i].place), STR("account"));
}

/* What the account knows already, so that nobody types it again. */
static enum outcome fill_owner(struct request *rq, struct tx *tx, struct application *app, struct fail *why)
{
    struct account account;
    struct identity *identities;
    size_t count;
    TRY(account_load(tx, rq->visitor.account, &account, why));
    TRY(identity_reveal(tx, app_desk(rq->app)->keys, account.id, &identities, &count, why));
    bool is_party = !str_eq(account.kind, STR("officer")) && !str_eq(account.kind, STR("program"));
    app->applicant_count = 1;
    app->applicants[0] = (struct applicant){.role = STR("owner"),
                                            .kind = is_party ? account.kind : STR("citizen"),
                                            .name = is_party ? account.name : STR(""),
                                            .phone = is_party ? account.phone : STR(""),
                                            .email = is_party ? account.email : STR(""),
                                            .address = is_party ? account.address : STR("")};
    if (count > 0) {
        app->applicants[0].identity_type = str_from(identity_type_code(identities[0].type));
        app->applicants[0].identity = identities[0].value;
    }
    if (is_party) TRY(fill_from_earlier(rq, tx, app, why));
    if (is_party) note_sources(app, &account);
    if (str_eq(app->channel, STR("internal"))) return OK;
    application_set_behalf(app, party_kind_is_body(app->applicants[0].kind) ? STR("legal") : STR("self"));
    return OK;
}

/* An officer of the one-stop files for who stands at the counter, for their own agency. */
static bool is_counter(const struct request *rq)
{
    return rq->visitor.agency != 0 && permission_is_in(rq->visitor.permissions, PERMIT_DOSSIER_COUNTER);
}

/* How it is begun: in the address of the page, and in the form that the page sends. */
static struct str asked_of(const struct request *rq, const char *name)
{
    return rq->method == POST ? request_form(rq, name) : request_query(rq, name);
}

/* What the one-stop was handed: at its counter or by post (kenh=postal), as the procedure is offered. Everybody else
 * applies online. */
static enum channel_kind channel_of(const struct request *rq, const struct procedure *p)
{
    int asked = vocabulary_find(channel_words, CHANNEL_KIND_COUNT, asked_of(rq, "kenh"));
    if (!is_counter(rq) || p->initiator != INITIATOR_APPLICANT) return CHANNEL_ONLINE;
    if (asked == CHANNEL_POSTAL && procedure_channel(p, CHANNEL_POSTAL)) return CHANNEL_POSTAL;
    if (procedure_channel(p, CHANNEL_COUNTER)) return CHANNEL_COUNTER;
    return procedure_channel(p, CHANNEL_POSTAL) ? CHANNEL_POSTAL : CHANNEL_ONLINE;
}

/* The officer's own agency; else the one that performs the procedure when there is only one. */
static enum outcome fill_agency(struct request *rq, struct tx *tx, const struct procedure *p, struct application *app,
                                struct fail *why)
{
    struct agency own;
    bool is_own = is_counter(rq) || (str_eq(app->channel, STR("internal")) && !procedure_is_internal(p));
    if (is_own) {
        TRY(agency_load(tx, rq->visitor.agency, &own, why));
        app->agency = own.identifier;
        return OK;
    }
    struct agency *found;
    size_t count;
    struct agency_filter filter = {.procedure = app->procedure, .day = day_of(clock_now()), .most = 2};
    TRY(agency_list(tx, &filter, &found, &count, why));
    if (count == 1) app->agency = found[0].identifier;
    return OK;
}

/* The application as it would begin. *out_draft: the one that is there already, unless a new one is wanted (moi=1). */
static enum outcome begin_application(struct request *rq, struct application *app, int64_t *out_draft, struct fail *why)
{
    *out_draft = 0;
    const struct desk *desk = app_desk(rq->app);
    struct procedure_ref ref;
    const struct procedure *p;
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(desk->store, rq->arena, &tx, why));
    TRY(catalogue_find_open(tx, request_param(rq, "procedure"), &ref, why));
    TRY(catalogue_version(desk->catalogue, tx, ref.version, &p, why));
    enum channel_kind channel = channel_of(rq, p);
    bool is_opened = procedure_is_of_officers(p) && permission_is_in(rq->visitor.permissions, PERMIT_DOSSIER_OPEN);
    if (!is_opened && channel == CHANNEL_ONLINE && procedure_why_not_online(p) != NULL)
        return fail(why, ERR_CONFLICT, procedure_why_not_online(p));
    if (!is_opened && procedure_is_internal(p))
        return fail(why, ERR_CONFLICT, N_("This procedure is one between agencies; nobody applies for it."));
    if (rq->visitor.agency != 0 && !is_opened && !is_counter(rq))
        return fail(why, ERR_DENIED, N_("Only the one-stop files for an applicant."));
    app->procedure = p->code;
    app->channel = is_opened ? STR("internal") : str_from(channel_words[channel].code);
    if (!str_eq(asked_of(rq, "moi"), STR("1"))) TRY(find_draft(rq, tx, p->code, out_draft, why));
    if (*out_draft != 0) return OK;
    TRY(fill_owner(rq, tx, app, why));
    return fill_agency(rq, tx, p, app, why);
}

/* ---- the task list ---- */

struct tasks_page {
    struct frame frame;
    struct apply_head head;
    bool is_begun;
    struct str kenh, moi, key, days;  /* before it is begun: how, and how long a draft is kept */
    struct str next_href, next_title; /* the first step that still wants something */
    struct task_item *tasks;
    size_t tasks_count;
};

static const struct field tasks_page_fields[] = {
    FRAME_FIELDS(struct tasks_page),
    FIELD_STRUCT(struct tasks_page, head, apply_head_fields),
    FIELD_BOOL(struct tasks_page, is_begun),
    FIELD_STR(struct tasks_page, kenh),
    FIELD_STR(struct tasks_page, moi),
    FIELD_STR(struct tasks_page, key),
    FIELD_STR(struct tasks_page, days),
    FIELD_STR(struct tasks_page, next_href),
    FIELD_STR(struct tasks_page, next_title),
    FIELD_LIST(struct tasks_page, tasks, struct task_item, task_item_fields),
    FIELD_END,
};

static size_t problems_of(const struct apply *a, enum apply_step step)
{
    struct fail found;
    fail_init(&found, a->rq->arena);
    apply_step_problems(a, step, &found);
    return found.problem_count;
}

static bool wants_something(const struct apply *a, enum apply_step step)
{
    return step == APPLY_CHECK || problems_of(a, step) > 0 || (step == APPLY_FORM && !a->app.is_form_seen);
}

static struct tag task_state(const struct apply *a, enum apply_step step)
{
    bool is_optional = step == APPLY_FORM && !a->app.is_form_seen;
    if (problems_of(a, step) > 0) return tag_of(TAG_WORKING, translate(a->rq->language, N_("To be done")));
    if (is_optional) return tag_of(TAG_PLAIN, translate(a->rq->language, N_("Not required")));
    return (struct tag){0}; /* done: plain text, as the task list shows it */
}

/* What is known already is said in the list, so that nobody must open a step to see it. */
static struct str task_hint(const struct apply *a, enum apply_step step)
{
    const struct applicant *owner = &a->app.applicants[0];
    if (problems_of(a, step) > 0) return STR("");
    if (step == APPLY_BEHALF && str_eq(a->app.behalf, STR("self")))
        return translate(a->rq->language, N_("For yourself"));
    if (step == APPLY_PARTIES && a->app.applicant_count > 0) return owner->name;
    return STR("");
}

static struct task_item task_of(const struct apply *a, enum apply_step step)
{
    struct task_item task = {
        .id = str_from(apply_steps[step].name),
        .title = translate(a->rq->language, apply_steps[step].title),
        .href = apply_address(a, step),
        .hint = task_hint(a, step),
    };
    if (step != APPLY_CHECK) {
        task.tag = task_state(a, step);
    } else if (a->missing.problem_count > 0) {
        task.href = STR("");
        task.hint = translate(a->rq->language, N_("Finish the other parts first."));
    } else {
        task.tag = tag_of(TAG_WAITING, translate(a->rq->language, N_("Ready to submit")));
    }
    return task;
}

static enum apply_step first_to_do(const struct apply *a)
{
    enum apply_step step = 0;
    while (!apply_has_step(a, step) || !wants_something(a, step)) step++; /* the last always does */
    return step;
}

static void show_tasks(const struct apply *a, struct tasks_page *page)
{
    struct request *rq = a->rq;
    enum apply_step next = first_to_do(a);
    page->is_begun = a->draft != 0;
    page->days = str_format(rq->arena, "%" PRId64, (int64_t)a->desk->draft_days);
    page->head = (struct apply_head){
        .procedure = a->procedure->name, .code = a->procedure->code, .base = a->base, .caption = apply_caption(a)};
    struct str title = translate(rq->language, page->is_begun ? N_("Apply") : N_("Begin an application"));
    page->frame.title = str_format(rq->arena, "%.*s – %.*s", STR_ARG(title), STR_ARG(a->procedure->name));
    page->frame.back_href = str_format(rq->arena, "/thu-tuc/%.*s", STR_ARG(a->procedure->code));
    page->next_href = apply_address(a, next);
    page->next_title = translate(rq->language, apply_steps[next].title);
    page->tasks = ARENA_ARRAY(rq->arena, struct task_item, APPLY_STEP_COUNT);
    for (enum apply_step step = 0; step < APPLY_STEP_COUNT; step++)
        if (apply_has_step(a, step)) page->tasks[page->tasks_count++] = task_of(a, step);
    page->frame.is_step = true;
    page_reply(rq, 200, "portal/apply_tasks", page);
}

static enum outcome get_tasks(struct request *rq, struct fail *why)
{
    struct apply a;
    struct submission ignored;
    struct tasks_page page = {0};
    enum outcome loaded = apply_load(rq, &a, why);
    if (loaded == ERR_MISSING) return apply_gone(rq, loaded, why);
    TRY(loaded);
    TRY(apply_look(&a, &ignored, why));
    show_tasks(&a, &page);
    return OK;
}

/* Nothing is kept yet: whoever only looks, and whatever follows links by itself, begins nothing. */
static enum outcome get_start(struct request *rq, struct fail *why)
{
    struct application app = {0};
    struct apply a;
    struct submission ignored;
    struct tasks_page page = {
        .kenh = request_query(rq, "kenh"), .moi = request_query(rq, "moi"), .key = form_key_to_hide(rq)};
    int64_t draft;
    TRY(begin_application(rq, &app, &draft, why));
    TRY(apply_take(rq, &app, draft, &a, why));
    if (draft != 0) {
        reply_redirect(rq, a.base);
        return OK;
    }
    TRY(apply_look(&a, &ignored, why));
    show_tasks(&a, &page);
    return OK;
}

/* Sent twice it leads to the same draft: the newest, or the one that this form has begun. */
static enum outcome post_start(struct request *rq, struct fail *why)
{
    const struct desk *desk = app_desk(rq->app);
    struct application app = {0};
    struct apply a;
    struct submission ignored;
    struct draft draft = {.account = rq->visitor.account};
    TRY(begin_application(rq, &app, &draft.id, why));
    bool is_new = draft.id == 0;
    if (is_new) {
        draft.procedure_code = app.procedure;
        draft.content = application_write(rq->arena, &app);
        draft.key = form_key(rq);
        TRY(draft_save(desk->store, desk->keys, &draft, &draft.id, why));
    }
    TRY(apply_take(rq, &app, draft.id, &a, why));
    if (is_new) TRY(apply_look(&a, &ignored, why));
    reply_redirect(rq, is_new ? apply_address(&a, first_to_do(&a)) : a.base);
    return OK;
}

/* ---- checking the answers ---- */

struct check_page {
    struct frame frame;
    struct apply_head head;
    struct str address;
    bool is_ready;
    struct apply_section *sections;
    size_t sections_count;
    struct confirm_block confirm;
};

const struct field apply_section_fields[] = {
    FIELD_STR(struct apply_section, title),
    FIELD_STR(struct apply_section, change),
    FIELD_LIST(struct apply_section, rows, struct summary_row, summary_row_fields),
    FIELD_END,
};

static const struct field check_page_fields[] = {
    FRAME_FIELDS(struct check_page),
    FIELD_STRUCT(struct check_page, head, apply_head_fields),
    FIELD_STR(struct check_page, address),
    FIELD_BOOL(struct check_page, is_ready),
    FIELD_LIST(struct check_page, sections, struct apply_section, apply_section_fields),
    FIELD_STRUCT(struct check_page, confirm, confirm_block_fields),
    FIELD_END,
};

/* Rows of one section as they are added; an empty answer has none, and without a field there is nothing to change. */
struct answers {
    const struct apply *a;
    enum apply_step step;
    bool may_change;
    LIST(struct summary_row) rows;
};

static void add_answer(struct answers *s, struct str key, struct str value, const char *field)
{
    struct arena *arena = s->a->rq->arena;
    if (value.len == 0) return;
    struct str change = STR("");
    if (field != NULL && s->may_change)
        change = str_format(arena, "%.*s#%s", STR_ARG(apply_address(s->a, s->step)), field);
    LIST_PUSH(arena, s->rows) = (struct summary_row){.key = key, .value = value, .change = change};
}

static struct str say(const struct apply *a, const char *message)
{
    return translate(a->rq->language, message);
}

static struct str fees_of_ruling(const struct apply *a, const struct ruling *r)
{
    struct arena *arena = a->rq->arena;
    struct str *parts = ARENA_ARRAY(arena, struct str, r->fee_count + 1);
    for (size_t i = 0; i < r->fee_count; i++) parts[i] = fee_for_people(arena, a->rq->language, &r->fees[i]);
    return str_join(arena, STR("; "), parts, r->fee_count);
}

/* What the procedure's tables say of this application; what they leave open the office settles, and nobody waits. */
static void answer_ruling(struct answers *s, const struct procedure_case *c)
{
    const struct apply *a = s->a;
    const struct ruling *r = a->ruling;
    struct arena *arena = a->rq->arena;
    if (r != NULL && r->has_fees)
        add_answer(s, say(a, N_("Fees and charges")), fees_of_ruling(a, r), NULL);
    else
        add_answer(s, say(a, N_("Fees and charges")), case_fees_for_people(arena, a->rq->language, c), NULL);
    if (r == NULL) return;
    const struct procedure_case *proposed = a->channel != NULL ? channel_case(a->channel, r->case_id) : NULL;
    if (proposed != NULL && !str_eq(proposed->id, c->id)) {
        struct str label = case_label_for_people(proposed);
        add_answer(s, say(a, N_("Case by the rules")),
                   label.len > 0 ? label : case_term_for_people(arena, a->rq->language, proposed), "case");
    }
    if (r->has_eligibility) {
        add_answer(s, say(a, N_("Conditions")), r->reason, NULL);
        if (!r->is_eligible)
            add_answer(
                s, say(a, N_("Note")),
                say(a, N_("By your answers a condition is not fulfilled. You may still submit: the office checks "
                          "and decides, and tells you why.")),
                NULL);
    }
    if (r->open_count > 0)
        add_answer(s, say(a, N_("Not answered")), str_join(arena, STR("; "), r->open, r->open_count), NULL);
    if (r->incident_count > 0)
        add_answer(s, say(a, N_("Note")),
                   say(a, N_("The rules of this procedure could not be worked out. You may submit all the same: the "
                             "office settles the fee.")),
                   NULL);
}

static enum outcome answer_where(struct answers *s, struct fail *why)
{
    const struct apply *a = s->a;
    AUTO_READ struct tx *tx = NULL;
    struct agency agency;
    struct fail missing;
    fail_init(&missing, a->rq->arena);
    TRY(store_read_begin(a->desk->store, a->rq->arena, &tx, why));
    if (a->app.agency.len > 0 && agency_find(tx, a->app.agency, &agency, &missing) == OK)
        add_answer(s, say(a, N_("Agency")), agency.name, "agency");
    const struct procedure_case *c = a->channel != NULL ? channel_case(a->channel, a->app.case_id) : NULL;
    if (c == NULL && a->channel != NULL && a->channel->case_count == 1) c = &a->channel->cases[0];
    if (c == NULL) return OK;
    add_answer(s, say(a, N_("Case")), case_label_for_people(c), "case");
    add_answer(s, say(a, N_("Term")), case_term_for_people(a->rq->arena, a->rq->language, c), NULL);
    answer_ruling(s, c);
    return OK;
}

static void answer_party(struct answers *s, size_t n)
{
    const struct apply *a = s->a;
    const struct applicant *p = &a->app.applicants[n];
    const char *who = n == 0 ? N_("Owner of the matter") : N_("On their behalf");
    const struct {
        const char *key;
        struct str value;
        const char *member;
    } rows[] = {
        {who,          p->name,                    "name"      },
        {N_("Number"), identity_mask(a->rq->arena, p->identity), "identities-0-value"},
        {N_("Telephone"),            p->phone,                        "phone"                },
        {N_("E-mail"),            p->email,                           "email"   },
        {N_("Address"),            p->address,                          "address"             },
    };
    for (size_t i = 0; i < LENGTH(rows); i++)
        add_answer(s, say(a, rows[i].key), rows[i].value,
                   str_format(a->rq->arena, "parties-%zu-%s", n, rows[i].member).at);
}

static struct str declared_label(const struct apply *a, const struct declaration *d, struct str value)
{
    for (size_t i = 0; i < d->choice_count; i++)
        if (str_eq(value, str_from(d->choices[i].value))) return say(a, d->choices[i].label);
    return value;
}

static void answer_form(struct answers *s)
{
    const struct apply *a = s->a;
    for (size_t i = 0; i < a->form->field_count; i++) {
        const struct declaration *d = &a->form->fields[i];
        for (size_t n = 0; n < a->app.form_count; n++)
            if (str_eq(a->app.form[n].name, str_from(d->name)))
                add_answer(s, say(a, d->label), declared_label(a, d, a->app.form[n].value),
                           str_format(a->rq->arena, "form-%s", d->name).at);
    }
}

static void answer_behalf(struct answers *s)
{
    const struct apply *a = s->a;
    struct str basis = a->app.applicant_count > 1 ? a->app.applicants[1].basis : STR("");
    if (basis.len > 0) add_answer(s, say(a, N_("By what right")), say(a, party_basis_label(basis)), "behalf");
    if (a->app.mandate.len > 0)
        add_answer(s, say(a, N_("Authorisation")), say(a, N_("A standing one from the owner of the matter")), "behalf");
}

static void answer_return(struct answers *s)
{
    const struct apply *a = s->a;
    struct str manner = a->app.return_manner;
    if (manner.len > 0)
        add_answer(s, say(a, N_("Result wanted")), say(a, return_manner_label(manner)), "return-manner");
    add_answer(s, say(a, N_("Send the result to")), a->app.return_address, "return-address");
    add_answer(s, say(a, N_("Sender on the envelope")), a->app.sender, "post-sender");
    add_answer(s, say(a, N_("Postmark")), a->app.postmarked, "post-postmarked");
}

static void answer_papers(struct answers *s)
{
    const struct apply *a = s->a;
    struct arena *arena = a->rq->arena;
    for (size_t i = 0; i < a->form->paper_count; i++) {
        const struct component *c = a->form->papers[i].component;
        LIST(struct str) names = {0};
        for (size_t n = 0; n < a->app.file_count; n++)
            if (str_eq(a->app.files[n].component, c->id)) LIST_PUSH(arena, names) = a->app.files[n].name;
        struct str id = page_field_id(arena, str_format(arena, "/files/%.*s", STR_ARG(c->id)));
        add_answer(s, c->label, str_join(arena, STR(", "), names.at, names.count), str_cstr(arena, id));
    }
}

enum outcome apply_sections(const struct apply *a, bool may_change, struct apply_section **out, size_t *out_count,
                            struct fail *why)
{
    *out_count = 0;
    *out = ARENA_ARRAY(a->rq->arena, struct apply_section, APPLY_CHECK);
    for (enum apply_step step = 0; step < APPLY_CHECK; step++) {
        struct answers s = {.a = a, .step = step, .may_change = may_change};
        if (!apply_has_step(a, step)) continue;
        if (step == APPLY_BEHALF) answer_behalf(&s);
        if (step == APPLY_RETURN) answer_return(&s);
        if (step == APPLY_WHERE) TRY(answer_where(&s, why));
        for (size_t n = 0; step == APPLY_PARTIES && n < a->app.applicant_count; n++) answer_party(&s, n);
        if (step == APPLY_FORM) answer_form(&s);
        if (step == APPLY_PAPERS) answer_papers(&s);
        (*out)[(*out_count)++] = (struct apply_section){
            say(a, apply_steps[step].title), may_change ? apply_address(a, step) : STR(""), s.rows.at, s.rows.count};
    }
    return OK;
}

/* Each problem leads to its field on the page of its step. */
static void link_problems(const struct apply *a, const struct fail *why, struct frame *frame)
{
    page_problems(a->rq, frame, why);
    for (size_t i = 0; i < why->problem_count; i++)
        for (enum apply_step step = 0; step < APPLY_CHECK; step++) {
            struct fail one;
            struct apply only = *a;
            fail_init(&one, a->rq->arena);
            only.missing = *why;
            only.missing.problems = &why->problems[i];
            only.missing.problem_count = 1;
            apply_step_problems(&only, step, &one);
            if (one.problem_count > 0)
                frame->problems[i].href = str_format(a->rq->arena, "%.*s%.*s", STR_ARG(apply_address(a, step)),
                                                     STR_ARG(frame->problems[i].href));
        }
}

static enum outcome show_check(const struct apply *a, const struct fail *problems, struct fail *why)
{
    struct check_page page = {.address = apply_address(a, APPLY_CHECK)};
    apply_fill(a, APPLY_CHECK, NULL, &page.frame, &page.head);
    TRY(apply_sections(a, true, &page.sections, &page.sections_count, why));
    TRY(confirm_fill(a, &page.confirm, why));
    page.is_ready = problems->problem_count == 0;
    if (!page.is_ready) link_problems(a, problems, &page.frame);
    page_reply(a->rq, apply_status(a->rq->method == POST ? problems : NULL), "portal/apply_check", &page);
    return OK;
}

static enum outcome get_check(struct request *rq, struct fail *why)
{
    struct apply a;
    struct submission ignored;
    enum outcome loaded = apply_load(rq, &a, why);
    if (loaded == ERR_MISSING) return apply_gone(rq, loaded, why);
    TRY(loaded);
    TRY(apply_look(&a, &ignored, why));
    return show_check(&a, &a.missing, why);
}

/* ---- submitting ---- */

/* A draft is submitted once: its id is the key, and for one draft there is one answer. */
static struct idempotency key_of(struct request *rq, struct str draft)
{
    return (struct idempotency){rq->visitor.account, draft, sha256_of(draft)};
}

static void redirect_to_receipt(struct request *rq, struct str code)
{
    reply_redirect(rq, str_format(rq->arena, "/ho-so/%.*s/da-nop", STR_ARG(code)));
}

static enum outcome find_became(struct request *rq, struct str *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    int64_t draft;
    if (!id_parse(request_param(rq, "draft"), &draft)) return ERR_MISSING;
    TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
    TRY(draft_became(tx, rq->visitor.account, draft, out, why));
    *out = str_dup(rq->arena, *out);
    return OK;
}

enum outcome apply_gone(struct request *rq, enum outcome missing, struct fail *why)
{
    (void)why; /* says already what is missing */
    struct str code;
    struct fail ignored;
    fail_init(&ignored, rq->arena);
    if (request_has_form(rq, "autosave")) return missing; /* assets/apply.js says it, and stays on its page */
    if (find_became(rq, &code, &ignored) != OK) return missing;
    bool is_sent_twice = rq->method == POST && str_ends(rq->path, STR("/kiem-tra"));
    if (!is_sent_twice) page_flash(rq, N_("This application was sent already. Here is its receipt."));
    redirect_to_receipt(rq, code);
    return OK;
}

static enum outcome post_check(struct request *rq, struct fail *why)
{
    struct apply a;
    struct submission in;
    struct receipt receipt;
    struct fail refused;
    enum outcome loaded = apply_load(rq, &a, why);
    if (loaded == ERR_MISSING) return apply_gone(rq, loaded, why);
    TRY(loaded);
    TRY(apply_look(&a, &in, why));
    if (a.missing.problem_count > 0) return show_check(&a, &a.missing, why);
    in.key = key_of(rq, request_param(rq, "draft"));
    in.draft = a.draft;
    in.content = apply_content(&a);
    in.is_confirmed_on_paper = str_eq(request_form(rq, "confirmed"), STR("paper"));
    fail_init(&refused, rq->arena);
    enum outcome submitted = store_run(a.desk->store, dossier_submit, &in, &receipt, &refused);
    if (submitted == ERR_INVALID && refused.problem_count > 0) return show_check(&a, &refused, why);
    if (submitted != OK) return fail_with(why, submitted, refused.sentence, refused.args);
    redirect_to_receipt(rq, receipt.code);
    return OK;
}

static enum outcome post_delete(struct request *rq, struct fail *why)
{
    struct apply a;
    enum outcome loaded = apply_load(rq, &a, why);
    if (loaded == ERR_MISSING) return apply_gone(rq, loaded, why);
    TRY(loaded);
    TRY(draft_delete(a.desk->store, rq->visitor.account, a.draft, why));
    page_flash(rq, N_("The draft was deleted."));
    reply_redirect(rq, apply_home(rq));
    return OK;
}

/* ---- tables ---- */

/* clang-format off */
/* In order of use. */
const struct route portal_apply_routes[] = {
    {GET,  "/nop-ho-so/{procedure}",                     PERMIT_DOSSIER_SUBMIT, get_start,          N_("Apply"),                  0, false, NULL},
    {POST, "/nop-ho-so/{procedure}",                     PERMIT_DOSSIER_SUBMIT, post_start,         N_("Apply"),                  0, false, NULL},
    {GET,  "/nop-ho-so/{procedure}/{draft}",             PERMIT_DOSSIER_SUBMIT, get_tasks,          N_("Apply"),                  0, false, NULL},
    {GET,  "/nop-ho-so/{procedure}/{draft}/noi-nop",     PERMIT_DOSSIER_SUBMIT, get_apply_step, N_("Where and which case"),   0, false, NULL},
    {POST, "/nop-ho-so/{procedure}/{draft}/noi-nop",     PERMIT_DOSSIER_SUBMIT, post_apply_step, N_("Where and which case"),   0, false, NULL, true},
    {GET,  "/nop-ho-so/{procedure}/{draft}/thay-mat",    PERMIT_DOSSIER_SUBMIT, get_apply_step, N_("On whose behalf"),        0, false, NULL},
    {POST, "/nop-ho-so/{procedure}/{draft}/thay-mat",    PERMIT_DOSSIER_SUBMIT, post_apply_step, N_("On whose behalf"),        0, false, NULL, true},
    {GET,  "/nop-ho-so/{procedure}/{draft}/nhan-ket-qua", PERMIT_DOSSIER_SUBMIT, get_apply_step, N_("How the result is wanted"), 0, false, NULL},
    {POST, "/nop-ho-so/{procedure}/{draft}/nhan-ket-qua", PERMIT_DOSSIER_SUBMIT, post_apply_step, N_("How the result is wanted"), 0, false, NULL, true},
    {GET,  "/nop-ho-so/{procedure}/{draft}/nguoi-nop",   PERMIT_DOSSIER_SUBMIT, get_apply_step, N_("Owner and applicant"),            0, false, NULL},
    {POST, "/nop-ho-so/{procedure}/{draft}/nguoi-nop",   PERMIT_DOSSIER_SUBMIT, post_apply_step, N_("Owner and applicant"),            0, false, NULL, true},
    {GET,  "/nop-ho-so/{procedure}/{draft}/khai",        PERMIT_DOSSIER_SUBMIT, get_apply_step, N_("What you declare"),       0, false, NULL},
    {POST, "/nop-ho-so/{procedure}/{draft}/khai",        PERMIT_DOSSIER_SUBMIT, post_apply_step, N_("What you declare"),       0, false, NULL, true},
    {GET,  "/nop-ho-so/{procedure}/{draft}/giay-to",     PERMIT_DOSSIER_SUBMIT, get_apply_step, N_("Papers"),                 0, false, NULL},
    {POST, "/nop-ho-so/{procedure}/{draft}/giay-to",     PERMIT_DOSSIER_SUBMIT, post_apply_papers,  N_("Papers"), PAPERS_BODY_BYTES, true, NULL},
    {GET,  "/nop-ho-so/{procedure}/{draft}/giay-to/{file}/trang/{page}", PERMIT_DOSSIER_SUBMIT, get_apply_paper_page, N_("A page of a paper"), 0, false, NULL},
    {GET,  "/nop-ho-so/{procedure}/{draft}/kiem-tra",    PERMIT_DOSSIER_SUBMIT, get_check,          N_("Check and submit"),       0, false, NULL},
    {POST, "/nop-ho-so/{procedure}/{draft}/kiem-tra",    PERMIT_DOSSIER_SUBMIT, post_check,         N_("Check and submit"),       0, false, NULL, true},
    {POST, "/nop-ho-so/{procedure}/{draft}/xoa",         PERMIT_DOSSIER_SUBMIT, post_delete,        N_("Delete a draft"),         0, false, NULL},
};
/* clang-format on */
const size_t portal_apply_route_count = LENGTH(portal_apply_routes);

const struct page_template portal_apply_templates[] = {
    {"portal/apply_tasks",  tasks_page_fields  },
    {"portal/apply_where",  apply_where_fields },
    {"portal/apply_fields", apply_fields_fields},
    {"portal/apply_papers", apply_papers_fields},
    {"portal/apply_check",  check_page_fields  },
};
const size_t portal_apply_template_count = LENGTH(portal_apply_templates);
