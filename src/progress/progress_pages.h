/* GET /tien-do?co-quan= */
#ifndef PROGRESS_PROGRESS_PAGES_H
#define PROGRESS_PROGRESS_PAGES_H

#include "html/page.h"

extern const struct route progress_routes[];
extern const size_t progress_route_count;
extern const struct page_template progress_templates[];
extern const size_t progress_template_count;

#endif
