/* What waits for somebody comes in one order, whichever way it is read: queue by queue, or by walking the role. */
#include "dossier/test_desk.h"

#include "dossier/dossier_store.h"
#include "dossier/list_cursor.h"
#include "dossier/tasks.h"

enum { GROUPS = 120, EACH = 5, WAITING = GROUPS * EACH, HOUR_STEPS = 37 };

static struct test_desk d;
static struct worklist_row waiting[WAITING]; /* row i is of group i % GROUPS */
static int64_t queues[GROUPS];

static enum outcome fill(struct tx *tx, const void *input, void *output, struct fail *why)
{
    (void)input;
    (void)output; /* both are above */
    for (int g = 0; g < GROUPS; g++) {
        struct str group = str_format(tx_arena(tx), "group %d", g);
        TRY(queue_for(tx, d.agency, STR("specialist"), group, &queues[g], why));
    }
    for (int i = 0; i < WAITING; i++) {
        waiting[i] = (struct worklist_row){.queue = queues[i % GROUPS],
                                           .due = tx_now(tx) + (int64_t)(i * HOUR_STEPS % WAITING / 3) * US_PER_HOUR,
                                           .dossier = tx_new_id(tx),
                                           .holder = i % 4 == 0   ? d.people[COLLEAGUE]
                                                     : i % 4 == 1 ? d.people[STRANGER]
                                                                  : 0,
                                           .stage = (enum work_stage)(STAGE_RECEIVE + i % 7 % 3),
                                           .since = INSTANT_NONE};
        TRY(worklist_add(tx, &waiting[i], why));
    }
    return OK;
}

static int set_up(void **state)
{
    (void)state;
    test_desk_open(&d);
    assert_ok(&d.t, store_run(d.t.store, fill, NULL, NULL, &d.t.why));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    test_desk_close(&d);
    return 0;
}

/* The stranger becomes an officer for every so many-th group. */
static struct standing officer_of(int every)
{
    for (int g = 0; g < GROUPS; g += every) {
        const struct post_new post = {.account = d.people[STRANGER],
                                      .agency = d.agency,
                                      .role = STR("specialist"),
                                      .procedure_group = str_format(&d.t.arena, "group %d", g),
                                      .valid_from = day_of(clock_now()) - 1,
                                      .valid_to = DAY_OPEN};
        int64_t id;
        assert_ok(&d.t, store_run(d.t.store, post_add, &post, &id, &d.t.why));
    }
    return (struct standing){
        .account = d.people[STRANGER], .agency = d.agency, .role = STR("specialist"), .now = clock_now()};
}

static bool is_asked_for(const struct worklist_row *r, int group, const struct inbox_query *q, int every)
{
    bool is_held_well = !q->is_mine_only || r->holder == 0 || r->holder == q->who.account;
    bool is_free_well = q->holder != INBOX_NOBODYS || r->holder == 0;
    return group % every == 0 && (q->stage == 0 || (int)r->stage == q->stage) && is_held_well && is_free_well;
}

static int by_place(const void *a, const void *b)
{
    return place_cmp(*(const struct place *)a, *(const struct place *)b);
}

/* All that is asked for, page by page, is what was written down, in its order. */
static void reads_everything(struct inbox_query q, int every, bool wants_walk)
{
    struct place expected[WAITING], got;
    size_t count = 0, at = 0;
    for (int i = 0; i < WAITING; i++)
        if (is_asked_for(&waiting[i], i % GROUPS, &q, every))
            expected[count++] = (struct place){waiting[i].due, waiting[i].dossier};
    qsort(expected, count, sizeof expected[0], by_place);
    struct tx *tx = test_read(&d);
    for (bool is_there = true; is_there;) {
        struct tasks t;
        assert_ok(&d.t, tasks_begin(&t, tx, &q, &d.t.why));
        assert_int_equal(t.is_walking, wants_walk && tx_is_far(tx));
        for (size_t n = 0; n < q.most && is_there; n++) {
            assert_ok(&d.t, tasks_next(&t, &got, &is_there, &d.t.why));
            if (!is_there) break;
            assert_true(at < count);
            assert_int_equal(place_cmp(got, expected[at++]), 0);
        }
        q.cursor = list_cursor_format(&d.t.arena, CURSOR_TASKS, got);
    }
    assert_int_equal(at, count);
    store_read_end(tx);
}

static void read_in_every_way(struct standing who, int every, bool wants_walk)
{
    const struct inbox_query ways[] = {
        {.who = who, .most = 25},
        {.who = who, .most = 200},
        {.who = who, .most = 25, .is_mine_only = true},
        {.who = who, .most = 7, .stage = STAGE_IN_HAND},
        {.who = who, .most = 25, .holder = INBOX_NOBODYS},
        {.who = who, .most = 25, .holder = INBOX_NOBODYS, .stage = STAGE_RECEIVE},
    };
    for (size_t i = 0; i < LENGTH(ways); i++) reads_everything(ways[i], every, wants_walk);
}

static void whoever_serves_nearly_all_queues_of_a_role_reads_all_of_them_in_order(void **state)
{
    (void)state;
    read_in_every_way(officer_of(1), 1, true);
}

static void whoever_serves_a_tenth_of_them_reads_theirs_and_nothing_else(void **state)
{
    (void)state;
    read_in_every_way(officer_of(7), 7, true);
}

static void few_queues_are_asked_for_their_own(void **state)
{
    (void)state;
    read_in_every_way(officer_of(30), 30, false);
}

static void when_most_rows_are_of_others_the_queues_are_merged_behind_what_was_walked(void **state)
{
    const struct inbox_query q = {.who = officer_of(7), .most = 200};
    struct tasks t;
    struct place got;
    bool is_there = true;
    (void)state;
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, tasks_begin(&t, tx, &q, &d.t.why));
    bool walks = t.is_walking;
    while (is_there) assert_ok(&d.t, tasks_next(&t, &got, &is_there, &d.t.why));
    assert_false(t.is_walking);
    if (walks) assert_true(t.walk.walked > 0 && t.walk.walked < WAITING && t.merge.rows_read > 0);
    store_read_end(tx);
}

/* Its columns have their defaults. */
static void what_an_older_program_wrote_is_there_before_it_is_placed_and_after(void **state)
{
    struct standing who = officer_of(1);
    (void)state;
    PGconn *c = test_postgres_connect(d.t.url);
    test_postgres_do(c, "UPDATE worklist SET agency = 0, role = '' WHERE dossier % 3 <> 0 OR stage = 2");
    read_in_every_way(who, 1, true);
    assert_ok(&d.t, role_walk_place_rows(d.t.store, &d.t.why));
    assert_int_equal(test_postgres_ask(c, "SELECT count(*) FROM worklist WHERE agency = 0 OR role = ''"), 0);
    read_in_every_way(who, 1, true);
    PQfinish(c);
}

int main(int count, char **arguments)
{
    test_store_choose(count, arguments);
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(whoever_serves_nearly_all_queues_of_a_role_reads_all_of_them_in_order),
        TEST(whoever_serves_a_tenth_of_them_reads_theirs_and_nothing_else),
        TEST(few_queues_are_asked_for_their_own),
        TEST(when_most_rows_are_of_others_the_queues_are_merged_behind_what_was_walked),
    };
    const struct CMUnitTest on_postgres[] = {
        TEST(what_an_older_program_wrote_is_there_before_it_is_placed_and_after),
    };
    int failed = RUN_TESTS(tests);
    return test_store_is_postgres() ? failed + RUN_TESTS(on_postgres) : failed;
}
