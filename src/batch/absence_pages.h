/* Absences for programs (/api/v1/absences) and people (/viec/vang-mat). */
#ifndef BATCH_ABSENCE_PAGES_H
#define BATCH_ABSENCE_PAGES_H

#include "html/page.h"

extern const struct route absence_routes[];
extern const size_t absence_routes_count;
extern const struct page_template absence_templates[];
extern const size_t absence_template_count;

#endif
