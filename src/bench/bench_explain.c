#include "bench/bench_explain.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/auto.h"
#include "base/json.h"
#include "base/list.h"
#include "dossier/count_cache.h"
#include "journal/journal.h"
#include "people/access.h"

/* After the warm ones every cache is filled and every statement prepared. */
enum { WARM = 40, COUNTED = 64, LIMIT_S = 120, JSON_BYTES = 256 * 1024 };

void bench_explain_begin(struct bench_office *o)
{
    journal_runner_stop(o->app.runner);
    o->app.runner = NULL;
    access_log_stop(o->app.access);
    o->app.access = NULL;
    count_cache_keep(o->app.desk.counts);
    store_cost_begin(o->app.store);
}

/* ---- counting ---- */

struct counted_work {
    const struct bench_asked *asked;
    _Atomic uint64_t bytes;
};

static enum outcome do_counted(const void *context, struct bench_worker *w, struct fail *why)
{
    struct counted_work *c = (struct counted_work *)(uintptr_t)context; /* counts bytes */
    TRY(c->asked->work(c->asked->context, w, why));
    atomic_fetch_add(&c->bytes, w->in.len);
    return OK;
}

/* What stands in the counters now; afterwards what came since. */
static void take_counters(struct store *s, struct bench_cost *c)
{
    store_cost_queries(s, c->queries, queries_count);
    c->disk = store_cost_disk(s);
    c->commits = store_stats(s).batches;
    c->round_trips = store_stats(s).round_trips;
}

static struct disk_cost disk_between(const struct disk_cost *from, const struct disk_cost *to)
{
    return (struct disk_cost){.log_bytes = to->log_bytes - from->log_bytes,
                              .log_writes = to->log_writes - from->log_writes,
                              .log_syncs = to->log_syncs - from->log_syncs,
                              .table_bytes = to->table_bytes - from->table_bytes,
                              .table_writes = to->table_writes - from->table_writes,
                              .table_syncs = to->table_syncs - from->table_syncs};
}

static void add_up(struct bench_cost *c, const struct bench_cost *before)
{
    c->commits -= before->commits;
    c->round_trips -= before->round_trips;
    c->disk = disk_between(&before->disk, &c->disk);
    for (size_t i = 0; i < queries_count; i++) {
        struct query_cost *q = &c->queries[i];
        const struct query_cost *b = &before->queries[i];
        *q = (struct query_cost){q->calls - b->calls,     q->rows - b->rows,     q->steps - b->steps,
                                 q->scanned - b->scanned, q->sorted - b->sorted, q->trips - b->trips};
        c->statements += q->calls;
        c->steps += q->steps;
        *(queries[i].is_write ? &c->rows_written : &c->rows_read) += q->rows;
    }
}

enum outcome bench_explain(struct bench_office *o, const struct bench_asked *asked, int workers, struct bench_cost *out,
                           struct fail *why)
{
    struct counted_work work = {.asked = asked};
    struct bench_load load = {.workers = workers, .us = LIMIT_S * US_PER_S, .work = do_counted, .context = &work};
    struct bench_cost before = {.queries = ARENA_ARRAY(o->arena, struct query_cost, queries_count)};
    struct bench_figures unused;
    *out = (struct bench_cost){.queries = ARENA_ARRAY(o->arena, struct query_cost, queries_count)};
    load.most = WARM;
    TRY(bench_load_run(&load, &unused, why));
    take_counters(o->app.store, &before);
    load.first = WARM; /* no key and no dossier twice */
    work.bytes = 0;
    load.most = COUNTED * (uint64_t)workers;
    TRY(bench_load_run(&load, &unused, why));
    take_counters(o->app.store, out);
    out->requests = load.most;
    out->bytes = work.bytes;
    add_up(out, &before);
    return OK;
}

/* ---- saying it ---- */

static double each(const struct bench_cost *c, uint64_t all)
{
    return (double)all / (double)c->requests;
}

static void put_each(struct json_writer *w, struct arena *a, const char *key, const struct bench_cost *c, uint64_t all)
{
    jw_key(w, key);
    jw_raw(w, str_format(a, "%.2f", each(c, all)));
}

static void put_cost(struct json_writer *w, struct arena *a, const struct bench_cost *c)
{
    put_each(w, a, "statements", c, c->statements);
    put_each(w, a, "rows_read", c, c->rows_read);
    put_each(w, a, "rows_written", c, c->rows_written);
    put_each(w, a, "steps", c, c->steps);
    put_each(w, a, "commits", c, c->commits);
    put_each(w, a, "round_trips", c, c->round_trips);
    put_each(w, a, "log_bytes", c, c->disk.log_bytes);
    put_each(w, a, "log_pages", c, c->disk.log_bytes / 4120);
    put_each(w, a, "syncs", c, c->disk.log_syncs + c->disk.table_syncs);
    put_each(w, a, "answer_bytes", c, c->bytes);
}

static void put_queries(struct json_writer *w, struct arena *a, const struct bench_cost *c)
{
    jw_key(w, "queries");
    jw_open(w, '[');
    for (size_t i = 0; i < queries_count; i++) {
        const struct query_cost *q = &c->queries[i];
        if (q->calls == 0) continue;
        jw_open(w, '{');
        jw_put_str(w, "name", str_from(queries[i].name));
        jw_put_bool(w, "is_write", queries[i].is_write);
        put_each(w, a, "calls", c, q->calls);
        put_each(w, a, "rows", c, q->rows);
        put_each(w, a, "steps", c, q->steps);
        put_each(w, a, "scanned", c, q->scanned);
        put_each(w, a, "sorted", c, q->sorted);
        put_each(w, a, "round_trips", c, q->trips);
        jw_close(w);
    }
    jw_close(w);
}

void bench_explain_json(FILE *out, struct arena *a, const struct bench_asked *asked, const struct bench_cost *alone,
                        const struct bench_cost *company)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, JSON_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '{');
    jw_put_str(&w, "name", str_from(asked->name));
    jw_put_str(&w, "what", str_from(asked->what));
    put_cost(&w, a, alone);
    if (company != NULL) {
        jw_key(&w, "in_company");
        jw_open(&w, '{');
        put_cost(&w, a, company);
        jw_close(&w);
    }
    put_queries(&w, a, alone);
    jw_close(&w);
    fprintf(out, "%.*s\n", STR_ARG(buf_str(&text)));
    fflush(out);
}

static void print_cost(FILE *out, const char *when, const struct bench_cost *c)
{
    fprintf(out,
            "  %-9s %6.1f statements %7.1f rows read %6.1f written %8.0f steps %7.0f bytes answered; "
            "log %8.0f bytes (%.1f pages), %.2f syncs; %.1f round trips\n",
            when, each(c, c->statements), each(c, c->rows_read), each(c, c->rows_written), each(c, c->steps),
            each(c, c->bytes), each(c, c->disk.log_bytes), each(c, c->disk.log_bytes / 4120),
            each(c, c->disk.log_syncs + c->disk.table_syncs), each(c, c->round_trips));
}

void bench_explain_print(FILE *out, const struct bench_asked *asked, const struct bench_cost *alone,
                         const struct bench_cost *company)
{
    fprintf(out, "%s: %s\n", asked->name, asked->what);
    print_cost(out, "alone", alone);
    if (company != NULL) print_cost(out, "of 16", company);
    for (size_t i = 0; i < queries_count; i++) {
        const struct query_cost *q = &alone->queries[i];
        if (q->calls == 0) continue;
        fprintf(out, "    %-36s %6.2f calls %8.2f rows %9.1f steps", queries[i].name, each(alone, q->calls),
                each(alone, q->rows), each(alone, q->steps));
        if (q->scanned > 0) fprintf(out, "  scans %.1f", each(alone, q->scanned));
        if (q->sorted > 0) fprintf(out, "  sorts %.1f", each(alone, q->sorted));
        if (q->trips > 0) fprintf(out, "  round trips %.2f", each(alone, q->trips));
        fprintf(out, "\n");
    }
    fflush(out);
}
