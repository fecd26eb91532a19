/*
 * What an error id means. Every sentence of a failure has one (base/fail.h: sentence_id); the sentence itself says what
 * is wrong and what to do, and for those that people ask about most a note says more. Refuses to know a particular
 * failure: that is in the log, under the id of the request.
 */
#ifndef HELP_ERROR_NOTE_H
#define HELP_ERROR_NOTE_H

#include "base/str.h"

/* The English sentence that has this id ("MC-7Q2KXA", letters of either case); NULL when none has. */
const char *error_sentence(struct arena *a, struct str id);
/* What else there is to say about it: a message; NULL when the sentence says all. */
const char *error_note(const char *sentence);

#endif
