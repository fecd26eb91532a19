#include "command/completion.h"

#include <ctype.h>
#include <string.h>

#include "app/command.h"
#include "base/arena.h"

/* What is due at a place: one of these words, a file, a folder, or something that no shell can guess. */
enum due { DUE_ANYTHING, DUE_WORDS, DUE_FILE, DUE_FOLDER };

struct place {
    enum due due;
    struct str words; /* parted by spaces */
};

/* ---- what the tables say is due ---- */

/* "vi|en", "submit|read": closed choices are written in lower case; "CLASS|ID" is not one. */
static bool is_choice(struct str word)
{
    if (word.len == 0) return false;
    for (size_t i = 0; i < word.len; i++)
        if (!islower((unsigned char)word.at[i]) && word.at[i] != '|' && word.at[i] != '-') return false;
    return islower((unsigned char)word.at[0]);
}

static struct place place_of_value(struct arena *a, const char *value)
{
    struct str text = str_from(value);
    if (text.len == 0) return (struct place){DUE_ANYTHING, STR_NONE};
    if (str_eq(text, STR("DIR"))) return (struct place){DUE_FOLDER, STR_NONE};
    if (str_has(text, STR("FILE"))) return (struct place){DUE_FILE, STR_NONE};
    if (is_choice(text)) return (struct place){DUE_WORDS, str_replace(a, text, STR("|"), STR(" "))};
    return (struct place){DUE_ANYTHING, STR_NONE};
}

/* "add ID --name | merge OLD... NEW": the first word of each way of calling it; files where the usage speaks of one. */
static struct place place_of_arguments(struct arena *a, const struct command *c)
{
    struct place place = {DUE_ANYTHING, STR_NONE};
    if (strcmp(c->name, "help") == 0) { /* its argument is a command */
        place.due = DUE_WORDS;
        for (size_t i = 0; i < command_count; i++)
            place.words = str_format(a, "%.*s%s%s", STR_ARG(place.words), i > 0 ? " " : "", commands[i].name);
        return place;
    }
    static const char *const files[] = {"FILE", "PATH", "DIR", "FOLDER"};
    struct str usage = str_from(c->usage), ways = str_replace(a, usage, STR(" | "), STR("\n")), way, first, rest;
    for (size_t i = 0; i < LENGTH(files) && c->most_args != 0; i++)
        if (str_has(usage, str_from(files[i]))) place.due = DUE_FILE;
    while (ways.len > 0) {
        str_cut(ways, '\n', &way, &ways);
        str_cut(way, ' ', &first, &rest);
        if (!is_choice(first)) continue;
        place.words = str_format(a, "%.*s%s%.*s", STR_ARG(place.words), place.words.len > 0 ? " " : "",
                                 STR_ARG(str_replace(a, first, STR("|"), STR(" "))));
    }
    if (place.words.len > 0 && place.due == DUE_ANYTHING) place.due = DUE_WORDS;
    return place;
}

/* The option of a command by its place: its own first, then those of every command. */
static const struct option *option_at(const struct command *c, size_t i)
{
    if (i < c->option_count) return &c->options[i];
    return i - c->option_count < command_common_option_count ? &command_common_options[i - c->option_count] : NULL;
}

/* ---- bash ---- */

static void bash_value(FILE *out, struct arena *a, const char *command, const struct option *option)
{
    if (option->value == NULL) return;
    struct place place = place_of_value(a, option->value);
    static const char *const actions[] = {[DUE_ANYTHING] = "return", [DUE_FILE] = "what=-f", [DUE_FOLDER] = "what=-d"};
    fprintf(out, "    %s:--%s) ", command, option->name);
    if (place.due == DUE_WORDS)
        fprintf(out, "offered='%.*s' ;;\n", STR_ARG(place.words));
    else
        fprintf(out, "%s ;;\n", actions[place.due]);
}

static void bash_command(FILE *out, struct arena *a, const struct command *c)
{
    const struct option *option;
    struct place place = place_of_arguments(a, c);
    fprintf(out, "    %s)\n        [[ $current == -* ]] && offered='", c->name);
    for (size_t i = 0; (option = option_at(c, i)) != NULL; i++) fprintf(out, "%s--%s", i > 0 ? " " : "", option->name);
    fprintf(out, "' || ");
    if (place.words.len > 0) fprintf(out, "{ ((at == 2)) && offered='%.*s' || ", STR_ARG(place.words));
    fprintf(out, place.due == DUE_FILE ? "what=-f" : "offered=''");
    fprintf(out, "%s ;;\n", place.words.len > 0 ? "; }" : "");
}

static void print_bash(FILE *out, struct arena *a, enum language l)
{
    (void)l; /* bash shows words only */
    fprintf(out, "# motcua: completion for bash. source <(motcua completion bash)\n_motcua() {\n"
                 "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} at=$COMP_CWORD\n"
                 "    local offered='' what=-W\n    COMPREPLY=()\n"
                 "    [[ $current == '=' ]] && current=''\n"
                 "    [[ $before == '=' ]] && before=${COMP_WORDS[COMP_CWORD-2]}\n"
                 "    if ((at == 1)); then\n        offered='");
    for (size_t i = 0; i < command_count; i++) fprintf(out, "%s ", commands[i].name);
    fprintf(out, "--help --version'\n    else case ${COMP_WORDS[1]}:$before in\n");
    for (size_t i = 0; i < command_common_option_count; i++) bash_value(out, a, "*", &command_common_options[i]);
    for (size_t i = 0; i < command_count; i++)
        for (size_t n = 0; n < commands[i].option_count; n++)
            bash_value(out, a, commands[i].name, &commands[i].options[n]);
    fprintf(out, "    *) case ${COMP_WORDS[1]} in\n");
    for (size_t i = 0; i < command_count; i++) bash_command(out, a, &commands[i]);
    fprintf(out, "    esac ;;\n    esac\n    fi\n"
                 "    if [[ $what == -W ]]; then\n"
                 "        mapfile -t COMPREPLY < <(compgen -W \"$offered\" -- \"$current\")\n"
                 "    else\n        compopt -o filenames 2>/dev/null\n"
                 "        mapfile -t COMPREPLY < <(compgen \"$what\" -- \"$current\")\n    fi\n}\n"
                 "complete -F _motcua motcua\n");
}

/* ---- zsh ---- */

/* Text inside single quotes in which brackets and colons mean something. */
static struct str zsh_text(struct arena *a, struct str text)
{
    static const char *const marks[] = {"\\", "[", "]", ":"};
    for (size_t i = 0; i < LENGTH(marks); i++)
        text = str_replace(a, text, str_from(marks[i]), str_format(a, "\\%s", marks[i]));
    return str_replace(a, text, STR("'"), STR("'\\''"));
}

static void zsh_action(FILE *out, struct place place)
{
    static const char *const actions[] = {[DUE_ANYTHING] = " ", [DUE_FILE] = "_files", [DUE_FOLDER] = "_files -/"};
    if (place.due == DUE_WORDS)
        fprintf(out, "(%.*s)", STR_ARG(place.words));
    else
        fputs(actions[place.due], out);
}

static void zsh_command(FILE *out, struct arena *a, const struct command *c, enum language l)
{
    const struct option *option;
    struct place place = place_of_arguments(a, c);
    fprintf(out, "    (%s)\n        _arguments", c->name);
    for (size_t i = 0; (option = option_at(c, i)) != NULL; i++) {
        struct str help = zsh_text(a, translate(l, option->help));
        fprintf(out, " \\\n            '--%s%s[%.*s]", option->name, option->value ? "=" : "", STR_ARG(help));
        if (option->value != NULL) {
            struct str value = zsh_text(a, str_from(option->value));
            fprintf(out, ":%.*s:", STR_ARG(value));
            zsh_action(out, place_of_value(a, option->value));
        }
        fputc('\'', out);
    }
    if (place.words.len > 0) fprintf(out, " \\\n            '1:way:(%.*s)'", STR_ARG(place.words));
    if (place.due == DUE_FILE) fprintf(out, " \\\n            '*:file:_files'");
    fprintf(out, " ;;\n");
}

static void print_zsh(FILE *out, struct arena *a, enum language l)
{
    fprintf(out, "#compdef motcua\n# motcua: completion for zsh\n_motcua() {\n    if (( CURRENT == 2 )); then\n"
                 "        local -a commands=(\n");
    for (size_t i = 0; i < command_count; i++) {
        struct str summary = zsh_text(a, translate(l, commands[i].summary));
        fprintf(out, "            '%s:%.*s'\n", commands[i].name, STR_ARG(summary));
    }
    fprintf(out, "        )\n        _describe -t commands command commands\n        return\n    fi\n"
                 "    local command=$words[2]\n    words=(\"${(@)words[2,-1]}\")\n    (( CURRENT-- ))\n"
                 "    case $command in\n");
    for (size_t i = 0; i < command_count; i++) zsh_command(out, a, &commands[i], l);
    fprintf(out, "    esac\n}\ncompdef _motcua motcua 2>/dev/null\n[[ $funcstack[1] == _motcua ]] && _motcua \"$@\"\n"
                 "true\n");
}

/* ---- fish ---- */

static struct str fish_text(struct arena *a, struct str text)
{
    return str_replace(a, str_replace(a, text, STR("\\"), STR("\\\\")), STR("'"), STR("\\'"));
}

static void fish_action(FILE *out, struct place place)
{
    if (place.due == DUE_WORDS) fprintf(out, " -a '%.*s'", STR_ARG(place.words));
    if (place.due == DUE_FILE) fputs(" -F", out);
    if (place.due == DUE_FOLDER) fputs(" -a '(__fish_complete_directories)'", out);
}

static void fish_option(FILE *out, struct arena *a, const char *command, const struct option *option, enum language l)
{
    struct str help = fish_text(a, translate(l, option->help));
    fprintf(out, "complete -c motcua");
    if (command != NULL) fprintf(out, " -n '__fish_seen_subcommand_from %s'", command);
    fprintf(out, " -l %s", option->name);
    if (option->value != NULL) {
        fputs(" -x", out);
        fish_action(out, place_of_value(a, option->value));
    }
    fprintf(out, " -d '%.*s'\n", STR_ARG(help));
}

static void print_fish(FILE *out, struct arena *a, enum language l)
{
    fprintf(out, "# motcua: completion for fish\ncomplete -c motcua -f\n");
    for (size_t i = 0; i < command_common_option_count; i++) fish_option(out, a, NULL, &command_common_options[i], l);
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &commands[i];
        struct str summary = fish_text(a, translate(l, c->summary));
        struct place place = place_of_arguments(a, c);
        fprintf(out, "complete -c motcua -n __fish_use_subcommand -a %s -d '%.*s'\n", c->name, STR_ARG(summary));
        for (size_t n = 0; n < c->option_count; n++) fish_option(out, a, c->name, &c->options[n], l);
        if (place.words.len == 0 && place.due != DUE_FILE) continue;
        fprintf(out, "complete -c motcua -n '__fish_seen_subcommand_from %s'%s", c->name,
                place.due == DUE_FILE ? " -F" : "");
        if (place.words.len > 0) fprintf(out, " -a '%.*s'", STR_ARG(place.words));
        fputc('\n', out);
    }
}

/* ---- which ---- */

static const struct {
    const char *shell;
    void (*print)(FILE *out, struct arena *a, enum language l);
} shells[] = {
    {"bash", print_bash},
    {"zsh",  print_zsh },
    {"fish", print_fish},
};

bool completion_print(FILE *out, struct arena *a, struct str shell, enum language l)
{
    for (size_t i = 0; i < LENGTH(shells); i++)
        if (str_eq(shell, str_from(shells[i].shell))) {
            shells[i].print(out, a, l);
            return true;
        }
    return false;
}
