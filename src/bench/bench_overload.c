#include "bench/bench_overload.h"

#include <inttypes.h>
#include <pthread.h>
#include <unistd.h>

#include "base/clock.h"
#include "bench/bench_kinds.h"

/* The crowd is large enough that some of it is always free to send, however many wait for an answer. */
enum { CROWD = 400, SETTLING_US = 1000000 };

struct phase_run {
    struct bench_office *office;
    struct overload_phase *out;
    pthread_mutex_t lock;
    int64_t from_us; /* what is asked before is not counted */
    int64_t begun_us;
    uint64_t first;      /* number of the phase's first request */
    int64_t interval_ns; /* between two requests by the clock; 0: each client as fast as it is answered */
};

static const char *const kind_names[OVERLOAD_KINDS] = {"submissions", "papers", "books"};

/* ---- one request ---- */

static void request_book(const struct bench_office *o, struct bench_request *out)
{
    *out = (struct bench_request){.method = "GET", .target = STR("/so/daily"), .headers = o->officer.browser};
}

/* Half of what comes is sent by people; of the rest most want a paper, some a table over all dossiers. */
static enum overload_kind choose(struct bench_worker *w, const struct bench_office *o, struct bench_request *out)
{
    uint64_t n = bench_random(w, 10);
    enum overload_kind kind = n < 5 ? OVERLOAD_SUBMIT : n < 8 ? OVERLOAD_PAPER : OVERLOAD_BOOK;
    switch (kind) {
    case OVERLOAD_SUBMIT: bench_kind_find(STR("submit"))->request(o, w, out); break;
    case OVERLOAD_PAPER: bench_kind_find(STR("slip"))->request(o, w, out); break;
    default: request_book(o, out); break;
    }
    return kind;
}

static void note(struct phase_run *r, enum overload_kind kind, const struct bench_worker *w, enum outcome called,
                 int status, int64_t us)
{
    struct overload_phase *p = r->out;
    pthread_mutex_lock(&r->lock);
    p->asked[kind]++;
    if (called != OK) {
        p->broken++;
    } else if (status == 503) {
        histogram_add(&p->refused, us);
        p->without_retry_after += !str_has(buf_str(&w->in), STR("\r\nRetry-After: "));
        p->last_refusal_us = clock_monotonic_us() - r->begun_us;
    } else {
        histogram_add(&p->served[kind], us);
    }
    pthread_mutex_unlock(&r->lock);
}

static void wait_for_turn(const struct phase_run *r, uint64_t number)
{
    int64_t at = r->begun_us + (int64_t)(number - r->first) * r->interval_ns / 1000, now = clock_monotonic_us();
    if (at > now) (void)usleep((useconds_t)(at - now)); /* shorter does no harm */
}

static enum outcome one(const void *context, struct bench_worker *w, struct fail *why)
{
    struct phase_run *r = (struct phase_run *)(uintptr_t)context; /* counts under its lock */
    struct bench_request rq;
    struct bench_answer answer = {.status = 0};
    struct fail broken;
    if (r->interval_ns > 0) wait_for_turn(r, w->number);
    enum overload_kind kind = choose(w, r->office, &rq);
    fail_init(&broken, w->arena);
    int64_t began = clock_monotonic_us();
    enum outcome called = bench_call_once(r->office->host, w, &rq, &answer, &broken);
    int64_t us = clock_monotonic_us() - began;
    if (called != OK) bench_hang_up(w);
    if (began >= r->from_us) note(r, kind, w, called, answer.status, us);
    if (called != OK || answer.status == 503 || answer.status == (kind == OVERLOAD_SUBMIT ? 201 : 200)) return OK;
    return fail(why, ERR_DOWN, N_("The office being measured answered {0}: {1}"),
                str_format(w->arena, "%d", answer.status), str_part(answer.body, 0, 500));
}

/* ---- phases ---- */

static enum outcome run_phase(struct bench_office *o, const struct bench_load *load, int64_t interval_ns,
                              struct overload_phase *out, struct fail *why)
{
    struct bench_load mine = *load;
    struct bench_figures unused;
    int64_t now = clock_monotonic_us();
    struct phase_run r = {.office = o, .out = out, .from_us = now + load->warm_us, .begun_us = now};
    r.interval_ns = interval_ns;
    r.first = load->first;
    mine.work = one;
    mine.context = &r;
    *out = (struct overload_phase){.us = load->us};
    pthread_mutex_init(&r.lock, NULL);
    enum outcome done = bench_load_run(&mine, &unused, why);
    pthread_mutex_destroy(&r.lock);
    return done;
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
    const struct bench_load usual = {.workers = clients, .warm_us = SETTLING_US, .us = us};
    const struct bench_load crowd = {.workers = CROWD, .warm_us = SETTLING_US, .us = us, .first = UINT64_C(1) << 40};
    const struct bench_load again = {.workers = clients, .us = us, .first = UINT64_C(1) << 41};
    out->clients = clients;
    out->crowd = CROWD;
    TRY(bench_kind_find(STR("slip"))->prepare(o, why));
    TRY(run_phase(o, &usual, 0, &out->normal, why));
    TRY(bench_office_settle(o, why));
    double normal = rate(&out->normal, served_of(&out->normal));
    if (normal <= 0) return fail(why, ERR_DOWN, N_("The measurement was stopped before its end."));
    TRY(run_phase(o, &crowd, (int64_t)(1e9 / (normal * times)), &out->crowded, why));
    return run_phase(o, &again, 0, &out->after, why);
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
            "\"refused_p50_ms\":%.3f,\"refused_p99_ms\":%.3f,\"without_retry_after\":%" PRIu64 ",\"broken\":%" PRIu64,
            name, rate(p, asked_of(p)), rate(p, served_of(p)), ms(p99_of(p)), rate(p, p->refused.count),
            ms(histogram_at(&p->refused, 0.5)), ms(histogram_at(&p->refused, 0.99)), p->without_retry_after, p->broken);
    for (int i = 0; i < OVERLOAD_KINDS; i++)
        fprintf(out, ",\"%s\":{\"asked\":%" PRIu64 ",\"served\":%" PRIu64 ",\"p50_ms\":%.3f,\"p99_ms\":%.3f}",
                kind_names[i], p->asked[i], p->served[i].count, ms(histogram_at(&p->served[i], 0.5)),
                ms(histogram_at(&p->served[i], 0.99)));
    fprintf(out, "},");
}

void bench_overload_json(FILE *out, const struct overload_result *r)
{
    fprintf(out, "{\"name\":\"overload\",\"clients\":%d,\"crowd\":%d,", r->clients, r->crowd);
    json_phase(out, "normal", &r->normal);
    json_phase(out, "overload", &r->crowded);
    json_phase(out, "after", &r->after);
    fprintf(out, "\"goodput\":%.3f,\"p99_ratio\":%.3f,\"recovery_ms\":%.1f}\n", goodput(r), lateness(r),
            ms(r->after.last_refusal_us));
}
