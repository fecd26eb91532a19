/*
 * What kind of paper a file is, by its content only: neither its name nor what the client says about it counts. What is
 * not in the table is refused: pages, scripts, SVG, programs, plain archives, documents with macros. Office documents
 * are containers, so for them the place where the container lists its parts is read too.
 */
#ifndef DOSSIER_FILE_TYPE_H
#define DOSSIER_FILE_TYPE_H

#include "base/fail.h"

/* Containers: no types of papers yet, only what file_type_look goes on with. */
#define CONTAINER_ZIP "application/zip"
#define CONTAINER_OLE "application/x-ole-storage"

enum { ZIP_TAIL_BYTES = 64 * 1024 };

/* By its first bytes (512 are enough): a media type, a container, or empty when the file is not accepted. */
struct str file_type_of(struct str head);
/* An Office document by the last bytes of its archive (64 KiB are enough); empty when it is none or carries macros. */
struct str file_type_of_zip(struct str tail);
/* An old one by the list of its parts (ole.h); empty when it is neither Word nor Excel or carries macros. */
struct str file_type_of_ole(struct str folder);

/* All of it for a file on disk. ERR_TYPE with a sentence when it is not accepted. */
enum outcome file_type_look(struct str head, struct str path, struct str *out, struct fail *why) MUST_USE;

/* A base name without tricks and with the extension of the type; "giay-to.pdf" when nothing is left of the given one.
 */
struct str file_name_for(struct arena *a, struct str given, struct str type);
/* May a browser show it in place? Everything else is downloaded. */
bool file_type_is_shown(struct str type);

#endif
