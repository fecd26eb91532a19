/*
 * What is mine: the drafts of an account and the dossiers that it submitted, newest first, as rows for pages.
 */
#ifndef PORTAL_MINE_H
#define PORTAL_MINE_H

#include "dossier/due_mark.h"
#include "html/component.h"
#include "store/store.h"

struct mine_dossier {
    struct str code, procedure, at, href;
    struct due_mark due;
    bool has_due; /* the deadline says something to its applicant */
    struct tag tag;
};

struct mine_draft {
    struct str procedure, at, href;
    struct str resume;   /* where it was left; empty when that is the beginning */
    struct str progress; /* "3 of 6 parts are done"; empty when nothing was saved yet */
};

/* Whose turn it is. */
enum mine_view { MINE_ALL, MINE_WAITING, MINE_IN_HAND, MINE_OVER, MINE_VIEW_COUNT };
struct mine_query {
    enum mine_view view;
    struct str words; /* a code or its beginning, words of the owner's name */
    struct str cursor;
    size_t most;
};

struct mine {
    struct mine_dossier *dossiers;
    size_t dossiers_count;
    struct mine_draft *drafts;
    size_t drafts_count;
    struct str next_cursor; /* of the dossiers; empty: these are all */
};
extern const struct field mine_fields[];

/* Dossiers, the newest first, at most `most` at once from where the cursor says; and the newest drafts. */
enum outcome mine_list(struct request *rq, struct tx *tx, const struct mine_query *query, struct mine *out,
                       struct fail *why) MUST_USE;

#endif
