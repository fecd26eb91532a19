#include "http/router.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/log.h"
#include "http/assets.h"
#include "http/csrf.h"
#include "http/http_limits.h"
#include "http/reply.h"

/*
 * Routes as a tree of segments. A literal child is tried before the {parameter}; when it leads nowhere the parameter is
 * tried, so "/dossiers/new" and "/dossiers/{code}/files" live together.
 */
struct node {
    struct str segment;     /* of a literal child */
    struct node **literals; /* sorted by segment */
    size_t literal_count, literal_room;
    struct node *parameter;
    const struct route *routes[METHOD_COUNT];
    const struct contract *contracts[METHOD_COUNT];
};

struct router {
    struct arena arena;
    struct router_options options;
    struct node *root;
    LIST(const struct route *) rows;
};

enum { ROUTER_ARENA_BYTES = 4 * 1024 * 1024 };

/* ---- building ---- */

/* Where a literal child is, or belongs. */
static size_t literal_place(const struct node *n, struct str segment, bool *found)
{
    size_t low = 0, high = n->literal_count;
    *found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(n->literals[middle]->segment, segment);
        if (order == 0) {
            *found = true;
            return middle;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_parameter(struct str segment)
{
    return segment.len > 2 && segment.at[0] == '{' && segment.at[segment.len - 1] == '}';
}

static struct node *child_for(struct router *r, struct node *n, struct str segment)
{
    if (is_parameter(segment)) {
        if (!n->parameter) n->parameter = ARENA_NEW(&r->arena, struct node);
        return n->parameter;
    }
    bool found;
    size_t place = literal_place(n, segment, &found);
    if (found) return n->literals[place];
    if (n->literal_count == n->literal_room) {
        size_t room = n->literal_room > 0 ? n->literal_room * 2 : 4;
        n->literals =
            arena_grow(&r->arena, n->literals, n->literal_room * sizeof *n->literals, room * sizeof *n->literals);
        n->literal_room = room;
    }
    memmove(n->literals + place + 1, n->literals + place, (n->literal_count - place) * sizeof *n->literals);
    struct node *child = ARENA_NEW(&r->arena, struct node);
    child->segment = segment;
    n->literals[place] = child;
    n->literal_count++;
    return child;
}

static enum outcome bad_row(const struct route *row, const char *what, struct fail *why)
{
    return fail(why, ERR_BUG, N_("The route {0} {1}: {2}."), str_from(method_name(row->method)), str_from(row->path),
                str_from(what));
}

static enum outcome check_row(const struct route *row, struct fail *why)
{
    if (!row->path || row->path[0] != '/') return fail(why, ERR_BUG, N_("A route has no path."));
    if (row->permission == 0) return bad_row(row, "no permission", why);
    if (!row->handler) return bad_row(row, "no handler", why);
    if (!row->title || !*row->title) return bad_row(row, "no title", why);
    if (row->method == HEAD || row->method == OPTIONS)
        return bad_row(row, "HEAD and OPTIONS are answered by the router", why);
    if (!row->takes_files && row->body_bytes > HTTP_MEMORY_BODY_BYTES)
        return bad_row(row, "too large a body for memory", why);
    return OK;
}

static enum outcome add_row(struct router *r, const struct route *row, struct fail *why)
{
    TRY(check_row(row, why));
    struct str rest = str_part(str_from(row->path), 1, strlen(row->path)), segment;
    struct node *n = r->root;
    size_t depth = 0, parameters = 0;
    while (rest.len > 0) {
        (void)str_cut(rest, '/', &segment, &rest); /* the last segment has no separator */
        if (segment.len == 0) return bad_row(row, "an empty segment", why);
        if (++depth > HTTP_SEGMENT_COUNT) return bad_row(row, "too many segments", why);
        if (is_parameter(segment) && ++parameters > HTTP_PARAM_COUNT) return bad_row(row, "too many parameters", why);
        n = child_for(r, n, segment);
    }
    if (n->routes[row->method]) return bad_row(row, "the same path and method twice", why);
    n->routes[row->method] = row;
    if (r->options.contract) n->contracts[row->method] = r->options.contract(r->options.contract_context, row);
    LIST_PUSH(&r->arena, r->rows) = row;
    return OK;
}

enum outcome router_new(const struct router_options *options, struct router **out, struct fail *why)
{
    struct router *r = calloc(1, sizeof *r);
    if (!r) BUG("out of memory: %zu bytes", sizeof *r);
    arena_init(&r->arena, ROUTER_ARENA_BYTES);
    r->options = *options;
    r->root = ARENA_NEW(&r->arena, struct node);
    for (size_t i = 0; i < options->list_count; i++) {
        for (size_t k = 0; k < options->lists[i].count; k++) {
            enum outcome added = add_row(r, &options->lists[i].routes[k], why);
            if (added == OK) continue;
            router_free(r);
            return added;
        }
    }
    *out = r;
    return OK;
}

void router_free(struct router *r)
{
    if (!r) return;
    arena_end(&r->arena);
    free(r);
}

size_t router_route_count(const struct router *r)
{
    return r->rows.count;
}

/* ---- matching ---- */

struct matching {
    struct str segments[HTTP_SEGMENT_COUNT];
    size_t count;
};

static bool has_routes(const struct node *n)
{
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        if (n->routes[i]) return true;
    }
    return false;
}

/* At most two ways at each segment, and routes are few and shallow, so trying both stays cheap. */
static const struct node *walk(const struct node *n, const struct matching *m, size_t at)
{
    if (at == m->count) return has_routes(n) ? n : NULL;
    bool found;
    size_t place = literal_place(n, m->segments[at], &found);
    const struct node *leaf = found ? walk(n->literals[place], m, at + 1) : NULL;
    if (!leaf && n->parameter) leaf = walk(n->parameter, m, at + 1);
    return leaf;
}

static bool cut_path(struct str path, struct matching *m)
{
    struct str rest = str_part(path, 1, path.len);
    m->count = 0;
    while (rest.len > 0) {
        if (m->count == HTTP_SEGMENT_COUNT) return false;
        struct str *segment = &m->segments[m->count++];
        bool is_more = str_cut(rest, '/', segment, &rest);
        if (segment->len == 0 || (is_more && rest.len == 0)) return false; /* a slash at the end */
    }
    return true;
}

static const struct node *find_node(const struct router *r, struct str path)
{
    struct matching m;
    if (path.len == 0 || path.at[0] != '/' || !cut_path(path, &m)) return NULL;
    return walk(r->root, &m, 0);
}

static const struct route *route_for(const struct node *n, enum method m)
{
    return n->routes[m] || m != HEAD ? n->routes[m] : n->routes[GET];
}

const struct route *router_match(struct router *r, enum method m, struct str path, bool *out_path_exists)
{
    const struct node *n = find_node(r, path);
    *out_path_exists = n != NULL;
    return n ? route_for(n, m) : NULL;
}

/* The values of a row's {names}: pattern and path have the same number of segments. */
static void take_parameters(struct request *rq, const struct route *row)
{
    struct str pattern = str_part(str_from(row->path), 1, strlen(row->path)),
               path = str_part(rq->path, 1, rq->path.len);
    struct str name, value;
    rq->param_count = 0;
    while (pattern.len > 0) {
        (void)str_cut(pattern, '/', &name, &pattern); /* the last segment has no separator */
        (void)str_cut(path, '/', &value, &path);
        if (is_parameter(name)) rq->params[rq->param_count++] = (struct pair){str_part(name, 1, name.len - 2), value};
    }
}

/* ---- answers of the router itself ---- */

void router_refuse(struct router *r, struct request *rq, const struct fail *why)
{
    reply_clear(rq->reply);
    if (r && r->options.error_page && !request_wants_json(rq)) {
        r->options.error_page(rq, why);
        if (rq->reply->status != 0) return;
    }
    reply_problem(rq, why);
}

static struct str allowed_methods(struct arena *a, const struct node *n)
{
    struct str names[METHOD_COUNT];
    size_t count = 0;
    for (enum method m = GET; m < METHOD_COUNT; m++) {
        bool is_there = n->routes[m] || (m == HEAD && n->routes[GET]) || m == OPTIONS;
        if (is_there) names[count++] = str_from(method_name(m));
    }
    return str_join(a, STR(", "), names, count);
}

static bool refuse_method(struct router *r, struct request *rq, const struct node *n)
{
    if (rq->method == OPTIONS) {
        reply_empty(rq, 204);
    } else {
        (void)fail(&rq->why, ERR_METHOD, NULL); /* answered next */
        router_refuse(r, rq, &rq->why);
    }
    reply_header(rq, "Allow", allowed_methods(rq->arena, n));
    return false;
}

/* "/dossiers/" for "/dossiers": people and old links add the slash. The redirect keeps the query. */
static bool redirect_slash(struct router *r, struct request *rq)
{
    struct str path, query;
    if (rq->method != GET && rq->method != HEAD) return false;
    if (rq->path.len < 2 || rq->path.at[rq->path.len - 1] != '/') return false;
    const struct node *n = find_node(r, str_part(rq->path, 0, rq->path.len - 1));
    if (!n || !n->routes[GET]) return false;
    (void)str_cut(rq->target, '?', &path, &query); /* no query is fine */
    reply_empty(rq, 308);
    path = str_part(path, 0, path.len - 1);
    reply_header(rq, "Location",
                 query.len > 0 ? str_format(rq->arena, "%.*s?%.*s", STR_ARG(path), STR_ARG(query))
                               : str_dup(rq->arena, path));
    return true;
}

static bool refuse_missing(struct router *r, struct request *rq)
{
    if (rq->method == OPTIONS && str_eq(rq->path, STR("*"))) {
        reply_empty(rq, 204);
        reply_header(rq, "Allow", STR("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"));
        return false;
    }
    if (redirect_slash(r, rq)) return false;
    (void)fail(&rq->why, ERR_MISSING, N_("There is nothing at this address.")); /* answered next */
    router_refuse(r, rq, &rq->why);
    return false;
}

/* ---- forged requests of other sites ---- */

static bool is_changing(const struct request *rq)
{
    return rq->method != GET && rq->method != HEAD && rq->method != OPTIONS;
}

static enum outcome foreign(struct fail *why)
{
    return fail(why, ERR_DENIED, N_("The request comes from another site. Open the page here and send it again."));
}

/* What browsers say by themselves and no page can forge: Sec-Fetch-Site and Origin. Programs say neither. */
static enum outcome check_origin(const struct request *rq, struct fail *why)
{
    if (!is_changing(rq) || rq->visitor.is_token) return OK;
    struct str site = request_header(rq, "sec-fetch-site"), origin = request_header(rq, "origin");
    if (site.len > 0 && !str_eq(site, STR("same-origin")) && !str_eq(site, STR("none"))) return foreign(why);
    if (origin.len == 0) return OK;
    ptrdiff_t slashes = str_find(origin, STR("://"), 0);
    if (slashes < 0) return foreign(why);
    struct str host = str_part(origin, (size_t)slashes + 3, origin.len);
    return str_eq_nocase(host, request_header(rq, "host")) ? OK : foreign(why);
}

/* A visitor with a session proves by the page's token that the form is ours. */
static enum outcome check_token(const struct request *rq, struct fail *why)
{
    if (!is_changing(rq) || rq->visitor.is_token || rq->visitor.session_key.len == 0) return OK;
    struct str token = request_header(rq, "x-csrf-token");
    if (token.len == 0) token = request_form(rq, "csrf");
    if (csrf_is_good(rq->arena, token, rq->visitor.csrf)) return OK;
    return fail(why, ERR_DENIED,
                N_("The page was open too long or belongs to an earlier sign-in. Reload it and send the form again."));
}

/* ---- a visit ---- */

static enum outcome admit(struct router *r, struct request *rq, struct fail *why)
{
    if (r->options.identify) TRY(r->options.identify(rq, why));
    TRY(check_origin(rq, why));
    if (!r->options.authorise) return OK;
    return r->options.authorise(rq, rq->route->permission, why);
}

/* What the browser itself says of where the form was made; silence proves nothing. */
static bool is_surely_ours(const struct request *rq)
{
    struct str site = request_header(rq, "sec-fetch-site"), origin = request_header(rq, "origin");
    return str_eq(site, STR("same-origin")) || origin.len > 0; /* check_origin compared it with the host */
}

static bool may_hold(const struct router *r, const struct request *rq)
{
    return r->options.hold_form && rq->route->keeps_form && rq->method == POST && !request_wants_json(rq) &&
           is_surely_ours(rq);
}

static void take_language(struct request *rq)
{
    if (language_parse(request_cookie(rq, "language"), &rq->language)) return;
    rq->language = language_accept(request_header(rq, "accept-language"));
}

bool router_begin(struct router *r, struct request *rq)
{
    take_language(rq);
    if (assets_reply(rq, r->options.assets, r->options.asset_count)) return false;
    const struct node *n = find_node(r, rq->path);
    if (!n) return refuse_missing(r, rq);
    rq->route = route_for(n, rq->method);
    if (!rq->route) return refuse_method(r, rq, n);
    rq->contract = n->contracts[rq->method];
    take_parameters(rq, rq->route);
    enum outcome admitted = admit(r, rq, &rq->why);
    if (admitted == OK) return true;
    rq->is_to_hold = admitted == ERR_SIGN_IN && !rq->route->takes_files && may_hold(r, rq);
    if (rq->is_to_hold) return true;
    router_refuse(r, rq, &rq->why);
    return false;
}

/* Without a session that holds, the form waits for one. */
static enum outcome run_handler(const struct router *r, struct request *rq, struct fail *why)
{
    struct fail unheld;
    fail_init(&unheld, rq->arena);
    if (rq->is_to_hold && r->options.hold_form(rq, &unheld) == OK) return OK;
    if (rq->is_to_hold) return why->outcome;
    enum outcome token = check_token(rq, why);
    if (token != OK && may_hold(r, rq) && r->options.hold_form(rq, &unheld) == OK) return OK;
    TRY(token);
    TRY(rq->route->handler(rq, why));
    if (rq->reply->status == 0) BUG("%s %s was not answered", method_name(rq->method), rq->route->path);
    if (!rq->reply->body.is_full) return OK;
    log_write(LOG_ERROR, "answer.too_large", "id=%.*s route=%s", STR_ARG(rq->id), rq->route->path);
    return fail(why, ERR_BUG, NULL);
}

void router_finish(struct router *r, struct request *rq)
{
    enum outcome ran = run_handler(r, rq, &rq->why);
    if (ran == OK) return;
    if (rq->why.outcome == OK) (void)fail(&rq->why, ran, NULL); /* a refusal never looks like an answer */
    router_refuse(r, rq, &rq->why);
}

void router_handle(struct router *r, struct request *rq)
{
    if (router_begin(r, rq)) router_finish(r, rq);
}
