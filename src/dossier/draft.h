/*
 * What an applicant has typed so far and sent so far: drafts and uploads, kept for some days and then forgotten. A
 * draft is the fields as typed, not yet checked, so it may hold numbers that identify people: it is sealed before it
 * reaches the store and opened only for its owner. Drafts are no subject of the journal. A draft's id is the
 * idempotency key of its submission, so that submitting twice makes one dossier.
 */
#ifndef DOSSIER_DRAFT_H
#define DOSSIER_DRAFT_H

#include "people/identity.h"
#include "store/idempotency.h"
#include "store/store.h"

enum { DRAFT_BYTES = 64 * 1024, DRAFTS_MOST = 100 };

struct draft {
    int64_t id; /* 0 when saved for the first time */
    int64_t account;
    struct str procedure_code;
    struct str content; /* JSON text as typed, at most DRAFT_BYTES; empty in lists */
    instant_t updated_at;
    int64_t version; /* the one that was read; counts every saving */
    int64_t dossier; /* it answers what is asked of this dossier; 0: a new application */
    struct str step; /* where it was left; empty: at the beginning */
    int64_t parts, parts_done;
    struct idempotency key; /* of the form that begins it, so that a form sent twice begins one; may have none */
};

/* Creates (id 0) or updates. ERR_MISSING when the draft is gone or somebody else's; ERR_STALE when another device saved
 * it since d->version was read; ERR_CONFLICT when an account has DRAFTS_MOST already, or another device began the
 * answer for the same dossier. */
enum outcome draft_save(struct store *s, const struct identity_keys *keys, const struct draft *d, int64_t *out_id,
                        struct fail *why) MUST_USE;
/* In tx_arena. ERR_MISSING as above. */
enum outcome draft_load(struct tx *tx, const struct identity_keys *keys, int64_t account, int64_t id, struct draft *out,
                        struct fail *why) MUST_USE;
/* The answer that the account has begun for a dossier. ERR_MISSING, with nothing to say, when there is none. */
enum outcome draft_of_dossier(struct tx *tx, const struct identity_keys *keys, int64_t account, int64_t dossier,
                              struct draft *out, struct fail *why) MUST_USE;
/* Applications, newest first, without content. */
enum outcome drafts_of_account(struct tx *tx, int64_t account, struct draft **out, size_t *out_count,
                               struct fail *why) MUST_USE;
void drafts_ahead(struct tx *tx, int64_t account); /* store_ahead */
/* Fine when it is gone already. */
enum outcome draft_delete(struct store *s, int64_t account, int64_t id, struct fail *why) MUST_USE;

/* Inside the command of its submission: it goes, and what it became is kept. */
enum outcome draft_note_sent(struct tx *tx, int64_t account, int64_t id, int64_t dossier, struct fail *why) MUST_USE;
/* The code of the dossier that a draft of the account became. ERR_MISSING, with nothing to say: none. */
enum outcome draft_became(struct tx *tx, int64_t account, int64_t id, struct str *out, struct fail *why) MUST_USE;

/* Forgets drafts and uploads that nobody touched for so many days, in commands of bounded size. The app calls it now
 * and then. */
enum outcome dossier_housekeep(struct store *s, int64_t draft_days, struct fail *why) MUST_USE;

#endif
