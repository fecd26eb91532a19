/*
 * The four noes of an agency: GET /bon-khong?from=&to=&agency= for its leaders, and the same counts for programs. Who
 * works for an agency may see its own counts and those of the agencies below it.
 */
#ifndef OFFICER_CONTACT_REPORT_H
#define OFFICER_CONTACT_REPORT_H

#include "html/html.h"
#include "http/http.h"

extern const struct route contact_report_routes[];
extern const size_t contact_report_route_count;
extern const struct page_template contact_report_templates[];
extern const size_t contact_report_template_count;

#endif
