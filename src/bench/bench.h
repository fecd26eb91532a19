/* `motcua bench NAME`: built-in, repeatable measurements with their bound beside them (docs/performance.md). */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "app/command.h"

enum exit_code command_bench(struct command_context *c);

#endif
