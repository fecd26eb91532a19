#include "portal/apply.h"

#include <inttypes.h>

#include "agency/permission.h"
#include "base/auto.h"
#include "base/parse.h"
#include "dossier/draft.h"
#include "people/held_form.h"
#include "people/party.h"

enum { SAVE_TRIES = 3 };

/* In order of use. */
/* clang-format off */
const struct apply_step_row apply_steps[APPLY_STEP_COUNT] = {
    [APPLY_WHERE]   = {"noi-nop",      N_("Where and which case"),     {"/agency", "/case"}, apply_show_where,   apply_take_where},
    [APPLY_BEHALF]  = {"thay-mat",     N_("On whose behalf"),          {"/behalf", NULL},    apply_show_behalf,  apply_take_behalf},
    [APPLY_PARTIES] = {"nguoi-nop",    N_("Owner and applicant"),      {"/parties", NULL},   apply_show_parties, apply_take_parties},
    [APPLY_FORM]    = {"khai",         N_("What you declare"),         {"/form", NULL},      apply_show_form,    apply_take_form},
    [APPLY_PAPERS]  = {"giay-to",      N_("Papers"),                   {"/files", NULL},     apply_show_papers,  NULL},
    [APPLY_RETURN]  = {"nhan-ket-qua", N_("How the result is wanted"), {"/return", "/post"}, apply_show_return,  apply_take_return},
    [APPLY_CHECK]   = {"kiem-tra",     N_("Check and submit"),         {NULL, NULL},         NULL,               NULL},
};
/* clang-format on */

/* ---- loading and saving ---- */

static enum outcome load_procedure(struct apply *a, struct tx *tx, struct fail *why)
{
    struct procedure_ref ref;
    TRY(catalogue_find(tx, a->app.procedure, &ref, why));
    TRY(catalogue_version(a->desk->catalogue, tx, ref.version, &a->procedure, why));
    int kind = vocabulary_find(channel_words, CHANNEL_KIND_COUNT, a->app.channel);
    a->channel = kind < 0 ? NULL : procedure_channel(a->procedure, (enum channel_kind)kind);
    bool is_online = a->channel != NULL && a->channel->kind == CHANNEL_ONLINE;
    struct procedure_form *form = form_derive(a->rq->arena, a->procedure, is_online);
    if (str_eq(a->app.behalf, STR("authorised"))) form_add_authority(form, is_online);
    if (a->procedure->process == PROCESS_APPLICATION) {
        struct rules_now now;
        TRY(rules_at(a->desk->tables, tx, a->rq->arena, a->procedure->code, clock_now(), &now, why));
        rules_add_questions(a->rq->arena, &now, form);
    }
    a->form = form;
    return OK;
}

enum outcome apply_load(struct request *rq, struct apply *out, struct fail *why)
{
    int64_t draft;
    if (!parse_i64(request_param(rq, "draft"), &draft))
        return fail(why, ERR_MISSING, N_("There is nothing at this address."));
    TRY(apply_load_of(rq, rq->visitor.account, draft, out, why));
    if (str_eq(out->app.procedure, request_param(rq, "procedure"))) return OK;
    return fail(why, ERR_MISSING, N_("There is nothing at this address."));
}

struct sha256 apply_content(const struct apply *a)
{
    struct application app = a->app;
    app.known_count = 0; /* how it came about is no part of what was confirmed */
    for (size_t i = 0; i < APPLIED_STEPS_MOST; i++) app.saved[i] = 0;
    return sha256_of(application_write(a->rq->arena, &app));
}

static struct str base_of(struct request *rq, struct str procedure, int64_t draft)
{
    if (draft == 0) return str_format(rq->arena, "/nop-ho-so/%.*s", STR_ARG(procedure));
    return str_format(rq->arena, "/nop-ho-so/%.*s/%" PRId64, STR_ARG(procedure), draft);
}

static struct apply apply_of(struct request *rq, int64_t draft)
{
    struct apply a = {.rq = rq, .desk = app_desk(rq->app), .draft = draft};
    fail_init(&a.missing, rq->arena);
    fail_init(&a.refused, rq->arena);
    return a;
}

enum outcome apply_take(struct request *rq, const struct application *app, int64_t draft, struct apply *out,
                        struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    *out = apply_of(rq, draft);
    out->app = *app;
    out->loaded = app;
    out->base = base_of(rq, app->procedure, draft);
    TRY(store_read_begin(out->desk->store, rq->arena, &tx, why));
    return load_procedure(out, tx, why);
}

enum outcome apply_load_of(struct request *rq, int64_t account, int64_t id, struct apply *out, struct fail *why)
{
    struct draft draft;
    AUTO_READ struct tx *tx = NULL;
    *out = apply_of(rq, id);
    TRY(store_read_begin(out->desk->store, rq->arena, &tx, why));
    TRY(draft_load(tx, out->desk->keys, account, id, &draft, why));
    TRY(application_read(rq->arena, draft.content, &out->app, why));
    if (draft.dossier != 0) return fail(why, ERR_MISSING, N_("This draft does not exist any more."));
    out->version = draft.version;
    struct application *loaded = ARENA_NEW(rq->arena, struct application);
    *loaded = out->app;
    out->loaded = loaded;
    out->base = base_of(rq, draft.procedure_code, id);
    return load_procedure(out, tx, why);
}

/* How many of the parts before the last are complete; what may be left out counts once it was seen. */
static void count_parts(const struct apply *a, struct draft *out)
{
    for (enum apply_step step = 0; step < APPLY_CHECK; step++) {
        struct fail found;
        fail_init(&found, a->rq->arena);
        apply_step_problems(a, step, &found);
        if (!apply_has_step(a, step)) continue;
        out->parts++;
        out->parts_done += found.problem_count == 0 && (step != APPLY_FORM || a->app.is_form_seen);
    }
}

static enum outcome save_step(struct apply *a, enum apply_step step, struct fail *why)
{
    struct submission ignored;
    struct draft draft = {.id = a->draft,
                          .account = a->rq->visitor.account,
                          .procedure_code = a->app.procedure,
                          .version = a->version,
                          .step = str_from(apply_steps[step].name)};
    TRY(apply_look(a, &ignored, why));
    count_parts(a, &draft);
    draft.content = application_write(a->rq->arena, &a->app);
    TRY(draft_save(a->desk->store, a->desk->keys, &draft, &a->draft, why));
    a->version++;
    return OK;
}

enum outcome apply_save(struct apply *a, struct fail *why)
{
    enum outcome saved = ERR_STALE;
    for (int i = 0; i < SAVE_TRIES && saved == ERR_STALE; i++) {
        struct fail refused;
        fail_init(&refused, a->rq->arena);
        saved = save_step(a, APPLY_PAPERS, &refused);
        if (saved == OK) return OK;
        if (saved != ERR_STALE || i + 1 == SAVE_TRIES) return fail_with(why, saved, refused.sentence, refused.args);
        struct apply mine = *a;
        TRY(apply_load_of(a->rq, a->rq->visitor.account, a->draft, a, why));
        application_merge_files(&a->app, mine.loaded, &mine.app);
    }
    return OK;
}

/* ---- what is missing ---- */

enum outcome apply_look(struct apply *a, struct submission *out, struct fail *why)
{
    yyjson_val *body;
    a->is_looked = true;
    fail_init(&a->missing, a->rq->arena);
    TRY(json_read(a->rq->arena, application_write(a->rq->arena, &a->app), &body, why));
    enum outcome looked = submission_read(a->desk, a->rq, body, out, &a->missing);
    a->ruling = out->ruling;
    for (size_t i = 0; i < a->missing.problem_count; i++) /* pages ask for it together with whose matter it is */
        if (str_eq(a->missing.problems[i].pointer, STR("/mandate"))) a->missing.problems[i].pointer = STR("/behalf");
    bool is_body = a->app.applicant_count == 1 && party_kind_is_body(a->app.applicants[0].kind);
    if (is_body && !apply_is_of_office(a))
        fail_problem(&a->missing, STR("/behalf"), "required",
                     N_("An enterprise or organisation acts through a person: say who represents it."));
    if (looked == OK || looked == ERR_INVALID) return OK;
    return fail_with(why, looked, a->missing.sentence, a->missing.args);
}

static bool belongs_to(const struct apply_step_row *step, struct str pointer)
{
    for (size_t i = 0; i < LENGTH(step->members); i++)
        if (step->members[i] != NULL && application_is_under(pointer, str_from(step->members[i]))) return true;
    return false;
}

void apply_step_problems(const struct apply *a, enum apply_step step, struct fail *out)
{
    for (size_t i = 0; i < a->missing.problem_count; i++) {
        const struct problem *p = &a->missing.problems[i];
        if (belongs_to(&apply_steps[step], p->pointer))
            fail_problem_with(out, p->pointer, p->code, p->sentence, p->args);
    }
}

/* ---- pages ---- */

const struct field apply_head_fields[] = {
    FIELD_STR(struct apply_head, procedure),     FIELD_STR(struct apply_head, code),
    FIELD_STR(struct apply_head, base),          FIELD_STR(struct apply_head, caption),
    FIELD_STR(struct apply_head, step_title),    FIELD_INT(struct apply_head, number),
    FIELD_INT(struct apply_head, count),         FIELD_INT(struct apply_head, seen),
    FIELD_BOOL(struct apply_head, is_elsewhere), FIELD_END,
};

struct str apply_home(const struct request *rq)
{
    return permission_is_in(rq->visitor.permissions, PERMIT_DOSSIER_OWN) ? STR("/ho-so-cua-toi") : STR("/viec");
}

bool apply_is_of_office(const struct apply *a)
{
    return str_eq(a->app.channel, STR("internal"));
}

bool apply_has_step(const struct apply *a, enum apply_step step)
{
    return !apply_is_of_office(a) || (step != APPLY_BEHALF && step != APPLY_RETURN);
}

/* The nearest step of this application in one direction. */
static enum apply_step beside(const struct apply *a, enum apply_step step, int direction)
{
    int at = (int)step + direction;
    while (at > 0 && at < APPLY_CHECK && !apply_has_step(a, (enum apply_step)at)) at += direction;
    return (enum apply_step)at;
}

struct str apply_address(const struct apply *a, enum apply_step step)
{
    return str_format(a->rq->arena, "%.*s/%s", STR_ARG(a->base), apply_steps[step].name);
}

/* How many of its steps come before this one. */
static int steps_before(const struct apply *a, enum apply_step step)
{
    int count = 0;
    for (enum apply_step s = 0; s < step; s++) count += apply_has_step(a, s);
    return count;
}

struct str apply_caption(const struct apply *a)
{
    const char *label = apply_is_of_office(a) ? N_("Open a procedure of the authority") : N_("Apply online");
    if (a->channel != NULL && a->channel->kind != CHANNEL_ONLINE) label = channel_words[a->channel->kind].label;
    return translate(a->rq->language, label);
}

void apply_fill(const struct apply *a, enum apply_step step, const struct fail *why, struct frame *frame,
                struct apply_head *head)
{
    struct str title = translate(a->rq->language, apply_steps[step].title);
    *head = (struct apply_head){.procedure = a->procedure->name,
                                .code = a->procedure->code,
                                .base = a->base,
                                .step_title = title,
                                .number = steps_before(a, step) + 1,
                                .count = steps_before(a, APPLY_STEP_COUNT),
                                .seen = a->app.saved[step],
                                .is_elsewhere = a->is_elsewhere};
    frame->title = str_format(a->rq->arena, "%.*s – %.*s", STR_ARG(title), STR_ARG(a->procedure->name));
    frame->back_href = step == 0 ? a->base : apply_address(a, beside(a, step, -1));
    if (why != NULL && why->problem_count > 0) page_problems(a->rq, frame, why);
}

int apply_status(const struct fail *why)
{
    return why != NULL && why->problem_count > 0 ? outcome_status(ERR_INVALID) : outcome_status(OK);
}

void apply_tell_saved(struct request *rq, int64_t seen, int status)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, 1024);
    jw_init(&w, &text);
    jw_open(&w, '{');
    jw_put_str(&w, "at", instant_for_people(rq->arena, clock_now()));
    jw_put_int(&w, "seen", seen);
    jw_close(&w);
    reply_json(rq, status, str_dup(rq->arena, buf_str(&text)));
}

enum outcome apply_go_on(struct apply *a, enum apply_step step, struct fail *problems, struct fail *why)
{
    struct submission ignored;
    if (request_has_form(a->rq, "autosave")) {
        apply_tell_saved(a->rq, a->app.saved[step], 200);
        return OK;
    }
    if (request_has_form(a->rq, "later")) {
        page_flash(a->rq, N_("Saved. You can come back and continue at any time."));
        reply_redirect(a->rq, apply_home(a->rq));
        return OK;
    }
    if (!a->is_looked) TRY(apply_look(a, &ignored, why));
    apply_step_problems(a, step, problems);
    if (problems->problem_count > 0) return apply_steps[step].show(a, problems, why);
    reply_redirect(a->rq, apply_address(a, beside(a, step, 1)));
    return OK;
}

/* ---- a step's page, and its form when it is sent ---- */

/* The routes name the steps, so the address always ends in one. */
static enum apply_step step_of(const struct request *rq)
{
    enum apply_step step = APPLY_WHERE;
    while (step < APPLY_CHECK && !str_ends(rq->path, str_format(rq->arena, "/%s", apply_steps[step].name))) step++;
    return step;
}

static bool is_same(const struct apply *a, const struct application *one, const struct application *other)
{
    return str_eq(application_write(a->rq->arena, one), application_write(a->rq->arena, other));
}

/* The page that was sent is older than what is kept, and says something else. */
static bool differs_from_kept(struct apply *a, enum apply_step step)
{
    uint64_t seen;
    struct apply mine = *a;
    if (!parse_u64(request_form(a->rq, "seen"), &seen) || (int64_t)seen == a->app.saved[step]) return false;
    apply_steps[step].take(&mine);
    return !is_same(a, &mine.app, &a->app);
}

static enum outcome show_both(struct apply *a, enum apply_step step, struct fail *why)
{
    struct fail problems;
    fail_init(&problems, a->rq->arena);
    a->is_elsewhere = true;
    if (request_has_form(a->rq, "autosave")) {
        apply_tell_saved(a->rq, a->app.saved[step], outcome_status(ERR_CONFLICT));
        return OK;
    }
    fail_problem(&problems, STR("/elsewhere"), "elsewhere",
                 N_("Another window or device saved something else meanwhile. Both are shown: keep or change yours, "
                    "then send again."));
    return apply_steps[step].show(a, &problems, why);
}

static enum outcome save_sent(struct request *rq, enum apply_step step, struct fail *why)
{
    struct apply a;
    for (int i = 0;; i++) {
        struct fail refused;
        fail_init(&refused, rq->arena);
        TRY(apply_load(rq, &a, why));
        if (differs_from_kept(&a, step)) return show_both(&a, step, why);
        apply_steps[step].take(&a);
        if (is_same(&a, &a.app, a.loaded)) break; /* nothing new */
        a.app.saved[step]++;
        if (step == APPLY_BEHALF) a.app.saved[APPLY_PARTIES]++; /* it moves them */
        enum outcome saved = save_step(&a, step, &refused);
        if (saved == OK) break;
        if (saved != ERR_STALE || i + 1 == SAVE_TRIES) return fail_with(why, saved, refused.sentence, refused.args);
    }
    return apply_go_on(&a, step, &a.refused, why);
}

enum outcome post_apply_step(struct request *rq, struct fail *why)
{
    enum outcome done = save_sent(rq, step_of(rq), why);
    return done == ERR_MISSING ? apply_gone(rq, done, why) : done;
}

enum outcome get_apply_step(struct request *rq, struct fail *why)
{
    struct apply a;
    enum apply_step step = step_of(rq);
    bool is_held = apply_steps[step].take != NULL && held_form_take(rq); /* it arrived when the session had ended */
    if (is_held) return post_apply_step(rq, why);
    enum outcome loaded = apply_load(rq, &a, why);
    if (loaded == ERR_MISSING) return apply_gone(rq, loaded, why);
    TRY(loaded);
    return apply_steps[step].show(&a, NULL, why);
}
