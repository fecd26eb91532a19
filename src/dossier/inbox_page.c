/*
 * GET /viec?loc=&cursor=&chon=: what waits for the officer, the most urgent first. Rows can be chosen for one act on
 * many (POST /viec/chon, of the batch room); chon=het chooses all of the page.
 */
#include <string.h>

#include "agency/agency_calendar.h"
#include "base/parse.h"
#include "base/text.h"
#include "dossier/action_key.h"
#include "dossier/dossier_list.h"
#include "dossier/dossier_view.h"
#include "dossier/due_mark.h"
#include "dossier/inbox.h"
#include "dossier/officer_pages.h"
#include "dossier/task_count.h"
#include "dossier/view_text.h"
#include "html/component.h"

/* COUNTED: rows that the numbers beside the filters may cost. */
enum { ROWS = 25, NAME_MOST = 110, COUNTED = 1000 };

struct inbox_row {
    struct str chosen; /* what a ticked box sends */
    struct str code, owner, procedure, step, holder;
    struct str keys; /* "t receive y approve": what can be done to it, for assets/keys.js */
    struct due_mark due;
    bool is_mine;
};

/* An act that can be done to some of the rows, and its key. */
struct inbox_act {
    struct str name, title, key;
    bool is_for_many;
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
    struct inbox_act *acts;
    size_t acts_count;
    bool has_many; /* some of them can be done to many */
    struct str filter, choose_href;
    bool is_chosen; /* all boxes are ticked */
    bool may_assign;
};

/* clang-format off */
static const struct field act_fields[] = {
    FIELD_STR(struct inbox_act, name),
    FIELD_STR(struct inbox_act, title),
    FIELD_STR(struct inbox_act, key),
    FIELD_BOOL(struct inbox_act, is_for_many),
    FIELD_END,
};
static const struct field row_fields[] = {
    FIELD_STR(struct inbox_row, chosen),
    FIELD_STR(struct inbox_row, code),
    FIELD_STR(struct inbox_row, owner),
    FIELD_STR(struct inbox_row, procedure),
    FIELD_STR(struct inbox_row, step),
    FIELD_STR(struct inbox_row, holder),
    FIELD_STR(struct inbox_row, keys),
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
    FIELD_LIST(struct inbox_page, acts, struct inbox_act, act_fields),
    FIELD_BOOL(struct inbox_page, has_many),
    FIELD_STR(struct inbox_page, filter),
    FIELD_STR(struct inbox_page, choose_href),
    FIELD_BOOL(struct inbox_page, is_chosen),
    FIELD_BOOL(struct inbox_page, may_assign),
    FIELD_END,
};

/* Which range of deadlines a filter shows. */
enum due_range { RANGE_ANY, RANGE_LATE, RANGE_TODAY, RANGE_TOMORROW, RANGE_THREE_DAYS, RANGE_WAITING };

/* The quick filters, as they stand in the address. */
static const struct quick_filter {
    struct str name;
    const char *label, *empty;
    enum inbox_holder holder;
    enum due_range range;
} filters[] = {
    {STR_INIT(""),          N_("All"),                N_("No work waits for you. New dossiers appear here at once."), INBOX_ANY,     RANGE_ANY},
    {STR_INIT("cua-toi"),   N_("Mine"),               N_("Nothing is assigned to you."),                              INBOX_MINE,    RANGE_ANY},
    {STR_INIT("chua-giao"), N_("Not assigned"),       N_("Every dossier is assigned."),                               INBOX_NOBODYS, RANGE_ANY},
    {STR_INIT("qua-han"),   N_("Late"),               N_("Nothing is late."),                                         INBOX_ANY,     RANGE_LATE},
    {STR_INIT("hom-nay"),   N_("Due today"),          N_("Nothing more is due today."),                               INBOX_ANY,     RANGE_TODAY},
    {STR_INIT("ngay-mai"),  N_("Due tomorrow"),       N_("Nothing is due on the next working day."),                  INBOX_ANY,     RANGE_TOMORROW},
    {STR_INIT("3-ngay"),    N_("Within three days"),  N_("Nothing is due within three working days."),                INBOX_ANY,     RANGE_THREE_DAYS},
    {STR_INIT("cho"),       N_("Waiting for others"), N_("Nobody else is awaited."),                                  INBOX_ANY,     RANGE_WAITING},
};
/* clang-format on */

static const struct quick_filter *filter_of(struct str name)
{
    for (size_t i = 0; i < LENGTH(filters); i++)
        if (str_eq(filters[i].name, name)) return &filters[i];
    return &filters[0];
}

/* By the calendar of the officer's agency; when it cannot be read now, by the State's. */
static struct due_bounds bounds_of(const struct request *rq)
{
    AUTO_READ struct tx *tx = NULL;
    const struct desk *desk = app_desk(rq->app);
    const struct calendar *calendar = NULL;
    struct fail ignored;
    fail_init(&ignored, rq->arena);
    if (store_read_begin(desk->store, rq->arena, &tx, &ignored) != OK ||
        agency_calendar_of(desk->calendars, tx, rq->visitor.agency, day_of(clock_now()), &calendar, &ignored) != OK)
        calendar = calendars_standard(desk->calendars);
    return due_bounds_of(calendar, clock_now());
}

/* The first and the last moment of the range that a filter shows. */
static void narrow(struct inbox_query *q, enum due_range range, const struct due_bounds *b)
{
    const instant_t ends[] = {[RANGE_LATE] = b->now - 1,
                              [RANGE_TODAY] = b->today,
                              [RANGE_TOMORROW] = b->tomorrow,
                              [RANGE_THREE_DAYS] = b->three_days};
    q->is_of_others = range == RANGE_WAITING;
    if (range == RANGE_ANY || range == RANGE_WAITING) return;
    q->due_before = ends[range] + 1;
    if (range != RANGE_LATE) q->due_from = range == RANGE_TOMORROW ? b->today + 1 : b->now;
}

static struct inbox_query query_of(const struct request *rq, const struct quick_filter *filter, size_t most,
                                   const struct due_bounds *bounds)
{
    struct inbox_query q = {.who = standing_of(rq), .most = most, .holder = filter->holder};
    narrow(&q, filter->range, bounds);
    return q;
}

struct inbox_query inbox_query_of(const struct request *rq, struct str filter, size_t most)
{
    struct due_bounds bounds = bounds_of(rq);
    return query_of(rq, filter_of(filter), most, &bounds);
}

struct str inbox_chosen_format(struct arena *a, const struct dossier *d)
{
    return str_format(a, "%.*s@%lld", STR_ARG(d->code), (long long)d->version);
}

bool inbox_chosen_parse(struct str text, struct str *out_code, int64_t *out_version)
{
    struct str version;
    uint64_t n;
    if (!str_cut(text, '@', out_code, &version) || !parse_u64(version, &n) || n > INT64_MAX) return false;
    *out_version = (int64_t)n;
    return true;
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

/* The numbers beside the filters, in their order; -1: not shown. */
struct filter_counts {
    int64_t of[LENGTH(filters)];
    bool is_more;
};

static enum outcome count_all(struct tx *tx, const struct standing *who, const struct due_bounds *bounds,
                              struct filter_counts *out, struct fail *why)
{
    struct task_counts due;
    struct waiting_count waiting;
    int64_t mine, nobodys;
    TRY(task_counts_of_post(tx, who, bounds, COUNTED, &due, why));
    TRY(held_of_post(tx, who, COUNTED, &mine, &nobodys, why));
    TRY(waiting_of_agency(tx, who->agency, COUNTED, &waiting, why));
    const int64_t counts[] = {-1,
                              mine,
                              nobodys,
                              due.all.late,
                              due.all.today,
                              due.all.tomorrow,
                              due.all.three_days,
                              waiting.applicant + waiting.units};
    _Static_assert(LENGTH(counts) == LENGTH(filters), "a number for each filter");
    memcpy(out->of, counts, sizeof counts);
    out->is_more = due.is_more;
    return OK;
}

/* A number at its bound is "at least": said so, and not as an exact one. */
static struct tab_link tab_of_filter(struct request *rq, const struct quick_filter *f, int64_t count, bool is_more,
                                     bool is_current)
{
    struct str label = translate(rq->language, f->label);
    bool is_bounded = count >= COUNTED || (is_more && f->range >= RANGE_LATE && f->range <= RANGE_THREE_DAYS);
    if (is_bounded) label = str_format(rq->arena, "%.*s (%lld+)", STR_ARG(label), (long long)count);
    return tab_of(label, address(rq->arena, f, STR_NONE), is_bounded ? -1 : count, is_current);
}

static void fill_tabs(struct request *rq, const struct quick_filter *chosen, const struct filter_counts *counts,
                      struct inbox_page *page)
{
    page->tabs_count = LENGTH(filters);
    page->tabs = ARENA_ARRAY(rq->arena, struct tab_link, LENGTH(filters));
    for (size_t i = 0; i < LENGTH(filters); i++)
        page->tabs[i] = tab_of_filter(rq, &filters[i], counts->of[i], counts->is_more, chosen == &filters[i]);
}

static struct str keys_of_row(struct arena *a, const struct list_item *item)
{
    struct str parts[ACTION_COUNT];
    for (size_t i = 0; i < item->action_count; i++)
        parts[i] = str_format(a, "%.*s %s", STR_ARG(action_key(item->actions[i])), actions[item->actions[i]].name);
    return str_join(a, STR(" "), parts, item->action_count);
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
            .chosen = inbox_chosen_format(a, d),
            .code = d->code,
            .owner = d->owner_name,
            .procedure = text_shorten(a, item->procedure_name, NAME_MOST),
            .step = item->is_asked ? translate(rq->language, N_("Your opinion is asked for"))
                                   : step_title(rq->language, item->step),
            .holder = item->holder_name,
            .keys = keys_of_row(a, item),
            .due = due_mark_of(a, rq->language, calendar, d, d->list_due, now),
            .is_mine = d->holder != 0 && d->holder == rq->visitor.account,
        };
    }
    return OK;
}

static bool is_possible(const struct dossier_list *list, enum action_id act)
{
    for (size_t i = 0; i < list->count; i++)
        for (size_t n = 0; n < list->items[i].action_count; n++)
            if (list->items[i].actions[n] == act) return true;
    return false;
}

/* What can be done to some of those on the page, in the order of the table. */
static void fill_acts(struct request *rq, const struct dossier_list *list, struct inbox_page *page)
{
    page->acts = ARENA_ARRAY(rq->arena, struct inbox_act, ACTION_COUNT);
    for (enum action_id act = 0; act < ACTION_COUNT; act++) {
        if (!is_possible(list, act)) continue;
        struct inbox_act *one = &page->acts[page->acts_count++];
        *one = (struct inbox_act){.name = str_from(actions[act].name),
                                  .title = translate(rq->language, actions[act].title),
                                  .key = action_key(act),
                                  .is_for_many = action_is_for_many(&actions[act])};
        page->has_many |= one->is_for_many;
    }
}

/* Without scripts: the same page with every box ticked, and back. */
static struct str choose_href(struct request *rq, const struct quick_filter *f, bool is_chosen)
{
    struct str here = address(rq->arena, f, request_query(rq, "cursor"));
    if (is_chosen) return here;
    return str_format(rq->arena, "%.*s%cchon=het", STR_ARG(here), str_find(here, STR("?"), 0) < 0 ? '?' : '&');
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
    struct due_bounds bounds = bounds_of(rq);
    struct inbox_query query = query_of(rq, filter, ROWS, &bounds);
    query.cursor = request_query(rq, "cursor");
    struct inbox_page page = {
        .frame.is_wide = true, .empty = filter->empty, .is_all = filter == &filters[0], .filter = filter->name};
    struct dossier_list list;
    struct filter_counts counts;
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(desk->store, rq->arena, &tx, why));
    TRY(dossier_inbox(desk, tx, &query, &list, why));
    TRY(count_all(tx, &query.who, &bounds, &counts, why));
    fill_tabs(rq, filter, &counts, &page);
    TRY(fill_rows(rq, tx, &list, &page, why));
    fill_acts(rq, &list, &page);
    page.may_assign = permission_is_in(rq->visitor.permissions, PERMIT_DOSSIER_ASSIGN);
    page.is_chosen = str_eq(request_query(rq, "chon"), STR("het"));
    page.choose_href = choose_href(rq, filter, page.is_chosen);
    if (list.next_cursor.len > 0) page.pagination.next_href = address(rq->arena, filter, list.next_cursor);
    page_reply(rq, 200, "dossier/inbox", &page);
    return OK;
}
