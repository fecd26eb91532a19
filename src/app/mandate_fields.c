/* What the page of authorisations asks of later rooms. */
#include "catalogue/catalogue.h"
#include "people/mandate.h"
#include "process/status.h"
#include "queries.h"

enum outcome app_mandate_fields(struct request *rq, struct tx *tx, struct str **out, size_t *out_count,
                                struct fail *why)
{
    struct procedure_field *fields;
    TRY(catalogue_fields(app_catalogue(rq->app), tx, &fields, out_count, why));
    *out = ARENA_ARRAY(rq->arena, struct str, *out_count + 1);
    for (size_t i = 0; i < *out_count; i++) (*out)[i] = str_dup(rq->arena, fields[i].label);
    return OK;
}

enum outcome app_mandate_filings(struct request *rq, struct tx *tx, struct mandate_filing **out, size_t *out_count,
                                 struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_MANDATE_FILINGS_OF_GIVER, VALUES(v_int(rq->visitor.account), v_int(MANDATE_FILINGS_MOST + 1)),
                  &rows, why));
    *out = ARENA_ARRAY(rq->arena, struct mandate_filing, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *r = &rows.at[i];
        const struct procedure *p;
        TRY(catalogue_version(app_catalogue(rq->app), tx, row_int(r, 2), &p, why));
        (*out)[i] =
            (struct mandate_filing){.mandate = row_int(r, 0),
                                    .code = row_str(r, 1),
                                    .procedure = p->name,
                                    .status = translate(rq->language, status_message((enum status)row_int(r, 3))),
                                    .at = row_instant(r, 4)};
    }
    return OK;
}
