/*
 * What is mine: the drafts of an account and the dossiers that it submitted, newest first, as rows for pages.
 */
#ifndef DOSSIER_MINE_H
#define DOSSIER_MINE_H

#include "html/component.h"
#include "store/store.h"

struct mine_dossier {
    struct str code, procedure, at, due, href;
    struct tag tag;
};

struct mine_draft {
    struct str procedure, at, href;
    struct str resume;   /* where it was left; empty when that is the beginning */
    struct str progress; /* "3 of 6 parts are done"; empty when nothing was saved yet */
};

struct mine {
    struct mine_dossier *dossiers;
    size_t dossiers_count;
    struct mine_draft *drafts;
    size_t drafts_count;
    struct str next_cursor; /* of the dossiers; empty: these are all */
};
extern const struct field mine_fields[];

/* At most `most` of each; cursor: where the page of dossiers begins, empty for the newest. */
enum outcome mine_list(struct request *rq, struct tx *tx, struct str cursor, size_t most, struct mine *out,
                       struct fail *why) MUST_USE;

#endif
