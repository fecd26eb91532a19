/*
 * The store alone under load: one command run again and again by many threads. `motcua bench` puts this figure beside
 * its own as the bound: the same rows, in the same run, without HTTP.
 */
#ifndef STORE_STORE_BENCH_H
#define STORE_STORE_BENCH_H

#include "base/histogram.h"
#include "store/store.h"

/* Makes the input of the n-th command (0, 1, ... over all threads) in the arena, which is cleared afterwards. */
typedef const void *store_load_input(void *context, uint64_t n, struct arena *a);

struct store_load {
    store_command *command;  /* `out` is NULL */
    store_load_input *input; /* NULL: the input is `context` itself */
    void *context;
    int threads;    /* 1 to 1024 */
    uint64_t count; /* commands in all */
};

struct store_load_result {
    uint64_t done;
    int64_t us;            /* from the first to the last */
    struct histogram each; /* of one command, microseconds */
};

/* Fails with the first failure of a command; the others end theirs. */
enum outcome store_load_run(struct store *s, const struct store_load *load, struct store_load_result *out,
                            struct fail *why) MUST_USE;

#endif
