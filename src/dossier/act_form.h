/*
 * The forms of acts, drawn from the action table: what is possible now, the likeliest first, with what helps to fill
 * it. Officers and applicants act the same way; they are sent to act_pages.c.
 */
#ifndef DOSSIER_ACT_FORM_H
#define DOSSIER_ACT_FORM_H

#include "dossier/dossier_view.h"
#include "html/component.h"
#include "http/router.h"

/* A POST that was refused. */
struct act_attempt {
    const struct action *action;
    const struct fail *why;        /* why it was refused */
    int64_t version;               /* the one that the form was made of; 0: it said none */
    const struct upload_row *kept; /* files that arrived and stay for the next attempt */
    size_t kept_count;
};

/* The forms of everything that is possible now, the likeliest first and open. attempt: NULL on a first look; its form
 * is the open one and shows what was typed. */
enum outcome act_forms(struct request *rq, struct tx *tx, const struct dossier_view *v,
                       const struct act_attempt *attempt, struct act_form **out, size_t *out_count,
                       struct fail *why) MUST_USE;
/* The refusal as the error summary of the frame, leading to the fields of the form. */
void act_problems(struct request *rq, struct frame *f, const struct act_attempt *attempt);

/* What others did since the form was made: journal lines behind the version that the visitor saw. For a page that says
 * why nothing was overwritten; empty when nothing changed. */
struct history_line *act_changes_since(struct history_line *lines, size_t count, int64_t version, size_t *out_count);

#endif
