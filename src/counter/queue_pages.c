/*
 * GET  /lay-so/{agency}?dong=A&may=KEY       the kiosk, and a phone away from the hall: what for, then who goes first
 * POST /lay-so/{agency}                      a number
 * GET  /so-thu-tu/{token}                    the number as its holder's phone follows it; /ma-qr.svg its QR code
 * GET  /bang-so/{agency}                     the screen of the hall: who is called where
 *
 * The kiosk of a hall has a key in its address, so that nobody else empties the roll; a phone takes one number at a
 * time, while the counter is open. Screens come again by themselves through the header Refresh, without scripts.
 */
#include "agency/agency_calendar.h"
#include "agency/permission.h"
#include "base/list.h"
#include "counter/appointment.h"
#include "counter/counter_pages.h"
#include "counter/counter_token.h"
#include "counter/ticket.h"
#include "dossier/desk.h"
#include "html/qr.h"

enum { CALLED_SHOWN = 8, WAITING_SHOWN = 12, OWN_NUMBER_S = 12 * 3600 };
#define OWN_NUMBER "so-thu-tu"

struct hall_choice {
    struct str value, label, href;
};

struct kiosk_page {
    struct frame frame;
    struct str agency, address, line, line_title, kiosk, closed, back;
    bool is_asked_who; /* the second question */
    int64_t waiting;
    struct hall_choice *choices;
    size_t choices_count;
};

struct number_page {
    struct frame frame;
    struct str agency, number, line_title, priority, desk, picture, here, taken_at;
    bool is_waiting, is_called, is_missed, is_served, is_kiosk;
    int64_t ahead;
};

struct board_line {
    struct str number, desk;
    bool is_new;
};

struct board_page {
    struct frame frame;
    struct str agency, time;
    int64_t waiting;
    struct board_line *called, *next, *missed;
    size_t called_count, next_count, missed_count;
};

/* clang-format off */
static const struct field hall_choice_fields[] = {
    FIELD_STR(struct hall_choice, value),
    FIELD_STR(struct hall_choice, label),
    FIELD_STR(struct hall_choice, href),
    FIELD_END,
};
static const struct field kiosk_page_fields[] = {
    FRAME_FIELDS(struct kiosk_page),
    FIELD_STR(struct kiosk_page, agency),
    FIELD_STR(struct kiosk_page, address),
    FIELD_STR(struct kiosk_page, line),
    FIELD_STR(struct kiosk_page, line_title),
    FIELD_STR(struct kiosk_page, kiosk),
    FIELD_STR(struct kiosk_page, closed),
    FIELD_STR(struct kiosk_page, back),
    FIELD_BOOL(struct kiosk_page, is_asked_who),
    FIELD_INT(struct kiosk_page, waiting),
    FIELD_LIST(struct kiosk_page, choices, struct hall_choice, hall_choice_fields),
    FIELD_END,
};
static const struct field number_page_fields[] = {
    FRAME_FIELDS(struct number_page),
    FIELD_STR(struct number_page, agency),
    FIELD_STR(struct number_page, number),
    FIELD_STR(struct number_page, line_title),
    FIELD_STR(struct number_page, priority),
    FIELD_STR(struct number_page, desk),
    FIELD_STR(struct number_page, picture),
    FIELD_STR(struct number_page, here),
    FIELD_STR(struct number_page, taken_at),
    FIELD_BOOL(struct number_page, is_waiting),
    FIELD_BOOL(struct number_page, is_called),
    FIELD_BOOL(struct number_page, is_missed),
    FIELD_BOOL(struct number_page, is_served),
    FIELD_INT(struct number_page, ahead),
    FIELD_END,
};
static const struct field board_line_fields[] = {
    FIELD_STR(struct board_line, number),
    FIELD_STR(struct board_line, desk),
    FIELD_BOOL(struct board_line, is_new),
    FIELD_END,
};
static const struct field board_page_fields[] = {
    FRAME_FIELDS(struct board_page),
    FIELD_STR(struct board_page, agency),
    FIELD_STR(struct board_page, time),
    FIELD_INT(struct board_page, waiting),
    FIELD_LIST(struct board_page, called, struct board_line, board_line_fields),
    FIELD_LIST(struct board_page, next, struct board_line, board_line_fields),
    FIELD_LIST(struct board_page, missed, struct board_line, board_line_fields),
    FIELD_END,
};
/* clang-format on */

/* ---- the hall that an address names ---- */

struct place {
    struct request *rq;
    const struct desk *desk;
    struct agency agency;
    struct hall hall;
    bool is_kiosk;
    struct str key; /* of the kiosk; empty: a phone */
};

static enum outcome find_place(struct request *rq, struct tx *tx, struct place *out, struct fail *why)
{
    int64_t kiosk = 0;
    struct str key = request_query(rq, "may");
    if (key.len == 0) key = request_form(rq, "may");
    *out = (struct place){.rq = rq, .desk = app_desk(rq->app)};
    TRY(agency_find(tx, request_param(rq, "agency"), &out->agency, why));
    TRY(hall_of(tx, out->agency.id, &out->hall, why));
    out->is_kiosk = counter_token_read(out->desk->keys, rq->arena, TOKEN_KIOSK, key, &kiosk) && kiosk == out->agency.id;
    if (out->is_kiosk) out->key = key;
    return OK;
}

static struct str kiosk_href(const struct place *p)
{
    struct str base = str_format(p->rq->arena, "/lay-so/%.*s", STR_ARG(p->agency.identifier));
    return p->is_kiosk ? str_format(p->rq->arena, "%.*s?may=%.*s", STR_ARG(base), STR_ARG(p->key)) : base;
}

/* A phone takes a number for today while the counter is open, or before it closes for good. */
static enum outcome is_closed(const struct place *p, struct tx *tx, bool *out, struct fail *why)
{
    const struct calendar *calendar;
    instant_t now = tx_now(tx);
    day_t today = day_of(now);
    TRY(agency_calendar_of(p->desk->calendars, tx, p->agency.id, today, &calendar, why));
    bool is_before_close = calendar_is_working_day(calendar, today) && now < calendar_day_close(calendar, today);
    *out = !is_before_close && !calendar_counter_is_open(calendar, now);
    return OK;
}

/* ---- taking a number ---- */

static void add_choice(struct kiosk_page *page, struct str value, struct str label, struct str href)
{
    page->choices[page->choices_count++] = (struct hall_choice){value, label, href};
}

static void ask_what(const struct place *p, struct kiosk_page *page)
{
    for (size_t i = 0; i < p->hall.line_count; i++) {
        const struct line *line = &p->hall.lines[i];
        struct str letter = str_format(p->rq->arena, "%c", line->letter);
        struct str href = str_format(p->rq->arena, "%.*s%cdong=%.*s", STR_ARG(kiosk_href(p)), p->is_kiosk ? '&' : '?',
                                     STR_ARG(letter));
        add_choice(page, letter, line_title(line, p->rq->language), href);
    }
}

static void ask_who(const struct place *p, const struct line *line, struct kiosk_page *page)
{
    page->is_asked_who = true;
    page->line = str_format(p->rq->arena, "%c", line->letter);
    page->line_title = line_title(line, p->rq->language);
    page->back = kiosk_href(p);
    add_choice(page, STR(""), translate(p->rq->language, N_("No, none of these")), STR(""));
    for (size_t i = 0; i < priority_count; i++)
        if (priority_find(&p->hall, str_from(priorities[i].code)) != NULL)
            add_choice(page, str_from(priorities[i].code), translate(p->rq->language, priorities[i].label), STR(""));
}

static enum outcome show_kiosk(struct request *rq, const struct fail *refused, struct fail *why)
{
    struct place p;
    struct kiosk_page page = {0};
    bool closed = false;
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
    TRY(find_place(rq, tx, &p, why));
    TRY(is_closed(&p, tx, &closed, why));
    TRY(tickets_waiting(tx, p.agency.id, &page.waiting, why));
    page.agency = p.agency.name;
    page.kiosk = p.key;
    page.address = str_format(rq->arena, "/lay-so/%.*s", STR_ARG(p.agency.identifier));
    page.choices = ARENA_ARRAY(rq->arena, struct hall_choice, LINES_MOST + priority_count + 1);
    if (!p.is_kiosk && !p.hall.takes_remote)
        page.closed = translate(rq->language, N_("Numbers are taken in the hall only."));
    else if (!p.is_kiosk && closed)
        page.closed =
            translate(rq->language, N_("The counter is closed now. Come again in its hours, or book a time."));
    const struct line *line = hall_line(&p.hall, request_query(rq, "dong"));
    if (line == NULL || p.hall.priorities == 0)
        ask_what(&p, &page);
    else
        ask_who(&p, line, &page);
    if (refused != NULL) page_problems(rq, &page.frame, refused);
    if (p.is_kiosk && line != NULL)
        reply_header(rq, "Refresh", str_format(rq->arena, "30; url=%.*s", STR_ARG(kiosk_href(&p))));
    page_reply(rq, refused != NULL ? outcome_status(refused->outcome) : 200, "counter/kiosk", &page);
    return OK;
}

static enum outcome get_kiosk(struct request *rq, struct fail *why)
{
    return show_kiosk(rq, NULL, why);
}

/* The number that this phone holds already at this hall today, if it waits still. */
static bool has_number(struct request *rq, struct tx *tx, const struct place *p, struct str *out)
{
    struct ticket t;
    struct fail missing;
    int64_t id;
    struct str token = request_cookie(rq, OWN_NUMBER);
    fail_init(&missing, rq->arena);
    if (!counter_token_read(p->desk->keys, rq->arena, TOKEN_TICKET, token, &id)) return false;
    if (ticket_load(tx, id, &t, &missing) != OK || t.agency != p->agency.id || t.day != day_of(tx_now(tx)))
        return false;
    *out = token;
    return str_eq(t.state, STR("waiting"));
}

static enum outcome may_take(struct request *rq, const struct place *p, struct tx *tx, struct fail *why)
{
    bool closed;
    if (p->is_kiosk) return OK;
    TRY(is_closed(p, tx, &closed, why));
    if (!p->hall.takes_remote) return fail(why, ERR_CONFLICT, N_("Numbers are taken in the hall only."));
    if (closed)
        return fail(why, ERR_CONFLICT, N_("The counter is closed now. Come again in its hours, or book a time."));
    int64_t wait_s = attempts_take(p->desk->lookups, str_format(rq->arena, "so %.*s", STR_ARG(rq->peer)));
    if (wait_s == 0) return OK;
    return fail(why, ERR_TOO_MANY, N_("Too many numbers were taken from here. Try again in {0} seconds."),
                str_format(rq->arena, "%lld", (long long)wait_s));
}

static enum outcome post_kiosk(struct request *rq, struct fail *why)
{
    struct place p;
    struct ticket t;
    struct str own = STR("");
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
        TRY(find_place(rq, tx, &p, why));
        if (!p.is_kiosk && has_number(rq, tx, &p, &own)) {
            reply_redirect(rq, str_format(rq->arena, "/so-thu-tu/%.*s", STR_ARG(own)));
            return OK;
        }
        TRY(may_take(rq, &p, tx, why));
    }
    struct ticket_take in = {.agency = p.agency.id,
                             .line = str_trim(request_form(rq, "line")),
                             .priority = str_trim(request_form(rq, "priority")),
                             .source = p.is_kiosk ? STR("kiosk") : STR("phone")};
    struct fail refused;
    fail_init(&refused, rq->arena);
    enum outcome taken = store_run(p.desk->store, ticket_take, &in, &t, &refused);
    if (taken == ERR_INVALID) return show_kiosk(rq, &refused, why);
    if (taken != OK) return fail_with(why, taken, refused.sentence, refused.args);
    struct str token = counter_token(p.desk->keys, rq->arena, TOKEN_TICKET, t.id);
    struct str href = str_format(rq->arena, "/so-thu-tu/%.*s", STR_ARG(token));
    reply_redirect(rq, p.is_kiosk ? str_format(rq->arena, "%.*s?may=%.*s", STR_ARG(href), STR_ARG(p.key)) : href);
    if (!p.is_kiosk) reply_cookie(rq, OWN_NUMBER, token, OWN_NUMBER_S);
    return OK;
}

/* ---- the number ---- */

static enum outcome read_number(struct request *rq, struct tx *tx, struct ticket *out, struct fail *why)
{
    int64_t id;
    struct str token = request_param(rq, "token");
    if (!counter_token_read(app_desk(rq->app)->keys, rq->arena, TOKEN_TICKET, token, &id))
        return fail(why, ERR_MISSING, N_("There is nothing at this address."));
    return ticket_load(tx, id, out, why);
}

/* Back to the kiosk's first question after a while; a phone looks again by itself. */
static void come_again(struct request *rq, const struct number_page *page, const struct agency *agency)
{
    if (page->is_served) return;
    if (!page->is_kiosk) {
        reply_header(rq, "Refresh", STR("15"));
        return;
    }
    reply_header(rq, "Refresh",
                 str_format(rq->arena, "12; url=/lay-so/%.*s?may=%.*s", STR_ARG(agency->identifier),
                            STR_ARG(request_query(rq, "may"))));
}

static bool is_shown_at_kiosk(struct request *rq, int64_t agency)
{
    int64_t id = 0;
    return counter_token_read(app_desk(rq->app)->keys, rq->arena, TOKEN_KIOSK, request_query(rq, "may"), &id) &&
           id == agency;
}

static enum outcome get_number(struct request *rq, struct fail *why)
{
    struct ticket t;
    struct hall hall;
    struct agency agency;
    struct number_page page = {0};
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
    TRY(read_number(rq, tx, &t, why));
    TRY(agency_load(tx, t.agency, &agency, why));
    TRY(hall_of(tx, t.agency, &hall, why));
    TRY(ticket_ahead(tx, &t, &page.ahead, why));
    bool is_today = t.day == day_of(tx_now(tx));
    const struct line *line = hall_line(&hall, t.line);
    const struct priority *priority = priority_find(&hall, t.priority);
    page.agency = agency.name;
    page.number = ticket_number(rq->arena, &t);
    if (line != NULL) page.line_title = line_title(line, rq->language);
    if (priority != NULL) page.priority = translate(rq->language, priority->label);
    if (t.desk != 0) page.desk = str_format(rq->arena, "%lld", (long long)t.desk);
    page.taken_at = instant_for_people(rq->arena, t.taken_at);
    page.is_waiting = is_today && str_eq(t.state, STR("waiting"));
    page.is_called = is_today && str_eq(t.state, STR("called"));
    page.is_missed = is_today && str_eq(t.state, STR("missed"));
    page.is_served = !page.is_waiting && !page.is_called && !page.is_missed;
    page.is_kiosk = is_shown_at_kiosk(rq, agency.id);
    page.here = str_format(rq->arena, "/so-thu-tu/%.*s", STR_ARG(request_param(rq, "token")));
    page.picture = str_format(rq->arena, "%.*s/ma-qr.svg", STR_ARG(page.here));
    page_reply(rq, 200, "counter/number", &page);
    come_again(rq, &page, &agency);
    reply_header(rq, "X-Robots-Tag", STR("noindex"));
    return OK;
}

static enum outcome get_number_qr(struct request *rq, struct fail *why)
{
    struct ticket t;
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
    TRY(read_number(rq, tx, &t, why));
    reply_qr(rq, str_format(rq->arena, "%.*s/so-thu-tu/%.*s", STR_ARG(request_origin(rq)),
                            STR_ARG(request_param(rq, "token"))));
    return OK;
}

/* ---- the screen ---- */

static void add_lines(struct request *rq, const struct ticket *tickets, size_t count, size_t most,
                      struct board_line **out, size_t *out_count)
{
    *out = ARENA_ARRAY(rq->arena, struct board_line, most + 1);
    for (size_t i = 0; i < count && *out_count < most; i++)
        (*out)[(*out_count)++] = (struct board_line){
            ticket_number(rq->arena, &tickets[i]),
            tickets[i].desk == 0 ? STR("") : str_format(rq->arena, "%lld", (long long)tickets[i].desk),
            tickets[i].called_at != INSTANT_NONE && clock_now() - tickets[i].called_at < US_PER_MINUTE / 2};
}

static void newest_first(struct ticket *called, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t n = i; n > 0 && called[n].called_at > called[n - 1].called_at; n--) {
            struct ticket t = called[n];
            called[n] = called[n - 1];
            called[n - 1] = t;
        }
}

static enum outcome get_board(struct request *rq, struct fail *why)
{
    struct place p;
    struct ticket *called, *next, *missed;
    size_t called_count, next_count, missed_count;
    struct board_page page = {0};
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
    TRY(find_place(rq, tx, &p, why));
    TRY(tickets_in_turn(tx, p.agency.id, "called", DESKS_MOST, &called, &called_count, why));
    TRY(tickets_in_turn(tx, p.agency.id, "waiting", WAITING_SHOWN, &next, &next_count, why));
    TRY(tickets_in_turn(tx, p.agency.id, "missed", WAITING_SHOWN, &missed, &missed_count, why));
    TRY(tickets_waiting(tx, p.agency.id, &page.waiting, why));
    newest_first(called, called_count);
    add_lines(rq, called, called_count, CALLED_SHOWN, &page.called, &page.called_count);
    add_lines(rq, next, next_count, WAITING_SHOWN, &page.next, &page.next_count);
    add_lines(rq, missed, missed_count, WAITING_SHOWN, &page.missed, &page.missed_count);
    page.agency = p.agency.name;
    page.time = slot_for_people(rq->arena, tx_now(tx));
    page_reply(rq, 200, "counter/board", &page);
    reply_header(rq, "Refresh", STR("10"));
    return OK;
}

/* clang-format off */
/* In order of use. */
const struct route queue_routes[] = {
    {GET,  "/lay-so/{agency}",              PERMIT_PUBLIC, get_kiosk,     N_("Take a number")},
    {POST, "/lay-so/{agency}",              PERMIT_PUBLIC, post_kiosk,    N_("Take a number")},
    {GET,  "/so-thu-tu/{token}",            PERMIT_PUBLIC, get_number,    N_("Your number in the queue")},
    {GET,  "/so-thu-tu/{token}/ma-qr.svg",  PERMIT_PUBLIC, get_number_qr, N_("The QR code of a number")},
    {GET,  "/bang-so/{agency}",             PERMIT_PUBLIC, get_board,     N_("Numbers called")},
};
/* clang-format on */
const size_t queue_route_count = LENGTH(queue_routes);

const struct page_template queue_templates[] = {
    {"counter/kiosk",  kiosk_page_fields },
    {"counter/number", number_page_fields},
    {"counter/board",  board_page_fields },
};
const size_t queue_template_count = LENGTH(queue_templates);
