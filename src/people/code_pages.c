/*
 * GET  /tiep-nhan/tai-khoan       the counter: an account, or a way back into one, for who shows the card
 * POST /tiep-nhan/tai-khoan       gives the one-time code, to print
 * GET  /ma-tai-khoan              the person: where the code is typed
 * GET  /ma-tai-khoan/{code}       the same from the QR code
 * POST /ma-tai-khoan              chooses the password and signs in
 */
#include "agency/permission.h"
#include "base/buf.h"
#include "html/component.h"
#include "html/qr.h"
#include "people/access.h"
#include "people/code.h"
#include "people/people_service.h"
#include "people/session_pages.h"

enum { QR_PATH_BYTES = 256 * 1024 };

/* ---- at the counter ---- */

struct counter_page {
    struct frame frame;
    struct form_field *fields;
    size_t fields_count;
};
struct code_page {
    struct frame frame;
    struct str code, name, login, expires, address, qr_path, qr_box;
    bool is_new;
};
struct choose_page {
    struct frame frame;
    struct str login; /* of whom the code is for; empty: not typed yet */
    struct form_field *fields;
    size_t fields_count;
};

/* clang-format off */
static const struct field counter_page_fields[] = {
    FRAME_FIELDS(struct counter_page),
    FORM_FIELDS(struct counter_page, fields),
    FIELD_END,
};
static const struct field code_page_fields[] = {
    FRAME_FIELDS(struct code_page),
    FIELD_STR(struct code_page, code),
    FIELD_STR(struct code_page, name),
    FIELD_STR(struct code_page, login),
    FIELD_STR(struct code_page, expires),
    FIELD_STR(struct code_page, address),
    FIELD_STR(struct code_page, qr_path),
    FIELD_STR(struct code_page, qr_box),
    FIELD_BOOL(struct code_page, is_new),
    FIELD_END,
};
static const struct field choose_page_fields[] = {
    FRAME_FIELDS(struct choose_page),
    FIELD_STR(struct choose_page, login),
    FORM_FIELDS(struct choose_page, fields),
    FIELD_END,
};
/* clang-format on */

static const struct {
    const char *kind, *label;
    enum identity_type number;
} counter_kinds[] = {
    {"citizen",   N_("Citizen"),    IDENTITY_PERSONAL_ID      },
    {"foreigner", N_("Foreigner"),  IDENTITY_PASSPORT         },
    {"business",  N_("Enterprise"), IDENTITY_ENTERPRISE_NUMBER},
};

static void show_counter(struct request *rq, const struct fail *why)
{
    struct form form = {.rq = rq, .why = why};
    struct counter_page page = {0};
    struct form_field *f =
        form_text(&form, "card", N_("Number on the card"),
                  N_("Scan the QR code of the card or type the number. The scanner fills in the name too."), STR_NONE);
    f->autocomplete = STR("off");
    form_text(&form, "name", N_("Full name"), N_("As on the card. May stay empty when the card was scanned."),
              STR_NONE);
    f = form_radios(&form, "kind", N_("Who is it?"), NULL, STR("citizen"));
    f->is_small = true;
    for (size_t i = 0; i < LENGTH(counter_kinds); i++)
        form_choice(&form, f, str_from(counter_kinds[i].kind), form_say(&form, counter_kinds[i].label));
    f = form_text(&form, "phone", N_("Telephone"), N_("Its digits are the login when no other is chosen."), STR_NONE);
    f->type = STR("tel");
    form_text(&form, "login", N_("Login"), N_("For a new account, when the person wants another one."), STR_NONE)
        ->is_optional = true;
    f = form_text(&form, "email", N_("E-mail"), NULL, STR_NONE);
    f->type = STR("email");
    f->is_optional = true;
    form_tick(&form, "compared", N_("I compared the card with the person before me, and it is valid."), false);
    FORM_INTO(&form, page.fields);
    if (why != NULL) page_problems(rq, &page.frame, why);
    page_reply(rq, why != NULL ? outcome_status(why->outcome) : 200, "people/counter_account", &page);
}

static enum outcome get_counter(struct request *rq, struct fail *why)
{
    (void)why; /* nothing here can fail */
    show_counter(rq, NULL);
    return OK;
}

static enum outcome give(struct request *rq, struct code_given *out, struct fail *why)
{
    struct card card = card_of_scan(request_form(rq, "card"));
    struct str name = str_trim(request_form(rq, "name")), kind = request_form(rq, "kind");
    struct code_person n = {
        .actor = people_actor(rq),
        .kind = STR("citizen"),
        .number = {IDENTITY_PERSONAL_ID, str_replace(rq->arena, card.number, STR(" "), STR_NONE)},
        .name = name.len > 0 ? name : card.name,
        .login = str_trim(request_form(rq, "login")),
        .phone = str_trim(request_form(rq, "phone")),
        .email = str_trim(request_form(rq, "email")),
        .language = str_from(language_code(rq->language))
    };
    for (size_t i = 0; i < LENGTH(counter_kinds); i++)
        if (str_eq(kind, str_from(counter_kinds[i].kind))) {
            n.kind = kind;
            n.number.type = counter_kinds[i].number;
        }
    if (!str_eq(request_form(rq, "compared"), STR("yes")))
        fail_problem(why, STR("#/compared"), "required",
                     N_("Compare the card with the person first: the code opens everything that is kept of them."));
    TRY(fail_if_problems(why));
    return people_code_give(app_people(rq->app), rq->arena, &n, out, why);
}

static struct str path_of(struct request *rq, const struct qr *qr)
{
    AUTO_BUF struct buf path;
    buf_init(&path, QR_PATH_BYTES);
    qr_path(&path, qr);
    return str_dup(rq->arena, buf_str(&path));
}

static void show_code(struct request *rq, const struct code_given *given)
{
    struct str origin = request_origin(rq);
    struct str address = str_format(rq->arena, "%.*s/ma-tai-khoan", STR_ARG(origin));
    struct qr qr = qr_of(rq->arena, str_format(rq->arena, "%.*s/%.*s", STR_ARG(address), STR_ARG(given->code)));
    int box = qr.size + 2 * QR_QUIET;
    struct code_page page = {
        .code = given->code,
        .name = given->account.name,
        .login = given->account.login,
        .expires = instant_for_people(rq->arena, given->expires_at),
        .address = address,
        .qr_path = path_of(rq, &qr),
        .qr_box = str_format(rq->arena, "0 0 %d %d", box, box),
        .is_new = given->is_new,
    };
    page.frame.title = translate(rq->language, N_("The one-time code"));
    page.frame.back_href = STR("/tiep-nhan/tai-khoan");
    reply_header(rq, "Cache-Control", STR("no-store"));
    page_reply(rq, 200, "people/counter_code", &page);
}

/* A number without a good form, a login that is taken: told beside the field. The rest leads to the number. */
static bool is_mistake(enum outcome r)
{
    return r == ERR_INVALID || r == ERR_CONFLICT || r == ERR_MISSING || r == ERR_TOO_MANY;
}

static enum outcome post_counter(struct request *rq, struct fail *why)
{
    struct fail mistakes;
    struct code_given given;
    fail_init(&mistakes, rq->arena);
    enum outcome r = give(rq, &given, &mistakes);
    if (r == OK) {
        access_note(app_access(rq->app), rq, &(struct access){.what = ACCESS_ACCOUNT, .person = given.account.id});
        show_code(rq, &given);
        return OK;
    }
    if (is_mistake(r)) {
        if (mistakes.problem_count == 0)
            fail_problem_with(&mistakes, STR("#/card"), "refused", mistakes.sentence, mistakes.args);
        show_counter(rq, &mistakes);
        return OK;
    }
    *why = mistakes;
    return r;
}

/* ---- the person ---- */

static void show_choose(struct request *rq, struct str code, const struct account *account, const struct fail *why)
{
    struct form form = {.rq = rq, .why = why};
    struct choose_page page = {0};
    if (account != NULL) {
        page.login = account->login;
        page.frame.title = page_title_of(rq, account->login);
        form_hidden(&form, "code", code);
    } else {
        struct form_field *f =
            form_text(&form, "code", N_("The code on your paper"),
                      N_("Four groups of letters and digits; capitals and spaces do not matter."), code);
        f->width = STR("20");
        f->autocomplete = STR("one-time-code");
    }
    if (account != NULL) {
        struct form_field *f = form_password(&form, "password", N_("Your new password"),
                                             N_("At least 8 characters; several words are good."));
        f->autocomplete = STR("new-password");
    }
    FORM_INTO(&form, page.fields);
    if (why != NULL) page_problems(rq, &page.frame, why);
    reply_header(rq, "Cache-Control", STR("no-store"));
    page.frame.is_step = true;
    page_reply(rq, why != NULL ? outcome_status(why->outcome) : 200, "people/choose_password", &page);
}

/* Codes are long, but nobody shall try many: whether it is looked at or used, each try counts. */
static enum outcome take_turn(struct request *rq, struct str code, struct fail *why)
{
    if (str_trim(code).len == 0)
        return fail(why, ERR_INVALID, N_("Write the code that stands on the paper from the one-stop office."));
    int64_t wait_s = attempts_take(app_people(rq->app)->sign_ups, rq->peer);
    if (wait_s == 0) return OK;
    return fail(why, ERR_TOO_MANY, N_("Too many attempts. Wait {0} seconds, then try again."),
                str_format(rq->arena, "%lld", (long long)wait_s));
}

/* Beside the field of the code; the database being away is no mistake of the visitor. */
static enum outcome refuse_code(struct request *rq, enum outcome r, struct str code, struct fail *mistakes,
                                struct fail *why)
{
    if (!is_mistake(r)) {
        *why = *mistakes;
        return r;
    }
    fail_problem_with(mistakes, STR("#/code"), "refused", mistakes->sentence, mistakes->args);
    show_choose(rq, code, NULL, mistakes);
    return OK;
}

static enum outcome look_at_code(struct request *rq, struct str code, struct fail *why)
{
    struct fail mistakes;
    struct account account;
    fail_init(&mistakes, rq->arena);
    enum outcome r = take_turn(rq, code, &mistakes);
    if (r == OK) r = people_code_find(app_people(rq->app), rq->arena, code, &account, &mistakes);
    if (r != OK) return refuse_code(rq, r, code, &mistakes, why);
    show_choose(rq, code, &account, NULL);
    return OK;
}

static enum outcome get_choose(struct request *rq, struct fail *why)
{
    struct str code = request_param(rq, "code");
    if (code.len > 0) return look_at_code(rq, code, why);
    show_choose(rq, STR_NONE, NULL, NULL);
    return OK;
}

static enum outcome post_choose(struct request *rq, struct fail *why)
{
    struct people *p = app_people(rq->app);
    struct str code = request_form(rq, "code"), password = request_form(rq, "password");
    struct account account;
    struct fail mistakes;
    if (!request_has_form(rq, "password") || str_trim(code).len == 0) return look_at_code(rq, code, why);
    fail_init(&mistakes, rq->arena);
    enum outcome r = take_turn(rq, code, &mistakes);
    if (r == OK) r = people_code_use(p, code, password, &account, &mistakes);
    if (r == ERR_INVALID) { /* the password alone */
        show_choose(rq, code, &account, &mistakes);
        return OK;
    }
    if (r != OK) return refuse_code(rq, r, code, &mistakes, why);
    struct sign_in in = {account.login, password, rq->peer, device_of(rq)};
    struct signed_in out;
    int64_t retry_s;
    TRY(people_sign_in(p, rq->arena, &in, &out, &retry_s, why));
    reply_redirect(rq, STR("/ho-so-cua-toi"));
    reply_cookie(rq, SESSION_COOKIE, out.cookie, out.max_age_s);
    page_flash(rq, N_("Your password is set, and you are signed in."));
    return OK;
}

/* ---- tables ---- */

const struct route code_routes[] = {
    {GET,  "/tiep-nhan/tai-khoan", PERMIT_DOSSIER_COUNTER, get_counter,  N_("An account at the counter")},
    {POST, "/tiep-nhan/tai-khoan", PERMIT_DOSSIER_COUNTER, post_counter, N_("An account at the counter")},
    {GET,  "/ma-tai-khoan",        PERMIT_PUBLIC,          get_choose,   N_("Choose your password")     },
    {GET,  "/ma-tai-khoan/{code}", PERMIT_PUBLIC,          get_choose,   N_("Choose your password")     },
    {POST, "/ma-tai-khoan",        PERMIT_PUBLIC,          post_choose,  N_("Choose your password")     },
};
const size_t code_route_count = LENGTH(code_routes);

const struct page_template code_templates[] = {
    {"people/counter_account", counter_page_fields},
    {"people/counter_code",    code_page_fields   },
    {"people/choose_password", choose_page_fields },
};
const size_t code_template_count = LENGTH(code_templates);
