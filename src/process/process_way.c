#include "process/process_way.h"

#include "base/list.h"

static bool is_of_applicant(const struct step *s)
{
    return str_eq(s->role, STR("applicant"));
}

int process_way_on(const struct step_table *t, int step, const bool *was_there)
{
    const struct step *s = &t->steps[step];
    for (size_t i = 0; i < s->exit_count; i++) {
        int next = s->exits[i].next;
        if (next != STEP_END && !was_there[next] && !is_of_applicant(&t->steps[next])) return next;
    }
    return STEP_END;
}

/* ---- the way ---- */

struct walk { /* a way in the making */
    struct arena *arena;
    const struct step_table *table;
    bool is_on_way[PROCESS_STEPS_MOST], is_placed[PROCESS_STEPS_MOST];
    int main[PROCESS_STEPS_MOST]; /* the steps of the way */
    size_t main_count;
    LIST(struct way_stop) stops;
};

static void walk_way(struct walk *w)
{
    for (int at = 0; at != STEP_END; at = process_way_on(w->table, at, w->is_on_way)) {
        w->is_on_way[at] = true;
        w->main[w->main_count++] = at;
    }
}

static bool leads_to(const struct step_table *t, int from, int to)
{
    const struct step *s = &t->steps[from];
    for (size_t i = 0; i < s->exit_count; i++)
        if (s->exits[i].next == to) return true;
    return false;
}

/* Where an aside goes when all goes well: its first exit to another step. */
static int goes_to(const struct step_table *t, int from)
{
    const struct step *s = &t->steps[from];
    for (size_t i = 0; i < s->exit_count; i++)
        if (s->exits[i].next != STEP_END && s->exits[i].next != from) return s->exits[i].next;
    return STEP_END;
}

/* A wait belongs to the step that it comes back to, when that one leads to it; else to the first that does. */
static bool is_home(const struct walk *w, int home, int aside)
{
    if (!leads_to(w->table, home, aside)) return false;
    int to = goes_to(w->table, aside);
    return to == STEP_END || to == home || !leads_to(w->table, to, aside);
}

static void place_aside(struct walk *w, size_t home, int step)
{
    while (step != STEP_END && !w->is_on_way[step] && !w->is_placed[step]) {
        w->is_placed[step] = true;
        LIST_PUSH(w->arena, w->stops) = (struct way_stop){step, true, home, -1, -1};
        step = goes_to(w->table, step);
    }
}

static void place_main(struct walk *w, int step)
{
    size_t home = w->stops.count;
    LIST_PUSH(w->arena, w->stops) = (struct way_stop){step, false, home, -1, -1};
    for (size_t i = 0; i < w->table->step_count; i++)
        if (!w->is_on_way[i] && is_home(w, step, (int)i)) place_aside(w, home, (int)i);
}

/* What no step of the way leads to (a loop of asides among themselves) stands at the end, so that nothing is lost. */
static void place_rest(struct walk *w)
{
    for (size_t i = 0; i < w->table->step_count; i++)
        if (!w->is_on_way[i]) place_aside(w, w->stops.count - 1, (int)i);
}

int way_stop_of(const struct way *w, int step)
{
    for (size_t i = 0; i < w->stop_count; i++)
        if (w->stops[i].step == step) return (int)i;
    return -1;
}

static int sent_back_to(const struct walk *w, const struct way *way, size_t at)
{
    for (int i = (int)at - 1; i >= 0; i--)
        if (!way->stops[i].is_aside && leads_to(w->table, way->stops[at].step, way->stops[i].step)) return i;
    return -1;
}

struct way process_way(struct arena *a, const struct step_table *t)
{
    struct walk w = {.arena = a, .table = t};
    walk_way(&w);
    for (size_t i = 0; i < w.main_count; i++) place_main(&w, w.main[i]);
    place_rest(&w);
    struct way way = {w.stops.at, w.stops.count};
    for (size_t i = 0; i < way.stop_count; i++) {
        struct way_stop *stop = &way.stops[i];
        if (stop->is_aside)
            stop->back = way_stop_of(&way, goes_to(t, stop->step));
        else
            stop->sent_back = sent_back_to(&w, &way, i);
    }
    return way;
}

/* ---- the trail ---- */

void trail_begin(struct trail *t)
{
    *t = (struct trail){0};
    for (size_t i = 0; i < PROCESS_STEPS_MOST; i++) t->marks[i].left_at = INSTANT_NONE;
    t->marks[0].was_there = true;
}

void trail_act(struct trail *t, const struct step_table *table, struct str act, instant_t at)
{
    const struct step_exit *exit = t->now == STEP_END ? NULL : process_exit(table, t->now, act);
    if (exit == NULL) return;
    if (t->turn_count < LENGTH(t->turns)) t->turns[t->turn_count++] = (struct trail_turn){act, t->now};
    if (exit->next == t->now) return;
    t->marks[t->now].left_at = at;
    t->last = exit->next != STEP_END ? exit->next : t->now;
    t->now = exit->next;
    if (t->now != STEP_END) t->marks[t->now].was_there = true;
}

/* Whether it came to the step before its last turn. */
static bool was_there_before(const struct trail *t, int step)
{
    for (size_t i = 0; i < t->turn_count; i++)
        if (t->turns[i].from == step) return true;
    return false;
}

void trail_undo(struct trail *t, struct str act)
{
    size_t n = t->turn_count;
    while (n > 0 && !str_eq(t->turns[n - 1].act, act)) n--;
    if (n == 0) return;
    int left = t->now;
    t->now = t->last = t->turns[n - 1].from;
    t->turn_count = n - 1;
    t->marks[t->now].left_at = INSTANT_NONE;
    if (left != STEP_END && left != t->now) t->marks[left].was_there = was_there_before(t, left);
}

void trail_settle(struct trail *t, int step)
{
    if (step == t->now) return;
    t->now = step;
    if (step == STEP_END) return;
    t->last = step;
    t->marks[step] = (struct trail_mark){true, INSTANT_NONE};
}
