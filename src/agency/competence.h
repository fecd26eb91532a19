/*
 * Who performs a procedure and who decides it, from which day, by which decree. A row entrusts one procedure to one
 * agency or to every agency of a class. When the law moves a procedure, a row ends and another begins; no code changes.
 */
#ifndef AGENCY_COMPETENCE_H
#define AGENCY_COMPETENCE_H

#include "agency/agency.h"

enum competence_role { PERFORMING, COMPETENT }; /* takes and handles dossiers; decides */

struct competence {
    struct str procedure_code;
    enum competence_role role;
    struct str class; /* one of class and agency */
    int64_t agency;
    day_t valid_from, valid_to;
    struct str decree;
};

/* The words that stand as the decree of what only the procedure's sheet says, until somebody records a real one. */
#define COMPETENCE_FROM_SHEET N_("provisional: from the sheet's level")

/* By which row the agency has the role for the procedure on that day; ERR_MISSING with a sentence when by none. */
enum outcome competence_find(struct tx *tx, struct str procedure_code, int64_t agency, enum competence_role role,
                             day_t day, struct competence *out, struct fail *why) MUST_USE;
/* As of today (store_ahead). */
void competence_ahead(struct tx *tx, struct str procedure_code, struct value agency, enum competence_role role);
/* Every row of a procedure, past ones too. */
enum outcome competence_of_procedure(struct tx *tx, struct str procedure_code, struct competence **out,
                                     size_t *out_count, struct fail *why) MUST_USE;
/* Codes of the procedures that an agency performs on that day, in order. (The agencies of a procedure: agency_list.) */
enum outcome competence_procedures(struct tx *tx, int64_t agency, day_t day, struct str **out, size_t *out_count,
                                   struct fail *why) MUST_USE;

/* How many agencies perform a procedure on a day, by themselves or by their class. `classes` are the rows of the query
 * agency_count_of_classes of that day: the caller asks once for any number of procedures, and may keep them a moment.
 */
enum outcome competence_count(struct tx *tx, const struct rows *classes, day_t day, struct str procedure_code,
                              int64_t *out, struct fail *why) MUST_USE;

/* Adds the rows that are not there yet, word for word. A command; out is int64_t: how many were added (NULL is fine).
 */
struct competence_add {
    struct actor actor;
    const struct competence *rows;
    size_t count;
};
store_command competence_add;

/* Entrusts procedures by the levels that their sheets name, until the decrees are read: central to the ministry
 * `identifier`, provincial to the People's Committees and military commands of provinces, communal to those of
 * communes. A procedure that has a row already is left alone. */
struct competence_levels {
    struct str procedure_code;
    bool is_central, is_provincial, is_communal;
};
enum outcome competence_from_levels(struct store *s, struct actor actor, struct str ministry,
                                    const struct competence_levels *procedures, size_t count, int64_t *out_added,
                                    struct fail *why) MUST_USE;

#endif
