#include "progress/progress.h"

#include <string.h>

#include "agency/agency_calendar.h"
#include "agency/permission.h"
#include "dossier/count_cache.h"
#include "people/people.h"
#include "queries.h"

bool progress_may_see_agencies(const struct standing *who)
{
    return who->agency != 0 && permission_is_in(who->permissions, PERMIT_DOSSIER_APPROVE);
}

static enum outcome find_agency(struct tx *tx, const struct standing *who, struct str identifier, struct progress *out,
                                struct fail *why)
{
    bool is_below;
    if (who->agency == 0) return fail(why, ERR_DENIED, N_("Only officers have tasks."));
    out->is_of_agency = identifier.len > 0;
    if (!out->is_of_agency) return agency_load(tx, who->agency, &out->agency, why);
    if (!progress_may_see_agencies(who))
        return fail(why, ERR_DENIED, N_("The progress of a whole agency is for its leaders."));
    TRY(agency_find(tx, identifier, &out->agency, why));
    TRY(agency_is_below(tx, &out->agency, who->agency, &is_below, why));
    if (is_below) return OK;
    return fail(why, ERR_DENIED, N_("You see the progress of your own agency and of those below it."));
}

static enum outcome name_holders(struct tx *tx, const struct task_counts *counts, struct progress *out,
                                 struct fail *why)
{
    out->holders = ARENA_ARRAY(tx_arena(tx), struct progress_line, counts->holder_count + 1);
    for (size_t i = 0; i < counts->holder_count; i++) {
        struct progress_line line = {.count = counts->holders[i]};
        struct account account;
        if (line.count.holder != 0) {
            TRY(account_load(tx, line.count.holder, &account, why));
            line.key = account.login;
            line.name = account.name;
        }
        out->holders[out->holder_count++] = line;
    }
    return OK;
}

static enum outcome load_children(const struct desk *desk, struct tx *tx, struct progress *out, struct fail *why)
{
    struct rows rows;
    const struct due_bounds *b = &out->bounds;
    const struct value values[] = {v_int(b->now),         v_int(b->today),      v_int(b->tomorrow),
                                   v_int(out->agency.id), v_int(b->three_days), v_int(PROGRESS_ROWS_MOST)};
    const struct counted_query query = {str_format(tx_arena(tx), "below %lld", (long long)out->agency.id),
                                        Q_PROGRESS_OF_CHILDREN, values, LENGTH(values), US_PER_S};
    TRY(count_cache_rows(desk->counts, tx, &query, &rows, why));
    out->agencies = ARENA_ARRAY(tx_arena(tx), struct progress_line, rows.count + 1);
    out->agency_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *r = &rows.at[i];
        out->agencies[i] = (struct progress_line){
            row_str(r, 0), row_str(r, 1), {0, row_int(r, 2), row_int(r, 3), row_int(r, 4), row_int(r, 5), 0}
        };
    }
    return OK;
}

/* The numbers without names: kept for a moment, because all leaders of an agency look at the same rows. */
struct kept_progress {
    struct task_count all;
    struct waiting_count waiting;
    bool is_more, is_later_more;
};

static struct str bytes_of(struct arena *a, const struct task_counts *counts, const struct waiting_count *waiting)
{
    struct kept_progress head = {counts->all, *waiting, counts->is_more, counts->is_later_more};
    size_t holders = counts->holder_count * sizeof *counts->holders;
    char *at = arena_alloc(a, sizeof head + holders + 1);
    memcpy(at, &head, sizeof head);
    if (holders > 0) memcpy(at + sizeof head, counts->holders, holders);
    return str_of(at, sizeof head + holders);
}

static void read_bytes(struct arena *a, struct str kept, struct task_counts *counts, struct waiting_count *waiting)
{
    struct kept_progress head;
    memcpy(&head, kept.at, sizeof head);
    size_t count = (kept.len - sizeof head) / sizeof *counts->holders;
    *counts = (struct task_counts){ARENA_ARRAY(a, struct task_count, count + 1), head.all, count, head.is_more,
                                   head.is_later_more};
    if (count > 0) memcpy(counts->holders, kept.at + sizeof head, count * sizeof *counts->holders);
    *waiting = head.waiting;
}

static enum outcome count_now(struct tx *tx, const struct standing *who, const struct progress *p,
                              struct task_counts *counts, struct waiting_count *waiting, struct fail *why)
{
    if (p->is_of_agency)
        TRY(task_counts_of_agency(tx, p->agency.id, &p->bounds, PROGRESS_ROWS_MOST, counts, why));
    else
        TRY(task_counts_of_post(tx, who, &p->bounds, PROGRESS_ROWS_MOST, counts, why));
    return waiting_of_agency(tx, p->agency.id, PROGRESS_ROWS_MOST, waiting, why);
}

static enum outcome count_kept(const struct desk *desk, struct tx *tx, const struct standing *who,
                               const struct progress *p, struct task_counts *counts, struct waiting_count *waiting,
                               struct fail *why)
{
    struct arena *a = tx_arena(tx);
    struct str kept, key = p->is_of_agency ? str_format(a, "agency %lld", (long long)p->agency.id)
                                           : str_format(a, "post %lld %lld %.*s", (long long)who->account,
                                                        (long long)who->agency, STR_ARG(who->role));
    if (count_cache_get(desk->counts, a, key, &kept)) {
        read_bytes(a, kept, counts, waiting);
        return OK;
    }
    int64_t begun_us = clock_monotonic_us();
    enum outcome counted = count_now(tx, who, p, counts, waiting, why);
    if (counted == OK)
        count_cache_put(desk->counts, key, bytes_of(a, counts, waiting), clock_monotonic_us() - begun_us);
    else
        count_cache_give_up(desk->counts, key);
    return counted;
}

enum outcome progress_load(const struct desk *desk, struct tx *tx, const struct standing *who, struct str agency,
                           struct progress *out, struct fail *why)
{
    const struct calendar *calendar;
    struct task_counts counts;
    instant_t now = who->now != 0 ? who->now : clock_now();
    *out = (struct progress){0};
    TRY(find_agency(tx, who, agency, out, why));
    TRY(agency_calendar_of(desk->calendars, tx, out->agency.id, day_of(now), &calendar, why));
    out->bounds = due_bounds_of(calendar, now);
    TRY(count_kept(desk, tx, who, out, &counts, &out->waiting, why));
    out->all = counts.all;
    out->is_more = counts.is_more;
    out->is_later_more = counts.is_later_more;
    TRY(name_holders(tx, &counts, out, why));
    return out->is_of_agency ? load_children(desk, tx, out, why) : OK;
}
