/*
 * Posts and queues. A post says that an account acts in a role for an agency, between two days, for all procedures or
 * one group of them. Work waits in queues: one for each agency, role and group that ever had work. So what a person
 * sees follows from their posts, and a merger of agencies re-points queues, not dossiers.
 */
#ifndef AGENCY_POST_H
#define AGENCY_POST_H

#include "agency/agency.h"

enum { QUEUES_OF_A_PERSON = 256, POSTS_OF_A_PERSON = 64 };

struct post {
    int64_t id, account, agency;
    struct str role;
    struct str procedure_group; /* empty: all */
    day_t valid_from, valid_to;
    struct str agency_identifier, agency_name;
    struct str name, login; /* of the account, from posts_of_agency */
    bool is_disabled;       /* the account is closed; from there, too */
};

/* Those in force on the day, oldest first; at most POSTS_OF_A_PERSON. */
enum outcome posts_of_account(struct tx *tx, int64_t account, day_t day, struct post **out, size_t *out_count,
                              struct fail *why) MUST_USE;
/* Who holds a role at an agency on the day; an empty role means any. */
enum outcome posts_of_agency(struct tx *tx, int64_t agency, struct str role, day_t day, struct post **out,
                             size_t *out_count, struct fail *why) MUST_USE;
/* Has one of the first n posts the account of the n-th? Who has several posts is named once in a list of people. */
bool post_is_again(const struct post *posts, size_t n);

struct post_new {
    struct actor actor;
    int64_t account, agency;
    struct str role, procedure_group;
    day_t valid_from, valid_to;
};
store_command post_add; /* out: int64_t, the id */

struct post_end {
    struct actor actor;
    int64_t post;
    day_t last_day;
};
store_command post_end; /* no output */

/* The queue's id, made when it is not there yet. Only inside a command. */
enum outcome queue_for(struct tx *tx, int64_t agency, struct str role, struct str procedure_group, int64_t *out_id,
                       struct fail *why) MUST_USE;
void queue_ahead(struct tx *tx, int64_t agency, struct str role, struct str procedure_group); /* store_ahead */
/* The queues that the post in use opens today: those of its agency and role, and of the agencies whose work that one
 * goes on with. Ordered by id; the first 256 when there are more. */
enum outcome queues_of_post(struct tx *tx, int64_t account, int64_t agency, struct str role,
                            int64_t ids[QUEUES_OF_A_PERSON], size_t *out_count, struct fail *why) MUST_USE;
void queues_of_post_ahead(struct tx *tx, int64_t account, int64_t agency, struct str role); /* store_ahead */

struct queue {
    int64_t id, agency;
    struct str role, procedure_group;
};
enum outcome queue_load(struct tx *tx, int64_t id, struct queue *out, struct fail *why) MUST_USE;

#endif
