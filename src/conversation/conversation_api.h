/* GET, POST /api/v1/dossiers/{code}/messages, its files and its mark of having been seen; GET, POST .../notes for
 * officers. */
#ifndef CONVERSATION_CONVERSATION_API_H
#define CONVERSATION_CONVERSATION_API_H

#include "http/router.h"

extern const struct route talk_api_routes[];
extern const size_t talk_api_route_count;

#endif
