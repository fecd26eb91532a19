/* GET /mo-thu-tuc: what this agency may begin of its own motion, and what agencies ask each other. */
#include "agency/competence.h"
#include "dossier/desk.h"
#include "officer/officer_pages.h"

enum { OPENED_MOST = 200 };

struct open_row {
    struct str code, name;
};

struct open_page {
    struct frame frame;
    struct open_row *rows;
    size_t rows_count;
};

static const struct field open_row_fields[] = {
    FIELD_STR(struct open_row, code),
    FIELD_STR(struct open_row, name),
    FIELD_END,
};

const struct field open_page_fields[] = {
    FRAME_FIELDS(struct open_page),
    FIELD_LIST(struct open_page, rows, struct open_row, open_row_fields),
    FIELD_END,
};

static bool is_among(struct str code, const struct str *codes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(codes[i], code)) return true;
    return false;
}

enum outcome officer_open_page(struct request *rq, struct fail *why)
{
    const struct desk *desk = app_desk(rq->app);
    struct open_page page = {.frame.is_wide = true};
    struct procedure_row *all;
    struct str *codes;
    size_t count, code_count;
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(desk->store, rq->arena, &tx, why));
    TRY(competence_procedures(tx, rq->visitor.agency, day_of(clock_now()), &codes, &code_count, why));
    TRY(catalogue_all(desk->catalogue, tx, &all, &count, why));
    page.rows = ARENA_ARRAY(rq->arena, struct open_row, OPENED_MOST);
    for (size_t i = 0; i < count && page.rows_count < OPENED_MOST; i++) {
        bool is_internal = all[i].kind == KIND_INTERNAL_BETWEEN || all[i].kind == KIND_INTERNAL_WITHIN;
        bool is_own = all[i].initiator == INITIATOR_AUTHORITY && is_among(all[i].code, codes, code_count);
        if (is_internal || is_own)
            page.rows[page.rows_count++] = (struct open_row){.code = all[i].code, .name = all[i].name};
    }
    page_reply(rq, 200, "officer/open", &page);
    return OK;
}
