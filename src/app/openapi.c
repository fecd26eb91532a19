#include "app/openapi.h"

#include <ctype.h>

#include "agency/permission.h"
#include "base/auto.h"
#include "base/list.h"
#include "base/version.h"
#include "dossier/action.h"

enum { ACT_SCHEMA_BYTES = 64 * 1024 };

/* What must be said with a request that changes something, so that sending it twice or late does no harm. */
enum manner {
    READS,
    CREATES,  /* with an Idempotency-Key: once */
    CHANGES,  /* with If-Match: only what was seen */
    HARMLESS, /* the second time changes nothing */
};

/* What a route takes and gives, beyond what its row says. The schema of a body is asked before the handler reads,
 * unless it begins with '+': the handler goes on and tells all at once what is missing and what no schema knows; or
 * with '=': it tells everything itself. */
struct shape {
    const char *path;
    enum method method;
    enum manner manner;
    const char *takes; /* schema of the JSON body; "" for raw bytes; NULL: none */
    int status;        /* of success */
    const char *gives; /* schema, "[Item]" for a list of items; "" for a file; NULL: nothing */
    const char *query; /* names of query parameters */
};

#define DOSSIER_FILTERS "status agency procedure due_before q cursor limit"
#define PROCEDURE_FILTERS "q field level audience channel agency cursor limit"
#define VERSIONS "/api/v1/procedures/{code}/versions"
#define RULES "/api/v1/procedures/{code}/rules"

/* clang-format off */
/* In order of path. */
static const struct shape shapes[] = {
    {"/api/v1/absences",                              GET,  READS,    NULL,                   200, "[Absence]",           ""},
    {"/api/v1/absences",                              POST, CREATES,  "AbsenceNew",           201, "Absence",             ""},
    {"/api/v1/absences/{id}",                         GET,  READS,    NULL,                   200, "Absence",             ""},
    {"/api/v1/absences/{id}/answer",                  POST, CHANGES,  "AbsenceAnswer",        200, "Absence",             ""},
    {"/api/v1/absences/{id}/end",                     POST, CHANGES,  NULL,                   200, "Absence",             ""},
    {"/api/v1/account/notices",                       GET,  READS,    NULL,                   200, "MailWish",            ""},
    {"/api/v1/account/notices",                       PUT,  CHANGES,  "MailWishChange",       200, "MailWish",            ""},
    {"/api/v1/account/notices/confirm",               POST, CREATES,  NULL,                   202, NULL,                  ""},
    {"/api/v1/agencies",                              GET,  READS,    NULL,                   200, "[Agency]",            "parent q procedure cursor limit"},
    {"/api/v1/agencies/{identifier}",                 GET,  READS,    NULL,                   200, "Agency",              ""},
    {"/api/v1/agencies/{identifier}/calendar",        GET,  READS,    NULL,                   200, "AgencyCalendar",      ""},
    {"/api/v1/agencies/{identifier}/calendar",        POST, CHANGES,  "AgencyCalendarChange", 200, "AgencyCalendar",      ""},
    {"/api/v1/appointments",                          GET,  READS,    NULL,                   200, "[Appointment]",       ""},
    {"/api/v1/appointments",                          POST, CREATES,  "+AppointmentNew",      201, "Appointment",         ""},
    {"/api/v1/appointments/slots",                    GET,  READS,    NULL,                   200, "[Slot]",              "agency day"},
    {"/api/v1/appointments/{id}/cancel",              POST, CHANGES,  "AppointmentCancel",    200, "Appointment",         ""},
    {"/api/v1/batches",                               GET,  READS,    NULL,                   200, "[Batch]",             "cursor limit"},
    {"/api/v1/batches",                               POST, CREATES,  "=BatchOrder",          202, "Batch",               ""},
    {"/api/v1/batches/{id}",                          GET,  READS,    NULL,                   200, "Batch",               ""},
    {"/api/v1/batches/{id}/items",                    GET,  READS,    NULL,                   200, "[BatchItem]",         "state cursor limit"},
    {"/api/v1/batches/{id}/stop",                     POST, CHANGES,  NULL,                   200, "Batch",               ""},
    {"/api/v1/calendars",                             GET,  READS,    NULL,                   200, "[CalendarInUse]",     ""},
    {"/api/v1/calendars",                             POST, CREATES,  "=CalendarRecord",      201, "CalendarPlan",        "preview"},
    {"/api/v1/calendars/{name}",                      GET,  READS,    NULL,                   200, "Calendar",            "year"},
    {"/api/v1/competence",                            GET,  READS,    NULL,                   200, "[Competence]",        "procedure cursor"},
    {"/api/v1/competence/moves",                      POST, CREATES,  "+CompetenceMoveNew",   201, "CompetenceMove",      ""},
    {"/api/v1/contacts/summary",                      GET,  READS,    NULL,                   200, "ContactSummary",      "from to agency"},
    {"/api/v1/counter/appointments",                  GET,  READS,    NULL,                   200, "[Appointment]",       "day"},
    {"/api/v1/counter/appointments/{id}/come",        POST, CHANGES,  NULL,                   200, "Appointment",         ""},
    {"/api/v1/counter/appointments/{id}/miss",        POST, CHANGES,  NULL,                   200, "Appointment",         ""},
    {"/api/v1/counter/call",                          POST, CREATES,  "DeskCall",             200, "DeskCalled",          ""},
    {"/api/v1/counter/tickets",                       GET,  READS,    NULL,                   200, "[Ticket]",            "state"},
    {"/api/v1/counter/tickets",                       POST, CREATES,  "TicketNew",            201, "Ticket",              ""},
    {"/api/v1/dossiers",                              GET,  READS,    NULL,                   200, "[DossierSummary]",    DOSSIER_FILTERS},
    {"/api/v1/dossiers",                              POST, CREATES,  "+Submission",          201, "Dossier",             ""},
    {"/api/v1/dossiers/{code}",                       GET,  READS,    NULL,                   200, "Dossier",             ""},
    {"/api/v1/dossiers/{code}/checks",                GET,  READS,    NULL,                   200, "[PaperMark]",         ""},
    {"/api/v1/dossiers/{code}/checks",                POST, CHANGES,  "PaperCheck",           200, "[PaperMark]",         ""},
    {"/api/v1/dossiers/{code}/files/{n}",             GET,  READS,    NULL,                   200, "",                    ""},
    {"/api/v1/dossiers/{code}/history",               GET,  READS,    NULL,                   200, "[HistoryLine]",       ""},
    {"/api/v1/dossiers/{code}/identity",              GET,  READS,    NULL,                   200, "DossierIdentity",     ""},
    {"/api/v1/dossiers/{code}/messages",              GET,  READS,    NULL,                   200, "[Message]",           ""},
    {"/api/v1/dossiers/{code}/messages",              POST, CREATES,  "MessageNew",           201, "Written",             ""},
    {"/api/v1/dossiers/{code}/messages/seen",         POST, HARMLESS, "MessagesSeen",         204, NULL,                  ""},
    {"/api/v1/dossiers/{code}/messages/{n}/files/{file}", GET,  READS,    NULL,                   200, "",                    ""},
    {"/api/v1/dossiers/{code}/notes",                 GET,  READS,    NULL,                   200, "[Note]",              ""},
    {"/api/v1/dossiers/{code}/notes",                 POST, CREATES,  "NoteNew",              201, "Written",             ""},
    {"/api/v1/dossiers/{code}/payments",              GET,  READS,    NULL,                   200, "Payments",            ""},
    {"/api/v1/dossiers/{code}/slips",                 GET,  READS,    NULL,                   200, "[Slip]",              ""},
    {"/api/v1/dossiers/{code}/slips/{slip}",          GET,  READS,    NULL,                   200, "",                    ""},
    {"/api/v1/events",                                GET,  READS,    NULL,                   200, "[Event]",             "after limit"},
    {"/api/v1/files",                                 POST, HARMLESS, "",                     201, "File",                ""},
    {"/api/v1/lookup",                                GET,  READS,    NULL,                   200, "HowFar",              "code"},
    {"/api/v1/notices",                               GET,  READS,    NULL,                   200, "[Notice]",            "cursor limit"},
    {"/api/v1/notices/{id}/seen",                     POST, HARMLESS, NULL,                   204, NULL,                  ""},
    {"/api/v1/openapi.json",                          GET,  READS,    NULL,                   200, "",                    ""},
    {"/api/v1/procedure-fields",                      GET,  READS,    NULL,                   200, "[ProcedureField]",    ""},
    {"/api/v1/procedures",                            GET,  READS,    NULL,                   200, "[ProcedureSummary]",  PROCEDURE_FILTERS},
    {"/api/v1/procedures/{code}",                     GET,  READS,    NULL,                   200, "Procedure",           "version"},
    {RULES,                                           GET,  READS,    NULL,                   200, "[RuleVersion]",       ""},
    {RULES,                                           POST, CREATES,  "RulesNew",             201, "RulesKept",           ""},
    {RULES "/{version}/difference",                   GET,  READS,    NULL,                   200, "[RuleDifference]",    ""},
    {RULES "/{version}/effect",                       GET,  READS,    NULL,                   200, "[RuleEffect]",        ""},
    {RULES "/{version}/publish",                      POST, CREATES,  "+RulesDecision",       200, "RulesPublished",      ""},
    {VERSIONS,                                        GET,  READS,    NULL,                   200, "[ProcedureVersion]",  ""},
    {VERSIONS,                                        POST, CREATES,  "=ProcedureRecord",     201, "ProcedureDraft",      ""},
    {VERSIONS "/{version}/difference",                GET,  READS,    NULL,                   200, "[ProcedureDifference]", "from"},
    {VERSIONS "/{version}/publish",                   POST, CREATES,  "+ProcedureDecision",   200, "ProcedureDecided",    ""},
    {"/api/v1/procedures/{code}/decisions",           GET,  READS,    NULL,                   200, "[ProcedureDecided]",  ""},
    {"/api/v1/procedures/{code}/withdraw",            POST, CREATES,  "+ProcedureDecision",   200, "ProcedureDecided",    ""},
    {"/api/v1/progress",                              GET,  READS,    NULL,                   200, "Progress",            "agency by"},
    {"/api/v1/tasks",                                 GET,  READS,    NULL,                   200, "[Task]",              "mine cursor limit"},
    {"/api/v1/vault",                                 GET,  READS,    NULL,                   200, "[VaultItem]",         "cursor limit"},
    {"/api/v1/webhooks",                              GET,  READS,    NULL,                   200, "[Webhook]",           ""},
    {"/api/v1/webhooks",                              POST, CREATES,  "WebhookNew",           201, "Webhook",             ""},
    {"/api/v1/webhooks/{id}",                         GET,  READS,    NULL,                   200, "Webhook",             ""},
    {"/api/v1/webhooks/{id}/disable",                 POST, CHANGES,  NULL,                   200, "Webhook",             ""},
    {"/api/v1/webhooks/{id}/enable",                  POST, CHANGES,  NULL,                   200, "Webhook",             ""},
    {"/api/v1/webhooks/{id}/messages",                GET,  READS,    NULL,                   200, "[WebhookMessage]",    "cursor limit"},
    {"/api/v1/webhooks/{id}/replay",                  POST, CREATES,  "WebhookReplay",        202, "WebhookReplayed",     ""},
    {"/api/v1/webhooks/{id}/rotate",                  POST, CHANGES,  NULL,                   200, "Webhook",             ""},
};
/* clang-format on */

static const char *schema_of(const char *takes)
{
    return takes + (*takes == '+' || *takes == '=');
}

static const struct shape *find_shape(const struct route *r)
{
    for (size_t i = 0; i < LENGTH(shapes); i++)
        if (shapes[i].method == r->method && str_eq(str_from(shapes[i].path), str_from(r->path))) return &shapes[i];
    return NULL;
}

/* The row is an act when its context points into the action table. */
static const struct action *action_of(const struct route *r)
{
    const struct action *a = r->context;
    return a >= actions && a < actions + ACTION_COUNT ? a : NULL;
}

/* ---- parts ---- */

static void put_ref(struct json_writer *w, struct arena *a, const char *schema)
{
    jw_open(w, '{');
    jw_put_str(w, "$ref", str_format(a, "#/components/schemas/%s", schema));
    jw_close(w);
}

/* {"items": [...], "next_cursor": ...} */
static void put_list(struct json_writer *w, struct arena *a, struct str item)
{
    jw_open(w, '{');
    jw_put_str(w, "type", STR("object"));
    jw_key(w, "required");
    jw_raw(w, STR("[\"items\",\"next_cursor\"]"));
    jw_key(w, "properties");
    jw_open(w, '{');
    jw_key(w, "items");
    jw_open(w, '{');
    jw_put_str(w, "type", STR("array"));
    jw_key(w, "items");
    put_ref(w, a, str_cstr(a, item));
    jw_close(w);
    jw_key(w, "next_cursor");
    jw_raw(w, STR("{\"type\":[\"string\",\"null\"]}"));
    jw_close(w);
    jw_close(w);
}

static void put_content(struct json_writer *w, struct arena *a, const char *type, const char *schema)
{
    jw_key(w, "content");
    jw_open(w, '{');
    jw_key(w, type);
    jw_open(w, '{');
    jw_key(w, "schema");
    struct str name = str_from(schema);
    if (str_starts(name, STR("[")))
        put_list(w, a, str_part(name, 1, name.len - 2));
    else
        put_ref(w, a, schema);
    jw_close(w);
    jw_close(w);
}

static void put_parameter(struct json_writer *w, struct str name, const char *place, bool is_required)
{
    jw_open(w, '{');
    jw_put_str(w, "name", name);
    jw_put_str(w, "in", str_from(place));
    jw_put_bool(w, "required", is_required);
    jw_key(w, "schema");
    jw_open(w, '{');
    jw_put_str(w, "type", STR("string"));
    jw_close(w);
    jw_close(w);
}

static void put_path_parameters(struct json_writer *w, const char *path)
{
    struct str rest = str_from(path), name;
    ptrdiff_t open;
    while ((open = str_find(rest, STR("{"), 0)) >= 0) {
        (void)str_cut(str_part(rest, (size_t)open + 1, rest.len), '}', &name,
                      &rest); /* the router checked the braces */
        put_parameter(w, name, "path", true);
    }
}

static void put_parameters(struct json_writer *w, const struct route *r, const struct shape *s)
{
    jw_key(w, "parameters");
    jw_open(w, '[');
    put_path_parameters(w, r->path);
    struct str names = str_from(s != NULL ? s->query : ""), name;
    while (names.len > 0) {
        (void)str_cut(names, ' ', &name, &names); /* without a blank it is the last */
        put_parameter(w, name, "query", false);
    }
    enum manner manner = action_of(r) != NULL ? CHANGES : s != NULL ? s->manner : READS;
    if (manner == CHANGES) put_parameter(w, STR("If-Match"), "header", true);
    if (manner == CREATES) put_parameter(w, STR("Idempotency-Key"), "header", false);
    jw_close(w);
}

static void put_field_schema(struct json_writer *w, struct arena *a, const struct action_field *f)
{
    jw_open(w, '{');
    if (f->kind == ACTION_FILES) {
        jw_put_str(w, "type", STR("array"));
        jw_key(w, "items");
        put_ref(w, a, "Attachment");
    } else if (f->kind == ACTION_OUTCOME) {
        jw_key(w, "enum");
        jw_raw(w, STR("[\"granted\",\"refused\"]"));
    } else if (f->kind == ACTION_CHOICE) {
        jw_key(w, "enum");
        jw_open(w, '[');
        for (size_t i = 0; i < f->option_count; i++) jw_str(w, str_from(f->options[i].value));
        jw_close(w);
    } else if (f->kind == ACTION_MONEY) { /* a number, or its digits as a form sends them */
        jw_key(w, "anyOf");
        jw_raw(w, STR("[{\"type\":\"integer\",\"minimum\":1},{\"type\":\"string\",\"pattern\":\"^[0-9]+$\"}]"));
    } else if (f->kind == ACTION_PARTS || f->kind == ACTION_ANSWERS) {
        jw_put_str(w, "type", STR("array"));
        jw_key(w, "items");
        put_ref(w, a, f->kind == ACTION_PARTS ? "AskedItem" : "AskedAnswer");
    } else if (f->kind == ACTION_UNITS) { /* several, or one */
        jw_key(w, "anyOf");
        jw_raw(w, STR("[{\"type\":\"array\",\"items\":{\"type\":\"string\"}},{\"type\":\"string\"}]"));
    } else {
        jw_put_str(w, "type", STR("string"));
        if (f->kind == ACTION_DATE) jw_put_str(w, "format", STR("date"));
    }
    jw_close(w);
}

static void put_act_schema(struct json_writer *w, struct arena *a, const struct action *action)
{
    jw_open(w, '{');
    jw_put_str(w, "type", STR("object"));
    jw_key(w, "required");
    jw_open(w, '[');
    for (size_t i = 0; i < action->field_count; i++)
        if (action->fields[i].is_required) jw_str(w, str_from(action->fields[i].name));
    jw_close(w);
    jw_key(w, "properties");
    jw_open(w, '{');
    for (size_t i = 0; i < action->field_count; i++) {
        jw_key(w, action->fields[i].name);
        put_field_schema(w, a, &action->fields[i]);
    }
    jw_close(w);
    jw_close(w);
}

static void put_act_body(struct json_writer *w, struct arena *a, const struct action *action)
{
    jw_key(w, "requestBody");
    jw_open(w, '{');
    jw_key(w, "content");
    jw_open(w, '{');
    jw_key(w, "application/json");
    jw_open(w, '{');
    jw_key(w, "schema");
    put_act_schema(w, a, action);
    jw_close(w);
    jw_close(w);
    jw_close(w);
}

static void put_body(struct json_writer *w, struct arena *a, const struct route *r, const struct shape *s)
{
    if (action_of(r) != NULL) {
        put_act_body(w, a, action_of(r));
    } else if (s != NULL && s->takes != NULL) {
        jw_key(w, "requestBody");
        jw_open(w, '{');
        jw_put_bool(w, "required", true);
        if (*s->takes == '\0') {
            jw_key(w, "content");
            jw_raw(w, STR("{\"application/octet-stream\":{}}"));
        } else {
            put_content(w, a, "application/json", schema_of(s->takes));
        }
        jw_close(w);
    }
}

static void put_response(struct json_writer *w, struct arena *a, const char *status, const char *description,
                         const char *type, const char *schema)
{
    jw_key(w, status);
    jw_open(w, '{');
    jw_put_str(w, "description", str_from(description));
    if (schema != NULL && *schema != '\0') put_content(w, a, type, schema);
    jw_close(w);
}

static void put_responses(struct json_writer *w, struct arena *a, const struct route *r, const struct shape *s)
{
    jw_key(w, "responses");
    jw_open(w, '{');
    int status = s != NULL ? s->status : 200;
    const char *gives = action_of(r) != NULL ? "Dossier" : s != NULL ? s->gives : NULL;
    put_response(w, a, str_format(a, "%d", status).at, "Success", "application/json", gives);
    if (action_of(r) != NULL) put_response(w, a, "204", "Done; the dossier is not yours to see any more", NULL, NULL);
    put_response(w, a, "default", "Problem", "application/problem+json", "Problem");
    jw_close(w);
}

/* "post /api/v1/dossiers/{code}/receive" -> "post_dossiers_code_receive" */
static struct str operation_id(struct arena *a, const struct route *r)
{
    struct str text = str_format(a, "%s_%s", method_name(r->method), r->path + sizeof "/api/v1/" - 1);
    char *at = arena_dup(a, text.at, text.len);
    for (size_t i = 0; i < text.len; i++)
        at[i] = isalnum((unsigned char)at[i]) ? (char)tolower((unsigned char)at[i]) : '_';
    return str_of(at, text.len);
}

static void put_operation(struct json_writer *w, struct arena *a, const struct route *r, enum language l)
{
    const struct shape *s = find_shape(r);
    struct str method = str_lower_ascii(a, str_from(method_name(r->method)));
    jw_key(w, method.at);
    jw_open(w, '{');
    jw_put_str(w, "operationId", operation_id(a, r));
    jw_put_str(w, "summary", translate(l, r->title));
    jw_put_str(w, "x-permission", str_from(permission_name((enum permission)r->permission)));
    jw_key(w, "security");
    jw_raw(w, r->permission == PERMIT_PUBLIC ? STR("[]") : STR("[{\"bearer\":[]},{\"session\":[]}]"));
    put_parameters(w, r, s);
    put_body(w, a, r, s);
    put_responses(w, a, r, s);
    jw_close(w);
}

/* ---- the document ---- */

struct route_refs {
    LIST(const struct route *) rows;
};

static void gather(struct arena *a, const struct route_list *lists, size_t count, struct route_refs *out)
{
    for (size_t i = 0; i < count; i++)
        for (size_t r = 0; r < lists[i].count; r++)
            if (str_starts(str_from(lists[i].routes[r].path), STR("/api/v1/")))
                LIST_PUSH(a, out->rows) = &lists[i].routes[r];
}

static bool is_first_of_path(const struct route_refs *refs, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (str_eq(str_from(refs->rows.at[i]->path), str_from(refs->rows.at[at]->path))) return false;
    return true;
}

static void put_paths(struct json_writer *w, struct arena *a, const struct route_refs *refs, enum language l)
{
    jw_key(w, "paths");
    jw_open(w, '{');
    for (size_t i = 0; i < refs->rows.count; i++) {
        if (!is_first_of_path(refs, i)) continue;
        jw_key(w, refs->rows.at[i]->path);
        jw_open(w, '{');
        for (size_t n = i; n < refs->rows.count; n++)
            if (str_eq(str_from(refs->rows.at[n]->path), str_from(refs->rows.at[i]->path)))
                put_operation(w, a, refs->rows.at[n], l);
        jw_close(w);
    }
    jw_close(w);
}

void openapi_write(struct json_writer *w, struct arena *a, const struct route_list *lists, size_t count,
                   enum language l)
{
    struct route_refs refs = {0};
    gather(a, lists, count, &refs);
    jw_open(w, '{');
    jw_put_str(w, "openapi", STR("3.1.0"));
    jw_key(w, "info");
    jw_open(w, '{');
    jw_put_str(w, "title", STR("Motcua"));
    jw_put_str(w, "version", str_from(motcua_version));
    jw_close(w);
    put_paths(w, a, &refs, l);
    jw_key(w, "components");
    jw_open(w, '{');
    jw_key(w, "securitySchemes");
    jw_raw(w, STR("{\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"},"
                  "\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"motcua\"}}"));
    jw_key(w, "schemas");
    jw_raw(w, str_from(openapi_schemas_text));
    jw_close(w);
    jw_close(w);
}

/* ---- what is asked before a handler reads ---- */

enum outcome openapi_open(struct arena *a, struct openapi *out, struct fail *why)
{
    *out = (struct openapi){.arena = a};
    TRY(json_read(a, str_from(openapi_schemas_text), &out->schemas, why));
    return contract_learn(out->schemas, why);
}

/* The fields of an act are its row's; what is missing, its command says with all else. */
static const struct contract *act_contract(const struct openapi *o, const struct action *action)
{
    struct json_writer w;
    struct fail why;
    AUTO_BUF struct buf text;
    struct contract *c = ARENA_NEW(o->arena, struct contract);
    fail_init(&why, o->arena);
    buf_init(&text, ACT_SCHEMA_BYTES);
    jw_init(&w, &text);
    put_act_schema(&w, o->arena, action);
    *c = (struct contract){NULL, o->schemas, true};
    if (json_read(o->arena, buf_str(&text), &c->schema, &why) != OK) BUG("the schema of %s", action->name);
    return c;
}

const struct contract *openapi_contract(void *context, const struct route *row)
{
    const struct openapi *o = context;
    if (action_of(row) != NULL) return act_contract(o, action_of(row));
    const struct shape *s = find_shape(row);
    if (s == NULL || s->takes == NULL || *s->takes == '\0' || *s->takes == '=') return NULL;
    struct contract *c = ARENA_NEW(o->arena, struct contract);
    *c = (struct contract){yyjson_obj_get(o->schemas, schema_of(s->takes)), o->schemas, *s->takes == '+'};
    if (c->schema == NULL) BUG("no schema %s", s->takes);
    return c;
}
