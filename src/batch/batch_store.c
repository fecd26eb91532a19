#include "batch/batch_store.h"

#include "queries.h"

static struct batch batch_of_row(const struct row *r)
{
    return (struct batch){
        .id = row_int(r, 0),
        .version = row_int(r, 1),
        .kind = row_str(r, 2),
        .state = (enum batch_state)row_int(r, 3),
        .actor = {row_int(r, 4), row_int(r, 5), row_str(r, 6)},
        .parameters = row_str(r, 7),
        .total = row_int(r, 8),
        .done = row_int(r, 9),
        .refused = row_int(r, 10),
        .is_listed = row_bool(r, 11),
        .listed_to = row_int(r, 12),
        .started_at = row_instant(r, 13),
        .finished_at = row_instant(r, 14),
    };
}

static void batches_of_rows(struct tx *tx, const struct rows *rows, struct batch **out, size_t *out_count)
{
    *out = ARENA_ARRAY(tx_arena(tx), struct batch, rows->count + 1);
    *out_count = rows->count;
    for (size_t i = 0; i < rows->count; i++) (*out)[i] = batch_of_row(&rows->at[i]);
}

enum outcome batch_load(struct tx *tx, int64_t id, struct batch *out, struct fail *why)
{
    struct row row;
    enum outcome found = store_one(tx, Q_BATCH_BY_ID, VALUES(v_int(id)), &row, why);
    if (found == ERR_MISSING) return fail(why, ERR_MISSING, N_("There is no such batch."));
    TRY(found);
    *out = batch_of_row(&row);
    return OK;
}

enum outcome batch_find(struct tx *tx, int64_t id, int64_t account, struct batch *out, struct fail *why)
{
    TRY(batch_load(tx, id, out, why));
    if (out->actor.account != account) return fail(why, ERR_MISSING, N_("There is no such batch."));
    return OK;
}

enum outcome batch_look(struct tx *tx, int64_t id, const struct batch_reader *who, struct batch *out, struct fail *why)
{
    TRY(batch_load(tx, id, out, why));
    bool is_of_office = who->is_leader && who->agency != 0 && out->actor.agency == who->agency;
    if (out->actor.account != who->account && !is_of_office)
        return fail(why, ERR_MISSING, N_("There is no such batch."));
    return OK;
}

enum outcome batches_of_agency(struct tx *tx, const struct batch_reader *who, int64_t before, size_t most,
                               struct batch **out, size_t *out_count, struct fail *why)
{
    struct rows rows = {0};
    if (who->is_leader && who->agency != 0)
        TRY(store_all(tx, Q_BATCHES_OF_AGENCY,
                      VALUES(v_int(who->agency), v_int(who->account), v_int(before), v_int((int64_t)most)), &rows,
                      why));
    batches_of_rows(tx, &rows, out, out_count);
    return OK;
}

enum { PRUNED = 500 };

static enum outcome prune(struct tx *tx, const void *before, void *out_dropped, struct fail *why)
{
    return store_do(tx, Q_BATCH_ITEMS_PRUNE, VALUES(v_int(*(const instant_t *)before), v_int(PRUNED)), out_dropped,
                    why);
}

enum outcome batches_prune(struct store *s, instant_t before, struct fail *why)
{
    int64_t dropped;
    do {
        TRY(store_run(s, prune, &before, &dropped, why));
    } while (dropped > 0 && !store_is_ending(s));
    return OK;
}

enum outcome batches_open(struct tx *tx, size_t most, struct batch **out, size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_BATCHES_OPEN, VALUES(v_int((int64_t)most)), &rows, why));
    batches_of_rows(tx, &rows, out, out_count);
    return OK;
}

enum outcome batches_of_account(struct tx *tx, int64_t account, int64_t before, size_t most, struct batch **out,
                                size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_BATCHES_OF_ACCOUNT, VALUES(v_int(account), v_int(before), v_int((int64_t)most)), &rows, why));
    batches_of_rows(tx, &rows, out, out_count);
    return OK;
}

enum outcome batch_end(struct tx *tx, int64_t id, enum batch_state state, bool *out, struct fail *why)
{
    int64_t changed;
    TRY(store_do(tx, Q_BATCH_END, VALUES(v_int(state), v_instant(tx_now(tx)), v_int(id)), &changed, why));
    *out = changed > 0;
    return OK;
}

enum outcome batch_item_insert(struct tx *tx, int64_t batch, int64_t n, const struct batch_item_new *item,
                               struct fail *why)
{
    return store_do(tx, Q_BATCH_ITEM_INSERT, VALUES(v_int(batch), v_int(n), v_int(item->subject), v_int(item->version)),
                    NULL, why);
}

enum outcome batch_items(struct tx *tx, const struct item_query *q, struct batch_item **out, size_t *out_count,
                         struct fail *why)
{
    struct rows rows;
    if (q->state < 0)
        TRY(store_all(tx, Q_BATCH_ITEMS, VALUES(v_int(q->batch), v_int(q->after), v_int((int64_t)q->most)), &rows,
                      why));
    else
        TRY(store_all(tx, Q_BATCH_ITEMS_OF_STATE,
                      VALUES(v_int(q->batch), v_int(q->state), v_int(q->after), v_int((int64_t)q->most)), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct batch_item, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *r = &rows.at[i];
        (*out)[i] = (struct batch_item){
            .n = row_int(r, 0),
            .state = (enum item_state)row_int(r, 1),
            .subject = row_int(r, 2),
            .version = row_int(r, 3),
            .why = row_str(r, 4),
            .at = row_instant(r, 5),
        };
    }
    return OK;
}
