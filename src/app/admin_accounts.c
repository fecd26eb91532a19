/* GET /quan-tri/tai-khoan?sau=: who may sign in, as what, by login. */
#include "app/admin_pages.h"
#include "app/app.h"
#include "html/component.h"

enum { ROWS = 50 };

struct account_line {
    struct str login, name, roles;
    bool is_disabled;
};

struct accounts_page {
    struct frame frame;
    struct account_line *rows;
    size_t rows_count;
    struct pagination pagination;
};

static const struct field account_line_fields[] = {
    FIELD_STR(struct account_line, login),
    FIELD_STR(struct account_line, name),
    FIELD_STR(struct account_line, roles),
    FIELD_BOOL(struct account_line, is_disabled),
    FIELD_END,
};

const struct field admin_accounts_fields[] = {
    FRAME_FIELDS(struct accounts_page),
    FIELD_LIST(struct accounts_page, rows, struct account_line, account_line_fields),
    FIELD_STRUCT(struct accounts_page, pagination, pagination_fields),
    FIELD_END,
};

enum outcome admin_accounts(struct request *rq, struct fail *why)
{
    struct arena *a = rq->arena;
    struct accounts_page page = {.frame.is_wide = true};
    struct user_line *users;
    size_t count;
    TRY(people_user_list(app_people(rq->app), a, request_query(rq, "sau"), ROWS + 1, &users, &count, why));
    page.rows_count = count > ROWS ? ROWS : count;
    page.rows = ARENA_ARRAY(a, struct account_line, page.rows_count + 1);
    for (size_t i = 0; i < page.rows_count; i++)
        page.rows[i] = (struct account_line){users[i].account.login, users[i].account.name, users[i].roles,
                                             users[i].account.disabled_at != INSTANT_NONE};
    if (count > ROWS)
        page.pagination.next_href =
            str_format(a, "/quan-tri/tai-khoan?sau=%.*s", STR_ARG(html_query_value(a, page.rows[ROWS - 1].login)));
    page_reply(rq, 200, "app/accounts", &page);
    return OK;
}
