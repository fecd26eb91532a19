#include "base/fail.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    int status;
    const char *type, *title;
} outcomes[] = {
#define X(name, status, type, title) [name] = {status, type, title},
    OUTCOMES(X)
#undef X
};

int outcome_status(enum outcome o)
{
    return outcomes[o].status;
}

const char *outcome_type(enum outcome o)
{
    return outcomes[o].type;
}

const char *outcome_title(enum outcome o)
{
    return outcomes[o].title;
}

/* FNV-1a, thirty bits of it as six letters without I, L, O and U (Crockford): a name for a sentence, not a secret. */
struct str sentence_id(struct arena *a, const char *sentence)
{
    static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    uint32_t key = 0x811c9dc5u;
    char id[6];
    for (; *sentence != '\0'; sentence++) key = (key ^ (unsigned char)*sentence) * 0x01000193u;
    key ^= key >> 30;
    for (size_t i = 0; i < sizeof id; i++, key >>= 5) id[i] = letters[key & 31];
    return str_format(a, "MC-%.*s", (int)sizeof id, id);
}

struct str fail_id(struct arena *a, const struct fail *why)
{
    return sentence_id(a, why->sentence != NULL ? why->sentence : outcome_title(why->outcome));
}

void fail_init(struct fail *why, struct arena *a)
{
    *why = (struct fail){.arena = a};
}

static void copy_args(struct arena *a, struct str *to, const struct str from[FAIL_ARGS])
{
    for (int i = 0; i < FAIL_ARGS; i++) to[i] = from[i].len > 0 ? str_dup(a, from[i]) : STR_NONE;
}

enum outcome fail_with(struct fail *why, enum outcome outcome, const char *sentence, const struct str args[FAIL_ARGS])
{
    if (!why->arena) BUG("fail_init is missing");
    why->outcome = outcome;
    why->sentence = sentence;
    copy_args(why->arena, why->args, args);
    return outcome;
}

/* What is of another type is nothing else besides. */
static bool is_of_wrong_type(const struct fail *why, struct str pointer)
{
    for (size_t i = 0; i < why->problem_count; i++)
        if (strcmp(why->problems[i].code, "type") == 0 && str_eq(why->problems[i].pointer, pointer)) return true;
    return false;
}

void fail_problem_with(struct fail *why, struct str pointer, const char *code, const char *sentence,
                       const struct str args[FAIL_ARGS])
{
    if (!why->arena) BUG("fail_init is missing");
    if (why->problem_count >= FAIL_PROBLEMS || is_of_wrong_type(why, pointer)) return;
    if (!why->problems) why->problems = ARENA_ARRAY(why->arena, struct problem, FAIL_PROBLEMS);
    struct problem *p = &why->problems[why->problem_count++];
    *p = (struct problem){.pointer = str_dup(why->arena, pointer), .code = code, .sentence = sentence};
    copy_args(why->arena, p->args, args);
}

enum outcome fail_if_problems(struct fail *why)
{
    return why->problem_count > 0 ? fail(why, ERR_INVALID, NULL) : OK;
}

/* The argument that `{n}` at this place asks for, or NULL when the text here is nothing of the kind. */
static const struct str *placeholder(struct str sentence, size_t at, const struct str args[FAIL_ARGS])
{
    if (sentence.len - at < 3 || sentence.at[at] != '{' || sentence.at[at + 2] != '}') return NULL;
    int n = sentence.at[at + 1] - '0';
    return n >= 0 && n < FAIL_ARGS ? &args[n] : NULL;
}

struct str fail_fill(struct arena *a, struct str sentence, const struct str args[FAIL_ARGS])
{
    size_t len = 0;
    for (size_t i = 0; i < sentence.len;) {
        const struct str *arg = placeholder(sentence, i, args);
        len += arg ? arg->len : 1;
        i += arg ? 3 : 1;
    }
    char *at = arena_alloc(a, len + 1), *end = at;
    for (size_t i = 0; i < sentence.len;) {
        const struct str *arg = placeholder(sentence, i, args);
        if (!arg) {
            *end++ = sentence.at[i];
        } else if (arg->len > 0) {
            end = mempcpy(end, arg->at, arg->len);
        }
        i += arg ? 3 : 1;
    }
    return str_of(at, len);
}

struct str fail_text(struct arena *a, const struct fail *why)
{
    return fail_fill(a, str_from(why->sentence ? why->sentence : outcome_title(why->outcome)), why->args);
}

void bug_at(const char *file, int line, const char *format, ...)
{
    char text[1024];
    int len = snprintf(text, sizeof text, "level=error event=bug at=%s:%d message=\"", file, line);
    va_list args;
    va_start(args, format);
    int more = vsnprintf(text + len, sizeof text - (size_t)len, format, args);
    va_end(args);
    size_t all = (size_t)len + (more > 0 ? (size_t)more : 0);
    if (all > sizeof text - 3) all = sizeof text - 3;
    memcpy(text + all, "\"\n", 2);
    if (write(STDERR_FILENO, text, all + 2) < 0) abort(); /* nobody listens; the abort says it too */
    abort();
}
