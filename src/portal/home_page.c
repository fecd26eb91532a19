/* GET /: the search, what is mine when somebody is signed in, events of life, the fields of procedures. */
#include "agency/permission.h"
#include "catalogue/catalogue.h"
#include "dossier/desk.h"
#include "portal/mine.h"
#include "portal/portal_pages.h"

enum { MINE_SHOWN = 3 };

struct home_field {
    struct str label, href;
    int64_t count;
};

struct home_event {
    struct str title, text, href, icon; /* icon: the name in the sprite */
    int64_t count;
};

struct home_page {
    struct frame frame;
    struct str q;
    struct home_event *persons, *businesses;
    size_t persons_count, businesses_count;
    struct home_field *fields;
    size_t fields_count;
    struct mine mine;
    bool is_known; /* has something to go on with */
};

static const struct field home_field_fields[] = {
    FIELD_STR(struct home_field, label),
    FIELD_STR(struct home_field, href),
    FIELD_INT(struct home_field, count),
    FIELD_END,
};

static const struct field home_event_fields[] = {
    FIELD_STR(struct home_event, title), FIELD_STR(struct home_event, text),  FIELD_STR(struct home_event, href),
    FIELD_STR(struct home_event, icon),  FIELD_INT(struct home_event, count), FIELD_END,
};

static const struct field home_page_fields[] = {
    FRAME_FIELDS(struct home_page),
    FIELD_STR(struct home_page, q),
    FIELD_LIST(struct home_page, persons, struct home_event, home_event_fields),
    FIELD_LIST(struct home_page, businesses, struct home_event, home_event_fields),
    FIELD_LIST(struct home_page, fields, struct home_field, home_field_fields),
    FIELD_STRUCT(struct home_page, mine, mine_fields),
    FIELD_BOOL(struct home_page, is_known),
    FIELD_END,
};

static enum outcome fill_fields(struct request *rq, struct tx *tx, struct home_page *page, struct fail *why)
{
    struct procedure_field *fields;
    TRY(catalogue_fields(app_catalogue(rq->app), tx, &fields, &page->fields_count, why));
    page->fields = ARENA_ARRAY(rq->arena, struct home_field, page->fields_count + 1);
    for (size_t i = 0; i < page->fields_count; i++)
        page->fields[i] = (struct home_field){
            .label = fields[i].label,
            .href = str_format(rq->arena, "/thu-tuc?field=%.*s", STR_ARG(html_query_value(rq->arena, fields[i].key))),
            .count = fields[i].count,
        };
    return OK;
}

/* Those that lead to a procedure somebody can ask for today; the others are not shown. */
static enum outcome fill_events(struct request *rq, struct tx *tx, struct home_page *page, struct fail *why)
{
    struct procedure_event *events;
    size_t count;
    TRY(catalogue_events(app_catalogue(rq->app), tx, &events, &count, why));
    page->persons = ARENA_ARRAY(rq->arena, struct home_event, count + 1);
    page->businesses = ARENA_ARRAY(rq->arena, struct home_event, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct life_event *e = events[i].event;
        struct home_event shown = {
            .title = life_event_title(e, rq->language),
            .text = life_event_text(e, rq->language),
            .href = str_format(rq->arena, "/thu-tuc?event=%.*s", STR_ARG(html_query_value(rq->arena, e->id))),
            .icon = e->icon,
            .count = events[i].count,
        };
        if (e->is_business)
            page->businesses[page->businesses_count++] = shown;
        else
            page->persons[page->persons_count++] = shown;
    }
    return OK;
}

static enum outcome get_home(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct home_page page = {.is_known = false};
    bool is_applicant = permission_is_in(rq->visitor.permissions, PERMIT_DOSSIER_OWN);
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(fill_events(rq, tx, &page, why));
    TRY(fill_fields(rq, tx, &page, why));
    const struct mine_query newest = {.most = MINE_SHOWN};
    if (is_applicant) TRY(mine_list(rq, tx, &newest, &page.mine, why));
    page.is_known = page.mine.dossiers_count > 0 || page.mine.drafts_count > 0;
    page_reply(rq, 200, "portal/home", &page);
    return OK;
}

const struct route portal_home_routes[] = {
    {GET, "/", PERMIT_PUBLIC, get_home, N_("Administrative procedures")},
};
const size_t portal_home_route_count = LENGTH(portal_home_routes);

const struct page_template portal_home_templates[] = {
    {"portal/home", home_page_fields},
};
const size_t portal_home_template_count = LENGTH(portal_home_templates);
