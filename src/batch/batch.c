#include "batch/batch.h"

#include "base/buf.h"
#include "base/json.h"

enum { REASON_BYTES = 64 * 1024 };

/* clang-format off */
/* In the order of the enums. */
static const struct {
    const char *name, *title;
} batch_states[] = {
    {"waiting", N_("Waiting")},
    {"running", N_("Running")},
    {"done",    N_("Done")   },
    {"stopped", N_("Stopped halfway")},
}; /* clang-format on */
static const char *const item_states[] = {"waiting", "done", "refused"};

const char *batch_state_name(enum batch_state s)
{
    return batch_states[s].name;
}

const char *batch_state_title(enum batch_state s)
{
    return batch_states[s].title;
}

const char *item_state_name(enum item_state s)
{
    return item_states[s];
}

bool item_state_parse(struct str name, enum item_state *out)
{
    for (size_t i = 0; i < LENGTH(item_states); i++) {
        if (!str_eq(name, str_from(item_states[i]))) continue;
        *out = (enum item_state)i;
        return true;
    }
    return false;
}

bool batch_is_open(const struct batch *b)
{
    return b->state == BATCH_WAITING || b->state == BATCH_RUNNING;
}

int64_t batch_version(const struct batch *b)
{
    return batch_is_open(b) ? 1 : 2;
}

/* ---- refusals ---- */

/* A refusal of fields says what is wrong with the first of them. */
struct str batch_keep_reason(struct arena *a, const struct fail *why)
{
    bool is_of_field = why->problem_count > 0;
    const struct problem *first = why->problems;
    const char *sentence = is_of_field ? first->sentence : why->sentence;
    const struct str *args = is_of_field ? first->args : why->args;
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, REASON_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '{'); /* canonical: keys in order */
    jw_key(&w, "args");
    jw_open(&w, '[');
    for (size_t i = 0; i < FAIL_ARGS; i++) jw_str(&w, args[i]);
    jw_close(&w);
    jw_put_str(&w, "code", str_from(outcome_type(why->outcome)));
    jw_put_str(&w, "sentence", str_from(sentence != NULL ? sentence : outcome_title(why->outcome)));
    jw_close(&w);
    return str_dup(a, buf_str(&text));
}

struct str batch_reason(struct arena *a, enum language l, struct str why, struct str *out_code)
{
    struct fail broken;
    struct str args[FAIL_ARGS] = {0};
    yyjson_val *kept;
    fail_init(&broken, a);
    *out_code = STR_NONE;
    if (why.len == 0 || json_read(a, why, &kept, &broken) != OK) return STR_NONE;
    yyjson_val *list = json_get(kept, "args");
    for (size_t i = 0; i < FAIL_ARGS; i++) args[i] = json_text(yyjson_arr_get(list, i));
    *out_code = json_str(kept, "code");
    return fail_fill(a, translate_str(l, json_str(kept, "sentence")), args);
}
