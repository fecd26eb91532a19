/* Standing authorisations: who may give and accept, when they hold, and that what has run out is over by itself. */
#include "people/mandate.h"

#include "queries.h"
#include "store/test_store.h"

enum { GIVER = 5, TAKER = 6, STRANGER = 7 };

static struct test_store t;
static day_t today;

static enum outcome insert_people(struct tx *tx, const void *in, void *out, struct fail *why)
{
    static const char *const logins[] = {"me", "con", "la"};
    (void)in;
    (void)out; /* nothing to say but OK */
    for (int64_t i = 0; i < (int64_t)LENGTH(logins); i++) {
        TRY(store_do(tx, Q_ACCOUNT_INSERT,
                     VALUES(v_int(GIVER + i), v_str(str_from(logins[i])), v_str(STR("citizen")),
                            v_str(str_from(logins[i])), v_blob(STR("h")), v_str(STR("")), v_bool(false),
                            v_str(STR("vi")), v_str(STR("")), v_str(STR("")), v_str(STR("")), v_instant(tx_now(tx))),
                     NULL, why));
        if (GIVER + i != STRANGER)
            TRY(store_do(tx, Q_ACCOUNT_CHECK_SAVE, VALUES(v_int(GIVER + i), v_instant(tx_now(tx)), v_int(1), v_int(1)),
                         NULL, why));
    }
    return OK;
}

static int set_up(void **state)
{
    (void)state;
    test_store_open(&t);
    clock_hold(1763800000 * US_PER_S);
    today = day_of(clock_now());
    assert_ok(&t, store_run(t.store, insert_people, NULL, NULL, &t.why));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    clock_release();
    test_store_close(&t);
    return 0;
}

static enum outcome give(int64_t giver, const char *taker, day_t last, int64_t *out)
{
    struct mandate_new in = {.giver = giver,
                             .taker_login = str_from(taker),
                             .field = STR("Biên phòng"),
                             .valid_from = today,
                             .valid_to = last};
    fail_init(&t.why, &t.arena);
    return store_run(t.store, mandate_give, &in, out, &t.why);
}

static enum outcome answer(int64_t id, int64_t account, const char *act)
{
    struct mandate_step in = {.id = id, .account = account, .act = act};
    fail_init(&t.why, &t.arena);
    return store_run(t.store, mandate_answer, &in, NULL, &t.why);
}

static size_t in_force(int64_t taker, const char *field)
{
    AUTO_READ struct tx *tx = NULL;
    struct mandate *list;
    size_t count;
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_ok(&t, mandates_in_force(tx, taker, str_from(field), &list, &count, &t.why));
    return count;
}

static void one_holds_from_the_others_yes_for_its_field_until_its_last_day(void **state)
{
    int64_t id;
    (void)state;
    assert_int_equal(give(GIVER, "con", today + 10, &id), OK);
    assert_int_equal(in_force(TAKER, "Biên phòng"), 0);
    assert_int_equal(answer(id, STRANGER, "mandate.accept"), ERR_MISSING);
    assert_int_equal(answer(id, GIVER, "mandate.accept"), ERR_MISSING);
    assert_int_equal(answer(id, TAKER, "mandate.accept"), OK);
    assert_int_equal(in_force(TAKER, "Biên phòng"), 1);
    assert_int_equal(in_force(TAKER, "Đất đai"), 0);
    clock_hold(day_start(today + 10));
    assert_int_equal(in_force(TAKER, "Biên phòng"), 1);
    clock_hold(day_start(today + 11));
    assert_int_equal(in_force(TAKER, "Biên phòng"), 0);
}

static void who_was_not_seen_at_the_counter_neither_gives_nor_accepts(void **state)
{
    int64_t id;
    (void)state;
    assert_int_equal(give(STRANGER, "con", today + 10, &id), ERR_CONFLICT);
    assert_int_equal(give(GIVER, "la", today + 10, &id), OK);
    assert_int_equal(answer(id, STRANGER, "mandate.accept"), ERR_CONFLICT);
    assert_int_equal(answer(id, STRANGER, "mandate.refuse"), OK);
    assert_int_equal(answer(id, STRANGER, "mandate.refuse"), ERR_CONFLICT);
}

static void either_ends_it_and_only_once(void **state)
{
    int64_t id;
    (void)state;
    assert_int_equal(give(GIVER, "con", today + 10, &id), OK);
    assert_int_equal(answer(id, TAKER, "mandate.accept"), OK);
    assert_int_equal(answer(id, STRANGER, "mandate.end"), ERR_MISSING);
    assert_int_equal(answer(id, TAKER, "mandate.end"), OK);
    assert_int_equal(in_force(TAKER, "Biên phòng"), 0);
    assert_int_equal(answer(id, GIVER, "mandate.end"), ERR_CONFLICT);
}

/* The page offers no end of what has run out, so it must not count against what is given anew. */
static void what_has_run_out_makes_room_by_itself(void **state)
{
    int64_t id;
    (void)state;
    for (int i = 0; i < MANDATES_MOST; i++) assert_int_equal(give(GIVER, "con", today + 10, &id), OK);
    assert_int_equal(give(GIVER, "con", today + 10, &id), ERR_CONFLICT);
    clock_hold(day_start(today + 10));
    assert_int_equal(give(GIVER, "con", today + 20, &id), ERR_CONFLICT);
    clock_hold(day_start(today + 11));
    assert_int_equal(give(GIVER, "con", today + 20, &id), OK);
}

/* A field is as long as a sheet writes it; the journal is told its beginning. */
static void a_field_with_a_long_name_can_be_named(void **state)
{
    char *name = arena_alloc(&t.arena, 3000);
    struct mandate_new in = {
        .giver = GIVER, .taker_login = STR("con"), .field = {name, 3000},
                .valid_from = today, .valid_to = today
    };
    int64_t id;
    (void)state;
    memset(name, 'a', 3000);
    assert_ok(&t, store_run(t.store, mandate_give, &in, &id, &t.why));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(one_holds_from_the_others_yes_for_its_field_until_its_last_day),
        TEST(who_was_not_seen_at_the_counter_neither_gives_nor_accepts),
        TEST(either_ends_it_and_only_once),
        TEST(what_has_run_out_makes_room_by_itself),
        TEST(a_field_with_a_long_name_can_be_named),
    };
    return RUN_TESTS(tests);
}
