#include "store/series.h"

#include "queries.h"

void series_ahead(struct tx *tx, struct str name, struct str scope, struct str period)
{
    store_ahead(tx, Q_SERIES_LOOK, VALUES(v_str(name), v_str(scope), v_str(period)));
}

enum outcome series_next(struct tx *tx, struct str name, struct str scope, struct str period, int64_t *out,
                         struct fail *why)
{
    struct row r;
    TRY(store_take(tx, Q_SERIES_TAKE, Q_SERIES_LOOK, VALUES(v_str(name), v_str(scope), v_str(period)), &r, why));
    *out = row_int(&r, 0);
    return OK;
}
