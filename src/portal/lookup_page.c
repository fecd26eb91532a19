/*
 * GET /tra-cuu?ma=CODE and GET /api/v1/lookup?code=CODE: how far a dossier is, for whoever has its code. It says the
 * code and the status, nothing else, and nothing at all about complaints and denunciations (Law on complaints
 * 02/2011/QH13, Law on denunciations 25/2018/QH14): these are not told apart from codes that do not exist.
 * GET /tra-cuu/TOKEN: the time line, for whoever holds the receipt with its QR code; still nobody's name and nothing
 * that people wrote. GET /tra-cuu/TOKEN/ma-qr.svg: the QR code itself.
 */
#include "agency/permission.h"
#include "dossier/dossier_token.h"
#include "dossier/view_text.h"
#include "dossier/way_picture.h"
#include "html/qr.h"
#include "portal/portal_pages.h"

struct lookup_page {
    struct frame frame;
    struct str q, code, problem;
    const char *meaning; /* message: what the status means for the applicant */
    struct tag tag;
    bool is_found, is_missing;
};

static const struct field lookup_page_fields[] = {
    FRAME_FIELDS(struct lookup_page),
    FIELD_STR(struct lookup_page, q),
    FIELD_STR(struct lookup_page, code),
    FIELD_STR(struct lookup_page, problem),
    FIELD_MESSAGE(struct lookup_page, meaning),
    FIELD_STRUCT(struct lookup_page, tag, tag_fields),
    FIELD_BOOL(struct lookup_page, is_found),
    FIELD_BOOL(struct lookup_page, is_missing),
    FIELD_END,
};

/* The same for every dossier in that status, so that it tells nobody more than the status does. */
static const char *const meanings[STATUS_COUNT] = {
    [STATUS_NONE] = "",
    [STATUS_NEW] = N_("The office has it and checks whether it is complete."),
    [STATUS_RECEIVED] = N_("It is complete; the time limit runs."),
    [STATUS_REFUSED] = N_("The office did not receive it. The applicant was told why."),
    [STATUS_IN_HAND] = N_("Officers are working on it."),
    [STATUS_SUPPLEMENT] = N_("The office waits for papers from the applicant."),
    [STATUS_PAYMENT] = N_("The office waits for the applicant's payment."),
    [STATUS_WITHDRAWN] = N_("The applicant withdrew it."),
    [STATUS_STOPPED] = N_("The office stopped working on it. The applicant was told why."),
    [STATUS_DONE] = N_("The result is there and waits to be handed over."),
    [STATUS_RETURNED] = N_("The result was handed over."),
};

/* ERR_MISSING for codes that do not exist and for those that strangers may not look up. */
static enum outcome look_up(struct request *rq, struct str code, struct dossier *out, struct fail *why)
{
    const struct desk *desk = app_desk(rq->app);
    const struct procedure *p;
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(desk->store, rq->arena, &tx, why));
    TRY(dossier_find(tx, code, out, why));
    TRY(catalogue_version(desk->catalogue, tx, out->procedure_version, &p, why));
    if (!procedure_is_public_lookup(p))
        return fail(why, ERR_MISSING, N_("There is no dossier with the code {0}."), code);
    return OK;
}

/* Codes are printed in capitals; people type them as they like. */
static struct str code_of(struct request *rq, struct str typed)
{
    struct str code = str_trim(typed);
    char *upper = arena_dup(rq->arena, code.at, code.len);
    for (size_t i = 0; i < code.len; i++)
        if (upper[i] >= 'a' && upper[i] <= 'z') upper[i] = (char)(upper[i] - 'a' + 'A');
    return str_of(upper, code.len);
}

enum outcome lookup_take(struct request *rq, struct fail *why)
{
    rq->retry_s = attempts_take(app_desk(rq->app)->lookups, rq->peer);
    if (rq->retry_s == 0) return OK;
    return fail(why, ERR_TOO_MANY, N_("Too many codes were looked up from here. Try again in {0} seconds."),
                str_format(rq->arena, "%lld", (long long)rq->retry_s));
}

static enum outcome find(struct request *rq, struct str typed, struct dossier *out, struct fail *why)
{
    struct str code = code_of(rq, typed);
    TRY(lookup_take(rq, why));
    if (!dossier_code_is_valid(code)) return fail(why, ERR_MISSING, N_("There is no dossier with the code {0}."), code);
    return look_up(rq, code, out, why);
}

static enum outcome get_lookup(struct request *rq, struct fail *why)
{
    struct lookup_page page = {.q = request_query(rq, "ma")};
    struct dossier d;
    struct fail refused;
    int status = 200;
    fail_init(&refused, rq->arena);
    if (str_trim(page.q).len > 0) {
        enum outcome found = find(rq, page.q, &d, &refused);
        if (found != OK && found != ERR_MISSING && found != ERR_TOO_MANY)
            return fail_with(why, found, refused.sentence, refused.args);
        page.is_found = found == OK;
        page.is_missing = found == ERR_MISSING;
        if (found != OK) {
            status = outcome_status(found);
            page.problem = fail_sentence(rq->arena, rq->language, &refused);
        } else {
            page.code = d.code;
            page.tag = status_tag(rq->language, d.status);
            page.meaning = meanings[d.status];
        }
    }
    page_reply(rq, status, "portal/lookup", &page);
    return OK;
}

static enum outcome get_lookup_api(struct request *rq, struct fail *why)
{
    struct dossier d;
    TRY(find(rq, request_query(rq, "code"), &d, why));
    struct json_writer w;
    jw_init(&w, reply_begin(rq, 200, "application/json"));
    jw_open(&w, '{');
    jw_put_str(&w, "code", d.code);
    jw_put_int(&w, "status", d.status);
    jw_put_str(&w, "status_name", translate(rq->language, status_message(d.status)));
    jw_close(&w);
    return OK;
}

/* ---- with the receipt's token ---- */

struct follow_page {
    struct frame frame;
    struct str code, procedure, agency, due;
    struct tag tag;
    struct timeline_item *stages;
    size_t stages_count;
    struct flow picture;
};

static const struct field follow_page_fields[] = {
    FRAME_FIELDS(struct follow_page),
    FIELD_STR(struct follow_page, code),
    FIELD_STR(struct follow_page, procedure),
    FIELD_STR(struct follow_page, agency),
    FIELD_STR(struct follow_page, due),
    FIELD_STRUCT(struct follow_page, tag, tag_fields),
    FIELD_LIST(struct follow_page, stages, struct timeline_item, timeline_item_fields),
    FIELD_STRUCT(struct follow_page, picture, flow_fields),
    FIELD_END,
};

static enum outcome read_token(const struct request *rq, int64_t *out, struct fail *why)
{
    if (dossier_token_read(app_desk(rq->app)->keys, rq->arena, request_param(rq, "token"), out)) return OK;
    return fail(why, ERR_MISSING, N_("There is nothing at this address."));
}

/* A dossier that strangers may not look up is not told apart from a token that nobody made. */
static enum outcome get_follow(struct request *rq, struct fail *why)
{
    struct dossier_view view;
    struct fail missing;
    int64_t id;
    AUTO_READ struct tx *tx = NULL;
    fail_init(&missing, rq->arena);
    TRY(lookup_take(rq, why));
    TRY(read_token(rq, &id, why));
    TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
    enum outcome found = dossier_view_of_stranger(app_desk(rq->app), tx, id, &view, &missing);
    if (found == ERR_MISSING) return fail(why, ERR_MISSING, N_("There is nothing at this address."));
    if (found != OK) return fail_with(why, found, missing.sentence, missing.args);
    struct follow_page page = {
        .code = view.dossier.code,
        .procedure = view.procedure->name,
        .agency = view.agency.name,
        .due = view.dossier.due_at == INSTANT_NONE ? STR("") : instant_for_people(rq->arena, view.dossier.due_at),
        .tag = status_tag(rq->language, view.dossier.status),
    };
    TRY(view_timeline(rq, tx, &view, &page.stages, &page.stages_count, why));
    TRY(dossier_picture(rq, tx, &view, &page.picture, why));
    page.frame.title = page_title_of(rq, page.code);
    page_reply(rq, 200, "portal/follow", &page);
    reply_header(rq, "X-Robots-Tag", STR("noindex"));
    return OK;
}

static enum outcome get_follow_qr(struct request *rq, struct fail *why)
{
    int64_t id;
    TRY(read_token(rq, &id, why));
    struct str path = dossier_token_path(app_desk(rq->app)->keys, rq->arena, id);
    reply_qr(rq, str_format(rq->arena, "%.*s%.*s", STR_ARG(request_origin(rq)), STR_ARG(path)));
    return OK;
}

/* In order of use. */
const struct route portal_lookup_routes[] = {
    {GET, "/tra-cuu",                   PERMIT_PUBLIC, get_lookup,     N_("Where is my dossier")     },
    {GET, "/api/v1/lookup",             PERMIT_PUBLIC, get_lookup_api, N_("Look up a dossier")       },
    {GET, "/tra-cuu/{token}",           PERMIT_PUBLIC, get_follow,     N_("Where is my dossier")     },
    {GET, "/tra-cuu/{token}/ma-qr.svg", PERMIT_PUBLIC, get_follow_qr,  N_("The QR code of a receipt")},
};
const size_t portal_lookup_route_count = LENGTH(portal_lookup_routes);

const struct page_template portal_lookup_templates[] = {
    {"portal/lookup", lookup_page_fields},
    {"portal/follow", follow_page_fields},
};
const size_t portal_lookup_template_count = LENGTH(portal_lookup_templates);
