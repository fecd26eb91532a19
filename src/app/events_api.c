#include "app/events_api.h"

#include <inttypes.h>

#include "agency/permission.h"
#include "base/parse.h"
#include "notice/endpoint.h"

enum { EVENTS_STANDARD = 100, EVENTS_MOST = 1000 };

static enum outcome read_place(struct request *rq, uint64_t *out_after, int *out_most, struct fail *why)
{
    struct str after = request_query(rq, "after"), limit = request_query(rq, "limit");
    *out_after = 0;
    *out_most = EVENTS_STANDARD;
    if (after.len > 0 && (!parse_u64(after, out_after) || *out_after > INT64_MAX))
        fail_problem(why, STR("after"), "format", N_("Give the id of the last event you have, or nothing."));
    if (limit.len > 0 && !parse_int(limit, 1, EVENTS_MOST, out_most))
        fail_problem(why, STR("limit"), "range", N_("The limit is a number from 1 to {0}."),
                     str_format(rq->arena, "%d", EVENTS_MOST));
    return fail_if_problems(why);
}

static enum outcome get_events(struct request *rq, struct fail *why)
{
    uint64_t after;
    int most;
    struct journal_entry *entries;
    size_t count;
    AUTO_READ struct tx *tx = NULL;
    TRY(read_place(rq, &after, &most, why));
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(journal_after(tx, (int64_t)after, (size_t)most, &entries, &count, why));
    int64_t last = count > 0 ? entries[count - 1].position : (int64_t)after;
    struct json_writer w;
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < count; i++) event_write(&w, tx, &entries[i]);
    jw_close_list(&w, str_format(rq->arena, "%" PRId64, last)); /* always: the feed goes on */
    return OK;
}

const struct route events_routes[] = {
    {GET, "/api/v1/events", PERMIT_EVENTS_READ, get_events, N_("Feed of events")}
};
const size_t events_route_count = LENGTH(events_routes);
