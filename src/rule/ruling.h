/*
 * What a procedure's decision tables say about one dossier: its fees, whether who applies is eligible, which case is
 * proposed; with the rules that said so. The tables are the file rules.dmn of the procedure's folder; three decisions
 * in it have names that the program knows (docs/rules.md), everything else is the official's own. An answer that comes
 * from an error is no answer: it is an incident with its reason and place, and the desk decides. An answer that is not
 * there because a question was left open is neither. Nothing here refuses anybody: an office decides, not a table.
 *
 * Tables are kept in versions that never change, identified by the hash of their text; a decision with its number puts
 * one into force from a day. A dossier keeps what the version in force at its submission said.
 */
#ifndef RULE_RULING_H
#define RULE_RULING_H

#include "agency/agency.h"
#include "base/language.h"
#include "catalogue/procedure.h"
#include "journal/journal.h"
#include "rule/legal_time.h"
#include "rule/tables.h"

enum { RULING_DECISIONS = 3, RULING_HITS = 32, RULING_SAMPLES = 20 };

/* ---- a ruling ---- */

struct ruling_facts {
    struct str channel, case_id;         /* "online"; empty: the only case */
    instant_t at;                        /* of the submission */
    yyjson_val *answers;                 /* the form: an object, or NULL */
    const struct legal_time *legal_time; /* calendars that the tables may count by; NULL: none */
};

struct ruling_hit {
    struct str decision;
    struct str rules; /* "1, 3": numbers from 1; empty: no table */
};

struct ruling_incident {
    struct str decision;
    int64_t line, column; /* in the cell; 0: no place */
    struct str sentence;  /* message */
    struct str args[FAIL_ARGS];
};

struct ruling_input {
    struct str label, value;
};

struct ruling {
    int64_t version;  /* id; of what was loaded: its number */
    int64_t tables;   /* id of the version, of what was loaded */
    struct str hash;  /* of the version */
    struct fee *fees; /* as the tables say; the record's do not count then */
    size_t fee_count;
    bool has_fees, has_eligibility, is_eligible;
    struct str reason;  /* of the eligibility, for people */
    struct str case_id; /* proposed; empty: none */
    struct str *open;   /* questions without an answer, on which an answer that is not there depends */
    size_t open_count;
    const struct declaration *questions; /* all that the tables asked: they stay the dossier's questions */
    size_t question_count;
    struct ruling_incident *incidents; /* one for each decision that stopped */
    size_t incident_count;
    struct ruling_hit *hits;
    size_t hit_count;
    struct ruling_input *inputs;
    size_t input_count;
    struct str facts; /* JSON, as it is kept */
};

/* A decision that cannot be told is an incident, unless it waits for a question that was left open: an error that is
 * there whatever the answer may be is an incident all the same. */
void ruling_make(struct arena *a, const struct tables *t, const struct ruling_facts *facts, struct ruling *out);
/* Facts as they were kept. */
enum outcome ruling_facts_read(struct arena *a, struct str json, struct ruling_facts *out, struct fail *why) MUST_USE;
struct str ruling_incident_for_people(struct arena *a, enum language l, const struct ruling_incident *i);
/* "Mức thu, quy tắc 1, 3" */
struct str ruling_hit_for_people(struct arena *a, enum language l, const struct ruling_hit *hit);
/* Fees and eligibility in one line, to compare versions by. */
struct str ruling_for_people(struct arena *a, enum language l, const struct ruling *r);
/* An object (docs/api.md); incidents in the language. */
void ruling_json(struct json_writer *w, struct arena *a, enum language l, const struct ruling *r);
/* What ruling_json wrote; incidents stay in the language that they were written in. */
enum outcome ruling_read(struct arena *a, struct str text, struct ruling *out, struct fail *why) MUST_USE;
/* Adds the questions that a dossier was asked. r may be NULL. */
void ruling_add_questions(struct arena *a, const struct ruling *r, struct procedure_form *form);

/* ---- versions ---- */

struct rule_version {
    int64_t id, number;
    struct str procedure, hash, text, samples, source;
    instant_t taken_at;
    struct str by; /* empty: the system */
};
/* ERR_MISSING leaves `why` alone: the procedure has no tables on that day. */
enum outcome rules_in_force(struct tx *tx, struct str procedure, day_t day, struct rule_version *out,
                            struct fail *why) MUST_USE;
/* Newest first; text and samples are empty: rule_version_numbered has them. */
enum outcome rule_versions(struct tx *tx, struct str procedure, struct rule_version **out, size_t *out_count,
                           struct fail *why) MUST_USE;
/* ERR_MISSING with a sentence. */
enum outcome rule_version_numbered(struct tx *tx, struct str procedure, int64_t number, struct rule_version *out,
                                   struct fail *why) MUST_USE;

struct rule_decision {
    day_t valid_from, decided_on; /* DAY_UNKNOWN: before our records; unknown */
    struct str number, authority, note;
};
struct rule_publication {
    int64_t n, version_number;
    struct rule_decision decision;
    instant_t at;
    struct str by;
};
/* Newest first. */
enum outcome rule_publications(struct tx *tx, struct str procedure, struct rule_publication **out, size_t *out_count,
                               struct fail *why) MUST_USE;

/* ---- changes ---- */

struct rule_keep {
    struct actor actor;
    struct str procedure, text, hash, source;
    struct str samples; /* empty: those of the newest version */
    bool is_in_force;   /* it came with the folder: in force at once */
};
/* A command; out is int64_t: the number of the version. ERR_CONFLICT when the newest version is the same. */
store_command rules_keep;

struct rule_publish {
    struct actor actor;
    struct str procedure;
    int64_t number;
    struct rule_decision decision;
};
/* A command; no output. */
store_command rules_publish;

/* ---- rulings of dossiers ---- */

/* What the tables say; NULL when there are none. A file that cannot be used any more is an incident, too. */
const struct ruling *ruling_by(struct arena *a, const struct rules_now *now, const struct ruling_facts *facts);
/* Part of the command that submits. */
enum outcome ruling_save(struct tx *tx, int64_t dossier, struct str procedure, const struct ruling *r,
                         struct fail *why) MUST_USE;
/* Part of the command that answers a supplement, and of the one that takes it back; version: the dossier's. */
enum outcome ruling_save_again(struct tx *tx, int64_t dossier, int64_t version, const struct ruling *r,
                               struct fail *why) MUST_USE;
enum outcome ruling_forget(struct tx *tx, int64_t dossier, int64_t version, struct fail *why) MUST_USE;
/* What was kept, the latest word; *out is NULL when no tables were in force. In tx_arena. */
enum outcome ruling_of(struct tx *tx, int64_t dossier, const struct ruling **out, struct fail *why) MUST_USE;

struct ruling_recent {
    struct str code; /* of the dossier */
    struct str facts;
    const struct ruling *ruling;
};
enum outcome rulings_recent(struct tx *tx, struct str procedure, size_t most, struct ruling_recent **out,
                            size_t *out_count, struct fail *why) MUST_USE;

/* ---- comparing ---- */

enum rule_change { RULE_ADDED, RULE_CHANGED, RULE_REMOVED };
struct rule_difference {
    enum rule_change change;
    struct str decision;      /* its name */
    int64_t rule;             /* number in the version that has it; 0: not a table */
    struct str before, after; /* the cells */
};
/* By the id of a rule, else by its cells, else by its place. Texts that are no models differ in nothing. */
void rules_difference(struct arena *a, struct str before, struct str after, struct rule_difference **out,
                      size_t *out_count);

struct rule_effect {
    struct str sample; /* a dossier's code, or a scenario's title */
    bool is_dossier, is_changed;
    struct str before, after; /* for people */
};
struct rules_weighed {
    enum language language;
    const struct rule_version *before, *after; /* before: the one in force, NULL when there is none */
    const struct legal_time *legal_time;       /* as in ruling_facts */
};
/* Recent dossiers and the folder's samples, by both versions. */
enum outcome rules_effect(struct tx *tx, const struct rules_weighed *what, struct rule_effect **out, size_t *out_count,
                          struct fail *why) MUST_USE;

#endif
