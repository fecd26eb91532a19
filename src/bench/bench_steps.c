#include "bench/bench_steps.h"

#include <inttypes.h>

#include "base/auto.h"
#include "dossier/act_input.h"

/* The steps after the submission, in order, and who takes them. */
static const struct {
    enum action_id action;
    const char *body;
    bool is_specialist;
} steps[] = {
    {ACTION_RECEIVE, "{}",                        false},
    {ACTION_EXAMINE, "{}",                        true },
    {ACTION_PROPOSE, "{\"outcome\":\"granted\"}", true },
};

/* Never twice, in whatever run: the answer to a key that was used before would be the dossier of then. */
static struct str key_of(const struct bench_office *o, struct arena *a)
{
    return str_format(a, "%.*s-%016" PRIx64, STR_ARG(o->run), random_u64());
}

static const struct bench_person *taker(const struct bench_office *o, size_t step)
{
    return steps[step].is_specialist ? &o->specialist : &o->officer;
}

/* ---- over HTTP ---- */

static enum outcome ask(const struct bench_office *o, struct bench_worker *w, const struct bench_request *rq,
                        int status, struct bench_answer *out, struct fail *why)
{
    TRY(bench_call(o->host, w, rq, out, why));
    if (out->status == status) return OK;
    return fail(why, ERR_DOWN, N_("The office being measured answered {0}: {1}"),
                str_format(w->arena, "%d", out->status), str_part(out->body, 0, 500));
}

static enum outcome begin_over_http(const struct bench_office *o, struct bench_worker *w, struct str *out_code,
                                    struct fail *why)
{
    struct bench_answer answer;
    yyjson_val *json;
    const struct bench_request rq = {
        .method = "POST",
        .target = STR("/api/v1/dossiers"),
        .headers = str_format(w->arena, "%.*sIdempotency-Key: %.*s\r\n", STR_ARG(o->citizen.headers),
                              STR_ARG(key_of(o, w->arena))),
        .type = STR("application/json"),
        .body = o->two_papers->body,
    };
    TRY(ask(o, w, &rq, 201, &answer, why));
    TRY(json_read(w->arena, answer.body, &json, why));
    *out_code = json_str(json, "code");
    return OK;
}

enum outcome steps_over_http(const struct bench_office *o, struct bench_worker *w, struct fail *why)
{
    struct str code;
    TRY(begin_over_http(o, w, &code, why));
    for (size_t i = 0; i < LENGTH(steps); i++) {
        struct bench_answer answer;
        const struct bench_request rq = {
            .method = "POST",
            .target = str_format(w->arena, "/api/v1/dossiers/%.*s/%s", STR_ARG(code), actions[steps[i].action].name),
            .headers = str_format(w->arena, "%.*sIf-Match: \"%zu\"\r\n", STR_ARG(taker(o, i)->headers), i + 1),
            .type = STR("application/json"),
            .body = str_from(steps[i].body),
        };
        TRY(ask(o, w, &rq, 200, &answer, why));
    }
    return OK;
}

/* ---- the same commands ---- */

static enum outcome step_direct(const struct bench_office *o, struct bench_worker *w, struct str code, size_t step,
                                struct fail *why)
{
    struct dossier_view view;
    struct act_done done;
    struct act_call call = {.desk = &o->app.desk,
                            .arena = w->arena,
                            .who = taker(o, step)->who,
                            .action = steps[step].action,
                            .version = VERSION_OF_VIEW};
    TRY(json_read(w->arena, str_from(steps[step].body), &call.body, why));
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(o->app.store, w->arena, &tx, why));
        TRY(dossier_view_load(&o->app.desk, tx, &call.who, code, &view, why));
    }
    return act_run(&call, &view, &done, why);
}

enum outcome steps_direct(const struct bench_office *o, struct bench_worker *w, struct fail *why)
{
    struct receipt receipt;
    const struct submission *in = bench_submission(o, o->two_papers, w->arena, key_of(o, w->arena));
    TRY(store_run(o->app.store, dossier_submit, in, &receipt, why));
    for (size_t i = 0; i < LENGTH(steps); i++) TRY(step_direct(o, w, receipt.code, i, why));
    return OK;
}
