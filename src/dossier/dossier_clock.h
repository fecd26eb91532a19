/*
 * The clock of the law on one dossier: it starts at receipt, stands while the applicant pays, begins anew after papers,
 * is put off once. Pure: changes the dossier in memory. What a term, a shift and a day off are is calendar.h; which
 * numbers the law has is rule_set.h. Only dossier.c moves the clock; others read what it left in the dossier.
 */
#ifndef DOSSIER_DOSSIER_CLOCK_H
#define DOSSIER_DOSSIER_CLOCK_H

#include "dossier/dossier.h"

/* What the act does to the clock: receipt, papers, extension. Before the dossier has changed its step. */
enum outcome clock_act(struct dossier *d, const struct calendar *c, enum action_id act, const struct act_input *in,
                       instant_t at, struct fail *why) MUST_USE;
/* Where the process has its own law (a complaint, a denunciation): does the extension keep within it? */
enum outcome clock_check_extension(const struct dossier *d, const struct calendar *c, const struct step_table *t,
                                   const struct step_exit *way, day_t until, struct fail *why) MUST_USE;
/* What the next step does to it: stops it, or lets it run on with what remained. */
enum outcome clock_enter(struct dossier *d, const struct calendar *c, enum clock_rule rule, instant_t at,
                         struct fail *why) MUST_USE;
/* The deadline of the step itself. step: where it is now; NULL: at its end. */
enum outcome clock_step(struct dossier *d, const struct calendar *c, const struct step *step, enum action_id act,
                        const struct act_input *in, struct fail *why) MUST_USE;

/* Until when may the time limit be extended? INSTANT_NONE when none runs. */
instant_t clock_extension_last(const struct dossier *d);
/* Until when is an act possible that the law or the step allows only for a while after receipt? INSTANT_NONE: always.
 */
enum outcome clock_act_last(const struct dossier *d, const struct calendar *c, enum action_id act,
                            const struct step_exit *way, struct term *out_limit, instant_t *out,
                            struct fail *why) MUST_USE;

#endif
