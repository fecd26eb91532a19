#include "base/test.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/fail.h"

static void a_failure_takes_no_to_four_arguments(void **state)
{
    (void)state;
    AUTO_ARENA struct arena a;
    arena_init(&a, 1 << 20);
    struct fail why;
    fail_init(&why, &a);
    assert_int_equal(fail(&why, ERR_MISSING, NULL), ERR_MISSING);
    assert_str(fail_text(&a, &why), "Not found");
    assert_int_equal(fail(&why, ERR_BAD, N_("None.")), ERR_BAD);
    assert_str(fail_text(&a, &why), "None.");
    assert_int_equal(fail(&why, ERR_BAD, N_("One {0}."), STR("a")), ERR_BAD);
    assert_str(fail_text(&a, &why), "One a.");
    assert_int_equal(fail(&why, ERR_BAD, N_("{3}{2}{1}{0}"), STR("a"), STR("b"), STR("c"), STR("d")), ERR_BAD);
    assert_str(fail_text(&a, &why), "dcba");
}

static void arguments_outlive_their_source(void **state)
{
    (void)state;
    AUTO_ARENA struct arena a;
    arena_init(&a, 1 << 20);
    struct fail why;
    fail_init(&why, &a);
    char code[] = "G11";
    (void)fail(&why, ERR_MISSING, N_("No agency {0}."), str_from(code));
    code[0] = 'X';
    assert_str(fail_text(&a, &why), "No agency G11.");
}

static void filling_leaves_other_braces_alone(void **state)
{
    (void)state;
    AUTO_ARENA struct arena a;
    arena_init(&a, 1 << 20);
    const struct str args[FAIL_ARGS] = {STR_INIT("{1}"), STR_INIT("b")};
    assert_str(fail_fill(&a, STR("{0} {1} {2} {4} {x} {0"), args), "{1} b  {4} {x} {0");
    assert_str(fail_fill(&a, STR(""), args), "");
}

static enum outcome refuse_when_needed(struct fail *why)
{
    TRY(fail_if_problems(why));
    return OK;
}

static void problems_are_collected_before_the_refusal(void **state)
{
    (void)state;
    AUTO_ARENA struct arena a;
    arena_init(&a, 1 << 20);
    struct fail why;
    fail_init(&why, &a);
    assert_int_equal(refuse_when_needed(&why), OK);
    fail_problem(&why, STR("#/name"), "required", N_("A name is needed."));
    fail_problem(&why, STR("#/age"), "range", N_("Between {0} and {1}."), STR("1"), STR("150"));
    assert_int_equal(refuse_when_needed(&why), ERR_INVALID);
    assert_int_equal(why.problem_count, 2);
    assert_str(why.problems[1].pointer, "#/age");
    assert_string_equal(why.problems[1].code, "range");
    assert_str(fail_fill(&a, str_from(why.problems[1].sentence), why.problems[1].args), "Between 1 and 150.");
    for (int i = 0; i < 2 * FAIL_PROBLEMS; i++) fail_problem(&why, STR("#"), "more", N_("More."));
    assert_int_equal(why.problem_count, FAIL_PROBLEMS);
}

static void every_outcome_has_a_status_a_type_and_a_title(void **state)
{
    (void)state;
    for (int o = OK; o < OUTCOME_COUNT; o++) {
        assert_in_range(outcome_status((enum outcome)o), 200, 599);
        assert_true(strlen(outcome_type((enum outcome)o)) > 0);
        assert_true(strlen(outcome_title((enum outcome)o)) > 0);
    }
    assert_int_equal(outcome_status(ERR_STALE), 412);
    assert_string_equal(outcome_type(ERR_STALE), "stale");
}

static void a_bug_says_where_and_aborts(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        (void)signal(SIGABRT, SIG_DFL);
        (void)dup2(ends[1], STDERR_FILENO);
        BUG("impossible %d", 42);
    }
    (void)close(ends[1]);
    char text[2000] = {0};
    assert_true(read(ends[0], text, sizeof text - 1) > 0);
    (void)close(ends[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    assert_non_null(strstr(text, "fail_test.c:"));
    assert_non_null(strstr(text, "message=\"impossible 42\"\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_takes_no_to_four_arguments),
        cmocka_unit_test(arguments_outlive_their_source),
        cmocka_unit_test(filling_leaves_other_braces_alone),
        cmocka_unit_test(problems_are_collected_before_the_refusal),
        cmocka_unit_test(every_outcome_has_a_status_a_type_and_a_title),
        cmocka_unit_test(a_bug_says_where_and_aborts),
    };
    return RUN_TESTS(tests);
}
