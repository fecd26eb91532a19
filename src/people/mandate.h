/*
 * A standing authorisation: one account lets another act for it, in one field of procedures or in all, between two
 * days. Its law is the Civil Code 91/2015/QH13: it stands on the giver's word, here with two accounts that both say yes
 * (art. 135, 562); it has a term, and where nobody says one it is a year (art. 140(2), 563); the one who acts keeps to
 * its scope and tells it to those they deal with (art. 141); either ends it alone (art. 140(3), 569). A person under 15
 * does not act for others (art. 138(3)), which only the card tells: so both must have been seen at the counter
 * (people/code.h). It does not replace a notarised paper where a procedure's own law asks for one.
 */
#ifndef PEOPLE_MANDATE_H
#define PEOPLE_MANDATE_H

#include "base/clock.h"
#include "html/html.h"
#include "http/router.h"
#include "journal/journal.h"

enum { MANDATES_MOST = 50 };

struct mandate {
    int64_t id, giver, taker;
    struct str field; /* of procedures; empty: all */
    day_t valid_from, valid_to;
    struct str state; /* offered, accepted, refused, ended */
    struct str giver_name, taker_name;
    instant_t given_at;
};

bool mandate_is_in_force(const struct mandate *m, day_t day);

/* "In force", "Refused", ...: a message. */
const char *mandate_state_label(const struct mandate *m, day_t today);

/* Given by the account, and to it, newest first. */
enum outcome mandates_of_account(struct tx *tx, int64_t account, struct mandate **out, size_t *out_count,
                                 struct fail *why) MUST_USE;
/* By which the account may act today in a field of procedures. */
enum outcome mandates_in_force(struct tx *tx, int64_t taker, struct str field, struct mandate **out, size_t *out_count,
                               struct fail *why) MUST_USE;

/* That one of them. ERR_MISSING: not theirs, not of this field, not in force. */
enum outcome mandate_find_in_force(struct tx *tx, int64_t taker, struct str field, int64_t id, struct mandate *out,
                                   struct fail *why) MUST_USE;
/* "Nguyễn Văn An; all procedures; 23.11.2026 – 22.11.2027; in force": what people read of one that they may know of. */
struct str mandate_for_people(struct arena *a, enum language l, const struct mandate *m, day_t today);

/* Under which a dossier was filed. Inside the command of the submission, which refuses what ended meanwhile
 * (ERR_CONFLICT). */
enum outcome mandate_note_filing(struct tx *tx, int64_t dossier, int64_t mandate, int64_t taker,
                                 struct fail *why) MUST_USE;
/* ERR_MISSING: it was filed under none. */
enum outcome mandate_of_filing(struct tx *tx, int64_t dossier, struct mandate *out, struct fail *why) MUST_USE;

/* Has the counter compared the account's card? Without that nobody gives and nobody accepts. */
enum outcome mandate_knows(struct tx *tx, int64_t account, bool *out, struct fail *why) MUST_USE;

struct mandate_new {
    struct actor actor;
    int64_t giver;
    struct str taker_login, field;
    day_t valid_from, valid_to;
};
store_command mandate_give; /* out: int64_t, the id; refusals with their places */

struct mandate_step {
    struct actor actor;
    int64_t id, account;
    const char *act; /* "mandate.accept" "mandate.refuse" by the taker; "mandate.end" by either */
};
store_command mandate_answer; /* no output; ERR_MISSING: not theirs; ERR_CONFLICT: not possible now */

/* The fields of the procedures that are offered, to choose from. The room of procedures comes later in the house, so
 * app/ lends its answer. */
enum outcome app_mandate_fields(struct request *rq, struct tx *tx, struct str **out, size_t *out_count,
                                struct fail *why) MUST_USE;

/* What was filed for the account under the authorisations that it gave, newest first: whoever acts for somebody tells
 * them of it, and the giver may ask for all of it (Civil Code 91/2015/QH13, art. 565(1), 568(1)). Lent by app/, too. */
struct mandate_filing {
    int64_t mandate;
    struct str code, procedure, status; /* for people */
    instant_t at;
};
enum { MANDATE_FILINGS_MOST = 50 };
enum outcome app_mandate_filings(struct request *rq, struct tx *tx, struct mandate_filing **out, size_t *out_count,
                                 struct fail *why) MUST_USE;

extern const struct route mandate_routes[];
extern const size_t mandate_route_count;
extern const struct page_template mandate_templates[];
extern const size_t mandate_template_count;

#endif
