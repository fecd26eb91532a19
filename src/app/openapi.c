#include "app/openapi.h"

#include <ctype.h>

#include "agency/permission.h"
#include "base/list.h"
#include "dossier/action.h"
#include "motcua_version.h"

/* What a route takes and gives, beyond what its row says. In order of path. */
struct shape {
    const char *path;
    enum method method;
    const char *takes; /* schema of the JSON body; "" for raw bytes; NULL: none */
    int status;        /* of success */
    const char *gives; /* schema; NULL: a file or nothing */
    const char *query; /* names of query parameters */
};

#define DOSSIER_FILTERS "status agency procedure due_before q cursor limit"
#define PROCEDURE_FILTERS "q field level audience channel agency cursor limit"

/* clang-format off */
static const struct shape shapes[] = {
    {"/api/v1/absences",                GET,  NULL,         200, "List",        ""},
    {"/api/v1/absences",                POST, "AbsenceNew", 201, "Absence",     ""},
    {"/api/v1/absences/{id}",           GET,  NULL,         200, "Absence",     ""},
    {"/api/v1/absences/{id}/answer",    POST, "AbsenceAnswer", 200, "Absence",  ""},
    {"/api/v1/absences/{id}/end",       POST, NULL,         200, "Absence",     ""},
    {"/api/v1/agencies",                GET,  NULL,         200, "List",        "parent q cursor limit"},
    {"/api/v1/agencies/{identifier}",   GET,  NULL,         200, "Agency",      ""},
    {"/api/v1/appointments/slots",      GET,  NULL,         200, "List",        "agency day"},
    {"/api/v1/appointments",            GET,  NULL,         200, "List",        ""},
    {"/api/v1/appointments",            POST, "AppointmentNew", 201, "Appointment", ""},
    {"/api/v1/appointments/{id}/cancel", POST, "AppointmentCancel", 200, "Appointment", ""},
    {"/api/v1/counter/appointments",    GET,  NULL,         200, "List",        "day"},
    {"/api/v1/counter/appointments/{id}/come", POST, NULL,  200, "Appointment", ""},
    {"/api/v1/counter/appointments/{id}/miss", POST, NULL,  200, "Appointment", ""},
    {"/api/v1/counter/tickets",         GET,  NULL,         200, "List",        "state"},
    {"/api/v1/counter/tickets",         POST, "TicketNew",  201, "Ticket",      ""},
    {"/api/v1/counter/call",            POST, "DeskCall",   200, "DeskCalled",  ""},
    {"/api/v1/batches",                 GET,  NULL,         200, "List",        "cursor limit"},
    {"/api/v1/batches",                 POST, "BatchOrder", 202, "Batch",       ""},
    {"/api/v1/batches/{id}",            GET,  NULL,         200, "Batch",       ""},
    {"/api/v1/batches/{id}/items",      GET,  NULL,         200, "List",        "state cursor limit"},
    {"/api/v1/batches/{id}/stop",       POST, NULL,         200, "Batch",       ""},
    {"/api/v1/agencies/{identifier}/calendar", GET,  NULL,  200, "AgencyCalendar", ""},
    {"/api/v1/agencies/{identifier}/calendar", POST, "AgencyCalendarChange", 200, "AgencyCalendar", ""},
    {"/api/v1/calendars",               GET,  NULL,         200, "List",        ""},
    {"/api/v1/calendars",               POST, "CalendarRecord", 201, "CalendarPlan", "preview"},
    {"/api/v1/calendars/{name}",        GET,  NULL,         200, "Calendar",    "year"},
    {"/api/v1/dossiers",                GET,  NULL,         200, "DossierList", DOSSIER_FILTERS},
    {"/api/v1/dossiers",                POST, "Submission", 201, "Dossier",     ""},
    {"/api/v1/dossiers/{code}",         GET,  NULL,         200, "Dossier",     ""},
    {"/api/v1/dossiers/{code}/checks",  GET,  NULL,         200, "List",        ""},
    {"/api/v1/dossiers/{code}/checks",  POST, "PaperCheck", 200, "List",        ""},
    {"/api/v1/dossiers/{code}/history", GET,  NULL,         200, "List",        ""},
    {"/api/v1/dossiers/{code}/messages", GET,  NULL,        200, "List",        ""},
    {"/api/v1/dossiers/{code}/messages", POST, "MessageNew", 201, "Written",    ""},
    {"/api/v1/dossiers/{code}/messages/seen", POST, "MessagesSeen", 204, NULL,  ""},
    {"/api/v1/dossiers/{code}/notes",   GET,  NULL,         200, "List",        ""},
    {"/api/v1/dossiers/{code}/notes",   POST, "NoteNew",    201, "Written",     ""},
    {"/api/v1/dossiers/{code}/slips",   GET,  NULL,         200, "List",        ""},
    {"/api/v1/events",                  GET,  NULL,         200, "List",        "after limit"},
    {"/api/v1/files",                   POST, "",           201, "File",        ""},
    {"/api/v1/notices",                 GET,  NULL,         200, "List",        "cursor limit"},
    {"/api/v1/procedures",              GET,  NULL,         200, "List",        PROCEDURE_FILTERS},
    {"/api/v1/procedures/{code}",       GET,  NULL,         200, "Procedure",   ""},
    {"/api/v1/progress",                GET,  NULL,         200, "Progress",    "agency by"},
    {"/api/v1/tasks",                   GET,  NULL,         200, "List",        "mine cursor limit"},
    {"/api/v1/vault",                   GET,  NULL,         200, "List",        "cursor limit"},
};
/* clang-format on */

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

static void put_content(struct json_writer *w, struct arena *a, const char *type, const char *schema)
{
    jw_key(w, "content");
    jw_open(w, '{');
    jw_key(w, type);
    jw_open(w, '{');
    jw_key(w, "schema");
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
    if (action_of(r) != NULL) put_parameter(w, STR("If-Match"), "header", true);
    if (s != NULL && (s->status == 201 || s->status == 202)) put_parameter(w, STR("Idempotency-Key"), "header", false);
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
    } else if (f->kind == ACTION_MONEY) {
        jw_put_str(w, "type", STR("integer"));
        jw_put_int(w, "minimum", 1);
    } else if (f->kind == ACTION_PARTS || f->kind == ACTION_ANSWERS) {
        jw_put_str(w, "type", STR("array"));
        jw_key(w, "items");
        put_ref(w, a, f->kind == ACTION_PARTS ? "AskedItem" : "AskedAnswer");
    } else if (f->kind == ACTION_UNITS) {
        jw_put_str(w, "type", STR("array"));
        jw_key(w, "items");
        jw_raw(w, STR("{\"type\":\"string\"}"));
    } else {
        jw_put_str(w, "type", STR("string"));
        if (f->kind == ACTION_DATE) jw_put_str(w, "format", STR("date"));
    }
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
            put_content(w, a, "application/json", s->takes);
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
    if (schema != NULL) put_content(w, a, type, schema);
    jw_close(w);
}

static void put_responses(struct json_writer *w, struct arena *a, const struct route *r, const struct shape *s)
{
    jw_key(w, "responses");
    jw_open(w, '{');
    int status = s != NULL ? s->status : 200;
    const char *gives = action_of(r) != NULL ? "Dossier" : s != NULL ? s->gives : NULL;
    put_response(w, a, str_format(a, "%d", status).at, "Success", "application/json", gives);
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
    jw_put_str(w, "version", STR(MOTCUA_VERSION));
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
