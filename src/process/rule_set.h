/*
 * The legal values of the one-stop process, dated: how often papers may be asked for, until when they are handed over,
 * how a code is written, which number a form has. They come from rules/one-stop.json, which is part of the program; a
 * dossier keeps the name of the set in force on the day of its reception, so that a new decree changes nothing that was
 * promised. The sets follow each other without gap or overlap. They live as long as the program; any thread may read.
 */
#ifndef PROCESS_RULE_SET_H
#define PROCESS_RULE_SET_H

#include "base/clock.h"
#include "calendar/term.h"

/* A form of the law by what it is, because its number changes with the circular. */
struct rule_form {
    struct str id;     /* receipt, supplement, refusal, apology, stop, control, register */
    struct str number; /* "01" */
    struct str title;  /* Vietnamese, as the circular names it */
};

struct rule_set {
    struct str name; /* "one-stop-2026-08" */
    struct str basis;
    day_t valid_from, valid_to;    /* valid_to INT32_MAX: in force */
    int64_t supplements_most;      /* how often papers may be asked for */
    int64_t extensions_most;       /* how often the time limit may be extended */
    int64_t extension_notice_days; /* at the latest so many days before it ends */
    struct term intake_check;      /* within which an online dossier is checked: working hours */
    struct term appraisal_return;  /* after receipt, papers may be asked for only so long */
    int64_t hand_over_cutoff_us;  /* since local midnight: received later, papers go to the unit the next working day */
    int64_t hand_over_next_by_us; /* and by then */
    struct str consult_paper;     /* in-turn or parallel: how units are asked when nobody says otherwise */
    struct str consult_electronic;
    bool code_has_century; /* the date in a code: yymmdd, or yyyymmdd */
    int code_width;        /* least digits of the number in a code */
    struct str forms_basis;
    const struct rule_form *forms;
    size_t form_count;
};

/* In force on the day; the first for days before it. Never NULL. */
const struct rule_set *rule_set_at(day_t day);
const struct rule_set *rule_set_by_name(struct str name); /* NULL when there is none */
/* The set that a dossier keeps; for one that keeps none yet, the set of the day. */
const struct rule_set *rule_set_of(struct str name, day_t day);
/* NULL when the set has no such form. */
const struct rule_form *rule_set_form(const struct rule_set *s, const char *id);

/* The file's text: every mistake at its place. */
enum outcome rule_sets_parse(struct arena *a, struct str text, const struct rule_set **out, size_t *out_count,
                             struct fail *why) MUST_USE;
extern const char rule_sets_text[];

#endif
