/*
 * The officers' pages around dossiers: the inbox and the dossier with its papers beside it. GET /ho-so/{code} is one
 * address for everybody; who visits decides which page it is.
 */
#ifndef OFFICER_OFFICER_PAGES_H
#define OFFICER_OFFICER_PAGES_H

#include "html/page.h"

enum outcome officer_open_page(struct request *rq, struct fail *why) MUST_USE; /* GET /mo-thu-tuc */

extern const struct field open_page_fields[];
extern const struct route officer_routes[];
extern const size_t officer_route_count;
extern const struct page_template officer_templates[];
extern const size_t officer_template_count;

#endif
