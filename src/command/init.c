/* `motcua init`: the data folder of a new office, once. A training office may be begun anew. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/entrust.h"
#include "app/training.h"
#include "base/auto.h"
#include "base/file.h"
#include "command/serve.h"
#include "demo/demo.h"
#include "demo/demo_dossiers.h"

enum { OUTPUT_BYTES = 64 * 1024 };

/* What was made, for whoever asked. */
struct made {
    struct demo_account *accounts;
    size_t count;
    struct str setup_url; /* the one-time link; empty for a demo */
    int64_t dossiers;
};

/* What is wanted. */
struct wish {
    bool is_demo, is_training, has_dossiers, is_again;
    struct str agency, name, password, store;
};

static struct str wished_store(struct command_context *c)
{
    struct str url = command_option(c, "store");
    return url.len > 0 ? url : str_from(getenv("MOTCUA_STORE"));
}

static struct wish wish_of(struct command_context *c)
{
    bool is_training = command_has(c, "training"), is_demo = command_has(c, "demo") || is_training;
    struct str agency = is_demo ? DEMO_MINISTRY : command_option(c, "agency"), name = command_option(c, "name");
    return (struct wish){.is_demo = is_demo,
                         .is_training = is_training,
                         .has_dossiers = is_demo && (command_has(c, "dossiers") || is_training),
                         .is_again = command_has(c, "again"),
                         .agency = agency.len > 0 ? agency : STR("Z01"),
                         .name = name.len > 0 ? name : STR("Bộ phận Một cửa"),
                         .store = wished_store(c),
                         .password = str_from(getenv("MOTCUA_DEMO_PASSWORD"))};
}

/* The office's own agency stands in motcua.conf, where later commands find it. */
static enum outcome write_settings(struct command_context *c, const struct folder *folder, const struct wish *w,
                                   struct fail *why)
{
    struct str training = w->is_training ? STR("training = yes\n") : STR_NONE;
    struct str store = w->store.len > 0 ? str_format(c->arena, "store = %.*s\n", STR_ARG(w->store)) : STR_NONE;
    struct str text =
        str_format(c->arena, "office = %.*s\n%.*s%.*s", STR_ARG(w->agency), STR_ARG(training), STR_ARG(store));
    return file_write(folder_file(c->arena, folder, "motcua.conf"), text, 0600, why);
}

static enum outcome fill_own(struct command_context *c, struct app *app, const struct wish *w, struct made *out,
                             struct fail *why)
{
    struct str token;
    out->accounts = ARENA_NEW(c->arena, struct demo_account);
    out->count = 1;
    TRY(demo_import(app, false, why));
    TRY(first_administrator(app, app->settings.text[SETTING_OFFICE], w->name, out->accounts, &token, why));
    out->setup_url =
        str_format(c->arena, "http://%.*s/thiet-lap/%.*s", STR_ARG(app->settings.text[SETTING_LISTEN]), STR_ARG(token));
    return OK;
}

static enum outcome fill_demo(struct app *app, const struct wish *w, struct made *out, struct fail *why)
{
    TRY(demo_import(app, true, why));
    TRY(demo_people(app, w->password, &out->accounts, &out->count, why));
    TRY(entrust_procedures(app, why));
    return w->has_dossiers ? demo_dossiers(app, &out->dossiers, why) : OK;
}

static struct str made_json(struct command_context *c, const struct app *app, const struct made *made)
{
    AUTO_BUF struct buf out;
    buf_init(&out, OUTPUT_BYTES);
    struct json_writer w;
    jw_init(&w, &out);
    jw_open(&w, '{');
    jw_put_str(&w, "url", str_format(c->arena, "http://%.*s", STR_ARG(app->settings.text[SETTING_LISTEN])));
    if (made->setup_url.len > 0) jw_put_str(&w, "setup", made->setup_url);
    if (made->dossiers > 0) jw_put_int(&w, "dossiers", made->dossiers);
    jw_key(&w, "accounts");
    jw_open(&w, '[');
    for (size_t i = 0; i < made->count; i++) {
        const struct demo_account *account = &made->accounts[i];
        jw_open(&w, '{');
        jw_put_str(&w, "login", account->login);
        jw_put_str(&w, "password", account->password);
        jw_put_str(&w, "role", account->role);
        jw_put_str_or_null(&w, "agency", account->agency);
        jw_put_str(&w, "name", account->name);
        jw_close(&w);
    }
    jw_close(&w);
    jw_close(&w);
    return str_dup(c->arena, buf_str(&out));
}

static void print_made(struct command_context *c, const struct made *made)
{
    for (size_t i = 0; i < made->count; i++) {
        const struct demo_account *account = &made->accounts[i];
        fprintf(c->out, "%-16.*s %-22.*s %-12.*s %-10.*s %.*s\n", STR_ARG(account->login), STR_ARG(account->password),
                STR_ARG(account->role), STR_ARG(account->agency), STR_ARG(account->name));
    }
    if (made->setup_url.len == 0) return;
    struct str sentence =
        translate(c->language, N_("Start it with `motcua serve`, then set up the office here, once:"));
    fprintf(c->out, "\n%.*s\n%.*s\n", STR_ARG(sentence), STR_ARG(made->setup_url));
}

/* A folder that is an office already stays as it is; a training office is emptied when that was asked for. */
static enum outcome must_be_new(struct command_context *c, const struct wish *w, struct str path, struct fail *why)
{
    if (!folder_is_made(c->arena, path)) return OK;
    if (w->is_again) return training_clear(c->arena, path, why);
    return fail(why, ERR_CONFLICT, N_("There is an office in {0} already. It stays as it is."), path);
}

static enum outcome begin(struct command_context *c, struct app *app, struct str path, const struct wish *w,
                          struct made *made, struct fail *why)
{
    struct folder folder;
    TRY(folder_make(c->arena, path, why));
    TRY(folder_own(c->arena, path, &folder, why));
    enum outcome is_new = must_be_new(c, w, path, why);
    if (is_new != OK) {
        folder_release(&folder);
        return is_new;
    }
    TRY(write_settings(c, &folder, w, why));
    if (w->has_dossiers) demo_clock_back(); /* the store is opened then: its time never goes back */
    TRY(app_open(app, folder, true, why));
    TRY(w->is_demo ? fill_demo(app, w, made, why) : fill_own(c, app, w, made, why));
    return file_write(folder_file(c->arena, &folder, "first-accounts.json"), made_json(c, app, made), 0600, why);
}

static enum outcome make(struct command_context *c, struct app *app, struct str path, struct fail *why)
{
    struct made made = {0};
    struct wish w = wish_of(c);
    TRY(begin(c, app, path, &w, &made, why));
    struct str json = made_json(c, app, &made);
    if (command_has(c, "json"))
        fprintf(c->out, "%.*s\n", STR_ARG(json));
    else
        print_made(c, &made);
    return OK;
}

/* A half-made office would be taken for a whole one. */
static void undo(struct command_context *c, struct str path)
{
    static const char *const names[] = {"motcua.db", "motcua.db-wal", "motcua.db-shm", "motcua.db-mark", "motcua.conf"};
    for (size_t i = 0; i < LENGTH(names); i++) unlink(file_join(c->arena, path, str_from(names[i])).at);
}

/* A path of which not even the folder around it is there was mistyped. */
static bool has_place(struct command_context *c, struct str path)
{
    while (path.len > 1 && path.at[path.len - 1] == '/') path.len--;
    const char *slash = memrchr(path.at, '/', path.len);
    struct str around = slash == NULL ? STR(".") : str_part(path, 0, (size_t)(slash - path.at) + 1);
    return file_exists(str_dup(c->arena, around));
}

/* Ours is whatever an earlier start that was broken off may have left. */
static bool is_empty(struct command_context *c, struct str path)
{
    static const char *const ours[] = {"files", "keys", "lock", "spool"};
    struct str *names;
    size_t count, known = 0;
    struct fail unread;
    fail_init(&unread, c->arena);
    enum outcome read = file_names(c->arena, path, &names, &count, &unread);
    if (read != OK) return read == ERR_MISSING;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < LENGTH(ours); k++) known += str_eq(names[i], str_from(ours[k]));
    return known == count;
}

static enum outcome begin_and_close(struct command_context *c, struct str path, const struct wish *w, struct fail *why)
{
    struct app app = {.folder.lock_fd = -1};
    struct made made = {0};
    enum outcome r = begin(c, &app, path, w, &made, why);
    clock_release(); /* the demo's dossiers held it */
    app_close(&app);
    if (r != OK && r != ERR_CONFLICT) undo(c, path);
    return r;
}

enum outcome office_begin(struct command_context *c, struct str path, struct fail *why)
{
    struct wish w = wish_of(c);
    if (!has_place(c, path))
        return fail(why, ERR_MISSING, N_("There is no office in {0} yet. Make one with `motcua init --data {0}`."),
                    path);
    if (!is_empty(c, path))
        return fail(why, ERR_MISSING,
                    N_("There is no office in {0}, and it is not empty. Make one with `motcua init --data {0}`."),
                    path);
    return begin_and_close(c, path, &w, why);
}

enum outcome training_begin_anew(struct command_context *c, struct str path, struct str password, struct fail *why)
{
    struct wish w = {.is_demo = true,
                     .is_training = true,
                     .has_dossiers = true,
                     .is_again = true,
                     .agency = DEMO_MINISTRY,
                     .password = password};
    return begin_and_close(c, path, &w, why);
}

enum exit_code command_init(struct command_context *c)
{
    struct app app = {.folder.lock_fd = -1};
    struct fail why;
    fail_init(&why, c->arena);
    struct str path = app_data_folder(c);
    enum outcome made = make(c, &app, path, &why);
    clock_release(); /* the demo's dossiers held it */
    enum exit_code code = made == OK ? EXIT_FINE : command_fail(c, &why);
    app_close(&app);
    if (made != OK && made != ERR_CONFLICT) undo(c, path);
    return code;
}
