#include "progress/progress.h"

#include "agency/agency_calendar.h"
#include "agency/permission.h"
#include "people/people.h"
#include "queries.h"

enum { ANCESTORS_MOST = 16 };

bool progress_may_see_agencies(const struct standing *who)
{
    return who->agency != 0 && permission_is_in(who->permissions, PERMIT_DOSSIER_APPROVE);
}

/* Is it the officer's agency, or does it stand below? */
static enum outcome check_below(struct tx *tx, const struct standing *who, const struct agency *agency,
                                struct fail *why)
{
    struct agency at = *agency;
    for (int i = 0; i < ANCESTORS_MOST && at.id != who->agency; i++) {
        if (at.parent == 0)
            return fail(why, ERR_DENIED, N_("You see the progress of your own agency and of those below it."));
        TRY(agency_load(tx, at.parent, &at, why));
    }
    return OK;
}

static enum outcome find_agency(struct tx *tx, const struct standing *who, struct str identifier, struct progress *out,
                                struct fail *why)
{
    if (who->agency == 0) return fail(why, ERR_DENIED, N_("Only officers have tasks."));
    out->is_of_agency = identifier.len > 0;
    if (!out->is_of_agency) return agency_load(tx, who->agency, &out->agency, why);
    if (!progress_may_see_agencies(who))
        return fail(why, ERR_DENIED, N_("The progress of a whole agency is for its leaders."));
    TRY(agency_find(tx, identifier, &out->agency, why));
    return check_below(tx, who, &out->agency, why);
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

static enum outcome load_children(struct tx *tx, struct progress *out, struct fail *why)
{
    struct rows rows;
    const struct due_bounds *b = &out->bounds;
    TRY(store_all(tx, Q_PROGRESS_OF_CHILDREN,
                  VALUES(v_int(b->now), v_int(b->today), v_int(b->tomorrow), v_int(out->agency.id),
                         v_int(b->three_days), v_int(PROGRESS_ROWS_MOST)),
                  &rows, why));
    out->agencies = ARENA_ARRAY(tx_arena(tx), struct progress_line, rows.count + 1);
    out->agency_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *r = &rows.at[i];
        out->agencies[i] = (struct progress_line){
            row_str(r, 0), row_str(r, 1), {0, row_int(r, 2), row_int(r, 3), row_int(r, 4), row_int(r, 5)}
        };
    }
    return OK;
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
    if (out->is_of_agency)
        TRY(task_counts_of_agency(tx, out->agency.id, &out->bounds, PROGRESS_ROWS_MOST, &counts, why));
    else
        TRY(task_counts_of_post(tx, who, &out->bounds, PROGRESS_ROWS_MOST, &counts, why));
    out->all = counts.all;
    out->is_more = counts.is_more;
    TRY(waiting_of_agency(tx, out->agency.id, PROGRESS_ROWS_MOST, &out->waiting, why));
    TRY(name_holders(tx, &counts, out, why));
    return out->is_of_agency ? load_children(tx, out, why) : OK;
}
