/* The inbox on pages: GET /viec with its tabs, filters and kept views, and GET /viec/tim. */
#ifndef OFFICER_INBOX_PAGES_H
#define OFFICER_INBOX_PAGES_H

#include "html/page.h"
#include "http/router.h"

enum outcome find_dossiers_page(struct request *rq, struct fail *why) MUST_USE; /* GET /viec/tim */
extern const struct field find_page_fields[];

extern const struct route inbox_routes[];
extern const size_t inbox_route_count;
extern const struct page_template inbox_templates[];
extern const size_t inbox_template_count;

#endif
