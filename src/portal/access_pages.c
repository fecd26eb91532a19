#include "portal/access_pages.h"

#include "agency/permission.h"
#include "agency/role.h"
#include "dossier/dossier_visit.h"
#include "html/component.h"
#include "people/access.h"

enum { LOOKS_SHOWN = 50 };

struct look_line {
    struct str at, who, agency, name, what, code, href;
};

struct access_page {
    struct frame frame;
    struct str code; /* empty: everything of mine */
    struct look_line *lines;
    size_t lines_count;
    struct pagination pagination;
};

/* clang-format off */
static const struct field look_line_fields[] = {
    FIELD_STR(struct look_line, at),
    FIELD_STR(struct look_line, who),
    FIELD_STR(struct look_line, agency),
    FIELD_STR(struct look_line, name),
    FIELD_STR(struct look_line, what),
    FIELD_STR(struct look_line, code),
    FIELD_STR(struct look_line, href),
    FIELD_END,
};
static const struct field access_page_fields[] = {
    FRAME_FIELDS(struct access_page),
    FIELD_STR(struct access_page, code),
    FIELD_LIST(struct access_page, lines, struct look_line, look_line_fields),
    FIELD_STRUCT(struct access_page, pagination, pagination_fields),
    FIELD_END,
};
/* clang-format on */

/* ---- whose name is told ---- */

/*
 * Law 91/2025/QH15, art. 4(1): a person may know how their data is used: by which body, for what, when. The name of the
 * officer is that officer's own personal data, which no article orders to be told; the office answers, not a person.
 * But the receipt, the request for papers and the refusal bear the name of the officer who signed them (Circular
 * 03/2025/TT-VPCP, forms 01 to 03): of these the applicant has the name on paper, so it is told here too.
 */
static bool is_signed_by_name(struct str act)
{
    static const char *const acts[] = {"receive", "request-supplement", "refuse"};
    for (size_t i = 0; i < LENGTH(acts); i++)
        if (str_eq(act, str_from(acts[i]))) return true;
    return false;
}

static bool is_known(const struct journal_entry *entries, size_t count, int64_t account)
{
    for (size_t i = 0; i < count; i++)
        if (entries[i].actor.account == account && is_signed_by_name(entries[i].act)) return true;
    return false;
}

/* ---- lines ---- */

static struct str what_of(struct request *rq, const struct access_look *l)
{
    const char *said[ACCESS_WHAT_COUNT] = {N_("The dossier"), N_("Paper number {0}"),
                                           N_("Your account, at the counter")};
    struct str n = str_format(rq->arena, "%lld", (long long)l->n);
    return fail_fill(rq->arena, translate(rq->language, said[l->what]), (const struct str[FAIL_ARGS]){n});
}

static struct look_line line_of(struct request *rq, const struct access_look *l)
{
    const struct role *role = role_find(l->role);
    struct look_line line = {
        .at = instant_for_people(rq->arena, l->at),
        .who = role != NULL ? translate(rq->language, role->title) : l->role,
        .agency = l->agency_name,
        .what = what_of(rq, l),
        .code = l->code,
    };
    if (l->code.len > 0) line.href = str_format(rq->arena, "/ho-so/%.*s", STR_ARG(l->code));
    return line;
}

static enum outcome read_cursor(struct request *rq, int64_t *out, struct fail *why)
{
    struct str cursor = request_query(rq, "cursor");
    *out = 0;
    if (cursor.len == 0 || id_parse(cursor, out)) return OK;
    return fail(why, ERR_INVALID, N_("This place in the list is not known. Begin again at its start."));
}

static void fill_lines(struct request *rq, const struct access_look *looks, size_t count, int64_t before,
                       struct access_page *page)
{
    page->lines_count = count < LOOKS_SHOWN ? count : LOOKS_SHOWN;
    page->lines = ARENA_ARRAY(rq->arena, struct look_line, page->lines_count + 1);
    for (size_t i = 0; i < page->lines_count; i++) page->lines[i] = line_of(rq, &looks[i]);
    if (before > 0) page->pagination.previous_href = rq->path;
    if (count > LOOKS_SHOWN)
        page->pagination.next_href =
            str_format(rq->arena, "%.*s?cursor=%lld", STR_ARG(rq->path), (long long)looks[LOOKS_SHOWN - 1].id);
}

/* ---- pages ---- */

static enum outcome get_of_dossier(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct dossier_view view;
    struct access_page page = {0};
    struct access_look *looks;
    struct journal_entry *entries;
    size_t count, entry_count;
    int64_t before;
    TRY(read_cursor(rq, &before, why));
    access_log_flush(app_access(rq->app));
    TRY(dossier_visit(rq, &tx, &view, why));
    if (!view.is_applicant || view.dossier.is_protected)
        return fail(why, ERR_MISSING, N_("Who looked at a dossier is shown to the one who submitted it."));
    TRY(access_of_dossier(tx, view.dossier.id, before, LOOKS_SHOWN + 1, &looks, &count, why));
    TRY(journal_of_subject(tx, SUBJECT_DOSSIER, view.dossier.id, &entries, &entry_count, why));
    fill_lines(rq, looks, count, before, &page);
    for (size_t i = 0; i < page.lines_count; i++) {
        page.lines[i].code = page.lines[i].href = STR_NONE;
        if (is_known(entries, entry_count, looks[i].account)) page.lines[i].name = looks[i].name;
    }
    page.code = view.dossier.code;
    page.frame.back_href = str_format(rq->arena, "/ho-so/%.*s", STR_ARG(view.dossier.code));
    page_reply(rq, 200, "portal/access", &page);
    return OK;
}

static enum outcome get_of_account(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct access_page page = {0};
    struct access_look *looks;
    size_t count;
    int64_t before;
    TRY(read_cursor(rq, &before, why));
    access_log_flush(app_access(rq->app));
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(access_of_person(tx, rq->visitor.account, before, LOOKS_SHOWN + 1, &looks, &count, why));
    fill_lines(rq, looks, count, before, &page);
    page.frame.back_href = STR("/tai-khoan");
    page_reply(rq, 200, "portal/access", &page);
    return OK;
}

/* ---- tables ---- */

const struct route access_routes[] = {
    {GET, "/ho-so/{code}/ai-da-xem", PERMIT_DOSSIER_OWN, get_of_dossier, N_("Who looked at my dossier")},
    {GET, "/tai-khoan/ai-da-xem",    PERMIT_SIGNED_IN,   get_of_account, N_("Who looked at my data")   },
};
const size_t access_route_count = LENGTH(access_routes);

const struct page_template access_templates[] = {
    {"portal/access", access_page_fields},
};
const size_t access_template_count = LENGTH(access_templates);
