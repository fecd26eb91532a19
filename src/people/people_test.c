#include "store/test_store.h"

#include "agency/permission.h"
#include "people/attempts.h"
#include "people/password.h"
#include "people/people.h"
#include "people/people_demo.h"
#include "people/visitor_cache.h"

/* What app/ gives a running program. */
static struct test_store t;
static struct identity_keys *keys;
static struct people *people;
static const struct actor nobody = {0};

static int set_up(void **state)
{
    (void)state;
    test_store_open(&t);
    assert_ok(&t, identity_keys_open(str_from(t.folder), true, &keys, &t.why));
    people = people_new(t.store, keys);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    char path[96];
    clock_release();
    people_free(people);
    identity_keys_free(keys);
    snprintf(path, sizeof path, "%s/identity.key", t.folder);
    (void)unlink(path); /* tests may have removed it */
    test_store_close(&t);
    return 0;
}

static struct user_new user(const char *login)
{
    return (struct user_new){.login = str_from(login),
                             .name = STR("Nguyễn Văn An"),
                             .kind = STR("citizen"),
                             .password = STR("mot hai ba bon")};
}

static int64_t add(struct user_new n)
{
    int64_t id = 0;
    fail_init(&t.why, &t.arena);
    assert_ok(&t, people_user_add(people, &n, &id, &t.why));
    return id;
}

static enum outcome sign_in(const char *login, const char *password, struct signed_in *out, int64_t *retry_s)
{
    struct sign_in in = {str_from(login), str_from(password), STR("127.0.0.1")};
    fail_init(&t.why, &t.arena);
    return people_sign_in(people, &t.arena, &in, out, retry_s, &t.why);
}

/* A request that carries one header, identified. */
struct visit {
    struct request rq;
    struct pair header;
    enum outcome outcome;
};

static void visit(struct visit *v, const char *header, struct str value)
{
    *v = (struct visit){
        .header = {str_from(header), value}
    };
    v->rq.arena = &t.arena;
    v->rq.headers = &v->header;
    v->rq.header_count = 1;
    fail_init(&v->rq.why, &t.arena);
    v->outcome = people_identify_with(people, &v->rq, &v->rq.why);
}

static void visit_with_cookie(struct visit *v, struct str cookie)
{
    visit(v, "cookie", str_format(&t.arena, "a=b; motcua=%.*s", STR_ARG(cookie)));
}

static void visit_with_token(struct visit *v, struct str token)
{
    visit(v, "authorization", str_format(&t.arena, "Bearer %.*s", STR_ARG(token)));
}

static int64_t agency(const char *identifier)
{
    int64_t id = 0;
    struct agency_new n = {.identifier = str_from(identifier),
                           .name = str_from(identifier),
                           .class = STR("ministry"),
                           .valid_from = DAY_UNKNOWN};
    assert_ok(&t, store_run(t.store, agency_add, &n, &id, &t.why));
    return id;
}

/* ---- accounts ---- */

static void every_mistake_of_a_new_account_is_said_at_once(void **state)
{
    (void)state;
    const struct identity number = {IDENTITY_PERSONAL_ID, STR("12")};
    struct user_new n = {.login = STR("Ăn"),
                         .kind = STR("boss"),
                         .password = STR("short"),
                         .language = STR("fr"),
                         .email = STR("x"),
                         .phone = STR("y"),
                         .post_role = STR("citizen"),
                         .identities = &number,
                         .identity_count = 1};
    int64_t id;
    assert_int_equal(people_user_add(people, &n, &id, &t.why), ERR_INVALID);
    assert_int_equal(t.why.problem_count, 9);
    n = user("ten.dang_nhap-1@x+y");
    (void)add(n);
}

static void a_login_and_a_number_have_one_account(void **state)
{
    (void)state;
    const struct identity number = {IDENTITY_PERSONAL_ID, STR("079190012323")};
    struct user_new n = user("congdan");
    int64_t id;
    n.identities = &number;
    n.identity_count = 1;
    id = add(n);
    n.login = STR("CongDan");
    assert_int_equal(people_user_add(people, &n, &id, &t.why), ERR_CONFLICT);
    n.login = STR("congdan2");
    assert_int_equal(people_user_add(people, &n, &id, &t.why), ERR_CONFLICT);
    assert_str(t.why.args[0], "079*******23");

    struct tx *tx = NULL;
    struct kept_identity *kept;
    size_t count;
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    struct account account;
    assert_ok(&t, account_find(tx, STR(" CONGDAN "), &account, &t.why));
    assert_ok(&t, identity_of(tx, OWNER_ACCOUNT, account.id, &kept, &count, &t.why));
    assert_int_equal(count, 1);
    assert_str(kept[0].masked, "079*******23");
    store_read_end(tx);
}

static void what_is_sealed_opens_only_with_its_key(void **state)
{
    (void)state;
    struct identity number = {IDENTITY_PERSONAL_ID, STR("079190012323")};
    struct sealed_identity a = identity_seal(keys, &t.arena, number), b = identity_seal(keys, &t.arena, number);
    assert_true(sha256_eq(a.lookup, b.lookup));
    assert_false(str_eq(a.cipher, b.cipher));
    assert_false(str_has(a.cipher, number.value));
    struct str clear;
    assert_ok(&t, identity_unseal(keys, &t.arena, a.cipher, &clear, &t.why));
    assert_str(clear, "079190012323");
    char *broken = arena_dup(&t.arena, a.cipher.at, a.cipher.len);
    broken[a.cipher.len - 1] ^= 1;
    assert_int_equal(identity_unseal(keys, &t.arena, str_of(broken, a.cipher.len), &clear, &t.why), ERR_DOWN);
    number.type = IDENTITY_TAX_CODE;
    assert_false(sha256_eq(a.lookup, identity_seal(keys, &t.arena, number).lookup));
}

static void passwords_for_the_first_time_are_long_and_different(void **state)
{
    (void)state;
    struct str a = people_make_password(&t.arena), b = people_make_password(&t.arena);
    assert_int_equal(a.len, 19);
    assert_false(str_eq(a, b));
}

/* ---- signing in ---- */

static void the_right_password_makes_a_session_that_ends_at_sign_out(void **state)
{
    (void)state;
    int64_t id = add(user("congdan")), retry_s;
    struct signed_in in;
    struct visit v;
    assert_ok(&t, sign_in("CongDan", "mot hai ba bon", &in, &retry_s));
    visit_with_cookie(&v, in.cookie);
    assert_int_equal(v.rq.visitor.account, id);
    assert_str(v.rq.visitor.role, "citizen");
    assert_str(v.rq.visitor.name, "Nguyễn Văn An");
    assert_true(permission_is_in(v.rq.visitor.permissions, PERMIT_DOSSIER_SUBMIT));
    assert_true(v.rq.visitor.csrf.len > 20);
    assert_false(str_has(v.rq.visitor.csrf, in.cookie));
    visit_with_cookie(&v, in.cookie); /* from the cache */
    assert_int_equal(v.rq.visitor.account, id);
    assert_ok(&t, people_sign_out(people, in.cookie, &t.why));
    visit_with_cookie(&v, in.cookie);
    assert_int_equal(v.outcome, OK);
    assert_int_equal(v.rq.visitor.account, 0);
    assert_int_equal(people_authorise(&v.rq, PERMIT_SIGNED_IN, &v.rq.why), ERR_SIGN_IN);
    assert_int_equal(people_authorise(&v.rq, PERMIT_PUBLIC, &v.rq.why), OK);
}

static void a_wrong_password_and_an_unknown_login_get_the_same_answer(void **state)
{
    (void)state;
    (void)add(user("congdan"));
    struct signed_in in;
    int64_t retry_s;
    assert_int_equal(sign_in("congdan", "wrong password", &in, &retry_s), ERR_SIGN_IN);
    const char *sentence = t.why.sentence;
    assert_int_equal(sign_in("nobody", "wrong password", &in, &retry_s), ERR_SIGN_IN);
    assert_ptr_equal(t.why.sentence, sentence);
    assert_int_equal(sign_in("", "", &in, &retry_s), ERR_SIGN_IN);
    assert_int_equal(sign_in("\xFF\xFE", "x", &in, &retry_s), ERR_SIGN_IN);
}

static void after_ten_mistakes_a_login_has_to_wait_and_others_do_not(void **state)
{
    (void)state;
    (void)add(user("congdan"));
    (void)add(user("nguoikhac"));
    struct signed_in in;
    int64_t retry_s;
    for (int i = 0; i < 10; i++) assert_int_equal(sign_in("congdan", "wrong password", &in, &retry_s), ERR_SIGN_IN);
    for (int i = 1; i < test_slowness() && sign_in("congdan", "wrong password", &in, &retry_s) != ERR_TOO_MANY; i++) {
        /* ten took so long that one has come back */
    }
    assert_int_equal(sign_in("congdan", "mot hai ba bon", &in, &retry_s), ERR_TOO_MANY);
    assert_true(retry_s > 0 && retry_s <= 30);
    assert_int_equal(sign_in("nguoikhac", "mot hai ba bon", &in, &retry_s), OK);
}

static void tries_come_back_and_good_ones_cost_nothing(void **state)
{
    (void)state;
    struct attempts *a = attempts_new(2, 3600);
    assert_int_equal(attempts_take(a, STR("x")), 0);
    assert_int_equal(attempts_take(a, STR("x")), 0);
    assert_true(attempts_take(a, STR("x")) > 3500);
    attempts_give_back(a, STR("x"));
    assert_int_equal(attempts_take(a, STR("x")), 0);
    assert_int_equal(attempts_take(a, STR("y")), 0);
    attempts_free(a);
}

static void tell_the_other(void *context, struct str word)
{
    attempts_hear(context, word);
}

static void processes_count_tries_together(void **state)
{
    (void)state;
    struct attempts *a = attempts_new(3, 3600), *b = attempts_new(3, 3600), *other = attempts_new(3, 3600);
    struct sha256 secret = sha256_of(STR("secret"));
    attempts_join(a, 'l', secret, tell_the_other, b);
    attempts_join(b, 'l', secret, tell_the_other, a);
    attempts_join(other, 'p', secret, tell_the_other, a);
    assert_int_equal(attempts_take(a, STR("x")), 0);
    assert_int_equal(attempts_take(b, STR("x")), 0);
    assert_int_equal(attempts_take(other, STR("x")), 0); /* another kind of tries */
    assert_int_equal(attempts_take(a, STR("x")), 0);
    assert_true(attempts_take(b, STR("x")) > 3500);
    assert_true(attempts_take(a, STR("x")) > 3500);
    attempts_give_back(b, STR("x"));
    assert_int_equal(attempts_take(a, STR("x")), 0);
    assert_true(attempts_take(b, STR("x")) > 3500);
    attempts_hear(a, STR("l+12"));
    attempts_hear(a, STR("l+zz23456789abcdef"));
    attempts_hear(a, STR_NONE);
    attempts_free(a);
    attempts_free(b);
    attempts_free(other);
}

static void a_closed_account_is_out_at_once(void **state)
{
    (void)state;
    (void)add(user("congdan"));
    struct signed_in in;
    struct visit v;
    struct str token;
    int64_t retry_s;
    assert_ok(&t, sign_in("congdan", "mot hai ba bon", &in, &retry_s));
    struct token_new n = {.login = STR("congdan"), .label = STR("test")};
    assert_ok(&t, people_token_create(people, &t.arena, &n, &token, &t.why));
    visit_with_token(&v, token);
    assert_true(v.rq.visitor.is_token);
    assert_int_equal(v.rq.visitor.csrf.len, 0);
    assert_ok(&t, people_user_disable(people, nobody, STR("congdan"), true, &t.why));
    visit_with_cookie(&v, in.cookie);
    assert_int_equal(v.rq.visitor.account, 0);
    visit_with_token(&v, token);
    assert_int_equal(v.outcome, ERR_SIGN_IN);
    assert_int_equal(sign_in("congdan", "mot hai ba bon", &in, &retry_s), ERR_DENIED);
    assert_int_equal(people_token_create(people, &t.arena, &n, &token, &t.why), ERR_CONFLICT);
    assert_ok(&t, people_user_disable(people, nobody, STR("congdan"), false, &t.why));
    assert_ok(&t, sign_in("congdan", "mot hai ba bon", &in, &retry_s));
}

static void a_new_password_ends_the_other_sessions(void **state)
{
    (void)state;
    int64_t id = add(user("congdan")), retry_s;
    struct signed_in here, there;
    struct visit v;
    assert_ok(&t, sign_in("congdan", "mot hai ba bon", &here, &retry_s));
    assert_ok(&t, sign_in("congdan", "mot hai ba bon", &there, &retry_s));
    struct password_new n = {.login = STR("congdan"), .password = STR("nam sau bay tam"), .but_session = here.cookie};
    assert_ok(&t, people_user_password(people, &n, &t.why));
    visit_with_cookie(&v, here.cookie);
    assert_int_equal(v.rq.visitor.account, id);
    visit_with_cookie(&v, there.cookie);
    assert_int_equal(v.rq.visitor.account, 0);
    assert_int_equal(sign_in("congdan", "mot hai ba bon", &here, &retry_s), ERR_SIGN_IN);
    assert_ok(&t, sign_in("congdan", "nam sau bay tam", &here, &retry_s));
}

static void an_officer_acts_in_the_post_in_use_and_goes_silent_after_an_hour(void **state)
{
    (void)state;
    int64_t g11 = agency("G11"), g12 = agency("G12"), retry_s, second = 0;
    struct user_new n = user("canbo");
    n.kind = STR("officer");
    n.post_agency = g11;
    n.post_role = STR("receiver");
    int64_t id = add(n);
    struct post_new post = {
        .account = id, .agency = g12, .role = STR("leader"), .valid_from = day_of(clock_now()), .valid_to = DAY_OPEN};
    assert_ok(&t, store_run(t.store, post_add, &post, &second, &t.why));
    struct signed_in in;
    struct visit v;
    assert_ok(&t, sign_in("canbo", "mot hai ba bon", &in, &retry_s));
    visit_with_cookie(&v, in.cookie);
    assert_int_equal(v.rq.visitor.agency, g11);
    assert_str(v.rq.visitor.role, "receiver");
    assert_int_equal(people_authorise(&v.rq, PERMIT_DOSSIER_APPROVE, &v.rq.why), ERR_DENIED);
    assert_ok(&t, people_use_post(people, in.cookie, id, second, &t.why));
    visit_with_cookie(&v, in.cookie);
    assert_int_equal(v.rq.visitor.agency, g12);
    assert_int_equal(people_authorise(&v.rq, PERMIT_DOSSIER_APPROVE, &v.rq.why), OK);
    assert_int_equal(people_use_post(people, in.cookie, id, 12345, &t.why), ERR_MISSING);

    instant_t now = clock_now();
    clock_hold(now + 50 * US_PER_MINUTE); /* renews the session */
    visit_with_cookie(&v, in.cookie);
    assert_int_equal(v.rq.visitor.account, id);
    clock_hold(now + 100 * US_PER_MINUTE);
    visit_with_cookie(&v, in.cookie);
    assert_int_equal(v.rq.visitor.account, id);
    clock_hold(now + 161 * US_PER_MINUTE);
    visit_with_cookie(&v, in.cookie);
    assert_int_equal(v.rq.visitor.account, 0);
}

static void a_password_from_somebody_else_opens_only_the_account_page(void **state)
{
    (void)state;
    struct user_new n = user("congdan");
    n.must_change = true;
    (void)add(n);
    struct signed_in in;
    struct visit v;
    int64_t retry_s;
    assert_ok(&t, sign_in("congdan", "mot hai ba bon", &in, &retry_s));
    visit_with_cookie(&v, in.cookie);
    assert_int_equal(people_authorise(&v.rq, PERMIT_SIGNED_IN, &v.rq.why), OK);
    assert_int_equal(people_authorise(&v.rq, PERMIT_DOSSIER_SUBMIT, &v.rq.why), ERR_DENIED);
    struct password_new p = {.login = STR("congdan"), .password = STR("nam sau bay tam"), .but_session = in.cookie};
    assert_ok(&t, people_user_password(people, &p, &t.why));
    visit_with_cookie(&v, in.cookie);
    assert_int_equal(people_authorise(&v.rq, PERMIT_DOSSIER_SUBMIT, &v.rq.why), OK);
}

static void a_session_and_a_token_end_with_their_time(void **state)
{
    (void)state;
    int64_t id = add(user("congdan")), retry_s;
    struct signed_in in;
    struct str token;
    struct visit v;
    instant_t now = clock_now();
    assert_ok(&t, sign_in("congdan", "mot hai ba bon", &in, &retry_s));
    struct token_new n = {.login = STR("congdan"), .days = 2};
    assert_ok(&t, people_token_create(people, &t.arena, &n, &token, &t.why));
    clock_hold(now + 23 * US_PER_HOUR);
    visit_with_cookie(&v, in.cookie);
    assert_int_equal(v.rq.visitor.account, id);
    clock_hold(now + 25 * US_PER_HOUR);
    visit_with_cookie(&v, in.cookie);
    assert_int_equal(v.rq.visitor.account, 0);
    visit_with_token(&v, token);
    assert_int_equal(v.rq.visitor.account, id);
    clock_hold(now + 49 * US_PER_HOUR);
    visit_with_token(&v, token);
    assert_int_equal(v.outcome, ERR_SIGN_IN);
    assert_ok(&t, people_forget_expired(people, &t.why));
    n.days = 4000;
    assert_int_equal(people_token_create(people, &t.arena, &n, &token, &t.why), ERR_INVALID);
}

static void what_is_no_key_is_nobody(void **state)
{
    (void)state;
    static const char *const cookies[] = {"", "x", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                                          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
                                          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    struct visit v;
    for (size_t i = 0; i < LENGTH(cookies); i++) {
        visit_with_cookie(&v, str_from(cookies[i]));
        assert_int_equal(v.outcome, OK);
        assert_int_equal(v.rq.visitor.account, 0);
        visit_with_token(&v, str_from(cookies[i]));
        assert_int_equal(v.outcome, ERR_SIGN_IN);
    }
    visit(&v, "authorization", STR("Basic abc"));
    assert_int_equal(v.outcome, OK);
}

static void contact_data_is_checked_and_kept(void **state)
{
    (void)state;
    struct contact_new c = {.account = add(user("congdan")),
                            .language = STR("en"),
                            .email = STR("an@example.vn"),
                            .phone = STR("0912 345 678"),
                            .address = STR("  Xã  Cát Tiên ")};
    assert_ok(&t, people_user_contact(people, &c, &t.why));
    struct user_line *list;
    size_t count;
    assert_ok(&t, people_user_list(people, &t.arena, STR_NONE, 10, &list, &count, &t.why));
    assert_int_equal(count, 1);
    assert_str(list[0].account.address, "Xã Cát Tiên");
    assert_str(list[0].account.language, "en");
    assert_str(list[0].roles, "citizen");
    c.email = STR("x");
    c.language = STR("fr");
    assert_int_equal(people_user_contact(people, &c, &t.why), ERR_INVALID);
    assert_int_equal(t.why.problem_count, 2);
}

static void a_cache_forgets_what_was_read_before_a_clearing(void **state)
{
    (void)state;
    struct visitor_cache *c = visitor_cache_new();
    struct sha256 key = sha256_of(STR("x"));
    struct known_visitor in =
                             {
                                 .visitor = {.account = 7, .login = STR("a")}
    },
                         out;
    uint64_t epoch;
    assert_false(visitor_cache_find(c, key, &t.arena, &out, &epoch));
    visitor_cache_put(c, key, epoch, &in);
    assert_true(visitor_cache_find(c, key, &t.arena, &out, &epoch));
    assert_int_equal(out.visitor.account, 7);
    visitor_cache_clear(c);
    visitor_cache_put(c, key, epoch, &in);
    assert_false(visitor_cache_find(c, key, &t.arena, &out, &epoch));
    visitor_cache_free(c);
}

static void the_demo_has_people_of_every_role(void **state)
{
    (void)state;
    static const char units[] = "[{\"Code\":\"68\",\"FullName\":\"Tỉnh Lâm Đồng\",\"Wards\":["
                                "{\"Code\":\"22963\",\"FullName\":\"Xã Tuyên Quang\",\"ProvinceCode\":\"68\"}]}]";
    struct import_report report;
    struct demo_account *accounts;
    size_t count;
    import_report_init(&report, &t.arena);
    assert_ok(&t, agency_import_units(t.store, nobody, STR("units"), str_from(units), &report, &t.why));
    assert_ok(&t, demo_office(people, t.store, STR_NONE, &accounts, &count, &t.why));
    static const char *const roles_wanted[] = {"citizen", "business", "receiver", "specialist",
                                               "leader",  "clerk",    "admin"};
    for (size_t i = 0; i < LENGTH(roles_wanted); i++) {
        bool is_there = false;
        for (size_t n = 0; n < count; n++) is_there = is_there || str_eq(accounts[n].role, str_from(roles_wanted[i]));
        assert_true(is_there);
    }
    struct signed_in in;
    int64_t retry_s;
    const char *login = str_cstr(&t.arena, accounts[2].login), *password = str_cstr(&t.arena, accounts[2].password);
    assert_ok(&t, sign_in(login, password, &in, &retry_s));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(every_mistake_of_a_new_account_is_said_at_once),
        TEST(a_login_and_a_number_have_one_account),
        TEST(what_is_sealed_opens_only_with_its_key),
        TEST(passwords_for_the_first_time_are_long_and_different),
        TEST(the_right_password_makes_a_session_that_ends_at_sign_out),
        TEST(a_wrong_password_and_an_unknown_login_get_the_same_answer),
        TEST(after_ten_mistakes_a_login_has_to_wait_and_others_do_not),
        TEST(tries_come_back_and_good_ones_cost_nothing),
        TEST(processes_count_tries_together),
        TEST(a_closed_account_is_out_at_once),
        TEST(a_new_password_ends_the_other_sessions),
        TEST(an_officer_acts_in_the_post_in_use_and_goes_silent_after_an_hour),
        TEST(a_password_from_somebody_else_opens_only_the_account_page),
        TEST(a_session_and_a_token_end_with_their_time),
        TEST(what_is_no_key_is_nobody),
        TEST(contact_data_is_checked_and_kept),
        TEST(the_demo_has_people_of_every_role),
        TEST(a_cache_forgets_what_was_read_before_a_clearing),
    };
    return RUN_TESTS(tests);
}
