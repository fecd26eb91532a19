/*
 * GET  /quan-tri/lich?ten=&nam=    the calendars in use, and one year of one of them as a picture and as a list
 * POST /quan-tri/lich              a calendar as JSON: what it would change, or, asked again, its publication
 * POST /quan-tri/lich/co-quan      by which calendar an agency works from a day on
 */
#include "admin/admin_pages.h"
#include "admin/calendar_api.h"
#include "app/app.h"
#include "base/file.h"
#include "base/list.h"
#include "base/parse.h"
#include "html/component.h"

/* The picture: a row for each month, a column for each place of a day in a month that may begin on any weekday. */
enum { CELL = 20, LEFT = 40, TOP = 24, COLUMNS = 37, DIFFERENCES_MOST = 60 };

struct calendar_line {
    struct str name, title, href, since;
    bool is_chosen;
};
struct day_cell {
    int64_t x, y, number_x, number_y, number;
    struct str kind; /* work, half, rest, off, extra: a class, and a shape of its own */
};
struct month_label {
    int64_t x, y;
    struct str text;
};
struct day_line {
    struct str day, weekday, note, hours;
};
struct change_line {
    struct str day, before, after;
};
struct calendar_page {
    struct frame frame;
    struct calendar_line *calendars;
    size_t calendars_count;
    struct str name, title, year, previous_href, next_href, week_hours;
    bool is_provisional, is_round_the_clock;
    struct day_cell *cells;
    size_t cells_count;
    struct month_label *labels;
    size_t labels_count;
    struct day_line *days;
    size_t days_count;
    struct form_field *fields, *agency_fields;
    size_t fields_count, agency_fields_count;
    bool is_planned, is_published, is_given, has_more, has_more_days;
    bool is_open, is_give_open; /* the form was sent */
    int64_t open, moved;
    struct change_line *changes;
    size_t changes_count;
    struct str planned_name;
};

/* clang-format off */
static const struct field calendar_line_fields[] = {
    FIELD_STR(struct calendar_line, name), FIELD_STR(struct calendar_line, title), FIELD_STR(struct calendar_line, href),
    FIELD_STR(struct calendar_line, since), FIELD_BOOL(struct calendar_line, is_chosen), FIELD_END,
};
static const struct field day_cell_fields[] = {
    FIELD_INT(struct day_cell, x), FIELD_INT(struct day_cell, y), FIELD_INT(struct day_cell, number_x),
    FIELD_INT(struct day_cell, number_y), FIELD_INT(struct day_cell, number), FIELD_STR(struct day_cell, kind),
    FIELD_END,
};
static const struct field month_label_fields[] = {
    FIELD_INT(struct month_label, x), FIELD_INT(struct month_label, y), FIELD_STR(struct month_label, text), FIELD_END,
};
static const struct field day_line_fields[] = {
    FIELD_STR(struct day_line, day), FIELD_STR(struct day_line, weekday), FIELD_STR(struct day_line, note),
    FIELD_STR(struct day_line, hours), FIELD_END,
};
static const struct field change_line_fields[] = {
    FIELD_STR(struct change_line, day), FIELD_STR(struct change_line, before), FIELD_STR(struct change_line, after),
    FIELD_END,
};
const struct field admin_calendar_fields[] = {
    FRAME_FIELDS(struct calendar_page),
    FIELD_LIST(struct calendar_page, calendars, struct calendar_line, calendar_line_fields),
    FIELD_STR(struct calendar_page, name), FIELD_STR(struct calendar_page, title), FIELD_STR(struct calendar_page, year),
    FIELD_STR(struct calendar_page, previous_href), FIELD_STR(struct calendar_page, next_href),
    FIELD_STR(struct calendar_page, week_hours),
    FIELD_BOOL(struct calendar_page, is_provisional), FIELD_BOOL(struct calendar_page, is_round_the_clock),
    FIELD_LIST(struct calendar_page, cells, struct day_cell, day_cell_fields),
    FIELD_LIST(struct calendar_page, labels, struct month_label, month_label_fields),
    FIELD_LIST(struct calendar_page, days, struct day_line, day_line_fields),
    FORM_FIELDS(struct calendar_page, fields),
    FORM_FIELDS(struct calendar_page, agency_fields),
    FIELD_BOOL(struct calendar_page, is_planned), FIELD_BOOL(struct calendar_page, is_published),
    FIELD_BOOL(struct calendar_page, is_given), FIELD_BOOL(struct calendar_page, has_more),
    FIELD_BOOL(struct calendar_page, has_more_days),
    FIELD_BOOL(struct calendar_page, is_open), FIELD_BOOL(struct calendar_page, is_give_open),
    FIELD_INT(struct calendar_page, open), FIELD_INT(struct calendar_page, moved),
    FIELD_LIST(struct calendar_page, changes, struct change_line, change_line_fields),
    FIELD_STR(struct calendar_page, planned_name),
    FIELD_END,
};
/* clang-format on */

static const char *const weekday_names[8] = {
    "", N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday")};

/* ---- a year ---- */

struct drawing {
    struct request *rq;
    const struct calendar *calendar;
    int year;
    struct calendar_page *page;
};

/* Less than the most that an ordinary day of the week has, as on a Friday afternoon off. */
static bool is_short(const struct calendar *c, day_t d)
{
    int minutes = calendar_minutes_of_day(c, d);
    return minutes > 0 && minutes < WORKING_DAY_HOURS * 60;
}

static struct day_cell cell_of(const struct calendar *c, day_t d)
{
    struct civil date = day_to_civil(d);
    int first = day_of_week(d - date.day + 1) - 1, column = first + date.day - 1;
    bool has_note = calendar_day_note(c, d).len > 0, is_work = calendar_is_working_day(c, d);
    struct day_cell cell = {.x = LEFT + column * CELL, .y = TOP + (date.month - 1) * CELL, .number = date.day};
    cell.number_x = cell.x + CELL / 2;
    cell.number_y = cell.y + CELL - 6;
    if (has_note)
        cell.kind = is_work ? STR("extra") : STR("off");
    else
        cell.kind = is_short(c, d) ? STR("half") : is_work ? STR("work") : STR("rest");
    return cell;
}

static struct str hours_of(struct request *rq, const struct calendar *c, day_t d)
{
    struct str shifts = calendar_day_shifts(rq->arena, c, d);
    return shifts.len > 0 ? shifts : translate(rq->language, N_("Day off"));
}

static void fill_days(const struct drawing *w)
{
    day_t first = day_from_civil((struct civil){w->year, 1, 1}),
          end = day_from_civil((struct civil){w->year + 1, 1, 1});
    struct calendar_page *page = w->page;
    page->cells = ARENA_ARRAY(w->rq->arena, struct day_cell, (size_t)(end - first));
    page->days = ARENA_ARRAY(w->rq->arena, struct day_line, (size_t)(end - first));
    for (day_t d = first; d < end; d++) {
        struct str note = calendar_day_note(w->calendar, d);
        page->cells[page->cells_count++] = cell_of(w->calendar, d);
        if (note.len == 0) continue;
        page->days[page->days_count++] = (struct day_line){day_for_people(w->rq->arena, d),
                                                           translate(w->rq->language, weekday_names[day_of_week(d)]),
                                                           note, hours_of(w->rq, w->calendar, d)};
    }
}

/* Months beside the rows, weekdays above the columns. */
static void fill_labels(const struct drawing *w)
{
    static const char *const short_names[2][7] = {
        {"T2", "T3", "T4", "T5", "T6", "T7", "CN"},
        {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}
    };
    struct calendar_page *page = w->page;
    page->labels = ARENA_ARRAY(w->rq->arena, struct month_label, 12 + COLUMNS);
    for (int m = 1; m <= 12; m++)
        page->labels[page->labels_count++] =
            (struct month_label){LEFT / 2, TOP + m * CELL - 6, str_format(w->rq->arena, "%d", m)};
    for (int i = 0; i < COLUMNS; i++)
        page->labels[page->labels_count++] = (struct month_label){
            LEFT + i * CELL + CELL / 2, TOP - 8, str_from(short_names[w->rq->language == ENGLISH][i % 7])};
}

/* "Monday to Friday" would need to guess; the week is said day by day. */
static struct str week_of(struct request *rq, const struct calendar *c)
{
    struct str parts[7];
    size_t count = 0;
    day_t monday =
        day_from_civil((struct civil){CALENDAR_LAST_YEAR + 2, 1, 2}); /* beyond the table: the weekly rule alone */
    while (day_of_week(monday) != 1) monday++;
    for (day_t d = monday; d < monday + 7; d++) {
        struct str shifts = calendar_day_shifts(rq->arena, c, d),
                   name = translate(rq->language, weekday_names[day_of_week(d)]);
        if (shifts.len > 0) parts[count++] = str_format(rq->arena, "%.*s %.*s", STR_ARG(name), STR_ARG(shifts));
    }
    return str_join(rq->arena, STR("; "), parts, count);
}

static struct str address(struct arena *a, struct str name, int year)
{
    return str_format(a, "/quan-tri/lich?ten=%.*s&nam=%d", STR_ARG(html_query_value(a, name)), year);
}

static void fill_year(const struct drawing *w)
{
    struct calendar_page *page = w->page;
    struct arena *a = w->rq->arena;
    page->name = calendar_name(w->calendar);
    page->title = calendar_title(w->calendar);
    page->year = str_format(a, "%d", w->year);
    page->is_provisional = calendar_is_provisional(w->calendar, w->year);
    page->is_round_the_clock = calendar_is_round_the_clock(w->calendar);
    page->week_hours = week_of(w->rq, w->calendar);
    if (w->year > CALENDAR_FIRST_YEAR) page->previous_href = address(a, page->name, w->year - 1);
    if (w->year < CALENDAR_LAST_YEAR) page->next_href = address(a, page->name, w->year + 1);
    fill_days(w);
    fill_labels(w);
}

/* ---- the rest of the page ---- */

static enum outcome fill_list(struct request *rq, struct tx *tx, const struct drawing *w, struct str *out_text,
                              struct fail *why)
{
    struct calendar_in_use *all;
    size_t count;
    struct calendar_page *page = w->page;
    TRY(calendars_in_use(tx, &all, &count, why));
    page->calendars = ARENA_ARRAY(rq->arena, struct calendar_line, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct calendar *c;
        bool is_chosen = str_eq(all[i].name, calendar_name(w->calendar));
        TRY(calendars_get(app_calendars(rq->app), tx, all[i].version, &c, why));
        page->calendars[page->calendars_count++] =
            (struct calendar_line){all[i].name, calendar_title(c), address(rq->arena, all[i].name, w->year),
                                   instant_for_people(rq->arena, all[i].since), is_chosen};
        if (is_chosen) *out_text = all[i].text;
    }
    return OK;
}

static void fill_forms(struct request *rq, struct calendar_page *page, struct str text, const struct fail *why_not)
{
    struct form form = {.rq = rq, .why = why_not}, give = {.rq = rq, .why = why_not};
    form_area(&form, "text", N_("The calendar as JSON"),
              N_("The calendar in use stands here. Change it, or put another one in its place; the guide is in "
                 "docs/calendar.md."),
              text)
        ->rows = 12;
    FORM_INTO(&form, page->fields);
    form_text(&give, "agency", N_("E-identifier of the agency"), NULL, STR(""))->width = STR("20");
    struct form_field *names = form_select(&give, "calendar", N_("Calendar"), NULL, page->name);
    form_choice(&give, names, STR(""), form_say(&give, N_("As the agency above it")));
    for (size_t i = 0; i < page->calendars_count; i++)
        form_choice(&give, names, page->calendars[i].name, page->calendars[i].title);
    form_date(&give, "valid_from", N_("From"), N_("Empty: from today."), STR(""));
    FORM_INTO(&give, page->agency_fields);
}

/* Which days would be worked otherwise, of the years that people look at. */
static void fill_changes(struct request *rq, struct calendar_page *page, const struct calendar *in_use,
                         const struct calendar *planned)
{
    day_t today = day_of(clock_now()), first = day_from_civil((struct civil){day_to_civil(today).year, 1, 1});
    page->changes = ARENA_ARRAY(rq->arena, struct change_line, DIFFERENCES_MOST);
    for (day_t d = first; d < first + 3 * 366 && !page->has_more_days; d++) {
        struct str before = hours_of(rq, in_use, d), after = hours_of(rq, planned, d);
        if (str_eq(before, after)) continue;
        page->has_more_days = page->changes_count == DIFFERENCES_MOST;
        if (page->has_more_days) break;
        page->changes[page->changes_count++] = (struct change_line){day_for_people(rq->arena, d), before, after};
    }
}

static const struct calendar *chosen(struct request *rq)
{
    const struct calendar *c = calendars_current(app_calendars(rq->app), request_query(rq, "ten"));
    return c != NULL ? c : calendars_standard(app_calendars(rq->app));
}

static enum outcome show(struct request *rq, const struct calendar *calendar, struct calendar_page *page,
                         const struct fail *why_not, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct str text = STR("");
    struct drawing w = {rq, calendar, day_to_civil(day_of(clock_now())).year, page};
    (void)parse_int(request_query(rq, "nam"), CALENDAR_FIRST_YEAR, CALENDAR_LAST_YEAR, &w.year); /* else this year */
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(fill_list(rq, tx, &w, &text, why));
    fill_year(&w);
    fill_forms(rq, page, text, why_not);
    page->frame.is_wide = true;
    if (why_not != NULL) page_problems(rq, &page->frame, why_not);
    page_reply(rq, why_not != NULL ? outcome_status(why_not->outcome) : 200, "admin/calendar", page);
    return OK;
}

enum outcome admin_calendar(struct request *rq, struct fail *why)
{
    struct calendar_page page = {.is_published = request_query(rq, "xong").len > 0,
                                 .is_given = request_query(rq, "giao").len > 0};
    return show(rq, chosen(rq), &page, NULL, why);
}

enum outcome admin_calendar_send(struct request *rq, struct fail *why)
{
    struct calendar_page page = {.is_open = true};
    struct calendar_plan plan;
    struct fail refused;
    fail_init(&refused, rq->arena);
    bool is_publication = str_eq(request_form(rq, "act"), STR("publish"));
    enum outcome o = calendar_plan_run(rq, request_form(rq, "text"), !is_publication, &plan, &refused);
    if (o == ERR_DOWN) return fail_with(why, o, refused.sentence, refused.args);
    if (o != OK) {
        refused.outcome = o;
        return show(rq, chosen(rq), &page, &refused, why);
    }
    struct str name = calendar_name(plan.calendar);
    if (is_publication) {
        struct str to =
            str_format(rq->arena, "/quan-tri/lich?ten=%.*s&xong=1", STR_ARG(html_query_value(rq->arena, name)));
        reply_redirect(rq, to);
        return OK;
    }
    const struct calendar *in_use = calendars_current(app_calendars(rq->app), name);
    page.is_planned = true;
    page.planned_name = name;
    page.open = plan.effect.open;
    page.moved = plan.effect.moved;
    page.has_more = plan.effect.is_more;
    if (in_use != NULL) fill_changes(rq, &page, in_use, plan.calendar);
    return show(rq, plan.calendar, &page, NULL, why);
}

enum outcome admin_calendar_give(struct request *rq, struct fail *why)
{
    struct calendar_page page = {.is_give_open = true};
    struct fail refused;
    int64_t batch;
    fail_init(&refused, rq->arena);
    enum outcome o = calendar_give(rq, str_trim(request_form(rq, "agency")), request_form(rq, "calendar"),
                                   day_typed(rq->arena, request_form(rq, "valid_from")), 0, &batch, &refused);
    if (o == ERR_DOWN) return fail_with(why, o, refused.sentence, refused.args);
    if (o == OK) {
        reply_redirect(rq, STR("/quan-tri/lich?giao=1"));
        return OK;
    }
    if (refused.problem_count == 0)
        fail_problem(&refused, STR("/agency"), "unknown", refused.sentence, refused.args[0]);
    refused.outcome = ERR_INVALID;
    return show(rq, chosen(rq), &page, &refused, why);
}
