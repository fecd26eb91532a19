/*
 * Old Office documents (.doc, .xls) are a small file system in one file ([MS-CFB]): sectors in chains, and among them
 * the folder that lists the parts. This finds the whole folder, however its sectors are scattered, and reads nothing
 * else; what the parts are called decides file_type.h.
 */
#ifndef DOSSIER_OLE_H
#define DOSSIER_OLE_H

#include "base/arena.h"
#include "base/str.h"

enum { OLE_ENTRY_BYTES = 128, OLE_FOLDER_BYTES = 512 * 1024 };

/* So many bytes of the document from a place; false when it does not have them. */
typedef bool ole_read_fn(void *context, uint64_t from, char *to, size_t bytes);

/* Entries of OLE_ENTRY_BYTES each, in the arena. False when the chain makes no sense or is longer than any document's
 * (OLE_FOLDER_BYTES). */
bool ole_folder(ole_read_fn *read, void *context, struct arena *a, struct str *out);

#endif
