#include "agency/post.h"

#include <stdlib.h>

#include "agency/agency_store.h"
#include "agency/competence_move.h"
#include "base/list.h"
#include "queries.h"

static struct post post_of(const struct row *r)
{
    return (struct post){
        .id = row_int(r, 0),
        .account = row_int(r, 1),
        .agency = row_int(r, 2),
        .role = row_str(r, 3),
        .procedure_group = row_str(r, 4),
        .valid_from = row_day_from(r, 5),
        .valid_to = row_day_to(r, 6),
        .agency_identifier = row_str(r, 7),
        .agency_name = row_str(r, 8),
    };
}

static void posts_of(struct tx *tx, const struct rows *rows, struct post **out, size_t *out_count)
{
    struct post *list = ARENA_ARRAY(tx_arena(tx), struct post, rows->count);
    for (size_t i = 0; i < rows->count; i++) list[i] = post_of(&rows->at[i]);
    *out = list;
    *out_count = rows->count;
}

enum outcome posts_of_account(struct tx *tx, int64_t account, day_t day, struct post **out, size_t *out_count,
                              struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_POSTS_BY_ACCOUNT, VALUES(v_int(account), v_int(day)), &rows, why));
    posts_of(tx, &rows, out, out_count);
    return OK;
}

enum outcome posts_of_agency(struct tx *tx, int64_t agency, struct str role, day_t day, struct post **out,
                             size_t *out_count, struct fail *why)
{
    struct rows rows;
    if (role.len > 0)
        TRY(store_all(tx, Q_POSTS_BY_AGENCY_ROLE, VALUES(v_int(agency), v_str(role), v_int(day)), &rows, why));
    else
        TRY(store_all(tx, Q_POSTS_BY_AGENCY, VALUES(v_int(agency), v_int(day)), &rows, why));
    posts_of(tx, &rows, out, out_count);
    for (size_t i = 0; i < rows.count; i++) {
        struct post *p = &(*out)[i];
        p->name = row_str(&rows.at[i], 9);
        p->login = row_str(&rows.at[i], 10);
        p->is_disabled = row_bool(&rows.at[i], 11);
    }
    return OK;
}

bool post_is_again(const struct post *posts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (posts[i].account == posts[n].account) return true;
    return false;
}

void queue_ahead(struct tx *tx, int64_t agency, struct str role, struct str procedure_group)
{
    store_ahead(tx, Q_QUEUE_BY_KEY, VALUES(v_int(agency), v_str(role), v_str(procedure_group)));
}

enum outcome queue_for(struct tx *tx, int64_t agency, struct str role, struct str procedure_group, int64_t *out_id,
                       struct fail *why)
{
    struct row row;
    enum outcome r =
        store_one(tx, Q_QUEUE_BY_KEY, VALUES(v_int(agency), v_str(role), v_str(procedure_group)), &row, why);
    if (r == OK) {
        *out_id = row_int(&row, 0);
        return OK;
    }
    if (r != ERR_MISSING) return r;
    int64_t id = tx_new_id(tx);
    TRY(store_do(tx, Q_QUEUE_INSERT, VALUES(v_int(id), v_int(agency), v_str(role), v_str(procedure_group)), NULL, why));
    *out_id = id;
    return OK;
}

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Nearly always the agency goes on with nobody's work but its own. */
void queues_of_post_ahead(struct tx *tx, int64_t account, int64_t agency, struct str role)
{
    day_t day = day_of(tx_now(tx));
    agency_line_ahead(tx, agency, day);
    store_ahead(tx, Q_QUEUES_OF_POST_AT, VALUES(v_int(account), v_int(agency), v_str(role), v_int(day), v_int(agency)));
}

enum outcome queues_of_post(struct tx *tx, int64_t account, int64_t agency, struct str role,
                            int64_t ids[QUEUES_OF_A_PERSON], size_t *out_count, struct fail *why)
{
    int64_t offices[AGENCY_LINE_MOST];
    size_t office_count;
    day_t day = day_of(tx_now(tx));
    LIST(int64_t) found = {0};
    struct rows own, before = {0};
    queues_of_post_ahead(tx, account, agency, role);
    TRY(agency_line(tx, agency, day, offices, &office_count, why));
    TRY(store_all(tx, Q_QUEUES_OF_POST_AT,
                  VALUES(v_int(account), v_int(agency), v_str(role), v_int(day), v_int(agency)), &own, why));
    if (office_count > 1)
        TRY(store_all(tx, Q_QUEUES_OF_POST_BEFORE,
                      VALUES(v_int(account), v_int(agency), v_str(role), v_int(day),
                             v_str(ids_format(tx_arena(tx), offices + 1, office_count - 1))),
                      &before, why));
    for (size_t i = 0; i < own.count; i++) LIST_PUSH(tx_arena(tx), found) = row_int(&own.at[i], 0);
    for (size_t i = 0; i < before.count; i++) LIST_PUSH(tx_arena(tx), found) = row_int(&before.at[i], 0);
    if (found.count > 1) qsort(found.at, found.count, sizeof found.at[0], by_number);
    *out_count = 0;
    for (size_t i = 0; i < found.count && *out_count < QUEUES_OF_A_PERSON; i++)
        if (i == 0 || found.at[i] != found.at[i - 1]) ids[(*out_count)++] = found.at[i];
    return OK;
}

enum outcome queue_load(struct tx *tx, int64_t id, struct queue *out, struct fail *why)
{
    struct row row;
    enum outcome r = store_one(tx, Q_QUEUE_BY_ID, VALUES(v_int(id)), &row, why);
    if (r == ERR_MISSING) return fail(why, ERR_MISSING, N_("This queue is not known."));
    TRY(r);
    *out = (struct queue){row_int(&row, 0), row_int(&row, 1), row_str(&row, 2), row_str(&row, 3)};
    return OK;
}
