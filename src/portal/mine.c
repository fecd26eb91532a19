/* GET /ho-so-cua-toi: my dossiers and drafts; and the same rows for the home page. */
#include "portal/mine.h"

#include <inttypes.h>

#include "agency/permission.h"
#include "dossier/dossier_list.h"
#include "dossier/dossier_view.h"
#include "dossier/draft.h"
#include "dossier/view_text.h"
#include "portal/portal_pages.h"

enum { MINE_AT_ONCE = 20 };

/* clang-format off */
static const struct field dossier_fields[] = {
    FIELD_STR(struct mine_dossier, code),
    FIELD_STR(struct mine_dossier, procedure),
    FIELD_STR(struct mine_dossier, at),
    FIELD_STR(struct mine_dossier, href),
    FIELD_STRUCT(struct mine_dossier, due, due_mark_fields),
    FIELD_BOOL(struct mine_dossier, has_due),
    FIELD_STRUCT(struct mine_dossier, tag, tag_fields),
    FIELD_END,
};
static const struct field draft_fields[] = {
    FIELD_STR(struct mine_draft, procedure),
    FIELD_STR(struct mine_draft, at),
    FIELD_STR(struct mine_draft, href),
    FIELD_STR(struct mine_draft, resume),
    FIELD_STR(struct mine_draft, progress),
    FIELD_END,
};
const struct field mine_fields[] = {
    FIELD_LIST(struct mine, dossiers, struct mine_dossier, dossier_fields),
    FIELD_LIST(struct mine, drafts, struct mine_draft, draft_fields),
    FIELD_END,
};
/* clang-format on */

/* Words and day of the deadline by the calendar of its agency; an applicant is not told that something is late before
 * it has been received. */
static enum outcome dossier_row(struct request *rq, struct tx *tx, const struct list_item *item,
                                struct mine_dossier *out, struct fail *why)
{
    const struct dossier *d = &item->dossier;
    struct rulebook book;
    *out = (struct mine_dossier){
        .code = d->code,
        .procedure = item->procedure_name,
        .at = day_for_people(rq->arena, day_of(d->submitted_at)),
        .href = str_format(rq->arena, "/ho-so/%.*s", STR_ARG(d->code)),
        .tag = status_tag(rq->language, d->status),
        .has_due = d->due_at != INSTANT_NONE,
    };
    if (!out->has_due) return OK;
    instant_t now = tx_now(tx);
    TRY(rulebook_of(app_desk(rq->app), tx, d, day_of(now), &book, why));
    out->due = due_mark_of(rq->arena, rq->language, book.calendar, d, d->due_at, now);
    return OK;
}

static const unsigned view_statuses[MINE_VIEW_COUNT] = {
    [MINE_WAITING] = 1u << STATUS_SUPPLEMENT | 1u << STATUS_PAYMENT,
    [MINE_IN_HAND] = 1u << STATUS_NEW | 1u << STATUS_RECEIVED | 1u << STATUS_IN_HAND | 1u << STATUS_DONE,
    [MINE_OVER] = 1u << STATUS_REFUSED | 1u << STATUS_WITHDRAWN | 1u << STATUS_STOPPED | 1u << STATUS_RETURNED,
};

static enum outcome list_dossiers(struct request *rq, struct tx *tx, const struct mine_query *asked, struct mine *out,
                                  struct fail *why)
{
    struct dossier_list found;
    struct list_query query = {.who = standing_of(rq),
                               .cursor = asked->cursor,
                               .statuses = view_statuses[asked->view],
                               .words = asked->words,
                               .due_before = INSTANT_NONE,
                               .most = asked->most};
    TRY(dossier_list(app_desk(rq->app), tx, &query, &found, why));
    out->dossiers = ARENA_ARRAY(rq->arena, struct mine_dossier, found.count + 1);
    out->dossiers_count = found.count;
    out->next_cursor = found.next_cursor;
    for (size_t i = 0; i < found.count; i++) TRY(dossier_row(rq, tx, &found.items[i], &out->dossiers[i], why));
    return OK;
}

static struct str draft_address(struct request *rq, const struct draft *d, struct str procedure)
{
    return str_format(rq->arena, "/nop-ho-so/%.*s/%" PRId64, STR_ARG(procedure), d->id);
}

static struct str resume_address(struct request *rq, const struct draft *d, struct str procedure)
{
    if (d->step.len == 0) return STR("");
    return str_format(rq->arena, "%.*s/%.*s", STR_ARG(draft_address(rq, d, procedure)), STR_ARG(d->step));
}

static struct str progress_of(struct request *rq, const struct draft *d)
{
    if (d->parts == 0) return STR("");
    return fail_fill(rq->arena, translate(rq->language, N_("{0} of {1} parts are done")),
                     (const struct str[FAIL_ARGS]){str_format(rq->arena, "%" PRId64, d->parts_done),
                                                   str_format(rq->arena, "%" PRId64, d->parts)});
}

static enum outcome list_drafts(struct request *rq, struct tx *tx, size_t most, struct mine *out, struct fail *why)
{
    struct draft *drafts;
    size_t count;
    TRY(drafts_of_account(tx, rq->visitor.account, &drafts, &count, why));
    out->drafts_count = count < most ? count : most;
    out->drafts = ARENA_ARRAY(rq->arena, struct mine_draft, out->drafts_count + 1);
    for (size_t i = 0; i < out->drafts_count; i++) catalogue_find_ahead(tx, drafts[i].procedure_code);
    for (size_t i = 0; i < out->drafts_count; i++) {
        struct procedure_ref ref;
        TRY(catalogue_find(tx, drafts[i].procedure_code, &ref, why));
        out->drafts[i] = (struct mine_draft){
            .procedure = ref.name,
            .at = instant_for_people(rq->arena, drafts[i].updated_at),
            .href = draft_address(rq, &drafts[i], ref.code),
            .resume = resume_address(rq, &drafts[i], ref.code),
            .progress = progress_of(rq, &drafts[i]),
        };
    }
    return OK;
}

enum outcome mine_list(struct request *rq, struct tx *tx, const struct mine_query *query, struct mine *out,
                       struct fail *why)
{
    *out = (struct mine){0};
    drafts_ahead(tx, rq->visitor.account);
    TRY(list_dossiers(rq, tx, query, out, why));
    return list_drafts(rq, tx, query->most, out, why);
}

/* ---- the page ---- */

struct mine_page {
    struct frame frame;
    struct str q, view;
    bool is_first, is_narrowed; /* the first page of everything; a tab or words narrow it */
    struct mine mine;
    struct tab_link *tabs;
    size_t tabs_count;
    struct pagination pagination;
};

static const struct field mine_page_fields[] = {
    FRAME_FIELDS(struct mine_page),
    FIELD_STR(struct mine_page, q),
    FIELD_STR(struct mine_page, view),
    FIELD_BOOL(struct mine_page, is_first),
    FIELD_BOOL(struct mine_page, is_narrowed),
    FIELD_STRUCT(struct mine_page, mine, mine_fields),
    FIELD_LIST(struct mine_page, tabs, struct tab_link, tab_link_fields),
    FIELD_STRUCT(struct mine_page, pagination, pagination_fields),
    FIELD_END,
};

/* In the order of the tabs; the name stands in addresses. */
static const struct {
    const char *name;
    const char *label; /* message */
} views[MINE_VIEW_COUNT] = {
    [MINE_ALL] = {"",         N_("All")            },
    [MINE_WAITING] = {"cho-toi",  N_("Waiting for you")},
    [MINE_IN_HAND] = {"dang-lam", N_("In hand")        },
    [MINE_OVER] = {"da-xong",  N_("Finished")       },
};

static enum mine_view asked_view(const struct request *rq)
{
    struct str asked = request_query(rq, "loc");
    for (int i = 1; i < MINE_VIEW_COUNT; i++)
        if (str_eq(asked, str_from(views[i].name))) return (enum mine_view)i;
    return MINE_ALL;
}

static struct str address_of(struct request *rq, enum mine_view view, struct str words, struct str cursor)
{
    struct arena *a = rq->arena;
    struct str parts[3];
    size_t count = 0;
    if (view != MINE_ALL) parts[count++] = str_format(a, "loc=%s", views[view].name);
    if (words.len > 0) parts[count++] = str_format(a, "q=%.*s", STR_ARG(html_query_value(a, words)));
    if (cursor.len > 0) parts[count++] = str_format(a, "cursor=%.*s", STR_ARG(html_query_value(a, cursor)));
    struct str query = str_join(a, STR("&"), parts, count);
    return count == 0 ? STR("/ho-so-cua-toi") : str_format(a, "/ho-so-cua-toi?%.*s", STR_ARG(query));
}

static enum outcome get_mine(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct mine_query query = {.view = asked_view(rq),
                               .words = str_trim(request_query(rq, "q")),
                               .cursor = request_query(rq, "cursor"),
                               .most = MINE_AT_ONCE};
    struct mine_page page = {.q = query.words, .view = str_from(views[query.view].name)};
    page.is_narrowed = query.view != MINE_ALL || query.words.len > 0;
    page.is_first = !page.is_narrowed && query.cursor.len == 0;
    TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
    page_ahead(rq, tx);
    TRY(mine_list(rq, tx, &query, &page.mine, why));
    page.tabs = ARENA_ARRAY(rq->arena, struct tab_link, MINE_VIEW_COUNT);
    for (int i = 0; i < MINE_VIEW_COUNT; i++)
        page.tabs[page.tabs_count++] =
            tab_of(translate(rq->language, views[i].label), address_of(rq, (enum mine_view)i, query.words, STR_NONE),
                   -1, (enum mine_view)i == query.view);
    if (query.cursor.len > 0) page.pagination.previous_href = address_of(rq, query.view, query.words, STR_NONE);
    if (page.mine.next_cursor.len > 0)
        page.pagination.next_href = address_of(rq, query.view, query.words, page.mine.next_cursor);
    page_reply(rq, 200, "portal/mine", &page);
    return OK;
}

const struct route portal_mine_routes[] = {
    {GET, "/ho-so-cua-toi", PERMIT_DOSSIER_OWN, get_mine, N_("My dossiers")},
};
const size_t portal_mine_route_count = LENGTH(portal_mine_routes);

const struct page_template portal_mine_templates[] = {
    {"portal/mine", mine_page_fields},
};
const size_t portal_mine_template_count = LENGTH(portal_mine_templates);
