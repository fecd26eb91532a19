#include "admin/calendar_api.h"

#include "agency/permission.h"
#include "base/json.h"
#include "base/parse.h"
#include "dossier/dossier_view.h"
#include "http/once.h"
#include "people/people.h"

enum { PLAN_BYTES = 64 * 1024 };

/* ---- what page and interface share ---- */

static enum outcome weigh(struct request *rq, struct calendar_plan *plan, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    const struct desk *desk = app_desk(rq->app);
    TRY(store_read_begin(desk->store, rq->arena, &tx, why));
    return recount_weigh(desk, tx, plan->calendar, WEIGHED_MOST, &plan->effect, why);
}

enum outcome calendar_plan_run(struct request *rq, struct str text, bool is_preview, struct calendar_plan *out,
                               struct fail *why)
{
    const struct desk *desk = app_desk(rq->app);
    *out = (struct calendar_plan){0};
    TRY(calendars_try(desk->calendars, rq->arena, text, &out->calendar, why));
    TRY(weigh(rq, out, why));
    if (is_preview) return OK;
    return calendars_publish(desk->calendars, desk->store, rq->arena, people_actor(rq), text, &out->changed, why);
}

static enum outcome read_agency(struct request *rq, struct str identifier, int64_t *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct agency agency;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(agency_find(tx, identifier, &agency, why));
    *out = agency.id;
    return OK;
}

enum outcome calendar_give(struct request *rq, struct str identifier, struct str name, struct str valid_from,
                           int64_t version, int64_t *out_batch, struct fail *why)
{
    const struct desk *desk = app_desk(rq->app);
    struct agency_calendar_set in = {
        .actor = people_actor(rq), .version = version, .name = name, .valid_from = day_of(clock_now())};
    struct batch_started started;
    TRY(read_agency(rq, identifier, &in.agency, why));
    if (name.len > 0 && calendars_current(desk->calendars, name) == NULL)
        fail_problem(why, STR("/calendar"), "unknown", N_("There is no calendar “{0}”."), name);
    bool is_day = valid_from.len == 0 || day_or_problem(valid_from, STR("/valid_from"), &in.valid_from, why);
    if (is_day && in.valid_from < day_of(clock_now()))
        fail_problem(why, STR("/valid_from"), "past", N_("This day has passed already."));
    TRY(fail_if_problems(why));
    TRY(store_run(desk->store, agency_calendar_change, &in, &started, why));
    calendars_forget(desk->calendars);
    *out_batch = started.id;
    return OK;
}

/* ---- reading ---- */

static void put_head(struct json_writer *w, struct arena *a, const struct calendar *c)
{
    jw_put_str(w, "name", calendar_name(c));
    jw_put_str(w, "title", calendar_title(c));
    jw_put_str(w, "version", sha256_format(a, calendar_version(c)));
    jw_put_bool(w, "round_the_clock", calendar_is_round_the_clock(c));
}

static enum outcome get_calendars(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct calendar_in_use *all;
    size_t count;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(calendars_in_use(tx, &all, &count, why));
    struct json_writer w;
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < count; i++) {
        const struct calendar *c;
        TRY(calendars_get(app_calendars(rq->app), tx, all[i].version, &c, why));
        jw_open(&w, '{');
        put_head(&w, rq->arena, c);
        jw_put_instant(&w, "since", all[i].since);
        jw_close(&w);
    }
    jw_close_list(&w, STR_NONE);
    return OK;
}

/* Of a year only the days that are not as their weekday is. */
static void put_days(struct json_writer *w, struct arena *a, const struct calendar *c, int year)
{
    day_t end = day_from_civil((struct civil){year + 1, 1, 1});
    jw_key(w, "days");
    jw_open(w, '[');
    for (day_t d = day_from_civil((struct civil){year, 1, 1}); d < end; d++) {
        struct str note = calendar_day_note(c, d);
        if (note.len == 0) continue;
        jw_open(w, '{');
        jw_put_str(w, "day", day_format(a, d));
        jw_put_str(w, "name", note);
        jw_put_str_or_null(w, "shifts", calendar_day_shifts(a, c, d));
        jw_close(w);
    }
    jw_close(w);
}

static enum outcome read_year(struct request *rq, int *out, struct fail *why)
{
    struct str text = request_query(rq, "year");
    *out = day_to_civil(day_of(clock_now())).year;
    if (text.len > 0 && !parse_int(text, CALENDAR_FIRST_YEAR, CALENDAR_LAST_YEAR, out))
        fail_problem(why, STR("year"), "range", N_("A year from 2020 to 2045 is needed here, each once."));
    return fail_if_problems(why);
}

static enum outcome get_calendar(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct str name = request_param(rq, "name");
    struct calendar_in_use *all;
    size_t count, at = 0;
    int year;
    TRY(read_year(rq, &year, why));
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(calendars_in_use(tx, &all, &count, why));
    while (at < count && !str_eq(all[at].name, name)) at++;
    if (at == count) return fail(why, ERR_MISSING, N_("There is no calendar “{0}”."), name);
    const struct calendar *c;
    TRY(calendars_get(app_calendars(rq->app), tx, all[at].version, &c, why));
    struct json_writer w;
    jw_init(&w, reply_begin(rq, 200, "application/json"));
    jw_open(&w, '{');
    put_head(&w, rq->arena, c);
    jw_put_instant(&w, "since", all[at].since);
    jw_put_int(&w, "year", year);
    jw_put_bool(&w, "provisional", calendar_is_provisional(c, year));
    put_days(&w, rq->arena, c, year);
    jw_key(&w, "record");
    jw_raw(&w, all[at].text);
    jw_close(&w);
    return OK;
}

/* ---- changing ---- */

static struct str plan_text(struct request *rq, const struct calendar_plan *plan)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, PLAN_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '{');
    put_head(&w, rq->arena, plan->calendar);
    jw_key(&w, "changed");
    jw_open(&w, '[');
    for (size_t i = 0; i < plan->changed.count; i++) jw_str(&w, plan->changed.names[i]);
    jw_close(&w);
    jw_key(&w, "effect");
    jw_open(&w, '{');
    jw_put_int(&w, "open", plan->effect.open);
    jw_put_int(&w, "moved", plan->effect.moved);
    jw_put_bool(&w, "more", plan->effect.is_more);
    jw_close(&w);
    jw_close(&w);
    return str_dup(rq->arena, buf_str(&text));
}

static enum outcome post_calendar(struct request *rq, struct fail *why)
{
    yyjson_val *record; /* it is read again with its places, by who knows calendars */
    struct calendar_plan plan;
    bool is_preview = str_eq(request_query(rq, "preview"), STR("1")), is_answered = false;
    TRY(request_json(rq, &record, why));
    if (!is_preview) TRY(request_replay(rq, app_store(rq->app), &is_answered, why));
    if (is_answered) return OK;
    TRY(calendar_plan_run(rq, rq->body, is_preview, &plan, why));
    int status = plan.changed.count > 0 ? 201 : 200;
    struct str said = plan_text(rq, &plan);
    if (!is_preview) TRY(request_keep_reply(rq, app_store(rq->app), status, said, why));
    reply_json(rq, status, said);
    return OK;
}

static enum outcome answer_agency(struct request *rq, int64_t batch, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct agency agency, decides = {0};
    struct agency_calendar found;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(agency_find(tx, request_param(rq, "identifier"), &agency, why));
    TRY(agency_calendar_find(tx, agency.id, day_of(clock_now()), &found, why));
    if (found.agency != 0) TRY(agency_load(tx, found.agency, &decides, why));
    struct json_writer w;
    reply_etag(rq, id_format(rq->arena, agency.version));
    jw_init(&w, reply_begin(rq, 200, "application/json"));
    jw_open(&w, '{');
    jw_put_str(&w, "agency", agency.identifier);
    jw_put_str(&w, "calendar", found.agency != 0 ? found.name : STR(STANDARD_CALENDAR));
    jw_put_str_or_null(&w, "decided_by", decides.identifier);
    jw_put_str_or_null(&w, "valid_from", found.agency != 0 ? day_format(rq->arena, found.valid_from) : STR_NONE);
    if (batch > 0) jw_put_id(&w, "batch", batch);
    jw_close(&w);
    return OK;
}

static enum outcome get_of_agency(struct request *rq, struct fail *why)
{
    return answer_agency(rq, 0, why);
}

static enum outcome post_of_agency(struct request *rq, struct fail *why)
{
    yyjson_val *body;
    int64_t agency, version, batch;
    TRY(read_agency(rq, request_param(rq, "identifier"), &agency, why)); /* what is not there has no version */
    TRY(request_if_match(rq, &version, why));
    TRY(request_json(rq, &body, why));
    TRY(calendar_give(rq, request_param(rq, "identifier"), json_str(body, "calendar"), json_str(body, "valid_from"),
                      version, &batch, why));
    return answer_agency(rq, batch, why);
}

/* clang-format off */
const struct route calendar_api_routes[] = {
    {GET,  "/api/v1/calendars",        PERMIT_PUBLIC,        get_calendars, "List the working calendars"},
    {POST, "/api/v1/calendars",        PERMIT_AGENCY_MANAGE, post_calendar, "Publish a working calendar, or say what it would change",
     .body_bytes = CALENDAR_TEXT_BYTES},
    {GET,  "/api/v1/calendars/{name}", PERMIT_PUBLIC,        get_calendar,  "One working calendar"},
    {GET,  "/api/v1/agencies/{identifier}/calendar", PERMIT_PUBLIC,        get_of_agency,  "By which calendar an agency works"},
    {POST, "/api/v1/agencies/{identifier}/calendar", PERMIT_AGENCY_MANAGE, post_of_agency, "Have an agency work by a calendar"},
};
/* clang-format on */
const size_t calendar_api_route_count = LENGTH(calendar_api_routes);
