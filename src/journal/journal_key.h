/*
 * The key that signs the journal's checkpoints: Ed25519, one PEM file (PKCS#8, mode 0600) in the data folder. It proves
 * that a checkpoint that was handed to others came from here; against somebody who holds the data folder with the key,
 * only the checkpoints that neighbours have kept help. What is signed is this text, each line ended by LF:
 *
 *     motcua/<origin>
 *     <size>
 *     <root, 64 hexadecimal digits>
 *     <at, UTC microseconds since 1970>
 */
#ifndef JOURNAL_JOURNAL_KEY_H
#define JOURNAL_JOURNAL_KEY_H

#include "journal/journal.h"

enum { SIGNATURE_BYTES = 64 };

struct signature {
    unsigned char at[SIGNATURE_BYTES];
};

/* Reads the key at `path`; makes one there when there is none and `may_create`. Thread-safe once loaded. */
enum outcome journal_key_load(struct str path, bool may_create, struct journal_key **out, struct fail *why) MUST_USE;
void journal_key_free(struct journal_key *key); /* NULL is fine */

struct sha256 journal_key_hash(const struct journal_key *key); /* of the 32 public bytes */
struct str journal_key_public(const struct journal_key *key);  /* those bytes; borrowed of the key */

struct signature journal_key_sign(const struct journal_key *key, struct str text);
bool journal_key_verifies(const struct journal_key *key, struct str text, struct str signature);

/* The same with nothing but the public bytes, for whoever checks what an office has handed out. */
bool journal_public_verifies(struct str public_key, struct str text, struct str signature);

struct str checkpoint_text(struct arena *a, struct str origin, int64_t size, struct sha256 root, instant_t at);

#endif
