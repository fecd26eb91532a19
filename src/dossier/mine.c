/* GET /ho-so-cua-toi: my dossiers and drafts; and the same rows for the home page. */
#include "dossier/mine.h"

#include <inttypes.h>

#include "agency/permission.h"
#include "dossier/dossier_list.h"
#include "dossier/draft.h"
#include "dossier/portal_pages.h"
#include "dossier/view_text.h"

enum { MINE_AT_ONCE = 20 };

/* clang-format off */
static const struct field dossier_fields[] = {
    FIELD_STR(struct mine_dossier, code),
    FIELD_STR(struct mine_dossier, procedure),
    FIELD_STR(struct mine_dossier, at),
    FIELD_STR(struct mine_dossier, due),
    FIELD_STR(struct mine_dossier, href),
    FIELD_STRUCT(struct mine_dossier, tag, tag_fields),
    FIELD_END,
};
static const struct field draft_fields[] = {
    FIELD_STR(struct mine_draft, procedure),
    FIELD_STR(struct mine_draft, at),
    FIELD_STR(struct mine_draft, href),
    FIELD_STR(struct mine_draft, resume),
    FIELD_STR(struct mine_draft, progress),
    FIELD_END,
};
const struct field mine_fields[] = {
    FIELD_LIST(struct mine, dossiers, struct mine_dossier, dossier_fields),
    FIELD_LIST(struct mine, drafts, struct mine_draft, draft_fields),
    FIELD_END,
};
/* clang-format on */

static struct mine_dossier dossier_row(struct request *rq, const struct list_item *item)
{
    const struct dossier *d = &item->dossier;
    return (struct mine_dossier){
        .code = d->code,
        .procedure = item->procedure_name,
        .at = day_for_people(rq->arena, day_of(d->submitted_at)),
        .due = d->due_at == INSTANT_NONE ? STR("") : day_for_people(rq->arena, day_of(d->due_at)),
        .href = str_format(rq->arena, "/ho-so/%.*s", STR_ARG(d->code)),
        .tag = status_tag(rq->language, d->status),
    };
}

static enum outcome list_dossiers(struct request *rq, struct tx *tx, struct str cursor, size_t most, struct mine *out,
                                  struct fail *why)
{
    struct dossier_list found;
    struct list_query query = {.who = standing_of(rq), .cursor = cursor, .due_before = INSTANT_NONE, .most = most};
    TRY(dossier_list(app_desk(rq->app), tx, &query, &found, why));
    out->dossiers = ARENA_ARRAY(rq->arena, struct mine_dossier, found.count + 1);
    out->dossiers_count = found.count;
    out->next_cursor = found.next_cursor;
    for (size_t i = 0; i < found.count; i++) out->dossiers[i] = dossier_row(rq, &found.items[i]);
    return OK;
}

static struct str draft_address(struct request *rq, const struct draft *d, struct str procedure)
{
    return str_format(rq->arena, "/nop-ho-so/%.*s/%" PRId64, STR_ARG(procedure), d->id);
}

static struct str resume_address(struct request *rq, const struct draft *d, struct str procedure)
{
    if (d->step.len == 0) return STR("");
    return str_format(rq->arena, "%.*s/%.*s", STR_ARG(draft_address(rq, d, procedure)), STR_ARG(d->step));
}

static struct str progress_of(struct request *rq, const struct draft *d)
{
    if (d->parts == 0) return STR("");
    return fail_fill(rq->arena, translate(rq->language, N_("{0} of {1} parts are done")),
                     (const struct str[FAIL_ARGS]){str_format(rq->arena, "%" PRId64, d->parts_done),
                                                   str_format(rq->arena, "%" PRId64, d->parts)});
}

static enum outcome list_drafts(struct request *rq, struct tx *tx, size_t most, struct mine *out, struct fail *why)
{
    struct draft *drafts;
    size_t count;
    TRY(drafts_of_account(tx, rq->visitor.account, &drafts, &count, why));
    out->drafts_count = count < most ? count : most;
    out->drafts = ARENA_ARRAY(rq->arena, struct mine_draft, out->drafts_count + 1);
    for (size_t i = 0; i < out->drafts_count; i++) {
        struct procedure_ref ref;
        TRY(catalogue_find(tx, drafts[i].procedure_code, &ref, why));
        out->drafts[i] = (struct mine_draft){
            .procedure = ref.name,
            .at = instant_for_people(rq->arena, drafts[i].updated_at),
            .href = draft_address(rq, &drafts[i], ref.code),
            .resume = resume_address(rq, &drafts[i], ref.code),
            .progress = progress_of(rq, &drafts[i]),
        };
    }
    return OK;
}

enum outcome mine_list(struct request *rq, struct tx *tx, struct str cursor, size_t most, struct mine *out,
                       struct fail *why)
{
    *out = (struct mine){0};
    TRY(list_dossiers(rq, tx, cursor, most, out, why));
    return list_drafts(rq, tx, most, out, why);
}

/* ---- the page ---- */

struct mine_page {
    struct frame frame;
    struct mine mine;
    struct pagination pagination;
};

static const struct field mine_page_fields[] = {
    FRAME_FIELDS(struct mine_page),
    FIELD_STRUCT(struct mine_page, mine, mine_fields),
    FIELD_STRUCT(struct mine_page, pagination, pagination_fields),
    FIELD_END,
};

static enum outcome get_mine(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct mine_page page = {0};
    struct str cursor = request_query(rq, "cursor");
    TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
    TRY(mine_list(rq, tx, cursor, MINE_AT_ONCE, &page.mine, why));
    if (cursor.len > 0) page.pagination.previous_href = STR("/ho-so-cua-toi");
    if (page.mine.next_cursor.len > 0)
        page.pagination.next_href = str_format(rq->arena, "/ho-so-cua-toi?cursor=%.*s",
                                               STR_ARG(html_query_value(rq->arena, page.mine.next_cursor)));
    page_reply(rq, 200, "dossier/mine", &page);
    return OK;
}

const struct route portal_mine_routes[] = {
    {GET, "/ho-so-cua-toi", PERMIT_DOSSIER_OWN, get_mine, N_("My dossiers")},
};
const size_t portal_mine_route_count = LENGTH(portal_mine_routes);

const struct page_template portal_mine_templates[] = {
    {"dossier/mine", mine_page_fields},
};
const size_t portal_mine_template_count = LENGTH(portal_mine_templates);
