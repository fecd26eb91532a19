/*
 * What a later room may ask of a dossier: whose it is and what people call it. Its rows and its acts stay in this room.
 */
#ifndef DOSSIER_DOSSIER_BRIEF_H
#define DOSSIER_DOSSIER_BRIEF_H

#include "journal/journal.h"

struct dossier_brief {
    int64_t id, version, agency, submitter, holder;
    struct str code, procedure_code;
    int status;
    bool is_discreet;     /* nothing of it is told outside: complaints, denunciations, protected identities */
    bool is_of_authority; /* begun by the agency itself: nobody applied */
};

/* In tx_arena. ERR_MISSING with a sentence. */
enum outcome dossier_brief_load(struct tx *tx, int64_t id, struct dossier_brief *out, struct fail *why) MUST_USE;
enum outcome dossier_brief_find(struct tx *tx, struct str code, struct dossier_brief *out, struct fail *why) MUST_USE;

/* An entry that takes back what the applicant never saw: they are not told of that either. a: for reading it. */
bool dossier_undid_unseen(struct arena *a, const struct journal_entry *e);

/* The dossier without its declarations and its units, for rooms that watch over it. In tx_arena; ERR_MISSING without a
 * sentence. */
struct dossier;
enum outcome dossier_watch(struct tx *tx, int64_t id, struct dossier *out, struct fail *why) MUST_USE;

/* Party n of a dossier (from 1), as far as a letter needs it. */
struct party_brief {
    struct str name, email; /* email may be empty */
};
enum outcome party_brief_load(struct tx *tx, int64_t dossier, int64_t n, struct party_brief *out,
                              struct fail *why) MUST_USE;

#endif
