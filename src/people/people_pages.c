/*
 * Sign in, sign up, sign out, the account. Every form says all its mistakes at once, keeps what was typed (but
 * passwords), and goes on to where the visitor wanted to be; that address is one of ours or it is dropped.
 */
#include "people/people_pages.h"

#include "agency/permission.h"
#include "agency/role.h"
#include "base/parse.h"
#include "html/component.h"
#include "people/people_service.h"
#include "people/session_pages.h"

enum { RETURN_MOST = 500, LANGUAGE_COOKIE_S = 365 * 24 * 3600, NUMBERS_SHOWN = 5 };

/* ---- where to go on ---- */

/* "/ho-so?x=1": a path of this site and nothing that a browser would take for another one. */
static bool is_local(struct str s)
{
    if (s.len == 0 || s.len > RETURN_MOST || s.at[0] != '/') return false;
    if (s.len > 1 && (s.at[1] == '/' || s.at[1] == '\\')) return false;
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] <= ' ' || s.at[i] == '\\' || s.at[i] == 0x7f) return false;
    return !str_starts(s, STR("/dang-"));
}

static struct str return_of(const struct request *rq)
{
    struct str s = rq->method == GET ? request_query(rq, "return") : request_form(rq, "return");
    return is_local(s) ? s : STR_NONE;
}

static void go_on(struct request *rq, struct str return_to, const struct account *account)
{
    bool is_officer = str_eq(account->kind, STR("officer"));
    if (account->must_change)
        reply_redirect(rq, STR("/tai-khoan"));
    else
        reply_redirect(rq, return_to.len > 0 ? return_to : is_officer ? STR("/viec") : STR("/ho-so-cua-toi"));
}

/* ---- forms ---- */

/* A refusal without places becomes a problem of one field, so that the summary leads there. */
static void place_problem(struct fail *why, const char *pointer)
{
    if (why->problem_count == 0 && why->sentence != NULL)
        fail_problem_with(why, str_from(pointer), "refused", why->sentence, why->args);
}

/* The database being away is no mistake of the visitor: that goes to the error page. */
static bool is_mistake(enum outcome r)
{
    return r == ERR_INVALID || r == ERR_CONFLICT || r == ERR_SIGN_IN || r == ERR_DENIED || r == ERR_TOO_MANY ||
           r == ERR_MISSING;
}

struct form_page {
    struct frame frame;
    struct str return_to;
    struct form_field *fields;
    size_t fields_count;
};

/* clang-format off */
static const struct field form_page_fields[] = {
    FRAME_FIELDS(struct form_page),
    FIELD_STR(struct form_page, return_to),
    FORM_FIELDS(struct form_page, fields),
    FIELD_END,
};
/* clang-format on */

/* Answers with a form, again with its mistakes when `why` is not NULL. */
static void reply_form(struct request *rq, const char *name, struct form *form, struct fail *why)
{
    struct form_page page = {.frame.is_step = true, .return_to = return_of(rq)};
    FORM_INTO(form, page.fields);
    if (why != NULL) page_problems(rq, &page.frame, why);
    page_reply(rq, why != NULL ? outcome_status(why->outcome) : 200, name, &page);
}

/* ---- sign in and out ---- */

static void show_sign_in(struct request *rq, struct fail *why)
{
    if (why != NULL) place_problem(why, "#/login");
    struct form form = {.rq = rq, .why = why};
    form_text(&form, "login", N_("Login"), NULL, STR_NONE)->autocomplete = STR("username");
    form_password(&form, "password", N_("Password"), NULL);
    reply_form(rq, "people/sign_in", &form, why);
}

static enum outcome get_sign_in(struct request *rq, struct fail *why)
{
    (void)why; /* nothing here can fail */
    show_sign_in(rq, NULL);
    return OK;
}

void people_give_cookie(struct request *rq, const struct signed_in *in)
{
    reply_cookie(rq, SESSION_COOKIE, in->cookie, in->max_age_s);
    if (request_cookie(rq, "language").len == 0) reply_cookie(rq, "language", in->account.language, LANGUAGE_COOKIE_S);
}

static enum outcome post_sign_in(struct request *rq, struct fail *why)
{
    struct people *p = app_people(rq->app);
    struct sign_in in = {request_form(rq, "login"), request_form(rq, "password"), rq->peer, device_of(rq)};
    struct signed_in out;
    int64_t retry_s;
    struct str return_to = return_of(rq);
    enum outcome r = people_sign_in(p, rq->arena, &in, &out, &retry_s, why);
    if (r != OK && !is_mistake(r)) return r;
    if (r != OK) {
        if (r == ERR_TOO_MANY) reply_header(rq, "Retry-After", str_format(rq->arena, "%lld", (long long)retry_s));
        show_sign_in(rq, why);
        return OK;
    }
    /* A new session at every sign-in: the earlier one of this browser ends. */
    if (rq->visitor.session_key.len > 0) TRY(people_sign_out(p, rq->visitor.session_key, why));
    go_on(rq, return_to, &out.account);
    people_give_cookie(rq, &out);
    return OK;
}

static enum outcome post_sign_out(struct request *rq, struct fail *why)
{
    if (rq->visitor.session_key.len > 0) TRY(people_sign_out(app_people(rq->app), rq->visitor.session_key, why));
    reply_redirect(rq, STR("/"));
    reply_cookie(rq, SESSION_COOKIE, STR(""), 0);
    return OK;
}

/* ---- sign up ---- */

/* The kinds that open an account by themselves. */
static const struct {
    const char *kind, *label;
} own_kinds[] = {
    {"citizen",  N_("A citizen")    },
    {"business", N_("An enterprise")},
};

static void add_kinds(struct form *form)
{
    struct form_field *kind = form_radios(form, "kind", N_("Who is the account for?"), NULL, STR("citizen"));
    for (size_t i = 0; i < LENGTH(own_kinds); i++)
        form_choice(form, kind, str_from(own_kinds[i].kind), form_say(form, own_kinds[i].label));
}

static void add_contact(struct form *form, struct str email, struct str phone)
{
    struct form_field *f = form_text(form, "phone", N_("Telephone"), NULL, phone);
    f->type = f->autocomplete = STR("tel");
    f->is_optional = true;
    f = form_text(form, "email", N_("E-mail"), NULL, email);
    f->type = f->autocomplete = STR("email");
    f->is_optional = true;
}

static void add_new_password(struct form *form, const char *label)
{
    form_password(form, "password", label, N_("At least 8 characters; several words are good."))->autocomplete =
        STR("new-password");
}

static void show_sign_up(struct request *rq, struct fail *why)
{
    if (why != NULL) place_problem(why, "#/number");
    struct form form = {.rq = rq, .why = why};
    add_kinds(&form);
    form_text(&form, "name", N_("Full name"), N_("As on the identity card, or as the enterprise is registered."),
              STR_NONE)
        ->autocomplete = STR("name");
    struct form_field *number = form_text(&form, "number", N_("Personal identification number or enterprise number"),
                                          N_("12 digits for a citizen; 10 digits for an enterprise."), STR_NONE);
    number->width = STR("20");
    number->autocomplete = STR("off");
    add_contact(&form, STR_NONE, STR_NONE);
    form_text(&form, "login", N_("Login"), N_("Small letters without accents, digits and . _ - @ +."), STR_NONE)
        ->autocomplete = STR("username");
    add_new_password(&form, N_("Password"));
    reply_form(rq, "people/sign_up", &form, why);
}

static enum outcome get_sign_up(struct request *rq, struct fail *why)
{
    (void)why; /* nothing here can fail */
    show_sign_up(rq, NULL);
    return OK;
}

/* What the form says; who opens an account for himself acts as nobody yet. */
static enum outcome sign_up(struct request *rq, struct fail *why)
{
    struct str kind = request_form(rq, "kind"), number = request_form(rq, "number");
    bool is_business = str_eq(kind, STR("business"));
    struct identity identity = {is_business ? IDENTITY_ENTERPRISE_NUMBER : IDENTITY_PERSONAL_ID,
                                str_replace(rq->arena, number, STR(" "), STR_NONE)};
    struct user_new user = {.login = request_form(rq, "login"),
                            .name = request_form(rq, "name"),
                            .kind = is_business ? STR("business") : STR("citizen"),
                            .password = request_form(rq, "password"),
                            .language = str_from(language_code(rq->language)),
                            .email = request_form(rq, "email"),
                            .phone = request_form(rq, "phone"),
                            .identities = &identity,
                            .identity_count = 1,
                            .number_pointer = STR("#/number")};
    int64_t wait_s = attempts_take(app_people(rq->app)->sign_ups, rq->peer);
    if (wait_s > 0)
        return fail(why, ERR_TOO_MANY, N_("Too many attempts. Wait {0} seconds, then try again."),
                    str_format(rq->arena, "%lld", (long long)wait_s));
    return people_user_add(app_people(rq->app), &user, NULL, why);
}

static enum outcome post_sign_up(struct request *rq, struct fail *why)
{
    struct people *p = app_people(rq->app);
    struct sign_in in = {request_form(rq, "login"), request_form(rq, "password"), rq->peer, device_of(rq)};
    struct signed_in out;
    int64_t retry_s;
    enum outcome r = sign_up(rq, why);
    if (r != OK && !is_mistake(r)) return r;
    if (r != OK) {
        show_sign_up(rq, why);
        return OK;
    }
    struct str return_to = return_of(rq);
    TRY(people_sign_in(p, rq->arena, &in, &out, &retry_s, why));
    go_on(rq, return_to, &out.account);
    people_give_cookie(rq, &out);
    page_flash(rq, N_("Your account is open, and you are signed in."));
    return OK;
}

/* ---- the account ---- */

struct account_page {
    struct frame frame;
    bool must_change, has_choice;
    struct summary_row *facts;
    struct form_field *post_fields, *password_fields, *contact_fields;
    size_t facts_count, post_fields_count, password_fields_count, contact_fields_count;
};

/* clang-format off */
static const struct field account_page_fields[] = {
    FRAME_FIELDS(struct account_page),
    FIELD_BOOL(struct account_page, must_change),
    FIELD_BOOL(struct account_page, has_choice),
    FIELD_LIST(struct account_page, facts, struct summary_row, summary_row_fields),
    FORM_FIELDS(struct account_page, post_fields),
    FORM_FIELDS(struct account_page, password_fields),
    FORM_FIELDS(struct account_page, contact_fields),
    FIELD_END,
};
/* clang-format on */

/* What the page is made from, read in one snapshot. */
struct account_facts {
    struct account account;
    struct post *posts;
    size_t post_count;
    struct kept_identity *numbers;
    size_t number_count;
};

static enum outcome load_facts(struct request *rq, struct account_facts *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(account_load(tx, rq->visitor.account, &out->account, why));
    TRY(posts_of_account(tx, rq->visitor.account, day_of(tx_now(tx)), &out->posts, &out->post_count, why));
    return identity_of(tx, OWNER_ACCOUNT, rq->visitor.account, &out->numbers, &out->number_count, why);
}

static const char *kind_title(struct str kind)
{
    static const struct {
        const char *kind, *title;
    } titles[] = {
        {"citizen",      N_("Citizen")     },
        {"foreigner",    N_("Foreigner")   },
        {"business",     N_("Enterprise")  },
        {"cooperative",  N_("Cooperative") },
        {"organisation", N_("Organisation")},
        {"officer",      N_("Officer")     },
        {"program",      N_("Program")     },
    };
    for (size_t i = 0; i < LENGTH(titles); i++)
        if (str_eq(kind, str_from(titles[i].kind))) return titles[i].title;
    BUG("an account has an unknown kind");
}

static void add_fact(struct account_page *page, struct str key, struct str value)
{
    page->facts[page->facts_count++] = (struct summary_row){.key = key, .value = value};
}

static void fill_facts(struct request *rq, struct account_page *page, const struct account_facts *facts)
{
    enum language l = rq->language;
    page->facts = ARENA_ARRAY(rq->arena, struct summary_row, 3 + NUMBERS_SHOWN);
    add_fact(page, translate(l, N_("Full name")), facts->account.name);
    add_fact(page, translate(l, N_("Login")), facts->account.login);
    add_fact(page, translate(l, N_("Kind of account")), translate(l, kind_title(facts->account.kind)));
    for (size_t i = 0; i < facts->number_count && i < NUMBERS_SHOWN; i++)
        add_fact(page, translate(l, identity_type_label(facts->numbers[i].type)), facts->numbers[i].masked);
}

static struct str post_label(struct request *rq, const struct post *p)
{
    const struct role *role = role_find(p->role);
    struct str title = role != NULL ? translate(rq->language, role->title) : p->role;
    return str_format(rq->arena, "%.*s – %.*s", STR_ARG(title), STR_ARG(p->agency_name));
}

static void fill_posts(struct request *rq, struct account_page *page, const struct account_facts *facts)
{
    struct form form = {.rq = rq};
    struct form_field *post = form_radios(&form, "post", N_("Which post do you work in now?"), NULL, STR_NONE);
    for (size_t i = 0; i < facts->post_count; i++) {
        const struct post *p = &facts->posts[i];
        struct choice *c = form_choice(&form, post, id_format(rq->arena, p->id), post_label(rq, p));
        c->is_chosen = p->agency == rq->visitor.agency && str_eq(p->role, rq->visitor.role);
    }
    page->has_choice = facts->post_count > 1;
    FORM_INTO(&form, page->post_fields);
}

/* The page has several forms: a field that was not sent shows what is stored. */
static struct str shown(const struct request *rq, const char *name, struct str stored)
{
    return request_has_form(rq, name) ? request_form(rq, name) : stored;
}

static void fill_contact(struct request *rq, struct account_page *page, const struct account *account,
                         const struct fail *why)
{
    struct form form = {.rq = rq, .why = why};
    struct form_field *language = form_radios(&form, "language", N_("Language"), NULL, STR_NONE);
    language->value = shown(rq, "language", account->language);
    form_choice(&form, language, STR("vi"), STR("Tiếng Việt"));
    form_choice(&form, language, STR("en"), STR("English"));
    add_contact(&form, STR_NONE, STR_NONE);
    struct form_field *address = form_text(&form, "address", N_("Address"), NULL, STR_NONE);
    address->autocomplete = STR("address-line1");
    address->is_optional = true;
    form.fields.at[1].value = shown(rq, "phone", account->phone);
    form.fields.at[2].value = shown(rq, "email", account->email);
    form.fields.at[3].value = shown(rq, "address", account->address);
    FORM_INTO(&form, page->contact_fields);
}

static void fill_password(struct request *rq, struct account_page *page, const struct fail *why)
{
    struct form form = {.rq = rq, .why = why};
    form_password(&form, "current", N_("Password now"), NULL);
    add_new_password(&form, N_("New password"));
    FORM_INTO(&form, page->password_fields);
}

static enum outcome show_account(struct request *rq, struct fail *mistakes, struct fail *why)
{
    struct account_facts facts;
    struct account_page page = {0};
    int status = 200;
    TRY(load_facts(rq, &facts, why));
    if (mistakes != NULL) {
        status = outcome_status(mistakes->outcome);
        page_problems(rq, &page.frame, mistakes);
    }
    page.must_change = facts.account.must_change;
    fill_facts(rq, &page, &facts);
    fill_posts(rq, &page, &facts);
    fill_contact(rq, &page, &facts.account, mistakes);
    fill_password(rq, &page, mistakes);
    page_reply(rq, status, "people/account", &page);
    return OK;
}

static enum outcome get_account(struct request *rq, struct fail *why)
{
    return show_account(rq, NULL, why);
}

/* Shows the account again with the mistakes of a form, or goes back to it with a word of success. */
static enum outcome after_change(struct request *rq, enum outcome r, struct fail *mistakes, const char *done,
                                 struct fail *why)
{
    if (r == OK) {
        reply_redirect(rq, STR("/tai-khoan"));
        page_flash(rq, done);
        return OK;
    }
    if (is_mistake(r)) return show_account(rq, mistakes, why);
    *why = *mistakes;
    return r;
}

static enum outcome post_contact(struct request *rq, struct fail *why)
{
    struct fail mistakes;
    fail_init(&mistakes, rq->arena);
    struct contact_new c = {.actor = people_actor(rq),
                            .account = rq->visitor.account,
                            .language = request_form(rq, "language"),
                            .email = request_form(rq, "email"),
                            .phone = request_form(rq, "phone"),
                            .address = request_form(rq, "address")};
    enum outcome r = people_user_contact(app_people(rq->app), &c, &mistakes);
    TRY(after_change(rq, r, &mistakes, N_("Language and contact are saved."), why));
    if (r == OK) reply_cookie(rq, "language", c.language, LANGUAGE_COOKIE_S);
    return OK;
}

static enum outcome post_password(struct request *rq, struct fail *why)
{
    struct fail mistakes;
    fail_init(&mistakes, rq->arena);
    struct people *p = app_people(rq->app);
    struct sign_in now = {rq->visitor.login, request_form(rq, "current"), rq->peer};
    enum outcome r = people_check_password(p, rq->arena, &now, &mistakes);
    if (r != OK) {
        if (r == ERR_SIGN_IN) r = fail(&mistakes, ERR_INVALID, N_("This is not your password now."));
        place_problem(&mistakes, "#/current");
        return after_change(rq, r, &mistakes, "", why);
    }
    struct password_new n = {.actor = people_actor(rq),
                             .login = rq->visitor.login,
                             .password = request_form(rq, "password"),
                             .but_session = rq->visitor.session_key};
    return after_change(rq, people_user_password(p, &n, &mistakes), &mistakes,
                        N_("The password is changed. Other browsers are signed out."), why);
}

static enum outcome post_post(struct request *rq, struct fail *why)
{
    int64_t post;
    if (!id_parse(request_form(rq, "post"), &post) || rq->visitor.session_key.len == 0)
        return fail(why, ERR_BAD, N_("Choose one of your posts."));
    TRY(people_use_post(app_people(rq->app), rq->visitor.session_key, rq->visitor.account, post, why));
    reply_redirect(rq, STR("/viec"));
    return OK;
}

/* ---- tables ---- */

enum outcome people_identify(struct request *rq, struct fail *why)
{
    return people_identify_with(app_people(rq->app), rq, why);
}

/* In order of use. */
const struct route people_routes[] = {
    {GET,  "/dang-nhap",          PERMIT_PUBLIC,    get_sign_in,   "Sign in"        },
    {POST, "/dang-nhap",          PERMIT_PUBLIC,    post_sign_in,  "Sign in"        },
    {GET,  "/dang-ky",            PERMIT_PUBLIC,    get_sign_up,   "Open an account"},
    {POST, "/dang-ky",            PERMIT_PUBLIC,    post_sign_up,  "Open an account"},
    {POST, "/dang-xuat",          PERMIT_PUBLIC,    post_sign_out, "Sign out"       },
    {GET,  "/tai-khoan",          PERMIT_SIGNED_IN, get_account,   "My account"     },
    {POST, "/tai-khoan",          PERMIT_SIGNED_IN, post_contact,  "My account"     },
    {POST, "/tai-khoan/mat-khau", PERMIT_SIGNED_IN, post_password, "My account"     },
    {POST, "/tai-khoan/vi-tri",   PERMIT_SIGNED_IN, post_post,     "My account"     },
};
const size_t people_routes_count = LENGTH(people_routes);

const struct page_template people_templates[] = {
    {"people/sign_in", form_page_fields   },
    {"people/sign_up", form_page_fields   },
    {"people/account", account_page_fields},
};
const size_t people_template_count = LENGTH(people_templates);
