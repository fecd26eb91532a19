/*
 * The catalogue on the API: lists and single procedures, for everybody.
 */
#ifndef CATALOGUE_CATALOGUE_API_H
#define CATALOGUE_CATALOGUE_API_H

#include "http/http.h"

extern const struct route catalogue_api_routes[];
extern const size_t catalogue_api_route_count;

#endif
