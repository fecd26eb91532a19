/*
 * A detail sheet of the national procedure database ("ChiTietTTHC"), as extracted to JSON, becomes a struct procedure.
 * The sheet is either refused whole, with the place, or taken with a doubt for each thing that had to be decided. Rules
 * live in sheet_part.h; here stands only the shape of the file. docs/procedure_sheets.md describes both for people.
 */
#ifndef CATALOGUE_SHEET_READ_H
#define CATALOGUE_SHEET_READ_H

#include "base/import_report.h"
#include "base/map.h"
#include "catalogue/procedure.h"

enum { SHEET_BYTES_MOST = 256 * 1024 }; /* the largest real one has 40 KB */

struct sheet_source {
    struct str file; /* its name, for doubts and for comparing with the code */
    struct str text;
    struct map *law_titles; /* folded symbol -> struct str *: what the sheets of one import call each legal document, so
                               that different titles are reported; NULL: not compared */
};

/* Doubts go to the report also when the sheet is refused later. *out_place: where it is broken, when it is: "line 12",
 * "#/metadata/mã_thủ_tục (line 5)". */
enum outcome sheet_read(struct arena *a, const struct sheet_source *source, struct import_report *report,
                        struct procedure **out, struct str *out_place, struct fail *why) MUST_USE;

#endif
