/*
 * Agencies, and the territories they stand on. Three things that are often one word: a commune is a territory; its
 * People's Committee is an agency; "commune People's Committee" is a class of agencies. All have dates and successors;
 * nothing that was once in force is deleted. Who decides a procedure is competence.h; who works where is post.h. What
 * is found lives in the arena of the transaction.
 */
#ifndef AGENCY_AGENCY_H
#define AGENCY_AGENCY_H

#include "base/import_report.h"
#include "journal/journal.h"
#include "store/store.h"

#define DAY_OPEN INT32_MAX    /* no last day: in force; NULL in SQL and JSON */
#define DAY_UNKNOWN INT32_MIN /* first day before our records; NULL in SQL and JSON */

enum agency_level { AGENCY_CENTRAL, AGENCY_PROVINCE, AGENCY_COMMUNE };

/* A kind of agency, to which a procedure can be entrusted as a whole. */
struct agency_class {
    struct str name;   /* "commune_committee" */
    const char *title; /* gettext message */
    enum agency_level level;
};
extern const struct agency_class agency_classes[]; /* from the top down */
extern const size_t agency_classes_count;
const struct agency_class *agency_class_find(struct str name); /* NULL when there is none */

enum territory_kind {
    TERRITORY_PROVINCE,
    TERRITORY_CITY,     /* run by the centre: a province's rank */
    TERRITORY_DISTRICT, /* none in force since 2025-07-01 */
    TERRITORY_COMMUNE,
    TERRITORY_WARD,
    TERRITORY_TOWNSHIP, /* none in force since 2025-07-01 */
    TERRITORY_SPECIAL_ZONE,
    TERRITORY_OTHER, /* a training ground that stood in lists of communes */
    TERRITORY_KIND_COUNT
};
const char *territory_kind_name(enum territory_kind kind); /* "special_zone": in SQL and JSON */
bool territory_kind_parse(struct str name, enum territory_kind *out);

struct territory {
    int64_t id, parent; /* parent 0: none */
    struct str code;    /* statistical code; empty: none known */
    enum territory_kind kind;
    struct str name; /* "Xã Cát Tiên" */
    day_t valid_from, valid_to;
};

struct agency {
    int64_t id, version;
    struct str identifier;
    bool is_provisional; /* the identifier */
    struct str name;
    struct str class;
    int64_t territory, parent, successor; /* 0: none */
    day_t valid_from, valid_to;
    struct str phone, hotline; /* empty: unknown */
    struct str territory_code, territory_name, territory_kind;
    struct str parent_identifier, parent_name;
};

bool agency_is_in_force(const struct agency *a, day_t day);

/* ---- queries; ERR_MISSING with a sentence ---- */

enum outcome agency_load(struct tx *tx, int64_t id, struct agency *out, struct fail *why) MUST_USE;
void agency_ahead(struct tx *tx, struct value id); /* store_ahead */
/* Either form of the identifier. */
enum outcome agency_find(struct tx *tx, struct str identifier, struct agency *out, struct fail *why) MUST_USE;
void agency_find_ahead(struct tx *tx, struct str identifier); /* store_ahead */
struct value agency_found_to_come(void);                      /* its id, for what is asked with it */

/* Is it the agency `above`, or does it stand below? */
enum outcome agency_is_below(struct tx *tx, const struct agency *a, int64_t above, bool *out,
                             struct fail *why) MUST_USE;

/* Which agencies: every field narrows; at most `most` of those in force on the day, after `after`. Without words they
 * come in order of id and `after` is the last id seen; with words, best first, and `after` is how many were seen (of at
 * most 200). */
struct agency_filter {
    int64_t parent;       /* 0: any */
    struct str procedure; /* performing this procedure, with somebody in the post of receiver; empty: any */
    struct str words;     /* as typed, with or without accents; empty: all */
    day_t day;
    int64_t after;
    size_t most;
};
enum outcome agency_list(struct tx *tx, const struct agency_filter *filter, struct agency **out, size_t *out_count,
                         struct fail *why) MUST_USE;

enum outcome territory_load(struct tx *tx, int64_t id, struct territory *out, struct fail *why) MUST_USE;
enum outcome territory_find(struct tx *tx, struct str statistical_code, struct territory *out,
                            struct fail *why) MUST_USE;
/* Those whose place a territory took, or a part of it. */
enum outcome territory_predecessors(struct tx *tx, int64_t id, struct territory **out, size_t *out_count,
                                    struct fail *why) MUST_USE;

/* ---- changes ---- */

struct agency_new {
    struct actor actor;
    struct str identifier; /* in force, checked by identifier_parse; empty: the next free one of a unit of the parent */
    bool is_provisional;
    struct str name, class;
    int64_t territory, parent; /* 0: none */
    day_t valid_from;
    struct str phone, hotline;
};
/* A command; out is int64_t, the id. ERR_CONFLICT when the identifier is taken. */
store_command agency_add;

enum { AGENCY_NAME_MOST = 200, AGENCY_PHONE_MOST = 60 };

/* What people call it and where they call it. A command; no output. ERR_INVALID with problems. */
struct agency_change {
    struct actor actor;
    int64_t agency;
    struct str name, phone, hotline;
};
store_command agency_rename;
/* The last day; the agency has no open posts on the day after (ERR_CONFLICT), because somebody would wait there. */
struct agency_end {
    struct actor actor;
    int64_t agency;
    day_t last_day; /* DAY_OPEN: in force again */
};
store_command agency_end;

/* The 34 provinces and their communes from the JSON of statistical codes, each with its People's Committee; or the CSV
 * of the merger of 2025, which names for each old commune what took it. Broken files are refused whole; a second time
 * nothing changes; a renamed unit keeps its earlier name with its date; a unit missing from the file is reported and
 * stays. */
enum outcome agency_import_units(struct store *s, struct actor actor, struct str file, struct str content,
                                 struct import_report *report, struct fail *why) MUST_USE;

#endif
