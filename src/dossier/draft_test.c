/* Drafts and uploads: kept for their owner, unreadable for others, forgotten in time. */
#include "dossier/test_desk.h"

#include "base/auto.h"
#include "base/file.h"
#include "dossier/draft.h"

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

static enum outcome load(int64_t id, enum test_person who, struct draft *out)
{
    struct tx *tx = test_read(&d);
    enum outcome r = draft_load(tx, d.desk.keys, d.people[who], id, out, &d.t.why);
    store_read_end(tx);
    return r;
}

/* As a page does: what is there is read, then written. */
static int64_t save(int64_t id, enum test_person who, struct str content)
{
    struct draft draft = {.account = d.people[who], .procedure_code = STR("1.013124")};
    if (id != 0) assert_int_equal(load(id, who, &draft), OK);
    draft.content = content;
    assert_ok(&d.t, draft_save(d.t.store, d.desk.keys, &draft, &id, &d.t.why));
    return id;
}

static size_t count(enum test_person who)
{
    struct draft *drafts;
    size_t found;
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, drafts_of_account(tx, d.people[who], &drafts, &found, &d.t.why));
    store_read_end(tx);
    return found;
}

static void a_draft_comes_back_as_it_was_typed(void **state)
{
    struct draft back;
    (void)state;
    int64_t id = save(0, CITIZEN, STR("{\"số\":\"079123456789\"}"));
    assert_int_equal(load(id, CITIZEN, &back), OK);
    assert_str(back.content, "{\"số\":\"079123456789\"}");
    assert_str(back.procedure_code, "1.013124");
    assert_int_equal(save(id, CITIZEN, STR("{}")), id);
    assert_int_equal(load(id, CITIZEN, &back), OK);
    assert_str(back.content, "{}");
    assert_int_equal(count(CITIZEN), 1);
}

static void of_two_devices_that_read_the_same_the_second_is_told(void **state)
{
    struct draft one, two;
    (void)state;
    int64_t id = save(0, CITIZEN, STR("{}"));
    assert_int_equal(load(id, CITIZEN, &one), OK);
    assert_int_equal(load(id, CITIZEN, &two), OK);
    one.content = STR("{\"a\":1}");
    two.content = STR("{\"b\":2}");
    assert_ok(&d.t, draft_save(d.t.store, d.desk.keys, &one, &id, &d.t.why));
    assert_int_equal(draft_save(d.t.store, d.desk.keys, &two, &id, &d.t.why), ERR_STALE);
    assert_int_equal(load(id, CITIZEN, &two), OK);
    assert_str(two.content, "{\"a\":1}");
}

static void a_draft_is_its_owners_alone(void **state)
{
    struct draft back, other = {.account = d.people[STRANGER], .content = STR("x")};
    (void)state;
    int64_t id = save(0, CITIZEN, STR("{}"));
    assert_int_equal(load(id, STRANGER, &back), ERR_MISSING);
    other.id = id;
    assert_int_equal(draft_save(d.t.store, d.desk.keys, &other, &id, &d.t.why), ERR_MISSING);
    assert_ok(&d.t, draft_delete(d.t.store, d.people[STRANGER], id, &d.t.why)); /* deletes nothing */
    assert_int_equal(count(CITIZEN), 1);
    assert_int_equal(count(STRANGER), 0);
    assert_ok(&d.t, draft_delete(d.t.store, d.people[CITIZEN], id, &d.t.why));
    assert_int_equal(count(CITIZEN), 0);
}

static void numbers_in_a_draft_are_nowhere_on_the_disk(void **state)
{
    char path[128];
    struct str bytes;
    (void)state;
    save(0, CITIZEN, STR("{\"so\":\"079987654321\"}"));
    static const char *const endings[] = {"", "-wal"};
    for (size_t i = 0; i < LENGTH(endings); i++) {
        snprintf(path, sizeof path, "%s%s", d.t.path, endings[i]);
        assert_ok(&d.t, file_read(&d.t.arena, str_from(path), (size_t)64 << 20, &bytes, &d.t.why));
        assert_false(str_has(bytes, STR("079987654321")));
    }
}

static void drafts_are_bounded_in_size_and_number(void **state)
{
    struct draft big = {
        .account = d.people[CITIZEN], .content = {NULL, DRAFT_BYTES + 1}
    };
    int64_t id;
    (void)state;
    big.content.at = arena_alloc(&d.t.arena, big.content.len);
    assert_int_equal(draft_save(d.t.store, d.desk.keys, &big, &id, &d.t.why), ERR_TOO_LARGE);
    big.content.len = DRAFT_BYTES;
    for (int i = 0; i < DRAFTS_MOST; i++) save(0, CITIZEN, i == 0 ? big.content : STR("{}"));
    big.content = STR("{}");
    assert_int_equal(draft_save(d.t.store, d.desk.keys, &big, &id, &d.t.why), ERR_CONFLICT);
    save(0, STRANGER, STR("{}"));
}

static void a_submission_takes_its_draft_with_it(void **state)
{
    struct submission in = test_submission(&d, &d.t.arena, "Nguyễn Văn An");
    struct receipt receipt;
    (void)state;
    in.draft = save(0, CITIZEN, STR("{}"));
    save(0, CITIZEN, STR("another"));
    assert_ok(&d.t, store_run(d.t.store, dossier_submit, &in, &receipt, &d.t.why));
    assert_int_equal(count(CITIZEN), 1);
}

static void what_nobody_touched_for_its_days_is_forgotten(void **state)
{
    instant_t start = clock_now() + US_PER_DAY; /* behind what the office wrote when it was opened */
    struct upload_row row = {d.people[CITIZEN], sha256_of(STR("tệp")), STR("a.pdf"), STR("application/pdf"), 3}, found;
    (void)state;
    clock_hold(start);
    int64_t old = save(0, CITIZEN, STR("old")), touched = save(0, CITIZEN, STR("touched"));
    assert_ok(&d.t, store_run(d.t.store, upload_save, &row, NULL, &d.t.why));
    clock_hold(start + 50 * US_PER_DAY);
    save(touched, CITIZEN, STR("touched again"));
    clock_hold(start + 61 * US_PER_DAY);
    assert_ok(&d.t, dossier_housekeep(d.t.store, 60, &d.t.why));
    struct draft back;
    assert_int_equal(load(old, CITIZEN, &back), ERR_MISSING);
    assert_int_equal(load(touched, CITIZEN, &back), OK);
    struct tx *tx = test_read(&d);
    assert_int_equal(upload_find(tx, d.people[CITIZEN], row.hash, &found, &d.t.why), ERR_MISSING);
    store_read_end(tx);
}

static void housekeeping_goes_on_until_all_is_done(void **state)
{
    instant_t start = clock_now() + US_PER_DAY;
    (void)state;
    clock_hold(start);
    for (int i = 0; i < 1100; i++) {
        struct upload_row row = {d.people[CITIZEN], sha256_of(str_format(&d.t.arena, "%d", i)), STR("a.pdf"),
                                 STR("application/pdf"), 3};
        assert_ok(&d.t, store_run(d.t.store, upload_save, &row, NULL, &d.t.why));
    }
    clock_hold(start + 61 * US_PER_DAY);
    assert_ok(&d.t, dossier_housekeep(d.t.store, 60, &d.t.why));
    struct tx *tx = test_read(&d);
    struct upload_row found;
    for (int i = 0; i < 1100; i += 100)
        assert_int_equal(
            upload_find(tx, d.people[CITIZEN], sha256_of(str_format(&d.t.arena, "%d", i)), &found, &d.t.why),
            ERR_MISSING);
    store_read_end(tx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(of_two_devices_that_read_the_same_the_second_is_told),
        TEST(a_draft_comes_back_as_it_was_typed),
        TEST(a_draft_is_its_owners_alone),
        TEST(numbers_in_a_draft_are_nowhere_on_the_disk),
        TEST(drafts_are_bounded_in_size_and_number),
        TEST(a_submission_takes_its_draft_with_it),
        TEST(what_nobody_touched_for_its_days_is_forgotten),
        TEST(housekeeping_goes_on_until_all_is_done),
    };
    return RUN_TESTS(tests);
}
