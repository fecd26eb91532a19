/*
 * What an office asks of an applicant when it asks for papers: one item for each paper or declared field, with its
 * reason and the rule it rests on, and the answer to each. Only what is asked for opens again. A request without items
 * says everything in its words, as older clients do. Rows are written in the transaction of the act and go back when it
 * is undone; whether the act is possible stays with the step table.
 */
#ifndef DOSSIER_SUPPLEMENT_H
#define DOSSIER_SUPPLEMENT_H

#include "base/json.h"
#include "dossier/dossier_act.h"

struct dossier_view;

enum { ASKED_ITEMS_MOST = 40, ASKED_REASON_MOST = 500, ASKED_BASIS_MOST = 300, ANSWER_MOST = 4000 };

struct supplement_item {
    int64_t n; /* over all requests of the dossier */
    struct asked_item asked;
    struct str label; /* what people call the paper or the field */
    int64_t version;  /* of its request */
    instant_t asked_at;
    day_t until;  /* 0: no day was named */
    bool is_open; /* waits for its answer now */
    instant_t answered_at;
    struct str before, answer; /* of a field: values; of a paper: why it cannot be sent */
};

struct supplement {
    struct supplement_item *items; /* oldest first */
    size_t item_count;
    bool is_open;    /* a request waits for its answer */
    day_t until;     /* of the open request; 0: none */
    struct str note; /* its general word; empty: the items say it all */
};

/* ---- reading ---- */

/* With labels in the reader's language; v carries dossier, procedure, parties and step already. */
enum outcome supplement_of(struct tx *tx, const struct dossier_view *v, enum language l, struct supplement *out,
                           struct fail *why) MUST_USE;
/* The declared value of a field in this dossier; empty for papers. */
struct str supplement_value(struct arena *a, const struct dossier_view *v, const struct asked_item *item);
/* The member "asked" of the shape "dossier" (docs/api.md). */
void supplement_json(struct json_writer *w, struct arena *a, const struct dossier_view *v);

/* ---- what comes with acts (supplement_input.c) ---- */

/* The label of a paper or field; empty when the dossier has no such thing or it cannot be asked for. */
struct str supplement_label(struct arena *a, enum language l, const struct dossier_view *v,
                            const struct asked_item *item);
/* The fields that may be asked for again, as their places; how many. */
size_t supplement_fields(struct arena *a, const struct dossier_view *v, struct str **out);
/* "items" of request-supplement into `out`; with items the reason names each, after the words that were written. */
void supplement_read_items(struct arena *a, const struct dossier_view *v, yyjson_val *list, struct act_input *out,
                           struct fail *why);
/* "answers" of supplement: [{n, text}]. Whoever sends them answers every item, by text or by a file for its paper.
 * Numbers that identify people are sealed here, so that commands see masks. */
void supplement_read_answers(struct arena *a, const struct identity_keys *keys, const struct dossier_view *v,
                             yyjson_val *list, const struct attachment *files, struct act_input *out, struct fail *why);
/* Does the item ask for a number that identifies somebody? Then its values are masks. */
bool supplement_asks_identity(const struct asked_item *item, enum identity_type *out);

/* ---- inside commands ---- */

enum outcome supplement_ask(struct tx *tx, const struct act *in, const struct dossier *d, struct fail *why) MUST_USE;
enum outcome supplement_take(struct tx *tx, const struct act *in, const struct dossier *d, struct fail *why) MUST_USE;
/* The act that made `version` is undone: what it asked is gone, what it answered is open again. */
enum outcome supplement_undo(struct tx *tx, int64_t dossier, int64_t version, struct fail *why) MUST_USE;

/* Where the answer to a dossier's request is written, on pages. */
struct str supplement_address(struct arena *a, struct str code);

#endif
