/*
 * How much work there is and how urgent: counted from ranges of the worklist's index, in one statement for all queues
 * of a post or an agency, and never more rows than a bound, so that neither 170 queues nor a million waiting dossiers
 * make a page slow. Days are working days of the agency's calendar.
 */
#ifndef DOSSIER_TASK_COUNT_H
#define DOSSIER_TASK_COUNT_H

#include "calendar/calendar.h"
#include "dossier/dossier.h"
#include "store/store.h"

/* The last moments of the ranges; a deadline at midnight belongs to the day that it ends. */
struct due_bounds {
    instant_t now, today, tomorrow, three_days; /* tomorrow: the next working day; three_days: the third after today */
};
struct due_bounds due_bounds_of(const struct calendar *c, instant_t now);

struct task_count {
    int64_t holder;          /* account; 0: nobody */
    int64_t late;            /* due before now */
    int64_t today, tomorrow; /* still to come */
    int64_t three_days;      /* from now on, today and tomorrow among them */
    int64_t later;           /* than three days; only of an agency */
};

struct task_counts {
    struct task_count *holders, all;
    size_t holder_count;
    bool is_more;       /* there are more than were counted: every number is "at least" */
    bool is_later_more; /* the same of what is due later */
};

/* In the queues of the post in use; most: rows that are looked at. */
enum outcome task_counts_of_post(struct tx *tx, const struct standing *who, const struct due_bounds *bounds,
                                 int64_t most, struct task_counts *out, struct fail *why) MUST_USE;
/* In all queues of an agency. */
enum outcome task_counts_of_agency(struct tx *tx, int64_t agency, const struct due_bounds *bounds, int64_t most,
                                   struct task_counts *out, struct fail *why) MUST_USE;

/* What is in nobody's list because somebody else is awaited: at most `most` of each. */
struct waiting_count {
    int64_t applicant, units;
};
enum outcome waiting_of_agency(struct tx *tx, int64_t agency, int64_t most, struct waiting_count *out,
                               struct fail *why) MUST_USE;
/* How much there is to receive, in hand, to return, in the queues of the post: at most `most` of each. */
struct stage_count {
    int64_t receive, in_hand, to_return;
};
enum outcome stages_of_post(struct tx *tx, const struct standing *who, int64_t most, struct stage_count *out,
                            struct fail *why) MUST_USE;
/* How many one officer holds, and how many nobody holds, in the queues of the post: at most `most` of each. */
enum outcome held_of_post(struct tx *tx, const struct standing *who, int64_t most, int64_t *out_mine,
                          int64_t *out_nobodys, struct fail *why) MUST_USE;

/* What the counts of a person's inbox are going to ask (store_ahead). */
void task_counts_ahead(struct tx *tx, const struct standing *who, const struct due_bounds *b, int64_t most);

#endif
