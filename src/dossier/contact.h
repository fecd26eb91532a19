/*
 * Contacts: what a dossier cost its applicant beside filing it. The State's four noes (no paper, no cash, no needless
 * contact, nobody left behind) are counted from these rows. Acts write them themselves; what no act shows (a telephone
 * call, help at the screen) an officer notes with the act note-contact. One thing is one row: an act that is its own
 * contact is not noted a second time. What is found lives in tx_arena(tx).
 */
#ifndef DOSSIER_CONTACT_H
#define DOSSIER_CONTACT_H

#include "catalogue/catalogue.h"
#include "dossier/desk.h"
#include "dossier/dossier_act.h"

struct contact {
    int64_t n;
    struct str manner; /* visit, call, message, paper, cash, help */
    instant_t at;
    int64_t account;
    struct str note, account_name;
};

/* The manner's name for people; a BUG for one that is none. */
const char *contact_message(struct str manner);

/* ---- rules ---- */

/* What the act itself is: papers asked for are paper, a payment in cash is cash, what is brought to or fetched at the
 * counter is a visit, note-contact says. Empty: nothing. */
struct str contact_of_act(const struct dossier *d, enum action_id act, const struct act_input *in,
                          const struct standing *who);
/* Filing at the counter is a visit. */
struct str contact_of_filing(struct str channel);

/* ---- rows ---- */

/* version: of the dossier after the act. An empty manner writes nothing. */
struct contact_entry {
    int64_t dossier, version, account;
    struct str manner, note;
};
enum outcome contact_add(struct tx *tx, const struct contact_entry *in, struct fail *why) MUST_USE;
/* The act after which the dossier had that version did not happen. */
enum outcome contacts_undo(struct tx *tx, int64_t dossier, int64_t version, struct fail *why) MUST_USE;
/* In order, with the names of the accounts that noted them. */
enum outcome contacts_of(struct tx *tx, int64_t dossier, struct contact **out, size_t *out_count,
                         struct fail *why) MUST_USE;

/* ---- the four noes ---- */

/* Of the dossiers filed with an agency in a time: how many there are, how many asked for no paper, took no cash, made
 * nobody come, and how many got help. */
struct contact_count {
    struct str procedure; /* code */
    int64_t dossiers, no_paper, no_cash, no_visit, helped;
};
struct contact_summary {
    struct contact_count *items; /* for each procedure, by code */
    size_t count;
    struct contact_count total;
};
/* The days count from the first moment of the first to the last of the last. */
enum outcome contact_summarise(const struct desk *desk, struct tx *tx, int64_t agency, day_t from, day_t until,
                               struct contact_summary *out, struct fail *why) MUST_USE;

#endif
