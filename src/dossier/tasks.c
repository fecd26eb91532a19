#include "dossier/tasks.h"

#include <inttypes.h>
#include <stdio.h>

#include "agency/competence_move.h"
#include "agency/post.h"
#include "dossier/list_cursor.h"
#include "queries.h"

enum { QUEUES_OF_AN_AGENCY = 2048, TASK_VALUES = 6, WALK_QUEUES_LEAST = 16, WALK_OFFICES_MOST = 3 };

/* ---- which rows ---- */

static bool is_held_by_one(const struct inbox_query *q)
{
    return q->holder == INBOX_MINE || (q->holder == INBOX_OFFICER && q->officer != 0);
}

static bool is_nobodys(const struct inbox_query *q)
{
    return q->holder == INBOX_NOBODYS || (q->holder == INBOX_OFFICER && q->officer == 0);
}

static int64_t holder_of(const struct inbox_query *q)
{
    if (is_nobodys(q)) return 0;
    return q->holder == INBOX_OFFICER ? q->officer : q->who.account;
}

/* Which index a page is read from: by kind of work or not, by whose it is or not. */
static unsigned task_query(const struct inbox_query *q)
{
    bool is_stage = q->stage != 0;
    if (is_held_by_one(q)) return is_stage ? Q_WORKLIST_PAGE_STAGE_HELD : Q_WORKLIST_PAGE_HELD;
    if (is_nobodys(q)) return is_stage ? Q_WORKLIST_PAGE_STAGE_OF : Q_WORKLIST_PAGE_OF;
    if (q->is_mine_only && q->holder == INBOX_ANY) return Q_WORKLIST_PAGE_MINE;
    return is_stage ? Q_WORKLIST_PAGE_STAGE : Q_WORKLIST_PAGE;
}

/* In the order of the query's words; how many. */
static size_t task_values(const struct inbox_query *q, struct value queue, struct place after, size_t most,
                          struct value values[TASK_VALUES])
{
    size_t count = 0;
    bool is_stage_first = q->stage != 0 && !is_held_by_one(q),
         is_held = is_held_by_one(q) || is_nobodys(q) || (q->is_mine_only && q->holder == INBOX_ANY);
    values[count++] = queue;
    if (is_stage_first) values[count++] = v_int(q->stage);
    values[count++] = v_int(after.major);
    values[count++] = v_int(after.minor);
    if (is_held) values[count++] = v_int(holder_of(q));
    if (q->stage != 0 && !is_stage_first) values[count++] = v_int(q->stage);
    values[count++] = v_int((int64_t)most);
    return count;
}

static enum outcome fetch_tasks(struct tx *tx, const void *context, int64_t queue, struct place after, size_t most,
                                struct rows *out, struct fail *why)
{
    struct value values[TASK_VALUES];
    size_t count = task_values(context, v_int(queue), after, most, values);
    return store_all(tx, task_query(context), values, count, out, why);
}

static void ask_for_tasks(struct tx *tx, const void *context, int64_t queue, struct place after, size_t most)
{
    struct value values[TASK_VALUES];
    size_t count = task_values(context, v_int(queue), after, most, values);
    store_ahead(tx, task_query(context), values, count);
}

/* The query that reads the beginnings of many queues the same way; 0: there is none. */
static unsigned heads_query(const struct inbox_query *q)
{
    switch (task_query(q)) {
    case Q_WORKLIST_PAGE: return Q_WORKLIST_HEADS;
    case Q_WORKLIST_PAGE_MINE: return Q_WORKLIST_HEADS_MINE;
    case Q_WORKLIST_PAGE_STAGE: return Q_WORKLIST_HEADS_STAGE;
    case Q_WORKLIST_PAGE_HELD: return Q_WORKLIST_HEADS_HELD;
    default: return 0;
    }
}

static enum outcome fetch_task_heads(struct tx *tx, const void *context, const struct merge_wish *wish,
                                     struct rows *out, struct fail *why)
{
    struct value values[TASK_VALUES], queues = v_str(ids_format(tx_arena(tx), wish->keys, wish->count));
    size_t count = task_values(context, queues, wish->after, wish->most, values);
    return store_all(tx, heads_query(context), values, count, out, why);
}

static struct place place_of_task(const struct row *r)
{
    return (struct place){row_int(r, 0), row_int(r, 1)};
}

static const struct merge_kind tasks_of_few = {fetch_tasks, place_of_task, ask_for_tasks, NULL},
                               tasks_of_many = {fetch_tasks, place_of_task, ask_for_tasks, fetch_task_heads};

/* ---- which queues ---- */

static enum outcome queues_of_office(struct tx *tx, const struct standing *who, int64_t *out, size_t *out_count,
                                     struct fail *why)
{
    struct rows rows;
    if (!permission_is_in(who->permissions, PERMIT_DOSSIER_APPROVE))
        return fail(why, ERR_DENIED, N_("The progress of a whole agency is for its leaders."));
    TRY(store_all(tx, Q_WORKLIST_QUEUES_OF_AGENCY,
                  VALUES(v_int(who->agency), v_int(day_of(tx_now(tx))), v_int(QUEUES_OF_AN_AGENCY)), &rows, why));
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) out[i] = row_int(&rows.at[i], 0);
    return OK;
}

static enum outcome queues_of_query(struct tx *tx, const struct inbox_query *q, int64_t **out, size_t *out_count,
                                    struct fail *why)
{
    bool is_office = q->holder == INBOX_OFFICE || q->holder == INBOX_OFFICER;
    *out = ARENA_ARRAY(tx_arena(tx), int64_t, is_office ? QUEUES_OF_AN_AGENCY : QUEUES_OF_A_PERSON);
    if (is_office) return queues_of_office(tx, &q->who, *out, out_count, why);
    return queues_of_post(tx, q->who.account, q->who.agency, q->who.role, *out, out_count, why);
}

/* ---- by walking the role ---- */

static bool wants_holder(const void *context, int64_t holder)
{
    const struct inbox_query *q = context;
    if (is_nobodys(q)) return holder == 0;
    return holder == 0 || !q->is_mine_only || q->holder != INBOX_ANY || holder == q->who.account;
}

/* Of few queues each is asked for its own; what somebody holds is few rows and has an index; the queues of an office
 * are of all roles. */
static bool is_for_walking(const struct tasks *t, const struct tx *tx)
{
    const struct inbox_query *q = t->query;
    bool is_of_post = q->holder != INBOX_OFFICE && q->holder != INBOX_OFFICER;
    return tx_is_far(tx) && t->queue_count >= WALK_QUEUES_LEAST && is_of_post && !is_held_by_one(q);
}

static enum outcome begin_walk(struct tasks *t, struct tx *tx, struct place after, struct fail *why)
{
    const struct inbox_query *q = t->query;
    int64_t *offices = ARENA_ARRAY(tx_arena(tx), int64_t, AGENCY_LINE_MOST);
    size_t office_count;
    TRY(agency_line(tx, q->who.agency, day_of(tx_now(tx)), offices, &office_count, why)); /* as its queues were found */
    t->is_walking = office_count <= WALK_OFFICES_MOST; /* it reads a list for each office */
    if (!t->is_walking) return OK;
    t->walk = (struct role_walk){.tx = tx,
                                 .offices = offices,
                                 .office_count = office_count,
                                 .role = q->who.role,
                                 .stage = q->stage,
                                 .queues = t->queues,
                                 .queue_count = t->queue_count,
                                 .wants = wants_holder,
                                 .context = q};
    role_walk_begin(&t->walk, after, q->most + 1);
    return OK;
}

/* ---- by merging the queues ---- */

static void begin_merge(struct tasks *t, struct tx *tx, struct place after)
{
    merge_init(&t->merge, tx, heads_query(t->query) != 0 ? &tasks_of_many : &tasks_of_few, t->query);
    merge_begin(&t->merge, t->queues, t->queue_count, after, t->query->most + 1);
}

/* ---- one after the other ---- */

enum outcome tasks_begin(struct tasks *t, struct tx *tx, const struct inbox_query *query, struct fail *why)
{
    struct place after;
    *t = (struct tasks){.query = query};
    TRY(list_cursor_parse(tx_arena(tx), query->cursor, CURSOR_TASKS, &after, why));
    TRY(queues_of_query(tx, query, &t->queues, &t->queue_count, why));
    struct place from = {query->due_from - 1, INT64_MAX};
    if (query->due_from != 0 && place_cmp(after, from) < 0) after = from;
    if (is_for_walking(t, tx)) TRY(begin_walk(t, tx, after, why));
    if (!t->is_walking) begin_merge(t, tx, after);
    return OK;
}

static enum outcome next_row(struct tasks *t, struct place *out, bool *is_there, struct fail *why)
{
    const struct row *row;
    if (t->is_walking) {
        TRY(role_walk_next(&t->walk, &row, why));
        *is_there = row != NULL;
        if (row != NULL) *out = t->walk.reached;
        if (row != NULL || t->walk.is_over) return OK;
        t->is_walking = false;
        begin_merge(t, t->walk.tx, t->walk.reached);
    }
    TRY(merge_next(&t->merge, &row, out, why));
    *is_there = row != NULL;
    return OK;
}

enum outcome tasks_next(struct tasks *t, struct place *out, bool *is_there, struct fail *why)
{
    const struct inbox_query *q = t->query;
    TRY(next_row(t, out, is_there, why));
    if (q->due_before != 0 && *is_there && out->major >= q->due_before) *is_there = false;
    return OK;
}
