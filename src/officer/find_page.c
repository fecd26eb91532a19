/*
 * GET /viec/tim?q=: an officer finds a dossier of the agency by its code, the beginning of one, or words of its owner's
 * name, whether it is open or long closed. One find opens at once. The field for it stands on the inbox.
 */
#include "agency/agency_calendar.h"
#include "base/text.h"
#include "dossier/dossier_list.h"
#include "dossier/dossier_view.h"
#include "dossier/due_mark.h"
#include "dossier/inbox.h"
#include "dossier/view_text.h"
#include "html/component.h"
#include "html/page.h"
#include "officer/inbox_pages.h"

enum { FOUND_SHOWN = 25, FOUND_NAME_MOST = 140, WORDS_BYTES = 200 };

struct found_row {
    struct str code, owner, procedure, holder;
    struct due_mark due;
    struct tag status;
};

struct find_page {
    struct frame frame;
    struct str q;
    struct found_row *rows;
    size_t rows_count;
    struct pagination pagination;
    bool is_asked; /* something was looked for */
    bool goes_on;  /* none so far, and there are older ones */
};

/* clang-format off */
static const struct field found_row_fields[] = {
    FIELD_STR(struct found_row, code),
    FIELD_STR(struct found_row, owner),
    FIELD_STR(struct found_row, procedure),
    FIELD_STR(struct found_row, holder),
    FIELD_STRUCT(struct found_row, due, due_mark_fields),
    FIELD_STRUCT(struct found_row, status, tag_fields),
    FIELD_END,
};
const struct field find_page_fields[] = {
    FRAME_FIELDS(struct find_page),
    FIELD_STR(struct find_page, q),
    FIELD_LIST(struct find_page, rows, struct found_row, found_row_fields),
    FIELD_STRUCT(struct find_page, pagination, pagination_fields),
    FIELD_BOOL(struct find_page, is_asked),
    FIELD_BOOL(struct find_page, goes_on),
    FIELD_END,
};
/* clang-format on */

static enum outcome row_of(struct request *rq, struct tx *tx, const struct list_item *item, struct found_row *out,
                           struct fail *why)
{
    struct arena *a = rq->arena;
    const struct dossier *d = &item->dossier;
    const struct calendar *calendar;
    instant_t now = clock_now();
    *out = (struct found_row){.code = d->code,
                              .owner = d->owner_name,
                              .procedure = text_shorten(a, item->procedure_name, FOUND_NAME_MOST),
                              .holder = item->holder_name,
                              .status = status_tag(rq->language, d->status)};
    if (status_is_final(d->status)) return OK; /* nothing is due any more */
    TRY(agency_calendar_of(app_desk(rq->app)->calendars, tx, d->agency, day_of(now), &calendar, why));
    out->due = due_mark_of(a, rq->language, calendar, d, d->due_at, now);
    return OK;
}

enum outcome find_dossiers_page(struct request *rq, struct fail *why)
{
    const struct desk *desk = app_desk(rq->app);
    struct find_page page = {.frame.is_wide = true,
                             .q = text_shorten(rq->arena, str_trim(request_query(rq, "q")), WORDS_BYTES)};
    struct list_query query = {.who = standing_of(rq),
                               .cursor = request_query(rq, "cursor"),
                               .words = page.q,
                               .due_before = INSTANT_NONE,
                               .most = FOUND_SHOWN};
    struct dossier_list list = {0};
    AUTO_READ struct tx *tx = NULL;
    page.is_asked = page.q.len > 0;
    TRY(store_read_begin(desk->store, rq->arena, &tx, why));
    if (page.is_asked) TRY(dossier_list(desk, tx, &query, &list, why));
    if (list.count == 1 && query.cursor.len == 0 && list.next_cursor.len == 0) {
        reply_redirect(rq, str_format(rq->arena, "/ho-so/%.*s", STR_ARG(list.items[0].dossier.code)));
        return OK;
    }
    page.rows = ARENA_ARRAY(rq->arena, struct found_row, list.count + 1);
    page.rows_count = list.count;
    page.goes_on = list.count == 0 && list.next_cursor.len > 0;
    for (size_t i = 0; i < list.count; i++) TRY(row_of(rq, tx, &list.items[i], &page.rows[i], why));
    if (list.next_cursor.len > 0)
        page.pagination.next_href =
            str_format(rq->arena, "/viec/tim?q=%.*s&cursor=%.*s", STR_ARG(html_query_value(rq->arena, page.q)),
                       STR_ARG(html_query_value(rq->arena, list.next_cursor)));
    page_reply(rq, 200, "officer/find", &page);
    return OK;
}
