/* Damage on the disk: each turned bit is found when its page is read and by store_check; a database without sums gets
 * them. */
#include "store/test_store.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "base/auto.h"
#include "base/clock.h"
#include "store/series.h"
#include "store/store_page.h"

enum { FLIPS = 150, HEADER_BYTES = 100, NUMBERS = 400, STRIDE = 97, LOG_FLIPS = 64, MARK_WAIT_S = 120, NAP_MS = 20 };

static enum outcome take_number(struct tx *tx, const void *in, void *out, struct fail *why)
{
    return series_next(tx, STR("test"), STR("scope"), *(const struct str *)in, out, why);
}

static void fill(struct test_store *t)
{
    for (int i = 0; i < NUMBERS; i++) {
        int64_t number;
        struct str period = str_format(&t->arena, "period %d", i);
        assert_ok(t, store_run(t->store, take_number, &period, &number, &t->why));
    }
}

static void flip(const char *path, int64_t at, int bit)
{
    unsigned char byte;
    AUTO_FD int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0 && pread(fd, &byte, 1, at) == 1);
    byte ^= (unsigned char)(1u << bit);
    assert_true(pwrite(fd, &byte, 1, at) == 1);
}

static int64_t size_of(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 ? about.st_size : 0;
}

static void one_bit_anywhere_changes_the_sum_of_a_page(void **state)
{
    (void)state;
    unsigned char page[PAGE_BYTES];
    for (size_t i = 0; i < sizeof page; i++) page[i] = (unsigned char)(i * STRIDE);
    page_seal(page, 7);
    assert_true(page_is_whole(page, 7));
    assert_false(page_is_whole(page, 8));
    for (size_t bit = 0; bit < sizeof page * 8; bit++) {
        page[bit / 8] ^= (unsigned char)(1u << bit % 8);
        assert_false(page_is_whole(page, 7));
        page[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
    assert_true(page_is_whole(page, 7));
}

static void a_page_is_compared_again_only_after_a_while_or_when_it_was_bad(void **state)
{
    (void)state;
    struct page_notes *times = page_notes_new();
    assert_true(page_is_due(times, 7, 1000));
    assert_false(page_is_due(times, 7, 1000));
    assert_true(page_is_due(times, 8, 1000));
    assert_false(page_is_due(times, 7, 1000 + PAGE_COMPARED_S - 1));
    assert_true(page_is_due(times, 7, 1000 + PAGE_COMPARED_S));
    page_is_bad(times, 7);
    assert_true(page_is_due(times, 7, 1000 + PAGE_COMPARED_S));
    assert_true(page_is_due(times, -1, 1000)); /* what cannot be noted is always compared */
    assert_true(page_is_due(times, -1, 1000));
    page_notes_free(times);
}

static void every_turned_bit_of_the_database_is_found(void **state)
{
    (void)state;
    struct test_store t;
    test_store_open(&t);
    fill(&t);
    assert_ok(&t, store_check(t.store, &t.why));
    store_close(t.store);
    int64_t size = size_of(t.path);
    for (int i = 0; i < FLIPS; i++) {
        int64_t at = i < HEADER_BYTES ? i : size / (FLIPS - HEADER_BYTES) * (i - HEADER_BYTES) + i % STRIDE;
        flip(t.path, at, i % 8);
        struct store_options o = {.path = t.path, .is_sync_off = true};
        enum outcome r = store_open(&o, &t.store, &t.why);
        if (r == OK) {
            r = store_check(t.store, &t.why);
            store_close(t.store);
        }
        if (r == OK) print_error("byte %lld\n", (long long)at);
        assert_true(r == ERR_CONFLICT || r == ERR_DOWN);
        flip(t.path, at, i % 8);
    }
    test_store_open_with(&t, (struct store_options){.is_sync_off = true});
    assert_ok(&t, store_check(t.store, &t.why));
    test_store_close(&t);
}

static void a_turned_bit_in_the_log_is_found_while_it_is_open(void **state)
{
    (void)state;
    struct test_store t;
    test_store_open(&t);
    fill(&t);
    const char *log = str_format(&t.arena, "%s-wal", t.path).at;
    int64_t at = LOG_HEAD_BYTES + FRAME_HEAD_BYTES + 5 * FRAME_BYTES + STRIDE;
    flip(log, at, 3);
    assert_int_equal(store_check(t.store, &t.why), ERR_CONFLICT);
    flip(log, at, 3);
    fail_init(&t.why, &t.arena);
    assert_ok(&t, store_check(t.store, &t.why));
    test_store_close(&t);
}

/* The mark speaks of all that the log holds. */
static bool is_all_marked(struct test_store *t)
{
    enum { FRAMES_AT = 16 };
    uint64_t frames = 0;
    AUTO_FD int fd = open(str_format(&t->arena, "%s-mark", t->path).at, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || pread(fd, &frames, sizeof frames, FRAMES_AT) != (ssize_t)sizeof frames) return false;
    return size_of(str_format(&t->arena, "%s-wal", t->path).at) ==
           LOG_HEAD_BYTES + (int64_t)le64toh(frames) * FRAME_BYTES;
}

/* What is on the disk after a kill, when the last commit has been promised. */
static void leave_by_a_kill(struct test_store *t)
{
    test_store_make_folder(t);
    pid_t child = fork();
    if (child == 0) {
        struct store_options o = {.path = t->path, .may_create = true};
        if (store_open(&o, &t->store, &t->why) != OK) _exit(1);
        fill(t);
        int64_t latest = clock_monotonic_us() + MARK_WAIT_S * INT64_C(1000000);
        while (!is_all_marked(t) && clock_monotonic_us() < latest)
            nanosleep(&(struct timespec){.tv_nsec = NAP_MS * 1000000L}, NULL);
        if (is_all_marked(t)) (void)kill(getpid(), SIGKILL);
        _exit(1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
}

static enum outcome open_again(struct test_store *t)
{
    struct store_options o = {.path = t->path, .is_sync_off = true};
    fail_init(&t->why, &t->arena);
    return store_open(&o, &t->store, &t->why);
}

static void a_log_that_lacks_what_was_promised_stops_the_start(void **state)
{
    (void)state;
    struct test_store t;
    leave_by_a_kill(&t);
    const char *log = str_format(&t.arena, "%s-wal", t.path).at, *away = str_format(&t.arena, "%s.away", log).at;
    const char *mark = str_format(&t.arena, "%s-mark", t.path).at;
    int64_t size = size_of(log);
    assert_true(size > LOG_HEAD_BYTES + 100 * FRAME_BYTES);
    for (int i = 0; i < LOG_FLIPS; i++) {
        int64_t at = i < LOG_HEAD_BYTES ? i : size / LOG_FLIPS * i + i % STRIDE;
        flip(log, at, i % 8);
        assert_int_equal(open_again(&t), ERR_CONFLICT);
        flip(log, at, i % 8);
    }
    assert_int_equal(truncate(log, size - FRAME_BYTES), 0); /* the last page of the last commit */
    assert_int_equal(open_again(&t), ERR_CONFLICT);
    assert_int_equal(rename(log, away), 0);
    assert_int_equal(open_again(&t), ERR_CONFLICT);
    assert_int_equal(unlink(mark), 0);
    assert_ok(&t, open_again(&t));
    (void)unlink(away);
    test_store_close(&t);
}

static void a_whole_log_is_taken_up_and_its_mark_taken_back(void **state)
{
    (void)state;
    struct test_store t;
    leave_by_a_kill(&t);
    for (int i = 0; i < 3; i++) {
        struct store_options o = {.path = t.path};
        assert_ok(&t, store_open(&o, &t.store, &t.why));
        fill(&t);
        store_close(t.store); /* the log ends: no promise may be left */
    }
    assert_ok(&t, open_again(&t));
    assert_ok(&t, store_check(t.store, &t.why));
    test_store_close(&t);
}

/* As somebody who may write all but the mark. */
static int open_as_a_stranger_to_the_mark(const struct test_store *t, const char *mark)
{
    enum { NOBODY = 65534 };
    pid_t child = fork();
    if (child == 0) {
        char *folder = strdup(t->path);
        struct store_options o = {.path = t->path};
        struct store *s;
        struct fail why;
        if (!folder || chmod(mark, 0444) != 0) _exit(100);
        *strrchr(folder, '/') = '\0';
        const char *const theirs[] = {folder, t->path, str_format(t->why.arena, "%s-wal", t->path).at,
                                      str_format(t->why.arena, "%s-shm", t->path).at};
        for (size_t i = 0; geteuid() == 0 && i < LENGTH(theirs); i++)
            if (chown(theirs[i], NOBODY, NOBODY) != 0 && errno != ENOENT) _exit(101);
        if (geteuid() == 0 && setuid(NOBODY) != 0) _exit(102);
        fail_init(&why, t->why.arena);
        enum outcome r = store_open(&o, &s, &why);
        _exit(r == ERR_DOWN && str_has(fail_text(t->why.arena, &why), STR("-mark cannot be written")) ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void a_promise_that_cannot_be_taken_back_stops_the_start(void **state)
{
    (void)state;
    struct test_store t;
    leave_by_a_kill(&t);
    const char *mark = str_format(&t.arena, "%s-mark", t.path).at;
    assert_int_equal(open_as_a_stranger_to_the_mark(&t, mark), 0);
    assert_int_equal(chmod(mark, 0600), 0);
    struct store_options o = {.path = t.path};
    assert_ok(&t, store_open(&o, &t.store, &t.why));
    test_store_close(&t);
}

static void a_start_that_fails_leaves_the_log_as_it_was(void **state)
{
    (void)state;
    static const struct query wrong = {.name = "wrong", .sql = "SELECT 1 FROM nowhere"};
    struct test_store t;
    leave_by_a_kill(&t);
    struct store_options o = {.path = t.path, .queries = &wrong, .query_count = 1};
    assert_true(store_open(&o, &t.store, &t.why) != OK);
    assert_ok(&t, open_again(&t));
    assert_ok(&t, store_check(t.store, &t.why));
    test_store_close(&t);
}

static void a_copy_carries_sums_too(void **state)
{
    (void)state;
    struct test_store t;
    struct store *copy;
    test_store_open(&t);
    fill(&t);
    const char *to = str_format(&t.arena, "%s.copy", t.path).at;
    assert_ok(&t, store_backup(t.store, to, &t.why));
    struct store_options o = {.path = to, .is_sync_off = true};
    assert_ok(&t, store_open(&o, &copy, &t.why));
    assert_ok(&t, store_check(copy, &t.why));
    store_close(copy);
    (void)unlink(to);
    test_store_close(&t);
}

static void a_database_of_an_earlier_program_gets_sums_once(void **state)
{
    (void)state;
    struct test_store t;
    sqlite3 *db = NULL;
    test_store_make_folder(&t);
    assert_int_equal(sqlite3_open(t.path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "PRAGMA journal_mode = WAL; CREATE TABLE old (n); INSERT INTO old VALUES (zeroblob(99999))",
                     NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(db);
    test_store_open_with(&t, (struct store_options){.is_sync_off = true});
    fill(&t);
    assert_ok(&t, store_check(t.store, &t.why));
    store_close(t.store);
    flip(t.path, size_of(t.path) - STRIDE, 1);
    test_store_open_with(&t, (struct store_options){.is_sync_off = true});
    assert_int_equal(store_check(t.store, &t.why), ERR_CONFLICT);
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_bit_anywhere_changes_the_sum_of_a_page),
        cmocka_unit_test(a_page_is_compared_again_only_after_a_while_or_when_it_was_bad),
        cmocka_unit_test(every_turned_bit_of_the_database_is_found),
        cmocka_unit_test(a_turned_bit_in_the_log_is_found_while_it_is_open),
        cmocka_unit_test(a_log_that_lacks_what_was_promised_stops_the_start),
        cmocka_unit_test(a_whole_log_is_taken_up_and_its_mark_taken_back),
        cmocka_unit_test(a_promise_that_cannot_be_taken_back_stops_the_start),
        cmocka_unit_test(a_start_that_fails_leaves_the_log_as_it_was),
        cmocka_unit_test(a_copy_carries_sums_too),
        cmocka_unit_test(a_database_of_an_earlier_program_gets_sums_once),
    };
    return RUN_TESTS(tests);
}
