/*
 * What applicant and office say to one another about a dossier, and what officers note for one another. Messages are
 * seen by both sides, notes by the officers of the agency that wrote them and by nobody else: whoever may not read
 * notes is given no way to them, in no page and no answer. A message changes nothing of the dossier: what has
 * consequences is an act (dossier/action.h). Both kinds stand in rows of this room; the journal holds their number and
 * the hash of their text.
 */
#ifndef CONVERSATION_CONVERSATION_H
#define CONVERSATION_CONVERSATION_H

#include "dossier/dossier_view.h"
#include "dossier/paper.h"
#include "store/idempotency.h"

enum { CONVERSATION_TEXT_MOST = 4000, CONVERSATION_FILES_MOST = 10, CONVERSATION_MESSAGES_MOST = 500 };

/* ---- who may ---- */

struct conversation_rights {
    bool is_office; /* speaks for the office; else for the applicant */
    bool reads, writes;
    bool reads_notes, writes_notes;
};
/* Both sides of the matter. Units that are asked for an opinion, and whoever holds the receipt's token, are neither.
 * The conversation of a protected dossier is read by those only who may know whose it is. */
struct conversation_rights conversation_rights_of(const struct dossier_view *v, const struct standing *who);

/* ---- reading; in tx_arena ---- */

struct conversation_file {
    int64_t message, n;
    struct sha256 hash;
    struct str name, type;
    int64_t bytes;
};

struct conversation_message {
    int64_t n, account;
    bool is_office, is_new; /* is_new: the reader's side has not seen it yet */
    instant_t at;
    struct str text;
    struct str author, agency; /* author: empty for the applicant's eyes, an office speaks, not a person */
    const struct conversation_file *files;
    size_t file_count;
};

struct conversation_note {
    int64_t n;
    instant_t at;
    struct str text, author;
};

/* How much there is; all 0 when nobody has said anything. */
struct conversation_state {
    int64_t last, unread, officer; /* unread: of the reader's side */
};
enum outcome conversation_state_of(struct tx *tx, int64_t dossier, bool is_office, struct conversation_state *out,
                                   struct fail *why) MUST_USE;
void conversation_state_ahead(struct tx *tx, struct value dossier); /* store_ahead */
enum outcome conversation_messages(struct tx *tx, int64_t dossier, bool is_office, struct conversation_message **out,
                                   size_t *out_count, struct fail *why) MUST_USE;
/* The newest first; those of the agency only. */
enum outcome conversation_notes(struct tx *tx, int64_t dossier, int64_t agency, struct conversation_note **out,
                                size_t *out_count, struct fail *why) MUST_USE;
enum outcome conversation_note_count(struct tx *tx, int64_t dossier, int64_t agency, int64_t *out,
                                     struct fail *why) MUST_USE;
void conversation_note_count_ahead(struct tx *tx, struct value dossier, int64_t agency); /* store_ahead */
/* Dossiers of the agency whose applicant wrote what the office has not opened, the newest first: for the inbox. */
struct conversation_unread {
    int64_t dossier, count;
};
enum outcome conversation_unread_of(struct tx *tx, int64_t agency, size_t most, struct conversation_unread **out,
                                    size_t *out_count, struct fail *why) MUST_USE;
void conversation_unread_ahead(struct tx *tx, int64_t agency, size_t most); /* store_ahead */

/* ---- commands ---- */

/* A text is checked by conversation_check: "/text", "/files". */
void conversation_check(struct arena *a, struct str text, size_t file_count, struct fail *why);

struct message_new {
    struct idempotency key; /* its key may be empty */
    struct actor actor;
    int64_t dossier, holder; /* holder: the officer who is told of an applicant's message; 0: nobody holds it */
    bool is_office, is_protected;
    struct str text;
    const struct sha256 *files; /* uploads of the actor */
    size_t file_count;
};
/* out: int64_t, its number. The same text sent again within a minute by the same person, with nothing said between, is
 * the second click: its number is that of the first. */
store_command conversation_say;

struct note_new {
    struct idempotency key;
    struct actor actor;
    int64_t dossier;
    struct str text;
};
store_command conversation_note; /* out: int64_t, its number; the second click as above */

struct conversation_look {
    int64_t dossier, account, upto; /* upto: the last message that was shown */
    bool is_office;
};
store_command conversation_see; /* in: struct conversation_look; no output. Not in the journal. */

#endif
