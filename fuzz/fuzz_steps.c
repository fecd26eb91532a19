/* Step files: whatever compiles is written back to text that compiles to the same version. */
#include <stdlib.h>

#include "base/auto.h"
#include "process/process.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct str acts[] = {
    STR_INIT("receive"),         STR_INIT("refuse"),       STR_INIT("request-supplement"),
    STR_INIT("supplement"),      STR_INIT("assign"),       STR_INIT("examine"),
    STR_INIT("propose"),         STR_INIT("approve"),      STR_INIT("send-back"),
    STR_INIT("issue"),           STR_INIT("return"),       STR_INIT("stop"),
    STR_INIT("withdraw"),        STR_INIT("extend"),       STR_INIT("transfer"),
    STR_INIT("request-payment"), STR_INIT("note-contact"), STR_INIT("correct"),
    STR_INIT("record-payment"),  STR_INIT("hand-over"),    STR_INIT("consult"),
    STR_INIT("answer"),
};

/* Whatever compiled: every way leads to a step of the table or to an end that a status may have, and an act after the
 * end belongs to an end that is reached. */
static void check_table(const struct step_table *t)
{
    for (size_t i = 0; i < t->step_count; i++) {
        for (size_t n = 0; n < t->steps[i].exit_count; n++) {
            const struct step_exit *e = &t->steps[i].exits[n];
            if (e->next != STEP_END && (size_t)e->next >= t->step_count) abort();
            if (e->next == STEP_END && !status_is_final(e->status)) abort();
            if (!status_may_follow(t->steps[i].status, e->status)) abort();
            if (process_exit(t, (int)i, e->act) != e) abort();
        }
    }
    for (size_t i = 0; i < t->end_count; i++) {
        if (!status_is_final(t->ends[i].status) || t->ends[i].act_count == 0) abort();
        if (!process_allows_after(t, t->ends[i].status, t->ends[i].acts[0])) abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    const struct step_table *t, *again;
    arena_init(&a, 64 << 20);
    fail_init(&why, &a);
    if (process_compile(&a, str_of((const char *)data, size), acts, LENGTH(acts), &t, &why) != OK) return 0;
    check_table(t);
    struct str text = process_format(&a, t);
    if (text.len > PROCESS_TEXT_BYTES) return 0; /* padding may make it longer than what was read */
    if (process_compile(&a, text, acts, LENGTH(acts), &again, &why) != OK) abort();
    if (!sha256_eq(t->version, again->version) || !str_eq(process_format(&a, again), text)) abort();
    return 0;
}
