/*
 * The dossier: a case that an applicant brought and an agency answers for, from submission to result. Here are its
 * shape and its rules, which know nothing of HTTP or SQL: what is possible now for whom, and what each act does. Rows
 * are dossier_store's, commands dossier_act's and dossier_submit's.
 */
#ifndef DOSSIER_DOSSIER_H
#define DOSSIER_DOSSIER_H

#include "base/clock.h"
#include "calendar/calendar.h"
#include "dossier/action.h"
#include "process/process.h"

enum { REASON_MOST = 4000, NOTE_MOST = 4000, FILE_NAME_MOST = 200 };
/* Orders the inbox behind every deadline: the dossier states no term. */
#define DUE_NEVER INT64_MAX

struct dossier {
    int64_t id, version;
    struct str code;
    int64_t procedure_version, process_version, agency;
    struct str procedure_code, channel, case_id;
    enum status status;
    struct str step;
    int64_t queue, list_due; /* list_due INSTANT_NONE: in no list */
    int64_t holder, submitter;
    struct str owner_name;
    instant_t submitted_at, received_at, due_at, finished_at, returned_at;
    struct term term;
    struct str calendar_version;
    bool is_provisional;
    struct str outcome; /* "", "granted", "refused" */
    int64_t supplements;
    struct str reason;
    struct str form; /* canonical JSON */
};

/* Who stands before the dossier. */
struct standing {
    int64_t account;
    int64_t agency; /* of the post in use; 0: none */
    struct str role;
    uint64_t permissions;
};

/* What an act brings along, checked already. Empty and INSTANT_NONE where the act has no such field. */
struct act_input {
    struct str note, reason, outcome;
    int64_t to;        /* account of the officer it is assigned to */
    day_t until;       /* 0: none */
    size_t file_count; /* papers that come with the act */
    struct term term;  /* of the dossier's case, for receipt */
    const struct calendar *calendar;
};

bool dossier_is_applicant(const struct dossier *d, const struct standing *who);
/* May see it at all: its submitter, or an officer of its agency with the right to read. */
bool dossier_may_see(const struct dossier *d, const struct standing *who);

/* Is the act possible for this person now? A sentence says why not. */
enum outcome dossier_can(const struct dossier *d, const struct step_table *t, enum action_id act,
                         const struct standing *who, struct fail *why) MUST_USE;
/* All that are possible now, in the order of the table; how many. a: for what the rules say meanwhile. */
size_t dossier_actions(const struct dossier *d, const struct step_table *t, const struct standing *who, struct arena *a,
                       enum action_id out[ACTION_COUNT]);
/* The field rules of the act's row and of the law: every problem at once. */
void dossier_check_input(enum action_id act, const struct act_input *in, struct fail *why);

/* The one function that moves a dossier: everything that must be true on leaving a step and on entering the next is
 * here. Changes d in memory; the caller saves it. dossier_can has said yes. */
enum outcome dossier_move(struct dossier *d, const struct step_table *t, enum action_id act, const struct act_input *in,
                          instant_t at, struct fail *why) MUST_USE;

/* Where it stands in its step table; STEP_END when it is over. */
int dossier_step(const struct dossier *d, const struct step_table *t);
/* The moment that orders it in the inbox: its due date; before receipt, the end of the 8 working hours in which an
 * online dossier is checked (Decree 45/2020, as amended by Decree 310/2026); DUE_NEVER when no term is stated. */
int64_t dossier_worklist_due(const struct dossier *d, const struct calendar *calendar);
bool dossier_is_late(const struct dossier *d, instant_t now);

/* "G11-261122-0007": <e-identifier>-<YYMMDD>-<number>, the width of the number a minimum (Circular 01/2018/TT-VPCP art.
 * 19). */
struct str dossier_code(struct arena *a, struct str e_identifier, day_t day, int64_t number);
/* Our pattern or a foreign code's: letters, digits, dots and hyphens, 5 to 64. */
bool dossier_code_is_valid(struct str code);

#endif
