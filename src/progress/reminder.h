/*
 * Reminders: before a deadline, on its day, when it has passed; to who holds the dossier, or, when nobody does, to
 * those who serve its queue; and to the superiors when it is late. Each kind once for each deadline, also when the
 * program stood still meanwhile: what was due then is said at the next start, without what has lost its meaning. A
 * reminder is an entry of the journal ("remind", "escalate") that names whom it is for; the notice room tells them.
 *
 * A follower of the journal plans; reminders_send, run every minute, looks at what is due by the plan.
 */
#ifndef PROGRESS_REMINDER_H
#define PROGRESS_REMINDER_H

#include "dossier/desk.h"
#include "journal/journal.h"

enum { BEFORE_MOST = 4 };

struct reminder_rules {
    int before[BEFORE_MOST]; /* so many working days before, the largest first */
    size_t before_count;
    int64_t escalate_days; /* working days late before the agency above is told */
};
/* "2 1". ERR_INVALID with a sentence. */
enum outcome reminder_rules_parse(struct str days, int64_t escalate_days, struct reminder_rules *out,
                                  struct fail *why) MUST_USE;

extern const struct follower reminder_follower;
/* All that is due by now, in portions; at most a bounded number, or until the program is to stop
 * (store_is_ending); the rest the next time. */
enum outcome reminders_send(const struct desk *desk, const struct reminder_rules *rules, struct fail *why) MUST_USE;

#endif
