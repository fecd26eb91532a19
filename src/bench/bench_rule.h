/* `motcua bench feel|dmn|table`: how many evaluations a second one core makes of texts that were compiled once. */
#ifndef BENCH_BENCH_RULE_H
#define BENCH_BENCH_RULE_H

#include "app/command.h"

extern const char bench_feel_text[], bench_feel_context_text[], bench_dmn_text[], bench_dmn_context_text[]; /* bench/ */

/* Is it one of ours? Then command_bench_rules measures it for so many seconds. */
bool bench_is_of_rules(struct str name);
enum exit_code command_bench_rules(struct command_context *c, int seconds);

#endif
