/*
 * The dossier: a case that an applicant brought and an agency answers for, from submission to result. Here are its
 * shape and its rules, which know nothing of HTTP or SQL: what is possible now for whom, and what each act does. Rows
 * are dossier_store's, commands dossier_act's and dossier_submit's.
 */
#ifndef DOSSIER_DOSSIER_H
#define DOSSIER_DOSSIER_H

#include "base/clock.h"
#include "base/language.h"
#include "calendar/calendar.h"
#include "dossier/action.h"
#include "process/process.h"
#include "process/rule_set.h"

enum { REASON_MOST = 4000, NOTE_MOST = 4000, LINE_MOST = 200, ACT_UNITS_MOST = 20 };
/* Orders the inbox behind every deadline: the dossier states no term. */
#define DUE_NEVER INT64_MAX

/* The latest act on a dossier, and how the dossier was before it (dossier_undo.h). version 0: none, or it was forgotten
 * (undo_forget.h). */
struct last_act {
    int64_t version, account;
    instant_t at;
    struct str act, state;
};

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
    int64_t supplements, extensions, corrections;
    struct str reason;
    struct str form;             /* canonical JSON */
    instant_t step_since;        /* it came to its present step, or to its end */
    instant_t step_due;          /* the step itself is to be done by then; INSTANT_NONE: nothing says so */
    instant_t held_at, held_due; /* the clock stands since then, with this due moment; INSTANT_NONE: it does not */
    struct str rule_set;         /* name of the dated rule set it is judged by (process/rule_set.h) */
    struct str return_manner;    /* "", "in-person", "post", "electronic" */
    instant_t handed_over_at;    /* the unit that handles it has the papers; INSTANT_NONE: not yet */
    bool is_protected;           /* whose it is stays secret: complaints and denunciations */
    instant_t units_due; /* the latest deadline of the units that have not answered yet; INSTANT_NONE: no unit is
                            being waited for */
    const struct asked_unit *units; /* in order; lists leave them out */
    size_t unit_count;
    struct last_act last; /* lists leave it out */
};

/* Who was asked for an opinion: an officer (account), or whoever serves the agency when account is 0. */
struct asked_unit {
    int64_t agency, account;
    day_t until;       /* its own last day, when it is asked; 0: the act's */
    bool is_open;      /* its turn has come and it has not answered */
    bool has_answered; /* it may read what it answered */
};

/* What is asked for with papers, one thing each: a paper of the procedure, or a field that was filled in. */
struct asked_item {
    struct str component; /* id of the paper; empty: a field is asked for */
    struct str field;     /* its place in a submission, "/form/request", "/parties/0/phone"; empty: a paper is */
    struct str reason;
    struct str basis; /* the rule that it rests on; empty: as the record of the procedure says */
};

struct sealed_identity; /* people/identity.h */

/* What an applicant says to an item, by its number. */
struct asked_answer {
    int64_t n;
    struct str text;                      /* the field's new value; of a paper: why it cannot be sent */
    struct str before;                    /* the field's value until now */
    const struct sealed_identity *sealed; /* a number that identifies somebody; text and before are masks. NULL: none */
};

/* Who stands before the dossier, and when. */
struct standing {
    int64_t account;
    int64_t agency; /* of the post in use; 0: none */
    struct str role;
    uint64_t permissions;
    instant_t now;
    enum language language; /* of the names in refusals */
};

struct ruling; /* rule/ruling.h */

/* What an act brings along, checked already. Empty, 0 and INSTANT_NONE where the act has no such field. */
struct act_input {
    struct str note, reason, outcome;
    struct str area;                    /* of receive: "remote" where the ways are long and the law gives more time */
    struct str manner;                  /* of return, consult, record-payment, note-contact */
    struct str currency, fee, payer;    /* of payments */
    struct str receiver_name, tracking; /* of return */
    int64_t amount;                     /* minor units of the currency */
    int64_t to;                         /* account of the officer it is assigned to */
    int64_t to_agency;                  /* the agency it is transferred to */
    const struct asked_unit *units;     /* of consult, in order, each once */
    size_t unit_count;
    const struct asked_item *items; /* of request-supplement, each once */
    size_t item_count;
    struct str asked_note;              /* its words before the items were named in the reason */
    const struct asked_answer *answers; /* of supplement, to the items that are open */
    size_t answer_count;
    struct str form_after; /* the declarations with those answers, canonical; empty: they stay as they are */
    const struct ruling *ruling_after; /* what the tables say of them; NULL: nothing new */
    day_t until;                       /* 0: none */
    size_t file_count;                 /* papers that come with the act */
    struct term term;                  /* of the dossier's case, for receipt */
};

/* By what a dossier is judged: its steps and the working time of its agency. The values of the law are those of its own
 * rule set (dossier_rules). */
struct rulebook {
    const struct step_table *table;
    const struct calendar *calendar;
    int64_t undo_us; /* how long a mistake can be undone: setting undo-minutes */
};

/* Nothing has happened to it yet: every moment is INSTANT_NONE. */
struct dossier dossier_empty(void);

bool dossier_is_applicant(const struct dossier *d, const struct standing *who);
/* May see it at all: its submitter, or an officer of its agency with the right to read. */
bool dossier_may_see(const struct dossier *d, const struct standing *who);

/* Asked for an opinion and has not given it; has given one. d->units is known (unit.h: units_know). */
bool dossier_is_asked(const struct dossier *d, const struct standing *who);
bool dossier_has_answered(const struct dossier *d, const struct standing *who);
/* Did the latest act a short while ago, and so may still see what they may undo. */
bool dossier_is_fresh_author(const struct dossier *d, int64_t undo_us, const struct standing *who);
/* In force on the day of its reception; before it, of its submission. */
const struct rule_set *dossier_rules(const struct dossier *d);

/* Is the act possible for this person now? A sentence says why not. */
enum outcome dossier_can(const struct dossier *d, const struct rulebook *b, enum action_id act,
                         const struct standing *who, struct fail *why) MUST_USE;
/* All that are possible now, in the order of the table; how many. a: for what the rules say meanwhile. */
size_t dossier_actions(const struct dossier *d, const struct rulebook *b, const struct standing *who, struct arena *a,
                       enum action_id out[ACTION_COUNT]);
/* The text of the field; a BUG for a name that no field has. */
struct str *act_text(struct act_input *in, const char *name);
/* The field rules of the act's row and of the law: every problem at once. A choice that may be left out becomes its
 * first. */
void dossier_check_input(enum action_id act, struct act_input *in, struct fail *why);

/* The one function that moves a dossier: everything that must be true on leaving a step and on entering the next is
 * here. Changes d in memory; the caller saves it. dossier_can has said yes. */
enum outcome dossier_move(struct dossier *d, const struct rulebook *b, enum action_id act, const struct act_input *in,
                          instant_t at, struct fail *why) MUST_USE;

/* Where it stands in its step table; STEP_END when it is over. */
int dossier_step(const struct dossier *d, const struct step_table *t);
/* The moment that orders it in the inbox: its due date; before receipt, the end of the working hours in which it is
 * checked, counted from when it came to be checked; DUE_NEVER when no term is stated. */
int64_t dossier_worklist_due(const struct dossier *d, const struct calendar *calendar);
bool dossier_is_late(const struct dossier *d, instant_t now);

/* "G11-261122-0007", by the pattern of the rule set: <e-identifier>-<date>-<number>, the width of the number a minimum.
 */
struct str dossier_code(struct arena *a, const struct rule_set *rules, struct str e_identifier, day_t day,
                        int64_t number);
/* Our pattern or a foreign code's: letters, digits, dots and hyphens, 5 to 64. */
bool dossier_code_is_valid(struct str code);

#endif
