#include "dossier/list_merge.h"

enum { PORTION_LEAST = 2, PORTION_MOST = 128, FAR_SHARES = 4, AT_ONCE_MORE = 4 };

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
    m->is_at_once = m->kind->fetch_heads != NULL && count >= (tx_is_far(m->tx) ? MERGE_MANY : MERGE_MANY_NEAR);
    m->reached = after;
    m->portion = portion;
    if (m->is_at_once) return;
    for (size_t i = 0; m->kind->ahead && i < count; i++)
        m->kind->ahead(m->tx, m->context, keys[i], after, m->heads[i].portion);
}

static bool is_dry(const struct merge_head *h)
{
    return h->at == h->rows.count && !h->is_over;
}

static void fill_head(const struct merge *m, struct merge_head *h, struct rows rows, size_t portion)
{
    h->rows = rows;
    h->at = 0;
    h->is_over = rows.count < portion;
    if (rows.count > 0) h->last = m->kind->place_of(&rows.at[rows.count - 1]);
}

static enum outcome refill(struct merge *m, struct merge_head *h, struct fail *why)
{
    struct rows rows;
    TRY(m->kind->fetch(m->tx, m->context, h->key, h->last, h->portion, &rows, why));
    fill_head(m, h, rows, h->portion);
    m->rows_read += (int64_t)rows.count;
    h->portion = h->portion * 2 > PORTION_MOST ? PORTION_MOST : h->portion * 2;
    return OK;
}

/* What was fetched and not given yet is fetched again, with what stands behind it. */
static enum outcome refill_all(struct merge *m, struct fail *why)
{
    struct rows rows;
    int64_t *keys = ARENA_ARRAY(tx_arena(m->tx), int64_t, m->head_count);
    for (size_t i = 0; i < m->head_count; i++) keys[i] = m->heads[i].key;
    const struct merge_wish wish = {keys, m->head_count, m->reached, m->portion};
    TRY(m->kind->fetch_heads(m->tx, m->context, &wish, &rows, why));
    m->rows_read += (int64_t)rows.count;
    m->is_at_once = tx_is_far(m->tx);
    for (size_t i = 0, at = 0; i < m->head_count; i++) {
        size_t first = at;
        while (at < rows.count && row_int(&rows.at[at], rows.at[at].count - 1) == (int64_t)i) at++;
        fill_head(m, &m->heads[i], (struct rows){rows.at + first, at - first}, m->portion);
        m->heads[i].portion = m->portion * 2;
    }
    m->portion = m->portion * AT_ONCE_MORE > PORTION_MOST ? PORTION_MOST : m->portion * AT_ONCE_MORE;
    return OK;
}

static enum outcome refill_dry(struct merge *m, struct fail *why)
{
    for (size_t i = 0; i < m->head_count; i++) {
        if (!is_dry(&m->heads[i])) continue;
        if (m->is_at_once) return refill_all(m, why);
        TRY(refill(m, &m->heads[i], why));
    }
    return OK;
}

enum outcome merge_next(struct merge *m, const struct row **out, struct place *out_place, struct fail *why)
{
    struct merge_head *first = NULL;
    struct place least = PLACE_START;
    TRY(refill_dry(m, why));
    for (size_t i = 0; i < m->head_count; i++) {
        struct merge_head *h = &m->heads[i];
        if (h->at == h->rows.count) continue;
        struct place p = m->kind->place_of(&h->rows.at[h->at]);
        if (first != NULL && place_cmp(p, least) >= 0) continue;
        first = h;
        least = p;
    }
    *out = first == NULL ? NULL : &first->rows.at[first->at++];
    *out_place = least;
    if (first != NULL) m->reached = least;
    return OK;
}
