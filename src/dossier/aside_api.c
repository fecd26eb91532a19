#include "dossier/aside_api.h"

#include "dossier/dossier_visit.h"

static enum outcome get_payments(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct dossier_view view;
    struct json_writer w;
    TRY(dossier_visit(rq, &tx, &view, why));
    jw_init(&w, reply_begin(rq, 200, "application/json"));
    jw_open(&w, '{');
    jw_key(&w, "items");
    payment_list_json(&w, &view.aside.payments, !view.is_applicant);
    jw_key(&w, "fees");
    due_lines_json(&w, &view.aside.payments);
    jw_key(&w, "sums");
    payment_sums_json(&w, &view.aside.payments);
    jw_put_null(&w, "next_cursor");
    jw_close(&w);
    return OK;
}

const struct route aside_api_routes[] = {
    {GET, "/api/v1/dossiers/{code}/payments", PERMIT_SIGNED_IN, get_payments, N_("Payments of a dossier")},
};
const size_t aside_api_route_count = LENGTH(aside_api_routes);
