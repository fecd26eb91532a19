/*
 * What stands beside a dossier, as blocks of its pages: fees and receipts for everybody, opinions and contacts for the
 * office. A block without rows is not drawn: {{> dossier/_fees money}}, {{> officer/_units}}, {{> officer/_contacts}}.
 */
#ifndef DOSSIER_ASIDE_PAGE_H
#define DOSSIER_ASIDE_PAGE_H

#include "dossier/view_text.h"

struct fee_row {
    struct str label, condition, due, paid;
    struct tag tag; /* its text may be empty */
};

struct receipt_row {
    struct str number, amount, manner, time;
    bool is_cancelled;
    struct str why; /* it was cancelled; for the office */
};

struct money_block {
    struct fee_row *fees;
    size_t fees_count;
    struct receipt_row *receipts;
    size_t receipts_count;
    bool is_there;
};
extern const struct field money_block_fields[];
struct money_block money_block_of(struct request *rq, const struct dossier_view *v);

/* What the tables said, for the office: {{> officer/_ruling ruling}} */
struct ruling_line {
    struct str text;
};
struct ruling_block {
    bool is_there, is_stopped, is_not_eligible;
    struct str version;
    struct summary_row *rows;
    size_t rows_count;
    struct ruling_line *incidents;
    size_t incidents_count;
};
extern const struct field ruling_block_fields[];
struct ruling_block ruling_block_of(struct request *rq, const struct dossier_view *v);

struct unit_row {
    struct str who, question, opinion, times;
    struct tag tag;
    struct summary_row *papers; /* href and value */
    size_t papers_count;
    bool is_question; /* the first of its question: shows it */
};
extern const struct field unit_row_fields[];
struct unit_row *unit_rows_of(struct request *rq, const struct dossier_view *v, size_t *out_count);

struct contact_row {
    struct str what, when, note;
};
extern const struct field contact_row_fields[];
struct contact_row *contact_rows_of(struct request *rq, const struct dossier_view *v, size_t *out_count);

#endif
