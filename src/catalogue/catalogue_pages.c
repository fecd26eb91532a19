/*
 * GET /thu-tuc?q=&event=&field=&level=&audience=&channel=&agency=&cursor=
 * The list of procedures: words with or without accents, filters as one GET form, so that every result has an address.
 */
#include "catalogue/catalogue_pages.h"

#include "agency/competence.h"
#include "agency/permission.h"
#include "base/list.h"
#include "catalogue/catalogue.h"
#include "html/component.h"

struct list_row {
    struct str code, name, field, levels, channels;
    bool is_online;
};

struct list_page {
    struct frame frame;
    struct str q, agency, agency_name, event, event_title, event_text;
    struct form_field *filters;
    size_t filters_count;
    bool is_filtered, is_searched;
    struct list_row *rows;
    size_t rows_count;
    struct pagination pagination;
};

static const struct field list_row_fields[] = {
    FIELD_STR(struct list_row, code),
    FIELD_STR(struct list_row, name),
    FIELD_STR(struct list_row, field),
    FIELD_STR(struct list_row, levels),
    FIELD_STR(struct list_row, channels),
    FIELD_BOOL(struct list_row, is_online),
    FIELD_END,
};

static const struct field list_page_fields[] = {
    FRAME_FIELDS(struct list_page),
    FIELD_STR(struct list_page, q),
    FIELD_STR(struct list_page, agency),
    FIELD_STR(struct list_page, agency_name),
    FIELD_STR(struct list_page, event),
    FIELD_STR(struct list_page, event_title),
    FIELD_STR(struct list_page, event_text),
    FIELD_LIST(struct list_page, filters, struct form_field, form_field_fields),
    FIELD_BOOL(struct list_page, is_filtered),
    FIELD_BOOL(struct list_page, is_searched),
    FIELD_LIST(struct list_page, rows, struct list_row, list_row_fields),
    FIELD_STRUCT(struct list_page, pagination, pagination_fields),
    FIELD_END,
};

/* A request for the list: what was asked and where the answer is read. */
struct listing {
    struct request *rq;
    struct tx *tx;
    struct procedure_query query;
    struct list_page page;
};

/* ---- filters ---- */

struct filter {
    const char *name;
    const char *label, *any; /* messages */
    const struct vocabulary_word *words;
    size_t count;
};

static const struct filter filters[] = {
    {"channel",  N_("How to apply"), N_("Any way"),     channel_words,  CHANNEL_KIND_COUNT   },
    {"audience", N_("Who applies"),  N_("Anybody"),     audience_words, AUDIENCE_COUNT       },
    {"level",    N_("Level"),        N_("Every level"), level_words,    PROCEDURE_LEVEL_COUNT},
};
enum { FILTER_CHANNEL, FILTER_AUDIENCE, FILTER_LEVEL, FILTER_COUNT };

/* A word that is none of ours filters nothing: links grow old, and a list is better than a refusal. */
static int asked_word(const struct listing *l, const struct filter *f)
{
    struct str given = request_query(l->rq, f->name);
    return given.len == 0 ? ANY : vocabulary_find(f->words, f->count, given);
}

static struct form_field word_filter(const struct listing *l, const struct filter *f, int chosen)
{
    struct choice *choices = ARENA_ARRAY(l->rq->arena, struct choice, f->count + 1);
    choices[0] = (struct choice){.label = translate(l->rq->language, f->any), .is_chosen = chosen == ANY};
    for (size_t i = 0; i < f->count; i++)
        choices[i + 1] = (struct choice){.value = str_from(f->words[i].code),
                                         .label = translate(l->rq->language, f->words[i].label),
                                         .is_chosen = chosen == (int)i};
    return (struct form_field){.id = str_from(f->name),
                               .name = str_from(f->name),
                               .label = translate(l->rq->language, f->label),
                               .is_select = true,
                               .choices = choices,
                               .choices_count = f->count + 1};
}

static enum outcome field_filter(struct listing *l, struct form_field *out, struct fail *why)
{
    struct procedure_field *fields;
    size_t count;
    TRY(catalogue_fields(app_catalogue(l->rq->app), l->tx, &fields, &count, why));
    struct choice *choices = ARENA_ARRAY(l->rq->arena, struct choice, count + 1);
    choices[0] =
        (struct choice){.label = translate(l->rq->language, N_("Every field")), .is_chosen = l->query.field.len == 0};
    for (size_t i = 0; i < count; i++)
        choices[i + 1] = (struct choice){
            .value = fields[i].key, .label = fields[i].label, .is_chosen = str_eq(fields[i].key, l->query.field)};
    *out = (struct form_field){.id = STR("field"),
                               .name = STR("field"),
                               .label = translate(l->rq->language, N_("Field")),
                               .is_select = true,
                               .choices = choices,
                               .choices_count = count + 1};
    return OK;
}

/* The procedures that one agency performs today. An agency that does not exist is a broken link: it filters nothing. */
static enum outcome agency_filter(struct listing *l, struct fail *why)
{
    struct agency agency;
    struct str *codes;
    struct fail missing;
    fail_init(&missing, l->rq->arena);
    struct str identifier = request_query(l->rq, "agency");
    if (identifier.len == 0 || agency_find(l->tx, identifier, &agency, &missing) != OK) return OK;
    l->page.agency = agency.identifier;
    l->page.agency_name = agency.name;
    TRY(competence_procedures(l->tx, agency.id, day_of(clock_now()), &codes, &l->query.code_count, why));
    l->query.codes = codes != NULL ? codes : ARENA_ARRAY(l->rq->arena, struct str, 1); /* none, but a list */
    return OK;
}

/* One of today's life events; another word filters nothing. */
static enum outcome event_filter(struct listing *l, struct fail *why)
{
    struct procedure_event *events;
    size_t count;
    struct str asked = request_query(l->rq, "event");
    if (asked.len == 0) return OK;
    TRY(catalogue_events(app_catalogue(l->rq->app), l->tx, &events, &count, why));
    for (size_t i = 0; i < count; i++) {
        const struct life_event *e = events[i].event;
        if (!str_eq(e->id, asked)) continue;
        l->query.event = l->page.event = e->id;
        l->page.event_title = life_event_title(e, l->rq->language);
        l->page.event_text = life_event_text(e, l->rq->language);
    }
    return OK;
}

static enum outcome read_filters(struct listing *l, struct fail *why)
{
    struct procedure_query *q = &l->query;
    q->text = request_query(l->rq, "q");
    q->field = request_query(l->rq, "field");
    q->cursor = request_query(l->rq, "cursor");
    q->channel = asked_word(l, &filters[FILTER_CHANNEL]);
    q->audience = asked_word(l, &filters[FILTER_AUDIENCE]);
    q->level = asked_word(l, &filters[FILTER_LEVEL]);
    TRY(agency_filter(l, why));
    TRY(event_filter(l, why));
    l->page.q = q->text;
    l->page.is_filtered = q->field.len > 0 || q->channel != ANY || q->audience != ANY || q->level != ANY;
    l->page.is_searched = q->text.len > 0 || l->page.is_filtered || l->page.agency.len > 0 || l->page.event.len > 0;
    l->page.filters_count = FILTER_COUNT + 1;
    l->page.filters = ARENA_ARRAY(l->rq->arena, struct form_field, l->page.filters_count);
    TRY(field_filter(l, &l->page.filters[0], why));
    l->page.filters[1] = word_filter(l, &filters[FILTER_CHANNEL], q->channel);
    l->page.filters[2] = word_filter(l, &filters[FILTER_AUDIENCE], q->audience);
    l->page.filters[3] = word_filter(l, &filters[FILTER_LEVEL], q->level);
    return OK;
}

/* ---- results ---- */

static struct str words_of(const struct listing *l, unsigned bits, const struct vocabulary_word *words, size_t count)
{
    LIST(struct str) list = {0};
    for (size_t i = 0; i < count; i++)
        if (bits & 1u << i) LIST_PUSH(l->rq->arena, list) = translate(l->rq->language, words[i].label);
    return str_join(l->rq->arena, STR(", "), list.at, list.count);
}

static void fill_rows(struct listing *l, const struct procedure_page *found)
{
    l->page.rows = ARENA_ARRAY(l->rq->arena, struct list_row, found->count + 1);
    l->page.rows_count = found->count;
    for (size_t i = 0; i < found->count; i++) {
        const struct procedure_row *r = &found->rows[i];
        l->page.rows[i] = (struct list_row){
            .code = r->code,
            .name = r->name,
            .field = r->field,
            .levels = words_of(l, r->levels, level_words, PROCEDURE_LEVEL_COUNT),
            .channels = words_of(l, r->channels, channel_words, CHANNEL_KIND_COUNT),
            .is_online = (r->channels & 1u << CHANNEL_ONLINE) != 0 && r->initiator == INITIATOR_APPLICANT,
        };
    }
}

/* This address with another cursor; empty: the first page. */
static struct str address_at(const struct listing *l, struct str cursor)
{
    static const char *const kept[] = {"q", "event", "field", "channel", "audience", "level", "agency"};
    struct arena *a = l->rq->arena;
    LIST(struct str) parts = {0};
    for (size_t i = 0; i < LENGTH(kept); i++) {
        struct str value = request_query(l->rq, kept[i]);
        if (value.len == 0) continue;
        LIST_PUSH(a, parts) = str_format(a, "%s=%.*s", kept[i], STR_ARG(html_query_value(a, value)));
    }
    if (cursor.len > 0) LIST_PUSH(a, parts) = str_format(a, "cursor=%.*s", STR_ARG(html_query_value(a, cursor)));
    struct str query = str_join(a, STR("&"), parts.at, parts.count);
    return query.len == 0 ? STR("/thu-tuc") : str_format(a, "/thu-tuc?%.*s", STR_ARG(query));
}

static enum outcome get_list(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct listing l = {.rq = rq};
    struct procedure_page found;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    l.tx = tx;
    TRY(read_filters(&l, why));
    TRY(catalogue_search(app_catalogue(rq->app), tx, &l.query, &found, why));
    fill_rows(&l, &found);
    /* Cursors lead onward only; the way back is the first page. */
    if (l.query.cursor.len > 0) l.page.pagination.previous_href = address_at(&l, STR_NONE);
    if (found.next_cursor.len > 0) l.page.pagination.next_href = address_at(&l, found.next_cursor);
    if (l.page.q.len > 0)
        l.page.frame.title = fail_fill(rq->arena, translate(rq->language, N_("Procedures for “{0}”")),
                                       (const struct str[FAIL_ARGS]){l.page.q});
    else if (l.page.event.len > 0)
        l.page.frame.title = l.page.event_title;
    page_reply(rq, 200, "catalogue/list", &l.page);
    return OK;
}

/* ---- tables ---- */

/* In order of use. */
const struct route catalogue_page_routes[] = {
    {GET, "/thu-tuc",        PERMIT_PUBLIC, get_list,   N_("Find a procedure")},
    {GET, "/thu-tuc/{code}", PERMIT_PUBLIC, start_page, N_("Procedure")       },
};
const size_t catalogue_page_route_count = LENGTH(catalogue_page_routes);

const struct page_template catalogue_page_templates[] = {
    {"catalogue/list",      list_page_fields },
    {"catalogue/procedure", start_page_fields},
};
const size_t catalogue_page_template_count = LENGTH(catalogue_page_templates);
