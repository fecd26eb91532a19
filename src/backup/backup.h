/*
 * Backups of a whole office while it works: the store in one snapshot, the papers, the keys, the settings. In two
 * shapes. A file is a tar archive that stands alone: taken apart by any `tar xf`, it is the data folder. A folder of
 * backups holds many: each is a list (NAME.backup) of parts that lie beside it under their own hash, so that what did
 * not change since the last one costs nothing (papers are linked where the file system can), and a backup every few
 * minutes is a small thing.
 *
 * A backup says what it is: program, schema, the sealed head of the journal, a hash of everything. backup_verify takes
 * it apart and believes none of that: every byte is hashed, the copy is opened and read through by the engine, the
 * journal's tree is computed anew and must have the sealed root, every paper that a row names must be there. A backup
 * holds the keys that numbers of people are enciphered with: it is to be kept as safe as the office itself.
 *
 * The room knows of no table but the journal's; which rows name papers says a query that it is given.
 */
#ifndef BACKUP_BACKUP_H
#define BACKUP_BACKUP_H

#include "journal/journal.h"
#include "journal/journal_key.h"

enum { BACKUP_FORMAT = 1, BACKUP_MANIFEST_BYTES = 128 * 1024 * 1024, BACKUP_ARENA = 1024 * 1024 * 1024 };
#define BACKUP_ENDING ".backup" /* of a list in a folder of backups */

/* What goes along from the data folder beside the store and its papers, when it is there. */
extern const char *const backup_beside[];
extern const size_t backup_beside_count;

struct backup_facts {
    struct str program, schema, origin; /* origin: of the journal, empty before a migration */
    instant_t made_at;
    struct journal_checkpoint head; /* sealed just before; size 0: none */
    uint64_t database_bytes, paper_bytes;
    int64_t papers;
    uint64_t new_bytes; /* what it took on the disk; of a folder less than its sum */
};

struct backup_source {
    struct store *store;
    const struct journal_key *key; /* seals the journal first; NULL: a store that is only just being opened */
    struct str folder;             /* the data folder */
};

/* to: a folder that exists (a new list in it) or a file that does not. out_path: what was made. Both in the arena. */
enum outcome backup_make(struct arena *a, const struct backup_source *source, struct str to, struct str *out_path,
                         struct backup_facts *out, struct fail *why) MUST_USE;

/* ---- reading ---- */

/* For opening the copy: as the program opens its own. */
struct backup_reading {
    const struct migration *migrations;
    size_t migration_count;
    unsigned named_papers; /* a query: the hash of every paper that a row names */
};

/* path: a file, a list, or a folder of backups (its newest). ERR_CONFLICT or ERR_BAD with a sentence when it is not
 * whole. Needs room beside it, or in TMPDIR, for the database once. */
enum outcome backup_verify(struct arena *a, const struct backup_reading *how, struct str path, struct backup_facts *out,
                           struct fail *why) MUST_USE;
/* The same, and then everything in `folder` (which exists and is empty): a data folder to open with
 * store_options.is_restored. */
enum outcome backup_unpack(struct arena *a, const struct backup_reading *how, struct str path, struct str folder,
                           struct backup_facts *out, struct fail *why) MUST_USE;

/* ---- a folder of backups ---- */

struct backup_folder_state {
    int64_t count;
    struct str newest; /* its name; empty: none */
    instant_t newest_at;
    struct str verified; /* the name of what was verified last; empty: nothing yet */
    instant_t verified_at;
    bool is_verified_well;
    struct str said; /* when it was not well */
};
enum outcome backup_folder_look(struct arena *a, struct str folder, struct backup_folder_state *out,
                                struct fail *why) MUST_USE;
/* backup_verify of its newest, with the answer kept in the folder. */
enum outcome backup_folder_verify(struct arena *a, const struct backup_reading *how, struct str folder,
                                  struct fail *why) MUST_USE;
/* Names of the lists, oldest first. */
enum outcome backup_folder_list(struct arena *a, struct str folder, struct str **out, size_t *out_count,
                                struct fail *why) MUST_USE;
instant_t backup_name_at(struct str name); /* INSTANT_NONE: no name of a list */
/* Keeps all of the last six hours, one an hour for two days, one a day for `days` days, and always the newest; drops
 * the other lists and the parts that no list names. */
enum outcome backup_folder_prune(struct arena *a, struct str folder, int64_t days, instant_t now, int64_t *out_dropped,
                                 struct fail *why) MUST_USE;
/* Which of so many lists (oldest first, by their moments) go. */
void backup_choose(const instant_t *made_at, size_t count, int64_t days, instant_t now, bool *out_goes);

/* ---- papers that no row names ---- */

struct backup_unnamed {
    int64_t count;
    uint64_t bytes;
};
/* Of a data folder's files/; removed when asked for. One that was sent within the last day stays. */
enum outcome backup_unnamed_papers(struct tx *tx, unsigned named_papers, struct str files_folder, bool removes,
                                   struct backup_unnamed *out, struct fail *why) MUST_USE;

#endif
