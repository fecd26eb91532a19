/* Who gets a message of what: decided once for each entry, by wishes that can change until it is sent. */
#include "dossier/test_desk.h"

#include "notice/endpoint.h"
#include "notice/mail_wish.h"
#include "notice/message.h"
#include "notice/notice.h"
#include "notice/outbox.h"
#include "notice/sender.h"

static struct test_desk d;

static int set_up(void **state)
{
    (void)state;
    test_desk_open(&d);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    clock_release();
    test_desk_close(&d);
    return 0;
}

static void catch_up(void)
{
    static struct follower both[2];
    both[0] = message_follower;
    both[1] = notice_follower;
    assert_ok(&d.t, journal_catch_up(d.t.store, both, 2, &d.t.why));
}

static size_t messages(int64_t lane, struct message **out)
{
    size_t count;
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, messages_of_lane(tx, lane, INT64_MAX, 100, out, &count, &d.t.why));
    store_read_end(tx);
    return count;
}

static enum outcome give_email(struct tx *tx, const void *in, void *out, struct fail *why)
{
    const int64_t *account = in;
    (void)out; /* there is none */
    return store_do(
        tx, Q_ACCOUNT_SET_CONTACT,
        VALUES(v_str(STR("vi")), v_str(STR("an@example.vn")), v_str(STR("")), v_str(STR("")), v_int(*account)), NULL,
        why);
}

static struct mail_wish wish_of(enum test_person who)
{
    struct mail_wish w;
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, mail_wish_load(tx, d.people[who], &w, &d.t.why));
    store_read_end(tx);
    return w;
}

static void confirm(enum test_person who)
{
    struct mail_change change = {.actor = person_actor(&d, who), .account = d.people[who]};
    assert_ok(&d.t, store_run(d.t.store, give_email, &d.people[who], NULL, &d.t.why));
    assert_ok(&d.t, store_run(d.t.store, mail_ask, &change, NULL, &d.t.why));
    change.asked_at = wish_of(who).asked_at;
    assert_ok(&d.t, store_run(d.t.store, mail_confirm, &change, NULL, &d.t.why));
}

static void choose(enum test_person who, enum notice_kind off, bool is_digest)
{
    struct mail_change change = {.actor = person_actor(&d, who), .account = d.people[who], .is_digest = is_digest};
    if (off != KIND_COUNT) change.is_off[off] = true;
    assert_ok(&d.t, store_run(d.t.store, mail_choose, &change, NULL, &d.t.why));
}

struct reminder {
    struct str code, act;
    int64_t to;
};

static enum outcome remind(struct tx *tx, const void *in, void *out, struct fail *why)
{
    const struct reminder *r = in;
    struct dossier dossier;
    (void)out; /* there is none */
    TRY(dossier_find(tx, r->code, &dossier, why));
    struct str payload = str_format(tx_arena(tx), "{\"kind\":\"late\",\"to\":[\"%lld\",\"x\",7]}", (long long)r->to);
    return journal_append(tx,
                          &(struct entry){.subject_kind = SUBJECT_DOSSIER,
                                          .subject = dossier.id,
                                          .version = dossier.version,
                                          .act = r->act.at,
                                          .payload = payload},
                          NULL, why);
}

static void remind_of(struct str code, enum test_person who)
{
    struct reminder r = {code, STR("remind"), d.people[who]};
    assert_ok(&d.t, store_run(d.t.store, remind, &r, NULL, &d.t.why));
}

static void nobody_gets_letters_before_the_address_is_confirmed(void **state)
{
    struct message *list;
    struct mail_change change = {.actor = person_actor(&d, CITIZEN), .account = d.people[CITIZEN]};
    (void)state;
    assert_int_equal(store_run(d.t.store, mail_ask, &change, NULL, &d.t.why), ERR_INVALID); /* no address */
    assert_ok(&d.t, store_run(d.t.store, give_email, &d.people[CITIZEN], NULL, &d.t.why));
    test_submit(&d, "Nguyễn Văn An");
    catch_up();
    assert_int_equal(messages(LANE_MAIL, &list), 0);
    assert_ok(&d.t, store_run(d.t.store, mail_ask, &change, NULL, &d.t.why));
    assert_int_equal(store_run(d.t.store, mail_ask, &change, NULL, &d.t.why), ERR_TOO_MANY);
    test_submit(&d, "Nguyễn Văn An");
    catch_up();
    assert_int_equal(messages(LANE_MAIL, &list), 1);
    assert_str(list[0].event, "confirm");
}

static void what_was_before_the_confirmation_is_not_told_afterwards(void **state)
{
    struct message *list;
    (void)state;
    test_submit(&d, "Nguyễn Văn An");
    confirm(CITIZEN);
    struct str code = test_submit(&d, "Nguyễn Văn An").code;
    test_act(&d, RECEIVER, ACTION_RECEIVE, code);
    catch_up(); /* all of it now, as after an upgrade */
    assert_int_equal(messages(LANE_MAIL, &list), 3);
    assert_str(list[0].event, "receive");
    assert_str(list[1].event, "submit");
    assert_str(list[2].event, "confirm");
    catch_up();
    assert_int_equal(messages(LANE_MAIL, &list), 3);
}

static void a_kind_that_is_off_is_not_sent(void **state)
{
    struct message *list;
    (void)state;
    confirm(CITIZEN);
    choose(CITIZEN, KIND_RECEIPT, false);
    struct str code = test_submit(&d, "Nguyễn Văn An").code;
    test_act(&d, RECEIVER, ACTION_RECEIVE, code);
    test_act(&d, RECEIVER, ACTION_REQUEST_SUPPLEMENT, test_submit(&d, "Nguyễn Văn An").code);
    catch_up();
    assert_int_equal(messages(LANE_MAIL, &list), 2);
    assert_str(list[0].event, "request-supplement");
}

static void a_link_that_is_late_or_of_another_address_confirms_nothing(void **state)
{
    struct mail_change change = {.actor = person_actor(&d, CITIZEN), .account = d.people[CITIZEN]};
    (void)state;
    assert_ok(&d.t, store_run(d.t.store, give_email, &d.people[CITIZEN], NULL, &d.t.why));
    clock_hold(clock_now());
    assert_ok(&d.t, store_run(d.t.store, mail_ask, &change, NULL, &d.t.why));
    change.asked_at = wish_of(CITIZEN).asked_at + 1;
    assert_int_equal(store_run(d.t.store, mail_confirm, &change, NULL, &d.t.why), ERR_CONFLICT);
    change.asked_at--;
    clock_hold(clock_now() + (MAIL_CONFIRM_HOURS * US_PER_HOUR) + US_PER_S);
    assert_int_equal(store_run(d.t.store, mail_confirm, &change, NULL, &d.t.why), ERR_CONFLICT);
    assert_false(wish_of(CITIZEN).is_confirmed);
}

static void links_of_letters_cannot_be_made_by_others(void **state)
{
    struct arena *a = &d.t.arena;
    struct mail_owner owner = {77, 0, 0}, read;
    int64_t account;
    instant_t asked_at;
    (void)state;
    struct str token = mail_stop_token(d.desk.keys, a, owner), other = mail_confirm_token(d.desk.keys, a, 77, 5);
    assert_true(mail_stop_token_read(d.desk.keys, a, token, &read));
    assert_int_equal(read.account, 77);
    assert_true(mail_confirm_token_read(d.desk.keys, a, other, &account, &asked_at));
    assert_true(account == 77 && asked_at == 5);
    assert_false(mail_stop_token_read(d.desk.keys, a, other, &read));
    assert_false(mail_confirm_token_read(d.desk.keys, a, token, &account, &asked_at));
    assert_false(mail_stop_token_read(d.desk.keys, a, STR_NONE, &read));
    for (size_t i = 0; i < token.len; i++) {
        char *changed = arena_dup(a, token.at, token.len);
        changed[i] ^= 1;
        assert_false(mail_stop_token_read(d.desk.keys, a, str_of(changed, token.len), &read));
        assert_false(mail_stop_token_read(d.desk.keys, a, str_part(token, 0, i), &read));
    }
}

static void a_reminder_reaches_whom_it_names_inside_and_by_letter(void **state)
{
    struct message *list;
    struct notice *notices;
    size_t count;
    (void)state;
    struct str code = test_submit(&d, "Nguyễn Văn An").code;
    confirm(COLLEAGUE);
    remind_of(code, COLLEAGUE);
    catch_up();
    assert_int_equal(messages(LANE_MAIL, &list), 2);
    assert_str(list[0].event, "remind");
    assert_int_equal(list[0].account, d.people[COLLEAGUE]);
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, notices_of_account(tx, d.people[COLLEAGUE], INT64_MAX, 10, &notices, &count, &d.t.why));
    store_read_end(tx);
    assert_int_equal(count, 1);
    assert_ptr_equal(notices[0].event, event_find(STR("remind")));
}

static void reminders_of_a_day_are_one_letter_for_who_wants_it_so(void **state)
{
    struct message *list;
    (void)state;
    clock_hold(day_start(day_of(clock_now())) + 9 * US_PER_HOUR);
    struct str code = test_submit(&d, "Nguyễn Văn An").code;
    confirm(COLLEAGUE);
    choose(COLLEAGUE, KIND_COUNT, true);
    for (int i = 0; i < 3; i++) {
        clock_hold(clock_now() + US_PER_HOUR);
        remind_of(code, COLLEAGUE);
    }
    catch_up();
    assert_int_equal(messages(LANE_MAIL, &list), 2);
    assert_str(list[0].event, "digest");
    assert_int_equal(us_of_day(list[0].next_at), 7 * US_PER_HOUR);
    assert_int_equal(day_of(list[0].next_at), day_of(clock_now()) + 1);
}

static void an_endpoint_hears_its_events_from_then_on(void **state)
{
    struct message *list;
    struct endpoint_added added;
    struct str clear;
    struct endpoint_new new = {.url = STR("https://example.vn/"), .events = STR("motcua.dossier.receive")};
    (void)state;
    struct str code = test_submit(&d, "Nguyễn Văn An").code, later = test_submit(&d, "Lê Văn Bá").code;
    test_act(&d, RECEIVER, ACTION_RECEIVE, code);
    endpoint_secret(d.desk.keys, &d.t.arena, &new.sealed, &clear);
    assert_ok(&d.t, store_run(d.t.store, endpoint_add, &new, &added, &d.t.why));
    assert_int_equal(store_run(d.t.store, endpoint_add, &new, &added, &d.t.why), ERR_CONFLICT);
    test_act(&d, RECEIVER, ACTION_RECEIVE, later);
    catch_up();
    assert_int_equal(messages(added.id, &list), 1);
    assert_str(list[0].event, "motcua.dossier.receive");
    assert_int_equal(list[0].dossier, test_dossier(&d, later).id);
}

static void an_endpoint_asked_for_twice_with_one_key_is_one_and_a_change_names_the_version_that_was_seen(void **state)
{
    struct endpoint_added first, again;
    struct endpoint_new new = {
        .url = STR("https://example.vn/"),
        .events = STR("*"),
        .key = {.actor = 7, .key = STR("k"), .body_hash = sha256_of(STR("a"))}
    };
    struct str clear, told;
    struct endpoint e;
    (void)state;
    endpoint_secret(d.desk.keys, &d.t.arena, &new.sealed, &clear);
    assert_ok(&d.t, store_run(d.t.store, endpoint_add, &new, &first, &d.t.why));
    assert_ok(&d.t, store_run(d.t.store, endpoint_add, &new, &again, &d.t.why));
    assert_true(!first.is_replay && again.is_replay && first.id == again.id);
    struct tx *tx;
    assert_ok(&d.t, store_read_begin(d.t.store, &d.t.arena, &tx, &d.t.why));
    assert_ok(&d.t, endpoint_load(tx, first.id, &e, &d.t.why));
    assert_ok(&d.t, endpoint_secret_told(d.desk.keys, &d.t.arena, &e, &told, &d.t.why));
    store_read_end(tx);
    assert_true(str_eq(clear, told));
    new.key.body_hash = sha256_of(STR("b"));
    assert_int_equal(store_run(d.t.store, endpoint_add, &new, &again, &d.t.why), ERR_INVALID);
    struct endpoint_change change = {.id = first.id, .version = e.version, .act = ENDPOINT_DISABLE};
    assert_ok(&d.t, store_run(d.t.store, endpoint_change, &change, NULL, &d.t.why));
    assert_int_equal(store_run(d.t.store, endpoint_change, &change, NULL, &d.t.why), ERR_STALE);
}

static void of_a_discreet_matter_endpoints_hear_nothing(void **state)
{
    struct message *list;
    struct endpoint_added added;
    struct str clear;
    struct endpoint_new new = {.url = STR("https://example.vn/"), .events = STR("*")};
    (void)state;
    endpoint_secret(d.desk.keys, &d.t.arena, &new.sealed, &clear);
    assert_ok(&d.t, store_run(d.t.store, endpoint_add, &new, &added, &d.t.why));
    catch_up();
    size_t before = messages(added.id, &list);
    struct submission secret = test_submission(&d, &d.t.arena, "Nguyễn Văn An");
    struct receipt receipt;
    secret.is_protected = true;
    assert_ok(&d.t, store_run(d.t.store, dossier_submit, &secret, &receipt, &d.t.why));
    test_act(&d, RECEIVER, ACTION_RECEIVE, receipt.code);
    catch_up();
    assert_int_equal(messages(added.id, &list), before);
}

static void waits_grow_fourfold_to_six_hours_and_differ(void **state)
{
    static const int64_t middle[] = {5, 20, 80, 320, 1280, 5120, 20480, RETRY_MOST_S, RETRY_MOST_S};
    (void)state;
    for (size_t n = 0; n < LENGTH(middle); n++) {
        assert_int_equal(sender_delay_s(5, (int64_t)n + 1, 500), middle[n]);
        assert_true(sender_delay_s(5, (int64_t)n + 1, 0) >= middle[n] * 4 / 5);
        assert_true(sender_delay_s(5, (int64_t)n + 1, 999) <= middle[n] * 6 / 5);
    }
    assert_int_equal(sender_delay_s(5, INT64_MAX, 500), RETRY_MOST_S);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(nobody_gets_letters_before_the_address_is_confirmed),
        TEST(what_was_before_the_confirmation_is_not_told_afterwards),
        TEST(a_kind_that_is_off_is_not_sent),
        TEST(a_link_that_is_late_or_of_another_address_confirms_nothing),
        TEST(links_of_letters_cannot_be_made_by_others),
        TEST(a_reminder_reaches_whom_it_names_inside_and_by_letter),
        TEST(reminders_of_a_day_are_one_letter_for_who_wants_it_so),
        TEST(an_endpoint_hears_its_events_from_then_on),
        TEST(an_endpoint_asked_for_twice_with_one_key_is_one_and_a_change_names_the_version_that_was_seen),
        TEST(of_a_discreet_matter_endpoints_hear_nothing),
        cmocka_unit_test(waits_grow_fourfold_to_six_hours_and_differ),
    };
    return RUN_TESTS(tests);
}
