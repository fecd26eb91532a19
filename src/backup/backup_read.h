/* A backup taken apart, entry after entry; private to the room. The same for a file and for a list in a folder. */
#ifndef BACKUP_BACKUP_READ_H
#define BACKUP_BACKUP_READ_H

#include "backup/backup.h"
#include "base/json.h"

struct backup_entry {
    struct str path; /* checked: one of those that a backup may hold */
    unsigned mode;
    uint64_t bytes;
    bool is_paper;
    struct sha256 hash; /* of a paper, by its name */
};

struct backup_reader;
enum outcome backup_open(struct arena *a, struct str path, struct backup_reader **out, struct fail *why) MUST_USE;
void backup_close(struct backup_reader *r); /* NULL is fine */
/* ERR_MISSING (without a sentence) after the last. */
enum outcome backup_next(struct backup_reader *r, struct backup_entry *out, struct fail *why) MUST_USE;
/* The next piece of the entry, borrowed until the next call; empty at its end. */
enum outcome backup_piece(struct backup_reader *r, struct str *out, struct fail *why) MUST_USE;
/* Of a list at once, of a file after its last entry; NULL: it has none, it was broken off. */
yyjson_val *backup_manifest(struct backup_reader *r);

#endif
