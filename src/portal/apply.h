/*
 * Applying step by step: what the pages of an application share. Each step is saved in the draft when it is sent, right
 * or wrong; what is still missing is asked of submission_read, whose problems belong to the steps by their place, so
 * that no step has rules of its own.
 */
#ifndef PORTAL_APPLY_H
#define PORTAL_APPLY_H

#include "dossier/application.h"
#include "dossier/submission_input.h"
#include "form/form.h"
#include "html/component.h"

enum apply_step {
    APPLY_WHERE,
    APPLY_BEHALF,
    APPLY_PARTIES,
    APPLY_FORM,
    APPLY_PAPERS,
    APPLY_RETURN,
    APPLY_CHECK,
    APPLY_STEP_COUNT
};

struct apply;
/* Draws the step's page. */
typedef enum outcome apply_show_fn(struct apply *a, const struct fail *problems, struct fail *why);
/* Puts what the request brings into the application; what it cannot take is noted in a->refused. */
typedef void apply_take_fn(struct apply *a);

struct apply_step_row {
    const char *name;       /* the end of its address */
    const char *title;      /* message */
    const char *members[2]; /* of the application: the step's problems lie under these */
    apply_show_fn *show;    /* NULL: the step has handlers of its own */
    apply_take_fn *take;
};
extern const struct apply_step_row apply_steps[APPLY_STEP_COUNT];

struct apply {
    struct request *rq;
    const struct desk *desk;
    int64_t draft, version; /* version: the draft's, as it was read; 0: nothing is kept yet */
    struct application app;
    const struct application *loaded; /* as it was read */
    bool is_elsewhere;                /* another window saved this step meanwhile: pages show both */
    bool is_looked;                   /* missing is known for app as it is */
    const struct procedure *procedure;
    const struct channel *channel;
    const struct procedure_form *form;
    const struct ruling *ruling; /* after apply_look: what the tables say of it as it stands; NULL: none */
    struct str base;             /* "/nop-ho-so/1.013124/6912"; before there is a draft without its number */
    struct fail missing;         /* after apply_look: every problem of the application as it stands */
    struct fail refused;         /* what was sent and cannot be taken */
};

/* The visitor's own draft that the address names. */
enum outcome apply_load(struct request *rq, struct apply *out, struct fail *why) MUST_USE;
/* A draft of somebody's, whoever visits: for who confirms what an officer wrote down (confirm_pages.c). */
enum outcome apply_load_of(struct request *rq, int64_t account, int64_t draft, struct apply *out,
                           struct fail *why) MUST_USE;
/* An application that is about to begin: draft 0, or what it was just saved as. */
enum outcome apply_take(struct request *rq, const struct application *app, int64_t draft, struct apply *out,
                        struct fail *why) MUST_USE;
/* By this a confirmation holds for what was shown and for nothing else. */
struct sha256 apply_content(const struct apply *a);
/* After files came or went. What another window did with files meanwhile stays done. */
enum outcome apply_save(struct apply *a, struct fail *why) MUST_USE;
/* The submission as it stands; what is wrong is noted in `missing`. Fails only when the store does. */
enum outcome apply_look(struct apply *a, struct submission *out, struct fail *why) MUST_USE;
/* Those of `missing` that belong to a step are added to out. */
void apply_step_problems(const struct apply *a, enum apply_step step, struct fail *out);

/* Where a visitor goes who leaves an application: to what is theirs. */
struct str apply_home(const struct request *rq);
/* What an office itself begins has no applicant: nobody acts for another, nothing is sent back. */
bool apply_is_of_office(const struct apply *a);
bool apply_has_step(const struct apply *a, enum apply_step step);
struct str apply_address(const struct apply *a, enum apply_step step);

/* ---- pages ---- */

struct apply_head { /* {{> portal/_apply_head}} */
    struct str procedure, code, base, step_title;
    struct str caption;    /* of the list of steps */
    int64_t number, count; /* of the steps that this application has */
    int64_t seen;          /* which saving of the step the page shows */
    bool is_elsewhere;
};
extern const struct field apply_head_fields[];

/* How it comes in: "Apply online", "At the counter". */
struct str apply_caption(const struct apply *a);
/* Head, title and back link of a step's page; the problems of a refused attempt (NULL: none). */
void apply_fill(const struct apply *a, enum apply_step step, const struct fail *why, struct frame *frame,
                struct apply_head *head);
/* 422 when the page answers a refused attempt. */
int apply_status(const struct fail *why);
/* After a step was saved: shows it again with its problems, or goes on. */
enum outcome apply_go_on(struct apply *a, enum apply_step step, struct fail *problems, struct fail *why) MUST_USE;

/* The answer to a script that saves by itself: when, and which saving the page now shows. */
void apply_tell_saved(struct request *rq, int64_t seen, int status);
/* A page of an application that is not there any more: when it was submitted meanwhile, in another window or by a
 * second click, on to its receipt; else `missing`, which why carries already. */
enum outcome apply_gone(struct request *rq, enum outcome missing, struct fail *why) MUST_USE;

/* The answers as they stand, by step: to check before submitting, to confirm, to print. Without may_change nothing
 * leads back to a step. */
struct apply_section {
    struct str title, change;
    struct summary_row *rows;
    size_t rows_count;
};
extern const struct field apply_section_fields[];
enum outcome apply_sections(const struct apply *a, bool may_change, struct apply_section **out, size_t *out_count,
                            struct fail *why) MUST_USE;

/* ---- handlers and templates of the steps ---- */

apply_show_fn apply_show_where, apply_show_behalf, apply_show_parties, apply_show_form, apply_show_papers,
    apply_show_return;
apply_take_fn apply_take_where, apply_take_behalf, apply_take_parties, apply_take_form, apply_take_return;
/* Of every step but the last. What `take` puts from the request into the application is saved, unless another window
 * saved the same step since the page was made: then the page comes again with both. */
handler_fn get_apply_step, post_apply_step;
handler_fn post_apply_papers, get_apply_paper_page;
extern const struct field apply_where_fields[], apply_fields_fields[], apply_papers_fields[];

#endif
