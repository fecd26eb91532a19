#include "dossier/role_walk.h"

#include <stdlib.h>

#include "queries.h"

/* WALK_FEW, WALK_MANY: what the two queries give at most, as their texts say. One row in WORST at least is to be
 * wanted, of as many as two pages have. */
enum { WALK_FEW = 32, WALK_MANY = 128, WALK_WORST = 6, WALK_PLACE_AT_ONCE = 1000, WALK_VALUES = 5 };
enum { WALK_DUE, WALK_DOSSIER, WALK_HOLDER, WALK_QUEUE };

void role_walk_begin(struct role_walk *w, struct place after, size_t page)
{
    w->reached = after;
    w->portion = page + page / 4 > WALK_FEW ? WALK_MANY : WALK_FEW;
    w->rows = (struct rows){0};
    w->at = w->walked = w->kept = 0;
    w->is_over = w->is_worse = w->is_last = false;
}

/* One list for each office, and one of what an older program wrote. */
static void list_values(const struct role_walk *w, size_t list, struct value out[WALK_VALUES])
{
    bool is_of_office = list < w->office_count;
    out[0] = v_int(is_of_office ? w->offices[list] : 0);
    out[1] = v_str(is_of_office ? w->role : STR(""));
    out[2] = v_int(w->stage);
    out[3] = v_int(w->reached.major);
    out[4] = v_int(w->reached.minor);
}

static struct place place_of(const struct row *r)
{
    return (struct place){row_int(r, WALK_DUE), row_int(r, WALK_DOSSIER)};
}

static int by_place(const void *a, const void *b)
{
    return place_cmp(place_of(a), place_of(b));
}

/* Together, in one trip; of rows of several lists the first ones are the portion. */
static enum outcome read_lists(struct role_walk *w, struct fail *why)
{
    size_t lists = w->office_count + 1, with_rows = 0;
    unsigned query = w->portion == WALK_FEW ? Q_WORKLIST_OF_ROLE : Q_WORKLIST_OF_ROLE_MORE;
    struct value values[WALK_VALUES];
    w->rows = (struct rows){ARENA_ARRAY(tx_arena(w->tx), struct row, w->portion * lists), 0};
    for (size_t i = 0; i < lists; i++) {
        list_values(w, i, values);
        store_ahead(w->tx, query, values, WALK_VALUES);
    }
    for (size_t i = 0; i < lists; i++) {
        struct rows found;
        list_values(w, i, values);
        TRY(store_all(w->tx, query, values, WALK_VALUES, &found, why));
        with_rows += found.count > 0;
        for (size_t n = 0; n < found.count; n++) w->rows.at[w->rows.count++] = found.at[n];
    }
    if (with_rows > 1) qsort(w->rows.at, w->rows.count, sizeof w->rows.at[0], by_place);
    return OK;
}

static enum outcome read_portion(struct role_walk *w, struct fail *why)
{
    TRY(read_lists(w, why));
    w->at = 0;
    w->is_last = w->rows.count < w->portion;
    if (w->rows.count > w->portion) w->rows.count = w->portion;
    w->portion = WALK_MANY;
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
            w->reached = place_of(r);
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
    int64_t placed = store_is_far(s) ? WALK_PLACE_AT_ONCE : 0; /* where every query is near nobody walks */
    while (placed == WALK_PLACE_AT_ONCE && !store_is_ending(s)) TRY(store_run(s, place_some, NULL, &placed, why));
    return OK;
}
