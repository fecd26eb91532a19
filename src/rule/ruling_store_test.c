/* What is kept of a ruling comes back whole, however many choices its tables offer. */
#include "rule/ruling.h"

#include "queries.h"
#include "store/test_store.h"

enum { VERSION = 71, DOSSIER = 72, QUESTIONS = 40, CHOICES = 400 };

static struct test_store t;

static int set_up(void **state)
{
    (void)state;
    test_store_open(&t);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    test_store_close(&t);
    return 0;
}

static enum outcome save(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* nothing to say but OK */
    TRY(store_do(tx, Q_RULE_VERSION_INSERT,
                 VALUES(v_int(VERSION), v_str(STR("1.013124")), v_int(1), v_str(STR("h")), v_str(STR("t")),
                        v_str(STR("[]")), v_str(STR("rules.dmn")), v_instant(tx_now(tx)), v_int(0)),
                 NULL, why));
    return ruling_save(tx, DOSSIER, STR("1.013124"), input, why);
}

/* Some 800 KB, more than the largest file of tables can ask. */
static const struct declaration *many_questions(void)
{
    struct declaration *questions = ARENA_ARRAY(&t.arena, struct declaration, QUESTIONS);
    struct declaration_choice *choices = ARENA_ARRAY(&t.arena, struct declaration_choice, CHOICES);
    for (size_t i = 0; i < CHOICES; i++)
        choices[i].value = choices[i].label = str_format(&t.arena, "lựa chọn số %zu", i).at;
    for (size_t i = 0; i < QUESTIONS; i++)
        questions[i] = (struct declaration){.name = str_format(&t.arena, "q%zu", i).at,
                                            .kind = FORM_CHOICE,
                                            .label = "câu hỏi",
                                            .choices = choices,
                                            .choice_count = CHOICES};
    return questions;
}

static void many_choices_come_back_with_their_ruling(void **state)
{
    struct ruling in = {.version = VERSION,
                        .hash = STR("h"),
                        .facts = STR("{}"),
                        .questions = many_questions(),
                        .question_count = QUESTIONS};
    const struct ruling *kept;
    AUTO_READ struct tx *tx = NULL;
    (void)state;
    assert_ok(&t, store_run(t.store, save, &in, NULL, &t.why));
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_ok(&t, ruling_of(tx, DOSSIER, &kept, &t.why));
    assert_non_null(kept);
    assert_int_equal(kept->question_count, QUESTIONS);
    assert_int_equal(kept->questions[QUESTIONS - 1].choice_count, CHOICES);
    assert_string_equal(kept->questions[QUESTIONS - 1].choices[CHOICES - 1].value, "lựa chọn số 399");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(many_choices_come_back_with_their_ruling, set_up, tear_down),
    };
    return RUN_TESTS(tests);
}
