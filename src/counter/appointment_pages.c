/*
 * GET  /dat-hen?thu-tuc=CODE&co-quan=ID&ngay=D   choose an agency, a day, a time; POST books it
 * GET  /lich-hen                                 one's own appointments; POST /lich-hen/{id}/huy cancels
 * GET  /lich-hen/{token}                         what the holder shows at the counter; /ma-qr.svg its QR code
 * GET  /tiep-nhan/lich-hen?ngay=                 the officer's day; POST /tiep-nhan/lich-hen/{id}: came, missed, cancel
 */
#include "agency/agency_calendar.h"
#include "agency/permission.h"
#include "base/list.h"
#include "base/text.h"
#include "counter/appointment.h"
#include "counter/counter_pages.h"
#include "counter/counter_token.h"
#include "counter/ticket.h"
#include "dossier/desk.h"
#include "dossier/dossier_view.h"
#include "html/qr.h"
#include "people/people.h"

enum { AGENCIES_SHOWN = 20, OWN_SHOWN = 50 };

/* ---- booking ---- */

struct agency_choice {
    struct str identifier, name, href;
};
struct day_choice {
    struct str label, href;
    int64_t places;
    bool is_current, is_full;
};
struct slot_choice {
    struct str value, label;
    int64_t places;
};

struct booking_page {
    struct frame frame;
    struct str procedure, code, agency, identifier, q, day, day_label;
    struct agency_choice *agencies;
    struct day_choice *days;
    struct slot_choice *slots;
    size_t agencies_count, days_count, slots_count;
    bool is_offered, has_agency;
};

/* clang-format off */
static const struct field agency_choice_fields[] = {
    FIELD_STR(struct agency_choice, identifier),
    FIELD_STR(struct agency_choice, name),
    FIELD_STR(struct agency_choice, href),
    FIELD_END,
};
static const struct field day_choice_fields[] = {
    FIELD_STR(struct day_choice, label),
    FIELD_STR(struct day_choice, href),
    FIELD_INT(struct day_choice, places),
    FIELD_BOOL(struct day_choice, is_current),
    FIELD_BOOL(struct day_choice, is_full),
    FIELD_END,
};
static const struct field slot_choice_fields[] = {
    FIELD_STR(struct slot_choice, value),
    FIELD_STR(struct slot_choice, label),
    FIELD_INT(struct slot_choice, places),
    FIELD_END,
};
static const struct field booking_page_fields[] = {
    FRAME_FIELDS(struct booking_page),
    FIELD_STR(struct booking_page, procedure),
    FIELD_STR(struct booking_page, code),
    FIELD_STR(struct booking_page, agency),
    FIELD_STR(struct booking_page, identifier),
    FIELD_STR(struct booking_page, q),
    FIELD_STR(struct booking_page, day),
    FIELD_STR(struct booking_page, day_label),
    FIELD_LIST(struct booking_page, agencies, struct agency_choice, agency_choice_fields),
    FIELD_LIST(struct booking_page, days, struct day_choice, day_choice_fields),
    FIELD_LIST(struct booking_page, slots, struct slot_choice, slot_choice_fields),
    FIELD_BOOL(struct booking_page, is_offered),
    FIELD_BOOL(struct booking_page, has_agency),
    FIELD_END,
};
/* clang-format on */

struct booking {
    struct request *rq;
    struct tx *tx;
    struct procedure_ref procedure; /* code empty: anything */
    struct agency agency;           /* id 0: not chosen yet */
    struct hall hall;
    const struct calendar *calendar;
    struct booking_page *page;
};

/* A field of the address, or of the form that was sent. */
static struct str asked(struct request *rq, const char *name)
{
    struct str value = str_trim(request_form(rq, name));
    return value.len > 0 ? value : str_trim(request_query(rq, name));
}

static struct str booking_href(const struct booking *b, struct str agency, day_t day)
{
    struct arena *a = b->rq->arena;
    return str_format(a, "/dat-hen?thu-tuc=%.*s&co-quan=%.*s&ngay=%.*s", STR_ARG(b->procedure.code), STR_ARG(agency),
                      STR_ARG(day_format(a, day)));
}

/* The agencies that perform the procedure, or that the words name. One alone is chosen by itself. */
static enum outcome list_agencies(struct booking *b, struct fail *why)
{
    struct agency *found;
    size_t count;
    day_t today = day_of(tx_now(b->tx));
    struct agency_filter filter = {
        .procedure = b->procedure.code, .words = b->page->q, .day = today, .most = AGENCIES_SHOWN};
    TRY(agency_list(b->tx, &filter, &found, &count, why));
    if (count == 1 && b->page->q.len == 0) {
        b->agency = found[0];
        return OK;
    }
    b->page->agencies = ARENA_ARRAY(b->rq->arena, struct agency_choice, count + 1);
    for (size_t i = 0; i < count; i++)
        b->page->agencies[b->page->agencies_count++] =
            (struct agency_choice){found[i].identifier, found[i].name, booking_href(b, found[i].identifier, today)};
    return OK;
}

static enum outcome load_booking(struct booking *b, struct fail *why)
{
    struct str code = asked(b->rq, "thu-tuc"), identifier = asked(b->rq, "co-quan");
    b->page->q = asked(b->rq, "q");
    b->procedure.code = STR("");
    if (code.len > 0) TRY(catalogue_find_open(b->tx, code, &b->procedure, why));
    if (identifier.len > 0)
        TRY(agency_find(b->tx, identifier, &b->agency, why));
    else
        TRY(list_agencies(b, why));
    if (b->agency.id == 0) return OK;
    TRY(hall_of(b->tx, b->agency.id, &b->hall, why));
    return agency_calendar_of(app_desk(b->rq->app)->calendars, b->tx, b->agency.id, day_of(tx_now(b->tx)), &b->calendar,
                              why);
}

static const char *weekday(day_t d)
{
    static const char *const names[] = {N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun")};
    return names[day_of_week(d) - 1];
}

static struct str day_label(const struct booking *b, day_t d)
{
    return str_format(b->rq->arena, "%.*s %.*s", STR_ARG(translate(b->rq->language, weekday(d))),
                      STR_ARG(day_for_people(b->rq->arena, d)));
}

/* Days that have slots, with what is left; the slots of the chosen one, else of the first with a place. */
static enum outcome list_times(struct booking *b, day_t chosen, struct fail *why)
{
    instant_t *taken, slots[SLOTS_OF_A_DAY], now = tx_now(b->tx);
    size_t count;
    day_t today = day_of(now), last = today + (day_t)b->hall.days_ahead;
    struct booking_page *page = b->page;
    TRY(appointments_taken(b->tx, b->agency.id, today, last, &taken, &count, why));
    page->days = ARENA_ARRAY(b->rq->arena, struct day_choice, DAYS_AHEAD_MOST + 1);
    page->slots = ARENA_ARRAY(b->rq->arena, struct slot_choice, SLOTS_OF_A_DAY);
    for (day_t d = today; d <= last && page->days_count < DAYS_AHEAD_MOST; d++) {
        size_t slot_count = appointment_slots(b->calendar, &b->hall, d, now, slots);
        int64_t left = 0;
        if (slot_count == 0) continue;
        for (size_t i = 0; i < slot_count; i++) left += appointment_places_left(&b->hall, taken, count, slots[i]);
        bool is_shown = page->slots_count == 0 && left > 0 && (chosen <= d || chosen > last);
        page->days[page->days_count++] =
            (struct day_choice){day_label(b, d), booking_href(b, b->agency.identifier, d), left, is_shown, left == 0};
        if (!is_shown) continue;
        page->day = day_format(b->rq->arena, d);
        page->day_label = day_label(b, d);
        for (size_t i = 0; i < slot_count; i++)
            page->slots[page->slots_count++] =
                (struct slot_choice){instant_format(b->rq->arena, slots[i]), slot_for_people(b->rq->arena, slots[i]),
                                     appointment_places_left(&b->hall, taken, count, slots[i])};
    }
    return OK;
}

static enum outcome show_booking(struct request *rq, const struct fail *refused, struct fail *why)
{
    struct booking_page page = {0};
    struct booking b = {.rq = rq, .page = &page};
    struct fail ignored;
    day_t chosen = 0;
    AUTO_READ struct tx *tx = NULL;
    fail_init(&ignored, rq->arena);
    TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
    b.tx = tx;
    TRY(load_booking(&b, why));
    if (day_parse(asked(rq, "ngay"), &chosen, &ignored) != OK) chosen = 0;
    page.code = b.procedure.code;
    page.procedure = b.procedure.name;
    page.has_agency = b.agency.id != 0;
    if (page.has_agency) {
        page.agency = b.agency.name;
        page.identifier = b.agency.identifier;
        TRY(list_times(&b, chosen, why));
        page.is_offered = page.days_count > 0;
    }
    page.frame.back_href =
        page.code.len > 0 ? str_format(rq->arena, "/thu-tuc/%.*s", STR_ARG(page.code)) : STR("/lich-hen");
    if (refused != NULL) page_problems(rq, &page.frame, refused);
    page.frame.is_step = true;
    page_reply(rq, refused != NULL ? outcome_status(refused->outcome) : 200, "counter/book", &page);
    return OK;
}

static enum outcome get_booking(struct request *rq, struct fail *why)
{
    return show_booking(rq, NULL, why);
}

/* A slot of the agency's, not any moment that somebody sends. */
static enum outcome check_slot(struct request *rq, struct appointment_new *out, struct fail *why)
{
    struct booking_page ignored = {0};
    struct booking b = {.rq = rq, .page = &ignored};
    struct appointment_slot slots[SLOTS_OF_A_DAY];
    size_t count;
    struct fail wrong;
    AUTO_READ struct tx *tx = NULL;
    fail_init(&wrong, rq->arena);
    TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
    b.tx = tx;
    TRY(load_booking(&b, why));
    if (b.agency.id == 0 || instant_parse(request_form(rq, "at"), &out->at, &wrong) != OK)
        return fail(why, ERR_INVALID, N_("Choose a time."));
    out->agency = b.agency.id;
    out->procedure_code = b.procedure.code;
    TRY(appointment_offers(tx, app_desk(rq->app)->calendars, b.agency.id, day_of(out->at), slots, &count, why));
    for (size_t i = 0; i < count; i++)
        if (slots[i].at == out->at) return OK;
    return fail(why, ERR_INVALID, N_("There is no appointment at that time. Choose one of those below."));
}

static enum outcome post_booking(struct request *rq, struct fail *why)
{
    struct appointment_new in = {.actor = people_actor(rq)};
    struct fail refused;
    int64_t id;
    fail_init(&refused, rq->arena);
    enum outcome booked = check_slot(rq, &in, &refused);
    if (booked == OK) booked = store_run(app_desk(rq->app)->store, appointment_book, &in, &id, &refused);
    if (booked == ERR_INVALID || booked == ERR_CONFLICT) return show_booking(rq, &refused, why);
    if (booked != OK) return fail_with(why, booked, refused.sentence, refused.args);
    page_flash(rq, N_("Your appointment is booked."));
    reply_redirect(rq, STR("/lich-hen"));
    return OK;
}

/* ---- one's own ---- */

struct appointment_line {
    struct str id, when, time, agency, procedure, name, phone, reason, href, cancel, address, picture, number;
    struct tag tag;
    bool is_open, may_come, may_miss;
};

struct appointments_page {
    struct frame frame;
    struct appointment_line *lines;
    size_t lines_count;
    struct str day, previous, next;
};

/* clang-format off */
static const struct field appointment_line_fields[] = {
    FIELD_STR(struct appointment_line, id),
    FIELD_STR(struct appointment_line, when),
    FIELD_STR(struct appointment_line, time),
    FIELD_STR(struct appointment_line, agency),
    FIELD_STR(struct appointment_line, procedure),
    FIELD_STR(struct appointment_line, name),
    FIELD_STR(struct appointment_line, phone),
    FIELD_STR(struct appointment_line, reason),
    FIELD_STR(struct appointment_line, href),
    FIELD_STR(struct appointment_line, cancel),
    FIELD_STR(struct appointment_line, address),
    FIELD_STR(struct appointment_line, picture),
    FIELD_STR(struct appointment_line, number),
    FIELD_STRUCT(struct appointment_line, tag, tag_fields),
    FIELD_BOOL(struct appointment_line, is_open),
    FIELD_BOOL(struct appointment_line, may_come),
    FIELD_BOOL(struct appointment_line, may_miss),
    FIELD_END,
};
static const struct field appointments_page_fields[] = {
    FRAME_FIELDS(struct appointments_page),
    FIELD_LIST(struct appointments_page, lines, struct appointment_line, appointment_line_fields),
    FIELD_STR(struct appointments_page, day),
    FIELD_STR(struct appointments_page, previous),
    FIELD_STR(struct appointments_page, next),
    FIELD_END,
};
/* clang-format on */

static struct appointment_line line_of(struct request *rq, struct tx *tx, const struct appointment *p)
{
    struct arena *a = rq->arena;
    struct procedure_ref ref;
    struct fail gone;
    instant_t now = tx_now(tx);
    bool is_open = appointment_is_open(p);
    fail_init(&gone, a);
    struct appointment_line line = {.id = str_format(a, "%lld", (long long)p->id),
                                    .when = instant_for_people(a, p->at),
                                    .time = slot_for_people(a, p->at),
                                    .agency = p->agency_name,
                                    .procedure = p->procedure_code,
                                    .name = p->name,
                                    .phone = p->phone,
                                    .reason = p->reason,
                                    .address = str_format(a, "/tiep-nhan/lich-hen/%lld", (long long)p->id),
                                    .tag = appointment_tag(rq->language, p),
                                    .is_open = is_open,
                                    .may_come = is_open && p->day == day_of(now),
                                    .may_miss = is_open && p->at <= now};
    if (p->procedure_code.len > 0 && catalogue_find(tx, p->procedure_code, &ref, &gone) == OK)
        line.procedure = str_format(a, "%.*s (%.*s)", STR_ARG(ref.name), STR_ARG(ref.code));
    return line;
}

static struct str shown_href(struct request *rq, int64_t id)
{
    return str_format(rq->arena, "/lich-hen/%.*s",
                      STR_ARG(counter_token(app_desk(rq->app)->keys, rq->arena, TOKEN_APPOINTMENT, id)));
}

static bool is_coming(const struct appointment *p, instant_t now)
{
    return appointment_is_open(p) && p->at > now;
}

static void add_own(struct request *rq, struct tx *tx, const struct appointment *p, struct appointments_page *page)
{
    struct appointment_line *line = &page->lines[page->lines_count++];
    *line = line_of(rq, tx, p);
    line->href = shown_href(rq, p->id);
    if (is_coming(p, tx_now(tx))) line->cancel = str_format(rq->arena, "/lich-hen/%lld/huy", (long long)p->id);
}

/* What is to come first, the nearest at the top; then what was, the latest at the top. */
static enum outcome get_own(struct request *rq, struct fail *why)
{
    struct appointments_page page = {.frame.back_href = STR("/ho-so-cua-toi")};
    struct appointment *all;
    size_t count;
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
    instant_t since = day_start(day_of(tx_now(tx)) - 30);
    TRY(appointments_of_account(tx, rq->visitor.account, since, OWN_SHOWN, &all, &count, why));
    page.lines = ARENA_ARRAY(rq->arena, struct appointment_line, count + 1);
    for (size_t i = 0; i < count; i++)
        if (is_coming(&all[i], tx_now(tx))) add_own(rq, tx, &all[i], &page);
    for (size_t i = count; i > 0; i--)
        if (!is_coming(&all[i - 1], tx_now(tx))) add_own(rq, tx, &all[i - 1], &page);
    page_reply(rq, 200, "counter/appointments", &page);
    return OK;
}

static enum outcome post_cancel(struct request *rq, struct fail *why)
{
    struct appointment_end in = {.actor = people_actor(rq), .what = APPOINTMENT_CANCELLED};
    if (!id_parse(request_param(rq, "id"), &in.id)) return fail(why, ERR_MISSING, N_("There is no such appointment."));
    in.actor.agency = 0; /* as its holder, whoever they are */
    TRY(store_run(app_desk(rq->app)->store, appointment_end, &in, NULL, why));
    page_flash(rq, N_("The appointment is cancelled. Somebody else can have the place."));
    reply_redirect(rq, STR("/lich-hen"));
    return OK;
}

static enum outcome read_shown(struct request *rq, struct tx *tx, struct appointment *out, struct fail *why)
{
    int64_t id;
    if (!counter_token_read(app_desk(rq->app)->keys, rq->arena, TOKEN_APPOINTMENT, request_param(rq, "id"), &id))
        return fail(why, ERR_MISSING, N_("There is nothing at this address."));
    return appointment_load(tx, id, out, why);
}

/* What is shown at the counter says when and where, and nothing of who. */
static enum outcome get_shown(struct request *rq, struct fail *why)
{
    struct appointment p;
    struct appointments_page page = {0};
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
    TRY(read_shown(rq, tx, &p, why));
    page.lines = ARENA_NEW(rq->arena, struct appointment_line);
    page.lines_count = 1;
    page.lines[0] = line_of(rq, tx, &p);
    page.lines[0].picture = str_format(rq->arena, "/lich-hen/%.*s/ma-qr.svg", STR_ARG(request_param(rq, "id")));
    if (p.ticket != 0) {
        struct ticket t;
        TRY(ticket_load(tx, p.ticket, &t, why));
        page.lines[0].number = ticket_number(rq->arena, &t);
    }
    page.frame.title = page_title_of(rq, page.lines[0].when);
    page_reply(rq, 200, "counter/appointment", &page);
    reply_header(rq, "X-Robots-Tag", STR("noindex"));
    return OK;
}

static enum outcome get_shown_qr(struct request *rq, struct fail *why)
{
    struct appointment p;
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
    TRY(read_shown(rq, tx, &p, why));
    reply_qr(rq, str_format(rq->arena, "%.*s%.*s", STR_ARG(request_origin(rq)), STR_ARG(shown_href(rq, p.id))));
    return OK;
}

/* ---- the officer's day ---- */

static enum outcome show_day(struct request *rq, const struct fail *refused, struct fail *why)
{
    struct appointments_page page = {.frame.is_wide = true, .frame.back_href = STR("/tiep-nhan")};
    struct appointment *all;
    struct str text = day_typed(rq->arena, request_query(rq, "ngay"));
    size_t count;
    day_t day;
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
    day = day_of(tx_now(tx));
    if (text.len > 0) TRY(day_parse(text, &day, why));
    TRY(appointments_of_day(tx, rq->visitor.agency, day, &all, &count, why));
    page.lines = ARENA_ARRAY(rq->arena, struct appointment_line, count + 1);
    for (size_t i = 0; i < count; i++) page.lines[page.lines_count++] = line_of(rq, tx, &all[i]);
    page.day = day_for_people(rq->arena, day);
    page.previous = str_format(rq->arena, "/tiep-nhan/lich-hen?ngay=%.*s", STR_ARG(day_format(rq->arena, day - 1)));
    page.next = str_format(rq->arena, "/tiep-nhan/lich-hen?ngay=%.*s", STR_ARG(day_format(rq->arena, day + 1)));
    if (refused != NULL) page_problems(rq, &page.frame, refused);
    page_reply(rq, refused != NULL ? outcome_status(refused->outcome) : 200, "counter/day", &page);
    return OK;
}

static enum outcome get_day(struct request *rq, struct fail *why)
{
    return show_day(rq, NULL, why);
}

static enum outcome post_day(struct request *rq, struct fail *why)
{
    struct appointment_end in = {.actor = people_actor(rq), .what = APPOINTMENT_CAME};
    struct str what = request_form(rq, "what");
    struct fail refused;
    fail_init(&refused, rq->arena);
    if (!id_parse(request_param(rq, "id"), &in.id)) return fail(why, ERR_MISSING, N_("There is no such appointment."));
    if (str_eq(what, STR("missed")))
        in.what = APPOINTMENT_MISSED;
    else if (str_eq(what, STR("cancel")))
        in.what = APPOINTMENT_CANCELLED;
    else if (!str_eq(what, STR("came")))
        return fail(why, ERR_INVALID, N_("“{0}” is not one of the choices."), what);
    in.reason = str_trim(text_clean(rq->arena, request_form(rq, "reason")));
    enum outcome done = store_run(app_desk(rq->app)->store, appointment_end, &in, NULL, &refused);
    if (done == ERR_INVALID || done == ERR_CONFLICT) return show_day(rq, &refused, why);
    if (done != OK) return fail_with(why, done, refused.sentence, refused.args);
    if (in.what == APPOINTMENT_CAME)
        page_flash(rq, N_("The appointment is noted as kept. Its holder has a number now."));
    reply_redirect(rq, STR("/tiep-nhan/lich-hen"));
    return OK;
}

/* clang-format off */
/* In order of use. */
const struct route appointment_routes[] = {
    {GET,  "/dat-hen",                 PERMIT_DOSSIER_OWN,     get_booking,  N_("Book an appointment")},
    {POST, "/dat-hen",                 PERMIT_DOSSIER_OWN,     post_booking, N_("Book an appointment")},
    {GET,  "/lich-hen",                PERMIT_DOSSIER_OWN,     get_own,      N_("My appointments")},
    {POST, "/lich-hen/{id}/huy",       PERMIT_DOSSIER_OWN,     post_cancel,  N_("Cancel an appointment")},
    {GET,  "/lich-hen/{id}",           PERMIT_PUBLIC,          get_shown,    N_("Appointment")},
    {GET,  "/lich-hen/{id}/ma-qr.svg", PERMIT_PUBLIC,          get_shown_qr, N_("The QR code of an appointment")},
    {GET,  "/tiep-nhan/lich-hen",      PERMIT_DOSSIER_COUNTER, get_day,      N_("Appointments")},
    {POST, "/tiep-nhan/lich-hen/{id}", PERMIT_DOSSIER_COUNTER, post_day,     N_("An appointment is kept, missed or cancelled")},
};
/* clang-format on */
const size_t appointment_route_count = LENGTH(appointment_routes);

const struct page_template appointment_templates[] = {
    {"counter/book",         booking_page_fields     },
    {"counter/appointments", appointments_page_fields},
    {"counter/appointment",  appointments_page_fields},
    {"counter/day",          appointments_page_fields},
};
const size_t appointment_template_count = LENGTH(appointment_templates);
