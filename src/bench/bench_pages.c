#include "bench/bench_pages.h"

#include <stdatomic.h>

#include "base/auto.h"
#include "bench/bench_forms.h"
#include "bench/bench_kinds.h"
#include "http/server.h"

/* What the browser of somebody says who went there. */
#define VISITED "Accept-Encoding: gzip\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\n"

enum { FORM_BYTES = 16 * 1024, WORKED_PART = 10, WORKED_CLIENTS = 16 };

enum looker { NOBODY, CITIZEN, OFFICER, SPECIALIST, LEADER, CLERK, ADMIN, LOOKER_COUNT };

static const char *const logins[LOOKER_COUNT] = {
    [CITIZEN] = "congdan", [OFFICER] = "tiepnhan", [SPECIALIST] = "chuyenvien",
    [LEADER] = "lanhdao",  [CLERK] = "vanthu",     [ADMIN] = "quantri",
};

/* Every page that is looked at often or that could grow with what the office holds. {code}: of a dossier that waits;
 * {done}: of one that was received; {procedure}, {words}: as they come. */
static const struct bench_page {
    const char *name;
    enum looker who;
    const char *target;
    bool is_form; /* what stands chosen in the inbox is sent */
} pages[] = {
    {"home",                    NOBODY,     "/",                                        false},
    {"home of a citizen",       CITIZEN,    "/",                                        false},
    {"search",                  NOBODY,     "/thu-tuc?q={words}",                       false},
    {"all procedures",          NOBODY,     "/thu-tuc",                                 false},
    {"start page",              NOBODY,     "/thu-tuc/{procedure}",                     false},
    {"look-up",                 NOBODY,     "/tra-cuu",                                 false},
    {"manual",                  NOBODY,     "/tro-giup",                                false},
    {"search of the manual",    NOBODY,     "/tro-giup?q=ho+so",                        false},
    {"numbers called",          NOBODY,     "/bang-so/G11",                             false},
    {"my dossiers",             CITIZEN,    "/ho-so-cua-toi",                           false},
    {"receipt",                 CITIZEN,    "/ho-so/{code}/da-nop",                     false},
    {"applicant's dossier",     CITIZEN,    "/ho-so/{code}",                            false},
    {"conversation",            CITIZEN,    "/ho-so/{code}/trao-doi",                   false},
    {"who looked at it",        CITIZEN,    "/ho-so/{done}/ai-da-xem",                  false},
    {"who looked at me",        CITIZEN,    "/tai-khoan/ai-da-xem",                     false},
    {"my papers",               CITIZEN,    "/kho-giay-to",                             false},
    {"my account",              CITIZEN,    "/tai-khoan",                               false},
    {"my sessions",             CITIZEN,    "/tai-khoan/phien",                         false},
    {"my appointments",         CITIZEN,    "/lich-hen",                                false},
    {"notices",                 CITIZEN,    "/thong-bao",                               false},
    {"acting for others",       CITIZEN,    "/uy-quyen",                                false},
    {"inbox",                   OFFICER,    "/viec",                                    false},
    {"inbox, late",             OFFICER,    "/viec?loc=qua-han",                        false},
    {"what came",               OFFICER,    "/viec/moi",                                false},
    {"inbox, found",            OFFICER,    "/viec?q=nguyen+an",                        false},
    {"officer's dossier",       OFFICER,    "/ho-so/{code}",                            false},
    {"officer's history",       OFFICER,    "/ho-so/{done}?xem=lich-su",                false},
    {"officer's notes",         OFFICER,    "/ho-so/{done}?xem=ghi-chu",                false},
    {"officer's conversation",  OFFICER,    "/ho-so/{done}?xem=trao-doi",               false},
    {"choose many",             OFFICER,    "/viec/chon",                               true },
    {"batches",                 OFFICER,    "/viec/hang-loat",                          false},
    {"counter",                 OFFICER,    "/tiep-nhan",                               false},
    {"appointments of the day", OFFICER,    "/tiep-nhan/lich-hen",                      false},
    {"waiting times",           OFFICER,    "/tiep-nhan/thoi-gian-cho",                 false},
    {"daily register",          OFFICER,    "/so/daily",                                false},
    {"register",                OFFICER,    "/so/register",                             false},
    {"postal list",             CLERK,      "/so/postal",                               false},
    {"inbox of a specialist",   SPECIALIST, "/viec",                                    false},
    {"specialist's dossier",    SPECIALIST, "/ho-so/{done}",                            false},
    {"inbox of a leader",       LEADER,     "/viec",                                    false},
    {"inbox of the clerk",      CLERK,      "/viec",                                    false},
    {"progress",                LEADER,     "/tien-do",                                 false},
    {"progress of an officer",  OFFICER,    "/tien-do",                                 false},
    {"load of the unit",        LEADER,     "/tien-do?co-quan=G11",                     false},
    {"what people say",         LEADER,     "/chat-luong",                              false},
    {"the four noes",           LEADER,     "/bon-khong",                               false},
    {"who is away",             LEADER,     "/viec/vang-mat",                           false},
    {"administration",          ADMIN,      "/quan-tri",                                false},
    {"agencies",                ADMIN,      "/quan-tri/co-quan",                        false},
    {"agency",                  ADMIN,      "/quan-tri/co-quan/G11",                    false},
    {"accounts",                ADMIN,      "/quan-tri/tai-khoan",                      false},
    {"account",                 ADMIN,      "/quan-tri/tai-khoan/chuyenvien",           false},
    {"calendars",               ADMIN,      "/quan-tri/lich",                           false},
    {"catalogue",               ADMIN,      "/quan-tri/thu-tuc",                        false},
    {"procedure",               ADMIN,      "/quan-tri/thu-tuc/{procedure}",            false},
    {"competence of it",        ADMIN,      "/quan-tri/thu-tuc/{procedure}/tham-quyen", false},
    {"competence",              ADMIN,      "/quan-tri/phan-cap",                       false},
    {"letters on paper",        ADMIN,      "/quan-tri/mau-giay",                       false},
    {"words of letters",        ADMIN,      "/quan-tri/thong-bao",                      false},
    {"webhooks",                ADMIN,      "/quan-tri/webhook",                        false},
    {"health",                  ADMIN,      "/quan-tri/suc-khoe",                       false},
    {"measurements",            ADMIN,      "/metrics",                                 false},
};

struct visiting {
    const struct bench_office *office;
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
        {STR("{done}"),      o->received,   o->received_count },
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

/* ---- who looks ---- */

static enum outcome meet_all(struct bench_office *o, struct str browsers[LOOKER_COUNT], struct fail *why)
{
    browsers[NOBODY] = STR("Accept: text/html\r\n");
    for (enum looker i = CITIZEN; i < LOOKER_COUNT; i++) TRY(bench_sign_in(o, str_from(logins[i]), &browsers[i], why));
    o->officer.browser = browsers[OFFICER];
    return OK;
}

/* Work that was begun: a tenth of what waits is received first. */
static enum outcome begin_work(struct bench_office *o, struct fail *why)
{
    struct bench_figures unused;
    size_t wanted = o->code_count / WORKED_PART + 1;
    const struct bench_load load = {
        .workers = WORKED_CLIENTS, .us = INT64_MAX / 4, .work = bench_receive, .context = o, .most = wanted};
    TRY(bench_load_run(&load, &unused, why));
    o->received = o->codes;
    o->received_count = wanted;
    o->codes += wanted < o->code_count ? wanted : 0;
    o->code_count -= wanted < o->code_count ? wanted : 0;
    return bench_office_settle(o, why);
}

static enum outcome prepare(struct bench_office *o, struct str browsers[LOOKER_COUNT], struct fail *why)
{
    TRY(meet_all(o, browsers, why));
    return begin_work(o, why);
}

static enum outcome ready_visit(struct bench_office *o, const struct bench_page *p, const struct str *browsers,
                                struct visiting *v, struct fail *why)
{
    *v = (struct visiting){
        .office = o, .page = p, .headers = str_format(o->arena, "%.*s" VISITED, STR_ARG(browsers[p->who]))};
    return p->is_form ? read_form(v, why) : OK;
}

/* ---- measuring, explaining ---- */

static enum outcome measure(struct bench_office *o, struct visiting *v, const struct bench_pages_call *call,
                            struct fail *why)
{
    struct bench_page_result result = {.name = v->page->name, .what = v->page->target};
    const struct bench_load load = {call->clients, call->us / 5, call->us, visit, v, 0, 0};
    struct server_stats before = server_stats(o->app.server);
    TRY(bench_load_run(&load, &result.each, why));
    struct server_stats after = server_stats(o->app.server);
    result.bytes = v->bytes;
    result.server_p99_us = server_p99(&before, &after);
    call->hear(call->context, &result);
    return OK;
}

static enum outcome explain(struct bench_office *o, struct visiting *v, const struct bench_pages_call *call,
                            struct fail *why)
{
    struct bench_cost cost;
    const struct bench_asked asked = {v->page->name, v->page->target, visit, v};
    TRY(bench_explain(o, &asked, 1, &cost, why));
    call->hear_cost(call->context, &asked, &cost);
    return OK;
}

enum outcome bench_pages_run(struct bench_office *o, const struct bench_pages_call *call, struct fail *why)
{
    struct str browsers[LOOKER_COUNT];
    TRY(prepare(o, browsers, why));
    if (call->hear_cost != NULL) bench_explain_begin(o);
    for (size_t i = 0; i < LENGTH(pages); i++) {
        struct visiting v;
        if (call->only.len > 0 && !str_has(str_from(pages[i].name), call->only)) continue;
        TRY(ready_visit(o, &pages[i], browsers, &v, why));
        TRY(call->hear_cost != NULL ? explain(o, &v, call, why) : measure(o, &v, call, why));
    }
    return OK;
}
