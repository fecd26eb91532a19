#include "store/series.h"

#include "queries.h"

enum outcome series_next(struct tx *tx, struct str name, struct str scope, struct str period, int64_t *out,
                         struct fail *why)
{
    struct row r;
    TRY(store_one(tx, Q_SERIES_TAKE, VALUES(v_str(name), v_str(scope), v_str(period)), &r, why));
    *out = row_int(&r, 0);
    return OK;
}
