/* How a folder of backups keeps its bytes; private to the room. parts/ab/cdef...: pieces of files, compressed, under
 * the hash of what they hold; papers/ab/cdef...: papers as they are. Written once, never changed. */
#ifndef BACKUP_BACKUP_PARTS_H
#define BACKUP_BACKUP_PARTS_H

#include "base/fail.h"
#include "base/hash.h"

enum { PART_BYTES = 64 * 1024 };

struct str part_path(struct arena *a, struct str folder, const char *kind, struct sha256 hash);
/* out_bytes grows by what it took on the disk: nothing when it was there. */
enum outcome part_keep(struct arena *a, struct str folder, struct str piece, struct sha256 *out_hash,
                       uint64_t *out_bytes, struct fail *why) MUST_USE;
/* The piece again, in room[PART_BYTES]; checked against its hash. */
enum outcome part_read(struct arena *a, struct str folder, struct sha256 hash, char *room, size_t *out_len,
                       struct fail *why) MUST_USE;
/* A paper of files/ab/cdef...: linked, else copied. */
enum outcome part_keep_paper(struct arena *a, struct str folder, struct str paper, struct sha256 hash,
                             uint64_t *out_bytes, struct fail *why) MUST_USE;

/* Calls `each` for every file ab/cdef... below a folder, by name. */
typedef enum outcome hashed_file_fn(void *context, struct sha256 hash, struct str path, struct fail *why);
enum outcome hashed_files(struct arena *a, struct str folder, hashed_file_fn *each, void *context,
                          struct fail *why) MUST_USE;

enum outcome fd_write(int fd, struct str bytes, struct fail *why) MUST_USE;
/* Fewer only at the end. */
enum outcome fd_read(int fd, char *at, size_t bytes, size_t *out_got, struct fail *why) MUST_USE;

#endif
