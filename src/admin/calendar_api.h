/* Calendars for programs: what is in use, what a year looks like, what a planned one would change; and which agency
 * works by which. The administrator's page /quan-tri/lich (admin_calendar.c) says the same to people. */
#ifndef ADMIN_CALENDAR_API_H
#define ADMIN_CALENDAR_API_H

#include "batch/recount_kind.h"
#include "http/router.h"

extern const struct route calendar_api_routes[];
extern const size_t calendar_api_route_count;

enum { WEIGHED_MOST = 20000 };

/* Both say what they would do when is_preview. out lives in the request's arena. */
struct calendar_plan {
    const struct calendar *calendar;
    struct recount_effect effect;
    struct calendars_changed changed; /* nothing when it is a preview */
};
enum outcome calendar_plan_run(struct request *rq, struct str text, bool is_preview, struct calendar_plan *out,
                               struct fail *why) MUST_USE;
/* Now and from then on; identifier and name as somebody typed them, an empty name for the parent's. version: of the
 * agency, that was seen; 0: whatever it is. */
enum outcome calendar_give(struct request *rq, struct str identifier, struct str name, struct str valid_from,
                           int64_t version, int64_t *out_batch, struct fail *why) MUST_USE;

#endif
