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
    ACTION_PARTS,   /* the parts of a dossier that a supplement re-opens */
};

struct action_field {
    const char *name; /* "reason": means the same in every act */
    enum action_field_kind kind;
    bool is_required;
    const char *label; /* message */
    const char *hint;  /* message or NULL */
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
    ACTION_COUNT
};

struct action {
    const char *name; /* "send-back": in the API path, the step files, the journal */
    enum permission permission;
    bool is_of_applicant; /* done by the one who submitted, not by an officer of the agency */
    bool is_public;       /* the applicant sees it and its note in the history */
    const char *title;    /* message: the button, the operation's summary */
    const char *done;     /* message: the line in the history, "Received by {0}" without names */
    const struct action_field *fields;
    size_t field_count;
};

extern const struct action actions[ACTION_COUNT];  /* in the order of enum action_id */
const struct action *action_find(struct str name); /* NULL when there is none */

#endif
