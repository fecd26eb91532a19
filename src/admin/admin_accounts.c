/*
 * GET  /quan-tri/tai-khoan?sau=&login=   who may sign in, as what, by login; a form for one more officer
 * POST /quan-tri/tai-khoan               the officer is added; the password is shown this once
 * GET  /quan-tri/tai-khoan/{login}       one account: posts, contact, state
 * POST /quan-tri/tai-khoan/{login}       act: password, disable, enable, post, end-post
 */
#include "admin/admin_pages.h"
#include "agency/role.h"
#include "app/app.h"
#include "app/office.h"
#include "base/text.h"
#include "html/component.h"

enum { ROWS = 50, FACTS_MOST = 8 };

struct account_line {
    struct str login, name, roles;
    bool is_disabled;
};

struct accounts_page {
    struct frame frame;
    struct account_line *rows;
    size_t rows_count;
    struct pagination pagination;
    struct form_field *fields;
    size_t fields_count;
    bool is_open;
    struct str q;
};

struct post_line {
    struct str id, role, agency, field, since;
};

struct one_account_page {
    struct frame frame;
    struct str address, name, login, password, site;
    struct summary_row *facts;
    size_t facts_count;
    struct post_line *posts;
    size_t posts_count;
    struct form_field *fields; /* one more post */
    size_t fields_count;
    bool is_disabled, is_officer, is_self;
};

/* clang-format off */
static const struct field account_line_fields[] = {
    FIELD_STR(struct account_line, login),
    FIELD_STR(struct account_line, name),
    FIELD_STR(struct account_line, roles),
    FIELD_BOOL(struct account_line, is_disabled),
    FIELD_END,
};
const struct field admin_accounts_fields[] = {
    FRAME_FIELDS(struct accounts_page),
    FIELD_LIST(struct accounts_page, rows, struct account_line, account_line_fields),
    FIELD_STRUCT(struct accounts_page, pagination, pagination_fields),
    FORM_FIELDS(struct accounts_page, fields),
    FIELD_BOOL(struct accounts_page, is_open),
    FIELD_STR(struct accounts_page, q),
    FIELD_END,
};
static const struct field post_line_fields[] = {
    FIELD_STR(struct post_line, id),
    FIELD_STR(struct post_line, role),
    FIELD_STR(struct post_line, agency),
    FIELD_STR(struct post_line, field),
    FIELD_STR(struct post_line, since),
    FIELD_END,
};
const struct field admin_account_fields[] = {
    FRAME_FIELDS(struct one_account_page),
    FIELD_STR(struct one_account_page, address),
    FIELD_STR(struct one_account_page, name),
    FIELD_STR(struct one_account_page, login),
    FIELD_STR(struct one_account_page, password),
    FIELD_STR(struct one_account_page, site),
    FIELD_LIST(struct one_account_page, facts, struct summary_row, summary_row_fields),
    FIELD_LIST(struct one_account_page, posts, struct post_line, post_line_fields),
    FORM_FIELDS(struct one_account_page, fields),
    FIELD_BOOL(struct one_account_page, is_disabled),
    FIELD_BOOL(struct one_account_page, is_officer),
    FIELD_BOOL(struct one_account_page, is_self),
    FIELD_END,
};
/* clang-format on */

/* ---- forms ---- */

/* A post: role, agency, field. */
static void add_post_fields(struct request *rq, struct form *form, struct str agency)
{
    struct form_field *f = form_select(form, "role", N_("Role"), NULL, STR("specialist"));
    for (size_t i = 0; i < roles_count; i++)
        if (roles[i].is_officer) form_choice(form, f, roles[i].name, translate(rq->language, roles[i].title));
    form_text(form, "agency", N_("E-identifier of the agency of the post"), NULL, agency)->width = STR("20");
    f = form_text(form, "group", N_("Only this field of procedures"), N_("Empty: all procedures."), STR_NONE);
    f->is_optional = true;
}

static void add_person_fields(struct request *rq, struct form *form)
{
    form_text(form, "name", N_("Full name"), NULL, STR_NONE);
    form_text(form, "login", N_("Login"), N_("Small letters without accents, digits and . _ - @ +."), STR_NONE)->width =
        STR("20");
    struct form_field *f = form_text(form, "email", N_("E-mail"), NULL, STR_NONE);
    f->type = STR("email");
    f->is_optional = true;
    f = form_text(form, "phone", N_("Telephone"), NULL, STR_NONE);
    f->type = STR("tel");
    f->is_optional = true;
    add_post_fields(rq, form, office_of(rq->app).identifier);
}

static enum outcome read_agency(struct request *rq, int64_t *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct agency agency;
    struct fail unknown;
    fail_init(&unknown, rq->arena);
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    if (agency_find(tx, str_trim(request_form(rq, "agency")), &agency, &unknown) == OK)
        *out = agency.id;
    else
        fail_problem_with(why, STR("#/agency"), "unknown", unknown.sentence, unknown.args);
    return OK;
}

/* ---- the list ---- */

static enum outcome show_list(struct request *rq, const struct fail *refusal, struct fail *why)
{
    struct arena *a = rq->arena;
    struct accounts_page page = {.frame.is_wide = true, .is_open = refusal != NULL, .q = request_query(rq, "login")};
    struct user_line *users;
    size_t count;
    struct form form = {.rq = rq, .why = refusal};
    TRY(people_user_list(app_people(rq->app), a, request_query(rq, "sau"), ROWS + 1, &users, &count, why));
    page.frame.back_href = STR("/quan-tri");
    page.rows_count = count > ROWS ? ROWS : count;
    page.rows = ARENA_ARRAY(a, struct account_line, page.rows_count + 1);
    for (size_t i = 0; i < page.rows_count; i++)
        page.rows[i] = (struct account_line){users[i].account.login, users[i].account.name, users[i].roles,
                                             users[i].account.disabled_at != INSTANT_NONE};
    if (count > ROWS)
        page.pagination.next_href =
            str_format(a, "/quan-tri/tai-khoan?sau=%.*s", STR_ARG(html_query_value(a, page.rows[ROWS - 1].login)));
    add_person_fields(rq, &form);
    FORM_INTO(&form, page.fields);
    if (refusal != NULL) page_problems(rq, &page.frame, refusal);
    page_reply(rq, refusal != NULL ? outcome_status(refusal->outcome) : 200, "admin/accounts", &page);
    return OK;
}

static struct str address_of(struct arena *a, struct str login)
{
    return str_format(a, "/quan-tri/tai-khoan/%.*s", STR_ARG(html_query_value(a, login)));
}

/* With ?login= it leads to that account: the list is by login, and people know the login they look for. */
enum outcome admin_accounts(struct request *rq, struct fail *why)
{
    struct str login = text_lower(rq->arena, str_trim(request_query(rq, "login")));
    struct account account;
    struct fail missing;
    bool is_found = false;
    fail_init(&missing, rq->arena);
    if (login.len > 0) {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
        is_found = account_find(tx, login, &account, &missing) == OK;
    }
    if (!is_found) return show_list(rq, NULL, why);
    reply_redirect(rq, address_of(rq->arena, account.login));
    return OK;
}

/* ---- one ---- */

static void add_fact(struct one_account_page *page, struct request *rq, const char *key, struct str value)
{
    if (value.len == 0) return;
    page->facts[page->facts_count++] = (struct summary_row){.key = translate(rq->language, key), .value = value};
}

static enum outcome fill_posts(struct request *rq, struct tx *tx, const struct account *account,
                               struct one_account_page *page, struct fail *why)
{
    struct post *posts;
    size_t count;
    TRY(posts_of_account(tx, account->id, day_of(tx_now(tx)), &posts, &count, why));
    page->posts = ARENA_ARRAY(rq->arena, struct post_line, count + 1);
    page->posts_count = count;
    for (size_t i = 0; i < count; i++) {
        const struct role *role = role_find(posts[i].role);
        page->posts[i] =
            (struct post_line){.id = id_format(rq->arena, posts[i].id),
                               .role = role != NULL ? translate(rq->language, role->title) : posts[i].role,
                               .agency = str_format(rq->arena, "%.*s (%.*s)", STR_ARG(posts[i].agency_name),
                                                    STR_ARG(posts[i].agency_identifier)),
                               .field = posts[i].procedure_group,
                               .since = day_for_people(rq->arena, posts[i].valid_from)};
    }
    return OK;
}

/* password: just made, shown this once; or empty. */
static enum outcome show_one(struct request *rq, struct str login, struct str password, const struct fail *refusal,
                             struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct account account;
    struct form form = {.rq = rq, .why = refusal};
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(account_find(tx, login, &account, why));
    struct one_account_page page = {.address = address_of(rq->arena, account.login),
                                    .name = account.name,
                                    .login = account.login,
                                    .password = password,
                                    .site = str_format(rq->arena, "%.*s/dang-nhap", STR_ARG(request_origin(rq))),
                                    .is_disabled = account.disabled_at != INSTANT_NONE,
                                    .is_officer = str_eq(account.kind, STR("officer")),
                                    .is_self = account.id == rq->visitor.account};
    page.frame.title = account.name;
    page.frame.back_href = STR("/quan-tri/tai-khoan");
    page.facts = ARENA_ARRAY(rq->arena, struct summary_row, FACTS_MOST);
    add_fact(&page, rq, N_("Login"), account.login);
    add_fact(&page, rq, N_("E-mail"), account.email);
    add_fact(&page, rq, N_("Telephone"), account.phone);
    add_fact(&page, rq, N_("Since"), instant_for_people(rq->arena, account.created_at));
    add_fact(&page, rq, N_("State"), translate(rq->language, page.is_disabled ? N_("Disabled") : N_("May sign in")));
    TRY(fill_posts(rq, tx, &account, &page, why));
    add_post_fields(rq, &form, office_of(rq->app).identifier);
    FORM_INTO(&form, page.fields);
    if (refusal != NULL) page_problems(rq, &page.frame, refusal);
    page_reply(rq, refusal != NULL ? outcome_status(refusal->outcome) : 200, "admin/account", &page);
    return OK;
}

enum outcome admin_account(struct request *rq, struct fail *why)
{
    return show_one(rq, request_param(rq, "login"), STR_NONE, NULL, why);
}

/* ---- changes ---- */

static bool is_mistake(enum outcome r)
{
    return r == ERR_INVALID || r == ERR_CONFLICT || r == ERR_MISSING;
}

enum outcome admin_account_add(struct request *rq, struct fail *why)
{
    struct fail refusal;
    struct staff_new staff = {
        .user = {.actor = people_actor(rq),
                 .login = request_form(rq, "login"),
                 .name = request_form(rq, "name"),
                 .kind = STR("officer"),
                 .password = people_make_password(rq->arena),
                 .email = request_form(rq, "email"),
                 .phone = request_form(rq, "phone"),
                 .must_change = true},
        .role = request_form(rq, "role"),
        .procedure_group = text_fold(rq->arena, request_form(rq, "group"))
    };
    fail_init(&refusal, rq->arena);
    TRY(read_agency(rq, &staff.agency, &refusal));
    enum outcome done = people_staff_add(app_people(rq->app), &staff, 1, &refusal);
    if (is_mistake(done)) {
        if (refusal.problem_count == 0)
            fail_problem_with(&refusal, STR("#/login"), "refused", refusal.sentence, refusal.args);
        return show_list(rq, &refusal, why);
    }
    if (done != OK) {
        *why = refusal;
        return done;
    }
    return show_one(rq, staff.user.login, staff.user.password, NULL, why);
}

static enum outcome add_post(struct request *rq, const struct account *account, struct fail *why)
{
    struct post_new post = {.actor = people_actor(rq),
                            .account = account->id,
                            .role = request_form(rq, "role"),
                            .procedure_group = text_fold(rq->arena, request_form(rq, "group")),
                            .valid_from = day_of(clock_now()),
                            .valid_to = DAY_OPEN};
    TRY(read_agency(rq, &post.agency, why));
    TRY(fail_if_problems(why));
    return store_run(app_store(rq->app), post_add, &post, NULL, why);
}

/* From today on; a post of somebody else is not ended here. */
static enum outcome end_post(struct request *rq, const struct account *account, struct fail *why)
{
    struct post_end end = {people_actor(rq), 0, day_of(clock_now()) - 1};
    struct post *posts;
    size_t count;
    int64_t wanted;
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
        TRY(posts_of_account(tx, account->id, day_of(tx_now(tx)), &posts, &count, why));
    }
    if (!id_parse(request_form(rq, "post"), &wanted)) wanted = 0;
    for (size_t i = 0; i < count; i++)
        if (posts[i].id == wanted) end.post = wanted;
    if (end.post == 0) return fail(why, ERR_MISSING, N_("This post is not known."));
    return store_run(app_store(rq->app), post_end, &end, NULL, why);
}

static enum outcome change(struct request *rq, const struct account *account, struct str act, struct str *out_password,
                           struct fail *why)
{
    struct people *p = app_people(rq->app);
    bool is_self = account->id == rq->visitor.account;
    if (str_eq(act, STR("post"))) return add_post(rq, account, why);
    if (is_self)
        return fail(why, ERR_CONFLICT, N_("Nobody does this to their own account: ask a second administrator."));
    if (str_eq(act, STR("end-post"))) return end_post(rq, account, why);
    if (str_eq(act, STR("disable")) || str_eq(act, STR("enable")))
        return people_user_disable(p, people_actor(rq), account->login, str_eq(act, STR("disable")), why);
    if (!str_eq(act, STR("password"))) return fail(why, ERR_MISSING, N_("There is nothing at this address."));
    *out_password = people_make_password(rq->arena);
    struct password_new in = {
        .actor = people_actor(rq), .login = account->login, .password = *out_password, .must_change = true};
    return people_user_password(p, &in, why);
}

enum outcome admin_account_send(struct request *rq, struct fail *why)
{
    struct fail refusal;
    struct account account;
    struct str password = STR_NONE;
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
        TRY(account_find(tx, request_param(rq, "login"), &account, why));
    }
    fail_init(&refusal, rq->arena);
    enum outcome done = change(rq, &account, request_form(rq, "act"), &password, &refusal);
    if (is_mistake(done)) {
        if (refusal.problem_count == 0)
            fail_problem_with(&refusal, STR("#/main-content"), "refused", refusal.sentence, refusal.args);
        return show_one(rq, account.login, STR_NONE, &refusal, why);
    }
    if (done != OK) {
        *why = refusal;
        return done;
    }
    if (password.len > 0) return show_one(rq, account.login, password, NULL, why);
    reply_redirect(rq, address_of(rq->arena, account.login));
    page_flash(rq, N_("The account is changed."));
    return OK;
}
