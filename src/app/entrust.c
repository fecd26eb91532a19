#include "app/entrust.h"

#include "agency/competence.h"
#include "app/office.h"
#include "base/auto.h"
#include "base/list.h"
#include "catalogue/catalogue.h"

enum { ENTRUST_ARENA = 256 * 1024 * 1024 };

static enum outcome list_levels(struct app *app, struct arena *a, struct competence_levels **out, size_t *out_count,
                                struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    LIST(struct competence_levels) list = {0};
    struct procedure_query query = {.level = ANY, .audience = ANY, .channel = ANY, .limit = PROCEDURE_LIST_MOST};
    struct procedure_page page;
    TRY(store_read_begin(app->store, a, &tx, why));
    do {
        TRY(catalogue_search(app->catalogue, tx, &query, &page, why));
        for (size_t i = 0; i < page.count; i++) {
            unsigned levels = page.rows[i].levels;
            bool is_provincial = levels & (1u << LEVEL_PROVINCE), is_communal = levels & (1u << LEVEL_COMMUNE);
            bool is_central = levels & (1u << LEVEL_CENTRAL) || (!is_provincial && !is_communal);
            LIST_PUSH(a, list) = (struct competence_levels){page.rows[i].code, is_central, is_provincial, is_communal};
        }
        query.cursor = page.next_cursor;
    } while (query.cursor.len > 0);
    *out = list.at;
    *out_count = list.count;
    return OK;
}

enum outcome entrust_procedures(struct app *app, struct fail *why)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, ENTRUST_ARENA);
    struct competence_levels *levels;
    size_t count;
    int64_t added;
    struct str office = office_of(app).identifier;
    if (office.len == 0) return OK; /* nobody to entrust the central ones to */
    TRY(list_levels(app, &a, &levels, &count, why));
    return competence_from_levels(app->store, (struct actor){0}, office, levels, count, &added, why);
}
