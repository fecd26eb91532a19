#include "officer/inbox_marks.h"

#include "queries.h"

enum outcome inbox_seen_load(struct tx *tx, const struct standing *who, struct inbox_seen *out, struct fail *why)
{
    struct rows rows;
    *out = (struct inbox_seen){0};
    TRY(store_all(tx, Q_INBOX_SEEN_OF, VALUES(v_int(who->account), v_int(who->agency)), &rows, why));
    for (size_t i = 0; i < rows.count; i++) {
        int64_t tab = row_int(&rows.at[i], 0);
        if (tab >= 0 && tab < INBOX_TAB_COUNT) out->at[tab] = row_int(&rows.at[i], 1);
    }
    for (size_t i = 0; i < INBOX_TAB_COUNT; i++)
        if (out->at[i] < out->at[TAB_ALL]) out->at[i] = out->at[TAB_ALL];
    return OK;
}

void inbox_marks_ahead(struct tx *tx, const struct standing *who)
{
    store_ahead(tx, Q_INBOX_SEEN_OF, VALUES(v_int(who->account), v_int(who->agency)));
    store_ahead(tx, Q_INBOX_VIEWS, VALUES(v_int(who->account), v_int(KEPT_VIEWS_MOST)));
}

enum outcome inbox_seen_put(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct inbox_seen_mark *in = input;
    (void)output; /* there is none */
    return store_do(tx, Q_INBOX_SEEN_PUT, VALUES(v_int(in->account), v_int(in->agency), v_int(in->tab), v_int(in->at)),
                    NULL, why);
}

enum outcome kept_views_of(struct tx *tx, int64_t account, struct kept_view **out, size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_INBOX_VIEWS, VALUES(v_int(account), v_int(KEPT_VIEWS_MOST)), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct kept_view, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*out)[i] = (struct kept_view){row_int(&rows.at[i], 0), row_str(&rows.at[i], 1),
                                       inbox_view_parse(row_str(&rows.at[i], 2))};
    return OK;
}

enum outcome kept_view_add(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct kept_view_new *in = input;
    int64_t added;
    (void)output; /* there is none */
    TRY(store_do(tx, Q_INBOX_VIEW_PUT,
                 VALUES(v_int(in->account), v_str(in->name), v_str(in->filter), v_int(KEPT_VIEWS_MOST)), &added, why));
    if (added > 0) return OK;
    return fail(why, ERR_CONFLICT, N_("You keep {0} views already. Remove one of them first."),
                str_format(tx_arena(tx), "%d", KEPT_VIEWS_MOST));
}

enum outcome kept_view_remove(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct kept_view_gone *in = input;
    (void)output; /* there is none */
    return store_do(tx, Q_INBOX_VIEW_REMOVE, VALUES(v_int(in->account), v_int(in->n)), NULL, why);
}
