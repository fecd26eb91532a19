/*
 * Writing CSV (RFC 4180) for people's spreadsheets: every cell in quotes, lines end with CR LF, and a cell that a
 * spreadsheet would take for a formula begins with an apostrophe.
 */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/buf.h"

/* At the beginning of a file, so that spreadsheets read it as UTF-8. */
#define CSV_MARK "\xEF\xBB\xBF"

void csv_row(struct buf *out, const struct str *cells, size_t count);

#endif
