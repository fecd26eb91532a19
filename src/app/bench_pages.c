#include "app/bench_pages.h"

#include <stdatomic.h>

#include "app/bench_forms.h"
#include "base/auto.h"
#include "http/server.h"

/* What the browser of somebody says who went there. */
#define VISITED "Accept-Encoding: gzip\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\n"

enum { FORM_BYTES = 16 * 1024 };

enum looker { NOBODY, CITIZEN, OFFICER, LEADER };

/* {code}: of a dossier that waits; {procedure}, {words}: as they come. */
static const struct bench_page {
    const char *name;
    enum looker who;
    const char *target;
    bool is_form; /* what stands chosen in the inbox is sent */
} pages[] = {
    {"home",              NOBODY,  "/",                      false},
    {"search",            NOBODY,  "/thu-tuc?q={words}",     false},
    {"start-page",        NOBODY,  "/thu-tuc/{procedure}",   false},
    {"manual",            NOBODY,  "/tro-giup",              false},
    {"my-dossiers",       CITIZEN, "/ho-so-cua-toi",         false},
    {"receipt",           CITIZEN, "/ho-so/{code}/da-nop",   false},
    {"applicant-dossier", CITIZEN, "/ho-so/{code}",          false},
    {"conversation",      CITIZEN, "/ho-so/{code}/trao-doi", false},
    {"inbox",             OFFICER, "/viec",                  false},
    {"officer-dossier",   OFFICER, "/ho-so/{code}",          false},
    {"choose-many",       OFFICER, "/viec/chon",             true },
    {"counter",           OFFICER, "/tiep-nhan",             false},
    {"progress",          LEADER,  "/tien-do",               false},
    {"load-of-unit",      LEADER,  "/tien-do?co-quan=G11",   false},
};

struct visiting {
    struct bench_office *office;
    const struct bench_page *page;
    struct str headers, body;
    _Atomic uint64_t bytes;
};

/* ---- one request ---- */

static struct str target_of(const struct bench_office *o, const struct bench_page *p, struct bench_worker *w)
{
    const struct {
        struct str name;
        const struct str *list;
        size_t count;
    } words[] = {
        {STR("{code}"),      o->codes,      o->code_count     },
        {STR("{procedure}"), o->procedures, o->procedure_count},
        {STR("{words}"),     o->words,      o->word_count     },
    };
    struct str target = str_from(p->target);
    for (size_t i = 0; i < LENGTH(words); i++)
        if (words[i].count > 0 && str_has(target, words[i].name))
            target = str_replace(w->arena, target, words[i].name, words[i].list[bench_random(w, words[i].count)]);
    return target;
}

static enum outcome visit(const void *context, struct bench_worker *w, struct fail *why)
{
    struct visiting *v = (struct visiting *)(uintptr_t)context; /* counts bytes */
    struct bench_answer answer;
    const struct bench_request rq = {.method = v->page->is_form ? "POST" : "GET",
                                     .target = target_of(v->office, v->page, w),
                                     .headers = v->headers,
                                     .type = v->page->is_form ? STR("application/x-www-form-urlencoded") : STR(""),
                                     .body = v->body};
    TRY(bench_call(v->office->host, w, &rq, &answer, why));
    atomic_store_explicit(&v->bytes, answer.body.len, memory_order_relaxed);
    if (answer.status == 200) return OK;
    return fail(why, ERR_DOWN, N_("The office being measured answered {0}: {1}"),
                str_format(w->arena, "%d %s", answer.status, v->page->name), str_part(answer.body, 0, 500));
}

/* ---- the form of the inbox ---- */

static void add_value(struct buf *out, struct arena *a, struct str name, struct str value)
{
    if (out->len > 0) buf_add_char(out, '&');
    buf_addf(out, "%.*s=%.*s", STR_ARG(name), STR_ARG(str_replace(a, value, STR("@"), STR("%40"))));
}

/* The values of all fields of that name. */
static void add_fields(struct buf *out, struct arena *a, struct str html, struct str name)
{
    struct str mark = str_format(a, "name=\"%.*s\"", STR_ARG(name)), value;
    for (ptrdiff_t at; (at = str_find(html, mark, 0)) >= 0;) {
        html = str_part(html, (size_t)at + mark.len, html.len);
        ptrdiff_t begin = str_find(html, STR("value=\""), 0);
        if (begin < 0) return;
        html = str_part(html, (size_t)begin + 7, html.len);
        if (!str_cut(html, '"', &value, &html)) return;
        add_value(out, a, name, value);
        if (str_eq(name, STR("csrf"))) return; /* one of them is enough */
    }
}

static enum outcome read_form(struct visiting *v, struct fail *why)
{
    AUTO_BUF struct buf body;
    struct bench_worker w = {.arena = v->office->arena, .fd = -1};
    const struct bench_request rq = {.method = "GET", .target = STR("/viec"), .headers = v->office->officer.browser};
    struct bench_answer answer;
    buf_init(&body, FORM_BYTES);
    buf_init(&w.in, FORM_BYTES * 64);
    enum outcome r = bench_call(v->office->host, &w, &rq, &answer, why);
    if (r == OK) {
        add_fields(&body, v->office->arena, answer.body, STR("csrf"));
        add_fields(&body, v->office->arena, answer.body, STR("hs"));
        add_value(&body, v->office->arena, STR("viec"), STR("receive"));
        v->body = str_dup(v->office->arena, buf_str(&body));
    }
    buf_end(&w.in);
    auto_close_fd(&w.fd);
    return r;
}

/* ---- what the server says ---- */

static int64_t server_p99(const struct server_stats *before, const struct server_stats *after)
{
    uint64_t all = 0, seen = 0;
    for (size_t i = 0; i < LENGTH(after->latency_us_buckets); i++)
        all += after->latency_us_buckets[i] - before->latency_us_buckets[i];
    for (size_t i = 0; i < LENGTH(after->latency_us_buckets); i++) {
        seen += after->latency_us_buckets[i] - before->latency_us_buckets[i];
        if (seen * 100 >= all * 99) return INT64_C(1) << i;
    }
    return 0;
}

static enum outcome measure(struct bench_office *o, const struct bench_page *p, int clients, int64_t us,
                            struct bench_page_result *out, struct fail *why)
{
    const struct str visitors[] = {STR("Accept: text/html\r\n"), o->citizen.browser, o->officer.browser,
                                   o->leader.browser};
    struct visiting v = {
        .office = o, .page = p, .headers = str_format(o->arena, "%.*s" VISITED, STR_ARG(visitors[p->who]))};
    const struct bench_load load = {clients, us / 5, us, visit, &v};
    if (p->is_form) TRY(read_form(&v, why));
    struct server_stats before = server_stats(o->app.server);
    TRY(bench_load_run(&load, &out->each, why));
    struct server_stats after = server_stats(o->app.server);
    out->name = p->name;
    out->what = p->target;
    out->bytes = v.bytes;
    out->server_p99_us = server_p99(&before, &after);
    return OK;
}

enum outcome bench_pages_run(struct bench_office *o, int clients, int64_t us, bench_page_heard *hear, void *context,
                             struct fail *why)
{
    TRY(bench_people_of_pages(o, why));
    for (size_t i = 0; i < LENGTH(pages); i++) {
        struct bench_page_result *result = ARENA_NEW(o->arena, struct bench_page_result);
        TRY(measure(o, &pages[i], clients, us, result, why));
        if (hear != NULL) hear(context, result);
    }
    return OK;
}
