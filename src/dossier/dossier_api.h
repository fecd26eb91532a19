/* The JSON interface of the dossier room: /api/v1/dossiers, /files, /tasks. docs/api.md says what clients rely
 * on. */
#ifndef DOSSIER_DOSSIER_API_H
#define DOSSIER_DOSSIER_API_H

#include "http/router.h"

extern const struct route dossier_api_routes[];
extern const size_t dossier_api_routes_count;
/* One row for each act of the table; made once. */
struct route_list dossier_act_routes(struct arena *a);

#endif
