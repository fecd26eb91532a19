/*
 * /api/v1/openapi.json: OpenAPI 3.1 drawn from the route rows and the action table, so that it cannot fall behind. The
 * schemas of bodies are asked too, before a handler reads them (http/contract.h).
 */
#ifndef APP_OPENAPI_H
#define APP_OPENAPI_H

#include "http/contract.h"
#include "http/router.h"

extern const char openapi_schemas_text[]; /* openapi_schemas.json, embedded */

void openapi_write(struct json_writer *w, struct arena *a, const struct route_list *lists, size_t count,
                   enum language l);

/* The schemas, read once; they live in the arena. */
struct openapi {
    struct arena *arena;
    yyjson_val *schemas;
};
enum outcome openapi_open(struct arena *a, struct openapi *out, struct fail *why) MUST_USE;
/* For the router: what JSON a row takes; NULL when its handler tells every mistake itself, or there is none. */
const struct contract *openapi_contract(void *context, const struct route *row);

#endif
