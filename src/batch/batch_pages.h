/*
 * The pages of bulk acts: what was chosen in the inbox with the act's fields (POST /viec/chon), the order itself (POST
 * /viec/hang-loat), its progress with what was refused (GET /viec/hang-loat/{id}) and one's own orders (GET
 * /viec/hang-loat).
 */
#ifndef BATCH_BATCH_PAGES_H
#define BATCH_BATCH_PAGES_H

#include "html/page.h"

/* POST /viec/chon and POST /viec/hang-loat. */
enum outcome batch_choose_page(struct request *rq, struct fail *why) MUST_USE;
enum outcome batch_order_page(struct request *rq, struct fail *why) MUST_USE;

extern const struct field choose_page_fields[];
extern const struct route batch_page_routes[];
extern const size_t batch_page_routes_count;
extern const struct page_template batch_templates[];
extern const size_t batch_template_count;

#endif
