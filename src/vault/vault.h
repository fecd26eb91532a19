/*
 * The store of a person: results that agencies issued to them, and papers that they keep themselves, to use again when
 * the next dossier asks for them (Decree 45/2020/NĐ-CP as amended: kho dữ liệu điện tử của tổ chức, cá nhân). It knows
 * files and whose they are; how a dossier comes to give one is the dossier room's business, which calls vault_settle.
 *
 * Whose: what an account submitted for itself is in its store. What was issued to a number is also in the store of the
 * account with that number once an officer has compared the card (account_check): whoever types another's number at
 * sign-up finds nothing. Nothing of complaints and denunciations comes here.
 *
 * To use an item in a dossier: attach its file marked as reused; whether the account keeps it is looked up when it is
 * attached (attachment_find in dossier/dossier_store.h). All texts live in tx_arena(tx).
 */
#ifndef VAULT_VAULT_H
#define VAULT_VAULT_H

#include "base/clock.h"
#include "base/hash.h"
#include "http/http.h"
#include "store/store.h"

enum { VAULT_TITLE_MOST = 200, VAULT_OWN_MOST = 200, VAULT_RESULTS_MOST = 32 };

/* A file that is under its hash in the files folder already. */
struct vault_paper {
    struct sha256 hash;
    struct str name, type;
    int64_t bytes;
};

struct vault_item {
    int64_t id;
    bool is_result; /* issued by an agency; else the person's own */
    struct str title;
    struct vault_paper paper;
    struct str code, procedure_code; /* of the dossier; empty: own paper */
    struct str agency_name;          /* who issued it; empty: own paper */
    day_t issued, valid_until;       /* 0: not said */
    instant_t kept_at;
};

bool vault_is_valid(const struct vault_item *item, day_t today);

/* What the account keeps, newest first, older than `before` (0: from the newest), at most `most`. */
enum outcome vault_list(struct tx *tx, int64_t account, int64_t before, size_t most, struct vault_item **out,
                        size_t *out_count, struct fail *why) MUST_USE;
/* One of them; ERR_MISSING with a sentence for what is not this account's. */
enum outcome vault_find(struct tx *tx, int64_t account, int64_t id, struct vault_item *out, struct fail *why) MUST_USE;

/* One of them by its file; ERR_MISSING without a sentence. */
enum outcome vault_find_file(struct tx *tx, int64_t account, struct sha256 hash, struct vault_item *out,
                             struct fail *why) MUST_USE;

/* ---- what a dossier gives ---- */

struct vault_result {
    int64_t file; /* n in the dossier */
    struct vault_paper paper;
};
struct vault_dossier {
    int64_t dossier;
    int64_t account;         /* who submitted it for themselves; 0: an officer or a representative did */
    struct str owner_lookup; /* 32 bytes; empty: the owner has no number */
    struct str title, code, procedure_code;
    int64_t agency;
    day_t issued;
    const struct vault_result *results; /* those in force now */
    size_t count;
};
/* Inside a command: the store then holds exactly these results of the dossier. */
enum outcome vault_settle(struct tx *tx, const struct vault_dossier *d, struct fail *why) MUST_USE;
/* The keyed hash of the first number of a party of a dossier; empty when it has none. */
enum outcome vault_owner_of(struct tx *tx, int64_t dossier, int64_t party, struct str *out, struct fail *why) MUST_USE;

/* ---- a person's own papers ---- */

struct vault_keep {
    int64_t account;
    struct str title;
    struct vault_paper paper;
    day_t valid_until; /* 0: not said */
};
store_command vault_keep; /* out: int64_t, the id; ERR_CONFLICT when the store is full */

struct vault_drop {
    int64_t account, id;
};
store_command vault_drop; /* no output; results stay: ERR_MISSING */

/* ---- pages and interface ---- */

/* Looks at a file that arrives and keeps it under its hash; defined in app/, with the office's own rules for papers. */
enum outcome app_take_paper(struct request *rq, const struct upload *u, struct vault_paper *out,
                            struct fail *why) MUST_USE;
struct str app_files_folder(const struct app *app); /* defined in app/ */

extern const struct route vault_routes[];
extern const size_t vault_route_count;

#endif
