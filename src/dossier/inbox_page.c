/* GET /viec?loc=&cursor=: what waits for the officer, the most urgent first. */
#include "agency/agency_calendar.h"
#include "base/text.h"
#include "dossier/dossier_list.h"
#include "dossier/dossier_view.h"
#include "dossier/due_mark.h"
#include "dossier/officer_pages.h"
#include "dossier/view_text.h"
#include "html/component.h"

enum { ROWS = 25, NAME_MOST = 110 };

struct inbox_row {
    struct str code, owner, procedure, step, holder;
    struct due_mark due;
    bool is_mine;
};

struct inbox_page {
    struct frame frame;
    struct tab_link *tabs;
    size_t tabs_count;
    struct inbox_row *rows;
    size_t rows_count;
    struct pagination pagination;
    const char *empty; /* message */
    bool is_all;
};

/* clang-format off */
static const struct field row_fields[] = {
    FIELD_STR(struct inbox_row, code),
    FIELD_STR(struct inbox_row, owner),
    FIELD_STR(struct inbox_row, procedure),
    FIELD_STR(struct inbox_row, step),
    FIELD_STR(struct inbox_row, holder),
    FIELD_STRUCT(struct inbox_row, due, due_mark_fields),
    FIELD_BOOL(struct inbox_row, is_mine),
    FIELD_END,
};
const struct field inbox_page_fields[] = {
    FRAME_FIELDS(struct inbox_page),
    FIELD_LIST(struct inbox_page, tabs, struct tab_link, tab_link_fields),
    FIELD_LIST(struct inbox_page, rows, struct inbox_row, row_fields),
    FIELD_STRUCT(struct inbox_page, pagination, pagination_fields),
    FIELD_MESSAGE(struct inbox_page, empty),
    FIELD_BOOL(struct inbox_page, is_all),
    FIELD_END,
};

/* The quick filters, as they stand in the address. */
static const struct quick_filter {
    struct str name;
    const char *label, *empty;
    enum inbox_holder holder;
    bool is_urgent;
} filters[] = {
    {STR_INIT(""),           N_("All"),               N_("No work waits for you. New dossiers appear here at once."), INBOX_ANY,     false},
    {STR_INIT("cua-toi"),    N_("Mine"),              N_("Nothing is assigned to you."),                              INBOX_MINE,    false},
    {STR_INIT("chua-giao"),  N_("Not assigned"),      N_("Every dossier is assigned."),                               INBOX_NOBODYS, false},
    {STR_INIT("gap"),        N_("Late or due today"), N_("Nothing is late, and nothing is due today."),               INBOX_ANY,     true },
};
/* clang-format on */

static const struct quick_filter *filter_of(struct str name)
{
    for (size_t i = 0; i < LENGTH(filters); i++)
        if (str_eq(filters[i].name, name)) return &filters[i];
    return &filters[0];
}

static struct str address(struct arena *a, const struct quick_filter *f, struct str cursor)
{
    struct str parts[2] = {0};
    size_t count = 0;
    if (f->name.len > 0) parts[count++] = str_format(a, "loc=%.*s", STR_ARG(f->name));
    if (cursor.len > 0) parts[count++] = str_format(a, "cursor=%.*s", STR_ARG(html_query_value(a, cursor)));
    struct str query = str_join(a, STR("&"), parts, count);
    return count == 0 ? STR("/viec") : str_format(a, "/viec?%.*s", STR_ARG(query));
}

static void fill_tabs(struct request *rq, const struct quick_filter *chosen, struct inbox_page *page)
{
    page->tabs_count = LENGTH(filters);
    page->tabs = ARENA_ARRAY(rq->arena, struct tab_link, LENGTH(filters));
    for (size_t i = 0; i < LENGTH(filters); i++)
        page->tabs[i] = tab_of(translate(rq->language, filters[i].label), address(rq->arena, &filters[i], STR_NONE), -1,
                               chosen == &filters[i]);
}

static enum outcome fill_rows(struct request *rq, struct tx *tx, const struct dossier_list *list,
                              struct inbox_page *page, struct fail *why)
{
    struct arena *a = rq->arena;
    instant_t now = clock_now();
    page->rows = ARENA_ARRAY(a, struct inbox_row, list->count + 1);
    page->rows_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        const struct list_item *item = &list->items[i];
        const struct dossier *d = &item->dossier;
        const struct calendar *calendar;
        TRY(agency_calendar_of(app_desk(rq->app)->calendars, tx, d->agency, day_of(now), &calendar, why));
        page->rows[i] = (struct inbox_row){
            .code = d->code,
            .owner = d->owner_name,
            .procedure = text_shorten(a, item->procedure_name, NAME_MOST),
            .step = item->is_asked ? translate(rq->language, N_("Your opinion is asked for"))
                                   : step_title(rq->language, item->step),
            .holder = item->holder_name,
            .due = due_mark_of(a, rq->language, calendar, d, d->list_due, now),
            .is_mine = d->holder != 0 && d->holder == rq->visitor.account,
        };
    }
    return OK;
}

/* Everybody lands here after signing in as an officer; whose work is elsewhere is led there. */
static bool lead_elsewhere(struct request *rq)
{
    static const struct {
        enum permission permission;
        const char *address;
    } places[] = {
        {PERMIT_CATALOGUE_MANAGE, "/quan-tri/thu-tuc" },
        {PERMIT_SYSTEM_HEALTH,    "/quan-tri/suc-khoe"},
        {PERMIT_DOSSIER_OWN,      "/ho-so-cua-toi"    },
        {PERMIT_SIGNED_IN,        "/"                 },
    };
    size_t i = 0;
    if (permission_is_in(rq->visitor.permissions, PERMIT_TASK_READ)) return false;
    while (!permission_is_in(rq->visitor.permissions, places[i].permission) && i + 1 < LENGTH(places)) i++;
    reply_redirect(rq, str_from(places[i].address));
    return true;
}

enum outcome officer_inbox_page(struct request *rq, struct fail *why)
{
    if (lead_elsewhere(rq)) return OK;
    const struct desk *desk = app_desk(rq->app);
    const struct quick_filter *filter = filter_of(request_query(rq, "loc"));
    struct inbox_query query = {.who = standing_of(rq),
                                .cursor = request_query(rq, "cursor"),
                                .most = ROWS,
                                .holder = filter->holder,
                                .due_before = filter->is_urgent ? day_start(day_of(clock_now()) + 1) : 0};
    struct inbox_page page = {.frame.is_wide = true, .empty = filter->empty, .is_all = filter == &filters[0]};
    struct dossier_list list;
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(desk->store, rq->arena, &tx, why));
    TRY(dossier_inbox(desk, tx, &query, &list, why));
    fill_tabs(rq, filter, &page);
    TRY(fill_rows(rq, tx, &list, &page, why));
    if (list.next_cursor.len > 0) page.pagination.next_href = address(rq->arena, filter, list.next_cursor);
    page_reply(rq, 200, "dossier/inbox", &page);
    return OK;
}
