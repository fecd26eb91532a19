/*
 * Messages on pages: for the applicant a page of their own, for officers parts of the page of the dossier
 * (dossier/talk.h).
 * GET, POST /ho-so/{code}/trao-doi              messages
 * GET       /ho-so/{code}/trao-doi/{n}/{file}   a file that came with one
 * POST      /ho-so/{code}/ghi-chu               a note of the office
 */
#ifndef CONVERSATION_CONVERSATION_PAGES_H
#define CONVERSATION_CONVERSATION_PAGES_H

#include "dossier/talk.h"
#include "html/page.h"
#include "http/router.h"

/* What app_talk_... of dossier/talk.h give. */
void conversation_ahead(struct request *rq, struct tx *tx, struct value dossier); /* store_ahead */
enum outcome conversation_counts(struct request *rq, struct tx *tx, const struct dossier_view *v,
                                 struct talk_counts *out, struct fail *why) MUST_USE;
enum outcome conversation_part(struct request *rq, struct tx *tx, const struct dossier_view *v, enum talk_part part,
                               const struct talk_attempt *attempt, struct html *out, struct fail *why) MUST_USE;
void conversation_seen(struct request *rq, const struct dossier_view *v, int64_t upto);
enum outcome conversation_phrases(struct request *rq, struct tx *tx, const struct dossier_view *v, struct str papers,
                                  struct talk_phrase **out, size_t *out_count, struct fail *why) MUST_USE;

/* A handler: the file {file} of the message {n}, when the visitor may read it. */
enum outcome conversation_file_page(struct request *rq, struct fail *why) MUST_USE;

extern const struct route talk_routes[], phrase_routes[];
extern const size_t talk_route_count, phrase_route_count;
extern const struct page_template talk_templates[], phrase_templates[];
extern const size_t talk_template_count, phrase_template_count;

#endif
