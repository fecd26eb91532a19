/*
 * The officers' pages around dossiers: the inbox and the dossier with its papers beside it. GET /ho-so/{code} is one
 * address for everybody; who visits decides which page it is.
 */
#ifndef DOSSIER_OFFICER_PAGES_H
#define DOSSIER_OFFICER_PAGES_H

#include "dossier/act_pages.h"
#include "html/page.h"

/* The dossier as an officer of its agency sees it: GET /ho-so/{code}?paper=n. */
enum outcome officer_dossier_page(struct request *rq, struct fail *why) MUST_USE;
/* The same page again after an act was refused, with the reasons and what was typed. */
enum outcome officer_dossier_again(struct request *rq, const struct act_attempt *attempt, struct fail *why) MUST_USE;

enum outcome officer_open_page(struct request *rq, struct fail *why) MUST_USE; /* GET /mo-thu-tuc */

extern const struct field open_page_fields[];
extern const struct route officer_routes[];
extern const size_t officer_route_count;
extern const struct page_template officer_templates[];
extern const size_t officer_template_count;

#endif
