/*
 * Files by their content: DIR/files/ab/cdef..., named by SHA-256, written once, never changed. A file and its folder
 * are on the platter before any row may name it. Knowing a hash gives nothing: who may attach or read is the rooms'
 * business.
 */
#ifndef STORE_BLOB_H
#define STORE_BLOB_H

#include "base/fail.h"
#include "base/hash.h"

/* Takes a spooled file (same file system) under its hash; the spool path is gone afterwards. Fine when it is there
 * already. */
enum outcome blob_keep(struct str folder, struct str spool_path, struct sha256 hash, struct fail *why) MUST_USE;
/* The same for content made here. */
enum outcome blob_write(struct str folder, struct str content, struct sha256 *out_hash, struct fail *why) MUST_USE;
/* Open for reading; the caller closes. ERR_MISSING when it is not there, which is damage. */
enum outcome blob_open(struct str folder, struct sha256 hash, int *out_fd, uint64_t *out_bytes,
                       struct fail *why) MUST_USE;

/* Whether what lies under a hash has that hash. Reads all of it. */
bool blob_is_whole(struct str folder, struct sha256 hash) MUST_USE;

/* Takes away a file that no row names, unless it was kept (also: kept again) less than so many seconds ago: whoever
 * just sent the same content may be about to name it. out_bytes: its size; 0: it stays. */
void blob_drop(struct str folder, struct sha256 hash, int64_t older_than_s, bool removes, uint64_t *out_bytes);

#endif
