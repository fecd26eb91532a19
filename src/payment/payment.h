/*
 * Fees, and the money that was taken for them. The room knows a subject (an id) and the case of a procedure's record;
 * what the subject is, who may take money for it and when, is its caller's business. It refuses to guess: an amount
 * that the record does not name is unknown, never zero; fees (phí) and charges (lệ phí) are never added up, nor are two
 * currencies; and money once recorded is cancelled, never deleted, so that every receipt number is explained.
 *
 * Changes are parts of the command that the subject's own act runs: they append nothing to the journal, the act's entry
 * tells of them. What is read lives in tx_arena(tx).
 */
#ifndef PAYMENT_PAYMENT_H
#define PAYMENT_PAYMENT_H

#include "base/json.h"
#include "catalogue/procedure.h"
#include "journal/journal.h"

/* A payment or a request of which nobody said whether it is a fee or a charge. */
#define FEE_KIND_UNSAID FEE_KIND_COUNT

/* One thing that may be due: a fee of the record, or an amount that the office asked for. */
struct due_line {
    struct str id; /* "fee-1", "charge-1": of the case, counted for each kind; "asked-1" */
    enum fee_kind kind;
    bool is_known, is_asked;
    int64_t amount; /* minor units; only when known */
    enum currency currency;
    struct str condition; /* for whom and for what, or why it was asked for */
    instant_t asked_at;   /* INSTANT_NONE: the record's */
    int64_t asked_by;
    int64_t paid; /* what was paid for it and stands, in its currency */
};

struct payment {
    int64_t id, n;
    struct str receipt_number;
    int64_t agency;
    struct str fee; /* id of the line; empty: none of them */
    enum fee_kind kind;
    int64_t amount;
    enum currency currency;
    struct str manner; /* "cash", "transfer" */
    struct str payer;  /* empty: the applicant */
    struct str note;
    instant_t at;
    int64_t account;
    instant_t cancelled_at; /* INSTANT_NONE: it stands */
    int64_t cancelled_by;
    struct str cancel_reason;
};

/* Of one kind in one currency. */
struct payment_sum {
    enum fee_kind kind;
    enum currency currency;
    bool is_due_known; /* false: it depends on a condition, or the record names no amount */
    int64_t due, paid;
};

struct payments {
    struct due_line *due; /* the record's first, then what was asked for */
    size_t due_count;
    struct payment *list; /* in order, cancelled ones too */
    size_t count;
    struct payment_sum *sums;
    size_t sum_count;
};

/* its_case: the case of the record that the subject began with; NULL when the record does not have it. */
enum outcome payments_of(struct tx *tx, int64_t subject, const struct procedure_case *its_case, struct payments *out,
                         struct fail *why) MUST_USE;

/* ---- rules ---- */

/* The line with this id; NULL when there is none. */
const struct due_line *payments_line(const struct payments *p, struct str id);
/* Which line a payment is for when nobody says: what was asked for in that currency and is not paid yet, else the only
 * line in that currency; NULL: neither is clear. */
const struct due_line *payments_line_meant(const struct payments *p, enum currency currency);
/* The kind of all fees of a case; FEE_KIND_UNSAID when they differ or there are none. */
enum fee_kind case_fee_kind(const struct procedure_case *its_case);
/* "BL-G11-2026-0000001": <e-identifier>, year, number of at least seven digits. */
struct str receipt_number_format(struct arena *a, struct str e_identifier, int year, int64_t number);
struct str money_for_people(struct arena *a, int64_t amount, enum currency currency);
/* As papers write it beside the figures, in Vietnamese: "Một trăm hai mươi nghìn đồng". amount: 0 or more. */
struct str money_in_words(struct arena *a, int64_t amount, enum currency currency);
/* "VND", else VND too: what a checked text names. */
enum currency currency_of(struct str code);

/* ---- changes, inside the subject's command ---- */

struct payment_new {
    int64_t subject, version; /* after the act */
    int64_t agency;
    struct str agency_identifier;
    const struct procedure_case *its_case;
    struct str fee; /* a line's id, "fee" or "charge"; empty: the line that is meant */
    int64_t amount; /* more than 0 */
    enum currency currency;
    struct str manner, payer, note;
    int64_t account;
};
/* Notes a problem under "/fee" and returns ERR_INVALID when there is no such line. Takes the next receipt number of the
 * agency and year: a refusal later in the command gives it back. */
enum outcome payment_record(struct tx *tx, const struct payment_new *in, struct payment *out,
                            struct fail *why) MUST_USE;

struct payment_request {
    int64_t subject, version;
    const struct procedure_case *its_case;
    int64_t amount;
    enum currency currency;
    struct str reason;
    int64_t account;
};
enum outcome payment_ask(struct tx *tx, const struct payment_request *in, struct fail *why) MUST_USE;

/* Everything that the act after which the subject had `version` recorded or asked for. */
enum outcome payment_cancel(struct tx *tx, int64_t subject, int64_t version, int64_t account, struct str reason,
                            struct fail *why) MUST_USE;

/* ---- JSON (docs/api.md) ---- */

/* Arrays as the next value: what may be due; what was paid; the sums. is_inside: with what only officers see. */
void due_lines_json(struct json_writer *w, const struct payments *p);
void payment_list_json(struct json_writer *w, const struct payments *p, bool is_inside);
void payment_sums_json(struct json_writer *w, const struct payments *p);

#endif
