#include "dossier/aside_api.h"

#include "dossier/contact_report.h"
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

/* ---- the four noes ---- */

static void write_counts(struct json_writer *w, const struct contact_count *c)
{
    jw_put_int(w, "dossiers", c->dossiers);
    jw_put_int(w, "no_paper", c->no_paper);
    jw_put_int(w, "no_cash", c->no_cash);
    jw_put_int(w, "no_visit", c->no_visit);
    jw_put_int(w, "helped", c->helped);
}

static enum outcome get_contact_summary(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct contact_report report;
    struct json_writer w;
    TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
    TRY(contact_report_read(rq, tx, &report, why));
    jw_init(&w, reply_begin(rq, 200, "application/json"));
    jw_open(&w, '{');
    jw_put_str(&w, "agency", report.agency.identifier);
    jw_put_str(&w, "from", day_format(rq->arena, report.from));
    jw_put_str(&w, "to", day_format(rq->arena, report.until));
    jw_key(&w, "total");
    jw_open(&w, '{');
    write_counts(&w, &report.counts.total);
    jw_close(&w);
    jw_key(&w, "items");
    jw_open(&w, '[');
    for (size_t i = 0; i < report.counts.count; i++) {
        jw_open(&w, '{');
        jw_put_str(&w, "procedure", report.counts.items[i].procedure);
        jw_put_str(&w, "name", report.names[i]);
        write_counts(&w, &report.counts.items[i]);
        jw_close(&w);
    }
    jw_close(&w);
    jw_put_null(&w, "next_cursor");
    jw_close(&w);
    return OK;
}

/* In order of use. */
const struct route aside_api_routes[] = {
    {GET, "/api/v1/dossiers/{code}/payments", PERMIT_SIGNED_IN,    get_payments,        N_("Payments of a dossier")},
    {GET, "/api/v1/contacts/summary",         PERMIT_DOSSIER_READ, get_contact_summary, N_("The four noes")        },
};
const size_t aside_api_route_count = LENGTH(aside_api_routes);
