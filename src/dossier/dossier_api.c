#include "dossier/dossier_api.h"

#include "base/parse.h"
#include "dossier/act_input.h"
#include "dossier/dossier_list.h"
#include "dossier/dossier_visit.h"
#include "dossier/paper.h"
#include "dossier/submission_input.h"
#include "http/once.h"

enum { LIST_STANDARD = 25, LIST_MOST = 100, SUBMISSION_BYTES = 256 * 1024 };

static struct str version_tag(struct arena *a, int64_t version)
{
    return str_format(a, "%lld", (long long)version);
}

static void answer_view(struct request *rq, int status, const struct dossier_view *view)
{
    struct json_writer w;
    reply_etag(rq, version_tag(rq->arena, view->dossier.version));
    jw_init(&w, reply_begin(rq, status, "application/json"));
    dossier_view_json(&w, rq->arena, view, rq->language);
}

/* ---- files ---- */

static enum outcome post_file(struct request *rq, struct fail *why)
{
    if (rq->upload_count != 1 || rq->uploads[0].bytes == 0)
        return fail(why, ERR_BAD, N_("Send the bytes of one file as the body of the request."));
    const struct desk *desk = app_desk(rq->app);
    struct upload_row row;
    TRY(paper_keep(desk, rq, &rq->uploads[0], &row, why));
    struct json_writer w;
    jw_init(&w, reply_begin(rq, 201, "application/json"));
    jw_open(&w, '{');
    jw_put_str(&w, "id", sha256_format(rq->arena, row.hash));
    jw_put_str(&w, "name", row.name);
    jw_put_int(&w, "size", row.bytes);
    jw_put_str(&w, "type", row.type);
    jw_close(&w);
    return OK;
}

/* ---- dossiers ---- */

static enum outcome post_dossier(struct request *rq, struct fail *why)
{
    const struct desk *desk = app_desk(rq->app);
    yyjson_val *body;
    struct submission in;
    struct receipt receipt;
    TRY(request_json(rq, &body, why));
    TRY(submission_read(desk, rq, body, &in, why));
    in.key = request_key(rq);
    TRY(store_run(desk->store, dossier_submit, &in, &receipt, why));
    AUTO_READ struct tx *tx = NULL;
    struct dossier_view view;
    struct standing who = standing_of(rq);
    TRY(store_read_begin(desk->store, rq->arena, &tx, why));
    TRY(dossier_view_load(desk, tx, &who, receipt.code, &view, why));
    reply_header(rq, "Location", str_format(rq->arena, "/api/v1/dossiers/%.*s", STR_ARG(receipt.code)));
    if (receipt.is_replay) reply_header(rq, "Idempotency-Replayed", STR("true"));
    answer_view(rq, 201, &view);
    return OK;
}

static enum outcome get_dossier(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct dossier_view view;
    TRY(dossier_visit(rq, &tx, &view, why));
    if (reply_not_modified(rq, version_tag(rq->arena, view.dossier.version))) return OK;
    answer_view(rq, 200, &view);
    return OK;
}

static void write_line(struct json_writer *w, const struct history_line *line, enum language l)
{
    jw_open(w, '{');
    jw_put_int(w, "n", line->n);
    jw_put_instant(w, "at", line->at);
    jw_put_str(w, "action", line->action ? str_from(line->action->name) : STR("submit"));
    jw_put_str(w, "title", translate(l, line->action ? line->action->done : N_("Submitted")));
    jw_put_int(w, "status", line->status);
    jw_put_str(w, "status_name", translate(l, status_message(line->status)));
    jw_put_str_or_null(w, "role", line->actor_role);
    jw_put_str_or_null(w, "agency_name", line->agency_name);
    jw_put_str_or_null(w, "by", line->actor_name);
    jw_put_str_or_null(w, "note", line->note);
    jw_put_str_or_null(w, "reason", line->reason);
    jw_put_str_or_null(w, "outcome", line->outcome);
    jw_put_str_or_null(w, "manner", line->manner);
    jw_put_str_or_null(w, "until", line->until);
    jw_put_str_or_null(w, "undone", line->undone != NULL ? str_from(line->undone->name) : STR_NONE);
    jw_close(w);
}

static enum outcome get_history(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct dossier_view view;
    struct history_line *lines;
    size_t count;
    TRY(dossier_visit(rq, &tx, &view, why));
    TRY(dossier_history(tx, &view, &lines, &count, why));
    struct json_writer w;
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < count; i++) write_line(&w, &lines[i], rq->language);
    jw_close_list(&w, STR_NONE);
    return OK;
}

/* ---- acts ---- */

static enum outcome read_body(struct request *rq, yyjson_val **out, struct fail *why)
{
    if (rq->body.len == 0) return json_read(rq->arena, STR("{}"), out, why);
    return request_json(rq, out, why);
}

static enum outcome post_act(struct request *rq, struct fail *why)
{
    const struct action *action = rq->route->context;
    yyjson_val *body;
    struct dossier_view view;
    struct act_done done;
    int64_t version = 0;
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(dossier_visit(rq, &tx, &view, why));
    }
    TRY(request_if_match(rq, &version, why));
    TRY(read_body(rq, &body, why));
    struct act_call call = act_call_of(rq, (enum action_id)(action - actions), version, body);
    TRY(act_run(&call, &view, &done, why));
    AUTO_READ struct tx *tx = NULL;
    enum outcome seen = dossier_visit(rq, &tx, &view, why);
    if (seen == OK) answer_view(rq, 200, &view);
    if (seen == ERR_MISSING) reply_empty(rq, 204); /* handed over: not this visitor's to see any more */
    return seen == ERR_MISSING ? OK : seen;
}

struct route_list dossier_act_routes(struct arena *a)
{
    struct route *rows = ARENA_ARRAY(a, struct route, ACTION_COUNT);
    for (size_t i = 0; i < ACTION_COUNT; i++)
        rows[i] = (struct route){.method = POST,
                                 .path = str_format(a, "/api/v1/dossiers/{code}/%s", actions[i].name).at,
                                 .permission = actions[i].permission,
                                 .handler = post_act,
                                 .title = actions[i].title,
                                 .context = &actions[i]};
    return (struct route_list){rows, ACTION_COUNT};
}

/* ---- lists ---- */

static void write_item(struct json_writer *w, const struct list_item *item, bool is_task, enum language l)
{
    jw_open(w, '{');
    dossier_summary_json(w, &item->dossier, item->agency_identifier, l);
    jw_put_str(w, "procedure_name", item->procedure_name);
    if (is_task) {
        jw_put_str(w, "dossier", item->dossier.code);
        jw_put_str(w, "step", item->dossier.step);
        jw_put_bool(w, "asked", item->is_asked);
        jw_put_instant(w, "due", item->dossier.list_due == DUE_NEVER ? INSTANT_NONE : item->dossier.list_due);
        jw_put_str_or_null(w, "holder", item->holder_login);
        jw_key(w, "actions");
        jw_open(w, '[');
        for (size_t i = 0; i < item->action_count; i++) {
            jw_open(w, '{');
            jw_put_str(w, "name", str_from(actions[item->actions[i]].name));
            jw_put_str(w, "title", translate(l, actions[item->actions[i]].title));
            jw_close(w);
        }
        jw_close(w);
    }
    jw_close(w);
}

static void answer_list(struct request *rq, const struct dossier_list *list, bool is_task)
{
    struct json_writer w;
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < list->count; i++) write_item(&w, &list->items[i], is_task, rq->language);
    jw_close_list(&w, list->next_cursor);
}

static enum outcome get_tasks(struct request *rq, struct fail *why)
{
    struct inbox_query query = {.who = standing_of(rq),
                                .cursor = request_query(rq, "cursor"),
                                .is_mine_only = str_eq(request_query(rq, "mine"), STR("1"))};
    struct dossier_list list;
    AUTO_READ struct tx *tx = NULL;
    query.most = request_limit(rq, LIST_STANDARD, LIST_MOST, why);
    TRY(fail_if_problems(why));
    TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
    TRY(dossier_inbox(app_desk(rq->app), tx, &query, &list, why));
    answer_list(rq, &list, true);
    return OK;
}

static enum outcome get_dossiers(struct request *rq, struct fail *why)
{
    struct list_query query = {.who = standing_of(rq),
                               .cursor = request_query(rq, "cursor"),
                               .procedure = request_query(rq, "procedure"),
                               .agency = request_query(rq, "agency"),
                               .words = request_query(rq, "q"),
                               .due_before = INSTANT_NONE};
    struct dossier_list list;
    struct str status = request_query(rq, "status"), before = request_query(rq, "due_before");
    struct fail wrong;
    fail_init(&wrong, rq->arena);
    if (status.len > 0 && !parse_int(status, 1, STATUS_COUNT - 1, &query.status))
        fail_problem(why, STR("status"), "range", N_("The status is a number from 1 to 10."));
    if (before.len > 0 && list_parse_due(before, &query.due_before, &wrong) != OK)
        fail_problem(why, STR("due_before"), "format",
                     N_("Write a day (2026-11-22) or a moment (2026-11-22T17:00:00+07:00)."));
    query.most = request_limit(rq, LIST_STANDARD, LIST_MOST, why);
    TRY(fail_if_problems(why));
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
    TRY(dossier_list(app_desk(rq->app), tx, &query, &list, why));
    answer_list(rq, &list, false);
    return OK;
}

/* In order of use. Acts are dossier_act_routes. */
/* clang-format off */
const struct route dossier_api_routes[] = {
    {POST, "/api/v1/files",                     PERMIT_FILE_UPLOAD,    post_file,    N_("Upload a file"),
     .body_bytes = PAPER_BYTES_MOST, .takes_files = true},
    {POST, "/api/v1/dossiers",                  PERMIT_DOSSIER_SUBMIT, post_dossier, N_("Submit a dossier"),
     .body_bytes = SUBMISSION_BYTES},
    {GET,  "/api/v1/dossiers",                  PERMIT_SIGNED_IN,      get_dossiers, N_("Dossiers")},
    {GET,  "/api/v1/dossiers/{code}",           PERMIT_SIGNED_IN,      get_dossier,  N_("Dossier")},
    {GET,  "/api/v1/dossiers/{code}/history",   PERMIT_SIGNED_IN,      get_history,  N_("History of a dossier")},
    {GET,  "/api/v1/dossiers/{code}/files/{n}", PERMIT_SIGNED_IN,      dossier_visit_paper,    N_("A paper of a dossier")},
    {GET,  "/api/v1/tasks",                     PERMIT_TASK_READ,      get_tasks,    N_("Tasks")},
};
/* clang-format on */
const size_t dossier_api_routes_count = LENGTH(dossier_api_routes);
