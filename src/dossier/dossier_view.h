/*
 * A dossier as somebody sees it: the rows around it, the record of its procedure, where it stands in its steps, and
 * what this person may do now. The API writes it as JSON, pages draw it; both from here, so they never disagree.
 */
#ifndef DOSSIER_DOSSIER_VIEW_H
#define DOSSIER_DOSSIER_VIEW_H

#include "agency/agency.h"
#include "dossier/confirmation.h"
#include "dossier/delivery.h"
#include "dossier/desk.h"
#include "dossier/dossier_store.h"
#include "dossier/view_aside.h"
#include "http/http.h"
#include "journal/journal.h"

/* How much of it somebody sees. */
enum sight {
    SIGHT_WHOLE,  /* the applicant or an officer of its agency, each in their way */
    SIGHT_ASKED,  /* an officer of a unit that is asked: what the applicant sent, and the question */
    SIGHT_ANSWER, /* the same officer afterwards: what was asked and answered, nothing of the matter */
};

struct dossier_view {
    struct dossier dossier;
    enum sight sight;
    struct agency agency;
    const struct procedure *procedure;
    struct rulebook book;
    const struct step_table *table; /* of the book */
    int step;                       /* STEP_END: closed */
    struct party *parties;
    size_t party_count;
    struct kept_identity *identities;
    size_t identity_count;
    struct dossier_file *files;
    size_t file_count;
    struct confirmation confirmation;     /* at the counter; its manner is empty when nobody confirmed */
    struct delivery delivery;             /* with the manner of return */
    struct str holder_name, holder_login; /* empty: whoever serves the queue */
    enum action_id actions[ACTION_COUNT]; /* possible now for this person */
    size_t action_count;
    bool is_applicant;   /* sees it as the applicant, not as an officer */
    bool knows_identity; /* may know whose it is; always but for protected dossiers (protection.h) */
    bool is_stranger;    /* holds the receipt's token: nothing that people wrote, nobody's name */
    struct view_aside aside;
    instant_t now;
};

/* By what a dossier is judged today: its own steps, the calendar of its agency. */
enum outcome rulebook_of(const struct desk *desk, struct tx *tx, const struct dossier *d, day_t day,
                         struct rulebook *out, struct fail *why) MUST_USE;
struct standing standing_of(const struct request *rq);

/* What dossier_view_load is going to ask (store_ahead); after it, the dossier's id for what else is asked ahead of it.
 */
void dossier_view_ahead(struct tx *tx, struct str code);
struct value dossier_id_to_come(void);
/* Everything in one snapshot. ERR_MISSING for a code that does not exist and for one that this person may not see: the
 * two are not told apart, except to who works at the agency that it was transferred from. */
enum outcome dossier_view_load(const struct desk *desk, struct tx *tx, const struct standing *who, struct str code,
                               struct dossier_view *out, struct fail *why) MUST_USE;
/* For whoever holds the receipt's token (dossier_token.h): ERR_MISSING also for what strangers may never look up. */
enum outcome dossier_view_of_stranger(const struct desk *desk, struct tx *tx, int64_t id, struct dossier_view *out,
                                      struct fail *why) MUST_USE;
/* The dossier's case on its channel; NULL when the record does not have it. */
const struct procedure_case *dossier_view_case(const struct dossier_view *v);
/* What was asked at its submission: the form of the record, with the questions of its tables. */
struct procedure_form *dossier_view_form(struct arena *a, const struct dossier_view *v, bool papers_online);
bool dossier_view_can(const struct dossier_view *v, enum action_id act);
/* The file n of a dossier that was loaded; NULL when there is none. */
const struct dossier_file *dossier_view_file(const struct dossier_view *v, int64_t n);

/* May this person see the paper? Drafts of results are the office's until the result is issued. */
bool dossier_view_shows(const struct dossier_view *v, const struct dossier_file *f);

/* The API's shape "dossier" (docs/api.md), and the members that lists have too (without braces). */
void dossier_view_json(struct json_writer *w, struct arena *a, const struct dossier_view *v, enum language l);
void dossier_summary_json(struct json_writer *w, const struct dossier *d, struct str agency, enum language l);

/* The journal of a dossier, without what this person may not see. */
struct history_line {
    int64_t n;       /* from 1 */
    int64_t version; /* of the dossier after it; a reminder changes none */
    instant_t at;
    const struct action *action; /* NULL: submit */
    enum status status;
    const struct action *undone; /* of an undo: what was taken back */
    struct str note, reason, outcome, actor_role;
    struct str manner, until; /* of acts that have such fields */
    struct str actor_name;    /* empty for applicants' eyes: an office speaks, not a person */
    struct str agency_name; /* in whose name it was done: a dossier may have been transferred since; empty: nobody's */
};
enum outcome dossier_history(struct tx *tx, const struct dossier_view *v, struct history_line **out, size_t *out_count,
                             struct fail *why) MUST_USE;

#endif
