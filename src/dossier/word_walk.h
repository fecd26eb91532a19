/*
 * The dossiers that an agency finds under all of several words, newest first: the lists of the index of words, one for
 * each word, walked together. Each list leaps at once to the newest dossier that all others could still have, so that a
 * walk costs about what its rarest word costs, wherever in time the common ones lie. It reads a bounded number of rows
 * and says how far it came: words that are common and never together end in a place from where to go on, not in a wait.
 */
#ifndef DOSSIER_WORD_WALK_H
#define DOSSIER_WORD_WALK_H

#include "store/store.h"

/* What walks of one page may read together: about five milliseconds. */
enum { WORD_WALK_ROWS = 16384 };

struct word_walk {
    int64_t agency;
    const struct str *words; /* as search_words and search_procedure_word make them; at least one */
    size_t word_count;
    size_t *rows_left; /* what may still be read; counts down */
};

struct word_walk_found {
    size_t count;
    int64_t reached; /* every dossier from here on was looked at; 0: all of them */
};

/* At most `most` ids below `before` into `ids`. */
enum outcome word_walk_run(struct tx *tx, const struct word_walk *w, int64_t before, size_t most, int64_t *ids,
                           struct word_walk_found *out, struct fail *why) MUST_USE;

#endif
