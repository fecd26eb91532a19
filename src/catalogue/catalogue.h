/*
 * The catalogue of procedures: which there are, in which version, and what each version says. A procedure is known by
 * its code, a version by its id (a dossier keeps that) and its content hash (other nodes know that). Records never
 * change; importing a changed sheet makes another version, and the earlier ones stay readable. Which version is in
 * force on a day stands in publication.h; who performs a procedure, in competence (agency/competence.h).
 */
#ifndef CATALOGUE_CATALOGUE_H
#define CATALOGUE_CATALOGUE_H

#include "agency/agency.h"
#include "base/import_report.h"
#include "catalogue/life_events.h"
#include "catalogue/procedure.h"
#include "journal/journal.h"
#include "store/store.h"

struct app;

/* What the room keeps in memory: versions that were read, parsed once, and the index that searches. Any thread may ask.
 */
struct catalogue;
struct catalogue *app_catalogue(const struct app *app); /* defined in app/ */
struct catalogue *catalogue_new(void);
/* Once, before anybody asks; the events are borrowed for ever. Without it there are none. */
void catalogue_set_events(struct catalogue *c, const struct life_events *events);
void catalogue_free(struct catalogue *c); /* NULL is fine */

/* ---- one procedure ---- */

/* Can it be submitted today? (Which version is in force from which day: publication.h.) */
enum procedure_force {
    PROCEDURE_IN_FORCE,
    PROCEDURE_ANNOUNCED, /* its first version comes into force on a later day */
    PROCEDURE_WITHDRAWN, /* by a decision: running dossiers go on, there are no new ones */
};

struct procedure_ref {
    int64_t id;
    struct str code, name;
    enum procedure_force force;
    day_t since;     /* in force, announced or withdrawn from this day; DAY_UNKNOWN: before our records */
    int64_t version; /* id of the version in force today; the first one when announced, the last when withdrawn */
    int64_t version_number; /* its number: 1, 2, ... */
    struct str hash;        /* its content hash: the ETag */
    enum initiator initiator;
    enum procedure_process process;
    int64_t process_version; /* of its own steps; 0: the process of its kind */
};

/* As of the transaction's day. ERR_MISSING with a sentence, also for a procedure that was never published. Texts live
 * in tx_arena. */
enum outcome catalogue_find(struct tx *tx, struct str code, struct procedure_ref *out, struct fail *why) MUST_USE;
void catalogue_find_ahead(struct tx *tx, struct str code); /* store_ahead */
/* The same with ERR_CONFLICT and a sentence, with the day, for one that cannot be submitted today. */
enum outcome catalogue_find_open(struct tx *tx, struct str code, struct procedure_ref *out, struct fail *why) MUST_USE;
/* A version's record by its id, current or not; lives as long as the catalogue (or, when its memory is full, as
 * tx_arena, which a caller cannot tell: do not keep it longer than the transaction's arena). */
enum outcome catalogue_version(struct catalogue *c, struct tx *tx, int64_t version, const struct procedure **out,
                               struct fail *why) MUST_USE;

/* A text of a version beside its record, such as "result.html"; empty when it has none. In tx_arena. */
enum outcome catalogue_template(struct tx *tx, int64_t version, struct str name, struct str *out,
                                struct fail *why) MUST_USE;

struct procedure_version {
    int64_t id, number;
    struct str hash, source;
    instant_t taken_at;
    int64_t process_version; /* 0: the process of its kind */
};
/* Every version of a procedure, newest first; empty when there is no such procedure. */
enum outcome catalogue_versions(struct tx *tx, struct str code, struct procedure_version **out, size_t *out_count,
                                struct fail *why) MUST_USE;
/* The version with this number; ERR_MISSING with a sentence. */
enum outcome catalogue_version_numbered(struct tx *tx, struct str code, int64_t number, struct procedure_version *out,
                                        struct fail *why) MUST_USE;

/* ---- lists ---- */

enum { PROCEDURE_LIST_MOST = 100, PROCEDURE_LIST_USUAL = 25, ANY = -1 };

struct procedure_query {
    struct str text;              /* words or a code, with or without accents; empty: all */
    struct str field;             /* its words, any accents; empty: any */
    int level, audience, channel; /* enum values, or ANY */
    struct str event;             /* id of a life event; empty: any */
    const struct str *codes; /* only these, in order (competence_procedures: what one agency performs); NULL: any */
    size_t code_count;
    struct str cursor; /* from the page before; empty: the first */
    size_t limit;      /* 0: PROCEDURE_LIST_USUAL; at most PROCEDURE_LIST_MOST */
};

struct procedure_row {
    struct str code, name, field;
    enum procedure_kind kind;
    enum initiator initiator;
    enum procedure_process process;
    enum publication state;
    unsigned levels, channels, audience; /* 1 << enum value */
    int64_t version, version_number;
    struct str hash;
};

struct procedure_page {
    struct procedure_row *rows;
    size_t count;
    struct str next_cursor; /* empty: that was all */
};

/* With text: best first (what was typed with its accents before what only folds alike); without: by code. Texts live in
 * tx_arena. ERR_BAD for a cursor that is none of ours. */
enum outcome catalogue_search(struct catalogue *c, struct tx *tx, const struct procedure_query *q,
                              struct procedure_page *out, struct fail *why) MUST_USE;

/* Every procedure, by code: for commands that go over all of them. */
enum outcome catalogue_all(struct catalogue *c, struct tx *tx, struct procedure_row **out, size_t *out_count,
                           struct fail *why) MUST_USE;

struct procedure_field {
    struct str label; /* "Quản lý biên giới" */
    struct str key;   /* folded: "quan ly bien gioi"; what posts and queues name a group of procedures by */
    int64_t count;    /* of procedures */
};
/* In Vietnamese order. */
enum outcome catalogue_fields(struct catalogue *c, struct tx *tx, struct procedure_field **out, size_t *out_count,
                              struct fail *why) MUST_USE;

struct procedure_event {
    const struct life_event *event;
    int64_t count; /* of procedures in force that people begin; never 0 */
};
/* Today's events that lead anywhere, in the order of their data. */
enum outcome catalogue_events(struct catalogue *c, struct tx *tx, struct procedure_event **out, size_t *out_count,
                              struct fail *why) MUST_USE;

/* ---- changes ---- */

enum procedure_import_result {
    PROCEDURE_UNCHANGED,
    PROCEDURE_ADDED,
    PROCEDURE_CHANGED,
    PROCEDURE_DRAFTED, /* the procedure was withdrawn: what came is a draft until it is published by a decision */
};

/* What a procedure folder adds to a record. */
struct procedure_extra {
    int64_t process_version;  /* of its process.steps; 0: the process of its kind */
    struct str result_html;   /* its result.html; empty: none */
    struct str process_steps; /* the text, for the content hash */
    struct str rules;         /* its rules.dmn: versions of their own (rule/ruling.h), no part of the hash */
};

struct procedure_import {
    struct actor actor;
    const struct procedure *procedure;
    struct str record, hash; /* procedure_record() and procedure_hash(): made before, so that the command only writes */
    struct str source;       /* name of the file */
    struct procedure_extra extra;
};
/* SHA-256 of the record; of record and extras when there are any. */
struct str procedure_hash(struct arena *a, struct str record, const struct procedure_extra *extra);

struct procedure_imported {
    enum procedure_import_result result;
    int64_t id, version, number;
};
/* A command; in: struct procedure_import, out: struct procedure_imported. */
store_command procedure_import;

/* What later rooms make of a folder's files (given by app/). Each refuses with problems whose pointers are places in
 * the file. */
struct folder_reader {
    void *context;
    /* Compiles and keeps the steps; gives the id of the process version. */
    enum outcome (*steps)(void *context, struct str text, int64_t *out_version, struct fail *why);
    /* Is it a template of a result document? NULL: any text is. */
    enum outcome (*result)(void *context, struct str text, struct fail *why);
    /* Are these tables that can be used (rules.dmn)? Then: keeps them and puts them in force. NULL: refused. */
    enum outcome (*rules_check)(void *context, struct str text, struct fail *why);
    enum outcome (*rules)(void *context, struct str code, struct str folder, struct str text, bool *out_is_new,
                          struct fail *why);
};

/* Reads files and folders (detail sheets, records, and procedure folders, told apart by what they hold) and imports one
 * procedure after the other. Broken files are refused whole and stand in the report with their place, the rest goes in.
 * A procedure folder without procedure.json adds to the version in force. folders: NULL refuses process.steps. Fails
 * only when the store does. The report's arena keeps what it says. */
enum outcome catalogue_import(struct store *s, struct actor actor, const struct str *paths, size_t path_count,
                              const struct folder_reader *folders, struct import_report *report,
                              struct fail *why) MUST_USE;

#endif
