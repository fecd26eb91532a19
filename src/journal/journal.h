/*
 * The journal: every change as one entry, in the transaction of the change. It is evidence: the payload is canonical
 * JSON, leaf = H(header, H(salt, payload)), so a lawful erasure drops salt and payload while the RFC 9162 tree still
 * verifies. Entries are never updated or deleted (one trigger refuses it). Order is the dense `position`, given
 * when the batch commits; ids are not an order. Followers read by position and keep a cursor.
 */
#ifndef JOURNAL_JOURNAL_H
#define JOURNAL_JOURNAL_H

#include "base/hash.h"
#include "store/store.h"

enum {
    JOURNAL_LAG_MOST = 10000
}; /* entries behind, of a follower or of the checkpoint: beyond, somebody should look */

enum subject_kind {
    SUBJECT_SYSTEM,
    SUBJECT_DOSSIER,
    SUBJECT_AGENCY,
    SUBJECT_PROCEDURE,
    SUBJECT_ACCOUNT,
    SUBJECT_CALENDAR,
    SUBJECT_BATCH,
    SUBJECT_APPOINTMENT
};

/* Who did it: an account, or the system itself (id 0). */
struct actor {
    int64_t account; /* 0: the system */
    int64_t agency;  /* in whose name; 0: none */
    struct str role; /* the role it was done in: "receiver" */
};

struct entry {
    enum subject_kind subject_kind;
    int64_t subject; /* id of the dossier, agency, ... */
    int64_t version; /* of the subject after the change */
    const char *act; /* "receive", "approve", "procedure.import", ... */
    struct actor actor;
    struct str payload; /* canonical JSON text: what changed; never a number that identifies a person */
};

/* Appends in this transaction; out_id (may be NULL) is the id of the entry. */
enum outcome journal_append(struct tx *tx, const struct entry *e, int64_t *out_id, struct fail *why) MUST_USE;

/* An entry as it is read back. Text lives in tx_arena. */
struct journal_entry {
    int64_t id, position; /* position 0: not yet given */
    instant_t at;
    enum subject_kind subject_kind;
    int64_t subject, version;
    struct str act;
    struct actor actor;
    struct str payload; /* empty when erased */
    struct sha256 leaf;
};

enum outcome journal_of_subject(struct tx *tx, enum subject_kind kind, int64_t subject, struct journal_entry **out,
                                size_t *out_count, struct fail *why) MUST_USE;
void journal_of_subject_ahead(struct tx *tx, enum subject_kind kind, struct value subject); /* store_ahead */
/* Entries with position > after, at most `most`, by position. */
enum outcome journal_after(struct tx *tx, int64_t after, size_t most, struct journal_entry **out, size_t *out_count,
                           struct fail *why) MUST_USE;
const char *subject_kind_name(enum subject_kind k); /* "dossier" */

/* ---- the tree (RFC 9162 section 2.1; SHA-256) ---- */

struct journal_checkpoint {
    int64_t size; /* leaves */
    struct sha256 root;
};
/* Reads every entry, recomputes its leaf and the root; fails at the first place where they differ. The root of each
 * stored checkpoint must be the root of that many leaves. */
enum outcome journal_verify(struct tx *tx, struct journal_checkpoint *out, struct fail *why) MUST_USE;
/* And its tree must have had a head that was kept elsewhere (NULL: none): only this shows that the end was cut off, or
 * that everything was told anew by somebody who has the signing key. */
enum outcome journal_verify_head(struct tx *tx, const struct journal_checkpoint *kept, struct journal_checkpoint *out,
                                 struct fail *why) MUST_USE;
struct journal_key;
/* Stores the tree's head over all positions so far, signed (journal_key.h; NULL: without a signature); the runner does
 * it at least once a second while there are changes. */
enum outcome journal_seal(struct store *s, const struct journal_key *key, struct fail *why) MUST_USE;

/* The same over at most so many more, so that what came at once holds nobody up: not whole, there are others. */
enum { SEAL_PORTION = 100000 };
enum outcome journal_seal_some(struct store *s, const struct journal_key *key, int64_t most, bool *out_is_whole,
                               struct fail *why) MUST_USE;

/* Checkpoints by who signed them. */
struct journal_signatures {
    int64_t good, unsigned_count, other_keys;
};
/* Fails at the first checkpoint whose signature by this key is wrong, or missing though one before it is signed. */
enum outcome journal_verify_signatures(struct tx *tx, const struct journal_key *key, struct journal_signatures *out,
                                       struct fail *why) MUST_USE;

/* How long the journal is, and its newest checkpoint. */
struct journal_state {
    int64_t size, checkpoint_size;
    instant_t checkpoint_at; /* INSTANT_NONE: none yet */
};
enum outcome journal_state(struct tx *tx, struct journal_state *out, struct fail *why) MUST_USE;

/* The newest checkpoint; size 0: none yet. */
enum outcome journal_head(struct tx *tx, struct journal_checkpoint *out, struct fail *why) MUST_USE;
/* Whether the journal's tree had this head: ERR_CONFLICT when no checkpoint of that size has that root. */
enum outcome journal_had_head(struct tx *tx, const struct journal_checkpoint *head, struct fail *why) MUST_USE;

/* ---- followers ---- */

/* A follower turns entries into rows of its own (notices, counters) in a command that also moves its cursor: each
 * effect in our store happens exactly once. */
typedef enum outcome follower_fn(struct tx *tx, const struct journal_entry *e, struct fail *why);
struct follower {
    const char *name; /* "notice"; the key of its cursor */
    follower_fn *take;
    const char *title; /* message: what it does, for administrators */
};
struct journal_runner;
/* One thread for all followers, woken by commits; also seals. Of several processes over one database only the one that
 * leads does (store_leadership). journal_runner_stop drains what is there. `followers` must outlive it, and so must the
 * key that signs its checkpoints (NULL: not signed). */
enum outcome journal_runner_start(struct store *s, const struct journal_key *key, const struct follower *followers,
                                  size_t count, struct journal_runner **out, struct fail *why) MUST_USE;
void journal_runner_stop(struct journal_runner *r);
/* How each follower does, in their order; out has room for all of them. */
struct follower_state {
    const char *name;
    int64_t failures;    /* in a row; 0: it goes on */
    int64_t retry_in_us; /* until the next try by itself */
    bool is_lost;        /* another process has taken it over: until this one leads again, or is started anew */
    struct str said;     /* of the last failure */
};
void journal_runner_look(struct journal_runner *r, struct arena *a, struct follower_state *out);
/* Those that wait after a failure are tried now. */
void journal_runner_retry(struct journal_runner *r);
/* Runs every follower up to the present end; for tests and commands without a server. */
enum outcome journal_catch_up(struct store *s, const struct follower *followers, size_t count,
                              struct fail *why) MUST_USE;
/* How far a follower is behind, in entries. */
enum outcome journal_lag(struct tx *tx, const char *follower, int64_t *out, struct fail *why) MUST_USE;
void journal_lag_ahead(struct tx *tx, const char *follower); /* store_ahead */

#endif
