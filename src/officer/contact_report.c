#include "officer/contact_report.h"

#include <inttypes.h>

#include "agency/agency.h"
#include "dossier/contact.h"
#include "dossier/desk.h"
#include "html/chart.h"
#include "html/component.h"

/* ---- what is asked for ---- */

struct report {
    struct agency agency;
    day_t from, until; /* both counted */
    struct contact_summary counts;
    struct str *names; /* of the procedures, beside counts.items */
};

static void read_day(struct request *rq, const char *name, day_t *out, struct fail *why)
{
    struct str text = day_typed(rq->arena, request_query(rq, name));
    if (text.len > 0) (void)day_or_problem(text, str_from(name), out, why); /* both problems are told at once */
}

static enum outcome read_agency(struct request *rq, struct tx *tx, struct agency *out, struct fail *why)
{
    struct str identifier = request_query(rq, "agency");
    bool is_ours;
    if (identifier.len == 0) return agency_load(tx, rq->visitor.agency, out, why);
    TRY(agency_find(tx, identifier, out, why));
    TRY(agency_is_below(tx, out, rq->visitor.agency, &is_ours, why));
    if (is_ours) return OK;
    return fail(why, ERR_DENIED, N_("These are the counts of another agency."));
}

static enum outcome name_procedures(struct request *rq, struct tx *tx, struct report *report, struct fail *why)
{
    report->names = ARENA_ARRAY(rq->arena, struct str, report->counts.count + 1);
    for (size_t i = 0; i < report->counts.count; i++) {
        struct procedure_ref ref;
        const struct procedure *procedure;
        struct str code = report->counts.items[i].procedure;
        TRY(catalogue_find(tx, code, &ref, why));
        TRY(catalogue_version(app_desk(rq->app)->catalogue, tx, ref.version, &procedure, why));
        report->names[i] = procedure->name;
    }
    return OK;
}

/* From the query: from, to (days; the present month when absent), agency (e-identifier; one's own when absent). */
static enum outcome read_report(struct request *rq, struct tx *tx, struct report *out, struct fail *why)
{
    struct civil today = day_to_civil(day_of(clock_now()));
    *out = (struct report){.from = day_from_civil((struct civil){today.year, today.month, 1}),
                           .until = day_of(clock_now())};
    read_day(rq, "from", &out->from, why);
    read_day(rq, "to", &out->until, why);
    if (out->until < out->from) fail_problem(why, STR("to"), "order", N_("The last day is before the first."));
    TRY(fail_if_problems(why));
    TRY(read_agency(rq, tx, &out->agency, why));
    TRY(contact_summarise(app_desk(rq->app), tx, out->agency.id, out->from, out->until, &out->counts, why));
    return name_procedures(rq, tx, out, why);
}

/* ---- the page ---- */

struct count_row {
    struct str code, name, dossiers, no_paper, no_cash, no_visit, helped;
};

struct report_page {
    struct frame frame;
    struct str agency, period, from, until;
    struct bars chart;
    struct count_row *rows;
    size_t rows_count;
    struct count_row total;
};

/* clang-format off */
static const struct field count_row_fields[] = {
    FIELD_STR(struct count_row, code),
    FIELD_STR(struct count_row, name),
    FIELD_STR(struct count_row, dossiers),
    FIELD_STR(struct count_row, no_paper),
    FIELD_STR(struct count_row, no_cash),
    FIELD_STR(struct count_row, no_visit),
    FIELD_STR(struct count_row, helped),
    FIELD_END,
};
static const struct field report_page_fields[] = {
    FRAME_FIELDS(struct report_page),
    FIELD_STR(struct report_page, agency),
    FIELD_STR(struct report_page, period),
    FIELD_STR(struct report_page, from),
    FIELD_STR(struct report_page, until),
    FIELD_STRUCT(struct report_page, chart, bars_fields),
    FIELD_LIST(struct report_page, rows, struct count_row, count_row_fields),
    FIELD_STRUCT(struct report_page, total, count_row_fields),
    FIELD_END,
};
/* clang-format on */

static struct str number(struct request *rq, int64_t n)
{
    return str_format(rq->arena, "%" PRId64, n);
}

static struct count_row count_row_of(struct request *rq, const struct contact_count *c, struct str name)
{
    return (struct count_row){
        .code = c->procedure,
        .name = name,
        .dossiers = number(rq, c->dossiers),
        .no_paper = number(rq, c->no_paper),
        .no_cash = number(rq, c->no_cash),
        .no_visit = number(rq, c->no_visit),
        .helped = number(rq, c->helped),
    };
}

static struct bar bar_of(struct request *rq, const char *label, int64_t part, int64_t whole)
{
    int64_t share = whole == 0 ? 0 : part * 1000 / whole;
    return (struct bar){
        .label = translate(rq->language, label),
        .value = str_format(rq->arena, "%" PRId64 " %% (%" PRId64 "/%" PRId64 ")", (share + 5) / 10, part, whole),
        .share = share,
    };
}

static void draw_chart(struct request *rq, const struct contact_count *t, struct report_page *page)
{
    struct bar bars[] = {
        bar_of(rq, N_("No paper"), t->no_paper, t->dossiers),
        bar_of(rq, N_("No cash"), t->no_cash, t->dossiers),
        bar_of(rq, N_("No visit"), t->no_visit, t->dossiers),
        bar_of(rq, N_("Helped"), t->helped, t->dossiers),
    };
    struct str title = translate(rq->language, N_("Share of dossiers for each of the four noes"));
    page->chart = bars_of(STR("bon-khong"), title, arena_dup(rq->arena, bars, sizeof bars), LENGTH(bars));
}

static enum outcome get_report(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct report report;
    TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
    TRY(read_report(rq, tx, &report, why));
    struct report_page page = {
        .frame.is_wide = true,
        .agency = report.agency.name,
        .period = fail_fill(rq->arena, translate(rq->language, N_("Dossiers filed from {0} to {1}")),
                            (const struct str[FAIL_ARGS]){day_for_people(rq->arena, report.from),
                                                          day_for_people(rq->arena, report.until)}),
        .from = day_format(rq->arena, report.from),
        .until = day_format(rq->arena, report.until),
        .rows = ARENA_ARRAY(rq->arena, struct count_row, report.counts.count + 1),
        .rows_count = report.counts.count,
        .total = count_row_of(rq, &report.counts.total, STR("")),
    };
    for (size_t i = 0; i < report.counts.count; i++)
        page.rows[i] = count_row_of(rq, &report.counts.items[i], report.names[i]);
    draw_chart(rq, &report.counts.total, &page);
    page_reply(rq, 200, "officer/contacts", &page);
    return OK;
}

/* ---- for programs ---- */

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
    struct report report;
    struct json_writer w;
    TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
    TRY(read_report(rq, tx, &report, why));
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

const struct route contact_report_routes[] = {
    {GET, "/api/v1/contacts/summary", PERMIT_DOSSIER_READ,    get_contact_summary, N_("The four noes")},
    {GET, "/bon-khong",               PERMIT_DOSSIER_APPROVE, get_report,          N_("The four noes")},
};
const size_t contact_report_route_count = LENGTH(contact_report_routes);

const struct page_template contact_report_templates[] = {
    {"officer/contacts", report_page_fields},
};
const size_t contact_report_template_count = LENGTH(contact_report_templates);
