/*
 * A slip written out: everything that its template may name, filled from the moment of its act, and the letter that the
 * template makes of it. The names are one vocabulary for all slips (docs/slips.md lists them), so that an agency may
 * move words from one to another; what a slip has no value for is empty.
 */
#ifndef SLIP_SLIP_LETTER_H
#define SLIP_SLIP_LETTER_H

#include "html/letter.h"
#include "slip/slip.h"

struct slip_component { /* a paper of the dossier */
    struct str label, originals, copies, files;
};

struct slip_hand { /* one hand of the control slip */
    struct str unit, giver, receiver, in, out, verdict, note;
};

struct slip_paper {
    struct str parent, agency, unit, place, day, month, year;
    struct str title, form, form_basis;
    struct str code, link;
    struct str owner, submitter, address, phone, email;
    struct str procedure, procedure_code, case_label, channel;
    struct slip_component *components;
    size_t components_count;
    struct str term, submitted_at, received_at, due_at, first_due_at, until, return_place;
    struct str reason, note;
    struct str officer, officer_role, agency_phone;
    struct slip_hand *hands;
    size_t hands_count;
    struct str finished_at, verdict;
    struct str receipt_number, amount, amount_in_words, fee, payer, manner; /* of money that was paid */
    bool is_online, is_provisional;
};
extern const struct field slip_paper_fields[];

/* What a slip is written from. */
struct slip_source {
    const struct desk *desk;
    const struct dossier_view *view;
    const struct slip_life *life;
    const struct slip *slip;
    struct str origin; /* where this site is for who asks (request_origin) */
};
enum outcome slip_paper_fill(struct tx *tx, const struct slip_source *source, struct slip_paper *out,
                             struct fail *why) MUST_USE;

extern const struct page_template slip_letters[];
extern const size_t slip_letter_count;

#endif
