#include "agency/agency_api.h"

#include "agency/competence.h"
#include "agency/identifier.h"
#include "agency/permission.h"
#include "base/parse.h"
#include "base/text.h"

enum { LIST_STANDARD = 25, LIST_MOST = 100, TAG_DIGITS = 16 };

static void put_day(struct json_writer *w, struct arena *a, const char *key, day_t d)
{
    bool is_open = d == DAY_OPEN || d == DAY_UNKNOWN;
    jw_put_str_or_null(w, key, is_open ? STR_NONE : day_format(a, d));
}

static void put_territory(struct json_writer *w, const struct agency *a)
{
    jw_key(w, "territory");
    if (a->territory == 0) {
        jw_null(w);
        return;
    }
    jw_open(w, '{');
    jw_put_str_or_null(w, "code", a->territory_code);
    jw_put_str(w, "name", a->territory_name);
    jw_put_str(w, "kind", a->territory_kind);
    jw_close(w);
}

static void put_agency(struct json_writer *w, struct request *rq, const struct agency *a)
{
    const struct agency_class *class = agency_class_find(a->class);
    jw_put_str(w, "identifier", a->identifier);
    jw_put_bool(w, "is_provisional_identifier", a->is_provisional);
    jw_put_str(w, "name", a->name);
    jw_put_str(w, "class", a->class);
    jw_put_str(w, "class_title", class != NULL ? translate(rq->language, class->title) : a->class);
    put_territory(w, a);
    jw_put_str_or_null(w, "parent", a->parent_identifier);
    jw_put_str_or_null(w, "parent_name", a->parent_name);
    jw_put_str_or_null(w, "phone", a->phone);
    jw_put_str_or_null(w, "hotline", a->hotline);
    put_day(w, rq->arena, "valid_from", a->valid_from);
    put_day(w, rq->arena, "valid_to", a->valid_to);
}

/* A cursor is ours alone: "n" and where to go on. */
static bool read_cursor(struct str text, int64_t *out)
{
    uint64_t n;
    if (text.len == 0) return true;
    if (text.at[0] != 'n' || !parse_u64(str_part(text, 1, text.len), &n) || n > INT64_MAX) return false;
    *out = (int64_t)n;
    return true;
}

static enum outcome read_filter(struct request *rq, struct agency_filter *f, struct fail *why)
{
    if (!read_cursor(request_query(rq, "cursor"), &f->after))
        return fail(why, ERR_BAD, N_("The cursor is not one that a page before gave."));
    f->words = request_query(rq, "q");
    if (text_fold(rq->arena, f->words).len == 0) f->words = STR_NONE; /* punctuation alone finds nothing */
    f->procedure = request_query(rq, "procedure");
    f->day = day_of(clock_now());
    f->most = request_limit(rq, LIST_STANDARD, LIST_MOST, why) + 1; /* one more tells whether there is a next page */
    return fail_if_problems(why);
}

static enum outcome get_agencies(struct request *rq, struct fail *why)
{
    struct agency_filter f = {0};
    struct agency *list, parent;
    size_t count;
    struct str above = request_query(rq, "parent");
    TRY(read_filter(rq, &f, why));
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    if (above.len > 0) {
        TRY(agency_find(tx, above, &parent, why));
        f.parent = parent.id;
    }
    TRY(agency_list(tx, &f, &list, &count, why));
    bool has_more = count == f.most;
    if (has_more) count--;
    /* With words the cursor counts; without, it is the last id seen (agency.h). */
    int64_t next = f.words.len > 0 ? f.after + (int64_t)count : count > 0 ? list[count - 1].id : 0;

    struct json_writer w;
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < count; i++) {
        jw_open(&w, '{');
        put_agency(&w, rq, &list[i]);
        jw_close(&w);
    }
    jw_close_list(&w, has_more ? str_format(rq->arena, "n%lld", (long long)next) : STR_NONE);
    return OK;
}

static void put_places(struct json_writer *w, const char *key, const struct territory *list, size_t count)
{
    jw_key(w, key);
    jw_open(w, '[');
    for (size_t i = 0; i < count; i++) {
        jw_open(w, '{');
        jw_put_str_or_null(w, "code", list[i].code);
        jw_put_str(w, "name", list[i].name);
        jw_put_str(w, "kind", str_from(territory_kind_name(list[i].kind)));
        jw_close(w);
    }
    jw_close(w);
}

static enum outcome get_agency(struct request *rq, struct fail *why)
{
    struct agency agency;
    struct str *codes, old = STR_NONE;
    struct territory *before;
    size_t code_count, before_count;
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(agency_find(tx, request_param(rq, "identifier"), &agency, why));
    TRY(competence_procedures(tx, agency.id, day_of(clock_now()), &codes, &code_count, why));
    TRY(territory_predecessors(tx, agency.territory, &before, &before_count, why));
    (void)identifier_format_old(rq->arena, agency.identifier, &old); /* empty when it has none */

    struct json_writer w;
    struct buf *body = reply_begin(rq, 200, "application/json");
    jw_init(&w, body);
    jw_open(&w, '{');
    put_agency(&w, rq, &agency);
    jw_put_str_or_null(&w, "old_identifier", old);
    put_places(&w, "predecessors", before, before_count);
    jw_key(&w, "procedures");
    jw_open(&w, '[');
    for (size_t i = 0; i < code_count; i++) jw_str(&w, codes[i]);
    jw_close(&w);
    jw_close(&w);
    /* Competence, its parent's name, the past of its place: all change without the agency, so the tag is of all that is
     * said. */
    struct str tag = str_part(sha256_format(rq->arena, sha256_of(buf_str(body))), 0, TAG_DIGITS);
    if (!reply_not_modified(rq, tag)) reply_etag(rq, tag);
    return OK;
}

const struct route agency_api_routes[] = {
    {GET, "/api/v1/agencies",              PERMIT_PUBLIC, get_agencies, "List agencies"},
    {GET, "/api/v1/agencies/{identifier}", PERMIT_PUBLIC, get_agency,   "One agency"   },
};
const size_t agency_api_routes_count = LENGTH(agency_api_routes);
