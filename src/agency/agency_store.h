/*
 * Rows of the agency room, for its own files: days that may be open, and searching among candidates.
 */
#ifndef AGENCY_AGENCY_STORE_H
#define AGENCY_AGENCY_STORE_H

#include "agency/competence.h"

struct value v_day(day_t d);                            /* NULL for DAY_OPEN and DAY_UNKNOWN */
struct value v_ref(int64_t id);                         /* NULL for 0 */
day_t row_day_from(const struct row *r, size_t column); /* DAY_UNKNOWN for NULL */
day_t row_day_to(const struct row *r, size_t column);   /* DAY_OPEN for NULL */

/* A row of competence; every query of them begins with these columns. */
struct competence competence_read(const struct row *r);

/* What `agency.search` holds: name, place and identifier, folded. */
struct str agency_search_text(struct arena *a, struct str name, struct str place, struct str identifier);

/* How a territory's names are matched: lower case, tone marks in one place, no spaces around hyphens, one apostrophe.
 */
struct str place_normal(struct arena *a, struct str name);
/* The same without the kind before it ("xã", "thành phố"); the whole when it begins with none. */
struct str place_bare(struct str normal);

/* A name that begins with its kind, in any case: "đặc khu Lý Sơn". */
struct place {
    enum territory_kind kind;
    struct str name;        /* "Đặc khu Lý Sơn" */
    struct str in_sentence; /* "đặc khu Lý Sơn" */
    struct str normal;      /* for matching */
};
bool place_read(struct arena *a, struct str text, struct place *out); /* false when it begins with no kind */
/* `territory.path`: the normal names from the province down. */
struct str place_path(struct arena *a, const struct str *normals, size_t count);

#endif
