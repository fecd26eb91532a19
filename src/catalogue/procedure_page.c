/*
 * GET /thu-tuc/{code}[?version=N]: the start page of one procedure. Everything that a person needs before they begin,
 * from the same record that the officer checks by, with its version and date. An earlier version stays readable under
 * its number, for those whose dossier follows it.
 */
#include <string.h>

#include "agency/agency.h"
#include "agency/permission.h"
#include "base/list.h"
#include "base/text.h"
#include "catalogue/catalogue.h"
#include "catalogue/catalogue_pages.h"
#include "catalogue/procedure_news.h"
#include "catalogue/procedure_text.h"
#include "catalogue/publication.h"
#include "html/component.h"

enum {
    AGENCIES_SHOWN = 10,
    GLANCES = 6,
    LONG_TEXT = 600 /* bytes: longer texts are folded */
};

struct line {
    struct str text;
};

struct paper_row {
    struct str label, detail, count, forms;
    struct tag tag;
    bool is_heading;
};

struct case_row {
    struct str channel, label, term;
    struct line *fees;
    size_t fees_count;
};

struct performer {
    struct str name, phone, hotline, href;
    struct str meet; /* where an appointment is booked; empty: nothing is handed in at its counter */
};

/* What is most asked, in a word each. */
struct glance {
    struct str icon;   /* its name in the sprite */
    const char *label; /* message */
    struct str value;
};

struct text_part {
    struct str text;
    bool is_long;
};

struct start_page {
    struct frame frame;
    struct str code, name, field, agencies_text, competent, coordinating, address, decision, taken_at;
    const char *state, *why_not; /* messages; why_not: NULL when one can apply online */
    int64_t version, version_now;
    struct glance *facts;
    size_t facts_count;
    struct flow picture;
    bool is_old; /* not the text in force: nobody applies by it */
    struct paper_row *papers;
    size_t papers_count;
    struct case_row *cases;
    size_t cases_count;
    struct performer *performers;
    size_t performers_count;
    bool has_more_performers, has_cases_named;
    bool is_open;      /* in force today */
    struct line *news; /* what is about to change */
    size_t news_count;
    bool has_counter;   /* it may be handed in at a counter, so people come */
    bool is_at_counter; /* an officer may file it for who stands before them */
    struct law_reference *laws;
    size_t laws_count;
    struct text_part conditions, steps, manner;
};

/* ---- fields ---- */

/* clang-format off */
static const struct field line_fields[] = {FIELD_STR(struct line, text), FIELD_END};
static const struct field paper_row_fields[] = {
    FIELD_STR(struct paper_row, label),
    FIELD_STR(struct paper_row, detail),
    FIELD_STR(struct paper_row, count),
    FIELD_STR(struct paper_row, forms),
    FIELD_STRUCT(struct paper_row, tag, tag_fields),
    FIELD_BOOL(struct paper_row, is_heading),
    FIELD_END,
};
static const struct field case_row_fields[] = {
    FIELD_STR(struct case_row, channel),
    FIELD_STR(struct case_row, label),
    FIELD_STR(struct case_row, term),
    FIELD_LIST(struct case_row, fees, struct line, line_fields),
    FIELD_END,
};
static const struct field performer_fields[] = {
    FIELD_STR(struct performer, name),
    FIELD_STR(struct performer, phone),
    FIELD_STR(struct performer, hotline),
    FIELD_STR(struct performer, href),
    FIELD_STR(struct performer, meet),
    FIELD_END,
};
static const struct field glance_fields[] = {
    FIELD_STR(struct glance, icon),
    FIELD_MESSAGE(struct glance, label),
    FIELD_STR(struct glance, value),
    FIELD_END,
};
static const struct field law_fields[] = {
    FIELD_STR(struct law_reference, symbol),
    FIELD_STR(struct law_reference, title),
    FIELD_STR(struct law_reference, raw),
    FIELD_END,
};
static const struct field text_part_fields[] = {
    FIELD_STR(struct text_part, text),
    FIELD_BOOL(struct text_part, is_long),
    FIELD_END,
};
const struct field start_page_fields[] = {
    FRAME_FIELDS(struct start_page),
    FIELD_STR(struct start_page, code),
    FIELD_STR(struct start_page, name),
    FIELD_STR(struct start_page, field),
    FIELD_STR(struct start_page, agencies_text),
    FIELD_STR(struct start_page, competent),
    FIELD_STR(struct start_page, coordinating),
    FIELD_STR(struct start_page, address),
    FIELD_STR(struct start_page, decision),
    FIELD_STR(struct start_page, taken_at),
    FIELD_MESSAGE(struct start_page, state),
    FIELD_MESSAGE(struct start_page, why_not),
    FIELD_INT(struct start_page, version),
    FIELD_BOOL(struct start_page, is_open),
    FIELD_LIST(struct start_page, news, struct line, line_fields),
    FIELD_INT(struct start_page, version_now),
    FIELD_BOOL(struct start_page, is_old),
    FIELD_STRUCT(struct start_page, picture, flow_fields),
    FIELD_LIST(struct start_page, facts, struct glance, glance_fields),
    FIELD_LIST(struct start_page, papers, struct paper_row, paper_row_fields),
    FIELD_LIST(struct start_page, cases, struct case_row, case_row_fields),
    FIELD_LIST(struct start_page, performers, struct performer, performer_fields),
    FIELD_BOOL(struct start_page, has_more_performers),
    FIELD_BOOL(struct start_page, has_cases_named),
    FIELD_BOOL(struct start_page, has_counter),
    FIELD_BOOL(struct start_page, is_at_counter),
    FIELD_LIST(struct start_page, laws, struct law_reference, law_fields),
    FIELD_STRUCT(struct start_page, conditions, text_part_fields),
    FIELD_STRUCT(struct start_page, steps, text_part_fields),
    FIELD_STRUCT(struct start_page, manner, text_part_fields),
    FIELD_END,
};
/* clang-format on */

/* ---- papers ---- */

/* How a component is required, said so that nobody needs to know the vocabulary. */
static struct tag required_tag(enum language l, enum required_kind kind)
{
    bool is_needed = kind == REQUIRED_ALWAYS || kind == REQUIRED_ONE_OF;
    return tag_of(is_needed ? TAG_WORKING : TAG_PLAIN, translate(l, required_words[kind].label));
}

static struct str filled(struct request *rq, const char *message, struct str value)
{
    return fail_fill(rq->arena, translate(rq->language, message), (const struct str[FAIL_ARGS]){value});
}

static struct str counted(struct request *rq, const char *message, int n)
{
    return filled(rq, message, str_format(rq->arena, "%d", n));
}

static struct str count_text(struct request *rq, const struct component *c)
{
    struct str parts[2];
    size_t count = 0;
    if (c->originals > 0) parts[count++] = counted(rq, N_("{0} original"), c->originals);
    if (c->copies > 0) parts[count++] = counted(rq, N_("{0} copy"), c->copies);
    return str_join(rq->arena, STR(", "), parts, count);
}

static void fill_papers(struct request *rq, const struct procedure *p, struct start_page *page)
{
    page->papers = ARENA_ARRAY(rq->arena, struct paper_row, p->component_count + 1);
    page->papers_count = p->component_count;
    for (size_t i = 0; i < p->component_count; i++) {
        const struct component *c = &p->components[i];
        page->papers[i] = (struct paper_row){
            .label = c->label,
            .detail = c->detail,
            .count = count_text(rq, c),
            .forms = str_join(rq->arena, STR(", "), c->form_files, c->form_file_count),
            .tag = required_tag(rq->language, c->required),
            .is_heading = c->is_heading,
        };
    }
}

/* ---- terms and fees ---- */

static void fill_fees(struct request *rq, const struct procedure_case *c, struct case_row *row)
{
    row->fees = ARENA_ARRAY(rq->arena, struct line, c->fee_count + 1);
    row->fees_count = c->fee_count;
    for (size_t i = 0; i < c->fee_count; i++) row->fees[i].text = fee_for_people(rq->arena, rq->language, &c->fees[i]);
    if (c->fee_count > 0) return;
    row->fees[row->fees_count++].text =
        translate(rq->language, c->is_fee_stated ? N_("free of charge") : N_("Not stated in the record"));
}

static bool is_same_case(const struct case_row *a, const struct case_row *b)
{
    if (!str_eq(a->label, b->label) || !str_eq(a->term, b->term) || a->fees_count != b->fees_count) return false;
    for (size_t i = 0; i < a->fees_count; i++)
        if (!str_eq(a->fees[i].text, b->fees[i].text)) return false;
    return true;
}

static struct case_row *find_case(struct case_row *rows, size_t count, const struct case_row *wanted)
{
    for (size_t i = 0; i < count; i++)
        if (is_same_case(&rows[i], wanted)) return &rows[i];
    return NULL;
}

/* A case that is the same on several channels is one row. */
static void fill_cases(struct request *rq, const struct procedure *p, struct start_page *page)
{
    LIST(struct case_row) rows = {0};
    for (size_t i = 0; i < p->channel_count; i++) {
        const struct channel *channel = &p->channels[i];
        struct str name = translate(rq->language, channel_words[channel->kind].label);
        for (size_t n = 0; n < channel->case_count; n++) {
            const struct procedure_case *c = &channel->cases[n];
            struct case_row row = {.channel = name,
                                   .label = case_label_for_people(c),
                                   .term = case_term_for_people(rq->arena, rq->language, c)};
            fill_fees(rq, c, &row);
            page->has_cases_named = page->has_cases_named || row.label.len > 0;
            struct case_row *same = find_case(rows.at, rows.count, &row);
            if (same == NULL)
                LIST_PUSH(rq->arena, rows) = row;
            else if (!str_ends(same->channel, name))
                same->channel = str_format(rq->arena, "%.*s, %.*s", STR_ARG(same->channel), STR_ARG(name));
        }
    }
    page->cases = rows.at;
    page->cases_count = rows.count;
}

/* ---- facts ---- */

static struct str audience_of(struct request *rq, const struct procedure *p)
{
    struct str words[AUDIENCE_COUNT];
    for (size_t i = 0; i < p->audience_count; i++)
        words[i] = translate(rq->language, audience_words[p->audience[i]].label);
    return str_join(rq->arena, STR("; "), words, p->audience_count);
}

static struct str levels_of(struct request *rq, const struct procedure *p)
{
    struct str words[PROCEDURE_LEVEL_COUNT];
    for (size_t i = 0; i < p->level_count; i++) words[i] = translate(rq->language, level_words[p->levels[i]].label);
    return str_join(rq->arena, STR(", "), words, p->level_count);
}

static struct str channels_of(struct request *rq, const struct procedure *p)
{
    struct str words[CHANNEL_KIND_COUNT];
    for (size_t i = 0; i < p->channel_count; i++)
        words[i] = translate(rq->language, channel_words[p->channels[i].kind].label);
    return str_join(rq->arena, STR(", "), words, p->channel_count);
}

/* What is the same in every case; else the table says it. */
static struct str common_term(struct request *rq, const struct start_page *page)
{
    for (size_t i = 1; i < page->cases_count; i++)
        if (!str_eq(page->cases[i].term, page->cases[0].term))
            return translate(rq->language, N_("It depends on the case: see the table below."));
    return page->cases_count > 0 ? page->cases[0].term : STR_NONE;
}

static struct str common_fee(struct request *rq, const struct start_page *page)
{
    for (size_t i = 0; i < page->cases_count; i++)
        if (page->cases[i].fees_count != 1 || !str_eq(page->cases[i].fees[0].text, page->cases[0].fees[0].text))
            return translate(rq->language, N_("It depends on the case: see the table below."));
    return page->cases_count > 0 ? page->cases[0].fees[0].text : STR_NONE;
}

static void add_glance(struct start_page *page, struct str icon, const char *label, struct str value)
{
    if (value.len > 0) page->facts[page->facts_count++] = (struct glance){icon, label, value};
}

static void fill_facts(struct request *rq, const struct procedure *p, struct start_page *page)
{
    page->facts = ARENA_ARRAY(rq->arena, struct glance, GLANCES);
    add_glance(page, STR("person"), N_("Who applies"), audience_of(rq, p));
    add_glance(page, STR("deadline"), N_("How long it takes"), common_term(rq, page));
    add_glance(page, STR("money"), N_("What it costs"), common_fee(rq, page));
    add_glance(page, STR("send"), N_("How to apply"), channels_of(rq, p));
    add_glance(page, STR("office"), N_("Level"), levels_of(rq, p));
    add_glance(page, STR("done"), N_("What you receive"), str_join(rq->arena, STR("; "), p->results, p->result_count));
}

/* ---- who performs it ---- */

static enum outcome fill_agencies(struct request *rq, struct tx *tx, const struct procedure *p, struct start_page *page,
                                  struct fail *why)
{
    struct agency *agencies;
    size_t count;
    struct agency_filter filter = {.procedure = p->code, .day = day_of(clock_now()), .most = AGENCIES_SHOWN + 1};
    TRY(agency_list(tx, &filter, &agencies, &count, why));
    page->has_more_performers = count > AGENCIES_SHOWN;
    page->performers_count = page->has_more_performers ? 0 : count;
    page->performers = ARENA_ARRAY(rq->arena, struct performer, count + 1);
    for (size_t i = 0; i < page->performers_count; i++)
        page->performers[i] = (struct performer){
            .name = agencies[i].name,
            .phone = agencies[i].phone,
            .hotline = agencies[i].hotline,
            .href = str_format(rq->arena, "/thu-tuc?agency=%.*s",
                               STR_ARG(html_query_value(rq->arena, agencies[i].identifier))),
            .meet = page->has_counter && page->is_open
                        ? str_format(rq->arena, "/dat-hen?thu-tuc=%.*s&co-quan=%.*s", STR_ARG(p->code),
                                     STR_ARG(html_query_value(rq->arena, agencies[i].identifier)))
                        : STR("")};
    return OK;
}

/* ---- the page ---- */

static struct text_part text_part(struct str text)
{
    return (struct text_part){text, text.len > LONG_TEXT};
}

static void fill_record(struct request *rq, const struct procedure_choice *c, struct start_page *page)
{
    page->version = c->version.number;
    page->version_now = c->ref.version_number;
    page->is_old = !c->is_current;
    page->taken_at = day_for_people(rq->arena, day_of(c->version.taken_at));
}

static enum outcome fill_news(struct request *rq, struct tx *tx, const struct procedure_ref *ref,
                              struct start_page *page, struct fail *why)
{
    struct str *sentences;
    TRY(procedure_news(tx, rq->language, ref, &sentences, &page->news_count, why));
    page->news = ARENA_ARRAY(rq->arena, struct line, page->news_count + 1);
    for (size_t i = 0; i < page->news_count; i++) page->news[i].text = sentences[i];
    page->is_open = ref->force == PROCEDURE_IN_FORCE && !page->is_old;
    return OK;
}

static void fill_texts(const struct procedure *p, struct start_page *page)
{
    page->code = p->code;
    page->name = p->name;
    page->field = p->field;
    page->agencies_text = p->performing.text;
    page->competent = p->competent.text;
    page->coordinating = p->coordinating.text;
    page->address = p->reception_address;
    page->decision = p->decision_text;
    page->state = publication_words[p->state].label;
    page->why_not = procedure_why_not_online(p);
    page->laws = p->laws;
    page->laws_count = p->law_count;
    page->conditions = text_part(p->conditions);
    page->steps = text_part(p->steps);
    page->manner = text_part(p->manner);
}

enum outcome start_page(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct procedure_choice c;
    const struct procedure *p;
    struct start_page page = {.frame.back_href = STR("/thu-tuc")};
    bool may_see_drafts = permission_is_in(rq->visitor.permissions, PERMIT_CATALOGUE_MANAGE);
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(catalogue_choose(tx, request_param(rq, "code"), request_query(rq, "version"), may_see_drafts, &c, why));
    TRY(catalogue_version(app_catalogue(rq->app), tx, c.version.id, &p, why));
    page.frame.title = p->name;
    page.has_counter =
        p->initiator == INITIATOR_APPLICANT && procedure_channel(p, CHANNEL_COUNTER) != NULL && rq->visitor.agency == 0;
    page.is_at_counter = permission_is_in(rq->visitor.permissions, PERMIT_DOSSIER_COUNTER) &&
                         p->initiator == INITIATOR_APPLICANT && procedure_channel(p, CHANNEL_COUNTER) != NULL;
    fill_texts(p, &page);
    fill_papers(rq, p, &page);
    fill_cases(rq, p, &page);
    fill_facts(rq, p, &page);
    fill_record(rq, &c, &page);
    TRY(fill_news(rq, tx, &c.ref, &page, why)); /* says whether it is open now */
    TRY(fill_agencies(rq, tx, p, &page, why));
    TRY(app_procedure_picture(rq, tx, p, c.version.process_version, &page.picture, why));
    page_reply(rq, 200, "catalogue/procedure", &page);
    return OK;
}
