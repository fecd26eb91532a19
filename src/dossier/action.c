#include "dossier/action.h"

#include "base/fail.h"

#define NOTE                                                                                                           \
    {                                                                                                                  \
        "note", ACTION_TEXT, false, N_("Note"), N_("Kept with the dossier.")                                           \
    }
#define REASON(hint)                                                                                                   \
    {                                                                                                                  \
        "reason", ACTION_TEXT, true, N_("Reason"), hint                                                                \
    }

static const struct action_field receive_fields[] = {NOTE};
static const struct action_field refuse_fields[] = {
    REASON(N_("Say which rule the dossier does not meet and its legal basis. The applicant reads this."))};
static const struct action_field request_fields[] = {
    REASON(N_("Name every missing or wrong paper and its legal basis: papers may be asked for only once.")),
    {"until", ACTION_DATE, false, N_("Answer by"), NULL},
};
static const struct action_field supplement_fields[] = {
    {"files", ACTION_FILES, false, N_("Papers"), N_("The papers that were asked for.")},
    NOTE,
};
static const struct action_field assign_fields[] = {
    {"to", ACTION_OFFICER, true, N_("Officer"), NULL},
    NOTE
};
static const struct action_field examine_fields[] = {
    {"note", ACTION_TEXT, false, N_("Opinion"), N_("What you found. The applicant does not see it.")}
};
static const struct action_field propose_fields[] = {
    {"outcome", ACTION_OUTCOME, true,  N_("Proposed outcome"),    NULL                                                },
    {"reason",  ACTION_TEXT,    false, N_("Reason"),
     N_("Why it is refused, with the legal basis. The result says it to the applicant.")                              },
    {"note",    ACTION_TEXT,    false, N_("Opinion"),             N_("What you found. The applicant does not see it.")},
    {"files",   ACTION_FILES,   false, N_("Draft of the result"), NULL                                                },
};
static const struct action_field approve_fields[] = {NOTE};
static const struct action_field send_back_fields[] = {REASON(N_("What has to be done again."))};
static const struct action_field issue_fields[] = {
    {"files", ACTION_FILES, false, N_("Result"),
     N_("The signed result. Without a file the system writes the result document.")},
    NOTE,
};
static const struct action_field return_fields[] = {NOTE};
static const struct action_field stop_fields[] = {REASON(N_("Why the work stops, and its legal basis."))};
static const struct action_field withdraw_fields[] = {
    {"reason", ACTION_TEXT, false, N_("Reason"), N_("You need not give one.")}
};

#define FIELDS(table) table, LENGTH(table)

/* Who does it; whether the applicant sees it in the history. */
enum { OFFICER = false, APPLICANT = true, HIDDEN = false, SEEN = true };

/* clang-format off */
/* In the order of enum action_id. */
const struct action actions[ACTION_COUNT] = {
    {"receive",            PERMIT_DOSSIER_RECEIVE, OFFICER,   SEEN,   N_("Receive"),           N_("Received"),
     FIELDS(receive_fields)},
    {"refuse",             PERMIT_DOSSIER_RECEIVE, OFFICER,   SEEN,   N_("Refuse to receive"), N_("Not received"),
     FIELDS(refuse_fields)},
    {"request-supplement", PERMIT_DOSSIER_ASK,     OFFICER,   SEEN,   N_("Ask for papers"),    N_("Papers asked for"),
     FIELDS(request_fields)},
    {"supplement",         PERMIT_DOSSIER_OWN,     APPLICANT, SEEN,   N_("Send the papers"),   N_("Papers sent"),
     FIELDS(supplement_fields)},
    {"assign",             PERMIT_DOSSIER_ASSIGN,  OFFICER,   HIDDEN, N_("Assign"),            N_("Assigned"),
     FIELDS(assign_fields)},
    {"examine",            PERMIT_DOSSIER_EXAMINE, OFFICER,   HIDDEN, N_("Record examination"),N_("Examined"),
     FIELDS(examine_fields)},
    {"propose",            PERMIT_DOSSIER_EXAMINE, OFFICER,   HIDDEN, N_("Propose"),           N_("Decision proposed"),
     FIELDS(propose_fields)},
    {"approve",            PERMIT_DOSSIER_APPROVE, OFFICER,   HIDDEN, N_("Approve"),           N_("Approved"),
     FIELDS(approve_fields)},
    {"send-back",          PERMIT_DOSSIER_APPROVE, OFFICER,   HIDDEN, N_("Send back"),         N_("Sent back"),
     FIELDS(send_back_fields)},
    {"issue",              PERMIT_DOSSIER_ISSUE,   OFFICER,   SEEN,   N_("Issue the result"),  N_("Result issued"),
     FIELDS(issue_fields)},
    {"return",             PERMIT_DOSSIER_RECEIVE, OFFICER,   SEEN,   N_("Return the result"), N_("Result returned"),
     FIELDS(return_fields)},
    {"stop",               PERMIT_DOSSIER_APPROVE, OFFICER,   SEEN,   N_("Stop"),              N_("Stopped"),
     FIELDS(stop_fields)},
    {"withdraw",           PERMIT_DOSSIER_OWN,     APPLICANT, SEEN,   N_("Withdraw"),          N_("Withdrawn"),
     FIELDS(withdraw_fields)},
};
/* clang-format on */

const struct action *action_find(struct str name)
{
    for (size_t i = 0; i < ACTION_COUNT; i++)
        if (str_eq(name, str_from(actions[i].name))) return &actions[i];
    return NULL;
}
