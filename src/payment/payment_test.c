/* Fees and receipts: what is due, what was paid, numbers without a gap. */
#include "store/test_store.h"

#include <pthread.h>

#include "payment/payment.h"

enum { SUBJECT = 77, AGENCY = 5, YEAR = 2026 };

static struct test_store t;

static int set_up(void **state)
{
    (void)state;
    test_store_open(&t);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    clock_release();
    test_store_close(&t);
    return 0;
}

static void hold(const char *moment)
{
    instant_t at;
    assert_ok(&t, instant_parse(str_from(moment), &at, &t.why));
    clock_hold(at);
}

/* ---- cases of real records, by their shape ---- */

static struct fee one_charge[] = {
    {.kind = FEE_CHARGE, .is_known = true, .amount = 50000}
};
static struct fee dollars[] = {
    {.kind = FEE_CHARGE, .is_known = true, .amount = 500, .currency = CURRENCY_USD, .condition = STR_INIT("qua đêm")},
    {.kind = FEE_CHARGE, .is_known = true, .amount = 150, .currency = CURRENCY_USD, .condition = STR_INIT("đi lại")},
};
static struct fee by_another_text[] = {
    {.kind = FEE_SERVICE, .is_known = false, .text = STR_INIT("50% mức thu quy định")}
};
static struct fee both_kinds[] = {
    {.kind = FEE_SERVICE, .is_known = true, .amount = 30000},
    {.kind = FEE_CHARGE,  .is_known = true, .amount = 20000},
};

#define CASE(table) ((struct procedure_case){.is_fee_stated = true, .fees = (table), .fee_count = LENGTH(table)})

static struct payments read_all(const struct procedure_case *its_case)
{
    struct payments p;
    struct tx *tx = NULL;
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_ok(&t, payments_of(tx, SUBJECT, its_case, &p, &t.why));
    store_read_end(tx);
    return p;
}

/* ---- commands around the parts ---- */

static enum outcome record(struct tx *tx, const void *in, void *out, struct fail *why)
{
    struct payment made;
    TRY(payment_record(tx, in, &made, why));
    if (out != NULL) *(int64_t *)out = made.n;
    return OK;
}

static enum outcome record_then_fail(struct tx *tx, const void *in, void *out, struct fail *why)
{
    TRY(record(tx, in, out, why));
    return fail(why, ERR_CONFLICT, NULL);
}

static enum outcome ask(struct tx *tx, const void *in, void *out, struct fail *why)
{
    (void)out;
    return payment_ask(tx, in, why);
}

static enum outcome cancel(struct tx *tx, const void *in, void *out, struct fail *why)
{
    (void)out;
    return payment_cancel(tx, SUBJECT, *(const int64_t *)in, 9, STR("nhầm hồ sơ"), why);
}

static struct payment_new paid(const struct procedure_case *its_case, int64_t amount, int64_t version)
{
    return (struct payment_new){.subject = SUBJECT,
                                .version = version,
                                .agency = AGENCY,
                                .agency_identifier = STR("G11.68"),
                                .its_case = its_case,
                                .amount = amount,
                                .manner = STR("cash"),
                                .account = 9};
}

static void pay(const struct payment_new *in)
{
    assert_ok(&t, store_run(t.store, record, in, NULL, &t.why));
}

/* ---- what is due ---- */

static void the_only_fee_of_a_record_is_due(void **state)
{
    (void)state;
    struct procedure_case c = CASE(one_charge);
    struct payments p = read_all(&c);
    assert_int_equal(p.due_count, 1);
    assert_str(p.due[0].id, "charge-1");
    assert_int_equal(p.sum_count, 1);
    assert_true(p.sums[0].is_due_known);
    assert_int_equal(p.sums[0].due, 50000);
    assert_int_equal(p.sums[0].paid, 0);
}

static void which_of_two_conditions_applies_nobody_adds_up(void **state)
{
    (void)state;
    struct procedure_case c = CASE(dollars);
    struct payments p = read_all(&c);
    assert_int_equal(p.due_count, 2);
    assert_str(p.due[1].id, "charge-2");
    assert_int_equal(p.sum_count, 1);
    assert_false(p.sums[0].is_due_known);
    assert_int_equal(p.sums[0].currency, CURRENCY_USD);
}

static void an_amount_that_the_record_does_not_name_is_unknown_not_zero(void **state)
{
    (void)state;
    struct procedure_case c = CASE(by_another_text);
    struct payments p = read_all(&c);
    assert_false(p.due[0].is_known);
    assert_str(p.due[0].condition, "50% mức thu quy định");
    assert_int_equal(p.sum_count, 1);
    assert_false(p.sums[0].is_due_known);
}

static void fees_and_charges_are_never_added_up(void **state)
{
    (void)state;
    struct procedure_case c = CASE(both_kinds);
    struct payments p = read_all(&c);
    assert_int_equal(p.sum_count, 2);
    assert_int_equal(p.sums[0].due, 30000);
    assert_int_equal(p.sums[1].due, 20000);
}

static void a_record_without_fees_has_nothing_due_and_nothing_to_sum(void **state)
{
    (void)state;
    struct payments p = read_all(NULL);
    assert_int_equal(p.due_count, 0);
    assert_int_equal(p.sum_count, 0);
}

static void what_the_office_asked_for_is_due_instead(void **state)
{
    (void)state;
    struct procedure_case c = CASE(dollars);
    struct payment_request in = {.subject = SUBJECT,
                                 .version = 3,
                                 .its_case = &c,
                                 .amount = 500,
                                 .currency = CURRENCY_USD,
                                 .reason = STR("một thuyền viên nghỉ qua đêm"),
                                 .account = 9};
    assert_ok(&t, store_run(t.store, ask, &in, NULL, &t.why));
    struct payments p = read_all(&c);
    assert_int_equal(p.due_count, 3);
    assert_str(p.due[2].id, "asked-1");
    assert_int_equal(p.due[2].kind, FEE_CHARGE);
    assert_true(p.sums[0].is_due_known);
    assert_int_equal(p.sums[0].due, 500);
    struct payment_new in_dollars = paid(&c, 500, 4);
    in_dollars.currency = CURRENCY_USD;
    pay(&in_dollars);
    p = read_all(&c);
    assert_str(p.list[0].fee, "asked-1");
    assert_int_equal(p.due[2].paid, 500);
    assert_int_equal(p.sums[0].paid, 500);
}

/* ---- what was paid ---- */

static void a_payment_is_for_the_only_line_when_nobody_says(void **state)
{
    (void)state;
    struct procedure_case c = CASE(one_charge);
    struct payment_new in = paid(&c, 50000, 2);
    hold("2026-11-22T03:00:00Z");
    pay(&in);
    struct payments p = read_all(&c);
    assert_int_equal(p.count, 1);
    assert_str(p.list[0].receipt_number, "BL-G11.68-2026-0000001");
    assert_str(p.list[0].fee, "charge-1");
    assert_int_equal(p.list[0].kind, FEE_CHARGE);
    assert_int_equal(p.sums[0].paid, 50000);
}

static void a_payment_names_a_line_or_a_kind(void **state)
{
    (void)state;
    struct procedure_case c = CASE(both_kinds);
    struct payment_new line = paid(&c, 20000, 2), kind = paid(&c, 1000, 3), neither = paid(&c, 500, 4);
    line.fee = STR("charge-1");
    kind.fee = STR("fee");
    pay(&line);
    pay(&kind);
    pay(&neither);
    struct payments p = read_all(&c);
    assert_int_equal(p.due[1].paid, 20000);
    assert_str(p.list[1].fee, "");
    assert_int_equal(p.list[1].kind, FEE_SERVICE);
    assert_int_equal(p.list[2].kind, FEE_KIND_UNSAID);
    assert_int_equal(p.sum_count, 3);
}

static void a_line_that_is_not_there_is_refused_and_gives_its_number_back(void **state)
{
    (void)state;
    struct procedure_case c = CASE(one_charge);
    struct payment_new wrong = paid(&c, 100, 2), right = paid(&c, 100, 2);
    wrong.fee = STR("fee-7");
    hold("2026-11-22T03:00:00Z");
    assert_int_equal(store_run(t.store, record, &wrong, NULL, &t.why), ERR_INVALID);
    assert_str(t.why.problems[0].pointer, "/fee");
    fail_init(&t.why, &t.arena);
    assert_int_equal(store_run(t.store, record_then_fail, &right, NULL, &t.why), ERR_CONFLICT);
    pay(&right);
    assert_str(read_all(&c).list[0].receipt_number, "BL-G11.68-2026-0000001");
}

static void a_line_is_paid_in_its_own_currency(void **state)
{
    (void)state;
    struct procedure_case c = CASE(dollars);
    struct payment_new in = paid(&c, 500, 2);
    in.fee = STR("charge-1");
    assert_int_equal(store_run(t.store, record, &in, NULL, &t.why), ERR_INVALID);
    assert_str(t.why.problems[0].pointer, "/currency");
}

static void a_mistaken_payment_is_cancelled_and_its_number_stays(void **state)
{
    (void)state;
    struct procedure_case c = CASE(one_charge);
    struct payment_new first = paid(&c, 50000, 2), second = paid(&c, 50000, 4);
    int64_t version = 2;
    hold("2026-11-22T03:00:00Z");
    pay(&first);
    assert_ok(&t, store_run(t.store, cancel, &version, NULL, &t.why));
    pay(&second);
    struct payments p = read_all(&c);
    assert_int_equal(p.count, 2);
    assert_true(p.list[0].cancelled_at != INSTANT_NONE);
    assert_int_equal(p.list[0].cancelled_by, 9);
    assert_str(p.list[0].cancel_reason, "nhầm hồ sơ");
    assert_str(p.list[1].receipt_number, "BL-G11.68-2026-0000002");
    assert_int_equal(p.sums[0].paid, 50000);
    assert_int_equal(p.due[0].paid, 50000);
}

static void what_was_asked_for_by_mistake_is_due_no_more(void **state)
{
    (void)state;
    struct procedure_case c = CASE(one_charge);
    struct payment_request in = {.subject = SUBJECT, .version = 3, .its_case = &c, .amount = 70000};
    int64_t version = 3;
    assert_ok(&t, store_run(t.store, ask, &in, NULL, &t.why));
    assert_int_equal(read_all(&c).sums[0].due, 70000);
    assert_ok(&t, store_run(t.store, cancel, &version, NULL, &t.why));
    assert_int_equal(read_all(&c).due_count, 1);
    assert_int_equal(read_all(&c).sums[0].due, 50000);
}

static void numbers_begin_anew_each_year_of_vietnam(void **state)
{
    (void)state;
    struct payment_new in = paid(NULL, 10000, 2);
    hold("2026-12-31T16:59:59Z");
    pay(&in);
    hold("2026-12-31T17:00:00Z");
    pay(&in);
    struct payments p = read_all(NULL);
    assert_str(p.list[0].receipt_number, "BL-G11.68-2026-0000001");
    assert_str(p.list[1].receipt_number, "BL-G11.68-2027-0000001");
}

enum { THREADS = 8, EACH = 25 };

static void *pay_many(void *context)
{
    struct arena a;
    struct fail why;
    arena_init(&a, 1 << 20);
    for (int64_t i = 0; i < EACH; i++) {
        struct payment_new in = paid(NULL, 1000, i + 2);
        in.subject = SUBJECT + 1 + *(const int64_t *)context;
        fail_init(&why, &a);
        if (store_run(t.store, record, &in, NULL, &why) != OK) BUG("a payment failed");
    }
    arena_end(&a);
    return NULL;
}

static void two_hundred_at_once_get_two_hundred_numbers_without_a_gap(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    int64_t names[THREADS];
    hold("2026-11-22T03:00:00Z");
    for (int64_t i = 0; i < THREADS; i++) {
        names[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, pay_many, &names[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    struct payment_new last = paid(NULL, 1000, 2);
    pay(&last); /* every number before it was taken by the unique index on the receipt's number */
    assert_str(read_all(NULL).list[0].receipt_number, "BL-G11.68-2026-0000201");
}

static void money_is_written_as_people_write_it(void **state)
{
    (void)state;
    assert_str(money_for_people(&t.arena, 2000000, CURRENCY_VND), "2.000.000 ₫");
    assert_str(money_for_people(&t.arena, 150, CURRENCY_USD), "1,50 USD");
    assert_str(receipt_number_format(&t.arena, STR("H36.22963"), YEAR, 12345678), "BL-H36.22963-2026-12345678");
}

/* ---- words ---- */

static void an_amount_is_written_in_words_as_papers_write_it(void **state)
{
    static const struct {
        int64_t amount;
        enum currency currency;
        const char *words;
    } rows[] = {
        {0,                      CURRENCY_VND, "Không đồng"                                                                  },
        {5,                      CURRENCY_VND, "Năm đồng"                                                                    },
        {15,                     CURRENCY_VND, "Mười lăm đồng"                                                            },
        {21,                     CURRENCY_VND, "Hai mươi mốt đồng"                                                        },
        {105,                    CURRENCY_VND, "Một trăm linh năm đồng"                                                   },
        {110,                    CURRENCY_VND, "Một trăm mười đồng"                                                     },
        {1005,                   CURRENCY_VND, "Một nghìn không trăm linh năm đồng"                                     },
        {50000,                  CURRENCY_VND, "Năm mươi nghìn đồng"                                                      },
        {120000,                 CURRENCY_VND, "Một trăm hai mươi nghìn đồng"                                           },
        {1000000,                CURRENCY_VND, "Một triệu đồng"                                                           },
        {2030045,                CURRENCY_VND, "Hai triệu không trăm ba mươi nghìn không trăm bốn mươi lăm đồng"},
        {1000000001,             CURRENCY_VND, "Một tỷ không trăm linh một đồng"                                      },
        {INT64_C(2000000000000), CURRENCY_VND, "Hai nghìn tỷ đồng"                                                         },
        {500,                    CURRENCY_USD, "Năm đô la Mỹ"                                                               },
        {150,                    CURRENCY_USD, "Một đô la Mỹ và năm mươi xu"                                           },
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct str words = money_in_words(&t.arena, rows[i].amount, rows[i].currency);
        assert_str(words, rows[i].words);
    }
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(the_only_fee_of_a_record_is_due),
        STORE_TEST(which_of_two_conditions_applies_nobody_adds_up),
        STORE_TEST(an_amount_that_the_record_does_not_name_is_unknown_not_zero),
        STORE_TEST(fees_and_charges_are_never_added_up),
        STORE_TEST(a_record_without_fees_has_nothing_due_and_nothing_to_sum),
        STORE_TEST(what_the_office_asked_for_is_due_instead),
        STORE_TEST(a_payment_is_for_the_only_line_when_nobody_says),
        STORE_TEST(a_payment_names_a_line_or_a_kind),
        STORE_TEST(a_line_that_is_not_there_is_refused_and_gives_its_number_back),
        STORE_TEST(a_line_is_paid_in_its_own_currency),
        STORE_TEST(a_mistaken_payment_is_cancelled_and_its_number_stays),
        STORE_TEST(what_was_asked_for_by_mistake_is_due_no_more),
        STORE_TEST(numbers_begin_anew_each_year_of_vietnam),
        STORE_TEST(two_hundred_at_once_get_two_hundred_numbers_without_a_gap),
        STORE_TEST(money_is_written_as_people_write_it),
        STORE_TEST(an_amount_is_written_in_words_as_papers_write_it),
    };
    return RUN_TESTS(tests);
}
