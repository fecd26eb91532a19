/* /api/v1/webhooks: docs/notices.md says the shapes. */
#include "agency/permission.h"
#include "base/parse.h"
#include "notice/message.h"
#include "notice/webhook.h"

enum { LIST_STANDARD = 25, LIST_MOST = 100 };

/* ---- writing ---- */

static enum outcome write_endpoint(struct json_writer *w, struct tx *tx, const struct endpoint *e, struct str secret,
                                   struct fail *why)
{
    struct str agency, rest = e->events, word;
    TRY(webhook_agency(tx, e, &agency, why));
    jw_open(w, '{');
    jw_put_id(w, "id", e->id);
    jw_put_str(w, "url", e->url);
    jw_key(w, "events");
    jw_open(w, '[');
    while (rest.len > 0) {
        (void)str_cut(rest, ' ', &word, &rest); /* without a space it is the last one */
        jw_str(w, word);
    }
    jw_close(w);
    jw_put_str_or_null(w, "agency", agency);
    jw_put_bool(w, "is_enabled", e->disabled_at == INSTANT_NONE);
    jw_put_str_or_null(w, "disabled_by", e->disabled_by);
    jw_put_instant(w, "made_at", e->made_at);
    jw_put_instant(w, "old_secret_until", e->old_secret.len > 0 ? e->old_until : INSTANT_NONE);
    if (secret.len > 0) jw_put_str(w, "secret", secret);
    jw_close(w);
    return OK;
}

static enum outcome answer(struct request *rq, int status, int64_t id, struct str secret, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct endpoint e;
    struct json_writer w;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(endpoint_load(tx, id, &e, why));
    struct str tag = id_format(rq->arena, e.version);
    if (rq->method == GET && reply_not_modified(rq, tag)) return OK;
    jw_init(&w, reply_begin(rq, status, "application/json"));
    reply_etag(rq, tag);
    if (secret.len > 0) reply_header(rq, "Cache-Control", STR("no-store"));
    return write_endpoint(&w, tx, &e, secret, why);
}

static void write_message(struct json_writer *w, struct arena *a, const struct message *m, struct str origin)
{
    struct str public = message_public_id(a, origin, m->id);
    jw_open(w, '{');
    jw_put_id(w, "id", m->id);
    jw_put_str(w, "webhook_id", str_format(a, "msg_%.*s", STR_ARG(public)));
    jw_put_str(w, "event", m->event);
    jw_put_str(w, "state", str_from(message_state_name(m->state)));
    jw_put_int(w, "attempts", m->attempts);
    jw_put_instant(w, "made_at", m->made_at);
    jw_put_instant(w, "next_at", m->next_at == MESSAGE_AT_ONCE ? m->begun_at : m->next_at);
    jw_put_instant(w, "ended_at", m->ended_at);
    jw_put_int(w, "status", m->status);
    jw_put_str_or_null(w, "reason", str_from(message_reason_code(m->reason)));
    jw_put_str_or_null(w, "said", m->said);
    jw_close(w);
}

/* ---- handlers ---- */

static enum outcome get_list(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct endpoint *list;
    size_t count;
    struct json_writer w;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(endpoints_all(tx, &list, &count, why));
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < count; i++) TRY(write_endpoint(&w, tx, &list[i], STR_NONE, why));
    jw_close_list(&w, STR_NONE);
    return OK;
}

/* A list of types, or one text of them. */
static struct str read_events(struct request *rq, yyjson_val *body)
{
    yyjson_val *item, *list = json_get(body, "events");
    struct str all = json_text(list);
    size_t i, count;
    if (!yyjson_is_arr(list)) return all;
    yyjson_arr_foreach(list, i, count, item)
    {
        struct str word = yyjson_is_str(item) ? json_text(item) : STR("?");
        all = str_format(rq->arena, "%.*s %.*s", STR_ARG(all), STR_ARG(word));
    }
    return all;
}

static enum outcome post_list(struct request *rq, struct fail *why)
{
    yyjson_val *body;
    struct webhook_added added;
    TRY(request_json(rq, &body, why));
    struct webhook_form form = {json_str(body, "url"), read_events(rq, body), json_str(body, "agency")};
    TRY(webhook_add(rq, &form, &added, why));
    TRY(answer(rq, 201, added.id, added.secret, why));
    reply_header(rq, "Location", str_format(rq->arena, "/api/v1/webhooks/%lld", (long long)added.id));
    if (added.is_replay) reply_header(rq, "Idempotency-Replayed", STR("true"));
    return OK;
}

static enum outcome get_one(struct request *rq, struct fail *why)
{
    int64_t id;
    TRY(webhook_id(rq, &id, why));
    return answer(rq, 200, id, STR_NONE, why);
}

static enum outcome post_change(struct request *rq, struct fail *why)
{
    int64_t id, version;
    struct str secret;
    TRY(webhook_id(rq, &id, why));
    {
        AUTO_READ struct tx *tx = NULL;
        struct endpoint e;
        TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
        TRY(endpoint_load(tx, id, &e, why)); /* what is not there has no version */
    }
    TRY(request_if_match(rq, &version, why));
    TRY(webhook_change(rq, id, version, str_from(rq->route->context), &secret, why));
    return answer(rq, 200, id, secret, why);
}

static enum outcome post_replay(struct request *rq, struct fail *why)
{
    int64_t id, count;
    yyjson_val *body;
    TRY(webhook_id(rq, &id, why));
    TRY(request_json(rq, &body, why));
    struct replay_form form = {json_str(body, "message"), json_str(body, "from"), json_str(body, "to")};
    TRY(webhook_replay(rq, id, &form, &count, why));
    reply_json(rq, 202, str_format(rq->arena, "{\"count\":%lld}", (long long)count));
    return OK;
}

static enum outcome get_messages(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct endpoint e;
    struct message *list;
    size_t count;
    struct json_writer w;
    int64_t id, before = request_cursor(rq, INT64_MAX, why);
    size_t limit = request_limit(rq, LIST_STANDARD, LIST_MOST, why);
    TRY(fail_if_problems(why));
    TRY(webhook_id(rq, &id, why));
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(endpoint_load(tx, id, &e, why));
    TRY(messages_of_lane(tx, id, before, limit + 1, &list, &count, why));
    bool has_more = count > limit;
    if (has_more) count = limit;
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < count; i++) write_message(&w, rq->arena, &list[i], tx_origin(tx));
    jw_close_list(&w, has_more ? id_format(rq->arena, list[count - 1].id) : STR_NONE);
    return OK;
}

/* In order of use. */
/* clang-format off */
const struct route webhook_api_routes[] = {
    {GET,  "/api/v1/webhooks",               PERMIT_NOTICE_MANAGE, get_list,     N_("Webhooks"),                        0, false, NULL},
    {POST, "/api/v1/webhooks",               PERMIT_NOTICE_MANAGE, post_list,    N_("Add a webhook"),                   0, false, NULL},
    {GET,  "/api/v1/webhooks/{id}",          PERMIT_NOTICE_MANAGE, get_one,      N_("Webhook"),                         0, false, NULL},
    {POST, "/api/v1/webhooks/{id}/enable",   PERMIT_NOTICE_MANAGE, post_change,  N_("Enable the webhook"),              0, false, "enable"},
    {POST, "/api/v1/webhooks/{id}/disable",  PERMIT_NOTICE_MANAGE, post_change,  N_("Disable the webhook"),             0, false, "disable"},
    {POST, "/api/v1/webhooks/{id}/rotate",   PERMIT_NOTICE_MANAGE, post_change,  N_("Give the webhook a new secret"),   0, false, "rotate"},
    {POST, "/api/v1/webhooks/{id}/replay",   PERMIT_NOTICE_MANAGE, post_replay,  N_("Send messages again"),             0, false, NULL},
    {GET,  "/api/v1/webhooks/{id}/messages", PERMIT_NOTICE_MANAGE, get_messages, N_("Messages of the webhook"),         0, false, NULL},
};
/* clang-format on */
const size_t webhook_api_route_count = LENGTH(webhook_api_routes);
