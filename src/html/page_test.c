#include "base/test.h"

#include "app/embedded.h"
#include "base/auto.h"
#include "html/component.h"
#include "html/page.h"
#include "http/reply.h"

/* The one service of this test's app. */
static struct page_service service;

const struct page_service *app_pages(const struct app *app)
{
    (void)app;
    return &service;
}

static struct frame_link links[] = {
    {N_("Sign in"), STR_INIT("/ho-so"),     false},
    {N_("Back"),    STR_INIT("/ho-so/moi"), false}
};

static void fill(struct request *rq, struct frame *f)
{
    (void)rq;
    f->stylesheet = STR("/assets/app.1.css");
    f->links = links;
    f->links_count = LENGTH(links);
    links[0].is_current = links[1].is_current = false;
}

/* A visit with what a page asks for; end_visit gives its memory back. */
struct visit {
    struct arena arena;
    struct reply reply;
    struct request rq;
    struct pair headers[3];
};

static void begin_visit(struct visit *v)
{
    memset(v, 0, sizeof *v);
    arena_init(&v->arena, 8 << 20);
    reply_init(&v->reply);
    v->rq = (struct request){.arena = &v->arena,
                             .reply = &v->reply,
                             .method = GET,
                             .path = STR("/ho-so/moi"),
                             .target = STR("/ho-so/moi?a=1&b=2"),
                             .language = ENGLISH,
                             .id = STR("abcde12345"),
                             .headers = v->headers};
    fail_init(&v->rq.why, &v->arena);
    service.fill = fill;
    if (service.set == NULL)
        assert_int_equal(html_set_new(embedded_templates, embedded_templates_count, html_templates, html_template_count,
                                      (struct html_set **)&service.set, &v->rq.why),
                         OK);
}

static void end_visit(struct visit *v)
{
    reply_end(&v->reply);
    arena_end(&v->arena);
}

static void add_header(struct visit *v, const char *name, const char *value)
{
    v->headers[v->rq.header_count++] = (struct pair){str_from(name), str_from(value)};
}

static bool page_has(const struct visit *v, const char *text)
{
    return str_has(buf_str(&v->reply.body), str_from(text));
}

static void a_pointer_becomes_the_id_of_its_field(void **state)
{
    (void)state;
    static const struct {
        const char *pointer, *id;
    } rows[] = {
        {"#/parties/0/name", "parties-0-name"},
        {"/note",            "note"          },
        {"note",             "note"          },
        {"#",                "main-content"  },
        {"",                 "main-content"  },
        {"#/a b\"<x>",       "a-b--x-"       },
    };
    AUTO_ARENA struct arena a;
    arena_init(&a, 1 << 16);
    for (size_t i = 0; i < LENGTH(rows); i++) assert_str(page_field_id(&a, str_from(rows[i].pointer)), rows[i].id);
}

static void an_error_page_says_what_is_safe_and_the_id(void **state)
{
    (void)state;
    struct visit v;
    begin_visit(&v);
    (void)fail(&v.rq.why, ERR_MISSING, N_("There is no template “{0}”."), STR("<b>")); /* the outcome is known */
    page_error(&v.rq, &v.rq.why);
    assert_int_equal(v.reply.status, 404);
    assert_true(page_has(&v, "There is no template “&lt;b&gt;”."));
    assert_false(page_has(&v, "Nothing was changed."));
    assert_true(page_has(&v, "abcde12345"));
    assert_true(page_has(&v, "/language/vi?return=%2Fho-so%2Fmoi%3Fa%3D1%26b%3D2"));
    end_visit(&v);
}

static void a_refused_form_is_told_what_was_kept(void **state)
{
    (void)state;
    struct visit v;
    begin_visit(&v);
    v.rq.method = POST;
    fail_problem(&v.rq.why, STR("#/note"), "required", N_("Not found"));
    (void)fail(&v.rq.why, ERR_STALE, NULL); /* the outcome is known */
    page_error(&v.rq, &v.rq.why);
    assert_int_equal(v.reply.status, 412);
    assert_true(page_has(&v, "Nothing was overwritten"));
    assert_true(page_has(&v, "<a href=\"#main-content\">Not found</a>"));
    end_visit(&v);
}

static void the_longest_address_that_leads_here_is_current(void **state)
{
    (void)state;
    struct visit v;
    begin_visit(&v);
    (void)fail(&v.rq.why, ERR_BUG, NULL); /* the outcome is known */
    page_error(&v.rq, &v.rq.why);
    assert_false(links[0].is_current);
    assert_true(links[1].is_current);
    end_visit(&v);
}

static void a_page_that_needs_a_sign_in_leads_there_and_back(void **state)
{
    (void)state;
    struct visit v;
    begin_visit(&v);
    (void)fail(&v.rq.why, ERR_SIGN_IN, NULL); /* the outcome is known */
    page_error(&v.rq, &v.rq.why);
    assert_int_equal(v.reply.status, 303);
    assert_str(reply_find(&v.reply, "Location")->value, "/dang-nhap?return=%2Fho-so%2Fmoi%3Fa%3D1%26b%3D2");
    end_visit(&v);
}

static void the_way_back_from_a_sign_in_is_let_go_when_it_is_too_long(void **state)
{
    (void)state;
    char target[8000];
    struct visit v;
    begin_visit(&v);
    memset(target, '&', sizeof target);
    memcpy(target, "/viec?", 6);
    v.rq.target = str_of(target, sizeof target);
    (void)fail(&v.rq.why, ERR_SIGN_IN, NULL); /* the outcome is known */
    page_error(&v.rq, &v.rq.why);
    assert_int_equal(v.reply.status, 303);
    assert_str(reply_find(&v.reply, "Location")->value, "/dang-nhap");
    end_visit(&v);
}

static void every_problem_stands_in_the_summary_with_a_link_to_its_field(void **state)
{
    (void)state;
    struct visit v;
    begin_visit(&v);
    fail_problem(&v.rq.why, STR("#/parties/0/name"), "required", N_("Sign in first"));
    fail_problem(&v.rq.why, STR("#/note"), "required", N_("Not found"));
    struct error_page page = {.frame.title = STR("T")};
    page_problems(&v.rq, &page.frame, &v.rq.why);
    page_reply(&v.rq, 422, "html/error", &page);
    assert_true(page_has(&v, "<a href=\"#parties-0-name\">Sign in first</a>"));
    assert_true(page_has(&v, "<a href=\"#note\">Not found</a>"));
    assert_true(page_has(&v, "<title>Error: T"));
    assert_str(page_problem_for(&v.rq, &v.rq.why, STR("#/note")), "Not found");
    assert_str(page_problem_for(&v.rq, &v.rq.why, STR("#/other")), "");
    end_visit(&v);
}

/* A page with forms in a list, as a dossier's acts are, and one of its own. */
struct asked_act {
    struct form_field *fields;
    size_t fields_count;
};
struct asking {
    struct asked_act *acts;
    size_t acts_count;
    struct form_field *fields;
    size_t fields_count;
};

static void a_sentence_for_any_field_is_told_with_the_label_of_its_field(void **state)
{
    (void)state;
    static const struct field act_fields[] = {FORM_FIELDS(struct asked_act, fields), FIELD_END};
    static const struct field asking_fields[] = {FIELD_LIST(struct asking, acts, struct asked_act, act_fields),
                                                 FORM_FIELDS(struct asking, fields), FIELD_END};
    struct form_field of_act[] = {
        {.id = STR("reason"), .label = STR("Reason")}
    };
    struct form_field own[] = {
        {.id = STR("note"), .label = STR("Note")}
    };
    struct asked_act acts[] = {
        {NULL,   0},
        {of_act, 1}
    };
    struct asking page = {acts, LENGTH(acts), own, LENGTH(own)};
    assert_str(form_label_of(asking_fields, &page, STR("reason")), "Reason");
    assert_str(form_label_of(asking_fields, &page, STR("note")), "Note");
    assert_str(form_label_of(asking_fields, &page, STR("other")), "");
}

/* What page_flash left, sent back by the browser. */
static struct str flash_cookie(const char *message)
{
    static char kept[64];
    struct visit v;
    begin_visit(&v);
    page_flash(&v.rq, message);
    struct str value, rest;
    assert_true(str_cut(v.reply.headers[0].value, ';', &value, &rest));
    assert_true(value.len < sizeof kept);
    memcpy(kept, value.at, value.len);
    end_visit(&v);
    return str_of(kept, value.len);
}

static void a_notice_is_shown_once_and_only_in_our_words(void **state)
{
    (void)state;
    struct str cookie = flash_cookie("Sign in first");
    char elsewhere[80]; /* as another version of the program says it: the same message in another place */
    snprintf(elsewhere, sizeof elsewhere, "notice=0%.*s",
             STR_ARG(str_part(cookie, (size_t)str_find(cookie, STR("."), 0), 80)));
    static const char *const others[] = {"notice=0123456789abcdef", "notice=7.0123456789abcdef", "notice=7.x",
                                         "notice=99999999999999999999.0", "notice=<b>Pay here</b>"};
    for (size_t i = 0; i < LENGTH(others) + 2; i++) {
        struct visit v;
        begin_visit(&v);
        struct error_page page = {.frame.title = STR("T")};
        add_header(&v, "cookie", i == 0 ? str_cstr(&v.arena, cookie) : i == 1 ? elsewhere : others[i - 2]);
        page_reply(&v.rq, 200, "html/error", &page);
        assert_int_equal(page_has(&v, "Sign in first"), i <= 1);
        assert_false(page_has(&v, "Pay here"));
        assert_true(str_starts(reply_find(&v.reply, "Set-Cookie")->value, STR("notice=; Path=/; Max-Age=0;")));
        end_visit(&v);
    }
}

static void after_a_form_here_is_the_page_it_came_from(void **state)
{
    (void)state;
    static const struct {
        const char *referrer, *here;
    } rows[] = {
        {"http://a.vn/ho-so?x=1", "/ho-so?x=1"},
        {"http://b.vn/ho-so",     "/"         },
        {"http://a.vn.evil.vn/x", "/"         },
        {"",                      "/"         },
        {"x",                     "/"         },
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct visit v;
        begin_visit(&v);
        v.rq.method = POST;
        add_header(&v, "host", "a.vn");
        add_header(&v, "referer", rows[i].referrer);
        struct error_page page = {.frame.title = STR("T")};
        page_reply(&v.rq, 422, "html/error", &page);
        assert_str(page.frame.here, rows[i].here);
        end_visit(&v);
    }
}

static void the_chosen_language_is_remembered(void **state)
{
    (void)state;
    struct visit v;
    begin_visit(&v);
    struct pair query[] = {
        {STR("return"), STR("//evil.vn/")}
    };
    v.rq.query = query;
    v.rq.query_count = 1;
    v.rq.params[0] = (struct pair){STR("code"), STR("en")};
    v.rq.param_count = 1;
    assert_int_equal(page_choose_language(&v.rq, &v.rq.why), OK);
    assert_str(reply_find(&v.reply, "Location")->value, "/");
    assert_true(str_starts(reply_find(&v.reply, "Set-Cookie")->value, STR("language=en;")));
    v.rq.params[0].value = STR("fr");
    assert_int_equal(page_choose_language(&v.rq, &v.rq.why), ERR_MISSING);
    end_visit(&v);
}

static int forget_templates(void **state)
{
    (void)state;
    html_set_free((struct html_set *)service.set);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pointer_becomes_the_id_of_its_field),
        cmocka_unit_test(an_error_page_says_what_is_safe_and_the_id),
        cmocka_unit_test(a_refused_form_is_told_what_was_kept),
        cmocka_unit_test(the_longest_address_that_leads_here_is_current),
        cmocka_unit_test(a_page_that_needs_a_sign_in_leads_there_and_back),
        cmocka_unit_test(the_way_back_from_a_sign_in_is_let_go_when_it_is_too_long),
        cmocka_unit_test(every_problem_stands_in_the_summary_with_a_link_to_its_field),
        cmocka_unit_test(a_sentence_for_any_field_is_told_with_the_label_of_its_field),
        cmocka_unit_test(a_notice_is_shown_once_and_only_in_our_words),
        cmocka_unit_test(after_a_form_here_is_the_page_it_came_from),
        cmocka_unit_test(the_chosen_language_is_remembered),
    };
    return cmocka_run_group_tests_name(__FILE__, tests, NULL, forget_templates);
}
