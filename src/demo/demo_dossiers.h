/*
 * Dossiers of the demonstration, so that whoever looks around sees an office at work: every state, some late, some due
 * soon, some on the leader's desk, spread over the past weeks. Each was filed and handled through the ordinary
 * commands, at its own moment (the clock is held there); nothing is written past them. For `motcua init` only: nobody
 * else uses the clock meanwhile.
 */
#ifndef DEMO_DEMO_DOSSIERS_H
#define DEMO_DEMO_DOSSIERS_H

#include "app/app.h"

/* The clock goes back to before the first dossier, so that agencies, posts and procedures are older than it. */
void demo_clock_back(void);
/* After demo_people and entrust_procedures. The clock stands where it belongs again when this returns. */
enum outcome demo_dossiers(struct app *app, int64_t *out_count, struct fail *why) MUST_USE;

#endif
