/*
 * GET  /api/v1/appointments/slots?agency=ID&day=D      what can be booked there on a day
 * GET, POST /api/v1/appointments                       one's own; booking one
 * POST /api/v1/appointments/{id}/cancel                by its holder, or with a reason by the office
 * GET  /api/v1/counter/appointments?day=D              the officer's day; POST .../{id}/come and .../{id}/miss
 * GET, POST /api/v1/counter/tickets                    today's queue; a number for who stands at the desk
 * POST /api/v1/counter/call                            what a desk does: next, again, missed, done, transfer, call
 */
#include "agency/permission.h"
#include "base/text.h"
#include "counter/appointment.h"
#include "counter/counter_pages.h"
#include "counter/ticket.h"
#include "dossier/desk.h"
#include "dossier/dossier_view.h"
#include "http/once.h"
#include "people/people.h"

enum { COUNTER_JSON_BYTES = 16 * 1024, COUNTER_SHOWN = 50, COUNTER_TICKETS_SHOWN = 500 };

static enum outcome begin_read(struct request *rq, struct tx **out, struct fail *why)
{
    return store_read_begin(app_desk(rq->app)->store, rq->arena, out, why);
}

/* ---- appointments ---- */

static void write_appointment(struct json_writer *w, const struct appointment *p, bool has_holder)
{
    jw_open(w, '{');
    jw_put_id(w, "id", p->id);
    jw_put_str(w, "agency", p->agency_identifier);
    jw_put_str(w, "agency_name", p->agency_name);
    jw_put_str_or_null(w, "procedure", p->procedure_code);
    jw_put_instant(w, "at", p->at);
    jw_put_str(w, "state", p->state);
    jw_put_str_or_null(w, "reason", p->reason);
    jw_put_instant(w, "booked_at", p->booked_at);
    jw_put_int(w, "version", p->version);
    if (has_holder) {
        jw_put_str(w, "name", p->name);
        jw_put_str_or_null(w, "phone", p->phone);
    }
    jw_close(w);
}

static enum outcome reply_appointment(struct request *rq, int status, int64_t id, struct fail *why)
{
    struct appointment p;
    struct json_writer w;
    AUTO_READ struct tx *tx = NULL;
    TRY(begin_read(rq, &tx, why));
    TRY(appointment_load(tx, id, &p, why));
    reply_etag(rq, id_format(rq->arena, p.version));
    jw_init(&w, reply_begin(rq, status, "application/json"));
    write_appointment(&w, &p, false);
    return OK;
}

static enum outcome get_slots(struct request *rq, struct fail *why)
{
    struct agency agency;
    struct json_writer w;
    struct appointment_slot slots[SLOTS_OF_A_DAY];
    size_t count;
    day_t day;
    AUTO_READ struct tx *tx = NULL;
    TRY(begin_read(rq, &tx, why));
    struct str text = request_query(rq, "day");
    day = day_of(tx_now(tx));
    if (text.len > 0) TRY(day_parse(text, &day, why));
    TRY(agency_find(tx, request_query(rq, "agency"), &agency, why));
    TRY(appointment_offers(tx, app_desk(rq->app)->calendars, agency.id, day, slots, &count, why));
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < count; i++) {
        jw_open(&w, '{');
        jw_put_instant(&w, "at", slots[i].at);
        jw_put_int(&w, "places", slots[i].places);
        jw_close(&w);
    }
    jw_close_list(&w, STR_NONE); /* all lists here are bounded */
    return OK;
}

static enum outcome get_own(struct request *rq, struct fail *why)
{
    struct appointment *all;
    struct json_writer w;
    size_t count;
    AUTO_READ struct tx *tx = NULL;
    TRY(begin_read(rq, &tx, why));
    instant_t since = day_start(day_of(tx_now(tx)) - 30);
    TRY(appointments_of_account(tx, rq->visitor.account, since, COUNTER_SHOWN, &all, &count, why));
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < count; i++) write_appointment(&w, &all[i], false);
    jw_close_list(&w, STR_NONE); /* all lists here are bounded */
    return OK;
}

static enum outcome get_day(struct request *rq, struct fail *why)
{
    struct appointment *all;
    struct json_writer w;
    size_t count;
    AUTO_READ struct tx *tx = NULL;
    TRY(begin_read(rq, &tx, why));
    day_t day = day_of(tx_now(tx));
    if (request_query(rq, "day").len > 0) TRY(day_parse(request_query(rq, "day"), &day, why));
    TRY(appointments_of_day(tx, rq->visitor.agency, day, &all, &count, why));
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < count; i++) write_appointment(&w, &all[i], true);
    jw_close_list(&w, STR_NONE); /* all lists here are bounded */
    return OK;
}

/* Agency, procedure and moment, each mistake at its place. */
static enum outcome read_booking(struct request *rq, yyjson_val *body, struct appointment_new *out, struct fail *why)
{
    struct agency agency = {0};
    struct procedure_ref procedure;
    struct appointment_slot slots[SLOTS_OF_A_DAY];
    struct fail wrong;
    size_t count = 0, at = 0;
    AUTO_READ struct tx *tx = NULL;
    fail_init(&wrong, rq->arena);
    TRY(begin_read(rq, &tx, why));
    if (agency_find(tx, json_str(body, "agency"), &agency, &wrong) != OK)
        fail_problem(why, STR("/agency"), "unknown", N_("Choose the agency from the list."));
    out->agency = agency.id;
    out->procedure_code = json_str(body, "procedure");
    if (out->procedure_code.len > 0 && catalogue_find_open(tx, out->procedure_code, &procedure, &wrong) != OK)
        fail_problem(why, STR("/procedure"), "unknown", N_("“{0}” is not one of the choices."), out->procedure_code);
    if (instant_parse(json_str(body, "at"), &out->at, &wrong) != OK)
        fail_problem(why, STR("/at"), "required", N_("Choose a time."));
    TRY(fail_if_problems(why));
    TRY(appointment_offers(tx, app_desk(rq->app)->calendars, agency.id, day_of(out->at), slots, &count, why));
    while (at < count && slots[at].at != out->at) at++;
    if (at == count)
        fail_problem(why, STR("/at"), "unknown",
                     N_("There is no appointment at that time. Choose one of those below."));
    return fail_if_problems(why);
}

static enum outcome post_appointment(struct request *rq, struct fail *why)
{
    yyjson_val *body;
    bool is_again;
    int64_t id;
    struct appointment_new in = {.actor = people_actor(rq)};
    TRY(request_json(rq, &body, why));
    TRY(request_was_done(rq, app_desk(rq->app)->store, &is_again, &id, why)); /* its place is taken: by itself */
    if (!is_again) {
        TRY(read_booking(rq, body, &in, why));
        TRY(request_once(rq, app_desk(rq->app)->store, appointment_book, &in, &id, why));
    }
    reply_header(rq, "Location", STR("/api/v1/appointments"));
    return reply_appointment(rq, 201, id, why);
}

/* A stranger's appointment is not there, whatever version they name. */
static enum outcome version_seen(struct request *rq, struct appointment_end *in, struct fail *why)
{
    struct appointment p;
    AUTO_READ struct tx *tx = NULL;
    TRY(begin_read(rq, &tx, why));
    TRY(appointment_load(tx, in->id, &p, why));
    TRY(appointment_may_end(&p, in, why));
    return request_if_match(rq, &in->version, why);
}

static enum outcome end_one(struct request *rq, enum appointment_change what, struct str reason, struct fail *why)
{
    struct appointment_end in = {.actor = people_actor(rq), .what = what, .reason = reason};
    if (!id_parse(request_param(rq, "id"), &in.id)) return fail(why, ERR_MISSING, N_("There is no such appointment."));
    if (!permission_is_in(rq->visitor.permissions, PERMIT_DOSSIER_COUNTER))
        in.actor.agency = 0; /* as its holder only */
    TRY(version_seen(rq, &in, why));
    TRY(store_run(app_desk(rq->app)->store, appointment_end, &in, NULL, why));
    return reply_appointment(rq, 200, in.id, why);
}

static enum outcome post_cancel(struct request *rq, struct fail *why)
{
    yyjson_val *body = NULL;
    if (rq->body.len > 0) TRY(request_json(rq, &body, why));
    return end_one(rq, APPOINTMENT_CANCELLED, str_trim(text_clean(rq->arena, json_str(body, "reason"))), why);
}

static enum outcome post_come(struct request *rq, struct fail *why)
{
    return end_one(rq, APPOINTMENT_CAME, STR(""), why);
}

static enum outcome post_miss(struct request *rq, struct fail *why)
{
    return end_one(rq, APPOINTMENT_MISSED, STR(""), why);
}

/* ---- the queue ---- */

static void write_ticket(struct json_writer *w, struct arena *a, const struct ticket *t)
{
    jw_open(w, '{');
    jw_put_id(w, "id", t->id);
    jw_put_str(w, "number", ticket_number(a, t));
    jw_put_str(w, "line", t->line);
    jw_put_str_or_null(w, "priority", t->priority);
    jw_put_str(w, "source", t->source);
    jw_put_str(w, "state", t->state);
    jw_put_int(w, "desk", t->desk);
    jw_put_instant(w, "taken_at", t->taken_at);
    jw_put_instant(w, "called_at", t->called_at);
    jw_close(w);
}

static const char *const counter_states[] = {"waiting", "called", "missed"};

static enum outcome get_tickets(struct request *rq, struct fail *why)
{
    struct ticket *tickets;
    struct json_writer w;
    size_t count, at = 0;
    struct str asked = request_query(rq, "state");
    AUTO_READ struct tx *tx = NULL;
    while (asked.len > 0 && at < LENGTH(counter_states) && !str_eq(asked, str_from(counter_states[at]))) at++;
    if (at == LENGTH(counter_states)) {
        fail_problem(why, STR("/state"), "unknown", N_("“{0}” is not one of the choices."), asked);
        return fail_if_problems(why);
    }
    TRY(begin_read(rq, &tx, why));
    TRY(tickets_in_turn(tx, rq->visitor.agency, counter_states[at], COUNTER_TICKETS_SHOWN, &tickets, &count, why));
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < count; i++) write_ticket(&w, rq->arena, &tickets[i]);
    jw_close_list(&w, STR_NONE); /* all lists here are bounded */
    return OK;
}

/* A ticket by its id, for who asks twice. */
static enum outcome take_number(struct tx *tx, const void *input, void *output, struct fail *why)
{
    struct ticket t;
    TRY(ticket_take(tx, input, &t, why));
    *(int64_t *)output = t.id;
    return OK;
}

static enum outcome post_ticket(struct request *rq, struct fail *why)
{
    yyjson_val *body;
    struct ticket t;
    struct json_writer w;
    int64_t id;
    TRY(request_json(rq, &body, why));
    struct ticket_take take = {.agency = rq->visitor.agency,
                               .line = json_str(body, "line"),
                               .priority = json_str(body, "priority"),
                               .source = STR("desk")};
    TRY(request_once(rq, app_desk(rq->app)->store, take_number, &take, &id, why));
    AUTO_READ struct tx *tx = NULL;
    TRY(begin_read(rq, &tx, why));
    TRY(ticket_load(tx, id, &t, why));
    jw_init(&w, reply_begin(rq, 201, "application/json"));
    write_ticket(&w, rq->arena, &t);
    return OK;
}

static const char *const counter_calls[] = {
    [DESK_NEXT] = "next", [DESK_AGAIN] = "again",       [DESK_MISSED] = "missed",
    [DESK_DONE] = "done", [DESK_TRANSFER] = "transfer", [DESK_CALL] = "call",
};

static enum outcome read_call(struct request *rq, yyjson_val *body, struct desk_call *out, struct fail *why)
{
    struct seat seat;
    size_t act = 0;
    struct str asked = json_str(body, "act");
    while (act < LENGTH(counter_calls) && !str_eq(asked, str_from(counter_calls[act]))) act++;
    if (act == LENGTH(counter_calls))
        fail_problem(why, STR("/act"), "unknown", N_("“{0}” is not one of the choices."), asked);
    if (act == DESK_CALL && !id_parse(json_str(body, "ticket"), &out->ticket))
        fail_problem(why, STR("/ticket"), "required", N_("There is no such number in today's queue."));
    TRY(fail_if_problems(why));
    AUTO_READ struct tx *tx = NULL;
    TRY(begin_read(rq, &tx, why));
    TRY(seat_of(tx, rq->visitor.account, rq->visitor.agency, &seat, why));
    out->act = (enum desk_act)act;
    out->desk = json_int(body, "desk", seat.desk);
    out->line = json_get(body, "line") != NULL ? json_str(body, "line") : seat.line;
    out->to = json_str(body, "to");
    if (out->desk == 0) return fail(why, ERR_INVALID, N_("Say at which desk you sit, then call."));
    return OK;
}

/* The one whom the desk has called now; null when nobody waits. */
static enum outcome reply_called(struct request *rq, int64_t desk, struct fail *why)
{
    struct ticket t;
    struct json_writer w;
    bool is_there;
    AUTO_READ struct tx *tx = NULL;
    TRY(begin_read(rq, &tx, why));
    TRY(ticket_of_desk(tx, rq->visitor.agency, desk, &t, &is_there, why));
    jw_init(&w, reply_begin(rq, 200, "application/json"));
    jw_open(&w, '{');
    jw_put_int(&w, "desk", desk);
    jw_key(&w, "ticket");
    if (is_there)
        write_ticket(&w, rq->arena, &t);
    else
        jw_null(&w);
    jw_close(&w);
    return OK;
}

static enum outcome call_number(struct tx *tx, const void *input, void *output, struct fail *why)
{
    bool is_done;
    (void)output; /* the answer says whom the desk has called */
    return desk_call(tx, input, &is_done, why);
}

static enum outcome post_call(struct request *rq, struct fail *why)
{
    yyjson_val *body;
    int64_t ignored;
    struct desk_call in = {.agency = rq->visitor.agency, .account = rq->visitor.account};
    TRY(request_json(rq, &body, why));
    TRY(read_call(rq, body, &in, why));
    TRY(request_once(rq, app_desk(rq->app)->store, call_number, &in, &ignored, why));
    return reply_called(rq, in.desk, why);
}

/* clang-format off */
/* In order of use. */
const struct route counter_api_routes[] = {
    {GET,  "/api/v1/appointments/slots",             PERMIT_DOSSIER_OWN,     get_slots,        N_("Times that can be booked")},
    {GET,  "/api/v1/appointments",                   PERMIT_DOSSIER_OWN,     get_own,          N_("My appointments")},
    {POST, "/api/v1/appointments",                   PERMIT_DOSSIER_OWN,     post_appointment, N_("Book an appointment"), COUNTER_JSON_BYTES, false, NULL},
    {POST, "/api/v1/appointments/{id}/cancel",       PERMIT_SIGNED_IN,       post_cancel,      N_("Cancel an appointment"), COUNTER_JSON_BYTES, false, NULL},
    {GET,  "/api/v1/counter/appointments",           PERMIT_DOSSIER_COUNTER, get_day,          N_("Appointments")},
    {POST, "/api/v1/counter/appointments/{id}/come", PERMIT_DOSSIER_COUNTER, post_come,        N_("An appointment is kept, missed or cancelled"),
        COUNTER_JSON_BYTES, false, NULL},
    {POST, "/api/v1/counter/appointments/{id}/miss", PERMIT_DOSSIER_COUNTER, post_miss,        N_("An appointment is kept, missed or cancelled"),
        COUNTER_JSON_BYTES, false, NULL},
    {GET,  "/api/v1/counter/tickets",                PERMIT_DOSSIER_COUNTER, get_tickets,      N_("Today's queue")},
    {POST, "/api/v1/counter/tickets",                PERMIT_DOSSIER_COUNTER, post_ticket,      N_("Take a number"), COUNTER_JSON_BYTES, false, NULL},
    {POST, "/api/v1/counter/call",                   PERMIT_DOSSIER_COUNTER, post_call,        N_("Call a number"), COUNTER_JSON_BYTES, false, NULL},
};
/* clang-format on */
const size_t counter_api_route_count = LENGTH(counter_api_routes);
