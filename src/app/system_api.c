#include "app/system_api.h"

#include <inttypes.h>

#include "agency/permission.h"
#include "app/backups.h"
#include "app/openapi.h"
#include "app/outgoing.h"
#include "app/routes.h"
#include "app/theme.h"
#include "base/version.h"
#include "dossier/count_cache.h"
#include "dossier/desk.h"
#include "notice/sender.h"
#include "queries.h"

static enum outcome get_healthz(struct request *rq, struct fail *why)
{
    (void)why; /* alive is all it says */
    reply_json(rq, 200, STR("{\"status\":\"ok\"}"));
    return OK;
}

/* Ready: the store takes commands and a snapshot can be read. Who asks is a program, whatever it says that it accepts.
 */
static enum outcome get_readyz(struct request *rq, struct fail *why)
{
    if (store_ready(app_store(rq->app), why) == OK)
        reply_json(rq, 200, STR("{\"status\":\"ready\"}"));
    else
        reply_problem(rq, why);
    return OK;
}

static enum outcome get_openapi(struct request *rq, struct fail *why)
{
    (void)why; /* drawn from tables: nothing to fail */
    size_t count;
    const struct route_list *lists = app_route_lists(rq->arena, &count);
    struct json_writer w;
    jw_init(&w, reply_begin(rq, 200, "application/json"));
    openapi_write(&w, rq->arena, lists, count, rq->language);
    return OK;
}

/* ---- measurements, Prometheus text format 0.0.4 ---- */

static void put_metric(struct buf *out, const char *name, const char *type, const char *help, int64_t value)
{
    buf_addf(out, "# HELP motcua_%s %s\n# TYPE motcua_%s %s\nmotcua_%s %" PRId64 "\n", name, help, name, type, name,
             value);
}

static void put_build(struct request *rq, struct buf *out)
{
    const struct app *app = rq->app;
    buf_addf(out,
             "# HELP motcua_build_info Version of the program and of its database.\n# TYPE motcua_build_info gauge\n"
             "motcua_build_info{version=\"%s\",schema=\"%s\"} 1\n",
             motcua_version, store_schema(app->store));
    put_metric(out, "start_time_seconds", "gauge", "When the program was started, seconds since 1970.",
               app->started_at / US_PER_S);
}

/* Age and health of what a restore would bring back. */
static void put_backups(struct request *rq, struct buf *out)
{
    struct fail ignored;
    struct backups_state s;
    fail_init(&ignored, rq->arena);
    if (backups_look(rq->app, rq->arena, &s, &ignored) != OK) return;
    put_metric(out, "backups", "gauge", "Backups that are kept.", s.folder.count);
    if (s.age_s >= 0) put_metric(out, "backup_age_seconds", "gauge", "Age of the newest backup.", s.age_s);
    put_metric(out, "backup_well", "gauge", "1: the backups are as they should be.", s.is_well);
    if (s.folder.verified_at != INSTANT_NONE)
        put_metric(out, "backup_verified_age_seconds", "gauge", "Time since the newest backup was verified.",
                   (clock_now() - s.folder.verified_at) / US_PER_S);
}

static void put_dossiers(struct request *rq, struct buf *out)
{
    struct fail ignored;
    struct rows rows;
    AUTO_READ struct tx *tx = NULL;
    fail_init(&ignored, rq->arena);
    if (store_read_begin(app_store(rq->app), rq->arena, &tx, &ignored) != OK) return;
    const struct value now[] = {v_instant(tx_now(tx))};
    const struct counted_query query = {STR("overdue"), Q_WORKLIST_OVERDUE, now, LENGTH(now), 10 * US_PER_S};
    if (count_cache_rows(app_desk(rq->app)->counts, tx, &query, &rows, &ignored) != OK) return;
    put_metric(out, "dossiers_overdue", "gauge", "Dossiers that wait for the office past their deadline.",
               row_int(&rows.at[0], 0));
}

static void put_latency(struct buf *out, const struct server_stats *s)
{
    uint64_t sum = 0;
    buf_add(out, STR("# HELP motcua_request_seconds Time from the first byte of a request to its answer.\n"
                     "# TYPE motcua_request_seconds histogram\n"));
    for (size_t i = 0; i < LENGTH(s->latency_us_buckets); i++) {
        sum += s->latency_us_buckets[i];
        if (i + 1 == LENGTH(s->latency_us_buckets))
            break; /* what took longer than all classes is in the last one too */
        buf_addf(out, "motcua_request_seconds_bucket{le=\"%.6f\"} %" PRIu64 "\n", (double)(UINT64_C(1) << i) / 1e6,
                 sum);
    }
    buf_addf(out,
             "motcua_request_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\nmotcua_request_seconds_sum %.6f\n"
             "motcua_request_seconds_count %" PRIu64 "\n",
             sum, (double)s->latency_us_sum / 1e6, sum);
}

static void put_looks(struct request *rq, struct buf *out)
{
    struct access_count looks;
    access_log_count(app_access(rq->app), &looks);
    put_metric(out, "access_looks_total", "counter", "Looks at somebody's dossier that were noted.",
               (int64_t)looks.noted);
    put_metric(out, "access_lost_total", "counter", "Looks that were not noted: more came than the disk takes.",
               (int64_t)looks.lost);
    put_metric(out, "access_waiting", "gauge", "Looks that are about to be written.", (int64_t)looks.waiting);
}

static void put_followers(struct request *rq, struct buf *out)
{
    struct fail ignored;
    struct tx *tx;
    fail_init(&ignored, rq->arena);
    if (store_read_begin(app_store(rq->app), rq->arena, &tx, &ignored) != OK) return;
    size_t count;
    const struct follower *followers = app_followers(rq->arena, &count);
    buf_add(out, STR("# HELP motcua_follower_lag_entries Entries of the journal that a follower has not taken yet.\n"
                     "# TYPE motcua_follower_lag_entries gauge\n"));
    for (size_t i = 0; i < count; i++) {
        int64_t lag;
        if (journal_lag(tx, followers[i].name, &lag, &ignored) == OK)
            buf_addf(out, "motcua_follower_lag_entries{follower=\"%s\"} %" PRId64 "\n", followers[i].name, lag);
    }
    store_read_end(tx);
}

static void put_messages(struct request *rq, struct buf *out)
{
    struct fail ignored;
    struct outgoing_finding found;
    struct sender_stats sent = sender_stats(rq->app->sender);
    fail_init(&ignored, rq->arena);
    put_metric(out, "messages_sent_total", "counter", "Letters and webhooks delivered.", (int64_t)sent.sent);
    put_metric(out, "message_failures_total", "counter", "Attempts to deliver that failed.", (int64_t)sent.failed);
    if (outgoing_look(rq->app, rq->arena, &found, &ignored) != OK) return;
    instant_t oldest = found.health.oldest_at;
    put_metric(out, "messages_waiting", "gauge", "Messages waiting to be sent.", found.health.waiting);
    put_metric(out, "messages_given_up", "gauge", "Messages given up in the last day.", found.health.given_up);
    put_metric(out, "message_oldest_seconds", "gauge", "Age of the oldest waiting message.",
               oldest == INSTANT_NONE ? 0 : (clock_now() - oldest) / US_PER_S);
}

static enum outcome get_metrics(struct request *rq, struct fail *why)
{
    (void)why; /* what cannot be read is left out */
    struct store_stats store = store_stats(app_store(rq->app));
    struct server_stats server = app_server_stats(rq->app);
    struct buf *out = reply_begin(rq, 200, "text/plain; version=0.0.4; charset=utf-8");
    put_metric(out, "requests_total", "counter", "Requests answered.", (int64_t)server.requests);
    put_metric(out, "refused_total", "counter", "Connections and requests refused for overload.",
               (int64_t)server.refused);
    put_metric(out, "connections", "gauge", "Open connections.", server.connections);
    put_metric(out, "store_commands_total", "counter", "Commands committed.", (int64_t)store.commands);
    put_metric(out, "store_batches_total", "counter", "Batches committed.", (int64_t)store.batches);
    put_metric(out, "store_queries_total", "counter", "Queries run.", (int64_t)store.queries);
    put_metric(out, "store_round_trips_total", "counter", "Answers of the database server that were waited for.",
               (int64_t)store.round_trips);
    put_metric(out, "store_queue", "gauge", "Commands waiting.", (int64_t)store.queue_length);
    put_metric(out, "requests_in_progress", "gauge", "Requests being answered.", server.in_progress);
    put_metric(out, "received_bytes_total", "counter", "Bytes received.", (int64_t)server.bytes_in);
    put_metric(out, "sent_bytes_total", "counter", "Bytes sent.", (int64_t)server.bytes_out);
    put_metric(out, "store_down", "gauge", "1: the store takes no changes.", store.is_down);
    put_build(rq, out);
    put_latency(out, &server);
    put_dossiers(rq, out);
    put_backups(rq, out);
    put_messages(rq, out);
    put_followers(rq, out);
    put_looks(rq, out);
    return OK;
}

/* In order of path. Health says nothing about anybody; measurements are for those who run the office. */
/* clang-format off */
const struct route system_routes[] = {
    {GET, "/healthz",             PERMIT_PUBLIC,        get_healthz,          N_("Alive")},
    {GET, "/readyz",              PERMIT_PUBLIC,        get_readyz,           N_("Ready")},
    {GET, "/metrics",             PERMIT_SYSTEM_HEALTH, get_metrics,          N_("Measurements")},
    {GET, "/language/{code}",     PERMIT_PUBLIC,        page_choose_language, N_("Choice of language")},
    {GET, "/giao-dien/{theme}",   PERMIT_PUBLIC,        page_choose_theme,    N_("Choice of colours")},
    {GET, "/theme/{file}",        PERMIT_PUBLIC,        get_theme_file,       N_("The office's own look")},
    {GET, "/api/v1/openapi.json", PERMIT_PUBLIC,        get_openapi,          N_("Description of the interface")},
};
/* clang-format on */
const size_t system_route_count = LENGTH(system_routes);
