#include "notice/message.h"

#include <inttypes.h>

#include "queries.h"

static const struct {
    const char *code, *sentence;
} reasons[] = {
#define X(name, code, sentence) {code, sentence},
    MESSAGE_REASONS(X)
#undef X
};

static const struct {
    const char *name, *title;
} states[MESSAGE_STATE_COUNT] = {
    [MESSAGE_WAITING] = {"waiting",  N_("Waiting")  },
    [MESSAGE_SENT] = {"sent",     N_("Delivered")},
    [MESSAGE_GIVEN_UP] = {"given-up", N_("Given up") },
    [MESSAGE_DROPPED] = {"dropped",  N_("Dropped")  },
};

const char *message_reason_code(enum message_reason r)
{
    return reasons[r].code;
}

const char *message_reason_sentence(enum message_reason r)
{
    return reasons[r].sentence;
}

const char *message_state_name(enum message_state s)
{
    return states[s].name;
}

const char *message_state_title(enum message_state s)
{
    return states[s].title;
}

struct str message_public_id(struct arena *a, struct str origin, int64_t id)
{
    return str_format(a, "%.*s-%" PRId64, STR_ARG(origin), id);
}

/* ---- rows ---- */

static struct message of_row(const struct row *r)
{
    struct message m = {
        .id = row_int(r, 0),
        .lane = row_int(r, 1),
        .account = row_int(r, 2),
        .party = row_int(r, 3),
        .event = row_str(r, 4),
        .dossier = row_int(r, 5),
        .position = row_int(r, 6),
        .attempts = row_int(r, 8),
        .made_at = row_instant(r, 9),
        .begun_at = row_instant(r, 10),
        .next_at = row_instant(r, 11),
        .ended_at = row_instant(r, 12),
        .status = row_int(r, 13),
        .said = row_str(r, 15),
    };
    for (size_t i = 0; i < MESSAGE_STATE_COUNT; i++)
        if (str_eq(row_str(r, 7), str_from(states[i].name))) m.state = (enum message_state)i;
    for (size_t i = 0; i < MESSAGE_REASON_COUNT; i++)
        if (str_eq(row_str(r, 14), str_from(reasons[i].code))) m.reason = (enum message_reason)i;
    return m;
}

static void take_rows(struct tx *tx, const struct rows *rows, struct message **out, size_t *out_count)
{
    *out = ARENA_ARRAY(tx_arena(tx), struct message, rows->count + 1);
    *out_count = rows->count;
    for (size_t i = 0; i < rows->count; i++) (*out)[i] = of_row(&rows->at[i]);
}

static enum outcome wake(struct tx *tx, void *data, struct fail *why)
{
    (void)tx; /* only that a batch defers something wakes those who wait for commits, the sender among them */
    (void)data;
    (void)why;
    return OK;
}

enum outcome message_add(struct tx *tx, const struct message_new *m, struct fail *why)
{
    tx_defer(tx, wake, NULL);
    instant_t next_at = m->next_at == INSTANT_NONE ? MESSAGE_AT_ONCE : m->next_at;
    return store_do(tx, Q_MESSAGE_INSERT,
                    VALUES(v_int(tx_new_id(tx)), v_int(m->lane), v_int(m->account), v_int(m->party), v_str(m->event),
                           v_int(m->dossier), v_int(m->position), v_instant(tx_now(tx)), v_instant(next_at)),
                    NULL, why);
}

enum outcome messages_next(struct tx *tx, int64_t lane, size_t most, struct message **out, size_t *out_count,
                           struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_MESSAGE_DUE, VALUES(v_int(lane), v_int((int64_t)most)), &rows, why));
    take_rows(tx, &rows, out, out_count);
    return OK;
}

enum outcome messages_of_lane(struct tx *tx, int64_t lane, int64_t before, size_t most, struct message **out,
                              size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_MESSAGE_LIST, VALUES(v_int(lane), v_int(before), v_int((int64_t)most)), &rows, why));
    take_rows(tx, &rows, out, out_count);
    return OK;
}

static enum outcome close_lane(struct tx *tx, int64_t lane, struct fail *why)
{
    struct value now = v_instant(tx_now(tx));
    TRY(store_do(tx, Q_ENDPOINT_DISABLE, VALUES(now, v_str(STR("gone")), v_int(lane)), NULL, why));
    return store_do(tx, Q_MESSAGE_DROP_LANE, VALUES(now, v_str(str_from(reasons[REASON_GONE].code)), v_int(lane)), NULL,
                    why);
}

enum outcome messages_mark(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct message_marks *in = input;
    (void)output; /* there is none */
    for (size_t i = 0; i < in->count; i++) {
        const struct message_mark *m = &in->at[i];
        bool waits = m->state == MESSAGE_WAITING;
        TRY(store_do(tx, Q_MESSAGE_MARK,
                     VALUES(v_str(str_from(states[m->state].name)), v_instant(waits ? m->next_at : INSTANT_NONE),
                            v_instant(waits ? INSTANT_NONE : tx_now(tx)), v_int(m->status),
                            v_str(str_from(reasons[m->reason].code)), v_str(m->said), v_int(m->id)),
                     NULL, why));
        if (m->ends_endpoint) TRY(close_lane(tx, m->lane, why));
    }
    return OK;
}

enum outcome message_health(struct tx *tx, struct message_health *out, struct fail *why)
{
    struct row row;
    TRY(store_one(tx, Q_MESSAGE_WAITING_COUNT, NO_VALUES, &row, why));
    *out = (struct message_health){.waiting = row_int(&row, 0), .oldest_at = row_instant(&row, 1)};
    TRY(store_one(tx, Q_MESSAGE_GIVEN_UP_COUNT, VALUES(v_instant(tx_now(tx) - US_PER_DAY)), &row, why));
    out->given_up = row_int(&row, 0);
    enum outcome found = store_one(tx, Q_MESSAGE_GIVEN_UP_LAST, NO_VALUES, &row, why);
    if (found == ERR_MISSING) return OK;
    TRY(found);
    out->last_given_up = of_row(&row);
    return OK;
}

static enum outcome forget_some(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const instant_t *before = input;
    return store_do(tx, Q_MESSAGE_FORGET, VALUES(v_instant(*before)), output, why);
}

enum outcome messages_forget(struct store *s, instant_t before, struct fail *why)
{
    int64_t dropped;
    do {
        TRY(store_run(s, forget_some, &before, &dropped, why));
    } while (dropped > 0 && !store_is_ending(s));
    return OK;
}
