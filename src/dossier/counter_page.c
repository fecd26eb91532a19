/*
 * GET /tiep-nhan?q=&cursor=: what the one-stop of this agency takes in, each procedure with a way to file for who
 * stands at the counter or wrote by post. The form itself is the applicant's (apply_pages.c), begun anew each time, so
 * that nobody sees what the person before them typed.
 */
#include "agency/competence.h"
#include "dossier/desk.h"
#include "dossier/officer_pages.h"

enum { ROWS = 25 };

struct counter_row {
    struct str code, name;
    bool is_at_counter, is_by_post;
};

struct counter_page {
    struct frame frame;
    struct str q;
    struct counter_row *rows;
    size_t rows_count;
    struct pagination pagination;
};

static const struct field counter_row_fields[] = {
    FIELD_STR(struct counter_row, code),
    FIELD_STR(struct counter_row, name),
    FIELD_BOOL(struct counter_row, is_at_counter),
    FIELD_BOOL(struct counter_row, is_by_post),
    FIELD_END,
};

const struct field counter_page_fields[] = {
    FRAME_FIELDS(struct counter_page),
    FIELD_STR(struct counter_page, q),
    FIELD_LIST(struct counter_page, rows, struct counter_row, counter_row_fields),
    FIELD_STRUCT(struct counter_page, pagination, pagination_fields),
    FIELD_END,
};

static void fill_rows(struct request *rq, const struct procedure_page *found, struct counter_page *page)
{
    page->rows = ARENA_ARRAY(rq->arena, struct counter_row, found->count + 1);
    page->rows_count = found->count;
    for (size_t i = 0; i < found->count; i++) {
        const struct procedure_row *r = &found->rows[i];
        bool is_applied_for = r->initiator == INITIATOR_APPLICANT;
        page->rows[i] =
            (struct counter_row){r->code, r->name, is_applied_for && (r->channels & 1u << CHANNEL_COUNTER) != 0,
                                 is_applied_for && (r->channels & 1u << CHANNEL_POSTAL) != 0};
    }
}

/* ---- what an office itself begins ---- */

enum { OPENED_MOST = 200 };

struct open_page {
    struct frame frame;
    struct counter_row *rows;
    size_t rows_count;
};

const struct field open_page_fields[] = {
    FRAME_FIELDS(struct open_page),
    FIELD_LIST(struct open_page, rows, struct counter_row, counter_row_fields),
    FIELD_END,
};

static bool is_among(struct str code, const struct str *codes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(codes[i], code)) return true;
    return false;
}

/* GET /mo-thu-tuc: what this agency may begin of its own motion, and what agencies ask each other. */
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
    page.rows = ARENA_ARRAY(rq->arena, struct counter_row, OPENED_MOST);
    for (size_t i = 0; i < count && page.rows_count < OPENED_MOST; i++) {
        bool is_internal = all[i].kind == KIND_INTERNAL_BETWEEN || all[i].kind == KIND_INTERNAL_WITHIN;
        bool is_own = all[i].initiator == INITIATOR_AUTHORITY && is_among(all[i].code, codes, code_count);
        if (is_internal || is_own)
            page.rows[page.rows_count++] = (struct counter_row){.code = all[i].code, .name = all[i].name};
    }
    page_reply(rq, 200, "dossier/open", &page);
    return OK;
}

/* ---- the counter ---- */

enum outcome officer_counter_page(struct request *rq, struct fail *why)
{
    const struct desk *desk = app_desk(rq->app);
    struct counter_page page = {.frame.is_wide = true, .q = request_query(rq, "q")};
    struct procedure_query query = {.text = page.q,
                                    .cursor = request_query(rq, "cursor"),
                                    .level = ANY,
                                    .audience = ANY,
                                    .channel = ANY,
                                    .limit = ROWS};
    struct procedure_page found;
    struct str *codes;
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(desk->store, rq->arena, &tx, why));
    TRY(competence_procedures(tx, rq->visitor.agency, day_of(clock_now()), &codes, &query.code_count, why));
    query.codes = codes != NULL ? codes : ARENA_ARRAY(rq->arena, struct str, 1); /* none, but a list */
    TRY(catalogue_search(desk->catalogue, tx, &query, &found, why));
    fill_rows(rq, &found, &page);
    if (found.next_cursor.len > 0)
        page.pagination.next_href =
            str_format(rq->arena, "/tiep-nhan?q=%.*s&cursor=%.*s", STR_ARG(html_query_value(rq->arena, page.q)),
                       STR_ARG(html_query_value(rq->arena, found.next_cursor)));
    page_reply(rq, 200, "dossier/counter", &page);
    return OK;
}
