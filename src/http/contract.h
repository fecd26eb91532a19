/*
 * What JSON a route takes, as the interface's own description (/api/v1/openapi.json) says it: the schema that programs
 * read is the one that is asked here, before the handler sees the body, so the two cannot differ. It knows the part of
 * JSON Schema that our schemas use: $ref, type, enum, required, properties, additionalProperties, items, minItems,
 * maxItems, minLength, maxLength, minimum, maximum, anyOf, allOf; a schema with another word is refused at the start.
 * `format` and `pattern` are told and not asked: whether a day is one, the handler says. Members that nobody described
 * are left alone, as programs of tomorrow may send them; null for what may be left out is as if it had been. Schemas
 * are borrowed.
 */
#ifndef HTTP_CONTRACT_H
#define HTTP_CONTRACT_H

#include "base/json.h"

struct contract {
    yyjson_val *schema;  /* of the body */
    yyjson_val *schemas; /* by name, for "#/components/schemas/NAME" */
    /* The handler goes on and tells what is missing or unknown together with what no schema knows; it refuses when
     * anything was noted (fail_if_problems on the same `why`). */
    bool handler_goes_on;
};

/* ERR_BUG when a schema has a word that contract_check does not know, or refers to what is not there. */
enum outcome contract_learn(yyjson_val *schemas, struct fail *why) MUST_USE;
/* Notes every mistake with its place; `why` then holds problems (fail_if_problems). */
void contract_check(const struct contract *c, struct arena *a, yyjson_val *body, struct fail *why);

#endif
