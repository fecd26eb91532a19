/* Submitting and acting on a real store: what is written, what is refused, what happens when two come at once. */
#include "dossier/test_desk.h"

#include <pthread.h>

#include "base/auto.h"
#include "store/idempotency.h"

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

static size_t entries_of(int64_t dossier, struct journal_entry **out)
{
    size_t count;
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, journal_of_subject(tx, SUBJECT_DOSSIER, dossier, out, &count, &d.t.why));
    store_read_end(tx);
    return count;
}

/* A file of one's own, known by its content. */
static struct sha256 upload(enum test_person who, const char *content)
{
    struct upload_row row = {d.people[who], sha256_of(str_from(content)), STR("don.pdf"), STR("application/pdf"), 5};
    assert_ok(&d.t, store_run(d.t.store, upload_save, &row, NULL, &d.t.why));
    return row.hash;
}

/* ---- submitting ---- */

static void a_submission_is_one_dossier_with_its_code_papers_and_entry(void **state)
{
    struct submission in = test_submission(&d, &d.t.arena, "Nguyễn Văn An");
    struct attachment paper = {STR("c1"), STR("component"), upload(CITIZEN, "đơn")};
    struct receipt receipt;
    struct journal_entry *entries;
    struct dossier_file *files;
    size_t count;
    (void)state;
    in.files = &paper;
    in.file_count = 1;
    assert_ok(&d.t, store_run(d.t.store, dossier_submit, &in, &receipt, &d.t.why));
    assert_true(str_starts(receipt.code, STR("G11-")) && str_ends(receipt.code, STR("-0001")));
    struct dossier got = test_dossier(&d, receipt.code);
    assert_str(got.owner_name, "Nguyễn Văn An");
    assert_int_equal(got.status, STATUS_NEW);
    assert_int_equal(got.submitter, d.people[CITIZEN]);
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, dossier_files(tx, got.id, &files, &count, &d.t.why));
    store_read_end(tx);
    assert_int_equal(count, 1);
    assert_str(files[0].source, "applicant");
    assert_str(files[0].name, "don.pdf");
    assert_int_equal(entries_of(got.id, &entries), 1);
    assert_str(entries[0].act, "submit");
}

static void a_file_that_somebody_else_sent_is_refused_and_nothing_is_left(void **state)
{
    struct submission in = test_submission(&d, &d.t.arena, "Trần Thị Bình");
    struct attachment papers[] = {
        {STR("c1"), STR("component"), upload(CITIZEN,  "của mình")         },
        {STR("c2"), STR("component"), upload(STRANGER, "của người khác")}
    };
    struct receipt receipt, next;
    (void)state;
    in.files = papers;
    in.file_count = 2;
    assert_int_equal(store_run(d.t.store, dossier_submit, &in, &receipt, &d.t.why), ERR_INVALID);
    assert_int_equal(d.t.why.problem_count, 1);
    assert_str(d.t.why.problems[0].pointer, "/files/1/file");
    fail_init(&d.t.why, &d.t.arena);
    in.file_count = 1;
    assert_ok(&d.t, store_run(d.t.store, dossier_submit, &in, &next, &d.t.why));
    assert_true(str_ends(next.code, STR("-0001"))); /* the refused one took no number */
}

static void the_same_key_gives_the_same_dossier_and_another_body_is_refused(void **state)
{
    struct submission in = test_submission(&d, &d.t.arena, "Lê Văn Cường");
    struct receipt first, second;
    struct journal_entry *entries;
    (void)state;
    in.key = (struct idempotency){d.people[CITIZEN], STR("key-1"), sha256_of(STR("body"))};
    assert_ok(&d.t, store_run(d.t.store, dossier_submit, &in, &first, &d.t.why));
    assert_ok(&d.t, store_run(d.t.store, dossier_submit, &in, &second, &d.t.why));
    assert_false(first.is_replay);
    assert_true(second.is_replay);
    assert_int_equal(first.id, second.id);
    assert_true(str_eq(first.code, second.code));
    assert_int_equal(entries_of(first.id, &entries), 1);
    in.key.body_hash = sha256_of(STR("another body"));
    assert_int_equal(store_run(d.t.store, dossier_submit, &in, &second, &d.t.why), ERR_INVALID);
    in.key.actor = d.people[STRANGER]; /* somebody else's key is another key */
    assert_ok(&d.t, store_run(d.t.store, dossier_submit, &in, &second, &d.t.why));
    assert_int_not_equal(first.id, second.id);
}

enum { THREADS = 200 };

struct one_submission {
    struct arena arena;
    struct receipt receipt;
    enum outcome outcome;
};

static void *submit_once(void *context)
{
    struct one_submission *one = context;
    struct fail why;
    arena_init(&one->arena, 1 << 20);
    fail_init(&why, &one->arena);
    struct submission in = test_submission(&d, &one->arena, "Phạm Thị Dung");
    one->outcome = store_run(d.t.store, dossier_submit, &in, &one->receipt, &why);
    return NULL;
}

static int by_code(const void *a, const void *b)
{
    return str_cmp(((const struct one_submission *)a)->receipt.code, ((const struct one_submission *)b)->receipt.code);
}

static void two_hundred_at_once_get_two_hundred_codes_without_a_gap(void **state)
{
    static struct one_submission all[THREADS];
    static pthread_t threads[THREADS];
    (void)state;
    for (size_t i = 0; i < THREADS; i++) assert_int_equal(pthread_create(&threads[i], NULL, submit_once, &all[i]), 0);
    for (size_t i = 0; i < THREADS; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
    qsort(all, THREADS, sizeof all[0], by_code);
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(all[i].outcome, OK);
        assert_true(str_ends(all[i].receipt.code, str_format(&d.t.arena, "-%04zu", i + 1)));
    }
    for (size_t i = 0; i < THREADS; i++) arena_end(&all[i].arena);
}

/* ---- acting ---- */

static void every_act_appends_exactly_one_entry_with_the_version_it_made(void **state)
{
    static const struct {
        enum test_person who;
        enum action_id act;
    } way[] = {
        {RECEIVER,  ACTION_RECEIVE},
        {LEADER,    ACTION_ASSIGN },
        {COLLEAGUE, ACTION_EXAMINE},
        {COLLEAGUE, ACTION_PROPOSE},
        {LEADER,    ACTION_APPROVE},
        {CLERK,     ACTION_ISSUE  },
        {RECEIVER,  ACTION_RETURN },
    };
    struct receipt r = test_submit(&d, "Vũ Minh Đức");
    struct journal_entry *entries;
    (void)state;
    for (size_t i = 0; i < LENGTH(way); i++) {
        test_act(&d, way[i].who, way[i].act, r.code);
        size_t count = entries_of(r.id, &entries);
        assert_int_equal(count, i + 2);
        assert_str(entries[count - 1].act, actions[way[i].act].name);
        assert_int_equal(entries[count - 1].version, (int64_t)i + 2);
        assert_int_equal(entries[count - 1].actor.account, d.people[way[i].who]);
    }
    assert_int_equal(test_dossier(&d, r.code).status, STATUS_RETURNED);
}

static void a_refused_act_leaves_nothing(void **state)
{
    struct receipt r = test_submit(&d, "Đỗ Thị Hà");
    struct journal_entry *entries;
    (void)state;
    assert_int_equal(test_try(&d, CLERK, ACTION_ISSUE, r.code), ERR_CONFLICT);
    assert_int_equal(test_try(&d, STRANGER, ACTION_WITHDRAW, r.code), ERR_DENIED);
    assert_int_equal(test_try(&d, LEADER, ACTION_RECEIVE, r.code), ERR_DENIED);
    assert_int_equal(entries_of(r.id, &entries), 1);
    assert_int_equal(test_dossier(&d, r.code).version, 1);
}

static void the_second_of_two_officers_is_told_what_the_first_one_did(void **state)
{
    struct receipt r = test_submit(&d, "Hoàng Văn Em");
    struct act in = test_act_input(&d, RECEIVER, ACTION_REFUSE, r.code, 1);
    struct act_done done;
    (void)state;
    test_act(&d, RECEIVER, ACTION_RECEIVE, r.code);
    assert_int_equal(store_run(d.t.store, dossier_act, &in, &done, &d.t.why), ERR_STALE);
    assert_true(str_has(fail_text(&d.t.arena, &d.t.why), STR("Đã tiếp nhận")));
}

struct one_act {
    struct act in;
    struct arena arena;
    enum outcome outcome;
};

static void *act_once(void *context)
{
    struct one_act *one = context;
    struct act_done done;
    struct fail why;
    arena_init(&one->arena, 1 << 20);
    fail_init(&why, &one->arena);
    one->outcome = store_run(d.t.store, dossier_act, &one->in, &done, &why);
    return NULL;
}

static void of_two_acts_at_once_one_wins_and_one_is_stale(void **state)
{
    (void)state;
    for (int round = 0; round < 20; round++) {
        struct receipt r = test_submit(&d, "Bùi Thị Giang");
        struct one_act one[2] = {{.in = test_act_input(&d, RECEIVER, ACTION_RECEIVE, r.code, 1)},
                                 {.in = test_act_input(&d, RECEIVER, ACTION_REFUSE, r.code, 1)}};
        struct journal_entry *entries;
        pthread_t threads[2];
        for (int i = 0; i < 2; i++) assert_int_equal(pthread_create(&threads[i], NULL, act_once, &one[i]), 0);
        for (int i = 0; i < 2; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal((one[0].outcome == OK) + (one[1].outcome == OK), 1);
        assert_int_equal((one[0].outcome == ERR_STALE) + (one[1].outcome == ERR_STALE), 1);
        assert_int_equal(entries_of(r.id, &entries), 2);
        for (int i = 0; i < 2; i++) arena_end(&one[i].arena);
    }
}

static void papers_are_asked_for_once_whoever_asks_and_whenever(void **state)
{
    struct receipt r = test_submit(&d, "Ngô Văn Hải");
    (void)state;
    test_act(&d, RECEIVER, ACTION_REQUEST_SUPPLEMENT, r.code);
    test_act(&d, CITIZEN, ACTION_SUPPLEMENT, r.code);
    assert_int_equal(test_try(&d, RECEIVER, ACTION_REQUEST_SUPPLEMENT, r.code), ERR_CONFLICT);
    test_act(&d, RECEIVER, ACTION_RECEIVE, r.code);
    assert_int_equal(test_try(&d, SPECIALIST, ACTION_REQUEST_SUPPLEMENT, r.code), ERR_CONFLICT);
    assert_str(d.t.why.sentence ? str_from(d.t.why.sentence) : STR(""),
               "Papers were asked for already; they may be asked for only once.");
}

/* As much as the longest body brings, with the labels of the papers. */
static void forty_papers_asked_for_at_length_are_asked_for(void **state)
{
    enum { ITEMS = 40, ITEM_BYTES = 1500, REASON_BYTES = 96 * 1024 };
    struct receipt r = test_submit(&d, "Phan Thị Mỹ");
    struct act in = test_act_input(&d, RECEIVER, ACTION_REQUEST_SUPPLEMENT, r.code, 1);
    struct asked_item items[ITEMS];
    char *words = arena_alloc(&d.t.arena, REASON_BYTES);
    struct act_done done;
    (void)state;
    memset(words, 'a', REASON_BYTES);
    for (size_t i = 0; i < ITEMS; i++)
        items[i] = (struct asked_item){.field = STR("/form/request"), .reason = str_of(words, ITEM_BYTES)};
    in.input.reason = str_of(words, REASON_BYTES);
    in.input.items = items;
    in.input.item_count = ITEMS;
    assert_ok(&d.t, store_run(d.t.store, dossier_act, &in, &done, &d.t.why));
    test_act(&d, CITIZEN, ACTION_SUPPLEMENT, r.code); /* remembers the state with that reason */
    assert_int_equal(test_dossier(&d, r.code).version, 3);
}

static void an_assignee_serves_the_step(void **state)
{
    struct receipt r = test_submit(&d, "Dương Thị Lan");
    struct act_done done;
    (void)state;
    test_act(&d, RECEIVER, ACTION_RECEIVE, r.code);
    struct act in = test_act_input(&d, LEADER, ACTION_ASSIGN, r.code, 2);
    in.input.to = d.people[CLERK];
    assert_int_equal(store_run(d.t.store, dossier_act, &in, &done, &d.t.why), ERR_INVALID);
    assert_str(d.t.why.problems[0].pointer, "/to");
    in.input.to = d.people[COLLEAGUE];
    fail_init(&d.t.why, &d.t.arena);
    assert_ok(&d.t, store_run(d.t.store, dossier_act, &in, &done, &d.t.why));
    assert_int_equal(test_dossier(&d, r.code).holder, d.people[COLLEAGUE]);
    assert_int_equal(test_try(&d, SPECIALIST, ACTION_PROPOSE, r.code), ERR_DENIED);
}

static void papers_of_an_act_are_the_actors_own(void **state)
{
    struct receipt r = test_submit(&d, "Lý Văn Minh");
    struct act_done done;
    struct dossier_file *files;
    size_t count;
    (void)state;
    test_act(&d, RECEIVER, ACTION_REQUEST_SUPPLEMENT, r.code);
    struct act in = test_act_input(&d, CITIZEN, ACTION_SUPPLEMENT, r.code, 2);
    struct attachment paper = {STR(""), STR("other"), upload(STRANGER, "của người khác")};
    in.files = &paper;
    in.input.file_count = 1;
    assert_int_equal(store_run(d.t.store, dossier_act, &in, &done, &d.t.why), ERR_INVALID);
    paper.hash = upload(CITIZEN, "bổ sung");
    fail_init(&d.t.why, &d.t.arena);
    assert_ok(&d.t, store_run(d.t.store, dossier_act, &in, &done, &d.t.why));
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, dossier_files(tx, r.id, &files, &count, &d.t.why));
    store_read_end(tx);
    assert_int_equal(count, 1);
    assert_str(files[0].kind, "supplement");
}

/* ---- the worklist is the dossiers, seen from the other side ---- */

enum { WALK_DOSSIERS = 20, WALK_ACTS = 500 };

static bool should_wait(const struct dossier *one, struct str *out_role)
{
    int step = dossier_step(one, d.table);
    if (step == STEP_END) return false;
    *out_role = d.table->steps[step].role;
    return !str_eq(*out_role, STR("applicant"));
}

static size_t tasks_of(struct tx *tx, int64_t queue, int64_t dossier, int64_t due, int64_t holder)
{
    struct rows rows;
    size_t found = 0;
    assert_ok(&d.t, store_all(tx, Q_WORKLIST_PAGE, VALUES(v_int(queue), v_int(INT64_MIN), v_int(0), v_int(1000)), &rows,
                              &d.t.why));
    for (size_t i = 0; i < rows.count; i++)
        found +=
            row_int(&rows.at[i], 0) == due && row_int(&rows.at[i], 1) == dossier && row_int(&rows.at[i], 2) == holder;
    return found;
}

static size_t check_dossier(struct tx *tx, struct str code)
{
    struct dossier one;
    struct str role;
    assert_ok(&d.t, dossier_find(tx, code, &one, &d.t.why));
    if (!should_wait(&one, &role)) {
        assert_int_equal(one.queue, 0);
        assert_true(one.list_due == INSTANT_NONE);
        return 0;
    }
    struct queue queue;
    assert_ok(&d.t, queue_load(tx, one.queue, &queue, &d.t.why));
    assert_true(str_eq(queue.role, role) && queue.agency == one.agency);
    assert_int_equal(one.list_due, dossier_worklist_due(&one, d.calendar));
    assert_int_equal(tasks_of(tx, one.queue, one.id, one.list_due, one.holder), 1);
    return 1;
}

static size_t all_tasks(struct tx *tx)
{
    static const enum test_person servers[] = {RECEIVER, SPECIALIST, LEADER, CLERK};
    size_t total = 0, count;
    for (size_t i = 0; i < LENGTH(servers); i++) {
        int64_t queues[QUEUES_OF_A_PERSON];
        assert_ok(&d.t, queues_of_post(tx, d.people[servers[i]], d.agency, str_from(person_role(servers[i])), queues,
                                       &count, &d.t.why));
        for (size_t q = 0; q < count; q++) {
            struct rows rows;
            assert_ok(&d.t,
                      store_all(tx, Q_WORKLIST_PAGE, VALUES(v_int(queues[q]), v_int(INT64_MIN), v_int(0), v_int(1000)),
                                &rows, &d.t.why));
            total += rows.count;
        }
    }
    return total;
}

/* Without withdrawing, so that the walks are long; undone as often as a hand slips. */
static const enum action_id walked[] = {
    ACTION_RECEIVE,
    ACTION_REFUSE,
    ACTION_REQUEST_SUPPLEMENT,
    ACTION_SUPPLEMENT,
    ACTION_ASSIGN,
    ACTION_EXAMINE,
    ACTION_PROPOSE,
    ACTION_APPROVE,
    ACTION_SEND_BACK,
    ACTION_ISSUE,
    ACTION_RETURN,
    ACTION_HAND_OVER,
    ACTION_EXTEND,
    ACTION_REQUEST_PAYMENT,
    ACTION_RECORD_PAYMENT,
    ACTION_CORRECT,
    ACTION_UNDO,
    ACTION_NOTE_CONTACT,
    ACTION_UNDO,
};

static void after_any_walk_the_worklist_shows_exactly_what_waits(void **state)
{
    struct str codes[WALK_DOSSIERS];
    size_t done = 0, waiting = 0;
    uint32_t seed = 20260105;
    (void)state;
    for (size_t i = 0; i < WALK_DOSSIERS; i++) codes[i] = test_submit(&d, "Mai Thị Nga").code;
    for (size_t i = 0; i < WALK_ACTS; i++) {
        seed = seed * 1664525 + 1013904223;
        size_t which = (seed >> 8) % WALK_DOSSIERS;
        enum action_id act = walked[(seed >> 16) % LENGTH(walked)];
        enum test_person who = (seed >> 24) % PERSON_COUNT;
        done += test_try(&d, who, act, codes[which]) == OK;
    }
    assert_true(done > 20);
    struct tx *tx = test_read(&d);
    for (size_t i = 0; i < WALK_DOSSIERS; i++) waiting += check_dossier(tx, codes[i]);
    assert_int_equal(all_tasks(tx), waiting);
    store_read_end(tx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(a_submission_is_one_dossier_with_its_code_papers_and_entry),
        TEST(a_file_that_somebody_else_sent_is_refused_and_nothing_is_left),
        TEST(the_same_key_gives_the_same_dossier_and_another_body_is_refused),
        TEST(two_hundred_at_once_get_two_hundred_codes_without_a_gap),
        TEST(every_act_appends_exactly_one_entry_with_the_version_it_made),
        TEST(a_refused_act_leaves_nothing),
        TEST(the_second_of_two_officers_is_told_what_the_first_one_did),
        TEST(of_two_acts_at_once_one_wins_and_one_is_stale),
        TEST(papers_are_asked_for_once_whoever_asks_and_whenever),
        TEST(forty_papers_asked_for_at_length_are_asked_for),
        TEST(an_assignee_serves_the_step),
        TEST(papers_of_an_act_are_the_actors_own),
        TEST(after_any_walk_the_worklist_shows_exactly_what_waits),
    };
    return RUN_TESTS(tests);
}
