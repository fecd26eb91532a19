/*
 * At the counter the officer writes and the citizen confirms: on their own phone, by a QR code whose token is good for
 * half an hour, or with their signature on a printed sheet. A confirmation holds for what was shown and nothing else:
 * whoever changes a word afterwards asks again. Of the token only its hash is kept. Who confirmed how and when stays
 * with the dossier.
 */
#ifndef DOSSIER_CONFIRMATION_H
#define DOSSIER_CONFIRMATION_H

#include "base/clock.h"
#include "base/hash.h"
#include "store/store.h"

enum { CONFIRMATION_MINUTES = 30, CONFIRMATION_TOKEN_BYTES = 16, CONFIRMATION_SAID_MOST = 1000 };

struct confirmation {
    int64_t draft, account;
    struct sha256 content, token;
    struct str manner; /* "phone", "paper" */
    instant_t made_at, expires_at, answered_at;
    struct str answer; /* "", "yes", "no" */
    struct str said;
};

/* The token's text is one that this program could have made; out: what is kept of it. */
bool confirmation_token_read(struct str token, struct sha256 *out);

/* Commands. Asking: in struct confirmation_ask, no output. */
struct confirmation_ask {
    int64_t draft, account;
    struct sha256 content, token;
};
store_command confirmation_ask;
/* In struct confirmation_reply. ERR_CONFLICT when it was answered already or is too old. */
struct confirmation_reply {
    struct sha256 token;
    struct str answer, said;
};
store_command confirmation_answer;

/* Inside the submission: the citizen's yes to this content goes to the dossier; else, when the officer says that a
 * sheet was signed, that. out: "phone", "paper" or empty. */
struct confirmation_filing {
    int64_t dossier, draft, account;
    struct sha256 content;
    bool is_signed_on_paper;
};
enum outcome confirmation_file(struct tx *tx, const struct confirmation_filing *in, struct str *out,
                               struct fail *why) MUST_USE;

/* ERR_MISSING (without a sentence) when there is none. */
enum outcome confirmation_by_token(struct tx *tx, struct sha256 token, struct confirmation *out,
                                   struct fail *why) MUST_USE;
enum outcome confirmation_of_draft(struct tx *tx, int64_t draft, int64_t account, struct confirmation *out,
                                   struct fail *why) MUST_USE;
/* Empty when nobody confirmed. */
enum outcome confirmation_of_dossier(struct tx *tx, int64_t dossier, struct confirmation *out,
                                     struct fail *why) MUST_USE;
#endif
