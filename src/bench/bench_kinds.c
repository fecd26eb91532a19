#include "bench/bench_kinds.h"

#include <inttypes.h>

#include "bench/bench_steps.h"
#include "dossier/act_input.h"
#include "dossier/dossier_list.h"
#include "dossier/dossier_view.h"
#include "html/letter_pdf.h"
#include "progress/progress.h"
#include "slip/slip_wording.h"

enum { PAGE_OF_25 = 25, RECEIVED_MOST = 50 };

static struct str pick(struct bench_worker *w, const struct str *list, size_t count)
{
    return list[bench_random(w, count)];
}

/* ---- submit ---- */

static struct str submit_key(const struct bench_office *o, const struct bench_worker *w, char way)
{
    return str_format(w->arena, "%.*s-%c%" PRIu64, STR_ARG(o->run), way, w->number);
}

static void request_submit(const struct bench_office *o, struct bench_worker *w, struct bench_request *out)
{
    struct str key = submit_key(o, w, 'h');
    *out = (struct bench_request){
        .method = "POST",
        .target = STR("/api/v1/dossiers"),
        .headers = str_format(w->arena, "%.*sIdempotency-Key: %.*s\r\n", STR_ARG(o->citizen.headers), STR_ARG(key)),
        .type = STR("application/json"),
        .body = o->two_papers->body,
    };
}

static enum outcome direct_submit(const struct bench_office *o, struct bench_worker *w, struct fail *why)
{
    struct str key = str_format(w->arena, "%.*s-%" PRIx64, STR_ARG(submit_key(o, w, 's')), bench_random(w, UINT64_MAX));
    return store_run(o->app.store, bench_submit, bench_submission(o, o->two_papers, w->arena, key), NULL, why);
}

/* ---- read ---- */

static void request_read(const struct bench_office *o, struct bench_worker *w, struct bench_request *out)
{
    struct str code = pick(w, o->codes, o->code_count);
    *out = (struct bench_request){
        .method = "GET",
        .target = str_format(w->arena, "/api/v1/dossiers/%.*s", STR_ARG(code)),
        .headers = o->officer.headers,
    };
}

static enum outcome direct_read(const struct bench_office *o, struct bench_worker *w, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct dossier_view view;
    struct str code = pick(w, o->codes, o->code_count);
    TRY(store_read_begin(o->app.store, w->arena, &tx, why));
    return dossier_view_load(&o->app.desk, tx, &o->officer.who, code, &view, why);
}

/* ---- page ---- */

static void request_page(const struct bench_office *o, struct bench_worker *w, struct bench_request *out)
{
    struct str code = pick(w, o->codes, o->code_count);
    *out = (struct bench_request){
        .method = "GET", .target = str_format(w->arena, "/ho-so/%.*s", STR_ARG(code)), .headers = o->officer.browser};
}

static enum outcome direct_page(const struct bench_office *o, struct bench_worker *w, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct dossier_view view;
    struct history_line *lines;
    size_t count;
    struct str code = pick(w, o->codes, o->code_count);
    TRY(store_read_begin(o->app.store, w->arena, &tx, why));
    TRY(dossier_view_load(&o->app.desk, tx, &o->officer.who, code, &view, why));
    return dossier_history(tx, &view, &lines, &count, why);
}

/* ---- list ---- */

static void request_list(const struct bench_office *o, struct bench_worker *w, struct bench_request *out)
{
    (void)w; /* everybody asks for the same page */
    *out = (struct bench_request){
        .method = "GET", .target = STR("/api/v1/tasks?mine=1&limit=25"), .headers = o->officer.headers};
}

static enum outcome direct_list(const struct bench_office *o, struct bench_worker *w, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct inbox_query query = {.who = o->officer.who, .is_mine_only = true, .most = PAGE_OF_25};
    struct dossier_list list;
    TRY(store_read_begin(o->app.store, w->arena, &tx, why));
    return dossier_inbox(&o->app.desk, tx, &query, &list, why);
}

/* ---- progress ---- */

static void request_progress(const struct bench_office *o, struct bench_worker *w, struct bench_request *out)
{
    (void)w; /* everybody asks for the same numbers */
    *out = (struct bench_request){
        .method = "GET", .target = STR("/api/v1/progress?by=holder"), .headers = o->officer.headers};
}

static enum outcome direct_progress(const struct bench_office *o, struct bench_worker *w, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct progress p;
    TRY(store_read_begin(o->app.store, w->arena, &tx, why));
    return progress_load(&o->app.desk, tx, &o->officer.who, STR(""), &p, why);
}

/* ---- search ---- */

static void request_search(const struct bench_office *o, struct bench_worker *w, struct bench_request *out)
{
    struct str words = pick(w, o->words, o->word_count);
    *out = (struct bench_request){.method = "GET",
                                  .target = str_format(w->arena, "/api/v1/procedures?q=%.*s", STR_ARG(words))};
}

static enum outcome direct_search(const struct bench_office *o, struct bench_worker *w, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct procedure_query query = {.text = pick(w, o->searches, o->word_count),
                                    .level = ANY,
                                    .audience = ANY,
                                    .channel = ANY,
                                    .limit = PROCEDURE_LIST_USUAL};
    struct procedure_page page;
    TRY(store_read_begin(o->app.store, w->arena, &tx, why));
    return catalogue_search(o->app.catalogue, tx, &query, &page, why);
}

/* ---- find ---- */

/* Words of owners' names as people type them, of an office that was filled: two that thousands have, three, some that
 * one of a thousand has, two that are common and never together ("nguyen binh"), and what nobody is called. */
static const char *const names[] = {"nguyen an",   "tran lan",       "le lan",   "pham binh", "hoang mai",
                                    "huynh ha",    "vo mai",         "dang nam", "bui nam",   "do son",
                                    "nguyen",      "nguyen thi anh", "thoa",     "trinh",     "trinh thoa",
                                    "nguyen binh", "quyt nguyen"};

static struct str a_name(struct bench_worker *w)
{
    return str_from(names[bench_random(w, LENGTH(names))]);
}

static void request_find(const struct bench_office *o, struct bench_worker *w, struct bench_request *out)
{
    struct str words = str_replace(w->arena, a_name(w), STR(" "), STR("+"));
    *out = (struct bench_request){.method = "GET",
                                  .target = str_format(w->arena, "/api/v1/dossiers?limit=25&q=%.*s", STR_ARG(words)),
                                  .headers = o->officer.headers};
}

static enum outcome direct_find(const struct bench_office *o, struct bench_worker *w, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct list_query query = {
        .who = o->officer.who, .words = a_name(w), .due_before = INSTANT_NONE, .most = PAGE_OF_25};
    struct dossier_list list;
    TRY(store_read_begin(o->app.store, w->arena, &tx, why));
    return dossier_list(&o->app.desk, tx, &query, &list, why);
}

/* ---- act ---- */

static struct str next_to_receive(const struct bench_office *office)
{
    struct bench_office *o = (struct bench_office *)(uintptr_t)office; /* each dossier is received once */
    return o->codes[atomic_fetch_add(&o->next_act, 1) % o->code_count];
}

static void request_act(const struct bench_office *o, struct bench_worker *w, struct bench_request *out)
{
    struct str code = next_to_receive(o);
    *out = (struct bench_request){
        .method = "POST",
        .target = str_format(w->arena, "/api/v1/dossiers/%.*s/receive", STR_ARG(code)),
        .headers = str_format(w->arena, "%.*sIf-Match: \"1\"\r\n", STR_ARG(o->officer.headers)),
        .type = STR("application/json"),
        .body = STR("{}"),
    };
}

/* ---- slip ---- */

/* A receipt follows from receiving. */
static enum outcome receive(const struct bench_office *o, struct arena *a, struct str code, struct fail *why)
{
    struct dossier_view view;
    struct act_done done;
    const struct act_call call = {
        .desk = &o->app.desk, .arena = a, .who = o->officer.who, .action = ACTION_RECEIVE, .version = VERSION_OF_VIEW};
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(o->app.store, a, &tx, why));
        TRY(dossier_view_load(&o->app.desk, tx, &o->officer.who, code, &view, why));
    }
    return view.dossier.received_at != INSTANT_NONE ? OK : act_run(&call, &view, &done, why);
}

static enum outcome direct_act(const struct bench_office *o, struct bench_worker *w, struct fail *why)
{
    return receive(o, w->arena, next_to_receive(o), why);
}

/* A measurement before this one may have received some. */
static enum outcome prepare_act(struct bench_office *o, struct fail *why)
{
    size_t waiting = 0;
    for (size_t i = 0; i < o->code_count; i++) {
        AUTO_READ struct tx *tx = NULL;
        struct dossier_view view;
        struct arena_mark mark = arena_mark(o->arena);
        TRY(store_read_begin(o->app.store, o->arena, &tx, why));
        TRY(dossier_view_load(&o->app.desk, tx, &o->officer.who, o->codes[i], &view, why));
        if (view.dossier.received_at == INSTANT_NONE) o->codes[waiting++] = o->codes[i];
        arena_back(o->arena, mark);
    }
    o->code_count = waiting;
    if (waiting > 0) return OK;
    return fail(why, ERR_MISSING, N_("No dossier waits to be received: say more with --dossiers."));
}

enum outcome bench_receive(const void *office, struct bench_worker *w, struct fail *why)
{
    const struct bench_office *o = office;
    return receive(o, w->arena, o->codes[w->number], why);
}

static enum outcome prepare_slip(struct bench_office *o, struct fail *why)
{
    o->received = o->codes;
    while (o->received_count < o->code_count && o->received_count < RECEIVED_MOST)
        TRY(receive(o, o->arena, o->codes[o->received_count++], why));
    return OK;
}

static void request_slip(const struct bench_office *o, struct bench_worker *w, struct bench_request *out)
{
    struct str code = o->received[bench_random(w, o->received_count)];
    *out = (struct bench_request){.method = "GET",
                                  .target = str_format(w->arena, "/ho-so/%.*s/phieu/receipt.pdf", STR_ARG(code)),
                                  .headers = o->officer.browser};
}

/* A receipt's worth of words, as an example of a slip is set from; the letter anew each time, as for a real one. */
static enum outcome direct_slip(const struct bench_office *o, struct bench_worker *w, struct fail *why)
{
    AUTO_BUF struct buf pdf;
    struct letter letter;
    const struct letter_facts facts = {STR("Giấy tiếp nhận hồ sơ và hẹn trả kết quả"), STR("Ủy ban nhân dân xã Mẫu"),
                                       0};
    buf_init(&pdf, LETTER_PDF_BYTES);
    struct wording_kind kind = wording_kind_of_slip(SLIP_RECEIPT);
    TRY(slip_wording_sample(o->app.templates, w->arena, &kind, STR_NONE, &letter, why));
    return letter_pdf(o->app.press, &letter, &facts, &pdf, why);
}

/* ---- the table ---- */

/* In the order of docs/performance.md. */
/* clang-format off */
const struct bench_kind bench_kinds[] = {
    {"submit", "POST /api/v1/dossiers with two papers, signed in, with an Idempotency-Key, durable before the answer",
     "the command dossier_submit with its input prepared: same rows, same durability",
     "dossiers/s", 201, false, true, request_submit, direct_submit},
    {"read", "GET /api/v1/dossiers/{code} of a random dossier, as the receiving officer",
     "dossier_view_load: the same queries in one snapshot",
     "requests/s", 200, false, false, request_read, direct_read},
    {"page", "GET /ho-so/{code}, the page of a random dossier, as the receiving officer",
     "dossier_view_load and dossier_history: the same queries in one snapshot",
     "pages/s", 200, false, false, request_page, direct_page},
    {"list", "GET /api/v1/tasks?mine=1&limit=25, as the receiving officer",
     "dossier_inbox: the same queries in one snapshot",
     "requests/s", 200, false, false, request_list, direct_list},
    {"progress", "GET /api/v1/progress?by=holder, as the receiving officer",
     "progress_load: the same queries in one snapshot",
     "requests/s", 200, false, false, request_progress, direct_progress},
    {"search", "GET /api/v1/procedures?q= of two words from a procedure's name, with accents and without",
     "catalogue_search: the same search",
     "requests/s", 200, true, false, request_search, direct_search},
    {"find", "GET /api/v1/dossiers?q= of one to three words of owners' names, common and rare, the newest 25 that have all, as the receiving officer",
     "dossier_list: the same queries in one snapshot",
     "requests/s", 200, false, false, request_find, direct_find},
    {"act", "POST /api/v1/dossiers/{code}/receive of one dossier after the other, as the receiving officer, durable before the answer",
     "act_run: the dossier read and the same command",
     "acts/s", 200, false, true, request_act, direct_act, prepare_act},
    {"steps", "a process instance: POST /api/v1/dossiers, then receive, examine and propose by two officers, each durable before its answer",
     "dossier_submit and act_run three times: the dossier read and the same commands",
     "instances/s", 200, true, true, NULL, steps_direct, NULL, steps_over_http},
    {"slip", "GET /ho-so/{code}/phieu/receipt.pdf of a random dossier, as the receiving officer",
     "the same letter filled and set on paper, without the store and without HTTP",
     "slips/s", 200, false, false, request_slip, direct_slip, prepare_slip},
};
/* clang-format on */
const size_t bench_kind_count = LENGTH(bench_kinds);

const struct bench_kind *bench_kind_find(struct str name)
{
    for (size_t i = 0; i < bench_kind_count; i++)
        if (str_eq(name, str_from(bench_kinds[i].name))) return &bench_kinds[i];
    return NULL;
}
