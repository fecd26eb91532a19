/*
 * The decision tables of a procedure for the officials who answer for it: versions, a new one from a file, what it
 * changes (rules, and what real dossiers and samples would have been told), publishing by a decision from a day. Pages
 * and interface do the same here.
 */
#ifndef ADMIN_ADMIN_RULES_H
#define ADMIN_ADMIN_RULES_H

#include "html/page.h"

extern const struct route rules_routes[];
extern const size_t rules_route_count;
extern const struct page_template rules_templates[];
extern const size_t rules_template_count;

#endif
