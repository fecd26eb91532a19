/*
 * What the shells offer at the Tab key, drawn from the table of commands: `motcua completion bash|zsh|fish` prints a
 * script that knows every command, option and closed choice, and offers files where a name of one is due.
 */
#ifndef COMMAND_COMPLETION_H
#define COMMAND_COMPLETION_H

#include <stdbool.h>
#include <stdio.h>

#include "base/language.h"
#include "base/str.h"

struct arena;

/* False when there is no such shell here. */
bool completion_print(FILE *out, struct arena *a, struct str shell, enum language l);

#endif
