#include "batch/batch_pages.h"

#include "batch/batch_view.h"
#include "dossier/dossier_view.h"
#include "html/component.h"
#include "people/people.h"

/* BAR: the width of the whole bar in the picture's own units. */
enum { ROWS = 25, BAR = 1000 };

/* ---- one batch ---- */

struct refusal_line {
    struct str code, said, advice;
};

struct batch_page {
    struct frame frame;
    struct str title, address;
    struct tag tag;
    struct summary_row *facts;
    struct refusal_line *refusals;
    struct pagination pagination;
    size_t facts_count, refusals_count;
    int64_t total, done, refused, waiting, bar, done_bar, refused_bar;
    bool is_open, may_stop;
};

static const struct field refusal_fields[] = {
    FIELD_STR(struct refusal_line, code),
    FIELD_STR(struct refusal_line, said),
    FIELD_STR(struct refusal_line, advice),
    FIELD_END,
};
static const struct field batch_page_fields[] = {
    FRAME_FIELDS(struct batch_page),
    FIELD_STR(struct batch_page, title),
    FIELD_STR(struct batch_page, address),
    FIELD_STRUCT(struct batch_page, tag, tag_fields),
    FIELD_LIST(struct batch_page, facts, struct summary_row, summary_row_fields),
    FIELD_LIST(struct batch_page, refusals, struct refusal_line, refusal_fields),
    FIELD_STRUCT(struct batch_page, pagination, pagination_fields),
    FIELD_INT(struct batch_page, total),
    FIELD_INT(struct batch_page, done),
    FIELD_INT(struct batch_page, refused),
    FIELD_INT(struct batch_page, waiting),
    FIELD_INT(struct batch_page, bar),
    FIELD_INT(struct batch_page, done_bar),
    FIELD_INT(struct batch_page, refused_bar),
    FIELD_BOOL(struct batch_page, is_open),
    FIELD_BOOL(struct batch_page, may_stop),
    FIELD_END,
};

static struct tag tag_of_state(struct request *rq, enum batch_state state)
{
    static const enum tag_colour colours[] = {TAG_WAITING, TAG_WORKING, TAG_DONE, TAG_STOPPED};
    return tag_of(colours[state], translate(rq->language, batch_state_title(state)));
}

static struct str address_of(struct arena *a, int64_t id)
{
    return str_format(a, "/viec/hang-loat/%lld", (long long)id);
}

static int64_t share_of_bar(int64_t part, int64_t total)
{
    return total == 0 ? 0 : part * BAR / total;
}

static void fill_progress(struct request *rq, const struct batch *b, struct batch_page *page)
{
    struct summary facts = {.rq = rq};
    page->total = b->total;
    page->done = b->done;
    page->refused = b->refused;
    page->waiting = b->total - b->done - b->refused;
    page->bar = BAR;
    page->done_bar = share_of_bar(b->done, b->total);
    page->refused_bar = share_of_bar(b->refused, b->total);
    page->is_open = batch_is_open(b);
    page->tag = tag_of_state(rq, b->state);
    summary_add(&facts, N_("Ordered"), instant_for_people(rq->arena, b->started_at));
    if (b->finished_at != INSTANT_NONE) summary_add(&facts, N_("Ended"), instant_for_people(rq->arena, b->finished_at));
    page->facts = facts.rows.at;
    page->facts_count = facts.rows.count;
}

static enum outcome fill_refusals(struct request *rq, struct tx *tx, const struct batch *b, struct batch_page *page,
                                  struct fail *why)
{
    struct item_query q = {.batch = b->id, .state = ITEM_REFUSED, .most = ROWS + 1};
    struct str cursor = request_query(rq, "cursor");
    struct batch_item *items;
    struct item_view *views;
    if (cursor.len > 0 && !id_parse(cursor, &q.after)) q.after = 0;
    TRY(batch_items(tx, &q, &items, &page->refusals_count, why));
    if (page->refusals_count > ROWS) {
        page->refusals_count = ROWS;
        page->pagination.next_href =
            str_format(rq->arena, "%.*s?cursor=%lld", STR_ARG(page->address), (long long)items[ROWS - 1].n);
    }
    TRY(item_views(tx, rq->language, items, page->refusals_count, &views, why));
    page->refusals = ARENA_ARRAY(rq->arena, struct refusal_line, ROWS);
    for (size_t i = 0; i < page->refusals_count; i++)
        page->refusals[i] = (struct refusal_line){views[i].dossier, views[i].said, views[i].advice};
    return OK;
}

static enum outcome show_batch(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct batch b;
    struct batch_view v;
    struct batch_page page = {.frame.is_wide = true, .frame.back_href = STR("/viec")};
    int64_t id;
    if (!id_parse(request_param(rq, "id"), &id)) return fail(why, ERR_MISSING, N_("There is no such batch."));
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    struct batch_reader who = batch_reader_of(rq);
    TRY(batch_look(tx, id, &who, &b, why));
    batch_view_of(app_batches(rq->app), rq->arena, rq->language, &b, &v);
    page.address = address_of(rq->arena, id);
    page.title = page.frame.title = v.title;
    fill_progress(rq, &b, &page);
    page.may_stop = page.is_open && b.actor.account == rq->visitor.account;
    TRY(fill_refusals(rq, tx, &b, &page, why));
    if (page.is_open) reply_header(rq, "Refresh", STR("2")); /* only while there is something new to see */
    page_reply(rq, 200, "batch/batch", &page);
    return OK;
}

static enum outcome post_stop(struct request *rq, struct fail *why)
{
    struct batch_stop stop = {.actor = people_actor(rq)};
    if (!id_parse(request_param(rq, "id"), &stop.batch)) return fail(why, ERR_MISSING, N_("There is no such batch."));
    enum outcome r = store_run(app_store(rq->app), batch_stop, &stop, NULL, why);
    if (r != OK && r != ERR_CONFLICT) return r;
    page_flash(rq, r == OK ? N_("Stopped. What was done stays done.") : N_("This batch is over already."));
    reply_redirect(rq, address_of(rq->arena, stop.batch));
    return OK;
}

/* ---- one's own ---- */

struct mine_row {
    struct str title, href, at, by;
    struct tag tag;
    int64_t total, done, refused;
};

struct mine_page {
    struct frame frame;
    struct mine_row *rows, *others;
    size_t rows_count, others_count;
    struct pagination pagination;
};

static const struct field mine_row_fields[] = {
    FIELD_STR(struct mine_row, title),
    FIELD_STR(struct mine_row, href),
    FIELD_STR(struct mine_row, by),
    FIELD_STR(struct mine_row, at),
    FIELD_STRUCT(struct mine_row, tag, tag_fields),
    FIELD_INT(struct mine_row, total),
    FIELD_INT(struct mine_row, done),
    FIELD_INT(struct mine_row, refused),
    FIELD_END,
};
static const struct field mine_page_fields[] = {
    FRAME_FIELDS(struct mine_page),
    FIELD_LIST(struct mine_page, rows, struct mine_row, mine_row_fields),
    FIELD_LIST(struct mine_page, others, struct mine_row, mine_row_fields),
    FIELD_STRUCT(struct mine_page, pagination, pagination_fields),
    FIELD_END,
};

static struct mine_row *rows_of(struct request *rq, const struct batch *list, size_t count)
{
    struct mine_row *rows = ARENA_ARRAY(rq->arena, struct mine_row, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct batch_view v;
        batch_view_of(app_batches(rq->app), rq->arena, rq->language, &list[i], &v);
        rows[i] = (struct mine_row){.title = v.title,
                                    .href = address_of(rq->arena, list[i].id),
                                    .at = instant_for_people(rq->arena, list[i].started_at),
                                    .tag = tag_of_state(rq, list[i].state),
                                    .total = list[i].total,
                                    .done = list[i].done,
                                    .refused = list[i].refused};
    }
    return rows;
}

/* A leader sees what colleagues ordered, the latest of it, with who. */
static enum outcome fill_others(struct request *rq, struct tx *tx, struct mine_page *page, struct fail *why)
{
    struct batch_reader who = batch_reader_of(rq);
    struct batch *list;
    TRY(batches_of_agency(tx, &who, INT64_MAX, ROWS, &list, &page->others_count, why));
    page->others = rows_of(rq, list, page->others_count);
    for (size_t i = 0; i < page->others_count; i++) {
        struct account account;
        if (list[i].actor.account == 0) continue; /* the system */
        TRY(account_load(tx, list[i].actor.account, &account, why));
        page->others[i].by = account.name;
    }
    return OK;
}

static enum outcome show_mine(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct mine_page page = {.frame.is_wide = true, .frame.back_href = STR("/viec")};
    struct str cursor = request_query(rq, "cursor");
    int64_t before = INT64_MAX;
    struct batch *list;
    size_t count;
    if (cursor.len > 0 && !id_parse(cursor, &before)) before = INT64_MAX;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(batches_of_account(tx, rq->visitor.account, before, ROWS + 1, &list, &count, why));
    if (count > ROWS) {
        count = ROWS;
        page.pagination.next_href = str_format(rq->arena, "/viec/hang-loat?cursor=%lld", (long long)list[ROWS - 1].id);
    }
    page.rows = rows_of(rq, list, count);
    page.rows_count = count;
    TRY(fill_others(rq, tx, &page, why));
    page_reply(rq, 200, "batch/mine", &page);
    return OK;
}

/* clang-format off */
/* In order of use. */
const struct route batch_page_routes[] = {
    {POST, "/viec/chon",                PERMIT_TASK_READ, batch_choose_page, N_("What is done to many")},
    {POST, "/viec/hang-loat",           PERMIT_TASK_READ, batch_order_page,  N_("What is done to many")},
    {GET,  "/viec/hang-loat",           PERMIT_SIGNED_IN, show_mine,         N_("What I ordered for many")},
    {GET,  "/viec/hang-loat/{id}",      PERMIT_SIGNED_IN, show_batch,        N_("Batch")},
    {POST, "/viec/hang-loat/{id}/dung", PERMIT_SIGNED_IN, post_stop,         N_("Stop a batch")},
};
const struct page_template batch_templates[] = {
    {"batch/choose", choose_page_fields},
    {"batch/batch",  batch_page_fields },
    {"batch/mine",   mine_page_fields  },
};
/* clang-format on */
const size_t batch_page_routes_count = LENGTH(batch_page_routes);
const size_t batch_template_count = LENGTH(batch_templates);
