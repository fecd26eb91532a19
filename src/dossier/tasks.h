/*
 * What waits for somebody, as places in the worklist: most urgent first, over all queues that the question is about.
 * Which index answers, and whether the queues are merged (list_merge.h) or their role is walked (role_walk.h), is
 * decided here; what is shown of each is the lists' affair (dossier_list.h).
 */
#ifndef DOSSIER_TASKS_H
#define DOSSIER_TASKS_H

#include "dossier/dossier_list.h"
#include "dossier/role_walk.h"

struct tasks {
    const struct inbox_query *query;
    struct merge merge;
    struct role_walk walk;
    int64_t *queues;
    size_t queue_count;
    bool is_walking;
};

/* The query is borrowed until the last tasks_next. */
enum outcome tasks_begin(struct tasks *t, struct tx *tx, const struct inbox_query *query, struct fail *why) MUST_USE;
/* major: the deadline that orders the list, minor: the dossier. *is_there false at the end. */
enum outcome tasks_next(struct tasks *t, struct place *out, bool *is_there, struct fail *why) MUST_USE;

#endif
