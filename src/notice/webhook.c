#include "notice/webhook.h"

#include "agency/agency.h"
#include "dossier/desk.h"
#include "http/client.h"
#include "http/once.h"
#include "people/people.h"

enum outcome webhook_id(struct request *rq, int64_t *out, struct fail *why)
{
    return id_parse(request_param(rq, "id"), out) ? OK : fail(why, ERR_MISSING, N_("There is no such webhook."));
}

enum outcome webhook_agency(struct tx *tx, const struct endpoint *e, struct str *out, struct fail *why)
{
    struct agency agency;
    *out = STR_NONE;
    if (e->agency == 0) return OK;
    TRY(agency_load(tx, e->agency, &agency, why));
    *out = agency.identifier;
    return OK;
}

static enum outcome read_agency(struct request *rq, struct str identifier, int64_t *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct agency agency;
    struct fail unknown;
    *out = 0;
    identifier = str_trim(identifier);
    if (identifier.len == 0) return OK;
    fail_init(&unknown, rq->arena);
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    enum outcome found = agency_find(tx, identifier, &agency, &unknown);
    if (found == OK)
        *out = agency.id;
    else
        fail_problem_with(why, STR("/agency"), "unknown", unknown.sentence, unknown.args);
    return found == ERR_DOWN ? found : OK;
}

enum outcome webhook_add(struct request *rq, const struct webhook_form *form, struct webhook_added *out,
                         struct fail *why)
{
    struct endpoint_new new = {.actor = people_actor(rq), .key = request_key(rq), .url = str_trim(form->url)};
    struct endpoint_added added;
    struct fail wrong;
    fail_init(&wrong, rq->arena);
    if (client_url_check(new.url, &wrong) != OK)
        fail_problem_with(why, STR("/url"), "format", wrong.sentence, wrong.args);
    endpoint_events_check(rq->arena, form->events, STR("/events"), &new.events, why);
    TRY(read_agency(rq, form->agency, &new.agency, why));
    TRY(fail_if_problems(why));
    endpoint_secret(app_desk(rq->app)->keys, rq->arena, &new.sealed, &out->secret);
    TRY(store_run(app_store(rq->app), endpoint_add, &new, &added, why));
    out->id = added.id;
    out->is_replay = added.is_replay;
    if (!added.is_replay) return OK;
    AUTO_READ struct tx *tx = NULL;
    struct endpoint e;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(endpoint_load(tx, added.id, &e, why));
    return endpoint_secret_told(app_desk(rq->app)->keys, rq->arena, &e, &out->secret, why);
}

enum outcome webhook_change(struct request *rq, int64_t id, int64_t version, struct str act, struct str *out_secret,
                            struct fail *why)
{
    static const char *const names[] = {"enable", "disable", "rotate"};
    struct endpoint_change change = {
        .actor = people_actor(rq), .id = id, .version = version, .act = ENDPOINT_ACT_COUNT};
    *out_secret = STR_NONE;
    for (size_t i = 0; i < LENGTH(names); i++)
        if (str_eq(act, str_from(names[i]))) change.act = (enum endpoint_act)i;
    if (change.act == ENDPOINT_ACT_COUNT) return fail(why, ERR_MISSING, N_("There is nothing at this address."));
    if (change.act == ENDPOINT_ROTATE) endpoint_secret(app_desk(rq->app)->keys, rq->arena, &change.sealed, out_secret);
    return store_run(app_store(rq->app), endpoint_change, &change, NULL, why);
}

/* A moment, or a day: its beginning, or with `is_end` the beginning of the next. */
static void read_moment(struct request *rq, struct str text, bool is_end, const char *pointer, instant_t *out,
                        struct fail *why)
{
    day_t day;
    struct fail ignored;
    fail_init(&ignored, rq->arena);
    if (day_parse(text, &day, &ignored) == OK)
        *out = day_start(day + (is_end ? 1 : 0));
    else if (instant_parse(text, out, &ignored) != OK)
        fail_problem(why, str_from(pointer), "format", N_("Write a day such as 2026-11-22, or a moment."));
}

enum outcome webhook_replay(struct request *rq, int64_t id, const struct replay_form *form, int64_t *out_count,
                            struct fail *why)
{
    struct endpoint_change change = {.actor = people_actor(rq), .id = id, .act = ENDPOINT_REPLAY};
    if (form->message.len > 0) {
        if (!id_parse(form->message, &change.message))
            fail_problem(why, STR("/message"), "unknown", N_("There is no such message."));
    } else {
        read_moment(rq, form->from, false, "/from", &change.from, why);
        read_moment(rq, form->to, true, "/to", &change.to, why);
    }
    TRY(fail_if_problems(why));
    return request_once(rq, app_store(rq->app), endpoint_change, &change, out_count, why);
}
