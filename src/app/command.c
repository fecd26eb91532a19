#include "app/command.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"

const struct option command_common_options[] = {
    {"data", "DIR",   N_("The data folder; otherwise MOTCUA_DATA or ./data")},
    {"json", NULL,    N_("Machine-readable output on stdout")               },
    {"help", NULL,    N_("What this command does, with an example")         },
    {"lang", "vi|en", N_("Language of the messages")                        },
};
const size_t command_common_option_count = LENGTH(command_common_options);

const struct command *command_find(struct str name)
{
    for (size_t i = 0; i < command_count; i++)
        if (str_eq(name, str_from(commands[i].name))) return &commands[i];
    return NULL;
}

static const struct option *find_option(const struct command *command, struct str name)
{
    for (size_t i = 0; i < command->option_count; i++)
        if (str_eq(name, str_from(command->options[i].name))) return &command->options[i];
    for (size_t i = 0; i < command_common_option_count; i++)
        if (str_eq(name, str_from(command_common_options[i].name))) return &command_common_options[i];
    return NULL;
}

static void say(struct command_context *c, const char *message, struct str a, struct str b)
{
    struct str args[FAIL_ARGS] = {a, b};
    struct str sentence = fail_fill(c->arena, translate(c->language, message), args);
    fprintf(c->err, "motcua %s: %.*s\n", c->command->name, STR_ARG(sentence));
}

static enum exit_code take_option(struct command_context *c, const struct str *words, size_t count, size_t *at)
{
    struct str name, value;
    bool has_value = str_cut(str_part(words[*at], 2, words[*at].len), '=', &name, &value);
    const struct option *option = find_option(c->command, name);
    if (option == NULL) {
        say(c, N_("There is no option --{0}. See `motcua {1} --help`."), name, str_from(c->command->name));
        return EXIT_USAGE;
    }
    if (option->value == NULL && has_value) {
        say(c, N_("Option --{0} takes no value."), name, STR_NONE);
        return EXIT_USAGE;
    }
    if (option->value != NULL && !has_value) {
        if (*at + 1 >= count) {
            say(c, N_("Option --{0} needs a value: {1}."), name, str_from(option->value));
            return EXIT_USAGE;
        }
        value = words[++*at];
    }
    if (c->given_count == LENGTH(c->given)) {
        say(c, N_("Too many options."), STR_NONE, STR_NONE);
        return EXIT_USAGE;
    }
    c->given[c->given_count++] = (struct given_option){option, value};
    return EXIT_FINE;
}

enum exit_code command_parse(struct command_context *c, const struct str *words, size_t count)
{
    bool is_options_over = false;
    c->args = ARENA_ARRAY(c->arena, struct str, count + 1);
    for (size_t i = 0; i < count; i++) {
        if (!is_options_over && str_eq(words[i], STR("--"))) {
            is_options_over = true;
        } else if (!is_options_over && words[i].len > 2 && str_starts(words[i], STR("--"))) {
            enum exit_code taken = take_option(c, words, count, &i);
            if (taken != EXIT_FINE) return taken;
        } else {
            c->args[c->arg_count++] = words[i];
        }
    }
    if (command_has(c, "lang") && !language_parse(command_option(c, "lang"), &c->language)) {
        say(c, N_("Option --{0} needs a value: {1}."), STR("lang"), STR("vi|en"));
        return EXIT_USAGE;
    }
    if (command_has(c, "help")) return EXIT_FINE;
    int given = (int)c->arg_count;
    if (given < c->command->least_args || (c->command->most_args >= 0 && given > c->command->most_args)) {
        say(c, N_("Call it as: motcua {0} {1}"), str_from(c->command->name), str_from(c->command->usage));
        return EXIT_USAGE;
    }
    return EXIT_FINE;
}

bool command_has(const struct command_context *c, const char *name)
{
    for (size_t i = 0; i < c->given_count; i++)
        if (strcmp(c->given[i].option->name, name) == 0) return true;
    return false;
}

struct str command_option(const struct command_context *c, const char *name)
{
    for (size_t i = c->given_count; i > 0; i--)
        if (strcmp(c->given[i - 1].option->name, name) == 0) return c->given[i - 1].value;
    return STR_NONE;
}

struct str command_path(struct command_context *c, struct str path)
{
    if (str_starts(path, STR("/")) || c->cwd.len == 0) return path;
    return file_join(c->arena, c->cwd, path);
}

enum exit_code command_fail(struct command_context *c, const struct fail *why)
{
    struct str sentence = fail_sentence(c->arena, c->language, why);
    fprintf(c->err, "motcua %s: %.*s\n", c->command->name, STR_ARG(sentence));
    for (size_t i = 0; i < why->problem_count; i++) {
        struct str problem = problem_sentence(c->arena, c->language, &why->problems[i]);
        fprintf(c->err, "  %.*s: %.*s\n", STR_ARG(why->problems[i].pointer), STR_ARG(problem));
    }
    return why->outcome == ERR_DOWN || why->outcome == ERR_BUG ? EXIT_DOWN : EXIT_REFUSED;
}

/* Waits until some is taken. A pipe that is ready takes PIPE_BUF bytes without making the writer wait. */
static enum outcome write_some(const struct command_context *c, struct str text, size_t *out_done, struct fail *why)
{
    struct pollfd wait[] = {
        {fileno(c->out), POLLOUT, 0},
        {c->stop_fd,     POLLIN,  0}
    };
    *out_done = 0;
    if (poll(wait, LENGTH(wait), -1) < 0) return errno == EINTR ? OK : file_refused(errno, why);
    if (wait[1].revents != 0) return fail(why, ERR_DOWN, N_("The server is ending: the output is not whole."));
    ssize_t done = write(wait[0].fd, text.at, text.len < PIPE_BUF ? text.len : PIPE_BUF);
    if (done < 0 && errno == EPIPE)
        return fail(why, ERR_DOWN, N_("Nobody takes the output any more: it is not whole."));
    if (done < 0 && errno != EINTR && errno != EAGAIN) return file_refused(errno, why);
    if (done > 0) *out_done = (size_t)done;
    return OK;
}

enum outcome command_write(struct command_context *c, struct str text, struct fail *why)
{
    if (fflush(c->out) != 0) return file_refused(errno, why);
    for (size_t at = 0, done; at < text.len; at += done) TRY(write_some(c, str_part(text, at, text.len), &done, why));
    return OK;
}

enum exit_code command_print_json(struct command_context *c, const struct buf *json)
{
    struct str text = buf_str(json);
    if (json->is_full) {
        struct fail why;
        fail_init(&why, c->arena);
        (void)fail(&why, ERR_TOO_LARGE, N_("The answer would be longer than a command may say.")); /* said below */
        return command_fail(c, &why);
    }
    (void)fwrite(text.at, 1, text.len, c->out); /* who closed the pipe wants no more */
    fputc('\n', c->out);
    return EXIT_FINE;
}

enum outcome command_print_part(struct command_context *c, struct buf *text, struct fail *why)
{
    TRY(command_write(c, buf_str(text), why));
    buf_clear(text);
    return OK;
}

static void help_options(FILE *out, const struct option *options, size_t count, enum language l)
{
    for (size_t i = 0; i < count; i++) {
        struct str help = translate(l, options[i].help);
        char left[48];
        snprintf(left, sizeof left, "--%s%s%s", options[i].name, options[i].value ? " " : "",
                 options[i].value ? options[i].value : "");
        fprintf(out, "  %-24s %.*s\n", left, STR_ARG(help));
    }
}

void command_help(FILE *out, const struct command *command, enum language l)
{
    struct str summary = translate(l, command->summary), options = translate(l, N_("Options"));
    struct str example = translate(l, N_("Example"));
    fprintf(out, "motcua %s %s\n\n%.*s\n\n%.*s\n", command->name, command->usage, STR_ARG(summary), STR_ARG(options));
    help_options(out, command->options, command->option_count, l);
    help_options(out, command_common_options, command_common_option_count, l);
    fprintf(out, "\n%.*s\n  %s\n", STR_ARG(example), command->example);
}

void command_help_all(FILE *out, enum language l)
{
    struct str head = translate(l, N_("Motcua, one door to public administration. Commands:"));
    fprintf(out, "%.*s\n\n", STR_ARG(head));
    for (size_t i = 0; i < command_count; i++) {
        struct str summary = translate(l, commands[i].summary);
        fprintf(out, "  %-14s %.*s\n", commands[i].name, STR_ARG(summary));
    }
    struct str tail = translate(l, N_("`motcua COMMAND --help` explains one of them, with an example."));
    fprintf(out, "\n%.*s\n", STR_ARG(tail));
}
