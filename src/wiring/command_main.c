/* From the words of a call to its exit code: who owns the folder decides where the command runs. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/app.h"
#include "app/command.h"
#include "app/control.h"
#include "app/folder.h"
#include "base/auto.h"
#include "base/file.h"
#include "command/serve.h"

enum { CALL_ARENA = 256 * 1024 * 1024, START_PATIENCE_MS = 5000, START_STEP_MS = 50 };

static enum language caller_language(void)
{
    const char *lang = getenv("LC_ALL");
    if (lang == NULL || *lang == 0) lang = getenv("LC_MESSAGES");
    if (lang == NULL || *lang == 0) lang = getenv("LANG");
    return lang != NULL && strncmp(lang, "vi", 2) == 0 ? VIETNAMESE : ENGLISH;
}

struct str app_data_folder(struct command_context *c)
{
    struct str given = command_option(c, "data");
    if (given.len == 0) given = str_from(getenv("MOTCUA_DATA"));
    return given.len > 0 ? given : STR("data");
}

static enum exit_code run_here(struct command_context *c, struct folder folder, struct fail *why)
{
    struct app app;
    enum exit_code code;
    const struct app_opening how = {.has_own_backup = command_has(c, "i-have-a-backup")};
    if (app_open_as(&app, folder, how, why) == OK) {
        c->app = &app;
        code = c->command->run(c);
    } else {
        code = command_fail(c, why);
    }
    app_close(&app);
    return code;
}

/* Of several nodes the first that answers. */
static enum outcome call_server(struct command_context *c, struct str path, const struct str *words, size_t count,
                                enum exit_code *out, struct fail *why)
{
    struct str *sockets;
    size_t socket_count;
    enum outcome called = ERR_MISSING;
    TRY(folder_sockets(c->arena, path, &sockets, &socket_count, why));
    for (size_t i = 0; i < socket_count && called == ERR_MISSING; i++)
        called = control_call(c->arena, sockets[i], words, count, c->language, out, why);
    return called;
}

/* Takes the folder when it is free; else asks the server that owns it, which may be just starting. */
static enum exit_code run_with_app(struct command_context *c, const struct str *words, size_t count, struct fail *why)
{
    struct str path = app_data_folder(c);
    if (!folder_is_made(c->arena, path)) {
        (void)fail(why, ERR_MISSING, N_("There is no office in {0} yet. Make one with `motcua init --data {0}`."),
                   path);
        return command_fail(c, why);
    }
    for (int waited = 0; waited < START_PATIENCE_MS; waited += START_STEP_MS) {
        struct folder folder;
        enum outcome owned = folder_own(c->arena, path, &folder, why);
        if (owned == OK) return run_here(c, folder, why);
        if (owned != ERR_CONFLICT) break;
        enum exit_code code;
        enum outcome called = call_server(c, path, words, count, &code, why);
        if (called == OK) return code;
        if (called != ERR_MISSING) break;
        usleep(START_STEP_MS * 1000);
    }
    return command_fail(c, why);
}

static enum exit_code run_command(struct command_context *c, const struct str *words, size_t count, struct fail *why)
{
    enum exit_code parsed = command_parse(c, words + 1, count - 1);
    if (parsed != EXIT_FINE) return parsed;
    if (command_has(c, "help")) {
        command_help(c->out, c->command, c->language);
        return EXIT_FINE;
    }
    if (c->command->need != NEED_NOTHING && folder_become_owner(c->arena, app_data_folder(c), why) != OK)
        return command_fail(c, why);
    return c->command->need == NEED_APP ? run_with_app(c, words, count, why) : c->command->run(c);
}

enum exit_code command_main(int argc, char **argv)
{
    AUTO_ARENA struct arena arena;
    umask(0077); /* people's dossiers: whatever is written is for its owner alone */
    arena_init(&arena, CALL_ARENA);
    struct fail why;
    fail_init(&why, &arena);
    struct command_context c = {
        .arena = &arena, .in = stdin, .out = stdout, .err = stderr, .language = caller_language(), .stop_fd = -1};
    size_t count = argc > 1 ? (size_t)argc - 1 : 0;
    struct str *words = ARENA_ARRAY(&arena, struct str, count + 1);
    for (size_t i = 0; i < count; i++) words[i] = str_from(argv[i + 1]);
    if (count == 0 || str_eq(words[0], STR("--help")) || str_eq(words[0], STR("-h"))) {
        command_help_all(stdout, c.language);
        return count == 0 ? EXIT_USAGE : EXIT_FINE;
    }
    if (str_eq(words[0], STR("--version"))) words[0] = STR("version");
    c.command = command_find(words[0]);
    if (c.command == NULL) {
        struct str args[FAIL_ARGS] = {words[0]};
        struct str sentence =
            fail_fill(&arena, translate(c.language, N_("There is no command “{0}”. `motcua help` lists them.")), args);
        fprintf(stderr, "motcua: %.*s\n", STR_ARG(sentence));
        return EXIT_USAGE;
    }
    if (clock_init(&why) != OK) return command_fail(&c, &why);
    return run_command(&c, words, count, &why);
}
