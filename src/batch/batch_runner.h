/*
 * The worker that does batches: one thread that takes the open ones in turn, a small portion of items each, so that a
 * long batch keeps neither visitors nor a short one waiting. It wakes when something was committed, and after a start
 * it goes on where the program ended. Nothing is known here but rows and kinds.
 */
#ifndef BATCH_BATCH_RUNNER_H
#define BATCH_BATCH_RUNNER_H

#include "batch/batch.h"

struct batches;                                     /* the kinds, and the worker while the program serves */
struct batches *app_batches(const struct app *app); /* defined in app/ */

/* desk and kinds are borrowed. */
struct batches *batches_new(const struct desk *desk, const struct batch_kind *const *kinds, size_t count);
void batches_free(struct batches *b);  /* stops the worker; NULL is fine */
void batches_serve(struct batches *b); /* starts the worker */
/* Does all that is open, on the calling thread: for tests and commands without a server. */
enum outcome batches_catch_up(struct batches *b, struct fail *why) MUST_USE;

/* NULL when the program has no such kind (any more). */
const struct batch_kind *batches_kind(const struct batches *b, struct str name);

#endif
