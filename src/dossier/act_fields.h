/*
 * One field of an act as a field of a form, drawn from the act's row: for the page of a dossier, and for pages that do
 * one act to many. What it may be filled with (officers, agencies) is read for the dossier given.
 */
#ifndef DOSSIER_ACT_FIELDS_H
#define DOSSIER_ACT_FIELDS_H

#include "dossier/dossier_view.h"
#include "html/component.h"

/* What is asked for with papers is sent in fields of these names, each followed by the paper's id or the field's place;
 * "basis/" before such a name is the rule that it rests on. */
#define ACT_PART_PAPER "items/component/"
#define ACT_PART_FIELD "items/field"

/* Adds it as the form's last field; who is asked gets two: names to tick, and a line for others; what is asked for a
 * line for each paper and field. */
enum outcome act_field_draw(struct form *form, struct tx *tx, const struct dossier_view *view,
                            const struct action_field *f, struct fail *why) MUST_USE;
void act_fields_ahead(struct tx *tx, const struct dossier_view *v); /* of all that is possible now (store_ahead) */

/* What was sent for the field; several values as one text with commas. */
struct str act_field_sent(struct request *rq, const struct action_field *f);
/* The same as a member of the act's body; nothing for files and answers. */
void act_field_put(struct json_writer *w, struct request *rq, const struct action_field *f);

#endif
