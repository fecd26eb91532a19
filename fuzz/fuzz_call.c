/* What comes over the control socket: a call's JSON, or words apart by line ends. Each command takes its options and
 * arguments within its bounds, or says how it is called; nothing is run. */
#include <stdio.h>
#include <stdlib.h>

#include "app/command.h"
#include "base/auto.h"
#include "base/json.h"
#include "base/list.h"

enum { WORDS_MOST = 2000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str *words_of(struct arena *a, struct str text, size_t *out_count)
{
    LIST(struct str) words = {0};
    struct str word, rest = text;
    struct fail why;
    yyjson_val *call, *one;
    size_t i, count;
    fail_init(&why, a);
    if (json_read(a, text, &call, &why) == OK) {
        yyjson_arr_foreach(json_get(call, "words"), i, count, one) LIST_PUSH(a, words) = json_text(one);
    } else {
        while (words.count < WORDS_MOST && rest.len > 0) {
            (void)str_cut(rest, '\n', &word, &rest); /* without one it is the last */
            LIST_PUSH(a, words) = word;
        }
    }
    *out_count = words.count;
    return words.at;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *nowhere;
    AUTO_ARENA struct arena a;
    size_t count;
    arena_init(&a, 64 << 20);
    if (nowhere == NULL) nowhere = fopen("/dev/null", "we");
    if (nowhere == NULL) abort();
    struct str *words = words_of(&a, str_of((const char *)data, size), &count);
    struct command_context c = {.arena = &a, .out = nowhere, .err = nowhere, .language = VIETNAMESE, .is_remote = true};
    c.command = count > 0 ? command_find(words[0]) : NULL;
    if (c.command == NULL || command_parse(&c, words + 1, count - 1) != EXIT_FINE) return 0;
    if (c.given_count > LENGTH(c.given) || c.arg_count > count) BUG("more than was said");
    bool is_help = command_has(&c, "help");
    if (is_help) command_help(nowhere, c.command, c.language);
    if (!is_help && (int)c.arg_count < c.command->least_args) BUG("fewer arguments than it needs");
    for (size_t i = 0; i < c.command->option_count; i++) {
        const struct option *o = &c.command->options[i];
        if (o->value == NULL && command_option(&c, o->name).len > 0) BUG("a switch with a value");
    }
    struct fail why;
    fail_init(&why, &a);
    if (c.arg_count > 0) fail_problem(&why, c.args[0], "unknown", "“{0}” is not one of the choices.", c.args[0]);
    if (fail_if_problems(&why) != OK && command_fail(&c, &why) == EXIT_FINE) BUG("a failure that is none");
    (void)command_path(&c, command_option(&c, "data")); /* must only not crash */
    return 0;
}
