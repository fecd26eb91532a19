/*
 * GET       /tiep-nhan/thoi-gian-cho?ngay=2026-11-23     how long people waited: by day, and one day by its hours
 * GET, POST /quan-tri/quay                               desks, lines, who goes first, appointments of this agency
 */
#include "agency/permission.h"
#include "base/parse.h"
#include "base/text.h"
#include "counter/appointment.h"
#include "counter/counter_pages.h"
#include "counter/counter_token.h"
#include "counter/ticket.h"
#include "dossier/desk.h"
#include "dossier/dossier_view.h"
#include "html/chart.h"
#include "html/component.h"
#include "people/people.h"

enum { DAYS_SHOWN = 14, HOURS = 24 };

struct waiting_row {
    struct str day, href, mean, longest;
    int64_t taken, called, missed;
    bool is_current;
};

struct hour_row {
    struct str hour, middle, most;
    int64_t count, middle_us;
};

struct waiting_page {
    struct frame frame;
    struct str day, middle, most;
    struct waiting_row *days;
    struct hour_row *hours;
    size_t days_count, hours_count;
    struct bars chart;
    bool has_chart;
};

struct settings_page {
    struct frame frame;
    struct str kiosk, board, phone;
    struct form_field *fields;
    size_t fields_count;
};

/* clang-format off */
static const struct field waiting_row_fields[] = {
    FIELD_STR(struct waiting_row, day),
    FIELD_STR(struct waiting_row, href),
    FIELD_STR(struct waiting_row, mean),
    FIELD_STR(struct waiting_row, longest),
    FIELD_INT(struct waiting_row, taken),
    FIELD_INT(struct waiting_row, called),
    FIELD_INT(struct waiting_row, missed),
    FIELD_BOOL(struct waiting_row, is_current),
    FIELD_END,
};
static const struct field hour_row_fields[] = {
    FIELD_STR(struct hour_row, hour),
    FIELD_STR(struct hour_row, middle),
    FIELD_STR(struct hour_row, most),
    FIELD_INT(struct hour_row, count),
    FIELD_END,
};
static const struct field waiting_page_fields[] = {
    FRAME_FIELDS(struct waiting_page),
    FIELD_STR(struct waiting_page, day),
    FIELD_STR(struct waiting_page, middle),
    FIELD_STR(struct waiting_page, most),
    FIELD_LIST(struct waiting_page, days, struct waiting_row, waiting_row_fields),
    FIELD_LIST(struct waiting_page, hours, struct hour_row, hour_row_fields),
    FIELD_STRUCT(struct waiting_page, chart, bars_fields),
    FIELD_BOOL(struct waiting_page, has_chart),
    FIELD_END,
};
static const struct field settings_page_fields[] = {
    FRAME_FIELDS(struct settings_page),
    FIELD_STR(struct settings_page, kiosk),
    FIELD_STR(struct settings_page, board),
    FIELD_STR(struct settings_page, phone),
    FORM_FIELDS(struct settings_page, fields),
    FIELD_END,
};
/* clang-format on */

/* ---- waiting ---- */

static struct str minutes(struct request *rq, int64_t us)
{
    struct str n = str_format(rq->arena, "%lld", (long long)((us + US_PER_MINUTE / 2) / US_PER_MINUTE));
    return fail_fill(rq->arena, translate(rq->language, N_("{0} minutes")), (const struct str[FAIL_ARGS]){n});
}

static enum outcome list_days(struct request *rq, struct tx *tx, day_t shown, struct waiting_page *page,
                              struct fail *why)
{
    struct waiting_day *days;
    day_t today = day_of(tx_now(tx));
    TRY(waiting_days(tx, rq->visitor.agency, today - DAYS_SHOWN + 1, today, &days, &page->days_count, why));
    page->days = ARENA_ARRAY(rq->arena, struct waiting_row, page->days_count + 1);
    for (size_t i = 0; i < page->days_count; i++) {
        struct str id = day_format(rq->arena, days[i].day);
        page->days[i] =
            (struct waiting_row){.day = day_for_people(rq->arena, days[i].day),
                                 .href = str_format(rq->arena, "/tiep-nhan/thoi-gian-cho?ngay=%.*s", STR_ARG(id)),
                                 .mean = minutes(rq, days[i].mean_us),
                                 .longest = minutes(rq, days[i].longest_us),
                                 .taken = days[i].taken,
                                 .called = days[i].called,
                                 .missed = days[i].missed,
                                 .is_current = days[i].day == shown};
    }
    return OK;
}

/* The waits of those who came in one hour; of the whole day for -1. */
static size_t waits_of(const struct ticket *all, size_t count, int hour, int64_t *out)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (all[i].first_called_at == INSTANT_NONE) continue;
        if (hour < 0 || us_of_day(all[i].taken_at) / US_PER_HOUR == hour)
            out[n++] = all[i].first_called_at - all[i].taken_at;
    }
    return n;
}

static void fill_chart(struct request *rq, struct waiting_page *page)
{
    struct bar *bars = ARENA_ARRAY(rq->arena, struct bar, HOURS);
    int64_t most = 1;
    for (size_t i = 0; i < page->hours_count; i++)
        if (page->hours[i].middle_us > most) most = page->hours[i].middle_us;
    for (size_t i = 0; i < page->hours_count; i++)
        bars[i] = (struct bar){.label = page->hours[i].hour,
                               .value = page->hours[i].middle,
                               .share = page->hours[i].middle_us * 1000 / most};
    struct str title = translate(rq->language, N_("Half of the people waited at most so long, by the hour they came"));
    page->has_chart = page->hours_count > 0;
    page->chart = bars_of(STR("cho"), title, bars, page->hours_count);
}

static enum outcome list_hours(struct request *rq, struct tx *tx, day_t day, struct waiting_page *page,
                               struct fail *why)
{
    struct ticket *all;
    size_t count;
    TRY(tickets_of_day(tx, rq->visitor.agency, day, &all, &count, why));
    int64_t *waits = ARENA_ARRAY(rq->arena, int64_t, count + 1);
    page->hours = ARENA_ARRAY(rq->arena, struct hour_row, HOURS);
    for (int hour = 0; hour < HOURS; hour++) {
        size_t n = waits_of(all, count, hour, waits);
        if (n == 0) continue;
        int64_t middle = waiting_share(waits, n, 50);
        page->hours[page->hours_count++] = (struct hour_row){.hour = str_format(rq->arena, "%02d:00", hour),
                                                             .middle = minutes(rq, middle),
                                                             .middle_us = middle,
                                                             .most = minutes(rq, waiting_share(waits, n, 90)),
                                                             .count = (int64_t)n};
    }
    size_t n = waits_of(all, count, -1, waits);
    page->middle = minutes(rq, waiting_share(waits, n, 50));
    page->most = minutes(rq, waiting_share(waits, n, 90));
    fill_chart(rq, page);
    return OK;
}

static enum outcome get_waiting(struct request *rq, struct fail *why)
{
    struct waiting_page page = {.frame.is_wide = true, .frame.back_href = STR("/viec")};
    struct str text = day_typed(rq->arena, request_query(rq, "ngay"));
    day_t day;
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    day = day_of(tx_now(tx));
    if (text.len > 0) TRY(day_parse(text, &day, why));
    page.day = day_for_people(rq->arena, day);
    TRY(list_days(rq, tx, day, &page, why));
    TRY(list_hours(rq, tx, day, &page, why));
    page_reply(rq, 200, "counter/waiting", &page);
    return OK;
}

/* ---- settings ---- */

static struct form_field *number_field(struct form *form, const char *name, const char *label, const char *hint,
                                       int64_t stored)
{
    struct form_field *field =
        form_text(form, name, label, hint, str_format(form->rq->arena, "%lld", (long long)stored));
    field->numerals = STR("numeric");
    field->width = STR("4");
    return field;
}

static void draw_settings(struct form *form, const struct hall *h)
{
    number_field(form, "desks", N_("Desks"), NULL, h->desks);
    form_area(form, "lines", N_("Lines of the queue"),
              N_("One a row: a letter and what it is for, such as “A Nộp hồ sơ”."), lines_write(form->rq->arena, h))
        ->rows = 4;
    struct form_field *first =
        form_checks(form, "priorities", N_("Who goes first"), N_("Those whom the law favours, in every line."));
    for (size_t i = 0; i < priority_count; i++) {
        struct choice *c = form_choice(form, first, str_from(priorities[i].code), form_say(form, priorities[i].label));
        c->hint = form_say(form, priorities[i].basis);
        choice_choose(form, c, (h->priorities & UINT32_C(1) << i) != 0);
    }
    form_tick(form, "takes_remote", N_("People may take a number on their phone before they come"), h->takes_remote);
    form_heading(form, N_("Appointments"));
    number_field(form, "slot_places", N_("Appointments at the same time"), N_("0: none are offered."), h->slot_places);
    number_field(form, "slot_minutes", N_("Minutes of an appointment"), NULL, h->slot_minutes);
    number_field(form, "days_ahead", N_("Days ahead that one can book"), NULL, h->days_ahead);
}

static enum outcome show_settings(struct request *rq, const struct fail *refused, struct fail *why)
{
    struct form form = {.rq = rq, .why = refused};
    struct settings_page page = {.frame.back_href = STR("/tiep-nhan")};
    struct hall hall;
    struct agency agency;
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(agency_load(tx, rq->visitor.agency, &agency, why));
    TRY(hall_of(tx, agency.id, &hall, why));
    draw_settings(&form, &hall);
    FORM_INTO(&form, page.fields);
    page.phone = str_format(rq->arena, "/lay-so/%.*s", STR_ARG(agency.identifier));
    page.board = str_format(rq->arena, "/bang-so/%.*s", STR_ARG(agency.identifier));
    page.kiosk = str_format(rq->arena, "%.*s?may=%.*s", STR_ARG(page.phone),
                            STR_ARG(counter_token(app_desk(rq->app)->keys, rq->arena, TOKEN_KIOSK, agency.id)));
    if (refused != NULL) page_problems(rq, &page.frame, refused);
    page_reply(rq, refused != NULL ? outcome_status(ERR_INVALID) : 200, "counter/settings", &page);
    return OK;
}

static enum outcome get_settings(struct request *rq, struct fail *why)
{
    return show_settings(rq, NULL, why);
}

static int64_t typed_number(struct request *rq, const char *name)
{
    int64_t n;
    return parse_i64(str_trim(request_form(rq, name)), &n) ? n : -1;
}

static uint32_t typed_priorities(struct request *rq)
{
    uint32_t all = 0;
    for (size_t i = 0; i < rq->form_count; i++)
        for (size_t n = 0; n < priority_count; n++)
            if (str_eq(rq->form[i].name, STR("priorities")) && str_eq(rq->form[i].value, str_from(priorities[n].code)))
                all |= UINT32_C(1) << n;
    return all;
}

static enum outcome post_settings(struct request *rq, struct fail *why)
{
    struct hall_set in = {
        .actor = people_actor(rq),
        .hall = {.agency = rq->visitor.agency,
                 .desks = typed_number(rq, "desks"),
                 .slot_minutes = typed_number(rq, "slot_minutes"),
                 .slot_places = typed_number(rq, "slot_places"),
                 .days_ahead = typed_number(rq, "days_ahead"),
                 .takes_remote = request_has_form(rq, "takes_remote"),
                 .priorities = typed_priorities(rq)}
    };
    struct fail refused;
    fail_init(&refused, rq->arena);
    lines_read(rq->arena, text_clean(rq->arena, request_form(rq, "lines")), &in.hall, &refused);
    enum outcome set =
        refused.problem_count > 0 ? ERR_INVALID : store_run(app_store(rq->app), hall_set, &in, NULL, &refused);
    if (set == ERR_INVALID) return show_settings(rq, &refused, why);
    if (set != OK) return fail_with(why, set, refused.sentence, refused.args);
    page_flash(rq, N_("The counter runs like this from now on."));
    reply_redirect(rq, STR("/quan-tri/quay"));
    return OK;
}

/* clang-format off */
const struct route hall_routes[] = {
    {GET,  "/tiep-nhan/thoi-gian-cho", PERMIT_TASK_READ,     get_waiting,   N_("How long people wait")},
    {GET,  "/quan-tri/quay",           PERMIT_AGENCY_MANAGE, get_settings,  N_("Counter and queue")},
    {POST, "/quan-tri/quay",           PERMIT_AGENCY_MANAGE, post_settings, N_("Counter and queue")},
};
/* clang-format on */
const size_t hall_route_count = LENGTH(hall_routes);

const struct page_template hall_templates[] = {
    {"counter/waiting",  waiting_page_fields },
    {"counter/settings", settings_page_fields},
};
const size_t hall_template_count = LENGTH(hall_templates);
