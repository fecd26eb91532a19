#include "notice/event.h"

#include "dossier/action.h"

/* clang-format off */
enum { OF_OFFICERS = true, OF_APPLICANTS = false, OPTIONAL = true, ALWAYS = false };
const struct notice_kind_row notice_kinds[KIND_COUNT] = {
    [KIND_RECEIPT]  = {"receipt",  N_("Your dossier was sent, received or completed"),              OF_APPLICANTS, OPTIONAL},
    [KIND_ASKED]    = {"asked",    N_("The agency asks you for papers or a payment"),               OF_APPLICANTS, OPTIONAL},
    [KIND_PROGRESS] = {"progress", N_("A delay, an apology, or another agency takes over"),         OF_APPLICANTS, OPTIONAL},
    [KIND_RESULT]   = {"result",   N_("A result, a refusal, or the end of the work"),               OF_APPLICANTS, OPTIONAL},
    [KIND_REMINDER] = {"reminder", N_("Dossiers of yours that are due or late"),                    OF_OFFICERS,   OPTIONAL},
    [KIND_APPOINTMENT] = {"appointment", N_("Your appointments: booked, near, cancelled"),      OF_APPLICANTS, OPTIONAL},
    [KIND_SERVICE]  = {"service",  N_("What you asked this system for, such as confirming your address"), OF_APPLICANTS, ALWAYS},
};

enum { AND_DOER = true, NOT_DOER = false };
const struct notice_event notice_events[] = {
    {"submit", KIND_RECEIPT, AND_DOER, N_("Sent"),
     N_("Dossier {{code}}: it has reached the agency"),
     N_("Your dossier has reached {{agency}}. It is checked before it is received; you are told what comes of it.")},
    {"receive", KIND_RECEIPT, NOT_DOER, NULL,
     N_("Dossier {{code}}: received"),
     N_("{{agency}} has received your dossier.{{#if due}} The result is due on {{due}}.{{/if}}")},
    {"refuse", KIND_RESULT, NOT_DOER, NULL,
     N_("Dossier {{code}}: not received"),
     N_("{{agency}} could not receive your dossier.\n\nReason: {{reason}}\n\nYou may complete it and submit it again.")},
    {"request-supplement", KIND_ASKED, NOT_DOER, NULL,
     N_("Dossier {{code}}: papers are missing"),
     N_("{{agency}} asks you to complete your dossier:\n\n{{reason}}{{#if until}}\n\nPlease send the papers by {{until}}.{{/if}}")},
    {"supplement", KIND_RECEIPT, AND_DOER, NULL,
     N_("Dossier {{code}}: your papers have arrived"),
     N_("{{agency}} has your additional papers and goes on with the work.")},
    {"request-payment", KIND_ASKED, NOT_DOER, NULL,
     N_("Dossier {{code}}: a payment is due"),
     N_("{{agency}} asks you to pay{{#if amount}} {{amount}}{{/if}}.{{#if reason}}\n\nReason: {{reason}}{{/if}}")},
    {"message", KIND_ASKED, NOT_DOER, N_("New message"),
     N_("Dossier {{code}}: a message for you"),
     N_("{{agency}} has written to you about your dossier. Sign in to read it and to answer.")},
    {"record-payment", KIND_RECEIPT, NOT_DOER, NULL,
     N_("Dossier {{code}}: payment recorded"),
     N_("Your payment{{#if amount}} of {{amount}}{{/if}} was recorded.")},
    {"extend", KIND_PROGRESS, NOT_DOER, NULL,
     N_("Dossier {{code}}: we apologise for the delay"),
     N_("{{agency}} apologises: your dossier will not be finished in time."
        "{{#if reason}}\n\nReason: {{reason}}{{/if}}{{#if due}}\n\nThe result is now due on {{due}}.{{/if}}")},
    {"move-due", KIND_PROGRESS, NOT_DOER, NULL,
     N_("Dossier {{code}}: the day of the result has changed"),
     N_("{{#if due}}The result of your dossier is now due on {{due}}.{{else}}Please look at how far your dossier is.{{/if}}")},
    {"transfer", KIND_PROGRESS, NOT_DOER, NULL,
     N_("Dossier {{code}}: another agency takes over"),
     N_("Your dossier was passed to the agency that is competent for it: {{agency}}.{{#if reason}}\n\nReason: {{reason}}{{/if}}")},
    {"issue", KIND_RESULT, NOT_DOER, NULL,
     N_("Dossier {{code}}: the result is ready"),
     N_("The result of your dossier is ready. You find it at the address below; a paper original is kept for you at {{agency}}.")},
    {"return", KIND_RESULT, NOT_DOER, NULL,
     N_("Dossier {{code}}: the result was handed over"),
     N_("The result of your dossier was handed over. If you have not received it, please tell {{agency}}{{#if phone}}, telephone {{phone}}{{/if}}.")},
    {"correct", KIND_RESULT, NOT_DOER, NULL,
     N_("Dossier {{code}}: the result was corrected"),
     N_("{{agency}} has corrected the result of your dossier.{{#if reason}}\n\nReason: {{reason}}{{/if}}")},
    {"stop", KIND_RESULT, NOT_DOER, NULL,
     N_("Dossier {{code}}: the work has stopped"),
     N_("{{agency}} has stopped the work on your dossier.\n\nReason: {{reason}}")},
    {"withdraw", KIND_RECEIPT, AND_DOER, NULL,
     N_("Dossier {{code}}: withdrawn"),
     N_("Your dossier was withdrawn as you asked.")},
    {"undo", KIND_PROGRESS, NOT_DOER, NULL,
     N_("Dossier {{code}}: a mistaken step was taken back"),
     N_("{{agency}} has taken back a step that was made by mistake. Please look at how far your dossier is.")},
    {"remind", KIND_REMINDER, NOT_DOER, N_("Due soon or late"),
     N_("Dossier {{code}} needs you"),
     N_("This dossier waits for you.{{#if due}} It is due at {{due}}.{{/if}}")},
    {"escalate", KIND_REMINDER, NOT_DOER, N_("Late: told to the superior"),
     N_("Dossier {{code}} is late"),
     N_("This dossier is late in your agency.{{#if due}} It was due at {{due}}.{{/if}}")},
    {"digest", KIND_REMINDER, NOT_DOER, N_("Reminders of the day"),
     N_("Dossiers that need you: {{count}}"),
     N_("{{#each lines}}{{@number}}. {{code}}: {{title}}\n{{/each}}")},
    {"confirm", KIND_SERVICE, AND_DOER, N_("Confirm your e-mail address"),
     N_("Confirm your e-mail address"),
     N_("Somebody, probably you, asked us to send notices to this address. Open the address below to agree. "
        "If it was not you, do nothing: no more letters will come.")},
};
const size_t notice_event_count = LENGTH(notice_events);

/* Of what is no dossier. Its letters have the standard words everywhere. */
static const struct notice_event page_events[] = {
    {"appointment.book", KIND_APPOINTMENT, AND_DOER, N_("Your appointment is booked"),
     N_("Your appointment: {{due}}"),
     N_("Your appointment at {{agency}} is booked for {{due}}.\n\nBring your identity card and the papers. At the address below stands "
        "the code that you show at the counter; there you also cancel, so that somebody else can have the place."), "/lich-hen"},
    {"appointment.remind", KIND_APPOINTMENT, NOT_DOER, N_("Your appointment is near"),
     N_("Your appointment is near: {{due}}"),
     N_("Your appointment at {{agency}} is at {{due}}.\n\nIf you cannot come, please cancel it at the address below."), "/lich-hen"},
    {"appointment.cancel", KIND_APPOINTMENT, NOT_DOER, N_("The office cancelled your appointment"),
     N_("Your appointment was cancelled: {{due}}"),
     N_("{{agency}} had to cancel your appointment at {{due}}.{{#if reason}}\n\nReason: {{reason}}{{/if}}\n\nAt the address below you can book another one."),
     "/lich-hen"},
    /* Told inside the program alone. */
    {"absence.accept",     KIND_REMINDER, NOT_DOER, N_("Your colleague covers for you from"), NULL, NULL, "/viec/vang-mat"},
    {"absence.ask",        KIND_REMINDER, NOT_DOER, N_("A colleague asks you to cover from"), NULL, NULL, "/viec/vang-mat"},
    {"absence.decline",    KIND_REMINDER, NOT_DOER, N_("Your colleague cannot cover for you from"), NULL, NULL, "/viec/vang-mat"},
    {"absence.set",        KIND_REMINDER, NOT_DOER, N_("You cover for a colleague from"), NULL, NULL, "/viec/vang-mat"},
    {"concerned.correct",  KIND_RESULT,   NOT_DOER, N_("A decision that concerns you was corrected"), NULL, NULL, "/kho-giay-to"},
    {"concerned.issue",    KIND_RESULT,   NOT_DOER, N_("An authority made a decision that concerns you"), NULL, NULL, "/kho-giay-to"},
};

const struct notice_event discreet_event = {
    "discreet", KIND_RESULT, NOT_DOER, N_("There is news"), N_("There is news for you"),
    N_("There is news about a matter of yours. Sign in to read it.")};
const struct notice_event unknown_event = {"unknown", KIND_RESULT, NOT_DOER, N_("There is news"), NULL, NULL, "/thong-bao"};
/* clang-format on */

const struct notice_event *event_find(struct str name)
{
    for (size_t i = 0; i < notice_event_count; i++)
        if (str_eq(name, str_from(notice_events[i].name))) return &notice_events[i];
    for (size_t i = 0; i < LENGTH(page_events); i++)
        if (str_eq(name, str_from(page_events[i].name))) return &page_events[i];
    return NULL;
}

const char *event_title(const struct notice_event *e)
{
    if (e->title != NULL) return e->title;
    const struct action *action = action_find(str_from(e->name));
    if (action == NULL) action = action_of_system(str_from(e->name));
    return action != NULL ? action->done : e->subject;
}

bool notice_kind_parse(struct str name, enum notice_kind *out)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (str_eq(name, str_from(notice_kinds[i].name))) {
            *out = (enum notice_kind)i;
            return true;
        }
    return false;
}
