/*
 * The part of the tar format (POSIX.1-1988 ustar) that a backup needs: plain files one after the other, short names,
 * any size. Whoever has such a file and nothing of ours takes it apart with `tar xf`.
 */
#ifndef BACKUP_TAR_H
#define BACKUP_TAR_H

#include "base/fail.h"

enum { TAR_BLOCK = 512, TAR_NAME_MOST = 100 };

struct tar_entry {
    struct str name; /* relative, at most TAR_NAME_MOST bytes */
    unsigned mode;
    uint64_t bytes;
    int64_t at_s; /* seconds since 1970 */
};

void tar_write_header(unsigned char out[TAR_BLOCK], const struct tar_entry *e);
/* The name lives in the arena. ERR_MISSING at the end of the archive, ERR_BAD for what is no plain file's header. */
enum outcome tar_read_header(struct arena *a, const unsigned char in[TAR_BLOCK], struct tar_entry *out,
                             struct fail *why) MUST_USE;
/* Bytes that follow a file up to the next header. */
uint64_t tar_padding(uint64_t bytes);

#endif
