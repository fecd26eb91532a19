#include "dossier/result_document.h"

#include "agency/role.h"
#include "base/auto.h"
#include "base/log.h"
#include "dossier/dossier_token.h"
#include "html/letter_pdf.h"
#include "people/people.h"
#include "store/blob.h"

/* What a template may name (docs/slips.md). Laid out as Decree 30/2020/NĐ-CP, appendix I asks of official papers: who
 * issues it, the country's name and motto, number, place and date, what it is, its content, to whom it goes, who
 * approved it. It names the approval in the system, not a signature. */
struct result_document {
    struct str parent, agency, unit, code, link, place, day, month, year;
    struct str procedure_code, procedure, owner, submitter, reason, submitted;
    struct str approver, approver_role;
    bool is_granted, is_refused;
};

static const struct field result_document_fields[] = {
    FIELD_STR(struct result_document, parent),        FIELD_STR(struct result_document, agency),
    FIELD_STR(struct result_document, unit),          FIELD_STR(struct result_document, code),
    FIELD_STR(struct result_document, link),          FIELD_STR(struct result_document, place),
    FIELD_STR(struct result_document, day),           FIELD_STR(struct result_document, month),
    FIELD_STR(struct result_document, year),          FIELD_STR(struct result_document, procedure_code),
    FIELD_STR(struct result_document, procedure),     FIELD_STR(struct result_document, owner),
    FIELD_STR(struct result_document, submitter),     FIELD_STR(struct result_document, reason),
    FIELD_STR(struct result_document, submitted),     FIELD_STR(struct result_document, approver),
    FIELD_STR(struct result_document, approver_role), FIELD_BOOL(struct result_document, is_granted),
    FIELD_BOOL(struct result_document, is_refused),   FIELD_END,
};

const struct page_template result_document_templates[] = {
    {"dossier/result", result_document_fields}
};
const size_t result_document_templates_count = LENGTH(result_document_templates);

static struct str submitter_of(const struct dossier_view *v)
{
    for (size_t i = 0; i < v->party_count; i++)
        if (str_eq(v->parties[i].role, STR("submitter")) && !str_eq(v->parties[i].name, v->dossier.owner_name))
            return v->parties[i].name;
    return STR_NONE;
}

/* Whoever approved it last. */
static enum outcome find_approver(struct tx *tx, const struct dossier_view *v, struct result_document *out,
                                  struct fail *why)
{
    struct journal_entry *entries;
    size_t count;
    TRY(journal_of_subject(tx, SUBJECT_DOSSIER, v->dossier.id, &entries, &count, why));
    while (count > 0 && !str_eq(entries[count - 1].act, STR("approve"))) count--;
    if (count == 0 || entries[count - 1].actor.account == 0) return OK;
    struct account account;
    TRY(account_load(tx, entries[count - 1].actor.account, &account, why));
    const struct role *role = role_find(entries[count - 1].actor.role);
    out->approver = account.name;
    out->approver_role = role != NULL ? translate(VIETNAMESE, role->title) : STR_NONE;
    return OK;
}

static enum outcome fill(const struct desk *desk, struct tx *tx, const struct dossier_view *v, day_t day,
                         struct result_document *out, struct fail *why)
{
    const struct dossier *d = &v->dossier;
    struct arena *a = tx_arena(tx);
    struct civil c = day_to_civil(day);
    bool is_refused = str_eq(d->outcome, STR("refused"));
    struct str path = dossier_token_path(desk->keys, a, d->id);
    *out = (struct result_document){
        .parent = v->agency.parent_name,
        .agency = v->agency.name,
        .code = d->code,
        /* Without a known host there is nothing to lead to; the code can be looked up by hand. */
        .link = desk->origin.len > 0 ? str_format(a, "%.*s%.*s", STR_ARG(desk->origin), STR_ARG(path)) : d->code,
        .place = v->agency.territory_name,
        /* Decree 30/2020, appendix I: days below 10 and the months 1 and 2 take a zero, so that nobody adds a digit. */
        .day = str_format(a, "%02d", c.day),
        .month = str_format(a, c.month < 3 ? "%02d" : "%d", c.month),
        .year = str_format(a, "%d", c.year),
        .procedure_code = d->procedure_code,
        .procedure = v->procedure->name,
        .owner = d->owner_name,
        .submitter = submitter_of(v),
        .reason = is_refused ? d->reason : STR_NONE,
        .submitted = day_for_people(a, day_of(d->submitted_at)),
        .is_granted = !is_refused,
        .is_refused = is_refused,
    };
    return find_approver(tx, v, out, why);
}

enum outcome result_document_check(const struct html_set *parts, struct str text, struct fail *why)
{
    struct html_source source = {STR("result"), text};
    return letter_check_own(parts, &source, result_document_fields, why);
}

enum outcome result_document_make(const struct desk *desk, struct tx *tx, const struct dossier_view *view, day_t day,
                                  struct letter *out, struct fail *why)
{
    struct arena *a = tx_arena(tx);
    struct result_document document;
    struct html_source own = {.name = STR("result")};
    TRY(fill(desk, tx, view, day, &document, why));
    TRY(catalogue_template(tx, view->dossier.procedure_version, STR("result.html"), &own.text, why));
    struct fail refused;
    fail_init(&refused, a);
    if (own.text.len > 0 &&
        letter_make_own(desk->pages, &own, result_document_fields, &document, a, out, &refused) == OK)
        return OK;
    if (own.text.len > 0)
        log_write(LOG_WARN, "result.template", "procedure=%.*s why=%s", STR_ARG(view->dossier.procedure_code),
                  fail_text(a, &refused).at);
    return letter_make(desk->pages, "dossier/result", &document, a, out, why);
}

enum outcome result_document_write(const struct desk *desk, struct tx *tx, const struct standing *who,
                                   const struct dossier_view *view, struct upload_row *out, struct fail *why)
{
    AUTO_BUF struct buf pdf;
    struct arena *a = tx_arena(tx);
    struct letter letter;
    struct sha256 hash;
    instant_t now = clock_now();
    buf_init(&pdf, LETTER_PDF_BYTES);
    TRY(result_document_make(desk, tx, view, day_of(now), &letter, why));
    struct letter_facts facts = {str_format(a, "Kết quả giải quyết hồ sơ %.*s", STR_ARG(view->dossier.code)),
                                 view->agency.name, now};
    TRY(letter_pdf(desk->press, &letter, &facts, &pdf, why));
    TRY(blob_write(desk->files_folder, buf_str(&pdf), &hash, why));
    *out = (struct upload_row){
        .account = who->account,
        .hash = hash,
        .name = str_format(a, "ket-qua-%.*s.pdf", STR_ARG(view->dossier.code)),
        .type = STR("application/pdf"),
        .bytes = (int64_t)pdf.len,
    };
    return OK;
}
