/*
 * Who is to be told what, decided once for each entry of the journal: a follower that makes rows of messages in the
 * command that moves its cursor. It sends nothing; the sender does, afterwards. What was before somebody agreed, or
 * before an endpoint was added, is not told to them.
 */
#ifndef NOTICE_OUTBOX_H
#define NOTICE_OUTBOX_H

#include "journal/journal.h"

extern const struct follower message_follower;

/* The accounts that a reminder's entry names: {"to": ["<id>", ...]}. Shared with the notices inside the program. */
enum { REMINDED_MOST = 50 };
bool outbox_is_reminder(const struct journal_entry *e);
/* A message that the applicant wrote: for the officers whom it names, not for the applicant. */
bool outbox_is_from_applicant(struct tx *tx, const struct journal_entry *e);
size_t outbox_reminded(struct tx *tx, const struct journal_entry *e, int64_t out[REMINDED_MOST]);

#endif
