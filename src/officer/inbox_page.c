/*
 * GET /viec?loc=&cursor=&chon=: what waits for the officer, the most urgent first, under tabs by the kind of work; what
 * came since they looked last is marked. Rows can be chosen for one act on many (POST /viec/chon, of the batch room);
 * chon=het chooses all of the page. GET /viec/moi?tu= is what an open page asks every second. POST /viec/cach-xem keeps
 * a view under a name.
 */
#include <string.h>

#include "agency/agency_calendar.h"
#include "base/json.h"
#include "base/log.h"
#include "base/parse.h"
#include "base/text.h"
#include "dossier/action_key.h"
#include "dossier/dossier_view.h"
#include "dossier/due_mark.h"
#include "dossier/inbox.h"
#include "dossier/talk.h"
#include "dossier/view_text.h"
#include "html/component.h"
#include "html/page.h"
#include "officer/inbox_counts.h"
#include "officer/inbox_marks.h"
#include "officer/inbox_pages.h"
#include "people/people.h"

enum { ROWS = 25, NAME_MOST = 140, NEWS_SHOWN = 3 };

struct inbox_row {
    struct str chosen; /* what a ticked box sends */
    struct str code, owner, procedure, step, holder;
    struct str keys; /* "t receive y approve": what can be done to it, for assets/keys.js */
    struct due_mark due;
    bool is_mine, is_new;
    bool has_message; /* its applicant wrote what the office has not opened */
};

/* An act that can be done to some of the rows, and its key. */
struct inbox_act {
    struct str name, title, key;
    bool is_for_many;
};

/* A tab or a filter. */
struct inbox_link {
    struct str label, href, key, name, count; /* name: "1", for what is told to an open page; count: "12", "1000+" */
    int64_t fresh;                            /* what came since it was looked at */
    bool is_current;
    struct str n; /* of a kept view, for its removal */
};

struct inbox_page {
    struct frame frame;
    struct inbox_link *tabs, *filters, *more, *kept;
    size_t tabs_count, filters_count, more_count, kept_count;
    struct inbox_row *rows;
    size_t rows_count;
    struct pagination pagination;
    const char *empty; /* message */
    bool is_all;
    struct inbox_act *acts;
    size_t acts_count;
    bool has_many; /* some of them can be done to many */
    struct str filter, choose_href, as_of, time;
    struct str q;   /* of the field that finds dossiers: empty here */
    bool is_chosen; /* all boxes are ticked */
    bool may_assign;
    bool may_keep; /* the view is not kept yet and is not all */
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
    FIELD_BOOL(struct inbox_row, is_new),
    FIELD_BOOL(struct inbox_row, has_message),
    FIELD_END,
};
static const struct field link_fields[] = {
    FIELD_STR(struct inbox_link, label),
    FIELD_STR(struct inbox_link, href),
    FIELD_STR(struct inbox_link, key),
    FIELD_STR(struct inbox_link, name),
    FIELD_STR(struct inbox_link, count),
    FIELD_INT(struct inbox_link, fresh),
    FIELD_BOOL(struct inbox_link, is_current),
    FIELD_STR(struct inbox_link, n),
    FIELD_END,
};
static const struct field inbox_page_fields[] = {
    FRAME_FIELDS(struct inbox_page),
    FIELD_LIST(struct inbox_page, tabs, struct inbox_link, link_fields),
    FIELD_LIST(struct inbox_page, filters, struct inbox_link, link_fields),
    FIELD_LIST(struct inbox_page, more, struct inbox_link, link_fields),
    FIELD_LIST(struct inbox_page, kept, struct inbox_link, link_fields),
    FIELD_LIST(struct inbox_page, rows, struct inbox_row, row_fields),
    FIELD_STRUCT(struct inbox_page, pagination, pagination_fields),
    FIELD_MESSAGE(struct inbox_page, empty),
    FIELD_BOOL(struct inbox_page, is_all),
    FIELD_LIST(struct inbox_page, acts, struct inbox_act, act_fields),
    FIELD_BOOL(struct inbox_page, has_many),
    FIELD_STR(struct inbox_page, filter),
    FIELD_STR(struct inbox_page, choose_href),
    FIELD_STR(struct inbox_page, as_of),
    FIELD_STR(struct inbox_page, time),
    FIELD_STR(struct inbox_page, q),
    FIELD_BOOL(struct inbox_page, is_chosen),
    FIELD_BOOL(struct inbox_page, may_assign),
    FIELD_BOOL(struct inbox_page, may_keep),
    FIELD_END,
};

static const struct {
    const char *label, *empty;
} tab_texts[INBOX_TAB_COUNT] = {
    [TAB_ALL]     = {N_("All"),                N_("No work waits for you. New dossiers appear here at once.")},
    [TAB_RECEIVE] = {N_("To receive"),         N_("Nothing waits to be received.")                           },
    [TAB_IN_HAND] = {N_("In hand"),            N_("Nothing is in hand.")                                     },
    [TAB_RETURN]  = {N_("To return"),          N_("No result waits to be returned.")                         },
    [TAB_WAITING] = {N_("Waiting for others"), N_("Nobody else is awaited.")                                 },
};

/* The quick filters in order: the first three stand beside the tabs, the others behind "more". */
static const struct quick_filter {
    const char *label, *empty;
    enum inbox_holder holder;
    enum due_range range;
} filters[] = {
    {N_("Mine"),              N_("Nothing is assigned to you."),               INBOX_MINE,    RANGE_ANY       },
    {N_("Late"),              N_("Nothing is late."),                          INBOX_ANY,     RANGE_LATE      },
    {N_("Due today"),         N_("Nothing more is due today."),                INBOX_ANY,     RANGE_TODAY     },
    {N_("Not assigned"),      N_("Every dossier is assigned."),                INBOX_NOBODYS, RANGE_ANY       },
    {N_("Due tomorrow"),      N_("Nothing is due on the next working day."),   INBOX_ANY,     RANGE_TOMORROW  },
    {N_("Within three days"), N_("Nothing is due within three working days."), INBOX_ANY,     RANGE_THREE_DAYS},
    {N_("Whole agency"),      N_("No work waits in the agency."),              INBOX_OFFICE,  RANGE_ANY       }, /* leaders */
};
enum { QUICK_FILTERS = 3, FILTERS_SHOWN_MOST = QUICK_FILTERS + 1 };
/* clang-format on */

/* ---- one visit ---- */

struct visit {
    struct request *rq;
    const struct desk *desk;
    struct tx *tx;
    struct standing who;
    struct due_bounds bounds;
    struct inbox_view view;
    struct inbox_counts counts;
    struct inbox_seen seen;
    struct inbox_new *fresh; /* since any tab was looked at */
    size_t fresh_count;
    struct dossier_list list;
    struct inbox_page page;
};

static bool is_under(const struct inbox_new *n, enum inbox_tab tab)
{
    return tab == TAB_ALL || (int)tab == n->stage;
}

/* What came since the tab was looked at. */
static int64_t fresh_of(const struct visit *v, enum inbox_tab tab)
{
    int64_t count = 0;
    for (size_t i = 0; i < v->fresh_count; i++)
        count += is_under(&v->fresh[i], tab) && v->fresh[i].since > v->seen.at[tab];
    return count;
}

static enum outcome load_fresh(struct visit *v, struct fail *why)
{
    instant_t oldest = v->seen.at[0];
    TRY(inbox_seen_load(v->tx, &v->who, &v->seen, why));
    for (size_t i = 0; i < TAB_WAITING; i++)
        if (i == 0 || v->seen.at[i] < oldest) oldest = v->seen.at[i];
    return inbox_new_of(v->tx, &v->who, oldest, &v->fresh, &v->fresh_count, why);
}

/* ---- tabs and filters ---- */

/* At its bound a number is "at least". */
static struct str count_text(struct arena *a, int64_t count, bool is_more)
{
    bool is_bounded = is_more || count >= INBOX_COUNTED;
    return str_format(a, "%lld%s", (long long)(count < INBOX_COUNTED ? count : INBOX_COUNTED), is_bounded ? "+" : "");
}

static void fill_tabs(struct visit *v)
{
    struct arena *a = v->rq->arena;
    v->page.tabs = ARENA_ARRAY(a, struct inbox_link, INBOX_TAB_COUNT);
    v->page.tabs_count = INBOX_TAB_COUNT;
    for (enum inbox_tab tab = 0; tab < INBOX_TAB_COUNT; tab++) {
        struct inbox_view to = {.tab = tab};
        bool is_of_others = tab == TAB_WAITING;
        v->page.tabs[tab] = (struct inbox_link){
            .label = translate(v->rq->language, tab_texts[tab].label),
            .href = inbox_view_address(a, to, STR_NONE),
            .key = str_format(a, "%d", (int)tab + 1),
            .name = is_of_others ? STR("") : str_format(a, "%d", (int)tab),
            .count = count_text(a, v->counts.tabs[tab], false),
            .fresh = is_of_others ? 0 : fresh_of(v, tab),
            .is_current = v->view.tab == tab,
        };
    }
}

static bool is_chosen(const struct visit *v, const struct quick_filter *f)
{
    return f->holder != INBOX_ANY ? v->view.holder == f->holder : v->view.range == f->range;
}

/* Each goes on and off for itself, within the tab. */
static struct inbox_link link_of_filter(const struct visit *v, const struct quick_filter *f, size_t n)
{
    struct arena *a = v->rq->arena;
    struct inbox_view to = v->view;
    bool is_on = is_chosen(v, f), is_whose = f->holder != INBOX_ANY;
    if (is_whose)
        to.holder = is_on ? INBOX_ANY : f->holder;
    else
        to.range = is_on ? RANGE_ANY : f->range;
    int64_t count = f->holder == INBOX_MINE      ? v->counts.mine
                    : f->holder == INBOX_NOBODYS ? v->counts.nobodys
                                                 : v->counts.ranges[f->range];
    struct inbox_link link = {.label = translate(v->rq->language, f->label),
                              .href = inbox_view_address(a, to, STR_NONE),
                              .key = n < QUICK_FILTERS ? str_format(a, "%zu", INBOX_TAB_COUNT + 1 + n) : STR(""),
                              .is_current = is_on};
    if (v->view.tab == TAB_ALL && f->holder != INBOX_OFFICE && v->view.holder < INBOX_OFFICE)
        link.count = count_text(a, count, !is_whose && v->counts.is_more);
    return link;
}

/* The list of a colleague says whose it is; a click leads back. */
static enum outcome add_officer(struct visit *v, struct fail *why)
{
    struct account account = {.name = translate(v->rq->language, N_("Not assigned"))};
    struct inbox_view to = v->view;
    if (v->view.holder != INBOX_OFFICER) return OK;
    if (v->view.officer != 0) TRY(account_load(v->tx, v->view.officer, &account, why));
    to.holder = INBOX_ANY;
    to.officer = 0;
    v->page.filters[v->page.filters_count++] = (struct inbox_link){
        .label = account.name, .href = inbox_view_address(v->rq->arena, to, STR_NONE), .is_current = true};
    return OK;
}

static void fill_filters(struct visit *v)
{
    struct arena *a = v->rq->arena;
    v->page.filters = ARENA_ARRAY(a, struct inbox_link, FILTERS_SHOWN_MOST);
    v->page.more = ARENA_ARRAY(a, struct inbox_link, LENGTH(filters));
    v->page.filters_count = QUICK_FILTERS;
    for (size_t i = 0; i < LENGTH(filters); i++) {
        struct inbox_link link = link_of_filter(v, &filters[i], i);
        if (i < QUICK_FILTERS)
            v->page.filters[i] = link;
        else
            v->page.more[i - QUICK_FILTERS] = link;
    }
    bool is_leader = permission_is_in(v->who.permissions, PERMIT_DOSSIER_APPROVE);
    v->page.more_count = LENGTH(filters) - QUICK_FILTERS - (is_leader ? 0 : 1);
}

static bool is_same_view(struct inbox_view a, struct inbox_view b)
{
    return a.tab == b.tab && a.holder == b.holder && a.officer == b.officer && a.range == b.range;
}

static enum outcome fill_kept(struct visit *v, struct fail *why)
{
    struct arena *a = v->rq->arena;
    struct kept_view *kept;
    size_t count;
    TRY(kept_views_of(v->tx, v->who.account, &kept, &count, why));
    v->page.kept = ARENA_ARRAY(a, struct inbox_link, count + 1);
    v->page.kept_count = count;
    v->page.may_keep = count < KEPT_VIEWS_MOST && !is_same_view(v->view, (struct inbox_view){0});
    for (size_t i = 0; i < count; i++) {
        bool is_current = is_same_view(kept[i].view, v->view);
        v->page.kept[i] = (struct inbox_link){.label = kept[i].name,
                                              .href = inbox_view_address(a, kept[i].view, STR_NONE),
                                              .key = i < 9 ? str_format(a, "g %zu", i + 1) : STR(""),
                                              .n = str_format(a, "%lld", (long long)kept[i].n),
                                              .is_current = is_current};
        v->page.may_keep &= !is_current;
    }
    return OK;
}

static const char *empty_text(struct inbox_view v)
{
    if (v.holder == INBOX_OFFICER) return N_("Nothing of this kind is with this officer.");
    for (size_t i = 0; i < LENGTH(filters); i++)
        if ((filters[i].range != RANGE_ANY && filters[i].range == v.range) ||
            (filters[i].holder != INBOX_ANY && filters[i].holder == v.holder))
            return filters[i].empty;
    return tab_texts[v.tab].empty;
}

/* ---- rows ---- */

static struct str keys_of_row(struct arena *a, const struct list_item *item)
{
    struct str parts[ACTION_COUNT];
    for (size_t i = 0; i < item->action_count; i++)
        parts[i] = str_format(a, "%.*s %s", STR_ARG(action_key(item->actions[i])), actions[item->actions[i]].name);
    return str_join(a, STR(" "), parts, item->action_count);
}

static bool is_fresh(const struct visit *v, int64_t dossier)
{
    for (size_t i = 0; i < v->fresh_count; i++)
        if (v->fresh[i].dossier == dossier && v->fresh[i].since > v->seen.at[v->view.tab]) return true;
    return false;
}

static enum outcome row_of(const struct visit *v, const struct list_item *item, struct inbox_row *out, struct fail *why)
{
    struct arena *a = v->rq->arena;
    const struct dossier *d = &item->dossier;
    const struct calendar *calendar;
    instant_t now = v->bounds.now;
    enum language l = v->rq->language;
    TRY(agency_calendar_of(v->desk->calendars, v->tx, d->agency, day_of(now), &calendar, why));
    *out = (struct inbox_row){
        .chosen = inbox_chosen_format(a, d),
        .code = d->code,
        .owner = d->owner_name,
        .procedure = text_shorten(a, item->procedure_name, NAME_MOST),
        .step = item->is_asked ? translate(l, N_("Your opinion is asked for")) : step_title(l, item->step),
        .holder = item->holder_name,
        .keys = keys_of_row(a, item),
        .due = due_mark_of(a, l, calendar, d, d->list_due, now),
        .is_mine = d->holder != 0 && d->holder == v->who.account,
        .is_new = is_fresh(v, d->id),
    };
    return OK;
}

static enum outcome mark_messages(struct visit *v, struct fail *why)
{
    int64_t unread[TALK_UNREAD_MOST];
    size_t count;
    TRY(app_talk_unread(v->rq, v->tx, v->who.agency, unread, &count, why));
    for (size_t i = 0; i < v->list.count; i++)
        for (size_t n = 0; n < count; n++)
            if (unread[n] == v->list.items[i].dossier.id && !v->list.items[i].is_asked)
                v->page.rows[i].has_message = true;
    return OK;
}

static enum outcome fill_rows(struct visit *v, struct fail *why)
{
    v->page.rows = ARENA_ARRAY(v->rq->arena, struct inbox_row, v->list.count + 1);
    v->page.rows_count = v->list.count;
    for (size_t i = 0; i < v->list.count; i++) TRY(row_of(v, &v->list.items[i], &v->page.rows[i], why));
    return mark_messages(v, why);
}

static bool is_possible(const struct dossier_list *list, enum action_id act)
{
    for (size_t i = 0; i < list->count; i++)
        for (size_t n = 0; n < list->items[i].action_count; n++)
            if (list->items[i].actions[n] == act) return true;
    return false;
}

/* What can be done to some of those on the page, in the order of the table. */
static void fill_acts(struct visit *v)
{
    struct inbox_page *page = &v->page;
    page->acts = ARENA_ARRAY(v->rq->arena, struct inbox_act, ACTION_COUNT);
    for (enum action_id act = 0; act < ACTION_COUNT; act++) {
        if (!is_possible(&v->list, act)) continue;
        struct inbox_act *one = &page->acts[page->acts_count++];
        *one = (struct inbox_act){.name = str_from(actions[act].name),
                                  .title = translate(v->rq->language, actions[act].title),
                                  .key = action_key(act),
                                  .is_for_many = action_is_for_many(&actions[act])};
        page->has_many |= one->is_for_many;
    }
}

/* Without scripts: the same page with every box ticked, and back. */
static struct str choose_href(const struct visit *v)
{
    struct str here = inbox_view_address(v->rq->arena, v->view, request_query(v->rq, "cursor"));
    if (v->page.is_chosen) return here;
    return str_format(v->rq->arena, "%.*s%cchon=het", STR_ARG(here), str_find(here, STR("?"), 0) < 0 ? '?' : '&');
}

/* ---- the page ---- */

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

static enum outcome load(struct visit *v, struct fail *why)
{
    struct inbox_query query = inbox_query_of_view(v->rq, v->view, ROWS, &v->bounds);
    query.cursor = request_query(v->rq, "cursor");
    TRY(dossier_inbox(v->desk, v->tx, &query, &v->list, why));
    TRY(inbox_counts_of(v->desk, v->tx, &v->who, &v->bounds, &v->counts, why));
    TRY(load_fresh(v, why));
    fill_tabs(v);
    fill_filters(v);
    TRY(add_officer(v, why));
    TRY(fill_kept(v, why));
    TRY(fill_rows(v, why));
    fill_acts(v);
    if (v->list.next_cursor.len > 0)
        v->page.pagination.next_href = inbox_view_address(v->rq->arena, v->view, v->list.next_cursor);
    return OK;
}

static void fill_words(struct visit *v)
{
    struct inbox_page *page = &v->page;
    page->empty = empty_text(v->view);
    page->is_all = is_same_view(v->view, (struct inbox_view){0});
    page->filter = inbox_view_format(v->rq->arena, v->view);
    page->as_of = str_format(v->rq->arena, "%lld", (long long)v->bounds.now);
    page->time = instant_for_people(v->rq->arena, v->bounds.now);
    page->may_assign = permission_is_in(v->rq->visitor.permissions, PERMIT_DOSSIER_ASSIGN);
    page->is_chosen = str_eq(request_query(v->rq, "chon"), STR("het"));
    page->choose_href = choose_href(v);
}

/* Only when there was something to see, so that looking at a calm inbox writes nothing. That it cannot be noted (a full
 * disk) hides nobody's work: the same lines are new once more. */
static void mark_seen(const struct visit *v)
{
    bool is_renewal = str_eq(request_query(v->rq, "nen"), STR("1")); /* an open page renews itself: nobody looked */
    if (is_renewal || v->view.tab == TAB_WAITING || fresh_of(v, v->view.tab) == 0) return;
    const struct inbox_seen_mark mark = {v->who.account, v->who.agency, v->view.tab, v->bounds.now};
    struct fail ignored;
    fail_init(&ignored, v->rq->arena);
    if (store_run(v->desk->store, inbox_seen_put, &mark, NULL, &ignored) != OK)
        log_write(LOG_WARN, "inbox.seen", "outcome=%s", outcome_type(ignored.outcome));
}

static enum outcome inbox_page(struct request *rq, struct fail *why)
{
    if (lead_elsewhere(rq)) return OK;
    struct visit v = {.rq = rq,
                      .desk = app_desk(rq->app),
                      .who = standing_of(rq),
                      .bounds = inbox_bounds(rq),
                      .view = inbox_view_parse(request_query(rq, "loc")),
                      .page.frame.is_wide = true};
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(v.desk->store, rq->arena, &tx, why));
        v.tx = tx;
        page_ahead(rq, tx);
        inbox_marks_ahead(tx, &v.who);
        app_talk_unread_ahead(tx, v.who.agency);
        fill_words(&v);
        TRY(load(&v, why));
        page_reply(rq, 200, "officer/inbox", &v.page);
    }
    mark_seen(&v);
    return OK;
}

/* ---- what an open page asks ---- */

static void put_tabs(struct json_writer *w, const struct visit *v)
{
    jw_key(w, "tabs");
    jw_open(w, '[');
    for (enum inbox_tab tab = 0; tab < TAB_WAITING; tab++) {
        jw_open(w, '{');
        jw_put_int(w, "tab", tab);
        jw_put_int(w, "new", fresh_of(v, tab));
        jw_close(w);
    }
    jw_close(w);
}

static enum outcome put_items(struct json_writer *w, const struct visit *v, struct fail *why)
{
    jw_key(w, "items");
    jw_open(w, '[');
    for (size_t i = 0; i < v->list.count; i++) {
        struct inbox_row row;
        TRY(row_of(v, &v->list.items[i], &row, why));
        jw_open(w, '{');
        jw_put_str(w, "code", row.code);
        jw_put_str(w, "owner", row.owner);
        jw_put_str(w, "procedure", row.procedure);
        jw_put_str(w, "step", row.step);
        jw_put_str(w, "due", row.due.words);
        jw_close(w);
    }
    jw_close(w);
    return OK;
}

static void newest_first(struct inbox_new *rows, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct inbox_new one = rows[i];
        size_t at = i;
        for (; at > 0 && rows[at - 1].since < one.since; at--) rows[at] = rows[at - 1];
        rows[at] = one;
    }
}

/* GET /viec/moi?tu=: what came since that moment, the newest of it in words. While nothing was written anywhere there
 * is nothing to look up: the answer is 304. */
static enum outcome get_news(struct request *rq, struct fail *why)
{
    struct visit v = {.rq = rq, .desk = app_desk(rq->app), .who = standing_of(rq), .bounds = {.now = clock_now()}};
    uint64_t since;
    if (!parse_u64(request_query(rq, "tu"), &since) || since > INT64_MAX) since = (uint64_t)v.bounds.now;
    struct str tag = str_format(rq->arena, "%llx-%llx", (unsigned long long)store_stats(v.desk->store).batches,
                                (unsigned long long)since);
    if (reply_not_modified(rq, tag)) return OK;
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(v.desk->store, rq->arena, &tx, why));
    v.tx = tx;
    for (size_t i = 0; i < INBOX_TAB_COUNT; i++) v.seen.at[i] = (instant_t)since;
    TRY(inbox_new_of(tx, &v.who, (instant_t)since, &v.fresh, &v.fresh_count, why));
    newest_first(v.fresh, v.fresh_count);
    TRY(inbox_new_items(v.desk, tx, &v.who, v.fresh, v.fresh_count < NEWS_SHOWN ? v.fresh_count : NEWS_SHOWN, &v.list,
                        why));
    reply_etag(rq, tag);
    struct json_writer w;
    jw_init(&w, reply_begin(rq, 200, "application/json"));
    jw_open(&w, '{');
    put_tabs(&w, &v);
    TRY(put_items(&w, &v, why));
    jw_close(&w);
    return OK;
}

/* ---- views that are kept ---- */

static enum outcome post_keep(struct request *rq, struct fail *why)
{
    struct inbox_view view = inbox_view_parse(request_form(rq, "loc"));
    struct str name = str_trim(request_form(rq, "ten"));
    const struct kept_view_new kept = {rq->visitor.account, text_shorten(rq->arena, name, KEPT_NAME_MOST),
                                       inbox_view_format(rq->arena, view)};
    if (name.len == 0) {
        page_flash(rq, N_("Give the view a name, so that you find it again."));
    } else {
        TRY(store_run(app_store(rq->app), kept_view_add, &kept, NULL, why));
        page_flash(rq, N_("The view is kept. It stands beside the quick filters."));
    }
    reply_redirect(rq, inbox_view_address(rq->arena, view, STR_NONE));
    return OK;
}

static enum outcome post_forget(struct request *rq, struct fail *why)
{
    uint64_t n;
    if (!parse_u64(request_form(rq, "n"), &n) || n > INT64_MAX) n = 0;
    const struct kept_view_gone gone = {rq->visitor.account, (int64_t)n};
    TRY(store_run(app_store(rq->app), kept_view_remove, &gone, NULL, why));
    page_flash(rq, N_("The view is removed."));
    reply_redirect(rq, STR("/viec"));
    return OK;
}

/* clang-format off */
/* In order of use. */
const struct route inbox_routes[] = {
    {GET,  "/viec",              PERMIT_SIGNED_IN, inbox_page,         N_("Work")                  },
    {GET,  "/viec/moi",          PERMIT_TASK_READ, get_news,           N_("What came to the inbox")},
    {GET,  "/viec/tim",          PERMIT_TASK_READ, find_dossiers_page, N_("Find a dossier")        },
    {POST, "/viec/cach-xem",     PERMIT_TASK_READ, post_keep,          N_("Keep this view")        },
    {POST, "/viec/cach-xem/bo",  PERMIT_TASK_READ, post_forget,        N_("Remove a kept view")    },
};
const size_t inbox_route_count = LENGTH(inbox_routes);
const struct page_template inbox_templates[] = {
    {"officer/find",  find_page_fields },
    {"officer/inbox", inbox_page_fields},
};
/* clang-format on */
const size_t inbox_template_count = LENGTH(inbox_templates);
