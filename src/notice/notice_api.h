/* The JSON interface of the notice room, /api/v1/notices, and its page, /thong-bao. */
#ifndef NOTICE_NOTICE_API_H
#define NOTICE_NOTICE_API_H

#include "html/html.h"
#include "http/http.h"

extern const struct route notice_routes[];
extern const size_t notice_routes_count;
extern const struct page_template notice_templates[];
extern const size_t notice_templates_count;

#endif
