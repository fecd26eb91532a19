/* Batches: every item once, refusals beside the others, stopping, kinds that list, and what a restart finds. */
#include "dossier/test_desk.h"

#include "base/buf.h"
#include "batch/batch_act.h"
#include "batch/batch_runner.h"
#include "batch/batch_store.h"
#include "store/series.h"

static struct test_desk d;
static struct batches *batches;

/* ---- a kind for tests: counts in the store how often each subject's turn came ---- */

static int64_t downs;       /* so many times the store cannot be reached */
static int64_t listed_from; /* what the kind finds: this subject and those after it */
static size_t listed_count;
static const int64_t *denied; /* ended by 0 */

static enum outcome tick(struct tx *tx, const void *in, void *out, struct fail *why)
{
    const int64_t *subject = in;
    int64_t number;
    (void)out;
    TRY(series_next(tx, STR("tick"), id_format(tx_arena(tx), *subject), STR(""), &number, why));
    for (const int64_t *no = denied; no != NULL && *no != 0; no++)
        if (*no == *subject) return fail(why, ERR_CONFLICT, N_("There is no such batch."));
    return OK;
}

static enum outcome prepare_tick(const struct batch_run *run, const struct batch_item *item, struct batch_call *out,
                                 struct fail *why)
{
    if (downs > 0) {
        downs--;
        return fail(why, ERR_DOWN, N_("The data cannot be reached right now. Try again in a moment."));
    }
    *out = (struct batch_call){.command = tick, .in = arena_dup(run->arena, &item->subject, sizeof item->subject)};
    return OK;
}

static enum outcome list_ticks(const struct batch_run *run, batch_found_fn *found_one, void *found, struct fail *why)
{
    (void)run;
    (void)why;
    for (size_t i = listed_count; i > 0; i--) found_one(found, listed_from + (int64_t)i - 1);
    found_one(found, listed_from); /* found twice is found once */
    return OK;
}

static struct str title_tick(struct arena *a, enum language l, const struct batch *b, yyjson_val *parameters)
{
    (void)l;
    (void)parameters;
    return str_format(a, "tick %lld", (long long)b->total);
}

static const struct batch_kind tick_kind = {"tick", title_tick, prepare_tick, list_ticks};
static const struct batch_kind *const kinds[] = {&tick_kind};

/* ---- an office ---- */

static int set_up(void **state)
{
    (void)state;
    downs = 0;
    listed_count = 0;
    denied = NULL;
    test_desk_open(&d);
    batches = batches_new(&d.desk, kinds, LENGTH(kinds));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    batches_free(batches);
    test_desk_close(&d);
    return 0;
}

static struct batch_new a_batch(size_t count)
{
    struct batch_item_new *items = ARENA_ARRAY(&d.t.arena, struct batch_item_new, count + 1);
    for (size_t i = 0; i < count; i++) items[i].subject = (int64_t)i + 1;
    return (struct batch_new){.kind = "tick",
                              .actor = person_actor(&d, LEADER),
                              .parameters = STR("{}"),
                              .items = count > 0 ? items : NULL,
                              .item_count = count};
}

static int64_t start(const struct batch_new *b)
{
    struct batch_started out;
    assert_ok(&d.t, store_run(d.t.store, batch_start, b, &out, &d.t.why));
    return out.id;
}

static int64_t start_of(size_t count)
{
    struct batch_new b = a_batch(count);
    return start(&b);
}

static struct batch now(int64_t id)
{
    struct batch b;
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, batch_load(tx, id, &b, &d.t.why));
    store_read_end(tx);
    return b;
}

static void catch_up(void)
{
    assert_ok(&d.t, batches_catch_up(batches, &d.t.why));
}

/* How often the subject's turn came: one less than the number that comes now. To be asked once for each. */
static enum outcome ticks_of(struct tx *tx, const void *in, void *out, struct fail *why)
{
    TRY(series_next(tx, STR("tick"), id_format(tx_arena(tx), *(const int64_t *)in), STR(""), out, why));
    *(int64_t *)out -= 1;
    return OK;
}

static int64_t ticks(int64_t subject)
{
    int64_t count;
    assert_ok(&d.t, store_run(d.t.store, ticks_of, &subject, &count, &d.t.why));
    return count;
}

static size_t entries(int64_t id, const char *last_act)
{
    struct journal_entry *list;
    size_t count;
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, journal_of_subject(tx, SUBJECT_BATCH, id, &list, &count, &d.t.why));
    assert_str(list[count - 1].act, last_act);
    assert_int_equal(list[count - 1].version, count);
    store_read_end(tx);
    return count;
}

/* ---- stories ---- */

static void every_item_is_done_once_and_the_journal_says_when_it_began_and_ended(void **state)
{
    (void)state;
    int64_t id = start_of(50);
    assert_int_equal(now(id).state, BATCH_WAITING);
    assert_int_equal(entries(id, "start"), 1);
    catch_up();
    struct batch b = now(id);
    assert_int_equal(b.state, BATCH_DONE);
    assert_int_equal(b.done, 50);
    assert_int_equal(b.refused, 0);
    assert_true(b.finished_at >= b.started_at);
    for (int64_t i = 1; i <= 50; i++) assert_int_equal(ticks(i), 1);
    catch_up();
    assert_int_equal(entries(id, "finish"), 2);
}

static void a_refused_item_leaves_nothing_but_its_reason_and_hinders_no_other(void **state)
{
    static const int64_t no[] = {7, 20, 0};
    struct batch_item *items;
    struct item_query query = {.state = ITEM_REFUSED, .most = 10};
    struct str code;
    size_t count;
    (void)state;
    denied = no;
    query.batch = start_of(20);
    catch_up();
    assert_int_equal(now(query.batch).done, 18);
    assert_int_equal(now(query.batch).refused, 2);
    assert_int_equal(now(query.batch).state, BATCH_DONE);
    assert_int_equal(ticks(7), 0);
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, batch_items(tx, &query, &items, &count, &d.t.why));
    assert_int_equal(count, 2);
    assert_int_equal(items[1].subject, 20);
    assert_str(batch_reason(&d.t.arena, ENGLISH, items[0].why, &code), "There is no such batch.");
    assert_str(code, "conflict");
    assert_true(batch_reason(&d.t.arena, VIETNAMESE, items[0].why, &code).len > 0);
    store_read_end(tx);
}

static void the_same_key_starts_one_batch(void **state)
{
    struct batch_new b = a_batch(3);
    struct batch_started first, second;
    (void)state;
    b.key = (struct idempotency){b.actor.account, STR("khoá"), sha256_of(STR("body"))};
    assert_ok(&d.t, store_run(d.t.store, batch_start, &b, &first, &d.t.why));
    assert_ok(&d.t, store_run(d.t.store, batch_start, &b, &second, &d.t.why));
    assert_true(first.id == second.id && second.is_replay && !first.is_replay);
    b.key.body_hash = sha256_of(STR("another"));
    assert_int_equal(store_run(d.t.store, batch_start, &b, &second, &d.t.why), ERR_INVALID);
}

static void what_cannot_be_reached_now_is_tried_again_and_not_refused(void **state)
{
    (void)state;
    int64_t id = start_of(3);
    downs = 1;
    assert_int_equal(batches_catch_up(batches, &d.t.why), ERR_DOWN);
    assert_int_equal(now(id).refused, 0);
    catch_up();
    assert_int_equal(now(id).done, 3);
}

static void an_item_whose_command_comes_again_is_not_done_again(void **state)
{
    int64_t subject = 1;
    (void)state;
    int64_t id = start_of(2);
    struct item_run run = {
        .batch = id, .n = 1, .actor = person_actor(&d, LEADER), .call = {tick, &subject, NULL}
    };
    assert_ok(&d.t, store_run(d.t.store, item_run, &run, NULL, &d.t.why));
    assert_ok(&d.t, store_run(d.t.store, item_run, &run, NULL, &d.t.why));
    assert_int_equal(now(id).state, BATCH_RUNNING);
    catch_up(); /* as after a restart */
    assert_int_equal(ticks(1), 1);
    assert_int_equal(now(id).done, 2);
}

static void who_asked_may_stop_it_and_nobody_else(void **state)
{
    static const int64_t no[] = {1, 0};
    int64_t subject = 2;
    (void)state;
    denied = no;
    int64_t id = start_of(40);
    struct item_run run = {
        .batch = id, .n = 2, .actor = person_actor(&d, LEADER), .call = {tick, &subject, NULL}
    };
    assert_ok(&d.t, store_run(d.t.store, item_run, &run, NULL, &d.t.why));
    struct batch_stop stop = {.batch = id, .actor = person_actor(&d, CLERK)};
    assert_int_equal(store_run(d.t.store, batch_stop, &stop, NULL, &d.t.why), ERR_MISSING);
    stop.actor = person_actor(&d, LEADER);
    assert_ok(&d.t, store_run(d.t.store, batch_stop, &stop, NULL, &d.t.why));
    catch_up();
    assert_int_equal(now(id).state, BATCH_STOPPED);
    assert_int_equal(now(id).done, 1);
    assert_int_equal(now(id).refused, 0);
    assert_int_equal(ticks(2), 1);
    assert_int_equal(entries(id, "stop"), 2);
    assert_int_equal(store_run(d.t.store, batch_stop, &stop, NULL, &d.t.why), ERR_CONFLICT);
}

static void without_the_post_of_then_the_rest_is_refused(void **state)
{
    struct post *posts;
    size_t count;
    (void)state;
    int64_t id = start_of(5);
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, posts_of_account(tx, d.people[LEADER], day_of(clock_now()), &posts, &count, &d.t.why));
    struct post_end end = {.post = posts[0].id, .last_day = day_of(clock_now()) - 1};
    store_read_end(tx);
    assert_ok(&d.t, store_run(d.t.store, post_end, &end, NULL, &d.t.why));
    catch_up();
    assert_int_equal(now(id).refused, 5);
    assert_int_equal(ticks(1), 0);
}

static void a_kind_lists_its_own_items_in_portions_each_once(void **state)
{
    (void)state;
    listed_from = 100;
    listed_count = 1203;
    int64_t id = start_of(0);
    assert_false(now(id).is_listed);
    catch_up();
    assert_int_equal(now(id).total, 1203);
    assert_int_equal(now(id).done, 1203);
    assert_int_equal(now(id).state, BATCH_DONE);
    assert_int_equal(ticks(100), 1);
    assert_int_equal(ticks(1302), 1);
    assert_int_equal(ticks(1303), 0);
}

static void listing_goes_on_where_a_restart_broke_it_off(void **state)
{
    static const int64_t first[] = {100, 101};
    (void)state;
    listed_from = 100;
    listed_count = 10;
    int64_t id = start_of(0);
    struct items_add add = {.batch = id, .subjects = first, .count = 2};
    assert_ok(&d.t, store_run(d.t.store, items_add, &add, NULL, &d.t.why));
    assert_ok(&d.t, store_run(d.t.store, items_add, &add, NULL, &d.t.why)); /* late: another portion came first */
    catch_up();
    assert_int_equal(now(id).total, 10);
    assert_int_equal(now(id).done, 10);
    assert_int_equal(ticks(101), 1);
}

static void a_kind_that_is_gone_refuses_its_items(void **state)
{
    struct batch_new b = a_batch(2), unlisted = a_batch(0);
    (void)state;
    b.kind = unlisted.kind = "long-ago";
    int64_t id = start(&b), empty = start(&unlisted);
    catch_up();
    assert_int_equal(now(id).refused, 2);
    assert_int_equal(now(empty).state, BATCH_DONE);
    assert_int_equal(now(empty).total, 0);
}

static void the_worker_finds_a_new_batch_by_itself_and_works_on_two_in_turn(void **state)
{
    (void)state;
    batches_serve(batches);
    int64_t big = start_of(400), small = start_of(2);
    for (int waited = 0; waited < 6000 && (batch_is_open(&(struct batch){.state = now(big).state})); waited++)
        usleep(10000);
    assert_int_equal(now(big).done, 400);
    assert_int_equal(now(small).done, 2);
    assert_true(now(small).finished_at < now(big).finished_at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_item_is_done_once_and_the_journal_says_when_it_began_and_ended, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_refused_item_leaves_nothing_but_its_reason_and_hinders_no_other, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_same_key_starts_one_batch, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_reached_now_is_tried_again_and_not_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_item_whose_command_comes_again_is_not_done_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_asked_may_stop_it_and_nobody_else, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_the_post_of_then_the_rest_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_kind_lists_its_own_items_in_portions_each_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(listing_goes_on_where_a_restart_broke_it_off, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_kind_that_is_gone_refuses_its_items, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_worker_finds_a_new_batch_by_itself_and_works_on_two_in_turn, set_up,
                                        tear_down),
    };
    return RUN_TESTS(tests);
}
