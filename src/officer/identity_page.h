/* Whose a denunciation is: the page and the interface of those who may know (protection.h). */
#ifndef OFFICER_IDENTITY_PAGE_H
#define OFFICER_IDENTITY_PAGE_H

#include "html/page.h"

extern const struct route identity_routes[];
extern const size_t identity_route_count;
extern const struct page_template identity_templates[];
extern const size_t identity_template_count;

#endif
