/* The pages of the counter: its officers', the hall's screens, the citizen's. Each file says its addresses at its top.
 */
#ifndef COUNTER_COUNTER_PAGES_H
#define COUNTER_COUNTER_PAGES_H

#include "html/page.h"

/* /tiep-nhan: who stands there, the queue, the desk (counter_page.c) */
extern const struct route counter_routes[];
extern const size_t counter_route_count;
extern const struct page_template counter_templates[];
extern const size_t counter_template_count;

/* /tiep-nhan/ho-so/...: filing and receiving in one go (reception_page.c) */
extern const struct route reception_routes[];
extern const size_t reception_route_count;
extern const struct page_template reception_templates[];
extern const size_t reception_template_count;

/* /lay-so, /so-thu-tu, /bang-so: kiosk, number, screen (queue_pages.c) */
extern const struct route queue_routes[];
extern const size_t queue_route_count;
extern const struct page_template queue_templates[];
extern const size_t queue_template_count;

/* /dat-hen, /lich-hen, /tiep-nhan/lich-hen (appointment_pages.c) */
extern const struct route appointment_routes[];
extern const size_t appointment_route_count;
extern const struct page_template appointment_templates[];
extern const size_t appointment_template_count;

/* /tiep-nhan/thoi-gian-cho, /quan-tri/quay: waiting, settings (hall_pages.c) */
extern const struct route hall_routes[];
extern const size_t hall_route_count;
extern const struct page_template hall_templates[];
extern const size_t hall_template_count;

/* /api/v1/appointments, /api/v1/counter/... (counter_api.c) */
extern const struct route counter_api_routes[];
extern const size_t counter_api_route_count;

#endif
