#include "base/test.h"

#include "process/process.h"

static const struct str acts[] = {
    STR_INIT("receive"),         STR_INIT("refuse"),         STR_INIT("request-supplement"),
    STR_INIT("supplement"),      STR_INIT("assign"),         STR_INIT("examine"),
    STR_INIT("propose"),         STR_INIT("approve"),        STR_INIT("send-back"),
    STR_INIT("issue"),           STR_INIT("return"),         STR_INIT("stop"),
    STR_INIT("withdraw"),        STR_INIT("hand-over"),      STR_INIT("extend"),
    STR_INIT("transfer"),        STR_INIT("consult"),        STR_INIT("answer"),
    STR_INIT("request-payment"), STR_INIT("record-payment"), STR_INIT("note-contact"),
    STR_INIT("correct"),         STR_INIT("undo"),
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
    if (process_compile(&arena, text, acts, LENGTH(acts), &t, &why) != OK) return NULL;
    return t;
}

static const struct step_table *standard(void)
{
    const struct step_table *t = compile(str_from(process_standard_text));
    for (size_t i = 0; i < why.problem_count; i++)
        print_error("%.*s %s\n", STR_ARG(why.problems[i].pointer), why.problems[i].sentence);
    assert_non_null(t);
    return t;
}

/* Every pair of step and act of the standard process: where it leads. What is not here is not possible. */
static const struct {
    const char *step, *role;
    int status;
    const char *leads; /* "act>step", "act>end-3" ends with status 3; between blanks */
} ways[] = {
    {"intake",                "receiver",   1,
     " receive>received refuse>end-3 request-supplement>papers-before-receipt withdraw>end-7 transfer>intake"
     " record-payment>intake note-contact>intake "                                                                              },
    {"papers-before-receipt", "applicant",  5,
     " supplement>second-check withdraw>end-7 transfer>papers-before-receipt record-payment>papers-before-receipt "
     "note-contact>papers-before-receipt "                                                                                      },
    {"second-check",          "receiver",   5,
     " receive>received refuse>end-8 withdraw>end-7 transfer>second-check record-payment>second-check"
     " note-contact>second-check "                                                                                              },
    {"received",              "specialist", 2,
     " assign>examination examine>examination propose>approval request-supplement>papers-after-receipt"
     " request-payment>payment withdraw>end-7 hand-over>received extend>received transfer>received"
     " record-payment>received note-contact>received "                                                                          },
    {"examination",           "specialist", 4,
     " assign>examination examine>examination propose>approval request-supplement>papers-after-receipt"
     " request-payment>payment stop>end-8 withdraw>end-7 consult>examination answer>examination extend>examination"
     " transfer>examination record-payment>examination note-contact>examination "                                               },
    {"papers-after-receipt",  "applicant",  5,
     " supplement>examination stop>end-8 withdraw>end-7 answer>papers-after-receipt transfer>papers-after-receipt"
     " record-payment>papers-after-receipt note-contact>papers-after-receipt "                                                  },
    {"payment",               "applicant",  6,
     " record-payment>examination stop>end-8 withdraw>end-7 answer>payment transfer>payment"
     " note-contact>payment "                                                                                                   },
    {"approval",              "leader",     4,
     " approve>issuing send-back>examination transfer>examination stop>end-8 withdraw>end-7 extend>approval "
     "record-payment>approval"
     " note-contact>approval "                                                                                                  },
    {"issuing",               "clerk",      4, " issue>handing-over extend>issuing record-payment>issuing note-contact>issuing "},
    {"handing-over",          "receiver",   9,
     " return>end-10 correct>handing-over record-payment>handing-over note-contact>handing-over "                               },
};

static struct str lead_of(const struct step_table *t, const struct step_exit *e)
{
    return e->next == STEP_END ? str_format(&arena, "end-%d", (int)e->status) : t->steps[e->next].name;
}

static void every_pair_of_step_and_act_is_allowed_or_not(void **state)
{
    (void)state;
    const struct step_table *t = standard();
    assert_int_equal(t->step_count, LENGTH(ways));
    for (size_t i = 0; i < LENGTH(ways); i++) {
        int step = process_step(t, str_from(ways[i].step));
        assert_int_equal(step, i);
        assert_str(t->steps[step].role, ways[i].role);
        assert_int_equal(t->steps[step].status, ways[i].status);
        for (size_t n = 0; n < LENGTH(acts); n++) {
            const struct step_exit *e = process_exit(t, step, acts[n]);
            struct str begin_of = str_format(&arena, " %.*s>", STR_ARG(acts[n]));
            assert_int_equal(e != NULL, str_has(str_from(ways[i].leads), begin_of));
            if (e == NULL) continue;
            struct str whole = str_format(&arena, "%.*s%.*s ", STR_ARG(begin_of), STR_ARG(lead_of(t, e)));
            assert_true(str_has(str_from(ways[i].leads), whole));
            assert_true(status_may_follow(t->steps[step].status, e->status));
        }
    }
}

static void after_the_end_only_an_issued_result_can_be_corrected(void **state)
{
    (void)state;
    const struct step_table *t = standard();
    for (int status = STATUS_NONE; status < STATUS_COUNT; status++)
        for (size_t n = 0; n < LENGTH(acts); n++)
            assert_int_equal(process_allows_after(t, (enum status)status, acts[n]),
                             status == STATUS_RETURNED && str_eq(acts[n], STR("correct")));
}

static void several_acts_on_a_line_may_stay_and_have_a_time(void **state)
{
    (void)state;
    const struct step_table *t = compile(STR("process p \"a\" \"b\"\n"
                                             "step one by receiver, status 1 \"a\" \"b\"\n"
                                             "  examine, assign,receive within 3wd -> stay # a note\n"
                                             "  refuse, stop -> end with status 3\n"
                                             "after the end with status 3 : correct, undo\n"));
    assert_non_null(t);
    assert_int_equal(t->steps[0].exit_count, 5);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(t->steps[0].exits[i].next, 0);
        assert_str(term_format(&arena, t->steps[0].exits[i].within), "3wd");
    }
    assert_int_equal(t->steps[0].exits[4].next, STEP_END);
    assert_int_equal(t->steps[0].exits[4].within.unit, TERM_NONE);
    assert_true(process_allows_after(t, STATUS_REFUSED, STR("undo")));
    assert_str(process_format(&arena, t), "process p \"a\" \"b\"\n\n"
                                          "step one by receiver, status 1 \"a\" \"b\"\n"
                                          "    examine within 3wd -> stay\n"
                                          "    assign  within 3wd -> stay\n"
                                          "    receive within 3wd -> stay\n"
                                          "    refuse  -> end with status 3\n"
                                          "    stop    -> end with status 3\n\n"
                                          "after the end with status 3: correct, undo\n");
}

static void the_clock_rule_stands_at_the_acts_that_lead_to_waiting(void **state)
{
    (void)state;
    const struct step_table *t = standard();
    struct str ask = STR("request-supplement"), send = STR("supplement");
    assert_int_equal(process_exit(t, process_step(t, STR("intake")), ask)->clock, CLOCK_NOT_STARTED);
    assert_int_equal(process_exit(t, process_step(t, STR("examination")), ask)->clock, CLOCK_RESTART);
    assert_int_equal(process_exit(t, process_step(t, STR("papers-after-receipt")), send)->clock, CLOCK_RUNS);
    assert_int_equal(process_exit(t, process_step(t, STR("received")), STR("request-payment"))->clock, CLOCK_HOLD);
    assert_int_equal(process_exit(t, process_step(t, STR("intake")), STR("withdraw"))->clock, CLOCK_RUNS);
}

static void what_is_not_there_is_not_found(void **state)
{
    (void)state;
    const struct step_table *t = standard();
    assert_int_equal(process_step(t, STR("elsewhere")), STEP_END);
    assert_null(process_exit(t, STEP_END, STR("receive")));
    assert_null(process_exit(t, 99, STR("receive")));
    assert_null(process_exit(t, 0, STR("fly")));
}

#define HEAD "process p \"a\" \"b\"\n"
#define REFUSE "refuse -> end with status 3\n"
#define FIRST "step one by receiver, status 1 \"a\" \"b\"\n"
#define SECOND "step two by specialist, status 4, within 3wd \"a\" \"b\"\n"

static void a_table_is_written_and_compiles_to_itself(void **state)
{
    (void)state;
    const struct step_table *t = standard(), *again;
    struct str text = process_format(&arena, t);
    again = compile(text);
    assert_non_null(again);
    assert_true(sha256_eq(t->version, again->version));
    assert_true(str_eq(process_format(&arena, again), text));
    t = compile(STR("  process   p\t\"  Quy  trình \"   \"x\" # words\r\n\r\nstep one status 2,by applicant ,within "
                    "0.5h,clock hold "
                    "\"A # b\" \"B\"\n  refuse->end with status 7\n withdraw -> end with status 7"));
    assert_null(t); /* "refuse->end" is one word */
    assert_str(why.problems[0].pointer, "4:3");
    t = compile(STR("  process   p\t\"  Quy  trình \"   \"x\" # words\r\n\r\nstep one status 2,by applicant ,within "
                    "0.5h,clock hold "
                    "\"A # b\" \"B\"\n  refuse ->  end with status 7\n\twithdraw -> end with status 7"));
    assert_non_null(t);
    assert_str(process_format(&arena, t), "process p \"Quy trình\" \"x\"\n\n"
                                          "step one by applicant, status 2, clock hold, within 0.5h \"A # b\" \"B\"\n"
                                          "    refuse   -> end with status 7\n"
                                          "    withdraw -> end with status 7\n");
}

static void comments_and_layout_do_not_make_a_version_but_words_do(void **state)
{
    (void)state;
    const struct step_table *a = compile(STR(HEAD FIRST "refuse -> end with status 3\n")),
                            *b = compile(STR("# note\n" HEAD "\n\n" FIRST "   refuse   ->   end with status 3 # so\n")),
                            *c = compile(STR(HEAD FIRST "refuse -> end with status 7\n"));
    assert_true(sha256_eq(a->version, b->version));
    assert_false(sha256_eq(a->version, c->version));
}

static void every_mistake_is_reported_with_its_line_and_column(void **state)
{
    static const struct {
        const char *text, *place, *code;
    } rows[] = {
  /* clang-format off */
        {"", "1:1", "required"},
        {HEAD, "1:1", "required"},
        {FIRST REFUSE, "1:1", "required"},
        {HEAD HEAD FIRST REFUSE, "2:1", "duplicate"},
        {"process P \"a\" \"b\"\n" FIRST REFUSE, "1:9", "format"},
        {"process p- \"a\" \"b\"\n" FIRST REFUSE, "1:9", "format"},
        {"process p \"a\"\n" FIRST REFUSE, "1:14", "required"},
        {"process p \"a\" \"b\" c\n" FIRST REFUSE, "1:19", "unknown"},
        {"process p \"đ\" \"b\" c\n" FIRST REFUSE, "1:19", "unknown"},
        {"process p \" \" \"b\"\n" FIRST REFUSE, "1:11", "too-long"},
        {"process p \"a\" \"b\n" FIRST REFUSE, "1:15", "format"},
        {HEAD REFUSE FIRST REFUSE, "2:1", "order"},
        {HEAD "step one by wizard, status 1 \"a\" \"b\"\n" REFUSE, "2:13", "unknown"},
        {HEAD "step one by citizen, status 1 \"a\" \"b\"\n" REFUSE, "2:13", "unknown"},
        {HEAD "step one by receiver, status 11 \"a\" \"b\"\n" REFUSE, "2:30", "range"},
        {HEAD "step one by receiver, status 3 \"a\" \"b\"\n" REFUSE, "2:1", "status"},
        {HEAD "step one by receiver \"a\" \"b\"\n" REFUSE, "2:1", "required"},
        {HEAD "step one status 1 \"a\" \"b\"\n" REFUSE, "2:1", "required"},
        {HEAD "step one \"a\" \"b\"\n" REFUSE, "2:10", "format"},
        {HEAD "step one by receiver, by clerk, status 1 \"a\" \"b\"\n" REFUSE, "2:23", "format"},
        {HEAD "step one by receiver, status 1, clock hold \"a\" \"b\"\n" REFUSE, "2:1", "clock"},
        {HEAD "step one by applicant, status 1 \"a\" \"b\"\n" REFUSE, "2:1", "clock"},
        {HEAD "step one by applicant, status 1, clock runs \"a\" \"b\"\n" REFUSE, "2:40",
         "unknown"},
        {HEAD "step one by receiver, status 1, within 3x \"a\" \"b\"\n" REFUSE, "2:40", "format"},
        {HEAD "step end by receiver, status 1 \"a\" \"b\"\n" REFUSE, "2:6", "duplicate"},
        {HEAD FIRST REFUSE FIRST REFUSE, "4:6", "duplicate"},
        {HEAD FIRST "fly -> end with status 3\n", "3:1", "unknown"},
        {HEAD FIRST "refuse -> end with status 3\nrefuse -> end with status 7\n", "4:1", "duplicate"},
        {HEAD FIRST "refuse end\n", "3:8", "format"},
        {HEAD FIRST "refuse -> end\n", "3:14", "format"},
        {HEAD FIRST "refuse -> end with status\n", "3:26", "range"},
        {HEAD FIRST "refuse -> end with status 2\n", "3:11", "status"},
        {HEAD FIRST "refuse -> end with status 8\n", "3:1", "status"},
        {HEAD FIRST "refuse -> nowhere\n", "3:11", "unknown"},
        {HEAD FIRST "refuse -> end with status 3 at once\n", "3:29", "unknown"},
        {HEAD FIRST "receive -> two\n" SECOND "stop -> end with status 8\n", "3:1", "status"}, /* 1 never leads to 4 */
        {HEAD FIRST REFUSE SECOND "stop -> end with status 8\n", "4:1", "unreachable"},
        {HEAD FIRST, "2:1", "no-exit"},
        {HEAD "step stay by receiver, status 1 \"a\" \"b\"\n" REFUSE, "2:6", "duplicate"},
        {HEAD FIRST "refuse, fly -> end with status 3\n", "3:9", "unknown"},
        {HEAD FIRST "refuse, refuse -> end with status 3\n", "3:9", "duplicate"},
        {HEAD FIRST "refuse, -> end with status 3\n", "3:9", "format"},
        {HEAD FIRST "refuse within 3x -> end with status 3\n", "3:15", "format"},
        {HEAD FIRST REFUSE "after the end with status 7: correct\n", "4:27", "status"},
        {HEAD FIRST REFUSE "after the end with status 3: correct, correct\n", "4:1", "duplicate"},
        {HEAD FIRST REFUSE "after the end with status 3: fly\n", "4:30", "unknown"},
        {HEAD FIRST REFUSE "after the end with status 3 correct\n", "4:29", "format"},
        {HEAD FIRST REFUSE "after the end status 3: correct\n", "4:15", "format"},
        {HEAD FIRST REFUSE "after the end with status 3: correct\nafter the end with status 3: undo\n", "5:27", "duplicate"},
        {HEAD FIRST REFUSE "after the end with status 3: correct\nreceive -> one\n", "5:1", "order"},
        {HEAD FIRST "examine -> stay\n", "2:1", "no-end"},
        {HEAD FIRST "assign -> one\n", "2:1", "no-end"},
  /* clang-format on */
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const struct step_table *t = compile(str_from(rows[i].text));
        assert_null(t);
        assert_int_equal(why.outcome, ERR_INVALID);
        assert_str(why.problems[0].pointer, rows[i].place);
        assert_string_equal(why.problems[0].code, rows[i].code);
    }
}

static void all_mistakes_are_reported_at_once(void **state)
{
    (void)state;
    assert_null(
        compile(STR(HEAD "step one by wizard, status 1 \"a\" \"b\"\n fly -> one\n refuse -> end with status 12\n")));
    assert_int_equal(why.problem_count, 3);
    assert_null(compile(STR("\xff")));
    assert_int_equal(why.outcome, ERR_BAD);
    assert_null(compile(str_of(arena_alloc(&arena, PROCESS_TEXT_BYTES + 1), PROCESS_TEXT_BYTES + 1)));
    assert_int_equal(why.outcome, ERR_TOO_LARGE);
}

static void the_most_steps_are_enough_and_one_more_is_refused(void **state)
{
    (void)state;
    for (int more = 0; more <= 1; more++) {
        struct str text = STR(HEAD);
        for (int i = 1; i <= PROCESS_STEPS_MOST + more; i++) {
            bool is_last = i == PROCESS_STEPS_MOST + more;
            text = str_format(&arena, "%.*sstep s%d by receiver, status 1 \"a\" \"b\"\n", STR_ARG(text), i);
            text = is_last ? str_format(&arena, "%.*srefuse -> end with status 3\n", STR_ARG(text))
                           : str_format(&arena, "%.*sassign -> s%d\n", STR_ARG(text), i + 1);
        }
        assert_int_equal(compile(text) != NULL, more == 0);
    }
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_pair_of_step_and_act_is_allowed_or_not),
        TEST(after_the_end_only_an_issued_result_can_be_corrected),
        TEST(several_acts_on_a_line_may_stay_and_have_a_time),
        TEST(the_clock_rule_stands_at_the_acts_that_lead_to_waiting),
        TEST(what_is_not_there_is_not_found),
        TEST(a_table_is_written_and_compiles_to_itself),
        TEST(comments_and_layout_do_not_make_a_version_but_words_do),
        TEST(every_mistake_is_reported_with_its_line_and_column),
        TEST(all_mistakes_are_reported_at_once),
        TEST(the_most_steps_are_enough_and_one_more_is_refused),
    };
    return RUN_TESTS(tests);
}
