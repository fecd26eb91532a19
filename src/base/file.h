/*
 * Disk, with the two promises that matter: what is said to be written is on the platter, and what is read is bounded.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/fail.h"

/* The whole file, at most ceiling bytes (ERR_TOO_LARGE). ERR_MISSING when it does not exist. */
enum outcome file_read(struct arena *a, struct str path, size_t ceiling_bytes, struct str *out,
                       struct fail *why) MUST_USE;
/* New content under the old name or nothing at all: temporary file, fsync, rename, fsync of the folder. */
enum outcome file_write(struct str path, struct str content, unsigned mode, struct fail *why) MUST_USE;
enum outcome file_sync_folder(struct str folder, struct fail *why) MUST_USE;
enum outcome file_make_folder(struct str path, unsigned mode,
                              struct fail *why) MUST_USE; /* with its parents; fine when there */
bool file_exists(struct str path);
/* A write was refused with this errno: ERR_DOWN with what people should know of it. */
enum outcome file_refused(int cause, struct fail *why);
/* Names in a folder, sorted by bytes, without "." and "..". */
enum outcome file_names(struct arena *a, struct str folder, struct str **out, size_t *out_count,
                        struct fail *why) MUST_USE;
/* What follows the last "/": the path itself when there is none. Borrowed from the path. */
struct str file_base_name(struct str path);
struct str file_join(struct arena *a, struct str folder, struct str name);
/* A key: the file in the folder; when it is not there and a supervisor hands one of this name to the process
 * (CREDENTIALS_DIRECTORY, systemd.exec(5)), that one. */
struct str file_of_key(struct arena *a, struct str folder, struct str name);
/* What starts this very program once more: the kernel's link to it, which an update of the file does not change. Where
 * another program runs this one (valgrind, an emulator), the link opens that one and the name it tells is ours. */
struct str file_own_program(struct arena *a);

#endif
