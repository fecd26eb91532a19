/* /quan-tri/webhook: who is told of events, what became of each message, and sending again. */
#include "agency/permission.h"
#include "html/component.h"
#include "notice/message.h"
#include "notice/webhook.h"

enum { ROWS = 50 };

struct endpoint_line {
    struct str href, url, events, agency;
    struct tag tag;
};

struct list_page {
    struct frame frame;
    struct endpoint_line *lines;
    size_t lines_count;
    struct form_field *fields;
    size_t fields_count;
};

struct message_line {
    struct str id, event, made_at, ended_at, why;
    int64_t attempts;
    struct tag tag;
    bool may_repeat;
};

struct one_page {
    struct frame frame;
    struct str address, secret; /* the page's; secret: shown this once */
    bool is_enabled;
    struct summary_row *facts;
    size_t facts_count;
    struct message_line *lines;
    size_t lines_count;
    struct form_field *fields; /* of a span of time */
    size_t fields_count;
    struct pagination pagination;
};

/* clang-format off */
static const struct field endpoint_line_fields[] = {
    FIELD_STR(struct endpoint_line, href),
    FIELD_STR(struct endpoint_line, url),
    FIELD_STR(struct endpoint_line, events),
    FIELD_STR(struct endpoint_line, agency),
    FIELD_STRUCT(struct endpoint_line, tag, tag_fields),
    FIELD_END,
};
static const struct field list_fields[] = {
    FRAME_FIELDS(struct list_page),
    FIELD_LIST(struct list_page, lines, struct endpoint_line, endpoint_line_fields),
    FORM_FIELDS(struct list_page, fields),
    FIELD_END,
};
static const struct field message_line_fields[] = {
    FIELD_STR(struct message_line, id),
    FIELD_STR(struct message_line, event),
    FIELD_STR(struct message_line, made_at),
    FIELD_STR(struct message_line, ended_at),
    FIELD_STR(struct message_line, why),
    FIELD_INT(struct message_line, attempts),
    FIELD_STRUCT(struct message_line, tag, tag_fields),
    FIELD_BOOL(struct message_line, may_repeat),
    FIELD_END,
};
static const struct field one_fields[] = {
    FRAME_FIELDS(struct one_page),
    FIELD_STR(struct one_page, address),
    FIELD_STR(struct one_page, secret),
    FIELD_BOOL(struct one_page, is_enabled),
    FIELD_LIST(struct one_page, facts, struct summary_row, summary_row_fields),
    FIELD_LIST(struct one_page, lines, struct message_line, message_line_fields),
    FORM_FIELDS(struct one_page, fields),
    FIELD_STRUCT(struct one_page, pagination, pagination_fields),
    FIELD_END,
};
const struct page_template webhook_templates[] = {
    {"notice/webhooks", list_fields},
    {"notice/webhook",  one_fields },
};
/* clang-format on */
const size_t webhook_template_count = LENGTH(webhook_templates);

static struct str address_of(struct request *rq, int64_t id)
{
    return str_format(rq->arena, "/quan-tri/webhook/%lld", (long long)id);
}

static struct tag endpoint_tag(const struct request *rq, const struct endpoint *e)
{
    bool is_gone = str_eq(e->disabled_by, STR("gone"));
    if (e->disabled_at == INSTANT_NONE) return tag_of(TAG_DONE, translate(rq->language, N_("Told")));
    return tag_of(TAG_STOPPED, translate(rq->language, is_gone ? N_("It said that it is gone") : N_("Turned off")));
}

static bool is_mistake(enum outcome r)
{
    return r == ERR_INVALID || r == ERR_CONFLICT || r == ERR_MISSING;
}

/* ---- the list, with the form for a new one ---- */

static enum outcome load_lines(struct request *rq, struct list_page *page, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct endpoint *list;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(endpoints_all(tx, &list, &page->lines_count, why));
    page->lines = ARENA_ARRAY(rq->arena, struct endpoint_line, page->lines_count + 1);
    for (size_t i = 0; i < page->lines_count; i++) {
        struct endpoint_line *line = &page->lines[i];
        *line = (struct endpoint_line){.href = address_of(rq, list[i].id),
                                       .url = list[i].url,
                                       .events = list[i].events,
                                       .tag = endpoint_tag(rq, &list[i])};
        TRY(webhook_agency(tx, &list[i], &line->agency, why));
    }
    return OK;
}

static enum outcome show_list(struct request *rq, struct fail *refusal, struct fail *why)
{
    struct form form = {.rq = rq, .why = refusal};
    struct list_page page = {.frame.is_wide = true};
    TRY(load_lines(rq, &page, why));
    form_text(&form, "url", N_("Address"), N_("Where the program is told: https://..."), STR(""))->type = STR("url");
    form_text(&form, "events", N_("Events"),
              N_("Types apart by spaces, such as motcua.dossier.issue; empty: all of dossiers."), STR(""))
        ->is_optional = true;
    struct form_field *agency =
        form_text(&form, "agency", N_("Only dossiers of this agency"), N_("Its e-identifier; empty: all."), STR(""));
    agency->is_optional = true;
    agency->width = STR("20");
    FORM_INTO(&form, page.fields);
    if (refusal != NULL) page_problems(rq, &page.frame, refusal);
    page_reply(rq, refusal != NULL ? outcome_status(refusal->outcome) : 200, "notice/webhooks", &page);
    return OK;
}

static enum outcome get_list(struct request *rq, struct fail *why)
{
    return show_list(rq, NULL, why);
}

/* ---- one, with its messages ---- */

static struct tag message_tag(const struct request *rq, const struct message *m)
{
    static const enum tag_colour colours[MESSAGE_STATE_COUNT] = {TAG_WAITING, TAG_DONE, TAG_LATE, TAG_STOPPED};
    return tag_of(colours[m->state], translate(rq->language, message_state_title(m->state)));
}

static struct message_line line_of(struct request *rq, const struct message *m)
{
    struct message_line line = {.id = id_format(rq->arena, m->id),
                                .event = m->event,
                                .made_at = instant_for_people(rq->arena, m->made_at),
                                .attempts = m->attempts,
                                .tag = message_tag(rq, m),
                                .may_repeat = m->state != MESSAGE_WAITING};
    if (m->ended_at != INSTANT_NONE) line.ended_at = instant_for_people(rq->arena, m->ended_at);
    if (m->reason == REASON_NONE) return line;
    struct str status = m->status > 0 ? str_format(rq->arena, " %lld", (long long)m->status) : STR_NONE;
    struct str sentence = translate(rq->language, message_reason_sentence(m->reason));
    line.why = str_format(rq->arena, "%.*s%.*s%s%.*s", STR_ARG(sentence), STR_ARG(status), m->said.len > 0 ? ": " : "",
                          STR_ARG(m->said));
    return line;
}

static enum outcome load_messages(struct request *rq, struct tx *tx, int64_t id, struct one_page *page,
                                  struct fail *why)
{
    struct message *list;
    size_t count;
    int64_t before = INT64_MAX;
    struct str after = request_query(rq, "truoc");
    if (after.len > 0 && !id_parse(after, &before)) return fail(why, ERR_MISSING, N_("There is no such message."));
    TRY(messages_of_lane(tx, id, before, ROWS + 1, &list, &count, why));
    page->lines_count = count > ROWS ? ROWS : count;
    page->lines = ARENA_ARRAY(rq->arena, struct message_line, page->lines_count + 1);
    for (size_t i = 0; i < page->lines_count; i++) page->lines[i] = line_of(rq, &list[i]);
    if (count > ROWS)
        page->pagination.next_href =
            str_format(rq->arena, "%.*s?truoc=%lld", STR_ARG(page->address), (long long)list[ROWS - 1].id);
    return OK;
}

static enum outcome fill_one(struct request *rq, int64_t id, struct one_page *page, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct endpoint e;
    struct str agency;
    struct summary facts = {.rq = rq};
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(endpoint_load(tx, id, &e, why));
    TRY(webhook_agency(tx, &e, &agency, why));
    page->address = address_of(rq, id);
    page->is_enabled = e.disabled_at == INSTANT_NONE;
    page->frame.title = e.url;
    page->frame.back_href = STR("/quan-tri/webhook");
    summary_add(&facts, N_("State"), endpoint_tag(rq, &e).text);
    summary_add(&facts, N_("Events"), e.events);
    summary_add(&facts, N_("Only dossiers of this agency"), agency);
    summary_add(&facts, N_("Since"), instant_for_people(rq->arena, e.made_at));
    if (e.old_secret.len > 0 && e.old_until > tx_now(tx))
        summary_add(&facts, N_("The former secret signs too, until"), instant_for_people(rq->arena, e.old_until));
    page->facts = facts.rows.at;
    page->facts_count = facts.rows.count;
    return load_messages(rq, tx, id, page, why);
}

static enum outcome show_one(struct request *rq, int64_t id, struct str secret, struct fail *refusal, struct fail *why)
{
    struct form form = {.rq = rq, .why = refusal};
    struct one_page page = {.frame.is_wide = true, .secret = secret};
    TRY(fill_one(rq, id, &page, why));
    form_date(&form, "from", N_("From"), NULL, STR(""));
    form_date(&form, "to", N_("Until"), N_("This day included."), STR(""));
    FORM_INTO(&form, page.fields);
    if (refusal != NULL) page_problems(rq, &page.frame, refusal);
    page_reply(rq, refusal != NULL ? outcome_status(refusal->outcome) : 200, "notice/webhook", &page);
    if (secret.len > 0) reply_header(rq, "Cache-Control", STR("no-store"));
    return OK;
}

static enum outcome get_one(struct request *rq, struct fail *why)
{
    int64_t id;
    TRY(webhook_id(rq, &id, why));
    return show_one(rq, id, STR_NONE, NULL, why);
}

/* The answer itself holds the secret: there is no second time. */
static enum outcome post_list(struct request *rq, struct fail *why)
{
    struct fail refusal;
    struct webhook_added new;
    fail_init(&refusal, rq->arena);
    struct webhook_form form = {request_form(rq, "url"), request_form(rq, "events"), request_form(rq, "agency")};
    enum outcome added = webhook_add(rq, &form, &new, &refusal);
    if (added == OK) return show_one(rq, new.id, new.secret, NULL, why);
    if (refusal.problem_count == 0 && refusal.sentence != NULL)
        fail_problem_with(&refusal, STR("/url"), "refused", refusal.sentence, refusal.args);
    if (is_mistake(added)) return show_list(rq, &refusal, why);
    *why = refusal;
    return added;
}

static enum outcome post_change(struct request *rq, struct fail *why)
{
    int64_t id;
    struct str secret;
    TRY(webhook_id(rq, &id, why));
    TRY(webhook_change(rq, id, 0, request_form(rq, "act"), &secret, why));
    if (secret.len > 0) return show_one(rq, id, secret, NULL, why);
    reply_redirect(rq, address_of(rq, id));
    return OK;
}

static enum outcome post_replay(struct request *rq, struct fail *why)
{
    struct fail refusal;
    int64_t id, count;
    fail_init(&refusal, rq->arena);
    TRY(webhook_id(rq, &id, why));
    struct replay_form form = {request_form(rq, "message"), day_typed(rq->arena, request_form(rq, "from")),
                               day_typed(rq->arena, request_form(rq, "to"))};
    enum outcome replayed = webhook_replay(rq, id, &form, &count, &refusal);
    if (replayed == OK) {
        reply_redirect(rq, address_of(rq, id));
        page_flash(rq, count > 0 ? N_("They are sent again.") : N_("No message was made in that time."));
        return OK;
    }
    if (is_mistake(replayed)) return show_one(rq, id, STR_NONE, &refusal, why);
    *why = refusal;
    return replayed;
}

/* In order of use. */
/* clang-format off */
const struct route webhook_page_routes[] = {
    {GET,  "/quan-tri/webhook",             PERMIT_NOTICE_MANAGE, get_list,    N_("Webhooks"), 0, false, NULL},
    {POST, "/quan-tri/webhook",             PERMIT_NOTICE_MANAGE, post_list,   N_("Webhooks"), 0, false, NULL},
    {GET,  "/quan-tri/webhook/{id}",        PERMIT_NOTICE_MANAGE, get_one,     N_("Webhook"),  0, false, NULL},
    {POST, "/quan-tri/webhook/{id}",        PERMIT_NOTICE_MANAGE, post_change, N_("Webhook"),  0, false, NULL},
    {POST, "/quan-tri/webhook/{id}/gui-lai", PERMIT_NOTICE_MANAGE, post_replay, N_("Webhook"), 0, false, NULL},
};
/* clang-format on */
const size_t webhook_page_route_count = LENGTH(webhook_page_routes);
