/*
 * That entries stand in the journal, proven to somebody who has nothing of it but a checkpoint: for each its leaf and
 * the hashes beside its way up the tree (RFC 9162 section 2.1.3), so that an office of millions of entries hands out a
 * few hundred bytes for each. One pass over the leaves makes the proofs of all that are asked for; checking one needs
 * no store.
 */
#ifndef JOURNAL_JOURNAL_PROOF_H
#define JOURNAL_JOURNAL_PROOF_H

#include "journal/journal.h"
#include "journal/journal_key.h"

enum { PROOF_MOST = 63 };

struct journal_proof {
    size_t count;
    struct sha256 path[PROOF_MOST]; /* from the leaf to the root */
};

/* An entry with all that its leaf is made of (journal_tree.h says how). */
struct journal_evidence {
    struct journal_entry entry;
    struct str origin, salt; /* salt and payload are empty when it was lawfully erased */
    struct sha256 payload_hash;
    bool is_erased;
    struct journal_proof proof;
};

struct journal_sealed {
    struct str origin;
    struct journal_checkpoint head;
    instant_t at;
    struct str signature, key_hash; /* empty: it is not signed */
};

/* Every entry of a subject, in the order of the journal, proven against the newest checkpoint. ERR_DOWN when one of
 * them is not sealed yet; ERR_CONFLICT when the journal is not what was sealed. In tx_arena. */
enum outcome journal_evidence(struct tx *tx, enum subject_kind kind, int64_t subject, struct journal_sealed *out_sealed,
                              struct journal_evidence **out, size_t *out_count, struct fail *why) MUST_USE;

/* Is the leaf at this position (from 1) in the tree with that head? */
bool journal_proof_holds(const struct journal_checkpoint *head, int64_t position, struct sha256 leaf,
                         const struct journal_proof *proof);
/* What the entry's leaf is, made of what stands in the evidence; false when payload and salt are not those of its
 * hash. */
bool journal_evidence_leaf(const struct journal_evidence *e, struct sha256 *out);

#endif
