/*
 * A procedure's legal record as every room reads it: what is asked of whom, on which channel, within which term, for
 * which fee, under which law. A record is immutable: a changed sheet makes another version, and a dossier keeps the one
 * that it began with. What the source does not say is unknown here too (an empty text, TERM_NONE, a fee that is not
 * known), never zero. All texts are NFC and live in the arena of whoever read the record, or for as long as the process
 * when it came from catalogue_version().
 */
#ifndef CATALOGUE_PROCEDURE_H
#define CATALOGUE_PROCEDURE_H

#include "base/fail.h"
#include "base/json.h"
#include "calendar/term.h"

/* ---- vocabularies: the name in C, the code in JSON and queries, what people read (gettext) ---- */

#define PROCEDURE_KINDS(X)                                                                                             \
    X(KIND_ADMINISTRATIVE, "administrative", N_("Administrative procedure"))                                           \
    X(KIND_INTERNAL_BETWEEN, "internal_between", N_("Internal procedure between agencies"))                            \
    X(KIND_INTERNAL_WITHIN, "internal_within", N_("Internal procedure within an agency"))                              \
    X(KIND_CAREER, "career", N_("Public-career service"))                                                              \
    X(KIND_UTILITY, "utility", N_("Utility service"))

#define INITIATORS(X)                                                                                                  \
    X(INITIATOR_APPLICANT, "applicant", N_("Begun by an application"))                                                 \
    X(INITIATOR_AUTHORITY, "authority", N_("Begun by the authority"))

/* Complaints and denunciations have laws of their own (02/2011/QH13, 25/2018/QH14) and no public look-up. */
#define PROCEDURE_PROCESSES(X)                                                                                         \
    X(PROCESS_APPLICATION, "application", N_("Application"))                                                           \
    X(PROCESS_COMPLAINT, "complaint", N_("Complaint"))                                                                 \
    X(PROCESS_DENUNCIATION, "denunciation", N_("Denunciation"))                                                        \
    X(PROCESS_SUSPENSION, "suspension_or_revocation", N_("Suspension or revocation"))

/* Without the district, which is no level since 2025-07-01 (Law 72/2025/QH15). */
#define PROCEDURE_LEVELS(X)                                                                                            \
    X(LEVEL_CENTRAL, "central", N_("Central level"))                                                                   \
    X(LEVEL_PROVINCE, "province", N_("Province level"))                                                                \
    X(LEVEL_COMMUNE, "commune", N_("Commune level"))                                                                   \
    X(LEVEL_OTHER, "other", N_("Other agencies"))

/* In the order in which pages offer them. */
#define PROCEDURE_CHANNELS(X)                                                                                          \
    X(CHANNEL_ONLINE, "online", N_("Online"))                                                                          \
    X(CHANNEL_COUNTER, "counter", N_("At the counter"))                                                                \
    X(CHANNEL_POSTAL, "postal", N_("By post"))

#define AUDIENCES(X)                                                                                                   \
    X(AUDIENCE_CITIZEN, "citizen", N_("Vietnamese citizens"))                                                          \
    X(AUDIENCE_OVERSEAS, "overseas_vietnamese", N_("Vietnamese settled abroad"))                                       \
    X(AUDIENCE_FOREIGNER, "foreigner", N_("Foreigners"))                                                               \
    X(AUDIENCE_OFFICIAL, "official", N_("Cadres, civil servants and public employees"))                                \
    X(AUDIENCE_BUSINESS, "business", N_("Enterprises"))                                                                \
    X(AUDIENCE_FOREIGN_BUSINESS, "foreign_invested_business", N_("Foreign-invested enterprises"))                      \
    X(AUDIENCE_ORGANISATION, "organisation", N_("Organisations (not enterprises or cooperatives)"))                    \
    X(AUDIENCE_FOREIGN_ORGANISATION, "foreign_organisation", N_("Foreign organisations"))                              \
    X(AUDIENCE_COOPERATIVE, "cooperative", N_("Cooperatives"))

#define PUBLICATIONS(X)                                                                                                \
    X(PUBLISHED, "published", N_("Published"))                                                                         \
    X(PUBLISHED_DATE_UNKNOWN, "published_date_unknown", N_("Published, date unknown"))                                 \
    X(DECISION_UNKNOWN, "decision_unknown", N_("Publishing decision unknown"))

#define TERM_KINDS(X)                                                                                                  \
    X(TERM_UNSTATED, "none", N_("No term is stated"))                                                                  \
    X(TERM_FIXED, "fixed", N_("Fixed term"))                                                                           \
    X(TERM_RANGE, "range", N_("A range"))                                                                              \
    X(TERM_BY_EVENT, "by_event", N_("Ends with an event"))                                                             \
    X(TERM_UNCLEAR, "unclear", N_("Not clear"))

/* Law on fees and charges 97/2015/QH13, art. 3: phí pays for a service, lệ phí is a fixed charge. They stay apart. */
#define FEE_KINDS(X)                                                                                                   \
    X(FEE_SERVICE, "fee", N_("Fee"))                                                                                   \
    X(FEE_CHARGE, "charge", N_("Charge"))

/* code, decimals of the minor unit */
#define CURRENCIES(X)                                                                                                  \
    X(CURRENCY_VND, "VND", 0)                                                                                          \
    X(CURRENCY_USD, "USD", 2)

#define REQUIRED_KINDS(X)                                                                                              \
    X(REQUIRED_ALWAYS, "always", N_("Required"))                                                                       \
    X(REQUIRED_IF_ANY, "if_any", N_("If there is one"))                                                                \
    X(REQUIRED_ONE_OF, "one_of", N_("One of these"))                                                                   \
    X(REQUIRED_CASE, "case", N_("In certain cases"))                                                                   \
    X(REQUIRED_SHOWN, "shown", N_("Shown, not handed in"))

#define VOCABULARY_ENUM_ROW(name, code, label) name,
enum procedure_kind { PROCEDURE_KINDS(VOCABULARY_ENUM_ROW) PROCEDURE_KIND_COUNT };
enum initiator { INITIATORS(VOCABULARY_ENUM_ROW) INITIATOR_COUNT };
enum procedure_process { PROCEDURE_PROCESSES(VOCABULARY_ENUM_ROW) PROCEDURE_PROCESS_COUNT };
enum procedure_level { PROCEDURE_LEVELS(VOCABULARY_ENUM_ROW) PROCEDURE_LEVEL_COUNT };
enum channel_kind { PROCEDURE_CHANNELS(VOCABULARY_ENUM_ROW) CHANNEL_KIND_COUNT };
enum audience { AUDIENCES(VOCABULARY_ENUM_ROW) AUDIENCE_COUNT };
enum publication { PUBLICATIONS(VOCABULARY_ENUM_ROW) PUBLICATION_COUNT };
enum term_kind { TERM_KINDS(VOCABULARY_ENUM_ROW) TERM_KIND_COUNT };
enum fee_kind { FEE_KINDS(VOCABULARY_ENUM_ROW) FEE_KIND_COUNT };
enum currency { CURRENCIES(VOCABULARY_ENUM_ROW) CURRENCY_COUNT };
enum required_kind { REQUIRED_KINDS(VOCABULARY_ENUM_ROW) REQUIRED_KIND_COUNT };
#undef VOCABULARY_ENUM_ROW

struct vocabulary_word {
    const char *code;
    const char *label; /* gettext message; for a currency its code */
};
/* Tables indexed by the enum. */
extern const struct vocabulary_word procedure_kind_words[PROCEDURE_KIND_COUNT], initiator_words[INITIATOR_COUNT],
    process_words[PROCEDURE_PROCESS_COUNT], level_words[PROCEDURE_LEVEL_COUNT], channel_words[CHANNEL_KIND_COUNT],
    audience_words[AUDIENCE_COUNT], publication_words[PUBLICATION_COUNT], term_kind_words[TERM_KIND_COUNT],
    fee_kind_words[FEE_KIND_COUNT], currency_words[CURRENCY_COUNT], required_words[REQUIRED_KIND_COUNT];
/* The row with this code, or -1. */
int vocabulary_find(const struct vocabulary_word *words, size_t count, struct str code);

/* ---- the record ---- */

/* One body of a list of agencies: "Cục Quân y/Tổng cục Hậu cần - Kỹ thuật" is one, with its parent. */
struct agency_name {
    struct str text;         /* this body as the record writes it */
    struct str unit, parent; /* "Cục Quân y", "Tổng cục Hậu cần - Kỹ thuật"; parent empty when none is named */
    bool is_person_title;     /* "Chủ tịch UBND cấp xã": an office held by a person, not a body */
    bool is_outside_ministry; /* a body of another branch than the ministry that publishes the record */
    bool is_former_district;  /* a body of the level that ended on 2025-06-30 */
};

struct agency_list {
    struct str text; /* the whole cell, cleaned; empty when the record says nothing */
    struct agency_name *at;
    size_t count;
};

/* No fee is more, in minor units; what is above is no amount. */
#define FEE_AMOUNT_MOST INT64_C(1000000000000000)

struct fee {
    enum fee_kind kind;
    bool is_known;  /* false: the record names no amount that can be charged; never treat it as zero */
    int64_t amount; /* minor units of the currency */
    enum currency currency;
    struct str condition; /* for whom, for what: the words beside the amount */
    struct str text;      /* the line as it was written, cleaned */
    struct str file;      /* a file that the record names beside it; the file itself is absent */
};

struct procedure_case {
    struct str id;    /* stable: "30-working-days"; the same id on each channel that has the case */
    struct str label; /* for people, when the channel has several cases; else empty */
    enum term_kind term_kind;
    struct term term;     /* TERM_NONE unless TERM_FIXED; continuous hours at border gates (24 hours, 7 days) */
    struct str term_text; /* as written; empty when nothing was */
    bool is_fee_stated;   /* false: the record leaves the fee blank, which is not "no fee" */
    struct fee *fees;
    size_t fee_count;
};

struct channel {
    enum channel_kind kind;
    struct procedure_case *cases; /* at least one */
    size_t case_count;
};

struct component {
    struct str id;          /* stable while its text is: "c3f2a91b0" */
    struct str label;       /* at most 200 code points */
    struct str detail;      /* the whole text when the label is not all of it; else empty */
    int originals, copies;  /* COUNT_UNKNOWN when the record does not say */
    struct str *form_files; /* names only: a name is no identity and the files are absent */
    size_t form_file_count;
    enum required_kind required;
    struct str group; /* components of one group stand for one another (one_of) or belong to one case; empty: alone */
    bool is_heading;  /* the title of a case: nothing is handed in for it */
};
enum { COUNT_UNKNOWN = -1, COMPONENT_LABEL_MOST = 200 };

struct law_reference {
    struct str symbol; /* "12/2020/TT-BQP"; empty when the record gives none that can be one */
    struct str type;   /* "law", "ordinance", "decree", "decision", "circular", "joint_circular", ... or empty */
    struct str title;
    struct str raw; /* the number as it was written */
};

struct procedure {
    struct str code; /* "1.013124" */
    struct str name;
    enum procedure_kind kind;
    enum initiator initiator;
    enum procedure_process process;
    struct str kind_text; /* the kind as the record words it */
    struct str field;
    enum procedure_level levels[PROCEDURE_LEVEL_COUNT];
    size_t level_count;
    struct str level_text;
    enum publication state;
    struct str decision_text, decision_number, decision_date; /* number "6225/QĐ-BQP"; date "2025-12-01" or empty */
    enum audience audience[AUDIENCE_COUNT];
    size_t audience_count;
    struct str audience_text;
    struct agency_list performing, competent, coordinating;
    struct str reception_address;
    struct channel channels[CHANNEL_KIND_COUNT];
    size_t channel_count;
    struct component *components;
    size_t component_count;
    struct str *results;
    size_t result_count;
    struct law_reference *laws;
    size_t law_count;
    struct str conditions, steps, manner;
    struct str source; /* the file that the source names, "ChiTietTTHC_1.013124.doc" */
};

/* "1.013124", or the local form with an agency's old id, "1.000123.000.00.00.H36". */
bool procedure_code_is_valid(struct str code);

/* ---- lookups every room shares ---- */

const struct channel *procedure_channel(const struct procedure *p, enum channel_kind kind); /* NULL: not offered */
const struct procedure_case *channel_case(const struct channel *c, struct str case_id);     /* NULL: no such case */
const struct component *procedure_component(const struct procedure *p, struct str component_id); /* NULL: none */
bool procedure_has_level(const struct procedure *p, enum procedure_level level);
/* Begun by an officer, by nobody else: what the authority begins of its own motion, and what agencies ask each other.
 */
bool procedure_is_of_officers(const struct procedure *p);
bool procedure_is_internal(const struct procedure *p); /* between agencies or the units of one */
/* A second complaint goes to the superior of whoever settled the first (Law 02/2011/QH13, art. 7). Sheets say it in the
 * name alone. */
bool procedure_is_second_complaint(struct arena *a, const struct procedure *p);
/* Whether a stranger may look up its dossiers by code (never for complaints and denunciations). */
bool procedure_is_public_lookup(const struct procedure *p);
/* "50.000 ₫", "1,50 USD": an amount for people, in Vietnamese digits. */
struct str fee_amount_for_people(struct arena *a, const struct fee *f);

/* ---- the record as JSON: docs/procedure_schema.md ---- */

/* The members of the record, without the braces: a caller adds its own beside them. */
void procedure_write_members(struct json_writer *w, const struct procedure *p);
/* The canonical text, over which the content hash is made. */
struct str procedure_record(struct arena *a, const struct procedure *p);
/* The exact inverse. ERR_INVALID with every problem and its pointer. */
enum outcome procedure_read(struct arena *a, struct str text, struct procedure **out, struct fail *why) MUST_USE;
enum outcome procedure_read_value(struct arena *a, yyjson_val *root, struct procedure **out, struct fail *why) MUST_USE;

#endif
