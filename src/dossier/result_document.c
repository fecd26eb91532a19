#include "dossier/result_document.h"

#include "base/auto.h"
#include "html/page.h"
#include "store/blob.h"

/* Laid out as Decree 30/2020/NĐ-CP, appendix I asks of official papers: who issues it, the country's name and motto,
 * number, place and date, what it is, its content, to whom it goes. It names the approval in the system, not a
 * signature. */
struct result_document {
    struct str parent, agency, code, place, day, month, year;
    struct str procedure_code, procedure, owner, reason, submitted;
    bool is_granted, is_refused;
};

static const struct field result_document_fields[] = {
    FIELD_STR(struct result_document, parent),
    FIELD_STR(struct result_document, agency),
    FIELD_STR(struct result_document, code),
    FIELD_STR(struct result_document, place),
    FIELD_STR(struct result_document, day),
    FIELD_STR(struct result_document, month),
    FIELD_STR(struct result_document, year),
    FIELD_STR(struct result_document, procedure_code),
    FIELD_STR(struct result_document, procedure),
    FIELD_STR(struct result_document, owner),
    FIELD_STR(struct result_document, reason),
    FIELD_STR(struct result_document, submitted),
    FIELD_BOOL(struct result_document, is_granted),
    FIELD_BOOL(struct result_document, is_refused),
    FIELD_END,
};

const struct page_template result_document_templates[] = {
    {"dossier/result_document", result_document_fields}
};
const size_t result_document_templates_count = LENGTH(result_document_templates);

static struct result_document fill(struct arena *a, const struct dossier_view *v, day_t day)
{
    const struct dossier *d = &v->dossier;
    struct civil c = day_to_civil(day);
    bool is_refused = str_eq(d->outcome, STR("refused"));
    return (struct result_document){
        .parent = v->agency.parent_name,
        .agency = v->agency.name,
        .code = d->code,
        .place = v->agency.territory_name,
        /* Decree 30/2020, appendix I: days below 10 and the months 1 and 2 take a zero, so that nobody adds a digit. */
        .day = str_format(a, "%02d", c.day),
        .month = str_format(a, c.month < 3 ? "%02d" : "%d", c.month),
        .year = str_format(a, "%d", c.year),
        .procedure_code = d->procedure_code,
        .procedure = v->procedure->name,
        .owner = d->owner_name,
        .reason = is_refused ? d->reason : STR_NONE,
        .submitted = day_for_people(a, day_of(d->submitted_at)),
        .is_granted = !is_refused,
        .is_refused = is_refused,
    };
}

void result_document_render(const struct html_set *set, struct arena *a, const struct dossier_view *view, day_t day,
                            struct buf *out)
{
    struct result_document document = fill(a, view, day);
    html_render(set, "dossier/result_document", &document, VIETNAMESE, out);
}

enum outcome result_document_write(const struct desk *desk, struct arena *a, const struct standing *who,
                                   const struct dossier_view *view, struct upload_row *out, struct fail *why)
{
    AUTO_BUF struct buf page;
    struct sha256 hash;
    buf_init(&page, RESULT_DOCUMENT_BYTES);
    result_document_render(desk->pages, a, view, day_of(clock_now()), &page);
    if (page.is_full) return fail(why, ERR_TOO_LARGE, N_("The result document would be too long."));
    TRY(blob_write(desk->files_folder, buf_str(&page), &hash, why));
    *out = (struct upload_row){
        .account = who->account,
        .hash = hash,
        .name = str_format(a, "ket-qua-%.*s.html", STR_ARG(view->dossier.code)),
        .type = STR("text/html"),
        .bytes = (int64_t)page.len,
    };
    return OK;
}
