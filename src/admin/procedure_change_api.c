/*
 * GET  /api/v1/procedures/{code}/versions                          every version with its state
 * POST /api/v1/procedures/{code}/versions                          a record: kept as a draft
 * GET  /api/v1/procedures/{code}/versions/{version}/difference     ?from=N: what differs from version N
 * POST /api/v1/procedures/{code}/versions/{version}/publish        in force from a day, by a decision
 * POST /api/v1/procedures/{code}/withdraw                          no new dossiers from a day, by a decision
 * GET  /api/v1/procedures/{code}/decisions                         every decision, the newest first
 * GET  /api/v1/competence?procedure=                               who performs and decides, by decree and day
 * POST /api/v1/competence/moves                                    moves procedures from a day
 */
#include "admin/competence_change.h"
#include "admin/procedure_change.h"
#include "agency/permission.h"
#include "base/id.h"
#include "base/parse.h"
#include "catalogue/difference.h"
#include "dossier/dossier_store.h"

enum { RECORD_BYTES = 512 * 1024, LINES_MOST = 100 };

static bool is_manager(const struct request *rq)
{
    return permission_is_in(rq->visitor.permissions, PERMIT_CATALOGUE_MANAGE);
}

static struct str day_or_none(struct arena *a, day_t d)
{
    return d == DAY_UNKNOWN || d == DAY_OPEN ? STR_NONE : day_format(a, d);
}

/* ---- versions ---- */

static void put_version(struct json_writer *w, struct request *rq, const struct procedure_version *v,
                        enum version_state state, day_t since)
{
    jw_open(w, '{');
    jw_put_int(w, "version", v->number);
    jw_put_str(w, "state", str_from(version_state_words[state].code));
    jw_put_str_or_null(w, "since", day_or_none(rq->arena, since));
    jw_put_str(w, "hash", v->hash);
    jw_put_str(w, "source", v->source);
    jw_put_instant(w, "taken_at", v->taken_at);
    jw_put_bool(w, "own_steps", v->process_version != 0);
    jw_close(w);
}

static enum outcome get_versions(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct procedure_version *versions;
    struct publication_row *rows;
    size_t version_count, count, shown = 0;
    struct str code = request_param(rq, "code");
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(catalogue_versions(tx, code, &versions, &version_count, why));
    TRY(catalogue_publications(tx, code, &rows, &count, why));
    for (size_t i = 0; i < count; i++) shown += rows[i].version_number != 0;
    if (version_count == 0 || (shown == 0 && !is_manager(rq)))
        return fail(why, ERR_MISSING, N_("No procedure has the code {0}."), code);
    struct json_writer w;
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < version_count; i++) {
        day_t since;
        enum version_state state = version_state_at(rows, count, versions[i].number, day_of(tx_now(tx)), &since);
        if (state != VERSION_DRAFT || is_manager(rq)) put_version(&w, rq, &versions[i], state, since);
    }
    jw_close_list(&w, STR_NONE);
    return OK;
}

static enum outcome post_version(struct request *rq, struct fail *why)
{
    yyjson_val *body;
    int64_t number;
    struct str code = request_param(rq, "code");
    TRY(request_json(rq, &body, why));
    TRY(procedure_keep_draft(rq, code, body, STR("api"), &number, why));
    reply_header(rq, "Location",
                 str_format(rq->arena, "/api/v1/procedures/%.*s?version=%lld", STR_ARG(code), (long long)number));
    struct json_writer w;
    jw_init(&w, reply_begin(rq, 201, "application/json"));
    jw_open(&w, '{');
    jw_put_str(&w, "procedure", code);
    jw_put_int(&w, "version", number);
    jw_put_str(&w, "state", str_from(version_state_words[VERSION_DRAFT].code));
    jw_close(&w);
    return OK;
}

/* The number of a version in the address. */
static enum outcome version_param(struct request *rq, int64_t *out, struct fail *why)
{
    int number;
    if (!parse_int(request_param(rq, "version"), 1, 1000000, &number))
        return fail(why, ERR_MISSING, N_("The procedure {0} has no such version."), request_param(rq, "code"));
    *out = number;
    return OK;
}

static enum outcome get_difference(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    int64_t number;
    int from = 0;
    struct version_pair pair;
    struct difference *list;
    size_t count;
    TRY(version_param(rq, &number, why));
    struct str asked = request_query(rq, "from");
    if (asked.len == 0)
        from = number > 1 ? (int)number - 1 : 1;
    else if (!parse_int(asked, 1, 1000000, &from))
        return fail(why, ERR_MISSING, N_("The procedure {0} has no such version."), request_param(rq, "code"));
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(version_pair_load(rq, tx, request_param(rq, "code"), from, number, &pair, why));
    procedure_difference(rq->arena, rq->language, pair.before, pair.after, &list, &count);
    struct json_writer w;
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < count; i++) {
        jw_open(&w, '{');
        jw_put_str(&w, "key", list[i].key);
        jw_put_str(&w, "label", translate(rq->language, list[i].label));
        jw_put_str_or_null(&w, "item", list[i].item);
        jw_put_str(&w, "change", str_from(difference_kind_name(list[i].kind)));
        jw_put_str_or_null(&w, "before", list[i].before);
        jw_put_str_or_null(&w, "after", list[i].after);
        jw_close(&w);
    }
    jw_close_list(&w, STR_NONE);
    return OK;
}

/* ---- decisions ---- */

static void put_decision(struct json_writer *w, struct request *rq, const struct publication_row *r)
{
    const struct decision *d = &r->decision;
    jw_open(w, '{');
    jw_put_int(w, "n", r->n);
    jw_put_str(w, "act", str_from(publication_act_words[r->act].code));
    if (r->version_number != 0)
        jw_put_int(w, "version", r->version_number);
    else
        jw_put_null(w, "version");
    jw_put_str_or_null(w, "from", day_or_none(rq->arena, d->valid_from));
    jw_put_str_or_null(w, "number", d->number);
    jw_put_str_or_null(w, "date", day_or_none(rq->arena, d->decided_on));
    jw_put_str_or_null(w, "authority", d->authority);
    jw_put_str_or_null(w, "level", d->level);
    jw_put_bool(w, "late", d->is_late);
    jw_put_str_or_null(w, "note", d->note);
    jw_put_str_or_null(w, "file", d->file_name.len > 0 ? sha256_format(rq->arena, d->file) : STR_NONE);
    jw_put_instant(w, "at", r->at);
    jw_close(w);
}

static enum outcome get_decisions(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct procedure_ref ref;
    struct publication_row *rows;
    size_t count;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(catalogue_find(tx, request_param(rq, "code"), &ref, why));
    TRY(catalogue_publications(tx, ref.code, &rows, &count, why));
    struct json_writer w;
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < count; i++) put_decision(&w, rq, &rows[i]);
    jw_close_list(&w, STR_NONE);
    return OK;
}

/* "file" names an upload of one's own. */
static enum outcome read_file(struct request *rq, yyjson_val *body, struct decision_text *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct upload_row upload;
    struct str given = json_str(body, "file");
    if (given.len == 0) return OK;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    enum outcome found =
        !sha256_parse(given, &out->file) ? ERR_MISSING : upload_find(tx, rq->visitor.account, out->file, &upload, why);
    if (found == ERR_MISSING) {
        fail_problem(why, STR("/file"), "missing", N_("You have not uploaded this file. Upload it first."));
        return OK;
    }
    TRY(found);
    out->file_name = upload.name;
    out->file_type = upload.type;
    return OK;
}

/* As it stands in the list of decisions, also for who asks again with the same key. */
static enum outcome reply_decision(struct request *rq, int64_t n, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct publication_row *rows;
    size_t count, i = 0;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(catalogue_publications(tx, request_param(rq, "code"), &rows, &count, why));
    while (i < count && rows[i].n != n) i++;
    if (i == count) return fail(why, ERR_MISSING, N_("There is nothing at this address."));
    struct json_writer w;
    jw_init(&w, reply_begin(rq, 200, "application/json"));
    put_decision(&w, rq, &rows[i]);
    return OK;
}

static enum outcome decide(struct request *rq, int64_t number, struct fail *why)
{
    yyjson_val *body;
    struct decided done;
    TRY(request_json(rq, &body, why));
    struct decision_text text = {.number = json_str(body, "number"),
                                 .date = json_str(body, "date"),
                                 .authority = json_str(body, "authority"),
                                 .level = json_str(body, "level"),
                                 .from = json_str(body, "from"),
                                 .note = json_str(body, "note")};
    TRY(read_file(rq, body, &text, why));
    TRY(procedure_decide(rq, request_param(rq, "code"), number, &text, &done, why));
    return reply_decision(rq, done.n, why);
}

static enum outcome post_publish(struct request *rq, struct fail *why)
{
    int64_t number;
    TRY(version_param(rq, &number, why));
    return decide(rq, number, why);
}

static enum outcome post_withdraw(struct request *rq, struct fail *why)
{
    return decide(rq, 0, why);
}

/* ---- competence ---- */

static enum outcome get_competence(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct competence_line *lines;
    size_t count;
    struct str cursor = request_query(rq, "cursor");
    int64_t before = INT64_MAX;
    if (cursor.len > 0 && !id_parse(cursor, &before))
        return fail(why, ERR_BAD, N_("The cursor is not one that a page before gave."));
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(competence_lines(tx, request_query(rq, "procedure"), before, LINES_MOST + 1, &lines, &count, why));
    bool has_more = count > LINES_MOST;
    if (has_more) count--;
    struct json_writer w;
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < count; i++) {
        const struct competence_line *l = &lines[i];
        jw_open(&w, '{');
        jw_put_str(&w, "procedure", l->row.procedure_code);
        jw_put_str(&w, "role", l->row.role == COMPETENT ? STR("competent") : STR("performing"));
        jw_put_str_or_null(&w, "class", l->row.class);
        jw_put_str_or_null(&w, "agency", l->agency_identifier);
        jw_put_str_or_null(&w, "from", day_or_none(rq->arena, l->row.valid_from));
        jw_put_str_or_null(&w, "to", day_or_none(rq->arena, l->row.valid_to));
        jw_put_str(&w, "decree", l->row.decree);
        jw_close(&w);
    }
    jw_close_list(&w, has_more ? id_format(rq->arena, lines[count - 1].id) : STR_NONE);
    return OK;
}

static enum outcome post_move(struct request *rq, struct fail *why)
{
    yyjson_val *body, *list, *v;
    size_t i, count;
    int64_t id;
    TRY(request_json(rq, &body, why));
    list = json_get(body, "procedures");
    struct competence_text text = {.from = json_str(body, "from"),
                                   .to = json_str(body, "to"),
                                   .on = json_str(body, "on"),
                                   .decree = json_str(body, "decree"),
                                   .in_flight = json_str(body, "in_flight")};
    text.procedures = ARENA_ARRAY(rq->arena, struct str, yyjson_arr_size(list) + 1);
    yyjson_arr_foreach(list, i, count, v) text.procedures[text.procedure_count++] = json_text(v);
    TRY(competence_change(rq, &text, &id, why));
    struct json_writer w;
    jw_init(&w, reply_begin(rq, 201, "application/json"));
    jw_open(&w, '{');
    jw_put_id(&w, "id", id);
    jw_put_str(&w, "on", text.on);
    jw_put_str(&w, "in_flight", text.in_flight);
    jw_put_int(&w, "procedures", (int64_t)text.procedure_count);
    jw_close(&w);
    return OK;
}

/* clang-format off */
/* In order of use. */
const struct route change_api_routes[] = {
    {GET,  "/api/v1/procedures/{code}/versions",                      PERMIT_PUBLIC,           get_versions,   N_("Versions of a procedure")},
    {POST, "/api/v1/procedures/{code}/versions",                      PERMIT_CATALOGUE_MANAGE, post_version,   N_("Keep a draft of a new version"),
     .body_bytes = RECORD_BYTES},
    {GET,  "/api/v1/procedures/{code}/versions/{version}/difference", PERMIT_CATALOGUE_MANAGE, get_difference, N_("What differs between two versions")},
    {POST, "/api/v1/procedures/{code}/versions/{version}/publish",    PERMIT_CATALOGUE_MANAGE, post_publish,   N_("Publish a version from a day")},
    {POST, "/api/v1/procedures/{code}/withdraw",                      PERMIT_CATALOGUE_MANAGE, post_withdraw,  N_("Withdraw a procedure from a day")},
    {GET,  "/api/v1/procedures/{code}/decisions",                     PERMIT_PUBLIC,           get_decisions,  N_("Decisions about a procedure")},
    {GET,  "/api/v1/competence",                                      PERMIT_PUBLIC,           get_competence, N_("Who performs and decides")},
    {POST, "/api/v1/competence/moves",                                PERMIT_AGENCY_MANAGE,    post_move,      N_("Move competence from a day")},
};
/* clang-format on */
const size_t change_api_route_count = LENGTH(change_api_routes);
