/* `motcua init`: the data folder of a new office, once. */
#include <unistd.h>

#include "app/demo.h"
#include "app/serve.h"
#include "base/auto.h"
#include "base/file.h"

enum { OUTPUT_BYTES = 64 * 1024 };

/* The office's own agency stands in motcua.conf, where later commands find it. */
static enum outcome write_settings(struct command_context *c, const struct folder *folder, struct str office,
                                   struct fail *why)
{
    struct str text = str_format(c->arena, "office = %.*s\n", STR_ARG(office));
    return file_write(folder_file(c->arena, folder, "motcua.conf"), text, 0600, why);
}

static enum outcome fill(struct command_context *c, struct app *app, struct demo_account **out, size_t *out_count,
                         struct fail *why)
{
    bool is_demo = command_has(c, "demo");
    TRY(demo_import(app, is_demo, why));
    if (!is_demo) {
        struct str name = command_option(c, "name");
        *out = ARENA_NEW(c->arena, struct demo_account);
        *out_count = 1;
        return first_administrator(app, app->settings.text[SETTING_OFFICE],
                                   name.len > 0 ? name : STR("Bộ phận Một cửa"), *out, why);
    }
    TRY(demo_people(app, out, out_count, why));
    return app_entrust_procedures(app, why);
}

static struct str accounts_json(struct command_context *c, const struct app *app, const struct demo_account *accounts,
                                size_t count)
{
    AUTO_BUF struct buf out;
    buf_init(&out, OUTPUT_BYTES);
    struct json_writer w;
    jw_init(&w, &out);
    jw_open(&w, '{');
    jw_put_str(&w, "url", str_format(c->arena, "http://%.*s", STR_ARG(app->settings.text[SETTING_LISTEN])));
    jw_key(&w, "accounts");
    jw_open(&w, '[');
    for (size_t i = 0; i < count; i++) {
        jw_open(&w, '{');
        jw_put_str(&w, "login", accounts[i].login);
        jw_put_str(&w, "password", accounts[i].password);
        jw_put_str(&w, "role", accounts[i].role);
        jw_put_str_or_null(&w, "agency", accounts[i].agency);
        jw_put_str(&w, "name", accounts[i].name);
        jw_close(&w);
    }
    jw_close(&w);
    jw_close(&w);
    return str_dup(c->arena, buf_str(&out));
}

static void print_accounts(struct command_context *c, const struct demo_account *accounts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        fprintf(c->out, "%-16.*s %-22.*s %-12.*s %-10.*s %.*s\n", STR_ARG(accounts[i].login),
                STR_ARG(accounts[i].password), STR_ARG(accounts[i].role), STR_ARG(accounts[i].agency),
                STR_ARG(accounts[i].name));
}

static enum outcome make(struct command_context *c, struct app *app, struct str path, struct fail *why)
{
    struct folder folder;
    struct demo_account *accounts = NULL;
    size_t count = 0;
    struct str office = command_option(c, "agency");
    if (command_has(c, "demo")) office = STR("G11");
    if (office.len == 0) office = STR("Z01");
    TRY(folder_make(c->arena, path, why));
    TRY(folder_own(c->arena, path, &folder, why));
    if (folder_is_made(c->arena, path)) {
        folder_release(&folder);
        return fail(why, ERR_CONFLICT, N_("There is an office in {0} already. It stays as it is."), path);
    }
    TRY(write_settings(c, &folder, office, why));
    TRY(app_open(app, folder, true, why));
    TRY(fill(c, app, &accounts, &count, why));
    struct str json = accounts_json(c, app, accounts, count);
    TRY(file_write(folder_file(c->arena, &folder, "first-accounts.json"), json, 0600, why));
    if (command_has(c, "json"))
        fprintf(c->out, "%.*s\n", STR_ARG(json));
    else
        print_accounts(c, accounts, count);
    return OK;
}

/* A half-made office would be taken for a whole one. */
static void undo(struct command_context *c, struct str path)
{
    static const char *const names[] = {"motcua.db", "motcua.db-wal", "motcua.db-shm", "motcua.conf"};
    for (size_t i = 0; i < LENGTH(names); i++) unlink(file_join(c->arena, path, str_from(names[i])).at);
}

enum exit_code command_init(struct command_context *c)
{
    struct app app = {.folder.lock_fd = -1};
    struct fail why;
    fail_init(&why, c->arena);
    struct str path = app_data_folder(c);
    enum outcome made = make(c, &app, path, &why);
    enum exit_code code = made == OK ? EXIT_FINE : command_fail(c, &why);
    app_close(&app);
    if (made != OK && made != ERR_CONFLICT) undo(c, path);
    return code;
}
