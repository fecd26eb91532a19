/* GET /: the search, the fields of procedures, and what is mine when somebody is signed in. */
#include "agency/permission.h"
#include "catalogue/catalogue.h"
#include "dossier/desk.h"
#include "dossier/mine.h"
#include "dossier/portal_pages.h"

enum { MINE_SHOWN = 3 };

struct home_field {
    struct str label, href;
    int64_t count;
};

struct home_page {
    struct frame frame;
    struct str q;
    struct home_field *fields;
    size_t fields_count;
    struct mine mine;
    bool is_applicant;
};

static const struct field home_field_fields[] = {
    FIELD_STR(struct home_field, label),
    FIELD_STR(struct home_field, href),
    FIELD_INT(struct home_field, count),
    FIELD_END,
};

static const struct field home_page_fields[] = {
    FRAME_FIELDS(struct home_page),
    FIELD_STR(struct home_page, q),
    FIELD_LIST(struct home_page, fields, struct home_field, home_field_fields),
    FIELD_STRUCT(struct home_page, mine, mine_fields),
    FIELD_BOOL(struct home_page, is_applicant),
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

static enum outcome get_home(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct home_page page = {.is_applicant = permission_is_in(rq->visitor.permissions, PERMIT_DOSSIER_OWN)};
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(fill_fields(rq, tx, &page, why));
    if (page.is_applicant) TRY(mine_list(rq, tx, STR_NONE, MINE_SHOWN, &page.mine, why));
    page_reply(rq, 200, "dossier/home", &page);
    return OK;
}

const struct route portal_home_routes[] = {
    {GET, "/", PERMIT_PUBLIC, get_home, N_("Administrative procedures")},
};
const size_t portal_home_route_count = LENGTH(portal_home_routes);

const struct page_template portal_home_templates[] = {
    {"dossier/home", home_page_fields},
};
const size_t portal_home_template_count = LENGTH(portal_home_templates);
