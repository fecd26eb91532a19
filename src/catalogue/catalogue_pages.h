/* The pages of the catalogue for everybody: the list with its search and the start page of each procedure. */
#ifndef CATALOGUE_CATALOGUE_PAGES_H
#define CATALOGUE_CATALOGUE_PAGES_H

#include "html/page.h"

extern const struct route catalogue_page_routes[];
extern const size_t catalogue_page_route_count;
extern const struct page_template catalogue_page_templates[];
extern const size_t catalogue_page_template_count;

/* GET /thu-tuc/{code} and its template's fields, in procedure_page.c. */
handler_fn start_page;
extern const struct field start_page_fields[];

#endif
