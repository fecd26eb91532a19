#include "app/events_api.h"

#include <inttypes.h>

#include "agency/permission.h"
#include "base/parse.h"
#include "notice/endpoint.h"

enum { EVENTS_STANDARD = 100, EVENTS_MOST = 1000 };

static enum outcome read_place(struct request *rq, uint64_t *out_after, size_t *out_most, struct fail *why)
{
    struct str after = request_query(rq, "after");
    *out_after = 0;
    *out_most = request_limit(rq, EVENTS_STANDARD, EVENTS_MOST, why);
    if (after.len > 0 && (!parse_u64(after, out_after) || *out_after > INT64_MAX))
        fail_problem(why, STR("after"), "format", N_("Give the id of the last event you have, or nothing."));
    return fail_if_problems(why);
}

static enum outcome get_events(struct request *rq, struct fail *why)
{
    uint64_t after;
    size_t most;
    struct journal_entry *entries;
    size_t count;
    AUTO_READ struct tx *tx = NULL;
    TRY(read_place(rq, &after, &most, why));
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(journal_after(tx, (int64_t)after, most, &entries, &count, why));
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
