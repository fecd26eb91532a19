/*
 * The acts as one command: load, decide by the rules of dossier.c, save, move it in the worklist, append to the
 * journal. Which act it is stands in the input; what differs between acts stands in the tables.
 */
#ifndef DOSSIER_DOSSIER_ACT_H
#define DOSSIER_DOSSIER_ACT_H

#include "catalogue/procedure.h"
#include "dossier/dossier_store.h"
#include "form/form.h"
#include "journal/journal.h"

struct act {
    enum action_id action;
    const struct dossier *seen; /* as the caller saw it; NULL is fine */
    struct str code;
    int64_t version; /* the one that the caller saw (If-Match) */
    struct actor actor;
    struct standing who;
    struct act_input input;
    struct rulebook book;
    struct str procedure_group;
    const struct procedure_case *its_case; /* of the procedure's record; NULL when it does not have it */
    const struct attachment *files;        /* input.file_count of them, uploaded by the actor */
    int64_t batch;                         /* that it is part of; 0: none */
    const struct upload_row *made;         /* a result document that the system wrote: attached too; NULL: none */
};

/* How the dossier is after it. */
struct act_done {
    int64_t id, version;
    enum status status;
};

/* A command. ERR_STALE when the version is another by now: why says who did what meanwhile. */
store_command dossier_act;

#endif
