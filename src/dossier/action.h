/*
 * Acts are a table. Each row is one thing a person can do to a dossier; the API route, the form and button of the page,
 * the OpenAPI operation and the permission check are all drawn from it, so that no act exists twice. Whether an act is
 * possible now is decided by the step table (process) and by the rules of dossier.c.
 */
#ifndef DOSSIER_ACTION_H
#define DOSSIER_ACTION_H

#include "agency/permission.h"
#include "base/str.h"

enum action_field_kind {
    ACTION_TEXT,    /* some lines for people: note, reason */
    ACTION_OUTCOME, /* granted | refused */
    ACTION_OFFICER, /* login of an officer of the agency */
    ACTION_FILES,   /* [{component | kind, file}] */
    ACTION_DATE,    /* a local day */
    ACTION_PARTS,   /* the parts of a dossier that a supplement re-opens: [{component | field, reason, basis}] */
    ACTION_ANSWERS, /* what is said to them: [{n, text}] */
    ACTION_CHOICE,  /* one of the field's options */
    ACTION_MONEY,   /* whole minor units of the currency in the field `currency`; more than nothing */
    ACTION_AGENCY,  /* e-identifier of an agency */
    ACTION_UNITS,   /* one or more: e-identifiers of agencies, logins of officers of this agency */
    ACTION_LINE,    /* one line: a name, a number */
    ACTION_FEE,     /* id of a line that is due (payment/payment.h), "fee" or "charge" */
};

/* One of the choices of a field. */
struct action_option {
    const char *value; /* "in-turn": in the interface and the journal */
    const char *label; /* message */
};

struct action_field {
    const char *name; /* "reason": means the same in every act */
    enum action_field_kind kind;
    bool is_required;
    const char *label;                   /* message */
    const char *hint;                    /* message or NULL */
    const struct action_option *options; /* of ACTION_CHOICE: the first is meant when nothing is chosen and it may be
                                            left out */
    size_t option_count;
};

enum action_id {
    ACTION_RECEIVE,
    ACTION_REFUSE,
    ACTION_REQUEST_SUPPLEMENT,
    ACTION_SUPPLEMENT,
    ACTION_ASSIGN,
    ACTION_EXAMINE,
    ACTION_PROPOSE,
    ACTION_APPROVE,
    ACTION_SEND_BACK,
    ACTION_ISSUE,
    ACTION_RETURN,
    ACTION_STOP,
    ACTION_WITHDRAW,
    ACTION_HAND_OVER,
    ACTION_EXTEND,
    ACTION_TRANSFER,
    ACTION_CONSULT,
    ACTION_ANSWER,
    ACTION_REQUEST_PAYMENT,
    ACTION_RECORD_PAYMENT,
    ACTION_NOTE_CONTACT,
    ACTION_CORRECT,
    ACTION_UNDO,
    ACTION_COUNT
};

/* Whose act it is. */
enum action_doer {
    BY_OFFICER,   /* an officer of the agency that holds the dossier */
    BY_APPLICANT, /* the one who submitted; at the counter and by post the one-stop at their word */
    BY_UNIT,      /* an officer of an agency that was asked, or the officer who was asked */
    BY_AUTHOR     /* who did the last act */
};

struct action {
    const char *name; /* "send-back": in the API path, the step files, the journal */
    enum permission permission;
    enum action_doer doer;
    bool is_public;    /* the applicant sees it and its note in the history */
    bool is_of_holder; /* once the dossier is assigned, only the one who holds it does this */
    bool is_lasting;   /* cannot be undone: it has told the world something, or is itself a change of what was done */
    const char *title; /* message: the button, the operation's summary */
    const char *done;  /* message: the line in the history, "Received by {0}" without names */
    const struct action_field *fields;
    size_t field_count;
};

extern const struct action actions[ACTION_COUNT];  /* in the order of enum action_id */
const struct action *action_find(struct str name); /* NULL when there is none */
/* What the program itself notes in a dossier's history, as acts that nobody can ask for: "move-due", "remind". */
const struct action *action_of_system(struct str name); /* NULL when there is none */
/* May be done to many dossiers at once: an officer's act that needs no paper of each. */
bool action_is_for_many(const struct action *action);
/* The field of that name; NULL when the act has none. */
const struct action_field *action_field_find(enum action_id act, struct str name);
bool action_field_has_option(const struct action_field *f, struct str value);

#endif
