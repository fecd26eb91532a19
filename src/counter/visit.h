/*
 * Who stands before an officer now: the card that was scanned last, sealed, one row an officer. It is kept for some
 * minutes, so that the next page knows the person without a number in any address; filing, the next card and the next
 * person end it. It is no account and no dossier, and nobody but that officer reads it.
 */
#ifndef COUNTER_VISIT_H
#define COUNTER_VISIT_H

#include "counter/scan.h"
#include "dossier/desk.h"

enum { VISIT_MINUTES = 20 };

struct visit {
    bool is_there; /* there is a card */
    bool is_over;  /* a dossier was filed for them: shown again only when asked for */
    struct card card;
};

enum outcome visit_of(const struct desk *desk, struct tx *tx, int64_t account, struct visit *out,
                      struct fail *why) MUST_USE;
enum outcome visit_begin(const struct desk *desk, struct arena *a, int64_t account, const struct card *card,
                         struct fail *why) MUST_USE;
enum visit_end { VISIT_OVER, VISIT_AGAIN, VISIT_FORGET };
enum outcome visit_end(const struct desk *desk, int64_t account, enum visit_end what, struct fail *why) MUST_USE;

/* Cards, numbers and appointments that are old enough to be forgotten; the app calls it now and then. */
enum outcome counter_housekeep(struct store *s, struct fail *why) MUST_USE;

#endif
