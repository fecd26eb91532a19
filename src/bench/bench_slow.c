#include "bench/bench_slow.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/parse.h"
#include "bench/bench_flood.h"
#include "bench/bench_kinds.h"

enum { CLIENTS = 16, PEAK_US = 2000000, SETTLE_US = 500000, PART = 2 };

static const char *const names[SLOW_PHASES] = {
    [SLOW_NONE] = "alone", [SLOW_QUIET] = "quiet", [SLOW_ELSEWHERE] = "elsewhere", [SLOW_DROPS] = "slow"};

struct asking {
    const struct bench_office *office;
    struct slow_phase *phase;
    struct histogram each;
};

static int choose(void *context, struct bench_worker *w, struct bench_request *out)
{
    const struct asking *a = context;
    bench_kind_find(STR("page"))->request(a->office, w, out);
    return 0;
}

static enum outcome hear(void *context, const struct flood_answer *a, struct fail *why)
{
    struct asking *asking = context;
    struct slow_phase *p = asking->phase;
    p->answered += a->status == 200;
    p->refused += a->status == 503;
    p->broken += a->status == 0;
    if (a->status == 200) histogram_add(&asking->each, a->us);
    if (a->status == 200 || a->status == 503 || a->status == 0) return OK;
    return fail(why, ERR_DOWN, N_("The office being measured answered {0}: {1}"),
                str_format(asking->office->arena, "%d", a->status), STR("page"));
}

static enum outcome run(const struct bench_office *o, struct flood load, struct asking *a, struct fail *why)
{
    struct flood_cost cost;
    load.host = o->host;
    load.choose = choose;
    load.hear = hear;
    load.context = a;
    TRY(flood_run(&load, &cost, why));
    a->phase->broken += cost.unsent;
    return OK;
}

/* What belongs to the process alone: without the pages of files, which the system gives back when it likes. */
static double own_memory_mib(void)
{
    char line[256];
    long kib = 0;
    FILE *f = fopen("/proc/self/status", "re");
    while (f != NULL && fgets(line, sizeof line, f) != NULL) (void)sscanf(line, "RssAnon: %ld", &kib);
    if (f != NULL) (void)fclose(f);
    return (double)kib / 1024;
}

static int port_of(const struct bench_office *o)
{
    struct str address, port;
    int number;
    if (!str_cut(o->host, ':', &address, &port) || !parse_int(port, 1, UINT16_MAX, &number))
        BUG("the server has no port");
    return number;
}

struct slow_run {
    struct bench_office *office;
    const struct slow_crowd *crowd;
    int connections;
    struct flood load;
    struct slow_result *out;
};

/* One phase of one round; what ended in it is told with the next order. */
static enum outcome run_phase(const struct slow_run *r, enum slow_kind kind, int round, struct fail *why)
{
    struct slow_phase *p = &r->out->phases[kind];
    struct asking a = {.office = r->office, .phase = p};
    struct slow_said said;
    int port = port_of(r->office);
    TRY(slow_crowd_order(r->crowd, kind, port, kind == SLOW_NONE ? 0 : r->connections, &said, why));
    if (round == 0 || said.open < p->open) p->open = said.open;
    int64_t opened_us = clock_monotonic_us();
    (void)usleep(SETTLE_US);
    TRY(run(r->office, r->load, &a, why));
    p->p50_us[round] = histogram_at(&a.each, 0.5);
    p->p99_us[round] = histogram_at(&a.each, 0.99);
    p->memory_mib = own_memory_mib();
    double due = (double)r->connections * (double)(clock_monotonic_us() - opened_us) / (SLOW_TURN_MS * 1000);
    TRY(slow_crowd_order(r->crowd, SLOW_NONE, port, 0, &said, why));
    p->ended += said.ended;
    if (round == 0 || (double)said.turns / due < p->turns_part) p->turns_part = (double)said.turns / due;
    return OK;
}

enum outcome bench_slow_run(struct bench_office *o, const struct slow_crowd *crowd, int connections, int rounds,
                            int64_t us, struct slow_result *out, struct fail *why)
{
    struct slow_run r = {.office = o, .crowd = crowd, .connections = connections, .load = {.us = us}, .out = out};
    struct slow_phase peak = {.answered = 0};
    struct asking a = {.office = o, .phase = &peak};
    *out = (struct slow_result){.rounds = rounds};
    TRY(run(o, (struct flood){.clients = CLIENTS, .us = PEAK_US}, &a, why));
    out->rate = (double)peak.answered * US_PER_S / PEAK_US / PART;
    if (out->rate < 1) return fail(why, ERR_DOWN, N_("The measurement was stopped before its end."));
    r.load.interval_ns = (int64_t)(1e9 / out->rate);
    for (int round = 0; round < rounds; round++)
        for (enum slow_kind kind = SLOW_NONE; kind <= SLOW_DROPS; kind++) TRY(run_phase(&r, kind, round, why));
    return OK;
}

/* ---- saying it ---- */

static double ms(int64_t us)
{
    return (double)us / 1000;
}

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Sorts them. */
static double middle(double of[SLOW_ROUNDS_MOST], int count)
{
    qsort(of, (size_t)count, sizeof *of, by_size);
    return of[count / 2];
}

static int64_t median(const int64_t us[SLOW_ROUNDS_MOST], int count)
{
    double each[SLOW_ROUNDS_MOST];
    for (int i = 0; i < count; i++) each[i] = (double)us[i];
    return (int64_t)middle(each, count);
}

/* Beside the same pages alone in the same round. */
static double ratio(const struct slow_result *r, enum slow_kind kind)
{
    double each[SLOW_ROUNDS_MOST];
    for (int i = 0; i < r->rounds; i++) {
        int64_t alone = r->phases[SLOW_NONE].p99_us[i];
        each[i] = alone > 0 ? (double)r->phases[kind].p99_us[i] / (double)alone : 0;
    }
    return middle(each, r->rounds);
}

void bench_slow_print(FILE *out, const struct slow_result *r)
{
    fprintf(out, "%.0f pages/s by the clock, %d rounds\n", r->rate, r->rounds);
    for (enum slow_kind kind = SLOW_NONE; kind <= SLOW_DROPS; kind++) {
        const struct slow_phase *p = &r->phases[kind];
        fprintf(out,
                "%-9s p50 %7.2f ms   p99 %7.2f ms   %.2f of alone   %6d others, %" PRIu64
                " of them ended, %3.0f %% of their turns   %7.1f MiB   refused %" PRIu64 " broken %" PRIu64 "\n",
                names[kind], ms(median(p->p50_us, r->rounds)), ms(median(p->p99_us, r->rounds)), ratio(r, kind),
                p->open, p->ended, p->turns_part * 100, p->memory_mib, p->refused, p->broken);
    }
}

void bench_slow_json(FILE *out, const struct slow_result *r)
{
    fprintf(out, "{\"name\":\"slow\",\"rate\":%.1f,\"rounds\":%d", r->rate, r->rounds);
    for (enum slow_kind kind = SLOW_NONE; kind <= SLOW_DROPS; kind++) {
        const struct slow_phase *p = &r->phases[kind];
        fprintf(out, ",\"%s\":{\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"ratio\":%.3f,\"p99s_ms\":[", names[kind],
                ms(median(p->p50_us, r->rounds)), ms(median(p->p99_us, r->rounds)), ratio(r, kind));
        for (int i = 0; i < r->rounds; i++) fprintf(out, "%s%.3f", i > 0 ? "," : "", ms(p->p99_us[i]));
        fprintf(out,
                "],\"open\":%d,\"ended\":%" PRIu64 ",\"memory_mib\":%.1f,\"answered\":%" PRIu64 ",\"refused\":%" PRIu64
                ",\"broken\":%" PRIu64 ",\"turns\":%.3f}",
                p->open, p->ended, p->memory_mib, p->answered, p->refused, p->broken, p->turns_part);
    }
    fprintf(out, "}\n");
}
