/*
 * The command line as a table: a command names its options, whether it needs the data folder, an example and the
 * function that runs it. A command on a folder that a server owns runs inside that server (control.h) with the caller's
 * own output, so there is one way of doing a thing and one process that touches the data.
 */
#ifndef APP_COMMAND_H
#define APP_COMMAND_H

#include <stdio.h>

#include "base/buf.h"
#include "base/fail.h"
#include "base/language.h"

struct app;

/* Exit codes, the same for every command (docs/commands.md). */
enum exit_code {
    EXIT_FINE = 0,
    EXIT_REFUSED = 1, /* it ran, and something was refused or failed: the report or message says what */
    EXIT_USAGE = 2,   /* the words of the call are off */
    EXIT_DOWN = 3,    /* the data folder, disk or server is not available */
};

struct option {
    const char *name;  /* "json" for --json */
    const char *value; /* what to write for its value in the help: "DIR"; NULL: a switch */
    const char *help;  /* message */
};

struct given_option {
    const struct option *option;
    struct str value;
};

struct command_context {
    struct app *app; /* NULL when the command needs no data folder */
    struct arena *arena;
    const struct command *command;
    struct str *args; /* what is not an option */
    size_t arg_count;
    struct given_option given[24];
    size_t given_count;
    struct str cwd; /* of the caller: relative paths mean this folder */
    FILE *in, *out, *err;
    enum language language;
    bool is_remote; /* runs inside the server for somebody else's terminal */
    int stop_fd;    /* readable when that server is to end; -1: no server */
};

enum command_need {
    NEED_NOTHING,
    NEED_APP,    /* an open data folder: in this process, or inside the server that owns it */
    NEED_FOLDER, /* a path only: opens it by itself (serve, init) */
};

struct command {
    const char *name;
    const char *usage;   /* after the name: "FILE [--json]" */
    const char *summary; /* message */
    const char *example; /* "motcua token quantri --json" */
    enum command_need need;
    int least_args, most_args; /* most_args -1: any number */
    const struct option *options;
    size_t option_count;
    enum exit_code (*run)(struct command_context *c);
    bool runs_beside; /* inside a server it runs beside other commands */
};

extern const struct command commands[]; /* in order of use; wiring/commands.c */
extern const size_t command_count;
extern const struct option command_common_options[]; /* that every command takes */
extern const size_t command_common_option_count;

const struct command *command_find(struct str name);
/* Options and arguments of argv[2..] into the context; EXIT_USAGE after a sentence on c->err. */
enum exit_code command_parse(struct command_context *c, const struct str *words, size_t count);
/* Empty when not given. */
struct str command_option(const struct command_context *c, const char *name);
bool command_has(const struct command_context *c, const char *name);
struct str command_path(struct command_context *c, struct str path); /* made absolute by the caller's folder */
/* Much text to c->out, as fast as it is taken. ERR_DOWN when nobody takes it any more, or when the server is to end. */
enum outcome command_write(struct command_context *c, struct str text, struct fail *why) MUST_USE;
/* Says the failure on c->err in the caller's language and returns the exit code that fits. */
enum exit_code command_fail(struct command_context *c, const struct fail *why);
/* The JSON that a command answers with, on a line of its own. What does not fit into the buffer is refused: half an
 * answer is none. */
enum exit_code command_print_json(struct command_context *c, const struct buf *json);
/* What was written so far goes out and the buffer is empty again: for lists that are longer than memory. */
enum outcome command_print_part(struct command_context *c, struct buf *text, struct fail *why) MUST_USE;
void command_help(FILE *out, const struct command *command, enum language l);
void command_help_all(FILE *out, enum language l);

/* Words of a call -> exit code: finds the command, parses, opens what it needs, runs it. Used by main and by tests. */
enum exit_code command_main(int argc, char **argv);

#endif
