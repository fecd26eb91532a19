/*
 * What a person may be allowed to do, as one table: the bit, the name that `motcua permissions` prints, and a sentence.
 * A route's row names one of them and the router enforces it before the handler runs; roles (role.h) are sets of them.
 * A permission says "this kind of thing", never "this one": that a dossier is one's own, or lies in a queue of one's
 * agency, is decided by the dossier room with the rows before it.
 */
#ifndef AGENCY_PERMISSION_H
#define AGENCY_PERMISSION_H

#include <stdbool.h>
#include <stdint.h>

/* In order of use: everybody, applicants, officers, those who run the office. Name of the bit, name, what it allows. */
/* clang-format off */
#define PERMISSIONS(X)                                                                                                 \
    X(PERMIT_PUBLIC,           "public",            N_("Everybody, without signing in"))                               \
    X(PERMIT_SIGNED_IN,        "signed-in",         N_("Everybody who is signed in"))                                  \
    X(PERMIT_DOSSIER_SUBMIT,   "dossier.submit",    N_("Write drafts and submit dossiers"))                            \
    X(PERMIT_DOSSIER_OWN,      "dossier.own",       N_("See, supplement and withdraw the dossiers one submitted"))     \
    X(PERMIT_FILE_UPLOAD,      "file.upload",       N_("Upload files to attach to dossiers"))                          \
    X(PERMIT_NOTICE_READ,      "notice.read",       N_("Read the notices addressed to oneself"))                       \
    X(PERMIT_TASK_READ,        "task.read",         N_("See the work waiting in the queues of one's posts"))           \
    X(PERMIT_DOSSIER_READ,     "dossier.read",      N_("See the dossiers in the queues of one's agency"))              \
    X(PERMIT_DOSSIER_COUNTER,  "dossier.counter",   N_("File a dossier at the counter for an applicant"))              \
    X(PERMIT_DOSSIER_OPEN,     "dossier.open",      N_("Open a procedure that the authority begins, or one between agencies"))  \
    X(PERMIT_DOSSIER_RECEIVE,  "dossier.receive",   N_("Receive dossiers, refuse them, return results"))               \
    X(PERMIT_DOSSIER_ASK,      "dossier.ask",       N_("Ask an applicant for missing papers"))                         \
    X(PERMIT_DOSSIER_ASSIGN,   "dossier.assign",    N_("Hand a dossier to another officer or unit"))                   \
    X(PERMIT_DOSSIER_EXAMINE,  "dossier.examine",   N_("Examine dossiers and propose a decision"))                     \
    X(PERMIT_DOSSIER_APPROVE,  "dossier.approve",   N_("Approve or send back what was proposed"))                      \
    X(PERMIT_DOSSIER_ISSUE,    "dossier.issue",     N_("Register and issue the approved result"))                      \
    X(PERMIT_PAYMENT_RECORD,   "payment.record",    N_("Record payments of fees"))                                     \
    X(PERMIT_CATALOGUE_MANAGE, "catalogue.manage",  N_("Import procedures and decide their publication"))              \
    X(PERMIT_AGENCY_MANAGE,    "agency.manage",     N_("Import units, change agencies, posts and competence"))         \
    X(PERMIT_ACCOUNT_MANAGE,   "account.manage",    N_("Add and disable accounts, reset passwords"))                   \
    X(PERMIT_NOTICE_MANAGE,    "notice.manage",     N_("Word the letters of one's agency, look after webhooks"))            \
    X(PERMIT_JOURNAL_READ,     "journal.read",      N_("Read the journal of every change"))                            \
    X(PERMIT_EVENTS_READ,      "events.read",       N_("Follow the feed of events"))                                   \
    X(PERMIT_SYSTEM_HEALTH,    "system.health",     N_("See the health and the measurements of the system"))
/* clang-format on */

enum permission {
    PERMIT_NONE = 0, /* in a route's row: a mistake that stops the start */
#define X(bit, name, message) bit,
    PERMISSIONS(X)
#undef X
        PERMISSION_COUNT
};

/* The bit in visitor.permissions. */
#define PERMISSION_BIT(permission) (UINT64_C(1) << (permission))
_Static_assert(PERMISSION_COUNT <= 64, "permissions are bits of one 64-bit number");

static inline bool permission_is_in(uint64_t set, enum permission p)
{
    return (set & PERMISSION_BIT(p)) != 0;
}

const char *permission_name(enum permission p);    /* "dossier.receive" */
const char *permission_message(enum permission p); /* gettext message */

#endif
