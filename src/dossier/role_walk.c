#include "dossier/role_walk.h"

#include <stdlib.h>

#include "base/clock.h"
#include "queries.h"

/* One row in WORST at least is to be wanted, of as many as two pages have. */
enum { WALK_LEAST = 32, WALK_PORTION_MOST = 256, WALK_WORST = 6, WALK_PLACE_AT_ONCE = 1000 };
enum { WALK_DUE, WALK_DOSSIER, WALK_HOLDER, WALK_QUEUE };

void role_walk_begin(struct role_walk *w, struct place after, size_t page)
{
    w->reached = after;
    w->portion = page + page / 4 < WALK_LEAST ? WALK_LEAST : page + page / 4;
    if (w->portion > WALK_PORTION_MOST) w->portion = WALK_PORTION_MOST;
    w->rows = (struct rows){0};
    w->at = w->walked = w->kept = 0;
    w->is_over = w->is_worse = w->is_last = false;
}

static enum outcome read_portion(struct role_walk *w, struct fail *why)
{
    TRY(store_all(w->tx, Q_WORKLIST_OF_ROLE,
                  VALUES(v_int(w->agency), v_int(day_of(tx_now(w->tx))), v_str(w->role), v_str(w->stages),
                         v_int(w->reached.major), v_int(w->reached.minor), v_int((int64_t)w->portion)),
                  &w->rows, why));
    w->at = 0;
    w->is_last = w->rows.count < w->portion;
    w->portion = w->portion * 2 > WALK_PORTION_MOST ? WALK_PORTION_MOST : w->portion * 2;
    return OK;
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static bool is_wanted(const struct role_walk *w, const struct row *r)
{
    int64_t queue = row_int(r, WALK_QUEUE);
    return w->wants(w->context, row_int(r, WALK_HOLDER)) &&
           bsearch(&queue, w->queues, w->queue_count, sizeof queue, by_number) != NULL;
}

enum outcome role_walk_next(struct role_walk *w, const struct row **out, struct fail *why)
{
    *out = NULL;
    while (!w->is_over && !w->is_worse) {
        if (w->at < w->rows.count) {
            const struct row *r = &w->rows.at[w->at++];
            w->reached = (struct place){row_int(r, WALK_DUE), row_int(r, WALK_DOSSIER)};
            w->walked++;
            if (!is_wanted(w, r)) continue;
            w->kept++;
            *out = r;
            return OK;
        }
        w->is_over = w->is_last;
        w->is_worse = !w->is_last && w->kept * WALK_WORST < w->walked;
        if (!w->is_over && !w->is_worse) TRY(read_portion(w, why));
    }
    return OK;
}

/* ---- what older programs wrote ---- */

static enum outcome place_some(struct tx *tx, const void *input, void *output, struct fail *why)
{
    (void)input; /* any of them */
    return store_do(tx, Q_WORKLIST_PLACE, VALUES(v_int(WALK_PLACE_AT_ONCE)), output, why);
}

enum outcome role_walk_place_rows(struct store *s, struct fail *why)
{
    int64_t placed = WALK_PLACE_AT_ONCE;
    while (placed == WALK_PLACE_AT_ONCE) TRY(store_run(s, place_some, NULL, &placed, why));
    return OK;
}
