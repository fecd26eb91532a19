/*
 * The manual page, motcua(1), drawn from the tables of commands and settings in roff: `motcua help --man | man -l -`.
 * It says nothing that the tables do not say, apart from the few lines about files, signals and exit codes.
 */
#ifndef COMMAND_MANUAL_PAGE_H
#define COMMAND_MANUAL_PAGE_H

#include <stdio.h>

#include "base/language.h"

struct arena;

void manual_page_print(FILE *out, struct arena *a, enum language l);

#endif
