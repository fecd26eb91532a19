/*
 * FEEL, the expression language of DMN 1.5 (chapter 10): the only expression language of the program. A text is
 * compiled once against the names that it may use, then evaluated any number of times by any number of threads; an
 * evaluation is bounded in steps, depth and memory and touches nothing outside its arena. What goes wrong gives null,
 * as the standard says, and is recorded in the run with its reason and its place in the text, so that nobody takes it
 * for an answer. External functions are refused. Names with spaces and signs are found by the longest name that is
 * known where it stands.
 */
#ifndef RULE_FEEL_H
#define RULE_FEEL_H

#include "base/fail.h"
#include "rule/feel_value.h"

struct feel_node; /* a compiled expression: immutable, in the arena it was compiled into */
struct feel_type;

enum {
    FEEL_TEXT_BYTES = 256 * 1024,
    FEEL_NESTING = 100, /* of the text */
    FEEL_STEPS = 1000000,
    FEEL_MEMORY = 32 * 1024 * 1024,
    FEEL_PROBLEMS = 20
};

/* What a text may name. `names` are its variables in the order of the values given to feel_eval; `members` are the
 * names of more than one word (or with signs) that parts of them may have. */
struct feel_names {
    const struct str *names;
    size_t count;
    const struct str *members;
    size_t member_count;
    /* A type by its name; NULL when there is none. */
    const struct feel_type *(*find_type)(const void *context, struct str name);
    const void *type_context;
    uint32_t first_line; /* on which the text begins in the file that it stands in; 0: it is the whole file */
};

/* ERR_INVALID with one problem: its pointer is "line:column". */
enum outcome feel_compile(struct arena *a, struct str text, const struct feel_names *names,
                          const struct feel_node **out, struct fail *why) MUST_USE;
/* Unary tests, as in a cell of a decision table: "-", "< 5, [7..9]", "not(1)". The tested value is the variable "?". */
enum outcome feel_compile_tests(struct arena *a, struct str text, const struct feel_names *names,
                                const struct feel_node **out, struct fail *why) MUST_USE;
enum outcome feel_compile_type(struct arena *a, struct str text, const struct feel_names *names,
                               const struct feel_type **out, struct fail *why) MUST_USE;

/* Why something was null: a gettext sentence and where in its text. */
struct feel_problem {
    const char *sentence;
    struct str args[FAIL_ARGS];
    uint32_t line, column;
    struct str where; /* the decision or function; empty: the expression itself */
};

struct dmn_traces;
struct legal_time;

struct feel_run {
    struct arena *arena; /* everything that an evaluation makes lives here */
    size_t arena_start_bytes;
    int64_t steps_left;
    int depth;
    bool is_stopped;           /* a bound was met */
    bool is_strict;            /* what the standard lets pass in silence is an error too: set it after feel_run_init */
    int64_t now_us;            /* what now() and today() say: UTC microseconds; INT64_MIN: the clock's */
    struct str where;          /* the decision or function in hand, for places */
    uint32_t line, column;     /* of what is being evaluated */
    size_t problem_count;      /* all of them; the first FEEL_PROBLEMS are kept */
    struct dmn_traces *traces; /* which rules of tables applied (dmn.h); NULL: not noted */
    const struct legal_time *legal_time; /* calendars for the extension of legal time; NULL: none */
    struct feel_problem problems[FEEL_PROBLEMS];
};

/* The items of a list that was written out; NULL when the expression is none. */
const struct feel_node *const *feel_list_items(const struct feel_node *n, size_t *out_count);

void feel_run_init(struct feel_run *run, struct arena *a);
/* values: one for each of the names. */
struct feel_value feel_eval(struct feel_run *run, const struct feel_node *node, const struct feel_value *values);
/* Does the value fit the tests? values as for feel_eval, the tested one also at the place of "?" when it is a name. */
enum feel_answer feel_passes(struct feel_run *run, const struct feel_node *tests, const struct feel_value *values,
                             struct feel_value tested);
/* One step deeper, within the bounds; false when a bound is met (recorded). The caller takes run->depth back. */
bool feel_enter(struct feel_run *run);
/* Work that grows with what it is given: so many steps at once; false when a bound is met (recorded). */
bool feel_spend(struct feel_run *run, int64_t steps);
/* Records a problem and gives null. */
#define feel_error(run, ...) FEEL_ERROR_PAD_((run), __VA_ARGS__, STR_NONE, STR_NONE, STR_NONE, STR_NONE, 0)
#define FEEL_ERROR_PAD_(run, sentence, a, b, c, d, ...)                                                                \
    feel_error_with(run, sentence, (const struct str[FAIL_ARGS]){a, b, c, d})
struct feel_value feel_error_with(struct feel_run *run, const char *sentence, const struct str args[FAIL_ARGS]);
/* The first problem as a failure; OK when there was none. */
enum outcome feel_run_outcome(const struct feel_run *run, struct fail *why) MUST_USE;

/* A function that the program brings, such as a business knowledge model. */
typedef struct feel_value feel_native(struct feel_run *run, const void *context, const struct feel_value *args);
struct feel_parameter {
    struct str name;
    const struct feel_type *type; /* NULL: anything */
};
struct feel_value feel_native_function(struct arena *a, feel_native *call, const void *context,
                                       const struct feel_parameter *parameters, size_t count);
struct feel_value feel_call(struct feel_run *run, struct feel_value function, const struct feel_value *args,
                            size_t count);
/* The names of a function's parameters; NULL when it has none to tell. */
const struct feel_parameter *feel_parameters(struct feel_value function, size_t *out_count);

#endif
