/*
 * The four noes of an agency: GET /bon-khong?tu=&den=&co-quan= for its leaders, and the same counts for programs. Who
 * works for an agency may see its own counts and those of the agencies below it.
 */
#ifndef OFFICER_CONTACT_REPORT_H
#define OFFICER_CONTACT_REPORT_H

#include "agency/agency.h"
#include "dossier/contact.h"
#include "html/html.h"
#include "http/http.h"

struct contact_report {
    struct agency agency;
    day_t from, until; /* both counted */
    struct contact_summary counts;
    struct str *names; /* of the procedures, beside counts.items */
};
/* From the query: from, to (days; the present month when absent), agency (e-identifier; one's own when absent). */
enum outcome contact_report_read(struct request *rq, struct tx *tx, struct contact_report *out,
                                 struct fail *why) MUST_USE;

extern const struct route contact_report_routes[];
extern const size_t contact_report_route_count;
extern const struct page_template contact_report_templates[];
extern const size_t contact_report_template_count;

#endif
