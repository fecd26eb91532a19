#include "notice/wish_pages.h"

#include "agency/permission.h"
#include "dossier/desk.h"
#include "html/component.h"
#include "http/once.h"
#include "notice/mail_wish.h"
#include "people/people.h"

struct wish_page {
    struct frame frame;
    struct str email;
    bool has_mail, is_confirmed, is_asked;
    struct form_field *fields;
    size_t fields_count;
};

static const struct field wish_fields[] = {
    FRAME_FIELDS(struct wish_page),
    FIELD_STR(struct wish_page, email),
    FIELD_BOOL(struct wish_page, has_mail),
    FIELD_BOOL(struct wish_page, is_confirmed),
    FIELD_BOOL(struct wish_page, is_asked),
    FORM_FIELDS(struct wish_page, fields),
    FIELD_END,
};

struct link_page {
    struct frame frame;
    struct str sentence, button; /* button empty: there is nothing to press */
};

static const struct field link_fields[] = {
    FRAME_FIELDS(struct link_page),
    FIELD_STR(struct link_page, sentence),
    FIELD_STR(struct link_page, button),
    FIELD_END,
};

const struct page_template wish_templates[] = {
    {"notice/wish", wish_fields},
    {"notice/link", link_fields},
};
const size_t wish_template_count = LENGTH(wish_templates);

static enum outcome load(struct request *rq, struct mail_wish *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(mail_wish_load(tx, rq->visitor.account, out, why));
    return mail_wish_load_off(tx, out, why);
}

static bool is_offered(const struct mail_wish *w, size_t kind)
{
    return notice_kinds[kind].may_be_turned_off && notice_kinds[kind].is_of_officers == w->is_officer;
}

/* ---- the page of an account ---- */

static enum outcome show(struct request *rq, struct fail *refusal, struct fail *why)
{
    struct mail_wish w;
    struct form form = {.rq = rq, .why = refusal};
    TRY(load(rq, &w, why));
    struct wish_page page = {
        .email = w.email, .has_mail = app_sends_mail(rq->app), .is_confirmed = w.is_confirmed, .is_asked = w.is_asked};
    struct form_field *kinds = form_checks(&form, "kinds", N_("Send me a letter about"), NULL);
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (!is_offered(&w, i)) continue;
        struct choice *c =
            form_choice(&form, kinds, str_from(notice_kinds[i].name), form_say(&form, notice_kinds[i].title));
        choice_choose(&form, c, !w.is_off[i]);
    }
    if (w.is_officer)
        (void)form_tick(&form, "digest", N_("Reminders once a day in one letter, at seven in the morning"),
                        w.is_digest);
    FORM_INTO(&form, page.fields);
    if (refusal != NULL) page_problems(rq, &page.frame, refusal);
    page.frame.back_href = STR("/tai-khoan");
    page_reply(rq, refusal != NULL ? outcome_status(refusal->outcome) : 200, "notice/wish", &page);
    return OK;
}

static enum outcome get_wish(struct request *rq, struct fail *why)
{
    return show(rq, NULL, why);
}

static bool form_names(const struct request *rq, const char *kind)
{
    for (size_t i = 0; i < rq->form_count; i++)
        if (str_eq(rq->form[i].name, STR("kinds")) && str_eq(rq->form[i].value, str_from(kind))) return true;
    return false;
}

static enum outcome save(struct request *rq, struct mail_change *change, struct fail *why)
{
    change->actor = people_actor(rq);
    change->account = rq->visitor.account;
    return store_run(app_store(rq->app), mail_choose, change, NULL, why);
}

static enum outcome post_wish(struct request *rq, struct fail *why)
{
    struct mail_wish w;
    struct mail_change change = {0};
    TRY(load(rq, &w, why));
    for (size_t i = 0; i < KIND_COUNT; i++)
        change.is_off[i] = is_offered(&w, i) ? !form_names(rq, notice_kinds[i].name) : w.is_off[i];
    change.is_digest = w.is_officer ? request_has_form(rq, "digest") : w.is_digest;
    TRY(save(rq, &change, why));
    reply_redirect(rq, STR("/tai-khoan/thong-bao"));
    page_flash(rq, N_("Your choice is saved."));
    return OK;
}

static enum outcome ask(struct request *rq, struct fail *why)
{
    if (!app_sends_mail(rq->app))
        return fail(why, ERR_CONFLICT, N_("This office sends no e-mail. All notices are in your list."));
    struct mail_change change = {.actor = people_actor(rq), .account = rq->visitor.account};
    int64_t nothing;
    return request_once(rq, app_store(rq->app), mail_ask, &change, &nothing, why);
}

static enum outcome post_ask(struct request *rq, struct fail *why)
{
    struct fail refusal;
    fail_init(&refusal, rq->arena);
    enum outcome asked = ask(rq, &refusal);
    if (asked == ERR_DOWN) {
        *why = refusal;
        return asked;
    }
    if (asked != OK) {
        fail_problem_with(&refusal, STR("#/kinds"), "refused", refusal.sentence, refusal.args);
        return show(rq, &refusal, why);
    }
    reply_redirect(rq, STR("/tai-khoan/thong-bao"));
    page_flash(rq, N_("The letter is on its way. Open the link in it to confirm your address."));
    return OK;
}

/* ---- links of letters ---- */

static void show_link(struct request *rq, const char *title, const char *sentence, const char *button)
{
    struct link_page page = {.sentence = translate(rq->language, sentence)};
    page.frame.title = translate(rq->language, title);
    if (button != NULL) page.button = translate(rq->language, button);
    page_reply(rq, 200, "notice/link", &page);
}

static enum outcome not_ours(struct fail *why)
{
    return fail(why, ERR_MISSING, N_("This link is not whole. Copy all of it from the letter."));
}

static enum outcome read_confirm(struct request *rq, struct mail_change *out, struct fail *why)
{
    *out = (struct mail_change){0};
    if (!mail_confirm_token_read(app_desk(rq->app)->keys, rq->arena, request_param(rq, "token"), &out->account,
                                 &out->asked_at))
        return not_ours(why);
    out->actor.account = out->account; /* who holds the letter acts for the account */
    return OK;
}

static enum outcome get_confirm(struct request *rq, struct fail *why)
{
    struct mail_change change;
    TRY(read_confirm(rq, &change, why));
    show_link(rq, N_("Confirm your e-mail address"), N_("Press the button to receive notices at this address."),
              N_("Confirm the address"));
    return OK;
}

static enum outcome post_confirm(struct request *rq, struct fail *why)
{
    struct mail_change change;
    TRY(read_confirm(rq, &change, why));
    TRY(store_run(app_store(rq->app), mail_confirm, &change, NULL, why));
    show_link(rq, N_("The address is confirmed"),
              N_("Notices come to this address from now on. You choose which on the page of your account."), NULL);
    return OK;
}

static enum outcome read_stop(struct request *rq, struct mail_owner *out, struct fail *why)
{
    bool is_ours = mail_stop_token_read(app_desk(rq->app)->keys, rq->arena, request_param(rq, "token"), out);
    return is_ours ? OK : not_ours(why);
}

static enum outcome get_stop(struct request *rq, struct fail *why)
{
    struct mail_owner owner;
    TRY(read_stop(rq, &owner, why));
    show_link(rq, N_("Stop letters"), N_("Press the button to receive no more letters at this address."),
              N_("No more letters"));
    return OK;
}

static enum outcome post_stop(struct request *rq, struct fail *why)
{
    struct mail_owner owner;
    TRY(read_stop(rq, &owner, why));
    struct mail_change change = {.actor = {.account = owner.account}, .account = owner.account};
    struct mail_party_stop stop = {owner.dossier, owner.party};
    TRY(owner.account != 0 ? store_run(app_store(rq->app), mail_stop, &change, NULL, why)
                           : store_run(app_store(rq->app), mail_party_stop, &stop, NULL, why));
    show_link(rq, N_("No more letters come"),
              N_("You receive no more letters at this address. Who has an account still finds every notice there."),
              NULL);
    return OK;
}

/* ---- programs ---- */

static void write_wish(struct request *rq, const struct mail_wish *w)
{
    struct json_writer j;
    reply_etag(rq, id_format(rq->arena, mail_wish_version(w)));
    jw_init(&j, reply_begin(rq, 200, "application/json"));
    jw_open(&j, '{');
    jw_put_str_or_null(&j, "email", w->email);
    jw_put_bool(&j, "is_confirmed", w->is_confirmed);
    jw_key(&j, "kinds");
    jw_open(&j, '[');
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (!is_offered(w, i)) continue;
        jw_open(&j, '{');
        jw_put_str(&j, "kind", str_from(notice_kinds[i].name));
        jw_put_str(&j, "title", translate(rq->language, notice_kinds[i].title));
        jw_put_bool(&j, "by_email", !w->is_off[i]);
        jw_close(&j);
    }
    jw_close(&j);
    jw_put_bool(&j, "digest", w->is_digest);
    jw_close(&j);
}

static enum outcome api_get(struct request *rq, struct fail *why)
{
    struct mail_wish w;
    TRY(load(rq, &w, why));
    write_wish(rq, &w);
    return OK;
}

static void read_kinds(struct request *rq, yyjson_val *kinds, const struct mail_wish *w, struct mail_change *change,
                       struct fail *why)
{
    yyjson_val *item;
    size_t i, count;
    enum notice_kind kind;
    if (kinds != NULL && !yyjson_is_arr(kinds))
        fail_problem(why, STR("/kinds"), "type", N_("The kinds are a list of {0}."), STR("{kind, by_email}"));
    yyjson_arr_foreach(kinds, i, count, item)
    {
        struct str name = json_str(item, "kind");
        bool is_known = notice_kind_parse(name, &kind) && is_offered(w, kind);
        if (is_known && yyjson_is_bool(json_get(item, "by_email")))
            change->is_off[kind] = !json_bool(item, "by_email", true);
        else
            fail_problem(why, str_format(rq->arena, "/kinds/%zu", i), "unknown", N_("“{0}” is not one of the choices."),
                         name);
    }
}

static enum outcome api_put(struct request *rq, struct fail *why)
{
    struct mail_wish w;
    struct mail_change change = {0};
    yyjson_val *body;
    TRY(request_if_match(rq, &change.version, why));
    TRY(request_json(rq, &body, why));
    TRY(load(rq, &w, why));
    memcpy(change.is_off, w.is_off, sizeof change.is_off);
    read_kinds(rq, json_get(body, "kinds"), &w, &change, why);
    change.is_digest = json_bool(body, "digest", w.is_digest);
    TRY(fail_if_problems(why));
    TRY(save(rq, &change, why));
    return api_get(rq, why);
}

static enum outcome api_ask(struct request *rq, struct fail *why)
{
    TRY(ask(rq, why));
    reply_empty(rq, 202);
    return OK;
}

/* In order of use. */
/* clang-format off */
const struct route wish_routes[] = {
    {GET,  "/tai-khoan/thong-bao",             PERMIT_NOTICE_READ, get_wish,     N_("Notices by e-mail"), 0, false, NULL},
    {POST, "/tai-khoan/thong-bao",             PERMIT_NOTICE_READ, post_wish,    N_("Notices by e-mail"), 0, false, NULL},
    {POST, "/tai-khoan/thong-bao/xac-nhan",    PERMIT_NOTICE_READ, post_ask,     N_("Notices by e-mail"), 0, false, NULL},
    {GET,  "/thong-bao/xac-nhan/{token}",      PERMIT_PUBLIC,      get_confirm,  N_("Confirm your e-mail address"), 0, false, NULL},
    {POST, "/thong-bao/xac-nhan/{token}",      PERMIT_PUBLIC,      post_confirm, N_("Confirm your e-mail address"), 0, false, NULL},
    {GET,  "/thong-bao/ngung/{token}",         PERMIT_PUBLIC,      get_stop,     N_("Stop letters"),      0, false, NULL},
    {POST, "/thong-bao/ngung/{token}",         PERMIT_PUBLIC,      post_stop,    N_("Stop letters"),      0, false, NULL},
    {GET,  "/api/v1/account/notices",          PERMIT_NOTICE_READ, api_get,      N_("Which notices come by e-mail"), 0, false, NULL},
    {PUT,  "/api/v1/account/notices",          PERMIT_NOTICE_READ, api_put,      N_("Choose which notices come by e-mail"), 0, false, NULL},
    {POST, "/api/v1/account/notices/confirm",  PERMIT_NOTICE_READ, api_ask,      N_("Ask for the letter that confirms the address"), 0, false, NULL},
};
/* clang-format on */
const size_t wish_route_count = LENGTH(wish_routes);
