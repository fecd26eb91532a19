/* The block that both pages show: what was said or noted, and the form below it. */
#ifndef CONVERSATION_CONVERSATION_PART_H
#define CONVERSATION_CONVERSATION_PART_H

#include "dossier/talk.h"
#include "html/component.h"

struct talk_line {
    struct str id, author, agency, at, datetime, text;
    struct attached_file *files;
    size_t files_count;
    bool is_ours, is_new;
};

struct talk_block {
    struct frame frame; /* only its csrf */
    struct str address; /* POST there */
    struct str here;    /* the page of the dossier */
    struct talk_line *lines;
    size_t lines_count;
    struct form_field *fields;
    size_t fields_count;
    struct choice *phrases; /* for officers */
    size_t phrases_count;
    bool writes, is_office;
};
extern const struct field talk_block_fields[];

/* ERR_MISSING when the visitor may not read that part. */
enum outcome talk_block_fill(struct request *rq, struct tx *tx, const struct dossier_view *v, enum talk_part part,
                             const struct talk_attempt *attempt, struct talk_block *out, struct fail *why) MUST_USE;

#endif
