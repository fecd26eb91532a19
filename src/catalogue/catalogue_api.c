/*
 * GET /api/v1/procedures?q=&field=&level=&audience=&channel=&agency=&cursor=&limit=
 * GET /api/v1/procedures/{code}[?version=N]
 * GET /api/v1/procedure-fields
 * Published records: anybody may read them, caches may keep them as long as the ETag (the version's content hash) is
 * the same.
 */
#include "catalogue/catalogue_api.h"

#include "agency/agency.h"
#include "agency/competence.h"
#include "agency/permission.h"
#include "base/parse.h"
#include "base/text.h"
#include "catalogue/catalogue.h"
#include "catalogue/publication.h"

/* ---- the list ---- */

static void put_bits(struct json_writer *w, const char *key, unsigned bits, const struct vocabulary_word *words,
                     size_t count)
{
    jw_key(w, key);
    jw_open(w, '[');
    for (size_t i = 0; i < count; i++) {
        if (bits & 1u << i) jw_str(w, str_from(words[i].code));
    }
    jw_close(w);
}

static void put_row(struct json_writer *w, const struct procedure_row *r)
{
    jw_open(w, '{');
    jw_put_str(w, "code", r->code);
    jw_put_str(w, "name", r->name);
    jw_put_str(w, "kind", str_from(procedure_kind_words[r->kind].code));
    jw_put_str(w, "initiator", str_from(initiator_words[r->initiator].code));
    jw_put_str(w, "process", str_from(process_words[r->process].code));
    jw_put_str(w, "field", r->field);
    put_bits(w, "levels", r->levels, level_words, PROCEDURE_LEVEL_COUNT);
    put_bits(w, "channels", r->channels, channel_words, CHANNEL_KIND_COUNT);
    put_bits(w, "audience", r->audience, audience_words, AUDIENCE_COUNT);
    jw_put_str(w, "state", str_from(publication_words[r->state].code));
    jw_put_int(w, "version", r->version_number);
    jw_close(w);
}

/* A word of a vocabulary in the address; ANY when it is not there. */
static int word_filter(struct request *rq, const char *name, const struct vocabulary_word *words, size_t count,
                       struct fail *why)
{
    struct str given = request_query(rq, name);
    if (given.len == 0) return ANY;
    int found = vocabulary_find(words, count, given);
    if (found < 0)
        fail_problem(why, str_from(name), "unknown", N_("\"{0}\" is not one of the words that may stand here."), given);
    return found;
}

/* The procedures that one agency performs today, in order of code. */
static enum outcome agency_filter(struct request *rq, struct tx *tx, struct procedure_query *q, struct fail *why)
{
    struct str identifier = request_query(rq, "agency");
    if (identifier.len == 0) return OK;
    struct agency agency;
    struct str *codes;
    TRY(agency_find(tx, identifier, &agency, why));
    TRY(competence_procedures(tx, agency.id, day_of(clock_now()), &codes, &q->code_count, why));
    q->codes = codes != NULL ? codes : ARENA_ARRAY(rq->arena, struct str, 1); /* none, but a list */
    return OK;
}

static enum outcome read_query(struct request *rq, struct tx *tx, struct procedure_query *q, struct fail *why)
{
    *q = (struct procedure_query){
        .text = request_query(rq, "q"), .field = request_query(rq, "field"), .cursor = request_query(rq, "cursor")};
    q->level = word_filter(rq, "level", level_words, PROCEDURE_LEVEL_COUNT, why);
    q->audience = word_filter(rq, "audience", audience_words, AUDIENCE_COUNT, why);
    q->channel = word_filter(rq, "channel", channel_words, CHANNEL_KIND_COUNT, why);
    q->limit = request_limit(rq, PROCEDURE_LIST_USUAL, PROCEDURE_LIST_MOST, why);
    TRY(fail_if_problems(why));
    return agency_filter(rq, tx, q, why);
}

static enum outcome get_procedures(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct procedure_query q;
    struct procedure_page page;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(read_query(rq, tx, &q, why));
    TRY(catalogue_search(app_catalogue(rq->app), tx, &q, &page, why));
    struct json_writer w;
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < page.count; i++) put_row(&w, &page.rows[i]);
    jw_close_list(&w, page.next_cursor);
    return OK;
}

/* ---- one procedure ---- */

static const char *const force_words[] = {
    [PROCEDURE_IN_FORCE] = "in_force",
    [PROCEDURE_ANNOUNCED] = "announced",
    [PROCEDURE_WITHDRAWN] = "withdrawn",
};

static enum outcome get_procedure(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct procedure_choice v;
    const struct procedure *p;
    bool may_see_drafts = permission_is_in(rq->visitor.permissions, PERMIT_CATALOGUE_MANAGE);
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(catalogue_choose(tx, request_param(rq, "code"), request_query(rq, "version"), may_see_drafts, &v, why));
    struct str hash = v.version.hash;
    const char *force = force_words[v.ref.force];
    struct str tag = v.ref.force == PROCEDURE_IN_FORCE ? hash : str_format(rq->arena, "%.*s-%s", STR_ARG(hash), force);
    reply_etag(rq, tag);
    if (reply_not_modified(rq, tag)) return OK;
    TRY(catalogue_version(app_catalogue(rq->app), tx, v.version.id, &p, why));
    struct json_writer w;
    jw_init(&w, reply_begin(rq, 200, "application/json"));
    jw_open(&w, '{');
    procedure_write_members(&w, p);
    jw_put_int(&w, "version", v.version.number);
    jw_put_str(&w, "hash", hash);
    jw_put_str(&w, "force", str_from(force));
    jw_close(&w);
    return OK;
}

static enum outcome get_fields(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct procedure_field *fields;
    size_t count;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(catalogue_fields(app_catalogue(rq->app), tx, &fields, &count, why));
    struct json_writer w;
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < count; i++) {
        jw_open(&w, '{');
        jw_put_str(&w, "label", fields[i].label);
        jw_put_str(&w, "key", fields[i].key);
        jw_put_int(&w, "procedures", fields[i].count);
        jw_close(&w);
    }
    jw_close_list(&w, STR_NONE);
    return OK;
}

/* In order of use. */
const struct route catalogue_api_routes[] = {
    {GET, "/api/v1/procedures",        PERMIT_PUBLIC, get_procedures, N_("Procedures")          },
    {GET, "/api/v1/procedures/{code}", PERMIT_PUBLIC, get_procedure,  N_("Procedure")           },
    {GET, "/api/v1/procedure-fields",  PERMIT_PUBLIC, get_fields,     N_("Fields of procedures")},
};
const size_t catalogue_api_route_count = LENGTH(catalogue_api_routes);
