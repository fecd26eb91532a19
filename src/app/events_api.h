/*
 * GET /api/v1/events?after=&limit=: what happened, in the journal's order, as CloudEvents 1.0 for programs that follow.
 * Thin: which subject, which act, when; whoever may see more asks for the subject.
 */
#ifndef APP_EVENTS_API_H
#define APP_EVENTS_API_H

#include "http/router.h"

extern const struct route events_routes[];
extern const size_t events_route_count;

#endif
