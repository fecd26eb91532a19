#include "dossier/task_count.h"

#include "queries.h"

enum { DAYS_AHEAD = 3 };

struct due_bounds due_bounds_of(const struct calendar *c, instant_t now)
{
    day_t ends[DAYS_AHEAD], today = day_of(now);
    for (int i = 0; i < DAYS_AHEAD; i++) ends[i] = calendar_working_day_from(c, (i > 0 ? ends[i - 1] : today) + 1);
    return (struct due_bounds){now, day_start(today + 1), day_start(ends[0] + 1), day_start(ends[DAYS_AHEAD - 1] + 1)};
}

static void read_counts(struct tx *tx, const struct rows *rows, int64_t most, struct task_counts *out)
{
    int64_t looked_at = 0;
    *out = (struct task_counts){.holders = ARENA_ARRAY(tx_arena(tx), struct task_count, rows->count + 1),
                                .holder_count = rows->count};
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *r = &rows->at[i];
        struct task_count c = {row_int(r, 0), row_int(r, 1), row_int(r, 2), row_int(r, 3), row_int(r, 4), 0};
        out->holders[i] = c;
        out->all.late += c.late;
        out->all.today += c.today;
        out->all.tomorrow += c.tomorrow;
        out->all.three_days += c.three_days;
        looked_at += c.late + c.three_days;
    }
    out->is_more = looked_at >= most;
}

enum outcome task_counts_of_post(struct tx *tx, const struct standing *who, const struct due_bounds *b, int64_t most,
                                 struct task_counts *out, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_TASK_COUNTS_OF_POST,
                  VALUES(v_int(who->agency), v_int(day_of(b->now)), v_int(who->account), v_str(who->role),
                         v_int(b->now), v_int(b->today), v_int(b->tomorrow), v_int(b->three_days), v_int(most)),
                  &rows, why));
    read_counts(tx, &rows, most, out);
    return OK;
}

static struct task_count *holder_among(struct task_counts *counts, int64_t holder)
{
    for (size_t i = 0; i < counts->holder_count; i++)
        if (counts->holders[i].holder == holder) return &counts->holders[i];
    counts->holders[counts->holder_count] = (struct task_count){.holder = holder};
    return &counts->holders[counts->holder_count++];
}

/* Some have only what is due later. */
static void add_later(struct tx *tx, const struct rows *rows, int64_t most, struct task_counts *out)
{
    struct task_count *holders = ARENA_ARRAY(tx_arena(tx), struct task_count, out->holder_count + rows->count + 1);
    for (size_t i = 0; i < out->holder_count; i++) holders[i] = out->holders[i];
    out->holders = holders;
    for (size_t i = 0; i < rows->count; i++) {
        int64_t later = row_int(&rows->at[i], 1);
        holder_among(out, row_int(&rows->at[i], 0))->later = later;
        out->all.later += later;
    }
    out->is_later_more = out->all.later >= most;
}

enum outcome task_counts_of_agency(struct tx *tx, int64_t agency, const struct due_bounds *b, int64_t most,
                                   struct task_counts *out, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_TASK_COUNTS_OF_AGENCY,
                  VALUES(v_int(agency), v_int(day_of(b->now)), v_int(b->now), v_int(b->today), v_int(b->tomorrow),
                         v_int(b->three_days), v_int(most)),
                  &rows, why));
    read_counts(tx, &rows, most, out);
    TRY(store_all(tx, Q_TASK_COUNT_LATER_OF_AGENCY,
                  VALUES(v_int(agency), v_int(day_of(b->now)), v_int(b->three_days), v_int(most)), &rows, why));
    add_later(tx, &rows, most, out);
    return OK;
}

/* The questions of an inbox's numbers, which are counted together: each function below asks one or two of them. */
void task_counts_ahead(struct tx *tx, const struct standing *who, const struct due_bounds *b, int64_t most)
{
    const struct value agency = v_int(who->agency), day = v_int(day_of(who->now)), account = v_int(who->account),
                       role = v_str(who->role), at_most = v_int(most);
    const struct value of_post[] = {agency, day, account, role, at_most};
    const struct value due[] = {agency,
                                v_int(day_of(b->now)),
                                account,
                                role,
                                v_int(b->now),
                                v_int(b->today),
                                v_int(b->tomorrow),
                                v_int(b->three_days),
                                at_most};
    store_ahead(tx, Q_TASK_COUNTS_OF_POST, due, LENGTH(due));
    store_ahead(tx, Q_TASK_COUNT_HELD, of_post, LENGTH(of_post));
    store_ahead(tx, Q_TASK_COUNT_NOBODYS, of_post, LENGTH(of_post));
    store_ahead(tx, Q_TASK_COUNT_STAGES, of_post, LENGTH(of_post));
    store_ahead(tx, Q_TASK_COUNT_WAITING_APPLICANT, VALUES(agency, v_int(STATUS_SUPPLEMENT), at_most));
    store_ahead(tx, Q_TASK_COUNT_WAITING_APPLICANT, VALUES(agency, v_int(STATUS_PAYMENT), at_most));
    store_ahead(tx, Q_TASK_COUNT_WAITING_UNITS, VALUES(agency, v_int(STATUS_IN_HAND), at_most));
}

static enum outcome count_status(struct tx *tx, unsigned query, int64_t agency, enum status status, int64_t most,
                                 int64_t *sum, struct fail *why)
{
    struct row r;
    TRY(store_one(tx, query, VALUES(v_int(agency), v_int(status), v_int(most)), &r, why));
    *sum += row_int(&r, 0);
    return OK;
}

enum outcome waiting_of_agency(struct tx *tx, int64_t agency, int64_t most, struct waiting_count *out, struct fail *why)
{
    *out = (struct waiting_count){0, 0};
    TRY(count_status(tx, Q_TASK_COUNT_WAITING_APPLICANT, agency, STATUS_SUPPLEMENT, most, &out->applicant, why));
    TRY(count_status(tx, Q_TASK_COUNT_WAITING_APPLICANT, agency, STATUS_PAYMENT, most, &out->applicant, why));
    return count_status(tx, Q_TASK_COUNT_WAITING_UNITS, agency, STATUS_IN_HAND, most, &out->units, why);
}

enum outcome held_of_post(struct tx *tx, const struct standing *who, int64_t most, int64_t *out_mine,
                          int64_t *out_nobodys, struct fail *why)
{
    struct row mine, nobodys;
    day_t today = day_of(who->now);
    TRY(store_one(tx, Q_TASK_COUNT_HELD,
                  VALUES(v_int(who->agency), v_int(today), v_int(who->account), v_str(who->role), v_int(most)), &mine,
                  why));
    TRY(store_one(tx, Q_TASK_COUNT_NOBODYS,
                  VALUES(v_int(who->agency), v_int(today), v_int(who->account), v_str(who->role), v_int(most)),
                  &nobodys, why));
    *out_mine = row_int(&mine, 0);
    *out_nobodys = row_int(&nobodys, 0);
    return OK;
}

enum outcome stages_of_post(struct tx *tx, const struct standing *who, int64_t most, struct stage_count *out,
                            struct fail *why)
{
    struct row row;
    TRY(store_one(
        tx, Q_TASK_COUNT_STAGES,
        VALUES(v_int(who->agency), v_int(day_of(who->now)), v_int(who->account), v_str(who->role), v_int(most)), &row,
        why));
    *out = (struct stage_count){row_int(&row, 0), row_int(&row, 1), row_int(&row, 2)};
    return OK;
}
