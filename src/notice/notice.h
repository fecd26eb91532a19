/*
 * Notices inside the program: when an office does something with a dossier that its applicant may know, they find a
 * line in their list; officers find the reminders addressed to them. Notices come from the journal only, through a
 * follower with its own cursor, so each act is told exactly once and never before it is durable. Texts are made when
 * they are read, in the reader's language. Messages to the world are outbox.h's.
 */
#ifndef NOTICE_NOTICE_H
#define NOTICE_NOTICE_H

#include "journal/journal.h"
#include "notice/event.h"

/* More than so many unread ones are shown as this number. */
enum { UNREAD_MOST = 100 };

struct notice {
    int64_t id, dossier;
    struct str code;
    const struct notice_event *event;
    instant_t at, seen_at; /* seen_at INSTANT_NONE: not yet */
};

extern const struct follower notice_follower;

/* Newest first, at most `most` with an id below `before` (INT64_MAX: from the newest). In tx_arena. */
enum outcome notices_of_account(struct tx *tx, int64_t account, int64_t before, size_t most, struct notice **out,
                                size_t *out_count, struct fail *why) MUST_USE;
/* At most UNREAD_MOST. */
enum outcome notice_unread(struct tx *tx, int64_t account, int64_t *out, struct fail *why) MUST_USE;
void notice_unread_ahead(struct tx *tx, int64_t account); /* store_ahead */

/* A line about what is no dossier, from the follower of a later room: an event with a page of its own, and the words
 * that stand where a dossier's code does. */
enum outcome notice_tell(struct tx *tx, int64_t account, struct str words, struct str event, instant_t at,
                         struct fail *why) MUST_USE;

/* Which notice was seen; up_to: it and every older one. */
struct notice_seen {
    int64_t account, id;
    bool up_to;
};
/* A command; no output. Seen is seen: again changes nothing. ERR_MISSING when the account has no such notice. Not in
 * the journal: who has read their mail is no act of the office. */
store_command notice_see;
/* Inside another room's command: the account has opened what the event of that dossier was about. */
enum outcome notice_see_about(struct tx *tx, int64_t account, int64_t dossier, const char *act,
                              struct fail *why) MUST_USE;

#endif
