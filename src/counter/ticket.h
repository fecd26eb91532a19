/*
 * Numbers of the queue: taken at a kiosk, from a phone, from an officer, or for an appointment; called by desks in the
 * order of the law's favour, of appointments, of coming. A number says nothing of who holds it and lasts a day. Who
 * stands where in the queue is decided here; where people are seated and what they want is not.
 */
#ifndef COUNTER_TICKET_H
#define COUNTER_TICKET_H

#include "counter/hall.h"
#include "store/store.h"

enum ticket_class { CLASS_FAVOURED, CLASS_BOOKED, CLASS_IN_TURN };
enum { TICKETS_OF_A_DAY = 5000 };

struct ticket {
    int64_t id, agency, n;
    day_t day;
    struct str line, priority, source, state; /* state: waiting, called, served, missed */
    enum ticket_class class;
    int64_t desk, account, calls;
    instant_t taken_at, first_called_at, called_at, ended_at; /* INSTANT_NONE: not yet */
};

struct str ticket_number(struct arena *a, const struct ticket *t); /* "A012" */

/* A command: a number for today. out: struct ticket, its texts static or of `in`. */
struct ticket_take {
    int64_t agency;
    struct str line;     /* one of the hall's */
    struct str priority; /* one that the hall knows; empty: none */
    struct str source;   /* kiosk, phone, desk, appointment */
};
store_command ticket_take;

/* What a desk does. Calling the next one ends the one before. */
enum desk_act { DESK_NEXT, DESK_AGAIN, DESK_MISSED, DESK_DONE, DESK_TRANSFER, DESK_CALL };
struct desk_call {
    int64_t agency, account, desk;
    struct str line; /* whom DESK_NEXT calls: a letter; empty: any */
    enum desk_act act;
    int64_t ticket; /* DESK_CALL: this one, whatever its turn (who was missed and came back) */
    struct str to;  /* DESK_TRANSFER: the letter of another line; it keeps its place by the time it came */
};
/* A command. out: bool, whether there was one to do it with; false when nobody waits. */
store_command desk_call;

/* ---- looking; in tx_arena ---- */

/* ERR_MISSING with a sentence. */
enum outcome ticket_load(struct tx *tx, int64_t id, struct ticket *out, struct fail *why) MUST_USE;
enum outcome ticket_find(struct tx *tx, int64_t agency, day_t day, struct str line, int64_t n, struct ticket *out,
                         struct fail *why) MUST_USE;
/* Of one state, today, in the order of calling. */
enum outcome tickets_in_turn(struct tx *tx, int64_t agency, const char *state, size_t most, struct ticket **out,
                             size_t *out_count, struct fail *why) MUST_USE;
/* Whom a desk has called; is_there false: nobody. */
enum outcome ticket_of_desk(struct tx *tx, int64_t agency, int64_t desk, struct ticket *out, bool *out_is_there,
                            struct fail *why) MUST_USE;
enum outcome ticket_ahead(struct tx *tx, const struct ticket *t, int64_t *out, struct fail *why) MUST_USE;
enum outcome tickets_waiting(struct tx *tx, int64_t agency, int64_t *out, struct fail *why) MUST_USE;

/* ---- how long people waited ---- */

struct waiting_day {
    day_t day;
    int64_t taken, called, missed;
    int64_t mean_us, longest_us;
};
/* Newest first. */
enum outcome waiting_days(struct tx *tx, int64_t agency, day_t since, day_t until, struct waiting_day **out,
                          size_t *out_count, struct fail *why) MUST_USE;
/* Every number of a day. */
enum outcome tickets_of_day(struct tx *tx, int64_t agency, day_t day, struct ticket **out, size_t *out_count,
                            struct fail *why) MUST_USE;
/* The one in the middle, and the one that nine of ten stayed below; 0 when nobody was called. Sorts. */
int64_t waiting_share(int64_t *waits, size_t count, int percent);

/* ---- seats ---- */

struct seat {
    int64_t desk; /* 0: has not sat down */
    struct str line;
};
enum outcome seat_of(struct tx *tx, int64_t account, int64_t agency, struct seat *out, struct fail *why) MUST_USE;
struct seat_take {
    int64_t account, agency, desk;
    struct str line;
};
store_command seat_take; /* ERR_INVALID when there is no such desk or line */

#endif
