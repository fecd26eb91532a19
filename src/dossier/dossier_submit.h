/*
 * Submitting: everything is checked and prepared before the command (form, parties, sealed numbers, files on the
 * platter); the command gives the code, writes the rows and the journal entry, and keeps the answer for the idempotency
 * key.
 */
#ifndef DOSSIER_DOSSIER_SUBMIT_H
#define DOSSIER_DOSSIER_SUBMIT_H

#include "dossier/delivery.h"
#include "dossier/dossier_store.h"
#include "dossier/doubt.h"
#include "form/form.h"
#include "journal/journal.h"
#include "rule/ruling.h"
#include "store/idempotency.h"

struct submission {
    struct arena *arena; /* where the receipt's texts live */
    struct actor actor;
    int64_t procedure_version, process_version, agency;
    struct str procedure_code, agency_identifier, procedure_group, channel, case_id;
    const struct step_table *table;
    const struct calendar *calendar;
    struct term term; /* of its case: for what needs no receipt because the office itself begins it */
    const struct party *parties;
    const struct sealed_identity *const *identities; /* of party i */
    size_t party_count;
    struct delivery delivery;
    struct str form;             /* canonical JSON */
    const struct ruling *ruling; /* what the procedure's tables say of it; NULL: it has none */
    const struct attachment *files;
    size_t file_count;
    bool is_protected; /* whose it is stays secret: parties and form hold nothing, `secret` all of it (protection.h) */
    struct str secret; /* sealed */
    const struct doubt *doubts; /* what was filled in for the applicant and is wrong as they say */
    size_t doubt_count;
    int64_t mandate;            /* under which the submitter acts for the owner; 0: none */
    struct sha256 content;      /* of the draft, as it was confirmed (confirmation.h) */
    bool is_confirmed_on_paper; /* the officer says that the applicant signed a sheet */
    int64_t draft;              /* 0: none; deleted with the submission */
    struct idempotency key;
};

struct receipt {
    int64_t id, version;
    struct str code;
    instant_t submitted_at;
    bool is_replay; /* the key was used before: this is the dossier of then */
};

/* A command: in struct submission, out struct receipt. ERR_INVALID with problems when a file is not the submitter's
 * own. */
store_command dossier_submit;

#endif
