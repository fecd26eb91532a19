/*
 * The numbers of an inbox: how much stands under each tab and quick filter, never more rows looked at than a bound, and
 * kept for a moment (count_cache.h).
 */
#ifndef OFFICER_INBOX_COUNTS_H
#define OFFICER_INBOX_COUNTS_H

#include "dossier/inbox.h"

enum { INBOX_COUNTED = 1000 }; /* rows that one number may cost; at it a number means "at least" */

struct inbox_counts {
    int64_t tabs[INBOX_TAB_COUNT];
    int64_t mine, nobodys;
    int64_t ranges[DUE_RANGE_COUNT];
    bool is_more; /* the ranges are "at least" */
};
enum outcome inbox_counts_of(const struct desk *desk, struct tx *tx, const struct standing *who,
                             const struct due_bounds *bounds, struct inbox_counts *out, struct fail *why) MUST_USE;

#endif
