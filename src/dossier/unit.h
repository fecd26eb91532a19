/*
 * Units that are asked for an opinion on a dossier: agencies, or officers of the agency that holds it. The lead is
 * who holds the dossier; a unit may read it while it is asked, answer, and nothing else.
 *
 * The clock of a question (Decree 61/2018/NĐ-CP on interlinked handling, kept by Decree 118/2025/NĐ-CP: paper dossiers
 * go round one after another, electronic ones to everybody at once, each with a deadline):
 *   all at once     every unit has until the close of the working day that was named.
 *   one by one      that day is the first unit's. Each later one gets as much working time as the first had, counted
 *                   from the opening of its turn, which is when the earlier one answered or its deadline passed.
 *   a day of its own  a unit that was given one has until its close, whenever its turn opens.
 * A unit that is silent when its deadline passes is recorded as such and handling goes on without it. When the dossier
 * leaves the step at which it was asked, questions that are still open are dropped.
 *
 * What is found lives in tx_arena(tx).
 */
#ifndef DOSSIER_UNIT_H
#define DOSSIER_UNIT_H

#include "dossier/desk.h"
#include "dossier/dossier_act.h"

/* The journal's word for deadlines that passed: the system's act, of no person. */
#define UNIT_SILENCE "unit-silence"

/* Who answers for an agency. */
#define UNIT_ROLE "specialist"

enum unit_state { UNIT_WAITING, UNIT_OPEN, UNIT_ANSWERED, UNIT_SILENT, UNIT_DROPPED, UNIT_STATE_COUNT };
const char *unit_state_name(enum unit_state s);    /* "no-answer": in the interface */
const char *unit_state_message(enum unit_state s); /* for people */

struct unit {
    int64_t n, agency, account, turn, asked_version;
    struct str question;
    instant_t asked_at;
    int64_t asked_by, time_us;
    instant_t due_at, opened_at;
    int64_t queue, list_due; /* list_due INSTANT_NONE: in no list */
    instant_t answered_at;
    int64_t answered_by;
    struct str opinion;
    instant_t closed_at;
    int64_t closed_version;
    struct str closing;
    struct str agency_identifier, agency_name, login, name; /* login, name: of the officer who was asked, or empty */
};

/* ---- rules ---- */

enum unit_state unit_state(const struct unit *u, instant_t now);
/* Is this person who was asked, by name or by agency? */
bool unit_is(const struct unit *u, const struct standing *who);
/* The default of the field `manner`: by the dossier's channel. */
struct str unit_manner(const struct dossier *d);

/* ---- reading ---- */

/* All of a dossier, in order; named: with the names of agencies and officers. */
enum outcome units_of(struct tx *tx, int64_t dossier, bool named, struct unit **out, size_t *out_count,
                      struct fail *why) MUST_USE;
/* Into d->units, for dossier_can and dossier_may_see. */
enum outcome units_know(struct tx *tx, struct dossier *d, instant_t now, struct fail *why) MUST_USE;
/* The unit that stands at this place of the worklist; ERR_MISSING (without a sentence): the place is the dossier's. */
enum outcome unit_at(struct tx *tx, int64_t dossier, int64_t list_due, struct unit *out, struct fail *why) MUST_USE;

/* ---- changes, inside the dossier's command; d is the dossier after the move, saved by the caller ---- */

enum outcome units_ask(struct tx *tx, const struct act *in, struct dossier *d, struct fail *why) MUST_USE;
enum outcome units_answer(struct tx *tx, const struct act *in, struct dossier *d, struct fail *why) MUST_USE;
/* The dossier left the step: what is open or waiting is dropped. */
enum outcome units_drop(struct tx *tx, struct dossier *d, struct fail *why) MUST_USE;
/* What the act of that version asked is removed, what it dropped is open again. */
enum outcome units_undo(struct tx *tx, struct dossier *d, int64_t version, struct fail *why) MUST_USE;

/* Deadlines that have passed: marks the silent, opens the next turn, journals it. Until nothing is left; every minute.
 */
enum outcome units_expire(const struct desk *desk, struct fail *why) MUST_USE;

#endif
