/* `motcua serve`: one process, all of it. Opens the folder, starts followers, control socket and server; waits for a
 * signal. */
#include "command/serve.h"

#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "app/app.h"
#include "app/backups.h"
#include "app/control.h"
#include "app/housekeeping.h"
#include "app/outgoing.h"
#include "app/setup.h"
#include "base/auto.h"
#include "base/file.h"
#include "base/log.h"
#include "command/supervisor.h"

static const struct {
    const char *option;
    enum setting setting;
} flags[] = {
    {"listen",      SETTING_LISTEN     },
    {"public-host", SETTING_PUBLIC_HOST},
    {"log-level",   SETTING_LOG_LEVEL  },
    {"threads",     SETTING_THREADS    },
    {"connections", SETTING_CONNECTIONS}
};

static enum outcome take_flags(struct command_context *c, struct app *app, struct fail *why)
{
    for (size_t i = 0; i < LENGTH(flags); i++)
        if (command_has(c, flags[i].option))
            TRY(settings_set(&app->arena, &app->settings, flags[i].setting, command_option(c, flags[i].option),
                             ORIGIN_FLAG, why));
    return app_set_log_level(app, why);
}

enum outcome app_serve(struct app *app, bool may_take_another_port, struct fail *why)
{
    TRY(journal_runner_start(app->store, app->journal_key, app->followers, app->follower_count, &app->runner, why));
    app->housekeeping = housekeeping_start(app);
    app->access = access_log_start(app->store);
    batches_serve(app->batches);
    struct server_options options = {
        .listen = app->settings.text[SETTING_LISTEN],
        .may_take_another_port = may_take_another_port,
        .thread_count = (int)app->settings.number[SETTING_THREADS],
        .connection_limit = (int)app->settings.number[SETTING_CONNECTIONS],
        .spool_folder = folder_own_file(&app->arena, &app->folder, "spool", ""),
        .router = app->router,
        .app = app,
        .gate = app->gate,
        .has_others = app->folder.node.len > 0,
        .public_host = app->settings.text[SETTING_PUBLIC_HOST],
    };
    TRY(server_listen(&options, &app->server, why));
    TRY(outgoing_serve(app, why));
    server_run(app->server); /* last: its threads see all of the above */
    return OK;
}

static enum outcome start(struct command_context *c, struct app *app, struct fail *why)
{
    TRY(take_flags(c, app, why));
    app->backups = backups_start(app); /* before anybody asks how they are */
    TRY(app_serve(app, command_has(c, "any-port"), why));
    return control_start(app, folder_own_file(&app->arena, &app->folder, "control", ".sock"), &app->control, why);
}

/* While nobody has used the one-time link, each start prints another one. */
static enum outcome say_setup(struct command_context *c, struct app *app, struct str url, struct fail *why)
{
    struct str token;
    TRY(setup_link_renew(app->store, c->arena, &token, why));
    if (token.len == 0) return OK;
    struct str link = str_format(c->arena, "%.*s/thiet-lap/%.*s", STR_ARG(url), STR_ARG(token));
    struct str sentence = fail_fill(c->arena, translate(c->language, N_("Set up the office here, once: {0}")),
                                    (const struct str[FAIL_ARGS]){link});
    fprintf(c->out, "%.*s\n", STR_ARG(sentence));
    return OK;
}

static enum outcome say_ready(struct command_context *c, struct app *app, struct fail *why)
{
    struct str url = server_url(app->server);
    struct str sentence =
        fail_fill(c->arena, translate(c->language, N_("Motcua is open at {0}")), (const struct str[FAIL_ARGS]){url});
    fprintf(c->out, "%.*s\n", STR_ARG(sentence));
    TRY(say_setup(c, app, url, why));
    fflush(c->out);
    supervisor_ready();
    if (!command_has(c, "ready-file")) return OK;
    return file_write(command_path(c, command_option(c, "ready-file")), str_format(c->arena, "%.*s\n", STR_ARG(url)),
                      0644, why);
}

/* Every thread inherits the mask, so signals come to this one place. */
static int block_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    signal(SIGPIPE, SIG_IGN);
    if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0) BUG("signals cannot be blocked");
    int fd = signalfd(-1, &set, SFD_CLOEXEC);
    if (fd < 0) BUG("no signalfd");
    return fd;
}

static void wait_for_end(struct app *app, int signal_fd)
{
    struct signalfd_siginfo got;
    while (read(signal_fd, &got, sizeof got) == (ssize_t)sizeof got) {
        if (got.ssi_signo != SIGHUP) break;
        supervisor_reloading();
        app_reload(app);
        supervisor_ready();
    }
    supervisor_stopping();
    log_write(LOG_INFO, "stop", "signal=%u", got.ssi_signo);
}

static enum outcome begin_here(struct command_context *c, struct str path, struct fail *why)
{
    TRY(office_begin(c, path, why));
    struct str sentence = fail_fill(c->arena, translate(c->language, N_("A new office was made in {0}.")),
                                    (const struct str[FAIL_ARGS]){path});
    fprintf(c->out, "%.*s\n", STR_ARG(sentence));
    return OK;
}

/* Alone, or as one of several nodes; each has a spool of its own, which it sweeps. */
static enum outcome own_folder(struct command_context *c, struct str path, struct folder *out, struct fail *why)
{
    if (!command_has(c, "node")) return folder_own(c->arena, path, out, why);
    TRY(folder_share(c->arena, path, command_option(c, "node"), out, why));
    return file_make_folder(folder_own_file(c->arena, out, "spool", ""), 0700, why);
}

/* One office from its opening to its end; out_anew: the password of the training office that it is to become. */
static enum exit_code serve_once(struct command_context *c, struct str path, int signals, struct str *out_anew,
                                 struct fail *why)
{
    struct folder folder;
    struct app app;
    enum exit_code code = EXIT_FINE;
    if (!folder_is_made(c->arena, path) && begin_here(c, path, why) != OK) return command_fail(c, why);
    if (own_folder(c, path, &folder, why) != OK) return command_fail(c, why);
    if (app_open(&app, folder, false, why) != OK || start(c, &app, why) != OK || say_ready(c, &app, why) != OK)
        code = command_fail(c, why);
    else
        wait_for_end(&app, signals);
    app_close(&app); /* only then nobody can be writing the password */
    *out_anew = str_dup(c->arena, str_from(app.anew));
    return code;
}

enum exit_code command_serve(struct command_context *c)
{
    struct fail why;
    struct str path = app_data_folder(c), anew = STR_NONE;
    AUTO_FD int signals = block_signals();
    for (;;) {
        fail_init(&why, c->arena);
        enum exit_code code = serve_once(c, path, signals, &anew, &why);
        if (code != EXIT_FINE || anew.len == 0) return code;
        /* A password that the rules refuse (it has a login in it) must not leave nothing behind: random ones then. */
        if (training_begin_anew(c, path, anew, &why) == OK) continue;
        fail_init(&why, c->arena);
        if (training_begin_anew(c, path, STR_NONE, &why) != OK) return command_fail(c, &why);
    }
}
