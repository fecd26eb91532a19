/* The pages of the catalogue for everybody: the list with its search and the start page of each procedure. */
#ifndef CATALOGUE_CATALOGUE_PAGES_H
#define CATALOGUE_CATALOGUE_PAGES_H

#include "catalogue/catalogue.h"
#include "html/flow.h"
#include "html/page.h"

extern const struct route catalogue_page_routes[];
extern const size_t catalogue_page_route_count;
extern const struct page_template catalogue_page_templates[];
extern const size_t catalogue_page_template_count;

/* The steps of a procedure as a picture; which they are is a later room's to say. Defined in app/. process_version: of
 * the version that is read. */
enum outcome app_procedure_picture(struct request *rq, struct tx *tx, const struct procedure *p,
                                   int64_t process_version, struct flow *out, struct fail *why) MUST_USE;

/* GET /thu-tuc/{code} and its template's fields, in procedure_page.c. */
handler_fn start_page;
extern const struct field start_page_fields[];

#endif
