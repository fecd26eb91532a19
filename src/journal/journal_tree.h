/*
 * The hash tree over the journal (RFC 9162 section 2.1, SHA-256), kept as its frontier: the roots of the perfect
 * subtrees that make it up, largest first, one for each bit set in its size. Adding a leaf costs two hashes on average;
 * the tree itself is never stored. Pure: no SQL.
 *
 * What is hashed for an entry, so that anyone can recompute it:
 *
 *     payload_hash = SHA-256(salt || payload)                  salt: 16 bytes; payload: the canonical JSON text, UTF-8
 *     header       = the fields below, each as its length (4 bytes, big-endian) and its bytes
 *     leaf         = SHA-256(0x00 || SHA-256(header) || payload_hash)
 *     node         = SHA-256(0x01 || left || right)
 *
 *     header fields, in this order; numbers are 8 bytes, big-endian, two's complement:
 *     "motcua entry 1", id, at (UTC microseconds), subject kind ("dossier"), subject, version, act, actor, agency of
 *     the actor, role of the actor, origin
 *
 * An erased entry has no salt and no payload any more; its payload_hash stays, so its leaf is the same.
 */
#ifndef JOURNAL_JOURNAL_TREE_H
#define JOURNAL_JOURNAL_TREE_H

#include "journal/journal.h"

enum { TREE_PEAKS_MOST = 63 };

struct tree {
    int64_t size; /* leaves */
    struct sha256 peaks[TREE_PEAKS_MOST];
    size_t peak_count;
};

struct sha256 tree_node(const struct sha256 *left, const struct sha256 *right);
void tree_add(struct tree *t, struct sha256 leaf);
struct sha256 tree_root(const struct tree *t); /* SHA-256 of nothing for the empty tree */

/* The frontier as bytes and back; false when they do not fit the size. */
struct str tree_format(struct arena *a, const struct tree *t);
bool tree_parse(int64_t size, struct str peaks, struct tree *out);

struct sha256 entry_payload_hash(struct str salt, struct str payload);
struct sha256 entry_leaf(const struct journal_entry *e, struct str origin, struct sha256 payload_hash);

#endif
