#include "progress/progress_pages.h"

#include "agency/permission.h"
#include "dossier/dossier_view.h"
#include "html/component.h"
#include "progress/progress.h"

/* The picture: a row for each number, bars to the right of their words. */
enum { ROW = 32, BAR = 20, BAR_LEFT = 250, BAR_MOST = 330, VALUE_GAP = 8 };

struct number_line {
    const char *label; /* message */
    struct str href, value;
    int64_t bar_x, bar_y, bar_width, text_y, value_x;
    bool is_late;
};
struct person_line {
    struct str name, href;
    int64_t late, today, tomorrow, three_days;
    struct str later;
    struct str late_href, today_href, tomorrow_href, three_days_href; /* the lists of these; or empty */
    bool is_nobody;
};
/* One row of the picture: parts beside each other, late first. */
struct load_part {
    struct str fill; /* late, today, soon, later: a pattern of the picture */
    int64_t x, y, width;
};
struct load_bar {
    struct str name, total;
    int64_t text_y, total_x;
    bool is_nobody;
};
struct progress_page {
    struct frame frame;
    struct tab_link *tabs;
    size_t tabs_count;
    struct str agency;
    bool is_of_agency, is_more, is_leader;
    struct number_line *numbers;
    size_t numbers_count;
    int64_t width, height;
    struct person_line *holders, *agencies;
    size_t holders_count, agencies_count;
    bool is_load; /* the officers' rows have a picture, links and what is due later */
    struct load_bar *load_bars;
    struct load_part *load_parts;
    size_t load_bars_count, load_parts_count;
    int64_t load_height;
};

/* clang-format off */
static const struct field number_line_fields[] = {
    FIELD_MESSAGE(struct number_line, label), FIELD_STR(struct number_line, href), FIELD_STR(struct number_line, value),
    FIELD_INT(struct number_line, bar_x), FIELD_INT(struct number_line, bar_y), FIELD_INT(struct number_line, bar_width),
    FIELD_INT(struct number_line, text_y), FIELD_INT(struct number_line, value_x), FIELD_BOOL(struct number_line, is_late),
    FIELD_END,
};
static const struct field person_line_fields[] = {
    FIELD_STR(struct person_line, name), FIELD_STR(struct person_line, href), FIELD_INT(struct person_line, late),
    FIELD_INT(struct person_line, today), FIELD_INT(struct person_line, tomorrow), FIELD_INT(struct person_line, three_days),
    FIELD_STR(struct person_line, later), FIELD_STR(struct person_line, late_href),
    FIELD_STR(struct person_line, today_href), FIELD_STR(struct person_line, tomorrow_href),
    FIELD_STR(struct person_line, three_days_href), FIELD_BOOL(struct person_line, is_nobody), FIELD_END,
};
static const struct field load_part_fields[] = {
    FIELD_STR(struct load_part, fill), FIELD_INT(struct load_part, x), FIELD_INT(struct load_part, y),
    FIELD_INT(struct load_part, width), FIELD_END,
};
static const struct field load_bar_fields[] = {
    FIELD_STR(struct load_bar, name), FIELD_STR(struct load_bar, total), FIELD_INT(struct load_bar, text_y),
    FIELD_INT(struct load_bar, total_x), FIELD_BOOL(struct load_bar, is_nobody), FIELD_END,
};
static const struct field progress_page_fields[] = {
    FRAME_FIELDS(struct progress_page),
    FIELD_LIST(struct progress_page, tabs, struct tab_link, tab_link_fields),
    FIELD_STR(struct progress_page, agency), FIELD_BOOL(struct progress_page, is_of_agency),
    FIELD_BOOL(struct progress_page, is_more), FIELD_BOOL(struct progress_page, is_leader),
    FIELD_LIST(struct progress_page, numbers, struct number_line, number_line_fields),
    FIELD_INT(struct progress_page, width), FIELD_INT(struct progress_page, height),
    FIELD_LIST(struct progress_page, holders, struct person_line, person_line_fields),
    FIELD_LIST(struct progress_page, agencies, struct person_line, person_line_fields),
    FIELD_BOOL(struct progress_page, is_load),
    FIELD_LIST(struct progress_page, load_bars, struct load_bar, load_bar_fields),
    FIELD_LIST(struct progress_page, load_parts, struct load_part, load_part_fields),
    FIELD_INT(struct progress_page, load_height),
    FIELD_END,
};
/* clang-format on */

static void fill_numbers(struct request *rq, const struct progress *p, struct progress_page *page)
{
    const struct {
        const char *label;
        struct str filter;
        int64_t value;
    } rows[] = {
        {N_("Late"),                      STR("qua-han"),  p->all.late         },
        {N_("Due today"),                 STR("hom-nay"),  p->all.today        },
        {N_("Due tomorrow"),              STR("ngay-mai"), p->all.tomorrow     },
        {N_("Within three days"),         STR("3-ngay"),   p->all.three_days   },
        {N_("Waiting for the applicant"), STR("cho"),      p->waiting.applicant},
        {N_("Waiting for other units"),   STR("cho"),      p->waiting.units    },
    };
    int64_t most = 1;
    for (size_t i = 0; i < LENGTH(rows); i++) most = rows[i].value > most ? rows[i].value : most;
    page->numbers = ARENA_ARRAY(rq->arena, struct number_line, LENGTH(rows));
    page->numbers_count = LENGTH(rows);
    page->width = BAR_LEFT + BAR_MOST + 60;
    page->height = (int64_t)LENGTH(rows) * ROW;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        int64_t width = rows[i].value * BAR_MOST / most;
        if (width == 0 && rows[i].value > 0) width = 2;
        /* The lists of other agencies are theirs. */
        bool is_mine = p->agency.id == rq->visitor.agency, is_office = p->is_of_agency && i < 4;
        page->numbers[i] = (struct number_line){
            .label = rows[i].label,
            .href = is_mine ? str_format(rq->arena, "/viec?loc=%s%.*s", is_office ? "ca-co-quan." : "",
                                         STR_ARG(rows[i].filter))
                            : STR(""),
            .value = str_format(rq->arena, "%lld%s", (long long)rows[i].value, p->is_more && i < 4 ? "+" : ""),
            .bar_x = BAR_LEFT,
            .bar_y = (int64_t)i * ROW + (ROW - BAR) / 2,
            .bar_width = width,
            .text_y = (int64_t)i * ROW + ROW / 2 + 5,
            .value_x = BAR_LEFT + width + VALUE_GAP,
            .is_late = i == 0,
        };
    }
}

static struct str agency_href(struct request *rq, struct str identifier)
{
    return str_format(rq->arena, "/tien-do?co-quan=%.*s", STR_ARG(html_query_value(rq->arena, identifier)));
}

static struct person_line *lines_of(struct request *rq, const struct progress_line *from, size_t count,
                                    bool are_agencies)
{
    struct person_line *lines = ARENA_ARRAY(rq->arena, struct person_line, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct task_count *c = &from[i].count;
        lines[i] = (struct person_line){.name = from[i].name,
                                        .late = c->late,
                                        .today = c->today,
                                        .tomorrow = c->tomorrow,
                                        .three_days = c->three_days,
                                        .is_nobody = from[i].key.len == 0};
        if (are_agencies)
            lines[i].href = agency_href(rq, from[i].key);
        else if (c->holder == rq->visitor.account)
            lines[i].href = STR("/viec?loc=cua-toi");
        else if (c->holder == 0)
            lines[i].href = STR("/viec?loc=chua-giao");
    }
    return lines;
}

/* ---- the load of a unit, by officer ---- */

enum { LOAD_PARTS = 4 };

static int64_t load_of(const struct task_count *c)
{
    return c->late + c->three_days + c->later;
}

/* Parts in the order of their urgency; what there is at all is at least two wide. */
static int64_t draw_load(struct progress_page *page, const struct task_count *c, int64_t y, int64_t most)
{
    const struct {
        const char *fill;
        int64_t value;
    } parts[LOAD_PARTS] = {
        {"late",  c->late                 },
        {"today", c->today                },
        {"soon",  c->three_days - c->today},
        {"later", c->later                },
    };
    int64_t x = BAR_LEFT;
    for (size_t i = 0; i < LOAD_PARTS; i++) {
        int64_t width = parts[i].value * BAR_MOST / most;
        if (parts[i].value <= 0) continue;
        if (width < 2) width = 2;
        page->load_parts[page->load_parts_count++] =
            (struct load_part){.fill = str_from(parts[i].fill), .x = x, .y = y, .width = width};
        x += width;
    }
    return x;
}

static void fill_load(struct request *rq, const struct progress *p, struct progress_page *page)
{
    struct arena *a = rq->arena;
    int64_t most = 1;
    page->is_load = p->is_of_agency && p->agency.id == rq->visitor.agency && p->holder_count > 0;
    if (!page->is_load) return;
    page->load_bars = ARENA_ARRAY(a, struct load_bar, p->holder_count);
    page->load_parts = ARENA_ARRAY(a, struct load_part, p->holder_count * LOAD_PARTS);
    page->load_height = (int64_t)p->holder_count * ROW;
    for (size_t i = 0; i < p->holder_count; i++)
        if (load_of(&p->holders[i].count) > most) most = load_of(&p->holders[i].count);
    for (size_t i = 0; i < p->holder_count; i++) {
        const struct task_count *c = &p->holders[i].count;
        int64_t top = (int64_t)i * ROW, end = draw_load(page, c, top + (ROW - BAR) / 2, most);
        bool is_least = p->is_more || (p->is_later_more && c->later > 0);
        page->load_bars[page->load_bars_count++] =
            (struct load_bar){.name = p->holders[i].name,
                              .total = str_format(a, "%lld%s", (long long)load_of(c), is_least ? "+" : ""),
                              .text_y = top + ROW / 2 + 5,
                              .total_x = end + VALUE_GAP,
                              .is_nobody = p->holders[i].key.len == 0};
    }
}

/* Each number leads to the list that it counts. */
static void link_load(struct request *rq, const struct progress *p, struct progress_page *page)
{
    struct arena *a = rq->arena;
    for (size_t i = 0; page->is_load && i < p->holder_count; i++) {
        struct person_line *line = &page->holders[i];
        const struct task_count *c = &p->holders[i].count;
        struct str list = str_format(a, "/viec?loc=can-bo-%lld", (long long)c->holder);
        line->href = list;
        line->later = str_format(a, "%lld%s", (long long)c->later, p->is_later_more && c->later > 0 ? "+" : "");
        if (c->late > 0) line->late_href = str_format(a, "%.*s.qua-han", STR_ARG(list));
        if (c->today > 0) line->today_href = str_format(a, "%.*s.hom-nay", STR_ARG(list));
        if (c->tomorrow > 0) line->tomorrow_href = str_format(a, "%.*s.ngay-mai", STR_ARG(list));
        if (c->three_days > 0) line->three_days_href = str_format(a, "%.*s.3-ngay", STR_ARG(list));
    }
}

/* A leader looks at their own desk and at the agency. */
static enum outcome fill_tabs(struct request *rq, struct tx *tx, const struct standing *who, const struct progress *p,
                              struct progress_page *page, struct fail *why)
{
    struct agency own;
    if (!progress_may_see_agencies(who)) return OK;
    TRY(agency_load(tx, who->agency, &own, why));
    page->tabs = ARENA_ARRAY(rq->arena, struct tab_link, 3);
    page->tabs[page->tabs_count++] =
        tab_of(translate(rq->language, N_("My work")), STR("/tien-do"), -1, !p->is_of_agency);
    page->tabs[page->tabs_count++] =
        tab_of(own.name, agency_href(rq, own.identifier), -1, p->is_of_agency && p->agency.id == own.id);
    if (p->is_of_agency && p->agency.id != own.id)
        page->tabs[page->tabs_count++] = tab_of(p->agency.name, agency_href(rq, p->agency.identifier), -1, true);
    return OK;
}

static enum outcome progress_page(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct progress p;
    struct standing who = standing_of(rq);
    struct progress_page page = {.frame.is_wide = true,
                                 .is_leader = permission_is_in(rq->visitor.permissions, PERMIT_DOSSIER_APPROVE)};
    const struct desk *desk = app_desk(rq->app);
    TRY(store_read_begin(desk->store, rq->arena, &tx, why));
    TRY(progress_load(desk, tx, &who, request_query(rq, "co-quan"), &p, why));
    TRY(fill_tabs(rq, tx, &who, &p, &page, why));
    page.agency = p.agency.name;
    page.is_of_agency = p.is_of_agency;
    page.is_more = p.is_more;
    fill_numbers(rq, &p, &page);
    page.holders = lines_of(rq, p.holders, p.holder_count, false);
    page.holders_count = p.holder_count;
    page.agencies = lines_of(rq, p.agencies, p.agency_count, true);
    page.agencies_count = p.agency_count;
    fill_load(rq, &p, &page);
    link_load(rq, &p, &page);
    page_reply(rq, 200, "progress/progress", &page);
    return OK;
}

const struct route progress_routes[] = {
    {GET, "/tien-do", PERMIT_TASK_READ, progress_page, N_("Progress"), .can_wait = true},
};
const size_t progress_route_count = LENGTH(progress_routes);

const struct page_template progress_templates[] = {
    {"progress/progress", progress_page_fields},
};
const size_t progress_template_count = LENGTH(progress_templates);
