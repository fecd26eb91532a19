/*
 * The officer's page of a dossier in the making, and its parts: what is known (officer_facts.c), the papers with their
 * viewer and check-list (officer_papers.c), what happened (officer_history.c), where the dossier stands in the list
 * that the officer works through (officer_list.c). Only officer_page.c and its parts include this.
 */
#ifndef OFFICER_OFFICER_DRAW_H
#define OFFICER_OFFICER_DRAW_H

#include "dossier/act_form.h"
#include "dossier/aside_page.h"
#include "dossier/desk.h"
#include "dossier/dossier_view.h"
#include "dossier/due_mark.h"
#include "dossier/inbox.h"
#include "dossier/paper_check.h"
#include "dossier/slip_link.h"
#include "dossier/talk.h"
#include "dossier/way_picture.h"
#include "form/form.h"
#include "html/page.h"

/* The tabs beside the papers. */
enum desk_tab { DESK_DOSSIER, DESK_TALK, DESK_NOTES, DESK_HISTORY, DESK_TAB_COUNT };

/* Where the officer is on the page; every link of it keeps the rest. */
struct desk_place {
    enum desk_tab tab;
    int64_t paper;          /* 0: the first that is shown */
    int page;               /* of that paper, from 1 */
    int turn;               /* quarter turns clockwise */
    int zoom;               /* step of desk_zooms */
    struct inbox_spot list; /* of the inbox */
};

struct paper_file {
    struct str name, facts, href, thumb; /* facts: "1,2 MB, applicant, 22/11/2026"; thumb: a small picture, or empty */
    bool is_current;
};

/* One paper of the record, or a group of others. */
struct paper_row {
    struct str label, component;
    struct tag tag; /* of the papers that came */
    struct tag check;
    struct str word, checked; /* what is incomplete; who looked and when */
    struct str next;          /* where a mark leads */
    struct paper_file *files;
    size_t files_count;
    bool is_current, may_check, shows_form, is_seen, is_incomplete, is_accepted;
};

struct paper_shown {
    struct str name, href;
    struct str picture;                  /* a page as a picture; empty: the file itself in a frame, or nothing */
    struct str page_text;                /* "2 / 5" */
    struct str previous_href, next_href; /* pages; empty: none */
    struct str in_href, out_href, left_href, right_href;
    struct str zoom;         /* "150" */
    bool is_frame, is_other; /* neither, and no picture: nothing to show */
};

struct party_block {
    const char *role; /* message */
    struct summary_row *rows;
    size_t rows_count;
};

struct officer_page {
    struct frame frame;
    struct str code, owner, procedure, procedure_href, check_address;
    struct str papers_version; /* of the check-list (dossier/paper_check.h) */
    struct tag status;
    struct due_mark due;
    struct str list_href, list_place, previous_href, next_href;
    struct tab_link *tabs;
    size_t tabs_count;
    bool is_dossier, is_history; /* the tab; on the others `talk` is all */
    struct summary_row *facts, *declarations;
    size_t facts_count, declarations_count;
    struct party_block *parties;
    size_t parties_count;
    struct paper_row *papers;
    size_t papers_count;
    struct str checked; /* "2 of 5 papers looked at" */
    struct paper_shown shown;
    struct str before_href, after_href; /* the paper's neighbours in the list */
    struct act_form *acts, *others;
    size_t acts_count, others_count;
    bool is_others_open;
    struct timeline_item *history, *changes, *typed;
    size_t history_count, changes_count, typed_count;
    struct slip_link *slips;
    size_t slips_count;
    bool is_stale, has_missing, is_protected;
    struct str whose_turn;    /* when it is not the reader's */
    struct str opinions;      /* "Opinions: 1 of 3, until 25/11/2026"; empty: nobody was asked */
    struct str opinions_href; /* where they stand */
    struct str identity_href; /* empty: not for these eyes */
    struct ruling_block ruling;
    struct money_block money;
    struct unit_row *units;
    struct contact_row *contacts;
    size_t units_count, contacts_count;
    struct html talk;    /* messages or notes */
    struct flow picture; /* of the steps */
};
extern const struct field officer_page_fields[];

struct officer_draw {
    struct request *rq;
    struct arena *a;
    enum language l;
    const struct desk *desk;
    struct tx *tx;
    struct dossier_view view;
    struct procedure_form *form;
    struct desk_place place;
    struct talk_counts talk;
    struct officer_page page;
};

/* ---- words ---- */

struct str desk_say(const struct officer_draw *w, const char *message);
struct str desk_say_with(const struct officer_draw *w, const char *message, struct str a, struct str b);
struct str desk_moment(const struct officer_draw *w, instant_t at); /* empty for INSTANT_NONE */
struct str desk_role(const struct officer_draw *w, struct str role);
const struct step *desk_step(const struct officer_draw *w); /* NULL: closed */
struct str desk_step_title(const struct officer_draw *w);
struct str desk_holder(const struct officer_draw *w);
struct str desk_outcome(const struct officer_draw *w, struct str outcome);

/* ---- where on the page ---- */

enum { DESK_ZOOMS = 4 };
extern const struct desk_zoom {
    const char *percent; /* of the viewer's width */
    int width;           /* dots of the picture */
} desk_zooms[DESK_ZOOMS];

/* The page with that place, and a fragment ("#giay-to") or "". */
struct str desk_href(const struct officer_draw *w, const struct desk_place *place, const char *fragment);

/* ---- parts ---- */

enum outcome desk_fill_facts(struct officer_draw *w, struct fail *why) MUST_USE;
enum outcome desk_fill_papers(struct officer_draw *w, struct fail *why) MUST_USE;
/* Is the paper that will be shown one that nobody has looked into yet (image.h)? Then it is looked into before the page
 * is made, with no snapshot held meanwhile. */
bool desk_paper_to_look_into(const struct officer_draw *w, struct sha256 *out);
/* attempt: NULL on a first look. */
enum outcome desk_fill_history(struct officer_draw *w, const struct act_attempt *attempt, struct fail *why) MUST_USE;
enum outcome desk_fill_list(struct officer_draw *w, struct fail *why) MUST_USE;

#endif
