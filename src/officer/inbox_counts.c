#include "officer/inbox_counts.h"

#include <string.h>

#include "dossier/count_cache.h"

static enum outcome count(struct tx *tx, const struct standing *who, const struct due_bounds *bounds,
                          struct inbox_counts *out, struct fail *why)
{
    struct task_counts due;
    struct waiting_count waiting;
    struct stage_count stages;
    *out = (struct inbox_counts){0};
    task_counts_ahead(tx, who, bounds, INBOX_COUNTED);
    TRY(task_counts_of_post(tx, who, bounds, INBOX_COUNTED, &due, why));
    TRY(held_of_post(tx, who, INBOX_COUNTED, &out->mine, &out->nobodys, why));
    TRY(stages_of_post(tx, who, INBOX_COUNTED, &stages, why));
    TRY(waiting_of_agency(tx, who->agency, INBOX_COUNTED, &waiting, why));
    out->tabs[TAB_RECEIVE] = stages.receive;
    out->tabs[TAB_IN_HAND] = stages.in_hand;
    out->tabs[TAB_RETURN] = stages.to_return;
    out->tabs[TAB_ALL] = stages.receive + stages.in_hand + stages.to_return;
    out->tabs[TAB_WAITING] = waiting.applicant + waiting.units;
    out->ranges[RANGE_LATE] = due.all.late;
    out->ranges[RANGE_TODAY] = due.all.today;
    out->ranges[RANGE_TOMORROW] = due.all.tomorrow;
    out->ranges[RANGE_THREE_DAYS] = due.all.three_days;
    out->is_more = due.is_more;
    return OK;
}

enum outcome inbox_counts_of(const struct desk *desk, struct tx *tx, const struct standing *who,
                             const struct due_bounds *bounds, struct inbox_counts *out, struct fail *why)
{
    struct str known, key = str_format(tx_arena(tx), "inbox %lld %lld %.*s", (long long)who->account,
                                       (long long)who->agency, STR_ARG(who->role));
    if (count_cache_get(desk->counts, tx_arena(tx), key, &known)) {
        memcpy(out, known.at, sizeof *out);
        return OK;
    }
    int64_t begun_us = clock_monotonic_us();
    enum outcome counted = count(tx, who, bounds, out, why);
    if (counted == OK)
        count_cache_put(desk->counts, key, str_of((const char *)out, sizeof *out), clock_monotonic_us() - begun_us);
    else
        count_cache_give_up(desk->counts, key);
    return counted;
}
