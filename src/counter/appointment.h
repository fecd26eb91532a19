/*
 * Appointments at the counter: slots that the agency's calendar is open in, so many places in each, booked and
 * cancelled by citizens, kept or missed at the counter. Two people never have one place: the store has one row for it.
 * Every change is a command with its entry in the journal (subject "appointment"), from which the holder is told.
 */
#ifndef COUNTER_APPOINTMENT_H
#define COUNTER_APPOINTMENT_H

#include "calendar/calendars.h"
#include "counter/hall.h"
#include "html/component.h"
#include "store/idempotency.h"

enum { SLOTS_OF_A_DAY = 300, APPOINTMENTS_OPEN_MOST = 3, APPOINTMENTS_OF_A_DAY = 2000, APPOINTMENT_REASON_MOST = 500 };

struct appointment {
    int64_t id, version, agency, place, account, ticket;
    day_t day;
    instant_t at, booked_at, ended_at;
    struct str procedure_code, state, reason; /* state: booked, came, missed, cancelled */
    struct str name, phone;                   /* of the holder */
    struct str agency_name, agency_identifier;
};

/* ---- rules ---- */

/* The beginnings of the slots of a day that lie wholly in open hours and after `now`; how many. */
size_t appointment_slots(const struct calendar *c, const struct hall *h, day_t day, instant_t now,
                         instant_t out[SLOTS_OF_A_DAY]);
/* May it still be cancelled by its holder, kept, missed? */
bool appointment_is_open(const struct appointment *p);
struct tag appointment_tag(enum language l, const struct appointment *p);
struct str slot_for_people(struct arena *a, instant_t at); /* "08:30" */

/* ---- looking; in tx_arena ---- */

enum outcome appointment_load(struct tx *tx, int64_t id, struct appointment *out, struct fail *why) MUST_USE;
/* From a moment on, the nearest first. */
enum outcome appointments_of_account(struct tx *tx, int64_t account, instant_t since, size_t most,
                                     struct appointment **out, size_t *out_count, struct fail *why) MUST_USE;
enum outcome appointments_of_day(struct tx *tx, int64_t agency, day_t day, struct appointment **out, size_t *out_count,
                                 struct fail *why) MUST_USE;
/* The beginnings of what is taken from a day to another, one a place, in order. */
enum outcome appointments_taken(struct tx *tx, int64_t agency, day_t since, day_t until, instant_t **out,
                                size_t *out_count, struct fail *why) MUST_USE;

/* How many places are left at a moment, by the beginnings of what is taken. */
int64_t appointment_places_left(const struct hall *h, const instant_t *taken, size_t count, instant_t at);

/* What can be booked at an agency on a day now: nothing outside its days ahead. */
struct appointment_slot {
    instant_t at;
    int64_t places; /* left; 0: full */
};
enum outcome appointment_offers(struct tx *tx, struct calendars *c, int64_t agency, day_t day,
                                struct appointment_slot out[SLOTS_OF_A_DAY], size_t *out_count,
                                struct fail *why) MUST_USE;

/* ---- commands ---- */

/* out: int64_t, the id; of the same one booked already its own (the second click). ERR_CONFLICT when the slot is full,
 * or the account has another one that day or too many. The slot is one of appointment_slots: the caller looks. */
struct appointment_new {
    struct actor actor;
    struct idempotency key; /* empty: none */
    int64_t agency;
    instant_t at;
    struct str procedure_code; /* empty: anything */
};
store_command appointment_book;

enum appointment_change { APPOINTMENT_CAME, APPOINTMENT_MISSED, APPOINTMENT_CANCELLED };
/* No output. Who came gets a number of the queue at once. Its holder cancels, officers of its agency do all three;
 * ERR_MISSING for anybody else. */
struct appointment_end {
    struct actor actor;
    int64_t id, version; /* version that was seen; 0: whatever it is */
    enum appointment_change what;
    struct str reason; /* why the office cancels; its holder reads it */
};
store_command appointment_end;
/* Whose it is: ERR_MISSING for anybody else. */
enum outcome appointment_may_end(const struct appointment *p, const struct appointment_end *in,
                                 struct fail *why) MUST_USE;

/* Those of tomorrow and today of which nobody was reminded yet; the app calls it every minute. */
enum outcome appointments_remind(struct store *s, struct fail *why) MUST_USE;
/* Tells holders: a line in their notices. */
extern const struct follower appointment_follower;

#endif
