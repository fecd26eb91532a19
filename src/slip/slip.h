/*
 * Slips: what the law has an office give out or keep on paper along the way of a dossier. Each follows from one act in
 * the journal and says what was true at that moment, so that one printed again says the same. Here is which slips there
 * are, who may read them and which of them a dossier has; slip_letter.h writes them, book.h those of an agency's
 * period.
 */
#ifndef SLIP_SLIP_H
#define SLIP_SLIP_H

#include "dossier/dossier_view.h"
#include "dossier/slip_link.h"
#include "process/rule_set.h"

enum slip_kind {
    SLIP_RECEIPT,
    SLIP_SUPPLEMENT,
    SLIP_REFUSAL,
    SLIP_APOLOGY,
    SLIP_STOP,
    SLIP_HAND_OVER,
    SLIP_PAYMENT,
    SLIP_CONTROL,
    SLIP_KIND_COUNT
};

struct slip_row {
    const char *id;      /* "receipt": in addresses, in the rule sets */
    const char *act;     /* the act it follows from; NULL: of the whole dossier */
    const char *title;   /* message: for links; the paper has the title that the law gives it */
    const char *name_vi; /* the paper's title where the rule set has no such form */
    const char *letter;  /* the standard template */
    bool is_for_applicant;
};
extern const struct slip_row slip_rows[SLIP_KIND_COUNT]; /* in the order of enum slip_kind */

/* One entry of the journal as slips read it: undone acts are left out. */
struct slip_event {
    struct str act;
    instant_t at;
    struct actor actor;
    struct str reason, note, step, step_before;
    struct str return_manner;  /* of submitting: how the result is wanted back */
    struct str receipt_number; /* of taking money */
    instant_t due_at;
    day_t until; /* 0: none */
    enum status status;
};

struct slip {
    enum slip_kind kind;
    struct str id;    /* "receipt"; the second of a kind "receipt-2" */
    struct str title; /* as the law names it on its day */
    struct str form;  /* "01"; empty: the law has no form for it */
    instant_t at;
    size_t event; /* index of the act in the life */
};

/* What happened to a dossier, in order, and the slips that follow from it. */
struct slip_life {
    struct slip_event *events;
    size_t event_count;
    struct slip *slips; /* those that this visitor may read */
    size_t slip_count;
};

enum outcome slip_life_load(struct tx *tx, const struct dossier_view *view, struct slip_life *out,
                            struct fail *why) MUST_USE;
const struct slip *slip_find(const struct slip_life *life, struct str id); /* NULL: this dossier has none */
/* What app_slip_links gives. */
enum outcome slip_links(struct tx *tx, const struct dossier_view *view, struct slip_link **out, size_t *out_count,
                        struct fail *why) MUST_USE;

#endif
