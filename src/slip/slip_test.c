/* Slips and books: which slips follow from what happened, and their letters in the standard's words and an agency's. */
#include "dossier/test_desk.h"

#include "app/embedded.h"
#include "slip/slip_wording.h"

static struct test_desk d;
static struct html_set *set;

static int set_up(void **state)
{
    (void)state;
    test_desk_open(&d);
    size_t count = slip_letter_count + book_letter_count;
    struct page_template *all = ARENA_ARRAY(&d.t.arena, struct page_template, count);
    for (size_t i = 0; i < count; i++)
        all[i] = i < slip_letter_count ? slip_letters[i] : book_letters[i - slip_letter_count];
    assert_ok(&d.t, html_set_new(embedded_templates, embedded_templates_count, all, count, &set, &d.t.why));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    clock_release();
    html_set_free(set);
    test_desk_close(&d);
    return 0;
}

static void hold(const char *moment)
{
    instant_t at;
    assert_ok(&d.t, instant_parse(str_from(moment), &at, &d.t.why));
    clock_hold(at);
}

/* ---- which slips ---- */

/* The ids that this person reads of the dossier, in order, each with a blank behind it. */
static struct str slips_of(enum test_person who, struct str code)
{
    struct dossier_view view;
    struct slip_life life;
    struct standing standing = person_standing(&d, who);
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, dossier_view_load(&d.desk, tx, &standing, code, &view, &d.t.why));
    assert_ok(&d.t, slip_life_load(tx, &view, &life, &d.t.why));
    struct str ids = STR("");
    for (size_t i = 0; i < life.slip_count; i++)
        ids = str_format(&d.t.arena, "%.*s%.*s ", STR_ARG(ids), STR_ARG(life.slips[i].id));
    store_read_end(tx);
    return ids;
}

#define assert_slips(who, code, expected) assert_string_equal(str_cstr(&d.t.arena, slips_of(who, code)), expected)

static void pay(struct str code, int64_t version, int64_t amount)
{
    struct act_done done;
    struct act act = test_act_input(&d, RECEIVER, ACTION_RECORD_PAYMENT, code, version);
    act.input.amount = amount;
    act.input.manner = STR("cash");
    assert_ok(&d.t, store_run(d.t.store, dossier_act, &act, &done, &d.t.why));
}

static void a_slip_follows_from_its_act_and_only_who_may_read_it_has_it(void **state)
{
    (void)state;
    struct str code = test_submit(&d, "Nguyễn Văn An").code;
    assert_slips(CITIZEN, code, "");
    test_act(&d, RECEIVER, ACTION_RECEIVE, code);
    assert_slips(CITIZEN, code, "receipt ");
    assert_slips(RECEIVER, code, "receipt control ");
}

static void each_payment_has_a_slip_of_its_own_with_the_amount_in_figures_and_words(void **state)
{
    struct dossier_view view;
    struct slip_life life;
    struct slip_paper paper;
    struct standing who = person_standing(&d, CITIZEN);
    (void)state;
    struct str code = test_submit(&d, "Nguyễn Văn An").code;
    test_act(&d, RECEIVER, ACTION_RECEIVE, code);
    pay(code, 2, 50000);
    pay(code, 3, 121000);
    assert_slips(CITIZEN, code, "receipt payment payment-2 ");
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, dossier_view_load(&d.desk, tx, &who, code, &view, &d.t.why));
    assert_ok(&d.t, slip_life_load(tx, &view, &life, &d.t.why));
    const struct slip *slip = slip_find(&life, STR("payment-2"));
    const struct slip_source source = {&d.desk, &view, &life, slip, STR("https://office.example")};
    assert_ok(&d.t, slip_paper_fill(tx, &source, &paper, &d.t.why));
    assert_string_equal(str_cstr(&d.t.arena, paper.amount_in_words), "Một trăm hai mươi mốt nghìn đồng");
    assert_true(str_has(paper.amount, STR("121.000")));
    assert_true(str_starts(paper.receipt_number, STR("BL-")));
    assert_true(str_eq(paper.manner, STR("tiền mặt")));
    const struct wording_use use = {set, d.agency, wording_kind_of_slip(SLIP_PAYMENT), slip->at};
    struct letter letter;
    assert_ok(&d.t, slip_letter_make(tx, &use, &paper, &letter, &d.t.why));
    assert_true(str_has(letter_text(&d.t.arena, &letter), paper.receipt_number));
    store_read_end(tx);
}

/* ---- words ---- */

static void every_letter_has_a_name_of_its_own_and_a_standard_that_passes_its_own_check(void **state)
{
    struct arena *a = &d.t.arena;
    struct letter letter;
    (void)state;
    for (size_t n = 0; n < WORDING_KIND_COUNT; n++) {
        struct wording_kind kind = wording_kind_at(a, n);
        for (size_t m = 0; m < n; m++) assert_false(str_eq(kind.id, wording_kind_at(a, m).id));
        struct str standard = html_set_source(set, kind.letter);
        assert_true(standard.len > 0);
        assert_ok(&d.t, slip_wording_check(set, a, &kind, standard, &d.t.why));
        assert_ok(&d.t, slip_wording_sample(set, a, &kind, STR_NONE, &letter, &d.t.why));
        assert_true(str_has(letter_text(a, &letter), STR("H00.00-261102-0001")));
    }
}

static void what_is_no_letter_or_names_what_another_letter_has_is_refused(void **state)
{
    static const struct {
        size_t kind;
        const char *text;
    } rows[] = {
        {SLIP_RECEIPT,                    "<p>no article</p>"                                             },
        {SLIP_RECEIPT,                    "<article class=\"a5\"><script>x</script></article>"            },
        {SLIP_RECEIPT,                    "<article class=\"a5\"><p>{{rows}}</p></article>"               },
        {SLIP_PAYMENT,                    "<article class=\"a5\"><p>{{#if amount}}</p>{{/if}}</article>"  },
        {SLIP_KIND_COUNT + BOOK_REGISTER, "<article class=\"a4\"><p>{{receipt_number}}</p></article>"     },
        {SLIP_KIND_COUNT + BOOK_DAILY,    "<article class=\"a4\"><p onclick=\"x\">{{title}}</p></article>"},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct fail why;
        struct wording_kind kind = wording_kind_at(&d.t.arena, rows[i].kind);
        fail_init(&why, &d.t.arena);
        assert_int_equal(slip_wording_check(set, &d.t.arena, &kind, str_from(rows[i].text), &why), ERR_BAD);
        assert_true(fail_text(&d.t.arena, &why).len > 0);
    }
}

static enum outcome say(struct str kind, int64_t after, const char *text)
{
    const struct slip_wording_new in = {person_actor(&d, LEADER), d.agency, kind, after, str_from(text)};
    return store_run(d.t.store, slip_wording_save, &in, NULL, &d.t.why);
}

static struct slip_wording words_at(struct str kind, const char *moment)
{
    struct slip_wording words;
    instant_t at;
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, instant_parse(str_from(moment), &at, &d.t.why));
    assert_ok(&d.t, slip_wording_at(tx, d.agency, kind, at, &words, &d.t.why));
    store_read_end(tx);
    return words;
}

static void words_count_from_their_moment_on_and_who_saw_older_ones_is_refused(void **state)
{
    const struct str kind = STR("book-register");
    (void)state;
    hold("2026-03-02T01:00:00Z");
    assert_ok(&d.t, say(kind, 0, "<article class=\"a4\"><p>{{title}}</p></article>"));
    hold("2026-03-03T01:00:00Z");
    assert_int_equal(say(kind, 0, "x"), ERR_STALE);
    assert_ok(&d.t, say(kind, 1, ""));
    assert_int_equal(words_at(kind, "2026-03-02T00:59:59Z").n, 0);
    assert_int_equal(words_at(kind, "2026-03-02T12:00:00Z").n, 1);
    assert_true(words_at(kind, "2026-03-02T12:00:00Z").text.len > 0);
    assert_int_equal(words_at(kind, "2026-03-04T00:00:00Z").n, 2);
    assert_int_equal(words_at(kind, "2026-03-04T00:00:00Z").text.len, 0);
    assert_int_equal(words_at(STR("register"), "2026-03-02T12:00:00Z").n, 0);
}

static void words_that_fail_nevertheless_give_way_to_the_standard(void **state)
{
    struct letter letter;
    struct slip_paper paper = {.title = STR("Giấy tiếp nhận"), .code = STR("H1-260302-0001"), .link = STR("H1")};
    const struct wording_kind kind = wording_kind_of_slip(SLIP_RECEIPT);
    (void)state;
    hold("2026-03-02T01:00:00Z");
    assert_ok(&d.t, say(kind.id, 0, "<article class=\"a5\"><p>{{code}} của riêng</p></article>"));
    hold("2026-03-03T01:00:00Z");
    assert_ok(&d.t, say(kind.id, 1, "<article class=\"a5\"><p>{{no_such_name}}</p></article>"));
    struct tx *tx = test_read(&d);
    struct wording_use use = {set, d.agency, kind, 0};
    assert_ok(&d.t, instant_parse(STR("2026-03-02T12:00:00Z"), &use.at, &d.t.why));
    assert_ok(&d.t, slip_letter_make(tx, &use, &paper, &letter, &d.t.why));
    assert_true(str_has(letter_text(&d.t.arena, &letter), STR("của riêng")));
    use.at = clock_now();
    assert_ok(&d.t, slip_letter_make(tx, &use, &paper, &letter, &d.t.why));
    assert_false(str_has(letter_text(&d.t.arena, &letter), STR("của riêng")));
    assert_true(str_has(letter_text(&d.t.arena, &letter), STR("H1-260302-0001")));
    store_read_end(tx);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* ---- books ---- */

/* The numbers and codes of a book's rows, in order. */
static struct str told(struct str so_far, const struct book_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        so_far =
            str_format(&d.t.arena, "%.*s%.*s %.*s;", STR_ARG(so_far), STR_ARG(rows[i].number), STR_ARG(rows[i].code));
    return so_far;
}

/* Received on two days; two of the first day's are returned on the second. */
static void two_days_of_work(struct str codes[7])
{
    hold("2026-11-23T02:00:00Z");
    for (int i = 0; i < 4; i++) {
        codes[i] = test_submit(&d, "Nguyễn Văn An").code;
        test_act(&d, RECEIVER, ACTION_RECEIVE, codes[i]);
    }
    hold("2026-11-24T02:00:00Z");
    for (int i = 0; i < 2; i++) {
        test_act(&d, SPECIALIST, ACTION_EXAMINE, codes[i]);
        test_act(&d, SPECIALIST, ACTION_PROPOSE, codes[i]);
        test_act(&d, LEADER, ACTION_APPROVE, codes[i]);
        test_act(&d, CLERK, ACTION_ISSUE, codes[i]);
        test_act(&d, RECEIVER, ACTION_RETURN, codes[i]);
    }
    for (int i = 4; i < 7; i++) {
        codes[i] = test_submit(&d, "Nguyễn Văn An").code;
        test_act(&d, RECEIVER, ACTION_RECEIVE, codes[i]);
    }
}

static void a_book_that_is_read_on_from_its_last_row_has_the_rows_of_its_parts(void **state)
{
    struct str codes[7];
    day_t second = day_from_civil((struct civil){2026, 11, 24});
    static const struct {
        enum book_kind kind;
        int days;
        size_t rows;
    } all[] = {
        {BOOK_REGISTER, 2, 7},
        {BOOK_REGISTER, 1, 3},
        {BOOK_DAILY,    2, 7},
        {BOOK_DAILY,    1, 5},
    };
    (void)state;
    two_days_of_work(codes);
    struct tx *tx = test_read(&d);
    for (size_t i = 0; i < LENGTH(all); i++) {
        const struct book_query q = {.desk = &d.desk,
                                     .kind = all[i].kind,
                                     .agency = d.agency,
                                     .since = second + 1 - all[i].days,
                                     .until = second,
                                     .part = 1};
        struct book_place place = {0};
        struct book_row *rows;
        size_t count = 0, portions = 0;
        assert_ok(&d.t, book_part(tx, &q, &rows, &count, &d.t.why));
        assert_int_equal(count, all[i].rows);
        struct str part = told(STR(""), rows, count), read = STR("");
        do {
            assert_ok(&d.t, book_read_on(tx, &q, &place, 2, &rows, &count, &d.t.why));
            read = told(read, rows, count);
            portions++;
        } while (count > 0);
        assert_str(read, part.at);
        assert_int_equal(portions, (all[i].rows + 1) / 2 + 1);
    }
    store_read_end(tx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_slip_follows_from_its_act_and_only_who_may_read_it_has_it),
        TEST(each_payment_has_a_slip_of_its_own_with_the_amount_in_figures_and_words),
        TEST(every_letter_has_a_name_of_its_own_and_a_standard_that_passes_its_own_check),
        TEST(what_is_no_letter_or_names_what_another_letter_has_is_refused),
        TEST(words_count_from_their_moment_on_and_who_saw_older_ones_is_refused),
        TEST(words_that_fail_nevertheless_give_way_to_the_standard),
        TEST(a_book_that_is_read_on_from_its_last_row_has_the_rows_of_its_parts),
    };
    return RUN_TESTS(tests);
}
