/*
 * How often something may be tried: a bucket of tokens for each key (a login, a peer), in memory and bounded. A key
 * that has been quiet long enough is forgotten; when the table is full the quietest of a few is.
 *
 * Processes that share an office count together: each try is passed on as a word and counted by the others too, a
 * moment later, so that several processes do not allow several times as much.
 */
#ifndef PEOPLE_ATTEMPTS_H
#define PEOPLE_ATTEMPTS_H

#include "base/hash.h"

struct attempts;
/* burst: tries at once; refill_s: seconds until one more is allowed. */
struct attempts *attempts_new(int burst, int refill_s);
void attempts_free(struct attempts *a);

/* Takes one try; 0 when allowed, else how many seconds to wait. */
int64_t attempts_take(struct attempts *a, struct str key);
void attempts_give_back(struct attempts *a, struct str key); /* it was a good one */

/* From now on together with the bucket of that name of other processes, which has the same `secret`: so that outsiders
 * choose no colliding keys. Before the first try. `pass` gets each word. */
void attempts_join(struct attempts *a, char name, struct sha256 secret, void (*pass)(void *context, struct str word),
                   void *context);
void attempts_hear(struct attempts *a, struct str word); /* of another process; nothing when it is of another name */

#endif
