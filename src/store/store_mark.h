/*
 * What the write-ahead log must still hold: a small file beside the database that says, at most a second after a
 * commit, how many pages of which generation of the log are promised and not yet in the database. SQLite itself takes a
 * log that is damaged in its middle, cut short or removed for one that ends earlier, without a word, and what was
 * acknowledged would be gone; with the mark the start is refused with a sentence instead. Before the log may begin anew
 * the mark is taken back, so it never promises what was moved on purpose. It names the database's own file (inode), so
 * that a copy or a restored folder is bound by no mark of another. Private to src/store.
 */
#ifndef STORE_STORE_MARK_H
#define STORE_STORE_MARK_H

#include "base/fail.h"

struct mark {
    int fd; /* -1: none */
    uint64_t database;
    uint64_t salts;
    int64_t frames; /* as the file says; 0: nothing is promised */
};

/* Before SQLite opens the database: ERR_CONFLICT when the log lacks what was promised. */
enum outcome mark_check(struct str database, struct fail *why) MUST_USE;

/* The database is there. No mark can be kept on a disk that takes none; that is no failure, unless one that promises
 * something stands there and cannot be changed: ERR_DOWN. */
enum outcome mark_open(struct mark *m, struct str database, struct fail *why) MUST_USE;
void mark_close(struct mark *m);
/* Whether the file says so now; else errno says why. */
bool mark_set(struct mark *m, uint64_t salts, int64_t frames) MUST_USE;

#endif
