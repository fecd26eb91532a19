/*
 * GET /ho-so/{code}/phieu/{slip}                       a slip as a page that prints; {slip}.pdf is the paper
 * GET /api/v1/dossiers/{code}/slips                    which slips there are
 * GET /api/v1/dossiers/{code}/slips/{slip}             one of them, as the Accept header asks: PDF or HTML
 */
#include "slip/slip_pages.h"

#include "agency/permission.h"
#include "dossier/dossier_visit.h"
#include "html/letter_pdf.h"
#include "html/page.h"
#include "slip/slip_wording.h"

/* A slip on its way to somebody. */
struct errand {
    struct slip slip;
    struct slip_paper paper;
    struct letter letter;
    struct letter_facts facts;
};

static enum outcome make(struct request *rq, struct str id, struct errand *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct dossier_view view;
    struct slip_life life;
    TRY(dossier_visit(rq, &tx, &view, why));
    TRY(slip_life_load(tx, &view, &life, why));
    const struct slip *slip = slip_find(&life, id);
    if (slip == NULL) return fail(why, ERR_MISSING, N_("This dossier has no slip “{0}”."), id);
    struct slip_source source = {app_desk(rq->app), &view, &life, slip, request_origin(rq)};
    TRY(slip_paper_fill(tx, &source, &out->paper, why));
    out->slip = *slip;
    out->facts = (struct letter_facts){
        .title = str_format(rq->arena, "%.*s %.*s", STR_ARG(slip->title), STR_ARG(view.dossier.code)),
        .author = out->paper.agency,
        .at = slip->at,
    };
    int64_t agency = life.events[slip->event].actor.agency; /* whoever gave it, though the dossier went on since */
    const struct wording_use use = {app_pages(rq->app)->set, agency != 0 ? agency : view.agency.id,
                                    wording_kind_of_slip(slip->kind), slip->at};
    return slip_letter_make(tx, &use, &out->paper, &out->letter, why);
}

/* The name that a browser offers for saving: "receipt-G11-261122-0001.pdf". */
static void name_file(struct request *rq, const struct errand *e)
{
    reply_header(
        rq, "Content-Disposition",
        str_format(rq->arena, "inline; filename=\"%.*s-%.*s.pdf\"", STR_ARG(e->slip.id), STR_ARG(e->paper.code)));
}

static enum outcome answer_pdf(struct request *rq, const struct errand *e, struct fail *why)
{
    AUTO_BUF struct buf pdf;
    buf_init(&pdf, LETTER_PDF_BYTES);
    TRY(letter_pdf(app_press(rq->app), &e->letter, &e->facts, &pdf, why));
    buf_add(reply_begin(rq, 200, "application/pdf"), buf_str(&pdf));
    name_file(rq, e);
    return OK;
}

/* ---- pages ---- */

struct slip_page {
    struct frame frame;
    struct str title, pdf_href;
    struct html letter;
};

static const struct field slip_page_fields[] = {
    FRAME_FIELDS(struct slip_page),
    FIELD_STR(struct slip_page, title),
    FIELD_STR(struct slip_page, pdf_href),
    FIELD_HTML(struct slip_page, letter),
    FIELD_END,
};

static enum outcome get_slip(struct request *rq, struct fail *why)
{
    struct errand e;
    struct str id = request_param(rq, "slip");
    bool is_pdf = str_ends(id, STR(".pdf"));
    if (is_pdf) id.len -= 4;
    TRY(make(rq, id, &e, why));
    if (is_pdf) return answer_pdf(rq, &e, why);
    struct slip_page page = {
        .title = e.slip.title,
        .pdf_href = str_format(rq->arena, "/ho-so/%.*s/phieu/%.*s.pdf", STR_ARG(e.paper.code), STR_ARG(id)),
    };
    TRY(letter_html(rq->arena, &e.letter, &page.letter, why));
    page.frame.title = e.facts.title;
    page.frame.back_href = str_format(rq->arena, "/ho-so/%.*s", STR_ARG(e.paper.code));
    page_reply(rq, 200, "slip/slip", &page);
    return OK;
}

/* ---- interface ---- */

static void write_slip(struct json_writer *w, struct request *rq, struct str code, const struct slip *slip)
{
    jw_open(w, '{');
    jw_put_str(w, "id", slip->id);
    jw_put_str(w, "kind", str_from(slip_rows[slip->kind].id));
    jw_put_str(w, "title", slip->title);
    jw_put_str_or_null(w, "form", slip->form);
    jw_put_instant(w, "at", slip->at);
    jw_put_str(w, "href", str_format(rq->arena, "/api/v1/dossiers/%.*s/slips/%.*s", STR_ARG(code), STR_ARG(slip->id)));
    jw_close(w);
}

static enum outcome get_slips(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct dossier_view view;
    struct slip_life life;
    struct json_writer w;
    TRY(dossier_visit(rq, &tx, &view, why));
    TRY(slip_life_load(tx, &view, &life, why));
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < life.slip_count; i++) write_slip(&w, rq, view.dossier.code, &life.slips[i]);
    jw_close_list(&w, STR_NONE);
    return OK;
}

/* The paper, unless a page is asked for and the paper is not. */
static enum outcome get_one(struct request *rq, struct fail *why)
{
    struct errand e;
    struct html page;
    struct str accept = request_header(rq, "accept");
    bool takes_all = accept.len == 0 || str_has(accept, STR("*/*"));
    bool takes_pdf = takes_all || str_has(accept, STR("application/pdf"));
    TRY(make(rq, request_param(rq, "slip"), &e, why));
    if (!takes_pdf && !str_has(accept, STR("text/html")))
        return fail(why, ERR_NOT_ACCEPTABLE, N_("A slip is application/pdf or text/html."));
    reply_header(rq, "Vary", STR("Accept"));
    if (takes_pdf && !(str_has(accept, STR("text/html")) && !str_has(accept, STR("application/pdf"))))
        return answer_pdf(rq, &e, why);
    TRY(letter_html(rq->arena, &e.letter, &page, why));
    buf_add(reply_begin(rq, 200, "text/html; charset=utf-8"), page.text);
    return OK;
}

/* ---- tables ---- */

/* clang-format off */
const struct route slip_routes[] = {
    {GET, "/ho-so/{code}/phieu/{slip}",           PERMIT_SIGNED_IN, get_slip,  N_("A slip of a dossier")},
    {GET, "/api/v1/dossiers/{code}/slips",        PERMIT_SIGNED_IN, get_slips, N_("Slips of a dossier")},
    {GET, "/api/v1/dossiers/{code}/slips/{slip}", PERMIT_SIGNED_IN, get_one,   N_("A slip of a dossier")},
};
/* clang-format on */
const size_t slip_route_count = LENGTH(slip_routes);

const struct page_template slip_page_templates[] = {
    {"slip/slip", slip_page_fields},
};
const size_t slip_page_template_count = LENGTH(slip_page_templates);
