/*
 * Absence and the handing over of a desk. Somebody is away from one day to another, and a colleague of the same work
 * covers: what is assigned to the absent one meanwhile is assigned on to the substitute, and what they hold goes there
 * when the absence begins, when that is wished. Both are batches of ordinary acts in the name of who said so. It ends
 * by itself after its last day; a desk that is left for good is an absence without one. What was given stays given.
 *
 * The colleague may be asked first: then nothing goes to them before they have said yes, and when they say no it is as
 * if nothing had been said.
 */
#ifndef BATCH_ABSENCE_H
#define BATCH_ABSENCE_H

#include "batch/batch.h"

enum { ABSENCES_MOST = 200 }; /* of an agency, shown at once */

enum absence_answer { ABSENCE_ASKED, ABSENCE_COVERED, ABSENCE_DECLINED };

struct absence {
    int64_t id, account, substitute, agency;
    day_t from, to; /* to: DAY_OPEN without a last day */
    bool hands_over;
    struct str note;
    struct actor by;
    instant_t at, ended_at;
    int64_t desk_batch, cover_batch; /* 0: none */
    enum absence_answer answer;
};

enum absence_phase { ABSENCE_COMING, ABSENCE_ON, ABSENCE_OVER };
enum absence_phase absence_phase(const struct absence *a, day_t today);
const char *absence_phase_name(enum absence_phase p);  /* "on": in the API */
const char *absence_phase_title(enum absence_phase p); /* message */

const char *absence_answer_name(enum absence_answer a);  /* "asked": in the API */
const char *absence_answer_title(enum absence_answer a); /* message */

/* Another one after each change that somebody makes: what If-Match names. */
int64_t absence_version(const struct absence *a);

/* The person themselves, or a leader of the agency. */
bool absence_may_be_said(const struct actor *by, int64_t account);

struct absence_new {
    struct actor actor;
    int64_t account, substitute;
    day_t from, to;
    bool hands_over, asks_first;
    struct str note;
};
/* The answer of a substitute who was asked; ERR_CONFLICT when there is nothing to answer any more. */
struct absence_reply {
    struct actor actor;
    int64_t absence, version; /* that was seen; 0: whatever it is */
    bool covers;
};
store_command absence_reply; /* no output */
/* All commands are journaled at the absent one's account. Problems at "/account", "/substitute", "/from", "/to". */
store_command absence_set; /* out: int64_t, the id */
struct absence_end {
    struct actor actor;
    int64_t absence, version; /* that was seen; 0: whatever it is */
};
store_command absence_end; /* no output; ERR_STALE for another version; ERR_CONFLICT when it is over already */

/* Those of an agency that are not over, the latest first. */
enum outcome absences_of_agency(struct tx *tx, int64_t agency, struct absence **out, size_t *out_count,
                                struct fail *why) MUST_USE;
/* ERR_MISSING with a sentence, also when it is another agency's. */
enum outcome absence_find(struct tx *tx, int64_t id, int64_t agency, struct absence *out, struct fail *why) MUST_USE;

/* Gives away what is held at desks whose absence begins today; the app calls it each minute. */
enum outcome absences_begin(struct store *s, struct fail *why) MUST_USE;
/* Gives on what is assigned to somebody absent. */
extern const struct follower absence_follower;

#endif
