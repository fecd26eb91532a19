#include "counter/visit.h"

#include "queries.h"

/* How long rows of the hall are kept: two years, for the comparison of years. */
#define HALL_KEPT_US (731 * US_PER_DAY)

enum outcome visit_of(const struct desk *desk, struct tx *tx, int64_t account, struct visit *out, struct fail *why)
{
    struct row row;
    struct str text;
    *out = (struct visit){0};
    enum outcome found =
        store_one(tx, Q_COUNTER_VISIT_OF, VALUES(v_int(account), v_instant(tx_now(tx) - VISIT_MINUTES * US_PER_MINUTE)),
                  &row, why);
    if (found == ERR_MISSING) return OK;
    TRY(found);
    out->is_over = row_bool(&row, 1);
    TRY(secret_unseal(desk->keys, tx_arena(tx), row_str(&row, 2), &text, why));
    out->is_there = true;
    return card_read(tx_arena(tx), text, &out->card, why);
}

struct visit_new {
    int64_t account;
    struct str sealed;
};

static enum outcome put(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct visit_new *in = input;
    (void)output; /* there is none */
    return store_do(tx, Q_COUNTER_VISIT_PUT, VALUES(v_int(in->account), v_instant(tx_now(tx)), v_blob(in->sealed)),
                    NULL, why);
}

enum outcome visit_begin(const struct desk *desk, struct arena *a, int64_t account, const struct card *card,
                         struct fail *why)
{
    struct visit_new in = {account, secret_seal(desk->keys, a, card_write(a, card))};
    return store_run(desk->store, put, &in, NULL, why);
}

struct visit_change {
    int64_t account;
    enum visit_end what;
};

static enum outcome change(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct visit_change *in = input;
    (void)output; /* there is none */
    if (in->what == VISIT_FORGET) return store_do(tx, Q_COUNTER_VISIT_DELETE, VALUES(v_int(in->account)), NULL, why);
    return store_do(tx, Q_COUNTER_VISIT_SET_OVER, VALUES(v_bool(in->what == VISIT_OVER), v_int(in->account)), NULL,
                    why);
}

enum outcome visit_end(const struct desk *desk, int64_t account, enum visit_end what, struct fail *why)
{
    struct visit_change in = {account, what};
    return store_run(desk->store, change, &in, NULL, why);
}

static enum outcome forget(struct tx *tx, const void *input, void *output, struct fail *why)
{
    instant_t now = tx_now(tx);
    (void)input; /* it is a matter of time alone */
    (void)output;
    TRY(store_do(tx, Q_COUNTER_VISIT_FORGET, VALUES(v_instant(now - VISIT_MINUTES * US_PER_MINUTE)), NULL, why));
    TRY(store_do(tx, Q_TICKET_FORGET, VALUES(v_int(id_least(now - HALL_KEPT_US))), NULL, why));
    return store_do(tx, Q_APPOINTMENT_FORGET, VALUES(v_instant(now - HALL_KEPT_US)), NULL, why);
}

enum outcome counter_housekeep(struct store *s, struct fail *why)
{
    return store_run(s, forget, NULL, NULL, why);
}
