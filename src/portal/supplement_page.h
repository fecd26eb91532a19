/*
 * GET, POST /ho-so/{code}/bo-sung: the answer to what an office asks for. Each paper and each field has its place, with
 * reason, rule and day; nothing else of the dossier opens. What is typed and sent is kept in a draft until the whole is
 * sent, which is the act `supplement`.
 */
#ifndef PORTAL_SUPPLEMENT_PAGE_H
#define PORTAL_SUPPLEMENT_PAGE_H

#include "dossier/dossier_view.h"
#include "html/page.h"
#include "http/router.h"

extern const struct route supplement_routes[];
extern const size_t supplement_route_count;
extern const struct page_template supplement_templates[];
extern const size_t supplement_template_count;

#endif
