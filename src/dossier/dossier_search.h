/*
 * Finding dossiers by the words of their owner's name, with or without accents, and by procedure: an index of words
 * that the journal's follower keeps, so that submitting does not pay for it. It may be some moments behind; who
 * searches adds the newest dossiers by themselves (dossier_list.c).
 */
#ifndef DOSSIER_DOSSIER_SEARCH_H
#define DOSSIER_DOSSIER_SEARCH_H

#include "journal/journal.h"

enum { SEARCH_WORDS_MOST = 12, SEARCH_WORD_BYTES = 48 };

/* Distinct words of a text as they are indexed: folded, the first 12, each cut to 48 bytes. */
size_t search_words(struct arena *a, struct str text, struct str out[SEARCH_WORDS_MOST]);
/* The word under which a procedure's dossiers are: no word of a name looks like it. */
struct str search_procedure_word(struct arena *a, struct str procedure_code);

/* Inside the command that changes the name of the owner: found under the new one, no longer under the old one. */
struct dossier;
enum outcome search_rename(struct tx *tx, const struct dossier *d, struct str name, struct fail *why) MUST_USE;

extern const struct follower search_follower;

#endif
