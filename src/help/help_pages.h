/*
 * GET /tro-giup: the contents of the manual, and its search. GET /tro-giup/{reader}/{page}: one page of it.
 * GET /tro-giup/loi/{id}: what an error id means. GET /problems/{type}: the same for the types of the API (RFC 9457).
 */
#ifndef HELP_HELP_PAGES_H
#define HELP_HELP_PAGES_H

#include "html/page.h"

extern const struct route help_routes[];
extern const size_t help_route_count;
extern const struct page_template help_templates[];
extern const size_t help_template_count;

#endif
