#include "bench/bench_overload.h"

#include <inttypes.h>

#include "base/clock.h"
#include "bench/bench_kinds.h"

enum { SETTLING_US = 1000000 };

struct phase_run {
    struct bench_office *office;
    struct overload_phase *out;
    int64_t begun_us, from_us; /* what is due before is not counted */
};

static const char *const kind_names[OVERLOAD_KINDS] = {"submissions", "papers", "books"};

/* ---- one request ---- */

static void request_book(const struct bench_office *o, struct bench_request *out)
{
    *out = (struct bench_request){.method = "GET", .target = STR("/so/daily"), .headers = o->officer.browser};
}

/* Half of what comes is sent by people; of the rest most want a paper, some a table over all dossiers. */
static int choose(void *context, struct bench_worker *w, struct bench_request *out)
{
    const struct phase_run *r = context;
    uint64_t n = bench_random(w, 10);
    enum overload_kind kind = n < 5 ? OVERLOAD_SUBMIT : n < 8 ? OVERLOAD_PAPER : OVERLOAD_BOOK;
    switch (kind) {
    case OVERLOAD_SUBMIT: bench_kind_find(STR("submit"))->request(r->office, w, out); break;
    case OVERLOAD_PAPER: bench_kind_find(STR("slip"))->request(r->office, w, out); break;
    default: request_book(r->office, out); break;
    }
    return (int)kind;
}

static void note(const struct phase_run *r, const struct flood_answer *a)
{
    struct overload_phase *p = r->out;
    p->asked[a->kind]++;
    if (a->status == 0) {
        p->broken++;
    } else if (a->status == 503) {
        histogram_add(&p->refused, a->us);
        p->without_retry_after += a->retry_after_s == 0;
        p->last_refusal_us = a->due_us + a->us - r->begun_us;
    } else {
        histogram_add(&p->served[a->kind], a->us);
    }
}

static enum outcome hear(void *context, const struct flood_answer *a, struct fail *why)
{
    const struct phase_run *r = context;
    int wanted = a->kind == OVERLOAD_SUBMIT ? 201 : 200;
    if (a->due_us >= r->from_us) note(r, a);
    if (a->status == 0 || a->status == 503 || a->status == wanted) return OK;
    return fail(why, ERR_DOWN, N_("The office being measured answered {0}: {1}"),
                str_format(r->office->arena, "%d", a->status), str_from(kind_names[a->kind]));
}

/* ---- phases ---- */

static enum outcome run_phase(struct bench_office *o, const struct flood *like, int64_t warm_us,
                              struct overload_phase *out, struct fail *why)
{
    struct flood mine = *like;
    int64_t now = clock_monotonic_us();
    struct phase_run r = {.office = o, .out = out, .begun_us = now, .from_us = now + warm_us};
    *out = (struct overload_phase){.us = like->us};
    mine.us += warm_us;
    mine.host = o->host;
    mine.choose = choose;
    mine.hear = hear;
    mine.context = &r;
    return flood_run(&mine, &out->client, why);
}

static uint64_t served_of(const struct overload_phase *p)
{
    uint64_t all = 0;
    for (int i = 0; i < OVERLOAD_KINDS; i++) all += p->served[i].count;
    return all;
}

static uint64_t asked_of(const struct overload_phase *p)
{
    uint64_t all = 0;
    for (int i = 0; i < OVERLOAD_KINDS; i++) all += p->asked[i];
    return all;
}

static double rate(const struct overload_phase *p, uint64_t count)
{
    return p->us > 0 ? (double)count * 1e6 / (double)p->us : 0;
}

enum outcome bench_overload_run(struct bench_office *o, int clients, int times, int64_t us, struct overload_result *out,
                                struct fail *why)
{
    struct flood usual = {.clients = clients, .us = us}, crowd = {.us = us, .first = UINT64_C(1) << 40};
    out->clients = clients;
    TRY(bench_kind_find(STR("slip"))->prepare(o, why));
    TRY(run_phase(o, &usual, SETTLING_US, &out->normal, why));
    TRY(bench_office_settle(o, why));
    double normal = rate(&out->normal, served_of(&out->normal));
    if (normal <= 0) return fail(why, ERR_DOWN, N_("The measurement was stopped before its end."));
    crowd.interval_ns = (int64_t)(1e9 / (normal * times));
    TRY(run_phase(o, &crowd, SETTLING_US, &out->crowded, why));
    usual.first = UINT64_C(1) << 41;
    return run_phase(o, &usual, 0, &out->after, why);
}

/* ---- saying it ---- */

static int64_t p99_of(const struct overload_phase *p)
{
    struct histogram all = {.count = 0};
    for (int i = 0; i < OVERLOAD_KINDS; i++) histogram_add_all(&all, &p->served[i]);
    return histogram_at(&all, 0.99);
}

static double ms(int64_t us)
{
    return (double)us / 1000;
}

static void print_phase(FILE *out, const char *name, const struct overload_phase *p)
{
    fprintf(out,
            "%-9s asked %7.0f/s   served %6.0f/s   p99 %8.2f ms   refused %7.0f/s in p50 %6.2f p99 %6.2f ms   broken "
            "%" PRIu64 "\n",
            name, rate(p, asked_of(p)), rate(p, served_of(p)), ms(p99_of(p)), rate(p, p->refused.count),
            ms(histogram_at(&p->refused, 0.5)), ms(histogram_at(&p->refused, 0.99)), p->broken);
    fprintf(out, "  client       %.2f of a core%s, %d connections, %" PRIu64 " unsent\n", p->client.cores,
            p->client.is_preferred ? ", preferred" : "", p->client.connections, p->client.unsent);
    for (int i = 0; i < OVERLOAD_KINDS; i++)
        fprintf(out, "  %-12s asked %7.0f/s   served %6.0f/s   p50 %8.2f ms   p99 %8.2f ms\n", kind_names[i],
                rate(p, p->asked[i]), rate(p, p->served[i].count), ms(histogram_at(&p->served[i], 0.5)),
                ms(histogram_at(&p->served[i], 0.99)));
}

static double goodput(const struct overload_result *r)
{
    return rate(&r->crowded, served_of(&r->crowded)) / rate(&r->normal, served_of(&r->normal));
}

static double lateness(const struct overload_result *r)
{
    int64_t normal = p99_of(&r->normal);
    return normal > 0 ? (double)p99_of(&r->crowded) / (double)normal : 0;
}

void bench_overload_print(FILE *out, const struct overload_result *r)
{
    print_phase(out, "normal", &r->normal);
    print_phase(out, "overload", &r->crowded);
    print_phase(out, "after", &r->after);
    fprintf(out,
            "served %.0f %% of the normal rate; p99 %.2f times the normal; last refusal %.0f ms after the load ended\n",
            100 * goodput(r), lateness(r), ms(r->after.last_refusal_us));
}

static void json_phase(FILE *out, const char *name, const struct overload_phase *p)
{
    fprintf(out,
            "\"%s\":{\"asked_per_s\":%.1f,\"served_per_s\":%.1f,\"p99_ms\":%.3f,\"refused_per_s\":%.1f,"
            "\"refused_p50_ms\":%.3f,\"refused_p99_ms\":%.3f,\"without_retry_after\":%" PRIu64 ",\"broken\":%" PRIu64
            ",\"client_cores\":%.3f,\"connections\":%d,\"unsent\":%" PRIu64 ",\"is_preferred\":%s",
            name, rate(p, asked_of(p)), rate(p, served_of(p)), ms(p99_of(p)), rate(p, p->refused.count),
            ms(histogram_at(&p->refused, 0.5)), ms(histogram_at(&p->refused, 0.99)), p->without_retry_after, p->broken,
            p->client.cores, p->client.connections, p->client.unsent, p->client.is_preferred ? "true" : "false");
    for (int i = 0; i < OVERLOAD_KINDS; i++)
        fprintf(out, ",\"%s\":{\"asked\":%" PRIu64 ",\"served\":%" PRIu64 ",\"p50_ms\":%.3f,\"p99_ms\":%.3f}",
                kind_names[i], p->asked[i], p->served[i].count, ms(histogram_at(&p->served[i], 0.5)),
                ms(histogram_at(&p->served[i], 0.99)));
    fprintf(out, "},");
}

void bench_overload_json(FILE *out, const struct overload_result *r)
{
    fprintf(out, "{\"name\":\"overload\",\"clients\":%d,", r->clients);
    json_phase(out, "normal", &r->normal);
    json_phase(out, "overload", &r->crowded);
    json_phase(out, "after", &r->after);
    fprintf(out, "\"goodput\":%.3f,\"p99_ratio\":%.3f,\"recovery_ms\":%.1f}\n", goodput(r), lateness(r),
            ms(r->after.last_refusal_us));
}
