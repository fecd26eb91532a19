/* The JSON interface of the agency room: lists of agencies, one agency with what it performs. */
#ifndef AGENCY_AGENCY_API_H
#define AGENCY_AGENCY_API_H

#include "http/router.h"

extern const struct route agency_api_routes[];
extern const size_t agency_api_routes_count;

#endif
