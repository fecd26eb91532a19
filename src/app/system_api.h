/* What belongs to no room: health, measurements, the API's description, the choice of language. */
#ifndef APP_SYSTEM_API_H
#define APP_SYSTEM_API_H

#include "http/router.h"

extern const struct route system_routes[];
extern const size_t system_route_count;

#endif
