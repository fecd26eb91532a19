/* What the page of authorisations asks of a later room. */
#include "catalogue/catalogue.h"
#include "people/mandate.h"

enum outcome app_mandate_fields(struct request *rq, struct tx *tx, struct str **out, size_t *out_count,
                                struct fail *why)
{
    struct procedure_field *fields;
    TRY(catalogue_fields(app_catalogue(rq->app), tx, &fields, out_count, why));
    *out = ARENA_ARRAY(rq->arena, struct str, *out_count + 1);
    for (size_t i = 0; i < *out_count; i++) (*out)[i] = str_dup(rq->arena, fields[i].label);
    return OK;
}
