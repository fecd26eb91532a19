#include "bench/bench.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/parse.h"
#include "base/version.h"
#include "bench/bench_explain.h"
#include "bench/bench_fill.h"
#include "bench/bench_history.h"
#include "bench/bench_kinds.h"
#include "bench/bench_overload.h"
#include "bench/bench_pages.h"
#include "bench/bench_rule.h"
#include "bench/bench_slow.h"
#include "command/serve.h"

enum {
    OUTPUT_BYTES = 64 * 1024,
    SECONDS_MOST = 3600,
    CLIENTS_MOST = 512,
    DOSSIERS_MOST = 10000000,
    CONNECTIONS_MOST = 15000,
    DAYS_MOST = 1000,
    TIMES_TOO_MUCH = 10
};

struct bench_run {
    struct command_context *c;
    const struct bench_kind *kind;
    bool is_pages; /* instead of a kind: the table of pages */
    bool is_fill;  /* instead of a kind: filling alone */
    bool is_overload, is_slow, is_history;
    struct slow_crowd crowd; /* of slow connections */
    int seconds, clients, dossiers, connections, rounds, waiting, days;
    struct bench_office office;
    struct bench_figures http, bound;
};

/* ---- progress: on a terminal only ---- */

static void say_phase(struct bench_run *b, const char *message)
{
    struct command_context *c = b->c;
    if (!isatty(fileno(c->err))) return;
    struct str text = translate(c->language, message);
    fprintf(c->err, "\r\033[K%.*s", STR_ARG(text));
    fflush(c->err);
}

static void say_filled(void *context, uint64_t done, uint64_t all)
{
    struct bench_run *b = context;
    struct arena *a = b->c->arena;
    struct str args[FAIL_ARGS] = {str_format(a, "%lu", (unsigned long)done), str_format(a, "%lu", (unsigned long)all)};
    struct str text = fail_fill(a, translate(b->c->language, N_("Submitting dossiers: {0} of {1}")), args);
    if (!isatty(fileno(b->c->err))) return;
    fprintf(b->c->err, "\r\033[K%.*s", STR_ARG(text));
    fflush(b->c->err);
}

static void end_progress(struct bench_run *b)
{
    if (isatty(fileno(b->c->err))) fprintf(b->c->err, "\r\033[K");
}

/* ---- measuring ---- */

static enum outcome over_http(const void *context, struct bench_worker *w, struct fail *why)
{
    const struct bench_run *b = context;
    struct bench_request rq;
    struct bench_answer answer;
    if (b->kind->work != NULL) return b->kind->work(&b->office, w, why);
    b->kind->request(&b->office, w, &rq);
    TRY(bench_call(b->office.host, w, &rq, &answer, why));
    if (answer.status == b->kind->status) return OK;
    return fail(why, ERR_DOWN, N_("The office being measured answered {0}: {1}"),
                str_format(w->arena, "%d", answer.status), str_part(answer.body, 0, 500));
}

static enum outcome without_http(const void *context, struct bench_worker *w, struct fail *why)
{
    const struct bench_run *b = context;
    return b->kind->direct(&b->office, w, why);
}

/* Half of the bound before and half after, so that a machine that warms up or gets busy moves both alike. */
static enum outcome measure(struct bench_run *b, struct fail *why)
{
    int64_t us = b->seconds * US_PER_S;
    struct bench_load http = {b->clients, us / 5, us, over_http, b};
    struct bench_load half = {b->clients, us / 10, us / 2, without_http, b};
    struct bench_figures second;
    say_phase(b, N_("Measuring the bound ..."));
    TRY(bench_load_run(&half, &b->bound, why));
    TRY(bench_office_settle(&b->office, why));
    say_phase(b, N_("Measuring ..."));
    TRY(bench_load_run(&http, &b->http, why));
    TRY(bench_office_settle(&b->office, why));
    say_phase(b, N_("Measuring the bound ..."));
    TRY(bench_load_run(&half, &second, why));
    bench_add(&b->bound, &second);
    return OK;
}

/* ---- counting instead ---- */

enum { COMPANY = 16 };

static enum outcome explain(struct bench_run *b, struct fail *why)
{
    const struct bench_asked asked = {b->kind->name, b->kind->what, over_http, b};
    struct bench_cost alone, company;
    bench_explain_begin(&b->office);
    TRY(bench_explain(&b->office, &asked, 1, &alone, why));
    if (b->kind->is_change) TRY(bench_explain(&b->office, &asked, COMPANY, &company, why));
    const struct bench_cost *shared = b->kind->is_change ? &company : NULL;
    if (command_has(b->c, "json"))
        bench_explain_json(b->c->out, b->c->arena, &asked, &alone, shared);
    else
        bench_explain_print(b->c->out, &asked, &alone, shared);
    return OK;
}

/* ---- saying it ---- */

static double ms_at(const struct bench_figures *f, double part)
{
    return (double)histogram_at(&f->each, part) / 1000;
}

static double ratio_of(const struct bench_run *b)
{
    double bound = bench_rate(&b->bound);
    return bound > 0 ? bench_rate(&b->http) / bound : 0;
}

static void put_number(struct json_writer *w, struct arena *a, const char *key, double d, int decimals)
{
    jw_key(w, key);
    jw_raw(w, str_format(a, "%.*f", decimals, d));
}

static void print_json(struct bench_run *b)
{
    AUTO_BUF struct buf out;
    struct json_writer w;
    struct arena *a = b->c->arena;
    buf_init(&out, OUTPUT_BYTES);
    jw_init(&w, &out);
    jw_open(&w, '{');
    jw_put_str(&w, "name", str_from(b->kind->name));
    put_number(&w, a, "figure", bench_rate(&b->http), 1);
    jw_put_str(&w, "unit", str_from(b->kind->unit));
    put_number(&w, a, "p50_ms", ms_at(&b->http, 0.5), 3);
    put_number(&w, a, "p95_ms", ms_at(&b->http, 0.95), 3);
    put_number(&w, a, "p99_ms", ms_at(&b->http, 0.99), 3);
    put_number(&w, a, "bound", bench_rate(&b->bound), 1);
    put_number(&w, a, "bound_p99_ms", ms_at(&b->bound, 0.99), 3);
    put_number(&w, a, "ratio", ratio_of(b), 3);
    jw_put_str(&w, "what", str_from(b->kind->what));
    jw_put_str(&w, "bound_is", str_from(b->kind->bound));
    jw_put_int(&w, "clients", b->clients);
    jw_put_int(&w, "seconds", b->seconds);
    jw_put_int(&w, "dossiers", (int64_t)b->office.code_count);
    if (b->office.fill_rate > 0) put_number(&w, a, "filled_per_s", b->office.fill_rate, 1);
    jw_put_int(&w, "cores", sysconf(_SC_NPROCESSORS_ONLN));
    jw_put_str(&w, "engine", b->office.store.len > 0 ? STR("postgresql") : STR("sqlite"));
    jw_put_str(&w, "file_system", b->office.file_system);
    jw_put_str(&w, "version", str_from(motcua_version));
    jw_close(&w);
    struct str json = buf_str(&out);
    fprintf(b->c->out, "%.*s\n", STR_ARG(json));
}

static void print_line(struct bench_run *b)
{
    fprintf(b->c->out, "%-7s %10.0f %-11s p50 %8.2f ms   p95 %8.2f ms   p99 %8.2f ms   bound %10.0f   ratio %.2f\n",
            b->kind->name, bench_rate(&b->http), b->kind->unit, ms_at(&b->http, 0.5), ms_at(&b->http, 0.95),
            ms_at(&b->http, 0.99), bench_rate(&b->bound), ratio_of(b));
}

static void print_result(struct bench_run *b)
{
    if (command_has(b->c, "json"))
        print_json(b);
    else
        print_line(b);
}

/* A page as soon as it is measured: one line, of JSON when asked for. */
static void say_page(void *context, const struct bench_page_result *r)
{
    struct bench_run *b = context;
    FILE *out = b->c->out;
    double p50 = ms_at(&r->each, 0.5), p95 = ms_at(&r->each, 0.95), p99 = ms_at(&r->each, 0.99);
    double server = (double)r->server_p99_us / 1000;
    end_progress(b);
    if (command_has(b->c, "json"))
        fprintf(out,
                "{\"name\":\"%s\",\"target\":\"%s\",\"figure\":%.1f,\"p50_ms\":%.3f,\"p95_ms\":%.3f,\"p99_ms\":%.3f,"
                "\"server_p99_ms_at_most\":%.3f,\"bytes\":%llu}\n",
                r->name, r->what, bench_rate(&r->each), p50, p95, p99, server, (unsigned long long)r->bytes);
    else
        fprintf(out,
                "%-18s %8.0f pages/s   p50 %7.2f ms   p95 %7.2f ms   p99 %7.2f ms   server p99 <= %6.2f ms   %6llu B\n",
                r->name, bench_rate(&r->each), p50, p95, p99, server, (unsigned long long)r->bytes);
    fflush(out);
}

static void say_cost(void *context, const struct bench_asked *asked, const struct bench_cost *cost)
{
    struct bench_run *b = context;
    end_progress(b);
    if (command_has(b->c, "json"))
        bench_explain_json(b->c->out, b->c->arena, asked, cost, NULL);
    else
        bench_explain_print(b->c->out, asked, cost, NULL);
}

/* A disk that is memory says nothing of durability: said each time, never left to be noticed. */
static void warn_of_memory(struct bench_run *b)
{
    if (b->office.store.len > 0 || !str_eq(b->office.file_system, STR("tmpfs"))) return;
    struct str args[FAIL_ARGS] = {b->office.folder};
    struct str text =
        fail_fill(b->c->arena,
                  translate(b->c->language, N_("{0} is in memory (tmpfs): these figures say nothing of a disk. Set "
                                               "MOTCUA_BENCH_DIR to a folder on one.")),
                  args);
    fprintf(b->c->err, "motcua bench: %.*s\n", STR_ARG(text));
}

/* ---- the command ---- */

static enum outcome read_number(struct command_context *c, const char *name, int least, int most, int *out,
                                struct fail *why)
{
    if (!command_has(c, name) || parse_int(command_option(c, name), least, most, out)) return OK;
    return fail(why, ERR_INVALID, N_("Option --{0} is a number from {1} to {2}."), str_from(name),
                str_format(c->arena, "%d", least), str_format(c->arena, "%d", most));
}

static enum outcome read_call(struct bench_run *b, struct fail *why)
{
    struct command_context *c = b->c;
    b->kind = bench_kind_find(c->args[0]);
    b->is_pages = str_eq(c->args[0], STR("pages"));
    b->is_fill = str_eq(c->args[0], STR("fill"));
    b->is_overload = str_eq(c->args[0], STR("overload"));
    b->is_slow = str_eq(c->args[0], STR("slow"));
    b->is_history = str_eq(c->args[0], STR("history"));
    bool is_known = b->kind != NULL || b->is_pages || b->is_fill || b->is_overload || b->is_slow || b->is_history;
    if (!is_known && !bench_is_of_rules(c->args[0]))
        return fail(why, ERR_INVALID, N_("There is no measurement “{0}”. There are: {1}."), c->args[0],
                    STR("submit, read, page, list, progress, search, find, act, slip, steps, overload, slow, pages, "
                        "fill, history, feel, dmn, table"));
    TRY(read_number(c, "seconds", 1, SECONDS_MOST, &b->seconds, why));
    TRY(read_number(c, "clients", 1, CLIENTS_MOST, &b->clients, why));
    TRY(read_number(c, "waiting", 0, DOSSIERS_MOST, &b->waiting, why));
    TRY(read_number(c, "days", 1, DAYS_MOST, &b->days, why));
    TRY(read_number(c, "rounds", 1, SLOW_ROUNDS_MOST, &b->rounds, why));
    TRY(read_number(c, "connections", 1, CONNECTIONS_MOST, &b->connections, why));
    return read_number(c, "dossiers", 1, DOSSIERS_MOST, &b->dossiers, why);
}

/* The folder that a path stands in. */
static struct str parent_of(struct str path)
{
    while (path.len > 1 && path.at[path.len - 1] == '/') path.len--;
    while (path.len > 0 && path.at[path.len - 1] != '/') path.len--;
    return path.len > 0 ? path : STR(".");
}

static struct bench_place place_of(struct command_context *c)
{
    struct str beside = str_from(getenv("MOTCUA_BENCH_DIR"));
    if (beside.len == 0) beside = parent_of(app_data_folder(c));
    return (struct bench_place){beside, command_option(c, "office"), command_option(c, "store")};
}

static enum outcome run_pages(struct bench_run *b, struct fail *why)
{
    const struct bench_pages_call call = {.clients = b->clients,
                                          .us = b->seconds * US_PER_S,
                                          .only = command_option(b->c, "only"),
                                          .hear = say_page,
                                          .hear_cost = command_has(b->c, "explain") ? say_cost : NULL,
                                          .context = b};
    return bench_pages_run(&b->office, &call, why);
}

static enum outcome run_overload(struct bench_run *b, struct fail *why)
{
    struct overload_result *result = ARENA_NEW(b->c->arena, struct overload_result);
    say_phase(b, N_("Measuring ..."));
    TRY(bench_overload_run(&b->office, b->clients, TIMES_TOO_MUCH, b->seconds * US_PER_S, result, why));
    end_progress(b);
    if (command_has(b->c, "json"))
        bench_overload_json(b->c->out, result);
    else
        bench_overload_print(b->c->out, result);
    return OK;
}

static enum outcome run_slow(struct bench_run *b, struct fail *why)
{
    struct slow_result *result = ARENA_NEW(b->c->arena, struct slow_result);
    say_phase(b, N_("Measuring ..."));
    TRY(bench_slow_run(&b->office, &b->crowd, b->connections, b->rounds, b->seconds * US_PER_S, result, why));
    end_progress(b);
    if (command_has(b->c, "json"))
        bench_slow_json(b->c->out, result);
    else
        bench_slow_print(b->c->out, result);
    return OK;
}

static void say_filling(struct bench_run *b)
{
    struct bench_filled filled = bench_fill_figures(&b->office, b->c->arena);
    end_progress(b);
    if (command_has(b->c, "json"))
        bench_fill_json(b->c->out, &b->office, b->c->arena, &filled);
    else
        bench_fill_print(b->c->out, &filled);
}

static enum outcome run_history(struct bench_run *b, struct fail *why)
{
    struct history_result result;
    struct bench_place place = place_of(b->c);
    struct history_call call = {.finished = (uint64_t)b->dossiers,
                                .waiting = (uint64_t)b->waiting,
                                .days = b->days,
                                .progress = say_filled,
                                .context = b};
    bench_history_begin(&call);
    TRY(bench_office_open(&b->office, b->c->arena, &place, why));
    TRY(bench_history_run(&b->office, &call, &result, why));
    end_progress(b);
    if (command_has(b->c, "json"))
        bench_history_json(b->c->out, &result);
    else
        bench_history_print(b->c->out, &result);
    return OK;
}

static enum outcome run(struct bench_run *b, struct fail *why)
{
    if (b->is_history) return run_history(b, why);
    struct bench_place place = place_of(b->c);
    say_phase(b, N_("Making an office ..."));
    if (b->is_slow) TRY(slow_crowd_begin(&b->crowd, why));
    TRY(bench_office_open(&b->office, b->c->arena, &place, why));
    if (b->kind == NULL || !b->kind->is_without_fill)
        TRY(bench_office_fill(&b->office, (uint64_t)b->dossiers, say_filled, b, why));
    warn_of_memory(b);
    if (b->is_pages) return run_pages(b, why);
    if (b->is_overload) return run_overload(b, why);
    if (b->is_slow) return run_slow(b, why);
    if (b->is_fill) {
        say_filling(b);
        return OK;
    }
    if (b->kind->prepare != NULL) TRY(b->kind->prepare(&b->office, why));
    if (command_has(b->c, "explain")) return explain(b, why);
    TRY(measure(b, why));
    print_result(b);
    return OK;
}

enum exit_code command_bench(struct command_context *c)
{
    struct fail why;
    struct bench_run *b = ARENA_NEW(c->arena, struct bench_run);
    fail_init(&why, c->arena);
    *b = (struct bench_run){.c = c,
                            .seconds = 10,
                            .clients = 16,
                            .dossiers = 10000,
                            .connections = 10000,
                            .rounds = 9,
                            .days = 20,
                            .crowd.fd = -1};
    if (read_call(b, &why) != OK) {
        (void)command_fail(c, &why);
        return EXIT_USAGE;
    }
    if (bench_is_of_rules(c->args[0])) return command_bench_rules(c, b->seconds);
    bench_hold_signals();
    enum outcome r = run(b, &why);
    end_progress(b);
    bench_office_close(&b->office);
    slow_crowd_end(&b->crowd);
    return r == OK ? EXIT_FINE : command_fail(c, &why);
}
