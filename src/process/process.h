/*
 * Step tables: how a dossier goes from hand to hand. A small text language that a clerk can read
 * (docs/process_steps.md) compiles to one table, which is what runs. A step says whose turn it is (a role, or the
 * applicant), which of the ten statuses people see meanwhile, and which acts lead where. Compiling refuses what cannot
 * work: unknown roles and acts, steps nobody reaches, steps without a way out, transitions between statuses that the
 * law's table does not have. Tables are immutable, live in the arena they were compiled into and may be read by any
 * thread.
 */
#ifndef PROCESS_PROCESS_H
#define PROCESS_PROCESS_H

#include "base/hash.h"
#include "calendar/calendar.h"
#include "process/status.h"

enum { STEP_END = -1, PROCESS_TEXT_BYTES = 64 * 1024, PROCESS_STEPS_MOST = 64 };

/* One act that is possible in a step, and where it leads. */
struct step_exit {
    struct str act;        /* "receive": a name of the program's acts */
    int next;              /* index of the next step (may be the same one), or STEP_END */
    enum status status;    /* after the act */
    enum clock_rule clock; /* what the clock of the law does while the next step waits: CLOCK_RUNS unless it waits for
                              the applicant */
    struct term within;    /* possible only so long after receipt; TERM_NONE: the law's rule set says */
    /* How far an extension may go where the process has its own law: at most so long after receipt, in remote areas so
     * long; at most so much at once; so often. TERM_NONE and 0: the one-stop's rule set says. */
    struct term until, until_remote, by;
    int times;
};

struct step {
    struct str name;       /* "examination" */
    struct str role;       /* "specialist"; "applicant" while it waits for them */
    enum status status;    /* while it is here */
    enum clock_rule clock; /* of the exits that lead here */
    struct term within;    /* how long the step itself may take; TERM_NONE when it says nothing */
    struct str title_vi, title_en;
    struct step_exit *exits;
    size_t exit_count;
};

/* After the end with this status these acts are possible; they change neither status nor step. */
struct step_end {
    enum status status;
    struct str *acts;
    size_t act_count;
};

struct step_table {
    struct str name; /* "one-stop" */
    struct str title_vi, title_en;
    struct term term, term_remote; /* the time limit from receipt that the process's own law fixes, and the one in
                                      remote areas; TERM_NONE: the procedure's record says */
    struct step *steps;            /* the first is where a submitted dossier begins */
    size_t step_count;
    struct step_end *ends; /* what is still possible after it is over; nothing elsewhere */
    size_t end_count;
    struct sha256 version; /* of the normalised text */
};

/* acts: the names that exist, for checking; from the dossier room's table. */
enum outcome process_compile(struct arena *a, struct str text, const struct str *acts, size_t act_count,
                             const struct step_table **out, struct fail *why) MUST_USE;
struct str process_format(struct arena *a,
                          const struct step_table *t);         /* normalised text; compiles to the same table */
int process_step(const struct step_table *t, struct str name); /* index, or STEP_END when there is none */
const struct step_exit *process_exit(const struct step_table *t, int step,
                                     struct str act); /* NULL: not possible here */
/* The step that the act leads to, or where it stands when the act leads nowhere else. Never NULL. */
const struct step *process_next(const struct step_table *t, int step, struct str act);
bool process_allows_after(const struct step_table *t, enum status end, struct str act);

/* ---- versions in the store, compiled once and kept ---- */

struct app;
struct store;
struct tx;
struct processes;

/* acts as in process_compile; borrowed for ever. */
struct processes *processes_new(const struct str *acts, size_t act_count);
void processes_free(struct processes *p);
/* Saves the text as a version when it is not there yet (a command of its own) and gives its row id. */
enum outcome process_publish(struct processes *p, struct store *s, struct str text, int64_t *out_id,
                             struct fail *why) MUST_USE;
/* The compiled table of a version; kept for the life of the program. */
enum outcome process_get(struct processes *p, struct tx *tx, int64_t id, const struct step_table **out,
                         struct fail *why) MUST_USE;
/* The standard one-stop process, published at start. */
extern const char process_standard_text[];
int64_t process_standard(struct processes *p); /* its version id, after process_publish_standard */
enum outcome process_publish_standard(struct processes *p, struct store *s, struct fail *why) MUST_USE;

/* What is not an application follows a process of its own law (docs/processes.md). */
enum own_process {
    OWN_COMPLAINT_FIRST,
    OWN_COMPLAINT_SECOND,
    OWN_DENUNCIATION,
    OWN_SUSPENSION,
    OWN_INTERNAL,
    OWN_PROCESS_COUNT
};
int64_t process_own(struct processes *p, enum own_process which); /* its version id, after process_publish_own */
enum outcome process_publish_own(struct processes *p, struct store *s, struct fail *why) MUST_USE;
extern const char process_complaint_first_text[], process_complaint_second_text[], process_denunciation_text[],
    process_suspension_text[], process_internal_text[];

#endif
