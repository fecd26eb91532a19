/*
 * GET /ho-so/{code}/ai-da-xem   who looked at my dossier, for its applicant
 * GET /tai-khoan/ai-da-xem      who looked at anything of mine
 * Agency, role and moment of each look (people/access.h); the name only of an officer whom the applicant knows already.
 */
#ifndef PORTAL_ACCESS_PAGES_H
#define PORTAL_ACCESS_PAGES_H

#include "html/html.h"
#include "http/router.h"

extern const struct route access_routes[];
extern const size_t access_route_count;
extern const struct page_template access_templates[];
extern const size_t access_template_count;

#endif
