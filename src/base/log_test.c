#include "base/test.h"

#include <pthread.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

/* What is written to stderr while `act` runs. */
static struct str caught(void (*act)(void))
{
    static char text[65536];
    int ends[2], kept = dup(STDERR_FILENO);
    assert_int_equal(pipe(ends), 0);
    (void)dup2(ends[1], STDERR_FILENO);
    act();
    (void)dup2(kept, STDERR_FILENO);
    (void)close(ends[1]);
    (void)close(kept);
    size_t len = 0;
    for (ssize_t got; (got = read(ends[0], text + len, sizeof text - len)) > 0;) len += (size_t)got;
    (void)close(ends[0]);
    return str_of(text, len);
}

static void log_two_lines(void)
{
    clock_hold(0);
    log_write(LOG_DEBUG, "quiet", "a=%d", 0);
    log_write(LOG_INFO, "request.done", "method=%s status=%d", "GET", 200);
    log_write(LOG_ERROR, "bare", " ");
    clock_release();
}

static void a_line_has_time_level_event_and_pairs(void **state)
{
    (void)state;
    assert_str(caught(log_two_lines), "time=1970-01-01T00:00:00Z level=info event=request.done method=GET status=200\n"
                                      "time=1970-01-01T00:00:00Z level=error event=bare\n");
}

static void log_hostile(void)
{
    log_write(LOG_WARN, "hostile", "text=%s", "a\nlevel=error\tevent=forged\x1b[31m");
    log_write(LOG_WARN, "long", "text=%05000d", 1);
}

static void a_value_cannot_begin_a_line_of_its_own(void **state)
{
    (void)state;
    struct str text = caught(log_hostile), first, second;
    assert_true(str_cut(text, '\n', &first, &second));
    assert_true(str_ends(first, STR("text=a level=error event=forged [31m")));
    assert_true(second.len <= 4096);
    assert_int_equal(str_find(second, STR("\n"), 0), second.len - 1);
}

static void log_quietly(void)
{
    log_set_level(LOG_QUIET);
    log_write(LOG_ERROR, "quiet", "a=%d", 0);
    log_set_level(LOG_INFO);
}

static void a_quiet_log_says_nothing(void **state)
{
    (void)state;
    assert_str(caught(log_quietly), "");
}

static void *log_many(void *unused)
{
    for (int i = 0; i < 100; i++) log_write(LOG_INFO, "thread", "text=%080d", 7);
    return unused;
}

static void log_from_threads(void)
{
    pthread_t threads[4];
    for (size_t i = 0; i < LENGTH(threads); i++) assert_int_equal(pthread_create(&threads[i], NULL, log_many, NULL), 0);
    for (size_t i = 0; i < LENGTH(threads); i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
}

static void lines_of_threads_never_mix(void **state)
{
    (void)state;
    struct str rest = caught(log_from_threads), line;
    int lines = 0;
    while (str_cut(rest, '\n', &line, &rest)) {
        assert_true(str_starts(line, STR("time=")) && str_ends(line, STR("00000000000000000000000007")));
        assert_int_equal(str_find(line, STR("time="), 1), -1);
        lines++;
    }
    assert_int_equal(lines, 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_has_time_level_event_and_pairs),
        cmocka_unit_test(a_value_cannot_begin_a_line_of_its_own),
        cmocka_unit_test(a_quiet_log_says_nothing),
        cmocka_unit_test(lines_of_threads_never_mix),
    };
    return RUN_TESTS(tests);
}
