#include "bench/bench_fill.h"

#include <inttypes.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "bench/bench_kinds.h"

enum { REQUESTS_BYTES = 64 * 1024 };

static uint64_t bytes_of(const struct bench_office *o, struct arena *a, const char *name)
{
    struct stat st;
    struct str path = folder_file(a, &o->app.folder, name);
    return stat(str_cstr(a, path), &st) == 0 ? (uint64_t)st.st_size : 0; /* no log: nothing to count */
}

struct bench_filled bench_fill_figures(const struct bench_office *o, struct arena *a)
{
    return (struct bench_filled){.dossiers = o->code_count,
                                 .per_s = o->fill_rate,
                                 .store_bytes = bytes_of(o, a, "motcua.db") + bytes_of(o, a, "motcua.db-wal")};
}

void bench_fill_print(FILE *out, const struct bench_filled *filled)
{
    fprintf(out, "fill    %10.0f dossiers/s   %" PRIu64 " wait   %.1f MiB\n", filled->per_s, filled->dossiers,
            (double)filled->store_bytes / (1 << 20));
}

/* What each of the ways asks for, as the client of `motcua bench` would ask first. */
static void write_requests(struct json_writer *w, const struct bench_office *o, struct arena *a)
{
    jw_key(w, "requests");
    jw_open(w, '{');
    for (size_t i = 0; i < bench_kind_count; i++) {
        struct bench_worker worker = {.arena = a, .random = i + 1, .fd = -1};
        struct bench_request rq;
        /* Not what changes what waits or needs dossiers that it changed, nor what takes more than one request. */
        if (bench_kinds[i].prepare != NULL || bench_kinds[i].request == NULL) continue;
        bench_kinds[i].request(o, &worker, &rq);
        jw_key(w, bench_kinds[i].name);
        jw_open(w, '{');
        jw_put_str(w, "method", str_from(rq.method));
        jw_put_str(w, "target", rq.target);
        jw_put_str(w, "headers", rq.headers);
        jw_put_str(w, "type", rq.type);
        jw_put_str(w, "body", rq.body);
        jw_put_int(w, "status", bench_kinds[i].status);
        jw_close(w);
    }
    jw_close(w);
}

void bench_fill_json(FILE *out, const struct bench_office *o, struct arena *a, const struct bench_filled *filled)
{
    AUTO_BUF struct buf requests;
    struct json_writer w;
    buf_init(&requests, REQUESTS_BYTES);
    jw_init(&w, &requests);
    jw_open(&w, '{');
    write_requests(&w, o, a);
    jw_close(&w);
    struct str text = buf_str(&requests);
    fprintf(out,
            "{\"name\":\"fill\",\"figure\":%.1f,\"unit\":\"dossiers/s\",\"dossiers\":%" PRIu64
            ",\"store_bytes\":%" PRIu64 ",%.*s,\"codes\":[",
            filled->per_s, filled->dossiers, filled->store_bytes, (int)text.len - 2, text.at + 1);
    for (size_t i = 0; i < o->code_count; i++) fprintf(out, "%s\"%.*s\"", i == 0 ? "" : ",", STR_ARG(o->codes[i]));
    fprintf(out, "]}\n");
}
