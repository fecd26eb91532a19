/*
 * The desk: what the dossier room needs of the running program, in one place, so that handlers take one thing. Opened
 * and owned by app/.
 */
#ifndef DOSSIER_DESK_H
#define DOSSIER_DESK_H

#include "calendar/calendars.h"
#include "catalogue/catalogue.h"
#include "html/html.h"
#include "html/press.h"
#include "http/router.h"
#include "people/attempts.h"
#include "people/identity.h"
#include "process/process.h"
#include "rule/tables.h"
#include "store/store.h"

struct count_cache;

struct desk {
    struct store *store;
    struct catalogue *catalogue;
    struct calendars *calendars;
    struct processes *processes;
    struct identity_keys *keys;
    struct str files_folder;
    struct attempts *lookups; /* how often a stranger may look up a code */
    const struct html_set *pages;
    _Atomic int64_t undo_us;     /* how long a mistake can be undone: setting undo-minutes, which may be reloaded */
    _Atomic int64_t draft_days;  /* how long a draft is kept: setting draft-days, which may be reloaded */
    struct press *press;         /* sets letters on paper */
    struct str origin;           /* where people find this site, "https://dichvu.example.vn"; empty: no setting says */
    struct tables_shelf *tables; /* decision tables that were read; NULL: they are read each time */
    struct count_cache *counts;  /* dossier/count_cache.h; NULL: every number is counted */
};
const struct desk *app_desk(const struct app *app); /* defined in app/ */

#endif
