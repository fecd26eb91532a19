/*
 * `motcua check`: procedure folders are read and linted, and their scenarios run on a scratch office of their own, with
 * the clock held and through the same commands as in any office. What a scenario may say stands in docs/scenarios.md.
 * Nothing here judges a dossier: it only compares what happened with what was to happen.
 */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include "app/app.h"
#include "app/command.h"
#include "base/json.h"
#include "base/list.h"

enum { SCENARIO_BYTES = 256 * 1024, SCENARIO_STEPS_MOST = 100, SCENARIO_AGENCIES_MOST = 8 };

enum exit_code command_check(struct command_context *c);

/* A mistake in a folder: which file, where in it ("line 12", "#/steps/3/at (line 40)"), and what. */
struct check_problem {
    struct str file, place, sentence;
};

/* A step that did not go as it was to go. */
struct check_failure {
    int line;
    int64_t step; /* from 1 */
    struct str what, expected, got;
};

struct scenario_step {
    int line;
    instant_t at;
    struct str by, act;  /* act empty: it submits */
    yyjson_val *with;    /* what is sent; may be NULL */
    yyjson_val *expect;  /* may be NULL */
    yyjson_val *refused; /* may be NULL */
};

struct scenario {
    struct str file, title;
    struct str agencies[SCENARIO_AGENCIES_MOST]; /* the first decides; each has its people */
    struct str classes[SCENARIO_AGENCIES_MOST];
    size_t agency_count;
    struct scenario_step *steps;
    size_t step_count;
    LIST(struct check_failure) failures;
    struct str broken; /* it could not be run at all: why; empty: it ran */
};

struct check_folder {
    struct str path, code;
    struct str record;        /* canonical text; empty: none was found */
    struct str process_steps; /* empty: the process of its kind */
    struct str result_html;
    struct str rules; /* its tables; empty: none */
    LIST(struct scenario) scenarios;
};

struct checking {
    struct arena *arena;
    enum language language;
    LIST(struct check_problem) problems;
    LIST(struct check_folder) folders;
};

/* Reads and lints; every mistake is noted. check_folder.c */
enum outcome check_read_path(struct checking *c, struct str path, struct fail *why) MUST_USE;
void check_note(struct checking *c, struct str file, struct str place, const struct fail *why);
/* The scenario's file: false when it has mistakes (noted). check_scenario.c */
bool scenario_read(struct checking *c, struct str file, struct str text, struct scenario *out);
/* Runs it on an office made in the (empty) folder; what differs goes into its failures. Fails only when the machine
 * does. check_run.c */
enum outcome scenario_run(struct checking *c, const struct check_folder *folder, struct scenario *s, struct str scratch,
                          struct fail *why) MUST_USE;

/* The office of a scenario: agencies, people, the procedure. check_office.c */
struct check_person {
    struct str name; /* "receiver", "specialist@G12" */
    struct standing standing;
};
struct check_office {
    struct app *app;
    struct arena *arena;
    LIST(struct check_person) people;
};
enum outcome check_office_make(struct check_office *o, const struct check_folder *folder, const struct scenario *s,
                               struct fail *why) MUST_USE;
const struct check_person *check_office_person(const struct check_office *o, struct str name); /* NULL: nobody */

#endif
