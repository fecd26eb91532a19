/* The interface to what stands beside a dossier: its payments. */
#ifndef DOSSIER_ASIDE_API_H
#define DOSSIER_ASIDE_API_H

#include "http/http.h"

extern const struct route aside_api_routes[];
extern const size_t aside_api_route_count;

#endif
