/*
 * The way through a step table when all goes well, and the waits beside it: what pictures, time lines and lists of
 * steps are drawn from. The way goes from the first step by the first act that leads to another office's step; what is
 * not on it (waiting for papers, for payment) stands beside the step that it belongs to. And the trail: which of these
 * steps one dossier has gone through, by its acts in order. It knows nothing of dossiers, of drawing or of the clock of
 * the law. A way lives in the arena.
 */
#ifndef PROCESS_PROCESS_WAY_H
#define PROCESS_PROCESS_WAY_H

#include "process/process.h"

struct way_stop {
    int step;      /* index in the table */
    bool is_aside; /* beside the way: only some dossiers come here */
    size_t home;   /* of an aside: the stop of the way that it belongs to; else its own index */
    int back;      /* of an aside: the stop that it leads to; -1: none */
    int sent_back; /* of the way: the earlier stop to which an act can lead from here; -1: none */
};

struct way {
    struct way_stop *stops; /* in order of the way, asides after their home */
    size_t stop_count;
};

struct way process_way(struct arena *a, const struct step_table *t);
/* The stop of a step, or -1. */
int way_stop_of(const struct way *w, int step);
/* The next step when all goes well: -1 (STEP_END) at the end. was_there: steps not to go to again. */
int process_way_on(const struct step_table *t, int step, const bool *was_there);

struct trail_mark {
    bool was_there;
    instant_t left_at; /* the last time; INSTANT_NONE: it is there, or never was */
};

struct trail {
    struct trail_mark marks[PROCESS_STEPS_MOST];
    struct trail_turn {
        struct str act;
        int from;
    } turns[PROCESS_STEPS_MOST * 2]; /* what was done and where it stood then, to undo */
    size_t turn_count;
    int now;  /* STEP_END when it is over */
    int last; /* where it stood before the end; the same as now while it runs */
};

void trail_begin(struct trail *t);
/* One act of the dossier's history, in order; acts that the table does not have change nothing. The act's name is
 * borrowed. */
void trail_act(struct trail *t, const struct step_table *table, struct str act, instant_t at);
/* The last such act was taken back. */
void trail_undo(struct trail *t, struct str act);
/* Where the dossier really stands, which its row says. */
void trail_settle(struct trail *t, int step);

#endif
