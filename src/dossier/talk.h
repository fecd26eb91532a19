/*
 * What people say to one another about a dossier, as parts of its pages. Messages, notes and phrases belong to the
 * later room conversation; app/ brings the two together, so that the officer's page has them beside the papers and the
 * applicant's page says that there is an answer.
 */
#ifndef DOSSIER_TALK_H
#define DOSSIER_TALK_H

#include "dossier/dossier_view.h"
#include "dossier/paper.h"
#include "html/html.h"

enum talk_part { TALK_MESSAGES, TALK_NOTES };

struct talk_counts {
    int64_t messages, unread, notes; /* as far as the visitor may read them */
    bool has_messages, has_notes;    /* may read them at all */
};

/* A message or a note that was refused. */
struct talk_attempt {
    enum talk_part part;
    const struct fail *why;
    const struct upload_row *kept; /* files that arrived and stay for the next attempt */
    size_t kept_count;
};

/* What an agency writes again and again as the reason of an act, filled for this dossier. */
struct talk_phrase {
    struct str use; /* the act's name; "message" */
    struct str name, title, text;
};

/* Defined in app/. attempt: NULL on a first look. */
/* What the parts of a dossier's page are going to ask (store_ahead). */
void app_talk_ahead(struct request *rq, struct tx *tx, struct value dossier);
enum outcome app_talk_counts(struct request *rq, struct tx *tx, const struct dossier_view *v, struct talk_counts *out,
                             struct fail *why) MUST_USE;
enum outcome app_talk_part(struct request *rq, struct tx *tx, const struct dossier_view *v, enum talk_part part,
                           const struct talk_attempt *attempt, struct html *out, struct fail *why) MUST_USE;
/* Dossiers of the agency whose applicant wrote what the office has not opened: for the inbox. At most TALK_UNREAD_MOST.
 */
enum { TALK_UNREAD_MOST = 200 };
enum outcome app_talk_unread(struct request *rq, struct tx *tx, int64_t agency, int64_t dossiers[TALK_UNREAD_MOST],
                             size_t *out_count, struct fail *why) MUST_USE;
void app_talk_unread_ahead(struct tx *tx, int64_t agency); /* store_ahead */
/* The messages were shown to the visitor's side. After the page's snapshot has ended. */
void app_talk_seen(struct request *rq, const struct dossier_view *v, int64_t upto);
/* Those of the visitor's agency; none for applicants. papers: what the check-list found incomplete, one a line. */
enum outcome app_talk_phrases(struct request *rq, struct tx *tx, const struct dossier_view *v, struct str papers,
                              struct talk_phrase **out, size_t *out_count, struct fail *why) MUST_USE;

/* For the room conversation: the officer's page with that part open, after it was refused. */
enum outcome officer_dossier_talk(struct request *rq, const struct talk_attempt *attempt, struct fail *why) MUST_USE;

#endif
