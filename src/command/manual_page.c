#include "command/manual_page.h"

#include <ctype.h>

#include "app/command.h"
#include "app/settings.h"
#include "base/arena.h"
#include "base/version.h"

struct page {
    FILE *out;
    struct arena *arena;
    enum language language;
};

/* ---- roff ---- */

/* Text of ours as roff: what roff would read as its own is escaped, and what stands in backticks is bold. */
static void put_text(struct page *p, struct str text)
{
    bool is_bold = false;
    if (text.len > 0 && (text.at[0] == '.' || text.at[0] == '\'')) fputs("\\&", p->out);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '`') {
            is_bold = !is_bold;
            fputs(is_bold ? "\\fB" : "\\fR", p->out);
        } else if (c == '\\') {
            fputs("\\e", p->out);
        } else if (c == '-') {
            fputs("\\-", p->out);
        } else {
            fputc(c, p->out);
        }
    }
    fputc('\n', p->out);
}

static void put_message(struct page *p, const char *message)
{
    put_text(p, translate(p->language, message));
}

static void put_head(struct page *p, const char *message)
{
    fputs(".SH ", p->out);
    struct str text = translate(p->language, message);
    fprintf(p->out, "\"%.*s\"\n", STR_ARG(text));
}

/* An entry: what is spoken of in bold, its value in italics, and the text under it. */
static void put_entry(struct page *p, struct str name, const char *value, const char *message)
{
    fputs(".TP\n\\fB", p->out);
    for (size_t i = 0; i < name.len; i++) fprintf(p->out, "%s%c", name.at[i] == '-' ? "\\" : "", name.at[i]);
    fputs("\\fR", p->out);
    if (value != NULL) fprintf(p->out, " \\fI%s\\fR", value);
    fputc('\n', p->out);
    put_message(p, message);
}

/* ---- what it says ---- */

static void put_options(struct page *p, const struct option *options, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_entry(p, str_format(p->arena, "--%s", options[i].name), options[i].value, options[i].help);
}

static void put_command(struct page *p, const struct command *c)
{
    fputs(".SS \"", p->out);
    fprintf(p->out, "motcua %s%s", c->name, c->usage[0] ? " " : "");
    for (const char *at = c->usage; *at; at++) /* a line may end after each of many choices */
        fprintf(p->out, "%s%c%s", *at == '-' ? "\\" : "", *at, *at == '|' ? "\\:" : "");
    fputs("\"\n", p->out);
    put_message(p, c->summary);
    put_options(p, c->options, c->option_count);
    fputs(".PP\n.EX\n", p->out);
    put_text(p, str_from(c->example));
    fputs(".EE\n", p->out);
}

static void put_settings(struct page *p)
{
    put_head(p, N_("SETTINGS"));
    put_message(p,
                N_("A setting comes from a flag of `serve`, else from the variable MOTCUA_ with its name in capitals "
                   "and underscores, else from the line `name = value` in motcua.conf of the data folder, else it has "
                   "its standard."));
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct setting_row *row = &setting_rows[i];
        put_entry(p, str_from(row->name), NULL, row->help);
        if (row->standard[0] == 0 && !row->may_reload) continue;
        fputs(".br\n", p->out);
        struct str args[FAIL_ARGS] = {str_from(row->standard)};
        struct str standard =
            row->standard[0] ? fail_fill(p->arena, translate(p->language, N_("Standard: {0}.")), args) : STR_NONE;
        struct str reload = row->may_reload ? translate(p->language, N_("Read again at SIGHUP.")) : STR_NONE;
        put_text(p, str_format(p->arena, "%.*s%s%.*s", STR_ARG(standard), standard.len && reload.len ? " " : "",
                               STR_ARG(reload)));
    }
}

static const struct {
    const char *name, *message;
} files[] = {
    {"motcua.db",    N_("The store: dossiers, people, procedures, the journal.")              },
    {"files/",       N_("Papers, each under its SHA-256, written once.")                      },
    {"keys/",        N_("The key of people's numbers and the key that signs the journal.")    },
    {"motcua.conf",  N_("Settings.")                                                          },
    {"backups/",     N_("Backups, unless `backup-folder` names another place.")               },
    {"control.sock", N_("Where a running server takes the commands of its owner and of root.")},
};

static const struct {
    const char *name, *message;
} signal_rows[] = {
    {"SIGTERM", N_("Answers what is in flight, for ten seconds at most, then ends with 0.")},
    {"SIGHUP",  N_("Reads the settings again that may change while it runs.")              },
};

static const struct {
    const char *name, *message;
} codes[] = {
    {"0", N_("Done.")                                                                                 },
    {"1", N_("It ran, and something was refused or is not well: the report or the message says what.")},
    {"2", N_("The words of the call are off.")                                                        },
    {"3", N_("The data folder, the disk or the server is not available.")                             },
};

#define PUT_ROWS(p, rows)                                                                                              \
    for (size_t i = 0; i < LENGTH(rows); i++) put_entry(p, str_from(rows[i].name), NULL, rows[i].message)

void manual_page_print(FILE *out, struct arena *a, enum language l)
{
    struct page p = {out, a, l};
    struct str kind = translate(l, N_("User Commands")),
               one_line = translate(l, N_("one door to public administration"));
    fprintf(out, ".TH MOTCUA 1 \"\" \"motcua %s\" \"%.*s\"\n", motcua_version, STR_ARG(kind));
    put_head(&p, N_("NAME"));
    fprintf(out, "motcua \\- %.*s\n", STR_ARG(one_line));
    put_head(&p, N_("SYNOPSIS"));
    fputs(".B motcua\n.I COMMAND\n[\\fIARGUMENT\\fR ...]\n[\\fB\\-\\-data\\fR \\fIDIR\\fR]\n"
          "[\\fB\\-\\-json\\fR]\n[\\fB\\-\\-lang\\fR \\fIvi|en\\fR]\n",
          out);
    put_head(&p, N_("DESCRIPTION"));
    put_message(&p,
                N_("A complete one-stop office for public administration: one program, one data folder, one "
                   "settings file. A command that needs an office runs inside the server that owns the data "
                   "folder; without a server it opens the folder itself. Data goes to stdout, messages to stderr."));
    put_head(&p, N_("OPTIONS OF EVERY COMMAND"));
    put_options(&p, command_common_options, command_common_option_count);
    put_head(&p, N_("COMMANDS"));
    for (size_t i = 0; i < command_count; i++) put_command(&p, &commands[i]);
    put_settings(&p);
    put_head(&p, N_("FILES IN THE DATA FOLDER"));
    PUT_ROWS(&p, files);
    put_head(&p, N_("SIGNALS"));
    PUT_ROWS(&p, signal_rows);
    put_head(&p, N_("EXIT CODES"));
    PUT_ROWS(&p, codes);
}
