/*
 * Failure as a value with a sentence for a person. A function that can fail returns `enum outcome` and takes
 * `struct fail *why` last. Whoever knows the cause writes the sentence, in English, as a gettext message with {0}..{3}
 * for what varies; the edge (page, API, command line) translates it into the reader's language. Callers only pass it
 * on.
 *
 *     return fail(why, ERR_MISSING, N_("No dossier has the code {0}."), code);
 *     TRY(dossier_load(tx, code, &d, why));
 *
 * Refusals of input collect every problem before they return: fail_problem() any number of times, then
 * `return fail_if_problems(why)`. A bug is not a failure: BUG("...") logs and aborts.
 */
#ifndef BASE_FAIL_H
#define BASE_FAIL_H

#include "base/arena.h"
#include "base/str.h"

/* name, HTTP status, stable problem type (RFC 9457 `type`, relative), title as a gettext message */
#define OUTCOMES(X)                                                                                                    \
    X(OK, 200, "ok", N_("Done"))                                                                                       \
    X(ERR_BAD, 400, "bad-request", N_("The request cannot be understood"))                                             \
    X(ERR_SIGN_IN, 401, "sign-in-required", N_("Sign in first"))                                                       \
    X(ERR_DENIED, 403, "denied", N_("You may not do this"))                                                            \
    X(ERR_MISSING, 404, "missing", N_("Not found"))                                                                    \
    X(ERR_METHOD, 405, "method-not-allowed", N_("This address does not take that method"))                             \
    X(ERR_NOT_ACCEPTABLE, 406, "not-acceptable", N_("None of the accepted formats is available"))                      \
    X(ERR_TIMEOUT, 408, "timeout", N_("The request took too long"))                                                    \
    X(ERR_CONFLICT, 409, "conflict", N_("Not possible in the present state"))                                          \
    X(ERR_LENGTH, 411, "length-required", N_("The length of the request is missing"))                                  \
    X(ERR_STALE, 412, "stale", N_("Somebody else changed this meanwhile"))                                             \
    X(ERR_TOO_LARGE, 413, "too-large", N_("Too large"))                                                                \
    X(ERR_TARGET, 414, "address-too-long", N_("The address is too long"))                                              \
    X(ERR_TYPE, 415, "unsupported-type", N_("This type of content is not accepted"))                                   \
    X(ERR_HOST, 421, "other-host", N_("This server does not answer for that name"))                                    \
    X(ERR_INVALID, 422, "invalid", N_("Something in the form needs to be corrected"))                                  \
    X(ERR_NO_MATCH_HEADER, 428, "precondition-required", N_("If-Match is required"))                                   \
    X(ERR_TOO_MANY, 429, "too-many-requests", N_("Too many requests"))                                                 \
    X(ERR_HEADERS, 431, "headers-too-large", N_("The request headers are too large"))                                  \
    X(ERR_BUG, 500, "bug", N_("Something went wrong on our side"))                                                     \
    X(ERR_UNKNOWN_METHOD, 501, "unknown-method", N_("This server does not know that method"))                          \
    X(ERR_DOWN, 503, "unavailable", N_("Not available right now"))                                                     \
    X(ERR_CLOSED, 503, "maintenance", N_("Closed for maintenance"))                                                    \
    X(ERR_VERSION, 505, "http-version", N_("This server speaks HTTP/1.1"))

enum outcome {
#define X(name, status, type, title) name,
    OUTCOMES(X)
#undef X
        OUTCOME_COUNT
};

#define MUST_USE __attribute__((warn_unused_result))

/* Marks a message for the catalogue where it cannot be translated yet. */
#define N_(message) message

enum { FAIL_ARGS = 4, FAIL_PROBLEMS = 100 };

/* One thing wrong with one place of the input. */
struct problem {
    struct str pointer; /* JSON pointer (RFC 6901) into the body, "#/parties/0/name"; the form field of the same name */
    const char *code;   /* stable, for programs: "required", "too-long", "format", "unknown", ... */
    const char *sentence; /* gettext message */
    struct str args[FAIL_ARGS];
};

struct fail {
    struct arena *arena; /* where sentences' arguments are copied; set by fail_init, never NULL */
    enum outcome outcome;
    const char *sentence; /* gettext message, or NULL when the outcome's title says it all */
    struct str args[FAIL_ARGS];
    struct problem *problems;
    size_t problem_count; /* at most FAIL_PROBLEMS; the rest is dropped */
};

void fail_init(struct fail *why, struct arena *a);

/* Writes the failure and returns its outcome. After the sentence (or NULL) come up to four `struct str`, one for each
 * of {0}..{3}; they are copied. Problems noted before are kept. */
#undef fail /* cmocka has one too */
#define fail(why, outcome, ...) FAIL_PAD_((why), (outcome), __VA_ARGS__, STR_NONE, STR_NONE, STR_NONE, STR_NONE, 0)
#define FAIL_PAD_(why, outcome, sentence, a, b, c, d, ...)                                                             \
    fail_with(why, outcome, sentence, (const struct str[FAIL_ARGS]){a, b, c, d})
enum outcome fail_with(struct fail *why, enum outcome outcome, const char *sentence, const struct str args[FAIL_ARGS]);

/* Notes one problem of the input; goes on. Sentence and arguments as for fail(). A place that has the wrong type
 * ("type") has no further problems. */
#define fail_problem(why, pointer, code, ...)                                                                          \
    FAIL_PROBLEM_PAD_((why), (pointer), (code), __VA_ARGS__, STR_NONE, STR_NONE, STR_NONE, STR_NONE, 0)
#define FAIL_PROBLEM_PAD_(why, pointer, code, sentence, a, b, c, d, ...)                                               \
    fail_problem_with(why, pointer, code, sentence, (const struct str[FAIL_ARGS]){a, b, c, d})
void fail_problem_with(struct fail *why, struct str pointer, const char *code, const char *sentence,
                       const struct str args[FAIL_ARGS]);
/* ERR_INVALID when problems were noted (keeps them), else OK. */
enum outcome fail_if_problems(struct fail *why) MUST_USE;

int outcome_status(enum outcome o);        /* HTTP status */
const char *outcome_type(enum outcome o);  /* "stale" */
const char *outcome_title(enum outcome o); /* gettext message */

/* A short name of the sentence that tells a failure, "MC-7Q2KXA": the same for ever while the sentence stays. People
 * quote it, and the manual explains it. */
struct str sentence_id(struct arena *a, const char *sentence);
struct str fail_id(struct arena *a, const struct fail *why); /* of its sentence, else of its outcome's title */
/* Fills {0}..{3} of an already translated sentence. */
struct str fail_fill(struct arena *a, struct str sentence, const struct str args[FAIL_ARGS]);
/* The English sentence, filled: for logs and tests. */
struct str fail_text(struct arena *a, const struct fail *why);

/* The only macro that returns. */
#define TRY(call)                                                                                                      \
    do {                                                                                                               \
        enum outcome try_outcome = (call);                                                                             \
        if (try_outcome != OK) return try_outcome;                                                                     \
    } while (0)

/* Our own mistake: says where and aborts, so that the supervisor starts us again from what is on disk. */
#define BUG(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)
void bug_at(const char *file, int line, const char *format, ...) __attribute__((noreturn, format(printf, 3, 4)));

#endif
