/*
 * Decentralisation: a decree moves procedures from one agency (or class of agencies) to another from a day. The rows of
 * competence before it end the day before, others begin on the day, in one command with its journal entry. What was
 * filed until the day before stays with whom it was filed, or moves by a batch, as the decree says (in flight). The
 * move itself is remembered, so that who comes to the old agency is told the new one. A merger of agencies is the same
 * for everything at once: the old agency ends, its successor opens its queues and sees its dossiers.
 */
#ifndef AGENCY_COMPETENCE_MOVE_H
#define AGENCY_COMPETENCE_MOVE_H

#include "agency/competence.h"
#include "agency/post.h"
#include "base/language.h"

/* An agency or a class of agencies; one of the two. */
struct competence_party {
    struct str class;
    int64_t agency;
    struct str identifier, name; /* of the agency, when read; empty for a class */
};

/* "commune_committee" or an agency's identifier. ERR_MISSING with a sentence. */
enum outcome competence_party_find(struct tx *tx, struct str text, struct competence_party *out,
                                   struct fail *why) MUST_USE;
/* For people: the agency's name with its identifier, or the class. */
struct str competence_party_for_people(struct arena *a, enum language l, const struct competence_party *p);

/* What is no decree but a note of the program is said in the reader's language. */
struct str competence_decree_for_people(enum language l, struct str decree);

enum { MOVE_PROCEDURES_MOST = 1000, DECREE_MOST = 200 };

struct competence_move_new {
    struct actor actor;
    const struct str *procedures; /* codes */
    size_t procedure_count;
    struct competence_party from, to;
    day_t on;
    struct str decree;
    bool moves_in_flight;
};
/* A command; out is int64_t, the id of the move. ERR_INVALID with problems ("/procedures/0") when a procedure is not
 * entrusted to `from` the day before. Procedures are not looked up here: whoever calls knows that they exist. */
store_command competence_move;

struct competence_move_row {
    int64_t id, batch; /* batch 0: none */
    struct str decree;
    day_t on;
    struct competence_party from, to;
    bool moves_in_flight;
    instant_t at;
    struct str *procedures; /* filled by competence_move_load only */
    size_t procedure_count;
};
enum outcome competence_move_load(struct tx *tx, int64_t id, struct competence_move_row *out,
                                  struct fail *why) MUST_USE;
/* Newest first, with an id below `before`. */
enum outcome competence_moves(struct tx *tx, int64_t before, size_t most, struct competence_move_row **out,
                              size_t *out_count, struct fail *why) MUST_USE;
/* Of one procedure, with a first day in the span; the latest day first. */
enum outcome competence_moves_of(struct tx *tx, struct str procedure, day_t first, day_t last,
                                 struct competence_move_row **out, size_t *out_count, struct fail *why) MUST_USE;
/* Those whose open dossiers are to be moved by now and whose batch has not begun. */
enum outcome competence_moves_due(struct tx *tx, int64_t **out, size_t *out_count, struct fail *why) MUST_USE;

struct competence_move_batch {
    int64_t move, batch;
};
/* A command, to be called inside the one that starts the batch: only the first takes. ERR_CONFLICT for the others. */
store_command competence_move_set_batch;

/* Who performs the procedure on the day in an agency's place. */
struct instead {
    struct agency agency; /* id 0: several agencies of `class`, one of which is the applicant's */
    struct str class;     /* empty when the agency is known by itself */
    day_t since;
    struct str decree; /* empty: the agency itself ended, and this is its successor */
};
/* ERR_MISSING (without a sentence) when nothing is known to have moved. */
enum outcome competence_instead(struct tx *tx, struct str procedure, const struct agency *old, day_t day,
                                struct instead *out, struct fail *why) MUST_USE;

/* ---- rows for people ---- */

struct competence_line {
    int64_t id;
    struct competence row;
    struct str agency_identifier, agency_name;
};
/* Every row, or those of a procedure; newest first, with an id below `before`. */
enum outcome competence_lines(struct tx *tx, struct str procedure, int64_t before, size_t most,
                              struct competence_line **out, size_t *out_count, struct fail *why) MUST_USE;

/* ---- mergers ---- */

struct agency_merge {
    struct actor actor;
    const int64_t *old;
    size_t old_count;
    int64_t successor;
    day_t on; /* first day of the successor alone */
    struct str decree;
};
/* A command; no output. Each old agency ends the day before and is followed by the successor: queues, dossiers and
 * whoever still comes to it. Posts are not moved: a person decides each. */
store_command agency_merge;

/* Who goes on with an agency's work on the day: itself, or its successor, or that one's. */
enum outcome agency_current(struct tx *tx, int64_t agency, day_t day, int64_t *out, struct fail *why) MUST_USE;
/* What it asks today, and the row of who is found nearly always: the agency itself (store_ahead). */
void agency_current_ahead(struct tx *tx, struct value agency);

enum { AGENCY_LINE_MOST = 64 };
/* An agency, and after it those whose work it goes on with on the day; the first 64. */
enum outcome agency_line(struct tx *tx, int64_t agency, day_t day, int64_t ids[AGENCY_LINE_MOST], size_t *out_count,
                         struct fail *why) MUST_USE;
void agency_line_ahead(struct tx *tx, int64_t agency, day_t day); /* store_ahead */

#endif
