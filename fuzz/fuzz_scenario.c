/* A procedure's scenario as somebody writes it: whole, or every mistake is told with its place. What is taken has steps
 * within its bounds, in order, of acts and people that there are. */
#include "base/auto.h"
#include "check/check.h"
#include "dossier/action.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_steps(const struct scenario *s)
{
    if (s->step_count == 0 || s->step_count > SCENARIO_STEPS_MOST) BUG("%zu steps", s->step_count);
    if (s->agency_count == 0 || s->agency_count > SCENARIO_AGENCIES_MOST) BUG("%zu agencies", s->agency_count);
    for (size_t i = 0; i < s->step_count; i++) {
        const struct scenario_step *step = &s->steps[i];
        if (i > 0 && step->at < s->steps[i - 1].at) BUG("the clock goes back");
        if (step->act.len > 0 && action_find(step->act) == NULL) BUG("an act that there is not");
        if (step->expect != NULL && step->refused != NULL) BUG("both");
        if (step->line < 1) BUG("a step on no line");
    }
    if (s->steps[0].act.len > 0) BUG("nothing was submitted");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    struct scenario s = {0};
    arena_init(&a, 256 << 20);
    if (size > SCENARIO_BYTES) return 0;
    struct checking c = {.arena = &a, .language = VIETNAMESE};
    bool is_well = scenario_read(&c, STR("scenario.json"), str_of((const char *)data, size), &s);
    if (is_well != (c.problems.count == 0)) BUG("refused without a word, or taken in spite of one");
    if (is_well) check_steps(&s);
    return 0;
}
