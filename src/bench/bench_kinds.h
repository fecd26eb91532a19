/*
 * What can be measured: each row is one way over HTTP, and beside it the same work done by the same number of callers
 * directly on the store, without HTTP and without writing JSON or HTML. That is the bound.
 */
#ifndef BENCH_BENCH_KINDS_H
#define BENCH_BENCH_KINDS_H

#include "bench/bench_office.h"

struct bench_kind {
    const char *name;
    const char *what;  /* the request, in words of HTTP */
    const char *bound; /* what is done instead */
    const char *unit;
    int status;           /* the only answer that counts as done */
    bool is_without_fill; /* dossiers make no difference */
    bool is_change;       /* writes */
    void (*request)(const struct bench_office *o, struct bench_worker *w, struct bench_request *out); /* NULL: `work` */
    enum outcome (*direct)(const struct bench_office *o, struct bench_worker *w, struct fail *why);
    enum outcome (*prepare)(struct bench_office *o, struct fail *why); /* after filling; NULL: nothing */
    enum outcome (*work)(const struct bench_office *o, struct bench_worker *w, struct fail *why); /* several requests */
};

extern const struct bench_kind bench_kinds[]; /* in the order of docs/performance.md */
extern const size_t bench_kind_count;

/* A work: the officer receives the dossier of o->codes[w->number]. */
bench_work bench_receive;

const struct bench_kind *bench_kind_find(struct str name); /* NULL when there is none */

#endif
