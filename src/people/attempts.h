/*
 * How often something may be tried: a bucket of tokens for each key (a login, a peer), in memory and bounded. A key
 * that has been quiet long enough is forgotten; when the table is full the quietest of a few is.
 */
#ifndef PEOPLE_ATTEMPTS_H
#define PEOPLE_ATTEMPTS_H

#include "base/str.h"

struct attempts;
/* burst: tries at once; refill_s: seconds until one more is allowed. */
struct attempts *attempts_new(int burst, int refill_s);
void attempts_free(struct attempts *a);

/* Takes one try; 0 when allowed, else how many seconds to wait. */
int64_t attempts_take(struct attempts *a, struct str key);
void attempts_give_back(struct attempts *a, struct str key); /* it was a good one */

#endif
