/*
 * GET /tra-cuu?ma=CODE and GET /api/v1/lookup?code=CODE: how far a dossier is, for whoever has its code. It says the
 * code and the status, nothing else, and nothing at all about complaints and denunciations (Law on complaints
 * 02/2011/QH13, Law on denunciations 25/2018/QH14): these are not told apart from codes that do not exist.
 */
#include "agency/permission.h"
#include "dossier/portal_pages.h"
#include "dossier/view_text.h"

struct lookup_page {
    struct frame frame;
    struct str q, code, problem;
    struct tag tag;
    bool is_found, is_missing;
};

static const struct field lookup_page_fields[] = {
    FRAME_FIELDS(struct lookup_page),
    FIELD_STR(struct lookup_page, q),
    FIELD_STR(struct lookup_page, code),
    FIELD_STR(struct lookup_page, problem),
    FIELD_STRUCT(struct lookup_page, tag, tag_fields),
    FIELD_BOOL(struct lookup_page, is_found),
    FIELD_BOOL(struct lookup_page, is_missing),
    FIELD_END,
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

static enum outcome find(struct request *rq, struct str typed, struct dossier *out, int64_t *out_wait_s,
                         struct fail *why)
{
    struct str code = code_of(rq, typed);
    *out_wait_s = attempts_take(app_desk(rq->app)->lookups, rq->peer);
    if (*out_wait_s > 0)
        return fail(why, ERR_TOO_MANY, N_("Too many codes were looked up from here. Try again in {0} seconds."),
                    str_format(rq->arena, "%lld", (long long)*out_wait_s));
    if (!dossier_code_is_valid(code)) return fail(why, ERR_MISSING, N_("There is no dossier with the code {0}."), code);
    return look_up(rq, code, out, why);
}

static void say_wait(struct request *rq, int64_t wait_s)
{
    if (wait_s > 0) reply_header(rq, "Retry-After", str_format(rq->arena, "%lld", (long long)wait_s));
}

static enum outcome get_lookup(struct request *rq, struct fail *why)
{
    struct lookup_page page = {.q = request_query(rq, "ma")};
    struct dossier d;
    struct fail refused;
    int64_t wait_s = 0;
    int status = 200;
    fail_init(&refused, rq->arena);
    if (str_trim(page.q).len > 0) {
        enum outcome found = find(rq, page.q, &d, &wait_s, &refused);
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
        }
    }
    page_reply(rq, status, "dossier/lookup", &page);
    say_wait(rq, wait_s);
    return OK;
}

static enum outcome get_lookup_api(struct request *rq, struct fail *why)
{
    struct dossier d;
    int64_t wait_s = 0;
    enum outcome found = find(rq, request_query(rq, "code"), &d, &wait_s, why);
    if (found == ERR_TOO_MANY) {
        reply_problem(rq, why);
        say_wait(rq, wait_s);
        return OK;
    }
    TRY(found);
    struct json_writer w;
    jw_init(&w, reply_begin(rq, 200, "application/json"));
    jw_open(&w, '{');
    jw_put_str(&w, "code", d.code);
    jw_put_int(&w, "status", d.status);
    jw_put_str(&w, "status_name", translate(rq->language, status_message(d.status)));
    jw_close(&w);
    return OK;
}

const struct route portal_lookup_routes[] = {
    {GET, "/tra-cuu",       PERMIT_PUBLIC, get_lookup,     N_("Where is my dossier")},
    {GET, "/api/v1/lookup", PERMIT_PUBLIC, get_lookup_api, N_("Look up a dossier")  },
};
const size_t portal_lookup_route_count = LENGTH(portal_lookup_routes);

const struct page_template portal_lookup_templates[] = {
    {"dossier/lookup", lookup_page_fields},
};
const size_t portal_lookup_template_count = LENGTH(portal_lookup_templates);
