/* The JSON interface of batches: /api/v1/batches. */
#ifndef BATCH_BATCH_API_H
#define BATCH_BATCH_API_H

#include "http/http.h"

extern const struct route batch_api_routes[];
extern const size_t batch_api_routes_count;

#endif
