#include "admin/setup_pages.h"

#include "agency/permission.h"
#include "base/auto.h"
#include "people/people_pages.h"

enum { BUTTONS_MOST = 3, STAFF_FORM_BYTES = 2 * 1024 * 1024 };

/* ---- what the steps share ---- */

/* clang-format off */
static const struct field text_fields[] = {
    FIELD_STR(struct setup_text, text),
    FIELD_END,
};
static const struct field row_fields[] = {
    FIELD_INT(struct setup_row, number),
    FIELD_STR(struct setup_row, name),
    FIELD_STR(struct setup_row, detail),
    FIELD_STR(struct setup_row, login),
    FIELD_STR(struct setup_row, password),
    FIELD_LIST(struct setup_row, mistakes, struct setup_text, text_fields),
    FIELD_STRUCT(struct setup_row, tag, tag_fields),
    FIELD_END,
};
const struct field setup_page_fields[] = {
    FRAME_FIELDS(struct setup_page),
    FIELD_STR(struct setup_page, place),
    FIELD_MESSAGE(struct setup_page, title),
    FIELD_STR(struct setup_page, lead),
    FIELD_STR(struct setup_page, address),
    FIELD_STR(struct setup_page, search),
    FIELD_STR(struct setup_page, search_label),
    FORM_FIELDS(struct setup_page, fields),
    FIELD_LIST(struct setup_page, buttons, struct button, button_fields),
    FIELD_LIST(struct setup_page, rows, struct setup_row, row_fields),
    FIELD_STR(struct setup_page, rows_title),
    FIELD_STR(struct setup_page, next_href),
    FIELD_STR(struct setup_page, done),
    FIELD_STR(struct setup_page, site),
    FIELD_BOOL(struct setup_page, has_search),
    FIELD_BOOL(struct setup_page, has_files),
    FIELD_BOOL(struct setup_page, can_skip),
    FIELD_BOOL(struct setup_page, is_preview),
    FIELD_BOOL(struct setup_page, has_passwords),
    FIELD_BOOL(struct setup_page, is_done),
    FIELD_END,
};
/* clang-format on */

static struct str say(const struct request *rq, const char *message, struct str a, struct str b)
{
    return fail_fill(rq->arena, translate(rq->language, message), (const struct str[FAIL_ARGS]){a, b});
}

static struct str step_address(struct arena *a, enum setup_step step)
{
    return str_format(a, "/quan-tri/thiet-lap/%s", setup_step_rows[step].path);
}

struct setup_page setup_page_of(const struct request *rq, enum setup_step step)
{
    struct str n = str_format(rq->arena, "%d", (int)step + 1), all = str_format(rq->arena, "%d", SETUP_STEP_COUNT);
    struct setup_page page = {.place = say(rq, N_("Step {0} of {1}"), n, all),
                              .title = setup_step_rows[step].title,
                              .address = step_address(rq->arena, step),
                              .can_skip = true};
    page.frame.back_href = STR("/quan-tri/thiet-lap");
    page.frame.title = translate(rq->language, page.title);
    page.buttons = ARENA_ARRAY(rq->arena, struct button, BUTTONS_MOST);
    return page;
}

void setup_button(struct request *rq, struct setup_page *page, const char *label, const char *act)
{
    if (page->buttons_count == BUTTONS_MOST) BUG("too many buttons");
    page->buttons[page->buttons_count] = (struct button){.label = translate(rq->language, label),
                                                         .name = STR("act"),
                                                         .value = str_from(act),
                                                         .is_secondary = page->buttons_count > 0};
    page->buttons_count++;
}

enum outcome setup_show(struct request *rq, enum setup_step step, struct setup_page *page, const struct fail *refusal,
                        struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct setup_memory steps[SETUP_STEP_COUNT];
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(setup_load(tx, steps, why));
    if (steps[step].state == SETUP_DONE) {
        page->is_done = true;
        page->done = say(rq, N_("Done {0}: {1}"), instant_for_people(rq->arena, steps[step].at), steps[step].note);
    }
    if (step + 1 < SETUP_STEP_COUNT) page->next_href = step_address(rq->arena, step + 1);
    if (refusal != NULL) page_problems(rq, &page->frame, refusal);
    page->frame.is_step = true;
    page_reply(rq, refusal != NULL ? outcome_status(refusal->outcome) : 200, "admin/setup_step", page);
    return OK;
}

struct str setup_sign_in_address(const struct request *rq)
{
    return str_format(rq->arena, "%.*s/dang-nhap", STR_ARG(request_origin(rq)));
}

bool setup_is_mistake(enum outcome r)
{
    return r == ERR_INVALID || r == ERR_CONFLICT || r == ERR_MISSING || r == ERR_BAD || r == ERR_TOO_LARGE;
}

enum outcome setup_remember(struct request *rq, enum setup_step step, enum setup_state state, struct str note,
                            struct fail *why)
{
    struct setup_mark mark = {step, state, note, rq->visitor.account};
    return store_run(app_store(rq->app), setup_mark, &mark, NULL, why);
}

enum outcome setup_done(struct request *rq, enum setup_step step, struct str note, const char *flash, struct fail *why)
{
    TRY(setup_remember(rq, step, SETUP_DONE, note, why));
    struct str next = step + 1 < SETUP_STEP_COUNT ? step_address(rq->arena, step + 1) : STR("/quan-tri/thiet-lap");
    reply_redirect(rq, next);
    page_flash(rq, flash);
    return OK;
}

/* ---- the overview ---- */

struct overview_page {
    struct frame frame;
    struct str office, next_href;
    struct task_item *tasks;
    size_t tasks_count;
    int64_t done, all;
};

static const struct field overview_fields[] = {
    FRAME_FIELDS(struct overview_page),
    FIELD_STR(struct overview_page, office),
    FIELD_STR(struct overview_page, next_href),
    FIELD_LIST(struct overview_page, tasks, struct task_item, task_item_fields),
    FIELD_INT(struct overview_page, done),
    FIELD_INT(struct overview_page, all),
    FIELD_END,
};

static struct tag tag_of_state(const struct request *rq, enum setup_state state)
{
    if (state == SETUP_DONE) return tag_of(TAG_DONE, translate(rq->language, N_("Done")));
    if (state == SETUP_SKIPPED) return tag_of(TAG_PLAIN, translate(rq->language, N_("Skipped")));
    return tag_of(TAG_WAITING, translate(rq->language, N_("To do")));
}

static enum outcome get_overview(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct setup_memory steps[SETUP_STEP_COUNT];
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(setup_load(tx, steps, why));
    struct overview_page page = {.office = office_of(rq->app).name, .all = SETUP_STEP_COUNT};
    page.tasks = ARENA_ARRAY(rq->arena, struct task_item, SETUP_STEP_COUNT);
    page.tasks_count = SETUP_STEP_COUNT;
    for (size_t i = 0; i < SETUP_STEP_COUNT; i++) {
        bool is_done = steps[i].state == SETUP_DONE;
        page.done += steps[i].state != SETUP_OPEN;
        page.tasks[i] = (struct task_item){.id = str_from(setup_step_rows[i].key),
                                           .title = translate(rq->language, setup_step_rows[i].title),
                                           .hint = is_done ? steps[i].note : STR_NONE,
                                           .href = step_address(rq->arena, (enum setup_step)i),
                                           .tag = tag_of_state(rq, steps[i].state)};
    }
    size_t next = setup_first_open(steps);
    if (next < SETUP_STEP_COUNT) page.next_href = step_address(rq->arena, (enum setup_step)next);
    page.frame.back_href = STR("/quan-tri");
    page.frame.is_step = true;
    page_reply(rq, 200, "admin/setup", &page);
    return OK;
}

/* POST .../{step}/bo-qua: not now; a step that was done stays done. */
static enum outcome post_skip(struct request *rq, struct fail *why)
{
    enum setup_step step;
    struct setup_memory steps[SETUP_STEP_COUNT];
    if (!setup_step_parse(request_param(rq, "step"), &step))
        return fail(why, ERR_MISSING, N_("There is nothing at this address."));
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
        TRY(setup_load(tx, steps, why));
    }
    if (steps[step].state == SETUP_OPEN) TRY(setup_remember(rq, step, SETUP_SKIPPED, steps[step].note, why));
    reply_redirect(rq, step + 1 < SETUP_STEP_COUNT ? step_address(rq->arena, step + 1) : STR("/quan-tri/thiet-lap"));
    return OK;
}

/* ---- the one-time link ---- */

struct welcome_page {
    struct frame frame;
    struct str address, login;
    struct form_field *fields;
    size_t fields_count;
};

static const struct field welcome_fields[] = {
    FRAME_FIELDS(struct welcome_page),
    FIELD_STR(struct welcome_page, address),
    FIELD_STR(struct welcome_page, login),
    FORM_FIELDS(struct welcome_page, fields),
    FIELD_END,
};

static enum outcome find_account(struct request *rq, struct account *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    int64_t account;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(setup_link_find(tx, request_param(rq, "token"), &account, why));
    return account_load(tx, account, out, why);
}

static void show_welcome(struct request *rq, const struct account *account, const struct fail *refusal)
{
    struct welcome_page page = {.address = rq->path, .login = account->login};
    struct form form = {.rq = rq, .why = refusal};
    form_password(&form, "password", N_("New password"), N_("At least 8 characters; several words are good."))
        ->autocomplete = STR("new-password");
    FORM_INTO(&form, page.fields);
    if (refusal != NULL) page_problems(rq, &page.frame, refusal);
    page.frame.is_step = true;
    page_reply(rq, refusal != NULL ? outcome_status(refusal->outcome) : 200, "admin/welcome", &page);
}

static enum outcome get_welcome(struct request *rq, struct fail *why)
{
    struct account account;
    TRY(find_account(rq, &account, why));
    show_welcome(rq, &account, NULL);
    return OK;
}

/* The password first: a link whose password was refused is not used up. */
static enum outcome post_welcome(struct request *rq, struct fail *why)
{
    struct account account;
    struct fail refusal;
    struct signed_in in;
    int64_t retry_s;
    TRY(find_account(rq, &account, why));
    fail_init(&refusal, rq->arena);
    struct password_new password = {
        .actor = {.account = account.id}, .login = account.login, .password = request_form(rq, "password")};
    if (people_user_password(app_people(rq->app), &password, &refusal) != OK) {
        show_welcome(rq, &account, &refusal);
        return OK;
    }
    TRY(setup_link_use(app_store(rq->app), request_param(rq, "token"), why));
    struct sign_in with = {account.login, password.password, rq->peer};
    TRY(people_sign_in(app_people(rq->app), rq->arena, &with, &in, &retry_s, why));
    reply_redirect(rq, STR("/quan-tri/thiet-lap"));
    people_give_cookie(rq, &in);
    return OK;
}

/* ---- tables ---- */

/* In order of use. */
/* clang-format off */
const struct route setup_routes[] = {
    {GET,  "/thiet-lap/{token}",                   PERMIT_PUBLIC,           get_welcome,          N_("Welcome")},
    {POST, "/thiet-lap/{token}",                   PERMIT_PUBLIC,           post_welcome,         N_("Welcome")},
    {GET,  "/quan-tri/thiet-lap",                  PERMIT_AGENCY_MANAGE,    get_overview,         N_("Set up the office")},
    {POST, "/quan-tri/thiet-lap/{step}/bo-qua",    PERMIT_AGENCY_MANAGE,    post_skip,            N_("Set up the office")},
    {GET,  "/quan-tri/thiet-lap/co-quan",          PERMIT_AGENCY_MANAGE,    setup_get_agency,     N_("The agency")},
    {POST, "/quan-tri/thiet-lap/co-quan",          PERMIT_AGENCY_MANAGE,    setup_post_agency,    N_("The agency")},
    {GET,  "/quan-tri/thiet-lap/don-vi",           PERMIT_AGENCY_MANAGE,    setup_get_units,      N_("Its units")},
    {POST, "/quan-tri/thiet-lap/don-vi",           PERMIT_AGENCY_MANAGE,    setup_post_units,     N_("Its units")},
    {GET,  "/quan-tri/thiet-lap/gio-lam-viec",     PERMIT_AGENCY_MANAGE,    setup_get_hours,      N_("Working hours")},
    {POST, "/quan-tri/thiet-lap/gio-lam-viec",     PERMIT_AGENCY_MANAGE,    setup_post_hours,     N_("Working hours")},
    {GET,  "/quan-tri/thiet-lap/can-bo",           PERMIT_ACCOUNT_MANAGE,   setup_get_staff,      N_("The staff")},
    {POST, "/quan-tri/thiet-lap/can-bo",           PERMIT_ACCOUNT_MANAGE,   setup_post_staff,     N_("The staff"),
     .body_bytes = STAFF_FORM_BYTES, .takes_files = true},
    {GET,  "/quan-tri/thiet-lap/thu-tuc",          PERMIT_CATALOGUE_MANAGE, setup_get_procedures, N_("Procedures to open")},
    {POST, "/quan-tri/thiet-lap/thu-tuc",          PERMIT_CATALOGUE_MANAGE, setup_post_procedures, N_("Procedures to open")},
    {GET,  "/quan-tri/thiet-lap/chay-thu",         PERMIT_AGENCY_MANAGE,    setup_get_test,       N_("A first test")},
    {POST, "/quan-tri/thiet-lap/chay-thu",         PERMIT_AGENCY_MANAGE,    setup_post_test,      N_("A first test")},
};
/* clang-format on */
const size_t setup_route_count = LENGTH(setup_routes);

const struct page_template setup_templates[] = {
    {"admin/setup",      overview_fields  },
    {"admin/setup_step", setup_page_fields},
    {"admin/welcome",    welcome_fields   },
};
const size_t setup_template_count = LENGTH(setup_templates);
