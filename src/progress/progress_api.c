#include "progress/progress_api.h"

#include "agency/permission.h"
#include "base/json.h"
#include "dossier/dossier_view.h"
#include "progress/progress.h"

static void put_count(struct json_writer *w, const struct task_count *c)
{
    jw_put_int(w, "late", c->late);
    jw_put_int(w, "today", c->today);
    jw_put_int(w, "tomorrow", c->tomorrow);
    jw_put_int(w, "three_days", c->three_days);
}

static void put_lines(struct json_writer *w, const char *key, const char *name_of_key,
                      const struct progress_line *lines, size_t count)
{
    jw_key(w, key);
    jw_open(w, '[');
    for (size_t i = 0; i < count; i++) {
        jw_open(w, '{');
        jw_put_str_or_null(w, name_of_key, lines[i].key);
        jw_put_str_or_null(w, "name", lines[i].name);
        put_count(w, &lines[i].count);
        jw_close(w);
    }
    jw_close(w);
}

static enum outcome get_progress(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct progress p;
    struct standing who = standing_of(rq);
    const struct desk *desk = app_desk(rq->app);
    struct str by = request_query(rq, "by");
    if (by.len > 0 && !str_eq(by, STR("holder")))
        fail_problem(why, STR("by"), "unknown", N_("“{0}” is not one of the choices."), by);
    TRY(fail_if_problems(why));
    TRY(store_read_begin(desk->store, rq->arena, &tx, why));
    TRY(progress_load(desk, tx, &who, request_query(rq, "agency"), &p, why));
    struct json_writer w;
    jw_init(&w, reply_begin(rq, 200, "application/json"));
    jw_open(&w, '{');
    jw_put_str(&w, "agency", p.agency.identifier);
    jw_put_str(&w, "scope", p.is_of_agency ? STR("agency") : STR("post"));
    jw_put_instant(&w, "at", p.bounds.now);
    put_count(&w, &p.all);
    jw_put_int(&w, "waiting_applicant", p.waiting.applicant);
    jw_put_int(&w, "waiting_units", p.waiting.units);
    jw_put_bool(&w, "at_least", p.is_more);
    if (by.len > 0) put_lines(&w, "holders", "login", p.holders, p.holder_count);
    if (p.is_of_agency) put_lines(&w, "agencies", "agency", p.agencies, p.agency_count);
    jw_close(&w);
    return OK;
}

const struct route progress_api_routes[] = {
    {GET, "/api/v1/progress", PERMIT_TASK_READ, get_progress, N_("What is late, due soon, or waits for others"),
     .can_wait = true},
};
const size_t progress_api_route_count = LENGTH(progress_api_routes);
