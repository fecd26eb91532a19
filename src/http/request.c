#include <string.h>

#include "base/id.h"
#include "base/parse.h"
#include "http/contract.h"
#include "http/http.h"
#include "http/parameter.h"

static struct str pair_find(const struct pair *pairs, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(pairs[i].name, name)) return pairs[i].value;
    }
    return STR_NONE;
}

struct str request_header(const struct request *rq, const char *lower_name)
{
    return pair_find(rq->headers, rq->header_count, str_from(lower_name));
}

struct str request_query(const struct request *rq, const char *name)
{
    return pair_find(rq->query, rq->query_count, str_from(name));
}

struct str request_form(const struct request *rq, const char *name)
{
    return pair_find(rq->form, rq->form_count, str_from(name));
}

struct str request_param(const struct request *rq, const char *name)
{
    return pair_find(rq->params, rq->param_count, str_from(name));
}

bool request_has_form(const struct request *rq, const char *name)
{
    struct str wanted = str_from(name);
    for (size_t i = 0; i < rq->form_count; i++) {
        if (str_eq(rq->form[i].name, wanted)) return true;
    }
    return false;
}

static bool cookie_in(struct str header, struct str wanted, struct str *out)
{
    struct str rest = header, entry, name, value;
    while (rest.len > 0) {
        (void)str_cut(rest, ';', &entry, &rest); /* the last entry has no separator */
        if (!str_cut(str_trim(entry), '=', &name, &value) || !str_eq(name, wanted)) continue;
        if (value.len >= 2 && value.at[0] == '"' && value.at[value.len - 1] == '"') {
            value = str_part(value, 1, value.len - 2);
        }
        *out = value;
        return true;
    }
    return false;
}

struct str request_cookie(const struct request *rq, const char *name)
{
    struct str value;
    for (size_t i = 0; i < rq->header_count; i++) {
        if (!str_eq(rq->headers[i].name, STR("cookie"))) continue;
        if (cookie_in(rq->headers[i].value, str_from(name), &value)) return value;
    }
    return STR_NONE;
}

struct str request_origin(const struct request *rq)
{
    bool is_secure = str_eq(request_header(rq, "x-forwarded-proto"), STR("https"));
    return str_format(rq->arena, "%s://%.*s", is_secure ? "https" : "http", STR_ARG(request_header(rq, "host")));
}

bool request_wants_json(const struct request *rq)
{
    if (str_starts(rq->path, STR("/api/"))) return true;
    struct str accept = request_header(rq, "accept");
    int json = preference(accept, "application/json");
    return json > 0 && json > preference(accept, "text/html");
}

enum outcome request_json(struct request *rq, yyjson_val **out, struct fail *why)
{
    yyjson_val *value = NULL;
    if (!str_eq_nocase(media_type(request_header(rq, "content-type")), STR("application/json"))) {
        return fail(why, ERR_TYPE, N_("Send the content as application/json."));
    }
    TRY(json_read(rq->arena, rq->body, &value, why));
    if (!yyjson_is_obj(value)) return fail(why, ERR_BAD, N_("The content must be a JSON object."));
    if (json_has_nul(value)) return fail(why, ERR_BAD, N_("A text of the JSON holds a NUL character."));
    if (rq->contract != NULL) contract_check(rq->contract, rq->arena, value, why);
    if (rq->contract != NULL && !rq->contract->handler_goes_on) TRY(fail_if_problems(why));
    *out = value;
    return OK;
}

enum outcome request_if_match(struct request *rq, int64_t *out, struct fail *why)
{
    struct str text = str_trim(request_header(rq, "if-match"));
    uint64_t version;
    if (text.len == 0)
        return fail(why, ERR_NO_MATCH_HEADER,
                    N_("Send If-Match with the ETag of what you saw, so that nobody's change is lost."));
    if (text.len < 3 || text.at[0] != '"' || text.at[text.len - 1] != '"' ||
        !parse_u64(str_part(text, 1, text.len - 2), &version) || version > INT64_MAX)
        return fail(why, ERR_STALE, N_("If-Match names no version of it. Send its ETag, such as \"3\"."));
    *out = (int64_t)version;
    return OK;
}

struct sha256 request_print(const struct request *rq)
{
    struct str parts[] = {str_from(method_name(rq->method)), rq->path, rq->body}; /* a path holds no NUL */
    return sha256_of(str_join(rq->arena, str_of("\0", 1), parts, LENGTH(parts)));
}

int64_t request_cursor(const struct request *rq, int64_t start, struct fail *why)
{
    struct str text = request_query(rq, "cursor");
    if (text.len > 0 && !id_parse(text, &start))
        fail_problem(why, STR("cursor"), "unknown",
                     N_("This place in the list is not known. Begin again at its start."));
    return start;
}

size_t request_limit(const struct request *rq, int standard, int most, struct fail *why)
{
    struct str text = request_query(rq, "limit");
    int limit = standard;
    if (text.len > 0 && !parse_int(text, 1, most, &limit))
        fail_problem(why, STR("limit"), "range", N_("The limit is a number from 1 to {0}."),
                     str_format(rq->arena, "%d", most));
    return (size_t)limit;
}
