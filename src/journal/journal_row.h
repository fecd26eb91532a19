/*
 * An entry as its row has it, private to src/journal: what readers of the journal see, and what only verification
 * needs.
 */
#ifndef JOURNAL_JOURNAL_ROW_H
#define JOURNAL_JOURNAL_ROW_H

#include "journal/journal.h"

struct journal_row {
    struct journal_entry entry;
    struct str origin, salt;
    struct sha256 payload_hash;
    bool is_there;  /* false: the place has no entry any more */
    bool is_erased; /* lawfully: salt and payload are gone */
};

/* Borrows the row's text. */
struct journal_row journal_row_read(const struct row *r);

#endif
