/*
 * Whether a page is what was written: every page of the database carries a sum of its bytes and its number in its last
 * 8 bytes (SQLite leaves them free when asked), made on the way to the disk and compared on the way back (once in
 * PAGE_COMPARED_S), so that a bit that a disk has turned, a page in the wrong place or one that was never written is an
 * error and never an answer. The sum finds accidents; who changes the file on purpose can make it anew, and is found by
 * the journal. Private to src/store; no I/O here. Of the log it is kept in memory for each frame that was written or
 * recovered.
 */
#ifndef STORE_STORE_PAGE_H
#define STORE_STORE_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PAGE_BYTES = 4096,
    PAGE_SUM_BYTES = 8,
    LOG_HEAD_BYTES = 32,   /* of the write-ahead log: its header, */
    FRAME_HEAD_BYTES = 24, /* and before each page in it */
    FRAME_BYTES = FRAME_HEAD_BYTES + PAGE_BYTES
};

/* A sum of these bytes (a multiple of 32 of them, then 24 more at most); any change within 8 of them changes it. */
uint64_t page_sum(const void *bytes, size_t len, uint64_t number);
void page_seal(void *page, uint64_t number);
bool page_is_whole(const void *page, uint64_t number);

/* 32 bits for each page or frame, for one writer and many readers; 0: nothing was noted. */
struct page_notes;
struct page_notes *page_notes_new(void);
void page_notes_free(struct page_notes *n); /* NULL is fine */

/* Sums of the log's pages by frame (from 0). */
void log_sums_note(struct page_notes *sums, int64_t frame, const void *page);
void log_sums_forget(struct page_notes *sums, int64_t frame);
/* False when another content was noted; notes what it sees for the first time. */
bool log_sums_fits(struct page_notes *sums, int64_t frame, const void *page);

/* When pages were compared: readers ask for the same ones after every commit, and what came from the disk is compared,
 * not what the system still holds in memory. True, and noted, when PAGE_COMPARED_S have passed. now: seconds. */
enum { PAGE_COMPARED_S = 30 };
bool page_is_due(struct page_notes *times, int64_t number, int64_t now);
void page_is_bad(struct page_notes *times, int64_t number); /* compare it again next time */

#endif
