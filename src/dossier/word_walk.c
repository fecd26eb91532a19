#include "dossier/word_walk.h"

#include "queries.h"

/* PORTION_PER_STOP: finding a place in a list costs about as much as reading so many of its rows. PORTION_LEAST_FAR: a
 * trip to a server costs about as much as reading so many. */
enum { PORTION_LEAST = 16, PORTION_LEAST_FAR = 64, PORTION_MOST = 256, PORTION_PER_STOP = 16 };

/* One word's list, of which some rows are here. */
struct word_list {
    struct str word;
    int64_t ids[PORTION_MOST];
    size_t count, at;
    size_t portion, stops; /* at how many of these ids the walk stopped */
    bool is_over;          /* there is nothing behind them */
};

struct walking {
    struct tx *tx;
    int64_t agency;
    size_t *rows_left;
    bool is_spent;
};

static size_t within(const struct walking *w, size_t n)
{
    size_t least = tx_is_far(w->tx) ? PORTION_LEAST_FAR : PORTION_LEAST;
    return n < least ? least : n > PORTION_MOST ? PORTION_MOST : n;
}

/* A list in which the walk stops often is read on in large portions; one through which it leaps, in small ones. */
static enum outcome refill(struct walking *w, struct word_list *l, int64_t below, struct fail *why)
{
    struct rows rows;
    struct arena_mark mark = arena_mark(tx_arena(w->tx));
    size_t cost = l->portion + PORTION_PER_STOP;
    w->is_spent = *w->rows_left < cost;
    if (w->is_spent) return OK;
    TRY(store_all(w->tx, Q_DOSSIER_WORD_PAGE,
                  VALUES(v_int(w->agency), v_str(l->word), v_int(below), v_int((int64_t)l->portion)), &rows, why));
    *w->rows_left -= rows.count + PORTION_PER_STOP;
    for (size_t i = 0; i < rows.count; i++) l->ids[i] = row_int(&rows.at[i], 0);
    l->count = rows.count;
    l->is_over = rows.count < l->portion;
    l->portion = within(w, l->stops * PORTION_PER_STOP);
    l->at = l->stops = 0;
    arena_back(tx_arena(w->tx), mark);
    return OK;
}

/* The newest of the list that is not newer than `id`; 0: none. */
static enum outcome seek(struct walking *w, struct word_list *l, int64_t id, int64_t *out, struct fail *why)
{
    *out = 0;
    for (;;) {
        while (l->at < l->count && l->ids[l->at] > id) l->at++;
        if (l->at < l->count) break;
        if (l->is_over) return OK;
        TRY(refill(w, l, id + 1, why));
        if (w->is_spent) return OK;
    }
    l->stops++;
    *out = l->ids[l->at];
    return OK;
}

/* The newest that all lists have and that is not newer than *id; 0: none. When the rows are spent, how far it came. */
static enum outcome agree(struct walking *w, struct word_list *lists, size_t count, int64_t *id, struct fail *why)
{
    size_t agreed = 0;
    for (size_t i = 0; agreed < count; i = (i + 1) % count) {
        int64_t found;
        TRY(seek(w, &lists[i], *id, &found, why));
        if (w->is_spent) return OK;
        agreed = found == *id ? agreed + 1 : 1;
        *id = found;
        if (found == 0) return OK;
    }
    return OK;
}

/* The beginnings of all lists in one trip. */
static enum outcome begin_together(struct walking *w, struct word_list *lists, size_t count, int64_t before,
                                   struct fail *why)
{
    for (size_t i = 0; i < count; i++)
        store_ahead(w->tx, Q_DOSSIER_WORD_PAGE,
                    VALUES(v_int(w->agency), v_str(lists[i].word), v_int(before), v_int((int64_t)lists[i].portion)));
    for (size_t i = 0; i < count && !w->is_spent; i++) TRY(refill(w, &lists[i], before, why));
    return OK;
}

enum outcome word_walk_run(struct tx *tx, const struct word_walk *w, int64_t before, size_t most, int64_t *ids,
                           struct word_walk_found *out, struct fail *why)
{
    struct walking walking = {.tx = tx, .agency = w->agency, .rows_left = w->rows_left};
    struct word_list *lists = ARENA_ARRAY(tx_arena(tx), struct word_list, w->word_count);
    size_t count = 0;
    int64_t id = before - 1;
    for (size_t i = 0; i < w->word_count; i++)
        lists[i] = (struct word_list){.word = w->words[i], .portion = within(&walking, most)};
    if (tx_is_far(tx)) TRY(begin_together(&walking, lists, w->word_count, before, why));
    while (count < most) {
        TRY(agree(&walking, lists, w->word_count, &id, why));
        if (walking.is_spent || id == 0) break;
        ids[count++] = id--;
    }
    *out = (struct word_walk_found){count, id == 0 ? 0 : id + 1};
    return OK;
}
