/*
 * GET  /uy-quyen               who acts for me, and for whom I act
 * POST /uy-quyen               lets somebody act for me
 * POST /uy-quyen/{id}/{act}    accept, refuse, end
 */
#include "agency/permission.h"
#include "base/parse.h"
#include "html/component.h"
#include "people/mandate.h"
#include "people/people.h"

struct mandate_line {
    struct str who, scope, days, accept_href, refuse_href, end_href;
    struct tag tag;
};
struct filing_line {
    struct str code, procedure, status, who, day;
};
struct mandate_page {
    struct frame frame;
    struct mandate_line *given, *taken;
    size_t given_count, taken_count;
    struct filing_line *filings;
    size_t filings_count;
    bool has_more_filings;
    struct form_field *fields;
    size_t fields_count;
    bool is_adding;
    bool is_known; /* the counter has compared this account's card */
};

/* clang-format off */
static const struct field mandate_line_fields[] = {
    FIELD_STR(struct mandate_line, who),
    FIELD_STR(struct mandate_line, scope),
    FIELD_STR(struct mandate_line, days),
    FIELD_STR(struct mandate_line, accept_href),
    FIELD_STR(struct mandate_line, refuse_href),
    FIELD_STR(struct mandate_line, end_href),
    FIELD_STRUCT(struct mandate_line, tag, tag_fields),
    FIELD_END,
};
static const struct field filing_line_fields[] = {
    FIELD_STR(struct filing_line, code),
    FIELD_STR(struct filing_line, procedure),
    FIELD_STR(struct filing_line, status),
    FIELD_STR(struct filing_line, who),
    FIELD_STR(struct filing_line, day),
    FIELD_END,
};
static const struct field mandate_page_fields[] = {
    FRAME_FIELDS(struct mandate_page),
    FIELD_LIST(struct mandate_page, filings, struct filing_line, filing_line_fields),
    FIELD_BOOL(struct mandate_page, has_more_filings),
    FIELD_LIST(struct mandate_page, given, struct mandate_line, mandate_line_fields),
    FIELD_LIST(struct mandate_page, taken, struct mandate_line, mandate_line_fields),
    FORM_FIELDS(struct mandate_page, fields),
    FIELD_BOOL(struct mandate_page, is_adding),
    FIELD_BOOL(struct mandate_page, is_known),
    FIELD_END,
};
/* clang-format on */

/* ---- showing ---- */

static struct tag state_tag(struct request *rq, const struct mandate *m, day_t today)
{
    struct str text = translate(rq->language, mandate_state_label(m, today));
    bool is_to_come = str_eq(m->state, STR("accepted")) && today < m->valid_from;
    if (mandate_is_in_force(m, today)) return tag_of(TAG_DONE, text);
    if (str_eq(m->state, STR("offered")) || is_to_come) return tag_of(TAG_WAITING, text);
    return tag_of(str_eq(m->state, STR("refused")) ? TAG_STOPPED : TAG_PLAIN, text);
}

static struct mandate_line line_of(struct request *rq, const struct mandate *m, day_t today)
{
    struct arena *a = rq->arena;
    bool is_mine = m->giver == rq->visitor.account, is_offered = str_eq(m->state, STR("offered"));
    struct str from = day_for_people(a, m->valid_from), to = day_for_people(a, m->valid_to);
    struct mandate_line line = {
        .who = is_mine ? m->taker_name : m->giver_name,
        .scope = m->field.len > 0 ? m->field : translate(rq->language, N_("All procedures")),
        .days = str_format(a, "%.*s – %.*s", STR_ARG(from), STR_ARG(to)),
        .tag = state_tag(rq, m, today),
    };
    if (is_offered && !is_mine) {
        line.accept_href = str_format(a, "/uy-quyen/%lld/accept", (long long)m->id);
        line.refuse_href = str_format(a, "/uy-quyen/%lld/refuse", (long long)m->id);
    } else if ((is_offered || str_eq(m->state, STR("accepted"))) && today <= m->valid_to)
        line.end_href = str_format(a, "/uy-quyen/%lld/end", (long long)m->id);
    return line;
}

/* Where nobody says a term, the law's own: a year (Civil Code 91/2015/QH13, art. 140(2)(b) and 563). */
static day_t usual_end(day_t from)
{
    struct civil c = day_to_civil(from);
    c.year++;
    return (civil_is_valid(c) ? day_from_civil(c) : day_from_civil((struct civil){c.year, c.month, c.day - 1})) - 1;
}

static enum outcome add_fields(struct form *form, struct tx *tx, struct fail *why)
{
    struct str *fields;
    size_t count;
    TRY(app_mandate_fields(form->rq, tx, &fields, &count, why));
    struct form_field *field = form_select(form, "field", N_("In which field of procedures"), NULL, STR_NONE);
    form_choice(form, field, STR(""), form_say(form, N_("In all procedures")));
    for (size_t i = 0; i < count; i++) form_choice(form, field, fields[i], fields[i]);
    return OK;
}

static enum outcome fill_form(struct request *rq, struct tx *tx, struct mandate_page *page, const struct fail *mistakes,
                              day_t today, struct fail *why)
{
    struct form form = {.rq = rq, .why = mistakes};
    struct str to = day_format(rq->arena, usual_end(today));
    form_text(&form, "taker", N_("Login of the one who acts for you"),
              N_("Ask them: it stands on the page of their account."), STR_NONE)
        ->autocomplete = STR("off");
    TRY(add_fields(&form, tx, why));
    form_date(&form, "valid_from", N_("From"), NULL, day_format(rq->arena, today));
    form_date(&form, "valid_to", N_("Last day"), N_("If you say nothing else, a year (Civil Code, art. 140)."), to);
    FORM_INTO(&form, page->fields);
    page->is_adding = mistakes != NULL;
    return OK;
}

static struct str taker_of(const struct mandate *list, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].id == id) return list[i].taker_name;
    return STR_NONE; /* of an authorisation that is older than the list */
}

static enum outcome fill_filings(struct request *rq, struct tx *tx, const struct mandate *list, size_t count,
                                 struct mandate_page *page, struct fail *why)
{
    struct mandate_filing *filings;
    size_t filing_count;
    TRY(app_mandate_filings(rq, tx, &filings, &filing_count, why));
    page->has_more_filings = filing_count > MANDATE_FILINGS_MOST;
    if (page->has_more_filings) filing_count = MANDATE_FILINGS_MOST;
    page->filings = ARENA_ARRAY(rq->arena, struct filing_line, filing_count + 1);
    for (size_t i = 0; i < filing_count; i++)
        page->filings[page->filings_count++] = (struct filing_line){
            filings[i].code, filings[i].procedure, filings[i].status, taker_of(list, count, filings[i].mandate),
            day_for_people(rq->arena, day_of(filings[i].at))};
    return OK;
}

static enum outcome show(struct request *rq, const struct fail *mistakes, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct mandate_page page = {0};
    struct mandate *list;
    size_t count;
    day_t today = day_of(clock_now());
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(mandates_of_account(tx, rq->visitor.account, &list, &count, why));
    TRY(mandate_knows(tx, rq->visitor.account, &page.is_known, why));
    page.given = ARENA_ARRAY(rq->arena, struct mandate_line, count + 1);
    page.taken = ARENA_ARRAY(rq->arena, struct mandate_line, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct mandate_line line = line_of(rq, &list[i], today);
        if (list[i].giver == rq->visitor.account)
            page.given[page.given_count++] = line;
        else
            page.taken[page.taken_count++] = line;
    }
    TRY(fill_filings(rq, tx, list, count, &page, why));
    TRY(fill_form(rq, tx, &page, mistakes, today, why));
    page.frame.back_href = STR("/tai-khoan");
    if (mistakes != NULL) page_problems(rq, &page.frame, mistakes);
    page_reply(rq, mistakes != NULL ? outcome_status(mistakes->outcome) : 200, "people/mandates", &page);
    return OK;
}

static enum outcome get_page(struct request *rq, struct fail *why)
{
    return show(rq, NULL, why);
}

/* ---- giving ---- */

static void read_day(struct request *rq, const char *name, day_t *out, struct fail *why)
{
    struct str typed = day_typed(rq->arena, request_form(rq, name));
    (void)day_or_problem(typed, str_format(rq->arena, "#/%s", name), out, why); /* all problems are told at once */
}

static enum outcome check_field(struct request *rq, struct str field, struct fail *why)
{
    struct str *fields;
    size_t count;
    AUTO_READ struct tx *tx = NULL;
    if (field.len == 0) return OK;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(app_mandate_fields(rq, tx, &fields, &count, why));
    for (size_t i = 0; i < count; i++)
        if (str_eq(fields[i], field)) return OK;
    fail_problem(why, STR("#/field"), "unknown", N_("“{0}” is not one of the choices."), field);
    return OK;
}

static enum outcome give(struct request *rq, struct fail *why)
{
    int64_t id;
    struct mandate_new in = {.actor = people_actor(rq),
                             .giver = rq->visitor.account,
                             .taker_login = str_trim(request_form(rq, "taker")),
                             .field = str_trim(request_form(rq, "field"))};
    if (in.taker_login.len == 0)
        fail_problem(why, STR("#/taker"), "required", N_("Write the login of the one who acts for you."));
    TRY(check_field(rq, in.field, why));
    read_day(rq, "valid_from", &in.valid_from, why);
    read_day(rq, "valid_to", &in.valid_to, why);
    if (why->problem_count == 0 && (in.valid_to < in.valid_from || in.valid_to < day_of(clock_now())))
        fail_problem(why, STR("#/valid_to"), "range", N_("The last day is after the first and not past."));
    TRY(fail_if_problems(why));
    return store_run(app_store(rq->app), mandate_give, &in, &id, why);
}

static enum outcome post_page(struct request *rq, struct fail *why)
{
    struct fail mistakes;
    fail_init(&mistakes, rq->arena);
    enum outcome r = give(rq, &mistakes);
    if (r == ERR_DOWN) {
        *why = mistakes;
        return r;
    }
    if (r != OK) {
        if (mistakes.problem_count == 0)
            fail_problem_with(&mistakes, STR("#/taker"), "refused", mistakes.sentence, mistakes.args);
        return show(rq, &mistakes, why);
    }
    reply_redirect(rq, STR("/uy-quyen"));
    page_flash(rq, N_("The authorisation is offered. It holds when the other accepts it."));
    return OK;
}

static enum outcome post_answer(struct request *rq, struct fail *why)
{
    static const struct {
        const char *word, *act, *done;
    } acts[] = {
        {"accept", "mandate.accept", N_("You act for them from now on.") },
        {"refuse", "mandate.refuse", N_("You refused the authorisation.")},
        {"end",    "mandate.end",    N_("The authorisation has ended.")  },
    };
    struct mandate_step in = {.actor = people_actor(rq), .account = rq->visitor.account};
    const char *done = NULL;
    for (size_t i = 0; i < LENGTH(acts); i++)
        if (str_eq(request_param(rq, "act"), str_from(acts[i].word))) {
            in.act = acts[i].act;
            done = acts[i].done;
        }
    if (done == NULL || !id_parse(request_param(rq, "id"), &in.id))
        return fail(why, ERR_MISSING, N_("There is no such authorisation."));
    TRY(store_run(app_store(rq->app), mandate_answer, &in, NULL, why));
    reply_redirect(rq, STR("/uy-quyen"));
    page_flash(rq, done);
    return OK;
}

/* ---- tables ---- */

const struct route mandate_routes[] = {
    {GET,  "/uy-quyen",            PERMIT_DOSSIER_OWN, get_page,    N_("Acting for others")},
    {POST, "/uy-quyen",            PERMIT_DOSSIER_OWN, post_page,   N_("Acting for others")},
    {POST, "/uy-quyen/{id}/{act}", PERMIT_DOSSIER_OWN, post_answer, N_("Acting for others")},
};
const size_t mandate_route_count = LENGTH(mandate_routes);

const struct page_template mandate_templates[] = {
    {"people/mandates", mandate_page_fields},
};
const size_t mandate_template_count = LENGTH(mandate_templates);
