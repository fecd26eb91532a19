/*
 * Rows of the dossier room: no rules here. What is read lives in tx_arena(tx).
 */
#ifndef DOSSIER_DOSSIER_STORE_H
#define DOSSIER_DOSSIER_STORE_H

#include "dossier/dossier.h"
#include "form/form.h"
#include "journal/journal.h"
#include "people/party.h"
#include "store/store.h"

/* Both with the latest act. ERR_MISSING with a sentence that names the code. */
enum outcome dossier_find(struct tx *tx, struct str code, struct dossier *out, struct fail *why) MUST_USE;
enum outcome dossier_load(struct tx *tx, int64_t id, struct dossier *out, struct fail *why) MUST_USE;
/* What dossier_find and an act on it are going to ask, as it was seen before the command (store_ahead). */
void dossier_ahead(struct tx *tx, const struct dossier *seen);
/* What dossier_find is going to ask (store_ahead), and values of the answer for what is asked with them (v_answer). */
void dossier_find_ahead(struct tx *tx, struct str code);
struct value dossier_found_id(void);
struct value dossier_found_holder(void);
enum outcome dossier_insert(struct tx *tx, const struct dossier *d, struct fail *why) MUST_USE;
/* ERR_STALE when the row is no longer at read_version. */
enum outcome dossier_save(struct tx *tx, const struct dossier *d, int64_t read_version, struct fail *why) MUST_USE;

/* Whom the journal names: not the one who denounced, whose account would say who it is. */
struct actor dossier_told_actor(const struct dossier *d, struct actor actor);

enum outcome parties_save(struct tx *tx, int64_t dossier, const struct party *parties, size_t count,
                          struct fail *why) MUST_USE;
/* Without identities: those are identity_of(tx, OWNER_DOSSIER, ...). */
enum outcome parties_of_dossier(struct tx *tx, int64_t dossier, struct party **out, size_t *out_count,
                                struct fail *why) MUST_USE;

struct dossier_file {
    int64_t n;
    struct str component, kind;
    struct sha256 hash;
    struct str name, type;
    int64_t bytes;
    bool digitised, reused, is_signed;
    struct str source;
    instant_t added_at;
    int64_t added_by;
    bool is_replaced; /* a result that a corrected one took the place of */
};
enum outcome dossier_file_add(struct tx *tx, int64_t dossier, const struct dossier_file *file,
                              struct fail *why) MUST_USE;
enum outcome dossier_files(struct tx *tx, int64_t dossier, struct dossier_file **out, size_t *out_count,
                           struct fail *why) MUST_USE;
enum outcome dossier_file_last(struct tx *tx, int64_t dossier, int64_t *out, struct fail *why) MUST_USE;

/* Papers after `last` came with an act that was undone: they are nobody's any more. */
enum outcome dossier_file_undo(struct tx *tx, int64_t dossier, int64_t last, struct fail *why) MUST_USE;
/* Every result up to `last` has been replaced by a corrected one. */
enum outcome dossier_file_replace(struct tx *tx, int64_t dossier, int64_t last, struct fail *why) MUST_USE;
/* Remembers the act that is being done as the latest; only its author can undo it. */
enum outcome dossier_remember(struct tx *tx, int64_t dossier, const struct last_act *last, struct fail *why) MUST_USE;

/* One row of the inbox. since: INSTANT_NONE for this moment, because it is somebody's turn only now. */
enum work_stage { STAGE_RECEIVE = 1, STAGE_IN_HAND, STAGE_RETURN };
struct worklist_row {
    int64_t queue, due, dossier, holder;
    enum work_stage stage;
    instant_t since;
};
enum work_stage work_stage_of(const struct dossier *d);
enum outcome worklist_add(struct tx *tx, const struct worklist_row *row, struct fail *why) MUST_USE;
/* out_since: since when it stood there; may be NULL. */
enum outcome worklist_remove(struct tx *tx, int64_t queue, int64_t due, int64_t dossier, instant_t *out_since,
                             struct fail *why) MUST_USE;

struct upload_row {
    int64_t account;
    struct sha256 hash;
    struct str name, type;
    int64_t bytes;
    bool is_reused; /* out of the account's own store, not sent again */
};
store_command upload_save; /* in: struct upload_row */
/* ERR_MISSING (without a sentence) when this account never sent such a file. */
enum outcome upload_find(struct tx *tx, int64_t account, struct sha256 hash, struct upload_row *out,
                         struct fail *why) MUST_USE;

/* The file that somebody attaches: their own upload, or, where they say so, a paper of their own store. ERR_MISSING
 * (without a sentence) when it is neither. */
enum outcome attachment_find(struct tx *tx, int64_t account, const struct attachment *paper, struct upload_row *out,
                             struct fail *why) MUST_USE;

void attachment_ahead(struct tx *tx, int64_t account, const struct attachment *paper); /* store_ahead */

/* The columns of dossier_by_id and its like, as a dossier; for the lists. */
struct dossier dossier_of_row(const struct row *r);

#endif
