#include "base/test.h"

#include "process/process.h"

static const struct str acts[] = {
    STR_INIT("receive"),    STR_INIT("refuse"),       STR_INIT("request-supplement"),
    STR_INIT("supplement"), STR_INIT("assign"),       STR_INIT("examine"),
    STR_INIT("propose"),    STR_INIT("approve"),      STR_INIT("send-back"),
    STR_INIT("issue"),      STR_INIT("return"),       STR_INIT("stop"),
    STR_INIT("withdraw"),   STR_INIT("extend"),       STR_INIT("transfer"),
    STR_INIT("consult"),    STR_INIT("note-contact"), STR_INIT("answer"),
    STR_INIT("correct"),
};

static struct arena arena;
static struct fail why;

static int begin(void **state)
{
    (void)state;
    arena_end(&arena);
    arena_init(&arena, 8 << 20);
    fail_init(&why, &arena);
    return 0;
}

static const struct step_table *compile(struct str text)
{
    const struct step_table *t = NULL;
    fail_init(&why, &arena);
    if (process_compile(&arena, text, acts, LENGTH(acts), &t, &why) != OK)
        for (size_t i = 0; i < why.problem_count; i++)
            print_error("%.*s %s\n", STR_ARG(why.problems[i].pointer), why.problems[i].sentence);
    return t;
}

/* What the laws say, by hand: the time limit, in remote areas, and how far an extension goes. */
static const struct {
    const char *text, *name, *term, *remote;
    const char *first_step, *first_role;
    int first_status;
    const char *first_within;
    const char *extends_in, *until, *until_remote, *by;
    int times;
} rows[] = {
    {process_complaint_first_text,  "complaint-first",          "30d", "45d", "intake", "receiver",   1, "10d", "verification",
     "45d",                                                                                                                         "60d", "", 1},
    {process_complaint_second_text, "complaint-second",         "45d", "60d", "intake", "receiver",   1, "10d", "verification",
     "60d",                                                                                                                         "70d", "", 1},
    {process_denunciation_text,     "denunciation",             "30d", "",    "intake", "receiver",   1, "7wd", "verification", "", "",
     "30d",                                                                                                                                    2},
    {process_suspension_text,       "suspension-or-revocation", "",    "",    "opened", "specialist", 2, "",    "examination",  "", "",
     "",                                                                                                                                       0},
    {process_internal_text,         "internal",                 "",    "",    "intake", "receiver",   1, "",    "examination",  "", "",    "", 0},
};

static void each_kind_has_the_terms_of_its_law(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const struct step_table *t = compile(str_from(rows[i].text));
        assert_non_null(t);
        assert_str(t->name, rows[i].name);
        assert_str(term_format(&arena, t->term), rows[i].term);
        assert_str(term_format(&arena, t->term_remote), rows[i].remote);
        assert_str(t->steps[0].name, rows[i].first_step);
        assert_str(t->steps[0].role, rows[i].first_role);
        assert_int_equal(t->steps[0].status, rows[i].first_status);
        assert_str(term_format(&arena, t->steps[0].within), rows[i].first_within);
        const struct step_exit *e = process_exit(t, process_step(t, str_from(rows[i].extends_in)), STR("extend"));
        assert_non_null(e);
        assert_str(term_format(&arena, e->until), rows[i].until);
        assert_str(term_format(&arena, e->until_remote), rows[i].until_remote);
        assert_str(term_format(&arena, e->by), rows[i].by);
        assert_int_equal(e->times, rows[i].times);
    }
}

static void each_is_written_back_as_the_same_process(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const struct step_table *t = compile(str_from(rows[i].text)), *again = compile(process_format(&arena, t));
        assert_non_null(again);
        assert_true(sha256_eq(t->version, again->version));
    }
}

static void a_limit_that_is_none_is_refused(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "process a \"A\" \"A\" term",
        "process a \"A\" \"A\" term 30",
        "process a \"A\" \"A\" term 30d remote",
        "process a \"A\" \"A\" remote 30d",
    };
    for (size_t i = 0; i < LENGTH(lines); i++) {
        fail_init(&why, &arena);
        const struct step_table *t = NULL;
        struct str text = str_format(
            &arena, "%s\nstep one by receiver, status 1 \"A\" \"A\"\n refuse -> end with status 3\n", lines[i]);
        assert_int_equal(process_compile(&arena, text, acts, LENGTH(acts), &t, &why), ERR_INVALID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_kind_has_the_terms_of_its_law, begin),
        cmocka_unit_test_setup(each_is_written_back_as_the_same_process, begin),
        cmocka_unit_test_setup(a_limit_that_is_none_is_refused, begin),
    };
    return RUN_TESTS(tests);
}
