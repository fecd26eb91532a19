#include "counter/ticket.h"

#include <stdlib.h>

#include "queries.h"
#include "store/series.h"

enum { CALLED_MOST = DESKS_MOST };

/* ---- rows ---- */

static struct ticket ticket_of_row(const struct row *r)
{
    return (struct ticket){
        .id = row_int(r, 0),
        .agency = row_int(r, 1),
        .day = (day_t)row_int(r, 2),
        .line = row_str(r, 3),
        .n = row_int(r, 4),
        .priority = row_str(r, 5),
        .source = row_str(r, 6),
        .class = (enum ticket_class)row_int(r, 7),
        .state = row_str(r, 8),
        .desk = row_int(r, 9),
        .account = row_int(r, 10),
        .taken_at = row_instant(r, 11),
        .first_called_at = row_instant(r, 12),
        .called_at = row_instant(r, 13),
        .calls = row_int(r, 14),
        .ended_at = row_instant(r, 15),
    };
}

static struct ticket *tickets_of_rows(struct tx *tx, const struct rows *rows)
{
    struct ticket *all = ARENA_ARRAY(tx_arena(tx), struct ticket, rows->count + 1);
    for (size_t i = 0; i < rows->count; i++) all[i] = ticket_of_row(&rows->at[i]);
    return all;
}

static day_t today(struct tx *tx)
{
    return day_of(tx_now(tx));
}

struct str ticket_number(struct arena *a, const struct ticket *t)
{
    return str_format(a, "%.*s%03lld", STR_ARG(t->line), (long long)t->n);
}

static enum outcome no_ticket(struct fail *why)
{
    return fail(why, ERR_MISSING, N_("There is no such number in today's queue."));
}

enum outcome ticket_load(struct tx *tx, int64_t id, struct ticket *out, struct fail *why)
{
    struct row row;
    enum outcome found = store_one(tx, Q_TICKET_BY_ID, VALUES(v_int(id)), &row, why);
    if (found == ERR_MISSING) return no_ticket(why);
    TRY(found);
    *out = ticket_of_row(&row);
    return OK;
}

enum outcome ticket_find(struct tx *tx, int64_t agency, day_t day, struct str line, int64_t n, struct ticket *out,
                         struct fail *why)
{
    struct row row;
    enum outcome found =
        store_one(tx, Q_TICKET_BY_NUMBER, VALUES(v_int(agency), v_int(day), v_str(line), v_int(n)), &row, why);
    if (found == ERR_MISSING) return no_ticket(why);
    TRY(found);
    *out = ticket_of_row(&row);
    return OK;
}

enum outcome tickets_in_turn(struct tx *tx, int64_t agency, const char *state, size_t most, struct ticket **out,
                             size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_TICKETS_IN_TURN,
                  VALUES(v_int(agency), v_int(today(tx)), v_str(str_from(state)), v_int((int64_t)most)), &rows, why));
    *out = tickets_of_rows(tx, &rows);
    *out_count = rows.count;
    return OK;
}

enum outcome ticket_of_desk(struct tx *tx, int64_t agency, int64_t desk, struct ticket *out, bool *out_is_there,
                            struct fail *why)
{
    struct ticket *called;
    size_t count;
    *out_is_there = false;
    TRY(tickets_in_turn(tx, agency, "called", CALLED_MOST, &called, &count, why));
    for (size_t i = 0; i < count; i++) {
        if (called[i].desk != desk) continue;
        *out = called[i];
        *out_is_there = true;
    }
    return OK;
}

static enum outcome count_of(struct tx *tx, unsigned query, const struct value *values, size_t count, int64_t *out,
                             struct fail *why)
{
    struct row row;
    TRY(store_one(tx, query, values, count, &row, why));
    *out = row_int(&row, 0);
    return OK;
}

enum outcome ticket_ahead(struct tx *tx, const struct ticket *t, int64_t *out, struct fail *why)
{
    *out = 0;
    if (!str_eq(t->state, STR("waiting"))) return OK;
    return count_of(tx, Q_TICKET_AHEAD_COUNT,
                    VALUES(v_int(t->agency), v_int(t->day), v_int(t->class), v_instant(t->taken_at), v_int(t->id)), out,
                    why);
}

enum outcome tickets_waiting(struct tx *tx, int64_t agency, int64_t *out, struct fail *why)
{
    return count_of(tx, Q_TICKET_WAITING_COUNT, VALUES(v_int(agency), v_int(today(tx))), out, why);
}

/* ---- taking ---- */

static enum outcome next_n(struct tx *tx, int64_t agency, struct str line, int64_t *out, struct fail *why)
{
    struct arena *a = tx_arena(tx);
    struct str scope = str_format(a, "%lld %.*s", (long long)agency, STR_ARG(line));
    return series_next(tx, STR("ticket"), scope, day_format(a, today(tx)), out, why);
}

enum outcome ticket_take(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct ticket_take *in = input;
    struct ticket t = {.agency = in->agency,
                       .day = today(tx),
                       .line = in->line,
                       .priority = in->priority,
                       .source = in->source,
                       .state = STR("waiting"),
                       .class = CLASS_IN_TURN,
                       .taken_at = tx_now(tx),
                       .first_called_at = INSTANT_NONE,
                       .called_at = INSTANT_NONE,
                       .ended_at = INSTANT_NONE};
    struct hall hall;
    TRY(hall_of(tx, in->agency, &hall, why));
    if (hall_line(&hall, in->line) == NULL) return fail(why, ERR_INVALID, N_("Choose what you came for."));
    if (in->priority.len > 0 && priority_find(&hall, in->priority) == NULL)
        return fail(why, ERR_INVALID, N_("“{0}” is not one of the choices."), in->priority);
    if (str_eq(in->source, STR("appointment"))) t.class = CLASS_BOOKED;
    if (in->priority.len > 0) t.class = CLASS_FAVOURED;
    TRY(next_n(tx, in->agency, in->line, &t.n, why));
    t.id = tx_new_id(tx);
    TRY(store_do(tx, Q_TICKET_INSERT,
                 VALUES(v_int(t.id), v_int(t.agency), v_int(t.day), v_str(t.line), v_int(t.n), v_str(t.priority),
                        v_str(t.source), v_int(t.class), v_instant(t.taken_at)),
                 NULL, why));
    *(struct ticket *)output = t;
    return OK;
}

/* ---- calling ---- */

/* Nothing happens when another desk was quicker: was is the state that it had. */
static enum outcome save(struct tx *tx, const struct ticket *t, struct str was, struct fail *why)
{
    int64_t changed = 0;
    TRY(store_do(tx, Q_TICKET_SET,
                 VALUES(v_str(t->line), v_int(t->n), v_int(t->class), v_str(t->state), v_int(t->desk),
                        v_int(t->account), v_instant(t->first_called_at), v_instant(t->called_at), v_int(t->calls),
                        v_instant(t->ended_at), v_int(t->id), v_str(was)),
                 &changed, why));
    if (changed == 1) return OK;
    return fail(why, ERR_CONFLICT, N_("Another desk has called this number meanwhile."));
}

static enum outcome call(struct tx *tx, const struct desk_call *in, struct ticket *t, struct fail *why)
{
    struct str was = t->state;
    t->state = STR("called");
    t->desk = in->desk;
    t->account = in->account;
    t->called_at = tx_now(tx);
    t->ended_at = INSTANT_NONE;
    if (t->first_called_at == INSTANT_NONE) t->first_called_at = t->called_at;
    t->calls++;
    return save(tx, t, was, why);
}

static enum outcome end(struct tx *tx, struct ticket *t, const char *state, struct fail *why)
{
    struct str was = t->state;
    t->state = str_from(state);
    t->ended_at = tx_now(tx);
    return save(tx, t, was, why);
}

/* It waits again among those of its class, by the time it came; the number is a new one of the other line. */
static enum outcome transfer(struct tx *tx, const struct desk_call *in, struct ticket *t, struct fail *why)
{
    struct hall hall;
    struct str was = t->state;
    TRY(hall_of(tx, in->agency, &hall, why));
    if (hall_line(&hall, in->to) == NULL) return fail(why, ERR_INVALID, N_("There is no such line in the queue."));
    TRY(next_n(tx, in->agency, in->to, &t->n, why));
    t->line = in->to;
    t->state = STR("waiting");
    t->desk = 0;
    return save(tx, t, was, why);
}

static enum outcome find_next(struct tx *tx, const struct desk_call *in, struct ticket *out, bool *out_is_there,
                              struct fail *why)
{
    struct row row;
    struct ticket *first;
    size_t count;
    *out_is_there = false;
    if (in->line.len == 0) {
        TRY(tickets_in_turn(tx, in->agency, "waiting", 1, &first, &count, why));
        *out_is_there = count > 0;
        if (count > 0) *out = first[0];
        return OK;
    }
    enum outcome found =
        store_one(tx, Q_TICKET_NEXT_OF_LINE, VALUES(v_int(in->agency), v_int(today(tx)), v_str(in->line)), &row, why);
    if (found == ERR_MISSING) return OK;
    TRY(found);
    *out = ticket_of_row(&row);
    *out_is_there = true;
    return OK;
}

static enum outcome call_this(struct tx *tx, const struct desk_call *in, struct ticket *out, struct fail *why)
{
    TRY(ticket_load(tx, in->ticket, out, why));
    if (out->agency != in->agency || out->day != today(tx)) return no_ticket(why);
    if (str_eq(out->state, STR("called")) && out->desk != in->desk)
        return fail(why, ERR_CONFLICT, N_("Another desk has called this number meanwhile."));
    return OK;
}

enum outcome desk_call(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct desk_call *in = input;
    struct ticket now, next;
    bool is_there, *is_done = output;
    *is_done = false;
    TRY(ticket_of_desk(tx, in->agency, in->desk, &now, &is_there, why));
    *is_done = is_there;
    switch (in->act) {
    case DESK_AGAIN: return is_there ? call(tx, in, &now, why) : OK;
    case DESK_MISSED: return is_there ? end(tx, &now, "missed", why) : OK;
    case DESK_DONE: return is_there ? end(tx, &now, "served", why) : OK;
    case DESK_TRANSFER: return is_there ? transfer(tx, in, &now, why) : OK;
    case DESK_CALL:
        TRY(call_this(tx, in, &next, why));
        if (is_there && now.id != next.id) TRY(end(tx, &now, "served", why));
        *is_done = true;
        return call(tx, in, &next, why);
    case DESK_NEXT: break;
    }
    if (is_there) TRY(end(tx, &now, "served", why));
    TRY(find_next(tx, in, &next, is_done, why));
    return *is_done ? call(tx, in, &next, why) : OK;
}

/* ---- how long people waited ---- */

enum outcome waiting_days(struct tx *tx, int64_t agency, day_t since, day_t until, struct waiting_day **out,
                          size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_TICKET_DAYS, VALUES(v_int(agency), v_int(since), v_int(until)), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct waiting_day, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *r = &rows.at[i];
        (*out)[i] = (struct waiting_day){(day_t)row_int(r, 0), row_int(r, 1), row_int(r, 2),
                                         row_int(r, 3),        row_int(r, 4), row_int(r, 5)};
    }
    return OK;
}

enum outcome tickets_of_day(struct tx *tx, int64_t agency, day_t day, struct ticket **out, size_t *out_count,
                            struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_TICKETS_OF_DAY, VALUES(v_int(agency), v_int(day), v_int(TICKETS_OF_A_DAY)), &rows, why));
    *out = tickets_of_rows(tx, &rows);
    *out_count = rows.count;
    return OK;
}

static int by_length(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
    return (one > other) - (one < other);
}

int64_t waiting_share(int64_t *waits, size_t count, int percent)
{
    if (count == 0) return 0;
    qsort(waits, count, sizeof *waits, by_length);
    size_t at = (count * (size_t)percent + 99) / 100; /* the nearest rank */
    return waits[at > 0 ? at - 1 : 0];
}

/* ---- seats ---- */

enum outcome seat_of(struct tx *tx, int64_t account, int64_t agency, struct seat *out, struct fail *why)
{
    struct row row;
    *out = (struct seat){0};
    enum outcome found = store_one(tx, Q_COUNTER_SEAT_OF, VALUES(v_int(account)), &row, why);
    if (found == ERR_MISSING) return OK;
    TRY(found);
    if (row_int(&row, 0) == agency) *out = (struct seat){row_int(&row, 1), row_str(&row, 2)};
    return OK;
}

enum outcome seat_take(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct seat_take *in = input;
    struct hall hall;
    (void)output; /* there is none */
    TRY(hall_of(tx, in->agency, &hall, why));
    if (in->desk < 1 || in->desk > hall.desks || (in->line.len > 0 && hall_line(&hall, in->line) == NULL))
        return fail(why, ERR_INVALID, N_("There is no such desk in this hall."));
    return store_do(tx, Q_COUNTER_SEAT_PUT,
                    VALUES(v_int(in->account), v_int(in->agency), v_int(in->desk), v_str(in->line)), NULL, why);
}
