#include "batch/batch_api.h"

#include "base/parse.h"
#include "batch/batch_order.h"
#include "batch/batch_view.h"
#include "dossier/dossier_view.h"
#include "people/people.h"

enum { LIST_STANDARD = 25, LIST_MOST = 100, ORDER_BYTES = 1024 * 1024 };

/* ---- writing ---- */

static void write_batch(struct request *rq, struct json_writer *w, const struct batch *b)
{
    struct batch_view v;
    batch_view_of(app_batches(rq->app), rq->arena, rq->language, b, &v);
    jw_open(w, '{');
    jw_put_id(w, "id", b->id);
    jw_put_str(w, "kind", b->kind);
    jw_put_str_or_null(w, "act", v.act);
    jw_put_str(w, "title", v.title);
    jw_put_str(w, "state", str_from(batch_state_name(b->state)));
    jw_put_str(w, "state_name", translate(rq->language, batch_state_title(b->state)));
    jw_put_int(w, "total", b->total);
    jw_put_int(w, "done", b->done);
    jw_put_int(w, "refused", b->refused);
    jw_put_instant(w, "started_at", b->started_at);
    jw_put_instant(w, "finished_at", b->finished_at);
    jw_put_int(w, "version", batch_version(b));
    jw_put_str(w, "items", str_format(rq->arena, "/api/v1/batches/%lld/items", (long long)b->id));
    jw_close(w);
}

static void answer_batch(struct request *rq, int status, const struct batch *b)
{
    struct json_writer w;
    reply_etag(rq, id_format(rq->arena, batch_version(b)));
    jw_init(&w, reply_begin(rq, status, "application/json"));
    write_batch(rq, &w, b);
}

static void write_item(struct json_writer *w, const struct item_view *v)
{
    jw_open(w, '{');
    jw_put_int(w, "n", v->item.n);
    jw_put_str_or_null(w, "dossier", v->dossier);
    if (v->item.version != 0)
        jw_put_int(w, "version", v->item.version);
    else
        jw_put_null(w, "version");
    jw_put_str(w, "state", str_from(item_state_name(v->item.state)));
    jw_put_str_or_null(w, "code", v->code);
    jw_put_str_or_null(w, "detail", v->said);
    jw_put_str_or_null(w, "advice", v->advice);
    jw_put_instant(w, "at", v->item.at);
    jw_close(w);
}

/* ---- reading ---- */

static void read_place(struct request *rq, int64_t *out_after, size_t *out_most, struct fail *why)
{
    *out_after = request_cursor(rq, *out_after, why);
    *out_most = request_limit(rq, LIST_STANDARD, LIST_MOST, why);
}

static enum outcome visit(struct request *rq, struct tx *tx, struct batch *out, struct fail *why)
{
    int64_t id;
    if (!id_parse(request_param(rq, "id"), &id)) return fail(why, ERR_MISSING, N_("There is no such batch."));
    struct batch_reader who = batch_reader_of(rq);
    return batch_look(tx, id, &who, out, why);
}

static enum outcome load(struct request *rq, int64_t id, struct batch *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    struct batch_reader who = batch_reader_of(rq);
    return batch_look(tx, id, &who, out, why);
}

/* ---- handlers ---- */

static enum outcome post_batch(struct request *rq, struct fail *why)
{
    yyjson_val *body;
    struct batch_order order;
    struct batch_started started;
    struct batch b;
    TRY(request_json(rq, &body, why));
    TRY(batch_order_read(rq, body, &order, why));
    TRY(batch_order_start(rq, &order, request_header(rq, "idempotency-key"), request_print(rq), &started, why));
    TRY(load(rq, started.id, &b, why));
    reply_header(rq, "Location", str_format(rq->arena, "/api/v1/batches/%lld", (long long)b.id));
    if (started.is_replay) reply_header(rq, "Idempotency-Replayed", STR("true"));
    answer_batch(rq, 202, &b);
    return OK;
}

static enum outcome get_batch(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct batch b;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(visit(rq, tx, &b, why));
    answer_batch(rq, 200, &b);
    return OK;
}

static enum outcome post_stop(struct request *rq, struct fail *why)
{
    struct batch_stop stop = {.actor = people_actor(rq)};
    struct batch b;
    if (!id_parse(request_param(rq, "id"), &stop.batch)) return fail(why, ERR_MISSING, N_("There is no such batch."));
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
        TRY(batch_find(tx, stop.batch, rq->visitor.account, &b, why)); /* what is not there has no version */
    }
    TRY(request_if_match(rq, &stop.version, why));
    TRY(store_run(app_store(rq->app), batch_stop, &stop, NULL, why));
    TRY(load(rq, stop.batch, &b, why));
    answer_batch(rq, 200, &b);
    return OK;
}

static enum outcome get_batches(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct batch *list;
    struct json_writer w;
    int64_t before = INT64_MAX;
    size_t most, count;
    read_place(rq, &before, &most, why);
    TRY(fail_if_problems(why));
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(batches_of_account(tx, rq->visitor.account, before, most + 1, &list, &count, why));
    bool has_more = count > most;
    if (has_more) count = most;
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < count; i++) write_batch(rq, &w, &list[i]);
    jw_close_list(&w, has_more ? id_format(rq->arena, list[count - 1].id) : STR_NONE);
    return OK;
}

static void read_state(struct request *rq, struct item_query *q, struct fail *why)
{
    struct str name = request_query(rq, "state");
    enum item_state state;
    q->state = -1;
    if (name.len == 0) return;
    if (item_state_parse(name, &state))
        q->state = (int)state;
    else
        fail_problem(why, STR("state"), "unknown", N_("“{0}” is not one of the choices."), name);
}

static enum outcome get_items(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct batch b;
    struct item_query q = {0};
    struct batch_item *items;
    struct item_view *views;
    struct json_writer w;
    size_t most, count;
    read_place(rq, &q.after, &most, why);
    read_state(rq, &q, why);
    TRY(fail_if_problems(why));
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(visit(rq, tx, &b, why));
    q.batch = b.id;
    q.most = most + 1;
    TRY(batch_items(tx, &q, &items, &count, why));
    bool has_more = count > most;
    if (has_more) count = most;
    TRY(item_views(tx, rq->language, items, count, &views, why));
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < count; i++) write_item(&w, &views[i]);
    jw_close_list(&w, has_more ? id_format(rq->arena, items[count - 1].n) : STR_NONE);
    return OK;
}

/* In order of use. Whose a batch is, batch_find decides: an administrator has batches too, of other kinds. */
/* clang-format off */
const struct route batch_api_routes[] = {
    {POST, "/api/v1/batches",            PERMIT_TASK_READ, post_batch,  N_("Do one thing to many dossiers"),
     .body_bytes = ORDER_BYTES},
    {GET,  "/api/v1/batches",            PERMIT_SIGNED_IN, get_batches, N_("Batches that I started")},
    {GET,  "/api/v1/batches/{id}",       PERMIT_SIGNED_IN, get_batch,   N_("Batch")},
    {GET,  "/api/v1/batches/{id}/items", PERMIT_SIGNED_IN, get_items,   N_("Items of a batch")},
    {POST, "/api/v1/batches/{id}/stop",  PERMIT_SIGNED_IN, post_stop,   N_("Stop a batch")},
};
/* clang-format on */
const size_t batch_api_routes_count = LENGTH(batch_api_routes);
