/* GET /api/v1/progress?agency=&by=holder */
#ifndef PROGRESS_PROGRESS_API_H
#define PROGRESS_PROGRESS_API_H

#include "http/router.h"

extern const struct route progress_api_routes[];
extern const size_t progress_api_route_count;

#endif
