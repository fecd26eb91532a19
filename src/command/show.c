/* Commands that print the program's own tables: what it can do, for whom, with which settings and queries. */
#include "agency/permission.h"
#include "agency/role.h"
#include "app/folder.h"
#include "app/routes.h"
#include "base/auto.h"
#include "base/json.h"
#include "base/version.h"
#include "command/commands.h"
#include "command/completion.h"
#include "command/manual_page.h"
#include "command/serve.h"
#include "help/guide.h"
#include "store/store_explain.h"

enum { SHOW_BYTES = 4 * 1024 * 1024 };

/* ---- routes ---- */

static void show_route(struct command_context *c, struct json_writer *w, const struct route *r)
{
    struct str title = translate(c->language, r->title);
    if (w == NULL) {
        fprintf(c->out, "%-6s %-46s %-18s %.*s\n", method_name(r->method), r->path, permission_name(r->permission),
                STR_ARG(title));
        return;
    }
    jw_open(w, '{');
    jw_put_str(w, "method", str_from(method_name(r->method)));
    jw_put_str(w, "path", str_from(r->path));
    jw_put_str(w, "permission", str_from(permission_name(r->permission)));
    jw_put_str(w, "title", title);
    jw_put_str(w, "guide", guide_find(c->arena, str_from(r->path), false));
    jw_put_str(w, "officer_guide", guide_find(c->arena, str_from(r->path), true));
    jw_close(w);
}

enum exit_code command_routes(struct command_context *c)
{
    size_t count;
    const struct route_list *lists = app_route_lists(c->arena, &count);
    AUTO_BUF struct buf out;
    buf_init(&out, SHOW_BYTES);
    struct json_writer w;
    bool is_json = command_has(c, "json");
    jw_init(&w, &out);
    if (is_json) jw_open(&w, '[');
    for (size_t i = 0; i < count; i++)
        for (size_t r = 0; r < lists[i].count; r++) show_route(c, is_json ? &w : NULL, &lists[i].routes[r]);
    if (!is_json) return EXIT_FINE;
    jw_close(&w);
    return command_print_json(c, &out);
}

/* ---- permissions ---- */

static struct str roles_with(struct command_context *c, enum permission p)
{
    struct str names = STR("");
    for (size_t i = 0; i < roles_count; i++)
        if (permission_is_in(roles[i].permissions, p))
            names =
                str_format(c->arena, "%.*s%s%.*s", STR_ARG(names), names.len > 0 ? " " : "", STR_ARG(roles[i].name));
    return names;
}

enum exit_code command_permissions(struct command_context *c)
{
    AUTO_BUF struct buf out;
    buf_init(&out, SHOW_BYTES);
    struct json_writer w;
    bool is_json = command_has(c, "json");
    jw_init(&w, &out);
    jw_open(&w, '[');
    for (enum permission p = PERMIT_NONE + 1; p < PERMISSION_COUNT; p++) {
        struct str allows = translate(c->language, permission_message(p)), names = roles_with(c, p);
        if (!is_json) {
            fprintf(c->out, "%-18s %.*s\n%-18s   %.*s\n", permission_name(p), STR_ARG(allows), "", STR_ARG(names));
            continue;
        }
        jw_open(&w, '{');
        jw_put_str(&w, "name", str_from(permission_name(p)));
        jw_put_str(&w, "allows", allows);
        jw_put_str(&w, "roles", names);
        jw_close(&w);
    }
    jw_close(&w);
    return is_json ? command_print_json(c, &out) : EXIT_FINE;
}

/* ---- settings ---- */

enum exit_code command_settings(struct command_context *c)
{
    struct settings settings;
    struct fail why;
    fail_init(&why, c->arena);
    struct folder folder = {app_data_folder(c), -1};
    if (settings_load(c->arena, folder_file(c->arena, &folder, "motcua.conf"), &settings, &why) != OK)
        return command_fail(c, &why);
    AUTO_BUF struct buf out;
    buf_init(&out, SHOW_BYTES);
    struct json_writer w;
    bool is_json = command_has(c, "json");
    jw_init(&w, &out);
    jw_open(&w, '[');
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct setting_row *row = &setting_rows[i];
        struct str value = row->is_secret && settings.text[i].len > 0 ? STR("********") : settings.text[i];
        struct str help = translate(c->language, row->help);
        if (!is_json) {
            fprintf(c->out, "%-22s %-18.*s %-9s %.*s\n", row->name, STR_ARG(value),
                    setting_origin_name(settings.origin[i]), STR_ARG(help));
            continue;
        }
        jw_open(&w, '{');
        jw_put_str(&w, "name", str_from(row->name));
        jw_put_str(&w, "value", value);
        jw_put_str(&w, "origin", str_from(setting_origin_name(settings.origin[i])));
        jw_put_bool(&w, "may_reload", row->may_reload);
        jw_put_str(&w, "help", help);
        jw_close(&w);
    }
    jw_close(&w);
    return is_json ? command_print_json(c, &out) : EXIT_FINE;
}

/* ---- queries, version, help ---- */

/* The office's own database when it is on a server, else an empty one in memory: plans depend on the schema only. */
static enum outcome read_plans(struct command_context *c, struct query_plan **out, struct fail *why)
{
    struct str given = command_option(c, "store");
    struct str url = given.len > 0 ? given : folder_store(c->arena, app_data_folder(c));
    *out = NULL;
    if (!command_has(c, "plan")) return OK;
    return store_explain(c->arena, url.len > 0 ? str_cstr(c->arena, url) : NULL, out, why);
}

/* Of the large tables that it reads whole, those that it should not. */
static size_t count_unwanted(const struct query *q, const struct query_plan *plan)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->scanned_count; i++) count += !store_may_scan(q, plan->scanned[i]);
    return count;
}

static void put_scans(struct json_writer *w, const struct query *q, const struct query_plan *plan)
{
    jw_put_str(w, "plan", plan->text);
    jw_key(w, "scans");
    jw_open(w, '[');
    for (size_t i = 0; i < plan->scanned_count; i++) {
        jw_open(w, '{');
        jw_put_str(w, "table", plan->scanned[i]);
        jw_put_bool(w, "allowed", store_may_scan(q, plan->scanned[i]));
        jw_close(w);
    }
    jw_close(w);
}

static const char *text_of(const struct query *q)
{
    return q->sql ? q->sql : q->sql_postgres;
}

static void show_query(struct command_context *c, struct json_writer *w, const struct query *q,
                       const struct query_plan *plan)
{
    if (w == NULL) {
        fprintf(c->out, "%s (%s)\n    %s\n", q->name, q->params, text_of(q));
        struct str rest = plan != NULL ? plan->text : STR_NONE, line;
        while (str_cut(rest, '\n', &line, &rest)) fprintf(c->out, "    | %.*s\n", STR_ARG(line));
        for (size_t i = 0; plan != NULL && i < plan->scanned_count; i++)
            fprintf(c->out, "    %s %.*s\n", store_may_scan(q, plan->scanned[i]) ? "scans" : "SCANS",
                    STR_ARG(plan->scanned[i]));
        return;
    }
    jw_open(w, '{');
    jw_put_str(w, "name", str_from(q->name));
    jw_put_str(w, "parameters", str_from(q->params));
    jw_put_bool(w, "is_write", q->is_write);
    jw_put_bool(w, "only_postgres", q->sql == NULL);
    jw_put_str(w, "sql", str_from(text_of(q)));
    if (plan != NULL) put_scans(w, q, plan);
    jw_close(w);
}

enum exit_code command_queries(struct command_context *c)
{
    AUTO_BUF struct buf out;
    buf_init(&out, SHOW_BYTES);
    struct json_writer w;
    struct fail why;
    struct query_plan *plans;
    size_t unwanted = 0;
    bool is_json = command_has(c, "json");
    fail_init(&why, c->arena);
    if (read_plans(c, &plans, &why) != OK) return command_fail(c, &why);
    jw_init(&w, &out);
    jw_open(&w, '[');
    for (size_t i = 0; i < queries_count; i++) {
        show_query(c, is_json ? &w : NULL, &queries[i], plans != NULL ? &plans[i] : NULL);
        if (plans != NULL) unwanted += count_unwanted(&queries[i], &plans[i]);
    }
    jw_close(&w);
    enum exit_code printed = is_json ? command_print_json(c, &out) : EXIT_FINE;
    return unwanted > 0 ? EXIT_REFUSED : printed;
}

enum exit_code command_version(struct command_context *c)
{
    if (command_has(c, "json"))
        fprintf(c->out, "{\"version\":\"%s\"}\n", motcua_version);
    else
        fprintf(c->out, "motcua %s\n", motcua_version);
    return EXIT_FINE;
}

enum exit_code command_completion(struct command_context *c)
{
    struct fail why;
    if (completion_print(c->out, c->arena, c->args[0], c->language)) return EXIT_FINE;
    fail_init(&why, c->arena);
    (void)fail(&why, ERR_INVALID, N_("There is no completion for “{0}”: say bash, zsh or fish."), c->args[0]);
    (void)command_fail(c, &why);
    return EXIT_USAGE;
}

enum exit_code command_help_run(struct command_context *c)
{
    if (command_has(c, "man")) {
        manual_page_print(c->out, c->arena, c->language);
        return EXIT_FINE;
    }
    const struct command *command = c->arg_count > 0 ? command_find(c->args[0]) : NULL;
    if (command != NULL)
        command_help(c->out, command, c->language);
    else
        command_help_all(c->out, c->language);
    return EXIT_FINE;
}
