#include "dossier/list_merge.h"

enum { PORTION_LEAST = 2, PORTION_MOST = 128, FAR_SHARES = 4 };

int place_cmp(struct place a, struct place b)
{
    if (a.major != b.major) return a.major < b.major ? -1 : 1;
    return a.minor == b.minor ? 0 : a.minor < b.minor ? -1 : 1;
}

void merge_init(struct merge *m, struct tx *tx, const struct merge_kind *kind, const void *context)
{
    *m = (struct merge){.tx = tx, .kind = kind, .context = context};
}

/* One list alone is asked for the whole page at once; many lists for their likely share of it and a little: a row too
 * many in each costs more than asking the one that has more again. Where that is a trip to a server it is the other way
 * round. */
static size_t first_portion(const struct tx *tx, size_t page, size_t lists)
{
    size_t share = lists <= 1 ? page : (tx_is_far(tx) ? FAR_SHARES : 1) * page / lists + 2;
    if (share > page && page > 0) share = page;
    return share < PORTION_LEAST ? PORTION_LEAST : share > PORTION_MOST ? PORTION_MOST : share;
}

void merge_begin(struct merge *m, const int64_t *keys, size_t count, struct place after, size_t page)
{
    m->heads = ARENA_ARRAY(tx_arena(m->tx), struct merge_head, count + 1);
    m->head_count = count;
    size_t portion = first_portion(m->tx, page, count);
    for (size_t i = 0; i < count; i++)
        m->heads[i] = (struct merge_head){.key = keys[i], .portion = portion, .last = after};
    m->is_at_once = m->kind->fetch_heads != NULL && count >= MERGE_MANY && tx_is_far(m->tx);
    if (m->is_at_once) return;
    for (size_t i = 0; m->kind->ahead && i < count; i++)
        m->kind->ahead(m->tx, m->context, keys[i], after, m->heads[i].portion);
}

static enum outcome refill(struct merge *m, struct merge_head *h, struct fail *why)
{
    if (h->at < h->rows.count || h->is_over) return OK;
    TRY(m->kind->fetch(m->tx, m->context, h->key, h->last, h->portion, &h->rows, why));
    h->at = 0;
    h->is_over = h->rows.count < h->portion;
    if (h->rows.count > 0) h->last = m->kind->place_of(&h->rows.at[h->rows.count - 1]);
    m->rows_read += (int64_t)h->rows.count;
    h->portion = h->portion * 2 > PORTION_MOST ? PORTION_MOST : h->portion * 2;
    return OK;
}

static enum outcome fill_heads(struct merge *m, struct fail *why)
{
    struct rows rows;
    int64_t *keys = ARENA_ARRAY(tx_arena(m->tx), int64_t, m->head_count);
    size_t portion = m->heads[0].portion;
    for (size_t i = 0; i < m->head_count; i++) keys[i] = m->heads[i].key;
    const struct merge_wish wish = {keys, m->head_count, m->heads[0].last, portion};
    m->is_at_once = false; /* from now on each by itself */
    TRY(m->kind->fetch_heads(m->tx, m->context, &wish, &rows, why));
    m->rows_read += (int64_t)rows.count;
    for (size_t i = 0, at = 0; i < m->head_count; i++) {
        struct merge_head *h = &m->heads[i];
        size_t first = at;
        while (at < rows.count && row_int(&rows.at[at], rows.at[at].count - 1) == (int64_t)i) at++;
        h->rows = (struct rows){rows.at + first, at - first};
        h->is_over = h->rows.count < portion;
        if (h->rows.count > 0) h->last = m->kind->place_of(&h->rows.at[h->rows.count - 1]);
        h->portion = portion * 2;
    }
    return OK;
}

enum outcome merge_next(struct merge *m, const struct row **out, struct place *out_place, struct fail *why)
{
    struct merge_head *first = NULL;
    struct place least = PLACE_START;
    if (m->is_at_once) TRY(fill_heads(m, why));
    for (size_t i = 0; i < m->head_count; i++) {
        struct merge_head *h = &m->heads[i];
        TRY(refill(m, h, why));
        if (h->at == h->rows.count) continue;
        struct place p = m->kind->place_of(&h->rows.at[h->at]);
        if (first != NULL && place_cmp(p, least) >= 0) continue;
        first = h;
        least = p;
    }
    *out = first == NULL ? NULL : &first->rows.at[first->at++];
    *out_place = least;
    return OK;
}
