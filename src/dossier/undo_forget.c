#include "dossier/undo_forget.h"

#include "base/auto.h"
#include "queries.h"

enum { UNDO_PORTION = 1000, UNDO_PORTIONS_MOST = 500, UNDO_ARENA = 1024 * 1024 };

struct undo_portion {
    int64_t after, last; /* dossiers: behind the one, up to the other */
    instant_t before;
    bool has_old, is_end;
};

static enum outcome look(struct store *s, struct undo_portion *p, struct fail *why)
{
    AUTO_ARENA struct arena a;
    AUTO_READ struct tx *tx = NULL;
    struct rows rows;
    arena_init(&a, UNDO_ARENA);
    TRY(store_read_begin(s, &a, &tx, why));
    TRY(store_all(tx, Q_DOSSIER_UNDO_WALK, VALUES(v_int(p->after), v_int(UNDO_PORTION)), &rows, why));
    p->has_old = false;
    p->is_end = rows.count < UNDO_PORTION;
    for (size_t i = 0; i < rows.count; i++) {
        p->last = row_int(&rows.at[i], 0);
        if (row_instant(&rows.at[i], 1) < p->before) p->has_old = true;
    }
    return OK;
}

/* What was done with one of them meanwhile is not old. */
static enum outcome forget(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct undo_portion *p = input;
    (void)output; /* gone either way */
    return store_do(tx, Q_DOSSIER_UNDO_FORGET, VALUES(v_int(p->after), v_int(p->last), v_instant(p->before)), NULL,
                    why);
}

enum outcome undo_forget(struct store *s, int64_t undo_us, struct fail *why)
{
    struct undo_portion p = {.after = INT64_MIN, .before = clock_now() - undo_us - UNDO_SPARE_MINUTES * US_PER_MINUTE};
    for (int i = 0; i < UNDO_PORTIONS_MOST && !p.is_end && !store_is_ending(s); i++) {
        TRY(look(s, &p, why));
        if (p.has_old) TRY(store_run(s, forget, &p, NULL, why));
        p.after = p.last;
    }
    return OK;
}
