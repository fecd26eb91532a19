/*
 * What a running office throws away by itself, an hour apart: kept answers of idempotency keys, drafts and uploads past
 * their days, expired sessions. One thread; each chore is commands of bounded size, so nobody waits for it.
 */
#ifndef APP_HOUSEKEEPING_H
#define APP_HOUSEKEEPING_H

#include "app/app.h"

struct housekeeping *housekeeping_start(struct app *app);
void housekeeping_stop(struct housekeeping *h); /* NULL is fine */

/* How each chore went last; in the order of the chores, at most `most`. */
struct chore_state {
    const char *name;
    const char *title; /* message */
    instant_t ran_at;  /* INSTANT_NONE: not yet since the start */
    bool is_well;
};
size_t housekeeping_look(struct housekeeping *h, struct chore_state *out, size_t most);

#endif
