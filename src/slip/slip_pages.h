/* The slips of a dossier over HTTP: pages, PDF and interface. One address gives the page, with .pdf the paper. */
#ifndef SLIP_SLIP_PAGES_H
#define SLIP_SLIP_PAGES_H

#include "html/html.h"
#include "http/router.h"

extern const struct route slip_routes[];
extern const size_t slip_route_count;
extern const struct page_template slip_page_templates[];
extern const size_t slip_page_template_count;

/* The books of an agency, in book_pages.c. */
extern const struct route book_routes[];
extern const size_t book_route_count;
extern const struct page_template book_page_templates[];
extern const size_t book_page_template_count;

/* The letters that an agency words itself, in wording_pages.c. */
extern const struct route slip_wording_routes[];
extern const size_t slip_wording_route_count;

#endif
