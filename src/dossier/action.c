#include "dossier/action.h"

#include "base/fail.h"

/* clang-format off */
#define NOTE                                                                                                           \
    {                                                                                                                  \
        "note", ACTION_TEXT, false, N_("Note"), N_("Kept with the dossier.")                                           \
    }
#define OPTIONS(table) table, LENGTH(table)
#define REASON(hint)                                                                                                   \
    {                                                                                                                  \
        "reason", ACTION_TEXT, true, N_("Reason"), hint                                                                \
    }

/* Law on Complaints 02/2011/QH13 art. 28 and 37: more time where the ways are long and hard. */
static const struct action_option areas[] = {
    {"ordinary", N_("An ordinary area")                    },
    {"remote",   N_("A remote area with difficult ways")   },
};
static const struct action_field receive_fields[] = {
    NOTE,
    {"area", ACTION_CHOICE, false, N_("Where the matter is"), N_("The law gives more time in remote areas."),
     OPTIONS(areas)},
};
static const struct action_field refuse_fields[] = {
    REASON(N_("Say which rule the dossier does not meet and its legal basis. The applicant reads this."))};
static const struct action_field request_fields[] = {
    REASON(N_("Name every missing or wrong paper and its legal basis: papers may be asked for only once.")),
    {"items", ACTION_PARTS, false, N_("What is asked for"),
     N_("Say what is missing or wrong at each paper or field that has to come again; leave the others empty.")},
    {"until", ACTION_DATE, false, N_("Answer by"), NULL},
};
static const struct action_field supplement_fields[] = {
    {"files", ACTION_FILES, false, N_("Papers"), N_("The papers that were asked for.")},
    {"answers", ACTION_ANSWERS, false, N_("Answers"), N_("What is said to each thing that was asked for.")},
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
static const struct action_option manners_of_return[] = {
    {"",           N_("Not said")           },
    {"in-person",  N_("In person")          },
    {"post",       N_("By post")            },
    {"electronic", N_("Electronically")     },
};
static const struct action_field return_fields[] = {
    {"manner", ACTION_CHOICE, false, N_("How it is returned"), NULL, OPTIONS(manners_of_return)},
    {"receiver_name", ACTION_LINE, false, N_("Who takes it"), N_("When it is not the applicant.")},
    {"tracking", ACTION_LINE, false, N_("Postal number"), N_("When it is sent by post.")},
    NOTE,
};
static const struct action_field stop_fields[] = {REASON(N_("Why the work stops, and its legal basis."))};
static const struct action_field withdraw_fields[] = {
    {"reason", ACTION_TEXT, false, N_("Reason"), N_("You need not give one.")}
};
static const struct action_field hand_over_fields[] = {NOTE};
static const struct action_field extend_fields[] = {
    REASON(N_("Why it takes longer. The applicant reads this as the apology; a time limit is extended only once.")),
    {"until", ACTION_DATE, true, N_("New day of the result"),
     N_("The result is due at the close of this working day.")},
};
static const struct action_field transfer_fields[] = {
    {"to", ACTION_AGENCY, true, N_("Competent agency"), NULL},
    REASON(N_("Why that agency decides, and by which rule. The applicant reads this.")),
};
static const struct action_option manners_of_asking[] = {
    {"parallel", N_("All at once")      },
    {"in-turn",  N_("One after another")},
};
static const struct action_field consult_fields[] = {
    {"to", ACTION_UNITS, true, N_("Who is asked"), N_("Officers of this agency by their login, agencies by their identifier, with commas between them.")},
    {"until", ACTION_DATE, true, N_("Opinion wanted by"), NULL},
    {"note", ACTION_TEXT, true, N_("Question"), N_("Whoever is asked reads this.")},
    {"manner", ACTION_CHOICE, false, N_("In which order"),
     N_("Without a choice paper dossiers go round one after another, electronic ones to everybody at once."),
     OPTIONS(manners_of_asking)},
};
static const struct action_field answer_fields[] = {
    {"note", ACTION_TEXT, true, N_("Opinion"), N_("The agency that asked reads this; the applicant does not.")},
    {"files", ACTION_FILES, false, N_("Papers"), NULL},
};
static const struct action_option currencies[] = {
    {"VND", N_("Vietnamese đồng")},
    {"USD", N_("US dollars")     },
};
static const struct action_field request_payment_fields[] = {
    {"amount", ACTION_MONEY, true, N_("Amount"), N_("In đồng; in cents for other currencies.")},
    {"currency", ACTION_CHOICE, false, N_("Currency"), NULL, OPTIONS(currencies)},
    REASON(N_("What is to be paid for, and its legal basis. The applicant reads this.")),
};
static const struct action_option manners_of_paying[] = {
    {"cash",     N_("Cash")         },
    {"transfer", N_("Bank transfer")},
};
static const struct action_field record_payment_fields[] = {
    {"amount", ACTION_MONEY, true, N_("Amount"), N_("In đồng; in cents for other currencies.")},
    {"currency", ACTION_CHOICE, false, N_("Currency"), NULL, OPTIONS(currencies)},
    {"manner", ACTION_CHOICE, true, N_("How it was paid"), NULL, OPTIONS(manners_of_paying)},
    {"fee", ACTION_FEE, false, N_("Fee"), N_("Which fee of the procedure; may be left out when there is only one.")},
    {"payer", ACTION_LINE, false, N_("Who paid"), N_("When it is not the applicant.")},
    NOTE,
};
static const struct action_option manners_of_contact[] = {
    {"visit",   N_("A visit")         },
    {"call",    N_("A telephone call")},
    {"message", N_("A message")       },
    {"paper",   N_("A paper")         },
    {"cash",    N_("Cash")            },
    {"help",    N_("Help")            },
};
static const struct action_field note_contact_fields[] = {
    {"manner", ACTION_CHOICE, true, N_("What happened"), NULL, OPTIONS(manners_of_contact)},
    NOTE,
};
static const struct action_field correct_fields[] = {
    REASON(N_("What was wrong in the result and what is right. The applicant reads this.")),
    {"files", ACTION_FILES, true, N_("Corrected result"), N_("The earlier one stays with the dossier.")},
};
static const struct action_field undo_fields[] = {NOTE};

#define FIELDS(table) table, LENGTH(table)

/* Whether the applicant sees it in the history; who may do it while somebody holds the dossier; whether it can be
 * undone. */
enum { HIDDEN = false, SEEN = true };
enum { ANYONE = false, HOLDER = true };
enum { UNDOABLE = false, LASTING = true };

/* In the order of enum action_id. */
const struct action actions[ACTION_COUNT] = {
    {"receive",            PERMIT_DOSSIER_RECEIVE, BY_OFFICER,   SEEN,   HOLDER, UNDOABLE,
     N_("Receive"),            N_("Received"),            FIELDS(receive_fields)},
    {"refuse",             PERMIT_DOSSIER_RECEIVE, BY_OFFICER,   SEEN,   HOLDER, UNDOABLE,
     N_("Refuse to receive"),  N_("Not received"),        FIELDS(refuse_fields)},
    {"request-supplement", PERMIT_DOSSIER_ASK,     BY_OFFICER,   SEEN,   HOLDER, UNDOABLE,
     N_("Ask for papers"),     N_("Papers asked for"),    FIELDS(request_fields)},
    {"supplement",         PERMIT_DOSSIER_OWN,     BY_APPLICANT, SEEN,   ANYONE, UNDOABLE,
     N_("Send the papers"),    N_("Papers sent"),         FIELDS(supplement_fields)},
    {"assign",             PERMIT_DOSSIER_ASSIGN,  BY_OFFICER,   HIDDEN, ANYONE, UNDOABLE,
     N_("Assign"),             N_("Assigned"),            FIELDS(assign_fields)},
    {"examine",            PERMIT_DOSSIER_EXAMINE, BY_OFFICER,   HIDDEN, HOLDER, UNDOABLE,
     N_("Record examination"), N_("Examined"),            FIELDS(examine_fields)},
    {"propose",            PERMIT_DOSSIER_EXAMINE, BY_OFFICER,   HIDDEN, HOLDER, UNDOABLE,
     N_("Propose"),            N_("Decision proposed"),   FIELDS(propose_fields)},
    {"approve",            PERMIT_DOSSIER_APPROVE, BY_OFFICER,   HIDDEN, HOLDER, UNDOABLE,
     N_("Approve"),            N_("Approved"),            FIELDS(approve_fields)},
    {"send-back",          PERMIT_DOSSIER_APPROVE, BY_OFFICER,   HIDDEN, HOLDER, UNDOABLE,
     N_("Send back"),          N_("Sent back"),           FIELDS(send_back_fields)},
    {"issue",              PERMIT_DOSSIER_ISSUE,   BY_OFFICER,   SEEN,   HOLDER, LASTING,
     N_("Issue the result"),   N_("Result issued"),       FIELDS(issue_fields)},
    {"return",             PERMIT_DOSSIER_RECEIVE, BY_OFFICER,   SEEN,   HOLDER, UNDOABLE,
     N_("Return the result"),  N_("Result returned"),     FIELDS(return_fields)},
    {"stop",               PERMIT_DOSSIER_APPROVE, BY_OFFICER,   SEEN,   HOLDER, UNDOABLE,
     N_("Stop"),               N_("Stopped"),             FIELDS(stop_fields)},
    {"withdraw",           PERMIT_DOSSIER_OWN,     BY_APPLICANT, SEEN,   ANYONE, UNDOABLE,
     N_("Withdraw"),           N_("Withdrawn"),           FIELDS(withdraw_fields)},
    {"hand-over",          PERMIT_DOSSIER_RECEIVE, BY_OFFICER,   HIDDEN, ANYONE, UNDOABLE,
     N_("Hand over the papers"), N_("Papers handed over"), FIELDS(hand_over_fields)},
    {"extend",             PERMIT_DOSSIER_EXAMINE, BY_OFFICER,   SEEN,   HOLDER, UNDOABLE,
     N_("Extend the time limit"), N_("Time limit extended"), FIELDS(extend_fields)},
    {"transfer",           PERMIT_DOSSIER_ASSIGN,  BY_OFFICER,   SEEN,   ANYONE, UNDOABLE,
     N_("Transfer to the competent agency"), N_("Transferred to the competent agency"), FIELDS(transfer_fields)},
    {"consult",            PERMIT_DOSSIER_EXAMINE, BY_OFFICER,   HIDDEN, HOLDER, UNDOABLE,
     N_("Ask for opinions"),   N_("Opinions asked for"),  FIELDS(consult_fields)},
    {"answer",             PERMIT_DOSSIER_EXAMINE, BY_UNIT,      HIDDEN, ANYONE, LASTING,
     N_("Give the opinion"),   N_("Opinion given"),       FIELDS(answer_fields)},
    {"request-payment",    PERMIT_DOSSIER_ASK,     BY_OFFICER,   SEEN,   HOLDER, UNDOABLE,
     N_("Ask for payment"),    N_("Payment asked for"),   FIELDS(request_payment_fields)},
    {"record-payment",     PERMIT_PAYMENT_RECORD,  BY_OFFICER,   SEEN,   ANYONE, UNDOABLE,
     N_("Record a payment"),   N_("Payment recorded"),    FIELDS(record_payment_fields)},
    {"note-contact",       PERMIT_TASK_READ,       BY_OFFICER,   HIDDEN, ANYONE, UNDOABLE,
     N_("Note a contact"),     N_("Contact noted"),       FIELDS(note_contact_fields)},
    {"correct",            PERMIT_DOSSIER_ISSUE,   BY_OFFICER,   SEEN,   ANYONE, LASTING,
     N_("Correct the result"), N_("Result corrected"),    FIELDS(correct_fields)},
    {"undo",               PERMIT_SIGNED_IN,       BY_AUTHOR,    SEEN,   ANYONE, LASTING,
     N_("Undo the last act"),  N_("Last act undone"),     FIELDS(undo_fields)},
};
/* clang-format on */

const struct action *action_find(struct str name)
{
    for (size_t i = 0; i < ACTION_COUNT; i++)
        if (str_eq(name, str_from(actions[i].name))) return &actions[i];
    return NULL;
}

/* clang-format off */
/* In order of use. */
static const struct action system_acts[] = {
    {"move-due",     PERMIT_NONE, BY_OFFICER, SEEN,   ANYONE, LASTING,
     N_("Count the deadline anew"),  N_("Deadline counted anew"),                     NULL, 0},
    {"keep-due",     PERMIT_NONE, BY_OFFICER, HIDDEN, ANYONE, LASTING,
     N_("Count the deadline anew"),  N_("Deadline checked against another calendar"), NULL, 0},
    {"remind",       PERMIT_NONE, BY_OFFICER, HIDDEN, ANYONE, LASTING,
     N_("Remind"),                   N_("Reminded of the deadline"),                  NULL, 0},
    {"escalate",     PERMIT_NONE, BY_OFFICER, HIDDEN, ANYONE, LASTING,
     N_("Tell the superior"),        N_("Told to the superior: late"),                NULL, 0},
    {"unit-silence", PERMIT_NONE, BY_OFFICER, HIDDEN, ANYONE, LASTING,
     N_("Go on without an answer"),  N_("A unit gave no opinion in time"),            NULL, 0},
    {"message",      PERMIT_NONE, BY_OFFICER, SEEN,   ANYONE, LASTING,
     N_("Write a message"),          N_("Message written"),                           NULL, 0},
    {"note",         PERMIT_NONE, BY_OFFICER, HIDDEN, ANYONE, LASTING,
     N_("Write a note"),             N_("Note written"),                              NULL, 0},
};
/* clang-format on */

const struct action *action_of_system(struct str name)
{
    for (size_t i = 0; i < LENGTH(system_acts); i++)
        if (str_eq(name, str_from(system_acts[i].name))) return &system_acts[i];
    return NULL;
}

const struct action_field *action_field_find(enum action_id act, struct str name)
{
    for (size_t i = 0; i < actions[act].field_count; i++)
        if (str_eq(name, str_from(actions[act].fields[i].name))) return &actions[act].fields[i];
    return NULL;
}

bool action_field_has_option(const struct action_field *f, struct str value)
{
    for (size_t i = 0; i < f->option_count; i++)
        if (str_eq(value, str_from(f->options[i].value))) return true;
    return false;
}

bool action_is_for_many(const struct action *action)
{
    bool needs_files = false;
    for (size_t i = 0; i < action->field_count; i++)
        needs_files |= action->fields[i].kind == ACTION_FILES && action->fields[i].is_required;
    return action->doer == BY_OFFICER && !needs_files;
}
