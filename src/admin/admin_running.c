/* /quan-tri/van-hanh: what runs by itself (followers of the journal, chores, bulk acts), the backups, and in an office
 * for training the beginning anew. A backup holds every dossier and the keys: it is made here, but never handed out. */
#include <inttypes.h>

#include "admin/admin_pages.h"
#include "app/app.h"
#include "app/backups.h"
#include "app/housekeeping.h"
#include "app/training.h"
#include "html/component.h"
#include "queries.h"

enum { CHORES_SHOWN = 32, BACKUPS_SHOWN = 12 };

struct job_line {
    struct str name, detail, said;
    struct tag tag;
};

struct running_page {
    struct frame frame;
    struct summary_row *backups;
    size_t backups_count;
    struct str backup_said; /* why the last one failed */
    struct tag tag;
    struct job_line *lists; /* the newest backups */
    size_t lists_count;
    bool is_busy, can_verify, may_change, has_failed_followers, is_training;
    struct job_line *followers;
    size_t followers_count;
    struct job_line *chores;
    size_t chores_count;
    struct str batches, command;
    struct form_field *fields; /* of the training office */
    size_t fields_count;
};

/* clang-format off */
static const struct field job_fields[] = {
    FIELD_STR(struct job_line, name),
    FIELD_STR(struct job_line, detail),
    FIELD_STR(struct job_line, said),
    FIELD_STRUCT(struct job_line, tag, tag_fields),
    FIELD_END,
};
const struct field admin_running_fields[] = {
    FRAME_FIELDS(struct running_page),
    FIELD_LIST(struct running_page, backups, struct summary_row, summary_row_fields),
    FIELD_STR(struct running_page, backup_said),
    FIELD_STRUCT(struct running_page, tag, tag_fields),
    FIELD_LIST(struct running_page, lists, struct job_line, job_fields),
    FIELD_BOOL(struct running_page, is_busy),
    FIELD_BOOL(struct running_page, can_verify),
    FIELD_BOOL(struct running_page, may_change),
    FIELD_BOOL(struct running_page, has_failed_followers),
    FIELD_BOOL(struct running_page, is_training),
    FIELD_LIST(struct running_page, followers, struct job_line, job_fields),
    FIELD_LIST(struct running_page, chores, struct job_line, job_fields),
    FIELD_STR(struct running_page, batches),
    FIELD_STR(struct running_page, command),
    FORM_FIELDS(struct running_page, fields),
    FIELD_END,
};
/* clang-format on */

static struct str say(struct request *rq, const char *message, struct str a, struct str b)
{
    return fail_fill(rq->arena, translate(rq->language, message), (const struct str[FAIL_ARGS]){a, b});
}

static struct str number(struct request *rq, int64_t n)
{
    return str_format(rq->arena, "%" PRId64, n);
}

static struct tag well(struct request *rq, bool is_well)
{
    return is_well ? tag_of(TAG_DONE, translate(rq->language, N_("Well")))
                   : tag_of(TAG_LATE, translate(rq->language, N_("Look at this")));
}

/* ---- backups ---- */

static struct str age_text(struct request *rq, int64_t seconds)
{
    if (seconds < 120) return say(rq, N_("{0} seconds ago"), number(rq, seconds), STR_NONE);
    if (seconds < 2 * 3600) return say(rq, N_("{0} minutes ago"), number(rq, seconds / 60), STR_NONE);
    if (seconds < 2 * 86400) return say(rq, N_("{0} hours ago"), number(rq, seconds / 3600), STR_NONE);
    return say(rq, N_("{0} days ago"), number(rq, seconds / 86400), STR_NONE);
}

static struct str newest_text(struct request *rq, const struct backups_state *s)
{
    if (s->folder.count == 0) return translate(rq->language, N_("none yet"));
    return say(rq, N_("{0} ({1})"), instant_for_people(rq->arena, s->folder.newest_at), age_text(rq, s->age_s));
}

static struct str verified_text(struct request *rq, const struct backups_state *s)
{
    if (s->folder.verified_at == INSTANT_NONE) return translate(rq->language, N_("not yet"));
    struct str at = instant_for_people(rq->arena, s->folder.verified_at);
    return say(rq, s->folder.is_verified_well ? N_("{0}: whole") : N_("{0}: not whole"), at, STR_NONE);
}

static struct str plan_text(struct request *rq, const struct backups_state *s)
{
    const struct settings *set = &rq->app->settings;
    if (!s->is_wanted) return translate(rq->language, N_("none by itself (backup-minutes = 0)"));
    return say(rq, N_("every {0} minutes while something changes; one a day of {1} days is kept"),
               number(rq, set->number[SETTING_BACKUP_MINUTES]), number(rq, set->number[SETTING_BACKUP_DAYS]));
}

static void list_newest(struct request *rq, struct running_page *page, struct str folder)
{
    struct fail unread;
    struct str *names;
    size_t count;
    fail_init(&unread, rq->arena);
    if (backup_folder_list(rq->arena, folder, &names, &count, &unread) != OK) return;
    size_t shown = count < BACKUPS_SHOWN ? count : BACKUPS_SHOWN;
    page->lists = ARENA_ARRAY(rq->arena, struct job_line, shown + 1);
    for (size_t i = 0; i < shown; i++)
        page->lists[page->lists_count++] =
            (struct job_line){.name = names[count - 1 - i],
                              .detail = instant_for_people(rq->arena, backup_name_at(names[count - 1 - i]))};
}

static enum outcome look_at_backups(struct request *rq, struct running_page *page, struct fail *why)
{
    struct backups_state s;
    struct arena *a = rq->arena;
    struct str folder = backups_folder(rq->app, a);
    TRY(backups_look(rq->app, a, &s, why));
    enum language l = rq->language;
    /* clang-format off */
    const struct summary_row rows[] = {
        {.key = translate(l, N_("Newest")),        .value = newest_text(rq, &s)},
        {.key = translate(l, N_("Last verified")), .value = verified_text(rq, &s)},
        {.key = translate(l, N_("How many")),      .value = number(rq, s.folder.count)},
        {.key = translate(l, N_("Plan")),          .value = plan_text(rq, &s)},
        {.key = translate(l, N_("Folder")),        .value = folder},
    };
    /* clang-format on */
    page->backups = arena_dup(a, rows, sizeof rows);
    page->backups_count = LENGTH(rows);
    page->tag = well(rq, s.is_well);
    page->backup_said = s.failed_at != INSTANT_NONE ? s.failure : s.folder.said;
    page->is_busy = s.busy != BACKUP_WISH_NONE;
    page->can_verify = s.folder.count > 0;
    page->command = str_format(a, "motcua restore %.*s --data DIR", STR_ARG(folder));
    list_newest(rq, page, folder);
    return OK;
}

/* ---- what runs by itself ---- */

static enum outcome look_at_followers(struct request *rq, struct tx *tx, struct running_page *page, struct fail *why)
{
    const struct app *app = rq->app;
    struct follower_state *states = ARENA_ARRAY(rq->arena, struct follower_state, app->follower_count + 1);
    page->followers = ARENA_ARRAY(rq->arena, struct job_line, app->follower_count + 1);
    if (app->runner != NULL) journal_runner_look(app->runner, rq->arena, states);
    for (size_t i = 0; i < app->follower_count; i++) {
        int64_t lag;
        bool has_failed = states[i].failures > 0 || states[i].is_lost;
        TRY(journal_lag(tx, app->followers[i].name, &lag, why));
        page->followers[i] = (struct job_line){.name = translate(rq->language, app->followers[i].title),
                                               .detail = say(rq, N_("{0} entries behind"), number(rq, lag), STR_NONE),
                                               .said = states[i].said,
                                               .tag = well(rq, !has_failed)};
        page->has_failed_followers |= has_failed;
    }
    page->followers_count = app->follower_count;
    return OK;
}

static void look_at_chores(struct request *rq, struct running_page *page)
{
    struct chore_state states[CHORES_SHOWN];
    page->chores_count = housekeeping_look(rq->app->housekeeping, states, CHORES_SHOWN);
    page->chores = ARENA_ARRAY(rq->arena, struct job_line, page->chores_count + 1);
    for (size_t i = 0; i < page->chores_count; i++) {
        struct str at = states[i].ran_at == INSTANT_NONE ? translate(rq->language, N_("not yet"))
                                                         : instant_for_people(rq->arena, states[i].ran_at);
        page->chores[i] = (struct job_line){
            .name = translate(rq->language, states[i].title), .detail = at, .tag = well(rq, states[i].is_well)};
    }
}

static enum outcome look_at_batches(struct request *rq, struct tx *tx, struct running_page *page, struct fail *why)
{
    struct row r;
    TRY(store_one(tx, Q_BATCHES_UNFINISHED, NO_VALUES, &r, why));
    page->batches = say(rq, N_("{0} bulk acts are under way, {1} of their items are still to be done."),
                        number(rq, row_int(&r, 0)), number(rq, row_int(&r, 1)));
    return OK;
}

/* ---- the page ---- */

static enum outcome show(struct request *rq, const struct fail *refusal, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct running_page page = {.is_training = training_is_on(&rq->app->settings)};
    struct form form = {.rq = rq, .why = refusal};
    page.frame.back_href = STR("/quan-tri");
    page.may_change = permission_is_in(rq->visitor.permissions, PERMIT_AGENCY_MANAGE);
    TRY(look_at_backups(rq, &page, why));
    TRY(store_read_begin(rq->app->store, rq->arena, &tx, why));
    TRY(look_at_followers(rq, tx, &page, why));
    TRY(look_at_batches(rq, tx, &page, why));
    look_at_chores(rq, &page);
    if (page.is_training) {
        form_text(&form, "password", N_("One password for all accounts of the new training office"),
                  N_("At least 12 characters; everybody who practises gets to know it."), STR_NONE)
            ->width = STR("20");
        form_tick(&form, "sure", N_("Throw away all that was practised so far"), false);
    }
    FORM_INTO(&form, page.fields);
    if (refusal != NULL) page_problems(rq, &page.frame, refusal);
    page_reply(rq, refusal != NULL ? outcome_status(refusal->outcome) : 200, "admin/running", &page);
    return OK;
}

enum outcome admin_running(struct request *rq, struct fail *why)
{
    return show(rq, NULL, why);
}

static enum outcome begin_training_anew(struct request *rq, struct fail *why)
{
    if (!str_eq(request_form(rq, "sure"), STR("yes")))
        fail_problem(why, STR("#/sure"), "required", N_("Tick this when you are sure."));
    struct str password = request_form(rq, "password");
    if (password.len < TRAINING_PASSWORD_LEAST || password.len > TRAINING_PASSWORD_MOST)
        fail_problem(why, STR("#/password"), "length",
                     N_("At least 12 characters; everybody who practises gets to know it."));
    TRY(fail_if_problems(why));
    return training_ask_anew(rq->app, password, why);
}

/* What a button does, and what is said then. */
static enum outcome do_act(struct request *rq, struct str act, const char **out_said, struct fail *why)
{
    struct app *app = rq->app;
    if (str_eq(act, STR("backup")) || str_eq(act, STR("verify"))) {
        backups_ask(app->backups, str_eq(act, STR("backup")) ? BACKUP_WISH_MAKE : BACKUP_WISH_VERIFY);
        *out_said = N_("It has begun. Open this page again to see how it went.");
    } else if (str_eq(act, STR("retry"))) {
        journal_runner_retry(app->runner);
        *out_said = N_("They are trying again.");
    } else if (str_eq(act, STR("anew")) && training_is_on(&app->settings)) {
        TRY(begin_training_anew(rq, why));
        *out_said =
            N_("The training office begins anew. It opens again within a minute; sign in with the new password.");
    } else {
        return fail(why, ERR_BAD, NULL);
    }
    return OK;
}

enum outcome admin_running_send(struct request *rq, struct fail *why)
{
    struct fail refusal;
    const char *said = NULL;
    fail_init(&refusal, rq->arena);
    enum outcome done = do_act(rq, request_form(rq, "act"), &said, &refusal);
    if (done == ERR_INVALID) return show(rq, &refusal, why);
    if (done != OK) {
        *why = refusal;
        return done;
    }
    reply_redirect(rq, rq->path);
    page_flash(rq, said);
    return OK;
}
