/*
 * Publication: the decisions by which a version of a procedure comes into force from a day, or no version is any more.
 * A version without a decision is a draft. What is in force on a day decides what can be submitted, found and read;
 * a dossier that runs keeps its version. Decisions are added, never changed: to take an announced version back, another
 * is published from the same day, and of one day the latest decision counts.
 */
#ifndef CATALOGUE_PUBLICATION_H
#define CATALOGUE_PUBLICATION_H

#include "calendar/calendar.h"
#include "catalogue/catalogue.h"

/* Who decides, and how long before the first day: dated data. Code, since when, notice, its source, label. */
struct notice_rule {
    struct str level; /* "ministry", "province" */
    day_t valid_from, valid_to;
    struct term notice;
    const char *basis;
    const char *label; /* message */
};
extern const struct notice_rule notice_rules[];
extern const size_t notice_rule_count;

struct decision {
    struct str number; /* "6225/QĐ-BQP" */
    day_t decided_on;  /* DAY_UNKNOWN when it is not known (imports) */
    struct str authority;
    struct str level; /* a level of notice_rules, or empty */
    day_t valid_from; /* first day of effect */
    struct str note;
    struct sha256 file; /* of the decision's file, with its name and type; name empty: none */
    struct str file_name, file_type;
    bool is_late; /* filled by decision_check */
};

/* Every problem at once: what is missing, days in the wrong order. Says whether it is late by the rule of its level. */
void decision_check(struct decision *d, const struct calendar *calendar, day_t today, struct fail *why);

/* ---- a draft ---- */

struct draft_version {
    struct actor actor;
    const struct procedure *procedure;
    struct str record, hash, source;
};
/* A command; out is int64_t: the number of the version. ERR_MISSING when there is no such procedure; ERR_CONFLICT when
 * the newest version says the same. */
store_command procedure_draft;

/* ---- deciding ---- */

struct publish {
    struct actor actor;
    struct str code;
    int64_t number; /* of the version; 0: withdraw the procedure */
    struct decision decision;
};
/* A command; out: int64_t, the decision's number among the procedure's. ERR_MISSING: no such procedure or version.
 * ERR_CONFLICT: it is withdrawn already. */
store_command procedure_publish;

/* ---- what was decided ---- */

enum publication_act { PUBLICATION_IMPORT, PUBLICATION_PUBLISH, PUBLICATION_WITHDRAW };
extern const struct vocabulary_word publication_act_words[PUBLICATION_WITHDRAW + 1];

struct publication_row {
    int64_t n, version_number; /* 0: none, withdrawn */
    enum publication_act act;
    struct decision decision;
    instant_t at;
    struct str by; /* name of the account; empty: the system */
};
/* Newest first. */
enum outcome catalogue_publications(struct tx *tx, struct str code, struct publication_row **out, size_t *out_count,
                                    struct fail *why) MUST_USE;

#define VERSION_STATES(X)                                                                                              \
    X(VERSION_DRAFT, "draft", N_("Draft"))                                                                             \
    X(VERSION_ANNOUNCED, "published", N_("Published, not in force yet"))                                               \
    X(VERSION_IN_FORCE, "in_force", N_("In force"))                                                                    \
    X(VERSION_REPLACED, "replaced", N_("Replaced"))                                                                    \
    X(VERSION_WITHDRAWN, "withdrawn", N_("Withdrawn"))
#define VERSION_STATE_ROW(name, code, label) name,
enum version_state { VERSION_STATES(VERSION_STATE_ROW) VERSION_STATE_COUNT };
#undef VERSION_STATE_ROW
extern const struct vocabulary_word version_state_words[VERSION_STATE_COUNT];

/* The row that counts on the day, among all of a procedure; NULL when none does yet. */
const struct publication_row *publication_at(const struct publication_row *rows, size_t count, day_t day);
/* What a version is on the day, and since (or from) when: DAY_UNKNOWN for drafts and what is older than our records. */
enum version_state version_state_at(const struct publication_row *rows, size_t count, int64_t version_number, day_t day,
                                    day_t *out_since);

/* ---- which version somebody reads ---- */

struct procedure_choice {
    struct procedure_ref ref;
    struct procedure_version version;
    bool is_current; /* the version in force today, or what stands for it (procedure_ref) */
};
/* The version with that number, as typed; empty: the current one. A draft is read by those who make drafts only:
 * ERR_MISSING for the others, as for a version that does not exist. */
enum outcome catalogue_choose(struct tx *tx, struct str code, struct str number, bool may_see_drafts,
                              struct procedure_choice *out, struct fail *why) MUST_USE;

#endif
