/*
 * What people are told, as one table: a row for each act that the public side of a dossier may see, for reminders, and
 * for the program's own letters. The name is the act's name in the journal; title stands in the list inside the
 * program; subject and text are the standard letter, in the template language over struct mail_facts (wording.h), which
 * an agency may replace with its own. Each language's words are in po/.
 */
#ifndef NOTICE_EVENT_H
#define NOTICE_EVENT_H

#include "base/fail.h"

/* What a person may turn off by e-mail. Inside the program everything is told, always. */
enum notice_kind {
    KIND_RECEIPT,
    KIND_ASKED,
    KIND_PROGRESS,
    KIND_RESULT,
    KIND_REMINDER,
    KIND_APPOINTMENT,
    KIND_SERVICE,
    KIND_COUNT
};

struct notice_kind_row {
    const char *name;    /* "asked": in rows and in the interface */
    const char *title;   /* message */
    bool is_of_officers; /* offered to officers, the others to applicants */
    bool may_be_turned_off;
};
extern const struct notice_kind_row notice_kinds[KIND_COUNT];
bool notice_kind_parse(struct str name, enum notice_kind *out);

struct notice_event {
    const char *name; /* "request-supplement" */
    enum notice_kind kind;
    bool tells_doer;            /* who did it gets a letter too, as a receipt */
    const char *title;          /* message; NULL: what the act says when it is done */
    const char *subject, *text; /* messages; of what is told inside the program alone: NULL */
    const char *page;           /* where it leads when it is about no dossier; NULL: to the dossier */
};
extern const struct notice_event notice_events[]; /* in the order of a dossier's life */
extern const size_t notice_event_count;
const struct notice_event *event_find(struct str name); /* NULL when there is none */
const char *event_title(const struct notice_event *e);  /* message: in lists */

/* What is told of a matter about which letters say nothing: complaints, denunciations, protected identities. */
extern const struct notice_event discreet_event;
/* Stands for what a later version of the program has told, which runs on the same rows. */
extern const struct notice_event unknown_event;

#endif
