#include "batch/batch_order.h"

#include <string.h>

#include "base/auto.h"
#include "base/map.h"
#include "dossier/act_input.h"
#include "dossier/dossier_brief.h"
#include "people/people.h"

enum { PARAMETERS_BYTES = 64 * 1024 };

/* ---- the act ---- */

static enum outcome read_act(struct request *rq, yyjson_val *body, struct batch_order *out, struct fail *why)
{
    struct str name = json_str(body, "act");
    out->action = action_find(name);
    if (name.len == 0)
        fail_problem(why, STR("/act"), "required", N_("This has to be filled in."));
    else if (out->action == NULL)
        fail_problem(why, STR("/act"), "unknown", N_("“{0}” is not one of the choices."), name);
    else if (!action_is_for_many(out->action))
        fail_problem(why, STR("/act"), "one-by-one",
                     N_("This act concerns each dossier by itself and cannot be done to many at once."));
    else if (!permission_is_in(rq->visitor.permissions, out->action->permission))
        return fail(why, ERR_DENIED, N_("Your role does not include this act."));
    return OK;
}

/* ---- the dossiers ---- */

struct reading {
    struct request *rq;
    struct tx *tx;
    struct batch_order *order;
    struct map seen; /* codes */
};

static enum outcome find_dossier(struct reading *r, struct str pointer, struct str code, int64_t version,
                                 struct fail *why)
{
    struct dossier_brief d = {0};
    struct fail missing;
    struct arena_mark mark = arena_mark(r->rq->arena); /* ten thousand rows would not fit into a request */
    fail_init(&missing, r->rq->arena);
    enum outcome found = dossier_brief_find(r->tx, code, &d, &missing);
    if (found == OK) arena_back(r->rq->arena, mark);
    if (found != OK && found != ERR_MISSING) return fail_with(why, found, missing.sentence, missing.args);
    if (found == ERR_MISSING || d.agency != r->rq->visitor.agency)
        fail_problem(why, pointer, "unknown", N_("There is no dossier with the code {0}."), code);
    else if (version < 0 || version > d.version)
        fail_problem(why, pointer, "version", N_("The dossier {0} has no such version."), code);
    else
        r->order->items[r->order->count++] = (struct batch_item_new){d.id, version != 0 ? version : d.version};
    return OK;
}

static enum outcome read_dossier(struct reading *r, size_t i, yyjson_val *v, struct fail *why)
{
    struct str pointer = str_format(r->rq->arena, "/dossiers/%zu", i);
    struct str code = yyjson_is_str(v) ? json_text(v) : json_str(v, "code");
    if (code.len == 0 || !dossier_code_is_valid(code)) {
        fail_problem(why, pointer, "format", N_("Give the code of a dossier, or its code and version."));
        return OK;
    }
    if (map_find(&r->seen, code) != NULL) {
        fail_problem(why, pointer, "twice", N_("The dossier {0} is named twice."), code);
        return OK;
    }
    map_set(&r->seen, code, r);
    return find_dossier(r, pointer, code, yyjson_is_obj(v) ? json_int(v, "version", 0) : 0, why);
}

static enum outcome read_dossiers(struct request *rq, struct tx *tx, yyjson_val *body, struct batch_order *out,
                                  struct fail *why)
{
    struct reading r = {.rq = rq, .tx = tx, .order = out};
    yyjson_val *list = json_get(body, "dossiers"), *v;
    size_t i, count = yyjson_arr_size(list);
    if (count == 0 || count > BATCH_ITEMS_MOST) {
        fail_problem(why, STR("/dossiers"), count == 0 ? "required" : "too-many", N_("Name 1 to {0} dossiers."),
                     str_format(rq->arena, "%d", BATCH_ITEMS_MOST));
        return OK;
    }
    out->items = ARENA_ARRAY(rq->arena, struct batch_item_new, count);
    map_init(&r.seen, rq->arena);
    yyjson_arr_foreach(list, i, count, v) TRY(read_dossier(&r, i, v, why));
    return OK;
}

/* ---- the fields ---- */

/* A paper belongs to one dossier. */
static bool has_files(const struct batch_order *order)
{
    yyjson_val *files = json_get(order->fields, "files");
    return files != NULL && (!yyjson_is_arr(files) || yyjson_arr_size(files) > 0);
}

static enum outcome check_with(struct request *rq, struct tx *tx, const struct batch_order *order, struct fail *why)
{
    const struct desk *desk = app_desk(rq->app);
    struct dossier_brief first;
    struct dossier_view view;
    struct standing who = standing_of(rq);
    struct act act;
    TRY(dossier_brief_load(tx, order->items[0].subject, &first, why));
    TRY(dossier_view_load(desk, tx, &who, first.code, &view, why));
    struct act_call call =
        act_call_of(rq, (enum action_id)(order->action - actions), order->items[0].version, order->fields);
    return act_check(&call, tx, &view, &act, why);
}

enum outcome batch_order_check_fields(struct request *rq, struct tx *tx, const struct batch_order *order,
                                      struct str place, struct fail *why)
{
    struct fail wrong;
    fail_init(&wrong, rq->arena);
    if (order->fields != NULL && !yyjson_is_obj(order->fields))
        fail_problem(why, STR("/fields"), "type", N_("The fields of the act are an object."));
    else if (has_files(order))
        fail_problem(why, STR("/fields/files"), "one-by-one",
                     N_("A paper belongs to one dossier; it cannot be added to many at once."));
    if (order->action == NULL || order->count == 0) return OK;
    enum outcome r = check_with(rq, tx, order, &wrong);
    if (r != OK && r != ERR_INVALID) return fail_with(why, r, wrong.sentence, wrong.args);
    for (size_t i = 0; i < wrong.problem_count; i++) {
        const struct problem *p = &wrong.problems[i];
        fail_problem_with(why, str_format(rq->arena, "%.*s%.*s", STR_ARG(place), STR_ARG(p->pointer)), p->code,
                          p->sentence, p->args);
    }
    return OK;
}

enum outcome batch_order_read(struct request *rq, yyjson_val *body, struct batch_order *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    *out = (struct batch_order){.fields = json_get(body, "fields")};
    TRY(read_act(rq, body, out, why));
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(read_dossiers(rq, tx, body, out, why));
    TRY(batch_order_check_fields(rq, tx, out, STR("/fields"), why));
    return fail_if_problems(why);
}

/* ---- starting ---- */

/* Only what the act's row names: nobody asked for the rest. */
static enum outcome write_parameters(struct request *rq, const struct batch_order *order, struct str *out,
                                     struct fail *why)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    yyjson_val *written;
    buf_init(&text, PARAMETERS_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '{');
    jw_put_str(&w, "act", str_from(order->action->name));
    jw_key(&w, "fields");
    jw_open(&w, '{');
    for (size_t i = 0; i < order->action->field_count; i++) {
        const struct action_field *f = &order->action->fields[i];
        yyjson_val *v = json_get(order->fields, f->name);
        if (v == NULL || f->kind == ACTION_FILES) continue;
        jw_key(&w, f->name);
        jw_value(&w, v);
    }
    jw_close(&w);
    jw_close(&w);
    TRY(json_read(rq->arena, str_dup(rq->arena, buf_str(&text)), &written, why));
    *out = json_canonical(rq->arena, written);
    return OK;
}

enum outcome batch_order_start(struct request *rq, const struct batch_order *order, struct str key,
                               struct sha256 body_hash, struct batch_started *out, struct fail *why)
{
    struct batch_new in = {
        .kind = "act",
        .actor = people_actor(rq),
        .items = order->items,
        .item_count = order->count,
        .key = {rq->visitor.account, key, body_hash}
    };
    TRY(write_parameters(rq, order, &in.parameters, why));
    return store_run(app_store(rq->app), batch_start, &in, out, why);
}
