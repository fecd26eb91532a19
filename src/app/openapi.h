/* /api/v1/openapi.json: OpenAPI 3.1 drawn from the route rows and the action table, so that it cannot fall behind. */
#ifndef APP_OPENAPI_H
#define APP_OPENAPI_H

#include "http/router.h"

extern const char openapi_schemas_text[]; /* openapi_schemas.json, embedded */

void openapi_write(struct json_writer *w, struct arena *a, const struct route_list *lists, size_t count,
                   enum language l);

#endif
